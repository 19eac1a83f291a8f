# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells the story in plain lines; colours only where somebody looks at a terminal."""

from __future__ import annotations

import os
import sys
import typing as t
import unicodedata


class Teller:
    """Writes to standard output."""

    def __init__(self) -> None:
        self._colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._chapters = 0

    def title(self, text: str) -> None:
        self._print(self._styled("1", text))

    def chapter(self, text: str) -> None:
        self._chapters += 1
        self._print()
        self._print(self._styled("1;36", f"{self._chapters}. {text}"))

    def line(self, text: str) -> None:
        self._print(f"   {text}")

    def command(self, text: str) -> None:
        self._print(self._styled("2", f"   $ {text}"))

    def good(self, text: str) -> None:
        self._print(f"   {self._styled('32', '✓')} {text}")

    def facts(self, facts: dict[str, str]) -> None:
        """Labels and values, one a line, in two columns."""
        width = max(map(len, facts))
        for label, value in facts.items():
            self._print(f"     {self._styled('2', label.ljust(width))}  {value}")

    def table(self, head: t.Sequence[str], rows: t.Sequence[t.Sequence[object]]) -> None:
        """Numbers to the right, text to the left."""
        cells = [[str(cell) for cell in row] for row in rows]
        widths = [max(_width(row[column]) for row in [list(head), *cells]) for column in range(len(head))]
        numbers = [all(isinstance(row[column], int | float) for row in rows) for column in range(len(head))]

        def text(row: t.Sequence[str]) -> str:
            padded = []
            for cell, width, number in zip(row, widths, numbers, strict=True):
                space = " " * (width - _width(cell))
                padded.append(space + cell if number else cell + space)
            return "  ".join(padded).rstrip()

        self._print(f"   {self._styled('2', text(head))}")
        for row in cells:
            self._print(f"   {text(row)}")
        self._print()

    def _styled(self, style: str, text: str) -> str:
        return f"\033[{style}m{text}\033[0m" if self._colour else text

    @staticmethod
    def _print(text: str = "") -> None:
        print(text, flush=True)


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
