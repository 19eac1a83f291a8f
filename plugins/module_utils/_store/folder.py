# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Directories that are held open, so that nobody can put something else in their place.

A certificate directory may belong to somebody who is not root, while root works in it. Between two system calls its owner
can replace whatever a path names. So a directory is opened once, and all below it is reached from its descriptor, one name
at a time (openat(2)):

* A link is followed only if root, or the user that runs this, made it, in a directory that nobody else can write
  (:func:`is_firm`). This holds on the way to a directory, too. Whoever can write a directory on the way can then put only
  directories there that were his to move, and all that is done in them is done with these same rules.
* Only regular files are read, without waiting, and up to a size.
* Owner and mode are changed through the descriptor of what was made, never through its name.

The other way would be to take the owner's uid and gid for the work. It was not chosen: it leaves the group open that may
write to a directory of root's, it cannot read what root put there before the directory was given away, and a pipe in
place of a file still holds it up.
"""

from __future__ import annotations

import errno
import os
import stat
import typing as t
from pathlib import Path

#: More bytes than any file of ours has.
MOST_BYTES = 1 << 18
_MOST_NAMES = 100_000
_MOST_LINKS = 40
# Enough to go on from; not every directory on the way may be listed. Only Linux has it.
_WAY = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY
# What systems answer where O_NOFOLLOW or O_DIRECTORY stops them.
_NOT_SO = (errno.ELOOP, errno.ENOTDIR, errno.EMLINK)


class Folder:
    """An open directory. ``path`` is for messages. Errors are ``OSError``, with a reason for people."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self.descriptor = descriptor
        self.path = path

    @classmethod
    def at(cls, path: Path | str) -> Folder:
        """The directory that a path leads to, for paths that nobody else can change."""
        return cls(os.open(path, os.O_RDONLY | os.O_DIRECTORY), Path(path))

    @classmethod
    def reach(cls, path: Path | str) -> Folder:
        """The directory that a path leads to, whoever owns those on the way."""
        return cls(_walk(os.fspath(path), None), Path(path))

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let it go."""
        os.close(self.descriptor)

    @property
    def status(self) -> os.stat_result:
        """Owner, mode and the rest, as they are now."""
        return os.fstat(self.descriptor)

    @property
    def is_firm(self) -> bool:
        """See :func:`is_firm`."""
        return is_firm(self.status)

    def for_programs(self) -> str:
        """A path for what takes only paths: it leads to this very directory while this process holds it open.

        Where there is no /proc, it is the path that was opened.
        """
        path = f"/proc/{os.getpid()}/fd/{self.descriptor}/."
        return path if os.path.isdir(path) else str(self.path)

    def has(self, name: str) -> bool:
        """Whether anything has this name, be it a link that leads nowhere."""
        try:
            self.lstat(name)
        except FileNotFoundError:
            return False
        return True

    def lstat(self, name: str) -> os.stat_result:
        """What has this name; a link itself."""
        return os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)

    def names(self) -> list[str]:
        """All names in it."""
        with os.scandir(self.descriptor) as entries:
            return [entry.name for entry in _bounded(entries)]

    def directories(self) -> list[str]:
        """The names of the directories in it; links are none."""
        with os.scandir(self.descriptor) as entries:
            return [entry.name for entry in _bounded(entries) if entry.is_dir(follow_symlinks=False)]

    def child(self, name: str) -> Folder:
        """A directory in it; no link is followed."""
        try:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
            return Folder(os.open(name, flags, dir_fd=self.descriptor), self.path / name)
        except OSError as error:
            if error.errno in _NOT_SO and stat.S_ISLNK(self.lstat(name).st_mode):
                raise OSError(errno.ELOOP, f"{name} must be a directory, and is a link") from None
            raise

    def link(self, name: str) -> str:
        """Where a link leads that may be followed."""
        return _link(self.descriptor, name)

    def beyond(self, target: str) -> Folder:
        """The directory that ``target`` names, seen from here: see :meth:`reach`."""
        return Folder(_walk(target, self.descriptor), Path(os.path.normpath(self.path / target)))

    def read(self, name: str, links: int = 0) -> bytes:
        """The content of a regular file of at most :data:`MOST_BYTES`.

        Where others can write, a file counts only under its one name: a second may be that of somebody else's secret.
        """
        try:
            descriptor = os.open(name, _FILE | os.O_NOFOLLOW, dir_fd=self.descriptor)
        except OSError as error:
            if error.errno not in _NOT_SO or links == _MOST_LINKS:
                raise
            above, last = os.path.split(self.link(name))
            with self.beyond(above) as folder:
                return folder.read(last, links + 1)
        try:
            status, own = os.fstat(descriptor), self.status
            if status.st_nlink > 1 and not is_firm(own) and (status.st_uid != own.st_uid or own.st_mode & 0o022):
                raise OSError(errno.EMLINK, "it has a second name (a hard link), so it may be somebody else's")
            return _content(descriptor, status, MOST_BYTES)
        finally:
            os.close(descriptor)


def read_file(path: Path | str, most: int = MOST_BYTES) -> bytes:
    """The content of a regular file that the user names; links are followed.

    :raises OSError: it cannot be read, is something else than a file, or larger than ``most`` bytes.
    """
    descriptor = os.open(path, _FILE)
    try:
        return _content(descriptor, os.fstat(descriptor), most)
    finally:
        os.close(descriptor)


def is_firm(status: os.stat_result) -> bool:
    """Whether nobody but root, and the user that runs this, can put names into a directory."""
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & 0o022


def _bounded(entries: t.Iterable[os.DirEntry[str]]) -> t.Iterator[os.DirEntry[str]]:
    for number, entry in enumerate(entries):
        if number == _MOST_NAMES:
            raise OSError(errno.EFBIG, f"it holds more than {_MOST_NAMES} names")
        yield entry


def _content(descriptor: int, status: os.stat_result, most: int) -> bytes:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    data = b""
    while len(data) <= most:  # it may grow while it is read
        more = os.read(descriptor, most + 1 - len(data))
        if not more:
            return data
        data += more
    raise OSError(errno.EFBIG, f"it is larger than {most} bytes")


def _link(here: int, name: str) -> str:
    """Where a link leads, if it may be followed."""
    status = os.stat(name, dir_fd=here, follow_symlinks=False)
    if not stat.S_ISLNK(status.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if status.st_uid not in (0, os.geteuid()) or not is_firm(os.fstat(here)):
        raise OSError(errno.ELOOP, f"{name} is a link that somebody else than root may have put there")
    return os.readlink(name, dir_fd=here)


def _walk(path: str, start: int | None) -> int:
    """Open the directory at a path, one name at a time; ``start``: where a relative one begins."""
    todo = _parts(path)
    if path.startswith("/"):
        here = os.open("/", _WAY)
    elif start is None:
        here = os.open(".", _WAY)
    else:
        here = os.open(".", _WAY, dir_fd=start)
    links = 0
    try:
        while todo:
            name = todo.pop()
            there = -1
            try:
                there = os.open(name, _WAY | os.O_NOFOLLOW, dir_fd=here)
            except OSError as error:
                if error.errno not in _NOT_SO:
                    raise
                links += 1
                if links > _MOST_LINKS:
                    raise
                target = _link(here, name)
                todo += _parts(target)
                if target.startswith("/"):
                    there = os.open("/", _WAY)
            if there >= 0:
                os.close(here)
                here = there
        return os.open(".", os.O_RDONLY | os.O_DIRECTORY, dir_fd=here)
    finally:
        os.close(here)


def _parts(path: str) -> list[str]:
    """The names of a path, the last one first."""
    return [part for part in reversed(path.split("/")) if part not in ("", ".")]
