# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What real servers serve that await the PROXY protocol, or that insist on certificates of their clients."""

from __future__ import annotations

import contextlib
import subprocess
import time

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._deploy import proxy, served
from ansible_collections.twca.ssl.plugins.module_utils._errors import DeployError
from stage.servers import Apache, Nginx, free_port
from unit import pki_factory as pki

CA = pki.authority()
KEY = pki.new_key()
LEAF = CA.leaf(KEY)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "privkey.pem").write_bytes(pki.key_pem(KEY))
    (tmp_path / "fullchain.pem").write_text("".join(map(pki.pem, [LEAF, *CA.chain])))
    (tmp_path / "combined.pem").write_bytes(pki.key_pem(KEY) + (tmp_path / "fullchain.pem").read_bytes())
    (tmp_path / "clients.pem").write_text(pki.pem(CA.root.certificate))
    return tmp_path


@pytest.fixture(params=["the standard library", "openssl"])
def way(request, monkeypatch):
    """Both ways to look."""
    if request.param == "openssl":
        monkeypatch.setattr(served, "_sent_over", lambda _connection: None)


@contextlib.contextmanager
def nginx(files, listen, *lines):
    server = Nginx(files / "srv")
    block = f"server {{ listen 127.0.0.1:{server.port} ssl {listen}; {' '.join(lines)} ssl_certificate {files}/fullchain.pem; "
    (server.sites / "www.conf").write_text(f"{block} ssl_certificate_key {files}/privkey.pem; }}")
    with server:
        yield server.port


@contextlib.contextmanager
def apache(files, *lines):
    server = Apache(files / "srv")
    text = "\n".join(
        [
            "SSLEngine on",
            f"SSLCertificateFile {files}/fullchain.pem",
            f"SSLCertificateKeyFile {files}/privkey.pem",
            *lines,
        ]
    )
    (server.sites / "www.conf").write_text(f"<VirtualHost *:{server.port}>\n{text}\n</VirtualHost>\n")
    with server:
        yield server.port


@contextlib.contextmanager
def haproxy(files, *options):
    port, config = free_port(), files / "haproxy.cfg"
    times = "".join(f"  timeout {each} 5s\n" for each in ("connect", "client", "server"))
    bind = f"bind 127.0.0.1:{port} ssl crt {files}/combined.pem {' '.join(options)}"
    config.write_text(f"defaults\n  mode http\n{times}frontend f\n  {bind}\n")
    process = subprocess.Popen(["/usr/sbin/haproxy", "-db", "-f", str(config)], stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(10)


def seen(port, **options):
    """What is seen once the server is up."""
    end = time.monotonic() + 20
    while True:
        try:
            return served.peek("127.0.0.1", port, "www.example.com.tw", 5.0, **options)
        except DeployError as error:
            if "Connection refused" not in error.message or time.monotonic() > end:
                raise
            time.sleep(0.05)


@pytest.mark.parametrize("version", proxy.VERSIONS)
@pytest.mark.parametrize("server", ["nginx", "haproxy"])
def test_proxy_protocol(files, way, server, version):
    running = nginx(files, "proxy_protocol") if server == "nginx" else haproxy(files, "accept-proxy")
    with running as port:
        assert seen(port, proxy_protocol=version).is_just(LEAF, CA.chain)
        with pytest.raises(DeployError, match="no TLS handshake"):
            seen(port)


@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
@pytest.mark.parametrize("server", ["nginx", "apache", "haproxy"])
def test_client_certificates(files, way, server, protocol):
    """HAProxy and Apache end the handshake in TLS 1.2; in 1.3 it is over for the client by then, and nginx answers a page."""
    running = {
        "nginx": lambda: nginx(
            files,
            "",
            "ssl_verify_client on;",
            f"ssl_client_certificate {files}/clients.pem;",
            f"ssl_protocols {protocol};",
        ),
        "apache": lambda: apache(
            files, "SSLVerifyClient require", f"SSLCACertificateFile {files}/clients.pem", f"SSLProtocol {protocol}"
        ),
        "haproxy": lambda: haproxy(
            files, "verify required", f"ca-file {files}/clients.pem", f"ssl-min-ver {protocol} ssl-max-ver {protocol}"
        ),
    }[server]()
    with running as port:
        found = seen(port)
        assert found.is_just(LEAF, CA.chain)
        assert found.protocol == protocol
