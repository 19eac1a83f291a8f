# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.twca.ssl.plugins.filter.order_requests import FilterModule

order_requests = FilterModule().filters()["order_requests"]

DUE = [
    {"common_name": "a.tw", "reason": "missing", "csr": "CSR A", "directory": "/etc/twca/a.tw"},
    {"common_name": "b.tw", "reason": "due", "csr": "CSR B"},
]
SHARED = {"passphrase": "shared", "delivery": None, "allow_order": True}


def test_an_entrys_own_options_go_before_what_is_shared():
    entries = [
        {"common_name": "b.tw", "passphrase": "own", "delivery": "mailbox", "keep": 5},
        {"common_name": "a.tw"},
        {"common_name": "c.tw"},
    ]
    assert order_requests(DUE, entries, SHARED) == [
        {
            "common_name": "a.tw",
            "reason": "missing",
            "request": {"csr_content": "CSR A", "passphrase": "shared", "allow_order": True},
        },
        {
            "common_name": "b.tw",
            "reason": "due",
            "request": {"csr_content": "CSR B", "passphrase": "own", "delivery": "mailbox", "allow_order": True},
        },
    ]


def test_whether_money_may_be_spent_is_no_entrys_affair():
    entries = [{"common_name": "a.tw", "allow_order": True}]
    (asked,) = order_requests(DUE[:1], entries, {"allow_order": False})
    assert asked["request"]["allow_order"] is False


def test_check_mode_made_no_csr():
    assert order_requests([{**DUE[0], "csr": None}], [{"common_name": "a.tw"}], SHARED) == []


@pytest.mark.parametrize("entries", [[], [{}], [{"common_name": "b.tw"}]])
def test_what_does_not_belong_together(entries):
    with pytest.raises(AnsibleFilterError, match="These are not what is due for twca_certificates"):
        order_requests(DUE, entries, SHARED)
