# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import datetime
import json

import pki_factory
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._pki.thumbprint import thumbprint
from ansible_collections.twca.ssl.plugins.module_utils._plan import iis_host

NOW = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.timezone.utc)
LEAF, OLD, OLDER = "AB12", "CD34", "EF56"
CHAIN = [pki_factory.pem(one) for one in pki_factory.authority().chain]
CHAIN_PRINTS = [thumbprint(one) for one in CHAIN]
BINDING = {"site": "Web", "port": 443, "hostname": "w.tw", "use_sni": True}
BOUND = {"ip": "*", "port": 443, "hostname": "w.tw", "protocol": "https", "use_sni": True, "use_ccs": False}
HAS = {**BOUND, "certificate_hash": LEAF, "certificate_store_name": "My"}


def site(name="Web", state="Started", path="C:\\web", bindings=(HAS,)):
    return {"name": name, "state": state, "physical_path": path, "bindings": list(bindings)}


def record(content):
    return {"content": base64.b64encode(json.dumps(content).encode()).decode()}


def plan(*sites, leaf=True, present=CHAIN_PRINTS, this=None, **more):
    this = {
        "common_name": "w.tw",
        "bindings": [BINDING],
        "thumbprint": LEAF,
        "fullchain": ["leaf", *CHAIN],
        **(this or {}),
    }
    options = {
        "sites": {"results": [{"site": [one]} for one in sites or (site(),)]},
        "leaf": {"certificates": [] if leaf is None else [{"thumbprint": LEAF, "has_private_key": leaf}]},
        "authorities": {"certificates": [{"thumbprint": one} for one in present]},
        "record": {},
        "proof": True,
        "keep_days": 30,
        "now": NOW,
    }
    return iis_host.plan(this, **{**options, **more})


def test_a_host_that_has_it_all():
    found = plan()
    assert (found["work"], found["has_leaf"], found["missing"], found["forecast"]) == (False, True, [], [])
    assert (found["bind"], found["take_back"], found["refusals"], found["resets"]) == ([], [], [], [])
    assert found["provable"] == [BINDING]


@pytest.mark.parametrize("leaf", [None, False])
def test_a_certificate_without_its_key_is_not_there(leaf):
    found = plan(leaf=leaf)
    assert (found["work"], found["has_leaf"]) == (True, False)
    assert found["forecast"] == [f"{LEAF} (w.tw) would be imported into LocalMachine\\My."]
    assert found["ours"] == {LEAF: None}


def test_intermediates_that_are_missing():
    found = plan(present=[CHAIN_PRINTS[0].lower(), "XX"])
    assert found["work"]
    assert found["missing"] == [{"pem": CHAIN[1], "thumbprint": CHAIN_PRINTS[1]}]
    assert found["forecast"] == [f"{CHAIN_PRINTS[1]} would be imported into LocalMachine\\CA."]


def test_a_binding_that_is_missing():
    found = plan(site(bindings=[]), leaf=None)
    assert found["work"]
    assert len(found["bind"]) == 1
    assert [line.rpartition(" would be ")[2].split()[0] for line in found["forecast"]] == ["imported", "bound"]
    assert plan(site(bindings=[]))["work"] is True


def test_sites_go_by_their_names_in_any_case():
    assert not plan(site("WEB"))["work"]


def test_a_site_that_is_not_there_has_no_result():
    found = plan(sites={"results": [{"site": []}, {"site": None}, {}]})
    assert "IIS has no site Web" in found["refusals"][0]
    assert (found["site_paths"], found["provable"]) == ([], [])


def test_directories_of_several_sites_are_told_once():
    assert plan(site(), site("Shop"), site("Blog", path="C:\\blog"))["site_paths"] == ["C:\\web", "C:\\blog"]


@pytest.mark.parametrize("state", ["Stopped", "Starting", "Unknown"])
def test_a_site_that_does_not_run_is_not_proven(state):
    assert plan(site(state=state))["provable"] == []


@pytest.mark.parametrize(
    ("role", "entry", "proven"),
    [
        (True, {}, True),
        ("yes", {}, True),
        (False, {}, False),
        ("no", {}, False),
        ("false", {}, False),
        (True, {"proof": False}, False),
        (True, {"proof": "no"}, False),
        (False, {"proof": "true"}, True),
    ],
)
def test_the_proof_may_be_turned_off(role, entry, proven):
    assert bool(plan(this=entry, proof=role)["provable"]) is proven


@pytest.mark.parametrize("read", [{}, {"failed": True, "msg": "not there"}, {"content": ""}])
def test_a_host_without_a_record(read):
    found = plan(record=read)
    assert (found["known"], found["ours"], found["noted"], found["expired"]) == ({}, {}, {}, [])


def test_a_certificate_that_somebody_else_imported_is_not_noted():
    assert plan(leaf=True)["ours"] == {}
    assert plan(leaf=None, record=record({OLD: None}))["ours"] == {OLD: None, LEAF: None}


def test_what_is_replaced_is_noted_with_the_time_and_keeps_it():
    since = "2026-11-20T00:00:00Z"
    found = plan(record=record({OLD: None, OLDER: since, LEAF: None}))
    assert found["noted"] == {OLD: "2026-11-28T12:00:00Z", OLDER: since, LEAF: None}
    assert found["known"] == {OLD: None, OLDER: since, LEAF: None}


