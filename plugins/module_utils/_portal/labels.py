# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a control asks for: the texts that stand beside it, and whose section it stands in.

A control's labels are sought where a person looks for them: what the page declares (``<label>``, ARIA), the text in front of it
in its line, above it in its cell, left of it in its row, at the head of its column, above it on the page; last what a hint
within the control says. The first of these that the profile knows counts, so that notes between label and control do no harm.
"""

from __future__ import annotations

import bisect
import dataclasses
import functools
import itertools
import re
import typing as t

from . import dom, headings
from .effort import spend
from .page import Control, Line, Page, text_of
from .profile import Profile
from .tables import Grid, cell_of, grid_of
from .text import norm, squash

_ROW_LABEL = 400  # characters; what is longer is no label, even with an explanation in it
_LABEL = 1500  # of what the page declares to be one
_ROW = 4000  # characters of a row
_NEAR_LINES = 6
_NEAR_ITEMS = 400  # texts, breaks and controls before or behind a control
_NEAR_ROWS = 120  # above it in its table
_NAMES = 16  # elements that ARIA puts together
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
            node.get("href").strip()[1:]: text_of(node, _ROW_LABEL)
            for node in page.root.elements("a")
            if len(node.get("href").strip()) > 1 and node.get("href").strip().startswith("#")
        }
        self._texts: dict[int, list[tuple[str, int]]] = {}
        self._told: dict[int, str] = {}  # by element
        self._asking = [one for one in page.controls if not one.is_button and one.kind != "hidden"]
        self._places = {id(one): place for place, one in enumerate(self._asking)}
        self._known = 0  # how many of these have their texts
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
                parts = (self._profile.fields.find(part) for part in _APART.split(text[:_ROW_LABEL])[:_NAMES])
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
        return squash(texts[0][0])[:40] if texts else squash(control.name)[:40] or control.kind

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
        before = bisect.bisect_left(self._headings, (control.at, "")) - 1
        outer = self._head_of_column(control, self._headings[before][0] if before >= 0 else -1)
        if outer is not None:
            return outer
        if before >= 0:
            return self._headings[before][1]
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
            for head in itertools.islice(grid.above(cell), _NEAR_ROWS) if grid is not None else ():
                if head.get("colspan", "1") == cell.get("colspan", "1") and id(head) not in self._occupied:
                    section = self._profile.heading(self._text(head))
                    if section is not None:
                        return section
            cell = cell_of(cell)
        return None

    def filled_in_before(self, control: Control) -> Control | None:
        """The field to fill in that a person meets before a control."""
        place = bisect.bisect_left(self._fields, (control.at,)) - 1
        return self._page.flow[self._fields[place][0]].control if place >= 0 else None

    @functools.cached_property
    def _fields(self) -> list[tuple[int]]:
        return [(one.at,) for one in self._page.controls if one.fillable and not one.hidden]

    @functools.cached_property
    def says_csr(self) -> bool:
        """Whether the page speaks of a CSR."""
        words = [norm(word) for word in self._profile.words("fields", "csr")]
        return any(word in text for text in (norm(line.text) for line in self._page.lines()) for word in words)

    def is_required(self, control: Control) -> bool:
        """Whether the page marks a control as one that must be filled in."""
        if "required" in control.node.attrs or control.node.get("aria-required") == "true":
            return True
        marks = [(norm(mark), mark) for mark in self._profile.words("choices", "required")]
        near = [text for text, rank in self.texts(control) if rank <= 3][:2]
        texts = [(norm(text), squash(text)) for text in [*near, self._after(control)]]
        return any(normal in text or mark in plain for normal, mark in marks for text, plain in texts)

    # -- texts beside a control ----------------------------------------------------------------------------------

    def texts(self, control: Control) -> list[tuple[str, int]]:
        """The texts that may be its label, the nearest first, each with its rank."""
        # One may inherit from the one before; in document order no chain of heirs is ever longer than that.
        while self._known <= self._places.get(id(control), -1):
            self._known += 1
            self._look(self._asking[self._known - 1])
        return self._look(control)

    def _look(self, control: Control) -> list[tuple[str, int]]:
        if id(control) not in self._texts:
            self._texts[id(control)] = []  # a control is not its own predecessor's heir
            self._texts[id(control)] = list(self._gather(control))
        return self._texts[id(control)]

    def _text(self, node: dom.Node) -> str:
        """The text of an element, as far as it can be a label."""
        if id(node) not in self._told:
            self._told[id(node)] = text_of(node, _LABEL)
        return self._told[id(node)]

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
            return squash(self._text(beside))
        return before or squash(control.node.get("value"))

    def row_text(self, control: Control) -> str:
        """All that a table's row says of the radio button in it."""
        row = next((one for one in control.node.ancestors() if one.tag == "tr"), None)
        return squash(text_of(row, _ROW)) if row is not None else self.option_text(control)

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
            between = self._page.flow[max(previous.at, control.at - _NEAR_ITEMS) : control.at]
            same_line = not any(item.text is None and item.control is None for item in between)
            if same_line or (not line and not above):
                for text, _rank in self.texts(previous)[:_NEAR_LINES]:
                    yield text, _INHERITED

    def _declared(self, control: Control) -> t.Iterator[tuple[str, int]]:
        """``<label>`` and ARIA."""
        node = control.node
        if node.get("id") in self._for and node.get("id"):
            yield self._text(self._for[node.get("id")]), 0
        around = next((one for one in node.ancestors() if one.tag == "label"), None)
        if around is not None and self._first_in_label.get(id(around)) is control:
            yield self._text(around), 0
        yield from ((text, 0) for text in self._aria(node))

    def _aria(self, node: dom.Node) -> t.Iterator[str]:
        labelled = node.get("aria-labelledby")[:_ROW].split()[:_NAMES] if "aria-labelledby" in node.attrs else []
        names = [self._page.by_id[name] for name in labelled if name in self._page.by_id]
        if names:
            yield " ".join(self._text(one) for one in names)[:_LABEL]
        if node.get("aria-label").strip():
            yield node.get("aria-label")[:_LABEL]

    @functools.cached_property
    def _first_in_label(self) -> dict[int, Control]:
        """The first control in each ``<label>``."""
        first: dict[int, Control] = {}
        for control in self._page.controls:
            if control.kind != "hidden":
                for around in control.node.ancestors():
                    if around.tag == "label":
                        first.setdefault(id(around), control)
        return first

    def _group_name(self, node: dom.Node) -> str:
        """The name of a group of controls, if the element is one."""
        if node.tag == "fieldset":
            legend = next(
                (child for child in node.children if isinstance(child, dom.Node) and child.tag == "legend"), None
            )
            if legend is not None:
                return self._text(legend)
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
        for index in self._back_from(control):
            item = self._page.flow[index]
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
        for index in self._on_from(control):
            item = self._page.flow[index]
            if item.text is None:
                break
            parts.append(item.text)
        text = squash("".join(parts))
        return text if _tells(text) or text.strip() == "*" else ""

    def _back_from(self, control: Control) -> t.Iterable[int]:
        """The flow before a control, nearest first, as far as its label may be: what a person sees, if the control is seen."""
        spend()
        if control.hidden:
            return range(control.at - 1, max(-1, control.at - 1 - _NEAR_ITEMS), -1)
        place = bisect.bisect_left(self._page.seen, control.at)
        return reversed(self._page.seen[max(0, place - _NEAR_ITEMS) : place])

    def _on_from(self, control: Control) -> t.Iterable[int]:
        spend()
        if control.hidden:
            return range(control.at + 1, min(len(self._page.flow), control.at + 1 + _NEAR_ITEMS))
        place = bisect.bisect_right(self._page.seen, control.at)
        return self._page.seen[place : place + _NEAR_ITEMS]

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
            text = "" if id(one) in self._occupied else self._text(one)
            if len(text) <= _ROW_LABEL and _tells(text):
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
            yield from (self._text(cell) for cell in grid.rows[0] if id(cell) not in self._occupied)
            yield grid.table.get("summary")

    def _column(self, grid: Grid, cell: dom.Node) -> t.Iterator[str]:
        for one in itertools.islice(grid.above(cell), _NEAR_ROWS):
            if id(one) not in self._occupied:
                text = self._text(one)
                if len(text) <= _ROW_LABEL and _tells(text):
                    yield text
                    return

    def _row_title(self, grid: Grid, cell: dom.Node) -> t.Iterator[str]:
        """The nearest row above that is a single cell: the title of the rows below it."""
        place = grid.place(cell)
        for row in reversed(grid.rows[max(0, place[0] - _NEAR_ROWS) : place[0]] if place else []):
            if len({id(one) for one in row}) == 1 and id(row[0]) not in self._occupied:
                text = self._text(row[0])
                if len(text) <= _ROW_LABEL and _tells(text):
                    yield text
                return


def _first_entry(control: Control) -> str:
    """The first entry of a list, if it cannot be chosen or has no value: a hint like 縣市."""
    first = control.options[:1]
    return "".join(one.text for one in first if one.disabled or not one.value.strip())


def _tells(text: str) -> bool:
    return bool(norm(text)) and any(character.isalnum() for character in text)
