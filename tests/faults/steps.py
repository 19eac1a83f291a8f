# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The durable steps of a run, watched from outside: what changes the disk, a lock, a request sent, an answer read.

Every change of the disk goes through the ``os`` of ``_store/atomic.py`` and ``_store/locks.py``, and every request through
``Session._exchange``; these three are replaced in the child. A write is made in two halves, so that a run can die with a
file half written.
"""

from __future__ import annotations

import json
import os
import signal
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
        self._count += 1
        if self._count == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

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
    """``os``, with steps counted and noted."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._halved: set[int] = set()  # descriptors whose next write is the second half

    def __getattr__(self, name: str) -> t.Any:
        return getattr(os, name)

    def open(self, path: t.Any, flags: int, mode: int = 0o777) -> int:
        creating = flags & os.O_CREAT and not os.path.lexists(path)
        if not creating:
            return os.open(path, flags, mode)
        self._steps.reach()
        descriptor = os.open(path, flags, mode)
        self._note("create", path, inode=os.fstat(descriptor).st_ino, mode=mode)
        return descriptor

    def write(self, descriptor: int, data: t.Any) -> int:
        self._steps.reach()
        if descriptor not in self._halved and len(data) > 1:
            self._halved.add(descriptor)
            data = data[: len(data) // 2]
        else:
            self._halved.discard(descriptor)
        count = os.write(descriptor, data)
        self._steps.note("write", inode=os.fstat(descriptor).st_ino, data=bytes(data[:count]).hex())
        return count

    def fsync(self, descriptor: int) -> None:
        self._steps.reach()
        os.fsync(descriptor)
        self._steps.note("fsync", inode=os.fstat(descriptor).st_ino)

    def rename(self, source: t.Any, target: t.Any) -> None:
        self._steps.reach()
        os.rename(source, target)
        self._note("rename", source, target=str(target))

    def symlink(self, target: str, path: t.Any) -> None:
        self._steps.reach()
        os.symlink(target, path)
        self._note("symlink", path, target=target, inode=os.lstat(path).st_ino)

    def unlink(self, path: t.Any) -> None:
        self._steps.reach()
        os.unlink(path)
        self._note("remove", path)

    def mkdir(self, path: t.Any, mode: int = 0o777) -> None:
        self._steps.reach()
        os.mkdir(path, mode)
        self._note("mkdir", path, inode=os.stat(path).st_ino, mode=mode)

    def rmdir(self, path: t.Any) -> None:
        self._steps.reach()
        os.rmdir(path)
        self._note("remove", path)

    def chmod(self, place: t.Any, mode: int) -> None:
        self._steps.reach()
        os.chmod(place, mode)
        self._steps.note("chmod", inode=os.stat(place).st_ino, mode=mode)

    def _note(self, operation: str, path: t.Any, **what: t.Any) -> None:
        self._steps.note(operation, path=str(path), **what)
