# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The session against real sockets: what it refuses, what it repeats, what it knows of a failed request."""

from __future__ import annotations

import datetime
import gzip
import http.server
import ipaddress
import socket
import ssl
import threading
import time
import typing as t
from pathlib import Path

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import (
    InputError,
    PortalUnknownPageError,
    PortalUnreachableError,
)
from ansible_collections.twca.ssl.plugins.module_utils._portal.session import Request, Session

Answer = t.Callable[[http.server.BaseHTTPRequestHandler], None]


class Server:
    """An HTTP server of which each test says what it answers."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[tuple[str, str, bytes, dict[str, str]]] = []
        self.answers: list[Answer] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.seen.append((self.command, self.path, body, dict(self.headers)))
                answer = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                answer(self)

            do_POST = do_GET

            def log_message(self, format: str, *args: t.Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> t.Iterator[Server]:
    one = Server()
    yield one
    one.close()


def page(body: bytes = b"ok", status: int = 200, **headers: str) -> Answer:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hang_up(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def session(server: Server, **options: t.Any) -> Session:
    options.setdefault("sleep", lambda _seconds: None)
    return Session(f"http://127.0.0.1:{server.port}/", **options)


POST = {"method": "POST", "body": b"csr=x", "content_type": "application/x-www-form-urlencoded"}


def test_get_is_repeated_while_the_portal_is_busy(server: Server) -> None:
    waits: list[float] = []
    server.answers = [page(status=503, Retry_After="3600"), hang_up, page(b"at last")]
    one = session(server, sleep=waits.append)
    assert one.send(Request(one.base_url)).body == b"at last"
    assert one.requests == len(server.seen) == 3
    assert waits[0] == 10.0
    assert 0 < waits[1] < 2


@pytest.mark.parametrize("header", ["²", "-1", "1e9", ""])
def test_a_retry_after_that_is_no_number_of_seconds(server: Server, header: str) -> None:
    waits: list[float] = []
    server.answers = [page(status=503, Retry_After=header), page()]
    session(server, sleep=waits.append).send(Request(f"http://127.0.0.1:{server.port}/"))
    assert 0 < waits[0] < 1


def test_post_is_never_repeated(server: Server) -> None:
    one = session(server)
    for answer in (hang_up, page(status=503)):
        server.seen.clear()
        server.answers = [answer]
        if answer is hang_up:
            with pytest.raises(PortalUnreachableError) as caught:
                one.send(Request(one.base_url, **POST))
            assert caught.value.sent
            assert caught.value.message.endswith("The next run goes on.")
        else:
            assert one.send(Request(one.base_url, **POST)).status == 503
        assert len(server.seen) == 1


def test_a_get_that_may_commit_is_not_repeated(server: Server) -> None:
    server.answers = [hang_up]
    calls: list[int] = []
    one = session(server)
    with pytest.raises(PortalUnreachableError):
        one.send(Request(one.base_url), lambda: calls.append(len(server.seen)))
    assert calls == [0]
    assert len(server.seen) == 1


def test_the_hook_comes_before_every_hop(server: Server) -> None:
    calls: list[int] = []
    server.answers = [page(status=303, Location="/done"), page(b"done")]
    one = session(server)
    assert one.send(Request(one.base_url, **POST), lambda: calls.append(len(server.seen))).url.endswith("/done")
    assert calls == [0, 1]
    assert [seen[:3] for seen in server.seen] == [("POST", "/", b"csr=x"), ("GET", "/done", b"")]


def test_a_redirect_that_keeps_the_method_keeps_the_body(server: Server) -> None:
    server.answers = [page(status=307, Location="/there"), page()]
    one = session(server)
    one.send(Request(one.base_url, **POST))
    assert [seen[:3] for seen in server.seen] == [("POST", "/", b"csr=x"), ("POST", "/there", b"csr=x")]


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:{port}/",
        "https://evil.example/",
        "//evil.example/x",
        "http://127.0.0.1:1/",
        "ftp://127.0.0.1/",
    ],
)
def test_another_origin_is_refused(server: Server, target: str) -> None:
    server.answers = [page(status=307, Location=target.format(port=server.port))]
    one = session(server)
    with pytest.raises(PortalUnknownPageError, match="nothing was sent there"):
        one.send(Request(one.base_url, **POST))
    assert len(server.seen) == 1


def test_redirects_in_a_circle(server: Server) -> None:
    server.answers = [page(status=302, Location="/")]
    one = session(server)
    with pytest.raises(PortalUnreachableError, match="circle"):
        one.send(Request(one.base_url))


def test_no_address_gets_the_same_body_twice(server: Server) -> None:
    server.answers = [page(status=307, Location="/there"), page(status=308, Location="/")]
    one = session(server)
    with pytest.raises(PortalUnreachableError, match="circle") as caught:
        one.send(Request(one.base_url, **POST))
    assert caught.value.sent
    assert [seen[1] for seen in server.seen] == ["/", "/there"]


def test_cookies_and_referer_are_kept(server: Server) -> None:
    server.answers = [page(Set_Cookie="sid=許; Path=/".encode().decode("latin-1")), page()]
    one = session(server)
    one.send(Request(one.base_url))
    one.send(Request(one.base_url + "next", referer=one.base_url))
    assert server.seen[1][3]["Cookie"].startswith("sid=")
    assert server.seen[1][3]["Referer"] == one.base_url


def test_nothing_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    one = Session(f"http://127.0.0.1:{port}/", sleep=lambda _seconds: None)
    with pytest.raises(PortalUnreachableError, match="refused") as caught:
        one.send(Request(one.base_url, **POST))
    assert not caught.value.sent


def test_a_name_that_does_not_resolve() -> None:
    one = Session("http://portal.invalid/", sleep=lambda _seconds: None)
    with pytest.raises(PortalUnreachableError) as caught:
        one.send(Request(one.base_url, **POST))
    assert not caught.value.sent


def test_large_bodies(server: Server) -> None:
    one = session(server, body_limit=100_000)
    server.answers = [page(b"x" * 200_000)]
    with pytest.raises(PortalUnknownPageError, match="larger"):
        one.send(Request(one.base_url))
    server.answers = [page(gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")]
    with pytest.raises(PortalUnknownPageError, match="larger"):
        one.send(Request(one.base_url))


def test_a_large_body_beside_a_redirect_is_not_read(server: Server) -> None:
    one = session(server, body_limit=100_000)
    server.answers = [page(gzip.compress(b"\0" * 50_000_000), 302, Content_Encoding="gzip", Location="/there"), page()]
    with pytest.raises(PortalUnknownPageError, match="larger"):
        one.send(Request(one.base_url))
    server.answers = [page(b"", 302, Location="http://[bad/")]
    with pytest.raises(PortalUnknownPageError, match="nothing was sent there"):
        one.send(Request(one.base_url))


def drip(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _number in range(40):
        try:
            handler.wfile.write(b"x")
        except OSError:
            return
        time.sleep(0.05)
    handler.close_connection = True


def test_the_deadline_covers_the_whole_request(server: Server) -> None:
    server.answers = [drip]
    one = session(server, timeout=0.3)
    with pytest.raises(PortalUnreachableError, match="within 0.3 seconds") as caught:
        one.send(Request(one.base_url, **POST))
    assert caught.value.sent


def test_a_truncated_answer_is_none(server: Server) -> None:
    def short(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"<html>")
        handler.close_connection = True

    server.answers = [short]
    one = session(server)
    with pytest.raises(PortalUnreachableError) as caught:
        one.send(Request(one.base_url, **POST))
    assert caught.value.sent


@pytest.mark.parametrize(
    "url", ["", "www.twca.com.tw", "ftp://x/", "https://", "https://user:secret@portal.test/", "http://[::1"]
)
def test_wrong_addresses(url: str) -> None:
    with pytest.raises(InputError, match="portal_url") as caught:
        Session(url)
    assert "user:" not in caught.value.message


def test_wrong_ca_path(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Session("https://portal.test/", ca_path=str(tmp_path / "missing.pem"))
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(InputError, match="no certificate"):
        Session("https://portal.test/", ca_path=str(tmp_path / "empty.pem"))


# -- TLS ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A root without a subject key identifier, as the TWCA Global Root CA is, and a server certificate of it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    directory = tmp_path_factory.mktemp("tls")
    now = datetime.datetime.now(datetime.timezone.utc)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def builder(subject: str, public_key: t.Any) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("Root"))
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
        )

    root = (
        builder("Root", root_key.public_key())
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(root_key, hashes.SHA256())
    )
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    leaf = builder("portal", key.public_key()).add_extension(address, False).sign(root_key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    (directory / "root.pem").write_bytes(root.public_bytes(pem))
    (directory / "server.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()) + leaf.public_bytes(pem)
    )
    return directory / "root.pem", directory / "server.pem"


@pytest.fixture
def tls_server(authority: tuple[Path, Path]) -> t.Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority[1])
    one = Server(context)
    one.answers = [page(b"over TLS")]
    yield one
    one.close()


def test_a_root_without_key_identifier_is_trusted(tls_server: Server, authority: tuple[Path, Path]) -> None:
    one = Session(f"https://127.0.0.1:{tls_server.port}/", ca_path=str(authority[0]))
    assert one.send(Request(one.base_url)).body == b"over TLS"


def test_an_unknown_authority_is_not_trusted(tls_server: Server) -> None:
    one = Session(f"https://127.0.0.1:{tls_server.port}/", sleep=lambda _seconds: None)
    with pytest.raises(PortalUnreachableError, match="portal_ca_path") as caught:
        one.send(Request(one.base_url, **POST))
    assert not caught.value.sent
    assert not tls_server.seen


def test_another_name_is_not_trusted(tls_server: Server, authority: tuple[Path, Path]) -> None:
    one = Session(f"https://localhost:{tls_server.port}/", ca_path=str(authority[0]), sleep=lambda _seconds: None)
    with pytest.raises(PortalUnreachableError, match="not trusted"):
        one.send(Request(one.base_url))


def test_validation_can_be_turned_off(tls_server: Server) -> None:
    one = Session(f"https://127.0.0.1:{tls_server.port}/", validate_certs=False)
    assert one.send(Request(one.base_url)).body == b"over TLS"


def test_https_of_the_same_host_is_taken_for_good(
    authority: tuple[Path, Path], tls_server: Server, server: Server
) -> None:
    server.answers = [page(status=301, Location=f"https://127.0.0.1:{tls_server.port}/")]
    one = Session(f"http://127.0.0.1:{server.port}/", ca_path=str(authority[0]))
    assert one.send(Request(one.base_url)).body == b"over TLS"
    with pytest.raises(PortalUnknownPageError, match="another site"):
        one.send(Request(one.base_url))
