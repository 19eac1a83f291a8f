# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report on a fleet's certificates, for the role report."""

from __future__ import annotations

import datetime
import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._report import fleet, moments


def fleet_report(
    hosts: list[dict[str, t.Any]],
    orders: list[dict[str, t.Any]] | None = None,
    *,
    previous: dict[str, t.Any] | None = None,
    now: str | None = None,
) -> dict[str, t.Any]:
    """The filter, documented in ``fleet_report.yml``."""
    if previous is not None and previous.get("format") != fleet.FORMAT:
        raise AnsibleFilterError(
            "The report before this one is of another format; move report.json away to begin anew."
        )
    try:
        moment = moments.parse(now) if now else datetime.datetime.now(datetime.timezone.utc)
        return fleet.build(hosts, orders or [], moment, previous)
    except InputError as exc:
        raise AnsibleFilterError(exc.message) from exc
    except ValueError as exc:
        raise AnsibleFilterError(f"now is {now!r}; write it like 2026-11-23T03:00:00Z.") from exc


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"fleet_report": fleet_report}
