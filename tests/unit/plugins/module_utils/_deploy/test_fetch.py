# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
import time
import typing

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._deploy import fetch as web
from ansible_collections.twca.ssl.plugins.module_utils._errors import TwcaError

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class Handler(http.server.BaseHTTPRequestHandler):
    asked: typing.ClassVar[list[str]] = []
    location = ""

    def do_GET(self):
        self.asked.append(self.path)
        if self.path == "/leads-on":
            self.send_response(302)
            self.send_header("Location", self.location)
            self.end_headers()
            return
        status, body = {"/large": (200, b"x" * 101), "/none": (404, b"")}.get(self.path, (200, b"data"))
        self.answer(status, body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, body + self.headers["Content-Type"].encode())

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture(autouse=True)
def allowed(monkeypatch):
    """This host may be asked, and no proxy is."""
    monkeypatch.setenv(web.ALLOWED, "true")
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def address():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def internet(address, monkeypatch):
    """Another address of the same server that counts as one of the internet's."""
    resolve = socket.getaddrinfo

    def resolved(host, *arguments, **options):
        return resolve("127.0.0.2" if host == "example.test" else host, *arguments, **options)

    with contextlib.closing(socket.create_server(("127.0.0.2", 0))) as listening:
        server = http.server.ThreadingHTTPServer(listening.getsockname(), Handler, bind_and_activate=False)
        server.socket.close()
        server.socket = listening
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(socket, "getaddrinfo", resolved)
        is_public = web.is_public
        monkeypatch.setattr(web, "is_public", lambda ip: ip == "127.0.0.2" or is_public(ip))
        yield f"http://example.test:{listening.getsockname()[1]}"
        server.shutdown()


def test_get_and_post(address):
    assert web.fetch(f"{address}/good") == b"data"
    assert web.fetch(f"{address}/", b"body ", "application/ocsp-request") == b"body application/ocsp-request"


def test_what_is_too_large_is_refused(address, monkeypatch):
    monkeypatch.setattr(web, "MAX_BYTES", 100)
    assert web.fetch(f"{address}/good") == b"data"
    with pytest.raises(TwcaError, match="the answer is larger than 100 bytes"):
        web.fetch(f"{address}/large")


def test_a_refusal_is_a_sentence(address):
    with pytest.raises(TwcaError, match="the server answered with status 404"):
        web.fetch(f"{address}/none")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ldap://example.tw/cn=crl",
        "ftp://example.tw/",
        "crl",
        "http://[bad/",
        "http://a\\@b/",
        "http://a@b/",
        "http:///a",
        "http://a%2fb/",
        "http://a/\r\nb",
    ],
)
def test_only_the_web_is_asked(url):
    with pytest.raises(TwcaError, match="not a web address"):
        web.fetch(url)


def test_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(TwcaError, match=r"no answer \(.*refused"):
        web.fetch(f"http://127.0.0.1:{port}/")
    with pytest.raises(TwcaError, match="no answer"):
        web.fetch("http://nowhere.invalid/")


# -- in time -----------------------------------------------------------------------------------------------------------


