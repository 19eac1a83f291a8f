# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, UncertainOrderError
from ansible_collections.twca.ssl.plugins.module_utils._order.book import Applicant
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import (
    ABANDONED,
    ACCEPTED,
    ISSUED,
    NOT_PLACED,
    PLACED,
    PREPARED,
    REJECTED,
    SUBMITTING,
    UNCERTAIN,
    Record,
)
from ansible_collections.twca.ssl.plugins.module_utils._order.manual import told

APPLICANT = Applicant("www.example.com.tw", ("DNS:www.example.com.tw",), "ab12cd34" * 8, "a CSR")
NOW = "2026-11-28T00:00:00Z"


def record(*states):
    known = Record(APPLICANT.common_name, APPLICANT.public_key_sha256, PREPARED, "apply", "a CSR").moved(PREPARED)
    for state in states:
        known = known.moved(state)
    return known


@pytest.mark.parametrize(
    ("before", "word", "after"),
    [
        ((), PLACED, PLACED),
        ((SUBMITTING,), PLACED, PLACED),
        ((SUBMITTING, UNCERTAIN), PLACED, PLACED),
        ((SUBMITTING,), NOT_PLACED, PREPARED),
        ((SUBMITTING, UNCERTAIN), NOT_PLACED, PREPARED),
        ((PLACED,), NOT_PLACED, PREPARED),
        ((), ABANDONED, ABANDONED),
        ((SUBMITTING, ACCEPTED, REJECTED), ABANDONED, ABANDONED),
        ((SUBMITTING, ACCEPTED, ISSUED), ABANDONED, ABANDONED),
    ],
)
def test_a_word_is_taken(before, word, after):
    assert told(record(*before), APPLICANT, word, NOW).state == after


@pytest.mark.parametrize(
    ("before", "word"),
    [
        ((SUBMITTING, ACCEPTED), PLACED),
        ((SUBMITTING, ACCEPTED, REJECTED), PLACED),
        ((ABANDONED,), PLACED),
        ((SUBMITTING, ACCEPTED), NOT_PLACED),
        ((SUBMITTING, ACCEPTED, REJECTED), NOT_PLACED),
        ((SUBMITTING, ACCEPTED, ISSUED), NOT_PLACED),
        ((SUBMITTING, ACCEPTED, ISSUED), PLACED),
        ((ABANDONED,), NOT_PLACED),
    ],
)
def test_the_journal_knows_better(before, word):
    with pytest.raises(InputError, match="it cannot be"):
        told(record(*before), APPLICANT, word, NOW)


@pytest.mark.parametrize("state", [SUBMITTING, UNCERTAIN, ACCEPTED, PLACED])
def test_an_open_order_is_not_abandoned_by_the_way(state):
    known = record(state)
    with pytest.raises(UncertainOrderError, match="may still become a certificate"):
        told(known, APPLICANT, ABANDONED, NOW)
    assert told(known, APPLICANT, ABANDONED, NOW, discard_accepted=True).reached(ABANDONED) == NOW


def test_the_same_word_again_changes_nothing():
    for word in (PLACED, ABANDONED, NOT_PLACED):
        once = told(None, APPLICANT, word, NOW)
        assert told(once, APPLICANT, word, "2027-01-01T00:00:00Z") == once


def test_a_key_that_the_journal_does_not_know_is_noted():
    cleared = told(None, APPLICANT, NOT_PLACED, NOW)
    assert (cleared.state, cleared.is_cleared, cleared.was_sent) == (PREPARED, True, False)
    assert cleared.history == ((NOT_PLACED, NOW), (PREPARED, NOW))
    assert not dataclasses.replace(cleared, history=(*cleared.history, (SUBMITTING, NOW))).is_cleared


def test_how_a_rejected_order_ended_is_known():
    assert not told(record(SUBMITTING, ACCEPTED, REJECTED), APPLICANT, ABANDONED, NOW).may_be_listed
    assert told(record(SUBMITTING, ACCEPTED), APPLICANT, ABANDONED, NOW, discard_accepted=True).may_be_listed
