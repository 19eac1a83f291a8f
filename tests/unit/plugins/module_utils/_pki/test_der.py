# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is read without cryptography is what cryptography reads."""

from __future__ import annotations

import base64
import datetime

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, csr, der, keys
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

KEYS = {
    "RSA 2048": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "RSA 3072, e=3": rsa.generate_private_key(public_exponent=3, key_size=3072),
    "ECC 256": ec.generate_private_key(ec.SECP256R1()),
    "ECC 384": ec.generate_private_key(ec.SECP384R1()),
}
DAY = datetime.datetime(2026, 11, 23, tzinfo=datetime.timezone.utc)
LEAVES = {
    "plain": {},
    "many": {"names": ["www.Example.com.tw", "*.example.com.tw", "xn--fiq228c.tw", "192.0.2.1", "2001:db8::1"]},
    "nameless": {"names": []},
    "last century": {"start": datetime.datetime(1999, 12, 31, 23, 59, 59, tzinfo=datetime.timezone.utc)},
    "generalized time": {"start": DAY, "end": datetime.datetime(2050, 1, 1, tzinfo=datetime.timezone.utc)},
    "long number": {"serial": (1 << 159) - 1},
    "short number": {"serial": 1},
    "leading zero": {"serial": 0x80},
}


def pem_of(data, label="CERTIFICATE"):
    return f"-----BEGIN {label}-----\n{base64.encodebytes(data).decode()}-----END {label}-----\n".encode()


def same(found, certificate):
    assert found.serial_number == certificates.serial_number(certificate)
    assert found.not_before == certificates.not_before(certificate)
    assert found.not_after == certificates.not_after(certificate)
    assert found.names == certificates.names(certificate)
    if found.public_key:
        assert found.public_key.kind == keys.kind(certificate)


@pytest.mark.parametrize("options", LEAVES.values(), ids=LEAVES)
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_certificates(key, options):
    leaf = pki.authority().leaf(key, **options)
    found = der.certificate(b"www.example.com.tw\n" + pki.pem(leaf).encode())
    same(found, leaf)
    assert found.public_key == der.public_half(pki.key_pem(key))


@pytest.mark.parametrize("certificate", [pki.authority().root.certificate, *pki.authority().chain])
def test_other_certificates(certificate):
    same(der.certificate(pki.pem(certificate).encode()), certificate)


def test_a_key_of_another_kind_is_left_to_others():
    assert (
        der.certificate(pki.pem(pki.authority().leaf(ed25519.Ed25519PrivateKey.generate())).encode()).public_key is None
    )
    assert (
        der.certificate(pki.pem(pki.authority().leaf(ec.generate_private_key(ec.SECP521R1()))).encode()).public_key
        is None
    )


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_keys_differ(key):
    others = [other for other in KEYS.values() if other is not key]
    own = der.public_half(pki.key_pem(key))
    assert own.kind == keys.kind(key)
    assert all(der.public_half(pki.key_pem(other)) != own for other in others)


def test_secret_numbers_of_another_key():
    """A modulus in front of another key's secret does not make a key."""
    numbers = [KEYS["RSA 2048"].private_numbers(), rsa.generate_private_key(65537, 2048).private_numbers()]
    mixed = pki.key_pem(KEYS["RSA 2048"])
    body = base64.b64decode(b"".join(mixed.splitlines()[1:-1]))
    for part in ("p", "q"):
        first, second = (getattr(each, part).to_bytes(128, "big") for each in numbers)
        assert first in body
        body = body.replace(first, second)
    with pytest.raises(der.UnreadableError):
        der.public_half(pem_of(body, "PRIVATE KEY"))


