# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a certificate was revoked: OCSP (RFC 6960), then its issuer's CRL (RFC 5280, 5).

An answer counts only if it is about this certificate, signed by its issuer (or by a responder that the issuer named), and fresh.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._errors import CertificateError, TwcaError
from . import certificates, chains
from .library import hashes, serialization, x509

if t.TYPE_CHECKING:
    from cryptography.x509 import ocsp

    #: Gets an address, or posts a body of a content type to it: ``fetch(url, body, content_type)``.
    Fetch = t.Callable[[str, t.Optional[bytes], str], bytes]

# Clocks differ; an answer may come from a little in the future.
_SKEW = datetime.timedelta(minutes=5)
# For answers that do not say when the next one is due.
_MAX_AGE = datetime.timedelta(days=7)
_MOST_URLS = 4  # of a kind; TWCA's certificates name one each
_OCSP_ACCESS = "1.3.6.1.5.5.7.48.1"
_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"


@dataclasses.dataclass(frozen=True)
class Status:
    """``status``: ``good``, ``revoked`` or ``unknown``; ``source``: ``ocsp``, ``crl`` or ``None``.

    ``problems`` says why a source gave no answer that counts.
    """

    status: str
    source: str | None = None
    revoked_at: datetime.datetime | None = None
    reason: str | None = None
    problems: tuple[str, ...] = ()

    def describe(self) -> dict[str, t.Any]:
        """As plain data."""
        moment = certificates.isoformat(self.revoked_at) if self.revoked_at else None
        return {**dataclasses.asdict(self), "revoked_at": moment, "problems": list(self.problems)}


def check(certificate: x509.Certificate, issuer: x509.Certificate, fetch: Fetch, now: datetime.datetime) -> Status:
    """Ask the responders that the certificate names, then its distribution points, until one gives an answer that counts.

    :param fetch: raises :class:`TwcaError` where nothing can be had.
    """
    problems: list[str] = []
    body, content_type = ocsp_request(certificate, issuer), "application/ocsp-request"
    sources: list[tuple[str, t.Callable[[], Status]]] = [
        (url, lambda url=url: read_ocsp(fetch(url, body, content_type), certificate, issuer, now))  # type: ignore[misc]
        for url in _first(ocsp_urls(certificate))
    ]
    sources += [
        (url, lambda url=url: read_crl(fetch(url, None, ""), certificate, issuer, now))  # type: ignore[misc]
        for url in _first(crl_urls(certificate))
    ]
    for url, ask in sources:
        try:
            return dataclasses.replace(ask(), problems=tuple(problems))
        except TwcaError as error:
            problems.append(f"{url}: {error.message}")
    if not sources:
        problems.append("the certificate names neither an OCSP responder nor a CRL")
    return Status("unknown", problems=tuple(problems))


def _first(urls: list[str]) -> list[str]:
    """Those that are asked; each may take its whole time."""
    return list(dict.fromkeys(urls))[:_MOST_URLS]


def ocsp_urls(certificate: x509.Certificate) -> list[str]:
    """The OCSP responders that a certificate names (RFC 5280, 4.2.2.1)."""
    access = certificates.extension(certificate, x509.AuthorityInformationAccess)
    return [each.access_location.value for each in access or () if each.access_method.dotted_string == _OCSP_ACCESS]


def crl_urls(certificate: x509.Certificate) -> list[str]:
    """Where the CRL is to be had that a certificate names (RFC 5280, 4.2.1.13)."""
    points = certificates.extension(certificate, x509.CRLDistributionPoints)
    return [name.value for point in points or () for name in point.full_name or () if isinstance(name.value, str)]


