# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import json
import os
import stat
import threading

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import LockedError, StoreError
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import (
    ABANDONED,
    ACCEPTED,
    ISSUED,
    NOT_PLACED,
    OPEN_STATES,
    PLACED,
    PREPARED,
    REJECTED,
    SUBMITTING,
    UNCERTAIN,
    Journal,
    Record,
)
from ansible_collections.twca.ssl.plugins.module_utils._store import mounts

NAME, KEY = "www.example.com.tw", "ab" * 32


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "state")


def record(**changes):
    return Record(NAME, KEY, PREPARED, "apply", "a CSR", baseline=("serial:1",), **changes).moved(PREPARED)


def path_of(tmp_path, name=NAME):
    return tmp_path / "state/orders" / name / f"{KEY}.json"


def test_what_is_written_is_read_again(journal):
    written = record().moved(ACCEPTED, portal_message="作業成功", contact_changes=({"field": "phone"},), chain=("one",))
    journal.write(written)
    assert journal.read(NAME, KEY) == written
    assert journal.of_name(NAME) == [written]
    assert [state for state, _at in written.history] == [PREPARED, ACCEPTED]
    assert written.reached(ACCEPTED) is not None
    assert written.reached("issued") is None


def test_what_was_never_written_is_none(journal):
    assert journal.read(NAME, KEY) is None
    assert journal.of_name(NAME) == []


def test_every_record_by_name_and_key(journal, tmp_path):
    for name, key in [("b.example.com.tw", "22"), ("a.example.com.tw", "22"), ("b.example.com.tw", "11")]:
        journal.write(Record(name, key, PREPARED, "apply", ""))
    (tmp_path / "state/orders/.lock").touch()
    found = [(one.common_name, one.public_key_sha256) for one in journal.every()]
    assert found == [("a.example.com.tw", "22"), ("b.example.com.tw", "11"), ("b.example.com.tw", "22")]
    (tmp_path / "state/orders/b.example.com.tw/22.json").write_text('{"format": 1, "state": "paid"}')
    with pytest.raises(StoreError):
        journal.every()


def test_only_the_owner_may_read_it(journal, tmp_path):
    old = os.umask(0)
    try:
        journal.write(record())
    finally:
        os.umask(old)
    path = path_of(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (path.parent, path.parent.parent, tmp_path / "state"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_forgotten_is_gone(journal):
    journal.write(record())
    journal.forget(record())
    assert journal.read(NAME, KEY) is None


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": 1}',
        b'{"format": 2, "state": "prepared"}',
        b"\xff\xfe",
    ],
)
def test_a_damaged_record_is_an_error_and_stays(journal, tmp_path, damage):
    journal.write(record())
    path_of(tmp_path).write_bytes(damage)
    with pytest.raises(StoreError, match="may be all that is known of a paid order"):
        journal.read(NAME, KEY)
    assert path_of(tmp_path).read_bytes() == damage


def test_an_unknown_state_is_an_error(journal, tmp_path):
    journal.write(record())
    content = json.loads(path_of(tmp_path).read_text("utf-8"))
    path_of(tmp_path).write_text(json.dumps({**content, "state": "paid"}), "utf-8")
    with pytest.raises(StoreError):
        journal.read(NAME, KEY)


def test_a_name_cannot_leave_its_place(journal, tmp_path):
    name = "../../outside"
    journal.write(Record(name, KEY, PREPARED, "apply", ""))
    assert [one.name for one in (tmp_path / "state/orders").iterdir()] == ["..%2F..%2Foutside"]
    assert journal.read(name, KEY) is not None


def test_wildcards_keep_their_asterisk(journal, tmp_path):
    journal.write(Record("*.example.com.tw", KEY, PREPARED, "apply", ""))
    assert path_of(tmp_path, "*.example.com.tw").exists()


