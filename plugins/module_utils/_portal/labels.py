# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a control asks for: the texts that stand beside it, and whose section it stands in.

A control's labels are sought where a person looks for them: what the page declares (``<label>``, ARIA), the text in front of it
in its line, above it in its cell, left of it in its row, at the head of its column, above it on the page; last what a hint
within the control says. The first of these that the profile knows counts, so that notes between label and control do no harm.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import typing as t

from . import dom, headings
from .page import Control, Line, Page, text_of
from .profile import Profile
from .tables import Grid, cell_of, grid_of
from .text import norm, squash

_ROW_LABEL = 400  # characters; what is longer is no label, even with an explanation in it
_NEAR_LINES = 6
_OWN = frozenset((0, 1, 3, 4, 6))  # ranks of texts that are the control's own; what stands above may be anything's
_INHERITED = 9  # rank of the texts that belong to the control before
_SHARED = frozenset(("address", "city", "passphrase"))  # fields of which two controls may share a label
_APART = re.compile(r"[\s*:/|,、;]+")
_TYPED = frozenset(("text", "password", "textarea"))
_ALL = _TYPED | {"select", "radio", "checkbox", "file"}
# The kinds of controls that can ask for a thing.
_KINDS: dict[str, frozenset[str]] = {
    "csr": frozenset(("text", "textarea", "file")),
    "passphrase": frozenset(("password", "text")),
    "passphrase_again": frozenset(("password",)),
    "software": frozenset(("select", "radio", "text")),
    "payment": frozenset(("select", "radio")),
    "serial": frozenset(("select", "radio", "checkbox", "text")),
    "site_name": frozenset(("text", "select")),
    "reason": frozenset(("select", "radio", "text", "textarea")),
    "city": frozenset(("select", "text", "radio")),
    "address": frozenset(("select", "text", "textarea", "radio")),
    "decoy": _ALL,
    "account": _ALL,
}


@dataclasses.dataclass(frozen=True)
class Meaning:
    """What a control asks for. ``rank``: how near its label is, 0 the nearest; ``exact``: the label says just that."""

    field: str
    rank: int
    exact: bool
    label: str


