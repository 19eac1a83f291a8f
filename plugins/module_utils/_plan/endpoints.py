# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a certificate may be served, as the portal's host reaches it."""

from __future__ import annotations

import typing as t

from . import iis

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_PORT = 443


def endpoints(
    claims: t.Iterable[dict[str, t.Any]],
    address: str,
    verify: dict[str, t.Any] | None = None,
    binding: dict[str, t.Any] | None = None,
) -> list[str]:
    """``host:port`` of each place where a host proves these claims, each once.

    What a server's own loopback serves is proven there, and asked for at the host's address.

    :param address: the host's.
    :param verify: ``twca_verify``.
    :param binding: ``twca_iis_binding``.
    :raises InputError: a binding cannot be meant.
    """
    found = []
    for claim in claims:
        server = claim["server"]
        if server["name"] == "iis":
            places = [one["verify"] for one in iis.bindings(claim, address=address, binding=binding, verify=verify)]
        else:
            places = [server["verify"] or {**(verify or {}), **(claim.get("verify") or {})}]
        found += [_endpoint(place, address) for place in places]
    return list(dict.fromkeys(found))


def _endpoint(place: dict[str, t.Any], address: str) -> str:
    given = str(place.get("host") or _LOOPBACK[0])
    host = address if given in _LOOPBACK else given
    return f"{f'[{host}]' if ':' in host else host}:{place.get('port') or _PORT}"
