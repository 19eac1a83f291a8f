# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides' commands, run as a reader would: extracted from the text, in their order, against the simulator."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import typing as t
from pathlib import Path

import guides
import pytest
from simulator import Simulator
from stage.servers import free_port

FIRST = guides.of_file(guides.GUIDES / "guide_first_certificate.rst")
# What a reader does once, and is done here already.
PREPARATION = ("git clone", "cd ", "make venv", ". .venv", "export ")
NAME = "www.example.com.tw"


def commands() -> list[str]:
    lines = [line for one in FIRST if one.language == "console" for line in one.text.splitlines()]
    return [line[2:] for line in lines if line.startswith("$ ") and not line[2:].startswith(PREPARATION)]


class Reader:
    """Types commands in a directory, where the collection is at hand."""

    def __init__(self, directory: Path, port: int) -> None:
        self.directory = directory
        self._port = str(port)
        # An installed collection, where one is given; else this checkout.
        collections = os.environ.get("TWCA_COLLECTIONS")
        if collections is None:
            collections = str(directory / "collections")
            place = directory / "collections/ansible_collections/twca"
            place.mkdir(parents=True)
            (place / "ssl").symlink_to(guides.ROOT)
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(guides.ROOT / "tests"),
            "ANSIBLE_COLLECTIONS_PATH": collections,
            "ANSIBLE_NOCOLOR": "1",
            "LC_ALL": "C.UTF-8",
        }

    def write(self, example: guides.Example, name: str = "") -> Path:
        path = self.directory / (name or example.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self._here(example.text), encoding="utf-8")
        return path

    def start(self, command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._here(command.removesuffix("&")).split(),
            cwd=self.directory,
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )

    def type(self, command: str) -> str:
        """Run it; it must succeed."""
        done = self.run(command)
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        return done.stdout

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", self._here(command)],
            cwd=self.directory,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def _here(self, text: str) -> str:
        return text.replace("8443", self._port)


def test_first_certificate(tmp_path):
    reader = Reader(tmp_path, free_port())
    inventory = next(one for one in FIRST if one.language == "yaml")
    said: list[str] = []
    simulator = None
    try:
        for command in commands():
            if command.endswith("&"):
                simulator = reader.start(command)
                assert "portal" in t.cast(t.IO[str], simulator.stdout).readline()
                reader.write(inventory)
            else:
                said.append(reader.type(command))
        counts = json.loads(reader.type("python -m simulator desk --directory build/first/simulator counts"))
    finally:
        if simulator:
            simulator.terminate()
            simulator.communicate()
    runs = [one for one in said if "PLAY RECAP" in one]
    assert [int(re.search(r"changed=(\d+)", one)[1]) > 0 for one in runs] == [True, True, False]
    assert "www.example.com.tw was ordered (new) and is awaited from TWCA" in " ".join(runs[0].split())
    assert any("subject=" in one and "notAfter=" in one for one in said)
    assert any(one.strip().endswith("cert.pem: OK") for one in said)
    assert counts["orders"] == 1


def test_the_collection_is_tried_without_a_checkout(tmp_path):
    """What the archive's users can do: order, approve, install and prove, and nothing is left."""
    reader = Reader(tmp_path, free_port())
    (tmp_path / "tmp").mkdir()
    reader.environment |= {"TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": "", "ANSIBLE_REMOTE_TEMP": str(tmp_path)}
    said = " ".join(reader.type("ansible-playbook twca.ssl.try").split())
    assert "is awaited from TWCA" in said
    assert f"approved: order 1 (apply) for {NAME}, sent by 王小明 of 範例股份有限公司; issued: serial number " in said
    assert f"The certificate of {NAME} was proven" in said
    left = subprocess.run(["pgrep", "-f", f"simulator serve.*{tmp_path}"], capture_output=True, text=True, check=False)
    assert left.stdout == ""
    assert not list(tmp_path.rglob("twca-try-*"))
    (tmp_path / "flask.py").write_text("raise ImportError('No module named flask')")
    reader.environment["PYTHONPATH"] = str(tmp_path)
    done = reader.run("ansible-playbook twca.ssl.try")
    assert done.returncode != 0
    assert "The simulator cannot start (ImportError: No module named flask): install what it needs with" in done.stdout
    assert "tests/simulator/requirements.txt" in done.stdout


@pytest.fixture
def reader(tmp_path):
    """A reader in front of a running simulator, with the first guide's inventory and the pipelines' script."""
    port = free_port()
    made = Reader(tmp_path, port)
    inventory = next(one for one in FIRST if one.language == "yaml")
    made.write(inventory)
    pipelines = guides.of_file(guides.GUIDES / "guide_pipelines.rst")
    made.write(next(one for one in pipelines if one.name == "renew.sh")).chmod(0o755)
    with Simulator(tmp_path / "build/first/simulator", port=port) as simulator:
        made.simulator = simulator
        yield made


def test_the_pipelines_script_tells_what_came_of_it(reader):
    def outcome(arguments: str = "") -> tuple[int, dict[str, t.Any]]:
        done = reader.run(f"./renew.sh build/first/inventory.yml {arguments}")
        return done.returncode, json.loads(done.stdout.splitlines()[-1])

    status, summary = outcome("-e twca_allow_order=false")
    assert (status, summary["status"]) == (1, "needs a person")
    status, summary = outcome()
    assert (status, summary["status"], summary["pending"]) == (75, "waiting", 1)
    reader.simulator.approve(NAME)
    status, summary = outcome()
    assert (status, summary["status"], summary["installed"]) == (0, "installed", 1)
    status, summary = outcome()
    assert (status, summary) == (0, {**summary, "status": "nothing due", "installed": 0, "ok": 1})
    assert reader.simulator.counts()["orders"] == 1


def test_migrating(reader):
    """Keys and certificates made elsewhere are taken in, and nothing is ordered for them."""
    migrate = next(one for one in guides.of_file(guides.GUIDES / "guide_migrating.rst") if one.name == "migrate.yml")
    inventory = reader.directory / "build/first/inventory.yml"
    site = f"ansible-playbook -i {inventory} twca.ssl.site"
    reader.type(site)
    reader.simulator.approve(NAME)
    reader.type(site)
    made = reader.directory / "build/first/certificates" / NAME
    live = made / "live"
    layout = next(one for one in guides.of_file(guides.GUIDES / "guide_keys.rst") if one.language == "text").text
    (version,) = (line.split() for line in layout.splitlines() if line.strip().startswith("versions/"))
    assert set(version[1:]) <= {path.name for path in live.iterdir()}
    elsewhere = reader.directory / "elsewhere"
    text = (
        migrate.text.replace("hosts: webservers", "hosts: all")
        .replace(f"/etc/ssl/certs/{NAME}.crt", f"{live}/cert.pem")
        .replace("/etc/ssl/certs/twca-intermediates.crt", f"{live}/chain.pem")
        .replace(f"/etc/ssl/private/{NAME}.key", f"{live}/privkey.pem")
        .replace("/etc/twca", str(elsewhere))
    )
    (reader.directory / "migrate.yml").write_text(text, encoding="utf-8")
    reader.type(f"ansible-playbook -i {inventory} migrate.yml")
    assert (elsewhere / NAME / "live/privkey.pem").read_bytes() == (live / "privkey.pem").read_bytes()
    assert (elsewhere / NAME / "live/privkey.pem").stat().st_mode & 0o777 == 0o600
    reader.type(f"{site} -e twca_allow_order=false -e twca_directory={elsewhere}")
    assert reader.simulator.counts()["orders"] == 1
