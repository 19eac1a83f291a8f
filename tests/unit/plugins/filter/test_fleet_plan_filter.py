# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.twca.ssl.plugins.filter import certificate_claims, claims_with_files, fleet_plan

ROLE = {
    "host": "web1",
    "key_host": "web1",
    "directory": "/etc/twca",
    "key_directory": "/etc/twca",
    "config_directory": "/etc/twca-config",
    "organization": {},
    "shared": {},
}


def test_from_entries_to_a_plan():
    filters = {}
    for module in (certificate_claims, claims_with_files, fleet_plan):
        filters.update(module.FilterModule().filters())
    claimed = filters["certificate_claims"]([{"common_name": "www.example.com.tw"}], ROLE)
    looked = {"item": filters["claims_with_files"](claimed, [[]], "none"), "unreachable": True}
    plan = filters["fleet_plan"]({"web1": {"results": [looked]}}, ["web1"])
    assert plan["due"] == {"web1": ["www.example.com.tw"]}


@pytest.mark.parametrize("looks", [{"web": {"results": [{}]}}, {"web": {"results": [{"item": [{}]}]}}])
def test_anything_else(looks):
    with pytest.raises(AnsibleFilterError, match="looks of the role"):
        fleet_plan.fleet_plan(looks, [])
