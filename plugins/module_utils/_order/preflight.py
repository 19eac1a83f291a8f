# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold before an order is sent, so that it is not found out when it was paid."""

from __future__ import annotations

import typing as t

from .. import _addresses as addresses
from .._errors import InputError, PortalUnknownPageError
from .._pki import certificates, chains, eligible, names
from . import authorities, delivery, roots

if t.TYPE_CHECKING:
    from cryptography import x509

    from .._pki.csr import Request
    from .._portal.portal import Portal

_TWCA = "twca.com.tw"
_MOST = 5  # roots that a message names


def check_request(request: Request) -> None:
    """Refuse a CSR that TWCA cannot certify.

    :raises InputError: it names what no public authority certifies, or its subject lacks a part that the portal wants.
    """
    found = ((name, eligible.obstacle(name)) for name in map(names.host, request.names))
    problems = [f"it names {name}, which {why}" for name, why in found if why is not None]
    missing = eligible.gaps(request.subject)
    if missing:
        problems.append(f"it has no {', '.join(missing)}")
    if problems:
        raise InputError(
            f"The CSR for {request.common_name} is none that TWCA can certify: {'; '.join(problems)}. Nothing was ordered. "
            f"Put that right, and make a new pair: discard the key {request.public_key_sha256[:8]}."
        )


def check_roots(
    paths: t.Sequence[str] | None,
    portal_url: str,
    open_portal: t.Callable[[], Portal],
    *,
    ask: bool,
) -> str | None:
    """Refuse roots that cannot prove what this portal will deliver; a wrong one would be found only when the order was paid.

    A root fits if one of TWCA's authorities leads to it. Another portal than TWCA's, such as a private one for tests, has authorities
    of its own: those that it offers (manual §4.6.2.2) are taken as well, and asked for only where TWCA's do not do. None of them is
    trusted by that.

    :param paths: as the user named them; None: TWCA's of this machine's stores.
    :param ask: whether the portal may be asked.
    :returns: what a person should know where nothing could be told without asking.
    :raises InputError: a file cannot be read, holds no certificate, or none of them fits.
    """
    trusted = roots.load(paths)
    if paths is None:
        return None
    now = certificates.utcnow()
    valid = [one for one in trusted if certificates.not_after(one) > now]
    if not valid:
        raise InputError(
            f"trusted_roots: each of the certificates ({_called(trusted)}) has expired. Nothing was ordered: give TWCA's present roots."
        )
    if _leads(certificates.load_any(authorities.PEM), valid):
        return None
    if not ask and not _is_twcas(portal_url):
        return (
            f"trusted_roots: no authority of TWCA's leads to {_called(valid)}. Before it orders, a run asks the portal for its own "
            "authorities, and stops if they do not either."
        )
    portal = open_portal()
    offered = delivery.parse(portal.remembered_authorities())
    if _leads(offered, valid):
        return None
    also = ""
    if ask:
        try:
            offered = delivery.parse(portal.authority_certificates())
        except PortalUnknownPageError as exc:
            also = f" The portal's page of its authorities could not be used: {exc.message}"
        if _leads(offered, valid):
            return None
    raise InputError(
        f"trusted_roots: no authority of TWCA's, and none that the portal offers, leads to {_called(valid)}, so no certificate that is "
        "ordered could be used. Nothing was ordered. Give TWCA Global Root CA or TWCA CYBER Root CA, or leave trusted_roots out, and those of "
        f"this machine's store are taken.{also}"
    )


def _leads(known: t.Iterable[x509.Certificate], trusted: t.Sequence[x509.Certificate]) -> bool:
    """Whether an authority among the known ones, that is no root itself, is trusted or signed by a root that is."""
    issuing = [one for one in known if certificates.is_authority(one) and not certificates.is_self_issued(one)]
    return any(one == root or chains.is_signed_by(one, root) for one in issuing for root in trusted)


def _is_twcas(portal_url: str) -> bool:
    host = addresses.origin(portal_url)[1]
    return host == _TWCA or host.endswith(f".{_TWCA}")


def _called(found: t.Sequence[x509.Certificate]) -> str:
    shown = [certificates.common_name(one) or one.subject.rfc4514_string() for one in found[:_MOST]]
    more = len(found) - _MOST
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
