# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.twca.ssl.plugins.filter.fleet_report import fleet_report
from ansible_collections.twca.ssl.plugins.module_utils._plan.typed import Problem
from ansible_collections.twca.ssl.plugins.module_utils._report import claims
from ansible_collections.twca.ssl.plugins.module_utils._servers import contract, registry

NAME = "www.example.com.tw"
PLACE = {"host": "127.0.0.1", "port": 443}
ROLE = {
    "twca_directory": "/etc/twca",
    "twca_key_directory": "/srv/keys",
    "twca_portal_host": "portal",
    "twca_proof": True,
    "twca_report_check_revocation": True,
    "twca_report_served": True,
    "twca_server": "nginx",
    "twca_verify": {},
}
CERTIFICATE = {
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
    "problem_kinds": [],
}


def claims_of(*entries, **role):
    given = {**ROLE, **{f"twca_{name}": value for name, value in role.items()}, "twca_certificates": list(entries)}
    return claims.claims("web1", {name: value for name, value in given.items() if value is not None})


def claim(entry, **role):
    (found,) = claims_of({"common_name": NAME, **entry}, **role)
    return found


def reported(found, *certificates, host="web1"):
    looks = [{"directories": [f"/etc/twca/{NAME}"], "certificates": list(certificates), "error": ""}]
    return fleet_report([{"host": host, "claims": found, "looks": looks}], now="2026-11-23T03:00:00Z")


def test_a_plain_entry():
    assert claim({"passphrase": "secret"}) == {
        "common_name": NAME,
        "directory": f"/etc/twca/{NAME}",
        "renew_within": "33%",
        "served": True,
        "endpoint": PLACE,
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
        ({"renew_within": "30d"}, {"renew_within": "40d"}, {"renew_within": "30d"}),
        ({}, {"renew_within": "40d"}, {"renew_within": "40d"}),
        ({"key_host": "keys"}, {}, {"directory": f"/etc/twca/{NAME}"}),
        (
            {"verify": {"port": 8443}},
            {"verify": {"port": 1, "timeout": 2}},
            {"endpoint": {**PLACE, "port": 8443, "timeout": 2}},
        ),
        ({}, {"verify": None}, {"endpoint": PLACE}),
        ({}, {"verify": {"port": 8443}}, {"served": True, "endpoint": {**PLACE, "port": 8443}}),
        ({}, {"verify": {"host": None, "port": 8443}}, {"served": True, "endpoint": {**PLACE, "port": 8443}}),
        ({}, {"verify": {}, "server": "dovecot"}, {"endpoint": {"host": "127.0.0.1", "port": 993}}),
        ({}, {"verify": {}, "server": "postfix"}, {"endpoint": {"host": "127.0.0.1", "port": 25, "starttls": "smtp"}}),
        ({"proof": False}, {}, {"served": False, "endpoint": {}}),
        ({"proof": None}, {}, {"served": True}),
        ({}, {"proof": False}, {"served": False}),
        ({"proof": True}, {"proof": False}, {"served": True}),
        ({}, {"server": None}, {"served": True, "endpoint": PLACE}),
        ({}, {"server": "unheard-of"}, {"served": True, "endpoint": PLACE}),
        ({}, {"server": "none"}, {"served": False}),
        ({"proof": True}, {"server": "none"}, {"served": True}),
        ({"proof": True}, {"report_served": False}, {"served": False}),
        ({"proof": True}, {"server": "iis"}, {"served": False, "directory": f"/srv/keys/{NAME}"}),
        ({}, {"server": "iis", "key_directory": None}, {"directory": f"/etc/twca/{NAME}"}),
        ({}, {"server": "iis", "key_host": "keys", "portal_host": "web1"}, {"directory": f"/srv/keys/{NAME}"}),
        ({"key_directory": "/k", "directory": "C:\\x"}, {"server": "iis"}, {"directory": "/k"}),
    ],
)
def test_what_an_entry_and_the_role_say(entry, role, expected):
    found = claim(entry, **role)
    assert {key: found[key] for key in expected} == expected


