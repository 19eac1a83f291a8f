# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names that a server answers to while a certificate for other names is awaited: those of the certificate that it has."""

from __future__ import annotations

import typing as t

from .._pki import names

_Claim = t.Mapping[str, t.Any]
_Seen = t.Mapping[str, t.Any]


def server_names(claim: _Claim, seen: _Seen) -> list[str] | None:
    """The names of the certificate that is live, those of the entry first; ``None``: they are the entry's.

    :param seen: what twca_due_info returned for the claim.
    """
    present = seen.get("names")
    if not present:
        return None
    wanted = names.normalise(claim["common_name"], claim.get("subject_alt_name"))
    # What was asked for is known only where the key is; elsewhere names may have been added by the authority.
    if names.same(wanted, present) or (claim["key_host"] != claim["host"] and set(wanted) <= set(present)):
        return None
    hosts = {name.lower(): name for name in map(names.host, present)}
    first = [
        hosts.pop(name.lower())
        for name in (claim["common_name"], *claim.get("subject_alt_name", ()))
        if name.lower() in hosts
    ]
    return [*first, *hosts.values()]


def judged(claims: t.Iterable[_Claim], certificates: t.Sequence[_Seen]) -> list[dict[str, t.Any]]:
    """What twca_due_info returned, each file compared with what the claim wants of it now, which depends on the answer.

    :param claims: the claims that it was asked about, in the same order.
    """
    return [
        {
            **seen,
            "files": [_judged(file, looked) for file, looked in zip(seen.get("files", ()), claim["look"]["files"])],
        }
        for claim, seen in zip(claims, certificates)
    ]


def _judged(file: _Seen, looked: _Claim) -> dict[str, t.Any]:
    same = file["sha256"] == looked["sha256"]
    return {**file, "state": "same" if same else "absent" if file["state"] == "absent" else "different"}
