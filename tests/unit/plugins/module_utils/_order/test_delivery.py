# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was delivered: the certificate asked for, proven, with a chain; and how it differs from the one before."""

from __future__ import annotations

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import CertificateError, PortalError
from ansible_collections.twca.ssl.plugins.module_utils._order import delivery
from ansible_collections.twca.ssl.plugins.module_utils._pki import csr
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID

NAME = "www.example.com.tw"
AUTHORITY = pki.authority()
KEY = pki.new_key()
ROOTS = [AUTHORITY.root.certificate]
REQUEST = csr.load(csr.build(pki.key_pem(KEY), csr.Subject(NAME, "TW"), (f"DNS:{NAME}",)))


def test_of_several_with_the_key_the_one_that_is_valid_longest():
    short, long, other = (AUTHORITY.leaf(key, days=days) for key, days in ((KEY, 10), (KEY, 20), (pki.new_key(), 30)))
    assert delivery.with_key([short, other, long], REQUEST) is long
    assert delivery.with_key([other, AUTHORITY.leaf(ed25519.Ed25519PrivateKey.generate())], REQUEST) is None


def test_all_that_was_delivered_is_read():
    leaf = AUTHORITY.leaf(KEY)
    blobs = [pki.der(leaf), b"nothing", "".join(map(pki.pem, AUTHORITY.chain)).encode()]
    assert delivery.parse(blobs) == [leaf, *AUTHORITY.chain]


def test_another_keys_certificate_is_refused():
    with pytest.raises(CertificateError, match="The certificate's public key is not the CSR's"):
        delivery.prove(AUTHORITY.leaf(pki.new_key()), AUTHORITY.chain, REQUEST, ROOTS)


def test_intermediates_are_asked_for_one_source_after_another_and_only_while_needed():
    asked = []

    def source(name, *found):
        def give(known):
            asked.append((name, len(known)))
            return found

        return give

    issuing, cross = AUTHORITY.chain
    leaf = AUTHORITY.leaf(KEY)
    sources = source("none"), source("issuing", issuing), source("cross", cross), source("never", issuing)
    proven = delivery.prove(leaf, [], REQUEST, ROOTS, *sources)
    assert proven == delivery.Delivery(leaf, (issuing, cross))
    assert asked == [("none", 1), ("issuing", 1), ("cross", 2)]
    with pytest.raises(CertificateError):
        delivery.prove(leaf, [], REQUEST, ROOTS, source("issuing", issuing))


def chain_of_addresses(length):
    """Certificates that each name the next one's address, and what stands at these."""
    urls = [f"http://issuers.example/{number}" for number in range(length)]
    certificates = [AUTHORITY.leaf(KEY, issuers=url) for url in urls]
    return certificates[0], dict(zip(urls, map(pki.der, [*certificates[1:], AUTHORITY.cyber_cross])))


class Web:
    """Fetches files and remembers what was asked for."""

    def __init__(self, files):
        self.files = files
        self.asked = []

    def __call__(self, url):
        self.asked.append(url)
        if url not in self.files:
            raise PortalError("no such file")
        return self.files[url]


def test_named_issuers_are_followed_each_address_once():
    first, files = chain_of_addresses(2)
    web = Web(files)
    found = list(delivery.named_issuers([first, first], web))
    assert [pki.der(one) for one in found] == list(files.values())
    assert web.asked == list(files)


def test_an_address_that_cannot_be_fetched_hides_no_other():
    first, files = chain_of_addresses(1)
    web = Web(files)
    lost = AUTHORITY.leaf(KEY, issuers="http://gone.example/")
    assert list(delivery.named_issuers([lost, first], web)) == [AUTHORITY.cyber_cross]
    assert web.asked == ["http://gone.example/", *files]


def test_no_certificate_can_make_it_ask_for_ever():
    first, files = chain_of_addresses(20)
    web = Web(files)
    assert len(list(delivery.named_issuers([first], web))) == 8
    assert web.asked == list(files)[:8]
    many = [AUTHORITY.leaf(KEY, issuers=f"http://gone.example/{number}") for number in range(9)]
    web = Web({})
    assert list(delivery.named_issuers(many, web)) == []
    assert len(web.asked) == 8


def test_whether_a_mail_alone_proves_the_certificate():
    leaf = AUTHORITY.leaf(KEY)
    assert delivery.is_proven([*AUTHORITY.chain, leaf], REQUEST, ROOTS)
    assert not delivery.is_proven([leaf], REQUEST, ROOTS)
    assert not delivery.is_proven([AUTHORITY.leaf(pki.new_key()), *AUTHORITY.chain], REQUEST, ROOTS)
    assert not delivery.is_proven([], REQUEST, ROOTS)


BOTH = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH
SERVER = delivery.Delivery(AUTHORITY.leaf(KEY), tuple(AUTHORITY.chain))


def test_a_successor_alike_needs_no_word():
    assert delivery.differences(SERVER, delivery.Delivery(AUTHORITY.leaf(KEY), tuple(AUTHORITY.chain))) == []


def test_what_a_person_should_know_of_a_successor():
    other = pki.Authority()
    other.issuing = pki.Issuer("Another CA")
    other.issuing.certificate = other.cyber.sign_authority(other.issuing, path_length=0)
    elsewhere = delivery.Delivery(other.leaf(KEY), tuple(other.chain))
    (note,) = delivery.differences(SERVER, elsewhere)
    assert note.startswith("The issuer is CN=TWCA Secure SSL CA (test),")
    assert "the certificate before was issued by CN=Another CA," in note

    shorter = delivery.Delivery(AUTHORITY.leaf(KEY), tuple(AUTHORITY.chain[:1]))
    (note,) = delivery.differences(SERVER, shorter)
    assert note.startswith("The chain leads over CN=TWCA Secure SSL CA (test),")
    assert note.index("CN=TWCA Global Root CA") < note.index("that of the certificate before")

    client = delivery.Delivery(AUTHORITY.leaf(KEY, purposes=BOTH), tuple(AUTHORITY.chain))
    (note,) = delivery.differences(SERVER, client)
    assert note.startswith("The new certificate no longer serves for clientAuth, as the one before did;")
    assert delivery.differences(client, SERVER) == []
