# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certification authority: the hierarchy of 2025, leaves, and what goes wrong with them on request.

Global Root (no subject key identifier, like the real one) → CYBER Root (cross-signed; a root of its own too) → issuing CA
→ server certificate. A private CA, and a foreign hierarchy for certificates that chain to nobody's root, stand beside it.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from .rules import Request
from .settings import Files

Certificate = x509.Certificate

_POLICY = ObjectIdentifier("2.23.140.1.2.2")  # CA/Browser Forum, organization validated
_LEVEL = "TWCA Secure SSL (SIMULATOR)"
_NAMES = {
    "root": ("TAIWAN-CA", "Root CA", "TWCA Global Root CA (SIMULATOR)"),
    "cyber": ("TAIWAN-CA", "Root CA", "TWCA CYBER Root CA (SIMULATOR)"),
    "issuing": ("TAIWAN-CA", "Secure SSL Sub-CA", "TWCA Secure SSL Certification Authority (SIMULATOR)"),
    "portal": ("TAIWAN-CA", "Portal", "TWCA Portal CA (SIMULATOR)"),
    "foreign-root": ("Elsewhere", "Root CA", "Foreign Root CA (SIMULATOR)"),
    "foreign": ("Elsewhere", "Sub-CA", "Foreign Certification Authority (SIMULATOR)"),
}
# file name: subject, issuer, has a subject key identifier
_HIERARCHY = {
    "root": ("root", "root", False),
    "cyber-root": ("cyber", "cyber", True),
    "cyber-cross": ("cyber", "root", True),
    "issuing": ("issuing", "cyber", True),
    "portal-ca": ("portal", "portal", True),
    "foreign-root": ("foreign-root", "foreign-root", True),
    "foreign": ("foreign", "foreign-root", True),
}


@dataclasses.dataclass(frozen=True)
class Terms:
    """How a leaf is made; the switches besides the dates are the faults a delivered certificate can have."""

    not_before: datetime
    not_after: datetime
    client_auth: bool = False
    server_auth: bool = True
    issuer: str = "issuing"
    names: tuple[str, ...] | None = None
    serial: int | None = None
    other_key: bool = False


