# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates: read from whatever form they come in, and described. Works with ``cryptography`` 36 and later."""

from __future__ import annotations

import datetime
import typing as t
import warnings

from .._errors import CertificateError
from . import armour, keys
from . import names as _names
from .library import exceptions, hashes, serialization, x509
from .renewal import is_due, parse_renew_within

_LABELS = ("CERTIFICATE", "X509 CERTIFICATE", "PKCS7", "CMS")
_OF_PKCS7 = ("PKCS7", "CMS")
_PURPOSES = {"1.3.6.1.5.5.7.3.1": "serverAuth", "1.3.6.1.5.5.7.3.2": "clientAuth"}
_ANY_PURPOSE = "2.5.29.37.0"
_CA_ISSUERS = "1.3.6.1.5.5.7.48.2"


def load_any(data: bytes) -> list[x509.Certificate]:
    """All certificates in ``data``: PEM as people have it (any number, text around them), DER, PKCS#7 in DER or PEM, or bare base64.

    :returns: in their order, each once; ``[]`` if it holds none. Left out are those whose key cannot be read, or is of a kind
        that the library does not know: they can prove nothing.
    """
    if data[:1] == b"\x30" and data[1:2] >= b"\x80":
        found = _from_der(data, certificate=True)
    else:
        blocks = armour.blocks(data, *_LABELS)
        if not blocks:
            blocks = [armour.Block("", armour.unbase64(armour.text(data)))]
        found = [one for label, der in blocks for one in _from_der(der, certificate=label not in _OF_PKCS7)]
    return [certificate for certificate in dict.fromkeys(found) if _has_key(certificate)]


def load_pem(pem: str) -> x509.Certificate:
    """The one certificate in ``pem``.

    :raises CertificateError: it holds none, or more than one.
    """
    found = load_any(pem.encode("utf-8")) if "-----BEGIN" in pem else []
    if len(found) != 1:
        raise CertificateError(f"a PEM text must hold one certificate, but this one holds {len(found)}")
    return found[0]


def to_pem(certificate: x509.Certificate) -> str:
    """PEM (RFC 7468), with a line end."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def to_der(certificate: x509.Certificate) -> bytes:
    """DER."""
    return certificate.public_bytes(serialization.Encoding.DER)


def not_before(certificate: x509.Certificate) -> datetime.datetime:
    """Start of validity, aware, in UTC."""
    return _utc(certificate, "not_valid_before")


def not_after(certificate: x509.Certificate) -> datetime.datetime:
    """End of validity, aware, in UTC."""
    return _utc(certificate, "not_valid_after")


def lifetime(certificate: x509.Certificate) -> datetime.timedelta:
    """How long it is valid in all."""
    return not_after(certificate) - not_before(certificate)


def isoformat(moment: datetime.datetime) -> str:
    """ISO 8601 in UTC to the second: ``2026-11-23T03:00:00Z``."""
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def utcnow() -> datetime.datetime:
    """Now, aware, in UTC."""
    return datetime.datetime.now(datetime.timezone.utc)


def common_name(certificate: x509.Certificate) -> str | None:
    """The subject's common name."""
    values = certificate.subject.get_attributes_for_oid(x509.ObjectIdentifier("2.5.4.3"))
    return str(values[0].value) if values else None


def names(certificate: x509.Certificate) -> tuple[str, ...]:
    """The canonical names that TLS clients take it for: those of its subjectAltName alone (RFC 9525, 2)."""
    found = extension(certificate, x509.SubjectAlternativeName)
    return _names.from_extension(found) if found else ()


def purposes(certificate: x509.Certificate) -> set[str]:
    """``serverAuth`` and ``clientAuth``, as far as its extended key usage allows them (all if it has none)."""
    usage = extension(certificate, x509.ExtendedKeyUsage)
    if usage is None or _ANY_PURPOSE in (oids := {oid.dotted_string for oid in usage}):
        return set(_PURPOSES.values())
    return {purpose for oid, purpose in _PURPOSES.items() if oid in oids}


