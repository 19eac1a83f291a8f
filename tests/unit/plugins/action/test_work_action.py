# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.action import twca_work

NAME = "www.example.com.tw"
CLAIM = {
    "common_name": NAME,
    "shown": NAME,
    "host": "web1",
    "key_host": "keys",
    "digest": "D",
    "look": {"stamp": "/nginx.proven"},
}
ISSUED = {"serial_number": "60", "certificate": "LEAF", "chain": [], "public_key_sha256": "ab"}
FLEET = {"due": {}, "servers": {NAME: ["web1", "web2"]}, "serial_numbers": {}, "pending": []}


@pytest.fixture
def run(monkeypatch):
    """The action on web1, whose peer asked for the certificate."""
    monkeypatch.setattr(ActionBase, "run", lambda *_arguments: {})

    def run(ask="install", installed=(), issued=True):
        made = {"results": [{"item": CLAIM, "live": None}]}
        hosts = {
            "web1": {"__twca_look": {"claims": [CLAIM]}, "__twca_fleet": FLEET, "__twca_installed": list(installed)},
            "web2": {"__twca_csr": made, "twca_issued": {NAME: ISSUED} if issued else {}, "__twca_installed": [NAME]},
        }
        action = twca_work.ActionModule.__new__(twca_work.ActionModule)
        action.validate_argument_spec = lambda _spec: (None, {"ask": ask})
        variables = {"inventory_hostname": "web1", "hostvars": hosts, "ansible_play_batch": ["web1", "web2"]}
        return action.run(task_vars=variables)

    return run


def test_what_is_to_be_installed(run):
    result = run()
    assert [(item["common_name"], item["leader"]) for item in result["work"]] == [(NAME, "web2")]
    assert (result["shares"], result["changed"]) == (True, False)


def test_nothing_at_hand(run):
    result = run(issued=False)
    assert (result["work"], result["shares"]) == ([], False)


def test_what_is_to_be_promoted(run):
    assert run("promote")["work"] == []
    assert [item["common_name"] for item in run("promote", installed=[NAME])["work"]] == [NAME]


def test_what_was_forgotten(run):
    assert "failed" not in run("forgotten", installed=[NAME])
    result = run("forgotten")
    assert (result["failed"], result["msg"]) == (
        True,
        f"{NAME} has a certificate that was not installed, though nothing failed.",
    )
