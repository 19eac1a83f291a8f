# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._plan import endpoints

NAME = "www.example.com.tw"


def claim(name="nginx", verify=None, **more):
    return {"common_name": NAME, "number": 0, "server": {"name": name, "verify": verify}, **more}


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_what_loopback_serves_is_asked_for_at_the_hosts_address(host):
    assert endpoints.endpoints([claim(verify={"host": host, "port": 25})], "web1") == ["web1:25"]


def test_another_host_is_asked_itself():
    assert endpoints.endpoints([claim(verify={"host": "front", "port": 8443})], "web1") == ["front:8443"]


def test_without_a_proof_of_its_kind_the_variables_count():
    assert endpoints.endpoints([claim()], "web1") == ["web1:443"]
    assert endpoints.endpoints([claim()], "web1", {"port": 1}) == ["web1:1"]
    assert endpoints.endpoints([claim(verify=None) | {"verify": {"port": 2}}], "web1", {"port": 1, "host": "h"}) == [
        "h:2"
    ]


def test_an_address_of_ipv6_is_in_brackets():
    assert endpoints.endpoints([claim()], "2001:db8::5") == ["[2001:db8::5]:443"]


def test_iis_is_asked_at_each_of_its_bindings():
    bindings = [{}, {"port": 8443}, {"site": "Shop"}, {"verify": {"host": "127.0.0.1", "port": 9}}]
    found = endpoints.endpoints([claim("iis", iis_bindings=bindings)], "win1", {"host": "front"}, {"port": 444})
    assert found == ["front:444", "front:8443", "win1:9"]


def test_a_binding_that_cannot_be_meant():
    with pytest.raises(InputError, match="twca_iis_binding.port"):
        endpoints.endpoints([claim("iis")], "win1", None, {"port": "x"})


def test_each_place_of_all_claims_is_told_once():
    claims = [claim(verify={"host": host}) for host in ("b", "a", "b")]
    assert endpoints.endpoints([*claims, claim("iis")], "win1") == ["b:443", "a:443", "win1:443"]


def test_nothing_is_claimed_nowhere():
    assert endpoints.endpoints([], "web1") == []
