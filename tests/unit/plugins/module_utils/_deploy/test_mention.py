# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server's configuration mentions."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._deploy import mention


@pytest.fixture
def live(tmp_path):
    """A certificate directory's link to its live version."""
    version = tmp_path / "twca" / "www" / "versions" / "1"
    version.mkdir(parents=True)
    (tmp_path / "twca" / "www" / "versions" / "0").mkdir()
    for name in ("fullchain.pem", "combined.pem", "bundle.p12"):
        (version / name).touch()
    link = tmp_path / "twca" / "www" / "live"
    link.symlink_to("versions/1")
    return link


def is_named(live, text):
    paths = [live / name for name in ("fullchain.pem", "combined.pem", "bundle.p12")]
    return bool(mention.named(paths, text.replace("LIVE", str(live))))


@pytest.mark.parametrize(
    "text",
    [
        "LIVE/fullchain.pem",
        "ssl_cert = <LIVE/fullchain.pem",
        "ssl_cert=<LIVE/fullchain.pem",
        "local_name a {\n  ssl_cert = </etc/other.pem\n  ssl_cert = < LIVE/fullchain.pem # ours\n}",
        "ssl_server_cert_file = LIVE/fullchain.pem",
        "    bind :443 ssl crt LIVE/combined.pem alpn h2,http/1.1",
        "crt LIVE/combined.pem [alpn h2] www.example.com.tw",
        "/etc/a.pem,LIVE/combined.pem",
        "/etc/a.pem, LIVE/combined.pem\n\n",
        '<Certificate certificateKeystoreFile="LIVE/bundle.p12" />',
        "<Certificate certificateKeystoreFile='LIVE/bundle.p12'/>",
        "<!-- an old one --><Certificate certificateKeystoreFile='LIVE/bundle.p12'/><!-- another -->",
        "certificate LIVE/fullchain.pem;",
        'ssl_certificate "LIVE/fullchain.pem";',
        "server {\n  ssl_certificate LIVE/./fullchain.pem; # and its key\n}",
        "server { server_name a; ssl_certificate LIVE//fullchain.pem; proxy_ssl_certificate /etc/client.pem; }",
        """log_format a '# not a comment'; ssl_certificate LIVE/fullchain.pem;""",
        "sub_filter '<!-- begin' ''; \nssl_certificate LIVE/fullchain.pem;",
        "Server certificates:\n  LIVE/fullchain.pem",
        "bind :443 ssl crt-list /nowhere crt LIVE/combined.pem",
        "tls_server_sni_maps = inline:{ { www.example.com.tw = LIVE/privkey.pem, LIVE/fullchain.pem } }",
    ],
)
def test_what_is_named(live, text):
    assert is_named(live, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# LIVE/fullchain.pem",
        "   #ssl_cert = <LIVE/fullchain.pem",
        "bind :443 ssl crt /etc/old.pem # crt LIVE/combined.pem",
        "LIVE/cert.pem",
        "LIVE/fullchain.pem.old",
        "xLIVE/fullchain.pem",
        "LIVE",
        "<!-- <Certificate\n certificateKeystoreFile='LIVE/bundle.p12'/>\n-->",
        "<!-- never closed LIVE/bundle.p12",
        "server { listen 443 ssl;# ssl_certificate LIVE/fullchain.pem;\n}",
        "proxy_ssl_certificate LIVE/fullchain.pem;",
        "ssl_trusted_certificate LIVE/fullchain.pem;",
        "SSLProxyMachineCertificateFile LIVE/combined.pem",
        "  server s1 192.0.2.1:443 ssl verify none crt LIVE/combined.pem",
        "bind :443 ssl crt /etc/old.pem ca-file LIVE/fullchain.pem verify required",
    ],
)
def test_what_is_not_named(live, text):
    assert not is_named(live, text)


def test_paths_are_compared_as_they_really_are(live, tmp_path):
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs" / "www.pem").symlink_to(live / "combined.pem")
    (tmp_path / "other").symlink_to("twca")
    assert mention.named([live / "combined.pem"], f"crt {tmp_path}/certs/www.pem") == {live / "combined.pem"}
    assert mention.named([live / "combined.pem"], f"crt {tmp_path}/other/www/live/combined.pem")
    assert mention.named([live / "combined.pem"], f"bind :443 ssl crt {tmp_path}/certs/")
    assert not mention.named([live / "combined.pem"], f"Alias /certs {tmp_path}/certs/")


