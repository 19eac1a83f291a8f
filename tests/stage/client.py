# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at a server as a client does that trusts the root alone."""

from __future__ import annotations

import _ssl
import socket
import ssl
import sys
import threading
import time
import typing as t
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

_PAUSE = 0.01  # seconds, so that the visitor leaves the processor to the visited


def trusting(roots: str | Path) -> ssl.SSLContext:
    """A client's context that trusts these roots and no others."""
    context = ssl.create_default_context(cafile=str(roots))
    # The real TWCA Global Root has no subject key identifier, which this flag (on since Python 3.13) asks for.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def connect(port: int, name: str, context: ssl.SSLContext) -> ssl.SSLSocket:
    """A verified TLS connection to this machine's port, asking for ``name``."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    try:
        return context.wrap_socket(connection, server_hostname=name)
    except BaseException:
        connection.close()
        raise


def chain(port: int, name: str, roots: str | Path) -> list[x509.Certificate]:
    """What the server sends, its own certificate first; ssl.SSLError where it does not lead to the roots."""
    with connect(port, name, trusting(roots)) as connection:
        if sys.version_info >= (3, 13):
            sent = connection.get_unverified_chain()
        else:
            sent = [part.public_bytes(_ssl.ENCODING_DER) for part in connection._sslobj.get_unverified_chain()]  # type: ignore[attr-defined]
    return [x509.load_der_x509_certificate(der) for der in sent]


def fingerprint(leaf: x509.Certificate) -> str:
    """SHA-256, as browsers show it."""
    return leaf.fingerprint(hashes.SHA256()).hex(":").upper()


class Visitor:
    """Asks the server again and again, each time over a new verified connection, until the ``with`` ends."""

    def __init__(self, port: int, name: str, roots: str | Path) -> None:
        self.requests = 0
        self.failures: list[str] = []
        self.serial_numbers: list[int] = []  # in the order in which they were first seen
        self._where = (port, name, trusting(roots))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._visit, daemon=True)

    def _visit(self) -> None:
        while not self._stop.is_set():
            self.requests += 1
            time.sleep(_PAUSE)
            try:
                self._ask()
            except (OSError, ValueError) as error:
                self.failures.append(str(error))

    def _ask(self) -> None:
        port, name, context = self._where
        with connect(port, name, context) as connection:
            leaf = x509.load_der_x509_certificate(t.cast(bytes, connection.getpeercert(binary_form=True)))
            connection.sendall(f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
        if not answer.startswith(b"HTTP/1.1 20"):
            raise ValueError(f"answered {answer[:40]!r}")
        if leaf.serial_number not in self.serial_numbers:
            self.serial_numbers.append(leaf.serial_number)

    def __enter__(self) -> Visitor:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stop.set()
        self._thread.join()
