# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuses to go on where the hosts of a play do not go side by side, which nothing but an action plugin can see."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase

# Strategies that begin a task when all hosts have ended the one before it.
SIDE_BY_SIDE = ("linear", "debug", "mitogen_linear")


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """The action, documented with the module of its name."""

    TRANSFERS_FILES = False
    _VALID_ARGS: frozenset[str] = frozenset()

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Fail unless the play's strategy is one of :data:`SIDE_BY_SIDE`."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        strategy = self._strategy()
        if strategy.rpartition(".")[2] in SIDE_BY_SIDE:
            return {**result, "changed": False}
        return {
            **result,
            "failed": True,
            "msg": (
                f"The play's strategy is {strategy}, so what concerns all hosts cannot be checked before an order. Nothing was ordered: "
                "let the playbook twca.ssl.site, or the role twca.ssl.certificate in a play of its own with strategy: linear, run before."
            ),
        }

    def _strategy(self) -> str:
        """The strategy of the play that the task is in."""
        part = self._task
        while getattr(part, "_play", None) is None:
            part = part._parent
        return str(part._play.strategy)
