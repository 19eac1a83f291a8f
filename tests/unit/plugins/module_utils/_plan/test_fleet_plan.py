# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan import fleet

NAME = "www.example.com.tw"


def claim(host, key_host=None, name=NAME):
    key_host = key_host or host
    return {
        "common_name": name,
        "key_host": key_host,
        "directory": f"/{key_host}",
        "wanted": {"common_name": name},
        "digest": "D",
    }


def seen(settled=True, serial_number="5F", stamp="5F D\n", state="same"):
    files = [{"path": "/etc/nginx/nginx.conf", "state": state}]
    return {"settled": settled, "serial_number": serial_number, "stamp": stamp, "files": files, "live": True}


def look(*pairs):
    """What twca_look returned for a host: claims, and what was seen of them."""
    return {"claims": [pair[0] for pair in pairs], "certificates": [pair[1] for pair in pairs]}


def plan(looks, *key_looks, alive=None):
    return fleet.plan(looks, list(looks) if alive is None else alive, list(key_looks))


def test_nothing_to_do():
    looks = {f"web{n}": look((claim(f"web{n}", name=f"web{n}.tw"), seen())) for n in range(3)}
    found = plan({**looks, "skipped": {"claims": []}})
    assert (found["due"], found["busy"], found["clashes"], found["key_hosts"]) == ({}, [], [], [])
    assert found["claimed"] == 3


@pytest.mark.parametrize(
    "difference",
    [
        {"stamp": None},
        {"stamp": "5F D"},
        {"stamp": "5E D\n"},
        {"stamp": "5F E\n"},
        {"state": "different"},
        {"state": "absent"},
        {"serial_number": None},
    ],
)
def test_a_server_that_does_not_use_it_is_busy(difference):
    found = plan({"web": look((claim("web"), seen(**difference)))})
    assert (found["due"], found["busy"]) == ({}, ["web"])


def test_due():
    pairs = [
        (claim("web", name=name), seen(settled=settled)) for name, settled in (("a", True), ("b", False), ("c", False))
    ]
    found = plan({"web": look(*pairs)})
    assert (found["due"], found["busy"]) == ({"web": ["b", "c"]}, ["web"])


@pytest.mark.parametrize("result", [{"failed": True}, {"unreachable": True}, {"skipped": True}])
def test_a_host_that_could_not_be_looked_at(result):
    """Its claims count all the same; what is to be done, twca_csr will say."""
    mute = {"claims": [claim("web1")], **result}
    assert plan({"web1": mute})["due"] == {"web1": [NAME]}
    found = plan({"web1": mute, "web2": look((claim("web2"), seen()))})
    assert found["clashes"] == [f"{NAME} is claimed by web1, web2 with keys on web1, web2"]


def test_a_name_claimed_twice():
    other = claim("web1", name=NAME.upper())
    found = plan({"web1": look((claim("web1"), seen()), (other, seen()))})
    assert found["clashes"] == [f"{NAME} is listed twice for one host (web1, web1)"]


def test_a_host_that_is_there_and_was_not_looked_at_is_not_taken_for_one_with_nothing_to_do():
    """As where hosts do not go side by side."""
    looks = {"web1": look((claim("web1"), seen())), "web2": {}, "web3": {}}
    found = plan(looks, alive=["web1", "web2"])
    assert (found["due"], found["busy"]) == ({"web2": []}, ["web2"])


