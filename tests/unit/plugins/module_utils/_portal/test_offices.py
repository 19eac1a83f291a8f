# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole portals, each in a markup of its own, gone through from the home page to the portal's answer."""

from __future__ import annotations

import datetime

import desk
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, PortalError, PortalRefusedError
from ansible_collections.twca.ssl.plugins.module_utils._intake import message
from office_asp import AspOffice
from office_modern import ModernOffice
from office_steps import StepsOffice
from office_webforms import WebFormsOffice


def test_asp_apply() -> None:
    office = AspOffice()
    committing = desk.Committing(office)
    accepted = desk.portal(office).apply(desk.application(), committing)
    assert "作業成功" in accepted.message
    assert "已接受您的憑證請求" in accepted.message
    assert accepted.contact_changes == []
    (order,) = office.orders
    assert order["csr"].replace("\r\n", "\n") == desk.CSR
    assert order["f02"] == "2"
    assert order["f03"] == order["f04"] == desk.PASSPHRASE
    for number, person in enumerate((desk.TECHNICAL, desk.BUSINESS, desk.BILLING)):
        sent = {field: order.get(f"g{number}{index}") for index, field in enumerate(desk.FIELDS)}
        assert sent == {**{"tax_id": None}, **person, "city": "1"}
    assert committing.calls == 2  # the contacts, the payment


def test_asp_renew() -> None:
    office = AspOffice()
    office.certificates = ["1033716735", "1033716999"]
    office.kept["passphrase"] = desk.PASSPHRASE
    portal = desk.portal(office)
    first, second = portal.search(desk.NAME)
    assert (first.serial_number, second.serial_number) == (1033716735, 1033716999)
    assert first.status == "valid"
    assert first.not_before == datetime.datetime(2026, 10, 4, 7, 32, 13, tzinfo=datetime.timezone.utc)
    assert first.identity == "serial:3D9D43FF"
    committing = desk.Committing(office)
    accepted = portal.renew(desk.application(billing={"same_as": "business"}), second, committing)
    assert any(asking.path == "/renew1.asp" and asking.query == {"s": "1033716999"} for asking in office.asked)
    assert office.orders[0]["same"] == "2"
    assert {"contact": "technical", "field": "title", "before": "舊資料", "after": "專員"} in accepted.contact_changes
    assert portal.download(first) == [desk.PEM.encode()]


def test_asp_wrong_passphrase() -> None:
    office = AspOffice()
    office.certificates = ["1033716735"]
    office.kept["passphrase"] = "another"
    portal = desk.portal(office)
    (entry,) = portal.search(desk.NAME)
    committing = desk.Committing(office)
    with pytest.raises(PortalRefusedError, match="通行密碼不符") as caught:
        portal.renew(desk.application(), entry, committing)
    assert caught.value.portal_message == "通行密碼不符,請重新輸入"
    assert "passphrase is not the one that the portal knows" in caught.value.message
    assert caught.value.message.endswith(" Nothing was ordered.")
    assert committing.calls == 0


def test_asp_nothing_found() -> None:
    assert desk.portal(AspOffice()).search(desk.NAME) == []


def test_asp_echo_differs() -> None:
    office = AspOffice()
    office.echo["組織"] = "Evil Co., Ltd."
    committing = desk.Committing(office)
    with pytest.raises(PortalError, match="organization 'Evil Co., Ltd.'"):
        desk.portal(office).apply(desk.application(), committing)
    assert committing.calls == 0
    assert office.asked[-1].path == "/apply2.asp"


def test_asp_unknown_choices() -> None:
    for changes, listed in (
        ({"server_software": "Netscape"}, "Apache"),
        ({"technical": {**desk.TECHNICAL, "city": "東京"}}, "新北市"),
        ({"payment_method": None}, "信用卡, ATM 轉帳"),
        ({"payment_method": "現金"}, "信用卡, ATM 轉帳"),
    ):
        office = AspOffice()
        with pytest.raises(InputError, match=listed):
            desk.portal(office).apply(desk.application(**changes), lambda: None)
        assert not office.orders


