# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pki_factory
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._pki import der, keys
from ansible_collections.twca.ssl.plugins.module_utils._plan import answers

MASK = "********"
NAME = "www.example.com.tw"


@pytest.fixture(scope="module")
def key():
    return pki_factory.new_key()


@pytest.fixture(scope="module")
def leaf(key):
    return pki_factory.authority().leaf(key, [NAME])


@pytest.fixture
def owner(key):
    sha256 = keys.public_key_sha256(key.public_key())
    return {
        "host": "web1",
        "common_name": NAME,
        "shown": NAME,
        "reason": "missing",
        "renewal": False,
        "public_key_sha256": sha256,
        "source": {"number": 0, "given": ["common_name"]},
    }


@pytest.fixture
def issued(leaf):
    """The result for a certificate that came."""
    chain = [pki_factory.pem(one) for one in pki_factory.authority().chain]
    return {
        "changed": True,
        "common_name": NAME,
        "status": "issued",
        "operation": "download",
        "certificate": pki_factory.pem(leaf),
        "chain": chain,
        "serial_number": f"{leaf.serial_number:X}",
        "not_after": "2027-06-08T10:30:00Z",
        "warnings": [],
    }


def pending(**more):
    order = {"accepted_at": None, "submitted_at": "2026-11-23T01:02:03Z"}
    return {"changed": True, "status": "pending", "operation": "apply", "order": order, "warnings": [], **more}


def test_answer_n_is_of_request_n_whatever_it_says(owner, issued):
    """A secret that is a part of the name, of the status and of the serial number is masked in all of them."""
    masked = {**issued, "common_name": f"{MASK}.com.tw", "status": MASK, "serial_number": f"5F{MASK}", "host": "web9"}
    (answer,) = answers.answers([owner], {"results": [masked]})
    assert {key: answer.get(key) for key in owner} == {**owner, "source": None}
    assert (answer["status"], answer["serial_number"]) == ("issued", issued["serial_number"])


def test_each_gets_its_own(owner, issued):
    owners = [owner, {**owner, "host": "web2", "common_name": "b.tw", "shown": "b.tw"}]
    found = answers.answers(owners, {"results": [issued, pending()], "failed": False})
    assert [(one["host"], one["common_name"], one["status"]) for one in found] == [
        ("web1", NAME, "issued"),
        ("web2", "b.tw", "pending"),
    ]


def test_a_certificate_of_another_key_is_not_used(owner, issued):
    (answer,) = answers.answers([{**owner, "public_key_sha256": "0" * 64}], {"results": [issued]})
    assert (answer["status"], answer["failed"]) == ("failed", True)
    assert "certificate of another key" in answer["msg"]
    assert "certificate" not in answer


@pytest.mark.parametrize("part", ["certificate", "chain"])
def test_a_certificate_that_masking_damaged_is_told_and_not_used(owner, issued, part):
    damaged = issued[part].replace("MII", MASK) if part == "certificate" else [*issued["chain"], MASK]
    (answer,) = answers.answers([owner], {"results": [{**issued, part: damaged}]})
    assert answer["status"] == "failed"
    assert f"The certificate of {NAME} is here, but a passphrase or password occurs in its text" in answer["msg"]


def test_a_certificate_that_this_reader_cannot_read_is_used(owner, issued, monkeypatch):
    """It was proven where it was fetched."""

    def refuse(_pem):
        raise der.UnreadableError

    monkeypatch.setattr(der, "certificate_key_sha256", refuse)
    (answer,) = answers.answers([owner], {"results": [issued]})
    assert (answer["status"], answer["serial_number"]) == ("issued", issued["serial_number"])


def test_what_is_wrong_is_told_of_the_users_variables(owner):
    failed = {
        "failed": True,
        "msg": "technical_contact.fax is empty.",
        "warnings": ["business_contact.email is the same."],
    }
    (answer,) = answers.answers([owner], {"results": [failed]})
    assert answer["msg"] == "twca_contacts.technical.fax is empty."
    assert answer["warnings"] == ["twca_contacts.business.email is the same."]
    (answer,) = answers.answers(
        [owner], {"failed": True, "msg": "requests[0].passphrase is part of requests[0].mailbox."}
    )
    assert answer["msg"] == "twca_passphrase is part of twca_mailbox."


def test_what_failed_keeps_its_message_and_its_warnings(owner):
    failed = {"failed": True, "msg": "TWCA rejected the order.", "warnings": ["Another issuer."]}
    (answer,) = answers.answers([owner], {"results": [failed]})
    assert (answer["status"], answer["msg"], answer["warnings"]) == ("failed", failed["msg"], failed["warnings"])
    (answer,) = answers.answers([owner], {"results": [{"failed": True}]})
    assert answer["msg"]


