# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server block of the user's own that includes the snippet where it was before it had a directory of root's."""

from __future__ import annotations

import pytest
from stage.example import NAME
from stage.servers import Apache, Nginx

BLOCKS = {
    Nginx: "server {{ listen 127.0.0.1:{port} ssl; server_name {name}; include {snippet}; }}\n",
    Apache: "<VirtualHost 127.0.0.1:{port}>\nServerName {name}\nInclude {snippet}\n</VirtualHost>\n",
}
SNIPPETS = {
    Nginx: "ssl_certificate {place}/live/fullchain.pem;\nssl_certificate_key {place}/live/privkey.pem;\n",
    Apache: "SSLEngine on\nSSLCertificateFile {place}/live/fullchain.pem\nSSLCertificateKeyFile {place}/live/privkey.pem\n",
}


def warned(run):
    return [str(warning) for result in run.modules("twca.ssl.twca_install") for warning in result.get("warnings", [])]


@pytest.mark.parametrize("server", [Nginx, Apache])
def test_it_is_served_and_renewed_and_the_user_is_told(stage, server):
    kind = server.__name__.lower()
    host = stage.add("web1", NAME, server=server, **{f"twca_{kind}_server": False})
    stage.simulator.configure(approve_after=0)
    stage.run()
    former, present = stage.place("web1") / f"{kind}.conf", stage.config_place("web1") / f"{kind}.conf"
    former.write_text(SNIPPETS[server].format(place=stage.place("web1")))
    stage.run()
    block = host.sites / "own.conf"
    block.write_text(BLOCKS[server].format(port=host.port, name=NAME, snippet=former))
    text = former.read_text()

    upgraded = stage.run()
    assert any(
        f"still includes {former}" in said and f"include {present} instead." in said for said in warned(upgraded)
    )
    first = stage.certificate("web1")
    assert first.subject.rfc4514_string().startswith(f"CN={NAME}")
    quiet = stage.run()
    assert (quiet.changed, warned(quiet)) == (0, warned(upgraded)), quiet.output

    stage.run(twca_renew_within="365d")
    stage.run()
    assert stage.certificate("web1") != first
    assert former.read_text() == text

    block.write_text(block.read_text().replace(str(former), str(present)))
    mended = stage.run()
    assert warned(mended) == []
    assert stage.certificate("web1") != first
    assert stage.run().calls == 1
    assert stage.orders == 2
