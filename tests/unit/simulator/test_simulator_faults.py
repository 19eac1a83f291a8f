# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every fault does what it says, where it is told to."""

from __future__ import annotations

import time
import typing as t
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from conftest import Person, make_csr, order_values
from simulator import Simulator
from simulator.faults import KINDS

LOST = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def test_answer_lost_before_the_commit(simulator: Simulator, person: Person) -> None:
    simulator.fault("lost_before", step="commit")
    with pytest.raises(LOST):
        person.apply(make_csr())
    assert simulator.counts()["orders"] == 0
    assert "作業成功" in person.apply(make_csr()).text


def test_answer_lost_after_the_commit(simulator: Simulator, person: Person) -> None:
    simulator.fault("lost_after", task="apply", step="commit")
    with pytest.raises(LOST):
        person.apply(make_csr())
    assert simulator.counts()["orders"] == 1
    assert simulator.requests()[-1]["fault"] == "lost_after"


@pytest.mark.parametrize("kind", ["truncated", "reset", "lost_before"])
def test_broken_connections(simulator: Simulator, person: Person, kind: str) -> None:
    simulator.fault(kind)
    with pytest.raises(LOST):
        person.get()
    assert person.get().response.status_code == 200


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("kind", "status"), [("error_500", 500), ("proxy_502", 502), ("maintenance", 503), ("garbage", 200)]
)
def test_other_answers(start: t.Callable[..., Simulator], kind: str, status: int, after: bool) -> None:
    simulator = start(skin="classic")
    simulator.fault(kind, step="commit", after=after)
    page = Person(simulator).apply(make_csr())
    assert page.response.status_code == status and "作業成功" not in page.text
    assert simulator.counts()["orders"] == after


def test_nth_and_times(simulator: Simulator, person: Person) -> None:
    simulator.fault("error_500", task="navigate", nth=2, times=2)
    statuses = [person.get().response.status_code for _ in range(5)]
    assert statuses == [200, 500, 500, 200, 200]
    simulator.fault("error_500", times=None)
    assert [person.get().response.status_code for _ in range(3)] == [500] * 3
    simulator.clear_faults()
    assert person.get().response.status_code == 200


def test_method_and_step(simulator: Simulator, person: Person) -> None:
    simulator.fault("error_500", task="apply", step="csr", method="POST")
    page = person.walk("客服專區", "SSL 伺服器憑證", "憑證申請", "步驟 4 傳送憑證申請檔與線上填寫註冊資料")
    assert page.response.status_code == 200
    assert person.send(page, order_values(make_csr())).response.status_code == 500


def test_slow(simulator: Simulator, person: Person) -> None:
    simulator.fault("slow", seconds=0.3)
    begin = time.monotonic()
    person.get()
    assert time.monotonic() - begin >= 0.3


def test_session_expired_in_the_middle(simulator: Simulator, person: Person) -> None:
    simulator.fault("session_expired", step="technical", method="POST")
    assert "連線逾時" in person.apply(make_csr()).text
    assert simulator.counts()["orders"] == 0


def test_a_page_that_comes_back_with_a_complaint(simulator: Simulator, person: Person) -> None:
    simulator.fault("complaint", step="commit", message="付款方式有誤")
    assert "付款方式有誤" in person.apply(make_csr()).text
    assert simulator.counts()["orders"] == 0


def test_offsite_redirect_records_what_follows(simulator: Simulator, person: Person) -> None:
    simulator.fault("offsite_redirect", step="check", method="POST")
    person.apply(make_csr())
    [leak] = simulator.leaks()
    assert leak["method"] == "POST" and "Passw0rd" in leak["body"]


def test_redirect_loop(simulator: Simulator, person: Person) -> None:
    simulator.fault("redirect_loop", times=None)
    with pytest.raises(requests.TooManyRedirects):
        person.get()


def test_gzip_bomb(simulator: Simulator, person: Person) -> None:
    simulator.fault("gzip_bomb", megabytes=64)
    response = person.browser.get(simulator.url, stream=True, timeout=10)
    assert int(response.headers["Content-Length"]) < 1 << 20
    assert sum(map(len, response.iter_content(1 << 20))) == 64 << 20


def test_endless(simulator: Simulator, person: Person) -> None:
    simulator.fault("endless")
    response = person.browser.get(simulator.url, stream=True, timeout=10)
    read = 0
    for block in response.iter_content(1 << 20):
        read += len(block)
        if read > 8 << 20:
            break
    response.close()
    assert person.get().response.status_code == 200


def test_wrong_charset(simulator: Simulator, person: Person) -> None:
    simulator.fault("wrong_charset")
    expected = "big5" if person.skin.modern else "utf-8"
    assert person.get().response.headers["Content-Type"] == f"text/html; charset={expected}"


def test_echo_differs(simulator: Simulator, person: Person) -> None:
    simulator.fault("echo_differs", value="Another Ltd.")
    page = person.walk("客服專區", "SSL 伺服器憑證", "憑證申請", "步驟 4 傳送憑證申請檔與線上填寫註冊資料")
    page = person.send(page, order_values(make_csr()))
    assert "Another Ltd." in page.text and "Example Ltd." not in page.text


def test_wording(simulator: Simulator, person: Person) -> None:
    simulator.fault("wording", replace={"客服專區": "顧客中心"}, times=None)
    text = person.get().response.content.decode(person.skin.codec)
    assert "顧客中心" in text and "客服專區" not in text


def test_hidden_after_the_commit(simulator: Simulator, person: Person) -> None:
    """What a test that kills its client needs: committed, but no answer yet."""
    simulator.fault("slow", step="commit", after=True, seconds=60)
    with ThreadPoolExecutor(1) as pool:
        applied = pool.submit(person.apply, make_csr())
        while simulator.counts()["orders"] == 0:
            time.sleep(0.01)
        assert not applied.done()
        simulator.stop()
        with pytest.raises(LOST):
            applied.result()


def test_unknown_kinds_are_refused(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="not one of"):
        simulator.fault("earthquake")
    assert len(KINDS) == 23
