# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP/1.1 over TCP or TLS for a WSGI application, a thread per connection.

Unlike the servers that frameworks bring, it keeps connections open, does the TLS handshake in the connection's own thread, and can
lose an answer: the application marks the request's environment (:func:`lose`).
"""

from __future__ import annotations

import contextlib
import http.server
import io
import socket
import socketserver
import ssl
import struct
import sys
import threading
import traceback
import typing as t
import urllib.parse

from werkzeug.wrappers import Response

_IDLE = 60  # seconds a connection may keep a thread
_MARK = "simulator.lost"

Environment = dict[str, t.Any]
Loss = t.Literal["all", "half", "reset"]


def lose(environment: Environment, loss: Loss) -> None:
    """The answer to this request gets lost: ``all`` of it, its second ``half``, or all with a connection reset."""
    environment[_MARK].append(loss)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        losses: list[Loss] = []
        response = Response.from_app(self.server.app, {**self._environment(), _MARK: losses})
        try:
            self._answer(response, losses[0] if losses else None)
        finally:
            response.close()

    do_POST = do_HEAD = do_GET

    def _answer(self, response: Response, loss: Loss | None) -> None:
        if loss in ("all", "reset"):
            self.close_connection = True
            if loss == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        self.send_response_only(response.status_code)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if loss == "half" or "Content-Length" not in response.headers:
            self.close_connection = True
        self.end_headers()
        if loss == "half":
            content = response.get_data()
            self.wfile.write(content[: len(content) // 2])
        elif self.command != "HEAD":
            for part in response.response:
                self.wfile.write(t.cast(bytes, part))

    def _environment(self) -> Environment:
        """PEP 3333. The body is read whole, so that the next request begins after it."""
        path, _mark, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        environment: Environment = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": urllib.parse.unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": self.server.server_address[0],
            "SERVER_PORT": str(self.server.port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http" if self.server.context is None else "https",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            environment["HTTP_" + name.upper().replace("-", "_")] = value
        return environment

    def log_message(self, format: str, *args: t.Any) -> None:
        """Nothing: requests are kept in the state."""


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, host: str, port: int, thread_ends: t.Callable[[], None]) -> None:
        """Listens from here on, answers from :meth:`serve` on; ``thread_ends`` is called in a connection's thread, last."""
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._connections: set[socket.socket] = set()  # first, since a port that is taken closes the server in here
        super().__init__((host, port), Handler)
        self.port: int = self.server_address[1]
        self.app: t.Any = None
        self.context: ssl.SSLContext | None = None
        self._thread_ends = thread_ends

    def serve(self, app: t.Any, context: ssl.SSLContext | None = None) -> None:
        """Starts to answer, over TLS if there is a ``context``."""
        self.app, self.context = app, context
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def finish_request(self, request: t.Any, client_address: t.Any) -> None:
        """Runs in the connection's thread, so a handshake that never comes holds up nobody else."""
        request.settimeout(_IDLE)
        if self.context is not None:
            request = self.context.wrap_socket(request, server_side=True)
        with request:
            self._connections.add(request)
            try:
                super().finish_request(request, client_address)
            finally:
                self._connections.discard(request)
                self._thread_ends()

    def server_close(self) -> None:
        """Ends the connections that are open, too."""
        super().server_close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: t.Any, client_address: t.Any) -> None:
        """A connection that breaks is the client's affair; anything else is a fault of ours."""
        if not isinstance(sys.exc_info()[1], OSError):
            traceback.print_exc()
