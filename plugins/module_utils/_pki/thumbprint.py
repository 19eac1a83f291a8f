# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A certificate's thumbprint, by which Windows knows it."""

from __future__ import annotations

import hashlib
import ssl

from .._errors import InputError

ALGORITHMS = ("sha1", "sha256")


def thumbprint(pem: str, algorithm: str = "sha1") -> str:
    """The hash of the one certificate in ``pem``, in upper-case hexadecimal. SHA-1 names a certificate and proves nothing.

    :raises InputError: it is not one certificate, or the algorithm is not known.
    """
    if algorithm not in ALGORITHMS:
        raise InputError(f"thumbprint knows {' and '.join(ALGORITHMS)}, not {algorithm!r}.")
    text = str(pem).strip()
    try:
        der = ssl.PEM_cert_to_DER_cert(text)
    except ValueError:
        der = b""
    if not der or text.count(ssl.PEM_HEADER) != 1:
        raise InputError("thumbprint takes one certificate in PEM.")
    return hashlib.new(algorithm, der, usedforsecurity=False).hexdigest().upper()
