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
    assert not mention.named([live / "combined.pem"], f"crt {tmp_path}/certs")


def test_what_is_not_there_yet_may_be_named(tmp_path):
    path = tmp_path / "twca" / "live" / "fullchain.pem"
    assert mention.named([path], f"</{path}") == {path}


def test_many_comments_that_are_never_closed_take_no_time(live):
    assert not is_named(live, "<!-- " * 1_000_000)
