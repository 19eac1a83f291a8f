# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import types

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.action import twca_plan
from ansible_collections.twca.ssl.plugins.module_utils._plan.look import Look

NAME = "www.example.com.tw"


def look(host, *entries, key_host=None):
    variables = {
        "twca_certificates": [{"common_name": NAME, **entry} for entry in entries],
        "twca_directory": "/etc/twca",
        "twca_key_directory": "/etc/twca",
        "twca_config_directory": "/etc/twca-config",
        "twca_key_host": key_host,
    }
    return {"claims": Look(host, variables.get).outcome(None)}


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})

    def run(looks, batch=None, run_tags=None, before=None, **arguments):
        action = twca_plan.ActionModule.__new__(twca_plan.ActionModule)
        action._task = types.SimpleNamespace(args=arguments, tags=["look", "order", "install"])
        hosts = {host: {"__twca_look": seen} if seen else {} for host, seen in looks.items()}
        variables = {
            "hostvars": hosts,
            "ansible_play_hosts_all": list(looks),
            "ansible_play_batch": batch or list(looks),
            "ansible_run_tags": run_tags or ["all"],
            **({"__twca_fleet": before} if before else {}),
        }
        return action.run(task_vars=variables)

    return run


def test_the_plan_for_all_hosts(run):
    result = run({"web1": look("web1", {}), "web2": look("web2")})
    assert (result["due"], result["claimed"], result["changed"]) == ({"web1": [NAME]}, 1, False)
    assert "failed" not in result


def test_a_host_that_was_not_looked_at_is_not_known_to_have_nothing_to_do(run):
    assert run({"web1": None})["busy"] == ["web1"]
    assert run({"web1": look("web1"), "web2": None}, batch=["web1"])["busy"] == []


def test_a_name_that_would_be_paid_twice(run):
    result = run({"web1": look("web1", {}), "web2": look("web2", {})})
    assert result["failed"]
    assert result["msg"].startswith(f"{NAME} is claimed by web1, web2 with keys on web1, web2. Each key")


def test_names_that_no_role_knows_are_told_once_for_all_hosts(run):
    looks = {host: {**look(host), "unknown": ["twca_dry_run"]} for host in ("web1", "web2")}
    result = run(looks)
    (warning,) = result["warnings"]
    assert warning.startswith("No role of twca.ssl reads twca_dry_run. If that is a variable of your own,")
    assert "failed" not in result
    assert "warnings" not in run(looks, key_looks=[{"item": {"host": "keys", "names": []}}])
    assert "warnings" not in run({"web1": look("web1")})


def test_what_was_seen_of_keys_that_other_hosts_hold(run):
    looks = {"web1": look("web1", {}, key_host="keys")}
    (place,) = run(looks)["key_hosts"]
    seen = {"settled": True, "serial_number": "5F"}
    result = run(looks, key_looks=[{"item": place, "certificates": [seen]}])
    assert (result["due"], result["serial_numbers"]) == ({}, {NAME: "5F"})


def test_a_later_plan_knows_the_whole_run(run):
    first = run({"web1": look("web1", {}), "web2": {"unreachable": True, "claims": []}})
    later = run({"web3": look("web3", {})}, before=first)
    assert (later["run"]["busy"], later["run"]["silent"]) == (["web1", "web3"], ["web2"])


def test_a_run_that_is_limited_to_the_install_does_not_order(run):
    looks = {"web1": look("web1", {})}
    assert run(looks)["may_order"]
    assert not run(looks, run_tags=["install"])["may_order"]
