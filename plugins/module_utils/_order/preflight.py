# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold before an order is sent, so that it is not found out when it was paid."""

from __future__ import annotations

import typing as t

from .._errors import InputError
from .._pki import eligible, names

if t.TYPE_CHECKING:
    from .._pki.csr import Request


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
