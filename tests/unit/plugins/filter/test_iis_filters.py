# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters of the role iis are found by their names, and tell what is wrong as filters do."""

from __future__ import annotations

import importlib

import pytest
from ansible.errors import AnsibleFilterError

CERTIFICATE = {"common_name": "w.tw", "number": 0, "issued": True}
FAILING = {
    "thumbprint": lambda call: call("no certificate"),
    "iis_certificate": lambda call: call(CERTIFICATE, {}, address="h", binding={"port": "x"}, verify={}),
    "claims_endpoints": lambda call: call([{**CERTIFICATE, "server": {"name": "iis"}}], "h", {}, {"port": "x"}),
    "iis_plan": lambda call: call(
        {"thumbprint": "AB", "fullchain": ["leaf"], "bindings": [], "common_name": "w.tw"},
        sites={"results": []},
        leaf={"certificates": []},
        authorities={"certificates": []},
        record={"content": "?"},
        proof=True,
        keep_days=30,
    ),
}


def found(name):
    plugin = importlib.import_module(f"ansible_collections.twca.ssl.plugins.filter.{name}")
    filters = plugin.FilterModule().filters()
    assert list(filters) == [name]
    return filters[name]


@pytest.mark.parametrize("name", FAILING)
def test_what_a_user_got_wrong_is_one_sentence(name):
    with pytest.raises(AnsibleFilterError, match="twca_iis_|thumbprint takes one"):
        FAILING[name](found(name))


def test_the_others_are_found():
    assert found("iis_unproven")({"failed": True, "msg": "m"}, "f") == ["m"]
    assert found("iis_retirement")({"expired": [], "noted": {}, "known": {}}, {}) == {
        "removable": [],
        "left": {},
        "rewritten": False,
    }
    assert found("failure_reason")({"failed": True, "msg": "m"}) == "m"
