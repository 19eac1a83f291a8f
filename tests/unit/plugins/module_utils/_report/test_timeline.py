# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._report.timeline import timeline


def document(*rows):
    fields = ("not_before", "renew_from", "not_after")
    certificates = [{field: day and f"{day}T00:00:00Z" for field, day in zip(fields, row)} for row in rows]
    return {"generated_at": "2026-11-23T00:00:00Z", "certificates": certificates}


def test_bars_are_shares_of_one_axis():
    # With a week's margin the axis runs from 2026-11-06 over 100 days.
    found = timeline(document(("2026-11-13", "2027-01-12", "2027-02-07"), (None, None, None)))
    assert found["now"] == 17.0
    assert found["bars"] == [{"left": 7.0, "width": 86.0, "window_left": 67.0, "window_width": 26.0}, None]
    assert found["ticks"] == [
        {"label": "2026-12", "at": 25.0},
        {"label": "2027-01", "at": 56.0},
    ]


def test_what_is_far_off_is_cut_at_the_edges():
    found = timeline(document(("2020-01-01", "2033-01-01", "2036-01-01"), ("2026-11-01", "2026-12-10", "2026-12-18")))
    assert found["bars"][0] == {"left": 0.0, "width": 100.0, "window_left": 100.0, "window_width": 0.0}
    assert found["bars"][1]["width"] > 5


@pytest.mark.parametrize("end", ["2026-12-30", "2027-06-01", "2027-12-30", "2029-01-01"])
def test_ticks_are_few_and_rise(end):
    ticks = timeline(document(("2026-01-01", end, end)))["ticks"]
    places = [tick["at"] for tick in ticks]
    assert 1 < len(ticks) <= 7
    assert places == sorted(places)
    assert places[-1] <= 86


def test_an_empty_fleet():
    assert timeline(document())["bars"] == []
