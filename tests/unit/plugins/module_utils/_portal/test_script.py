# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The idioms of scripts that are understood, and a few that are not."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._portal.script import (
    Back,
    Cancel,
    Effect,
    Go,
    Interpreter,
    Say,
    SetAction,
    SetValue,
    Submit,
)

SCRIPT = """
<!--
var theForm = document.forms['form1'];
if (!theForm) { theForm = document.form1; }
function __doPostBack(target, argument) {
  if (!theForm.onsubmit || (theForm.onsubmit() != false)) {
    theForm.__EVENTTARGET.value = target; theForm.__EVENTARGUMENT.value = argument; theForm.submit();
  }
}
function go(a) { var f = document.f; f.act.value = a; f.submit(); return false; }
function check(f) {
  // 檢查
  if (f.csr.value == '') { alert('請輸入 CSR'); f.csr.focus(); return false; }
  if (!confirm('確定送出?')) return false;
  for (var i = 0; i < 3; i++) { f.elements[i].value = ''; }
  f.submit();
}
function find() { location.href = 'search.asp?n=' + escape(document.f.nm.value); }
send = function () { document.getElementById('f').submit(); };
function endless() { endless(); }
//-->
"""


def run(code: str) -> list[Effect]:
    runner = Interpreter(
        [SCRIPT], lambda name: name in ("f", "form1"), lambda _form, name: "www.x.tw" if name == "nm" else ""
    )
    return runner.run(code)


@pytest.mark.parametrize(
    ("code", "effects"),
    [
        ("document.forms[0].submit()", [Submit(0)]),
        ("document.forms['f'].submit();", [Submit("f")]),
        ("document.forms.f.submit()", [Submit("f")]),
        ("document.f.submit();return false", [Submit("f"), Cancel()]),
        ("document.all.f.submit()", [Submit("f")]),
        ("f.submit()", [Submit("f")]),
        ("this.form.submit()", [Submit(None)]),
        ("document.getElementById('f').submit()", [Submit("f")]),
        ("document.f.act.value='x';document.f.submit()", [SetValue("f", "act", "x"), Submit("f")]),
        ("document.forms[0]['act'].value=\"x\", document.forms[0].submit()", [SetValue(0, "act", "x"), Submit(0)]),
        ("document.f.elements['act'].value='x'", [SetValue("f", "act", "x")]),
        ("document.getElementById('act').value='it\\'s'", [SetValue(None, "act", "it's")]),
        ("this.form.action='next.asp'; this.form.submit()", [SetAction(None, "next.asp"), Submit(None)]),
        ("javascript:go('apply')", [SetValue("f", "act", "apply"), Submit("f"), Cancel()]),
        ("javascript:go('a%20b')", [SetValue("f", "act", "a b"), Submit("f"), Cancel()]),
        ("return go('b')", [SetValue("f", "act", "b"), Submit("f"), Cancel()]),
        (
            "__doPostBack('btn$1','')",
            [SetValue("form1", "__EVENTTARGET", "btn$1"), SetValue("form1", "__EVENTARGUMENT", ""), Submit("form1")],
        ),
        (
            "WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions('b', '', true, '', 'x.aspx', false, true))",
            [
                SetAction(0, "x.aspx"),
                SetValue("form1", "__EVENTTARGET", "b"),
                SetValue("form1", "__EVENTARGUMENT", ""),
                Submit("form1"),
            ],
        ),
        ("WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions('b', '', true, '', '', false, false))", []),
        ("WebForm_DoPostBackWithOptions(x)", []),
        (
            "mojarra.jsfcljs(document.getElementById('f'),{'f:go':'f:go','id':'7'},'');return false",
            [SetValue("f", "f:go", "f:go", adds=True), SetValue("f", "id", "7", adds=True), Submit("f"), Cancel()],
        ),
        ("mojarra.jsfcljs(document.getElementById('nowhere'),{'a':'b'},'')", []),
        ("mojarra.jsfcljs(document.getElementById('f'),x,'')", [Submit("f")]),
        ("$('#f').submit()", [Submit("f")]),
        ("$('f').submit()", [Submit("f")]),
        ("$('form').submit();", [Submit(0)]),
        ("jQuery(\"form[name='f']\").trigger", []),
        ("jQuery(\"form[name='f']\").submit()", [Submit("f")]),
        ("document.querySelector('form#f').submit()", [Submit("f")]),
        ("$(this).closest('form').submit()", [Submit(None)]),
        ("$('#f').attr('action','next.do').submit();", [SetAction("f", "next.do"), Submit("f")]),
        ("$('#f').prop('action', 'a.do').attr('method', 'post').submit()", [SetAction("f", "a.do"), Submit("f")]),
        ("$('#act').val('x'); $('#f').submit()", [SetValue(None, "act", "x"), Submit("f")]),
        ("$('#act').val()", []),
        ("$('.button').attr('action', 'x')", []),
        ("check(document.f)", [Submit("f")]),
        ("check(this.form); return false;", [Submit(None), Cancel()]),
        ("if (confirm('確定?')) document.f.submit(); else return false;", [Submit("f")]),
        ("if (document.f.x.value == '') { alert('空白'); } else { document.f.submit(); }", [Submit("f")]),
        ("find()", [Go("search.asp?n=www.x.tw")]),
        ("send()", [Submit("f")]),
        ("window.location.href='a.html'", [Go("a.html")]),
        ("location='a.html'", [Go("a.html")]),
        ("parent.main.location.replace('a.html')", [Go("a.html")]),
        ("window.open('a.cer', '_blank', 'width=200')", [Go("a.cer")]),
        ("setTimeout('document.f.submit()', 10)", [Submit("f")]),
        ("alert('不行'); return false;", [Say("不行"), Cancel()]),
        ("history.back()", [Back()]),
        ("javascript:void(0)", []),
        ("window.print();", []),
        ("unknown(document.f)", []),
        ("endless()", []),
        ("((((", []),
        ("'", []),
        ("document.f.submit", []),
    ],
)
def test_idioms(code: str, effects: list[Effect]) -> None:
    assert run(code) == effects


def test_what_happens_while_a_page_loads() -> None:
    runner = Interpreter([], lambda _name: False, lambda _form, _name: "")
    scripts = [
        "alert('CSR 有錯誤');history.back();",
        "function x() { alert('no') }",
        "if (top != self) top.location = 'home.asp'; location.href = 'next.asp'",
    ]
    assert runner.loading(scripts) == [Say("CSR 有錯誤"), Back(), Go("next.asp")]


@pytest.mark.parametrize(
    ("literal", "text"),
    [("\\ud83d\\ude00", "😀"), ("\\ud83d", "\ufffd"), ("\\ude00\\ud83d", "\ufffd\ufffd"), ("\\u6191", "憑")],
)
def test_half_a_character_is_none(literal: str, text: str) -> None:
    assert run(f"document.f.act.value = '{literal}'") == [SetValue("f", "act", text)]


def test_a_form_of_a_number_that_no_page_has() -> None:
    assert not any(isinstance(effect, Submit) for effect in run(f"document.forms[{'1' * 5000}].submit()"))


def test_nested_beyond_reason() -> None:
    deep = "if(a){" * 5000 + "document.f.submit()" + "}" * 5000
    assert run(deep) == []
    assert Interpreter([], lambda _name: True, lambda _form, _name: "").loading(["(" * 5000 + ")" * 5000]) == []


def test_chained_beyond_reason() -> None:
    assert run("if(a){}" + "else if(a){}" * 5000) == []
    assert run("a&&" * 5000 + "document.f.submit()") == []
