# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much processor time pages may cost: whatever a page holds, a walk ends with a value or a sentence.

All that reads pages says how much it is about to do (:func:`spend`); within a :func:`walk` that is held against the time used. The
parts are made to need time in proportion to a page's size all the same; this is for what was not thought of.
"""

from __future__ import annotations

import contextlib
import threading
import time
import typing as t

from .._addresses import plain
from .._errors import PortalUnknownPageError

PAGE = 15.0
"""Seconds of processor time from one page's arrival to the next one's. A list of 5,000 certificates takes one or two."""
WALK = 90.0
"""Seconds of processor time for all pages of one task at the portal."""

_UNITS = 2000  # between two looks at the clock; a unit is about what one text costs


class _Meter:
    """What one walk has used."""

    def __init__(self) -> None:
        self.spent = 0
        self._place = ""
        self._ends = time.thread_time() + WALK
        self._page_ends = self._ends

    def begin(self, url: str) -> None:
        self._place = plain(url)
        self._page_ends = time.thread_time() + PAGE
        self._look()

    def spend(self, units: int) -> None:
        self.spent += units
        if self.spent >= _UNITS:
            self.spent = 0
            self._look()

    def _look(self) -> None:
        now = time.thread_time()
        if now > self._page_ends:
            raise PortalUnknownPageError(
                f"The page at {self._place} takes more than {PAGE:g} seconds to read, which no page of the portal does; nothing more was sent."
            )
        if now > self._ends:
            raise PortalUnknownPageError(
                f"The portal's pages, last {self._place}, take more than {WALK:g} seconds to read, which those of no task do; nothing more was sent."
            )


class _Here(threading.local):
    meter: _Meter | None = None


_here = _Here()


@contextlib.contextmanager
def walk() -> t.Iterator[None]:
    """Bounds what is done within; a walk within a walk is part of it."""
    if _here.meter is not None:
        yield
        return
    _here.meter = _Meter()
    try:
        yield
    finally:
        _here.meter = None


def page(url: str) -> None:
    """A page has come."""
    if _here.meter is not None:
        _here.meter.begin(url)


def spend(units: int = 1) -> None:
    """So much is about to be done.

    :raises PortalUnknownPageError: too much was done already.
    """
    meter = _here.meter
    if meter is not None:
        meter.spend(units)
