# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cells that the tables of the paper forms consist of. Every text in them is plain, for the template to escape."""

from __future__ import annotations

import dataclasses
import typing as t

# A value that would take many lines is set smaller, so that a form with a few of them is still two pages.
_MOST_CHARACTERS = {1: 40, 3: 80}


@dataclasses.dataclass(frozen=True)
class Cell:
    """A cell: its HTML element with attributes, and what is in it.

    ``lines`` are lines of text, ``digits`` groups of digits with gaps between them, ``choices`` boxes in a row, and ``reasons``
    boxes below each other, each with its ``text`` and what is written ``after`` it.
    """

    tag: str
    attributes: dict[str, t.Any]
    lines: t.Sequence[str] = ()
    digits: t.Sequence[str] = ()
    choices: t.Sequence[str] = ()
    reasons: t.Sequence[dict[str, str]] = ()


Row = list[Cell]


def label(*lines: str, columns: int = 1, css: str | None = None) -> Cell:
    """What the row, or the rest of it, tells."""
    return Cell("th", {"class": css, "scope": "row", "colspan": columns}, lines=lines)


def group(text: str, *, rows: int) -> Cell:
    """What so many rows have in common."""
    return Cell("th", {"class": "group", "scope": "rowgroup", "rowspan": rows}, lines=[text])


def pair(text: str, value: str, *, head: int = 1, span: int = 1) -> Row:
    """A label over ``head`` columns, and its value over ``span``."""
    css = "long" if len(value) > _MOST_CHARACTERS[span] else None
    return [label(text, columns=head), Cell("td", {"colspan": span, "class": css}, lines=[value])]


def digits(number: str, *, columns: int) -> Cell:
    """A long number, in groups of four."""
    fours = [number[start : start + 4] for start in range(0, len(number), 4)]
    return Cell("td", {"class": "mono digits", "colspan": columns}, digits=fours)


def choices(boxes: t.Iterable[tuple[bool, str]], *, columns: int) -> Cell:
    """Boxes in a row, each ticked or not, with its text."""
    return Cell("td", {"colspan": columns}, choices=[_box(*box) for box in boxes])


def reasons(boxes: t.Iterable[tuple[bool, str, str]], *, columns: int) -> Cell:
    """Boxes below each other, each ticked or not, with its text and what is written after it."""
    written = [{"text": _box(ticked, text), "after": after} for ticked, text, after in boxes]
    return Cell("td", {"class": "reasons", "colspan": columns}, reasons=written)


def plain(cell: Cell) -> dict[str, t.Any]:
    """A cell as plain data, without attributes that say nothing."""
    attributes = {name: str(value) for name, value in cell.attributes.items() if value not in (None, 1)}
    return {**dataclasses.asdict(cell), "attributes": attributes}


def _box(ticked: bool, text: str) -> str:
    return ("■" if ticked else "□") + text
