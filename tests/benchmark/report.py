# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures as a table and a plot, in the guide for fleets."""

from __future__ import annotations

import math
import typing as t
from pathlib import Path

from .measure import Line, Results

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/docsite/rst/guide_fleet.rst"
PLOT = ROOT / "docs/docsite/rst/images/benchmark.svg"
BEGIN, END = ".. benchmark: begin\n", ".. benchmark: end\n"
_PICTURE = f""".. image:: images/{PLOT.name}
   :alt: Cost against the number of hosts and of certificates, both on logarithmic axes
"""
_WIDTH, _HEIGHT, _MARGIN = 640, 400, 60
_COLOURS = ("#1b6ca8", "#c0392b", "#2e7d32", "#8e44ad")


def write(results: Results, machine: str, repeats: int) -> None:
    """Put the table between its marks in the guide, and the plot beside the pictures."""
    before, _begin, rest = GUIDE.read_text(encoding="utf-8").partition(BEGIN)
    _old, _end, after = rest.partition(END)
    shown = f"{table(results.lines, machine, repeats)}\n{_PICTURE}"
    GUIDE.write_text(f"{before}{BEGIN}\n{shown}\n{END}{after}", encoding="utf-8")
    PLOT.write_text(plot(results.curves), encoding="utf-8")


def table(lines: t.Sequence[Line], machine: str, repeats: int) -> str:
    """A list-table of reStructuredText."""
    missed = [line for line in lines if line.holds is False]
    rows = [["what", "measured", "bound", "", "in detail"]]
    for line in lines:
        sign = "at most" if line.at_most else "at least"
        bound = "" if line.bound is None else f"{sign} {line.bound:g}"
        verdict = {True: "holds", False: "**missed**", None: ""}[line.holds]
        rows.append([line.name, f"{line.value:.3g} {line.unit}".strip(), bound, verdict, line.detail])
    text = f"Medians of {repeats} on one machine: {machine}. "
    text += f"{len(missed)} of {sum(line.bound is not None for line in lines)} bounds are missed.\n\n"
    text += ".. list-table::\n   :header-rows: 1\n   :widths: 40 14 12 10 24\n\n"
    for row in rows:
        text += f"   * - {row[0]}\n" + "".join(f"     - {cell}".rstrip() + "\n" for cell in row[1:])
    return text


def plot(curves: t.Mapping[str, t.Mapping[int, float]]) -> str:
    """The costs against the numbers, both axes logarithmic, so that what is linear is a straight line of slope one."""
    points = [(n, cost) for curve in curves.values() for n, cost in curve.items()]
    scales = [_Scale([point[axis] for point in points]) for axis in (0, 1)]

    def place(n: float, cost: float) -> tuple[float, float]:
        x = _MARGIN + scales[0].part(n) * (_WIDTH - 2 * _MARGIN)
        return x, _HEIGHT - _MARGIN - scales[1].part(cost) * (_HEIGHT - 2 * _MARGIN)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">',
        "<title>Cost against the number of hosts or certificates</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
    ]
    for tick in scales[0].ticks:
        x, _y = place(tick, scales[1].low)
        parts.append(f'<path d="M{x:.1f} {_MARGIN}V{_HEIGHT - _MARGIN}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - _MARGIN + 18}" text-anchor="middle">{tick:g}</text>')
    for tick in scales[1].ticks:
        _x, y = place(scales[0].low, tick)
        parts.append(f'<path d="M{_MARGIN} {y:.1f}H{_WIDTH - _MARGIN}" stroke="#ddd"/>')
        parts.append(f'<text x="{_MARGIN - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:g} s</text>')
    for index, (name, curve) in enumerate(curves.items()):
        colour = _COLOURS[index % len(_COLOURS)]
        places = [place(n, cost) for n, cost in curve.items()]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places]
        parts.append(f'<text x="{_MARGIN + 10}" y="{_MARGIN - 40 + 16 * index}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


class _Scale:
    """A logarithmic axis that holds these values."""

    def __init__(self, values: t.Sequence[float]) -> None:
        self.low, self._high = min(values) / 1.3, max(values) * 1.3
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self._high)) + 1)
        steps = [step * 10.0**decade for decade in decades for step in (1, 2, 5)]
        self.ticks = [step for step in steps if self.low <= step <= self._high]

    def part(self, value: float) -> float:
        """Where a value lies, from 0 to 1."""
        return math.log(value / self.low) / math.log(self._high / self.low)
