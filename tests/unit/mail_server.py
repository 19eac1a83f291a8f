# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mail server on a free port that talks by a script, then begins TLS."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time

SMTP = [b"220-mail.example.com.tw\r\n220 ready\r\n", b"EHLO", b"250-mail\r\n250-SIZE 1000\r\n250 STARTTLS\r\n"]
SCRIPTS = {
    "smtp": [*SMTP, b"STARTTLS", b"220 go ahead\r\n"],
    "imap": [b"* OK [CAPABILITY IMAP4rev1] hello\r\n", b"STARTTLS", b"* note\r\nTAG OK begin\r\n"],
    "pop3": [b"+OK hello\r\n", b"STLS", b"+OK begin\r\n"],
}


class MailServer:
    """A script has what is said and what is awaited by turns. What is said may be many pieces, each after a pause."""

    def __init__(self, script, files=None, pause=0.01):
        self.script, self.pause, self.heard = script, pause, []
        self._context = None
        if files:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(files / "fullchain.pem", files / "privkey.pem")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
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
            with connection, contextlib.suppress(OSError):
                connection.settimeout(10)
                self._talk(connection)

    def _talk(self, connection):
        # Unbuffered, so that no byte of the handshake is taken away from TLS.
        with connection.makefile("rb", buffering=0) as lines:
            tag = b""
            for turn, words in enumerate(self.script):
                if turn % 2:
                    heard = lines.readline()
                    if b" CAPABILITY" in heard:
                        connection.sendall(b"* CAPABILITY STARTTLS\r\n" + heard.split()[0] + b" OK\r\n")
                        heard = lines.readline()
                    assert words in heard
                    tag = heard.split()[0]
                    self.heard.append(heard)
                elif isinstance(words, bytes):
                    connection.sendall(words.replace(b"TAG", tag))
                else:
                    for piece in words:
                        connection.sendall(piece)
                        time.sleep(self.pause)
        if self._context:
            self._context.wrap_socket(connection, server_side=True).close()
