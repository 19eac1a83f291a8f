# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mails of a Maildir, read and left as they are.

The standard library's ``mailbox.Maildir`` tells neither size nor age of a mail before reading it, so the two
directories are listed here. Nothing is opened for writing, and nothing moves from ``new`` to ``cur``.
"""

from __future__ import annotations

import datetime
import os
import stat
import typing as t

from .._errors import InputError, StoreError
from .._intake import message

if t.TYPE_CHECKING:
    from pathlib import Path

    from .options import Maildir


def messages(options: Maildir, since: datetime.datetime | None) -> t.Generator[bytes, None, None]:
    """The mails that came at or after ``since``, newest first, without those that are too big to be a notice.

    :raises InputError: there is no Maildir. :raises StoreError: it cannot be read.
    """
    directories = [options.path / name for name in ("new", "cur")]
    if not all(directory.is_dir() for directory in directories):
        raise InputError(f"mailbox.maildir: {options.path} is no Maildir (a directory with cur and new in it).")
    oldest = since.timestamp() if since else 0.0
    found: list[tuple[float, Path]] = []
    try:
        for directory in directories:
            with os.scandir(directory) as entries:
                for entry in entries:
                    found.extend(_candidate(directory / entry.name, oldest))
        for _arrived, path in sorted(found, reverse=True):
            raw = _read(path)
            if raw is not None:
                yield raw
    except OSError as exc:
        raise StoreError(f"mailbox.maildir: {exc.filename or options.path} cannot be read ({exc.strerror}).") from exc


def _candidate(path: Path, oldest: float) -> list[tuple[float, Path]]:
    """The mail with its time, or nothing: another program may have moved it meanwhile, and a FIFO would never end."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return []
    wanted = stat.S_ISREG(status.st_mode) and status.st_size <= message.MAX_SIZE and status.st_mtime >= oldest
    return [(status.st_mtime, path)] if wanted else []


def _read(path: Path) -> bytes | None:
    """The mail's bytes; a mail that a person's mail program took over meanwhile is found under its name of now."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        unique = path.name.partition(":")[0]
        moved = (other for other in (path.parent.parent / "cur").iterdir() if other.name.partition(":")[0] == unique)
        try:
            return next(moved).read_bytes()
        except (StopIteration, FileNotFoundError):
            return None
