# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""smime.p7m: the mail in an opaque S/MIME signature (RFC 8551, 3.5.2; RFC 5652, 5). The signature proves nothing here, and is not looked at."""

from __future__ import annotations

_SEQUENCE, _SET, _CONTENT, _OID = 0x30, 0x31, 0xA0, 0x06
_OCTETS, _OCTETS_IN_PIECES = 0x04, 0x24
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_INDEFINITE = 0x80
_END = b"\0\0"
_MAX_NESTING = 8


def content(data: bytes) -> bytes:
    """What was signed, if ``data`` is signed data (in DER or BER) that holds it; else nothing."""
    if data[:1] != b"\x30" or _SIGNED_DATA not in data[:32]:
        return b""
    try:
        return _content(_Elements(data))
    except (ValueError, IndexError):
        return b""


def _content(elements: _Elements) -> bytes:
    elements.enter(_SEQUENCE)
    if elements.value(_OID) != _SIGNED_DATA:
        return b""
    elements.enter(_CONTENT)
    elements.enter(_SEQUENCE)
    elements.skip()  # the version
    elements.skip()  # the digests
    elements.enter(_SEQUENCE)
    if elements.value(_OID) != _DATA or not elements.is_next(_CONTENT):
        return b""
    elements.enter(_CONTENT)
    return b"".join(elements.octets(0))


class _Elements:
    """BER (X.690, 8), walked through from front to back. :class:`ValueError` and :class:`IndexError`: it is broken."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def is_next(self, tag: int) -> bool:
        return self._data[self._at] == tag

    def enter(self, tag: int) -> int:
        """Go into an element; returns where it ends, or -1 if it says so itself."""
        if not self.is_next(tag):
            raise ValueError
        return self._header()

    def value(self, tag: int) -> bytes:
        """The content of a primitive element."""
        end = self.enter(tag)
        if end < 0:
            raise ValueError
        found = self._data[self._at : end]
        self._at = end
        return found

    def skip(self) -> None:
        """Pass by an element, and by all that is in it."""
        open_ends = 0
        while True:
            if open_ends and self._data[self._at : self._at + 2] == _END:
                self._at += 2
                open_ends -= 1
            else:
                end = self._header()
                if end < 0:
                    open_ends += 1
                else:
                    self._at = end
            if not open_ends:
                return

    def octets(self, nesting: int) -> list[bytes]:
        """The pieces of an octet string; streamed ones are made of many."""
        if not self.is_next(_OCTETS_IN_PIECES):
            return [self.value(_OCTETS)]
        if nesting >= _MAX_NESTING:
            raise ValueError
        end = self.enter(_OCTETS_IN_PIECES)
        found: list[bytes] = []
        while self._data[self._at : self._at + 2] != _END if end < 0 else self._at < end:
            found += self.octets(nesting + 1)
        if end < 0:
            self._at += 2
        return found

    def _header(self) -> int:
        if self._data[self._at] & 0x1F == 0x1F:
            raise ValueError  # a long tag, which has no place here
        length = self._data[self._at + 1]
        self._at += 2
        if length == _INDEFINITE:
            return -1
        if length > _INDEFINITE:
            size = length & 0x7F
            length = int.from_bytes(self._data[self._at : self._at + size], "big")
            self._at += size
        end = self._at + length
        if end > len(self._data):
            raise ValueError
        return end
