# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What real servers print of their configurations tells whether they use a certificate, in whatever way they name it."""

from __future__ import annotations

import subprocess

from ansible_collections.twca.ssl.plugins.module_utils._deploy.configuration import Configuration, File, Trial
from ansible_collections.twca.ssl.plugins.module_utils._servers import registry, settings
from stage.servers import Apache, Nginx
from unit import pki_factory as pki

CA = pki.authority()
KEY = pki.new_key()
NAME = "www.example.com.tw"


class Place:
    """A certificate directory and root's directory, in a path that may have blanks."""

    def __init__(self, tmp_path, kind, role):
        self.tmp_path = tmp_path
        self.kind = registry.find(kind)
        self.settings = settings.of_role(self.kind, role)
        self.directory = tmp_path / "our twca" / NAME
        self.config = tmp_path / "our config" / NAME
        version = self.directory / "versions" / "1"
        version.mkdir(parents=True)
        self.config.mkdir(parents=True)
        texts = {"privkey.pem": pki.key_pem(KEY).decode(), "fullchain.pem": pki.pem(CA.leaf(KEY, (NAME,)))}
        texts["combined.pem"] = texts["privkey.pem"] + texts["fullchain.pem"]
        for name, text in texts.items():
            (version / name).write_text(text)
        self.live = self.directory / "live"
        self.live.symlink_to("versions/1")
        self.claim = {
            "common_name": NAME,
            "server_directory": str(self.directory),
            "config_directory": str(self.config),
            "given": [],
            "seal": "mark1",
        }
        self.files = self.kind.files(self.claim, self.settings, None)
        for file in self.files:
            self.config.joinpath(file.path).write_text(file.content)

    def is_in_use(self):
        """As twca_install finds it out, after a config test."""
        commands = self.kind.commands(self.settings, None)
        if commands.validate:
            done = subprocess.run(commands.validate, check=False, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
        files = [File(self.config / file.path, b"") for file in self.files]
        uses = [self.config / path for path in self.kind.uses(self.claim, self.settings)]
        trial = Trial(Configuration(self.config, files, commands.included, uses))
        trial.ask()
        return trial.in_use


def lay(server, place, block, *others):
    """Put the server's own block, and say whether it uses the certificate."""
    for old in server.sites.iterdir():
        old.unlink()
    text = "\n".join([block, *others])
    text = text.replace("CONFIG", str(place.config)).replace("LIVE", str(place.live)).replace("PORT", str(server.port))
    (server.sites / "www.conf").write_text(text)
    return place.is_in_use()


def link(place, snippet):
    """Links beside the server's configuration, to the certificates and to the snippet."""
    server = place.tmp_path / "srv"
    (server / "here").symlink_to("../our twca")
    (server / "snippets").mkdir()
    (server / "snippets" / "10-tls.conf").symlink_to(place.config / snippet)


def check(server, place, block, used, unused):
    """Whether lines in the server's block are taken to use the certificate, or not to."""
    for lines in used:
        assert lay(server, place, block % lines), lines
    for lines in unused:
        assert not lay(server, place, block % lines), lines


def test_nginx(tmp_path):
    server = Nginx(tmp_path / "srv")
    place = Place(tmp_path, "nginx", {"twca_nginx_command": server.command})
    block = "server { listen 127.0.0.1:PORT ssl; server_name www.example.com.tw; %s }"
    key = 'ssl_certificate_key "LIVE/privkey.pem";'
    named = f'{key} ssl_certificate "%s";'
    link(place, "nginx.conf")
    used = (
        'include "CONFIG/nginx.conf";',
        'include "CONFIG//nginx.conf";',
        f'include "../our config/{NAME}/nginx.conf";',
        f'include "../our config/{NAME}/nginx[.]conf";',
        "include snippets/*.conf;",
        named % "LIVE/fullchain.pem",
        named % "LIVE//fullchain.pem",
        named % f"here/{NAME}/live/fullchain.pem",
        named % f"../our twca/{NAME}/live/fullchain.pem",
    )
    other = named % f"../our twca/{NAME}/versions/1/fullchain.pem"
    unused = (
        other,
        f"{other} # include CONFIG/nginx.conf;\n",
        f"{other} # ssl_certificate LIVE/fullchain.pem;\n",
    )
    check(server, place, block, used, unused)
    assert not lay(
        server,
        place,
        'server { location / { proxy_pass http://127.0.0.1:1; proxy_ssl_certificate "LIVE/fullchain.pem"; } }',
    )


def test_apache(tmp_path):
    server = Apache(tmp_path / "srv")
    role = {"twca_apache_command": server.command, "twca_apache_layout": "debian", "twca_apache_curves": ""}
    place = Place(tmp_path, "apache", role)
    block = "<VirtualHost *:PORT>\nServerName www.example.com.tw\n%s\n</VirtualHost>"
    named = 'SSLEngine on\nSSLCertificateKeyFile "LIVE/privkey.pem"\nSSLCertificateFile "%s"'
    link(place, "apache.conf")
    used = (
        'Include "CONFIG/apache.conf"',
        f'Include "../our config/{NAME}/apache.conf"',
        "IncludeOptional snippets/*.conf",
        named % "LIVE/fullchain.pem",
        named % f"here/{NAME}/live/fullchain.pem",
        named % f"../our twca/{NAME}/live/fullchain.pem",
    )
    other = named % f"../our twca/{NAME}/versions/1/fullchain.pem"
    unused = (
        other,
        f"{other}\n# Include CONFIG/apache.conf",
        f"{other}\n<IfDefine No>\nInclude /no\n</IfDefine>",
    )
    check(server, place, block, used, unused)


def test_haproxy(tmp_path):
    config = tmp_path / "etc" / "haproxy.cfg"
    (config.parent / "certs").mkdir(parents=True)
    role = {"twca_server_options": {"config": [str(config)]}}
    place = Place(tmp_path, "haproxy", role)
    (config.parent / "certs" / "www.pem").symlink_to(place.live / "combined.pem")
    (config.parent / "other.pem").write_text((place.live / "combined.pem").read_text())
    (config.parent / "list").write_text(f"www.pem {NAME}\n")

    def uses(line, base=""):
        escaped = str(place.live).replace(" ", "\\ ")
        frontend = f"frontend f\n  mode http\n  timeout client 5s\n  {line}\n"
        text = f"global\n  {base}\ndefaults\n  timeout connect 5s\n  timeout server 5s\n{frontend}"
        config.write_text(
            text.replace("LIVE", str(place.live)).replace("ESCAPED", escaped).replace("HERE", str(config.parent))
        )
        return place.is_in_use()

    bind = "bind 127.0.0.1:1 ssl %s alpn h2"
    assert uses(bind % 'crt "LIVE/combined.pem"')
    assert uses(bind % "crt ESCAPED/combined.pem")
    assert uses(bind % "crt HERE/certs/")
    assert uses(bind % "crt HERE//certs/www.pem")
    assert uses(bind % "crt www.pem", "crt-base HERE/certs")
    assert uses(bind % "crt-list HERE/list", "crt-base HERE/certs")
    assert not uses(bind % "crt HERE/other.pem # crt ESCAPED/combined.pem")
    assert not uses(
        f"{bind % 'crt HERE/other.pem'}\n  default_backend b\nbackend b\n  mode http\n  server s 127.0.0.1:1 ssl verify none crt ESCAPED/combined.pem"
    )


def test_postfix(tmp_path, monkeypatch):
    config = tmp_path / "etc"
    config.mkdir()
    monkeypatch.setenv("MAIL_CONFIG", str(config))
    place = Place(tmp_path, "postfix", {"twca_server_validate": []})
    linked = tmp_path / "live"
    linked.symlink_to(place.live)

    def uses(line, master=""):
        (config / "main.cf").write_text(f"{line}\n")
        (config / "master.cf").write_text(f"smtp inet n - n - - smtpd\n{master}\n")
        return place.is_in_use()

    (config / "sni").write_text(f"www.example.com.tw {linked}/privkey.pem, {linked}/fullchain.pem\n")
    for line in (
        f"smtpd_tls_chain_files = {linked}/combined.pem",
        f"smtpd_tls_cert_file = {place.live}/fullchain.pem",
        f"tls_server_sni_maps = texthash:{config}/sni",
        "tls_server_sni_maps = hash:$config_directory/sni",
        f"tls_server_sni_maps = inline:{{ {{ www.example.com.tw = {linked}/privkey.pem, {linked}/fullchain.pem }} }}",
    ):
        assert uses(line), line
    assert uses("", f"  -o smtpd_tls_chain_files={linked}/combined.pem")
    assert not uses(f"smtp_tls_cert_file = {linked}/fullchain.pem", f"  -o smtp_tls_chain_files={linked}/combined.pem")


def test_dovecot(tmp_path):
    config = tmp_path / "etc" / "dovecot.conf"
    config.parent.mkdir()
    show = ["doveconf", "-n", "-c", str(config)]
    place = Place(tmp_path, "dovecot", {"twca_server_validate": show, "twca_server_options": {"included": show}})
    for line, used in (
        (f"!include {place.config}/dovecot.conf", True),
        (f"ssl_cert = <{place.live}/fullchain.pem", True),
        (f"ssl_cert = <../our twca/{NAME}/live/fullchain.pem", True),
        (f"local_name a.tw {{\n  ssl_cert = <{place.live}/fullchain.pem\n}}", True),
        (f"ssl_cert = <{place.directory}/versions/1/fullchain.pem", False),
        (f"# ssl_cert = <{place.live}/fullchain.pem", False),
    ):
        config.write_text(f"protocols = imap\nssl = yes\nssl_key = <{place.live}/privkey.pem\n{line}\n")
        assert place.is_in_use() is used, line
