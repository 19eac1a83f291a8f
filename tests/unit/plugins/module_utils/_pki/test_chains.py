# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import builtins
import datetime

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import CertificateError, MissingLibraryError
from ansible_collections.twca.ssl.plugins.module_utils._pki import chains
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID

NAMES = ("DNS:www.example.com.tw",)
try:
    from cryptography.x509.verification import ExtensionPolicy
except ImportError:
    ExtensionPolicy = None
needs_policies = pytest.mark.skipif(ExtensionPolicy is None, reason="only the portal host needs cryptography >= 45")


@pytest.fixture(scope="module")
def ca():
    return pki.authority()


@pytest.fixture(scope="module")
def leaf(ca):
    return ca.leaf(pki.new_key())


def test_links_in_order(ca, leaf):
    chains.check_links(leaf, ca.chain)
    chains.check_links(leaf, [])


def test_links_out_of_order_or_of_strangers_are_named(ca, leaf):
    with pytest.raises(
        CertificateError, match=r"www\.example\.com\.tw is not signed by TWCA CYBER Root CA \(test\) after it"
    ):
        chains.check_links(leaf, ca.chain[::-1])
    with pytest.raises(CertificateError, match=r"TWCA Secure SSL CA \(test\) is not signed by TWCA Global Root CA"):
        chains.check_links(leaf, [ca.issuing.certificate, ca.root.certificate])


def test_a_leaf_cannot_sign(ca):
    key = pki.new_key()
    false = pki.Issuer("www.example.com.tw", key)
    false.name = ca.leaf(key).subject
    with pytest.raises(CertificateError, match="is no certificate of an authority"):
        chains.check_links(false.leaf(pki.new_key(), ("other.tw",)), [ca.leaf(key)])


def test_signatures_are_those_of_key_and_name(ca, leaf):
    namesake = pki.Issuer("TWCA Secure SSL CA (test)").self_sign().certificate
    assert not chains.is_signed_by(leaf, namesake)
    rsa = pki.Issuer("RSA", pki.new_key("RSA")).self_sign()
    assert chains.is_signed_by(rsa.leaf(pki.new_key()), rsa.certificate)
    assert not chains.is_signed_by(pki.Issuer("RSA").leaf(pki.new_key()), rsa.certificate)
    other = pki.Issuer("Edwards", ed25519.Ed25519PrivateKey.generate())
    other.certificate = ca.cyber.sign_authority(other)
    impostor = pki.Issuer("Edwards").leaf(pki.new_key())
    assert not chains.is_signed_by(impostor, other.certificate)
    ecdsa_with_sha256, unheard_of = (bytes.fromhex(f"06082a8648ce3d0403{last}") for last in ("02", "7f"))
    strange = x509.load_der_x509_certificate(pki.der(leaf).replace(ecdsa_with_sha256, unheard_of))
    assert not chains.is_signed_by(strange, ca.issuing.certificate)


def test_dates(ca, leaf):
    chains.check_dates(leaf, pki.now())
    with pytest.raises(CertificateError, match=r"of www.example.com.tw expired on 20..-..-..T"):
        chains.check_dates(leaf, pki.now() + 199 * pki.DAY)
    with pytest.raises(CertificateError, match=r"not valid before .*Z \(is this host's clock right\?\)"):
        chains.check_dates(leaf, pki.now() - 2 * pki.HOUR)


