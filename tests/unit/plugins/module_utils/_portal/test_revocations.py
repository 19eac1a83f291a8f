# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms in which a portal may ask what to revoke, and why."""

from __future__ import annotations

import re
import typing as t

import desk
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, PortalUnknownPageError

SERIAL = 0x3D9D5000
REASONS = "<select name=why><option value=''>請選擇</option><option value=1>金鑰遺失</option>{more}</select>"
SERIALS = "<select name=which><option value=''>請選擇</option>{options}</select>"
ONE = f"<option value=a>www ({SERIAL})</option>"
OTHER = "<option value=b>www (99)</option>"


class Office(desk.Office):
    """One page that asks; ``form`` is what stands in its form beside the button."""

    def __init__(self, form: str, entries: int = 1) -> None:
        super().__init__()
        self.form = form
        self.entries = entries

    def answer(self, asking: desk.Asking) -> str:
        if asking.path == "/revoke" and asking.method == "POST":
            self.commit(**asking.form)
            return "<title>憑證註銷</title><h1>廢止申請已受理</h1><p>請列印用戶註銷憑證申請單</p>"
        if asking.path == "/revoke":
            return f"<title>SSL憑證註銷</title><h1>SSL憑證註銷</h1><form method=post>{self.form}<button>註銷</button></form>"
        if asking.path == "/search" and asking.query:
            rows = "".join(f"<tr><td>{desk.NAME}<td>有效<td>{SERIAL + number}</tr>" for number in range(self.entries))
            return f"<title>查詢結果</title><table><tr><th>網站名稱<th>憑證狀態<th>憑證序號</tr>{rows}</table>"
        if asking.path == "/search":
            return "<title>SSL憑證查詢</title><form>網站名稱 <input name=dns><button>查詢</button></form>"
        return "<title>首頁</title><a href=/revoke>SSL憑證註銷</a> <a href=/search>SSL憑證查詢</a>"


NAMED = "<p>網站名稱 <input name=dns></p>"


def sent(form: str, serial: int | None = SERIAL, reason: str | None = None, **options: t.Any) -> dict[str, str]:
    """What the office gets."""
    office = Office(form, options.pop("entries", 1))
    desk.portal(office).revoke(desk.NAME, options.pop("passphrase", "secret"), serial, reason, lambda: None, **options)
    (order,) = office.orders
    return order


def refused(form: str, *arguments: t.Any, kind: type[Exception] = InputError, **options: t.Any) -> str:
    """What is said instead of sending it."""
    office = Office(form, options.pop("entries", 1))
    given = [desk.NAME, options.pop("passphrase", "secret"), *(arguments or (SERIAL, None))]
    with pytest.raises(kind) as caught:
        desk.portal(office).revoke(*given, lambda: None, **options)
    assert office.orders == []
    return str(caught.value)


def test_the_name_alone() -> None:
    assert sent(NAMED) == {"dns": desk.NAME}


def test_a_list_of_names() -> None:
    form = f"<p>網站名稱 <select name=dns><option>other.example.com.tw<option>{desk.NAME}</select></p>"
    assert sent(form) == {"dns": desk.NAME}


def test_a_serial_number_to_type() -> None:
    assert sent(NAMED + "<p>憑證序號 <input name=no></p>", entries=2) == {"dns": desk.NAME, "no": str(SERIAL)}


def test_a_list_of_serial_numbers() -> None:
    form = f"{NAMED}<p>憑證序號 {SERIALS}</p>"
    assert sent(form.format(options=OTHER + ONE), entries=2)["which"] == "a"
    said = refused(form.format(options=OTHER))
    assert f"serial_number: the portal does not offer {SERIAL} (hexadecimal 3D9D5000) under '憑證序號'" in said
    assert "www (99)" in said
    assert refused(form.format(options=ONE), None, None).startswith("serial_number is missing: the portal offers")


def test_a_passphrase_that_is_asked_for_and_not_given() -> None:
    form = NAMED + "<p>通行密碼 <input type=password name=p></p>"
    assert sent(form)["p"] == "secret"
    assert refused(form, passphrase=None) == f"passphrase is missing: the portal asks for it to revoke {desk.NAME}."


def test_a_reason_from_a_list() -> None:
    form = f"{NAMED}<p>註銷原因 {REASONS}</p>"
    assert sent(form.format(more=""), reason="金鑰遺失")["why"] == "1"
    assert sent(form.format(more="<option value=9>其他</option>"))["why"] == "9"
    assert sent(form.format(more="<option value=2 selected>停用</option>"))["why"] == "2"
    said = refused(form.format(more="<option value=2>停用</option>"))
    assert said == "reason is missing, and the portal asks for it under '註銷原因'; it offers: 金鑰遺失, 停用."


def test_a_reason_to_type() -> None:
    form = NAMED + "<p>註銷原因 <input name=why maxlength=4></p>"
    assert sent(form, reason="停用")["why"] == "停用"
    assert sent(form)["why"] == ""
    assert "takes at most 4" in refused(form, SERIAL, "since it is no longer needed")


