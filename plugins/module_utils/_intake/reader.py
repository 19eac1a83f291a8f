# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates in whatever they come: the one reader for files, options, downloads and, by :mod:`message`, mails."""

from __future__ import annotations

import typing as t

from .._errors import CertificateError
from .._pki import armour, nature
from .._pki import certificates as pki
from . import signed

if t.TYPE_CHECKING:
    from cryptography import x509


def certificates(given: bytes | str) -> list[x509.Certificate]:
    """All certificates: in PEM as people have it, DER, PKCS#7 or base64; in a ZIP, a winmail.dat, a saved or a signed mail.

    :returns: in their order, each once; ``[]`` if there is none.
    """
    data = armour.octets(given)
    found = [] if signed.content(data) else pki.load_any(data)
    if found:
        return found
    from . import message  # noqa: PLC0415 - needed by few, and a host's daily look shall not pay for it

    return list(dict.fromkeys(one for file in message.files(data) for one in pki.load_any(file)))


def one(given: bytes | str, option: str) -> x509.Certificate:
    """The one certificate that an option holds.

    :raises CertificateError: it holds none, or more than one.
    """
    found = certificates(given)
    if len(found) != 1:
        held = f"holds {len(found)}" if found else f"holds none{nature.instead(given)}"
        raise CertificateError(f"{option} must hold one certificate, but it {held}")
    return found[0]
