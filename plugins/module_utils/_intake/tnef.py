# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""winmail.dat: the attachments of a mail that Outlook wrapped up ([MS-OXTNEF])."""

from __future__ import annotations

import struct
import typing as t

SIGNATURE = b"\x78\x9f\x3e\x22"
_HEAD = struct.Struct("<BII")  # level, attribute, length
_CHECKSUM = 2
# The attributes that matter: where an attachment begins, its name, its content, and its properties, in which a mail may be.
_BEGIN, _TITLE, _DATA, _PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005


def files(data: bytes) -> t.Iterator[tuple[bytes, bytes]]:
    """The attachments, each with its name in the sender's character set; an attached mail is a TNEF of its own, without a name.

    It ends where it is broken.
    """
    at = len(SIGNATURE) + 2  # a key follows, which nobody needs
    name, content = b"", b""
    while at + _HEAD.size <= len(data):
        _level, attribute, length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        value = data[at : at + length]
        at += length + _CHECKSUM
        if attribute == _BEGIN:
            if content:
                yield name, content
            name, content = b"", b""
        elif attribute == _TITLE:
            name = value.partition(b"\0")[0]
        elif attribute == _DATA:
            content = value
        elif attribute == _PROPERTIES:
            inner = value.find(SIGNATURE)
            if inner >= 0:
                yield b"", value[inner:]
    if content:
        yield name, content
