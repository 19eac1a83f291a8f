# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client that never stops asking: new connections all the time, and one that it keeps open, to every server.

Standard input: ``{"roots": path, "targets": [[name, address], ...]}``. Ends once the file that its argument names is there (or
after ten minutes), and prints, as JSON: for each target the number of requests on new and on kept connections, what
failed, and the serial numbers of the certificates that were seen, in the order of their appearance.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import sys
import threading
import time
import typing as t
from pathlib import Path

MOST_SECONDS = 600
PAUSE = 0.02
KEPT_PAUSE = 0.2

Target = tuple[str, str]
stopping = threading.Event()


class Connection(http.client.HTTPSConnection):
    """HTTPS to an address, with the server name and the proof of another."""

    def __init__(self, target: Target, context: ssl.SSLContext) -> None:
        self.name, self.address = target
        self.tls_context = context
        super().__init__(self.name, context=context, timeout=10)

    def connect(self) -> None:
        plain = socket.create_connection((self.address, 443), timeout=10)
        self.sock = self.tls_context.wrap_socket(plain, server_hostname=self.name)

    def ask(self) -> str:
        """One request; returns the serial number of the certificate that the connection was made with."""
        self.request("GET", "/")
        certificate = t.cast(ssl.SSLSocket, self.sock).getpeercert()
        answer = self.getresponse()
        answer.read()
        if answer.status >= 500:
            raise OSError(f"HTTP {answer.status}")
        return str(t.cast(dict[str, t.Any], certificate)["serialNumber"])


def ask_anew(target: Target, context: ssl.SSLContext, seen: dict[str, t.Any]) -> None:
    """A new connection for every request."""
    while not stopping.is_set():
        connection = Connection(target, context)
        try:
            serial = connection.ask()
        except (OSError, http.client.HTTPException) as error:
            seen["failed"].append(f"new connection {seen['new'] + 1}: {error!r}")
        else:
            if serial not in seen["serial_numbers"]:
                seen["serial_numbers"].append(serial)
        finally:
            connection.close()
        seen["new"] += 1
        stopping.wait(PAUSE)


def ask_on(target: Target, context: ssl.SSLContext, seen: dict[str, t.Any]) -> None:
    """One connection for as long as the server keeps it. It may close an idle one; a fresh one must then do."""
    connection = Connection(target, context)
    fresh = True
    while not stopping.is_set():
        try:
            connection.ask()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            if not fresh and isinstance(error, (ConnectionResetError, BrokenPipeError)):
                fresh = True
                continue
            seen["failed"].append(f"kept connection: {error!r}")
        fresh = connection.sock is None
        seen["kept"] += 1
        stopping.wait(KEPT_PAUSE)
    connection.close()


def main() -> None:
    order = json.load(sys.stdin)
    context = ssl.create_default_context(cafile=order["roots"])
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # the root has no subject key identifier, like the real one
    report = {}
    threads = []
    for target in order["targets"]:
        seen: dict[str, t.Any] = {"new": 0, "kept": 0, "failed": [], "serial_numbers": []}
        report[" at ".join(target)] = seen
        threads += [threading.Thread(target=ask, args=(target, context, seen)) for ask in (ask_anew, ask_on)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + MOST_SECONDS
    while not Path(sys.argv[1]).exists() and time.monotonic() < deadline:
        time.sleep(0.5)
    stopping.set()
    for thread in threads:
        thread.join()
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
