# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A TLS server on a free port that takes up new files when it is told to, as web servers do on a reload."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading


class TlsServer:
    """Serves ``fullchain.pem`` and ``privkey.pem`` of a directory; ``reload`` is the command that makes it read them anew."""

    def __init__(self, files, flag):
        self.files, self.flag = files, flag
        self.reload = ["touch", str(flag)]
        self.names = []
        self._context = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def load(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.files / "fullchain.pem", self.files / "privkey.pem")
        context.sni_callback = lambda _connection, name, _context: self.names.append(name)
        self._context = context

    def close(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self):
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            with connection:
                if self.flag.exists():
                    self.flag.unlink()
                    self.load()
                connection.settimeout(10)
                # Without a certificate there is no TLS, as on a server that was never configured.
                with contextlib.suppress(OSError):
                    if self._context:
                        self._context.wrap_socket(connection, server_side=True).close()
