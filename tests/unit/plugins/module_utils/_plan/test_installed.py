# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Server names come from the installed certificate as long as the new one is pending."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan import installed, look, work

NAME = "www.example.com.tw"


def claim(*names, key_host="web1"):
    return {"common_name": NAME, "subject_alt_name": [NAME, *names], "host": "web1", "key_host": key_host}


@pytest.mark.parametrize(
    ("wanted", "live", "found"),
    [
        (["b.tw"], None, None),
        (["b.tw"], [], None),
        (["b.tw"], ["DNS:B.tw", f"DNS:{NAME}"], None),
        (["b.tw"], [f"DNS:{NAME}"], [NAME]),
        (["c.tw", "b.tw", "a.tw"], ["DNS:b.tw", "DNS:c.tw", f"DNS:{NAME}"], [NAME, "c.tw", "b.tw"]),
        ([], ["DNS:b.tw", "IP:192.0.2.1", f"DNS:{NAME}"], [NAME, "b.tw", "192.0.2.1"]),
        (["b.tw"], ["DNS:a.tw"], ["a.tw"]),
        (["2001:db8::1"], [f"DNS:{NAME}", "IP:2001:db8::2"], [NAME, "2001:db8::2"]),
    ],
)
def test_names(wanted, live, found):
    assert installed.server_names(claim(*wanted), {"names": live}) == found


def test_where_the_key_is_another_hosts_more_names_may_be_the_authoritys():
    live = {"names": ["DNS:example.com.tw", f"DNS:{NAME}"]}
    assert installed.server_names(claim(key_host="keys"), live) is None
    assert installed.server_names(claim("new.tw", key_host="keys"), live) == [NAME, "example.com.tw"]


class TestLook:
    """Through a look and the work that follows: nginx gets a new name with its certificate."""

    def looked(self, kind, live, **variables):
        given = {
            "twca_certificates": [{"common_name": NAME, "subject_alt_name": ["new.tw"]}],
            "twca_config_directory": "/config",
            "twca_directory": "/twca",
            "twca_key_directory": "/keys",
            "twca_server": kind,
            f"twca_{kind}_server": True,
            "twca_proof": True,
            **variables,
        }
        (found,) = look.Look("web1", given.get).outcome(None, [{"names": live}])
        return found

    @pytest.mark.parametrize(
        ("kind", "line"),
        [("nginx", "server_name www.example.com.tw;"), ("apache", "ServerName www.example.com.tw\n    Include")],
    )
    def test_a_new_name_waits_for_its_certificate(self, kind, line):
        found = self.looked(kind, [f"DNS:{NAME}"])
        assert line in found["files"][1]["content"]
        assert "new.tw" in found["renewed"]["files"][1]["content"]
        assert found["look"]["files"][1]["sha256"] != self.looked(kind, None)["look"]["files"][1]["sha256"]
        assert found["renewed"]["digest"] == self.looked(kind, None)["digest"] != found["digest"]

    def test_without_a_block_names_make_no_difference(self):
        assert "renewed" not in self.looked("nginx", [f"DNS:{NAME}"], twca_nginx_server=False)
        assert "renewed" not in self.looked("nginx", None)

    def work(self, found, **issued):
        seen = {
            "serial_number": "5F",
            "stamp": f"5F {found['digest']}\n",
            "files": [{"state": "same"} for _file in found["files"]],
        }
        fleet = {"servers": {}, "serial_numbers": {}}
        peers = [("web1", {"results": [{"item": {"common_name": NAME}, "live": {"serial_number": "5F"}}]}, issued)]
        return work.work([found], {"certificates": [seen]}, fleet, peers)

    def test_nothing_is_done_while_it_is_awaited(self):
        assert self.work(self.looked("nginx", [f"DNS:{NAME}"])) == []

    def test_it_comes_with_the_certificate(self):
        found = self.looked("nginx", [f"DNS:{NAME}"])
        came = {"serial_number": "60", "certificate": "LEAF", "chain": [], "public_key_sha256": "ab"}
        (item,) = self.work(found, **{NAME: came})
        assert f"server_name {NAME} new.tw;" in item["files"][1]["content"]
        assert item["stamp"]["content"] == f"60 {found['renewed']['digest']}\n"
        assert item["drifted"]


def test_files_are_compared_with_what_is_wanted_now():
    files = [
        {"state": "different", "sha256": "a"},
        {"state": "absent", "sha256": None},
        {"state": "same", "sha256": "b"},
    ]
    wanted = {"look": {"files": [{"sha256": "a"}, {"sha256": "c"}, {"sha256": "d"}]}}
    (seen,) = installed.judged([wanted], [{"files": files}])
    assert [file["state"] for file in seen["files"]] == ["same", "absent", "different"]
