# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host of the stand-in, with one server certificate and its authority's."""

from __future__ import annotations

import os
from pathlib import Path

import pki_factory
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, PrivateFormat, pkcs12
from windows import argspec
from windows.certificates import StoredCertificate
from windows.host import Host
from windows.modules import MODULES

PASSWORD = "transport secret"
COLLECTIONS = ("ansible.windows", "microsoft.iis")


def fingerprint(certificate) -> str:
    return certificate.fingerprint(hashes.SHA1()).hex().upper()


class Material:
    """A leaf with its key and chain, and the files that people make of them."""

    password = PASSWORD

    def __init__(self, name="www.example.com.tw"):
        self.key = pki_factory.new_key("RSA")
        self.leaf = pki_factory.authority().leaf(self.key, (name,))
        self.chain = pki_factory.authority().chain
        self.thumbprint = fingerprint(self.leaf)
        self.chain_thumbprints = [fingerprint(certificate) for certificate in self.chain]

    def pkcs12(self, *, chain=False, legacy=False, password=PASSWORD) -> bytes:
        encryption = BestAvailableEncryption(password.encode())
        if legacy:
            builder = PrivateFormat.PKCS12.encryption_builder().hmac_hash(hashes.SHA1())
            encryption = builder.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).build(password.encode())
        return pkcs12.serialize_key_and_certificates(
            b"www", self.key, self.leaf, self.chain if chain else None, encryption
        )

    def stored(self, **options) -> StoredCertificate:
        key = pki_factory.key_pem(self.key).decode()
        return StoredCertificate(pki_factory.pem(self.leaf), key, **{"key_storage": "machine", **options})


@pytest.fixture(scope="session")
def material():
    return Material()


@pytest.fixture(scope="session")
def successor():
    """The next certificate of the same name."""
    return Material()


@pytest.fixture
def host(tmp_path):
    return Host("web01", "127.0.20.1", tmp_path / "web01")


@pytest.fixture
def serving(host, material):
    """A host whose ``My`` and ``CA`` hold the certificate and its intermediates."""
    host.stores.machine("My")[material.thumbprint] = material.stored()
    for thumbprint, certificate in zip(material.chain_thumbprints, material.chain):
        host.stores.machine("CA")[thumbprint] = StoredCertificate(pki_factory.pem(certificate))
    return host


@pytest.fixture
def run(host, upstream):
    """Run a module on the host: its real argument spec, its ported body."""

    def call(name, /, check_mode=False, **arguments):
        collection, module = name.rsplit(".", 1)
        source = upstream / collection.replace(".", "/") / "plugins/modules" / f"{module}.ps1"
        return MODULES[name](host, argspec.read(source.read_bytes()).check(arguments), check_mode)

    return call


@pytest.fixture(scope="session")
def upstream():
    """The folder ``ansible_collections`` that holds the real collections."""
    usual = Path(__file__).parents[3] / ".venv/collections"
    for entry in os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(usual)).split(os.pathsep):
        folder = Path(entry, "ansible_collections")
        if all((folder / name.replace(".", "/")).is_dir() for name in COLLECTIONS):
            return folder
    pytest.fail("ANSIBLE_COLLECTIONS_PATH has no ansible.windows and microsoft.iis: tests/windows/fetch_collections.py")
