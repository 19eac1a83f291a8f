# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import types

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.action import twca_variables


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})

    def run(**variables):
        action = twca_variables.ActionModule.__new__(twca_variables.ActionModule)
        action._templar = types.SimpleNamespace(template=lambda value: 443 if value == "{{ port }}" else value)
        return action.run(task_vars={"inventory_hostname": "web1", **variables})

    return run


def test_all_is_well(run):
    assert run(twca_proof="no", twca_report_title="{{ nothing }}") == {"changed": False}


def test_templates_are_filled_in(run):
    result = run(twca_mailbox="{{ port }}", twca_contacts={"billing": {"same_as": "techincal"}})
    assert result["failed"]
    assert result["msg"] == (
        "web1: twca_contacts.billing.same_as is text ('techincal'), and must be one of technical, business; did you mean technical? "
        "web1: twca_mailbox is a number, and must be a dictionary: write its options below it, each with a colon."
    )