@pytest.mark.parametrize(
    ("obtained", "said"),
    [
        ({"unreachable": True, "msg": "no route"}, "no route"),
        ({}, "The portal host did not answer."),
        ({"results": [], "msg": "x"}, "returned 0 results for 1 requests"),
        ({"results": [pending(), pending()]}, "returned 2 results for 1 requests"),
    ],
)
def test_a_run_that_answers_nothing_fails_for_all(owner, obtained, said):
    (answer,) = answers.answers([owner], obtained)
    assert answer["status"] == "failed"
    assert said in answer["msg"]
    assert answers.orders([answer], [])  # nobody knows


class TestNews:
    def lines(self, owner, *results, total=9):
        found = answers.answers([owner] * len(results), {"results": list(results)})
        return answers.news(found, 1, total)

    def test_a_line_for_each_and_for_each_warning(self, owner, issued):
        warned = {"failed": True, "msg": "m", "warnings": ["Mind the issuer."]}
        refused = {"failed": True, "msg": "m", "would_order": {"operation": "apply"}}
        assert self.lines(owner, issued, pending(), warned, refused) == [
            f"1 of 9: {NAME} is here, valid until 2027-06-08.",
            f"2 of 9: {NAME} is awaited from TWCA since 2026-11-23 01:02 UTC; run this playbook again to collect and install it.",
            f"3 of 9: {NAME} needs a person: see below.",
            f"{NAME}: Mind the issuer.",
            f"4 of 9: {NAME} would be ordered.",
        ]

    def test_the_end_of_the_run_tells_of_the_only_batch(self, owner, issued):
        assert self.lines(owner, {**issued, "warnings": ["Mind the issuer."]}, pending(), total=2) == [
            f"{NAME}: Mind the issuer."
        ]

    def test_since_when(self, owner):
        (line,) = self.lines(owner, pending(order={"accepted_at": "2026-11-24T00:00:00Z", "submitted_at": "x"}))
        assert "is awaited from TWCA since 2026-11-24 00:00 UTC;" in line
        (line,) = self.lines(owner, pending(order={}))
        assert "is awaited from TWCA; " in line


class TestOfHost:
    def found(self, owner, *results):
        return answers.answers([owner] * len(results), {"results": list(results)})

    def test_only_its_own_is_its_change(self, owner):
        asked = {"requests": [0], "refused": [{"shown": "x", "msg": "y"}]}
        ordered, awaited = pending(diff=[{"before": "", "after": "apply"}]), pending(changed=False)
        found = [*self.found(owner, ordered), *self.found({**owner, "host": "web2"}, awaited)]
        mine = answers.of_host("web1", "web1", asked, found)
        assert (mine["changed"], mine["diff"], mine["person_needed"]) == (True, ordered["diff"], asked["refused"])
        assert answers.of_host("web2", "web1", {"requests": [0], "refused": []}, found) == {
            "issued": {},
            "person_needed": [],
            "changed": False,
            "diff": [],
        }

    def test_what_came_and_what_failed(self, owner, issued):
        found = self.found(owner, issued, {"failed": True, "msg": "rejected"})
        mine = answers.of_host("web1", "web1", {"requests": [0, 1], "refused": []}, found)
        assert list(mine["issued"]) == [NAME]
        assert mine["person_needed"] == [{"shown": NAME, "msg": "rejected"}]

    def test_what_is_not_allowed(self, owner):
        found = self.found(
            owner, {"failed": True, "msg": "allow_order is false", "would_order": {"operation": "apply"}}
        )
        (needed,) = answers.of_host("web1", "web1", {"requests": [0], "refused": []}, found)["person_needed"]
        assert needed["msg"].startswith(
            "twca_allow_order is false, and certificates would have to be ordered for this host"
        )

    def test_where_nobody_asked(self, owner):
        mine = answers.of_host("web2", "web1", {"requests": [0], "refused": []}, [])
        assert (mine["failed"], mine["msg"][:4]) == (True, "web1")


class TestOrders:
    @pytest.mark.parametrize(
        ("result", "ordered"),
        [
            (pending(operation="apply"), True),
            (pending(operation="renew"), True),
            (pending(operation=MASK), True),
            (pending(operation="none"), False),
            (pending(operation="download"), False),
            ({"failed": True, "msg": "rejected"}, False),
        ],
    )
    def test_what_would_be_ordered(self, owner, result, ordered):
        found = answers.orders(answers.answers([owner], {"results": [result]}), [])
        assert found == (
            [{"common_name": NAME, "shown": NAME, "reason": "missing", "renewal": False}] if ordered else []
        )

    def test_totals(self):
        orders = [{"shown": f"{n}.tw", "renewal": n < 3} for n in range(4)]
        assert answers.total(orders) == "4 certificates would be ordered: 3 renewals, 1 new."
        assert answers.total(orders[:1]) == "1 certificate would be ordered: 1 renewal."
        assert answers.total([]) == "Nothing would be ordered."

    def test_too_many(self):
        orders = [{"shown": f"{n}.tw", "renewal": False} for n in range(22)]
        said = answers.excess(orders, 10)
        assert said.startswith("This run would order 22 certificates, and twca_max_orders is 10. Nothing was ordered.")
        assert "If they are all meant (22 new)," in said
        assert said.endswith("18.tw, 19.tw and 2 more.")
