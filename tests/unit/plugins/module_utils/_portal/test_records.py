# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts in tables, lists and loose texts."""

from __future__ import annotations

import tracemalloc

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._portal import records
from ansible_collections.twca.ssl.plugins.module_utils._portal.page import Page
from ansible_collections.twca.ssl.plugins.module_utils._portal.profile import load

PROFILE = load()
FACTS = {
    "name": "www.x.tw",
    "status": "有效",
    "serial": "1033716735",
    "validity": "2002-10-04 15:32:13.0\n2003-10-28 08:00:00.0",
}


def read(source: str) -> list[dict[str, str]]:
    return [one.facts for one in records.records(Page("https://x/", source.encode()), PROFILE)]


@pytest.mark.parametrize(
    "source",
    [
        (
            "<table><tr><td>一般名稱<td>www.x.tw<tr><td>憑證狀態<td>有效<tr><td>憑證序號<td>1033716735"
            "<tr><td>有效期限<td>2002-10-04 15:32:13.0<br>2003-10-28 08:00:00.0</table>"
        ),
        (
            "<table><tr><td>一般名稱<td>www.x.tw<td>憑證狀態<td>有效<tr><td>憑證序號<td>1033716735"
            "<td>有效期限<td>2002-10-04 15:32:13.0<br>2003-10-28 08:00:00.0</table>"
        ),
        "<table><tr><th>網站名稱<th>狀態<th>序號<th>有效期限<tr><td>www.x.tw<td>有效<td>1033716735<td>2002-10-04 15:32:13.0<br>2003-10-28 08:00:00.0</table>",
        "<dl><dt>一般名稱<dd>www.x.tw<dt>憑證狀態<dd>有效<dt>憑證序號<dd>1033716735<dt>有效期限<dd>2002-10-04 15:32:13.0<br>2003-10-28 08:00:00.0</dl>",
        "<p>一般名稱：www.x.tw<br>憑證狀態：有效<br>憑證序號：1033716735<p>有效期限：<p>2002-10-04 15:32:13.0<br>2003-10-28 08:00:00.0</p><p>下載</p>",
        "<div><b>一般名稱</b> <i>www.x.tw</i></div><div><b>憑證狀態</b> <i>有效</i></div><div><b>憑證序號</b><i>1033716735</i></div>"
        "<div><b>有效期限</b><span>2002-10-04 15:32:13.0</span><br><span>2003-10-28 08:00:00.0</span></div>",
        "<label>一般名稱</label><input readonly value=www.x.tw><br><label>憑證狀態</label>"
        "<input disabled value=有效><br>憑證序號 <input readonly value=1033716735>"
        "<table><tr><td>x<td>y</table><p>有效期限<p>2002-10-04 15:32:13.0<br>2003-10-28 08:00:00.0",
    ],
)
def test_shapes_of_one_record(source: str) -> None:
    assert read(source) == [FACTS]


def test_two_tables_and_two_lists() -> None:
    one = "<table><tr><td>一般名稱<td>a.tw<tr><td>狀態<td>有效</table>"
    assert [facts["name"] for facts in read(one + one.replace("a.tw", "b.tw"))] == ["a.tw", "b.tw"]
    two = "<dl><dt>一般名稱<dd>a.tw<dt>狀態<dd>有效<dt>一般名稱<dd>b.tw<dt>狀態<dd>有效</dl>"
    assert [facts["name"] for facts in read(two)] == ["a.tw", "b.tw"]


def test_a_row_of_buttons_is_no_row_of_names() -> None:
    source = "<table><tr><th>網站名稱<th>狀態<th>功能<tr><td>a.tw<td>有效<td><a href=x>下載憑證</a><tr><td>b.tw<td>有效<td><a href=y>下載</a></table>"
    assert [facts["name"] for facts in read(source)] == ["a.tw", "b.tw"]


def test_a_column_of_links_is_no_column_of_names() -> None:
    row = "<tr><td>{}<td>有效<td><a href=/d>下載</a>"
    table = f"<table><tr><th>網站名稱<th>狀態<th>功能{row.format('a.tw')}{row.format('b.tw')}</table>"
    assert [(facts["name"], facts["status"]) for facts in read(table)] == [("a.tw", "有效"), ("b.tw", "有效")]


def test_the_label_of_a_field_is_no_fact_but_that_of_a_choice_may_hold_some() -> None:
    searching = "<form><label for=n>網站名稱</label><input id=n value=a.tw></form><p>狀態：有效</p>"
    assert read(searching) == []
    choosing = "<label><input type=radio name=c>網站名稱：a.tw<br>狀態：有效</label>"
    assert read(choosing) == [{"name": "a.tw", "status": "有效"}]


def test_a_value_that_looks_like_a_name() -> None:
    rows = "<tr><td>憑證狀態<td>已逾有效期限<tr><td>憑證序號<td>99<tr><td>有效期限<td>2003-10-28"
    assert read(f"<table><tr><td>一般名稱<td>a.tw{rows}</table>") == [
        {"name": "a.tw", "status": "已逾有效期限", "serial": "99", "validity": "2003-10-28"}
    ]


def test_the_echo_of_a_csr() -> None:
    shown = "<h2>檢查</h2><dl><dt>一般名稱<dd>www.x.tw<dt>組織<dd>Example Co., Ltd.<dt>國別<dd>TW</dl><h2>技術聯絡人</h2><dl><dt>城市<dd>臺北市</dl>"
    assert records.echo(Page("https://x/", shown.encode()), PROFILE) == {
        "common_name": "www.x.tw",
        "organization": "Example Co., Ltd.",
        "country": "TW",
    }


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1033716735", 1033716735),
        ("0x3D9D43FF", 0x3D9D43FF),
        ("3d9d43ff", 0x3D9D43FF),
        ("3D:9D:43:FF", 0x3D9D43FF),
        ("10:20:30:40", 0x10203040),
        ("5F 3A 00", 0x5F3A00),
        ("—", None),
        ("7" * 5000, None),
        ("序號 1033716735 (十進位)", 1033716735),
    ],
)
def test_serial_numbers(text: str, number: int | None) -> None:
    assert records.serial_number(text) == number


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("有效", "valid"),
        ("有效（更新審核中）", "valid"),
        ("審核中", "pending"),
        ("尚未簽發", "pending"),
        ("已退件：統一編號不符", "rejected"),
        ("審核未通過", "rejected"),
        ("已廢止(原為有效)", "revoked"),
        ("已過期", "expired"),
        ("無效", "expired"),
        ("已逾有效期限", "expired"),
        ("不核發", "rejected"),
        ("凍結", "unknown"),
        ("", "unknown"),
    ],
)
def test_statuses(text: str, status: str) -> None:
    assert records.status(text, PROFILE) == status


def test_a_long_list_takes_memory_in_proportion() -> None:
    """300 rows within 9 MiB: 5,000 within 150."""
    rows = "".join(
        f"<tr class=r><td>{number}<td><a href='d?id={number}'>w{number}.tw</a><td>有效<td>2026-01-01 00:00:00.0<br>2026-07-01 00:00:00.0<td>10{number}\n"
        for number in range(300)
    )
    source = f"<table><tr><th>#<th>網站名稱<th>狀態<th>有效期限<th>憑證序號{rows}</table>"
    tracemalloc.start()
    found = read(source)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 300
    assert found[299] == {
        "name": "w299.tw",
        "status": "有效",
        "validity": "2026-01-01 00:00:00.0\n2026-07-01 00:00:00.0",
        "serial": "10299",
    }
    assert peak < 9 * 1024 * 1024
