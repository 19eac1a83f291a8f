# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts together what stands on the paper forms, and reads the certificates that are to be revoked."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._forms import paper
from ansible_collections.twca.ssl.plugins.plugin_utils._variables import Variables


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """The action, documented with the module of its name."""

    TRANSFERS_FILES = False
    _VALID_ARGS: frozenset[str] = frozenset()

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Read the role's variables, and the certificates on the host that the task runs on."""
        result: dict[str, t.Any] = {**super().run(tmp, task_vars), "changed": False}
        variables = task_vars or {}
        found = Variables(self._templar, variables, secrets=False)
        problems = found.problems(paper.VARIABLES)
        if problems:
            host = variables["inventory_hostname"]
            return {**result, "failed": True, "msg": " ".join(f"{host}: {problem.sentence}" for problem in problems)}
        given = found.those_set(paper.VARIABLES)
        read: list[dict[str, t.Any]] = []
        for revocation in given.get("twca_forms_revocations") or []:
            question = paper.question(revocation)
            answer: dict[str, t.Any] = {}
            if question is not None:
                answer = self._execute_module(
                    "twca.ssl.twca_certificate_info", module_args=question, task_vars=task_vars
                )
            if answer.get("failed"):
                return {**result, "failed": True, "msg": f"{revocation.get('common_name')}: {answer.get('msg')}"}
            read.append({"certificates": answer.get("certificates")})
        try:
            return {**result, **paper.paper(given, read)}
        except InputError as exc:
            return {**result, "failed": True, "msg": exc.message}
