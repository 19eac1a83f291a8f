# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seal, brought with the certificate by the server roles (manual §4.6.2.3)."""

from __future__ import annotations

import socket
import ssl

import pytest
from stage.example import NAME
from stage.servers import Apache, Nginx


def get(server, path, roots):
    """What a visitor gets over TLS, headers and all."""
    context = ssl.create_default_context(cafile=roots)
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT  # the root has no subject key identifier, like the real one
    with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
        with context.wrap_socket(raw, server_hostname=NAME) as connection:
            connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {NAME}\r\n\r\n".encode())
            return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("server", [Nginx, Apache])
def test_seal_comes_with_the_certificate(stage, server):
    site = stage.directory / "site"
    site.mkdir()
    (site / "index.html").write_text('<p>Seal:</p><!--#include virtual="/twca-seal/seal.html" -->')
    host = stage.add("web1", NAME, server=server)
    stage.hosts["web1"]["twca_certificates"][0].update(
        seal="mark2",
        nginx_extra=f"root {site};",
        apache_extra=f"DocumentRoot {site}\n<Directory {site}>\nRequire all granted\n</Directory>",
    )
    stage.simulator.configure(approve_after=0)
    stage.run()
    stage.run()
    picture = get(host, "/twca-seal/mark2.gif", stage.simulator.root)
    assert b"GIF8" in picture
    snippet = get(host, "/twca-seal/seal.html", stage.simulator.root)
    assert f"DNS={NAME}".encode() in snippet
    if server is Nginx:
        page = get(host, "/index.html", stage.simulator.root)
        assert f"DNS={NAME}".encode() in page
    assert stage.run().changed == 0


def test_a_portal_without_the_seal_does_not_keep_the_certificate_away(stage):
    stage.add("web1", NAME)
    stage.hosts["web1"]["twca_certificates"][0]["seal"] = "mark9"
    stage.simulator.configure(approve_after=0)
    stage.run()
    installed = stage.run()
    assert any("could not be put in place" in message and "mark9" in message for message in installed.messages)
    assert stage.certificate("web1").subject.rfc4514_string().startswith(f"CN={NAME}")
