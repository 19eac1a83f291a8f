# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays that show a run only some of its hosts: nothing is ordered that all of them together would not order."""

from __future__ import annotations

import json

import pytest
from stage.example import NAME


@pytest.fixture
def fleet(stage):
    """Hosts without a server, each with a certificate of its own."""
    stage.ansible.variables.update(twca_server="none")
    for number in range(3):
        stage.hosts[f"web{number}"] = {"twca_certificates": [{"common_name": f"www{number}.example.com.tw"}]}
    stage.simulator.configure(approve_after=0)
    return stage


def play(stage, *, roles=("twca.ssl.certificate",), **keywords):
    """A run of a play of the user's own."""
    book = stage.directory / "own.yml"
    book.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "roles": list(roles), **keywords}]))
    return stage.ansible.run(playbook=book)


@pytest.mark.parametrize("keywords", [{"serial": 1}, {"strategy": "free"}, {"strategy": "host_pinned"}], ids=str)
def test_nothing_is_ordered_where_not_all_hosts_are_compared(fleet, keywords):
    run = play(fleet, **keywords)
    assert run.rc != 0, run.output
    assert any("twca.ssl.site" in message and "othing was ordered" in message for message in run.failures), run.failures
    assert fleet.orders == 0


def test_a_batch_with_nothing_to_order_collects(fleet):
    fleet.run()
    assert fleet.orders == 3
    run = play(fleet, serial=2)
    assert run.rc == 0, run.output
    assert fleet.orders == 3
    assert run.messages[-1].startswith("3 certificates: 3 collected."), run.messages


def test_a_name_that_a_run_cannot_see_on_another_host(stage):
    """The journal knows who ordered it."""
    stage.ansible.variables.update(twca_server="none")
    for host in ("web1", "web2"):
        stage.hosts[host] = {"twca_certificates": [{"common_name": NAME}]}
    stage.run("--limit", "web1")
    run = stage.fail("--limit", "web2")
    assert any("the order of another key" in message and "of web1" in message for message in run.failures), run.failures
    stage.simulator.approve(NAME)
    stage.run("--limit", "web1")
    run = stage.fail("--limit", "web2")
    assert any("web1 holds a certificate of that name" in message for message in run.failures), run.failures
    assert stage.orders == 1
