# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares what all hosts of a play claim, and refuses what cannot be meant or would be paid twice."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.module_utils._plan import fleet, tags


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """The action, documented with the module of its name."""

    TRANSFERS_FILES = False
    _VALID_ARGS = frozenset(("key_looks",))

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Put together the looks at all hosts of the play."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        hosts = variables["hostvars"]
        looks = {host: hosts[host].get("__twca_look") or {} for host in variables["ansible_play_hosts_all"]}
        key_looks = self._task.args.get("key_looks")
        plan = fleet.plan(looks, variables["ansible_play_batch"], key_looks, variables.get("__twca_fleet"))
        may_order = tags.may_order(
            self._task.tags, variables.get("ansible_run_tags") or ["all"], variables.get("ansible_skip_tags") or []
        )
        refusal = fleet.refusal(plan)
        warning = None if key_looks else fleet.warning(looks)
        result = {**result, "changed": False, **({"warnings": [warning]} if warning else {})}
        return {**result, "failed": True, "msg": refusal} if refusal else {**result, **plan, "may_order": may_order}
