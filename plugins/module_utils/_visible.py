# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text that others wrote, made safe to show: nothing in it moves a cursor, turns text around or stops a reader."""

from __future__ import annotations

import re
import typing as t

# Control characters (C0 less tab and newline, DEL, C1), marks that turn text around (UAX #9), halves of characters, and what is
# no character (U+FFFE and its like). Terminals obey the first two; YAML and UTF-8 cannot hold the others.
_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def visible(text: str) -> str:
    r"""The text with ``\x1b`` written out for an escape character, and so on; line ends become plain ones."""
    # Most texts are plain, and most modules never need the expression.
    if text.isprintable() or re.search(_UNSAFE, text) is None:
        return text
    return re.sub(_UNSAFE, _written, text.replace("\r\n", "\n"))


def visible_data(value: t.Any) -> t.Any:
    """Plain data with every text in it made :func:`visible`, keys too."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible_data(key): visible_data(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [visible_data(part) for part in value]
    return value


def _written(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
