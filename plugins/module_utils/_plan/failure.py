# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a task failed, in the words of what failed in it."""

from __future__ import annotations

import typing as t

_UNTOLD = "see above"


def failure(result: dict[str, t.Any]) -> str:
    """The messages of a failed result, or of the failed ones among those of a loop, each once."""
    failed = [one for one in result.get("results") or [result] if one.get("failed") or one.get("unreachable")]
    told = [": ".join(filter(None, [_text(one, "msg") or _UNTOLD, _text(one, "stderr")])) for one in failed]
    return "; ".join(dict.fromkeys(told)) or _text(result, "msg") or _UNTOLD


def _text(result: dict[str, t.Any], key: str) -> str:
    return str(result.get(key) or "").strip()