def test_it_looks_where_the_kind_of_server_is(monkeypatch):
    kind = contract.Kind()
    kind.port, kind.starttls = 25, "smtp"
    monkeypatch.setattr(registry, "find", lambda _name: kind)
    assert claim({})["endpoint"] == {"host": "127.0.0.1", "port": 25, "starttls": "smtp"}


@pytest.mark.parametrize("entry", ["text", {}, {"common_name": "a b"}, {"common_name": NAME, "force_renew": True}])
def test_an_entry_that_cannot_be_meant_is_a_line_of_the_report(entry):
    found = claims_of(entry, {"common_name": "b.tw"})
    assert found[0]["problem"].startswith("twca_certificates[0]")
    assert [question["directories"] for question in claims.questions(found, ROLE)] == [["/etc/twca/b.tw"]]
    said = {row["common_name"]: row["problems"] for row in reported(found)["certificates"]}
    assert said.pop("b.tw") == ["It was not looked at."]
    ((problem,),) = said.values()
    assert problem.startswith("twca_certificates[0]")


def test_what_is_wrong_in_an_entry_is_a_line_and_the_others_are_looked_at():
    problems = [
        Problem("It is wrong.", "twca_certificates", 1, "b.tw"),
        Problem("So is that.", "twca_certificates", 1, "b.tw"),
    ]
    given = {**ROLE, "twca_certificates": [{"common_name": "a.tw"}, {"common_name": "b.tw"}]}
    found = claims.claims("web1", given, problems)
    assert [(one["common_name"], one.get("problem")) for one in found] == [
        ("a.tw", None),
        ("b.tw", "It is wrong."),
        ("b.tw", "So is that."),
    ]
    assert [question["directories"] for question in claims.questions(found, ROLE)] == [["/etc/twca/a.tw"]]


def test_where_a_variable_is_wrong_nothing_else_is_told_of_the_host():
    problems = [Problem("It is wrong.", "twca_proof"), Problem("So is that.", "twca_certificates", 0, "a.tw")]
    found = claims.claims("web1", {**ROLE, "twca_certificates": [{"common_name": "a.tw"}]}, problems)
    assert found == [
        {"common_name": "?", "directory": None, "problem": "It is wrong."},
        {"common_name": "a.tw", "directory": None, "problem": "So is that."},
    ]


def test_no_certificates():
    assert claims.claims("web1", ROLE) == []


def test_what_is_served_in_one_place_is_looked_at_in_one_call():
    entries = [{"common_name": f"{name}.tw"} for name in "abcd"]
    entries[1]["verify"] = {"port": 8443}
    entries[3]["proof"] = False
    roots = {"twca_trusted_roots": ["/root.pem"], "twca_report_check_revocation": False}
    shared = {"check_revocation": False, "trusted_roots": ["/root.pem"]}
    assert claims.questions(claims_of(*entries), {**ROLE, **roots}) == [
        {**PLACE, **shared, "directories": ["/etc/twca/a.tw", "/etc/twca/c.tw"]},
        {**PLACE, **shared, "port": 8443, "directories": ["/etc/twca/b.tw"]},
        {**shared, "directories": ["/etc/twca/d.tw"]},
    ]


def test_without_roots_of_ones_own():
    (question,) = claims.questions(claims_of({"common_name": NAME}), ROLE)
    assert (question["check_revocation"], "trusted_roots" in question) == (True, False)


def test_odd_characters_stop_no_report():
    odd = "\x7f\ufffe\ud800\x1b[2J\u202e"
    certificate = {
        **CERTIFICATE,
        "issuer": f"CN={odd}",
        "served": None,
        "problems": [f"odd {odd}"],
        "problem_kinds": ["not_served"],
    }
    report = reported(claims_of({"common_name": NAME}), certificate, host=f"web{odd}")
    json.dumps(report, ensure_ascii=False).encode("utf-8")
    assert not set(odd) & set(json.dumps(report, ensure_ascii=False)) - set("[2J")


def test_a_window_longer_than_time_itself():
    (row,) = reported(claims_of({"common_name": NAME, "renew_within": "999999d"}), CERTIFICATE)["certificates"]
    assert (row["state"], row["renew_from"]) == ("due", "2026-09-08T00:00:00Z")
