# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts that a page shows: names with values beside or below them, and tables of them.

A fact's name may stand in a table cell, a ``<dt>``, an element of its own or before a colon; its value in the next cell, the
``<dd>``, the next element, a read-only field, or after the colon. A table with a row of names at its head has a record per row.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from . import dom
from .effort import spend
from .page import Item, Page, text_of
from .profile import Profile
from .tables import Grid
from .text import Vocabulary, nfkc, norm, squash

_LOOKED_AT = 20  # rows below what may be a head
_HEAD_WITHIN = 8  # rows
_TABLES = 10_000  # looked at; a list of 5,000 certificates may have one for each
_PAIRED_ROWS = 1500  # of a table without a head
_SERIAL_DIGITS = 60  # of a serial number; it has at most 20 octets (RFC 5280 §4.1.2.2)
_CELL = 400  # characters of a cell that can be a name, explanation included
_VALUE = 20_000  # characters of a value
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "legend", "caption"))
_PARTS = frozenset("article body fieldset form html section table ul ol".split())
_BLOCK = frozenset(
    "address article blockquote dd div dl dt fieldset form li ol p pre section table td th tr ul body html h1 h2 h3 h4 h5 h6".split()
)


@dataclasses.dataclass(eq=False)
class Record:
    """Facts that belong together. ``node`` is the row or table they stand in, None where they stand in the flow of texts."""

    page: Page
    facts: dict[str, str]
    order: int  # where in the document it begins
    node: dom.Node | None = None


def records(page: Page, profile: Profile) -> list[Record]:
    """The certificates and orders that a page shows, in document order."""
    return _records(page, profile, profile.record, lambda facts: len(facts) >= 2)


def echo(page: Page, profile: Profile) -> dict[str, str]:
    """What a page says of a CSR's subject, as far as it does."""

    def is_one(facts: dict[str, str]) -> bool:
        told = [key for key, value in facts.items() if value]  # a step that is still to come has the names alone
        return ("common_name" in told and len(facts) >= 2) or len(told) >= 3

    found = _records(page, profile, profile.echo, is_one)
    return found[0].facts if found else {}


def _records(
    page: Page, profile: Profile, vocabulary: Vocabulary, is_one: t.Callable[[dict[str, str]], bool]
) -> list[Record]:
    found: list[Record] = []
    used: set[int] = set()
    for table in page.root.elements("table")[:_TABLES]:
        if id(table) in used:
            continue
        grid = Grid(table)
        ours = [
            one
            for one in _from_rows(page, grid, vocabulary) or _from_pairs(page, grid, vocabulary, profile)
            if is_one(one.facts)
        ]
        if ours:
            found += ours
            used.update(id(node) for node in table.walk())
    found += [one for one in _from_flow(page, vocabulary, used, profile) if is_one(one.facts)]
    return sorted(found, key=lambda one: one.order)


# -- tables ----------------------------------------------------------------------------------------------------------


def _from_rows(page: Page, grid: Grid, vocabulary: Vocabulary) -> list[Record]:
    """A table with a head: one record a row."""
    for index, row in enumerate(grid.rows[:_HEAD_WITHIN]):
        names = {
            column: key for column, key in ((column, _name(cell, vocabulary)) for column, cell in enumerate(row)) if key
        }
        below = grid.rows[index + 1] if index + 1 < len(grid.rows) else []
        if len(set(names.values())) < 2 or 2 * len(names) < len({id(cell) for cell in row}):
            continue
        again = [
            one
            for one in names
            if one < len(below) and below[one] is not row[one] and _name(below[one], vocabulary, True)
        ]
        if not below or 2 * len(again) > len(names):
            continue  # names with their values to the right, two pairs a row
        if any(_are_names(grid.rows[index + 1 : index + 1 + _LOOKED_AT], column, vocabulary) for column in names):
            continue  # the same, one pair a row
        found = []
        for tr, cells in zip(grid.trs[index + 1 :], grid.rows[index + 1 :]):
            if len({id(cell) for cell in cells}) < 2:
                continue
            facts: dict[str, str] = {}
            for column, key in names.items():
                if column < len(cells):
                    facts.setdefault(key, _value(cells[column], page))
            found.append(Record(page, facts, tr.order, tr))
        return found
    return []


