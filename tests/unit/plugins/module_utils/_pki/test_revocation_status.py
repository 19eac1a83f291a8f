# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import CertificateError, TwcaError
from ansible_collections.twca.ssl.plugins.module_utils._pki import revocation
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

CA = pki.authority()
ISSUER = CA.issuing
NOW = pki.now()
OCSP_URL, CRL_URL = "http://ocsp.test/", "http://crl.test/ca.crl"
LEAF = CA.leaf(pki.new_key(), ocsp=OCSP_URL, crl=CRL_URL)
REVOKED_AT = NOW - pki.DAY
STRANGER = pki.Issuer("TWCA Secure SSL CA (test)").self_sign()


def naive(moment):
    return moment and moment.replace(tzinfo=None)


def answer(
    *, certificate=LEAF, issuer=None, status=ocsp.OCSPCertStatus.GOOD, begin=NOW, end=NOW + pki.DAY, signer=None,
    responder=None, reason=None, certificates=(),
):  # fmt: skip
    revoked = status == ocsp.OCSPCertStatus.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=certificate,
        issuer=issuer or ISSUER.certificate,
        algorithm=hashes.SHA1(),
        cert_status=status,
        this_update=naive(begin),
        next_update=naive(end),
        revocation_time=naive(REVOKED_AT) if revoked else None,
        revocation_reason=reason if revoked else None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder or ISSUER.certificate)
    if certificates:
        builder = builder.certificates(list(certificates))
    return builder.sign(signer or ISSUER.key, hashes.SHA256()).public_bytes(Encoding.DER)


def crl(*, issuer=ISSUER, serial=None, begin=NOW, end=NOW + pki.DAY, reason=None, key=None, scope=None, pem=False):
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.name)
        .last_update(naive(begin))
        .next_update(naive(end))
    )
    if serial:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(naive(REVOKED_AT))
        if reason:
            entry = entry.add_extension(x509.CRLReason(reason), False)
        builder = builder.add_revoked_certificate(entry.build())
    if scope:
        plain = dict.fromkeys(
            ("only_contains_user_certs", "only_contains_ca_certs", "indirect_crl", "only_contains_attribute_certs"),
            False,
        )
        point = {"full_name": None, "relative_name": None, "only_some_reasons": None, **plain, **scope}
        builder = builder.add_extension(x509.IssuingDistributionPoint(**point), True)
    made = builder.sign(key or issuer.key, hashes.SHA256())
    return made.public_bytes(Encoding.PEM if pem else Encoding.DER)


def responder(*, issuer=ISSUER, purposes=(ExtendedKeyUsageOID.OCSP_SIGNING,), **options):
    key = pki.new_key()
    return key, issuer.leaf(key, ("ocsp.test",), purposes=list(purposes), **options)


def read_ocsp(data):
    return revocation.read_ocsp(data, LEAF, ISSUER.certificate, NOW)


def read_crl(data):
    return revocation.read_crl(data, LEAF, ISSUER.certificate, NOW)


class TestOcsp:
    def test_good(self):
        assert read_ocsp(answer()) == revocation.Status("good", "ocsp")
        assert read_ocsp(answer(end=None)).status == "good"

    @pytest.mark.parametrize(("reason", "name"), [(x509.ReasonFlags.superseded, "superseded"), (None, None)])
    def test_revoked(self, reason, name):
        status = read_ocsp(answer(status=ocsp.OCSPCertStatus.REVOKED, reason=reason))
        assert status == revocation.Status("revoked", "ocsp", REVOKED_AT, name)
        assert status.describe()["revoked_at"] == REVOKED_AT.strftime("%Y-%m-%dT%H:%M:%SZ")

    def test_a_responder_that_the_issuer_named_may_answer(self):
        key, certificate = responder()
        assert read_ocsp(answer(signer=key, responder=certificate, certificates=[certificate])).status == "good"

    @pytest.mark.parametrize(
        "made",
        [
            lambda: responder(purposes=[ExtendedKeyUsageOID.SERVER_AUTH]),
            lambda: responder(purposes=()),
            lambda: responder(start=NOW - 9 * pki.DAY, days=1),
            lambda: responder(issuer=CA.cyber),
            lambda: responder(issuer=pki.Issuer("TWCA Secure SSL CA (test)")),
        ],
    )
    def test_others_may_not(self, made):
        key, certificate = made()
        with pytest.raises(CertificateError, match="is not signed by the certificate's issuer"):
            read_ocsp(answer(signer=key, responder=certificate, certificates=[certificate]))

    @pytest.mark.parametrize(
        ("made", "sentence"),
        [
            (
                lambda: answer(signer=STRANGER.key, responder=STRANGER.certificate),
                "not signed by the certificate's issuer",
            ),
            (lambda: answer(certificate=CA.leaf(pki.new_key())), "about another certificate"),
            (lambda: answer(issuer=CA.cyber.certificate), "about another certificate"),
            (lambda: answer(status=ocsp.OCSPCertStatus.UNKNOWN), "does not know the certificate"),
            (lambda: answer(begin=NOW + pki.HOUR), "is from the future"),
            (lambda: answer(begin=NOW - 9 * pki.DAY, end=NOW - pki.HOUR), "is out of date since 20"),
            (lambda: answer(begin=NOW - 9 * pki.DAY, end=None), "OCSP answer is out of date since 20"),
            (lambda: answer(begin=NOW - pki.DAY, end=NOW - pki.HOUR), "OCSP answer is out of date since 20"),
            (lambda: b"<html>", "cannot be read"),
            (lambda: b"", "cannot be read"),
            (
                lambda: ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(
                    Encoding.DER
                ),
                "refuses to answer .TRY_LATER",
            ),
        ],
    )
    def test_what_does_not_count(self, made, sentence):
        with pytest.raises(CertificateError, match=sentence):
            read_ocsp(made())

    def test_clocks_may_differ_a_little(self):
        assert read_ocsp(answer(begin=NOW + pki.HOUR / 20)).status == "good"
        assert read_ocsp(answer(begin=NOW - pki.DAY, end=NOW - pki.HOUR / 20)).status == "good"

    def test_the_request_names_the_certificate_as_every_responder_knows_it(self):
        request = ocsp.load_der_ocsp_request(revocation.ocsp_request(LEAF, ISSUER.certificate))
        assert request.serial_number == LEAF.serial_number
        assert isinstance(request.hash_algorithm, hashes.SHA1)


