# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.action import twca_answers

ANSWER = {"host": "web2", "common_name": "a.tw", "status": "pending", "changed": True, "diff": [{"after": "apply"}]}


@pytest.mark.parametrize("may_order", [True, False])
def test_what_was_ordered_for_a_host_is_its_change(monkeypatch, may_order):
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})
    known = {"__twca_spokesman": "web1", "__twca_fleet": {"may_order": may_order}}
    hosts = {
        "web1": {**known, "__twca_answers": [ANSWER], "__twca_asked": {"requests": [], "refused": []}},
        "web2": {**known, "__twca_asked": {"requests": [0], "refused": []}},
    }

    def run(host):
        action = twca_answers.ActionModule.__new__(twca_answers.ActionModule)
        return action.run(task_vars={"inventory_hostname": host, "hostvars": hosts})

    nothing = {"changed": False, "diff": [], "issued": {}, "person_needed": []}
    assert run("web1") == nothing
    assert run("web2") == ({**nothing, "changed": True, "diff": ANSWER["diff"]} if may_order else nothing)
