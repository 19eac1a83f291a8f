# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a delivery to a certificate that may be trusted: nothing that the portal or a mail says is believed."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import CertificateError
from .._pki import certificates, chains
from .._pki.keys import public_key_sha256

if t.TYPE_CHECKING:
    from cryptography import x509

    from .._pki.csr import Request


@dataclasses.dataclass(frozen=True)
class Delivery:
    """A certificate proven to be the one asked for, and its intermediates, leaf's issuer first."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def with_key(found: t.Iterable[x509.Certificate], request: Request) -> x509.Certificate | None:
    """The certificate of the request's key; of several the one that is valid longest."""
    mine = [one for one in found if public_key_sha256(one) == request.public_key_sha256]
    return max(mine, key=certificates.not_after, default=None)


def parse(blobs: t.Iterable[bytes]) -> list[x509.Certificate]:
    """All certificates in what was delivered, told apart by content."""
    return [one for blob in blobs for one in certificates.load_any(blob)]


def prove(
    leaf: x509.Certificate,
    delivered: t.Sequence[x509.Certificate],
    request: Request,
    roots: t.Sequence[x509.Certificate],
    more: t.Callable[[], t.Sequence[x509.Certificate]],
) -> Delivery:
    """Check key, names, dates, purpose and path.

    :param more: asked for further intermediates when those delivered do not lead to a root.
    :raises CertificateError: the certificate must not be used, and why.
    """
    if public_key_sha256(leaf) != request.public_key_sha256:
        raise CertificateError("The certificate's public key is not the CSR's.")
    try:
        chain = chains.build(leaf, delivered, roots, names=request.names)
    except CertificateError:
        extra = list(more())
        if not extra:
            raise
        chain = chains.build(leaf, [*delivered, *extra], roots, names=request.names)
    return Delivery(leaf, tuple(chain))


def is_proven(found: t.Sequence[x509.Certificate], request: Request, roots: t.Sequence[x509.Certificate]) -> bool:
    """Whether a certificate of the request's key is among them and can be proven by them alone."""
    leaf = with_key(found, request)
    if leaf is None:
        return False
    try:
        prove(leaf, found, request, roots, lambda: [])
    except CertificateError:
        return False
    return True


def differences(new: x509.Certificate, old: x509.Certificate) -> list[str]:
    """What a person should know of a successor: another issuer, a purpose lost."""
    notes = []
    if new.issuer != old.issuer:
        notes.append(
            f"The issuer is {new.issuer.rfc4514_string()}; the certificate before was issued by "
            f"{old.issuer.rfc4514_string()}. Clients that pin the issuer must be told."
        )
    lost = certificates.purposes(old) - certificates.purposes(new)
    if lost:
        notes.append(
            f"The new certificate no longer serves for {', '.join(sorted(lost))}, as the one before did; "
            "connections in which this host is the TLS client need another certificate."
        )
    return notes
