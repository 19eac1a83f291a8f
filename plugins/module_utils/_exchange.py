# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exchanges with servers that end in time as a whole.

A socket's own timeout is for one read, and starts anew with each byte that drips in. So whoever waits for an exchange ends it from
another thread: its connection is cut, and no other is used for it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import typing as t

Result = t.TypeVar("Result")


class EndedError(OSError):
    """The exchange was ended; nothing may be sent for it any more."""


class OverdueError(Exception):
    """The exchange took longer than it may."""


class Exchange:
    """What one thread does with a server, and another may end at any moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended = False
        self._handle: socket.socket | None = None  # of the connection's socket, to cut it by

    def hold(self, connection: t.Any) -> None:
        """Takes a handle of the socket that is going to be used, in place of the one before.

        :raises EndedError: the exchange was ended.
        """
        with self._lock:
            self._stop_if_ended()
            self._let_go()
            self._handle = socket.socket(fileno=os.dup(connection.fileno()))

    def check(self) -> None:
        """To be called before anything is sent.

        :raises EndedError: the exchange was ended.
        """
        with self._lock:
            self._stop_if_ended()

    @property
    def is_over(self) -> bool:
        """Whether it was ended, or has finished."""
        with self._lock:
            return self._ended

    def finish(self) -> None:
        """All is said; the connection stays as it is."""
        with self._lock:
            self._ended = True
            self._let_go()

    def end(self) -> None:
        """Cuts the connection, if the exchange has not finished. Nothing is sent from then on."""
        with self._lock:
            self._ended = True
            if self._handle is not None:
                with contextlib.suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)  # wakes up who waits for it
            self._let_go()

    def _stop_if_ended(self) -> None:
        if self._ended:
            raise EndedError("the exchange was ended")

    def _let_go(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


def within(seconds: float, exchange: Exchange, work: t.Callable[[], Result], name: str) -> Result:
    """What the work returns or raises, name resolution and slow answers included.

    :param name: of the thread that it is done in.
    :raises OverdueError: it took longer; the exchange has ended.
    """
    outcome: list[tuple[t.Any, Exception | None]] = []

    def run() -> None:
        try:
            result: tuple[t.Any, Exception | None] = (work(), None)
        except Exception as exc:
            result = (None, exc)
        exchange.finish()
        outcome.append(result)

    worker = threading.Thread(target=run, name=name, daemon=True)
    worker.start()
    try:
        worker.join(seconds)
    finally:
        exchange.end()
    if not outcome:
        raise OverdueError
    value, error = outcome[0]
    if error is not None:
        raise error
    return t.cast(Result, value)
