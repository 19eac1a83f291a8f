# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files, links and directories that appear whole or not at all, and are on the disk when a call returns.

Every step of the collection that changes a disk is taken here, through the ``os`` module of this file, so that a test
can stop the program before each of them. What a killed program leaves behind bears :data:`SUFFIX` and is cleared by the
next.

Each step names one entry of an open directory (see :mod:`.folder`). What takes a path opens its directory first; it is for
places that nobody else can write.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import stat
import typing as t
from pathlib import Path

from .._errors import StoreError
from .folder import Folder
from .layout import SUFFIX, is_leftover

# Directories in directories that are deleted at most; ours hold none.
_MOST_DEPTH = 16


@contextlib.contextmanager
def told(action: str, path: Path) -> t.Iterator[None]:
    """Turn the system's errors into a sentence: what could not be done, where and why."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot {action} {path}: {error.strerror or error}") from None


def write(path: Path | str, data: bytes, *, mode: int, uid: int | None = None, gid: int | None = None) -> None:
    """:func:`put` for a path."""
    path = Path(path)
    with told("write", path), Folder.at(path.parent) as folder:
        put(folder, path.name, data, mode=mode, uid=uid, gid=gid)


def put(
    folder: Folder,
    name: str,
    data: bytes,
    *,
    mode: int,
    uid: int | None = None,
    gid: int | None = None,
    made: int | None = None,
) -> None:
    """Put a file in place of whatever is there, by one rename; its final owner and mode stand before its content.

    Two programs may write one file at once; the last one wins, whole.

    :param mode: permission bits, such as ``0o600``; the umask does not matter.
    :param uid: numeric owner; ``None`` leaves it as the process makes it. Likewise ``gid``.
    :param made: the time that it is to have (nanoseconds), where it is a copy.
    :raises StoreError: it could not be written; what was there before is untouched.
    """
    with told("write", folder.path / name):
        _clear_dead(folder, name)
        temporary, descriptor = _create(folder, name)
        try:
            try:
                _own(descriptor, mode, uid, gid)
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                if made is not None:
                    os.utime(descriptor, ns=(made, made))
                os.fsync(descriptor)
                _rename(folder, temporary, name)
            finally:
                os.close(descriptor)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder.descriptor)
            raise
        os.fsync(folder.descriptor)


def symlink(target: str, path: Path) -> None:
    """:func:`put_link` for a path."""
    with told("link", path), Folder.at(path.parent) as folder:
        put_link(folder, path.name, target)


def put_link(folder: Folder, name: str, target: str) -> None:
    """Make ``name`` a symbolic link to ``target``, in place of the link that is there, by one rename.

    :raises StoreError: it could not be made, or something that is no link is in its place.
    """
    path = folder.path / name
    with told("link", path):
        if folder.has(name) and not stat.S_ISLNK(folder.lstat(name).st_mode):
            raise StoreError(f"{path} must be a symbolic link, but something else is in its place: move it away")
        temporary = _temporary(name)
        try:
            os.symlink(target, temporary, dir_fd=folder.descriptor)
            _rename(folder, temporary, name)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder.descriptor)
            raise
        os.fsync(folder.descriptor)


def remove(path: Path) -> None:
    """:func:`drop` for a path."""
    with told("remove", path), Folder.at(path.parent) as folder:
        drop(folder, path.name)


def drop(folder: Folder, name: str) -> None:
    """Remove a file or a link, if it is there."""
    with told("remove", folder.path / name), contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder.descriptor)
        os.fsync(folder.descriptor)


def make_directory(
    path: Path,
    *,
    mode: int,
    uid: int | None = None,
    gid: int | None = None,
    opened: t.Callable[[Path], Folder] = Folder.at,
) -> bool:
    """Make a directory, and those above it that are missing (0755).

    :param opened: how to open those that are there; ``Folder.reach`` where others than root can write on the way.
    :returns: whether it was made; one that was there keeps its owner and mode.
    """
    with told("make the directory", path):
        with contextlib.suppress(FileNotFoundError), opened(path):
            return False
        make_directory(path.parent, mode=0o755, opened=opened)
        with opened(path.parent) as above:
            return make_child(above, path.name, mode=mode, uid=uid, gid=gid)


def make_child(folder: Folder, name: str, *, mode: int, uid: int | None = None, gid: int | None = None) -> bool:
    """Make a directory in one; otherwise as :func:`make_directory`."""
    with told("make the directory", folder.path / name):
        try:
            os.mkdir(name, 0o700, dir_fd=folder.descriptor)
        except FileExistsError:
            with folder.child(name):
                return False
        with folder.child(name) as made:
            _own(made.descriptor, mode, uid, gid)
        os.fsync(folder.descriptor)
    return True


@contextlib.contextmanager
def new_directory(
    folder: Folder, name: str, *, mode: int, uid: int | None = None, gid: int | None = None
) -> t.Iterator[Folder]:
    """A new directory that appears under its name, with all that the body put in it, when the body is done.

    :returns: where to put the content.
    :raises StoreError: it could not be made; then nothing of it is left.
    """
    temporary = _temporary(name)
    try:
        make_child(folder, temporary, mode=mode, uid=uid, gid=gid)
        with told("make", folder.path / name), folder.child(temporary) as inside:
            yield inside
            os.fsync(inside.descriptor)
            _rename(folder, temporary, name)
            os.fsync(folder.descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            _delete(folder, temporary)
        raise


def remove_tree(folder: Folder, name: str) -> None:
    """Remove a directory, if it is there: it is gone by one rename, then deleted. Of a link, only the link goes."""
    with told("remove", folder.path / name):
        aside = _temporary(name)
        try:
            _rename(folder, name, aside)
        except FileNotFoundError:
            return
        os.fsync(folder.descriptor)
        _delete(folder, aside)


def clear_leftovers(folder: Folder) -> None:
    """Delete what killed programs left in a directory; the caller holds the lock that all who write there take."""
    with told("clear", folder.path):
        for name in folder.names():
            if is_leftover(name):
                _delete(folder, name)


def clear_dead(path: Path) -> None:
    """Delete temporary files of ``path`` whose writers are dead: their locks are free. :func:`write` does so, too.

    :raises OSError: its directory is not there, or cannot be read or written.
    """
    with Folder.at(path.parent) as folder:
        _clear_dead(folder, path.name)


def _clear_dead(folder: Folder, name: str) -> None:
    for leftover in folder.names():
        if not (leftover.startswith(f".{name}.") and leftover.endswith(SUFFIX)):
            continue
        with contextlib.suppress(FileNotFoundError, BlockingIOError):
            flags = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            descriptor = os.open(leftover, flags, dir_fd=folder.descriptor)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(leftover, dir_fd=folder.descriptor)
            finally:
                os.close(descriptor)


def _temporary(name: str) -> str:
    return f".{name}.{secrets.token_hex(16)}{SUFFIX}"


def _create(folder: Folder, name: str) -> tuple[str, int]:
    """A temporary file that is locked for as long as its writer lives."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    while True:
        temporary = _temporary(name)
        descriptor = os.open(temporary, flags, 0o600, dir_fd=folder.descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return temporary, descriptor
        # Another writer took it for a leftover before it was locked.
        os.close(descriptor)


def _own(descriptor: int, mode: int, uid: int | None, gid: int | None) -> None:
    """Owner first: a change of owner clears mode bits."""
    status = os.fstat(descriptor)
    wanted = (status.st_uid if uid is None else uid, status.st_gid if gid is None else gid)
    if wanted != (status.st_uid, status.st_gid):
        os.fchown(descriptor, *wanted)
    os.fchmod(descriptor, mode)


def _rename(folder: Folder, source: str, target: str) -> None:
    os.rename(source, target, src_dir_fd=folder.descriptor, dst_dir_fd=folder.descriptor)


def _delete(folder: Folder, name: str, depth: int = 0) -> None:
    """Delete what has a name; of a link, the link. What was put in its place meanwhile is not followed either."""
    if stat.S_ISDIR(folder.lstat(name).st_mode):
        if depth == _MOST_DEPTH:
            raise OSError(errno.ELOOP, f"it holds directories in directories, more than {_MOST_DEPTH} deep")
        with folder.child(name) as inside:
            for each in inside.names():
                _delete(inside, each, depth + 1)
        os.rmdir(name, dir_fd=folder.descriptor)
    else:
        os.unlink(name, dir_fd=folder.descriptor)
