# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records on disk: one JSON file each, mode 0600, whole or not at all, and never overwritten when it cannot be read."""

from __future__ import annotations

import ast
import dataclasses
import datetime
import errno
import functools
import json
import os
import stat
import typing as t
from pathlib import Path

from .._errors import StoreError
from .._store import atomic
from .._visible import visible

_FORMAT = 1
# More than any record has: a record holds a page and some small pictures.
_LIMIT = 64 << 20
# What no regular file answers to being opened: a link, a socket.
_NO_FILE = (errno.ELOOP, errno.ENXIO, errno.ENODEV)

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
    # Half a character, from a page that is out of order, must not stop a record.
    atomic.write(path, data.encode("utf-8", "replace"), mode=0o600)


def read(path: Path, kind: type[_R], states: t.Container[str]) -> _R | None:
    """The record in a file, or None if there is none. JSON's lists come back as tuples, as frozen records have them.

    :raises StoreError: it is not one of ours. It may be all that is known of something paid for, so it stays as it is.
    """
    try:
        return _record(load(path), kind, states)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        why = f"{exc} is missing" if isinstance(exc, KeyError) else str(exc)
        raise StoreError(
            f"The journal file {path} cannot be read ({visible(why)}); it may be all that is known of a paid order. "
            "Restore it from a backup, or look at the portal for what was done under this name before you remove it."
        ) from exc


def load(path: Path) -> t.Any:
    """What JSON there is in a file. Neither a file of another kind nor its size or depth can stop the program.

    :raises OSError: there is no such file, or it may not be read.
    :raises ValueError: it is no regular file, too large, or no JSON in UTF-8.
    :raises RecursionError: it is nested too deeply.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as exc:
        if exc.errno in _NO_FILE:
            raise ValueError("it is no regular file") from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError("it is no regular file")
    with open(descriptor, "rb") as file:
        data = file.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise ValueError("it is too large")
    return json.loads(data.decode("utf-8"), parse_constant=_refuse, parse_int=_number)


def _refuse(text: str) -> t.NoReturn:
    raise ValueError(f"{text} is no number")


def _number(text: str) -> int:
    if len(text) > 19:
        _refuse("a very long one")
    return int(text)


def _record(content: t.Any, kind: type[_R], states: t.Container[str]) -> _R:
    """A record of what a file holds, if each field is of its kind."""
    if not isinstance(content, dict):
        raise TypeError("it is no object")
    if content.pop("format") != _FORMAT or not isinstance(content["state"], str) or content["state"] not in states:
        raise ValueError("unknown format or state")
    fields = {field.name: field for field in dataclasses.fields(t.cast("t.Any", kind))}
    for name, value in content.items():
        if name not in fields:
            raise TypeError(f"the field {name!r} is unknown")
        if not _is_of(_annotation(str(fields[name].type)), value):
            raise TypeError(f"the field {name} is of another kind")
    record = kind(**{name: _frozen(value) for name, value in content.items()})
    for _state, at in getattr(record, "history", ()):
        moment(at)
    return record


@functools.cache
def _annotation(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _is_of(kind: ast.expr, value: t.Any) -> bool:
    """Whether a value from JSON is of the kind that an annotation names; of one that it does not know, a plain value."""
    if isinstance(kind, ast.BinOp):
        return _is_of(kind.left, value) or _is_of(kind.right, value)
    if isinstance(kind, ast.Constant):
        return value is None
    if isinstance(kind, ast.Subscript):
        inner = kind.slice.elts if isinstance(kind.slice, ast.Tuple) else [kind.slice]
        if isinstance(kind.value, ast.Name) and kind.value.id == "dict":
            return isinstance(value, dict) and all(
                _is_of(inner[0], key) and _is_of(inner[1], part) for key, part in value.items()
            )
        if not isinstance(value, list):
            return False
        if isinstance(inner[-1], ast.Constant):  # an ellipsis
            return all(_is_of(inner[0], part) for part in value)
        return len(value) == len(inner) and all(map(_is_of, inner, value))
    if isinstance(value, str):
        value.encode("utf-8")
    known = {"str": str, "bool": bool, "int": int}.get(kind.id) if isinstance(kind, ast.Name) else None
    return isinstance(value, known) if known else value is None or isinstance(value, (str, bool, int, float))


def _frozen(value: t.Any) -> t.Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
