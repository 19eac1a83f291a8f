# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts together what a host asks of TWCA."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.module_utils._plan import requests
from ansible_collections.twca.ssl.plugins.plugin_utils._variables import Variables


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """The action, documented with the module of its name."""

    TRANSFERS_FILES = False
    _VALID_ARGS = frozenset(("abandoned", "made"))

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Read the roles' variables."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        read = Variables(self._templar, variables).read
        made, abandoned = (self._task.args.get(name) or [] for name in ("made", "abandoned"))
        return {**result, "changed": False, **requests.ask(variables["inventory_hostname"], made, read, abandoned)}
