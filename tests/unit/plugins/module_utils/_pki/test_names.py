# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._pki import names
from cryptography import x509


def test_the_common_name_is_always_among_them():
    assert names.normalise("www.example.com.tw", None) == ("DNS:www.example.com.tw",)
    assert names.normalise("www.example.com.tw", ["a.example.com.tw"]) == (
        "DNS:a.example.com.tw",
        "DNS:www.example.com.tw",
    )


def test_they_are_sorted_and_each_is_there_once_whatever_its_case_and_prefix():
    given = ["DNS:b.tw", "dns:B.tw", "b.tw", "IP:10.0.0.1", "10.0.0.1", "ip:2001:DB8::0:1", "2001:db8::1"]
    assert names.normalise("a.tw", given) == ("DNS:a.tw", "DNS:b.tw", "IP:10.0.0.1", "IP:2001:db8::1")


def test_the_common_name_keeps_its_case_since_the_portal_tells_it_apart():
    assert names.normalise("WWW.Example.com.tw", ["www.example.COM.tw"]) == ("DNS:WWW.Example.com.tw",)


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("*.example.com.tw", "DNS:*.example.com.tw"),
        ("例子.台灣", "DNS:xn--fsqu00a.xn--kpry57d"),
        ("DNS:bücher.example", "DNS:xn--bcher-kva.example"),
        ("xn--fsqu00a.tw", "DNS:xn--fsqu00a.tw"),
        ("tas020-4", "DNS:tas020-4"),
        ("1.example.tw", "DNS:1.example.tw"),
        ("台灣。ｅｘａｍｐｌｅ．com｡tw", "DNS:xn--kpry57d.example.com.tw"),
        ("192.0.2.1", "IP:192.0.2.1"),
        ("a" * 63 + ".tw", "DNS:" + "a" * 63 + ".tw"),
        (".".join(["a" * 49] * 5 + ["tw"]), "DNS:" + ".".join(["a" * 49] * 5 + ["tw"])),
    ],
)
def test_forms_of_names(given, canonical):
    assert names.normalise(given, []) == (canonical,)


@pytest.mark.parametrize(
    "given",
    [
        "", ".", "a..tw", ".a.tw", "a.tw.", "-a.tw", "a-.tw", "a_b.tw", "a b.tw", " a.tw", "a.tw\n", "a/b", "a@b.tw",
        "https://a.tw", "a.tw:443", "*", "*.tw", "a.*.tw", "*a.tw", "**.a.tw", "256.1.1.1", "1.2.3", "DNS:10.0.0.1", "DNS:",
        "IP:a.tw", "IP:", "IP:10.0.0.0/8", "email:a@b.tw", "a" * 64 + ".tw", ".".join(["a" * 49] * 5 + ["com"] * 2),
        "straße.de", "a\u200db.tw", "台" * 60 + ".tw", "\ud800.tw",
    ],
)  # fmt: skip
@pytest.mark.parametrize("option", ["common_name", "subject_alt_name"])
def test_a_malformed_name_is_one_sentence_that_names_its_option(given, option):
    with pytest.raises(InputError) as caught:
        names.normalise(*((given, None) if option == "common_name" else ("ok.tw", [given])))
    assert caught.value.message.startswith(f"{option}: ")
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("www\uff0e\uff0eexample.tw", "it has a dot at its beginning or end, or two together (\uff0e, \u3002 and \uff61 are dots too)"),
        ("www.example.tw\u3002", "(\uff0e, \u3002 and \uff61 are dots too)"),
        ("www..example.tw", "two together"),
        ("www\u2027example.tw", "it holds '\u2027' (HYPHENATION POINT), which is no dot: write '.'"),
        ("www\u00b7example.tw", "which is no dot: write '.'"),
        ("www\u30fbexample.tw", "which is no dot: write '.'"),
        ("www.example.tw\u3001b.tw", "write each name as an entry of its own"),
        ("\uff0a.example.tw", "it holds '\uff0a' (FULLWIDTH ASTERISK): write '*'"),
        ("DNS\uff1awww.example.tw", "(FULLWIDTH COLON): write ':'"),
        ("www\u2665.tw", "it holds '\u2665' (BLACK HEART SUIT), which no name has"),
    ],
)  # fmt: skip
def test_what_looks_like_a_name_is_no_other_name_but_explained(given, sentence):
    with pytest.raises(InputError) as caught:
        names.normalise(given, None)
    assert sentence in caught.value.message


def test_comparison_is_of_sets_without_case():
    assert names.same(["DNS:A.tw", "DNS:b.tw"], ("DNS:B.TW", "DNS:a.tw", "DNS:a.TW"))
    assert not names.same(["DNS:a.tw"], ["DNS:a.tw", "DNS:b.tw"])
    assert not names.same(["DNS:a.tw", "DNS:b.tw"], ["DNS:a.tw"])


def test_what_a_certificate_does_not_cover():
    present = ["DNS:*.Example.tw", "DNS:example.tw", "IP:10.0.0.1"]
    wanted = ["DNS:WWW.example.tw", "DNS:example.tw", "IP:10.0.0.1", "DNS:*.example.TW"]
    assert names.missing(wanted, present) == []
    outside = ["DNS:a.b.example.tw", "DNS:*.b.example.tw", "IP:10.0.0.2", "DNS:example.com", "DNS:xexample.tw"]
    assert names.missing(outside, present) == outside
    assert names.missing(["DNS:*.a.tw"], ["DNS:x.a.tw"]) == ["DNS:*.a.tw"]


def test_an_extension_gives_its_hosts_and_addresses_only():
    import ipaddress

    extension = x509.SubjectAlternativeName(
        [
            x509.DNSName("b.tw"),
            x509.RFC822Name("a@b.tw"),
            x509.UniformResourceIdentifier("https://c.tw"),
            x509.IPAddress(ipaddress.ip_address("::1")),
            x509.IPAddress(ipaddress.ip_network("10.0.0.0/8")),
            x509.DNSName("A.tw"),
        ]
    )
    assert names.from_extension(extension) == ("DNS:A.tw", "DNS:b.tw", "IP:::1")


def test_hosts():
    assert [names.host(name) for name in ("DNS:a.tw", "IP:::1")] == ["a.tw", "::1"]


LONG = ".".join(["a" * 63] * 3)


@pytest.mark.parametrize("name", ["*.com.tw", f"{LONG}.{'a' * 61}"])
def test_the_least_and_the_longest_name(name):
    assert names.normalise(name, ()) == (f"DNS:{name}",)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("*.tw", "its wildcard needs two labels after it"),
        (f"{LONG}.{'a' * 62}", "it is longer than 253 characters"),
        ("straße.tw", "'straße.tw' cannot be turned into its ASCII form"),
    ],
)
def test_names_beyond_them(name, sentence):
    with pytest.raises(InputError, match=sentence):
        names.normalise(name, ())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("www.example.com.tw", "www.example.com.tw"),
        ("*.xn--KPRY57D.example.com.tw", "*.xn--KPRY57D.example.com.tw (*.台灣.example.com.tw)"),
        ("xn--999999999.tw", "xn--999999999.tw"),
        ("2001:db8::17", "2001:db8::17"),
    ],
)
def test_people_are_shown_other_scripts(name, shown):
    assert names.shown(name) == shown
