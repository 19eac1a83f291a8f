# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables as grids: which cell stands left of another, which above it."""

from __future__ import annotations

import typing as t

from . import dom

_MAX_COLUMNS = 60


class Grid:
    """The cells of one table, spans spread out; nested tables are not its own."""

    def __init__(self, table: dom.Node) -> None:
        self.table = table
        self.rows: list[list[dom.Node]] = []
        self.trs: list[dom.Node] = []
        self._places: dict[int, tuple[int, int]] = {}
        self._lay_out()

    def place(self, cell: dom.Node) -> tuple[int, int] | None:
        """Row and column of the cell's upper left corner."""
        return self._places.get(id(cell))

    def left_of(self, cell: dom.Node) -> list[dom.Node]:
        """The other cells of its first row left of it, nearest first."""
        place = self.place(cell)
        if place is None:
            return []
        row, column = place
        return list({id(one): one for one in reversed(self.rows[row][:column]) if one is not cell}.values())

    def right_of(self, cell: dom.Node) -> dom.Node | None:
        place = self.place(cell)
        if place is None:
            return None
        return next((one for one in self.rows[place[0]][place[1] :] if one is not cell), None)

    def above(self, cell: dom.Node) -> t.Iterator[dom.Node]:
        """The cells over it in its column, nearest first."""
        place = self.place(cell)
        if place is None:
            return
        row, column = place
        for index in range(row - 1, -1, -1):
            if column < len(self.rows[index]) and self.rows[index][column] is not cell:
                yield self.rows[index][column]

    def _lay_out(self) -> None:
        self.trs = list(_rows(self.table))
        hanging: dict[int, tuple[int, dom.Node]] = {}  # column: rows still covered, by which cell
        for index, tr in enumerate(self.trs):
            row: list[dom.Node] = []

            def fill(row: list[dom.Node]) -> None:
                while len(row) in hanging and len(row) < _MAX_COLUMNS:
                    left, above = hanging[len(row)]
                    if left > 1:
                        hanging[len(row)] = (left - 1, above)
                    else:
                        del hanging[len(row)]
                    row.append(above)

            for cell in (child for child in tr.children if isinstance(child, dom.Node) and child.tag in ("td", "th")):
                fill(row)
                if len(row) >= _MAX_COLUMNS:
                    break
                self._places[id(cell)] = (index, len(row))
                down = _span(cell, "rowspan", len(self.trs) - index)
                for _column in range(_span(cell, "colspan", _MAX_COLUMNS)):
                    if down > 1:
                        hanging[len(row)] = (down - 1, cell)
                    row.append(cell)
            fill(row)
            self.rows.append(row)


def grid_of(cell: dom.Node, cache: dict[int, Grid]) -> Grid | None:
    """The grid that a cell belongs to."""
    table = next((node for node in cell.ancestors() if node.tag == "table"), None)
    if table is None:
        return None
    if id(table) not in cache:
        cache[id(table)] = Grid(table)
    return cache[id(table)]


def cell_of(node: dom.Node) -> dom.Node | None:
    """The innermost table cell around an element."""
    return next((one for one in node.ancestors() if one.tag in ("td", "th")), None)


def _rows(node: dom.Node) -> t.Iterator[dom.Node]:
    for child in node.children:
        if isinstance(child, dom.Node):
            if child.tag == "tr":
                yield child
            elif child.tag not in ("table", "td", "th", "caption"):
                yield from _rows(child)


def _span(cell: dom.Node, name: str, most: int) -> int:
    value = cell.get(name).strip()
    return max(1, min(int(value), most)) if value.isascii() and value.isdigit() and len(value) < 6 else 1