def issuer_urls(certificate: x509.Certificate) -> list[str]:
    """Where the certificate says that its issuer's is to be had (RFC 5280, 4.2.2.1: caIssuers)."""
    access = extension(certificate, x509.AuthorityInformationAccess)
    return [each.access_location.value for each in access or () if each.access_method.dotted_string == _CA_ISSUERS]


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether its basic constraints (RFC 5280, 4.2.1.9) let it sign certificates."""
    constraints = extension(certificate, x509.BasicConstraints)
    return bool(constraints and constraints.ca)


def is_self_issued(certificate: x509.Certificate) -> bool:
    """Whether it names itself as its issuer, as roots do."""
    return certificate.issuer == certificate.subject


def serial_number(certificate: x509.Certificate) -> str:
    """Upper-case hex without a prefix."""
    return f"{certificate.serial_number:X}"


def fingerprint_sha256(certificate: x509.Certificate) -> str:
    """Lower-case hex SHA-256 of the DER."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def describe(certificate: x509.Certificate, now: datetime.datetime | None = None) -> dict[str, t.Any]:
    """What people ask of a certificate, as plain data; ``days_left`` is rounded down, and negative once expired."""
    end = not_after(certificate)
    return {
        "common_name": common_name(certificate),
        "subject_alt_name": list(names(certificate)),
        "serial_number": serial_number(certificate),
        "not_before": isoformat(not_before(certificate)),
        "not_after": isoformat(end),
        "days_left": (end - (now or utcnow())).days,
        "public_key_sha256": keys.public_key_sha256(certificate),
        "issuer": certificate.issuer.rfc4514_string(),
        "fingerprint_sha256": fingerprint_sha256(certificate),
    }


def window(certificate: x509.Certificate, renew_within: str, now: datetime.datetime) -> bool:
    """Whether the certificate is due: ``now`` (aware) lies within its renewal window, or after its end."""
    return is_due(not_before(certificate), not_after(certificate), parse_renew_within(renew_within), now)


def _utc(certificate: x509.Certificate, attribute: str) -> datetime.datetime:
    # cryptography 42 brought the aware attributes and deprecated the others.
    moment: datetime.datetime = getattr(certificate, f"{attribute}_utc", None) or getattr(certificate, attribute)
    return moment.replace(tzinfo=datetime.timezone.utc)


_E = t.TypeVar("_E", bound="x509.ExtensionType")


def extension(holder: t.Any, kind: type[_E]) -> _E | None:
    """An extension of a certificate, CRL or CRL entry, if it is there and can be read: not, if any stands there twice."""
    try:
        found: _E = holder.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError):
        return None
    return found


def _has_key(certificate: x509.Certificate) -> bool:
    try:
        certificate.public_key()
    except (ValueError, exceptions.UnsupportedAlgorithm):
        return False
    return True


def _from_der(der: bytes, *, certificate: bool) -> list[x509.Certificate]:
    # Everything here is a SEQUENCE; a PKCS#7 begins with an object identifier, a certificate with another sequence.
    if not der.startswith(b"\x30"):
        return []
    try:
        if certificate:
            return [x509.load_der_x509_certificate(der)]
    except (ValueError, x509.InvalidVersion):
        pass
    return _from_pkcs7(der)


def _from_pkcs7(der: bytes) -> list[x509.Certificate]:
    from cryptography.hazmat.primitives.serialization import pkcs7  # noqa: PLC0415 - needed by few

    try:
        with warnings.catch_warnings():
            # Windows and OpenSSL order the certificates as they come, which is BER; the library reads it under protest.
            warnings.simplefilter("ignore")
            return pkcs7.load_der_pkcs7_certificates(der)
    except (ValueError, x509.InvalidVersion, exceptions.UnsupportedAlgorithm, exceptions.InternalError):
        # Older versions of the library call it an error of their own if the kind of the content is unknown.
        return []
