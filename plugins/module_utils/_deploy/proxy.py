# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a load balancer says first to a server that awaits the PROXY protocol (haproxy.org, proxy-protocol.txt, versions 1 and 2)."""

from __future__ import annotations

import contextlib
import ipaddress
import selectors
import socket
import struct
import threading
import typing as t

#: The versions of the protocol.
VERSIONS = ("v1", "v2")
#: The option of modules: one of these, or that the server awaits none.
OPTION: dict[str, t.Any] = {"type": "str", "choices": ["none", *VERSIONS], "default": "none"}

_SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
_PROXY = 0x21
_OVER = {4: 0x11, 6: 0x21}  # TCP over IPv4, over IPv6
_CHUNK = 1 << 16


def chosen(option: str) -> str | None:
    """The version that :data:`OPTION` names; ``None``: the server awaits none."""
    return None if option == "none" else option


def announce(connection: socket.socket, version: str) -> None:
    """Say who connects, before anything else: this end, as it is.

    :param version: one of :data:`VERSIONS`.
    :raises OSError: the connection breaks.
    """
    here, there = connection.getsockname(), connection.getpeername()
    # The zone of a link-local address is no part of the protocol.
    source, target = (ipaddress.ip_address(end[0].partition("%")[0]) for end in (here, there))
    if version == "v1":
        header = f"PROXY TCP{source.version} {source} {target} {here[1]} {there[1]}\r\n".encode("ascii")
    else:
        ends = source.packed + target.packed + struct.pack("!HH", here[1], there[1])
        header = _SIGNATURE + struct.pack("!BBH", _PROXY, _OVER[source.version], len(ends)) + ends
    connection.sendall(header)


@contextlib.contextmanager
def relay(host: str, port: int, version: str, timeout: float) -> t.Iterator[int]:
    """A port of 127.0.0.1 for a program that cannot say it itself. Its first connection is passed on to the server."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(timeout)
        thread = threading.Thread(target=_pass_on, args=(listener, (host, port), version, timeout), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(timeout)


def _pass_on(listener: socket.socket, server: tuple[str, int], version: str, timeout: float) -> None:
    with contextlib.suppress(OSError), listener.accept()[0] as near, socket.create_connection(server, timeout) as far:
        announce(far, version)
        with selectors.DefaultSelector() as selector:
            selector.register(near, selectors.EVENT_READ, far)
            selector.register(far, selectors.EVENT_READ, near)
            while ready := selector.select(timeout):
                for key, _events in ready:
                    data = t.cast(socket.socket, key.fileobj).recv(_CHUNK)
                    if not data:
                        return
                    key.data.sendall(data)
