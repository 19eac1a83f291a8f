# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chains of certificates: built and verified where the portal is spoken to, their links checked on every host.

A chain is built for each certificate from what was delivered with it, by name and signature: TWCA's chain changed in
2025, and a stored bundle would have broken then.
"""

from __future__ import annotations

import datetime
import ipaddress
import typing as t

from .._errors import CertificateError, MissingLibraryError
from . import certificates
from . import names as _names
from .library import ec, exceptions, hashes, padding, rsa, x509

# The longest chain tried (TWCA's has two intermediates), and how many links at most: a mail may hold anything.
_MAX_INTERMEDIATES = 6
_MAX_LINKS_TRIED = 500


def is_signed_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether ``issuer`` is the name and the key behind ``certificate``'s signature."""
    if certificate.issuer != issuer.subject:
        return False
    try:
        algorithm = certificate.signature_hash_algorithm
        return verifies(issuer.public_key(), certificate.signature, certificate.tbs_certificate_bytes, algorithm)
    except (exceptions.UnsupportedAlgorithm, ValueError):
        return False


def verifies(key: t.Any, signature: bytes, signed: bytes, algorithm: hashes.HashAlgorithm | None) -> bool:
    """Whether ``signature`` over ``signed`` is of an RSA (PKCS #1 v1.5) or elliptic ``key``.

    Other kinds never verify: no public authority signs with them.
    """
    try:
        if isinstance(key, rsa.RSAPublicKey) and algorithm:
            key.verify(signature, signed, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm:
            key.verify(signature, signed, ec.ECDSA(algorithm))
        else:
            return False
    except exceptions.InvalidSignature:
        return False
    return True


def check_links(leaf: x509.Certificate, chain: t.Sequence[x509.Certificate]) -> None:
    """Check that every certificate is signed by the next one, from the leaf on (RFC 8446, 4.4.2).

    :raises CertificateError: one is not, or is no authority.
    """
    for certificate, issuer in zip([leaf, *chain], chain):
        if not is_signed_by(certificate, issuer):
            raise CertificateError(
                f"the chain is not in order: {_called(certificate)} is not signed by {_called(issuer)} after it"
            )
        if not certificates.is_authority(issuer):
            raise CertificateError(f"the chain is wrong: {_called(issuer)} is no certificate of an authority")


def check_dates(leaf: x509.Certificate, now: datetime.datetime) -> None:
    """:raises CertificateError: ``leaf`` is not valid yet, or no longer, at ``now`` (aware)."""
    if now > certificates.not_after(leaf):
        raise CertificateError(
            f"the certificate of {_called(leaf)} expired on {certificates.isoformat(certificates.not_after(leaf))}"
        )
    if now < certificates.not_before(leaf):
        raise CertificateError(
            f"the certificate of {_called(leaf)} is not valid before "
            f"{certificates.isoformat(certificates.not_before(leaf))} (is this host's clock right?)"
        )


def build(
    leaf: x509.Certificate,
    candidates: t.Iterable[x509.Certificate],
    roots: t.Sequence[x509.Certificate],
    *,
    names: t.Sequence[str],
    now: datetime.datetime | None = None,
) -> list[x509.Certificate]:
    """The intermediates that lead from ``leaf`` to one of ``roots``, verified as a TLS client would (RFC 5280, 6).

    Of several valid chains the longest is taken: it has the cross-signed certificates that older clients need.

    :param candidates: what was delivered; in any order, and with certificates that do not belong to it.
    :param roots: the only certificates that are trusted; they need no subject key identifier.
    :param names: canonical names that the leaf must cover; none: its own.
    :param now: an aware moment, by default the present.
    :returns: the leaf's issuer first, the root left out; empty if a root signed the leaf itself.
    :raises CertificateError: a sentence for each way in which it can be wrong.
    """
    now = now or certificates.utcnow()
    check_dates(leaf, now)
    own = certificates.names(leaf)
    absent = _names.missing(names, own)
    if absent:
        raise CertificateError(f"the certificate of {_called(leaf)} lacks the names {', '.join(absent)}")
    if not own:
        raise CertificateError(f"the certificate of {_called(leaf)} names no server: it has no subjectAltName")
    if "serverAuth" not in certificates.purposes(leaf):
        raise CertificateError(f"the certificate of {_called(leaf)} is not for servers: its purposes lack serverAuth")
    trusted = set(roots)
    # What says it is its own issuer can only be an anchor, and anchors are the user's alone.
    usable = [
        certificate
        for certificate in dict.fromkeys(candidates)
        if certificate not in trusted
        and certificate != leaf
        and certificates.is_authority(certificate)
        and not certificates.is_self_issued(certificate)
    ]
    search = _Search(usable, sorted(trusted, key=certificates.fingerprint_sha256))
    search.extend([leaf])
    if not search.paths:
        raise CertificateError(
            f"the certificate of {_called(leaf)} does not lead to a trusted root: no certificate of its issuer "
            f"{search.deepest.issuer.rfc4514_string()} is trusted or was delivered"
        )
    reasons = []
    for path, root in sorted(search.paths, key=_preference):
        reason = _refusal(path, root, names or own, now)
        if reason is None:
            return path[1:]
        reasons.append(reason)
    raise CertificateError(f"the chain of {_called(leaf)} does not verify: {reasons[0]}")


class _Search:
    """All ways from a leaf to a root, by name and signature."""

    def __init__(self, usable: list[x509.Certificate], roots: list[x509.Certificate]) -> None:
        self.usable, self.roots = usable, roots
        self.paths: list[tuple[list[x509.Certificate], x509.Certificate]] = []
        self.deepest: x509.Certificate
        self._depth = 0
        self._tried = 0

    def extend(self, path: list[x509.Certificate]) -> None:
        last = path[-1]
        if len(path) > self._depth:
            self._depth, self.deepest = len(path), last
        self.paths += [(path, root) for root in self.roots if is_signed_by(last, root)]
        if len(path) > _MAX_INTERMEDIATES:
            return
        for issuer in self.usable:
            if issuer.subject == last.issuer and issuer not in path and self._tried < _MAX_LINKS_TRIED:
                self._tried += 1
                if is_signed_by(last, issuer):
                    self.extend([*path, issuer])


def _preference(found: tuple[list[x509.Certificate], x509.Certificate]) -> tuple[t.Any, ...]:
    """Longest first, then the one that lasts longest; the rest only makes the choice the same each time."""
    path, root = found
    lasting = min(certificates.not_after(certificate) for certificate in path)
    return -len(path), -lasting.timestamp(), [certificates.fingerprint_sha256(each) for each in [*path, root]]


def _refusal(
    path: list[x509.Certificate], root: x509.Certificate, names: t.Sequence[str], now: datetime.datetime
) -> str | None:
    """Why a path does not verify; ``None`` if it does."""
    try:
        from cryptography.x509 import verification  # noqa: PLC0415 - newer than what other hosts have

        ca_policy = verification.ExtensionPolicy.webpki_defaults_ca().may_be_present(
            # TWCA Global Root CA has none.
            x509.SubjectKeyIdentifier,
            verification.Criticality.AGNOSTIC,
            None,
        )
    except (ImportError, AttributeError):
        raise MissingLibraryError("cryptography >= 45") from None
    for authority in [*path[1:], root]:
        if not certificates.not_before(authority) <= now <= certificates.not_after(authority):
            return f"the certificate of {_called(authority)} is not valid at this time"
    policies = (
        verification.PolicyBuilder()
        .store(verification.Store([root]))
        .time(now.astimezone(datetime.timezone.utc).replace(tzinfo=None))
        .max_chain_depth(_MAX_INTERMEDIATES)
        .extension_policies(ca_policy=ca_policy, ee_policy=verification.ExtensionPolicy.webpki_defaults_ee())
    )
    try:
        policies.build_server_verifier(_peer(names)).verify(path[0], path[1:])
    except (verification.VerificationError, ValueError) as error:  # ValueError: a name that is no host's
        return str(error)
    return None


def _peer(names: t.Sequence[str]) -> x509.DNSName | x509.IPAddress:
    """A name by which a client would come; all of them were compared with the leaf's already."""
    for name in names:
        if name.startswith("DNS:"):
            return x509.DNSName(_names.host(name).replace("*", "any", 1))
    return x509.IPAddress(ipaddress.ip_address(_names.host(names[0])))


def _called(certificate: x509.Certificate) -> str:
    return certificates.common_name(certificate) or certificate.subject.rfc4514_string()
