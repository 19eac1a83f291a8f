# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths as configurations write them."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[\w/.@%+*:,~-]+")


def quoted(path: str) -> str:
    """The path, in double quotes if it has blanks or anything else that is special to nginx, Apache or HAProxy."""
    if _PLAIN.fullmatch(path):
        return path
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
