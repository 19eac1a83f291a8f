# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import types

from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.action import twca_ask

CLAIM = {"common_name": "a.tw", "shown": "a.tw", "number": 0, "given": ["common_name"], "key_host": "web1"}
MADE = {"item": CLAIM, "needed": True, "reason": "due", "csr": "CSR", "public_key_sha256": "ab"}


def ask(monkeypatch, **arguments):
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})
    action = twca_ask.ActionModule.__new__(twca_ask.ActionModule)
    action._task = types.SimpleNamespace(args=arguments)
    action._templar = types.SimpleNamespace(
        template=lambda value: value.replace("{{ vault }}", "secret") if isinstance(value, str) else value
    )
    variables = {
        "inventory_hostname": "web1",
        "twca_certificates": [{"common_name": "a.tw"}],
        "twca_passphrase": "{{ vault }}",
    }
    return action.run(task_vars=variables)


def test_variables_are_read_as_templates(monkeypatch):
    result = ask(monkeypatch, made=[MADE])
    assert (result["host"], result["changed"], result["unmade"]) == ("web1", False, [])
    assert result["requests"][0]["request"] == {"csr_content": "CSR", "holder": "web1", "passphrase": "secret"}


def test_nothing_made(monkeypatch):
    assert ask(monkeypatch)["requests"] == []