MODERN_ENTRIES = [
    {
        "name": desk.NAME,
        "status": "有效",
        "times": "2026-10-04 15:32:13.0<br>2027-04-20 08:00:00.0",
        "serial": "5F:3A:00:01",
    },
    {"name": desk.NAME, "status": "審核中"},
    {"name": desk.NAME, "status": "已退件", "why": "統一編號不符"},
    {"name": "www.example.com.tw.other.tw", "status": "有效"},
]


def test_modern_apply() -> None:
    office = ModernOffice()
    committing = desk.Committing(office)
    accepted = desk.portal(office).apply(
        desk.application(billing={"same_as": "technical"}, server_software="其他"), committing
    )
    assert accepted.message.startswith("作業成功 CA系統已接受您的憑證請求")
    (order,) = office.orders
    assert order["software"] == "其他"
    assert order["passphrase"] == order["again"] == desk.PASSPHRASE
    assert order["agree"] == "yes"
    assert order["pay"] == "a"
    for who, person in (("技術", desk.TECHNICAL), ("業務", desk.BUSINESS), ("帳務", desk.TECHNICAL)):
        expected = {**person, "city": "臺北市", "street": person["address"]}
        del expected["address"]
        if who == "帳務":
            del expected["tax_id"]
            expected["same"] = "t"
        assert order[who] == expected
    # From the last contact on: its POST and the page after it, the payment and its page, the confirmation and its page.
    assert committing.calls == 3 + 3


def test_modern_search_and_download() -> None:
    office = ModernOffice()
    office.entries = MODERN_ENTRIES
    portal = desk.portal(office)
    valid, pending, rejected = portal.search(desk.NAME)
    assert (valid.status, valid.serial_number) == ("valid", 0x5F3A0001)
    assert valid.not_after == datetime.datetime(2027, 4, 20, tzinfo=datetime.timezone.utc)
    assert pending.status == "pending"
    assert (rejected.status, rejected.message) == ("rejected", "統一編號不符")
    assert portal.download(valid) == [desk.PEM.strip().encode()]
    assert portal.search("WWW.example.com.tw") == []


def test_modern_renew() -> None:
    office = ModernOffice()
    office.entries = MODERN_ENTRIES
    portal = desk.portal(office)
    valid = portal.search(desk.NAME)[0]
    portal.renew(desk.application(), valid, desk.Committing(office))
    (order,) = office.orders
    assert order["operation"] == "renew"
    assert order["帳務"]["same"] == "n"
    assert order["帳務"]["name"] == desk.BILLING["name"]


def test_modern_complaint() -> None:
    office = ModernOffice()
    office.complain = "聯絡電話格式錯誤"
    with pytest.raises(PortalRefusedError) as caught:
        desk.portal(office).apply(desk.application(), desk.Committing(office))
    assert caught.value.portal_message == "聯絡電話格式錯誤"
    assert "技術聯絡人" in caught.value.message


WEBFORMS_ROWS = [
    ("WWW.example.com.tw", "有效", "2026/10/04", "2027/04/20", "1033716735"),
    (desk.NAME, "有效", "2026/11/04", "2027/05/20", "0x3D9D5000"),
    ("mail.example.com.tw", "有效", "2026/11/04", "2027/05/20", "77"),
]


def test_webforms_apply() -> None:
    office = WebFormsOffice()
    committing = desk.Committing(office)
    accepted = desk.portal(office).apply(desk.application(), committing)
    assert accepted.message == "作業成功 CA系統已接受您的憑證請求"
    (order,) = office.orders
    assert order["ctl00$b"].replace("\r\n", "\n") == desk.CSR
    assert (order["ctl00$s"], order["pay"], order["same"]) == ("9", "2", "3")
    assert order["ctl00$w1"] == order["ctl00$w2"] == desk.PASSPHRASE
    assert (order["n0"], order["n1"], order["n2"], order["a1"], order["d1"]) == (
        "王堃",
        "陳小明",
        "林會計",
        "延平南路85號10樓",
        "台北市",
    )
    assert order["ctl00$kw"] == ""
    assert committing.calls == 3  # the order, its redirect, the page that leads on


