# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""nginx."""

from __future__ import annotations

import typing as t

from .. import tls, web
from ..contract import WORDS, Claim, Commands, Seen, Settings, live
from ..quotes import quoted


class Nginx(web.WebServer):
    """nginx, from its packages on every distribution or in a place of its own."""

    name = "nginx"
    options: t.Mapping[str, t.Mapping[str, t.Any]] = {
        "command": {**WORDS, "default": ["/usr/sbin/nginx"]},
        "reload": {**WORDS, "default": ["systemctl", "reload-or-restart", "nginx"]},
        "server": {"type": "bool", "default": False},
        "conf_dir": {"type": "str", "default": "/etc/nginx/conf.d"},
        "listen": {**WORDS, "default": ["443 ssl", "[::]:443 ssl"]},
        "extra": {"type": "str", "default": ""},
        "protocols": {"type": "str", "default": "TLSv1.2 TLSv1.3"},
        "ciphers": {"type": "str", "default": tls.CIPHERS},
        "curves": {"type": "str", "default": tls.CURVES},
        "hsts": {"type": "int", "default": 0},
    }

    def commands(self, settings: Settings, seen: Seen) -> Commands:
        command = settings["command"]
        return Commands(validate=[*command, "-t"], reload=settings["reload"], included=[*command, "-T", "-q"])

    def place(self, file_name: str, settings: Settings, seen: Seen) -> dict[str, t.Any]:
        return {"path": f"{settings['conf_dir']}/{file_name}"}

    def snippet(self, claim: Claim, settings: Settings) -> list[str]:
        hsts = settings["hsts"]
        return [
            f"# Written by Ansible (twca.ssl.nginx): include this in the server block of {claim['common_name']}.",
            f"ssl_certificate {quoted(live(claim, 'fullchain.pem'))};",
            f"ssl_certificate_key {quoted(live(claim, 'privkey.pem'))};",
            "",
            '# Mozilla\'s "intermediate" profile',
            f"ssl_protocols {settings['protocols']};",
            f"ssl_ciphers {settings['ciphers']};",
            f"ssl_ecdh_curve {settings['curves']};",
            "ssl_prefer_server_ciphers off;",
            "ssl_session_timeout 1d;",
            "ssl_session_cache shared:twca:10m;",
            "ssl_session_tickets off;",
            *([f'add_header Strict-Transport-Security "max-age={hsts}" always;'] if hsts > 0 else []),
            "",
            "# The site's seal, and what else belongs to this certificate",
            f"include {quoted(claim['config_directory'] + '/nginx-*.conf')};",
        ]

    def seal(self, claim: Claim) -> list[str]:
        return [
            f"# Written by Ansible (twca.ssl.nginx): the seal {claim['seal']}; "
            'a page shows it with <!--#include virtual="/twca-seal/seal.html" -->',
            "location /twca-seal/ {",
            f"    alias {quoted(claim['config_directory'] + '/seal/')};",
            "}",
            "ssi on;",
        ]

    def block(self, claim: Claim, settings: Settings) -> list[str]:
        return [
            "# Written by Ansible (twca.ssl.nginx).",
            "server {",
            *(f"    listen {listen};" for listen in settings["listen"]),
            f"    server_name {' '.join(web.host_names(claim))};",
            f"    include {quoted(claim['config_directory'] + '/nginx.conf')};",
            *web.indented(settings["extra"]),
            "}",
        ]


KIND = Nginx()
