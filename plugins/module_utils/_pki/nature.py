# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What something is that is not what was asked for: named, so that a person knows what to do with it."""

from __future__ import annotations

from . import armour

# RFC 7292, 4: a sequence whose first element is the number 3, followed by a sequence.
_PKCS12 = b"\x02\x01\x03\x30"
_LABELS = {
    "PRIVATE KEY": "a private key",
    "ENCRYPTED PRIVATE KEY": "a private key",
    "RSA PRIVATE KEY": "a private key",
    "EC PRIVATE KEY": "a private key",
    "CERTIFICATE REQUEST": "a certificate signing request",
    "NEW CERTIFICATE REQUEST": "a certificate signing request",
    "CERTIFICATE": "a certificate",
}


def instead(given: bytes | str, *, key: bool = False) -> str:
    """The end of a sentence that something is not there: ``: this is ...``; nothing if it is not known what this is.

    :param key: a private key was asked for, otherwise a certificate.
    """
    data = armour.octets(given)
    if is_pkcs12(data):
        wanted, option = ("private key", "-nocerts -nodes") if key else ("certificates", "-nokeys")
        return (
            f": this is a PKCS#12 file (.pfx, .p12), in which a passphrase protects key and certificates; take the {wanted} out of it, as PEM, "
            f"with openssl pkcs12 -in FILE {option}"
        )
    if not data.strip():
        return ": this is empty"
    told = [_LABELS[block.label] for block in armour.blocks(data) if block.label in _LABELS]
    return f": this is {told[0]}" if told else ""


def is_pkcs12(data: bytes) -> bool:
    """Whether it is a PKCS#12, in DER, BER, or base64."""
    if data[:1] == b"\x30" and data[1:2] >= b"\x80":
        start = 2 + (data[1] & 0x7F)
        return data[start : start + len(_PKCS12)] == _PKCS12
    found = armour.text(data[:8192])
    content = next((block.content for block in armour.blocks(data, "PKCS12")), b"")
    digits = "".join(found.split())[:64]
    content = content or armour.unbase64(digits[: len(digits) // 4 * 4])
    return content[:1] == b"\x30" and content[1:2] >= b"\x80" and is_pkcs12(content)
