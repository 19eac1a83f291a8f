# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import types

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.action import twca_look

VARIABLES = {
    "inventory_hostname": "web1",
    "twca_certificates": [{"common_name": "{{ name }}"}],
    "twca_directory": "/etc/twca",
    "twca_key_directory": "/etc/twca",
    "twca_config_directory": "/etc/twca-config",
}


@pytest.fixture
def run(monkeypatch):
    """The action on web1; a template is the text in capitals, and the host answers as it is told to."""
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})

    def template(value):
        return [{"common_name": "www.example.com.tw"}] if value is VARIABLES["twca_certificates"] else value

    def run(answer=None, variables=None, **arguments):
        asked = []

        def execute(name, module_args, task_vars):
            asked.append((name, module_args))
            if isinstance(answer, Exception):
                raise answer
            return answer

        action = twca_look.ActionModule.__new__(twca_look.ActionModule)
        action._task = types.SimpleNamespace(become=False)
        action._templar = types.SimpleNamespace(template=template)
        action._execute_module = execute
        action.validate_argument_spec = lambda _spec: (None, {"only_claims": False, **arguments})
        return action.run(task_vars={**VARIABLES, **(variables or {})}), asked

    return run


def test_the_host_is_asked_about_its_claims(run):
    answer = {"changed": False, "certificates": [{"serial_number": "5F", "files": []}], "probed": {}}
    result, ((name, options),) = run(answer)
    assert name == "twca.ssl.twca_due_info"
    assert [one["directory"] for one in options["certificates"]] == ["/etc/twca/www.example.com.tw"]
    assert result["certificates"] == [{"serial_number": "5F", "files": []}]
    assert [claim["common_name"] for claim in result["claims"]] == ["www.example.com.tw"]


def test_files_are_judged_by_what_is_live(run):
    """A server answers to the names of the certificate that it has, and the block for these is as it shall be."""
    entry = {"common_name": "www.example.com.tw", "subject_alt_name": ["new.example.com.tw"]}
    variables = {"twca_server": "nginx", "twca_nginx_server": True, "twca_certificates": [entry]}
    names = ["DNS:www.example.com.tw"]
    first = run({"certificates": [{"names": names, "files": []}]}, variables)[0]["claims"][0]
    files = [{"path": "/x", "state": "different", "sha256": each["sha256"]} for each in first["look"]["files"]]
    result, _asked = run({"certificates": [{"names": names, "files": files}]}, variables)
    assert [file["state"] for file in result["certificates"][0]["files"]] == ["same", "same"]
    assert "server_name www.example.com.tw;" in first["files"][1]["content"]


def test_only_the_claims(run):
    result, asked = run(only_claims=True)
    assert (asked, result["changed"], len(result["claims"])) == ([], False, 1)


def test_what_the_host_probed_decides_where_files_belong(run):
    variables = {"twca_server": "apache", "twca_apache_server": True}
    result, _asked = run({"probed": {"/etc/apache2": False}}, variables)
    assert result["claims"][0]["files"][1]["path"].startswith("/etc/httpd/conf.d")


def test_the_claims_of_a_host_that_cannot_be_reached_are_known(run):
    result, _asked = run(AnsibleConnectionFailure("no route"))
    assert (result["unreachable"], result["msg"], len(result["claims"])) == (True, "no route", 1)


def test_a_module_that_fails(run):
    result, _asked = run({"failed": True, "msg": "no Python"})
    assert (result["failed"], len(result["claims"])) == (True, 1)


def test_variables_that_are_refused(run):
    result, asked = run(variables={"twca_force_renew": False})
    assert asked == []
    assert "twca_force_renew would" in result["claims"][0]["problem"]


def test_what_is_wrong_with_the_variables_is_told_and_the_host_is_not_asked(run):
    variables = {"twca_proof": "ture", "twca_verify": 443, "twca_dry_run": True}
    result, asked = run(variables=variables)
    assert (asked, result["changed"], "failed" in result) == ([], False, False)
    assert [claim["problem"] for claim in result["claims"]] == [
        "web1: twca_proof is text ('ture'), which is neither true nor false: write true or false.",
        "web1: twca_verify is a number (443), and must be a dictionary: write its options below it, each with a colon.",
    ]
    assert result["unknown"] == ["twca_dry_run"]


def test_where_no_comparison_follows_a_mistake_fails(run):
    result, _asked = run(variables={"twca_revoke_force": "ture"}, only_claims=True)
    assert result["failed"]
    assert result["msg"].startswith("web1: twca_revoke_force is text ('ture'), which is neither true nor false")
