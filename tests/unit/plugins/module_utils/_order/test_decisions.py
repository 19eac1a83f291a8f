# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Single decisions that a search of all of them found wrong."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import PortalRefusedError, UncertainOrderError
from ansible_collections.twca.ssl.plugins.module_utils._order import sentences
from ansible_collections.twca.ssl.plugins.module_utils._order.book import Applicant, Book, Leaf, Observation, Sent
from ansible_collections.twca.ssl.plugins.module_utils._order.decisions import Fail, Order, OrderPolicy, decide
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import Record
from ansible_collections.twca.ssl.plugins.module_utils._order.manual import told
from ansible_collections.twca.ssl.plugins.module_utils._portal.model import Entry

NAME, MINE, OTHER = "www.example.com.tw", "a1" * 32, "b2" * 32
NOW, LONG_AFTER = "2026-11-28T00:00:00Z", "2099-01-01T00:00:00Z"
APPLICANT = Applicant(NAME, (NAME,), MINE, "CSR")


def record(*states, key=MINE, **more):
    history = tuple((state, NOW) for state in states)
    return Record(NAME, key, states[-1], "apply", "CSR", history=history, **more)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), None),
        (("prepared",), None),  # a run that ended before it sent anything
        (("prepared", "submitting", "uncertain"), "uncertain"),
        (("prepared", "submitting", "uncertain", "not_placed", "prepared"), "prepared"),
    ],
)
def test_an_attempt_that_came_to_nothing_leaves_what_was_known_before(before, after):
    attempted = record(*before, "prepared", "submitting")
    book = Book(APPLICANT, (attempted,)).without_attempt(attempted)
    assert (book.mine.state if book.mine else None) == after
    assert book.mine is None or book.mine.history == attempted.history[: len(before)]


def test_what_is_uncertain_stays_so_until_it_is_sent_again():
    uncertain = record("prepared", "submitting", "uncertain")
    decision = decide(Book(APPLICANT, (uncertain,)), Observation(NOW, entries=()), OrderPolicy(on_uncertain="resubmit"))
    assert isinstance(decision.action, Order)
    assert decision.book.mine.state == "uncertain"
    # The run ends here: the next one, without the option, orders nothing, and nobody can discard the key by the way.
    later = decide(decision.book, Observation(NOW, entries=()), OrderPolicy())
    assert isinstance(later.action, Fail)
    with pytest.raises(UncertainOrderError):
        told(decision.book.mine, APPLICANT, "abandoned", NOW)


@pytest.mark.parametrize(("listed", "state"), [((), None), ((Entry(NAME, "pending"),), "uncertain")])
def test_a_no_is_doubted_where_a_new_order_is_listed(listed, state):
    given_up = record("prepared", "submitting", "abandoned", key=OTHER)
    seen = Observation(NOW, entries=listed, sent=Sent(1, PortalRefusedError("it says no", "no")))
    decision = decide(Book(APPLICANT, (given_up, record("prepared", "submitting"))), seen, OrderPolicy())
    assert isinstance(decision.action, Fail)
    assert (decision.book.mine.state if decision.book.mine else None) == state


def test_another_holder_is_told_of_a_certificate_that_only_this_run_saw():
    waiting = record("prepared", "submitting", "accepted", key=OTHER, holder="web1")
    seen = Observation(
        NOW,
        entries=(Entry(NAME, "valid", serial_number=0x101),),
        leaves={0: (Leaf(OTHER, "101", "certificate", LONG_AFTER),)},
    )
    decision = decide(Book(APPLICANT, (waiting,)), seen, OrderPolicy(holder="web2"))
    assert "web1 holds a certificate of that name" in decision.action.error.message
    assert decision.book.of_key(OTHER).state == "issued"


def test_a_certificate_of_another_key_leaves_a_way_on():
    accepted = record("prepared", "submitting", "accepted")
    error = sentences.certificate_of_another_key(accepted, "101")
    assert "-e twca_discard=a1a1a1a1 -e twca_discard_accepted=true" in error.message
