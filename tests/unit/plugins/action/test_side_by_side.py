# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import types

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.action.twca_side_by_side import ActionModule


@pytest.fixture
def run(monkeypatch):
    """The action in a play with a strategy, within an included file."""
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})

    def run(strategy):
        block = types.SimpleNamespace(_play=types.SimpleNamespace(strategy=strategy), _parent=None)
        include = types.SimpleNamespace(_parent=block)
        action = ActionModule.__new__(ActionModule)
        action._task = types.SimpleNamespace(_parent=include)
        return action.run(task_vars={})

    return run


@pytest.mark.parametrize("strategy", ["linear", "debug", "ansible.builtin.linear", "mitogen_linear"])
def test_hosts_that_go_side_by_side(run, strategy):
    assert run(strategy) == {"changed": False}


@pytest.mark.parametrize(
    "strategy", ["free", "ansible.builtin.free", "host_pinned", "mitogen_free", "somebody.else.linearly"]
)
def test_hosts_that_go_their_own_way(run, strategy):
    result = run(strategy)
    assert result["failed"]
    assert f"The play's strategy is {strategy}," in result["msg"]
    assert "twca.ssl.site" in result["msg"]
