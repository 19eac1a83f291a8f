# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of a configuration that may be paths. All kinds of servers are read alike, so a word may be read in more than one way."""

from __future__ import annotations

import re
import typing as t

# After "</" (Dovecot), "crt " (HAProxy), a comma (Postfix), "=" (XML); a backslash takes the next letter as it is.
_WORD = r"(?P<word>(?:\\.|[^\s,;=<>\"'(){}\[\]\\])+)"
_TOKEN = re.compile(
    r"\"(?P<double>(?:\\.|[^\"\\])*)\"|'(?P<single>(?:\\.|[^'\\])*)'|(?P<comment>(?<![^\s;{}])#.*)|" + _WORD
)
_ESCAPED = re.compile(r"\\(.)")
# A path with blanks that nobody quoted goes up to the end of its line: after "=" as in Dovecot, or alone.
_REST = re.compile(r"^\s*[\w.]+\s*=\s*<?\s*(\S.*\S)")
_XML = re.compile(r"^\s*<[!?A-Za-z]", re.MULTILINE)
# What is for connections that a server itself makes, or whom it trusts: nginx's, Apache's, HAProxy's.
_ELSEWHERE = re.compile(
    r"\b(?:proxy|grpc|uwsgi)_ssl_\w+\s[^;]*|\bssl_(?:trusted|client)_certificate\s[^;]*|\bSSLProxy\w+\s.*|\bca-file\s+\S+|"
    r"^\s*(?:server|server-template|default-server)\s+(?=[^\s{])[^;{]*"
)


def serving(said: str) -> str:
    """The text without comments, and without what does not concern the certificates that the server serves."""
    text = _without_blocks(said) if _XML.search(said) else said
    return "\n".join(_ELSEWHERE.sub("", _without_comment(line)) for line in text.splitlines())


def paths(text: str) -> set[str]:
    """What may be a path."""
    found: set[str] = set()
    for line in text.splitlines():
        found.update(_of_line(line))
    return found


def _of_line(line: str) -> t.Iterator[str]:
    for token in _TOKEN.finditer(line):
        if token["word"] is not None:
            yield _ESCAPED.sub(r"\1", token["word"])
            continue
        quoted = token["double"] if token["double"] is not None else token["single"]
        if quoted:
            yield _ESCAPED.sub(r"\1", quoted)
            yield from quoted.split()
    for word in line.split():
        yield word.strip("<>;,\"'")
    yield line.strip()
    rest = _REST.match(line)
    if rest:
        yield rest[1]


def _without_comment(line: str) -> str:
    """A number sign begins a comment, but not within quotes or a word."""
    if "#" not in line:
        return line
    for token in _TOKEN.finditer(line):
        if token["comment"] is not None:
            return line[: token.start()]
    return line


def _without_blocks(said: str) -> str:
    """Without comments as XML has them, which may be many lines long."""
    kept, at = [], 0
    while (begin := said.find("<!--", at)) >= 0:
        kept.append(said[at:begin])
        end = said.find("-->", begin)
        if end < 0:
            return "".join(kept)
        at = end + len("-->")
    return "".join([*kept, said[at:]])
