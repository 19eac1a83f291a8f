# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records on disk: one JSON file each, mode 0600, whole or not at all, and never overwritten when it cannot be read."""

from __future__ import annotations

import dataclasses
import datetime
import json
import typing as t
from pathlib import Path

from .._errors import StoreError
from .._store import atomic

_FORMAT = 1

_R = t.TypeVar("_R")


_TIME = "%Y-%m-%dT%H:%M:%SZ"


def now() -> str:
    """The time as records note it: ISO 8601, UTC, to the second."""
    return datetime.datetime.now(datetime.timezone.utc).strftime(_TIME)


def moment(noted: str) -> datetime.datetime:
    """A time that :func:`now` noted, aware."""
    return datetime.datetime.strptime(noted, _TIME).replace(tzinfo=datetime.timezone.utc)


def write(path: Path, record: t.Any) -> None:
    """Put a dataclass on the disk before returning; its folder must exist."""
    content = {"format": _FORMAT, **dataclasses.asdict(record)}
    data = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    atomic.write(path, data.encode(), mode=0o600)


def read(path: Path, kind: type[_R], states: t.Container[str]) -> _R | None:
    """The record in a file, or None if there is none. JSON's lists come back as tuples, as frozen records have them.

    :raises StoreError: it is not one of ours. It may be all that is known of something paid for, so it stays as it is.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        content = json.loads(data)
        if content.pop("format") != _FORMAT or content["state"] not in states:
            raise ValueError("unknown format or state")
        return kind(**{name: _frozen(value) for name, value in content.items()})
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise StoreError(
            f"The journal file {path} cannot be read ({exc}); it may be all that is known of a paid order. "
            "Restore it from a backup, or look at the portal for what was done under this name before you remove it."
        ) from exc


def _frozen(value: t.Any) -> t.Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