def _are_names(rows: list[list[dom.Node]], column: int, vocabulary: Vocabulary) -> bool:
    """Whether most cells of a column are names themselves; 下載 is rather a link."""
    named = [_name(row[column], vocabulary, exact=True) for row in rows if column < len(row)]
    return 2 * sum(name not in (None, "action") for name in named) > len(rows)


def _from_pairs(page: Page, grid: Grid, vocabulary: Vocabulary, profile: Profile) -> list[Record]:
    """A table of names with their values to the right."""
    found: list[Record] = []
    current: Record | None = None
    for tr, row in zip(grid.trs[:_PAIRED_ROWS], grid.rows):
        cells = list({id(cell): cell for cell in row}.values())
        if len(cells) == 1 and profile.heading(text_of(cells[0], _CELL)):
            current = None
        for cell, value in zip(cells, cells[1:]):
            key = _name(cell, vocabulary)
            if key is None or (_name(value, vocabulary, exact=True) and _name(cell, vocabulary, exact=True) is None):
                continue
            if current is None or key in current.facts:
                current = Record(page, {}, tr.order, grid.table)
                found.append(current)
            current.facts[key] = _value(value, page)
    return found


def _name(cell: dom.Node, vocabulary: Vocabulary, exact: bool = False) -> str | None:
    """The meaning of a cell that holds a fact's name."""
    if any(
        isinstance(child, dom.Node) and child.tag in ("table", "input", "select", "textarea") for child in cell.children
    ):
        return None
    text = text_of(cell, _CELL)
    if len(text) > _CELL or not text.strip():
        return None
    return vocabulary.exact(text) if exact or len(squash(text)) > 40 else vocabulary.find(text)


def _value(cell: dom.Node, page: Page) -> str:
    text = _tidy(text_of(cell, _VALUE))
    return text or " ".join(squash(control.value) for control in page.shown_in(cell))[:_VALUE]


def _tidy(text: str) -> str:
    """Line by line, without what NFKC and collapsing change of it within a line."""
    return "\n".join(line for line in (squash(line) for line in text.split("\n")) if line)


# -- the flow of texts -----------------------------------------------------------------------------------------------


def _from_flow(page: Page, vocabulary: Vocabulary, used: set[int], profile: Profile) -> list[Record]:
    """Names and values that follow each other in the text, whatever elements they stand in."""
    found: list[Record] = []
    current: Record | None = None
    key: str | None = None
    value: list[str] = []
    block: dom.Node | None = None

    def finish() -> None:
        nonlocal current, key, value, block
        if key is not None and value:
            if current is None or key in current.facts:
                current = Record(page, {}, start)
                found.append(current)
            current.facts[key] = "\n".join(value)
        key, value, block = None, [], None

    start = 0
    name = page.root
    questions = _questions(page)
    for item in page.flow:
        spend()
        text = _shown(item)
        if not text or id(item.node) in used:
            continue
        if questions and any(id(one) in questions for one in (item.node, *item.node.ancestors())):
            finish()
            continue
        named, rest = _split(text, vocabulary)
        if named is not None:
            finish()
            key, start, name = named, item.node.order, item.node
            if rest:
                value, block = [rest], _block(item.node)
        elif _is_heading(item.node) or profile.heading(text):
            finish()
            current = None
        elif key is not None:
            if value and block is not None and not _is_within(item.node, block, name):
                finish()
            else:
                block = block if value else _box(item.node, name)
                value.append(text)
    finish()
    return found


def _questions(page: Page) -> set[int]:
    """The ``<label>`` elements of fields to fill in, whose texts are names of no facts; a choice's label may hold facts."""
    asking = [one for one in page.controls if one.fillable and one.kind not in ("radio", "checkbox")]
    inside = {id(around) for one in asking for around in one.node.ancestors()}
    names = {one.node.get("id") for one in asking}
    return {id(one) for one in page.root.elements("label") if one.get("for") in names - {""} or id(one) in inside}