def ocsp_request(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """A request in DER; its certificate is named by SHA-1, which is what every responder knows (RFC 5019, 2.1.1)."""
    return _named(certificate, issuer).public_bytes(serialization.Encoding.DER)


def _named(certificate: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPRequest:
    from cryptography.x509 import ocsp  # noqa: PLC0415 - needed by few

    # SHA-1 is a name here, and protects nothing.
    return ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1()).build()


def read_ocsp(data: bytes, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime.datetime) -> Status:
    """What a responder says of a certificate.

    :raises CertificateError: it says nothing that counts.
    """
    from cryptography.x509 import ocsp  # noqa: PLC0415 - needed by few

    try:
        response = ocsp.load_der_ocsp_response(data)
        if response.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise CertificateError(f"the OCSP responder refuses to answer ({response.response_status.name})")
        asked = _named(certificate, issuer)
        about = (response.serial_number, response.issuer_key_hash, response.issuer_name_hash)
        status = response.certificate_status.name.lower()
        responders = [issuer, *(each for each in response.certificates if _may_answer(each, issuer, now))]
        signature, signed, algorithm = (
            response.signature,
            response.tbs_response_bytes,
            response.signature_hash_algorithm,
        )
    except (ValueError, AttributeError) as error:
        raise CertificateError(f"the OCSP answer cannot be read: {error}") from None
    if about != (asked.serial_number, asked.issuer_key_hash, asked.issuer_name_hash):
        raise CertificateError("the OCSP answer is about another certificate")
    if not any(chains.verifies(responder.public_key(), signature, signed, algorithm) for responder in responders):
        raise CertificateError("the OCSP answer is not signed by the certificate's issuer")
    _check_fresh("OCSP answer", _moment(response, "this_update"), _moment(response, "next_update"), now)
    if status == "unknown":
        raise CertificateError("the OCSP responder does not know the certificate")
    if status == "good":
        return Status("good", "ocsp")
    reason = response.revocation_reason
    return Status("revoked", "ocsp", _moment(response, "revocation_time"), reason.value if reason else None)


def read_crl(data: bytes, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime.datetime) -> Status:
    """What a CRL, in DER or PEM, says of a certificate.

    :raises CertificateError: it says nothing that counts.
    """
    try:
        crl = x509.load_pem_x509_crl(data) if b"-----BEGIN" in data[:64] else x509.load_der_x509_crl(data)
        scope = certificates.extension(crl, x509.IssuingDistributionPoint)
        revoked = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        algorithm = crl.signature_hash_algorithm
    except ValueError as error:
        raise CertificateError(f"the CRL cannot be read: {error}") from None
    if crl.issuer != certificate.issuer or not chains.verifies(
        issuer.public_key(), crl.signature, crl.tbs_certlist_bytes, algorithm
    ):
        raise CertificateError("the CRL is not signed by the certificate's issuer")
    if scope and (
        scope.only_contains_ca_certs
        or scope.only_contains_attribute_certs
        or scope.indirect_crl
        or scope.only_some_reasons
    ):
        raise CertificateError("the CRL is not about all server certificates of the issuer")
    _check_fresh("CRL", _moment(crl, "last_update"), _moment(crl, "next_update"), now)
    if revoked is None:
        return Status("good", "crl")
    reason = certificates.extension(revoked, x509.CRLReason)
    return Status("revoked", "crl", _moment(revoked, "revocation_date"), reason.reason.value if reason else None)


def _may_answer(responder: x509.Certificate, issuer: x509.Certificate, now: datetime.datetime) -> bool:
    """Whether the issuer had this certificate answer for it (RFC 6960, 4.2.2.2)."""
    usage = certificates.extension(responder, x509.ExtendedKeyUsage)
    return (
        usage is not None
        and _OCSP_SIGNING in {oid.dotted_string for oid in usage}
        and certificates.not_before(responder) <= now <= certificates.not_after(responder)
        and chains.is_signed_by(responder, issuer)
    )


def _check_fresh(
    what: str, begin: datetime.datetime | None, end: datetime.datetime | None, now: datetime.datetime
) -> None:
    if begin is None or begin > now + _SKEW:
        raise CertificateError(f"the {what} is from the future")
    if (end or begin + _MAX_AGE) < now - _SKEW:
        raise CertificateError(f"the {what} is out of date since {certificates.isoformat(end or begin + _MAX_AGE)}")


def _moment(holder: t.Any, attribute: str) -> datetime.datetime | None:
    # cryptography 42 and 43 brought aware attributes, and warn of the others.
    aware = f"{attribute}_utc"
    moment: datetime.datetime | None = getattr(holder, aware if hasattr(type(holder), aware) else attribute)
    return moment and moment.replace(tzinfo=datetime.timezone.utc)
