# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import module_runner
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import (
    ACCEPTED,
    PREPARED,
    SUBMITTING,
    UNCERTAIN,
    Journal,
    Record,
)

NAME = "www.example.com.tw"
KEY, OTHER = "ab12cd34" * 8, "ab12cd35" * 8


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path)


def put(journal, key, *states):
    record = Record(NAME, key, PREPARED, "apply", "a CSR").moved(PREPARED)
    for state in states:
        record = record.moved(state)
    journal.write(record)
    return record


def run(tmp_path, state, key=KEY[:8], **options):
    return module_runner.run(
        "twca_order", state_dir=str(tmp_path), common_name=NAME, public_key_sha256=key, state=state, **options
    )


def test_placed_is_kept_and_told_once(tmp_path, journal):
    put(journal, KEY, SUBMITTING, UNCERTAIN)
    result = run(tmp_path, "placed", KEY[:8].upper())
    assert result["changed"]
    assert (result["order"]["state"], result["order"]["placed_at"] is None) == ("placed", False)
    assert result["diff"] == {"before": {"state": "uncertain"}, "after": {"state": "placed"}}
    assert journal.read(NAME, KEY).state == "placed"
    assert not run(tmp_path, "placed")["changed"]


def test_not_placed_is_told_once(tmp_path, journal):
    put(journal, KEY, SUBMITTING)
    assert run(tmp_path, "not_placed")["order"]["state"] == "prepared"
    assert journal.read(NAME, KEY).is_cleared
    assert not run(tmp_path, "not_placed")["changed"]


def test_check_mode_predicts_and_writes_nothing(tmp_path, journal):
    before = put(journal, KEY, SUBMITTING)
    assert run(tmp_path, "placed", check=True)["changed"]
    assert journal.read(NAME, KEY) == before


def test_an_order_under_way_is_abandoned_only_if_that_is_said_too(tmp_path, journal):
    put(journal, KEY, SUBMITTING, ACCEPTED)
    with pytest.raises(module_runner.Failed, match="-e twca_discard=ab12cd34 -e twca_discard_accepted=true"):
        run(tmp_path, "abandoned")
    assert run(tmp_path, "abandoned", discard_accepted=True)["order"]["abandoned_at"]
    assert not run(tmp_path, "abandoned")["changed"]


def test_an_unknown_key_is_abandoned_by_doing_nothing(tmp_path, journal):
    result = run(tmp_path, "abandoned")
    assert (result["changed"], result["order"]) == (False, {})
    assert journal.of_name(NAME) == []


def test_a_word_about_an_unknown_key_wants_the_whole_key(tmp_path, journal):
    with pytest.raises(module_runner.Failed, match="give all 64 characters"):
        run(tmp_path, "not_placed")
    assert run(tmp_path, "not_placed", KEY)["changed"]
    assert journal.read(NAME, KEY).is_cleared


@pytest.mark.parametrize("key", ["ab12", "ab12cd3g", "", "a" * 65])
def test_a_beginning_that_is_none_is_refused(tmp_path, key):
    with pytest.raises(module_runner.Failed, match="at least the first 8 hexadecimal characters"):
        run(tmp_path, "placed", key)


def test_a_beginning_of_two_keys_is_refused(tmp_path, journal):
    twin = "ab12cd34" + "0" * 56
    put(journal, KEY, SUBMITTING)
    put(journal, twin, SUBMITTING)
    with pytest.raises(module_runner.Failed, match="2 keys of www.example.com.tw begin with ab12cd34; give more of it"):
        run(tmp_path, "placed")
    assert run(tmp_path, "placed", twin[:9])["changed"]


def test_what_the_journal_knows_better_is_refused(tmp_path, journal):
    put(journal, OTHER, SUBMITTING, ACCEPTED)
    with pytest.raises(module_runner.Failed, match="is accepted since .*; it cannot be not_placed"):
        run(tmp_path, "not_placed", OTHER[:8])
