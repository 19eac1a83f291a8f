# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one place where ``cryptography`` is imported.

Where it is missing, stand-ins raise :class:`MissingLibraryError` on first use, so that importing our own files never
fails and the module's edge can say what to install. Parts that few need (PKCS#7, PKCS#12, OCSP, path validation) are
imported by the functions that use them.
"""

from __future__ import annotations

import traceback
import typing as t

from .._errors import MissingLibraryError


class _Missing:
    """Stands for a name of a library that is not there."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def __getattr__(self, name: str) -> t.NoReturn:
        raise MissingLibraryError("cryptography", self._reason)


try:
    from cryptography import exceptions, x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
except ImportError:
    exceptions = x509 = hashes = serialization = ec = padding = rsa = _Missing(traceback.format_exc())  # type: ignore[assignment]

__all__ = ["ec", "exceptions", "hashes", "padding", "rsa", "serialization", "x509"]
