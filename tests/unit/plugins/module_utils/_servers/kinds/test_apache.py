# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Apache is given."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._servers import settings
from ansible_collections.twca.ssl.plugins.module_utils._servers.kinds.apache import KIND

CLAIM = {
    "common_name": "www.example.com.tw",
    "server_directory": "/etc/twca/www.example.com.tw",
    "config_directory": "/etc/twca-config/www.example.com.tw",
}
DEBIAN, REDHAT = {"/etc/apache2": True}, {"/etc/apache2": False}
BLOCK = "twca-www.example.com.tw.conf"
SNIPPET = """\
# Written by Ansible (twca.ssl.apache): include this in the virtual host of www.example.com.tw.
SSLEngine on
SSLCertificateFile /etc/twca/www.example.com.tw/live/fullchain.pem
SSLCertificateKeyFile /etc/twca/www.example.com.tw/live/privkey.pem

# Mozilla's "intermediate" profile
SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
SSLOpenSSLConfCmd Curves X25519:prime256v1:secp384r1
SSLHonorCipherOrder off
SSLSessionTickets off

# The site's seal, and what else belongs to this certificate
IncludeOptional /etc/twca-config/www.example.com.tw/apache-*.conf
"""


def of_role(**given):
    return settings.of_role(KIND, {f"twca_apache_{name}": value for name, value in given.items()})


def files(claim=CLAIM, seen=DEBIAN, **given):
    return KIND.files(claim, of_role(**given), seen)


def test_the_snippet_alone_by_default():
    (snippet,) = files()
    assert snippet.content == SNIPPET
    assert snippet.path == "/etc/twca-config/www.example.com.tw/apache.conf"
    assert snippet.formerly == "/etc/twca/www.example.com.tw/apache.conf"


def test_the_snippet_says_what_the_variables_say():
    text = files(protocols="P", ciphers="A:B", curves="", hsts=1)[0].content
    assert "\nSSLProtocol P\nSSLCipherSuite A:B\nSSLHonorCipherOrder off\n" in text
    assert '\nHeader always set Strict-Transport-Security "max-age=1"\n' in text


def test_the_chain_may_have_a_file_of_its_own():
    text = files(split_chain="true")[0].content
    assert "live/cert.pem\nSSLCertificateChainFile /etc/twca/www.example.com.tw/live/chain.pem\n" in text
    assert "fullchain" not in text


def test_the_seal_has_a_file_of_its_own():
    _snippet, seal = files({**CLAIM, "seal": "A1"})
    assert seal.path == "/etc/twca-config/www.example.com.tw/apache-seal.conf"
    assert seal.content.splitlines()[0].startswith(
        "# Written by Ansible (twca.ssl.apache): the seal A1; where mod_include"
    )
    assert seal.content.splitlines()[2:] == [
        "Alias /twca-seal/ /etc/twca-config/www.example.com.tw/seal/",
        "<Directory /etc/twca-config/www.example.com.tw/seal>",
        "    AllowOverride None",
        "    Require all granted",
        "</Directory>",
    ]


def test_a_whole_virtual_host_on_request():
    claim = {**CLAIM, "subject_alt_name": ["api.example.com.tw", "www.example.com.tw"]}
    block = files(claim, server=True, listen="*:8443", extra="DocumentRoot /srv")[1]
    assert block.content == (
        "# Written by Ansible (twca.ssl.apache).\n"
        "<VirtualHost *:8443>\n"
        "    ServerName www.example.com.tw\n"
        "    ServerAlias api.example.com.tw\n"
        "    Include /etc/twca-config/www.example.com.tw/apache.conf\n"
        "    DocumentRoot /srv\n"
        "</VirtualHost>\n"
    )
    assert "ServerAlias" not in files(server=True)[1].content


@pytest.mark.parametrize(
    ("seen", "given", "path", "link", "elsewhere"),
    [
        (DEBIAN, {}, "/etc/apache2/sites-available", "/etc/apache2/sites-enabled", ()),
        (REDHAT, {}, "/etc/httpd/conf.d", None, ()),
        (None, {}, "/etc/apache2/sites-available", "/etc/apache2/sites-enabled", (f"/etc/httpd/conf.d/{BLOCK}",)),
        (None, {"layout": "redhat"}, "/etc/httpd/conf.d", None, ()),
        (REDHAT, {"layout": "debian"}, "/etc/apache2/sites-available", "/etc/apache2/sites-enabled", ()),
        (None, {"sites": "/srv/sites", "sites_enabled": ""}, "/srv/sites", None, ()),
    ],
)
def test_where_a_virtual_host_belongs(seen, given, path, link, elsewhere):
    block = files(seen=seen, server=True, **given)[1]
    assert (block.path, block.link) == (f"{path}/{BLOCK}", link and f"{link}/{BLOCK}")
    assert tuple(block.elsewhere) == elsewhere


def test_the_commands_of_the_layouts():
    debian, redhat = (KIND.commands(of_role(), seen) for seen in (DEBIAN, REDHAT))
    assert debian.validate == ["/usr/sbin/apachectl", "-t"]
    assert debian.included == ["/usr/sbin/apachectl", "-t", "-D", "DUMP_INCLUDES", "-D", "DUMP_CERTS"]
    assert debian.reload == ["systemctl", "reload-or-restart", "apache2"]
    assert debian.prepare == [["/usr/sbin/a2enmod", "ssl"]]
    assert redhat.validate == ["/usr/sbin/httpd", "-t"]
    assert redhat.reload == ["systemctl", "reload-or-restart", "httpd"]
    assert redhat.prepare == []


@pytest.mark.parametrize(
    ("seen", "given", "modules"),
    [
        (DEBIAN, {"hsts": 1}, ["ssl", "headers"]),
        (REDHAT, {"hsts": 1}, []),
        (DEBIAN, {"hsts": 1, "modules": ["ssl"]}, ["ssl"]),
        (DEBIAN, {"modules": []}, []),
    ],
)
def test_the_modules_that_are_enabled(seen, given, modules):
    assert [command[1] for command in KIND.commands(of_role(**given), seen).prepare] == modules


def test_an_unknown_layout_names_the_variable():
    with pytest.raises(InputError, match="^twca_apache_layout is .*auto, debian, redhat"):
        of_role(layout="suse")