def test_a_version_is_not_the_live_one(live):
    """What names a version is not reached by the next one, whatever way leads there."""
    wanted, version = live / "fullchain.pem", live.parent / "versions/1"
    (live.parent / "current").symlink_to("versions/1")
    (live.parent / "mine").symlink_to("live")
    (live.parent / "loop").symlink_to("loop")
    for way in (version, version.parent / "0/../1", live.parent / "current", live.parent / "loop"):
        assert not mention.named([wanted], f"ssl_certificate {way}/fullchain.pem;")
    for way in (live, live.parent / "mine", live.parent / "versions/../mine", version.parent / "0/../../live"):
        assert mention.named([wanted], f"ssl_certificate {way}/fullchain.pem;")


@pytest.fixture
def blanks(tmp_path):
    """A certificate directory whose path has blanks."""
    live = tmp_path / "our twca" / "live"
    live.mkdir(parents=True)
    (live / "fullchain.pem").touch()
    return live / "fullchain.pem"


@pytest.mark.parametrize(
    "text",
    [
        'crt "PATH"',
        "crt 'PATH' alpn h2",
        "ssl_cert = <PATH",
        'ssl_cert = <"PATH"',
        "  PATH",
        "x = PATH ",
        "crt ESCAPED",
    ],
)
def test_paths_with_blanks(blanks, text):
    text = text.replace("PATH", str(blanks)).replace("ESCAPED", str(blanks).replace(" ", "\\ "))
    assert mention.named([blanks], text)


@pytest.mark.parametrize(
    "text",
    [
        "# configuration file ETC/nginx.conf:\nssl_certificate ../twca/www/live/fullchain.pem;",
        "# 2.3.19.1 (9b53102964): ETC/dovecot.conf\nssl_cert = <../twca/www/live/fullchain.pem",
        "  (*) ETC/httpd.conf\nServer certificates:\n  ../twca/www/live/fullchain.pem",
        "  (*) ETC/conf/httpd.conf\nServer certificates:\n  twca/www/live/fullchain.pem",
        "  (*) ETC/conf/httpd.conf\n    (3) ETC/conf/old.conf\n",
        "==> ETC/haproxy.cfg <==\nglobal\n  crt-base ETC/../twca\n bind :443 ssl crt www/live/fullchain.pem",
        "==> ETC/haproxy.cfg <==\n  bind :443 ssl crt-list ETC/list",
        '==> ETC/server.xml <==\n<Certificate certificateFile="conf/../twca/www/live/fullchain.pem"/>',
        "==> ETC/server.xml <==\n<Certificate certificateFile='${catalina.base}/conf/../twca/www/live/fullchain.pem'/>",
        "texthash:ETC/sni, hash:ETC/other",
    ],
)
def test_what_begins_or_is_listed_elsewhere(live, tmp_path, text):
    conf = tmp_path / "etc" / "conf"
    conf.mkdir(parents=True)
    (conf / "httpd.conf").write_text(f'ServerRoot "{tmp_path}"\n')
    (conf / "old.conf").write_text(f"SSLCertificateFile {live}/fullchain.pem\n")
    (conf.parent / "list").write_text(f"# all\n{live}/fullchain.pem [alpn h2]\n")
    (conf.parent / "sni").write_text(f"www.example.com.tw {live}/privkey.pem, {live}/fullchain.pem\n")
    assert mention.named([live / "fullchain.pem"], text.replace("ETC", str(conf.parent)))
    assert not mention.named([live / "fullchain.pem"], text.replace("ETC", "/elsewhere"))


def test_files_that_are_loaded_by_a_link(tmp_path):
    (tmp_path / "nginx.conf").touch()
    (tmp_path / "10-www.conf").symlink_to("nginx.conf")
    assert mention.is_loaded(tmp_path / "nginx.conf", f"# configuration file {tmp_path}/10-www.conf:\n")
    assert mention.is_loaded(tmp_path / "nginx.conf", f"    (12) {tmp_path}//nginx.conf\n")


def test_what_is_not_there_yet_may_be_named(tmp_path):
    path = tmp_path / "twca" / "live" / "fullchain.pem"
    assert mention.named([path], f"</{path}") == {path}


def test_many_comments_that_are_never_closed_take_no_time(live):
    assert not is_named(live, "<!-- " * 1_000_000)