class TestSharedKey:
    def looks(self, **differences):
        return {
            host: look((claim(host, "keys"), {**seen(settled=None), **differences.get(host, {})}))
            for host in ("web1", "web2")
        }

    def key_look(self, **difference):
        return {"item": {"host": "keys", "names": [NAME]}, "certificates": [{**seen(), **difference}]}

    def test_the_key_host_is_to_be_looked_at_once(self):
        found = plan(self.looks())
        assert found["key_hosts"] == [
            {
                "host": "keys",
                "become": False,
                "names": [NAME],
                "looks": [{"directory": "/keys", "wanted": {"common_name": NAME}}],
            }
        ]
        assert found["leaders"] == {NAME: "web1"}
        assert found["servers"] == {NAME: ["web1", "web2"]}

    def test_nothing_to_do(self):
        found = plan(self.looks(), self.key_look())
        assert (found["due"], found["busy"], found["serial_numbers"]) == ({}, [], {NAME: "5F"})

    def test_a_server_lags_behind(self):
        found = plan(self.looks(web2={"serial_number": "5E", "stamp": "5E D\n"}), self.key_look())
        assert (found["due"], found["busy"]) == ({}, ["web2"])

    def test_the_key_is_due(self):
        found = plan(self.looks(), self.key_look(settled=False))
        assert (found["due"], found["busy"]) == ({"web1": [NAME]}, ["web1", "web2"])

    @pytest.mark.parametrize("result", [{"failed": True}, {"unreachable": True}])
    def test_the_key_host_does_not_answer(self, result):
        found = plan(self.looks(), {"item": {"host": "keys", "names": [NAME]}, **result})
        assert (found["due"], found["busy"]) == ({"web1": [NAME]}, ["web1", "web2"])

    def test_the_first_that_is_there_leads(self):
        found = plan(self.looks(), self.key_look(settled=False), alive=["web2"])
        assert (found["leaders"], found["due"]) == ({NAME: "web2"}, {"web2": [NAME]})

    def test_a_key_that_waits_there_is_known(self):
        waiting = self.key_look(settled=False)
        waiting["certificates"][0]["pending_public_key_sha256"] = "ab12"
        assert plan(self.looks(), waiting)["pending"] == [NAME]
        assert plan(self.looks(), self.key_look(settled=False))["pending"] == []

    def test_a_server_that_holds_the_key_leads(self):
        looks = {
            "web1": look((claim("web1", "web2"), seen(settled=None))),
            "web2": look((claim("web2"), seen(settled=False))),
        }
        found = plan(looks)
        assert (found["leaders"], found["key_hosts"], found["due"]) == ({NAME: "web2"}, [], {"web2": [NAME]})
        assert found["busy"] == ["web2", "web1"]


def test_what_cannot_be_meant_is_told_and_does_not_move_the_others():
    bad = {"host": "web1", "common_name": "a_", "problem": "web1: a_ is no name."}
    result = {"claims": [bad, claim("web1")], "certificates": [seen(settled=False)]}
    found = plan({"web1": result})
    assert found["problems"] == ["web1: a_ is no name."]
    assert (found["claimed"], found["due"]) == (2, {"web1": [NAME]})


def test_what_is_wrong_on_many_hosts_is_told_once():
    hosts = [f"web{number}" for number in range(5)]
    looks = {
        host: {"claims": [{"host": host, "common_name": name, "problem": f"{host}: It is wrong."} for name in "ab"]}
        for host in hosts
    }
    assert plan(looks)["problems"] == ["web0, web1, web2 and 2 more: It is wrong."]
    assert plan({host: looks[host] for host in hosts[:3]})["problems"] == ["web0, web1, web2: It is wrong."]


def test_a_shared_name_is_written_alike():
    looks = {
        "web1": look((claim("web1", "keys"), seen(settled=None))),
        "web2": look((claim("web2", "keys", NAME.upper()), seen(settled=None))),
    }
    (problem,) = plan(looks)["problems"]
    assert problem.startswith(f"web1, web2 share a certificate but write its name as {NAME} and {NAME.upper()}")


class TestDiscards:
    PENDING = "ab12cd34" + "0" * 56

    def plan(self, *beginnings, pending=PENDING):
        wants = {**claim("web1"), "discard": list(beginnings)}
        return plan({"web1": look((wants, {**seen(settled=False), "pending_public_key_sha256": pending}))})["discards"]

    def test_the_pending_key_that_is_named(self):
        assert self.plan("00112233", "ab12cd34") == {"web1": [{"common_name": NAME, "public_key_sha256": self.PENDING}]}

    @pytest.mark.parametrize("pending", [None, "0" * 64])
    def test_no_other_one(self, pending):
        assert self.plan("ab12cd34", pending=pending) == self.plan() == {}

    def test_a_key_that_another_host_holds(self):
        looks = {
            host: look(({**claim(host, "keys"), "discard": ["ab12cd34"] if host == "web2" else []}, seen(settled=None)))
            for host in ("web1", "web2")
        }
        key_seen = {**seen(settled=False), "pending_public_key_sha256": self.PENDING}
        key_look = {"item": {"host": "keys", "names": [NAME]}, "certificates": [key_seen]}
        found = plan(looks, key_look)
        assert found["discards"] == {"web1": [{"common_name": NAME, "public_key_sha256": self.PENDING}]}


class TestRefusal:
    def test_what_can_be_carried_out(self):
        assert fleet.refusal({"problems": [], "clashes": []}) is None

    def test_entries_that_cannot_be_meant_come_first(self):
        assert fleet.refusal({"problems": ["One.", "Two."], "clashes": ["three"]}) == "One. Two."

    def test_a_name_that_would_be_paid_twice(self):
        assert fleet.refusal({"problems": [], "clashes": ["a is claimed twice", "b too"]}) == (
            "a is claimed twice; b too. Each key would be an order of its own, paid twice: claim a name once, "
            "or give all its servers one key with twca_key_host."
        )
