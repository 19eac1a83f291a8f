# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which character set a page is in, and how its answer is written in it.

A server's header often says nothing, or something that was never true of the page; so each thing that declares a
character set is tried in turn, and the first one in which the bytes make sense is the page's.
"""

from __future__ import annotations

import codecs
import re
import typing as t

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Python's big5 lacks characters in daily use (裏 碁 恒) that every browser's Big5 has.
_BIG5 = frozenset(
    ("big5", "big5-hkscs", "big5hkscs", "x-x-big5", "cn-big5", "csbig5", "ms950", "x-windows-950", "cp950")
)
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "utf8": "utf-8",
    "unicode": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
}
# Any bytes at all are text in these; a server's default, not a statement about the page.
_SAYS_NOTHING = frozenset(("iso8859-1", "cp1252", "iso8859-15"))
_META = re.compile(rb"""<meta[^>]*?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_META_WITHIN = 4096


def canonical(name: str) -> str | None:
    """Python's name of the codec that browsers take for this name, or None for an unknown one."""
    name = name.strip().lower()
    if name in _BIG5:
        return "cp950"
    try:
        return codecs.lookup(_ALIASES.get(name, name)).name
    except LookupError:
        return None


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text of a page and its character set.

    In turn: byte order mark, HTTP header, ``<meta>``, UTF-8, Big5; where the bytes fit none, the first that was declared,
    with replacement characters.
    """
    for bom, charset in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(charset, "replace"), "utf-8"
    declared = [match.group(1) for match in (_HEADER.search(content_type),) if match]
    declared += [match.group(1).decode("ascii") for match in (_META.search(body[:_META_WITHIN]),) if match]
    known = [charset for charset in (canonical(name) for name in declared) if charset]
    telling = [charset for charset in known if charset not in _SAYS_NOTHING and not charset.startswith("utf-16")]
    for charset in dict.fromkeys([*telling, "utf-8", "cp950", "big5hkscs"]):
        try:
            return body.decode(charset), charset
        except UnicodeDecodeError:
            continue
    charset = (telling or known or ["utf-8"])[0]
    return body.decode(charset, "replace"), charset


def accepted(accept_charset: str, default: str) -> str:
    """The character set of a form's answer: the first known one of ``accept-charset``, else the page's."""
    names: t.Iterable[str] = re.split(r"[\s,]+", accept_charset.strip())
    return next((charset for charset in map(canonical, names) if charset), default)


def encode(text: str, charset: str) -> bytes:
    """Text as a form sends it: what the character set lacks becomes a numeric character reference, as in browsers."""
    return text.encode(charset, "xmlcharrefreplace")
