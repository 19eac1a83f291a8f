# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be done on which host, for the role certificate and the server roles."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.twca.ssl.plugins.module_utils._plan import fleet


def fleet_plan(
    looks: dict[str, dict[str, t.Any]],
    alive: list[str],
    key_looks: list[dict[str, t.Any]] | None = None,
    known: list[str] | None = None,
) -> dict[str, t.Any]:
    """The filter, documented in ``fleet_plan.yml``."""
    try:
        return fleet.plan(looks, alive, key_looks, known)
    except (KeyError, TypeError, AttributeError) as exc:
        raise AnsibleFilterError(f"These are not looks of the role twca.ssl.certificate: {exc!r}") from exc


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"fleet_plan": fleet_plan}