def test_webforms_search_renew_download() -> None:
    office = WebFormsOffice()
    office.rows = WEBFORMS_ROWS
    portal = desk.portal(office)
    other_case, entry = portal.search(desk.NAME)
    assert other_case.name == "WWW.example.com.tw"
    assert (entry.name, entry.serial_number, entry.status) == (desk.NAME, 0x3D9D5000, "valid")
    assert entry.not_before == datetime.datetime(2026, 11, 3, 16, tzinfo=datetime.timezone.utc)
    (packed,) = portal.download(entry)  # as it came: the one reader unpacks it
    assert desk.PEM.encode() in message.files(packed)
    portal.renew(desk.application(), entry, desk.Committing(office))
    assert any(
        asking.form.get("__EVENTARGUMENT") == "1" and asking.form["__EVENTTARGET"] == "grid$renew"
        for asking in office.asked
    )
    assert len(office.orders) == 1


def test_webforms_nothing_found_is_said_by_a_script() -> None:
    assert desk.portal(WebFormsOffice()).search(desk.NAME) == []


def test_webforms_revoke() -> None:
    office = WebFormsOffice()
    office.rows = WEBFORMS_ROWS[1:]
    portal = desk.portal(office)
    with pytest.raises(PortalRefusedError, match="密碼錯誤"):
        portal.revoke(desk.NAME, "bad-pass", 0x3D9D5000, None, lambda: None)
    committing = desk.Committing(office)
    revocation = portal.revoke(desk.NAME, "good-pass", 0x3D9D5000, "金鑰遺失", committing)
    assert "廢止申請已受理" in revocation.message
    assert "用戶註銷憑證申請單" in revocation.page_html
    assert office.orders[0]["why"] == "金鑰遺失"
    assert committing.calls == 1


def test_webforms_revoke_ambiguous() -> None:
    office = WebFormsOffice()
    office.rows = [WEBFORMS_ROWS[1], (*WEBFORMS_ROWS[1][:4], "99")]
    with pytest.raises(InputError, match="by_paper"):
        desk.portal(office).revoke(desk.NAME, "good-pass", 99, None, lambda: None)
    assert not office.orders
    desk.portal(office).revoke(desk.NAME, "good-pass", 99, None, lambda: None, by_paper=True)
    assert len(office.orders) == 1


def test_webforms_authority_and_seal() -> None:
    portal = desk.portal(WebFormsOffice())
    inter, root = portal.authority_certificates()
    assert b"inter" in inter
    assert b"root" in root
    assert portal.seal("mark2") == (b"GIF89a-two", "https://portal.test/Portal/service/img/mark2.gif")
    with pytest.raises(InputError, match="mark1, mark2"):
        portal.seal("mark9")


def test_steps_apply() -> None:
    office = StepsOffice()
    committing = desk.Committing(office)
    accepted = desk.portal(office).apply(desk.application(), committing)
    assert accepted.message.startswith("您的憑證申請已受理")
    (order,) = office.orders
    assert order["csr"] == desk.CSR
    assert order["software"] == "2"
    assert order["secret"] == (desk.PASSPHRASE, desk.PASSPHRASE)
    for number, person in enumerate((desk.TECHNICAL, desk.BUSINESS, desk.BILLING)):
        for key, value in person.items():
            assert order["people"][f"{key}_{number}"] == value
        assert order["people"][f"again_{number}"] == person["email"]
    assert order["people"]["pay"] == "a"
    assert committing.calls == 3  # the contacts with their redirect, the confirmation


def test_steps_search_and_download() -> None:
    office = StepsOffice()
    portal = desk.portal(office)
    assert portal.search(desk.NAME) == []
    office.entries = {"1033716735": "有效", "1033716000": "已過期"}
    first, second = portal.search(desk.NAME)
    assert (first.serial_number, first.status, second.status) == (1033716735, "valid", "expired")
    assert first.not_after == datetime.datetime(2027, 4, 19, 16, tzinfo=datetime.timezone.utc)
    assert portal.download(first) == [desk.PEM.encode()]


def test_steps_a_refusal_that_a_script_says() -> None:
    office = StepsOffice()
    office.complaint = "密碼強度不足，錯誤："
    with pytest.raises(PortalRefusedError) as caught:
        desk.portal(office).apply(desk.application(), desk.Committing(office))
    assert caught.value.portal_message == "密碼強度不足,錯誤: ********"