class Authority:
    """Opens the hierarchy in a directory; :meth:`create` makes it there first."""

    level = _LEVEL

    def __init__(self, files: Files, http_url: str) -> None:
        self._directory = files.authorities
        self._http_url = http_url

    @staticmethod
    def create(files: Files, http_url: str) -> None:
        """Makes what is missing. Certificates name ``http_url`` for AIA and CDP, so it should not change later."""
        directory = files.authorities
        directory.mkdir(parents=True, exist_ok=True)
        if files.roots.exists():
            return
        keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in _NAMES}
        for name, key in keys.items():
            _write(directory / f"{name}.key", _key_pem(key), 0o600)
        certificates = {}
        for file_name, (subject, issuer, identified) in _HIERARCHY.items():
            urls = None if subject == issuer else (http_url, "cyber-cross" if issuer == "cyber" else issuer)
            certificates[file_name] = _authority_certificate(
                subject, keys[subject], issuer, keys[issuer], identified=identified, urls=urls
            )
            _write(directory / f"{file_name}.pem", pem(certificates[file_name]))
        _write(files.roots, pem(certificates["root"]) + pem(certificates["cyber-root"]))

    def certificate(self, name: str) -> Certificate:
        return x509.load_pem_x509_certificate((self._directory / f"{name}.pem").read_bytes())

    def key(self, name: str) -> ec.EllipticCurvePrivateKey:
        key = serialization.load_pem_private_key((self._directory / f"{name}.key").read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key

    def intermediates(self, issuer: str = "issuing") -> list[Certificate]:
        """What is delivered beside a leaf, its issuer first."""
        names = ("issuing", "cyber-cross") if issuer == "issuing" else ("foreign", "foreign-root")
        return [self.certificate(name) for name in names]

    def issue(self, request: Request, terms: Terms) -> Certificate:
        """A server certificate for a checked CSR."""
        csr = x509.load_pem_x509_csr(request.pem.encode())
        public_key = ec.generate_private_key(ec.SECP256R1()).public_key() if terms.other_key else csr.public_key()
        # Since September 2022 none may hold an organizational unit (CA/Browser Forum, ballot SC47).
        subject = x509.Name([one for one in csr.subject if one.oid != NameOID.ORGANIZATIONAL_UNIT_NAME])
        return self._leaf(subject, public_key, terms.names or request.names, terms)

    def portal_identity(self, names: tuple[str, ...], issuer: str) -> tuple[Path, Path]:
        """Files of a fresh certificate (with its chain) and key for the portal itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = _now()
        terms = Terms(now - timedelta(hours=1), now + timedelta(days=198), issuer=issuer)
        certificate = self._leaf(
            _name("TAIWAN-CA", "Portal", names[0].partition(":")[2]), key.public_key(), names, terms
        )
        chain = [certificate, *(self.intermediates() if issuer == "issuing" else [])]
        paths = self._directory / "portal-server.pem", self._directory / "portal-server.key"
        _write(paths[0], b"".join(map(pem, chain)))
        _write(paths[1], _key_pem(key), 0o600)
        return paths

    def _leaf(
        self, subject: x509.Name, public_key: CertificatePublicKeyTypes, names: tuple[str, ...], terms: Terms
    ) -> Certificate:
        issuer = terms.issuer
        issuer_certificate, issuer_key = (
            self.certificate("portal-ca" if issuer == "portal" else issuer),
            self.key(issuer),
        )
        usages = []
        if terms.server_auth:
            usages.append(ExtendedKeyUsageOID.SERVER_AUTH)
        if terms.client_auth or not usages:
            usages.append(ExtendedKeyUsageOID.CLIENT_AUTH)
        builder = (
            _builder(subject, issuer_certificate.subject, public_key, terms.not_before, terms.not_after, terms.serial)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
            .add_extension(_key_usage(leaf=True, encipherment=isinstance(public_key, rsa.RSAPublicKey)), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
            .add_extension(x509.CertificatePolicies([x509.PolicyInformation(_POLICY, None)]), critical=False)
        )
        if issuer != "portal":
            builder = _with_urls(builder, self._http_url, issuer)
        return builder.sign(issuer_key, hashes.SHA256())


def pem(certificate: Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def der(certificate: Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def packed(certificates: list[Certificate], form: str) -> tuple[bytes, str, str]:
    """Certificates as delivered: content, media type, file extension. Only PKCS#7 holds more than the first."""
    if form == "pkcs7":
        content = pkcs7.serialize_certificates(certificates, serialization.Encoding.DER)
        return content, "application/x-pkcs7-certificates", "p7b"
    if form == "der":
        return der(certificates[0]), "application/x-x509-ca-cert", "cer"
    return pem(certificates[0]), "application/x-x509-ca-cert", "cer"


def _authority_certificate(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    identified: bool,
    urls: tuple[str, str] | None,
) -> Certificate:
    now = _now()
    begin, end = now - timedelta(days=400), now + timedelta(days=3650)
    path_length = 0 if subject in ("issuing", "foreign") else None
    builder = (
        _builder(_name(*_NAMES[subject]), _name(*_NAMES[issuer]), key.public_key(), begin, end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(_key_usage(leaf=False), critical=True)
    )
    if identified:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    if urls is not None:
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        builder = builder.add_extension(authority_key, critical=False)
        builder = builder.add_extension(
            x509.CertificatePolicies([x509.PolicyInformation(_POLICY, None)]), critical=False
        )
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        builder = _with_urls(builder, *urls)
    return builder.sign(issuer_key, hashes.SHA256())


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: CertificatePublicKeyTypes,
    not_before: datetime,
    not_after: datetime,
    serial: int | None = None,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )


def _with_urls(builder: x509.CertificateBuilder, http_url: str, issuer: str) -> x509.CertificateBuilder:
    access = [
        (AuthorityInformationAccessOID.OCSP, f"{http_url}ocsp"),
        (AuthorityInformationAccessOID.CA_ISSUERS, f"{http_url}{issuer}.cer"),
    ]
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{http_url}{issuer}.crl")], None, None, None)
    descriptions = [x509.AccessDescription(method, x509.UniformResourceIdentifier(url)) for method, url in access]
    return builder.add_extension(x509.AuthorityInformationAccess(descriptions), critical=False).add_extension(
        x509.CRLDistributionPoints([point]), critical=False
    )


def _key_usage(*, leaf: bool, encipherment: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=encipherment,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not leaf,
        crl_sign=not leaf,
        encipher_only=False,
        decipher_only=False,
    )


def _name(organization: str, unit: str, common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TW"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _general_name(name: str) -> x509.GeneralName:
    kind, _colon, value = name.partition(":")
    if kind == "IP":
        return x509.IPAddress(ipaddress.ip_address(value))
    return x509.DNSName(value)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes, mode: int = 0o644) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as stream:
        stream.write(content)


def _now() -> datetime:
    return datetime.now(timezone.utc).replace(microsecond=0)
