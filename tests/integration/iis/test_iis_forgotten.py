# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run that ends well must not leave behind on a Windows host."""

from __future__ import annotations

import json

import pki_factory
import pytest
from stage.example import NAME


@pytest.fixture
def install_only(world):
    """A play that installs what was obtained before, and obtains nothing."""
    tasks = [{"ansible.builtin.include_role": {"name": "twca.ssl.iis", "tasks_from": "install"}}]
    playbook = world.folder / "install.yml"
    playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    return playbook


def test_an_entry_that_is_due_and_was_asked_of_nobody_fails_its_host(world, install_only):
    foretold = world.run("--check", playbook=install_only)
    assert foretold.rc == 0, foretold.output
    run = world.run(playbook=install_only)
    assert run.rc != 0, run.output
    (failure,) = run.failures
    assert failure.startswith(f"{NAME} is due on web01, and nobody was asked for its certificate")
    assert not world.host().stores.machine("My")


def test_a_certificate_that_came_for_no_entry_fails_its_host_once_the_others_are_installed(world, live, install_only):
    run = world.run(playbook=install_only)
    assert run.rc == 0, run.output
    issued = {"other.example.com.tw": {"serial_number": "5F", "certificate": live.files["cert.pem"], "chain": []}}
    run = world.run(playbook=install_only, twca_issued=issued)
    assert run.rc != 0, run.output
    assert run.failures == [
        "A certificate of other.example.com.tw was issued, but web01 has no entry for it. It is kept in the journal."
    ]
    assert world.served() == pki_factory.der(live.leaf)
