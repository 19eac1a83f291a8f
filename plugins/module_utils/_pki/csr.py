# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificate signing requests (PKCS#10, RFC 2986): made and read."""

from __future__ import annotations

import dataclasses
import ipaddress
import typing as t

from .._errors import InputError
from . import armour, keys, nature
from . import names as _names
from .kinds import Kind, check_parameters
from .library import exceptions, hashes, serialization, x509
from .subject import Subject

_OIDS = {
    "country": "2.5.4.6",
    "state_or_province": "2.5.4.8",
    "locality": "2.5.4.7",
    "organization": "2.5.4.10",
    "organizational_unit": "2.5.4.11",
    "common_name": "2.5.4.3",
}
_LABELS = ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")


@dataclasses.dataclass(frozen=True)
class Request:
    """A CSR that was read. ``subject`` has the six parts of :class:`Subject`, ``None`` for a missing one."""

    pem: str
    common_name: str
    subject: dict[str, str | None]
    names: tuple[str, ...]
    public_key_sha256: str
    key: Kind

    @property
    def key_type(self) -> str:
        """``RSA`` or ``ECC``."""
        return self.key.type

    @property
    def key_bits(self) -> int:
        """RSA modulus or curve size."""
        return self.key.bits

    @property
    def key_curve(self) -> str | None:
        """The curve's name; ECC only."""
        return self.key.curve

    def check(self) -> None:
        """Hold a request that was made elsewhere to the rules that our own ones are made by.

        :raises InputError: its key or its subject is one that would not be certified.
        """
        check_parameters(self.key_type, size=self.key_bits, curve=self.key_curve or "")
        Subject(**{field: value for field, value in self.subject.items() if value is not None})


def build(privatekey_pem: bytes, subject: Subject, names: t.Sequence[str]) -> str:
    """Make a CSR, signed with SHA-256.

    :param names: canonical names (see ``names.normalise``) for its subjectAltName.
    :returns: PEM with ``CERTIFICATE REQUEST`` lines.
    """
    values = dataclasses.asdict(subject)
    attributes = [
        x509.NameAttribute(x509.ObjectIdentifier(oid), values[field]) for field, oid in _OIDS.items() if values[field]
    ]
    general_names = [
        x509.IPAddress(ipaddress.ip_address(_names.host(name)))
        if name.startswith("IP:")
        else x509.DNSName(_names.host(name))
        for name in names
    ]
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name(attributes))
        .add_extension(x509.SubjectAlternativeName(general_names), critical=False)
        .sign(keys.load(privatekey_pem), hashes.SHA256())
    )
    return request.public_bytes(serialization.Encoding.PEM).decode("ascii")


def load(pem: str | bytes) -> Request:
    """Read a CSR, whichever of the two PEM labels it bears, and check its signature.

    :raises InputError: it holds no CSR, or a broken one.
    """
    blocks = armour.blocks(pem, *_LABELS)
    if not blocks:
        raise InputError(
            "the CSR must be PEM, from its BEGIN CERTIFICATE REQUEST line to its END CERTIFICATE REQUEST line"
            + nature.instead(pem)
        )
    try:
        request = x509.load_der_x509_csr(blocks[0].content)
        valid = request.is_signature_valid
        kind, digest = keys.kind(request), keys.public_key_sha256(request)
        subject = {field: _part(request.subject, oid) for field, oid in _OIDS.items()}
        names = _requested_names(request, subject["common_name"])
    except (ValueError, x509.InvalidVersion, exceptions.UnsupportedAlgorithm):
        raise InputError("the CSR is broken: it cannot be read") from None
    if not valid:
        raise InputError("the CSR is broken: its signature is not that of its key")
    if not subject["common_name"]:
        raise InputError("the CSR has no common name")
    return Request(
        pem=armour.pem(*blocks[0]),
        common_name=subject["common_name"],
        subject=subject,
        names=names,
        public_key_sha256=digest,
        key=kind,
    )


def _part(subject: x509.Name, oid: str) -> str | None:
    values = subject.get_attributes_for_oid(x509.ObjectIdentifier(oid))
    return str(values[0].value) if values else None


def _requested_names(request: x509.CertificateSigningRequest, common_name: str | None) -> tuple[str, ...]:
    try:
        extension = request.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        listed: tuple[str, ...] = ()
    else:
        listed = _names.from_extension(extension.value)
    try:
        return _names.normalise(common_name or "", listed)
    except InputError:
        # The common name is no host name; what the CSR lists is then all it asks for.
        return listed
