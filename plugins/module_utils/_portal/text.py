# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How texts are compared: as a person reads them, not as they are written.

After NFKC, without white space, without punctuation at the ends, without regard to case; 臺 and 台 are one character
(both are in official use for the same names).
"""

from __future__ import annotations

import functools
import re
import typing as t
import unicodedata

from .effort import spend

_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|〔[^〕]*〕|<[^<>]*>|《[^》]*》")
_CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_CLAUSE = re.compile(r"[:。;|]")

#: A label of more characters than this is a text, of which only an exact part can be a label.
LABEL_LENGTH = 24
#: What stands further behind in a text beside a control is no part of its label.
_TEXT_LENGTH = 1500
_LINES = 40  # of such a text
_PIECE = 256  # characters that are normalised at once
_LOOK_BACK = 32
_GROWTH = 3
_JOINS = re.compile(
    "[\u0300-\u036f\u1160-\u11ff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f\uff9e-\uffdc]"
)  # what is written with what stands before


def nfkc(text: str) -> str:
    """NFKC, in time that grows with the length alone.

    Each run of combining marks is sorted, which takes the square of its length; so long texts are cut into pieces, if possible before
    a character that stands for itself.
    """
    if len(text) <= _PIECE or text.isascii():
        return unicodedata.normalize("NFKC", text)
    pieces = []
    start = 0
    while start < len(text):
        end = start + _PIECE
        while end < len(text) and end > start + _PIECE - _LOOK_BACK and _JOINS.match(text, end):
            end -= 1
        normal = unicodedata.normalize("NFKC", text[start:end])
        # A single character may become eighteen; a text of nothing else is no text.
        pieces.append(normal if len(normal) <= _GROWTH * _PIECE else text[start:end])
        start = end
    return "".join(pieces)


def squash(text: str) -> str:
    """NFKC, each run of white space one space; what is invisible, moves a cursor or turns text around is dropped."""
    spend(1 + (len(text) >> 7))
    return _SPACE.sub(" ", _INVISIBLE.sub("", nfkc(text))).strip()


def norm(text: str) -> str:
    """The form in which two texts are compared."""
    return _norm(text) if len(text) <= _TEXT_LENGTH else _norm_long(text)


def _normalised(text: str) -> str:
    bare = _SPACE.sub("", squash(text)).casefold().replace("臺", "台")
    start, end = 0, len(bare)
    while start < end and not bare[start].isalnum():
        start += 1
    while end > start and not bare[end - 1].isalnum():
        end -= 1
    return bare[start:end] or bare


_norm = functools.lru_cache(maxsize=8192)(_normalised)
_norm_long = functools.lru_cache(maxsize=128)(_normalised)


def has_cjk(text: str) -> bool:
    return _CJK.search(text) is not None


@functools.lru_cache(maxsize=4096)
def variants(text: str) -> tuple[str, ...]:
    """What a label may be meant to say, the likeliest first.

    A label may carry a note in brackets or after a colon, a mark, a second language, or further lines of explanation:
    ``* 姓名 (必填) Name:`` yields, among others, ``姓名``.
    """
    found: dict[str, None] = {}

    def add(part: str) -> None:
        wanted = norm(part)
        if wanted:
            found.setdefault(wanted)

    text = text[:_TEXT_LENGTH]
    add(text)
    lines = [squash(line) for line in text.split("\n")[:_LINES]]
    for line in [squash(text), *lines]:
        bare = _BRACKETS.sub(" ", line)
        head = _CLAUSE.split(bare, maxsplit=1)[0]
        for part in (line, bare, head, "".join(_CJK.findall(head))):
            if len(part) <= 3 * LABEL_LENGTH:
                add(part)
    return tuple(found)


class Vocabulary:
    """Wordings of several meanings; tells which of them a label has.

    ``dominant`` meanings win wherever one of their wordings occurs in the label; else an exact wording counts before a part
    of the label, and of several parts the one that ends last, since the head of a Chinese noun phrase stands at its end
    (公司電話 is a telephone number, 公司統一編號 no company).
    """

    def __init__(self, wordings: t.Mapping[str, t.Sequence[str]], dominant: t.Sequence[str] = ()) -> None:
        self._exact: dict[str, str] = {}
        for key, texts in wordings.items():
            for text in texts:
                self._exact.setdefault(norm(text), key)
        self._dominant = frozenset(dominant)
        self._parts = [(word, key) for word, key in self._exact.items() if has_cjk(word) and len(word) > 1]
        self._known: dict[str, str | None] = {}

    def find(self, label: str) -> str | None:
        """The meaning of a label, or None."""
        spend()
        label = label[:_TEXT_LENGTH]
        if label not in self._known:
            self._known[label] = self._find(label)
        return self._known[label]

    def plain(self, text: str) -> str | None:
        """The meaning of a text that is one of the wordings, word for word."""
        return self._exact.get(norm(text))

    def exact(self, label: str) -> str | None:
        """The meaning of a label that is one of the wordings, notes and marks aside; or None."""
        spend()
        label = label[:_TEXT_LENGTH]
        for variant in variants(label):
            key = self._exact.get(variant)
            if key is not None:
                return key
        return None

    def _find(self, label: str) -> str | None:
        spend(20)
        short = [variant for variant in variants(label) if len(variant) <= LABEL_LENGTH]
        for variant in short:
            for word, key in self._parts:
                if key in self._dominant and word in variant:
                    return key
        whole = self.exact(label)
        if whole is not None:
            return whole
        for variant in short:
            hits = [(variant.rfind(word) + len(word), len(word), key) for word, key in self._parts if word in variant]
            if hits:
                return max(hits)[2]
        return None


def begins_with(text: str, name: str) -> bool:
    """Whether a text's first word is a site's name, in whatever case."""
    return squash(text).casefold().split()[:1] == [name.casefold()]


def pick(texts: t.Sequence[str], wordings: t.Sequence[str]) -> list[int]:
    """Indexes of the texts that say one of the wordings: exact ones first, then those that hold one as a part."""
    spend(len(texts))
    normal = [norm(text) for text in texts]
    wanted = [norm(wording) for wording in wordings]
    exact = [index for word in wanted for index, text in enumerate(normal) if text == word]
    part = [index for word in wanted for index, text in enumerate(normal) if word in text and len(word) > 1]
    return list(dict.fromkeys(exact + part))
