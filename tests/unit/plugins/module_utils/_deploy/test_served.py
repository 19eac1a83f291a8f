# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import ssl
import subprocess

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._deploy import served
from ansible_collections.twca.ssl.plugins.module_utils._errors import DeployError
from tls_server import TlsServer

CA = pki.authority()
KEY = pki.new_key()
LEAF = CA.leaf(KEY)


@pytest.fixture(params=["the standard library", "openssl"])
def way(request, monkeypatch):
    """Both ways to look, on every Python that has the first."""
    if request.param == "openssl":
        monkeypatch.setattr(served, "_sent_over", lambda _connection: None)
    elif not hasattr(ssl.SSLSocket, "get_unverified_chain") and not hasattr(
        __import__("_ssl")._SSLSocket, "get_unverified_chain"
    ):
        pytest.skip("this Python cannot tell")


@pytest.fixture
def server(tmp_path):
    server = TlsServer(tmp_path, tmp_path / "reload")
    (tmp_path / "privkey.pem").write_bytes(pki.key_pem(KEY))
    yield server
    server.close()


@pytest.mark.parametrize("chain", [[], CA.chain, [*CA.chain, CA.root.certificate]])
def test_what_is_sent_is_taken_down_in_its_order(way, server, tmp_path, chain):
    (tmp_path / "fullchain.pem").write_text("".join(map(pki.pem, [LEAF, *chain])))
    server.load()
    seen = served.peek("127.0.0.1", server.port, "www.example.com.tw")
    assert (seen.leaf, seen.chain) == (LEAF, chain)
    assert seen.protocol in ("TLSv1.2", "TLSv1.3")
    assert seen.is_just(LEAF, tuple(chain))
    assert not seen.is_just(LEAF, [*chain, LEAF])
    assert not seen.is_just(CA.leaf(KEY), chain)
    assert set(server.names) == {"www.example.com.tw"}


def test_no_name_need_be_asked_for(way, server, tmp_path):
    (tmp_path / "fullchain.pem").write_text(pki.pem(LEAF))
    server.load()
    assert served.peek("localhost", server.port).leaf == LEAF
    assert set(server.names) == {None}


def test_a_broken_certificate_is_seen_as_it_is(way, server, tmp_path):
    expired = CA.leaf(KEY, ("other.tw",), start=pki.now() - 9 * pki.DAY, days=1)
    (tmp_path / "fullchain.pem").write_text(pki.pem(expired))
    server.load()
    assert served.peek("127.0.0.1", server.port, "www.example.com.tw").leaf == expired


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(DeployError, match=f"^no TLS handshake with 127.0.0.1:{port}: Connection refused$"):
        served.peek("127.0.0.1", port)


def test_no_tls_there(server):
    with pytest.raises(DeployError, match="^no TLS handshake with "):
        served.peek("127.0.0.1", server.port)


def test_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(DeployError, match="^no TLS handshake with .*timed out"):
            served.peek("127.0.0.1", silent.getsockname()[1], timeout=0.1)


def test_an_openssl_that_is_missing_or_finds_nothing_is_said(server, tmp_path, monkeypatch):
    (tmp_path / "fullchain.pem").write_text(pki.pem(LEAF))
    server.load()
    monkeypatch.setattr(served, "_sent_over", lambda _connection: None)
    commands = []

    def empty(command, **_options):
        commands.append(command)
        return subprocess.CompletedProcess(command, 1, b"", b"")

    monkeypatch.setattr(served.subprocess, "run", empty)
    with pytest.raises(DeployError, match="no certificate came"):
        served.peek("127.0.0.1", server.port)
    assert served._ask_openssl("::1", 443, None, 1) == b""
    assert commands[-1][3] == "[::1]:443"
    monkeypatch.undo()
    monkeypatch.setattr(served, "_sent_over", lambda _connection: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeployError, match="Python 3.9 needs the program openssl: install it"):
        served.peek("127.0.0.1", server.port)


def test_description(server, tmp_path):
    (tmp_path / "fullchain.pem").write_text("".join(map(pki.pem, [LEAF, *CA.chain])))
    server.load()
    described = served.peek("127.0.0.1", server.port).describe()
    assert described["serial_number"] == f"{LEAF.serial_number:X}"
    assert described["chain"] == [each.subject.rfc4514_string() for each in CA.chain]
