# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan import requests
from ansible_collections.twca.ssl.plugins.module_utils._plan.requests import batches

VARIABLES = {"twca_passphrase": "shared", "twca_delivery": None, "twca_mailbox": "", "twca_allow_order": True}


def claim(name, number=0, **more):
    return {
        "common_name": name,
        "shown": f"{name}!",
        "number": number,
        "given": ["common_name"],
        "host": "web1",
        "key_host": "keys",
        **more,
    }


def made(name, number=0, csr="CSR", **more):
    return {
        "item": claim(name, number),
        "needed": True,
        "reason": "due",
        "csr": csr,
        "public_key_sha256": f"hash of {name}",
        **more,
    }


def plan(**discards):
    return {"due": {"web1": ["a.tw", "b.tw"]}, "discards": discards}


def test_what_is_due_with_the_keys_to_discard_first():
    claims = [claim("a.tw", discard=["ab12cd34"]), claim("b.tw", discard=["ab12cd34"]), claim("c.tw")]
    found = requests.due(claims, plan(web1=[{"common_name": "b.tw", "public_key_sha256": "ab12cd34ef"}]), "web1")
    assert [(one["common_name"], one["discard"]) for one in found] == [("a.tw", []), ("b.tw", ["ab12cd34ef"])]
    assert requests.due(claims, plan(), "web2") == []


def test_what_must_not_be_abandoned_is_left_as_it_is():
    discards = plan(web1=[{"common_name": name, "public_key_sha256": "ab12cd34ef"} for name in ("a.tw", "b.tw")])
    abandoned = [{"item": {"common_name": "a.tw"}, "msg": "no"}, {"item": {"common_name": "b.tw"}, "order": None}]
    found = requests.due([claim("a.tw"), claim("b.tw")], discards, "web1", abandoned)
    assert [one["common_name"] for one in found] == ["b.tw"]


def test_what_needs_a_person_does_not_keep_the_others():
    abandoned = [
        {"item": {"common_name": "a.tw"}, "msg": "it may have to be paid"},
        {"item": {"common_name": "b.tw"}, "order": {}},
    ]
    results = [
        {"item": claim("c.tw"), "unreachable": True, "msg": "no route"},
        {"item": claim("f.tw"), "failed": True, "msg": "key_size must be at least 2048, not 1024"},
        made("d.tw"),
        made("e.tw", needed=False),
    ]
    found = requests.ask("web1", results, {"twca_certificates": [{}]}.get, abandoned)
    assert found["refused"] == [
        {"shown": "a.tw", "msg": "a.tw: it may have to be paid"},
        {"shown": "c.tw!", "msg": "c.tw!: no route"},
        {"shown": "f.tw!", "msg": "f.tw!: twca_key_size must be at least 2048, not 1024"},
    ]
    assert [one["common_name"] for one in found["requests"]] == ["d.tw"]


def ask(results, entries=({}, {}), **variables):
    given = {**VARIABLES, "twca_certificates": entries, **{f"twca_{name}": value for name, value in variables.items()}}
    return requests.ask("web1", results, given.get)


def test_a_request_is_its_entrys_by_number_whatever_the_names():
    entries = [
        {"common_name": "DNS:A.tw", "keep": 5},
        {"common_name": "ｂ.tw", "passphrase": "own", "delivery": "mailbox"},
    ]
    assert ask([made("b.tw", 1), made("a.tw", 0)], entries)["requests"] == [
        {
            "common_name": "b.tw",
            "shown": "b.tw!",
            "reason": "due",
            "renewal": False,
            "public_key_sha256": "hash of b.tw",
            "source": {"number": 1, "given": ["common_name"]},
            "request": {
                "csr_content": "CSR",
                "holder": "keys",
                "passphrase": "own",
                "delivery": "mailbox",
                "allow_order": True,
            },
        },
        {
            "common_name": "a.tw",
            "shown": "a.tw!",
            "reason": "due",
            "renewal": False,
            "public_key_sha256": "hash of a.tw",
            "source": {"number": 0, "given": ["common_name"]},
            "request": {"csr_content": "CSR", "holder": "keys", "passphrase": "shared", "allow_order": True},
        },
    ]


@pytest.mark.parametrize(
    "option",
    ["server_software", "payment_method", "trusted_roots", "delivery", "mailbox", "wait_timeout", "poll_interval"],
)
def test_what_a_variable_may_say_for_all_entries(option):
    (asked,) = ask([made("a.tw")], **{option: "said"})["requests"]
    assert asked["request"][option] == "said"


@pytest.mark.parametrize("option", ["operation", "on_uncertain", "path", "csr_content", "holder", "technical_contact"])
def test_what_no_variable_says(option):
    plain, same = ask([made("a.tw")]), ask([made("a.tw")], **{option: "said"})
    assert plain == same


@pytest.mark.parametrize("role", ["technical", "business", "billing"])
def test_the_people_of_all_entries(role):
    (asked,) = ask([made("a.tw")], contacts={role: {"name": "Wang"}})["requests"]
    assert asked["request"][f"{role}_contact"] == {"name": "Wang"}
    (asked,) = ask([made("a.tw")], [{f"{role}_contact": {"name": "Li"}}], contacts={role: {"name": "Wang"}})["requests"]
    assert asked["request"][f"{role}_contact"] == {"name": "Li"}


def test_whether_money_may_be_spent_and_who_holds_the_key_is_no_entrys_affair():
    (asked,) = ask([made("a.tw")], [{"allow_order": True, "holder": "me"}], allow_order=False, passphrase=None)[
        "requests"
    ]
    assert asked["request"] == {"csr_content": "CSR", "holder": "keys", "allow_order": False}


