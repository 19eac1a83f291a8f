# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the order to the renewal, with TWCA played by the simulator."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from simulator import Simulator
from stage import example

NAME = example.NAME


@pytest.fixture
def simulator(world):
    with Simulator(world.folder / "twca", skin="modern") as simulator:
        world.roots = Path(simulator.root)
        world.variables = {**example.variables(simulator, world.folder), **world.variables}
        world.variables |= {"twca_trusted_roots": [simulator.root], "twca_certificates": [{"common_name": NAME}]}
        world.variables |= {"twca_wait_timeout": 60, "twca_poll_interval": 1}
        simulator.configure(approve_after=0)
        yield simulator


def test_a_certificate_from_order_to_renewal_on_two_hosts(world, simulator):
    hosts = ("web01", "web02")
    run = world.run(hosts=hosts)
    assert run.rc == 0, run.output
    first = world.served()
    assert world.served(host="web02") == first
    assert simulator.counts()["orders"] == 1
    assert world.run(hosts=hosts).changed == 0

    # One host goes on with the old certificate: the new key does not become live, and nothing is ordered again.
    world.host("web02").set_faults(["keeps-serving-old"])
    now = datetime.datetime.now(datetime.timezone.utc)
    world.variables["twca_renew_before"] = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    run = world.run(hosts=hosts)
    assert run.rc != 0
    assert world.served() != first
    assert world.served(host="web02") == first
    assert (world.keys / NAME / "pending/privkey.pem").exists()
    assert simulator.counts()["orders"] == 2

    world.host("web02").set_faults([])
    run = world.run(hosts=hosts)
    assert run.rc == 0, run.output
    assert world.served(host="web02") == world.served() != first
    assert not (world.keys / NAME / "pending").exists()
    assert simulator.counts()["orders"] == 2
    assert world.run(hosts=hosts).changed == 0
    assert [world.leftovers(host) for host in hosts] == [[], []]


def test_a_certificate_that_is_awaited_is_no_failure(world, simulator):
    hosts = ("web01", "web02")
    simulator.configure(approve_after=None)
    for _day in range(2):
        run = world.run(hosts=hosts, twca_wait_timeout=0, twca_serial=1)
        assert run.rc == 0, run.output
    assert simulator.counts()["orders"] == 1
    assert [list(world.host(host).stores.machine("My")) for host in hosts] == [[], []]
