# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The durable steps of a run, watched from outside: what changes the disk, a lock, a request sent, an answer read.

Every change of the disk goes through the ``os`` of ``_store/atomic.py`` and ``_store/locks.py``, and every request through
``Session._exchange``; these three are replaced in the child. A write is made in two halves, so that a run can die with a
file half written.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import typing as t
from pathlib import Path

from .child import utils

Event = dict[str, t.Any]


class Steps:
    """Counts the steps of one run, and kills it before one of them.

    :param kill_at: the step that is not taken any more, from 1; None: none.
    """

    def __init__(self, log: Path, kill_at: int | None = None) -> None:
        self._path = log
        self._kill_at = kill_at
        self._count = 0
        self._log = -1
        self._one = threading.RLock()

    def __call__(self) -> None:
        """Begin to watch, in the child."""
        self._log = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._watch_disk()
        self._watch_wire()

    def events(self) -> list[Event]:
        """What was done before the end, in the parent."""
        return [json.loads(line) for line in self._path.read_text().splitlines()]

    def reach(self) -> None:
        """A step is about to be taken."""
        with self._one:
            self._count += 1
            if self._count == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    @contextlib.contextmanager
    def taken(self) -> t.Iterator[None]:
        """A step that ends with the body; no other one is taken meanwhile."""
        with self._one:
            self.reach()
            yield

    def note(self, operation: str, **what: t.Any) -> None:
        """A step was taken."""
        os.write(self._log, (json.dumps({"operation": operation, **what}) + "\n").encode())

    def _watch_disk(self) -> None:
        disk = t.cast(t.Any, WatchedOs(self))
        utils("_store.atomic").os = disk
        locks = utils("_store.locks")
        locks.os = disk
        wait = locks._wait

        def waited(*arguments: t.Any) -> None:
            self.reach()
            wait(*arguments)
            self.note("lock")

        locks._wait = waited

    def _watch_wire(self) -> None:
        session = utils("_portal.session").Session
        exchange = session._exchange

        def watched(this: t.Any, request: t.Any) -> t.Any:
            self.reach()
            self.note("send", method=request.method)
            answer = exchange(this, request)
            self.reach()
            self.note("answer", status=answer.status)
            return answer

        session._exchange = watched
        do_not_wait()


def do_not_wait() -> None:
    """Pauses before a GET is tried again cost a test nothing but time."""
    utils("_portal.session").Session.__init__.__kwdefaults__["sleep"] = lambda _seconds: None


class WatchedOs:
    """``os``, with steps counted and noted; one at a time, so that what several threads do is noted in the order in which it was done."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._halved: set[int] = set()  # descriptors whose next write is the second half

    def __getattr__(self, name: str) -> t.Any:
        return getattr(os, name)

    def open(self, path: t.Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if not flags & os.O_CREAT or _there(path, dir_fd):
            return os.open(path, flags, mode, dir_fd=dir_fd)
        with self._steps.taken():
            descriptor = os.open(path, flags, mode, dir_fd=dir_fd)
            self._note("create", path, dir_fd, inode=os.fstat(descriptor).st_ino, mode=mode)
        return descriptor

    def write(self, descriptor: int, data: t.Any) -> int:
        with self._steps.taken():
            if descriptor not in self._halved and len(data) > 1:
                self._halved.add(descriptor)
                data = data[: len(data) // 2]
            else:
                self._halved.discard(descriptor)
            count = os.write(descriptor, data)
            self._steps.note("write", inode=os.fstat(descriptor).st_ino, data=bytes(data[:count]).hex())
        return count

    def fsync(self, descriptor: int) -> None:
        with self._steps.taken():
            os.fsync(descriptor)
            self._steps.note("fsync", inode=os.fstat(descriptor).st_ino)

    def rename(
        self, source: t.Any, target: t.Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None
    ) -> None:
        with self._steps.taken():
            os.rename(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)
            self._note("rename", source, src_dir_fd, target=_whole(target, dst_dir_fd))

    def symlink(self, target: str, path: t.Any, *, dir_fd: int | None = None) -> None:
        with self._steps.taken():
            os.symlink(target, path, dir_fd=dir_fd)
            inode = os.stat(path, dir_fd=dir_fd, follow_symlinks=False).st_ino
            self._note("symlink", path, dir_fd, target=target, inode=inode)

    def unlink(self, path: t.Any, *, dir_fd: int | None = None) -> None:
        with self._steps.taken():
            os.unlink(path, dir_fd=dir_fd)
            self._note("remove", path, dir_fd)

    def mkdir(self, path: t.Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        with self._steps.taken():
            os.mkdir(path, mode, dir_fd=dir_fd)
            inode = os.stat(path, dir_fd=dir_fd, follow_symlinks=False).st_ino
            self._note("mkdir", path, dir_fd, inode=inode, mode=mode)

    def rmdir(self, path: t.Any, *, dir_fd: int | None = None) -> None:
        with self._steps.taken():
            os.rmdir(path, dir_fd=dir_fd)
            self._note("remove", path, dir_fd)

    def chmod(self, place: t.Any, mode: int) -> None:
        with self._steps.taken():
            os.chmod(place, mode)
            self._steps.note("chmod", inode=os.stat(place).st_ino, mode=mode)

    fchmod = chmod

    def _note(self, operation: str, path: t.Any, dir_fd: int | None, **what: t.Any) -> None:
        self._steps.note(operation, path=_whole(path, dir_fd), **what)


def _there(path: t.Any, dir_fd: int | None) -> bool:
    try:
        os.stat(path, dir_fd=dir_fd, follow_symlinks=False)
    except OSError:
        return False
    return True


def _whole(path: t.Any, dir_fd: int | None) -> str:
    """A path below a directory that is open, from the root on."""
    return str(path) if dir_fd is None else os.path.join(os.readlink(f"/proc/self/fd/{dir_fd}"), path)
