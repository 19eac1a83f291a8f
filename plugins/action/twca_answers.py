# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Takes from the answers to all hosts those of one, so that what was ordered for a host is a change of that host."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.module_utils._plan import answers


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """The action, documented with the module of its name."""

    TRANSFERS_FILES = False
    _VALID_ARGS: frozenset[str] = frozenset()

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Go by what the host asked for, and by what the host that asked for all was answered."""
        result: dict[str, t.Any] = {**super().run(tmp, task_vars), "changed": False}
        variables = task_vars or {}
        host, hosts = variables["inventory_hostname"], variables["hostvars"]
        spokesman = hosts[host]["__twca_spokesman"]
        found = answers.of_host(
            host, spokesman, hosts[host]["__twca_asked"], hosts[spokesman].get("__twca_answers") or []
        )
        if not hosts[host]["__twca_fleet"]["may_order"]:
            # What the journal says; nothing was ordered.
            found.update(changed=False, diff=[])
        return {**result, **found}
