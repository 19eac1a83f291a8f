# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan.failure import failure


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({"failed": True, "msg": "no"}, "no"),
        ({"failed": True, "msg": "no ", "stderr": " line\n"}, "no: line"),
        ({"failed": True, "stderr": "line"}, "see above: line"),
        ({"failed": True}, "see above"),
        ({"unreachable": True, "msg": "gone"}, "gone"),
        ({"msg": "odd"}, "odd"),
        ({}, "see above"),
        ({"failed": True, "msg": "One failed", "results": []}, "One failed"),
        ({"failed": True, "msg": "One failed", "results": [{"msg": "fine"}]}, "One failed"),
    ],
)
def test_why_a_task_failed(result, said):
    assert failure(result) == said


def test_of_a_loop_each_failed_round_is_told_once():
    rounds = [{"msg": "fine"}, {"failed": True, "msg": "a"}, {"failed": True, "msg": "b"}, {"failed": True, "msg": "a"}]
    assert failure({"failed": True, "msg": "One or more items failed", "results": rounds}) == "a; b"


def test_a_round_whose_host_was_not_reached_is_told_too():
    rounds = [{"failed": True, "msg": "a"}, {"unreachable": True, "msg": "gone"}]
    assert failure({"failed": True, "results": rounds}) == "a; gone"
