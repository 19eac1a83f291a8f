# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._order import attribution
from ansible_collections.twca.ssl.plugins.module_utils._order.book import Applicant, Book, Leaf, Observation
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import Record
from ansible_collections.twca.ssl.plugins.module_utils._portal.model import Entry

NAME, MINE, OTHER, THIRD = "www.example.com.tw", "aa" * 32, "bb" * 32, "cc" * 32
NOW = "2026-11-28T00:00:00Z"


def record(key, state="accepted", **changes):
    known = Record(NAME, key, "prepared", "apply", "a CSR", **changes).moved("submitting", at=NOW)
    return known.moved(state, at=NOW)


def entry(status, reference="", **changes):
    return Entry(NAME, status, reference=reference, **changes)


def book(*records):
    return Book(Applicant(NAME, (NAME,), MINE, "a CSR"), records)


def seen(*entries, leaves=None):
    return Observation(NOW, entries=entries, leaves=leaves or {})


def test_alike_entries_are_counted():
    listed = seen(entry("pending"), entry("pending"), entry("valid", serial_number=5))
    mine = record(MINE, baseline=(entry("pending").identity,))
    assert attribution.new_positions(listed, mine) == [1, 2]


@pytest.mark.parametrize(
    ("mine", "rival", "certain"),
    [
        ({}, None, True),
        ({}, {}, False),
        ({}, {"baseline": ("order:www.example.com.tw:7",)}, True),
        ({"entry": "order:www.example.com.tw:7"}, {}, True),
        ({}, {"entry": "order:www.example.com.tw:7", "baseline": ("order:www.example.com.tw:7",)}, False),
    ],
    ids=["no rival", "a rival", "listed before the rival ordered", "known as mine", "known as the rival's"],
)
def test_an_entry_is_certain_where_no_other_order_can_be_it(mine, rival, certain):
    rivals = [record(OTHER, **rival)] if rival is not None else []
    assert attribution.is_certainly_of(entry("pending", "7"), record(MINE, **mine), rivals) is certain


def test_a_certificate_settles_its_key():
    leaf = Leaf(OTHER, "5F", "the certificate", "2027-06-01T00:00:00Z")
    before = book(record(MINE), record(OTHER))
    after, warnings = attribution.settled(before, seen(entry("valid"), leaves={0: (leaf,)}))
    assert after.of_key(OTHER).not_after == "2027-06-01T00:00:00Z"
    assert (after.of_key(OTHER).state, after.of_key(OTHER).certificate) == ("issued", "the certificate")
    assert after.of_key(MINE) == before.of_key(MINE)
    assert warnings == ()


@pytest.mark.parametrize("state", ["prepared", "rejected"])
def test_a_certificate_counts_more_than_what_was_said_before(state):
    after, _warnings = attribution.settled(
        book(record(MINE), record(OTHER, state)), seen(entry("valid"), leaves={0: (Leaf(OTHER, "5F"),)})
    )
    assert after.of_key(OTHER).state == "issued"


def test_a_certificate_of_an_abandoned_key_is_told_once():
    leaf = Leaf(OTHER, "5F", "the certificate")
    listed = seen(entry("valid"), leaves={0: (leaf,)})
    after, warnings = attribution.settled(book(record(MINE), record(OTHER, "abandoned")), listed)
    assert (after.of_key(OTHER).state, after.of_key(OTHER).serial_number) == ("abandoned", "5F")
    assert len(warnings) == 1
    assert attribution.settled(after, listed) == (after, ())


def test_a_certificate_of_a_key_that_nobody_knows_settles_nothing():
    before = book(record(MINE), dataclasses.replace(record(OTHER, "issued"), serial_number="5F"))
    for key in (THIRD, OTHER, MINE):
        listed = seen(entry("valid"), leaves={0: (Leaf(key, "5F"),)})
        assert attribution.settled(before, listed) == (before, ())


@pytest.mark.parametrize(("state", "after"), [("accepted", "rejected"), ("abandoned", "abandoned")])
def test_a_rejection_with_a_number_settles_the_order_it_can_only_be(state, after):
    rejected = entry("rejected", "7", message="公司印鑑不符")
    before = book(record(MINE, baseline=(rejected.identity,)), record(OTHER, state))
    settled, _warnings = attribution.settled(before, seen(rejected))
    assert (settled.of_key(OTHER).state, settled.of_key(OTHER).portal_message) == (after, "公司印鑑不符")
    assert not settled.of_key(OTHER).may_be_listed


def test_a_rejection_that_may_be_either_settles_neither():
    before = book(record(MINE), record(OTHER))
    assert attribution.settled(before, seen(entry("rejected", "7"))) == (before, ())


def test_a_rejection_without_a_number_settles_nothing():
    rejected = entry("rejected")
    before = book(record(MINE, baseline=(rejected.identity,)), record(OTHER))
    assert attribution.settled(before, seen(rejected)) == (before, ())


def test_a_rejection_goes_to_the_order_that_is_known_to_be_it():
    rejected = entry("rejected", "7", status_text="退件")
    known = record(OTHER, entry=rejected.identity)
    settled, _warnings = attribution.settled(book(record(MINE), known, record(THIRD)), seen(rejected))
    assert settled.of_key(OTHER).state == "rejected"
    assert settled.of_key(OTHER).portal_message == "退件"
    assert settled.of_key(THIRD) == record(THIRD)


def test_my_own_order_is_not_settled_here():
    before = book(record(MINE), dataclasses.replace(record(OTHER), serial_number="1"))
    assert attribution.settled(before, seen(entry("rejected", "7"))) == (before, ())
