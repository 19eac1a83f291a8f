# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small files from the web, such as revocation lists. What they say is signed, so plain HTTP will do.

Their addresses come from certificates, which anybody can mail: so nothing within the own network is asked, whatever name leads there.
"""

from __future__ import annotations

import http.client
import ipaddress
import os
import socket
import typing as t
import urllib.error
import urllib.request

from .._addresses import NOWHERE, origin
from .._errors import TwcaError
from .._exchange import Exchange, OverdueError, within

TIMEOUT = 20.0
"""Seconds for all of it, name resolution and redirects included."""
MAX_BYTES = 16 * 1024 * 1024
ALLOWED = "TWCA_ALLOW_PRIVATE_ADDRESSES"
"""The environment variable by which an operator lets private addresses be asked."""

_CHUNK = 64 * 1024
_MAX_REDIRECTS = 4
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_OVERDUE = "no answer within {:g} seconds"


def fetch(url: str, body: bytes | None = None, content_type: str = "") -> bytes:
    """Get ``url``, or post ``body`` to it. Proxies come from the environment.

    :raises TwcaError: it is no web address, or one of a private network; nothing usable came within :data:`TIMEOUT` seconds, or more
        than :data:`MAX_BYTES`.
    """
    exchange = _Exchange()
    try:
        return within(TIMEOUT, exchange, lambda: exchange.run(url, body, content_type), "twca fetch")
    except OverdueError:
        raise TwcaError(_OVERDUE.format(TIMEOUT)) from None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet's, and not of a private network, this host or a link."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class _Exchange(Exchange):
    """One file, over as many redirects as it takes."""

    def __init__(self) -> None:
        super().__init__()
        self._may_be_private = os.environ.get(ALLOWED, "").strip().lower() in ("1", "true", "yes", "on")

    def run(self, url: str, body: bytes | None, content_type: str) -> bytes:
        opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(),
            _Plain(self),
            _Encrypted(self),
            _Redirects(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
        ):
            opener.add_handler(handler)
        data = bytearray()
        try:
            request = urllib.request.Request(_checked(url), body, {"Content-Type": content_type} if body else {})  # noqa: S310 - checked
            with opener.open(request, timeout=TIMEOUT) as answer:
                while chunk := answer.read(_CHUNK):
                    data += chunk
                    if len(data) > MAX_BYTES:
                        raise TwcaError(f"the answer is larger than {MAX_BYTES} bytes")
        except urllib.error.HTTPError as error:
            error.close()
            raise TwcaError(f"the server answered with status {error.code}") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            # One wait of the socket may take as long as the whole exchange, and end just before it.
            if isinstance(reason, TimeoutError):
                raise TwcaError(_OVERDUE.format(TIMEOUT)) from None
            raise TwcaError(f"no answer ({reason})") from None
        return bytes(data)

    def connect(self, place: tuple[str, int], timeout: float, *_source: t.Any) -> socket.socket:
        """Connects to one of the host's addresses, of those that may be asked: what is checked is what is connected to."""
        found = socket.getaddrinfo(*place, type=socket.SOCK_STREAM)
        allowed = [one for one in found if self._allows(str(one[4][0]))]
        if not allowed:
            raise _refused(place[0])
        problem: OSError | None = None
        for family, kind, protocol, _name, address in allowed:
            connection = socket.socket(family, kind, protocol)
            try:
                self.hold(connection)
                connection.settimeout(timeout)
                connection.connect(address)
            except OSError as error:
                connection.close()
                problem = error
                continue
            self._note(str(address[0]))
            return connection
        raise problem or OSError("no address")

    def connect_to_proxy(self, place: tuple[str, int], timeout: float, *_source: t.Any) -> socket.socket:
        """Connects to the operator's proxy, which may be anywhere."""
        connection = socket.create_connection(place, timeout)
        try:
            self.hold(connection)
        except OSError:
            connection.close()
            raise
        return connection

    def check_behind_proxy(self, host: str) -> None:
        """What a proxy resolves cannot be seen; what says itself that it is private is refused."""
        if host.rpartition(".")[2] == "localhost":
            private = True
        else:
            try:
                private = not is_public(host)
            except ValueError:
                private = (
                    host.rstrip(".").rpartition(".")[2][:1].isdigit()
                )  # 127.1, 0x7f.1: some programs read these as addresses
        if private and not self._may_be_private:
            raise _refused(host)
        if not private:
            self._may_be_private = False

    def _allows(self, address: str) -> bool:
        return self._may_be_private or is_public(address)

    def _note(self, address: str) -> None:
        """Nothing on the internet may lead into the private network."""
        if is_public(address):
            self._may_be_private = False


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, exchange: _Exchange) -> None:
        super().__init__()
        self._exchange = exchange

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_watched(self._exchange, http.client.HTTPConnection, req), req)


class _Encrypted(urllib.request.HTTPSHandler):
    def __init__(self, exchange: _Exchange) -> None:
        super().__init__()
        self._exchange = exchange

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_watched(self._exchange, http.client.HTTPSConnection, req), req)


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = _MAX_REDIRECTS

    def redirect_request(
        self, req: urllib.request.Request, fp: t.Any, code: int, msg: str, headers: t.Any, newurl: str
    ) -> urllib.request.Request | None:
        return super().redirect_request(req, fp, code, msg, headers, _checked(newurl))


def _watched(exchange: _Exchange, kind: t.Any, request: urllib.request.Request) -> t.Any:
    """Makes the connections of a request."""
    target = origin(request.full_url)[1]
    by_proxy = request.has_proxy() or bool(getattr(request, "_tunnel_host", None))

    def make(host: str, **options: t.Any) -> t.Any:
        connection = kind(host, **options)
        if by_proxy:
            exchange.check_behind_proxy(target)
        connection._create_connection = exchange.connect_to_proxy if by_proxy else exchange.connect
        return connection

    return make


def _checked(url: str) -> str:
    if origin(url) == NOWHERE:
        raise TwcaError("not a web address")
    return url


def _refused(host: str) -> TwcaError:
    return TwcaError(
        f"{host} is an address of a private network, which certificates may not name; {ALLOWED}=true allows it"
    )
