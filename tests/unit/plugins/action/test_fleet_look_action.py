# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import types

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.action import twca_fleet_look

VARIABLES = {
    "inventory_hostname": "web1",
    "twca_certificates": "{{ entries }}",
    "twca_directory": "/etc/twca",
    "twca_portal_host": "localhost",
    "twca_proof": True,
    "twca_report_check_revocation": False,
    "twca_report_served": True,
}
ENTRIES = [{"common_name": "a.tw"}, {"common_name": "b.tw", "verify": {"port": 8443}}, {"common_name": "c_"}]


@pytest.fixture
def look(monkeypatch):
    """The action on web1, which answers as it is told to; and what it was asked."""
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})

    def look(*answers):
        asked, left = [], list(answers)

        def execute(name, module_args, task_vars):
            asked.append((name, module_args))
            answer = left.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        action = twca_fleet_look.ActionModule.__new__(twca_fleet_look.ActionModule)
        action._templar = types.SimpleNamespace(template=lambda value: ENTRIES if value == "{{ entries }}" else value)
        action._execute_module = execute
        return action.run(task_vars=VARIABLES), asked

    return look


def test_it_is_asked_once_for_each_place(look):
    result, asked = look({"certificates": ["first"]}, {"failed": True, "msg": "no Python"})
    options = {"host": "127.0.0.1", "check_revocation": False}
    assert asked == [
        ("twca.ssl.twca_certificate_info", {**options, "port": 443, "directories": ["/etc/twca/a.tw"]}),
        ("twca.ssl.twca_certificate_info", {**options, "port": 8443, "directories": ["/etc/twca/b.tw"]}),
    ]
    assert (result["host"], result["changed"], "failed" in result) == ("web1", False, False)
    assert [claim["common_name"] for claim in result["claims"]] == ["a.tw", "b.tw", "c_"]
    assert result["looks"] == [
        {"directories": ["/etc/twca/a.tw"], "certificates": ["first"], "error": ""},
        {"directories": ["/etc/twca/b.tw"], "certificates": [], "error": "no Python"},
    ]


@pytest.mark.parametrize("error", [AnsibleConnectionFailure("no route"), AnsibleError("no temporary directory")])
def test_a_host_that_does_not_answer_is_asked_once_and_fails_nothing(look, error):
    result, asked = look(error)
    assert len(asked) == 1
    assert [one["error"] for one in result["looks"]] == [str(error)] * 2
    assert [one["directories"] for one in result["looks"]] == [["/etc/twca/a.tw"], ["/etc/twca/b.tw"]]
    assert not {"failed", "unreachable"} & set(result)
