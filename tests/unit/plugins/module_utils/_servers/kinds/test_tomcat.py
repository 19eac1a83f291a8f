# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Tomcat is given."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._servers.kinds.tomcat import KIND
from kind_facts import LIVE, Facts

ENTRY = {"pkcs12_passphrase": None}


def test_it_reads_a_pkcs12_as_its_own_user():
    found = Facts(KIND, entry=ENTRY)
    assert (found.files, found.wants) == ([], ["pkcs12"])
    assert found.uses == [f"{LIVE}/bundle.p12", f"{LIVE}/fullchain.pem", f"{LIVE}/cert.pem"]
    assert found.advice == f"name {LIVE}/bundle.p12 in its configuration"
    assert (KIND.port, KIND.starttls, KIND.owner) == (8443, None, "tomcat")


def test_a_pkcs12_needs_a_passphrase():
    with pytest.raises(
        InputError, match="^here has no pkcs12_passphrase, .*: give one, or set twca_server_options.keystore"
    ):
        Facts(KIND)


def test_it_may_read_pem_files():
    found = Facts(KIND, keystore="pem")
    assert (found.wants, found.uses) == ([], [f"{LIVE}/fullchain.pem", f"{LIVE}/cert.pem"])


@pytest.mark.parametrize(
    ("seen", "service"),
    [
        (None, "tomcat10"),
        ({}, "tomcat10"),
        ({"/etc/tomcat": True}, "tomcat"),
        ({"/etc/tomcat9": True, "/etc/tomcat10": False}, "tomcat9"),
        ({"/etc/tomcat11": True, "/etc/tomcat10": True}, "tomcat11"),
    ],
)
def test_its_commands_follow_the_package(seen, service):
    commands = Facts(KIND, seen, entry=ENTRY).commands
    assert commands.validate == ()
    assert commands.reload == ["systemctl", "restart", service]
    assert commands.included == ["tail", "-v", "-n", "+1", f"/etc/{service}/server.xml"]


def test_a_place_of_its_own():
    commands = Facts(KIND, entry=ENTRY, service="shop", config="/srv/shop/conf/server.xml").commands
    assert commands.reload == ["systemctl", "restart", "shop"]
    assert commands.included == ["tail", "-v", "-n", "+1", "/srv/shop/conf/server.xml"]


def test_through_its_manager_it_is_not_restarted_and_the_password_is_no_argument():
    commands = Facts(
        KIND, entry=ENTRY, netrc="/etc/tomcat10-manager.netrc", manager="http://127.0.0.1:9090/m/text/sslReload"
    ).commands
    assert commands.reload[:3] == ["curl", "--netrc-file", "/etc/tomcat10-manager.netrc"]
    assert "--fail" in commands.reload
    assert commands.reload[-1] == "http://127.0.0.1:9090/m/text/sslReload"
