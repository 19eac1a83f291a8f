# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Postfix is given."""

from __future__ import annotations

from ansible_collections.twca.ssl.plugins.module_utils._servers.kinds.postfix import KIND
from kind_facts import LIVE, Facts


def test_it_may_read_one_file_or_two():
    found = Facts(KIND)
    assert (found.files, found.wants) == ([], ["combined"])
    assert found.uses == [f"{LIVE}/combined.pem", f"{LIVE}/fullchain.pem", f"{LIVE}/cert.pem"]


def test_it_is_proven_as_a_mail_server():
    assert (KIND.port, KIND.starttls) == (25, "smtp")


def test_its_commands():
    commands = Facts(KIND).commands
    assert commands.validate == ["/usr/sbin/postfix", "check"]
    assert commands.reload == ["systemctl", "reload-or-restart", "postfix"]
    assert commands.included[:2] == ["/bin/sh", "-c"]
    assert commands.included[-1] == "tls_server_sni_maps"
