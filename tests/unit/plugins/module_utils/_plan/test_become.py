# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan import become

ROOTS = {"twca_portal_host": "portal1", "ansible_become": True}  # an inventory in which all hosts become root


@pytest.mark.parametrize(
    ("key_host", "variables", "expected"),
    [
        ("web1", {}, True),
        ("web1", {"twca_key_become": False}, True),  # that is about other hosts
        ("web1", {"ansible_become": "no"}, False),
        ("web1", {"ansible_become": None}, False),  # as the play says
        ("portal1", {}, False),
        ("localhost", {}, False),
        ("localhost", {"twca_portal_become": "true"}, True),
        ("localhost", {"twca_key_become": True}, True),
        ("keys1", {}, True),
        ("keys1", {"twca_key_become": "false"}, False),
    ],
)
def test_who_becomes_another_user_at_the_key(key_host, variables, expected):
    given = {**ROOTS, **variables}
    assert become.at_key("web1", key_host, given.get, lambda _host: True, play=False) is expected


@pytest.mark.parametrize("play", [False, True])
def test_the_play_decides_where_the_inventory_says_nothing(play):
    assert become.at_key("web1", "web1", {}.get, lambda _host: None, play=play) is play
    assert become.at_key("web1", "keys1", {}.get, lambda _host: None, play=play) is play
    assert become.at_key("web1", "localhost", {}.get, lambda _host: None, play=play) is False
