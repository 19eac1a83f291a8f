# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nginx is given."""

from __future__ import annotations

from ansible_collections.twca.ssl.plugins.module_utils._servers import settings
from ansible_collections.twca.ssl.plugins.module_utils._servers.kinds.nginx import KIND

CLAIM = {
    "common_name": "www.example.com.tw",
    "server_directory": "/etc/twca/www.example.com.tw",
    "config_directory": "/etc/twca-config/www.example.com.tw",
}
SNIPPET = """\
# Written by Ansible (twca.ssl.nginx): include this in the server block of www.example.com.tw.
ssl_certificate /etc/twca/www.example.com.tw/live/fullchain.pem;
ssl_certificate_key /etc/twca/www.example.com.tw/live/privkey.pem;

# Mozilla's "intermediate" profile
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
ssl_ecdh_curve X25519:prime256v1:secp384r1;
ssl_prefer_server_ciphers off;
ssl_session_timeout 1d;
ssl_session_cache shared:twca:10m;
ssl_session_tickets off;

# The site's seal, and what else belongs to this certificate
include /etc/twca-config/www.example.com.tw/nginx-*.conf;
"""


def files(claim=CLAIM, **given):
    return KIND.files(
        claim, settings.of_role(KIND, {f"twca_nginx_{name}": value for name, value in given.items()}), None
    )


def test_the_snippet_alone_by_default():
    (snippet,) = files()
    assert snippet.content == SNIPPET
    assert snippet.path == "/etc/twca-config/www.example.com.tw/nginx.conf"
    assert snippet.formerly == "/etc/twca/www.example.com.tw/nginx.conf"


def test_the_snippet_says_what_the_variables_say():
    text = files(protocols="TLSv1.3", ciphers="A:B", curves="X", hsts="63072000")[0].content
    for line in ("ssl_protocols TLSv1.3;", "ssl_ciphers A:B;", "ssl_ecdh_curve X;"):
        assert f"\n{line}\n" in text
    assert '\nadd_header Strict-Transport-Security "max-age=63072000" always;\n' in text


def test_the_seal_has_a_file_of_its_own():
    _snippet, seal = files({**CLAIM, "seal": "A1"})
    assert seal.path == "/etc/twca-config/www.example.com.tw/nginx-seal.conf"
    assert seal.content == (
        "# Written by Ansible (twca.ssl.nginx): the seal A1; a page shows it with "
        '<!--#include virtual="/twca-seal/seal.html" -->\n'
        "location /twca-seal/ {\n    alias /etc/twca-config/www.example.com.tw/seal/;\n}\nssi on;\n"
    )


def test_a_whole_block_on_request():
    claim = {**CLAIM, "subject_alt_name": ["www.example.com.tw", "api.example.com.tw", "2001:db8::17", "192.0.2.1"]}
    _snippet, block = files(
        claim, server="yes", extra="\nroot /srv;\n\nlocation / {\n    return 204;\n}\n", conf_dir="/conf"
    )
    assert (block.path, block.link) == ("/conf/twca-www.example.com.tw.conf", None)
    assert block.content == (
        "# Written by Ansible (twca.ssl.nginx).\n"
        "server {\n"
        "    listen 443 ssl;\n"
        "    listen [::]:443 ssl;\n"
        "    server_name www.example.com.tw api.example.com.tw [2001:db8::17] 192.0.2.1;\n"
        "    include /etc/twca-config/www.example.com.tw/nginx.conf;\n"
        "    root /srv;\n\n    location / {\n        return 204;\n    }\n"
        "}\n"
    )


def test_the_commands_follow_from_how_nginx_is_called():
    commands = KIND.commands(settings.of_role(KIND, {"twca_nginx_command": ["/opt/nginx", "-p", "/srv"]}), None)
    assert commands.validate == ["/opt/nginx", "-p", "/srv", "-t"]
    assert commands.included == ["/opt/nginx", "-p", "/srv", "-T", "-q"]
    assert commands.reload == ["systemctl", "reload-or-restart", "nginx"]
    assert commands.prepare == ()
