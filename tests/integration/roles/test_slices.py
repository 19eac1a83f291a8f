# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Five slices of one job at once through ansible-runner, as AWX runs them: each in an environment of its own that is gone afterwards."""

from __future__ import annotations

import concurrent.futures
import os
import shutil
import tempfile
from pathlib import Path

import ansible_runner
import pytest
from stage.ansible import SITE
from stage.example import NAME

SLICES = 5


@pytest.fixture
def fleet(stage):
    """Hosts: each has a certificate of its own, and all of them one whose key another host keeps."""
    stage.ansible.variables.update(twca_server="none", twca_key_directory=str(stage.directory / "keys"))
    for number in range(SLICES):
        own = {"common_name": f"web{number}.example.com.tw"}
        stage.hosts[f"web{number}"] = {"twca_certificates": [own, {"common_name": NAME, "key_host": "keys"}]}
    return stage


def job(fleet, number):
    """One slice: its part of the hosts, in a directory that does not outlive it. What it said, by event."""
    hosts = {name: fleet.hosts[name] for name in list(fleet.hosts)[number::SLICES]}
    with tempfile.TemporaryDirectory(prefix="twca-slice-") as scratch:
        environment = Path(scratch)
        shutil.copytree(fleet.directory / "collections", environment / "collections", symlinks=True)
        run = ansible_runner.run(
            private_data_dir=scratch,
            playbook=str(SITE),
            inventory={
                "all": {
                    "hosts": {**hosts, "keys": {}},
                    "vars": {
                        "ansible_connection": "local",
                        "ansible_python_interpreter": shutil.which("python3"),
                        **fleet.ansible.variables,
                    },
                }
            },
            envvars={
                "ANSIBLE_HOME": str(environment / "home"),
                "ANSIBLE_COLLECTIONS_PATH": f"{environment / 'collections'}:{os.environ['ANSIBLE_COLLECTIONS_PATH']}",
            },
            quiet=True,
        )
        said = [event["stdout"] for event in run.events]
        return run.rc, run.stats, "\n".join(said)


def all_at_once(fleet):
    with concurrent.futures.ThreadPoolExecutor(SLICES) as pool:
        jobs = list(pool.map(lambda number: job(fleet, number), range(SLICES)))
    for rc, _stats, said in jobs:
        assert rc == 0, said
    return [stats for _rc, stats, _said in jobs]


def test_five_slices_at_once(fleet):
    all_at_once(fleet)
    names = [f"web{number}.example.com.tw" for number in range(SLICES)]
    assert sorted(order["name"] for order in fleet.simulator.orders()) == sorted([*names, NAME])

    for name in [*names, NAME]:
        fleet.simulator.approve(name)
    all_at_once(fleet)
    shared = (fleet.directory / "keys" / NAME / "live/cert.pem").read_text()
    for host, name in zip(fleet.hosts, names):
        assert (fleet.place(host, name) / "live/cert.pem").exists()
        assert (fleet.place(host, NAME) / "live/cert.pem").read_text() == shared

    requests = fleet.requests
    assert not any(any(stats["changed"].values()) for stats in all_at_once(fleet))
    assert fleet.requests == requests
    assert fleet.orders == len(names) + 1