class Labels:
    """The labels of one page's controls."""

    def __init__(self, page: Page, profile: Profile) -> None:
        self._page = page
        self._profile = profile
        self._grids: dict[int, Grid] = {}
        self._for: dict[str, dom.Node] = {}
        for node in page.root.elements("label"):
            if node.get("for"):
                self._for.setdefault(node.get("for"), node)
        self._tabs = {
            node.get("href").strip()[1:]: text_of(node)
            for node in page.root.elements("a")
            if len(node.get("href").strip()) > 1 and node.get("href").strip().startswith("#")
        }
        self._texts: dict[int, list[tuple[str, int]]] = {}
        self._heads: dict[int, list[str]] = {}
        self._occupied = {
            id(cell)
            for control in page.controls
            if not control.hidden
            for cell in control.node.ancestors()
            if cell.tag in ("td", "th")
        }

    @functools.cached_property
    def _headings(self) -> list[tuple[int, str]]:
        return headings.find(self._page, self._profile)

    # -- meanings ------------------------------------------------------------------------------------------------

    def meaning(self, control: Control) -> Meaning | None:
        """What a control asks for, as far as the profile knows."""
        for text, rank in self.texts(control):
            field = self._profile.fields.find(text)
            if field == "passphrase_again" and control.kind != "password":
                field = self._profile.contact.find(text)  # an e-mail address to be repeated
            if rank == _INHERITED and field not in _SHARED:
                # Of the labels that stand together before several fields, the earlier ones are for those without one.
                parts = (self._profile.fields.find(part) for part in _APART.split(text))
                field = next((part for part in parts if part in _SHARED), None)
            if field is not None and control.kind in _KINDS.get(field, _TYPED):
                return Meaning(field, rank, self._profile.fields.exact(text) == field, squash(text))
        for text, rank in self.texts(control):
            if control.kind == "text" and self._profile.is_section_name(text):
                return Meaning("name", rank + 10, False, squash(text))
        return None

    def label(self, control: Control) -> str:
        """What a person would call the control, for errors."""
        texts = self.texts(control)
        return squash(texts[0][0])[:40] if texts else control.name or control.kind

    def section(self, control: Control) -> str | None:
        """Which contact a control belongs to."""
        for text, rank in self.texts(control):
            if rank in _OWN:
                section = self._profile.heading(text)
                if section is not None:
                    return section
        for node in control.node.ancestors():
            section = self._profile.heading(self._group_name(node))
            if section is not None:
                return section
        before = [(at, section) for at, section in self._headings if at < control.at]
        outer = self._head_of_column(control, before[-1][0] if before else -1)
        if outer is not None:
            return outer
        if before:
            return before[-1][1]
        return self._profile.heading(self._page.title)

    def asks_again(self, control: Control) -> bool:
        """Whether a field is for what another one asks for already."""
        return any(
            self._profile.fields.find(text) == "passphrase_again" for text, rank in self.texts(control) if rank < 6
        )

    def _head_of_column(self, control: Control, since: int) -> str | None:
        """The contact at the head of a column of a table around the control's own, unless a heading stands nearer, in the cell itself."""
        inner = cell_of(control.node)
        cell = cell_of(inner) if inner is not None else None
        while cell is not None:
            if since >= 0 and any(one is cell for one in self._page.flow[since].node.ancestors()):
                return None
            grid = grid_of(cell, self._grids)
            for head in grid.above(cell) if grid is not None else ():
                if head.get("colspan", "1") == cell.get("colspan", "1") and id(head) not in self._occupied:
                    section = self._profile.heading(text_of(head))
                    if section is not None:
                        return section
            cell = cell_of(cell)
        return None

    def is_required(self, control: Control) -> bool:
        """Whether the page marks a control as one that must be filled in."""
        if "required" in control.node.attrs or control.node.get("aria-required") == "true":
            return True
        marks = self._profile.words("choices", "required")
        near = [text for text, rank in self.texts(control) if rank <= 3][:2]
        after = self._after(control)
        return any(norm(mark) in norm(text) or mark in squash(text) for mark in marks for text in [*near, after])

    # -- texts beside a control ----------------------------------------------------------------------------------

    def texts(self, control: Control) -> list[tuple[str, int]]:
        """The texts that may be its label, the nearest first, each with its rank."""
        if id(control) not in self._texts:
            self._texts[id(control)] = []  # a control is not its own predecessor's heir
            self._texts[id(control)] = list(self._gather(control))
        return self._texts[id(control)]

    def option_text(self, control: Control) -> str:
        """What choosing a radio button or ticking a box means: the text beside it."""
        declared = next((text for text, _rank in self._declared(control)), "")
        if declared:
            return squash(declared)
        after, before = self._after(control), self._before(control)[0]
        group = self.group(control)
        if group and not self._after(group[-1]) and self._before(group[0])[0] and before:
            return before
        if after:
            return after
        cell = cell_of(control.node)
        grid = grid_of(cell, self._grids) if cell is not None else None
        beside = grid.right_of(cell) if grid is not None and cell is not None else None
        if beside is not None and id(beside) not in self._occupied and not before:
            return squash(text_of(beside))
        return before or control.node.get("value")

    def row_text(self, control: Control) -> str:
        """All that a table's row says of the radio button in it."""
        row = next((one for one in control.node.ancestors() if one.tag == "tr"), None)
        return squash(text_of(row)) if row is not None else self.option_text(control)

    def group(self, control: Control) -> list[Control]:
        """The radio buttons that belong together."""
        return self._groups[control.kind, control.name, id(control.form)]

    @functools.cached_property
    def _groups(self) -> dict[tuple[str, str, int], list[Control]]:
        groups: dict[tuple[str, str, int], list[Control]] = {}
        for one in self._page.controls:
            groups.setdefault((one.kind, one.name, id(one.form)), []).append(one)
        return groups

    def _gather(self, control: Control) -> t.Iterator[tuple[str, int]]:
        grouped = control.kind in ("radio", "checkbox")
        if not grouped:
            for text, _rank in self._declared(control):
                yield text, 0
        else:
            yield from self._group_names(control)
            control = self.group(control)[0]
        line, above, previous = self._before(control)
        if line:
            yield line, 1
        hints = [control.node.get("placeholder"), control.node.get("title"), _first_entry(control)]
        # What says itself that it is none of our business is not what stands above it.
        yield from ((hint, 1) for hint in hints if self._profile.fields.find(hint) == "decoy")
        cell = cell_of(control.node)
        beside = False
        while cell is not None:
            for text in self._within(above, cell):
                yield text, 2
            for text, rank in self._around(cell):
                beside = True
                yield text, rank
            if beside:
                break
            cell = cell_of(cell)
        if grouped:
            yield from ((text, 5) for text in self._rows_heads(self.group(control)))
        further = [] if beside else above
        yield from ((one.text, 5) for one in further[:1])
        yield from ((hint, 6) for hint in hints if _tells(hint))
        yield from ((one.text, 5) for one in further[1:])
        if previous is not None and not grouped and (not above or line) and previous.kind != "checkbox":
            same_line = not any(
                item.text is None and item.control is None for item in self._page.flow[previous.at : control.at]
            )
            if same_line or (not line and not above):
                for text, _rank in self.texts(previous)[:_NEAR_LINES]:
                    yield text, _INHERITED

    def _declared(self, control: Control) -> t.Iterator[tuple[str, int]]:
        """``<label>`` and ARIA."""
        node = control.node
        if node.get("id") in self._for and node.get("id"):
            yield text_of(self._for[node.get("id")]), 0
        around = next((one for one in node.ancestors() if one.tag == "label"), None)
        if around is not None and self._first_in(around) is control:
            yield text_of(around), 0
        yield from ((text, 0) for text in self._aria(node))

    def _aria(self, node: dom.Node) -> t.Iterator[str]:
        names = [self._page.by_id[name] for name in node.get("aria-labelledby").split() if name in self._page.by_id]
        if names:
            yield " ".join(text_of(one) for one in names)
        if node.get("aria-label").strip():
            yield node.get("aria-label")

    def _first_in(self, label: dom.Node) -> Control | None:
        inside = {id(one) for one in label.walk()}
        return next((one for one in self._page.controls if id(one.node) in inside and one.kind != "hidden"), None)

    def _group_name(self, node: dom.Node) -> str:
        """The name of a group of controls, if the element is one."""
        if node.tag == "fieldset":
            legend = next(
                (child for child in node.children if isinstance(child, dom.Node) and child.tag == "legend"), None
            )
            if legend is not None:
                return text_of(legend)
        return next(self._aria(node), "") or self._tabs.get(node.get("id"), "")

    def _group_names(self, control: Control) -> t.Iterator[tuple[str, int]]:
        for node in control.node.ancestors():
            name = self._group_name(node)
            if name:
                yield name, 3

    def _before(self, control: Control) -> tuple[str, list[Line], Control | None]:
        """The text in front of it in its line; the lines above it, nearest first; the control before all of these."""
        parts: list[str] = []
        above: list[Line] = []
        first_line = True
        line = ""
        last = control.node
        previous: Control | None = None
        for index in range(control.at - 1, -1, -1):
            item = self._page.flow[index]
            if item.hidden and not control.hidden:
                continue
            if item.control is not None:
                if not item.control.is_button and item.control.kind != "hidden":
                    previous = item.control
                    break
                continue
            if item.text is not None:
                parts.append(item.text)
                last = item.node
                continue
            text = squash("".join(reversed(parts)))
            if first_line:
                line, first_line = text, False
            elif text:
                above.append(Line(text, index, last))
                if len(above) >= _NEAR_LINES:
                    parts = []
                    break
            parts = []
        rest = squash("".join(reversed(parts)))
        if first_line:
            line = rest
        elif rest and not (
            previous is not None and previous.kind in ("radio", "checkbox")
        ):  # which have it behind them
            above.append(Line(rest, 0, last))
        return (line if _tells(line) else ""), [one for one in above if _tells(one.text)], previous

    def _after(self, control: Control) -> str:
        parts: list[str] = []
        for index in range(control.at + 1, len(self._page.flow)):
            item = self._page.flow[index]
            if item.hidden and not control.hidden:
                continue
            if item.text is None:
                break
            parts.append(item.text)
        text = squash("".join(parts))
        return text if _tells(text) or text.strip() == "*" else ""

    def _within(self, above: list[Line], cell: dom.Node) -> t.Iterator[str]:
        for line in above:
            if line.node is not cell and not any(one is cell for one in line.node.ancestors()):
                return
            yield line.text

    def _around(self, cell: dom.Node) -> t.Iterator[tuple[str, int]]:
        """The label cells left of a cell, and the one at the head of its column."""
        grid = grid_of(cell, self._grids)
        if grid is None:
            return
        labelled = False
        for one in grid.left_of(cell):
            text = "" if id(one) in self._occupied else text_of(one)
            if _tells(text) and len(text) <= _ROW_LABEL:
                yield text, 3
                labelled = labelled or self._profile.heading(text) is None
        if labelled:
            # The column's head tells whose field it is (a grid of fields by contacts), no more.
            yield from ((text, 4) for text in self._column(grid, cell) if self._profile.heading(text))
            yield from ((text, 5) for text in self._row_title(grid, cell))
        else:
            yield from ((text, 4) for text in self._column(grid, cell))

    def _rows_heads(self, group: list[Control]) -> list[str]:
        """What stands over a table of which each row is one entry of a choice."""
        key = id(group[0])
        if key not in self._heads:
            self._heads[key] = list(self._find_rows_heads(group))
        return self._heads[key]

    def _find_rows_heads(self, group: list[Control]) -> t.Iterator[str]:
        first = cell_of(group[0].node)
        grid = grid_of(first, self._grids) if first is not None else None
        if grid is None:
            return
        places = [grid.place(cell) for cell in (cell_of(one.node) for one in group) if cell is not None]
        if len({place[0] for place in places if place and place[0]}) == len(group):
            yield from (text_of(cell) for cell in grid.rows[0] if id(cell) not in self._occupied)
            yield grid.table.get("summary")

    def _column(self, grid: Grid, cell: dom.Node) -> t.Iterator[str]:
        for one in grid.above(cell):
            if id(one) not in self._occupied:
                text = text_of(one)
                if _tells(text) and len(text) <= _ROW_LABEL:
                    yield text
                    return

    def _row_title(self, grid: Grid, cell: dom.Node) -> t.Iterator[str]:
        """The nearest row above that is a single cell: the title of the rows below it."""
        place = grid.place(cell)
        for row in reversed(grid.rows[: place[0]] if place else []):
            if len({id(one) for one in row}) == 1 and id(row[0]) not in self._occupied:
                text = text_of(row[0])
                if _tells(text) and len(text) <= _ROW_LABEL:
                    yield text
                return


def _first_entry(control: Control) -> str:
    """The first entry of a list, if it cannot be chosen or has no value: a hint like 縣市."""
    first = control.options[:1]
    return "".join(one.text for one in first if one.disabled or not one.value.strip())


def _tells(text: str) -> bool:
    return bool(norm(text)) and any(character.isalnum() for character in text)
