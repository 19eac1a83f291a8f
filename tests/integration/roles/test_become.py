# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``ansible_become`` for all hosts, as in group_vars/all, is for the servers: nobody becomes root on the portal's or the key's host."""

from __future__ import annotations

from stage.example import NAME

SHARED = "shop.example.com.tw"


def sudo(path, line):
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return str(path)


def test_become_of_all_hosts(stage):
    refused = stage.directory / "refused"
    stage.ansible.variables.update(
        ansible_become=True,
        ansible_become_exe=sudo(
            stage.directory / "no-sudo", f'echo "$*" >> {refused}; echo "a password is required" >&2; exit 1'
        ),
        twca_server="none",
        twca_key_directory=str(stage.directory / "keys"),
    )
    # As sudo would: `sudo -H -S -n -u root /bin/sh -c ...`
    own = sudo(stage.directory / "sudo", 'while [ "$1" != /bin/sh ]; do shift; done; exec "$@"')
    stage.hosts["web1"] = {
        "ansible_become_exe": own,
        "twca_certificates": [{"common_name": NAME}, {"common_name": SHARED, "key_host": "localhost"}],
    }
    stage.simulator.configure(approve_after=0)
    stage.run()
    stage.run()
    for place in (stage.place("web1"), stage.place("web1", SHARED), stage.directory / "keys" / SHARED):
        assert (place / "live/cert.pem").exists()
    assert stage.run().changed == 0
    assert not refused.exists(), refused.read_text()
