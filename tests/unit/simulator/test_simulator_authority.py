# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certification authority, checked with cryptography and with OpenSSL."""

from __future__ import annotations

import subprocess
import typing as t
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from conftest import NAME, Person, make_csr, order
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from simulator import Simulator


@pytest.fixture
def skin() -> str:
    return "modern"


def issue(simulator: Simulator, **approval: t.Any) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """A leaf and its intermediates."""
    order(simulator, make_csr(names=["example.com.tw"]))
    simulator.approve(NAME, **approval)
    pem = simulator.orders()[0]["certificates"][0]["pem"]
    return x509.load_pem_x509_certificate(pem.encode()), simulator.office.authority.intermediates()


def verify(leaf: x509.Certificate, others: list[x509.Certificate], roots: str) -> list[x509.Certificate]:
    anchors = Store(x509.load_pem_x509_certificates(Path(roots).read_bytes()))
    return PolicyBuilder().store(anchors).build_server_verifier(x509.DNSName(NAME)).verify(leaf, others)


def test_chain_of_four_to_a_root_without_identifier(simulator: Simulator, tmp_path: Path) -> None:
    leaf, others = issue(simulator)

    chain = verify(leaf, others, simulator.root)

    assert len(chain) == 4
    with pytest.raises(x509.ExtensionNotFound):
        chain[-1].extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    (tmp_path / "leaf.pem").write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "others.pem").write_bytes(b"".join(c.public_bytes(serialization.Encoding.PEM) for c in others))
    command = ["openssl", "verify", "-purpose", "sslserver", "-verify_hostname", NAME, "-CAfile", simulator.root]
    command += ["-untrusted", str(tmp_path / "others.pem"), str(tmp_path / "leaf.pem")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_the_newer_root_needs_no_cross_signature(simulator: Simulator) -> None:
    leaf, others = issue(simulator)

    assert len(verify(leaf, others[:1], simulator.roots)) == 3
    with pytest.raises(VerificationError):
        verify(leaf, others[:1], simulator.root)


def test_leaf(simulator: Simulator) -> None:
    leaf, _others = issue(simulator)

    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == timedelta(days=198)
    assert leaf.subject.rfc4514_string() == f"CN={NAME},O=Example Ltd.,L=Taipei,ST=Taiwan,C=TW"
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [NAME, "example.com.tw"]
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_lifetime_age_and_client_auth(simulator: Simulator) -> None:
    simulator.configure(client_auth=True)

    leaf, _others = issue(simulator, lifetime="10m", age="9m")

    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == timedelta(minutes=10)
    usage = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert ExtendedKeyUsageOID.CLIENT_AUTH in usage


def test_expired_entry(simulator: Simulator) -> None:
    issue(simulator, lifetime="1d", age="2d")

    assert "已過期" in Person(simulator).search(NAME).text


def test_issuer_address_leads_to_the_issuer(simulator: Simulator) -> None:
    leaf, others = issue(simulator)

    for subject, issuer in zip((leaf, *others), others):
        access = subject.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
        [address] = [
            d.access_location.value for d in access if d.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        ]
        assert x509.load_der_x509_certificate(requests.get(address, timeout=5).content) == issuer


def ask(leaf: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPResponse:
    request = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA1())
    request = request.add_extension(x509.OCSPNonce(b"0123456789abcdef"), critical=False)
    access = leaf.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    [address] = [d.access_location.value for d in access if d.access_method == AuthorityInformationAccessOID.OCSP]
    content = request.build().public_bytes(serialization.Encoding.DER)
    return ocsp.load_der_ocsp_response(requests.post(address, content, timeout=5).content)


def test_revocation_reaches_ocsp_and_crl(simulator: Simulator) -> None:
    leaf, others = issue(simulator)
    point = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints).value[0]
    address = point.full_name[0].value

    def listed() -> bool:
        crl = x509.load_der_x509_crl(requests.get(address, timeout=5).content)
        assert crl.is_signature_valid(t.cast(t.Any, others[0].public_key()))
        return crl.get_revoked_certificate_by_serial_number(leaf.serial_number) is not None

    assert ask(leaf, others[0]).certificate_status is ocsp.OCSPCertStatus.GOOD and not listed()
    Person(simulator).revoke(NAME)
    simulator.confirm_revocation(NAME)

    answer = ask(leaf, others[0])
    assert answer.certificate_status is ocsp.OCSPCertStatus.REVOKED and listed()
    key = t.cast(ec.EllipticCurvePublicKey, others[0].public_key())
    key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(hashes.SHA256()))


def test_openssl_takes_the_ocsp_answer(simulator: Simulator, tmp_path: Path) -> None:
    leaf, others = issue(simulator)
    for name, certificates in (("leaf", [leaf]), ("issuer", others[:1]), ("others", others)):
        content = b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in certificates)
        (tmp_path / name).write_bytes(content)

    command = ["openssl", "ocsp", "-issuer", "issuer", "-cert", "leaf", "-url", f"{simulator.http_url}ocsp"]
    command += ["-CAfile", simulator.root, "-verify_other", "others"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert "leaf: good" in done.stdout and "Response verify OK" in done.stderr


@pytest.mark.parametrize("form", ["pem", "der", "pkcs7", "page"])
def test_formats(simulator: Simulator, form: str) -> None:
    simulator.configure(format=form)
    order(simulator)
    simulator.approve(NAME)

    content = Person(simulator).download(NAME)

    if form == "pkcs7":
        assert len(pkcs7.load_der_pkcs7_certificates(content)) == 3
    elif form == "der":
        assert x509.load_der_x509_certificate(content)
    elif form == "page":
        assert b"<html" in content and b"-----BEGIN CERTIFICATE-----" in content
    else:
        assert content.startswith(b"-----BEGIN CERTIFICATE-----")


@pytest.mark.parametrize("kind", ["wrong_key", "expired", "names_missing", "foreign_chain", "no_server_auth"])
def test_wrong_certificates(simulator: Simulator, kind: str) -> None:
    good, others = issue(simulator)
    simulator.fault(kind, task="download")
    person = Person(simulator)

    bad = x509.load_pem_x509_certificate(person.download(NAME))

    assert (bad.public_key() != good.public_key()) == (kind == "wrong_key")
    assert bad.serial_number == good.serial_number
    if kind != "wrong_key":
        with pytest.raises(VerificationError):
            verify(bad, others, simulator.roots)
    assert x509.load_pem_x509_certificate(person.download(NAME)) == good


def test_portal_may_have_a_public_certificate(start: t.Callable[..., Simulator]) -> None:
    simulator = start(portal_issuer="public")

    assert simulator.portal_ca == simulator.root
    command = [
        "openssl",
        "s_client",
        "-verify_return_error",
        "-CAfile",
        simulator.root,
        "-connect",
        simulator.url[8:-1],
    ]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert "Verify return code: 0 (ok)" in done.stdout
