# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.twca.ssl.plugins.filter.fleet_report import fleet_report
from ansible_collections.twca.ssl.plugins.module_utils._report import claims

NAME = "www.example.com.tw"
VERIFY = {"host": "127.0.0.1", "port": 443}
ROLE = {
    "directory": "/etc/twca",
    "key_directory": "/srv/keys",
    "renew_within": "33%",
    "served": True,
    "proof": True,
    "verify": VERIFY,
    "server": "nginx",
}


def claim(entry, **role):
    (found,) = claims.claims([{"common_name": NAME, **entry}], {**ROLE, **role})
    return found


def test_a_plain_entry():
    assert claim({"passphrase": "secret"}) == {
        "common_name": NAME,
        "directory": f"/etc/twca/{NAME}",
        "renew_within": "33%",
        "served": True,
        "endpoint": VERIFY,
    }


@pytest.mark.parametrize(
    ("entry", "role", "expected"),
    [
        ({"directory": "/d"}, {}, {"directory": "/d"}),
        ({"common_name": "*.example.com.tw"}, {}, {"directory": "/etc/twca/_.example.com.tw"}),
        (
            {"common_name": "DNS:例子.tw"},
            {},
            {"common_name": "xn--fsqu00a.tw", "directory": "/etc/twca/xn--fsqu00a.tw"},
        ),
        ({"renew_within": "30d"}, {}, {"renew_within": "30d"}),
        ({}, {"verify": {}, "server": ""}, {"endpoint": VERIFY}),
        ({}, {"verify": {}, "server": "none", "proof": True}, {"served": False, "endpoint": {}}),
        ({}, {"verify": {}, "server": "dovecot"}, {"endpoint": {"host": "127.0.0.1", "port": 993}}),
        ({}, {"verify": {}, "server": "postfix"}, {"endpoint": {"host": "127.0.0.1", "port": 25, "starttls": "smtp"}}),
        ({"verify": {"port": 8443}}, {}, {"endpoint": {"host": "127.0.0.1", "port": 8443}}),
        ({"proof": False}, {}, {"served": False, "endpoint": {}}),
        ({}, {"proof": False}, {"served": False}),
        ({"proof": True}, {"proof": False}, {"served": True}),
        ({}, {"server": "none"}, {"served": False}),
        ({"proof": True}, {"server": "none"}, {"served": True}),
        ({"proof": True}, {"served": False}, {"served": False}),
        ({"proof": True}, {"server": "iis"}, {"served": False, "directory": f"/srv/keys/{NAME}"}),
        ({"key_directory": "/k", "directory": "C:\\x"}, {"server": "iis"}, {"directory": "/k"}),
    ],
)
def test_what_an_entry_and_the_role_say(entry, role, expected):
    found = claim(entry, **role)
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("entry", ["text", {}, {"common_name": "a b"}, {"common_name": NAME, "force_renew": True}])
def test_an_entry_that_cannot_be_meant_is_a_line_of_the_report(entry):
    found = claims.claims([entry, {"common_name": "b.tw"}], ROLE)
    assert found[0]["problem"].startswith("twca_certificates[0]")
    assert [look["names"] for look in claims.looks(found)] == [["b.tw"]]
    report = fleet_report(claims.hosts(["web1"], [found], [{}]), now="2026-11-23T03:00:00Z")
    said = {row["common_name"]: row["problems"] for row in report["certificates"]}
    assert said.pop("b.tw") == ["It was not looked at."]
    ((problem,),) = said.values()
    assert problem.startswith("Twca_certificates[0]")


def test_what_is_served_in_one_place_is_looked_at_in_one_call():
    entries = [{"common_name": f"{name}.tw"} for name in "abc"]
    entries[1]["verify"] = {"port": 8443}
    found = claims.looks(claims.claims(entries, ROLE))
    assert found == [
        {"endpoint": VERIFY, "directories": ["/etc/twca/a.tw", "/etc/twca/c.tw"], "names": ["a.tw", "c.tw"]},
        {"endpoint": {**VERIFY, "port": 8443}, "directories": ["/etc/twca/b.tw"], "names": ["b.tw"]},
    ]


def test_what_was_seen_on_each_host():
    mine = claims.claims([{"common_name": NAME}], ROLE)
    (look,) = claims.looks(mine)
    certificate = {"source": f"/etc/twca/{NAME}", "issuer": "CN=\x7f\ufffe\ud800\x1b"}
    seen = [
        {"results": [{"item": look, "certificates": [certificate]}]},
        {"results": [{"item": look, "msg": "no"}]},
        {},
    ]
    found = claims.hosts(["a", "b", "c"], [mine, mine, []], seen)
    directories = [f"/etc/twca/{NAME}"]
    assert found == [
        {
            "host": "a",
            "claims": mine,
            "looks": [{"directories": directories, "certificates": [certificate], "error": ""}],
        },
        {"host": "b", "claims": mine, "looks": [{"directories": directories, "certificates": [], "error": "no"}]},
        {"host": "c", "claims": [], "looks": []},
    ]


def test_odd_characters_stop_no_report():
    mine = claims.claims([{"common_name": NAME}], ROLE)
    odd = "\x7f\ufffe\ud800\x1b[2J\u202e"
    certificate = {
        "source": f"/etc/twca/{NAME}",
        "subject_alt_name": [],
        "serial_number": "AB",
        "issuer": f"CN={odd}",
        "not_before": "2026-09-08T00:00:00Z",
        "not_after": "2027-03-25T00:00:00Z",
        "revocation": None,
        "key_matches": True,
        "served": None,
        "problems": [f"odd {odd}"],
    }
    seen = {"results": [{"item": claims.looks(mine)[0], "certificates": [certificate]}]}
    report = fleet_report(claims.hosts([f"web{odd}"], [mine], [seen]), now="2026-11-23T03:00:00Z")
    json.dumps(report, ensure_ascii=False).encode("utf-8")
    assert not set(odd) & set(json.dumps(report, ensure_ascii=False)) - set("[2J")


def test_a_window_longer_than_time_itself():
    mine = claims.claims([{"common_name": NAME, "renew_within": "999999d"}], ROLE)
    certificate = {
        "source": f"/etc/twca/{NAME}",
        "subject_alt_name": [],
        "serial_number": "AB",
        "issuer": "CN=A",
        "not_before": "2026-09-08T00:00:00Z",
        "not_after": "2027-03-25T00:00:00Z",
        "revocation": None,
        "key_matches": True,
        "served": {"matches": True},
        "problems": [],
    }
    seen = {"results": [{"item": claims.looks(mine)[0], "certificates": [certificate]}]}
    (row,) = fleet_report(claims.hosts(["web1"], [mine], [seen]), now="2026-11-23T03:00:00Z")["certificates"]
    assert (row["state"], row["renew_from"]) == ("due", "2026-09-08T00:00:00Z")
