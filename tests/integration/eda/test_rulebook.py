# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rulebook in the real ansible-rulebook: an expiring certificate starts the playbook. ``nox -s eda`` provides it; it needs Java."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import typing as t
from pathlib import Path

import pytest
import yaml
from simulator import Simulator
from stage import example
from stage.ansible import Ansible
from stage.servers import Nginx

pytestmark = pytest.mark.skipif(shutil.which("ansible-rulebook") is None, reason="ansible-rulebook is not installed")


def until(lines: t.IO[str], wanted: str) -> str:
    """Read lines up to the wanted one."""
    heard = []
    for line in lines:
        heard.append(line)
        if wanted in line:
            break
    return "".join(heard)


def test_an_expiring_certificate_is_renewed(tmp_path):
    tmp_path.chmod(0o755)
    with Simulator(tmp_path / "twca") as simulator, Nginx(tmp_path / "nginx") as nginx:
        hosts = {"web1": {**nginx.variables, "twca_certificates": [{"common_name": example.NAME}]}}
        ansible = Ansible(tmp_path, hosts, example.variables(simulator, tmp_path))
        assert ansible.run().rc == 0
        simulator.approve(example.NAME, age="190d")
        assert ansible.run().rc == 0
        variables = {
            "endpoints": [{"host": "127.0.0.1", "port": nginx.port, "server_name": example.NAME}],
            "trusted_roots": [str(simulator.roots)],
            "interval": 1,
        }
        (tmp_path / "endpoints.yml").write_text(yaml.safe_dump(variables), encoding="utf-8")
        said = rulebook(tmp_path, ansible, "is awaited from TWCA since")
        assert "is awaited from TWCA since" in said, said
        assert simulator.counts()["orders"] == 2


def rulebook(directory: Path, ansible: Ansible, wanted: str) -> str:
    """Run the rulebook until it says something; end it after a while in any case."""
    process = subprocess.Popen(
        ["ansible-rulebook", "--rulebook", "twca.ssl.renew", "--inventory", "inventory.yml", "--vars", "endpoints.yml"],
        cwd=directory,
        env=ansible._environment(directory / "record.jsonl"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watchdog = threading.Timer(240, process.kill)
    watchdog.start()
    try:
        return until(t.cast("t.IO[str]", process.stdout), wanted)
    finally:
        watchdog.cancel()
        playing = family(process.pid)  # in a session of its own, and not ended with the rulebook
        process.terminate()
        process.communicate()
        for pid in playing:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def family(pid: int) -> list[int]:
    """All processes that a process has started, and those have."""
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()
    ]
    return [one for child in children for one in (child, *family(child))]
