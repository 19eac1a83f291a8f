# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a delivery to a certificate that may be trusted: nothing that the portal or a mail says is believed."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import CertificateError, TwcaError
from .._intake import reader
from .._pki import certificates, chains
from .._pki.keys import public_key_sha256

if t.TYPE_CHECKING:
    from cryptography import x509

    from .._pki.csr import Request


_MOST_ISSUERS = 8  # addresses asked for one chain; TWCA's has four levels


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
    return [one for blob in blobs for one in reader.certificates(blob)]


def prove(
    leaf: x509.Certificate,
    delivered: t.Sequence[x509.Certificate],
    request: Request,
    roots: t.Sequence[x509.Certificate],
    *more: t.Callable[[t.Sequence[x509.Certificate]], t.Iterable[x509.Certificate]],
) -> Delivery:
    """Check key, names, dates, purpose and path.

    :param more: asked in turn, with what is there so far, for further intermediates while those do not lead to a root.
    :raises CertificateError: the certificate must not be used, and why.
    """
    if public_key_sha256(leaf) != request.public_key_sha256:
        raise CertificateError("The certificate's public key is not the CSR's.")
    candidates = list(delivered)
    sources = iter(more)
    while True:
        try:
            return Delivery(leaf, tuple(chains.build(leaf, candidates, roots, names=request.names)))
        except CertificateError:
            source = next(sources, None)
            if source is None:
                raise
            candidates.extend(source([leaf, *candidates]))


def named_issuers(known: t.Sequence[x509.Certificate], fetch: t.Callable[[str], bytes]) -> t.Iterator[x509.Certificate]:
    """The certificates that the known ones name as their issuers' (RFC 5280, 4.2.2.1), and those that these name.

    :param fetch: gets a small file; a :class:`TwcaError` of it means that there is none.
    """
    asked: set[str] = set()
    waiting = list(known)
    while waiting and len(asked) < _MOST_ISSUERS:
        for url in certificates.issuer_urls(waiting.pop(0)):
            if url in asked or len(asked) >= _MOST_ISSUERS:
                continue
            asked.add(url)
            try:
                found = reader.certificates(fetch(url))
            except TwcaError:
                continue
            waiting.extend(found)
            yield from found


def is_proven(found: t.Sequence[x509.Certificate], request: Request, roots: t.Sequence[x509.Certificate]) -> bool:
    """Whether a certificate of the request's key is among them and can be proven by them alone."""
    leaf = with_key(found, request)
    if leaf is None:
        return False
    try:
        prove(leaf, found, request, roots)
    except CertificateError:
        return False
    return True


def differences(new: Delivery, old: Delivery) -> list[str]:
    """What a person should know of a successor: another issuer, another way to the root, a purpose lost."""
    notes = []
    issuers, before = ([one.issuer.rfc4514_string() for one in (each.certificate, *each.chain)] for each in (new, old))
    if issuers[0] != before[0]:
        notes.append(
            f"The issuer is {issuers[0]}; the certificate before was issued by {before[0]}. Clients that pin the issuer must be told."
        )
    elif issuers != before:
        notes.append(
            f"The chain leads over {' and '.join(issuers)}; that of the certificate before, over {' and '.join(before)}."
        )
    lost = certificates.purposes(old.certificate) - certificates.purposes(new.certificate)
    if lost:
        notes.append(
            f"The new certificate no longer serves for {', '.join(sorted(lost))}, as the one before did; "
            "connections in which this host is the TLS client need another certificate."
        )
    return notes
