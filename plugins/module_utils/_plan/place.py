# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a host serves a certificate, for all that look there."""

from __future__ import annotations

import typing as t

from .._servers.contract import Kind
from .claims import Claim

_LOOPBACK = "127.0.0.1"


def place(kind: Kind, verify: t.Mapping[str, t.Any] | None, claim: Claim) -> dict[str, t.Any]:
    """``host``, ``port`` and what else is known: what the entry says, else ``twca_verify``, else what its kind of server is like.

    What is given without a value counts as not given.
    """
    usual = {"host": _LOOPBACK, "port": kind.port, "starttls": kind.starttls}
    found: dict[str, t.Any] = {}
    for given in (usual, verify or {}, claim.get("verify") or {}):
        found.update({option: value for option, value in given.items() if value not in (None, "")})
    return found
