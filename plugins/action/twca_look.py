# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at what a host has and what is due there.

What it needs is loaded when ansible-core loads the action, once in the main process and not again for each host.
"""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.module_utils._plan import become, claims, installed
from ansible_collections.twca.ssl.plugins.module_utils._plan.look import REFUSED, VARIABLES, Look
from ansible_collections.twca.ssl.plugins.plugin_utils._variables import Variables


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """The action, documented with the module of its name."""

    TRANSFERS_FILES = False
    _VALID_ARGS = frozenset(("only_claims",))

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Compute the claims from the roles' variables, and ask the host about them."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        _result, options = self.validate_argument_spec({"only_claims": {"type": "bool", "default": False}})
        given = Variables(self._templar, variables, secrets=False)
        problems = given.problems(VARIABLES)
        if given.unknown:
            result["unknown"] = given.unknown
        host = variables["inventory_hostname"]
        if problems:
            refused = [claims.refused(host, problem.name, problem.sentence) for problem in problems]
            return {
                **result,
                "changed": False,
                "claims": refused,
                **_failure(refused if options["only_claims"] else ()),
            }
        look = Look(host, given.read, [name for name in REFUSED if name in variables])
        question = None if options["only_claims"] else look.question
        answer: dict[str, t.Any] = {"changed": False}
        if question:
            try:
                answer = self._execute_module("twca.ssl.twca_due_info", module_args=question, task_vars=task_vars)
            except AnsibleConnectionFailure as exc:
                # What a host claims that cannot be reached concerns those that share a key with it.
                answer = {"unreachable": True, "msg": str(exc)}
        complete = look.outcome(answer.get("probed"), answer.get("certificates"))
        if "certificates" in answer:
            asked = [claim for claim in complete if "problem" not in claim]
            answer["certificates"] = installed.judged(asked, answer["certificates"])
        for claim in complete:
            if "problem" not in claim:
                claim["key_become"] = self._key_become(claim["key_host"], variables, given)
        return {**result, **answer, "claims": complete}

    def _key_become(self, key_host: str, variables: dict[str, t.Any], given: Variables) -> bool:
        """Whether to become another user where the key is."""
        hosts = variables.get("hostvars") or {}

        def inventory(host: str) -> t.Any:
            return hosts[host].get("ansible_become") if host in hosts else None

        return become.at_key(variables["inventory_hostname"], key_host, given.read, inventory, self._task.become)


def _failure(refused: t.Sequence[dict[str, t.Any]]) -> dict[str, t.Any]:
    """What fails the task where no comparison of all hosts follows, which would."""
    return {"failed": True, "msg": " ".join(claim["problem"] for claim in refused)} if refused else {}
