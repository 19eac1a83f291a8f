# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What HAProxy is given."""

from __future__ import annotations

import subprocess

from ansible_collections.twca.ssl.plugins.module_utils._deploy import mention
from ansible_collections.twca.ssl.plugins.module_utils._servers.kinds.haproxy import KIND
from kind_facts import LIVE, Facts


def test_it_reads_one_file_that_its_configuration_names():
    found = Facts(KIND)
    assert (found.files, found.wants) == ([], ["combined"])
    assert found.uses == [f"{LIVE}/combined.pem", f"{LIVE}/fullchain.pem"]
    assert found.advice == f"name {LIVE}/combined.pem in its configuration"
    assert (KIND.port, KIND.starttls, KIND.owner) == (443, None, None)


def test_its_commands():
    commands = Facts(KIND).commands
    assert commands.validate == ["/usr/sbin/haproxy", "-c", "-f", "/etc/haproxy/haproxy.cfg"]
    assert commands.reload == ["systemctl", "reload-or-restart", "haproxy"]
    assert commands.included[:2] == ["find", "-L"]


def test_its_configuration_may_be_many_files():
    commands = Facts(KIND, config=["/etc/haproxy/haproxy.cfg", "/srv/lb/a.cfg", "/srv/lb/b.cfg"]).commands
    assert commands.validate[2:] == ["-f", "/etc/haproxy/haproxy.cfg", "-f", "/srv/lb/a.cfg", "-f", "/srv/lb/b.cfg"]
    assert commands.included[:4] == ["find", "-L", "/etc/haproxy", "/srv/lb"]


def test_the_users_commands_come_first():
    commands = Facts(KIND, validate=[], reload=["again"], included=["tell"]).commands
    assert (commands.validate, commands.reload, commands.included) == ([], ["again"], ["tell"])


def test_what_is_printed_names_files_lists_and_links(tmp_path):
    """The command is run, and read as twca_install does."""
    live = tmp_path / "combined.pem"
    live.touch()
    place = tmp_path / "haproxy"
    (place / "certs").mkdir(parents=True)
    command = Facts(KIND, config=[f"{place}/haproxy.cfg"]).commands.included

    def is_named():
        return bool(mention.named([live], subprocess.run(command, capture_output=True, text=True, check=True).stdout))

    (place / "haproxy.cfg").write_text(f"frontend f\n  bind :443 ssl crt /etc/other.pem\n  # crt {live}\n")
    assert not is_named()
    (place / "haproxy.cfg").write_text(f"frontend f\n  bind :443 ssl crt {live} alpn h2\n")
    assert is_named()
    (place / "haproxy.cfg").write_text("frontend f\n")
    (place / "conf.d").mkdir()
    (place / "conf.d" / "www.cfg").write_text(f"frontend f\n  bind :443 ssl crt {live}\n")
    assert is_named()
    (place / "conf.d" / "www.cfg").unlink()
    (place / "haproxy.cfg").write_text(f"frontend f\n  bind :443 ssl crt-list {place}/certificates\n")
    assert not is_named()
    (place / "certificates").write_text(f"{live} [alpn h2] www.example.com.tw\n")
    assert is_named()
    (place / "haproxy.cfg").write_text("frontend f\n")
    (place / "certs" / "www").symlink_to(live)
    assert not is_named()
    (place / "haproxy.cfg").write_text(f"frontend f\n  bind :443 ssl crt {place}/certs/\n")
    assert is_named()
    (place / "haproxy.cfg").write_text(f"global\n  crt-base {place}/certs\nfrontend f\n  bind :443 ssl crt www\n")
    assert is_named()
    (place / "haproxy.cfg").write_text(f"backend b\n  server s 192.0.2.1:443 ssl verify none crt {live}\n")
    assert not is_named()
