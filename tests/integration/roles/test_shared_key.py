# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One key and one certificate for many servers."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

import pytest
from stage.example import NAME


@pytest.fixture
def shared(stage):
    """Two servers and a host that keeps their key."""
    stage.hosts["keys"] = {}
    stage.ansible.variables.update(twca_key_directory=str(stage.directory / "keys"))
    for host in ("web1", "web2"):
        stage.add(host, NAME, twca_key_host="keys")
    stage.simulator.configure(approve_after=0)
    return stage


@contextlib.contextmanager
def watched(directory):
    """The files below a directory that held a private key while the ``with`` lasted."""
    found, stop = set(), threading.Event()

    def watch():
        while not stop.wait(0.005):
            for place, _folders, names in os.walk(directory):
                for name in names:
                    with contextlib.suppress(OSError):
                        if b"PRIVATE KEY" in Path(place, name).read_bytes():
                            found.add(name)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join()


def test_one_order_for_all_servers(shared):
    with watched(shared.directory / "ansible/tmp") as files_with_a_key:
        outputs = [shared.run("-vvv", "--diff").output for _ in range(2)]
    assert files_with_a_key == set()
    assert shared.orders == 1
    assert (
        outputs[-1].count("TASK [twca.ssl.certificate : Put certificate, the key of another host") == 1
    )  # side by side
    served = shared.certificate("web1")
    assert shared.certificate("web2") == served
    assert not (shared.place("keys") / "pending").exists()

    key = (shared.place("keys") / "live/privkey.pem").read_text()
    for host in ("web1", "web2"):
        assert (shared.place(host) / "live/privkey.pem").read_text() == key
    for output in outputs:
        assert "PRIVATE KEY" not in output
        assert key.splitlines()[1] not in output
    requests = shared.requests
    nothing = shared.run()
    assert (nothing.changed, shared.requests) == (0, requests), nothing.output
    assert nothing.calls == 3  # a look at each server, and one at the key


def test_server_that_joins_later(shared):
    shared.run()
    shared.run()
    shared.add("web3", NAME, twca_key_host="keys")
    shared.run()
    assert shared.orders == 1
    assert shared.certificate("web3") == shared.certificate("web1")
    assert shared.run().changed == 0


def test_key_host_is_promoted_last(shared):
    """While one server could not be proven, the key stays pending, and the next run completes the others."""
    shared.run()
    shared.hosts["web2"]["twca_nginx_extra"] = "nonsense;"
    shared.fail()
    assert shared.certificate("web1")
    assert (shared.place("keys") / "pending/privkey.pem").exists()

    shared.hosts["web2"].update(shared.servers["web2"].variables)
    shared.run()
    assert shared.certificate("web2") == shared.certificate("web1")
    assert not (shared.place("keys") / "pending").exists()
    assert shared.orders == 1
    assert shared.run().changed == 0


def test_renewal_in_batches(shared):
    """One server after the other: the second still gets the key that the first has already."""
    shared.run()
    shared.run()
    old = shared.certificate("web1")
    shared.run(twca_renew_within="365d")
    shared.run(twca_serial=1)
    assert shared.certificate("web1") == shared.certificate("web2") != old
    assert not (shared.place("keys") / "pending").exists()
    assert shared.orders == 2
    assert shared.run().changed == 0


def test_key_on_one_of_the_servers(stage):
    stage.simulator.configure(approve_after=0)
    stage.ansible.variables.update(twca_key_directory=f"{stage.directory}/web1")
    for host in ("web1", "web2"):
        stage.add(host, NAME, twca_key_host="web1")
    stage.run()
    stage.run(twca_serial=1)
    assert stage.orders == 1
    assert stage.certificate("web1") == stage.certificate("web2")
    assert stage.run().changed == 0
