# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the bars of a report's timeline stand, in percent of its width."""

from __future__ import annotations

import datetime
import typing as t

from . import moments

# A short-lived and a ten-year certificate on one page: what lies further off is cut at the edge.
_PAST = datetime.timedelta(days=400)
_FUTURE = datetime.timedelta(days=420)
_MARGIN = datetime.timedelta(days=7)
_MOST_TICKS = 7
_LAST_LABEL = 86  # percent: a label further right would leave the timeline


def timeline(document: dict[str, t.Any]) -> dict[str, t.Any]:
    """``now`` (percent), ``ticks`` (``label`` and ``at``) and ``bars``, one per certificate in the document's order.

    A bar is ``None``, or ``left`` and ``width`` of the validity and ``window_left`` and ``window_width`` of its renewal window.
    """
    now = moments.parse(document["generated_at"])
    rows = document["certificates"]
    starts = [moments.parse(row["not_before"]) for row in rows if row["not_before"]]
    ends = [moments.parse(row["not_after"]) for row in rows if row["not_after"]]
    first = max(min([now, *starts]), now - _PAST) - _MARGIN
    last = min(max([now, *ends]), now + _FUTURE) + _MARGIN

    def percent(moment: datetime.datetime) -> float:
        return round(100 * (min(max(moment, first), last) - first) / (last - first), 2)

    def place(row: dict[str, t.Any]) -> dict[str, float] | None:
        if not row["not_after"]:
            return None
        left, due, right = (percent(moments.parse(row[field])) for field in ("not_before", "renew_from", "not_after"))
        return {
            "left": left,
            "width": round(right - left, 2),
            "window_left": due,
            "window_width": round(right - due, 2),
        }

    return {
        "now": percent(now),
        "ticks": [
            {"label": f"{tick:%Y-%m}", "at": percent(tick)}
            for tick in _ticks(first, last)
            if percent(tick) <= _LAST_LABEL
        ],
        "bars": [place(row) for row in rows],
    }


def _ticks(first: datetime.datetime, last: datetime.datetime) -> list[datetime.datetime]:
    """The firsts of months within, every month, or every second, third or sixth where there would be too many."""
    months = []
    moment = first.replace(day=1, hour=0, minute=0, second=0)
    while moment <= last:
        if moment >= first:
            months.append(moment)
        moment = (moment + datetime.timedelta(days=32)).replace(day=1)
    step = next(step for step in (1, 2, 3, 6, 12) if len(months) <= step * _MOST_TICKS)
    return [month for month in months if (month.month - 1) % step == 0]
