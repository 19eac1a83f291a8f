# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may stand between a client and the portal: a proxy that is slow to connect, a way on which a TLS handshake is slow.

A front is a process of its own. One of its connections takes its time before it stands; all others are passed on at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import struct
import threading
import time
import typing as t
from pathlib import Path

_CHUNK = 65536
_DRIP = 0.3  # seconds between two bytes of the proxy's answer
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_APPLICATION_DATA = 23  # TLS record type
_HANDSHAKE_ENDS = 100  # bytes of a record: a client's last word of the handshake, and its alerts, are shorter


class Front:
    """Listens within ``with``.

    :param target: the portal's host and port.
    :param slow: the connection that takes its time, from 1.
    :param seconds: how long.
    :param proxy: be a proxy that answers CONNECT slowly; else pass on everything, the portal's part of the handshake late.
    :param log: where it writes what it saw.
    """

    def __init__(self, target: tuple[str, int], slow: int, seconds: float, *, proxy: bool, log: Path) -> None:
        self._target = target
        self._slow = slow
        self._seconds = seconds
        self._proxy = proxy
        self._log = log

    def __enter__(self) -> Front:
        self._log.write_bytes(b"")
        listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = listening.getsockname()[1]
        self._process = os.fork()
        if self._process == 0:
            try:
                self._serve(listening)
            finally:
                os._exit(1)
        listening.close()
        return self

    def __exit__(self, *_exception: object) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)

    @property
    def connections(self) -> int:
        """How many there were."""
        return sum(what == "connection" for what, _number, _moment in self._seen())

    @property
    def requests(self) -> list[float]:
        """When a client sent something over the slow connection, after the handshake; on the clock of ``time.monotonic``."""
        return [moment for what, number, moment in self._seen() if what == "request" and number == self._slow]

    def _seen(self) -> list[tuple[str, int, float]]:
        return [tuple(json.loads(line)) for line in self._log.read_text().splitlines()]

    # -- in its own process --------------------------------------------------------------------------------------

    def _serve(self, listening: socket.socket) -> t.NoReturn:
        self._notes = os.open(self._log, os.O_WRONLY | os.O_APPEND)
        number = 0
        while True:
            client, _address = listening.accept()
            number += 1
            self._note("connection", number)
            threading.Thread(target=self._pass_on, args=(client, number), daemon=True).start()

    def _note(self, what: str, number: int) -> None:
        os.write(self._notes, (json.dumps([what, number, time.monotonic()]) + "\n").encode())

    def _pass_on(self, client: socket.socket, number: int) -> None:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with client, contextlib.suppress(OSError), socket.create_connection(self._target) as portal:
            wait = self._seconds if number == self._slow else 0.0
            if self._proxy:
                while b"\r\n\r\n" not in client.recv(_CHUNK):
                    pass
                self._establish(client, wait)
                wait = 0.0
            back = threading.Thread(target=self._copy, args=(portal, client, wait), daemon=True)
            back.start()
            self._copy(client, portal, 0.0, _Records(lambda: self._note("request", number)))
            back.join()

    @staticmethod
    def _establish(client: socket.socket, wait: float) -> None:
        """Byte by byte, so that no single one is late."""
        end, rest = time.monotonic() + wait, _ESTABLISHED
        while time.monotonic() < end and len(rest) > 1:
            client.sendall(rest[:1])
            rest = rest[1:]
            time.sleep(min(_DRIP, max(0.0, end - time.monotonic())))
        client.sendall(rest)

    @staticmethod
    def _copy(source: socket.socket, target: socket.socket, wait: float, records: _Records | None = None) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_CHUNK):
                time.sleep(wait)
                wait = 0.0
                if records is not None:
                    records.take(data)
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class _Records:
    """Tells by their heads which TLS records of a client are more than its handshake."""

    def __init__(self, tell: t.Callable[[], None]) -> None:
        self._tell = tell
        self._rest = b""

    def take(self, data: bytes) -> None:
        self._rest += data
        while len(self._rest) >= 5:
            kind, _version, length = struct.unpack(">BHH", self._rest[:5])
            if len(self._rest) < 5 + length:
                return
            self._rest = self._rest[5 + length :]
            if kind == _APPLICATION_DATA and length > _HANDSHAKE_ENDS:
                self._tell()
