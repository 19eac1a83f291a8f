# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Locks between processes. The system releases them when a process dies, however it dies."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import time
import typing as t
from pathlib import Path

from .._errors import LockedError
from .atomic import told
from .folder import Folder

_POLL = 0.05


@contextlib.contextmanager
def lock(path: Path | str, *, timeout: float) -> t.Iterator[None]:
    """:func:`lock_in` for a path in a directory that nobody else can write."""
    path = Path(path)
    with told("lock", path):
        folder = Folder.at(path.parent)
    with folder, lock_in(folder, path.name, timeout=timeout):
        yield


@contextlib.contextmanager
def lock_in(folder: Folder, name: str, *, timeout: float) -> t.Iterator[None]:
    """Hold the lock of a file, which is made where it is missing (0600, its directory's owner) and never deleted.

    :param timeout: seconds to wait for another holder.
    :raises LockedError: another process held it all that time.
    :raises StoreError: the file cannot be made or opened, or is no regular file.
    """
    path = folder.path / name
    with told("lock", path):
        descriptor = _opened(folder, name)
    try:
        with told("lock", path):
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "it is no regular file")
            _wait(descriptor, path, timeout)
        yield
    finally:
        os.close(descriptor)


def _opened(folder: Folder, name: str) -> int:
    """The file. Only a new one is given to the directory's owner: one that is there may be any file of root's."""
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK
    while True:
        with contextlib.suppress(FileNotFoundError):
            return os.open(name, flags, dir_fd=folder.descriptor)
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(name, flags | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder.descriptor)
            break
    owner, own = folder.status, os.fstat(descriptor)
    if os.geteuid() == 0 and (own.st_uid, own.st_gid) != (owner.st_uid, owner.st_gid):
        # The owner is to be able to lock, too.
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


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
