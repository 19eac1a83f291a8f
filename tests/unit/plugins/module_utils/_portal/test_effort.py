# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What pages cost: in proportion to their size, counted in units of work and not in seconds; and never more than a walk may."""

from __future__ import annotations

import time
import typing as t

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import PortalUnknownPageError
from ansible_collections.twca.ssl.plugins.module_utils._portal import effort, text, times
from faults import inputs

N = 100
KINDS: dict[str, t.Callable[[int], str]] = {
    "fields": lambda n: "<form>" + "姓名<input name=a>" * n,
    "fields without labels": lambda n: "<form>" + "<input name=a>" * n,
    "fields in a column": lambda n: "<form><table>" + "<tr><td><input name=a>" * n,
    "fields in one label": lambda n: "<form><label>" + "姓名<input name=a>" * n,
    "fields of many groups": lambda n: (
        "<form>" + "<fieldset><legend>技術聯絡人</legend>姓名<input name=a></fieldset>" * n
    ),
    "fields named by ARIA": lambda n: (
        "<form><p id=x>" + "x " * n + "</p>" + "<input aria-labelledby='x x x' name=a>" * n
    ),
    "hidden between fields": lambda n: (
        "<form>" + "<i hidden>x</i>" * n + "<input type=hidden name=b><input name=a>" * n
    ),
    "buttons": lambda n: "<form><input name=a>" + "<button>確定</button>" * n,
    "passwords": lambda n: "<form>" + "<input type=password name=a>" * n,
    "radio buttons": lambda n: "<form>" + "<input type=radio required name=a>姓名" * n,
    "forms": lambda n: "<form>姓名<input name=a></form>" * n,
    "forms with boxes": lambda n: "<form><textarea name=a></textarea></form>x<br>" * n,
    "scripts and fields": lambda n: (
        "<script>function f(a){history.back()}</script>" * n
        + "<form>"
        + "<input type=button value=確定 onclick='f(1)'>" * n
    ),
    "links": lambda n: "".join(f"<a href=/{number}>憑證申請</a>" for number in range(n)),
    "steps": lambda n: "<ul>" + "<li>技術聯絡人<li>業務聯絡人" * n + "</ul><input>",
    "records": lambda n: "<table>" + "<tr><td>一般名稱<td>a<td>憑證狀態<td>有效" * n,
    "empty cells": lambda n: (
        "<table><tr><td>一般名稱<td>憑證狀態<td>序號" + "<tr><td><input readonly value=b><td><td>" * n
    ),
    "texts": lambda n: "<div>" * 50 + "一般名稱<br>a<br>" * n,
    "messages": lambda n: "<p class=error>錯誤</p>" * n,
    "brackets": lambda n: "<form>a" + "【" * n * 20 + "b<input name=a>",
    "combining marks": lambda n: "<form>a" + "\u0301\u0316" * n * 20 + "<input name=a>",
}


class Counting:
    """A meter that counts, and has no clock."""

    def __init__(self) -> None:
        self.units = 0

    def begin(self, _url: str) -> None:
        pass

    def spend(self, units: int) -> None:
        self.units += units


def cost(page: str, monkeypatch: pytest.MonkeyPatch) -> int:
    meter = Counting()
    text._norm.cache_clear()
    text._norm_long.cache_clear()
    text.variants.cache_clear()
    inputs._words.cache_clear()
    inputs._words()
    with monkeypatch.context() as patched:
        patched.setattr(effort._here, "meter", meter, raising=False)
        inputs.read_page(page.encode())
    return meter.units


@pytest.mark.parametrize("kind", KINDS)
def test_twice_the_page_costs_twice_as_much(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = (cost(KINDS[kind](size), monkeypatch) for size in (N, 4 * N))
    assert large < 6 * small + 2000


@pytest.mark.parametrize(
    "piece", ["【", "([〔《", "【】", "\u0301\u0316", "\u0316\u0301\u0302", "a:", "2026-1-1 T ", "\ufdfa", "\u1100"]
)
def test_texts_of_any_length(piece: str) -> None:
    """Each of these took the square of its length in one of the functions."""
    long = "a" + piece * (200_000 // len(piece)) + "b"
    with inputs.bounded():
        text.norm(long), text.squash(long), text.variants(long), times.moments(long)
        words = inputs._words()
        words.fields.find(long), words.record.exact(long), words.heading(long), words.says("refused", long)


def test_pieces_make_the_same_text() -> None:
    import unicodedata

    for piece in ("e\u0301", "ガ", "ｶﾞ", "한", "①", "ﬁ", "臺北", "a b", "\u1100\u1161\u11a8"):
        long = piece * 1000
        assert text.nfkc(long) == unicodedata.normalize("NFKC", long)


def test_a_page_that_costs_too_much_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "PAGE", 0.05)
    with (
        pytest.raises(
            PortalUnknownPageError, match=r"The page at https://portal\.test/a takes more than 0\.05 seconds"
        ),
        effort.walk(),
    ):
        effort.page("https://portal.test/a?secret")
        while True:
            effort.spend()


def test_the_pages_of_a_walk_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "WALK", 0.2)
    monkeypatch.setattr(effort, "PAGE", 0.15)
    with (
        pytest.raises(PortalUnknownPageError, match=r"pages, last https://portal\.test/, take more than 0\.2"),
        effort.walk(),
    ):
        while True:
            effort.page("https://portal.test/")
            for _time in range(1000):
                effort.spend()


def test_a_walk_in_a_walk_gets_no_more_time() -> None:
    with effort.walk():
        outer = effort._here.meter
        with effort.walk():
            assert effort._here.meter is outer
        assert effort._here.meter is outer
    assert effort._here.meter is None


def test_waiting_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "PAGE", 0.05)
    with effort.walk():
        effort.page("https://portal.test/")
        time.sleep(0.2)
        effort.spend(10_000)


@pytest.mark.parametrize(
    "character", "\x00\x07\x1b\x7f\x85\x9b\u200e\u202a\u202e\u2028\u2029\u2066\u2069\u061c\ufeff\ufffe\uffff\U000e0041"
)
def test_what_pages_say_cannot_write_to_the_terminal(character: str) -> None:
    said = text.squash(f"憑證{character}申請")
    assert said.replace(" ", "") == "憑證申請"
    assert said.isprintable()
