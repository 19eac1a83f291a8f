# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is counted, and what must stay at nought."""

from __future__ import annotations

import dataclasses

DUPLICATES, LOST_KEYS, MISMATCHED, LEAKS, HANGS, TRESPASSES, OTHER = (
    "duplicates",
    "lost keys",
    "mismatched pairs",
    "leaks",
    "hangs",
    "trespasses",
    "other",
)
KINDS = (DUPLICATES, LOST_KEYS, MISMATCHED, LEAKS, HANGS, TRESPASSES, OTHER)
_ALWAYS = KINDS[:5]  # told where they are nought, too


@dataclasses.dataclass(frozen=True)
class Violation:
    """Something that must not be, and where it was seen."""

    kind: str
    what: str


@dataclasses.dataclass
class Verdict:
    """What an area, or a part of it, came to."""

    tried: dict[str, int] = dataclasses.field(default_factory=dict)
    violations: list[Violation] = dataclasses.field(default_factory=list)
    said: dict[str, int] = dataclasses.field(default_factory=dict)  # sentences that modules failed with

    def count(self, what: str, number: int = 1) -> None:
        self.tried[what] = self.tried.get(what, 0) + number

    def blame(self, kind: str, what: str) -> None:
        self.violations.append(Violation(kind, what))

    def add(self, other: Verdict) -> None:
        for what, number in other.tried.items():
            self.count(what, number)
        for sentence, number in other.said.items():
            self.said[sentence] = self.said.get(sentence, 0) + number
        self.violations += other.violations

    def line(self, area: str) -> str:
        """One line with its figures."""
        tried = ", ".join(f"{number} {what}" for what, number in self.tried.items())
        found = [(kind, sum(one.kind == kind for one in self.violations)) for kind in KINDS]
        return f"{area}: {tried}: " + ", ".join(
            f"{kind} {number}" for kind, number in found if number or kind in _ALWAYS
        )
