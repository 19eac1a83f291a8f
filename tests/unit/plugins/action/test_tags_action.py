# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pathlib

import pytest
from ansible import context
from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.action import twca_tags

SITE = pathlib.Path(twca_tags.__file__).parents[2] / "playbooks/site.yml"


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})

    def run(playbook, *run_tags):
        monkeypatch.setattr(context, "CLIARGS", {"args": (str(playbook),)})
        action = twca_tags.ActionModule.__new__(twca_tags.ActionModule)
        action.validate_argument_spec = lambda _spec: (None, {"known": ["look", "order"]})
        return action.run(task_vars={"ansible_run_tags": list(run_tags), "ansible_skip_tags": []})

    return run


@pytest.mark.parametrize("playbook", ["twca.ssl.site", SITE])
def test_a_playbook_of_the_collection_refuses_what_it_does_not_have(run, playbook):
    result = run(playbook, "deploy")
    assert result["failed"]
    assert result["msg"].startswith("The playbook twca.ssl.site has no tag deploy;")
    assert "failed" not in run(playbook, "order")


def test_in_a_playbook_of_the_users_own_the_tags_are_the_users(run):
    assert run("/srv/all.yml", "deploy") == {"changed": False}
