# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates in whatever the portal hands out: a file, an archive, or text on a page."""

from __future__ import annotations

import re

from .. import _archives as archives
from .page import Page
from .session import Response

_PEM = re.compile(
    r"-----BEGIN (?:X509 |TRUSTED )?(CERTIFICATE|PKCS7)-----[A-Za-z0-9+/=\s]{40,}?-----END (?:X509 |TRUSTED )?\1-----"
)
_MEMBERS = 50
_MEMBER_LIMIT = 1024 * 1024  # bytes


def of_response(response: Response) -> list[bytes]:
    """The certificates that an answer consists of, as they came; none of a page."""
    body = response.body
    if body[:4] == b"PK\x03\x04":
        found = archives.files(body, most=_MEMBERS, limit=_MEMBER_LIMIT)
        return [content for _name, content in found if len(content) <= _MEMBER_LIMIT]
    start = body[:64].lstrip()
    if body[:1] == b"\x30" and len(body) > 64 and body[1:2] >= b"\x80":
        return [body]
    if start.startswith((b"-----BEGIN", b"MII", b"Bag Attributes", b"subject=")) or (
        b"-----BEGIN CERT" in body and b"<" not in body
    ):
        return [body]
    return []


def of_page(page: Page) -> list[bytes]:
    """The certificates that stand as text on a page, in a box or in the open."""
    text = "\n".join([*(control.value for control in page.controls if control.kind == "textarea"), _all_text(page)])
    return list(dict.fromkeys(match.group().encode("ascii") for match in _PEM.finditer(text)))


def _all_text(page: Page) -> str:
    return "".join(item.text if item.text is not None else "\n" for item in page.flow if item.control is None)
