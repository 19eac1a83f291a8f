# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import types

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.action import twca_paper_forms
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._forms import paper

VARIABLES = {"twca_forms": "{{ forms }}", "twca_forms_revocations": None, "other": "{{ nothing }}"}


@pytest.fixture
def run(monkeypatch):
    """The action; what it asked, and what the forms are made from."""
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})

    def run(*revocations, answer=None, **given):
        seen = types.SimpleNamespace(asked=[])

        def make(given, read):
            seen.given, seen.read = given, read
            if given["twca_forms"] == ["test"]:
                raise InputError("It is wrong.")
            return {"forms": ["form"]}

        def execute(name, module_args, task_vars):
            seen.asked.append((name, module_args))
            return answer

        monkeypatch.setattr(paper, "paper", make)
        action = twca_paper_forms.ActionModule.__new__(twca_paper_forms.ActionModule)
        action._templar = types.SimpleNamespace(template=lambda value: ["test"] if value == "{{ forms }}" else value)
        action._execute_module = execute
        variables = {
            **VARIABLES,
            "inventory_hostname": "web1",
            "twca_forms_revocations": list(revocations) or None,
            **given,
        }
        if revocations:
            variables["twca_forms"] = []
        return action.run(task_vars=variables), seen

    return run


def test_certificates_are_read_where_the_number_is_not_given(run):
    given = {"common_name": "a.tw", "serial_number": "AB"}, {"common_name": "b.tw", "certificate_path": "/c"}
    result, seen = run(*given, answer={"certificates": ["read"]})
    assert result == {"changed": False, "forms": ["form"]}
    assert seen.asked == [("twca.ssl.twca_certificate_info", {"path": "/c"})]
    assert seen.read == [{"certificates": None}, {"certificates": ["read"]}]
    assert seen.given == {"twca_forms": [], "twca_forms_revocations": list(given)}


def test_a_certificate_that_cannot_be_read(run):
    answer = {"failed": True, "msg": "/c is missing"}
    result, _seen = run({"common_name": "b.tw", "certificate_path": "/c"}, answer=answer)
    assert result == {"changed": False, "failed": True, "msg": "b.tw: /c is missing"}


def test_a_mistake_in_the_variables(run):
    result, seen = run()
    assert result == {"changed": False, "failed": True, "msg": "It is wrong."}
    assert seen.asked == []


def test_a_variable_of_another_type(run):
    result, seen = run(twca_contacts={"technical": {"tax_idd": "1"}})
    assert result["msg"] == "web1: twca_contacts.technical.tax_idd: there is no such option; did you mean tax_id?"
    assert seen.asked == []
