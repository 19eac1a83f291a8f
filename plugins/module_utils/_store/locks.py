# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Locks between processes. The system releases them when a process dies, however it dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
import typing as t
from pathlib import Path

from .._errors import LockedError
from .atomic import told

_POLL = 0.05


@contextlib.contextmanager
def lock(path: Path | str, *, timeout: float) -> t.Iterator[None]:
    """Hold the lock of ``path``, a file that is made where it is missing (0600, its directory's owner), never deleted.

    :param timeout: seconds to wait for another holder.
    :raises LockedError: another process held it all that time.
    :raises StoreError: the file cannot be made or opened.
    """
    path = Path(path)
    with told("lock", path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        with told("lock", path):
            _give_to_owner_of(path.parent, descriptor)
            _wait(descriptor, path, timeout)
        yield
    finally:
        os.close(descriptor)


def _give_to_owner_of(directory: Path, descriptor: int) -> None:
    """Let the directory's owner lock, too, where the first to do so was root."""
    owner, own = directory.stat(), os.fstat(descriptor)
    if os.geteuid() == 0 and (own.st_uid, own.st_gid) != (owner.st_uid, owner.st_gid):
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def _wait(descriptor: int, path: Path, timeout: float) -> None:
    end = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= end:
                raise LockedError(
                    f"another process has held the lock {path} for {timeout:g} s: try again later"
                ) from None
        time.sleep(_POLL)
