# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Serves the https bindings of a host on its loopback address, so that a client's proof is a real handshake."""

from __future__ import annotations

import os
import socket
import socketserver
import ssl
import tempfile
import threading
import typing as t
from pathlib import Path

from .errors import ModuleFailure
from .host import Host

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nIIS"


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, host: Host, port: int) -> None:
        self.host = host
        super().__init__((host.address, port), _Connection)


class _Connection(socketserver.BaseRequestHandler):
    server: _Listener

    def handle(self) -> None:
        self.request.settimeout(30)
        try:
            with self._context().wrap_socket(self.request, server_side=True) as tls:
                if tls.recv(65536):
                    tls.sendall(_ANSWER)
        except OSError:
            pass  # the peer hung up, or we refused the handshake; neither is of interest here

    def _context(self) -> ssl.SSLContext:
        """A context that picks its certificate when the client has told which server it wants."""
        port = self.server.server_address[1]

        def pick(tls: t.Any, server_name: str | None, _: ssl.SSLContext) -> int | None:
            served = self.server.host.served(port, server_name)
            if served is None:
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            leaf, chain = served
            tls.context = _with_certificate("".join([leaf.private_key or "", leaf.pem, *chain]))
            return None

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = pick
        return context


def _with_certificate(pem: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    descriptor, path = tempfile.mkstemp(suffix=".pem")  # OpenSSL reads keys from files only
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(pem)
        context.load_cert_chain(path)
    finally:
        Path(path).unlink()
    return context


class Frontend:
    """The listeners of one host; :meth:`follow` makes them what its started sites want."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._listeners: dict[int, _Listener] = {}

    def follow(self) -> None:
        wanted = self.host.iis.listening_ports()
        for port in self._listeners.keys() - wanted:
            self._stop(port)
        for port in wanted - self._listeners.keys():
            try:
                listener = _Listener(self.host, port)
            except OSError as error:
                raise ModuleFailure(f"http.sys cannot listen on {self.host.address}:{port}: {error}") from error
            threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            self._listeners[port] = listener

    def close(self) -> None:
        for port in list(self._listeners):
            self._stop(port)

    def _stop(self, port: int) -> None:
        listener = self._listeners.pop(port)
        listener.shutdown()
        listener.server_close()


def free_port(address: str) -> int:
    """A port nobody listens on just now."""
    with socket.create_server((address, 0)) as server:
        return int(server.getsockname()[1])
