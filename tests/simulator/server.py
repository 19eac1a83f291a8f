# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two servers of a simulator: the portal over TLS, and plain HTTP for what certificates point to."""

from __future__ import annotations

import json
import os
import socket
import ssl
import threading
import typing as t
from pathlib import Path

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from .authority import Authority
from .office import Office
from .portal import Portal
from .responder import responder
from .settings import Files, Settings

_IDLE = 60  # seconds a connection may keep a thread


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE

    def log(self, type: str, message: str, *args: t.Any) -> None:
        """Requests are kept in the state; only errors are worth a line."""
        if type == "error":
            super().log(type, message, *args)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: see :meth:`log`."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, host: str, port: int, app: t.Any, context: ssl.SSLContext | None = None) -> None:
        super().__init__(host, port, app, _Handler)
        self.ssl_context = context

    def finish_request(self, request: t.Any, client_address: t.Any) -> None:
        """The handshake belongs to the connection's own thread: one that never comes must not hold up the others."""
        if self.ssl_context is None:
            return super().finish_request(request, client_address)
        request.settimeout(_IDLE)
        try:
            connection = self.ssl_context.wrap_socket(request, server_side=True)
        except OSError:
            return None
        with connection:
            super().finish_request(connection, client_address)

    def handle_error(self, request: t.Any, client_address: t.Any) -> None:
        """A connection that breaks is the client's affair."""


class Service:
    """The running servers of one directory; its addresses stay the same from one start to the next where they can."""

    def __init__(self, directory: Path, **changes: t.Any) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.files = Files(directory)
        self.office = Office(self.files)
        self._servers: list[_Server] = []
        self._stopped = threading.Event()
        settings = self._with_ports(changes)
        Authority.create(self.files, self.office.http_url)
        self._servers = [
            _Server(settings.host, settings.port, Portal(self.office), self._context(settings)),
            _Server(settings.host, settings.http_port, responder(self.office)),
        ]

    def _with_ports(self, changes: dict[str, t.Any]) -> Settings:
        before = self.office.settings
        settings = before.changed(**changes)
        for name in ("port", "http_port"):
            wanted = getattr(settings, name)
            if wanted == 0 or name not in changes or changes[name] == 0:
                wanted = _free_port(settings.host, getattr(before, name))
            changes[name] = wanted
        return self.office.configure(**changes)

    def _context(self, settings: Settings) -> ssl.SSLContext:
        names = (f"DNS:{settings.name}", "DNS:localhost", "IP:127.0.0.1", "IP:::1")
        if settings.host not in ("127.0.0.1", "::1", "0.0.0.0", "::"):
            names += (f"IP:{settings.host}",)
        issuer = "issuing" if settings.portal_issuer == "public" else "portal"
        certificate, key = self.office.authority.portal_identity(tuple(dict.fromkeys(names)), issuer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context

    @property
    def addresses(self) -> dict[str, t.Any]:
        settings = self.office.settings
        public = settings.portal_issuer == "public"
        return {
            "url": f"https://{settings.name}:{settings.port}/",
            "http_url": self.office.http_url,
            "portal_ca": str(self.files.authorities / "root.pem" if public else self.files.portal_ca),
            "roots": str(self.files.roots),
            "pid": os.getpid(),
        }

    def start(self) -> None:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        threading.Thread(target=self._clock, daemon=True).start()
        temporary = self.files.endpoint.with_suffix(".new")
        temporary.write_text(json.dumps(self.addresses))
        temporary.replace(self.files.endpoint)

    def stop(self) -> None:
        self._stopped.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self.files.endpoint.unlink(missing_ok=True)
        self.office.store.close()

    def _clock(self) -> None:
        while not self._stopped.wait(0.1):
            self.office.approve_due()
        self.office.store.close()


def _free_port(host: str, preferred: int) -> int:
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return t.cast(int, probe.getsockname()[1])
    raise OSError(f"no free port on {host}")
