# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role iis, run by a real ansible-playbook against the stand-in for Windows hosts of ``tests/windows``."""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes

sys.path.insert(0, str(Path(__file__).parents[2] / "unit"))
import pki_factory
from stage import client
from stage.ansible import ROOT, Ansible
from stage.ansible import SITE as PLAYBOOK
from windows.certificates import StoredCertificate
from windows.fleet import Fleet
from windows.tls import free_port

ADDRESSES = {"web01": "127.0.20.1", "web02": "127.0.20.2"}
NAME = "www.example.com.tw"
NAMES = (NAME, "shop.example.com.tw")
SITE = "Default Web Site"
RECORD = r"C:\ProgramData\twca\www.example.com.tw.json"


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


class World:
    """Windows hosts, and the control node that keeps their keys; ``run`` is a run of ``twca.ssl.site``, or of another playbook."""

    def __init__(self, folder: Path, temporary: Path, fleet: Fleet, port: int):
        self.folder, self.temporary, self.fleet, self.port = folder, temporary, fleet, port
        self.keys = folder / "keys"
        self.roots = folder / "root.pem"
        self.roots.write_text(pki_factory.pem(pki_factory.authority().root.certificate))
        self.binding = f"*:{port}:{NAME}"
        self.variables = {
            "twca_server": "iis",
            "twca_key_directory": str(self.keys),
            "twca_trusted_roots": [str(self.roots)],
            "twca_organization": {"state_or_province": "Taiwan", "locality": "Taipei", "organization": "Example Ltd."},
            "twca_certificates": [{"common_name": NAME, "subject_alt_name": list(NAMES)}],
            "twca_iis_binding": {"port": port},
            "twca_iis_proof_attempts": 2,
        }

    def run(self, *arguments, hosts=("web01",), playbook=PLAYBOOK, **extra):
        inventory = {name: {"ansible_host": ADDRESSES[name], **self.fleet.connection()} for name in hosts}
        ansible = Ansible(self.folder, inventory, self.variables)
        others = os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".venv/collections"))
        collections = os.pathsep.join([str(self.folder / "collections"), others])
        environment = {
            "ANSIBLE_COLLECTIONS_PATH": collections,
            "ANSIBLE_PIPELINING": "1",
            "TMPDIR": str(self.temporary),
        }
        return ansible.run(*arguments, playbook=playbook, extra=extra, environment=environment)

    def host(self, name="web01"):
        return self.fleet.host(name)

    @property
    def site(self):
        return self.host().iis.sites[SITE]

    def bindings(self, name="web01"):
        """The site's bindings, and which certificate each has."""
        iis = self.host(name).iis
        return {binding.information: iis.reference(binding).hash for binding in iis.sites[SITE].bindings}

    def modules(self):
        """The modules that ran on the host since this was asked last."""
        calls, self.host().calls = self.host().calls, []
        return {call.module.rsplit(".", 1)[1] for call in calls}

    def served(self, name=NAME, host="web01"):
        """The certificate, in DER, that a client gets which trusts the root alone."""
        context = client.trusting(self.roots)
        with (
            socket.create_connection((ADDRESSES[host], self.port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=name) as tls,
        ):
            return tls.getpeercert(binary_form=True)

    def record(self):
        """What the role noted on the host."""
        return json.loads(self.host().disk.locate(RECORD).read_text())

    def note(self, record):
        """Put a record on the host as if the role had."""
        file = self.host().disk.locate(RECORD)
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(record))

    def leftovers(self, host="web01"):
        """What should be nowhere: files on the host but the record, and keys on the control node but where they are kept."""
        there = [name for name in self.host(host).disk.files() if name != RECORD]
        temporary = [*self.temporary.rglob("*.p12"), *self.temporary.rglob("privkey.pem")]
        here = [*self.folder.rglob("*.p12"), *temporary, *self.keys.glob("*/sending*")]
        return there + [str(path) for path in here if not path.is_relative_to(self.fleet.folder)]


@pytest.fixture
def world(tmp_path):
    # Ansible puts a socket there, whose path may not be as long as pytest's own directories make it.
    with tempfile.TemporaryDirectory(prefix="twca-iis-") as temporary, Fleet(tmp_path / "fleet", ADDRESSES) as fleet:
        yield World(tmp_path, Path(temporary), fleet, free_port(ADDRESSES["web01"]))


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
