# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many certificates at once, over portals in memory: one for each thread, as sessions are."""

from __future__ import annotations

import threading

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import (
    InputError,
    MissingLibraryError,
    PortalRefusedError,
    PortalUnreachableError,
)
from ansible_collections.twca.ssl.plugins.module_utils._order.many import obtain_many
from ansible_collections.twca.ssl.plugins.module_utils._pki import csr
from memory_portal import MemoryPortal
from order_options import PERSON, order_options


class Portals:
    """Opens portals in memory, which all list what was issued, and do to each name what the test laid ready."""

    def __init__(self, tmp_path):
        self.authority = pki.authority()
        self.state = tmp_path / "state"
        self.roots = tmp_path / "roots.pem"
        self.roots.write_text(pki.pem(self.authority.root.certificate))
        self.opened = []
        self.keys = {}
        self.trouble = {}  # by name, what is raised in its wizard
        self.issued = {}
        self.slept = []
        self.lock = threading.Lock()
        self.on_sleep = lambda: None

    def open(self):
        portals = self

        class Portal(MemoryPortal):
            def search(self, name):
                self.entries = []
                if name in portals.issued:
                    self.issue(portals.issued[name], name=name)
                return super().search(name)

            def apply(self, application, committing):
                trouble = portals.trouble.get(application.common_name)
                self.in_wizard = trouble
                return super().apply(application, committing)

        with self.lock:
            self.opened.append(Portal(self.authority))
            self.opened[-1].shows_pending = False
            return self.opened[-1]

    @property
    def ordered(self):
        return sorted(application.common_name for portal in self.opened for _operation, application in portal.orders)

    def request(self, name, **params):
        key = self.keys.setdefault(name, pki.new_key())
        subject = csr.Subject(name, "TW", "Taiwan", "Taipei", "Example Ltd.")
        request = csr.build(pki.key_pem(key), subject, (f"DNS:{name}",))
        return order_options(self.roots, request, **params)

    def get(self, *requests, concurrency=1, check_mode=False):
        return obtain_many(
            requests,
            concurrency=concurrency,
            check_mode=check_mode,
            state_dir=self.state,
            open_portal=self.open,
            sleep=self.sleep,
        )

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.on_sleep()

    def issue(self, name):
        self.issued[name] = self.authority.leaf(self.keys[name], [name])


@pytest.fixture
def portals(tmp_path):
    return Portals(tmp_path)


NAMES = [f"www{n}.example.com.tw" for n in range(9)]


@pytest.mark.parametrize("concurrency", [1, 4])
def test_each_is_ordered_once_and_told_in_its_place(portals, concurrency):
    requests = [portals.request(name) for name in NAMES]
    results = portals.get(*requests, concurrency=concurrency)
    assert [result["common_name"] for result in results] == NAMES
    assert {(result["changed"], result["status"], result["operation"]) for result in results} == {
        (True, "pending", "apply")
    }
    assert portals.ordered == NAMES
    assert len(portals.opened) <= concurrency  # a session serves one after the other

    again = portals.get(*requests, concurrency=concurrency)
    assert {(result["changed"], result["operation"]) for result in again} == {(False, "none")}
    assert portals.ordered == NAMES


def test_the_first_one_is_alone(portals):
    """What it learns of the portal saves the others the way."""
    begun, alone = [], []
    real = portals.open

    def open_portal():
        portal = real()
        search = portal.search

        def searching(name):
            begun.append(name)
            found = search(name)
            if name == NAMES[0]:
                alone.append(list(begun))
            return found

        portal.search = searching
        return portal

    portals.open = open_portal
    portals.get(*(portals.request(name) for name in NAMES), concurrency=4)
    assert alone == [[NAMES[0]]]
    assert sorted(begun) == NAMES


def test_what_goes_wrong_with_one_is_its_own_result(portals):
    portals.trouble[NAMES[1]] = PortalRefusedError("The portal refused the order.", "通行密碼錯誤")
    portals.trouble[NAMES[3]] = ZeroDivisionError("a defect")
    requests = [portals.request(name) for name in NAMES[:5]]
    requests[2]["technical_contact"] = {**PERSON, "tax_id": "12345678"}
    requests[4]["csr_content"] = "no CSR"
    results = portals.get(*requests)
    assert [result.get("failed", False) for result in results] == [False, True, True, True, True]
    assert [result["changed"] for result in results] == [True, False, False, False, False]
    assert results[1]["portal_message"] == "通行密碼錯誤"
    assert "tax_id" in results[2]["msg"]
    assert "ZeroDivisionError: a defect" in results[3]["msg"]
    assert "test_many.py" in results[3]["exception"]
    assert "CSR" in results[4]["msg"]
    assert portals.ordered == [NAMES[0]]
    # After a failure the session may stand in the middle of a form.
    assert len(portals.opened) == 2


def test_a_portal_that_does_not_answer_is_not_asked_for_all(portals):
    portals.trouble[NAMES[1]] = PortalUnreachableError("The portal did not answer within 30 s.", sent=False)
    results = portals.get(*(portals.request(name) for name in NAMES))
    assert portals.ordered == [NAMES[0]]
    assert not results[0].get("failed")
    assert results[1]["msg"] == "The portal did not answer within 30 s."
    for result in results[2:]:
        assert result["failed"]
        assert result["msg"].startswith("Not tried, since the portal did not answer for another certificate: ")


def test_a_library_that_is_missing_concerns_all(portals):
    portals.trouble[NAMES[0]] = MissingLibraryError("requests")
    with pytest.raises(MissingLibraryError):
        portals.get(portals.request(NAMES[0]))


def test_check_mode_asks_nothing(portals):
    results = portals.get(*(portals.request(name) for name in NAMES[:2]), check_mode=True)
    assert [result["operation"] for result in results] == ["apply", "apply"]
    assert portals.opened == []
    assert not portals.state.exists()


def test_waiting_is_for_all_together(portals):
    """Nobody's wait keeps another one from being ordered."""
    requests = [portals.request(name, wait_timeout=3600, poll_interval=30) for name in NAMES[:3]]
    requests[1]["wait_timeout"] = 0

    def come():
        assert portals.ordered == NAMES[:3]
        portals.issue(NAMES[len(portals.slept) * 2 - 2])

    portals.on_sleep = come
    results = portals.get(*requests)
    assert portals.slept == [30, 30]
    assert [(result["status"], result["operation"]) for result in results] == [
        ("issued", "apply"),
        ("pending", "apply"),
        ("issued", "apply"),
    ]
    assert all(result["changed"] for result in results)
    assert results[0]["portal_requests"] > results[1]["portal_requests"]


def test_a_failure_while_waiting_keeps_what_was_done(portals):
    request = portals.request(NAMES[0], wait_timeout=3600, poll_interval=30)

    def go():
        portals.opened[0].unsearchable = PortalUnreachableError("gone", sent=False)

    portals.on_sleep = go
    (result,) = portals.get(request)
    assert (result["changed"], result["failed"], result["msg"]) == (True, True, "gone")


def test_a_wait_that_makes_no_sense(portals):
    (result,) = portals.get(portals.request(NAMES[0], wait_timeout=-1))
    assert "wait_timeout is -1" in result["msg"]
    assert InputError.__name__ not in result["msg"]
    assert portals.ordered == []
