# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._pki import csr, keys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

KEY = keys.generate("ECC")
PARTS = {
    "common_name": "www.example.com.tw",
    "country": "TW",
    "state_or_province": "Taiwan",
    "locality": "Taipei",
    "organization": "Example Ltd.",
    "organizational_unit": "IT",
}
NAMES = ("DNS:a.example.com.tw", "DNS:www.example.com.tw", "IP:10.0.0.1", "IP:2001:db8::1")


def build(**changes):
    return csr.build(KEY, csr.Subject(**{**PARTS, **changes}), NAMES)


def test_what_is_built_is_read_back():
    request = csr.load(build())
    assert request.subject == PARTS
    assert request.common_name == "www.example.com.tw"
    assert request.names == NAMES
    assert request.public_key_sha256 == keys.public_key_sha256(keys.load(KEY))
    assert (request.key_type, request.key_bits) == ("ECC", 256)
    assert csr.load(request.pem.encode()) == request


def test_it_is_signed_with_sha256_and_has_its_names_in_an_extension_that_is_not_critical():
    raw = x509.load_pem_x509_csr(build().encode())
    assert isinstance(raw.signature_hash_algorithm, hashes.SHA256)
    assert [(each.oid.dotted_string, each.critical) for each in raw.extensions] == [("2.5.29.17", False)]
    assert next(iter(raw.subject)).oid.dotted_string == "2.5.4.6"


@pytest.mark.parametrize("field", ["state_or_province", "locality", "organization", "organizational_unit"])
def test_what_the_portal_may_not_ask_for_may_be_left_out(field):
    assert csr.load(build(**{field: None})).subject[field] is None


def test_a_country_in_small_letters_is_written_in_capitals():
    assert csr.load(build(country="tw")).subject["country"] == "TW"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("country", "TWN", "two letters of ISO 3166"),
        ("country", "T1", "two letters"),
        ("country", "", "two letters"),
        ("country", None, "two letters"),
        ("organization", "範例股份有限公司", "organization must be written in English"),
        ("organization", "Caf\u00e9", "organization must be written in English"),
        ("locality", "Tai\tpei", "locality must be written in English"),
        ("locality", "", "locality must not be empty"),
        ("locality", " Taipei", "locality must not be empty, nor begin or end with white space"),
        ("organizational_unit", "", "organizational_unit must not be empty"),
        ("organization", "x" * 65, "organization must be at most 64 characters long, not 65"),
        ("locality", "x" * 129, "locality must be at most 128 characters"),
        ("common_name", "x" * 65, "common_name must be at most 64 characters"),
        ("state_or_province", "TW", "must not be abbreviated"),
        ("state_or_province", "Calif.", "must not be abbreviated"),
    ],
)
def test_a_part_against_the_rules_is_one_sentence(field, value, sentence):
    with pytest.raises(InputError, match=sentence):
        csr.Subject(**{**PARTS, field: value})


def test_the_longest_parts_are_allowed():
    longest = {"organization": "x" * 64, "organizational_unit": "x" * 64, "locality": "x" * 128}
    assert csr.load(build(**longest, state_or_province="x" * 128)).subject["locality"] == "x" * 128


def test_a_state_of_three_letters_is_no_abbreviation_for_certain():
    assert csr.load(build(state_or_province="Goa")).subject["state_or_province"] == "Goa"


def test_a_subject_cannot_be_changed_after_it_was_checked():
    with pytest.raises(dataclasses.FrozenInstanceError):
        csr.Subject(**PARTS).country = "TWN"


def test_both_labels_are_read_and_text_around_them_is_left_out():
    new = build().replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")
    request = csr.load(f"Subject: …\r\n{new}\nbye")
    assert request.pem.startswith("-----BEGIN NEW CERTIFICATE REQUEST-----\n")
    assert request.pem.endswith("-----END NEW CERTIFICATE REQUEST-----\n")
    assert csr.load(new.replace("\n", "\r\n").encode()).names == NAMES


def foreign(common_name, *names, key=None):
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)] if common_name else []
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(parts))
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False)
    return builder.sign(key or pki.new_key(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def test_requests_of_other_tools():
    request = csr.load(foreign("www.example.tw", key=pki.new_key("RSA")))
    assert request.names == ("DNS:www.example.tw",)
    assert (request.key_type, request.key_bits) == ("RSA", 2048)
    assert request.subject == {**dict.fromkeys(PARTS), "common_name": "www.example.tw"}
    assert csr.load(foreign("www.example.tw", "a.tw")).names == ("DNS:a.tw", "DNS:www.example.tw")
    assert csr.load(foreign("A name for people", "a.tw")).names == ("DNS:a.tw",)


def test_a_request_without_a_common_name_is_refused():
    with pytest.raises(InputError, match="no common name"):
        csr.load(foreign(None, "a.tw"))


def test_what_holds_no_request_is_refused():
    for text in ("", "no", build().replace("END CERT", "END NEW CERT"), pki.key_pem(pki.new_key())):
        with pytest.raises(InputError, match="must be PEM, from its BEGIN CERTIFICATE REQUEST line"):
            csr.load(text)


def test_a_broken_request_is_refused():
    lines = build().splitlines()
    with pytest.raises(InputError, match="is broken: it cannot be read"):
        csr.load("\n".join([lines[0], *lines[2:]]))


def test_a_request_that_its_key_did_not_sign_is_refused():
    import base64

    first, *body, last = build().splitlines()
    der = bytearray(base64.b64decode("".join(body)))
    place = der.index(b"Taipei")
    der[place : place + 6] = b"Tainan"
    with pytest.raises(InputError, match="its signature is not that of its key"):
        csr.load("\n".join([first, base64.b64encode(der).decode(), last]))


def test_foreign_requests_are_held_to_the_rules_of_our_own():
    csr.load(build()).check()
    csr.load(foreign("www.example.tw", key=pki.new_key("RSA"))).check()
    with pytest.raises(InputError, match="organization must be written in English"):
        name = x509.Name(
            [x509.NameAttribute(NameOID.COMMON_NAME, "a.tw"), x509.NameAttribute(NameOID.COUNTRY_NAME, "TW")]
        )
        name = x509.Name([*name, x509.NameAttribute(NameOID.ORGANIZATION_NAME, "範例")])
        made = x509.CertificateSigningRequestBuilder().subject_name(name).sign(pki.new_key(), hashes.SHA256())
        csr.load(made.public_bytes(serialization.Encoding.PEM)).check()
    with pytest.raises(InputError, match="key_size must be 2048 to 8192 bits and a multiple of 8, not 1024"):
        csr.load(foreign("a.tw", key=rsa.generate_private_key(65537, 1024))).check()
    with pytest.raises(InputError, match="key_curve must be one of secp256r1, secp384r1, not 'secp521r1'"):
        csr.load(foreign("a.tw", key=ec.generate_private_key(ec.SECP521R1()))).check()
