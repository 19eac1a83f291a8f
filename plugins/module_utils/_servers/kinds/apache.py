# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apache httpd."""

from __future__ import annotations

import typing as t

from .. import tls, web
from ..contract import WORDS, Claim, Commands, Seen, Settings, live
from ..quotes import quoted

_DEBIAN = "/etc/apache2"

#: How distributions lay Apache out; what the user sets comes first.
_LAYOUTS: dict[str, dict[str, t.Any]] = {
    "debian": {
        "command": ["/usr/sbin/apachectl"],
        "reload": ["systemctl", "reload-or-restart", "apache2"],
        "sites": f"{_DEBIAN}/sites-available",
        "sites_enabled": f"{_DEBIAN}/sites-enabled",
        "modules": ["ssl"],
    },
    "redhat": {
        "command": ["/usr/sbin/httpd"],
        "reload": ["systemctl", "reload-or-restart", "httpd"],
        "sites": "/etc/httpd/conf.d",
        "sites_enabled": "",
        "modules": [],
    },
}


class Apache(web.WebServer):
    """Apache httpd, as Debian or Red Hat lay it out, or in a place of its own."""

    name = "apache"
    probes = (_DEBIAN,)
    options: t.Mapping[str, t.Mapping[str, t.Any]] = {
        "layout": {"type": "str", "choices": ["auto", *_LAYOUTS], "default": "auto"},
        "command": WORDS,
        "reload": WORDS,
        "sites": {"type": "str"},
        "sites_enabled": {"type": "str"},
        "modules": WORDS,
        "server": {"type": "bool", "default": False},
        "listen": {"type": "str", "default": "*:443"},
        "extra": {"type": "str", "default": ""},
        "split_chain": {"type": "bool", "default": False},
        "protocols": {"type": "str", "default": "-all +TLSv1.2 +TLSv1.3"},
        "ciphers": {"type": "str", "default": tls.CIPHERS},
        "curves": {"type": "str", "default": tls.CURVES},
        "hsts": {"type": "int", "default": 0},
    }

    def commands(self, settings: Settings, seen: Seen) -> Commands:
        command = self._of_layout("command", settings, seen)
        modules = self._of_layout("modules", settings, seen)
        if settings["modules"] is None and modules and settings["hsts"] > 0:
            modules = [*modules, "headers"]
        return Commands(
            validate=[*command, "-t"],
            reload=self._of_layout("reload", settings, seen),
            included=[*command, "-t", "-D", "DUMP_INCLUDES", "-D", "DUMP_CERTS"],
            prepare=[["/usr/sbin/a2enmod", module] for module in modules],
        )

    def place(self, file_name: str, settings: Settings, seen: Seen) -> dict[str, t.Any]:
        found: dict[str, t.Any] = {"path": f"{self._of_layout('sites', settings, seen)}/{file_name}"}
        enabled = self._of_layout("sites_enabled", settings, seen)
        if enabled:
            found["link"] = f"{enabled}/{file_name}"
        # Until the host was asked, both places are looked at.
        if settings["layout"] == "auto" and seen is None and settings["sites"] is None:
            found["elsewhere"] = (f"{_LAYOUTS['redhat']['sites']}/{file_name}",)
        return found

    def snippet(self, claim: Claim, settings: Settings) -> list[str]:
        if settings["split_chain"]:
            certificate = [
                f"SSLCertificateFile {quoted(live(claim, 'cert.pem'))}",
                f"SSLCertificateChainFile {quoted(live(claim, 'chain.pem'))}",
            ]
        else:
            certificate = [f"SSLCertificateFile {quoted(live(claim, 'fullchain.pem'))}"]
        hsts = settings["hsts"]
        return [
            f"# Written by Ansible (twca.ssl.apache): include this in the virtual host of {claim['common_name']}.",
            "SSLEngine on",
            *certificate,
            f"SSLCertificateKeyFile {quoted(live(claim, 'privkey.pem'))}",
            "",
            '# Mozilla\'s "intermediate" profile',
            f"SSLProtocol {settings['protocols']}",
            f"SSLCipherSuite {settings['ciphers']}",
            *([f"SSLOpenSSLConfCmd Curves {settings['curves']}"] if settings["curves"] else []),
            "SSLHonorCipherOrder off",
            "SSLSessionTickets off",
            *([f'Header always set Strict-Transport-Security "max-age={hsts}"'] if hsts > 0 else []),
            "",
            "# The site's seal, and what else belongs to this certificate",
            f"IncludeOptional {quoted(claim['config_directory'] + '/apache-*.conf')}",
        ]

    def seal(self, claim: Claim) -> list[str]:
        return [
            f"# Written by Ansible (twca.ssl.apache): the seal {claim['seal']}; where mod_include is on (Options +IncludesNOEXEC,",
            '# AddOutputFilterByType INCLUDES text/html), a page shows it with <!--#include virtual="/twca-seal/seal.html" -->',
            f"Alias /twca-seal/ {quoted(claim['config_directory'] + '/seal/')}",
            f"<Directory {quoted(claim['config_directory'] + '/seal')}>",
            "    AllowOverride None",
            "    Require all granted",
            "</Directory>",
        ]

    def block(self, claim: Claim, settings: Settings) -> list[str]:
        name, *aliases = web.host_names(claim)
        return [
            "# Written by Ansible (twca.ssl.apache).",
            f"<VirtualHost {settings['listen']}>",
            f"    ServerName {name}",
            *([f"    ServerAlias {' '.join(aliases)}"] if aliases else []),
            f"    Include {quoted(claim['config_directory'] + '/apache.conf')}",
            *web.indented(settings["extra"]),
            "</VirtualHost>",
        ]

    def _of_layout(self, option: str, settings: Settings, seen: Seen) -> t.Any:
        if settings[option] is not None:
            return settings[option]
        layout = settings["layout"]
        if layout == "auto":
            layout = "debian" if seen is None or seen.get(_DEBIAN) else "redhat"
        return _LAYOUTS[layout][option]


KIND = Apache()
