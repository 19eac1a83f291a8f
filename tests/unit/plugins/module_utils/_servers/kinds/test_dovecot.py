# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Dovecot is given."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._servers.kinds.dovecot import KIND
from kind_facts import LIVE, NAME, Facts


@pytest.mark.parametrize(
    ("version", "lines"),
    [
        ("2.3", [f"ssl_cert = <{LIVE}/fullchain.pem", f"ssl_key = <{LIVE}/privkey.pem"]),
        (2.4, [f"ssl_server_cert_file = {LIVE}/fullchain.pem", f"ssl_server_key_file = {LIVE}/privkey.pem"]),
    ],
)
def test_the_file_to_include(version, lines):
    found = Facts(KIND, version=version)
    (file,) = found.files
    assert file.path == f"/etc/twca-config/{NAME}/dovecot.conf"
    assert file.content.splitlines()[1:] == lines
    assert found.advice == f"!include {file.path} in dovecot.conf"


def test_without_a_file_its_own_configuration_names_the_certificate():
    found = Facts(KIND, snippet="no")
    assert (found.files, found.advice) == ([], f"name {LIVE}/fullchain.pem in its configuration")


def test_whether_it_is_in_use_is_told_by_the_certificate():
    assert Facts(KIND).uses == [f"{LIVE}/fullchain.pem", f"{LIVE}/cert.pem"]
    assert Facts(KIND).wants == []


def test_its_commands_and_its_port():
    commands = Facts(KIND).commands
    assert commands.validate == commands.included == ["/usr/bin/doveconf", "-n"]
    assert commands.reload == ["systemctl", "reload-or-restart", "dovecot"]
    assert (KIND.port, KIND.starttls) == (993, None)


def test_another_version_is_told():
    with pytest.raises(InputError, match=r"^twca_server_options.version is .*2.3, 2.4"):
        Facts(KIND, version="2.2")
