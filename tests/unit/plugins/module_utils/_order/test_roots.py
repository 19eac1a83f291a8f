# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The trust anchors: files that the user names, else TWCA's roots of the machine's stores."""

from __future__ import annotations

import re
import ssl
import sys
import types
from pathlib import Path

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._order import roots
from cryptography import x509
from cryptography.x509.oid import NameOID


def root(organization):
    """A self-signed certificate of an organization."""
    issuer = pki.Issuer("Root")
    issuer.name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            # The organization's name in another place does not make it TWCA's.
            x509.NameAttribute(NameOID.COMMON_NAME, "TAIWAN-CA"),
        ]
    )
    return issuer.self_sign().certificate


TWCA, OTHER = root("TAIWAN-CA"), root("Example Ltd.")


def write(path: Path, *certificates: x509.Certificate) -> str:
    path.write_text("".join(map(pki.pem, certificates)))
    return str(path)


def test_named_files_are_all_that_counts(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    write(tmp_path / "a.pem", OTHER)
    assert roots.load(["~/a.pem", write(tmp_path / "b.pem", TWCA, OTHER)]) == [OTHER, TWCA, OTHER]
    assert roots.load([]) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no certificate", "holds no certificate; give a PEM file"),
        (None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_named_file_without_a_certificate(tmp_path, content, message):
    path = tmp_path / "roots.pem"
    if content:
        path.write_bytes(content)
    with pytest.raises(InputError, match=f"^trusted_roots: {re.escape(f'{path} {message}')}"):
        roots.load([str(path)])


@pytest.fixture
def stores(monkeypatch, tmp_path):
    """Sets the machine's stores, each a list of certificates: ``cafile``, ``openssl_cafile``, ``capath``, ``certifi``."""

    def put(**found):
        paths = {name: write(tmp_path / f"{name}.pem", *held) for name, held in found.items()}
        directory = None
        if "capath" in found:
            directory = str(tmp_path)
            write(tmp_path / "ca-certificates.crt", *found["capath"])
        defaults = types.SimpleNamespace(
            cafile=paths.get("cafile"), openssl_cafile=paths.get("openssl_cafile", "/nonexistent"), capath=directory
        )
        monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: defaults)
        certifi = types.SimpleNamespace(where=lambda: paths["certifi"]) if "certifi" in found else None
        monkeypatch.setitem(sys.modules, "certifi", certifi)

    return put


@pytest.mark.parametrize("store", ["cafile", "openssl_cafile", "capath", "certifi"])
def test_twcas_roots_are_found_in_each_store(stores, store):
    stores(**{store: [OTHER, TWCA]})
    assert roots.load(None) == [TWCA]


def test_a_root_in_several_stores_counts_once(stores):
    stores(cafile=[TWCA], certifi=[OTHER, TWCA])
    assert roots.load(None) == [TWCA]


def test_a_machine_without_twcas_roots(stores):
    stores(cafile=[OTHER])
    with pytest.raises(
        InputError, match="No TWCA root certificate is in this machine's certificate stores; give trusted"
    ):
        roots.load(None)
