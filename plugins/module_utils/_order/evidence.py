# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what was delivered to a record that holds a proven certificate."""

from __future__ import annotations

import base64
import dataclasses
import typing as t

from .._errors import CertificateError, PortalUnknownPageError
from .._pki import certificates
from .._pki.keys import public_key_sha256
from . import delivery, sentences
from .book import Leaf
from .journal import ISSUED, Record

if t.TYPE_CHECKING:
    from cryptography import x509

    from .._pki.csr import Request
    from .._portal.portal import Portal


@dataclasses.dataclass(frozen=True)
class ReceivedFiles:
    """What came: certificates, the key's among them or not, and seals by file name."""

    certificates: t.Sequence[x509.Certificate] = ()
    seals: t.Mapping[str, bytes] = dataclasses.field(default_factory=dict)


class Prover:
    """Proves certificates of one request against the user's roots.

    :param portal: opens the portal; called only where intermediates are missing.
    :param roots: the only trust anchors.
    :param fetch: gets a small file from the web: an issuer's certificate that is missing.
    :param warn: takes what a person should know.
    """

    def __init__(
        self,
        request: Request,
        portal: t.Callable[[], Portal],
        roots: t.Callable[[], t.Sequence[x509.Certificate]],
        fetch: t.Callable[[str], bytes],
        warn: t.Callable[[str], None],
    ) -> None:
        self._request = request
        self._portal = portal
        self._roots = roots
        self._fetch = fetch
        self._warn = warn

    def issued(
        self, record: Record, received: ReceivedFiles, predecessors: t.Iterable[Record]
    ) -> tuple[Record, delivery.Delivery]:
        """The record with its certificate, proven.

        :param predecessors: records of other keys of the name; what differs from the newest of them is warned of.
        :raises CertificateError: the certificate must not be used, and why.
        """
        leaf = delivery.with_key(received.certificates, self._request)
        if leaf is None:
            raise AssertionError("only a certificate of the request's key is collected")
        try:
            proven = self._prove(leaf, received.certificates)
        except CertificateError as exc:
            raise sentences.not_used(record, certificates.serial_number(leaf), exc) from exc
        before = _newest(predecessors)
        for note in delivery.differences(proven, before) if before is not None else ():
            self._warn(note)
        seals = tuple((name, base64.b64encode(data).decode("ascii")) for name, data in received.seals.items())
        return record.moved(ISSUED, **_kept(proven), seals=seals), proven

    def from_journal(self, record: Record) -> delivery.Delivery:
        """The record's certificate and chain, proven anew.

        :raises CertificateError: it can no longer be used, and why.
        """
        leaf = certificates.load_pem(record.certificate or "")
        chain = [certificates.load_pem(one) for one in record.chain]
        try:
            if chain:
                return delivery.prove(leaf, chain, self._request, self._roots())
            return self._prove(leaf, ())  # another key's run found it, and had no need of its chain
        except CertificateError as exc:
            raise sentences.no_longer_usable(record, exc) from exc

    def _prove(self, leaf: x509.Certificate, received: t.Sequence[x509.Certificate]) -> delivery.Delivery:
        return delivery.prove(
            leaf,
            received,
            self._request,
            self._roots(),
            self._remembered_authorities,
            self._authorities,
            lambda known: delivery.named_issuers(known, self._fetch),
        )

    def _remembered_authorities(self, _known: t.Sequence[x509.Certificate]) -> list[x509.Certificate]:
        return delivery.parse(self._portal().remembered_authorities())

    def _authorities(self, _known: t.Sequence[x509.Certificate]) -> list[x509.Certificate]:
        try:
            return delivery.parse(self._portal().authority_certificates())
        except PortalUnknownPageError as exc:
            self._warn(f"The portal's page of authority certificates could not be used: {exc.message}")
            return []


def leaf_of(certificate: x509.Certificate) -> Leaf:
    """What a decision needs to know of a certificate."""
    return Leaf(
        public_key_sha256(certificate),
        certificates.serial_number(certificate),
        certificates.to_pem(certificate),
        certificates.isoformat(certificates.not_after(certificate)),
    )


def _kept(proven: delivery.Delivery) -> dict[str, t.Any]:
    return {
        "certificate": certificates.to_pem(proven.certificate),
        "chain": tuple(certificates.to_pem(one) for one in proven.chain),
        "serial_number": certificates.serial_number(proven.certificate),
        "not_after": certificates.isoformat(certificates.not_after(proven.certificate)),
    }


def _newest(records: t.Iterable[Record]) -> delivery.Delivery | None:
    """The newest certificate among the records, with its chain."""
    known = [
        delivery.Delivery(certificates.load_pem(one.certificate), tuple(map(certificates.load_pem, one.chain)))
        for one in records
        if one.certificate
    ]
    return max(known, key=lambda one: certificates.not_before(one.certificate), default=None)
