# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._plan import spec


def read(**entry):
    return spec.CertificateSpec.of(0, entry)


@pytest.mark.parametrize(
    ("given", "name", "place", "former"),
    [
        ("www.example.com.tw", "www.example.com.tw", "www.example.com.tw", None),
        ("*.example.com.tw", "*.example.com.tw", "_.example.com.tw", None),
        ("WWW.Example.com.tw", "WWW.Example.com.tw", "WWW.Example.com.tw", None),
        ("台灣.example.com.tw", "xn--kpry57d.example.com.tw", "xn--kpry57d.example.com.tw", "台灣.example.com.tw"),
        ("ｗｗｗ．example。com.tw", "www.example.com.tw", "www.example.com.tw", "ｗｗｗ．example。com.tw"),
        ("DNS:www.example.com.tw", "www.example.com.tw", "www.example.com.tw", "DNS:www.example.com.tw"),
        ("2001:DB8::17", "2001:db8::17", "2001:db8::17", "2001:DB8::17"),
        ("IP:192.0.2.1", "192.0.2.1", "192.0.2.1", "IP:192.0.2.1"),
    ],
)
def test_names_and_places(given, name, place, former):
    found = read(common_name=given)
    assert (found.name, found.place, found.former_place) == (name, place, former)


def test_the_other_names_are_canonical_bare_and_each_there_once():
    given = ["DNS:WWW.example.com.tw", "台灣.tw", "IP:2001:DB8::17", "ａ.tw", "xn--KPRY57D.tw"]
    found = read(common_name="www.example.com.tw", subject_alt_name=given)
    assert found.alternative_names == ("www.example.com.tw", "xn--kpry57d.tw", "2001:db8::17", "a.tw")
    assert read(common_name="a.tw").alternative_names == ()


def test_secrets_are_left_out():
    secrets = {"passphrase": "p", "mailbox": {"password": "m"}, "pkcs12_passphrase": "k"}
    assert read(common_name="a.tw", keep=2, **secrets).options == {"keep": 2}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("www.example.com.tw", r"twca_certificates\[0\] is no dictionary"),
        ({}, r"twca_certificates\[0\] has no common_name"),
        ({"common_name": "a b.tw"}, r"twca_certificates\[0\].common_name: 'a b.tw' is not a DNS name"),
        ({"common_name": "a.tw", "subject_alt_name": ["b_.tw"]}, r"twca_certificates\[0\].subject_alt_name: 'b_.tw'"),
        ({"common_name": "a.tw", "force_renew": True}, r"\[0\] \(a.tw\): force_renew would .*: write renew_before"),
        ({"common_name": "a.tw", "force_renew": False}, "force_renew"),
        (
            {"common_name": "a.tw", "on_uncertain": "resubmit"},
            r"\[0\] \(a.tw\): on_uncertain: resubmit would .*twca_order",
        ),
        ({"common_name": "a.tw", "discard_pending": True}, r"\[0\] \(a.tw\): discard_pending would .*: write discard"),
        (
            {"common_name": "a.tw", "discard": ["ab12"]},
            r"\[0\].discard: 'ab12' is not the beginning of a key's SHA-256",
        ),
    ],
)
def test_an_entry_that_cannot_be_meant(entry, said):
    with pytest.raises(InputError, match=said):
        spec.CertificateSpec.of(0, entry)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (None, ()),
        ("", ()),
        ([], ()),
        ("AB12CD34", ("ab12cd34",)),
        ("ab12cd34, 00112233,", ("ab12cd34", "00112233")),
        (["ab12cd34", "AB12CD34"], ("ab12cd34",)),
        (12345678, ("12345678",)),
        (["f" * 64], ("f" * 64,)),
    ],
)
def test_beginnings_of_hashes(given, found):
    assert spec.beginnings(given, "twca_discard") == found


@pytest.mark.parametrize("given", ["ab12cd3", "xy12cd34", ["f" * 65], {"a": 1}])
def test_what_is_no_beginning_of_a_hash(given):
    with pytest.raises(InputError, match="^twca_discard: "):
        spec.beginnings(given, "twca_discard")


def test_a_malformed_name_stays_as_it_is():
    assert spec.canonical_name("台灣.tw") == "xn--kpry57d.tw"
    assert spec.canonical_name("a b") == "a b"


def test_one_name_however_it_is_written():
    assert spec.same_name("DNS:WWW.example.com.tw", "ｗｗｗ.example.com.tw")
    assert not spec.same_name("a.tw", "b.tw")
    assert spec.same_name("a b", "a b")
    assert not spec.same_name("a b", "a.tw")


def test_the_entry_to_renew_is_found_however_its_name_is_written():
    entries = [{"common_name": "a.tw"}, {"common_name": "DNS:B.tw", "keep": 1}]
    found = spec.renewed_before(entries, "b.tw", "2026-12-01T00:00:00Z")
    assert found == [entries[0], {**entries[1], "renew_before": "2026-12-01T00:00:00Z"}]
    assert "renew_before" not in entries[1]
