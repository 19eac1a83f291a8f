# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificate stores of a host, what .NET reads out of a certificate file, and the chain that Schannel sends."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs7, pkcs12

from .errors import ModuleFailure

# DER of the object identifier PBES2 (1.2.840.113549.1.5.13), the encryption that Windows reads from Server 2019 on.
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_IMPORT_FAILED = 'Failed to load cert from file: Exception calling "Import" with "3" argument(s): '
_WRONG_PASSWORD = _IMPORT_FAILED + '"The specified network password is not correct.\r\n"'
_UNKNOWN_OBJECT = _IMPORT_FAILED + '"Cannot find the requested object.\r\n"'


@dataclass
class StoredCertificate:
    """A certificate in a store; ``key_storage`` says whose key container holds its key."""

    pem: str
    private_key: str | None = None
    exportable: bool = False
    key_storage: str | None = None

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.pem.encode())

    @property
    def thumbprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA1()).hex().upper()


Store = dict[str, StoredCertificate]


class Stores:
    """Store names and thumbprints are compared without regard to case, as Windows does."""

    LOCATIONS = ("CurrentUser", "LocalMachine")

    def __init__(self) -> None:
        self.locations: dict[str, dict[str, Store]] = {
            location: {name: {} for name in ("My", "CA", "Root", "AuthRoot", "TrustedPeople", "WebHosting")}
            for location in self.LOCATIONS
        }
        self.key_containers = 0

    def find(self, location: str, name: str) -> Store | None:
        return next((store for known, store in self.locations[location].items() if known.lower() == name.lower()), None)

    def machine(self, name: str) -> Store:
        store = self.find("LocalMachine", name)
        return {} if store is None else store

    def load(
        self, data: bytes, password: str | None, *, exportable: bool, key_storage: str, windows: int
    ) -> list[StoredCertificate]:
        """``X509Certificate2Collection.Import``: every import of a key leaves a new key container, wanted or not.

        Of a PEM file it reads the first certificate only, and never a key. A PKCS#12 gives its authority certificates
        first and the leaf last.
        """
        if b"-----BEGIN" in data:
            return [_public(certificate) for certificate in _pem(data)]
        try:
            return [_public(x509.load_der_x509_certificate(data))]
        except ValueError:
            pass
        if _PBES2 in data and windows < 2019:
            raise ModuleFailure(_WRONG_PASSWORD)
        try:
            content = pkcs12.load_pkcs12(data, (password or "").encode() or None)
        except ValueError:
            raise ModuleFailure(_WRONG_PASSWORD) from None
        certificates = [_public(extra.certificate) for extra in content.additional_certs]
        if content.cert is not None:
            leaf = _public(content.cert.certificate)
            if content.key is not None:
                leaf.private_key = content.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
                leaf.exportable, leaf.key_storage = exportable, "machine" if key_storage == "machine" else "user"
                self.key_containers += 1
            certificates.append(leaf)
        return certificates

    def chain(self, leaf: x509.Certificate) -> list[x509.Certificate]:
        """The intermediates that Schannel sends with a leaf: issuers found in ``CA``, without the root.

        Of several issuers of one name it takes one whose own issuer is trusted, then the newest. (Windows also fetches
        issuers over the network; this does not.)
        """
        roots = [stored.certificate for stored in self.machine("Root").values()]
        intermediates = [stored.certificate for stored in self.machine("CA").values()]
        chain: list[x509.Certificate] = []
        current = leaf
        while current.issuer != current.subject and not _issuers(current, roots):
            candidates = [found for found in _issuers(current, intermediates) if found not in chain]
            if not candidates:
                break
            current = max(candidates, key=lambda found: (bool(_issuers(found, roots)), found.not_valid_before_utc))
            chain.append(current)
        return chain


def _issuers(certificate: x509.Certificate, among: list[x509.Certificate]) -> list[x509.Certificate]:
    found = []
    for candidate in among:
        try:
            certificate.verify_directly_issued_by(candidate)
        except (ValueError, TypeError, InvalidSignature):
            continue
        found.append(candidate)
    return found


def _public(certificate: x509.Certificate) -> StoredCertificate:
    return StoredCertificate(certificate.public_bytes(Encoding.PEM).decode())


def _pem(data: bytes) -> list[x509.Certificate]:
    try:
        if b"-----BEGIN PKCS7" in data:
            with warnings.catch_warnings(action="ignore"):
                return pkcs7.load_pem_pkcs7_certificates(data)
        return x509.load_pem_x509_certificates(data)[:1]
    except ValueError:
        raise ModuleFailure(_UNKNOWN_OBJECT) from None
