# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two servers of a simulator: the portal over TLS, and plain HTTP for what certificates point to."""

from __future__ import annotations

import json
import os
import ssl
import threading
import typing as t
from pathlib import Path

from .authority import Authority
from .office import Office
from .portal import Portal
from .responder import responder
from .settings import Files
from .wire import Server


class Service:
    """The running servers of one directory; its addresses stay the same from one start to the next where they can."""

    def __init__(self, directory: Path, **changes: t.Any) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.files = Files(directory)
        self.office = Office(self.files)
        self._stopped = threading.Event()
        before = self.office.settings
        host = before.changed(**changes).host
        self._tls = self._listen(host, changes.get("port"), before.port)
        self._plain = self._listen(host, changes.get("http_port"), before.http_port)
        ports = {"port": self._tls.port, "http_port": self._plain.port}
        self.office.configure(**{**changes, **ports})
        Authority.create(self.files, self.office.http_url)

    def _listen(self, host: str, wanted: int | None, before: int) -> Server:
        """On the port that is wanted, or else on that of last time, or else on any."""
        if wanted:
            return Server(host, wanted, self.office.store.close)
        try:
            return Server(host, before, self.office.store.close)
        except OSError:
            return Server(host, 0, self.office.store.close)

    def _context(self) -> ssl.SSLContext:
        settings = self.office.settings
        names = [f"DNS:{settings.name}", "DNS:localhost", "IP:127.0.0.1", "IP:::1"]
        if settings.host not in ("0.0.0.0", "::"):
            names.append(f"IP:{settings.host}")
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
        self._tls.serve(Portal(self.office), self._context())
        self._plain.serve(responder(self.office))
        threading.Thread(target=self._clock, daemon=True).start()
        temporary = self.files.endpoint.with_suffix(".new")
        temporary.write_text(json.dumps(self.addresses))
        temporary.replace(self.files.endpoint)

    def stop(self) -> None:
        self._stopped.set()
        for server in (self._tls, self._plain):
            server.shutdown()
            server.server_close()
        self.files.endpoint.unlink(missing_ok=True)
        self.office.store.close()

    def _clock(self) -> None:
        while not self._stopped.wait(0.1):
            self.office.approve_due()
        self.office.store.close()
