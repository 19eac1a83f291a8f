# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._report import changes, fleet
from ansible_collections.twca.ssl.plugins.module_utils._report.page import page

ROW = {
    "host": "web1",
    "common_name": "www.example.com.tw",
    "subject_alt_name": ["DNS:www.example.com.tw"],
    "serial_number": "5F3A",
    "issuer": "CN=A,C=TW",
    "issuer_name": "A",
    "not_before": "2026-09-08T00:00:00Z",
    "not_after": "2027-03-25T12:34:56Z",
    "renew_from": "2027-01-18T15:50:24Z",
    "days_left": 121,
    "state": "ok",
    "problems": [],
    "notes": [],
    "order": None,
}
NONE = {
    **ROW,
    **dict.fromkeys(("serial_number", "issuer", "issuer_name", "not_before", "not_after", "renew_from", "days_left")),
}
ORDER = {"since": "2026-11-20T01:00:00Z", "awaited": "Its approval is awaited.", "portal_message": "作業成功"}
CHANGE = {"host": "web1", "common_name": "a.tw", "kind": "solved", "sentence": "No longer: b."}


def page_of(*rows, previous_at=None, changed=(), **counts):
    summary = {"total": 9, "broken": 0, "due": 0, "pending": 0, "ok": 0, **counts}
    return page(
        {
            "generated_at": "2026-11-23T04:05:06Z",
            "previous_at": previous_at,
            "summary": summary,
            "certificates": list(rows),
            "changes": list(changed),
        }
    )


def row_of(**different):
    (row,) = page_of({**ROW, **different})["rows"]
    return row


def test_how_the_fleet_is():
    found = page_of(broken=1, due=2, pending=3, ok=4)
    assert found["sentence"] == "9 certificates: 1 broken, 2 due, 3 pending, 4 ok."
    assert found["summary"] == "1 broken, 2 due, 3 pending"
    assert (found["total"], found["generated"]["text"]) == (9, "2026-11-23 04:05 UTC")


def test_tiles_in_the_order_of_urgency():
    tiles = page_of(broken=3)["tiles"]
    assert [tile["state"] for tile in tiles] == list(fleet.STATES)
    assert tiles[0] == {"state": "broken", "css": "broken", "count": 3, "sign": "✕", "word": "Broken"}
    assert tiles[1] == {"state": "due", "css": "due none", "count": 0, "sign": "▲", "word": "Due"}
    assert (tiles[2]["word"], tiles[3]["word"]) == ("Pending", "In order")


@pytest.mark.parametrize(
    ("counts", "urgent", "lead"),
    [
        ({}, "", "Nothing needs anybody."),
        ({"broken": 1}, "1 needs somebody.", ""),
        ({"broken": 2, "due": 1}, "2 need somebody.", "1 will be ordered by the next run."),
        ({"pending": 1}, "", "Nothing needs anybody. 1 is awaited from TWCA."),
        (
            {"due": 3, "pending": 2},
            "",
            "Nothing needs anybody. 3 will be ordered by the next run. 2 are awaited from TWCA.",
        ),
    ],
)
def test_the_lead(counts, urgent, lead):
    found = page_of(**counts)
    assert (found["urgent"], found["lead"]) == (urgent, lead)


def test_a_certificate_in_order():
    assert row_of() == {
        "state": "ok",
        "sign": "✓",
        "word": "In order",
        "since": {},
        "name": ["www.", "example.", "com.", "tw"],
        "more": "",
        "host": "web1",
        "bar": {
            **page_of(ROW)["rows"][0]["bar"],
            "end": {"at": "2027-03-25T12:34:56Z", "text": "2027-03-25 12:34 UTC", "day": "2027-03-25"},
            "left_over": "121 days left",
            "label": "Valid from 2026-09-08 to 2027-03-25, to be renewed from 2027-01-18",
        },
        "problems": [],
        "notes": [],
        "message": "",
        "issuer": "CN=A,C=TW",
        "issuer_name": "A",
        "serial_number": "5F3A",
    }


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (2, "2 days left"),
        (1, "1 day left"),
        (0, "0 days left"),
        (-1, "expired 0 days ago"),
        (-2, "expired 1 day ago"),
        (-4, "expired 3 days ago"),
    ],
)
def test_how_long_there_is(left, text):
    assert row_of(days_left=left)["bar"]["left_over"] == text


def test_bars_belong_to_their_rows():
    first, second = page_of(NONE, ROW)["rows"]
    assert first["bar"] == {}
    assert set(second["bar"]) >= {"left", "width", "window_left", "window_width"}


@pytest.mark.parametrize(
    ("names", "more"), [([], ""), (["a"], ""), (["a", "b"], "and 1 more"), (["a"] * 4, "and 3 more")]
)
def test_more_names(names, more):
    assert row_of(subject_alt_name=names)["more"] == more


def test_a_name_of_no_host():
    assert row_of(host="")["host"] == "–"


def test_an_order_is_told_after_the_notes():
    row = row_of(order=ORDER, notes=["N."], state="pending")
    assert (row["notes"], row["message"], row["since"]["day"]) == (["N.", ORDER["awaited"]], "作業成功", "2026-11-20")
    assert row_of(order={**ORDER, "portal_message": ""})["message"] == ""


def test_what_a_problem_says_already_is_no_note():
    row = row_of(order=ORDER, problems=[ORDER["awaited"]])
    assert (row["problems"], row["notes"]) == ([ORDER["awaited"]], [])


def test_the_grid_has_a_line_for_each_month():
    found = page_of(ROW)
    assert found["grid"].count("linear-gradient") == len(found["ticks"]) > 1
    assert found["grid"].startswith(
        f"linear-gradient(var(--line) 0 0) {found['ticks'][0]['at']}% 0 / 1px 100% no-repeat, "
    )
    assert found["grid"].endswith(", none")


BEFORE = "2026-11-16T04:00:00Z"


def test_the_first_report_is_news_and_tells_no_changes():
    found = page_of()
    assert (found["changes"], found["news"]) == ({}, True)


def test_nothing_changed():
    found = page_of(previous_at=BEFORE)
    assert found["changes"] == {
        "since": {"at": BEFORE, "text": "2026-11-16 04:00 UTC", "day": "2026-11-16"},
        "count": "No changes",
        "few": True,
        "rows": [],
    }
    assert not found["news"]


@pytest.mark.parametrize(
    ("number", "count", "few"), [(1, "1 change", True), (20, "20 changes", True), (21, "21 changes", False)]
)
def test_changes(number, count, few):
    found = page_of(previous_at=BEFORE, changed=[CHANGE] * number)
    assert (found["changes"]["count"], found["changes"]["few"], found["news"]) == (count, few, True)
    assert found["changes"]["rows"][0] == {**CHANGE, "word": "Solved"}


def test_each_kind_of_change_has_a_word():
    state = {**ROW, "state": "due"}
    other = {**ROW, "serial_number": "60", "problems": ["P."]}
    pairs = [([], [ROW]), ([ROW], []), ([ROW], [state]), ([ROW], [other]), ([other], [ROW])]
    found = [change for before, after in pairs for change in changes.between(before, after)]
    rows = page_of(previous_at=BEFORE, changed=found)["changes"]["rows"]
    words = {"New", "Gone", "State", "Renewed", "Problem", "Solved"}
    assert {row["word"] for row in rows} == words
    assert all(row["word"] == row["kind"].capitalize() for row in rows)