def test_the_counter_is_what_must_be_the_same_for_what_goes_together():
    found = ask(
        [], portal_host="portal", portal_become=False, portal_concurrency=4, portal_url="https://a/", state_dir="/s"
    )
    assert found["host"] == "web1"
    assert found["counter"] == {
        "portal_host": "portal",
        "become": False,
        "concurrency": 4,
        "portal": {"portal_url": "https://a/", "state_dir": "/s"},
    }
    assert ask([], portal_become="yes")["counter"]["become"] is True
    assert ask([], passphrase="secret", portal_ca_path="", validate_certs=False)["counter"]["portal"] == {
        "validate_certs": False
    }


def test_what_has_no_csr():
    results = [made("a.tw", csr=None, public_key_sha256=None), made("b.tw"), made("c.tw", needed=False)]
    found = ask([*results, {"failed": True, "item": claim("d.tw")}])
    assert found["refused"] == [{"shown": "d.tw!", "msg": "d.tw!: see above"}]
    assert [one["common_name"] for one in found["requests"]] == ["b.tw"]
    assert [(one["common_name"], one["reason"]) for one in found["unmade"]] == [("a.tw", "due")]


def host(number, requests=1, **counter):
    names = [f"www{n}.host{number}.tw" for n in range(requests)]
    return {
        "host": f"host{number}",
        "counter": {"portal_host": "localhost", "portal": {}, **counter},
        "requests": [
            {
                "common_name": name,
                "shown": name,
                "reason": "due",
                "renewal": True,
                "public_key_sha256": f"hash of {name}",
                "source": {"number": 0, "given": ["common_name"]},
                "request": {"csr_content": name},
            }
            for name in names
        ],
    }


def test_all_hosts_go_together_so_many_at_a_time():
    found = batches([host(n, requests=2) for n in range(5)], 4)
    assert [len(batch["requests"]) for batch in found] == [4, 4, 2]
    assert [batch["span"] for batch in found] == ["1 to 4 of 10", "5 to 8 of 10", "9 to 10 of 10"]
    assert [(batch["first"], batch["total"]) for batch in found] == [(1, 10), (5, 10), (9, 10)]
    for batch in found:
        assert batch["portal_host"] == "localhost"
        for request, owner in zip(batch["requests"], batch["owners"]):
            assert request["csr_content"] == owner["common_name"]
            assert owner["public_key_sha256"] == f"hash of {owner['common_name']}"
            assert owner["common_name"].endswith(f".{owner['host']}.tw")


def test_as_many_as_go_together():
    (batch,) = batches([host(n) for n in range(50)])
    assert len(batch["requests"]) == 50


def test_what_goes_elsewhere_goes_alone():
    """The order of the keys does not make a difference."""
    hosts = [
        host(1, portal={"portal_url": "https://a/", "state_dir": "/s"}),
        host(2, portal={"portal_url": "https://b/", "state_dir": "/s"}),
        host(3, portal={"state_dir": "/s", "portal_url": "https://a/"}),
        host(4, become=True),
    ]
    found = batches(hosts)
    assert [[owner["host"] for owner in batch["owners"]] for batch in found] == [
        ["host1", "host3"],
        ["host2"],
        ["host4"],
    ]
    assert found[0]["portal"]["portal_url"] == "https://a/"


def test_one_is_called_by_its_name():
    (batch,) = batches([host(1)])
    assert batch["span"] == "www0.host1.tw"


def test_nothing_is_no_batch():
    assert batches([host(1, requests=0)]) == batches([]) == []


def test_what_a_module_would_refuse_together_goes_alone():
    """So that a secret that is part of a name stops its own host, and no other."""
    hosts = [host(1), host(2), host(3)]
    hosts[0]["requests"][0]["request"]["passphrase"] = "my organization"
    hosts[2]["requests"][0]["request"]["technical_contact"] = {"company": "my organization"}
    found = batches(hosts)
    assert [batch["span"] for batch in found] == ["1 of 3", "2 of 3", "3 of 3"]
    assert [batch["owners"][0]["host"] for batch in found] == ["host1", "host2", "host3"]


def test_the_roots_of_what_has_no_key_yet_by_the_variables_that_name_them():
    results = [made("a.tw"), made("b.tw", 1, csr=None), made("c.tw", 2, reason="pending")]
    entries = [{}, {"trusted_roots": ["/b.pem"]}, {"trusted_roots": ["/c.pem"]}]
    assert ask(results, entries, trusted_roots=["/all.pem"])["roots"] == [
        {"variable": "twca_trusted_roots", "trusted_roots": ["/all.pem"]},
        {"variable": "twca_certificates[1].trusted_roots", "trusted_roots": ["/b.pem"]},
    ]
    assert ask(results[2:], entries)["roots"] == []
    assert ask(results[:1], entries, trusted_roots="")["roots"] == [
        {"variable": "twca_trusted_roots", "trusted_roots": None}
    ]


def test_each_set_of_roots_is_checked_once_for_each_host_that_speaks_to_the_portal():
    shared = {"variable": "twca_trusted_roots", "trusted_roots": ["/all.pem"]}
    own = {"variable": "twca_certificates[1].trusted_roots", "trusted_roots": ["/b.pem"]}
    asked = [{**host(n), "roots": [shared]} for n in range(5)]
    asked.append({**host(5, portal_host="far"), "roots": [shared, own]})
    found = requests.roots([*asked, host(6)])
    assert [(one["portal_host"], one["trusted_roots"], one["shown_as"]) for one in found] == [
        ("localhost", ["/all.pem"], "host0, host1, host2 and 2 more: twca_trusted_roots"),
        ("far", ["/all.pem"], "host5: twca_trusted_roots"),
        ("far", ["/b.pem"], "host5: twca_certificates[1].trusted_roots"),
    ]