@needs_policies
class TestBuild:
    def test_four_levels_up_to_a_root_without_a_key_identifier(self, ca, leaf):
        assert chains.build(leaf, ca.chain, [ca.root.certificate], names=NAMES) == ca.chain

    def test_order_strangers_and_the_leaf_itself_among_the_delivered_do_not_matter(self, ca, leaf):
        stranger = pki.Issuer("Stranger").self_sign().certificate
        delivered = [ca.root.certificate, stranger, *reversed(ca.chain), leaf, leaf]
        assert chains.build(leaf, delivered, [ca.root.certificate], names=NAMES) == ca.chain

    def test_the_longest_of_several_chains_is_taken_since_older_clients_need_it(self, ca, leaf):
        roots = [ca.cyber.certificate, ca.root.certificate]
        assert chains.build(leaf, ca.chain, roots, names=NAMES) == ca.chain
        assert chains.build(leaf, ca.chain, roots[:1], names=NAMES) == ca.chain[:1]

    def test_the_choice_does_not_depend_on_the_order_of_delivery(self, ca, leaf):
        twin = ca.root.sign_authority(ca.cyber, authority_identifier=False, end=pki.now() + 100 * pki.DAY)
        for extra in ([*ca.chain, twin], [twin, *ca.chain]):
            assert chains.build(leaf, extra, [ca.root.certificate], names=NAMES) == ca.chain

    def test_an_expired_cross_certificate_is_passed_over(self, ca, leaf):
        old = ca.root.sign_authority(ca.cyber, start=pki.now() - 9 * pki.DAY, end=pki.now() - pki.DAY)
        delivered, roots = [ca.issuing.certificate, old], [ca.root.certificate, ca.cyber.certificate]
        assert chains.build(leaf, delivered, roots, names=NAMES) == [ca.issuing.certificate]
        with pytest.raises(CertificateError, match=r"TWCA CYBER Root CA \(test\) is not valid at this time"):
            chains.build(leaf, delivered, roots[:1], names=NAMES)

    def test_a_root_may_sign_the_leaf_itself(self, ca):
        assert chains.build(ca.cyber.leaf(pki.new_key()), [], [ca.cyber.certificate], names=NAMES) == []

    @pytest.mark.parametrize("names", [("*.example.com.tw",), ("192.0.2.7",), ("a.example.com.tw", "192.0.2.7")])
    def test_wildcards_and_addresses(self, ca, names):
        wanted = [("IP:" if name[0] == "1" else "DNS:") + name for name in names]
        leaf = ca.leaf(pki.new_key(), names, common_name="x")
        assert chains.build(leaf, ca.chain, [ca.root.certificate], names=wanted) == ca.chain

    @pytest.mark.parametrize(
        ("options", "names", "sentence"),
        [
            ({"days": 1, "start": pki.now() - 3 * pki.DAY}, NAMES, "expired on 20"),
            ({"start": pki.now() + pki.DAY}, NAMES, "not valid before 20"),
            ({}, (*NAMES, "DNS:b.example.com.tw"), "lacks the names DNS:b.example.com.tw"),
            ({"names": ()}, NAMES, "lacks the names DNS:www.example.com.tw"),
            ({"purposes": [ExtendedKeyUsageOID.CLIENT_AUTH]}, NAMES, "its purposes lack serverAuth"),
        ],
    )
    def test_each_defect_of_a_leaf_has_its_sentence(self, ca, options, names, sentence):
        with pytest.raises(CertificateError, match=sentence):
            chains.build(ca.leaf(pki.new_key(), **options), ca.chain, [ca.root.certificate], names=names)

    def test_a_foreign_chain_names_the_issuer_that_is_missing(self, ca, leaf):
        stranger = pki.Issuer("Stranger").self_sign()
        with pytest.raises(
            CertificateError, match=r"of its issuer CN=TWCA Global Root CA \(test\).* is trusted or was"
        ):
            chains.build(leaf, ca.chain, [stranger.certificate], names=NAMES)
        with pytest.raises(CertificateError, match=r"of its issuer CN=TWCA Secure SSL CA"):
            chains.build(leaf, [], [ca.root.certificate], names=NAMES)

    def test_a_delivered_root_is_never_trusted(self, ca, leaf):
        with pytest.raises(CertificateError, match="does not lead to a trusted root"):
            chains.build(leaf, [*ca.chain, ca.root.certificate, ca.cyber.certificate], [], names=NAMES)

    def test_the_same_name_with_another_key_is_no_issuer(self, ca):
        forged = pki.Issuer("TWCA Secure SSL CA (test)").leaf(pki.new_key())
        with pytest.raises(CertificateError, match="does not lead to a trusted root"):
            chains.build(forged, ca.chain, [ca.root.certificate], names=NAMES)

    def test_a_path_length_that_is_overrun_does_not_verify(self, ca):
        below = pki.Issuer("Below")
        below.certificate = ca.issuing.sign_authority(below)
        with pytest.raises(CertificateError, match="does not verify: "):
            leaf = below.leaf(pki.new_key())
            chains.build(leaf, [below.certificate, *ca.chain], [ca.root.certificate], names=NAMES)

    def test_hostile_authorities_that_all_sign_each_other_end_the_search(self):
        key, root = pki.new_key(), pki.new_key()
        anchor = pki.Issuer("Anchor", root).self_sign()
        crossing = [
            pki.Issuer(f"Ring {here}", key).sign_authority(pki.Issuer(f"Ring {there}", key))
            for here in range(6)
            for there in range(6)
            if here != there
        ]
        leaf = pki.Issuer("Ring 0", key).leaf(pki.new_key())
        with pytest.raises(CertificateError, match="does not lead to a trusted root"):
            chains.build(leaf, crossing, [anchor.certificate], names=NAMES)

    def test_a_given_moment_decides(self, ca, leaf):
        late = datetime.datetime.now(datetime.timezone.utc) + 199 * pki.DAY
        with pytest.raises(CertificateError, match="expired on"):
            chains.build(leaf, ca.chain, [ca.root.certificate], names=NAMES, now=late)

    def test_an_older_library_is_said_to_be_too_old(self, ca, leaf, monkeypatch):
        real = builtins.__import__

        def without(name, *args, **options):
            if name == "cryptography.x509" and "verification" in (args[2] or ()):
                raise ImportError(name)
            return real(name, *args, **options)

        monkeypatch.setattr(builtins, "__import__", without)
        with pytest.raises(MissingLibraryError, match="cryptography >= 45"):
            chains.build(leaf, ca.chain, [ca.root.certificate], names=NAMES)
