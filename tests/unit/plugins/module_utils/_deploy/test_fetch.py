# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import http.server
import socket
import threading

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._deploy import fetch as web
from ansible_collections.twca.ssl.plugins.module_utils._errors import TwcaError


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = {"/good": (200, b"data"), "/large": (200, b"x" * 101), "/none": (404, b"")}[self.path]
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


@pytest.fixture(scope="module")
def address():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


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


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ldap://example.tw/cn=crl", "ftp://example.tw/", "crl"])
def test_only_the_web_is_asked(url):
    with pytest.raises(TwcaError, match="not a web address"):
        web.fetch(url)


def test_no_answer(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setattr(web, "TIMEOUT", 0.1)
        with pytest.raises(TwcaError, match=r"no answer \(timed out\)"):
            web.fetch(f"http://127.0.0.1:{port}/")
    with pytest.raises(TwcaError, match=r"no answer \(.*refused"):
        web.fetch(f"http://127.0.0.1:{port}/")
    with pytest.raises(TwcaError, match="no answer"):
        web.fetch("http://[bad/")
