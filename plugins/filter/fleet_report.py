# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report on a fleet's certificates, for the role report."""

from __future__ import annotations

import base64
import datetime
import json
import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._report import changes, fleet, moments
from ansible_collections.twca.ssl.plugins.module_utils._visible import visible_data


def fleet_report(
    hosts: list[dict[str, t.Any]],
    orders: list[dict[str, t.Any]] | None = None,
    *,
    previous: str | dict[str, t.Any] | None = None,
    now: str | None = None,
) -> dict[str, t.Any]:
    """The filter, documented in ``fleet_report.yml``."""
    before = None if previous is None else _read(previous)
    try:
        moment = moments.parse(now) if now else datetime.datetime.now(datetime.timezone.utc)
        return fleet.build(visible_data([host for host in hosts if host]), visible_data(orders or []), moment, before)
    except InputError as exc:
        raise AnsibleFilterError(exc.message) from exc
    except ValueError as exc:
        raise AnsibleFilterError(f"now is {now!r}; write it like 2026-11-23T03:00:00Z.") from exc


def _read(previous: str | dict[str, t.Any]) -> dict[str, t.Any]:
    """The report before this one, from the file in base64 or as data."""
    try:
        document = json.loads(base64.b64decode(previous)) if isinstance(previous, str) else previous
        if document["format"] == fleet.FORMAT:
            changes.between(document["certificates"], document["certificates"])
            moments.parse(document["generated_at"])
            return t.cast("dict[str, t.Any]", visible_data(document))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    raise AnsibleFilterError(
        "The report before this one is damaged or of another format; move report.json away to begin anew."
    )


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"fleet_report": fleet_report}