def test_one_name_one_run_at_a_time_and_other_names_do_not_wait(journal):
    held, done = threading.Event(), threading.Event()

    def hold():
        with journal.locked(NAME, timeout=5):
            held.set()
            done.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(5)
    try:
        with pytest.raises(LockedError), journal.locked(NAME, timeout=0.1):
            pass
        with journal.locked("other.example.com.tw", timeout=0.1):
            pass
    finally:
        done.set()
        other.join()
    with journal.locked(NAME, timeout=1):
        pass


def test_where_other_hosts_may_be_no_order_is_begun(journal, tmp_path, monkeypatch):
    monkeypatch.setattr(mounts, "shared_kind", lambda _path: "nfs4")
    sentence = f"state_dir {tmp_path}/state lies on a file system .nfs4. that other hosts can have mounted"
    with pytest.raises(StoreError, match=sentence), journal.locked(NAME, timeout=1):
        pytest.fail("it was locked")
    assert not (tmp_path / "state").exists()
    assert journal.of_name(NAME) == [], "what is there can still be read"


def through(*states):
    known = record()
    for state in states:
        known = known.moved(state)
    return known


@pytest.mark.parametrize(
    ("states", "sent", "cleared", "listed"),
    [
        ((), False, False, False),
        ((SUBMITTING,), True, False, True),
        ((SUBMITTING, UNCERTAIN), True, False, True),
        ((SUBMITTING, ACCEPTED), True, False, True),
        ((PLACED,), False, False, True),
        ((SUBMITTING, UNCERTAIN, NOT_PLACED, PREPARED), True, True, False),
        ((SUBMITTING, NOT_PLACED, PREPARED, PREPARED), True, True, False),
        ((SUBMITTING, NOT_PLACED, PREPARED, PREPARED, SUBMITTING), True, False, True),
        ((NOT_PLACED, PREPARED), False, True, False),
        ((SUBMITTING, ACCEPTED, REJECTED), True, False, False),
        ((SUBMITTING, ACCEPTED, REJECTED, ABANDONED), True, False, True),
        ((ABANDONED,), False, False, False),
        ((PLACED, ABANDONED), False, False, True),
    ],
)
def test_what_a_history_says(states, sent, cleared, listed):
    known = through(*states)
    assert (known.was_sent, known.is_cleared, known.may_be_listed) == (sent, cleared, listed)


def test_an_order_whose_end_is_known_is_no_longer_looked_for():
    abandoned = through(SUBMITTING, ACCEPTED).moved(ABANDONED)
    assert abandoned.may_be_listed
    assert not dataclasses.replace(abandoned, settled=True).may_be_listed
    assert not dataclasses.replace(abandoned, serial_number="5F").may_be_listed
    assert not through(SUBMITTING).moved(ISSUED, serial_number="5F").may_be_listed
    assert {SUBMITTING, UNCERTAIN, ACCEPTED, PLACED} == set(OPEN_STATES)


def test_an_attempt_is_taken_back_to_what_was_before_it():
    assert through(SUBMITTING).before_last_attempt() is None
    assert through(PREPARED, SUBMITTING).before_last_attempt() is None  # a run was killed before it sent anything
    again = through(SUBMITTING, UNCERTAIN, PREPARED, SUBMITTING).before_last_attempt()
    assert (again.state, [state for state, _at in again.history]) == (UNCERTAIN, [PREPARED, SUBMITTING, UNCERTAIN])
    cleared = through(SUBMITTING, NOT_PLACED, PREPARED, PREPARED, SUBMITTING).before_last_attempt()
    assert (cleared.state, cleared.is_cleared, len(cleared.history)) == (PREPARED, True, 4)


def test_a_record_of_the_first_release_is_read(journal, tmp_path):
    journal.write(record())
    path = path_of(tmp_path)
    content = json.loads(path.read_text())
    for later in ("holder", "not_after", "entry", "settled"):
        del content[later]
    path.write_text(json.dumps(content))
    assert journal.read(NAME, KEY).holder is None
