# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells what a run did, from what its hosts remembered."""

from __future__ import annotations

import datetime
import typing as t

from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.module_utils._plan.summary import Summary

# What the summary calls it, and the variable that has it.
_REMEMBERED = {
    "look": "__twca_look",
    "answers": "__twca_told",
    "person_needed": "__twca_person_needed",
    "placed": "__twca_placed",
    "failures": "__twca_failures",
}


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """The action, documented with the module of its name."""

    TRANSFERS_FILES = False
    _VALID_ARGS: frozenset[str] = frozenset()

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Ask the hosts that had something to do, and no other."""
        result: dict[str, t.Any] = {**super().run(tmp, task_vars), "changed": False}
        variables = task_vars or {}
        fleet, hosts = variables["__twca_fleet"], variables["hostvars"]
        summary = Summary(
            fleet,
            {host: self._facts(hosts[host]) for host in fleet["run"]["busy"]},
            variables["ansible_play_hosts"],
            check=bool(variables["ansible_check_mode"]),
            now=datetime.datetime.now(datetime.timezone.utc),
        )
        return {**result, "lines": summary.lines()}

    @staticmethod
    def _facts(host: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        return {
            **{name: host.get(variable) for name, variable in _REMEMBERED.items()},
            "unmade": (host.get("__twca_asked") or {}).get("unmade"),
            "installing": "__twca_work" in host,
        }
