# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import hashlib

import pki_factory
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._plan import iis

NAME = "www.example.com.tw"
LEAF = pki_factory.pem(pki_factory.authority().leaf(pki_factory.new_key()))
CHAIN = [pki_factory.pem(one) for one in pki_factory.authority().chain]
DER = pki_factory.der(pki_factory.x509.load_pem_x509_certificate(LEAF.encode()))
USUAL = {"site": "Default Web Site", "port": 443, "hostname": NAME, "use_sni": True}


def item(name=NAME, **more):
    claim = {"common_name": name, "number": 2, "directory": "/keys/w", "key_host": "keys", "issued": True}
    return {**claim, "certificate": LEAF, "chain": CHAIN, **more}


def bindings(claim=None, *, binding=None, verify=None, address="10.0.0.5"):
    return iis.bindings(claim or item(), address=address, binding=binding, verify=verify)


def certificate(given, live=None, **options):
    return iis.certificate(given, live or {}, **{"address": "10.0.0.5", "binding": {}, "verify": {}, **options})


def read(text):
    return {"content": base64.b64encode(text.encode()).decode()}


def test_without_a_word_a_certificate_has_one_binding():
    (found,) = bindings()
    assert found == {**USUAL, "verify": {"host": "10.0.0.5", "port": 443, "server_name": NAME}}


@pytest.mark.parametrize("given", [None, []])
def test_no_bindings_in_the_entry_are_the_usual_one(given):
    assert len(bindings(item(iis_bindings=given))) == 1


def test_the_entry_comes_before_the_role_and_the_role_before_what_is_usual():
    usual = {"site": "Shop", "port": 8443, "use_sni": False}
    first, second = bindings(
        item(iis_bindings=[{}, {"port": 444, "hostname": "pay.tw", "use_sni": True}]), binding=usual
    )
    assert {key: first[key] for key in USUAL} == {**USUAL, **usual}
    assert {key: second[key] for key in USUAL} == {"site": "Shop", "port": 444, "hostname": "pay.tw", "use_sni": True}
    assert second["verify"] == {"host": "10.0.0.5", "port": 444, "server_name": "pay.tw"}


def test_where_it_is_proven_may_be_said_by_role_entry_and_binding():
    claim = item(verify={"port": 2, "timeout": 9}, iis_bindings=[{"verify": {"timeout": 10}}, {}])
    first, second = bindings(claim, verify={"host": "h", "port": 1})
    assert first["verify"] == {"host": "h", "port": 2, "server_name": NAME, "timeout": 10}
    assert second["verify"]["timeout"] == 9
    (third,) = bindings(binding={"verify": {"host": "other"}}, verify={"host": "h"})
    assert third["verify"]["host"] == "other"


def test_a_wildcard_is_proven_by_a_name_that_it_is_for():
    (found,) = bindings(item("*.example.com.tw"))
    assert (found["hostname"], found["verify"]["server_name"]) == ("*.example.com.tw", "www.example.com.tw")


@pytest.mark.parametrize(
    ("given", "meant"), [("no", False), ("false", False), ("yes", True), ("True", True), (0, False)]
)
def test_booleans_as_text_count_as_ansible_counts_them(given, meant):
    assert [one["use_sni"] for one in bindings(item(iis_bindings=[{"use_sni": given}]))] == [meant]


@pytest.mark.parametrize("given", ["8443", 8443, " 8443 "])
def test_ports_may_be_text(given):
    (found,) = bindings(binding={"port": given})
    assert (found["port"], found["verify"]["port"]) == (8443, 8443)


@pytest.mark.parametrize("port", [1, 65535])
def test_all_ports_are_taken(port):
    assert bindings(binding={"port": port})[0]["port"] == port


@pytest.mark.parametrize(
    ("entry", "role", "said"),
    [
        ({"iis_bindings": {"site": "Shop"}}, {}, "twca_certificates[2].iis_bindings is no list"),
        ({"iis_bindings": "Shop"}, {}, "twca_certificates[2].iis_bindings is no list"),
        ({"iis_bindings": [{}, "Shop"]}, {}, "twca_certificates[2].iis_bindings[1] is no dictionary"),
        ({"verify": "h"}, {}, "twca_certificates[2].verify is no dictionary"),
        ({"iis_bindings": [{"verify": 1}]}, {}, "twca_certificates[2].iis_bindings[0].verify is no dictionary"),
        ({"iis_bindings": [{"port": "https"}]}, {}, "twca_certificates[2].iis_bindings[0].port is 'https'"),
        ({"iis_bindings": [{"use_sni": "maybe"}]}, {}, "twca_certificates[2].iis_bindings[0].use_sni is 'maybe'"),
        ({}, {"binding": "Shop"}, "twca_iis_binding is no dictionary"),
        ({}, {"binding": {"port": 65536}}, "twca_iis_binding.port is 65536"),
        ({}, {"binding": {"port": 0}}, "twca_iis_binding.port is 0"),
        ({}, {"binding": {"port": None}}, "twca_iis_binding.port is None"),
        ({}, {"binding": {"use_sni": None}}, "twca_iis_binding.use_sni is None"),
        ({}, {"binding": {"site": None}}, "twca_iis_binding.site has no value"),
        ({"iis_bindings": [{"hostname": None}]}, {}, "twca_certificates[2].iis_bindings[0].hostname has no value"),
        ({}, {"verify": ["h"]}, "twca_verify is no dictionary"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_name(entry, role, said):
    with pytest.raises(InputError) as caught:
        bindings(item(**entry), **role)
    assert caught.value.message.startswith(f"{said}")
    assert ": write " in caught.value.message


def test_empty_text_is_no_dictionary_that_is_missed():
    assert bindings(item(verify=None), binding="", verify="") == bindings()


def test_a_certificate_that_has_just_come():
    found = certificate(item(iis_bindings=[{}, {"site": "Shop"}, {"site": "shop"}], owner="root"))
    assert found["fullchain"] == [LEAF, *CHAIN]
    assert found["thumbprint"] == hashlib.sha1(DER, usedforsecurity=False).hexdigest().upper()
    assert found["fingerprint"] == hashlib.sha256(DER).hexdigest()
    assert [one.lower() for one in found["sites"]] == ["default web site", "shop"]
    assert (len(found["bindings"]), found["file"], found["owner"]) == (3, NAME, "root")


def test_a_live_certificate_is_read_where_its_key_is():
    found = certificate(item(issued=False), read(f"text\n{LEAF}{''.join(CHAIN)}"))
    assert found["fullchain"] == [one.strip() for one in (LEAF, *CHAIN)]


@pytest.mark.parametrize("live", [{}, {"content": ""}, {"content": "?"}, read("nothing"), {"skipped": True}])
def test_a_live_file_without_a_certificate(live):
    with pytest.raises(InputError, match="/keys/w/live/fullchain.pem on keys holds no certificate"):
        certificate(item(issued=False), live)


def test_bytes_that_are_no_text_beside_a_certificate():
    content = base64.b64encode(b"\xff\n" + LEAF.encode()).decode()
    assert certificate(item(issued=False), {"content": content})["fullchain"] == [LEAF.strip()]


@pytest.mark.parametrize(("name", "file"), [("*.example.com.tw", "_.example.com.tw"), ("2001:db8::17", "2001_db8__17")])
def test_names_that_are_no_files_names_on_windows(name, file):
    assert certificate(item(name))["file"] == file


def test_the_role_has_its_say():
    found = certificate(item(), binding={"port": 1}, verify={"timeout": 3}, address="a")
    assert found["bindings"][0]["verify"] == {"host": "a", "port": 1, "server_name": NAME, "timeout": 3}
