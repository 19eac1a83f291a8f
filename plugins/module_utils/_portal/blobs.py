# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates in whatever the portal hands out: a file, an archive, or text on a page."""

from __future__ import annotations

import io
import re
import typing as t
import zipfile
import zlib

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
        return list(_unzipped(body))
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


def _unzipped(body: bytes) -> t.Iterator[bytes]:
    """The files of an archive, within bounds; a broken one has none."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for info in archive.infolist()[:_MEMBERS]:
                if not info.is_dir() and info.file_size <= _MEMBER_LIMIT and not info.flag_bits & 1:
                    with archive.open(info) as member:
                        yield member.read(_MEMBER_LIMIT)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError, RuntimeError):
        return