def drip(connection):
    """An answer that goes on for ever, with never a pause as long as a read may take."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def drip_headers(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nA: ")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


def stay_silent(connection):
    while connection.recv(65536):
        pass


@pytest.mark.parametrize("serve", [drip, drip_headers, stay_silent])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_deadline_is_for_all_of_it(serve, scheme, monkeypatch):
    monkeypatch.setattr(web, "TIMEOUT", 1)
    ended = threading.Event()

    def accept():
        with contextlib.suppress(OSError), listening.accept()[0] as connection:
            serve(connection)
        ended.set()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, daemon=True).start()
        began = time.monotonic()
        if scheme == "https" and serve is not stay_silent:
            with pytest.raises(TwcaError, match="no answer"):  # the handshake fails
                web.fetch(f"https://127.0.0.1:{listening.getsockname()[1]}/")
            return
        with pytest.raises(TwcaError, match=r"no answer within 1 seconds"):
            web.fetch(f"{scheme}://127.0.0.1:{listening.getsockname()[1]}/")
        assert time.monotonic() - began < 10
        assert ended.wait(10), "the connection is cut"
    for thread in threading.enumerate():
        if thread.name == "twca fetch":
            thread.join(10)
            assert not thread.is_alive()


def test_a_slow_name_ends_in_time(monkeypatch):
    resolved = threading.Event()
    monkeypatch.setattr(web, "TIMEOUT", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_o: resolved.wait(20) and [])
    with pytest.raises(TwcaError, match=r"no answer within 0\.2 seconds"):
        web.fetch("http://example.test/")
    resolved.set()


# -- not within the own network ----------------------------------------------------------------------------------------

PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_private_addresses(ip):
    assert not web.is_public(ip)


@pytest.mark.parametrize("ip", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses(ip):
    assert web.is_public(ip)


@pytest.mark.parametrize("value", [None, "", "false", "no"])
def test_nothing_of_the_own_network_is_asked(address, monkeypatch, value):
    monkeypatch.delenv(web.ALLOWED)
    if value is not None:
        monkeypatch.setenv(web.ALLOWED, value)
    Handler.asked.clear()
    port = address.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::ffff:127.0.0.1]"):
        with pytest.raises(TwcaError, match=f"private network.*{web.ALLOWED}=true|no answer"):
            web.fetch(f"http://{host}:{port}/good")
    assert not Handler.asked


def test_the_name_may_be_anything_the_address_counts(address, monkeypatch):
    monkeypatch.delenv(web.ALLOWED)
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, *arguments, **options: resolve("127.0.0.1", *arguments, **options)
    )
    Handler.asked.clear()
    with pytest.raises(TwcaError, match=r"ocsp\.example\.test is an address of a private network"):
        web.fetch(f"http://ocsp.example.test:{address.rpartition(':')[2]}/good")
    assert not Handler.asked


def test_a_redirect_within_the_internet_is_followed(internet, monkeypatch):
    monkeypatch.delenv(web.ALLOWED)
    monkeypatch.setattr(Handler, "location", f"{internet}/good")
    assert web.fetch(f"{internet}/leads-on") == b"data"


@pytest.mark.parametrize("value", ["true", "false"])
def test_no_redirect_leads_from_the_internet_into_the_own_network(internet, address, monkeypatch, value):
    monkeypatch.setenv(web.ALLOWED, value)
    monkeypatch.setattr(Handler, "location", f"{address}/secret")
    Handler.asked.clear()
    with pytest.raises(TwcaError, match="private network"):
        web.fetch(f"{internet}/leads-on")
    assert Handler.asked == ["/leads-on"]


@pytest.mark.parametrize("location", ["ftp://127.0.0.1/", "file:///etc/passwd", "http://a\\@b/", "data:,x"])
def test_no_redirect_leads_off_the_web(address, monkeypatch, location):
    monkeypatch.setattr(Handler, "location", location)
    with pytest.raises(TwcaError, match="not a web address|status 302"):
        web.fetch(f"{address}/leads-on")


def test_redirects_end(address, monkeypatch):
    monkeypatch.setattr(Handler, "location", f"{address}/leads-on")
    with pytest.raises(TwcaError, match="status 302"):
        web.fetch(f"{address}/leads-on")


def test_the_proxy_may_be_within_the_own_network_but_nothing_behind_it(address, monkeypatch):
    monkeypatch.setenv(web.ALLOWED, "false")
    monkeypatch.setenv("http_proxy", address)
    Handler.asked.clear()
    assert web.fetch("http://ocsp.example.test/") == b"data"
    for host in ("127.0.0.1", "127.1", "0x7f.1", "2130706433", "localhost", "a.localhost", "[::1]", "169.254.169.254"):
        with pytest.raises(TwcaError, match="private network"):
            web.fetch(f"http://{host}/secret")
    assert Handler.asked == ["http://ocsp.example.test/"]
