# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked on which page, and which request places the order."""

from __future__ import annotations

import pytest
from conftest import NAME, PASSPHRASE, PEOPLE, Person, make_csr, order, order_values
from simulator import Simulator
from simulator.settings import FLOWS

STEPS = ("客服專區", "SSL 伺服器憑證", "憑證申請", "步驟 4 傳送憑證申請檔與線上填寫註冊資料")


def commits(simulator: Simulator) -> list[str]:
    """What the requests that commit were asked, in their order."""
    return [
        " ".join(one["steps"]) for one in simulator.requests() if one["method"] == "POST" and "commit" in one["steps"]
    ]


@pytest.mark.parametrize("flow", FLOWS)
def test_every_flow_takes_one_order_and_all_that_was_entered(simulator: Simulator, person: Person, flow: str) -> None:
    simulator.configure(flow=flow)

    page = person.apply(make_csr())

    assert "作業成功" in page.text
    [taken] = simulator.orders()
    assert taken["technical"] == PEOPLE["technical"] and taken["billing"] == PEOPLE["billing"]
    assert (taken["software"], taken["payment"]) == ("nginx", "匯款")
    assert len(commits(simulator)) == 1


@pytest.mark.parametrize("flow", FLOWS)
def test_every_flow_renews(simulator: Simulator, person: Person, flow: str) -> None:
    simulator.configure(flow=flow)
    order(simulator)
    simulator.approve(NAME)

    assert "作業成功" in person.renew(NAME, make_csr()).text

    assert [one["kind"] for one in simulator.orders()] == ["apply", "renew"]
    assert simulator.orders()[-1]["payment"] == "匯款"


def test_on_one_page_the_first_post_is_the_order(simulator: Simulator, person: Person) -> None:
    simulator.configure(flow="one_page")

    person.apply(make_csr())

    posts = [one for one in simulator.requests() if one["method"] == "POST"]
    assert len(posts) == 1 and {"csr", "check", "technical", "billing", "payment", "commit"} <= set(posts[0]["steps"])


def test_on_one_page_what_is_wrong_places_no_order(simulator: Simulator, person: Person) -> None:
    simulator.configure(flow="one_page")

    page = person.apply(make_csr(), payment="比特幣", **{"billing.phone": "none"})

    assert "請選擇付款方式" in page.text and "聯絡電話" in page.text
    assert simulator.counts()["orders"] == 0
    assert PASSPHRASE not in page.response.content.decode(page.charset)


def test_the_portal_that_asks_afterwards_has_the_order_already(simulator: Simulator, person: Person) -> None:
    simulator.configure(flow="asks_after")
    page = person.walk(*STEPS)
    values = order_values(make_csr())

    while not simulator.orders():
        page = person.send(page, values)

    assert "您的申請資料已送達本公司" in page.text and "付款方式" in page.text
    assert [(one["payment"], one["status"]) for one in simulator.orders()] == [("", "pending")]
    assert "payment" not in commits(simulator)[0].split()
    assert "審核中" in person.search(NAME).text
    page = person.send(page, {})
    assert "付款方式" in page.text and "作業成功" not in page.text
    assert len(simulator.orders()) == 1
