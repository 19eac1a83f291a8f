# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bytes to pages, pages to requests: trees, character sets, what a browser sends."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._portal import charsets, dom
from ansible_collections.twca.ssl.plugins.module_utils._portal.forms import Filling
from ansible_collections.twca.ssl.plugins.module_utils._portal.page import Control, Page
from ansible_collections.twca.ssl.plugins.module_utils._portal.text import norm, pick, variants
from ansible_collections.twca.ssl.plugins.module_utils._portal.times import moments


def shape(node: dom.Node) -> str:
    """A tree as text: tags with what is in them."""
    inner = "".join(child.strip() if isinstance(child, str) else shape(child) for child in node.children)
    return f"<{node.tag}>{inner}</>" if inner else f"<{node.tag}>"


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("<table><tr><td>a<td>b<tr><td>c</table>d", "<html><table><tr><td>a</><td>b</></><tr><td>c</></></>d</>"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "<html><ul><li>a<ul><li>b</></></><li>c</></></>"),
        ("<dl><dt>a<dd>b<dt>c<dd>d</dl>", "<html><dl><dt>a</><dd>b</><dt>c</><dd>d</></></>"),
        ("<p>a<p>b<div>c</div>", "<html><p>a</><p>b</><div>c</></>"),
        ("<select><option>a<option>b</select>c", "<html><select><option>a</><option>b</></>c</>"),
        ("<select><option>a<input name=x>", "<html><select><option>a</></><input></>"),
        ("<td><b>a</td></b>b", "<html><td><b>a</></>b</>"),
        (
            "<table><tr><td><table><tr><td>a</table><td>b</table>",
            "<html><table><tr><td><table><tr><td>a</></></></><td>b</></></></>",
        ),
        ("<b><div>a</b>b</div>c", "<html><b><div>ab</></>c</>"),
        ("<h2>a</h3><p>b", "<html><h2>a</><p>b</></>"),
        ("</td></div></p>a", "<html>a</>"),
        ("<![if !IE]>a<![endif]>", "<html>a</>"),
        ("a<", "<html>a<</>"),
        ("a<![<![b>c", "<html>ac</>"),
        ("a<![bogus[b]]>c", "<html>ac</>"),
        ("a<![CDATA[b]]>c", "<html>ac</>"),
        ("a<![", "<html>a<![</>"),
        ("<p>a<b <i <!-- c", "<html><p>a<b <i <!-- c</></>"),
    ],
)
def test_trees(source: str, tree: str) -> None:
    assert shape(dom.parse(source)) == tree


def test_a_form_owns_by_position() -> None:
    page = Page(
        "https://x/",
        b"<table><tr><form id=a><td><input name=p></tr><tr><td><input name=q></form></table><input name=r><input name=s form=a>",
    )
    assert [(one.name, one.form.get("id") if one.form else None) for one in page.controls] == [
        ("p", "a"),
        ("q", "a"),
        ("r", None),
        ("s", "a"),
    ]


def test_depth_and_size_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page("https://x/", b"<div>" * 5000 + "深".encode())
    assert page.text() == "深"
    monkeypatch.setattr(dom, "_MOST", 1000)
    with pytest.raises(dom.TooLargeError):
        Page("https://x/", b"<b>" * 1001)


@pytest.mark.parametrize(
    ("body", "header", "charset", "text"),
    [
        ("裏碁恒".encode("cp950"), "text/html; charset=Big5", "cp950", "裏碁恒"),
        (b"<meta charset=big5>" + "許功蓋".encode("cp950"), "text/html", "cp950", "<meta charset=big5>許功蓋"),
        (
            b"<meta charset=big5>" + "許".encode("cp950"),
            "text/html; charset=ISO-8859-1",
            "cp950",
            "<meta charset=big5>許",
        ),
        ("許".encode(), "text/html; charset=big5", "utf-8", "許"),
        ("許".encode("cp950"), "text/html; charset=utf-8", "cp950", "許"),
        ("\ufeff許".encode(), "text/html; charset=big5", "utf-8", "許"),
        ("許".encode(), "text/html; charset=nonsense", "utf-8", "許"),
        (b"\xff\xff", "", "utf-8", "\ufffd\ufffd"),
    ],
)
def test_character_sets(body: bytes, header: str, charset: str, text: str) -> None:
    assert charsets.decode(body, header) == (text, charset)


def sent(source: str, press: str = "", entered: dict[str, str] | None = None, charset: str = "utf-8") -> t.Any:
    page = Page(
        "https://portal.test/a/b.asp?x=1#y", f"<meta charset={charset}>{source}".encode(charset, "xmlcharrefreplace")
    )
    filling = Filling(page)
    button: Control | None = None
    for control in page.controls:
        if control.name in (entered or {}):
            filling.type(control, (entered or {})[control.name])
        if press and press in (control.name, control.value):
            button = control
    return filling.request(page.forms[0], button)[0]


