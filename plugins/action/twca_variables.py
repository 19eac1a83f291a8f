# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the variables that an order is made from, their templates filled in."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.plugin_utils import _specs
from ansible_collections.twca.ssl.plugins.plugin_utils._variables import Variables


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """The action, documented with the module of its name."""

    TRANSFERS_FILES = False
    _VALID_ARGS: frozenset[str] = frozenset()

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Fail with a sentence for each thing that is wrong."""
        result: dict[str, t.Any] = {**super().run(tmp, task_vars), "changed": False}
        variables = task_vars or {}
        problems = Variables(self._templar, variables).problems(_specs.ROLES["certificate"])
        if not problems:
            return result
        host = variables["inventory_hostname"]
        return {**result, "failed": True, "msg": " ".join(f"{host}: {problem.sentence}" for problem in problems)}
