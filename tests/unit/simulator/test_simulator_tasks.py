# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every task of the manual, walked in both skins."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from conftest import NAME, PASSPHRASE, PEOPLE, Person, make_csr, order, order_values
from cryptography import x509
from simulator import Simulator


def test_apply_approve_search_download(simulator: Simulator, person: Person) -> None:
    csr = make_csr(names=["example.com.tw"])

    page = person.apply(csr)

    assert "作業成功" in page.text and "CA系統已接受您的憑證請求" in page.text
    assert "審核中" in person.search(NAME).text
    [order] = simulator.orders()
    assert order["technical"] == PEOPLE["technical"] and order["billing"] == PEOPLE["billing"]
    assert (order["software"], order["payment"], order["status"]) == ("nginx", "匯款", "pending")

    simulator.approve(NAME)

    page = person.search(NAME)
    for words in ("有效", "憑證序號", "憑證等級", "Organization = Example Ltd.", f"{NAME} 是"):
        assert words in page.text
    assert PASSPHRASE not in str(simulator.orders())
    certificate = x509.load_pem_x509_certificate(person.download(NAME))
    assert certificate.public_key() == x509.load_pem_x509_csr(csr.encode()).public_key()
    assert str(certificate.serial_number) in page.text


def test_rejected_order_shows_the_reason(simulator: Simulator, person: Person) -> None:
    order(simulator)
    simulator.reject(NAME, "申請單未用印")

    page = person.search(NAME)

    assert "已退件" in page.text and "申請單未用印" in page.text


def test_pending_orders_can_be_hidden(simulator: Simulator, person: Person) -> None:
    order(simulator)
    simulator.configure(show_pending=False)

    assert "查無" in person.search(NAME).text


def test_names_are_case_sensitive(simulator: Simulator, person: Person) -> None:
    order(simulator, make_csr("WWW.Example.com.tw"))
    simulator.approve("WWW.Example.com.tw")

    assert "查無" in person.search(NAME).text
    assert "有效" in person.search("WWW.Example.com.tw").text


@pytest.mark.parametrize("same_as", ["technical", "business", "none"])
def test_renewal(simulator: Simulator, person: Person, same_as: str) -> None:
    order(simulator)
    simulator.approve(NAME, age="150d")

    page = person.renew(NAME, make_csr(), **{"billing.same_as": same_as, "technical.phone": "(02)12345678"})

    assert "作業成功" in page.text
    first, second = simulator.orders()
    assert second["kind"] == "renew" and second["renews"] == first["certificates"][0]["id"]
    assert second["technical"] == {**PEOPLE["technical"], "phone": "(02)12345678"}
    assert second["billing"]["email"] == PEOPLE["billing" if same_as == "none" else same_as]["email"]
    simulator.approve(NAME)
    assert simulator.counts()["orders_by_status"] == {"issued": 2}
    assert all(order["certificates"][0]["serial"] in person.search(NAME).text for order in simulator.orders())


def test_revocation(simulator: Simulator, person: Person) -> None:
    order(simulator)
    simulator.approve(NAME)

    page = person.revoke(NAME)

    assert "作業成功" in page.text and "押蓋公司大小章" in page.text
    assert simulator.orders()[0]["certificates"][0]["serial"] in page.text
    assert "已受理廢止申請" in person.search(NAME).text
    assert "請勿重複申請" in person.revoke(NAME).text
    simulator.confirm_revocation(NAME)
    assert "已廢止" in person.search(NAME).text
    assert "已廢止" in person.revoke(NAME).text
    assert simulator.counts()["revocations"] == 1


def test_revocation_among_two_certificates(simulator: Simulator, person: Person) -> None:
    simulator.configure(revocation_choice=True)
    for _ in range(2):
        order(simulator)
        simulator.approve(NAME)
    serial = simulator.orders()[0]["certificates"][0]["serial"]

    page = person.revoke(NAME, choice=serial)

    assert "作業成功" in page.text and serial in page.text
    simulator.confirm_revocation(NAME)
    assert [order["certificates"][0]["status"] for order in simulator.orders()] == ["revoked", "valid"]


def test_without_a_choice_the_paper_form_decides(simulator: Simulator, person: Person) -> None:
    for _ in range(2):
        order(simulator)
        simulator.approve(NAME)
    person.revoke(NAME)

    with pytest.raises(Exception, match="2 valid certificates"):
        simulator.confirm_revocation(NAME)
    simulator.confirm_revocation(NAME, int(simulator.orders()[1]["certificates"][0]["serial"]))

    assert [order["certificates"][0]["status"] for order in simulator.orders()] == ["valid", "revoked"]


def test_review_page_comes_before_the_commit(simulator: Simulator, person: Person) -> None:
    simulator.configure(review=True)
    page = person.walk("客服專區", "SSL 伺服器憑證", "憑證申請", "步驟 4 傳送憑證申請檔與線上填寫註冊資料")
    values = order_values(make_csr())
    while not page.soup.find(lambda tag: "確認" in (tag.get("value"), tag.string)):
        page = person.send(page, values)
    assert simulator.counts()["orders"] == 0

    assert "作業成功" in person.send(page, {}).text
    assert simulator.counts()["orders"] == 1


def test_authority_certificates(simulator: Simulator, person: Person) -> None:
    page = person.get("pro_sslser.asp")

    files = [
        link["href"] for link in page.soup.find_all("a") if "asp?T" in link["href"] or "/authorities/" in link["href"]
    ]
    certificates = [x509.load_pem_x509_certificate(person.get(file).response.content) for file in files]

    assert len(certificates) == 4
    roots = x509.load_pem_x509_certificates(Path(simulator.roots).read_bytes())
    assert set(roots) < set(certificates)


def test_seals_are_pictures(simulator: Simulator, person: Person) -> None:
    page = person.get("Portal/service/ssl_1_6.html")

    sources = [image["src"] for image in page.soup.find_all("img") if "mark" in image["src"]]

    assert [source.rpartition("/")[2] for source in sources] == ["mark1.gif", "mark2.gif", "mark3.gif"]
    for source in sources:
        assert person.get(source).response.content.startswith(b"GIF8")


def test_public_certificate_information(simulator: Simulator, person: Person) -> None:
    order(simulator)
    simulator.approve(NAME)

    assert "有效" in person.get(f"servlet/ShowServerCertInfo?DNS={NAME}").text
    assert "查無" in person.get("servlet/ShowServerCertInfo?DNS=other.example.com.tw").text


def test_automatic_approval(start: t.Callable[..., Simulator], skin: str) -> None:
    simulator = start(skin=skin, approve_after=0)
    order(simulator)

    while simulator.counts()["orders_by_status"] != {"issued": 1}:
        pass

    assert "有效" in Person(simulator).search(NAME).text


def test_state_and_addresses_survive_a_restart(start: t.Callable[..., Simulator], skin: str) -> None:
    simulator = start(skin=skin)
    order(simulator)
    address = simulator.url

    simulator.stop()
    simulator.start()

    assert simulator.url == address
    simulator.approve(NAME)
    assert "有效" in Person(simulator).search(NAME).text
