# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a live certificate was obtained, which is what ``renew_before`` is compared with.

It is the later of two moments: the start of the certificate's validity, and the time when its key pair was made. An authority
may set the first some hours or days back. The second makes ``renew_before`` act once: a pair that was made because of it was
made after it, whatever the certificate says.
"""

from __future__ import annotations

import datetime
import math
import re
import typing as t

from .._store import layout

if t.TYPE_CHECKING:
    from .._store.folder import Folder

_STAMP = re.compile(r"(?P<stamp>[0-9]{8}T[0-9]{6})Z-[0-9A-F]+")
# Times in a directory are rounded up.
_SLACK = datetime.timedelta(minutes=1)


def obtained(not_before: datetime.datetime, live: Folder, now: datetime.datetime) -> datetime.datetime:
    """When the certificate in ``live``, whose validity starts at ``not_before``, was obtained. All moments are aware."""
    made = _made(live)
    if made is None or made > now + _SLACK:  # a clock that was wrong once must not stop renewals for years
        return not_before
    return max(not_before, made)


def _made(live: Folder) -> datetime.datetime | None:
    """When the pair was made: the time of its request, but not later than the version in which it was installed.

    It is rounded up to the second, since the clock of files runs a little behind. A copy of the directory may have lost the
    times of its files; the version's name is never lost.
    """
    match = _STAMP.fullmatch(live.path.name)
    try:
        installed = datetime.datetime.strptime(f"{match['stamp']}+0000", "%Y%m%dT%H%M%S%z") if match else None
        seconds = live.lstat(layout.REQUEST).st_mtime
        written = datetime.datetime.fromtimestamp(math.ceil(seconds), datetime.timezone.utc)
    except (OSError, ValueError, OverflowError):
        return None
    return min(written, installed) if installed else None
