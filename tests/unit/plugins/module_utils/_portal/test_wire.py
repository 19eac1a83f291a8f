# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was given up is never sent, and nothing is sent elsewhere: real sockets that are slow where it hurts."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import select
import socket
import ssl
import threading
import typing as t
from pathlib import Path

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import (
    PortalUnknownPageError,
    PortalUnreachableError,
)
from ansible_collections.twca.ssl.plugins.module_utils._portal.session import Request, Session

POST = {"method": "POST", "body": b"csr=x" * 20, "content_type": "application/x-www-form-urlencoded"}
TIMEOUT = 0.3


class Listener:
    """Takes connections, each in a thread of its own, and keeps what came over them."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.go_on = threading.Event()
        self.done = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            self.serve(connection)
        self.done.set()

    def serve(self, connection: socket.socket) -> None:
        self.answer(connection)

    def answer(self, connection: socket.socket) -> None:
        """Reads requests and answers each, until the client closes."""
        while data := connection.recv(65536):
            self.received.append(data)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    def close(self) -> None:
        self.go_on.set()
        self._socket.close()


class Portal(Listener):
    """Over TLS."""

    def __init__(self, pem: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem)
        super().__init__()

    def serve(self, connection: socket.socket) -> None:
        with self._context.wrap_socket(connection, server_side=True) as encrypted:
            self.answer(encrypted)


class Relay(Listener):
    """Hands on what comes to the portal. Until it may go on, each byte back comes alone, so that no single read takes long.

    :param connect: as an HTTP proxy, which is asked to by ``CONNECT``.
    """

    def __init__(self, portal: int, *, connect: bool, late: bool = True) -> None:
        self._portal = portal
        self._connect = connect
        super().__init__()
        if not late:
            self.go_on.set()

    def serve(self, connection: socket.socket) -> None:
        if self._connect:
            assert connection.recv(65536).startswith(b"CONNECT ")
            self._send(connection, b"HTTP/1.1 200 Connection established\r\nNote: " + b"x" * 2000 + b"\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self._portal)) as onwards:
            ends = {connection: onwards, onwards: connection}
            while True:
                for ready in select.select(list(ends), [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    if ready is connection:
                        onwards.sendall(data)
                    else:
                        self._send(connection, data)

    def _send(self, connection: socket.socket, data: bytes) -> None:
        for index in range(len(data)):
            if self.go_on.wait(0.02):
                connection.sendall(data[index:])
                return
            connection.sendall(data[index : index + 1])


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and its own certificate, for this host."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.timezone.utc)
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "portal")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    path = tmp_path_factory.mktemp("wire") / "portal.pem"
    path.write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(encoding)
    )
    return path


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def workers() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "twca portal request"]


def wait_for_the_end(before: t.Collection[threading.Thread]) -> None:
    for one in workers():
        if one not in before:
            one.join(10)
            assert not one.is_alive(), "the thread of a request that was given up lives on"


def give_up(one: Session) -> PortalUnreachableError:
    with pytest.raises(PortalUnreachableError, match="did not answer within") as caught:
        one.send(Request(one.base_url + "order", **POST))
    return caught.value


@pytest.fixture
def portal(pem: Path) -> t.Iterator[Portal]:
    one = Portal(pem)
    yield one
    one.close()


def test_nothing_is_sent_once_a_slow_proxy_connects(portal: Portal, pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Relay(portal.port, connect=True)
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
    before = workers()
    one = Session(f"https://127.0.0.1:{portal.port}/", ca_path=str(pem), timeout=TIMEOUT)
    error = give_up(one)
    proxy.go_on.set()
    wait_for_the_end(before)
    assert proxy.done.wait(10)
    assert not error.sent
    assert not portal.received
    proxy.close()


def test_nothing_is_sent_once_a_slow_handshake_ends(portal: Portal, pem: Path) -> None:
    relay = Relay(portal.port, connect=False)
    before = workers()
    one = Session(f"https://127.0.0.1:{relay.port}/", ca_path=str(pem), timeout=TIMEOUT)
    error = give_up(one)
    relay.go_on.set()
    wait_for_the_end(before)
    assert relay.done.wait(10)
    assert not error.sent
    assert not portal.received
    relay.close()


def test_nothing_is_sent_once_a_slow_name_resolves(monkeypatch: pytest.MonkeyPatch) -> None:
    listener, resolved = Listener(), threading.Event()
    resolve = socket.getaddrinfo

    def slowly(*arguments: t.Any, **options: t.Any) -> t.Any:
        resolved.wait(20)
        return resolve(*arguments, **options)

    before = workers()
    one = Session(f"http://127.0.0.1:{listener.port}/", timeout=TIMEOUT)
    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", slowly)
        error = give_up(one)
        resolved.set()
        wait_for_the_end(before)
    assert not error.sent
    assert not listener.received
    listener.close()


def test_the_rest_is_not_sent_after_the_verdict_that_it_may_be(pem: Path) -> None:
    """The portal takes the head and no more; what it did not take by the deadline, it never gets."""
    received: list[bytes] = []

    class Full(Listener):
        def serve(self, connection: socket.socket) -> None:
            self.go_on.wait(20)
            while data := connection.recv(65536):
                received.append(data)

    listener = Full()
    before = workers()
    one = Session(f"http://127.0.0.1:{listener.port}/", timeout=TIMEOUT)
    body = b"x" * (32 * 1024 * 1024)
    with pytest.raises(PortalUnreachableError) as caught:
        one.send(Request(one.base_url, "POST", body, "text/plain"))
    wait_for_the_end(before)
    listener.go_on.set()
    assert listener.done.wait(10)
    assert caught.value.sent
    assert sum(map(len, received)) < len(body)
    listener.close()


def test_a_connection_in_use_again_is_given_up_like_a_fresh_one(pem: Path) -> None:
    class Once(Listener):
        def answer(self, connection: socket.socket) -> None:
            self.received.append(connection.recv(65536))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            self.received.append(connection.recv(65536))  # the second request, which gets no answer
            self.received.append(connection.recv(65536))

    listener = Once()
    before = workers()
    one = Session(f"http://127.0.0.1:{listener.port}/", timeout=TIMEOUT, sleep=lambda _seconds: None)
    one.send(Request(one.base_url))
    with pytest.raises(PortalUnreachableError) as caught:
        one._send_once(Request(one.base_url), None)
    wait_for_the_end(before)
    assert caught.value.sent
    assert listener.done.wait(10)
    assert [data[:3] for data in listener.received] == [b"GET", b"GET", b""], "cut off, with nothing after it"
    listener.close()


def test_a_connection_that_is_not_given_up_is_used_again() -> None:
    listener = Listener()
    one = Session(f"http://127.0.0.1:{listener.port}/")
    for _time in range(3):
        assert one.send(Request(one.base_url)).body == b"ok"
    assert not listener.done.is_set()
    one.close()
    assert listener.done.wait(10)
    assert len(listener.received) == 3
    listener.close()


def test_through_a_proxy_in_time(portal: Portal, pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Relay(portal.port, connect=True, late=False)
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
    one = Session(f"https://127.0.0.1:{portal.port}/", ca_path=str(pem))
    assert one.send(Request(one.base_url, **POST)).body == b"ok"
    assert portal.received[0].startswith(b"POST / ")
    one.close()
    proxy.close()


def test_through_a_proxy_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Listener()
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
    one = Session("http://portal.test/")
    assert one.send(Request(one.base_url, **POST)).body == b"ok"
    assert proxy.received[0].startswith(b"POST http://portal.test/ ")
    one.close()
    proxy.close()


def test_a_silent_proxy_was_sent_nothing(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Relay(portal.port, connect=True)
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
    one = Session(f"https://127.0.0.1:{portal.port}/", timeout=TIMEOUT, sleep=lambda _seconds: None)
    with pytest.raises(PortalUnreachableError) as caught:
        one.send(Request(one.base_url))
    assert not caught.value.sent
    proxy.close()


# -- never elsewhere ---------------------------------------------------------------------------------------------------


def test_the_connection_itself_refuses_another_site(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the library makes of an address, the connection is asked where it leads."""
    other = Listener()
    one = Session("http://portal.test/")
    request = one._client.request

    def elsewhere(method: str, _url: str, **options: t.Any) -> t.Any:
        return request(method, f"http://127.0.0.1:{other.port}/", **options)

    monkeypatch.setattr(one._client, "request", elsewhere)
    with pytest.raises(PortalUnknownPageError, match="nothing was sent there"):
        one.send(Request(one.base_url, **POST))
    assert not other.received
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{other.port}")
    monkeypatch.setattr(
        one._client,
        "request",
        lambda method, _url, **options: request(method, "http://evil.test/", **options),
    )
    with pytest.raises(PortalUnknownPageError, match="nothing was sent there"):
        one.send(Request(one.base_url, **POST))
    assert not other.received
    other.close()
