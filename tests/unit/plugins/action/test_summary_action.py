# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.action import twca_summary


class Hosts(dict):
    """A host's variables are costly, so only those of hosts with something to do may be asked for."""

    def __getitem__(self, host):
        assert host != "quiet"
        return super().__getitem__(host)


def test_only_hosts_that_had_something_to_do_are_asked(monkeypatch):
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})
    run = {"busy": ["web1"], "silent": [], "renewals": {"b.tw": None}}
    look = {"claims": [{"common_name": "a.tw", "shown": "a.tw"}], "certificates": [{}]}
    asked = {"unmade": [{"shown": "a.tw", "reason": "missing", "renewal": False}]}
    action = twca_summary.ActionModule.__new__(twca_summary.ActionModule)
    result = action.run(
        task_vars={
            "__twca_fleet": {"due": {}, "may_order": True, "run": run},
            "hostvars": Hosts(web1={"__twca_look": look, "__twca_asked": asked}, quiet={}),
            "ansible_play_hosts": ["web1"],
            "ansible_check_mode": True,
        }
    )
    assert result == {
        "changed": False,
        "lines": [
            "a.tw would be ordered from TWCA (new).",
            "2 certificates: 1 to be ordered, 1 in order. 1 certificate would be ordered: 1 new.",
        ],
    }
