# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._pki import eligible
from ansible_collections.twca.ssl.plugins.module_utils._pki.subject import Subject


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("intranet", "has no dot"),
        ("tas020-4", "has no dot"),
        ("www.corp.local", "ends in .local"),
        ("WWW.CORP.LOCAL", "ends in .local"),
        ("db.example.internal", "ends in .internal"),
        ("*.office.lan", "ends in .lan"),
        ("www.example", "ends in .example"),
        ("nas.home.arpa", "ends in .home.arpa"),
        ("com.tw", "is a registry's"),
        ("*.com.tw", "is for all that is registered below com.tw"),
        ("*.xn--kpry57d", "is for all that is registered below"),
        ("10.1.2.3", "private network"),
        ("172.16.0.1", "private network"),
        ("192.168.1.1", "private network"),
        ("100.64.0.1", "private network, or reserved"),
        ("240.0.0.1", "private network, or reserved"),
        ("fd00::1", "private network"),
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("0.0.0.0", "loopback"),
        ("169.254.169.254", "link-local"),
        ("fe80::1", "link-local"),
        ("192.0.2.1", "documentation"),
        ("198.51.100.7", "documentation"),
        ("203.0.113.7", "documentation"),
        ("2001:db8::17", "documentation"),
        ("::ffff:10.0.0.1", "private network"),
        ("224.0.0.1", "multicast"),
    ],
)
def test_names_that_no_public_authority_certifies(name, why):
    assert why in (eligible.obstacle(name) or "")


@pytest.mark.parametrize(
    "name",
    [
        "www.example.com.tw", "*.example.com.tw", "example.tw", "a.b.c.gov.tw", "xn--fsqu00a.xn--kpry57d", "local.example.tw",
        "www.mylocal.tw", "lan.tw", "8.8.8.8", "2001:4860:4860::8888", "168.95.1.1",
    ],
)  # fmt: skip
def test_names_that_nothing_is_known_against(name):
    assert eligible.obstacle(name) is None


def test_gaps_of_a_subject():
    whole = {"organization": "Example", "locality": "Taipei", "state_or_province": "Taiwan"}
    assert eligible.gaps(whole) == []
    assert eligible.gaps({}) == ["organization", "locality", "state_or_province"]
    assert eligible.gaps({**whole, "locality": " ", "organization": None}) == ["organization", "locality"]


@pytest.mark.parametrize(
    "state", ["TPE", "TW-TPE", "tw-tpe", "Tpe", "NTPC", "KHH", "TW", "T.P.E.", "R.O.C", "Tpe.", "US-CA"]
)
def test_an_abbreviated_province_is_refused(state):
    with pytest.raises(InputError, match="state_or_province must not be abbreviated"):
        Subject("www.example.tw", state_or_province=state)


@pytest.mark.parametrize(
    "state",
    ["Taiwan", "TAIWAN", "Taipei City", "New Taipei", "Ilan", "IOWA", "Goa", "Taiwan (R.O.C.)", "Taiwan, R.O.C"],
)
def test_a_whole_province_is_taken(state):
    assert Subject("www.example.tw", state_or_province=state).state_or_province == state


def test_another_countrys_province_may_be_spelled_as_a_county_of_taiwan():
    assert Subject("www.example.tw", country="TH", state_or_province="Nan").state_or_province == "Nan"
