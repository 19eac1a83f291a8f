# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at what a host has and serves, for a report."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.module_utils._report import claims
from ansible_collections.twca.ssl.plugins.plugin_utils._variables import Variables


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """The action, documented with the module of its name."""

    TRANSFERS_FILES = False
    _VALID_ARGS: frozenset[str] = frozenset()

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Compute the claims from the roles' variables, and look for them. A host that cannot be looked at fails nothing."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        read = Variables(self._templar, variables, secrets=False)
        problems = read.problems(claims.VARIABLES)
        given = read.those_set(claims.VARIABLES)
        host = variables["inventory_hostname"]
        found = claims.claims(host, given, problems)
        looks: list[dict[str, t.Any]] = []
        silent = ""
        for question in claims.questions(found, given):
            answer: dict[str, t.Any] = {"msg": silent}
            if not silent:
                try:
                    answer = self._execute_module(
                        "twca.ssl.twca_certificate_info", module_args=question, task_vars=task_vars
                    )
                except AnsibleError as exc:
                    # It is not asked again, since each question would wait as long for nothing.
                    silent = str(exc)
                    answer = {"msg": silent}
            looks.append(
                {
                    "directories": question["directories"],
                    "certificates": answer.get("certificates") or [],
                    "error": answer.get("msg") or "",
                }
            )
        return {**result, "changed": False, "host": host, "claims": found, "looks": looks}
