# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import datetime
import time

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import CertificateError, InputError
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, keys
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID

CA = pki.authority()
KEY = pki.new_key()
START = datetime.datetime(2026, 11, 22, 10, 30, tzinfo=datetime.timezone.utc)
LEAF = CA.leaf(KEY, ["www.example.com.tw", "*.b.tw", "10.0.0.1"], start=START, days=100, serial=0xABC123)


# A PKCS#7 of certificates only (RFC 2315, 9.1), as `openssl crl2pkcs7 -nocrl` makes it.
def pkcs7_of(chain):
    def tlv(tag, *parts):
        body = b"".join(parts)
        size = len(body).to_bytes((len(body).bit_length() + 7) // 8 or 1, "big")
        return bytes([tag]) + (size if len(body) < 128 else bytes([0x80 | len(size)]) + size) + body

    data, signed = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
    content = tlv(
        0x30, b"\x02\x01\x01", b"\x31\x00", tlv(0x30, data), tlv(0xA0, *sorted(map(pki.der, chain))), b"\x31\x00"
    )
    return tlv(0x30, signed, tlv(0xA0, content))


def wrapped(label, der):
    return b"-----BEGIN %s-----\n%s-----END %s-----\n" % (label, base64.encodebytes(der), label)


BOTH = [LEAF, CA.issuing.certificate]
PEMS = "".join(map(pki.pem, BOTH)).encode()
OF_VERSION_25 = pki.der(LEAF).replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020118"), 1)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (PEMS, BOTH),
        (b"\xef\xbb\xbfDear customer,\r\n" + PEMS.replace(b"\n", b"\r\n") + b"\r\nYours \xa4\xa4", BOTH),
        (PEMS + PEMS, BOTH),
        (wrapped(b"X509 CERTIFICATE", pki.der(LEAF)), [LEAF]),
        (pki.der(LEAF), [LEAF]),
        (base64.b64encode(pki.der(LEAF)), [LEAF]),
        (base64.encodebytes(pki.der(LEAF)), [LEAF]),
        (pkcs7_of(BOTH), BOTH),
        (wrapped(b"PKCS7", pkcs7_of(BOTH)), BOTH),
        (wrapped(b"CERTIFICATE", pkcs7_of(BOTH)), BOTH),
        (base64.encodebytes(pkcs7_of(BOTH)), BOTH),
        (wrapped(b"CERTIFICATE", b"\x30\x03abc") + PEMS, BOTH),
        (wrapped(b"CERTIFICATE", OF_VERSION_25) + PEMS, BOTH),
        (OF_VERSION_25, []),
        (b"", []),
        (b"AAAA", []),
        (b"A", []),
        (b"no certificate\x00\xff", []),
        (b"\x30\x82\x01\x00junk", []),
        (b"0" * 4, []),
        (pki.key_pem(KEY), []),
        (PEMS[: len(PEMS) // 4], []),
        (wrapped(b"PKCS7", pki.der(LEAF)), []),
        (wrapped(b"PKCS7", b"=a=="), []),
    ],
)
def test_certificates_are_found_in_whatever_they_come_in(data, found):
    assert set(certificates.load_any(data)) == set(found)
    assert len(certificates.load_any(data)) == len(found)


def test_the_order_of_pem_blocks_is_kept():
    assert certificates.load_any(PEMS) == BOTH


def test_a_certificate_whose_key_cannot_be_read_is_left_out():
    """It can prove nothing, and whoever asks for its key would get an error that is no sentence."""
    leaf = pki.authority().leaf(pki.new_key())
    point = leaf.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    off_the_curve = certificates.to_der(leaf).replace(point, point[:-1] + bytes([point[-1] ^ 1]))
    assert certificates.load_any(off_the_curve) == []
    assert certificates.load_any(certificates.to_der(leaf)) == [leaf]


def test_content_of_an_unknown_kind_holds_no_certificate():
    signed_data = bytes.fromhex("2a864886f70d010702")
    data = pkcs7_of(BOTH)
    assert signed_data in data
    assert certificates.load_any(data.replace(signed_data, bytes(3) + signed_data[3:])) == []


def test_pkcs7_that_is_sorted_as_ber_allows_is_read_without_a_warning(recwarn):
    swapped = pkcs7_of(BOTH)
    first, second = sorted(map(pki.der, BOTH))
    assert set(certificates.load_any(swapped.replace(first + second, second + first))) == set(BOTH)
    assert not recwarn.list


def test_the_library_reads_pkcs7_of_its_own_making():
    if hasattr(pkcs7, "serialize_certificates"):
        made = pkcs7.serialize_certificates(BOTH, Encoding.DER)
        assert set(certificates.load_any(made)) == set(BOTH)


def test_one_pem_is_one_certificate():
    assert certificates.load_pem(pki.pem(LEAF)) == LEAF
    assert certificates.to_pem(LEAF) == pki.pem(LEAF)
    assert certificates.to_der(LEAF) == pki.der(LEAF)
    for text, number in (("", 0), (base64.b64encode(pki.der(LEAF)).decode(), 0), (PEMS.decode(), 2)):
        with pytest.raises(CertificateError, match=f"must hold one certificate, but this one holds {number}"):
            certificates.load_pem(text)


def test_description():
    assert certificates.describe(LEAF, START + datetime.timedelta(days=1, seconds=1)) == {
        "common_name": "www.example.com.tw",
        "subject_alt_name": ["DNS:*.b.tw", "DNS:www.example.com.tw", "IP:10.0.0.1"],
        "serial_number": "ABC123",
        "not_before": "2026-11-22T10:30:00Z",
        "not_after": "2027-03-02T10:30:00Z",
        "days_left": 98,
        "public_key_sha256": keys.public_key_sha256(KEY),
        "issuer": "CN=TWCA Secure SSL CA (test),O=TAIWAN-CA Inc.,C=TW",
        "fingerprint_sha256": certificates.fingerprint_sha256(LEAF),
    }
    assert certificates.describe(LEAF, START + datetime.timedelta(days=100, seconds=1))["days_left"] == -1
    assert certificates.describe(LEAF)["days_left"] == (certificates.not_after(LEAF) - certificates.utcnow()).days
    assert bytes.fromhex(certificates.fingerprint_sha256(LEAF)) == LEAF.fingerprint(pki.hashes.SHA256())


def test_moments_are_aware_and_in_utc():
    assert (certificates.not_before(LEAF), certificates.not_after(LEAF)) == (
        START,
        START + datetime.timedelta(days=100),
    )
    taipei = datetime.timezone(datetime.timedelta(hours=8))
    assert certificates.isoformat(START.astimezone(taipei)) == "2026-11-22T10:30:00Z"


@pytest.fixture
def local_time(monkeypatch):
    """This machine stands in Taipei."""
    monkeypatch.setenv("TZ", "Asia/Taipei")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_the_machines_own_time_zone_does_not_matter(local_time):
    assert certificates.isoformat(START) == "2026-11-22T10:30:00Z"


def test_purposes():
    def of(*wanted):
        return certificates.purposes(CA.leaf(KEY, purposes=list(wanted)))

    assert of(ExtendedKeyUsageOID.SERVER_AUTH) == {"serverAuth"}
    assert of(ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH) == {"serverAuth", "clientAuth"}
    assert of(ExtendedKeyUsageOID.CODE_SIGNING) == set()
    assert of() == {"serverAuth", "clientAuth"}
    assert of(x509.ObjectIdentifier("2.5.29.37.0")) == {"serverAuth", "clientAuth"}


def test_kinds_of_certificates():
    assert certificates.is_authority(CA.issuing.certificate)
    assert not certificates.is_authority(LEAF)
    assert certificates.is_self_issued(CA.root.certificate)
    assert not certificates.is_self_issued(CA.cyber_cross)
    assert certificates.names(CA.root.certificate) == ()
    assert certificates.common_name(LEAF) == "www.example.com.tw"
    unnamed = CA.issuing.sign(x509.Name([]), KEY.public_key())
    assert certificates.common_name(unnamed) is None
    assert not certificates.is_authority(unnamed)


@pytest.mark.parametrize(
    ("text", "of_100_days"),
    [("33%", 33), ("33.5%", 33.5), ("99%", 99), ("30d", 30), ("12h", 0.5), (" 1 d ", 1), ("0.5d", 0.5), ("400d", 400)],
)
def test_a_certificate_is_due_within_its_window_and_not_before(text, of_100_days):
    begin = START + datetime.timedelta(days=100 - of_100_days)
    assert certificates.window(LEAF, text, begin)
    assert not certificates.window(LEAF, text, begin - datetime.timedelta(seconds=1))
    assert certificates.window(LEAF, text, START + datetime.timedelta(days=101))


def test_a_window_that_begins_before_the_calendar_does_is_no_error():
    assert certificates.window(LEAF, "999999d", START)


@pytest.mark.parametrize(
    "text", ["", "33", "%", "30 days", "-1d", "0%", "0d", "0.0h", "1w", "1e3d", "d30", "٣d", "1" * 7 + "d"]
)
def test_a_window_that_is_none_is_refused(text):
    with pytest.raises(InputError, match=r"^renew_within must be a share of the lifetime, days or hours"):
        certificates.parse_renew_within(text)


@pytest.mark.parametrize("text", ["100%", "250%"])
def test_a_window_of_the_whole_lifetime_would_never_end(text):
    with pytest.raises(InputError, match="less than 100%, or every run would renew"):
        certificates.parse_renew_within(text)
