# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a certificate's own authority says that it was revoked, where the portal's list does not, or not yet."""

from __future__ import annotations

import itertools
import typing as t

from .._pki import certificates, chains, names, revocation
from . import delivery

if t.TYPE_CHECKING:
    from cryptography import x509

    from .journal import Journal


def of_name(found: t.Iterable[x509.Certificate], common_name: str) -> list[x509.Certificate]:
    """The certificates that bear a name."""
    wanted = common_name.lower()
    return [one for one in found if wanted in {names.host(name).lower() for name in certificates.names(one)}]


def of_journal(journal: Journal, common_name: str, serials: t.Container[int]) -> list[x509.Certificate]:
    """What was issued under a name and one of these serial numbers, each with its chain after it.

    :raises StoreError: the journal cannot be read.
    """
    issued = [record for record in journal.of_name(common_name) if record.certificate is not None]
    held = [certificates.load_any("".join([record.certificate or "", *record.chain]).encode()) for record in issued]
    return [one for each in held if each[0].serial_number in serials for one in each]


def ask(
    certificate: x509.Certificate, others: t.Iterable[x509.Certificate], fetch: t.Callable[..., bytes]
) -> revocation.Status:
    """Ask the responders that the certificate names, then its distribution points.

    :param others: where its issuer's certificate may be; else it is had from the address that the certificate names.
    :param fetch: ``fetch(url, body, content_type)``; a :class:`TwcaError` of it means that there is no answer.
    """
    issuers = itertools.chain(others, delivery.named_issuers([certificate], fetch))
    issuer = next((one for one in issuers if chains.is_signed_by(certificate, one)), None)
    if issuer is None:
        return revocation.Status("unknown", problems=("its issuer's certificate cannot be had",))
    return revocation.check(certificate, issuer, fetch, certificates.utcnow())
