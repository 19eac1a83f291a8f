# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates in whatever the portal hands out: a file, an archive, or text on a page."""

from __future__ import annotations

from .._intake import tnef
from .._pki import armour
from .page import Page
from .session import Response

_LABELS = ("CERTIFICATE", "X509 CERTIFICATE", "PKCS7")


def of_response(response: Response) -> list[bytes]:
    """The file that an answer consists of, as it came, if certificates may be in it; none of a page."""
    body = response.body
    if body.startswith((b"PK\x03\x04", tnef.SIGNATURE)):
        return [body]
    if body[:1] == b"\x30" and len(body) > 64 and body[1:2] >= b"\x80":
        return [body]
    text = armour.text(body)
    if text[:64].lstrip().startswith(("-----BEGIN", "MII", "Bag Attributes", "subject=")) or (
        "-----BEGIN CERT" in text and "<" not in text
    ):
        return [body]
    return []


def of_page(page: Page) -> list[bytes]:
    """The certificates that stand as text on a page, in a box or in the open."""
    text = "\n".join([*(control.value for control in page.controls if control.kind == "textarea"), _all_text(page)])
    found = (armour.pem(*block).strip().encode("ascii") for block in armour.blocks(text, *_LABELS) if block.content)
    return list(dict.fromkeys(found))


def _all_text(page: Page) -> str:
    return "".join(item.text if item.text is not None else "\n" for item in page.flow if item.control is None)
