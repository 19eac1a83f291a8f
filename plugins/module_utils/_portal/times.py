# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dates and times as the portal writes them: Taipei time, as a rule (§4.4.3)."""

from __future__ import annotations

import datetime
import re

from .text import squash

#: Taiwan has kept UTC+8 without daylight saving time since 1980.
TAIPEI = datetime.timezone(datetime.timedelta(hours=8))

_MOMENT = re.compile(
    r"(?<!\d)(?P<year>\d{2,4})\s*(?:[-/.]|年)\s*(?P<month>\d{1,2})\s*(?:[-/.]|月)\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[T\s]*(?P<half>上午|下午|AM|PM)?\s*(?P<hour>\d{1,2})\s*[:時]\s*(?P<minute>\d{1,2})(?:\s*[:分]\s*(?P<second>\d{1,2})(?:\.\d+)?)?\s*秒?"
    r"\s*(?P<later>AM|PM)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}(?![/-]))?)?(?!\d)",
    re.IGNORECASE,
)


_LONGEST = 4000  # characters of a text with moments in it


def moments(text: str) -> list[datetime.datetime]:
    """All moments in a text, as aware UTC; years below 1000 are of the Republic (民國)."""
    found = []
    for match in _MOMENT.finditer(squash(text[:_LONGEST])):
        moment = _moment(match)
        if moment is not None:
            found.append(moment)
    return found


def _moment(match: re.Match[str]) -> datetime.datetime | None:
    year, month, day = (int(match.group(name)) for name in ("year", "month", "day"))
    hour, minute, second = (int(match.group(name) or 0) for name in ("hour", "minute", "second"))
    half = (match.group("half") or match.group("later") or "").upper()
    if half in ("下午", "PM") and hour < 12:
        hour += 12
    elif half in ("上午", "AM") and hour == 12:
        hour = 0
    try:
        moment = datetime.datetime(
            year + 1911 if year < 1000 else year, month, day, hour, minute, second, tzinfo=_zone(match.group("zone"))
        )
        return moment.astimezone(datetime.timezone.utc)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> datetime.timezone:
    if not text:
        return TAIPEI
    if text.upper() in ("Z", "UTC", "GMT"):
        return datetime.timezone.utc
    sign = -1 if text[0] == "-" else 1
    return datetime.timezone(sign * datetime.timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))