@pytest.mark.parametrize(
    "names", [("DNS:www.example.com.tw",), ("DNS:*.example.com.tw", "DNS:example.com.tw", "IP:192.0.2.1")]
)
def test_requests(names):
    subject = csr.Subject("www.example.com.tw", "TW", "Taiwan", "Taipei", "Example Ltd.")
    assert der.request_names(csr.build(pki.key_pem(KEYS["ECC 256"]), subject, names).encode()) == names


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_the_key_of_a_request(key):
    request = csr.build(pki.key_pem(key), csr.Subject("www.example.com.tw", "TW", "Taiwan"), ["DNS:www.example.com.tw"])
    assert der.request_key_sha256(request.encode()) == csr.load(request).public_key_sha256


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_the_key_of_a_certificate(key):
    leaf = pki.authority().leaf(key)
    assert der.certificate_key_sha256(pki.pem(leaf).encode()) == keys.public_key_sha256(leaf.public_key())
    with pytest.raises(der.UnreadableError):
        der.certificate_key_sha256(b"no certificate")


def test_a_request_without_names():
    builder = x509.CertificateSigningRequestBuilder().subject_name(pki.subject("www.example.com.tw"))
    request = builder.sign(KEYS["ECC 256"], pki.hashes.SHA256())
    assert der.request_names(request.public_bytes(serialization.Encoding.PEM)) == ()


LEAF = pki.authority().leaf(KEYS["ECC 256"], ["www.example.com.tw", "192.0.2.1"])
PEM = pki.pem(LEAF).encode()
KEY = pki.key_pem(KEYS["ECC 256"])
REQUEST = b"-----BEGIN CERTIFICATE REQUEST-----"
READERS = [
    (der.certificate, PEM),
    (der.public_half, KEY),
    (der.request_names, REQUEST),
    (der.request_key_sha256, REQUEST),
]


@pytest.mark.parametrize(("read", "text"), READERS)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"",
        lambda text: text[:-30],
        lambda text: text[: len(text) // 2],
        lambda text: text * 2,
        lambda text: text + KEY,
        lambda text: text.replace(b"-----BEGIN ", b"-----BEGIN X"),
        lambda text: text.replace(b"M", b"%", 1),
        lambda text: pem_of(b""),
        lambda text: pem_of(b"\x30\x80\x00\x00"),
        lambda text: pem_of(b"\x30\x84\xff\xff\xff\xff"),
    ],
)
def test_anything_else_is_unreadable(read, text, change):
    with pytest.raises(der.UnreadableError):
        read(change(text))


@pytest.mark.parametrize("number", ["00", "ff", "80"])
def test_a_serial_number_that_is_none_is_unreadable(number):
    third_version = "a003020102"
    data = pki.der(pki.authority().leaf(KEYS["ECC 256"], serial=1))
    for_number = data.replace(bytes.fromhex(f"{third_version}020101"), bytes.fromhex(f"{third_version}0201{number}"))
    assert for_number != data
    with pytest.raises(der.UnreadableError):
        der.certificate(pem_of(for_number))


@given(st.integers(0, len(pki.der(LEAF)) - 1), st.binary(min_size=1, max_size=3))
def test_damage_is_seen_or_harmless(at, damage):
    """What can be read of a damaged certificate says nothing else than cryptography does."""
    data = pki.der(LEAF)[:at] + damage + pki.der(LEAF)[at + len(damage) :]
    try:
        found = der.certificate(pem_of(data))
    except der.UnreadableError:
        return
    try:
        certificate = x509.load_der_x509_certificate(data)
        expected = certificates.describe(certificate)
    except Exception:  # the readers of the library raise whatever they like
        return
    assert found.serial_number == expected["serial_number"]
    assert certificates.isoformat(found.not_before) == expected["not_before"]
    assert certificates.isoformat(found.not_after) == expected["not_after"]
    if expected["subject_alt_name"]:
        assert list(found.names) == expected["subject_alt_name"]


@given(st.binary(max_size=200))
def test_noise(data):
    for read, label in (
        (der.certificate, "CERTIFICATE"),
        (der.public_half, "PRIVATE KEY"),
        (der.request_names, "CERTIFICATE REQUEST"),
    ):
        for text in (data, pem_of(data, label), pem_of(b"\x30\x81" + bytes([len(data)]) + data, label)):
            with pytest.raises(der.UnreadableError):
                read(text)
