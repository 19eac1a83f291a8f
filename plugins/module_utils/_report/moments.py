# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times as the modules return them: ISO 8601, UTC, to the second."""

from __future__ import annotations

import datetime


def parse(text: str) -> datetime.datetime:
    """The aware time that ``2026-11-23T03:00:00Z`` stands for."""
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
