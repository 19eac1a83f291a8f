# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a certificate is to be renewed: so long before its end, or because it was issued before a moment."""

from __future__ import annotations

import datetime
import re
import typing as t

from .._errors import InputError

#: The usual window: a third of the lifetime.
USUAL = "33%"

_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]{1,9})?\s?"
    r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})",
    re.IGNORECASE,
)
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


def is_due(begin: datetime.datetime, end: datetime.datetime, within: RenewWithin, now: datetime.datetime) -> bool:
    """Whether a certificate with this validity is due: ``now`` lies within the window before its end, or after its end.

    Every part that judges a certificate asks here. All moments are aware.
    """
    return end - now <= within.of(end - begin)


def due_from(begin: datetime.datetime, end: datetime.datetime, within: RenewWithin) -> datetime.datetime:
    """When a certificate with this validity is due: never before it begins."""
    lifetime = end - begin
    return end - min(within.of(lifetime), lifetime)


def due_moment(begin: datetime.datetime, end: datetime.datetime, renew_within: str) -> str:
    """The same as ISO 8601, for a window as it is written.

    :raises InputError: it is no window.
    """
    moment = due_from(begin, end, parse_renew_within(renew_within)).astimezone(datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_renew_before(text: str, now: datetime.datetime) -> datetime.datetime:
    """Read a moment such as ``2026-12-01T00:00:00Z``; one in UTC comes back.

    A space may stand for the ``T``, since Ansible writes a YAML timestamp so.

    :raises InputError: it is no moment, has no time zone, or lies in the future.
    """
    match = _MOMENT.fullmatch(text.strip())
    try:
        if not match:
            raise ValueError
        zone = match["zone"].upper().replace("Z", "+00:00")
        zone = zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
        moment = datetime.datetime.fromisoformat(f"{match['day']}T{match['time']}{zone}").astimezone(
            datetime.timezone.utc
        )
    except (ValueError, OverflowError):
        raise InputError(
            f"renew_before must be a moment with its time zone, such as 2026-12-01T00:00:00Z, not {text!r}"
        ) from None
    if moment > now:
        raise InputError(
            f"renew_before must not be in the future, or every run would renew, but it is {text!r}, and it is "
            f"{now.strftime('%Y-%m-%dT%H:%M:%SZ')} now: give a moment that has passed"
        )
    return moment
