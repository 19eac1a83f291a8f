# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said to servers that await the PROXY protocol, and what ends a handshake that shall count nevertheless."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._deploy import proxy, served
from ansible_collections.twca.ssl.plugins.module_utils._errors import DeployError
from tls_server import TlsServer

CA = pki.authority()
KEY = pki.new_key()
LEAF = CA.leaf(KEY)


def said(host, version):
    """The header, and the ports of the connection."""
    with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        with socket.create_connection(listener.getsockname()[:2]) as near, listener.accept()[0] as far:
            proxy.announce(near, version)
            near.shutdown(socket.SHUT_WR)
            return far.makefile("rb").read(), near.getsockname()[1], near.getpeername()[1]


def test_version_1():
    header, here, there = said("127.0.0.1", "v1")
    assert header == f"PROXY TCP4 127.0.0.1 127.0.0.1 {here} {there}\r\n".encode()


def test_version_2():
    header, here, there = said("127.0.0.1", "v2")
    assert header == (
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x7f\0\0\x01\x7f\0\0\x01"
        + here.to_bytes(2, "big")
        + there.to_bytes(2, "big")
    )


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6")
def test_ipv6():
    try:
        header, here, there = said("::1", "v1")
    except OSError:
        pytest.skip("no IPv6 here")
    assert header == f"PROXY TCP6 ::1 ::1 {here} {there}\r\n".encode()
    header = said("::1", "v2")[0]
    assert (header[12:14], len(header)) == (b"\x21\x21", 16 + 36)


def test_a_relay_says_it_for_others():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            with listener.accept()[0] as far:
                far.sendall(far.makefile("rb").readline() + b"hello\n")

        threading.Thread(target=answer, daemon=True).start()
        with proxy.relay("127.0.0.1", listener.getsockname()[1], "v1", 5) as port:
            with socket.create_connection(("127.0.0.1", port)) as near:
                lines = near.makefile("rb").readlines()
    assert lines[0].startswith(b"PROXY TCP4 127.0.0.1 127.0.0.1 ")
    assert lines[1] == b"hello\n"


def test_options():
    assert [proxy.chosen(each) for each in proxy.OPTION["choices"]] == [None, "v1", "v2"]


class Server(TlsServer):
    """One that awaits a header, or that does something else before or instead of TLS."""

    def __init__(self, files, context=None):
        super().__init__(files, files / "reload")
        (files / "privkey.pem").write_bytes(pki.key_pem(KEY))
        (files / "fullchain.pem").write_text("".join(map(pki.pem, [LEAF, *CA.chain])))
        self.load()
        if context:
            context(self._context)


@contextlib.contextmanager
def server(tmp_path, context):
    running = Server(tmp_path, context)
    try:
        yield running.port
    finally:
        running.close()


def insisting(files, most):
    def prepare(context):
        (files / "clients.pem").write_text(pki.pem(CA.root.certificate))
        context.load_verify_locations(files / "clients.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        context.maximum_version = most

    return prepare


@pytest.mark.parametrize("most", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("way", ["the standard library", "openssl"])
def test_a_server_that_insists_on_a_client_certificate(tmp_path, monkeypatch, most, way):
    if way == "openssl":
        monkeypatch.setattr(served, "_sent_over", lambda _connection: None)
    with server(tmp_path, insisting(tmp_path, most)) as port:
        seen = served.peek("127.0.0.1", port)
    assert seen.is_just(LEAF, CA.chain)
    assert seen.protocol == most.name.replace("_", ".")


@pytest.mark.parametrize(
    ("asked", "error", "counts"),
    [
        (True, ConnectionResetError(), True),
        (True, ssl.SSLEOFError(), True),
        (False, ConnectionResetError(), False),
        (True, TimeoutError(), False),
        (True, ssl.SSLError(), False),
    ],
)
def test_only_what_the_server_ends_after_it_asked_counts(asked, error, counts):
    heard = served._Listener()
    heard(None, "write", ssl.TLSVersion.TLSv1_2, None, 13, b"")
    if asked:
        heard(None, "read", ssl.TLSVersion.TLSv1_2, None, 13, b"")
    assert heard.explains(error) is counts


def test_a_handshake_that_fails_for_another_reason_is_none(tmp_path):
    def prepare(context):
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("NULL:@SECLEVEL=0")

    with (
        server(tmp_path, prepare) as port,
        pytest.raises(DeployError, match="no TLS handshake with .*HANDSHAKE_FAILURE"),
    ):
        served.peek("127.0.0.1", port)