class TestCrl:
    @pytest.mark.parametrize("pem", [True, False])
    def test_good(self, pem):
        assert read_crl(crl(pem=pem)) == revocation.Status("good", "crl")
        assert read_crl(crl(serial=LEAF.serial_number + 1)).status == "good"
        assert read_crl(crl(scope={"only_contains_user_certs": True})).status == "good"

    @pytest.mark.parametrize(("reason", "name"), [(x509.ReasonFlags.key_compromise, "keyCompromise"), (None, None)])
    def test_revoked(self, reason, name):
        status = read_crl(crl(serial=LEAF.serial_number, reason=reason))
        assert status == revocation.Status("revoked", "crl", REVOKED_AT, name)

    @pytest.mark.parametrize(
        ("made", "sentence"),
        [
            (lambda: crl(key=pki.new_key()), "not signed by the certificate's issuer"),
            (lambda: crl(issuer=CA.cyber), "not signed by the certificate's issuer"),
            (lambda: crl(begin=NOW - 9 * pki.DAY, end=NOW - pki.DAY), "CRL is out of date since 20"),
            (lambda: crl(begin=NOW - pki.DAY, end=NOW - pki.HOUR), "CRL is out of date since 20"),
            (lambda: crl(begin=NOW + pki.HOUR), "CRL is from the future"),
            (lambda: crl(scope={"only_contains_ca_certs": True}), "not about all server certificates"),
            (lambda: crl(scope={"indirect_crl": True}), "not about all server certificates"),
            (
                lambda: crl(scope={"only_some_reasons": frozenset([x509.ReasonFlags.superseded])}),
                "not about all server certificates",
            ),
            (lambda: b"<html>", "cannot be read"),
            (lambda: b"-----BEGIN X509 CRL-----\n-----END X509 CRL-----", "cannot be read"),
        ],
    )
    def test_what_does_not_count(self, made, sentence):
        with pytest.raises(CertificateError, match=sentence):
            read_crl(made())


class Web:
    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def __call__(self, url, body, content_type):
        self.asked.append((url, body and ocsp.load_der_ocsp_request(body).serial_number, content_type))
        data = self.answers.get("ocsp" if url == OCSP_URL else "crl")
        if data is None:
            raise TwcaError("no answer")
        return data


def check(web, certificate=LEAF):
    return revocation.check(certificate, ISSUER.certificate, web, NOW)


class TestCheck:
    def test_ocsp_is_asked_first_and_its_answer_is_enough(self):
        web = Web(ocsp=answer(), crl=crl(serial=LEAF.serial_number))
        assert check(web) == revocation.Status("good", "ocsp")
        assert web.asked == [(OCSP_URL, LEAF.serial_number, "application/ocsp-request")]

    @pytest.mark.parametrize("bad", [None, b"<html>", answer(status=ocsp.OCSPCertStatus.UNKNOWN)])
    def test_the_crl_is_asked_when_ocsp_gives_no_answer_that_counts(self, bad):
        web = Web(ocsp=bad, crl=crl(serial=LEAF.serial_number))
        status = check(web)
        assert web.asked[1:] == [(CRL_URL, None, "")]
        assert (status.status, status.source) == ("revoked", "crl")
        assert status.problems[0].startswith(f"{OCSP_URL}: ")

    def test_no_answer_is_not_good(self):
        status = check(Web())
        assert status.describe() == {
            "status": "unknown",
            "source": None,
            "revoked_at": None,
            "reason": None,
            "problems": [f"{OCSP_URL}: no answer", f"{CRL_URL}: no answer"],
        }

    def test_not_every_address_is_asked_that_a_certificate_names(self, monkeypatch):
        monkeypatch.setattr(revocation, "ocsp_urls", lambda _one: [OCSP_URL] * 100)
        monkeypatch.setattr(revocation, "crl_urls", lambda _one: [f"{CRL_URL}?{number}" for number in range(100)])
        asked = []

        def fetch(url, *_rest):
            asked.append(url)
            raise TwcaError("no answer")

        assert revocation.check(LEAF, ISSUER.certificate, fetch, NOW).status == "unknown"
        assert len(asked) == 5

    def test_a_certificate_that_names_no_source(self):
        status = check(Web(), CA.leaf(pki.new_key()))
        assert status.problems == ("the certificate names neither an OCSP responder nor a CRL",)

    def test_signatures_of_other_kinds_never_count(self):
        issuer = pki.Issuer("Edwards", ed25519.Ed25519PrivateKey.generate())
        issuer.certificate = CA.cyber.sign_authority(issuer)
        leaf = pki.Issuer("Edwards").leaf(pki.new_key(), crl=CRL_URL)
        with pytest.raises(CertificateError, match="not signed by"):
            revocation.read_crl(crl(issuer=pki.Issuer("Edwards")), leaf, issuer.certificate, NOW)