def _is_heading(node: dom.Node) -> bool:
    return any(one.tag in _HEADINGS for one in [node, *list(node.ancestors())[:2]])


def _shown(item: Item) -> str:
    if item.hidden:
        return ""
    if item.control is not None:
        return squash(item.control.value) if item.control.readonly or item.control.disabled else ""
    return squash(item.text or "")


def _split(text: str, vocabulary: Vocabulary) -> tuple[str | None, str]:
    """The meaning of a name, and the value if it follows after a colon."""
    whole = nfkc(text)
    key = vocabulary.plain(whole)
    if key is not None:
        return key, ""
    head, _space, rest = whole.partition(" ")
    key = vocabulary.plain(head)
    if key is not None and rest[:1].isdigit():
        return key, rest
    head, _colon, rest = whole.partition(":")
    key = vocabulary.exact(head) if len(head) < 40 else None  # with a second language or a note
    return key, rest.strip() if key else ""


def _box(node: dom.Node, name: dom.Node) -> dom.Node:
    """The element that a value fills: the largest around its first text that leaves the name out, but for a part of the page."""
    box = _block(node)
    outside = {id(one) for one in [name, *name.ancestors()]}
    while box.parent is not None and id(box.parent) not in outside and box.parent.tag in _BLOCK - _PARTS:
        box = box.parent
    return box


def _is_within(node: dom.Node, box: dom.Node, name: dom.Node) -> bool:
    """Whether a text still belongs to the value that fills the box."""
    if _block(node) is box:
        return True
    return box not in (name, *name.ancestors()) and box in node.ancestors()


def _block(node: dom.Node) -> dom.Node:
    return next((one for one in [node, *node.ancestors()] if one.tag in _BLOCK), node)


def facts_in(text: str, profile: Profile) -> dict[str, str]:
    """Facts told in passing, each a name with its value after it: ``序號 1033716735 (原因:申請單未蓋章)``."""
    words = [word for word in re.split(r"[\s:()\[\]【】]+", nfkc(text)) if word]
    facts: dict[str, str] = {}
    for word, value in zip(words, words[1:]):
        key = profile.record.plain(word)
        if key is not None and profile.record.plain(value) is None:
            facts.setdefault(key, value)
    return facts


# -- single facts ----------------------------------------------------------------------------------------------------


def subject_name(subject: str) -> str:
    """The common name in a subject such as ``Country = TW ... Common Name = www.example.com.tw``."""
    match = re.search(r"(?:Common\s*Name|CN)\s*[=:]\s*([^\s,;/]+)", subject, re.IGNORECASE)
    return match.group(1) if match else ""


def serial_number(text: str) -> int | None:
    """A serial number, decimal as the manual shows it (§4.4.3), or hexadecimal where it can be nothing else."""
    bare = re.sub(r"[\s:\-]|^0[xX](?=[0-9A-Fa-f])", "", squash(text))
    prefixed = squash(text)[:2].lower() == "0x" or ":" in text.strip(" :")
    if not bare or not re.fullmatch("[0-9A-Fa-f]+", bare):
        match = re.search(r"\b(?:0x)?([0-9A-Fa-f]{6,})\b", squash(text))
        if not match:
            return None
        bare, prefixed = match.group(1), match.group().startswith("0x")
    if len(bare) > _SERIAL_DIGITS:
        return None
    return int(bare, 10) if bare.isdigit() and not prefixed else int(bare, 16)


def status(text: str, profile: Profile) -> str:
    """The status that a text speaks of: of several words the first counts."""
    normal = norm(text)
    best: tuple[int, int, str] | None = None
    for kind in ("valid", "pending", "rejected", "revoked", "expired"):
        for word in (norm(one) for one in profile.words("statuses", kind)):
            at = normal.find(word)
            if at >= 0 and (best is None or (at, -len(word)) < best[:2]):
                best = (at, -len(word), kind)
    return best[2] if best else "unknown"


def is_revoking(text: str, profile: Profile) -> bool:
    return any(norm(word) in norm(text) for word in profile.words("statuses", "revoking"))
