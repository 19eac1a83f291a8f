# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import types

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan import work

NAME = "www.example.com.tw"


def claim(host="web1", key_host="web1", name=NAME):
    files = [{"path": "/n.conf", "content": "c"}, {"path": "/s.conf", "content": "d", "link": "/l.conf"}]
    return {
        "common_name": name,
        "shown": name,
        "host": host,
        "key_host": key_host,
        "files": files,
        "digest": "D",
        "look": {"stamp": "/nginx.proven"},
    }


def seen(serial_number="5F", stamp="5F D\n", states=("same", "same"), live=True, **more):
    files = [{"path": "/x", "state": state} for state in states]
    return {"serial_number": serial_number, "stamp": stamp, "files": files, "live": live, **more}


def plan(due=None, servers=None, serial_numbers=None, pending=()):
    return {"due": due or {}, "servers": servers or {}, "serial_numbers": serial_numbers or {}, "pending": pending}


def peer(host="web1", live=None, issued=None, name=NAME, made=True):
    results = [{"item": {"common_name": name}, "live": live}] if made else []
    return (host, {"results": results}, {name: issued} if issued else {})


ISSUED = {
    "serial_number": "60",
    "certificate": "LEAF",
    "chain": ["ABOVE"],
    "public_key_sha256": "ab",
    "status": "issued",
}


def todo(found_seen, *peers, fleet=None, host="web1", key_host="web1"):
    return work.work([claim(host, key_host)], {"certificates": [found_seen]}, fleet or plan(), peers)


def test_what_is_proven_is_left_alone():
    assert todo(seen()) == []
    assert todo(seen(), peer(live={"serial_number": "5F"})) == []


def test_what_has_no_certificate_is_not_installed():
    assert todo(seen(serial_number=None, stamp=None, live=False), peer()) == []


def test_what_has_just_come_is_installed():
    (item,) = todo(seen(), peer(live={"serial_number": "5F"}, issued=ISSUED))
    assert (item["issued"], item["drifted"], item["leader"]) == (True, False, "web1")
    assert item["stamp"] == {"path": "/nginx.proven", "content": "60 D\n"}
    assert (item["certificate"], item["chain"], item["public_key_sha256"]) == ("LEAF", ["ABOVE"], "ab")


@pytest.mark.parametrize("stamp", [None, "5F E\n", "5E D\n"])
def test_what_is_not_proven_is_proven(stamp):
    (item,) = todo(seen(stamp=stamp))
    assert (item["issued"], item["drifted"], item["stamp"]["content"]) == (False, False, "5F D\n")
    assert "certificate" not in item


@pytest.mark.parametrize("state", ["different", "absent"])
def test_files_that_differ_are_laid_down(state):
    (item,) = todo(seen(states=("same", state)))
    assert item["drifted"]


def test_a_first_one():
    (item,) = todo(seen(serial_number=None, stamp=None, live=False), peer(issued=ISSUED))
    assert item["issued"]


def test_a_host_that_was_not_looked_at():
    (item,) = work.work([claim()], {"unreachable": True}, plan(), [peer(issued=ISSUED)])
    assert (item["issued"], item["drifted"]) == (True, False)


SERVERS = {NAME: ["web1", "web2"]}


class TestSharedKey:
    def test_what_another_host_asked_for(self):
        fleet = plan(servers=SERVERS, serial_numbers={NAME: "5F"})
        (item,) = todo(
            seen(), peer("web1", issued=ISSUED), peer("web2", made=False), fleet=fleet, host="web2", key_host="keys"
        )
        assert (item["leader"], item["issued"], item["shared"], item["stamp"]["content"]) == (
            "web1",
            True,
            True,
            "60 D\n",
        )

    def test_what_is_live_where_the_key_is(self):
        fleet = plan(servers=SERVERS, serial_numbers={NAME: "60"})
        (item,) = todo(seen(), peer("web1", made=False), fleet=fleet, host="web2", key_host="keys")
        assert (item["issued"], item["stamp"]["content"]) == (False, "60 D\n")

    def test_hosts_that_have_nothing_to_do_with_it(self):
        fleet = plan(servers=SERVERS, serial_numbers={NAME: "5F"})
        assert todo(seen(), peer("web9", issued=ISSUED), fleet=fleet, host="web2", key_host="keys") == []


class TestForgotten:
    def told(self, found_seen, *peers, due=(), installed=(), pending=()):
        fleet = plan(due={"web1": list(due)}, pending=pending)
        return work.forgotten([claim()], {"certificates": [found_seen]}, fleet, peers, installed)

    def test_nothing(self):
        assert self.told(seen()) == []
        assert self.told(seen(), peer(issued=ISSUED), due=[NAME], installed=[NAME]) == []
        assert work.forgotten([], {}, plan(), [], []) == []

    def test_what_is_pending_is_not_forgotten(self):
        assert self.told(seen(), peer(), due=[NAME]) == []
        assert self.told(seen(), due=[NAME], pending=[NAME]) == []
        assert self.told(seen(), due=[NAME], pending=["other.tw"]) != []

    def test_what_came_and_was_not_installed(self):
        (told,) = self.told(seen(), peer(issued=ISSUED))
        assert told == f"{NAME} has a certificate that was not installed, though nothing failed."

    def test_what_came_for_no_entry(self):
        (told,) = self.told(seen(), peer(issued=ISSUED, name="other.tw"))
        assert told.startswith("A certificate of other.tw was issued, but web1 has no entry for it.")

    def test_what_is_due_and_nobody_was_asked_for(self):
        (told,) = self.told(seen(), due=[NAME])
        assert told.startswith(f"{NAME} is due on web1, and nobody was asked for its certificate")


def test_who_shares_keys_with_a_host():
    servers = {"a": ["web1", "web2"], "b": ["web3", "web1"], "c": ["web4", "web5"]}
    assert work.peers("web1", {"servers": servers}) == ["web1", "web2", "web3"]
    assert work.peers("web9", {"servers": servers}) == ["web9"]


class TestPromotable:
    item = types.MappingProxyType({"common_name": NAME, "shared": True, "issued": True})

    def names(self, host="web1", alive=("web1", "web2"), installed=("web1", "web2"), **differences):
        items = [{**self.item, **differences}]
        names = {server: [NAME] for server in installed}
        return [one["common_name"] for one in work.promotable(host, items, plan(servers=SERVERS), alive, names)]

    def test_once_all_servers_have_it(self):
        assert self.names() == [NAME]

    @pytest.mark.parametrize("installed", [(), ("web1",), ("web2",)])
    def test_not_before(self, installed):
        assert self.names(installed=installed) == []

    def test_by_one_host_alone(self):
        assert self.names(host="web2") == []
        assert self.names(host="web2", alive=("web2",)) == [NAME]
        assert self.names(alive=()) == []

    @pytest.mark.parametrize("differences", [{"shared": False}, {"issued": False}])
    def test_what_is_live_there_already(self, differences):
        assert self.names(**differences) == []
