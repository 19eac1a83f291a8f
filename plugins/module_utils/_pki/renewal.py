# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long before its end a certificate is to be renewed."""

from __future__ import annotations

import datetime
import re
import typing as t

from .._errors import InputError

_RENEW_WITHIN = re.compile(r"(?P<number>[0-9]{1,6}(?:\.[0-9]{1,3})?)\s*(?P<unit>[%dh])")


class RenewWithin(t.NamedTuple):
    """How long before its end a certificate is due: a share of its lifetime, or a fixed time."""

    share: float | None
    time: datetime.timedelta | None

    def of(self, lifetime: datetime.timedelta) -> datetime.timedelta:
        """The length of this window for a certificate that is valid for so long."""
        if self.time is not None:
            return self.time
        return lifetime * t.cast(float, self.share)


def parse_renew_within(text: str) -> RenewWithin:
    """Read ``33%``, ``30d`` or ``12h``.

    :raises InputError: it is none of these, nothing, or not less than the whole lifetime.
    """
    match = _RENEW_WITHIN.fullmatch(text.strip())
    number = float(match["number"]) if match else 0
    if not match or number <= 0:
        raise InputError(f"renew_within must be a share of the lifetime, days or hours (33%, 30d, 12h), not {text!r}")
    if match["unit"] == "%":
        if number >= 100:
            raise InputError(f"renew_within must be less than 100%, or every run would renew, but it is {text!r}")
        return RenewWithin(number / 100, None)
    return RenewWithin(None, datetime.timedelta(**{"d": {"days": number}, "h": {"hours": number}}[match["unit"]]))
