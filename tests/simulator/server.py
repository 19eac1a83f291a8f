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

from .authority import Authority
from .office import Office
from .portal import Portal
from .responder import responder
from .settings import Files, Settings
from .wire import Server


class Service:
    """The running servers of one directory; its addresses stay the same from one start to the next where they can."""

    def __init__(self, directory: Path, **changes: t.Any) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.files = Files(directory)
        self.office = Office(self.files)
        self._servers: list[Server] = []
        self._stopped = threading.Event()
        settings = self._with_ports(changes)
        Authority.create(self.files, self.office.http_url)
        self._servers = [
            Server(settings.host, settings.port, Portal(self.office), self._context(settings)),
            Server(settings.host, settings.http_port, responder(self.office)),
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
