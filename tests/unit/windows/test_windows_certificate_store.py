# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_certificate_store`` and the stores: what Windows does with the files that people import."""

from __future__ import annotations

import functools

import pki_factory
import pytest
from windows.errors import ModuleFailure

FILE = r"C:\Windows\Temp\file"


@pytest.fixture
def store(host, run, material):
    """Write a file onto the host's disk and hand it to the module."""

    def call(content=None, **options):
        if content is not None:
            host.disk.locate(FILE).write_bytes(content)
            options = {"path": FILE, "password": material.password, **options}
        return run("ansible.windows.win_certificate_store", **options)

    return call


def test_a_pkcs12_with_its_chain_brings_the_authorities_first_and_all_into_one_store(host, store, material):
    result = store(material.pkcs12(chain=True))
    assert result["thumbprints"][-1] == material.thumbprint != result["thumbprints"][0]
    assert set(host.stores.machine("My")) == {material.thumbprint, *material.chain_thumbprints}
    assert not host.stores.machine("CA")


def test_a_pem_of_certificate_and_key_comes_without_its_key(host, store, material):
    store((pki_factory.pem(material.leaf) + pki_factory.key_pem(material.key).decode()).encode())
    assert host.stores.machine("My")[material.thumbprint].private_key is None


def test_of_a_pem_with_several_certificates_only_the_first_comes(host, store, material):
    store("".join(map(pki_factory.pem, material.chain)).encode(), store_name="CertificateAuthority")
    assert list(host.stores.machine("CA")) == material.chain_thumbprints[:1]


def test_a_second_import_changes_nothing_but_leaves_another_key_container(host, store, material):
    assert store(material.pkcs12())["changed"]
    assert not store(material.pkcs12())["changed"]
    assert host.stores.key_containers == 2


def test_a_key_is_added_to_a_certificate_that_came_without(host, store, material):
    store(pki_factory.pem(material.leaf).encode())
    assert store(material.pkcs12())["changed"]
    assert host.stores.machine("My")[material.thumbprint].private_key


def test_check_mode_changes_nothing_and_yet_wants_the_file(host, store, material):
    assert store(material.pkcs12(), check_mode=True)["changed"]
    assert not host.stores.machine("My")
    with pytest.raises(ModuleFailure, match="does not exist"):
        store(path=r"C:\nowhere", check_mode=True)


def test_a_wrong_password(store, material):
    with pytest.raises(ModuleFailure, match="password is not correct"):
        store(material.pkcs12(), password="another")


def test_an_older_windows_reads_only_the_older_encryption(host, store, material):
    host.windows = 2016
    with pytest.raises(ModuleFailure, match="password is not correct"):
        store(material.pkcs12())
    assert store(material.pkcs12(legacy=True))["changed"]


def test_a_key_that_is_not_exportable_stays(host, store, material):
    store(material.pkcs12(), key_exportable=False, key_storage="machine")
    export = functools.partial(store, state="exported", thumbprint=material.thumbprint)
    with pytest.raises(ModuleFailure, match="Key not valid for use in specified state"):
        export(path=r"C:\Windows\Temp\out.p12", file_type="pkcs12")
    assert export(path=r"C:\Windows\Temp\out.pem", file_type="pem")["changed"]
    assert host.disk.locate(r"C:\Windows\Temp\out.pem").read_bytes().startswith(b"-----BEGIN CERTIFICATE-----\r\n")


def test_removal_by_thumbprint(serving, store, material):
    thumbprint = material.thumbprint.lower()
    assert store(state="absent", thumbprint=thumbprint, check_mode=True)["changed"]
    assert store(state="absent", thumbprint=thumbprint)["changed"]
    assert not serving.stores.machine("My")
    assert not store(state="absent", thumbprint=thumbprint)["changed"]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"store_location": "Machine"}, "must be one of"), ({"store_name": "Mine"}, "unable to find store 'Mine'")],
)
def test_stores_that_are_not_there(store, material, options, message):
    with pytest.raises(ModuleFailure, match=message):
        store(material.pkcs12(), **options)


def test_the_info_module_tells_whether_there_is_a_key(serving, run, material):
    info = run("ansible.windows.win_certificate_info", thumbprint=material.thumbprint)
    assert info["exists"] and info["certificates"][0]["has_private_key"]
    authorities = run("ansible.windows.win_certificate_info", store_name="ca")["certificates"]
    assert {entry["thumbprint"] for entry in authorities} == set(material.chain_thumbprints)
    assert not any(entry["has_private_key"] for entry in authorities)
    assert not run("ansible.windows.win_certificate_info", thumbprint="00")["exists"]


def test_the_chain_is_built_from_the_store_of_authorities_without_the_root(serving, material):
    assert serving.stores.chain(material.leaf) == material.chain


def test_the_chain_ends_where_an_issuer_is_missing(serving, material):
    del serving.stores.machine("CA")[material.chain_thumbprints[0]]
    assert serving.stores.chain(material.leaf) == []