def test_what_a_browser_sends() -> None:
    request = sent(
        """<form method=post action=c.asp><input name=a value=1><input name=b disabled value=2><input type=checkbox name=c value=3>
<input type=checkbox name=d checked><input type=radio name=e value=5><input type=radio name=e value=6 checked>
<select name=f><option>7<option selected>8</select>
<select name=g multiple><option selected>9<option selected>10<option>11</select><textarea name=h>
12
13</textarea><input type=hidden name=i value=14><input value=15><input type=submit name=j value=16>
<input type=submit name=k value=17><input type=button name=l value=18>
<fieldset disabled><legend><input name=m value=19></legend><input name=n value=20></fieldset><select name=o>
</select></form>""",
        "16",
    )
    assert request.url == "https://portal.test/a/c.asp"
    assert request.method == "POST"
    assert request.body == b"a=1&d=on&e=6&f=8&g=9&g=10&h=12%0D%0A13&i=14&j=16&m=19"
    assert request.referer == "https://portal.test/a/b.asp?x=1#y"


def test_the_answer_is_in_the_pages_character_set() -> None:
    request = sent("<form method=post><input name=n></form>", entered={"n": "許堃 a+b"}, charset="cp950")
    assert request.body == b"n=%B3%5C%26%2322531%3B+a%2Bb"
    assert request.url == "https://portal.test/a/b.asp?x=1"
    request = sent(
        "<form method=post accept-charset='x-none utf-8'><input name=n></form>", entered={"n": "許"}, charset="cp950"
    )
    assert request.body == b"n=%E8%A8%B1"


def test_get_forms_replace_the_query() -> None:
    request = sent("<form action='/s?old=1'><input name=q value='a b'><input type=image name=go src=x></form>", "go")
    assert (request.method, request.url, request.body) == ("GET", "https://portal.test/s?q=a+b&go.x=1&go.y=1", None)


def test_a_button_may_say_where_to() -> None:
    request = sent(
        "<form method=get action=x><button name=b value=v formaction=/y formmethod=post>z</button></form>", "b"
    )
    assert (request.method, request.url, request.body) == ("POST", "https://portal.test/y", b"b=v")


def test_base_address() -> None:
    assert sent("<base href=/z/><form method=post action=x></form>").url == "https://portal.test/z/x"


def test_multipart() -> None:
    request = sent(
        "<form method=post enctype=multipart/form-data><input name=t><input type=file name=f></form>",
        entered={"t": "許", "f": "CSR\n"},
        charset="cp950",
    )
    assert b'name="t"\r\n\r\n' + "許".encode("cp950") in request.body
    assert (
        b'name="f"; filename="request.csr"\r\nContent-Type: application/octet-stream\r\n\r\nCSR\n\r\n' in request.body
    )
    assert request.content_type.split("boundary=")[1].encode() in request.body


def test_what_is_seen() -> None:
    page = Page(
        "https://x/",
        b"""<style>.hp, p.no { color: red } #gone{ DISPLAY : none }</style><p>a <img alt=b></p><p style='display:none'>c</p><p id=gone>d</p><p hidden>e
<script>document.write('f')</script><noscript>g</noscript><p>h<br>i""",
    )
    assert page.text() == "a b\nh\ni"


def test_things_to_click() -> None:
    page = Page(
        "https://x/",
        "<a href=1><img alt=一></a><input type=image alt=二><button><b>三</b></button><input type=submit value=四><span onclick='x()'>五</span>"
        "<map><area href=6 alt=六></map><a name=n>七</a><input type=reset value=八><input type=submit disabled value=九>".encode(),
    )
    assert [one.text for one in page.clickables()] == ["一", "二", "三", "四", "五", "六"]


def test_texts_are_compared_as_read() -> None:
    assert norm(" SSL 伺服器憑證：") == norm("ＳＳＬ伺服器憑證") == "ssl伺服器憑證"
    assert norm("臺北市") == norm("台北市*")
    assert norm("***") == "***"
    assert "姓名" in variants("※ 姓名（必填）Name：")
    assert pick(["憑證申請流程", "申請", "憑證申請"], ["憑證申請"]) == [2, 0]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2002-10-04 15:32:13.0", ["2002-10-04T07:32:13+00:00"]),
        ("2002-10-04 15:32:13.0 2003-10-28 08:00:00.0", ["2002-10-04T07:32:13+00:00", "2003-10-28T00:00:00+00:00"]),
        ("2026/11/23 ~ 2027/06/09", ["2026-11-22T16:00:00+00:00", "2027-06-08T16:00:00+00:00"]),
        ("2026/11/23 08:00:00-2027/06/09 08:00:00", ["2026-11-23T00:00:00+00:00", "2027-06-09T00:00:00+00:00"]),
        ("2026年11月23日 下午 3:05", ["2026-11-23T07:05:00+00:00"]),
        ("民國115年11月23日", ["2026-11-22T16:00:00+00:00"]),
        ("2026-11-23T03:00:00Z", ["2026-11-23T03:00:00+00:00"]),
        ("2026-11-23T11:00:00+08:00", ["2026-11-23T03:00:00+00:00"]),
        ("2026-13-01", []),
        ("02-2370-8886", []),
    ],
)
def test_times(text: str, iso: list[str]) -> None:
    assert [moment.isoformat() for moment in moments(text)] == iso


def test_what_controls_a_terminal_is_no_text() -> None:
    page = Page("https://x/", "<title>a\x1b[31mb\x00\x9bc</title>".encode())
    assert "a[31mbc" in page.place
