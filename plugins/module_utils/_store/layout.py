# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names in a certificate directory (see :mod:`.directory`)."""

from __future__ import annotations

PENDING, LIVE, VERSIONS, LOCK = "pending", "live", "versions", ".lock"
PRIVATEKEY, REQUEST, LEAF, CHAIN, FULLCHAIN, BUNDLE, COMBINED = (
    "privkey.pem",
    "request.csr",
    "cert.pem",
    "chain.pem",
    "fullchain.pem",
    "bundle.p12",
    "combined.pem",
)
#: What a killed program leaves behind ends so, and begins with a dot.
SUFFIX = ".twca-tmp"


def is_leftover(name: str) -> bool:
    """Whether something of this name was left by a killed program, unless one is at work."""
    return name.startswith(".") and name.endswith(SUFFIX)