def test_a_certificate_that_is_used_again_is_no_longer_replaced():
    found = plan(record=record({LEAF: "2020-01-01T00:00:00Z"}))
    assert (found["noted"], found["expired"]) == ({LEAF: None}, [])


@pytest.mark.parametrize(
    ("since", "days", "expired"),
    [
        ("2026-10-29T12:00:00Z", 30, True),
        ("2026-10-29T12:00:01Z", 30, False),
        ("2026-10-29T12:00:00Z", "30", True),
        ("2026-10-29T12:00:00Z", "31", False),
        ("2026-11-28T12:00:00Z", 0, True),
    ],
)
def test_what_was_replaced_long_ago(since, days, expired):
    assert plan(record=record({OLD: since}), keep_days=days)["expired"] == ([OLD] if expired else [])


def test_the_clock_is_read_unless_a_time_is_given():
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    noted = plan(record=record({OLD: None}), now=None)["noted"][OLD]
    after = datetime.datetime.now(datetime.timezone.utc)
    assert before <= datetime.datetime.strptime(noted, "%Y-%m-%dT%H:%M:%S%z") <= after


@pytest.mark.parametrize("days", ["a month", None, -1, "30.5", True])
def test_days_that_are_no_number(days):
    with pytest.raises(InputError, match="twca_iis_keep_days is"):
        plan(keep_days=days)


@pytest.mark.parametrize(
    "content",
    [
        "?",
        base64.b64encode(b"{").decode(),
        base64.b64encode(b"\xff\xfe").decode(),
        record([])["content"],
        record({OLD: "yesterday"})["content"],
        record({OLD: 7})["content"],
    ],
)
def test_a_record_that_is_damaged(content):
    with pytest.raises(InputError, match=r"twca_iis_record_directory on the Windows host\) is damaged: delete it"):
        plan(record={"content": content})


def sites(*hashes, exists=True):
    return {"exists": exists, "site": [{"bindings": [{"certificate_hash": one}]} for one in hashes]}


PLAN = {"expired": [OLD, OLDER], "noted": {OLD: "2026", OLDER: "2026", LEAF: None}, "known": {LEAF: None}}


def test_what_is_bound_nowhere_goes():
    found = iis_host.retirement(PLAN, sites(OLDER.lower(), None, ""))
    assert found == {"removable": [OLD], "left": {OLDER: "2026", LEAF: None}, "rewritten": True}


def test_a_record_that_says_the_same_is_not_written_again():
    assert not iis_host.retirement(PLAN, sites(LEAF))["rewritten"]
    assert iis_host.retirement({**PLAN, "known": {}}, sites(LEAF))["rewritten"]


@pytest.mark.parametrize(
    "bound",
    [{}, {"skipped": True}, {"failed": True, "msg": "no"}, sites(exists=False), {"exists": False, "site": None}],
)
def test_what_cannot_be_known_is_not_removed(bound):
    found = iis_host.retirement(PLAN, bound)
    assert (found["removable"], found["left"]) == ([], PLAN["noted"])


def test_a_site_may_have_no_bindings():
    assert iis_host.retirement(PLAN, {"exists": True, "site": [{"bindings": None}]})["removable"] == PLAN["expired"]


def seen(**more):
    good = {
        "fingerprint_sha256": "f",
        "chain": ["a", "b"],
        "problems": [],
        "serial_number": "5F",
        "common_name": "o.tw",
    }
    item = {"verify": {"host": "10.0.0.5", "port": 443, "server_name": "w.tw"}}
    return {"item": item, "certificates": [{**good, "not_after": "2027", **more}]}


def test_a_certificate_that_is_served_with_its_chain_is_proven():
    assert iis_host.unproven(seen(), "f") == []
    assert iis_host.unproven({"results": [seen(), {"skipped": True}]}, "f") == []
    assert iis_host.unproven({"skipped": True}, "f") == []
    assert iis_host.unproven({"results": []}, "f") == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"fingerprint_sha256": "x"}, "10.0.0.5:443 serves another certificate for w.tw: 5F of o.tw, until 2027"),
        ({"fingerprint_sha256": None, "problems": ["refused", "twice"]}, "refused; twice"),
        ({"chain": []}, "10.0.0.5:443 serves the certificate without its issuers"),
        ({"chain": [], "problems": ["p"]}, "10.0.0.5:443 serves the certificate without its issuers; p"),
        ({"problems": ["p", "q"]}, "10.0.0.5:443 serves the certificate with this chain: a, then b; p; q"),
    ],
)
def test_what_is_served_instead(more, said):
    assert iis_host.unproven(seen(**more), "f") == [said]


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({"failed": True, "msg": "no library"}, "no library"),
        ({"unreachable": True, "msg": "no ssh", "certificates": []}, "no ssh"),
        ({"failed": True}, "It could not be seen what clients are served."),
        (seen(fingerprint_sha256=None), "It could not be seen what clients are served."),
        ({**seen(), "failed": True, "msg": "no way"}, "no way"),
    ],
)
def test_a_look_that_failed(result, said):
    assert iis_host.unproven(result, "f") == [said]


def test_each_place_has_its_say():
    assert iis_host.unproven({"results": [seen(chain=[]), seen(), {"failed": True, "msg": "m"}]}, "f") == [
        "10.0.0.5:443 serves the certificate without its issuers",
        "m",
    ]


def test_it_is_judged_before_the_round_of_the_loop_is_known():
    result = {key: value for key, value in seen(chain=[]).items() if key != "item"}
    assert len(iis_host.unproven(result, "f")) == 1