def test_two_of_one_name_and_no_choice() -> None:
    assert "name the serial number on the paper form" in refused(NAMED, entries=2)
    assert sent(NAMED, entries=2, by_paper=True) == {"dns": desk.NAME}


def test_a_page_that_asks_for_something_else() -> None:
    assert refused("<p>帳號 <input name=uid></p>", kind=PortalUnknownPageError)


LISTED = f"""<table><tr><th>憑證序號<th>憑證狀態<th></tr>
<tr><td>99<td>有效<td><button name=which value=b>註銷</button></tr>
<tr><td>{SERIAL}<td>有效<td><button name=which value=a>註銷</button></tr></table>"""


class Listing(Office):
    """After the name, a list of certificates, each with a button of its own."""

    def answer(self, asking: desk.Asking) -> str:
        if asking.method == "POST" and "which" not in asking.form:
            return f"<title>SSL憑證註銷</title><h1>請選擇欲註銷之憑證</h1><form method=post>{LISTED}</form>"
        return super().answer(asking)


class Searching(Office):
    """A form that stays above what it finds; each certificate has a page of its own, to revoke it on."""

    def answer(self, asking: desk.Asking) -> str:
        if asking.path == "/certificate":
            facts = f"<dl><dt>網站名稱<dd>{desk.NAME}<dt>憑證序號<dd>{SERIAL}<dt>憑證狀態<dd>有效</dl>"
            asked = "<p>通行密碼 <input type=password name=p></p><button>確認註銷</button>"
            return f"<title>SSL憑證</title>{facts}<form method=post action=/revoke>{asked}</form>"
        if asking.path == "/revoke" and asking.method == "GET":
            found = f"<li><a href=/old>{desk.NAME} 已廢止</a><li><a href=/certificate>{desk.NAME} 有效</a>"
            form = f"<form>{NAMED}<button>查詢</button></form>"
            return f"<title>SSL憑證註銷</title><h1>SSL憑證註銷</h1>{form}<ul>{found if asking.query else ''}</ul>"
        return super().answer(asking)


def test_a_page_of_its_own_for_each_certificate() -> None:
    office = Searching("")
    desk.portal(office).revoke(desk.NAME, "secret", SERIAL, None, lambda: None)
    assert office.orders == [{"p": "secret"}]


class Silent(Office):
    """Answers the name with a list of which nothing can be revoked."""

    def answer(self, asking: desk.Asking) -> str:
        if asking.path == "/revoke" and asking.method == "POST":
            row = f"<tr><td>{desk.NAME}<td>已廢止<td>99</tr>"
            return f"<title>SSL憑證註銷</title><table><tr><th>網站名稱<th>憑證狀態<th>憑證序號</tr>{row}</table>"
        return super().answer(asking)


def test_the_status_of_another_certificate_is_no_yes() -> None:
    with pytest.raises(PortalUnknownPageError):
        desk.portal(Silent(NAMED)).revoke(desk.NAME, "secret", SERIAL, None, lambda: None)


def test_the_page_of_another_certificate() -> None:
    office = Searching("")
    with pytest.raises(InputError, match=f"does not offer 98 .* on its page, only {SERIAL}"):
        desk.portal(office).revoke(desk.NAME, "secret", 98, None, lambda: None)
    assert office.orders == []


def test_a_button_beside_each_certificate() -> None:
    office = Listing(NAMED)
    desk.portal(office).revoke(desk.NAME, "secret", SERIAL, None, lambda: None, by_paper=True)
    assert office.orders == [{"which": "a"}]


def test_a_list_without_the_one_that_is_meant() -> None:
    office = Listing(NAMED)
    for serial, said in (
        (7, f"does not offer 7 (hexadecimal 7) beside its buttons, only 99, {SERIAL}."),
        (None, "missing"),
    ):
        with pytest.raises(InputError, match=f"^serial_number.*{re.escape(said)}" if serial else said):
            desk.portal(office).revoke(desk.NAME, "secret", serial, None, lambda: None, by_paper=True)
    assert office.orders == []


def test_a_search_presses_no_button_that_revokes() -> None:
    """A menu whose first entry with the words sought leads to the page for revocations, which asks for a name, too."""
    office = Office(NAMED)
    assert [entry.status for entry in desk.portal(office).search(desk.NAME)] == ["valid"]
    assert office.orders == []
    assert not any(asking.method == "POST" for asking in office.asked)


@pytest.mark.parametrize("button", ["確定", "送出", "搜尋"])
def test_a_search_sends_nothing_on_a_page_that_revokes(button: str) -> None:
    office = Office(NAMED)
    answer = office.answer
    office.answer = lambda asking: answer(asking).replace("<button>註銷", f"<button>{button}")  # type: ignore[method-assign]
    assert len(desk.portal(office).search(desk.NAME)) == 1
    assert office.orders == []
