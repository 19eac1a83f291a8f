# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuses tags that a playbook of the collection does not have, which nothing but an action plugin can see."""

from __future__ import annotations

import pathlib
import typing as t

from ansible import context
from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.module_utils._plan import tags

_PLAYBOOKS = pathlib.Path(__file__).resolve().parents[2] / "playbooks"


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """The action, documented with the module of its name."""

    TRANSFERS_FILES = False
    _VALID_ARGS = frozenset(("known",))

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Fail if the run is limited to tags that the playbook on the command line does not have."""
        result: dict[str, t.Any] = {**super().run(tmp, task_vars), "changed": False}
        spec = {"known": {"type": "list", "elements": "str", "required": True}}
        _result, options = self.validate_argument_spec(spec)
        variables = task_vars or {}
        given = [name for name in map(_ours, context.CLIARGS.get("args") or ()) if name]
        if not given:
            return result  # in a playbook of the user's own, its tags are the user's
        said = tags.refusal(
            given[0],
            options["known"],
            variables.get("ansible_run_tags") or ["all"],
            variables.get("ansible_skip_tags") or [],
        )
        return {**result, **({"failed": True, "msg": said} if said else {})}


def _ours(argument: str) -> str | None:
    """The name of a playbook of the collection, from what was written on the command line."""
    if argument.startswith("twca.ssl."):
        return argument
    path = pathlib.Path(argument).resolve()
    return f"twca.ssl.{path.stem}" if path.parent == _PLAYBOOKS else None
