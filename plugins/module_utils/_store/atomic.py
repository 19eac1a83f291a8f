# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files, links and directories that appear whole or not at all, and are on the disk when a call returns.

Every step of the collection that changes a disk is taken here, through the ``os`` module of this file, so that a test
can stop the program before each of them. What a killed program leaves behind bears :data:`SUFFIX` and is cleared by the
next.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import stat
import typing as t
from pathlib import Path

from .._errors import StoreError
from .layout import SUFFIX


@contextlib.contextmanager
def told(action: str, path: Path) -> t.Iterator[None]:
    """Turn the system's errors into a sentence: what could not be done, where and why."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot {action} {path}: {error.strerror or error}") from None


def write(path: Path | str, data: bytes, *, mode: int, uid: int | None = None, gid: int | None = None) -> None:
    """Put a file in place of whatever is there, by one rename; its final owner and mode stand before its content.

    Two programs may write one path at once; the last one wins, whole.

    :param mode: permission bits, such as ``0o600``; the umask does not matter.
    :param uid: numeric owner; ``None`` leaves it as the process makes it. Likewise ``gid``.
    :raises StoreError: it could not be written; what was there before is untouched.
    """
    path = Path(path)
    with told("write", path):
        clear_dead(path)
        temporary, descriptor = _create(path)
        try:
            try:
                _own(descriptor, mode, uid, gid)
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                os.fsync(descriptor)
                os.rename(temporary, path)
            finally:
                os.close(descriptor)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        _sync_directory(path.parent)


def symlink(target: str, path: Path) -> None:
    """Make ``path`` a symbolic link to ``target``, in place of the link that is there, by one rename.

    :raises StoreError: it could not be made, or something that is no link is in its place.
    """
    with told("link", path):
        if path.exists() and not path.is_symlink():
            raise StoreError(f"{path} must be a symbolic link, but something else is in its place: move it away")
        temporary = _temporary(path)
        try:
            os.symlink(target, temporary)
            os.rename(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        _sync_directory(path.parent)


def remove(path: Path) -> None:
    """Remove a file or a link, if it is there."""
    with told("remove", path), contextlib.suppress(FileNotFoundError):
        os.unlink(path)
        _sync_directory(path.parent)


def make_directory(path: Path, *, mode: int, uid: int | None = None, gid: int | None = None) -> bool:
    """Make a directory, and those above it that are missing (0755).

    :returns: whether it was made; one that was there keeps its owner and mode.
    """
    with told("make the directory", path):
        if path.is_dir():
            return False
        if not path.parent.is_dir():
            make_directory(path.parent, mode=0o755)
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            if path.is_dir():
                return False
            raise
        _own(path, mode, uid, gid)
        _sync_directory(path.parent)
    return True


@contextlib.contextmanager
def new_directory(path: Path, *, mode: int, uid: int | None = None, gid: int | None = None) -> t.Iterator[Path]:
    """A new directory that appears under its name, with all that the body put in it, when the body is done.

    :returns: where to put the content.
    :raises StoreError: it could not be made; then nothing of it is left.
    """
    temporary = _temporary(path)
    try:
        make_directory(temporary, mode=mode, uid=uid, gid=gid)
        yield temporary
        with told("make", path):
            _sync_directory(temporary)
            os.rename(temporary, path)
            _sync_directory(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            _delete(temporary)
        raise


def remove_tree(path: Path) -> None:
    """Remove a directory, if it is there: it is gone by one rename, then deleted."""
    with told("remove", path):
        aside = _temporary(path)
        try:
            os.rename(path, aside)
        except FileNotFoundError:
            return
        _sync_directory(path.parent)
        _delete(aside)


def clear_leftovers(directory: Path) -> None:
    """Delete what killed programs left in ``directory``; the caller holds the lock that all who write there take."""
    with told("clear", directory):
        for leftover in directory.glob(f".*{SUFFIX}"):
            _delete(leftover)


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}{SUFFIX}")


def _create(path: Path) -> tuple[Path, int]:
    """A temporary file that is locked for as long as its writer lives."""
    while True:
        temporary = _temporary(path)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return temporary, descriptor
        # Another writer took it for a leftover before it was locked.
        os.close(descriptor)


def clear_dead(path: Path) -> None:
    """Delete temporary files of ``path`` whose writers are dead: their locks are free. :func:`write` does so, too.

    :raises OSError: its directory is not there, or cannot be read or written.
    """
    for name in os.listdir(path.parent):
        if not (name.startswith(f".{path.name}.") and name.endswith(SUFFIX)):
            continue
        leftover = path.parent / name
        with contextlib.suppress(FileNotFoundError, BlockingIOError):
            descriptor = os.open(leftover, os.O_WRONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(leftover)
            finally:
                os.close(descriptor)


def _own(place: int | Path, mode: int, uid: int | None, gid: int | None) -> None:
    """Owner first: a change of owner clears mode bits."""
    status = os.stat(place)
    wanted = (status.st_uid if uid is None else uid, status.st_gid if gid is None else gid)
    if wanted != (status.st_uid, status.st_gid):
        os.chown(place, *wanted)
    os.chmod(place, mode)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _delete(path: Path) -> None:
    if stat.S_ISDIR(os.lstat(path).st_mode):
        for name in os.listdir(path):
            _delete(path / name)
        os.rmdir(path)
    else:
        os.unlink(path)
