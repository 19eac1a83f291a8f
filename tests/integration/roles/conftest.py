# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles' tests: real ansible-playbook, private servers, and TWCA played by the simulator."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import pytest
from simulator import Simulator
from stage import client, example
from stage.ansible import Ansible
from stage.servers import Nginx

NAME = example.NAME


class Stage:
    """A simulator and some hosts; ``hosts`` are the inventory's, by name, each with the variables of a server of its own."""

    def __init__(self, directory, simulator, stack):
        self.directory = directory
        self.simulator = simulator
        self.servers = {}
        self._stack = stack
        self.ansible = Ansible(directory, {}, example.variables(simulator, directory))

    @property
    def hosts(self):
        return self.ansible.hosts

    def add(self, host, *names, server=Nginx, **variables):
        """A host with a running server and these certificates."""
        self.servers[host] = self._stack.enter_context(server(self.directory / f"{host}-server"))
        certificates = [{"common_name": name} for name in names]
        self.hosts[host] = {**self.servers[host].variables, "twca_certificates": certificates, **variables}
        return self.servers[host]

    def run(self, *arguments, **extra):
        """A run of ``twca.ssl.site`` that must not fail."""
        run = self.ansible.run(*arguments, extra=extra)
        assert run.rc == 0, run.output
        return run

    def fail(self, *arguments, **extra):
        """A run that must fail."""
        run = self.ansible.run(*arguments, extra=extra)
        assert run.rc != 0, run.output
        return run

    def certificate(self, host, name=NAME):
        """The certificate that the host's server serves, to a client that trusts the root alone."""
        return client.chain(self.servers[host].port, name, self.simulator.root)[0]

    def place(self, host, name=NAME):
        return self.directory / host / name

    def config_place(self, host, name=NAME):
        """Root's own directory, for what the server reads besides certificate and key."""
        return self.directory / f"{host}-config" / name

    @property
    def orders(self):
        return self.simulator.counts()["orders"]

    @property
    def requests(self):
        return self.simulator.counts()["requests"]


@pytest.fixture
def stage(request):
    """The stage; parametrize indirectly with the simulator's skin."""
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="twca-roles-")))
        directory.chmod(0o755)  # the servers' workers are another user, whom pytest's own directories keep out
        simulator = stack.enter_context(Simulator(directory / "twca", skin=getattr(request, "param", "modern")))
        yield Stage(directory, simulator, stack)


@pytest.fixture
def installed(stage):
    """A host ``web1`` that serves its certificate."""
    stage.add("web1", NAME)
    stage.simulator.configure(approve_after=0)
    stage.run()
    stage.run()
    assert stage.orders == 1
    return stage
