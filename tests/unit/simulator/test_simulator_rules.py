# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The manual's rules, each with its message, and no order behind any of them."""

from __future__ import annotations

import typing as t

import pytest
from conftest import NAME, PASSPHRASE, PEOPLE, Person, make_csr, order
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from simulator import Simulator
from simulator.rules import Refusal, check_contact, read_request, tax_id_valid


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"technical__name": ""}, "技術聯絡人的「姓名」未填寫"),
        ({"business__email": " "}, "業務聯絡人的「電子郵件地址」未填寫"),
        ({"billing__fax": ""}, "帳務聯絡人的「傳真號碼」未填寫"),
        ({"technical__tax_id": "70759028".translate({ord("7"): "\uff17"})}, "請採用半形阿拉伯數字"),
        ({"technical__tax_id": "12345678"}, "檢查碼不正確"),
        ({"technical__postal_code": "1000"}, "「郵遞區號」格式不正確"),
        ({"business__name": PEOPLE["technical"]["name"]}, "應由不同人員擔任"),
        ({"passphrase": "short", "passphrase_again": "short"}, "至少須為六碼"),
        ({"passphrase": "longenough", "passphrase_again": "longEnough"}, "不一致"),
        ({"payment": ""}, "請選擇付款方式"),
    ],
)
def test_refused_entries(start: t.Callable[..., Simulator], changes: dict[str, str], words: str) -> None:
    simulator = start(skin="classic")
    assert words in Person(simulator).apply(make_csr(), **changes).text
    assert simulator.counts()["orders"] == 0


def test_a_refused_page_can_be_corrected(simulator: Simulator, person: Person) -> None:
    assert "業務聯絡人的「姓名」未填寫" in person.apply(make_csr(), business__name="").text
    assert "請選擇付款方式" in person.apply(make_csr(), payment="").text
    assert "作業成功" in person.apply(make_csr()).text
    assert simulator.counts()["orders"] == 1


def test_a_key_with_a_certificate_is_spent(simulator: Simulator, person: Person) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    order(simulator, make_csr(key=key))
    simulator.approve(NAME)

    assert "重新產製金鑰對" in person.apply(make_csr(key=key)).text
    assert "重新產製金鑰對" in person.renew(NAME, make_csr(key=key)).text


def test_the_second_order_of_a_waiting_key_is_counted(simulator: Simulator, person: Person) -> None:
    csr = make_csr()
    order(simulator, csr)
    person.apply(csr)

    assert list(simulator.counts()["orders_by_key"].values()) == [2]


def test_wrong_passphrase(simulator: Simulator, person: Person) -> None:
    order(simulator)
    simulator.approve(NAME)

    assert "通行密碼錯誤" in person.renew(NAME, make_csr(), passphrase=PASSPHRASE.lower()).text
    assert "通行密碼錯誤" in person.revoke(NAME, PASSPHRASE.lower()).text
    assert simulator.counts()["orders"] == 1 and simulator.counts()["revocations"] == 0


def test_unknown_names(simulator: Simulator, person: Person) -> None:
    assert "查無" in person.search("unknown.example.com.tw").text
    assert "查無" in person.revoke("unknown.example.com.tw").text


@pytest.mark.parametrize(
    ("csr", "words"),
    [
        ("", "請將CSR檔案"),
        ("not a request", "BEGIN 到 END"),
        (make_csr().replace("M", "N", 1), "CSR 內容有錯誤"),
        (make_csr(O="範例公司"), "「組織」請用英文填寫"),
        (make_csr(C="TWN"), "兩碼國家代碼"),
        (make_csr(ST="TW"), "不要用縮寫"),
        (make_csr(L=""), "缺少「城市/位置」"),
        (make_csr("bad_name.example"), "網站名稱「bad_name.example」格式不正確"),
        (make_csr(key=ec.generate_private_key(ec.SECP521R1())), "P-256、P-384"),
    ],
)
def test_refused_requests(csr: str, words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_request(csr)
    assert words in refusal.value.messages[0]


def test_short_rsa_key(small_rsa_key: rsa.RSAPrivateKey) -> None:
    with pytest.raises(Refusal, match="1024 位元不足"):
        read_request(make_csr(key=small_rsa_key))


def test_both_headers_and_optional_unit() -> None:
    csr = make_csr(OU="", names=["example.com.tw"])
    request = read_request(csr.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"))
    assert request.subject == {"C": "TW", "ST": "Taiwan", "L": "Taipei", "O": "Example Ltd.", "CN": NAME}
    assert request.names == (f"DNS:{NAME}", "DNS:example.com.tw")


@pytest.mark.parametrize(
    ("number", "valid"), [("70759028", True), ("04595257", True), ("12345678", False), ("7075902", False)]
)
def test_tax_id(number: str, valid: bool) -> None:
    assert tax_id_valid(number) is valid


@pytest.mark.parametrize("phone", ["(02)23708886#9", "+886 2 2370-8886", "02-23708886 轉 9", "0223708886ext 12"])
def test_phones(phone: str) -> None:
    contact = {**PEOPLE["technical"], "phone": phone}
    assert check_contact("technical", contact, ("台北市",))["phone"] == phone
