# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PEM (RFC 7468) as people have it: saved by Windows, copied from a mail, quoted in an answer."""

from __future__ import annotations

import base64
import binascii
import re
import typing as t

_BLOCK = re.compile(r"-----BEGIN (?P<label>[A-Z0-9 ]{1,40})-----(?P<body>[A-Za-z0-9+/=\s]+)-----END (?P=label)-----")
_BEGIN = "-----BEGIN"
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile("[\xa0\u2000-\u200a\u202f\u205f\u3000]")
_NOTHING = re.compile("[\xad\u200b-\u200f\u2060\ufeff]")
_QUOTED = re.compile(r"^[ \t]*(?:[>|][ \t]*)+", re.MULTILINE)


class Block(t.NamedTuple):
    """One block: its label, and what is in it, decoded; nothing if it is no base64."""

    label: str
    content: bytes


def blocks(given: bytes | str, *labels: str) -> list[Block]:
    """The blocks with one of these labels (without any: all blocks), in their order. Text may stand around them."""
    found = (Block(match["label"], unbase64(match["body"])) for match in _BLOCK.finditer(text(given)))
    return [block for block in found if not labels or block.label in labels]


def pem(label: str, content: bytes) -> str:
    """A block in its plain form, with a line end."""
    lines = base64.b64encode(content).decode("ascii")
    wrapped = "\n".join(lines[start : start + 64] for start in range(0, len(lines), 64))
    return f"-----BEGIN {label}-----\n{wrapped}\n-----END {label}-----\n"


def text(given: bytes | str) -> str:
    """What was given as text in which PEM reads as it should.

    UTF-16 and UTF-8, with or without their byte order mark, are told apart by what they hold; line ends become those of Unix, blanks of every
    kind become blanks, invisible characters and the marks of a quotation (``> ``, ``| ``) go. What is no text becomes something odd
    that holds no PEM.
    """
    found = given if isinstance(given, str) else _decoded(given)
    for pattern, instead in ((_LINE_ENDS, "\n"), (_BLANKS, " "), (_NOTHING, ""), (_QUOTED, "")):
        found = pattern.sub(instead, found)
    return found


def octets(given: bytes | str) -> bytes:
    """An option's text as bytes; those that are no UTF-8 are handed on as Ansible keeps them."""
    if isinstance(given, bytes):
        return given
    try:
        return given.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return given.encode("utf-8", "replace")


def unbase64(digits: str) -> bytes:
    """What base64 stands for, white space aside; nothing if it is none."""
    try:
        return base64.b64decode("".join(digits.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _decoded(data: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    places = {encoding: data.find(_BEGIN.encode(encoding)) for encoding in ("utf-16-le", "utf-16-be")}
    for encoding, at in sorted(places.items(), key=lambda place: place[1] % 2):
        if at >= 0:
            return data[at % 2 :].decode(encoding, "replace")
    if _is_every_second_byte_zero(data):
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _is_every_second_byte_zero(data: bytes) -> bool:
    """Bare base64 in UTF-16."""
    start = data[:64]
    start = start[: len(start) // 2 * 2]
    even, odd = start[::2], start[1::2]
    return bool(start) and ((not any(even) and all(odd)) or (not any(odd) and all(even)))
