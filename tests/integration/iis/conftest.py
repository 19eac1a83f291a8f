# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role iis, run by a real ansible-playbook against the stand-in for Windows hosts of ``tests/windows``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes

sys.path.insert(0, str(Path(__file__).parents[2] / "unit"))
import pki_factory
from windows.certificates import StoredCertificate
from windows.fleet import Fleet
from windows.tls import free_port

ADDRESSES = {"web01": "127.0.20.1", "web02": "127.0.20.2"}
NAME = "www.example.com.tw"
NAMES = (NAME, "shop.example.com.tw")
SITE = "Default Web Site"


class Certificate:
    """A key with its certificate, as the certificate directory of a host that keeps keys holds them."""

    def __init__(self):
        self.key = pki_factory.new_key("RSA")
        self.leaf = pki_factory.authority().leaf(self.key, NAMES)
        self.thumbprint = fingerprint(self.leaf)
        self.files = {
            "privkey.pem": pki_factory.key_pem(self.key).decode(),
            "cert.pem": pki_factory.pem(self.leaf),
            "chain.pem": "".join(map(pki_factory.pem, pki_factory.authority().chain)),
        }
        self.files["fullchain.pem"] = self.files["cert.pem"] + self.files["chain.pem"]

    def stored(self) -> StoredCertificate:
        """It in a host's store, as an administrator imported it."""
        return StoredCertificate(self.files["cert.pem"], self.files["privkey.pem"], True, "machine")

    def make_live(self, directory: Path) -> None:
        version = directory / "versions" / f"20261122T103000Z-{self.leaf.serial_number:X}"
        version.mkdir(parents=True)
        for name, content in self.files.items():
            (version / name).write_text(content)
        (version / "privkey.pem").chmod(0o600)
        link = directory / "live.new"
        link.symlink_to(version.relative_to(directory))
        link.rename(directory / "live")


def fingerprint(certificate) -> str:
    return certificate.fingerprint(hashes.SHA1()).hex().upper()


class Run:
    """What a playbook run left for its reader."""

    def __init__(self, process):
        self.code, self.text = process.returncode, process.stdout + process.stderr
        recap = re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", process.stdout, re.MULTILINE)
        self.changed = {host: int(count) for host, count in recap}

    def __repr__(self):
        return self.text


class World:
    """Windows hosts, the control node that keeps their keys, and the playbook."""

    def __init__(self, folder: Path, fleet: Fleet, port: int):
        self.folder, self.fleet, self.port = folder, fleet, port
        self.keys = folder / "keys"
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        (folder / "root.pem").write_text(pki_factory.pem(pki_factory.authority().root.certificate))
        self.variables = {
            "twca_key_directory": str(self.keys),
            "twca_organization": {"state_or_province": "Taiwan", "locality": "Taipei", "organization": "Example Ltd."},
            "twca_certificates": [{"common_name": NAME, "subject_alt_name": list(NAMES)}],
            "twca_iis_binding": {"site": SITE, "port": port, "use_sni": True},
            "twca_iis_proof_attempts": 2,
            "twca_trusted_roots": [str(folder / "root.pem")],
        }

    def host(self, name="web01"):
        return self.fleet.host(name)

    def site(self, name="web01"):
        return self.host(name).iis.sites[SITE]

    def bindings(self, name="web01"):
        return {
            binding.information: self.host(name).iis.reference(binding).hash for binding in self.site(name).bindings
        }

    @property
    def binding(self):
        return f"*:{self.port}:{NAME}"

    def modules(self, name="web01"):
        """The modules that ran since this was asked last, and in check mode or not."""
        calls, self.host(name).calls = self.host(name).calls, []
        return [(call.module.rsplit(".", 1)[1], call.check_mode) for call in calls]

    def run(self, *options, hosts=("web01",), **variables) -> Run:
        inventory = self.fleet.inventory()
        windows = inventory["all"]["children"]["windows"]
        windows["hosts"] = {name: windows["hosts"][name] for name in hosts}
        windows["vars"].update({**self.variables, **variables})
        (self.folder / "inventory.json").write_text(json.dumps(inventory))
        (self.folder / "play.yml").write_text(
            json.dumps([{"hosts": "windows", "gather_facts": False, "roles": ["twca.ssl.iis"]}])
        )
        program = Path(sys.executable).with_name("ansible-playbook")
        environment = {
            **os.environ,
            "ANSIBLE_HOME": str(self.folder / "home"),
            "ANSIBLE_LOCAL_TEMP": str(self.temporary),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PIPELINING": "1",
            "TMPDIR": str(self.temporary),
        }
        argv = [program, "-i", "inventory.json", "play.yml", *options]
        return Run(subprocess.run(argv, cwd=self.folder, env=environment, capture_output=True, text=True, check=False))


@pytest.fixture
def world(tmp_path):
    with Fleet(tmp_path / "fleet", ADDRESSES) as fleet:
        yield World(tmp_path, fleet, free_port(ADDRESSES["web01"]))


@pytest.fixture(scope="session")
def first():
    return Certificate()


@pytest.fixture(scope="session")
def second():
    """The certificate that replaces the first."""
    return Certificate()


@pytest.fixture
def live(world, first):
    """The first certificate is live where the keys are kept."""
    first.make_live(world.keys / NAME)
    return first
