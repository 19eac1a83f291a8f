# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is left to chance within one event: every way is gone once, by running the event again with other choices."""

from __future__ import annotations

import typing as t


class Choices:
    """Repeats the choices of ``path``, then takes the first of each further one.

    :param budgets: by kind, how many choices that cost something may still be made; spent as they are made.
    """

    def __init__(self, path: t.Sequence[int], budgets: dict[str, int]) -> None:
        self._path = path
        self.budgets = budgets
        self.taken: list[int] = []
        self.widths: list[int] = []
        self.story: list[str] = []

    def choose(self, *options: tuple[str, str]) -> str:
        """One of the options, each its name and the kind of budget it costs (empty: it costs nothing)."""
        possible = [one for one in options if not one[1] or self.budgets[one[1]] > 0]
        place = len(self.taken)
        number = self._path[place] if place < len(self._path) else 0
        self.taken.append(number)
        self.widths.append(len(possible))
        name, cost = possible[number]
        if cost:
            self.budgets[cost] -= 1
            self.story.append(name)
        return name

    def following(self) -> list[list[int]]:
        """The paths that differ from this one at a choice beyond the repeated ones."""
        return [
            [*self.taken[:place], other]
            for place in range(len(self._path), len(self.taken))
            for other in range(1, self.widths[place])
        ]
