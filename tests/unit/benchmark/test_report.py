# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the benchmark says of what it measured."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from benchmark import measure, report


@pytest.mark.parametrize(
    ("value", "options", "holds"),
    [
        (1.5, {"bound": 1.5}, True),
        (1.51, {"bound": 1.5}, False),
        (4, {"bound": 4, "at_most": False}, True),
        (3.9, {"bound": 4, "at_most": False}, False),
        (1, {}, None),
    ],
)
def test_a_bound_holds_or_is_missed(value, options, holds):
    assert measure.Line("a", value, **options).holds is holds


def test_the_exponent_is_the_slope():
    assert measure.exponent({10: 1.0, 20: 2.0, 40: 4.0}) == pytest.approx(1)
    assert measure.exponent({10: 1.0, 20: 4.0, 40: 16.0}) == pytest.approx(2)


def test_what_is_measured_takes_turns():
    calls = []
    costs = iter([9.0, 1.0, 2.0, 3.0, 4.0, 5.0])

    def clock(task):
        task()
        return next(costs)

    tasks = [lambda: calls.append("a"), lambda: calls.append("b")]
    assert measure.medians(3, *tasks, clock=clock) == [4.0, 3.0]
    assert calls == ["a", "b"] * 4


def test_a_table_says_what_is_missed():
    lines = [
        measure.Line("fast", 1.2, bound=1.5),
        measure.Line("slow", 3.0, bound=4, at_most=False),
        measure.Line("told", 7),
    ]
    text = report.table(lines, "2 cores", 5)
    assert "1 of 2 bounds are missed" in text
    assert text.count("**missed**") == 1
    assert "   * - slow\n     - 3 ×\n     - at least 4\n     - **missed**\n" in text


def test_the_results_take_the_place_of_the_last_ones(tmp_path, monkeypatch):
    guide, plot = tmp_path / "guide.rst", tmp_path / "plot.svg"
    guide.write_text(f"before\n\n{report.BEGIN}old\n{report.END}\nafter\n")
    monkeypatch.setattr(report, "GUIDE", guide)
    monkeypatch.setattr(report, "PLOT", plot)
    results = measure.Results([measure.Line("fast", 1.2)], {"hosts": {10: 2.0, 50: 9.0}})
    for _time in range(2):
        report.write(results, "2 cores", 5)
    text = guide.read_text()
    assert text.startswith("before\n") and text.endswith("after\n")
    assert (text.count("fast"), text.count("old"), text.count("image::")) == (1, 0, 1)
    drawing = ElementTree.parse(plot).getroot()
    assert len(drawing.findall("{*}circle")) == 2
