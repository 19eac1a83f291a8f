# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An authority in memory, shaped as TWCA's has been since 2025: four levels, and a root without a subject key identifier.

``Authority.root`` (no key identifier) signs ``cyber_cross``, the cross-signed form of ``cyber`` (a root of its own); the
CYBER key signs ``issuing``, which signs the leaves. Works with cryptography 36 and later.
"""

from __future__ import annotations

import datetime
import functools
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def new_key(kind="ECC"):
    if kind == "RSA":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def pem(certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def der(certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def subject(common_name, organization="TAIWAN-CA Inc."):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TW"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _key_usage(**used):
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign "
        "encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: used.get(name, False) for name in names.split()})


class Issuer:
    """A name with a key; it signs certificates."""

    def __init__(self, common_name, key=None):
        self.name = subject(common_name)
        self.key = key or new_key()
        self.certificate = None

    def sign(self, name, public_key, *, start=None, end=None, extensions=(), identifiers=True, serial=None):
        start = start or now() - HOUR
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(public_key)
            .serial_number(serial or x509.random_serial_number())
            .not_valid_before(start.replace(tzinfo=None))
            .not_valid_after((end or start + 3650 * DAY).replace(tzinfo=None))
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        if identifiers:
            builder = builder.add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
        return builder.sign(self.key, hashes.SHA256())

    def sign_authority(self, issuer, *, key_identifier=True, authority_identifier=True, path_length=None, **options):
        extensions = [
            (x509.BasicConstraints(ca=True, path_length=path_length), True),
            (_key_usage(key_cert_sign=True, crl_sign=True), True),
        ]
        if key_identifier:
            extensions.append((x509.SubjectKeyIdentifier.from_public_key(issuer.key.public_key()), False))
        return self.sign(
            issuer.name, issuer.key.public_key(), extensions=extensions, identifiers=authority_identifier, **options
        )

    def self_sign(self, **options):
        self.certificate = self.sign_authority(self, authority_identifier=False, **options)
        return self

    def leaf(
        self,
        key,
        names=("www.example.com.tw",),
        *,
        common_name=None,
        days=198,
        start=None,
        end=None,
        purposes=(ExtendedKeyUsageOID.SERVER_AUTH,),
        ocsp=None,
        crl=None,
        issuers=None,
        **options,
    ):
        """A server certificate; each option makes it differ in one way from a good one."""
        start = start or now() - HOUR
        extensions = [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_key_usage(digital_signature=True), True),
            (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        ]
        if names:
            extensions.append((x509.SubjectAlternativeName([general_name(name) for name in names]), False))
        if purposes:
            extensions.append((x509.ExtendedKeyUsage(purposes), False))
        access = [
            x509.AccessDescription(method, x509.UniformResourceIdentifier(url))
            for method, url in (
                (x509.AuthorityInformationAccessOID.OCSP, ocsp),
                (x509.AuthorityInformationAccessOID.CA_ISSUERS, issuers),
            )
            if url
        ]
        if access:
            extensions.append((x509.AuthorityInformationAccess(access), False))
        if crl:
            point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)
            extensions.append((x509.CRLDistributionPoints([point]), False))
        name = subject(common_name or (names[0] if names else "www.example.com.tw"), "Example Ltd.")
        return self.sign(
            name, key.public_key(), start=start, end=end or start + days * DAY, extensions=extensions, **options
        )


def general_name(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class Authority:
    def __init__(self):
        self.root = Issuer("TWCA Global Root CA (test)").self_sign(key_identifier=False)
        self.cyber = Issuer("TWCA CYBER Root CA (test)").self_sign()
        self.cyber_cross = self.root.sign_authority(self.cyber, authority_identifier=False)
        self.issuing = Issuer("TWCA Secure SSL CA (test)")
        self.issuing.certificate = self.cyber.sign_authority(self.issuing, path_length=0)

    @property
    def chain(self):
        """The intermediates as TWCA delivers them: leaf's issuer first, root left out."""
        return [self.issuing.certificate, self.cyber_cross]

    def leaf(self, key, names=("www.example.com.tw",), **options):
        return self.issuing.leaf(key, names, **options)


@functools.cache
def authority() -> Authority:
    """One authority for the whole test run: it is read only."""
    return Authority()
