# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One and the same page, the three contacts, in many shapes; the fields' names say nothing in any of them."""

from __future__ import annotations

import typing as t
import urllib.parse

import desk
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._portal import interview
from ansible_collections.twca.ssl.plugins.module_utils._portal.forms import Filling
from ansible_collections.twca.ssl.plugins.module_utils._portal.labels import Labels
from ansible_collections.twca.ssl.plugins.module_utils._portal.orders import Order
from ansible_collections.twca.ssl.plugins.module_utils._portal.page import Page
from ansible_collections.twca.ssl.plugins.module_utils._portal.profile import load

WHO = ("技術", "業務", "帳務")
LABELS = {
    "name": "姓名",
    "title": "職稱",
    "company": "公司",
    "tax_id": "公司統一編號",
    "address": "通訊地址",
    "postal_code": "郵遞區號",
    "phone": "聯絡電話",
    "fax": "傳真號碼",
    "email": "電子郵件地址",
}
CITIES = "<option value=''>請選擇<option value=1>臺北市<option value=2>新北市</select>"


def fields(who: int) -> t.Iterator[tuple[str, str, str]]:
    """Key, label and control of each field, the address with its list of cities."""
    for key, label in LABELS.items():
        if key == "tax_id" and who == 2:
            continue
        control = f"<input name=x{who}{key}>"
        if key == "address":
            control = f"<select name=x{who}city>{CITIES}{control}"
        yield key, label, control


def people(row: t.Callable[[str, str], str], around: t.Callable[[str, str], str]) -> str:
    return "".join(
        around(WHO[who], "".join(row(label, control) for _key, label, control in fields(who))) for who in range(3)
    )


def layout_tables() -> str:
    """Frames of nested tables in upper case, cells and rows without end tags, the control in a table of its own."""
    return people(
        lambda label, control: (
            f"<TR><TD BGCOLOR=#EEEEEE><FONT SIZE=2><B>{label}</B></FONT><TD><TABLE><TR>"
            f"<TD>{control.replace('<input', '<INPUT').replace('<select', '<SELECT')}</TABLE>"
        ),
        lambda who, rows: (
            f"<TABLE><TR><TD><FONT COLOR=blue>請輸入{who}聯絡人資訊</FONT><TR>"
            f"<TD>請注意業務聯絡人必須為貴公司組織內之一份子。<TABLE BORDER=1>{rows}</TABLE></TABLE>"
        ),
    )


def wrapping_labels() -> str:
    return people(
        lambda label, control: (
            f"<p><label>{label} <span class=req>*"
            f"</span> {control.split('<input')[0] + '</label><input' + control.split('<input')[1] if 'select' in control else control + '</label>'}"
            f"</p>"
        ),
        lambda who, rows: f"<fieldset><legend>{who}聯絡人</legend>{rows}</fieldset>",
    )


def aria() -> str:
    count = iter(range(1000))

    def row(label: str, control: str) -> str:
        number = next(count)
        return (
            f"<div><span id=a{number}>{label}</span>"
            + control.replace(" name=", f" aria-labelledby=a{number} name=", 1)
            + "</div>"
        )

    return people(row, lambda who, rows: f"<section aria-label={who}聯絡人>{rows}</section>")


def definition_lists() -> str:
    return people(
        lambda label, control: f"<dt>{label}：<dd>{control}",
        lambda who, rows: f"<h4>{who}聯絡人資料</h4><dl>{rows}</dl>",
    )


def english_notes() -> str:
    return people(
        lambda label, control: (
            f"<tr><td>{label}</td><td><i>(please use the same data as on the signed form)</i><br>{control}</td></tr>"
        ),
        lambda who, rows: f"<table><caption>{who}聯絡人 Contact</caption>{rows}</table>",
    )


def two_languages() -> str:
    english = {"姓名": "Name", "公司": "Company", "職稱": "Title"}
    return people(
        lambda label, control: (
            f"<tr><td>{english.get(label, 'Item')}<br>{label} / {english.get(label, 'Item')}<td>:<td>{control}"
        ),
        lambda who, rows: f"<table><tr><th colspan=3>【{who}聯絡人】{rows}</table>",
    )


def four_columns() -> str:
    parts = []
    for who in range(3):
        cells = [f"<td class=k>{label}</td><td>{control}</td>" for _key, label, control in fields(who)]
        rows = "".join("<tr>" + "".join(cells[index : index + 2]) + "</tr>" for index in range(0, len(cells), 2))
        parts.append(f"<table><tr><td colspan=4><strong>{who + 1}. {WHO[who]}聯絡人</strong></td></tr>{rows}</table>")
    return "".join(parts)


def label_above() -> str:
    return people(
        lambda label, control: f"<tr><td>{label}</td></tr><tr><td>{control}</td></tr>",
        lambda who, rows: f"<h3>{who}聯絡人</h3><table>{rows}</table>",
    )


def column_heads() -> str:
    parts = []
    for who in range(3):
        heads = "".join(f"<th>{label}" for _key, label, _control in fields(who))
        cells = "".join(f"<td>{control}" for _key, _label, control in fields(who))
        parts.append(f"<b>{WHO[who]}聯絡人</b><table><tr>{heads}<tr>{cells}</table>")
    return "".join(parts)


def grid() -> str:
    rows = "".join(
        f"<tr><td>{LABELS[key]}</td>"
        + "".join(
            f"<td>{next((control for name, _label, control in fields(who) if name == key), '—')}</td>"
            for who in range(3)
        )
        + "</tr>"
        for key in LABELS
    )
    return f"<table><tr><th></th><th>技術聯絡人</th><th>業務聯絡人</th><th>帳務聯絡人</th></tr>{rows}</table>"


def turned_grid() -> str:
    heads = "".join(f"<th>{label}</th>" for label in LABELS.values())
    rows = ""
    for who in range(3):
        controls = {key: control for key, _label, control in fields(who)}
        rows += (
            f"<tr><th>{WHO[who]}聯絡人</th>" + "".join(f"<td>{controls.get(key, '')}</td>" for key in LABELS) + "</tr>"
        )
    return f"<table><tr><th>聯絡人</th>{heads}</tr>{rows}</table>"


def spanning_section() -> str:
    parts = []
    for who in range(3):
        rows = [f"<td>{label}</td><td>{control}</td>" for _key, label, control in fields(who)]
        parts.append(f"<tr><td rowspan={len(rows)}>{WHO[who]}<br>聯絡人</td>" + "</tr><tr>".join(rows) + "</tr>")
    return f"<table>{''.join(parts)}</table>"


def labels_with_section() -> str:
    parts = []
    for who in range(3):
        parts += [f"<p>{WHO[who]}聯絡人{label} {control}" for _key, label, control in fields(who)]
    return "".join(parts)


def paragraphs() -> str:
    return people(
        lambda label, control: f"<p>{label}<br>{control}",
        lambda who, rows: f"<h2><a name=s></a>請輸入 {who}聯絡人 資訊</h2>{rows}",
    )


def full_width() -> str:
    wide = {"聯絡電話": "ＴＥＬ", "傳真號碼": "ＦＡＸ", "電子郵件地址": "Ｅ－ｍａｉｌ"}
    return people(
        lambda label, control: f"<li>※　{wide.get(label, label)}　（必填）：{control}",
        lambda who, rows: f"<div class=t>◎ {who}聯絡人 ◎</div><ul>{rows}</ul>",
    )


def label_for() -> str:
    count = iter(range(1000))

    def row(label: str, control: str) -> str:
        number = next(count)
        return f"<label for=i{number}>{label}</label><small>如申請單所填</small>" + control.replace(
            " name=", f" id=i{number} name=", 1
        )

    return people(row, lambda who, rows: f"<div><div>{who}聯絡人</div>{rows}</div>")


def bootstrap() -> str:
    return people(
        lambda label, control: (
            f'<div class="row mb-3"><div class="col-3">{label}<span class="text-danger">*</span></div>'
            f'<div class="col-9"><div class="input-group">{control}</div></div></div>'
        ),
        lambda who, rows: (
            f'<div class="card"><div class="card-header">{who}聯絡人</div><div class="card-body">{rows}</div></div>'
        ),
    )


def placeholders() -> str:
    parts = []
    for who in range(3):
        controls = "".join(
            control.replace("<input ", f"<input placeholder={label} ") for _key, label, control in fields(who)
        )
        parts.append(f"<h3>{WHO[who]}聯絡人</h3>{controls}")
    return "".join(parts)


def misplaced_form() -> str:
    """The form opens within a row and never covers the rows that follow it, by the tree."""
    rows = people(
        lambda label, control: f"<tr><td nowrap>{label}&nbsp;<td>{control}",
        lambda who, rows: f"<tr><td colspan=2><img src=h.gif alt='{who}聯絡人'>{rows}",
    )
    return f"<table>{rows}</table>"


def steps_beside() -> str:
    """A list of steps that names the contacts, before and after the headings."""
    steps = "<ul><li>技術聯絡人</li><li>業務聯絡人</li><li>帳務聯絡人</li></ul>"
    return steps + "<p>技術聯絡人 &gt; 業務聯絡人 &gt; 帳務聯絡人</p>" + definition_lists() + steps


def rows(who: int) -> str:
    return "".join(f"<tr><td>{label}</td><td>{control}</td></tr>" for _key, label, control in fields(who))


def side_by_side() -> str:
    boxes = [f"<table><tr><td colspan=2>{WHO[who]}聯絡人</td></tr>{rows(who)}</table>" for who in range(3)]
    return f"<table><tr><td>{boxes[0]}</td><td>{boxes[1]}</td></tr><tr><td colspan=2>{boxes[2]}</td></tr></table>"


def heads_of_outer_columns() -> str:
    heads = "".join(f"<td>{who}聯絡人</td>" for who in WHO)
    return (
        f"<table><tr>{heads}</tr><tr>"
        + "".join(f"<td><table>{rows(who)}</table></td>" for who in range(3))
        + "</tr></table>"
    )


def interleaved_columns() -> str:
    heads = "".join(f"<td colspan=2>{who}聯絡人</td>" for who in WHO)
    lines = [
        "".join(
            f"<td>{label}</td><td>{next((control for one, _label, control in fields(who) if one == key), '')}</td>"
            for who in range(3)
        )
        for key, label in LABELS.items()
    ]
    return f"<table><tr>{heads}</tr><tr>{'</tr><tr>'.join(lines)}</tr></table>"


def one_table_with_explanations() -> str:
    note = "請輸入本公司寄送SSL伺服器憑證給您時的技術聯絡人資訊於下表。也會寄送給技術聯絡人及貴公司的業務聯絡人。"
    return (
        "<table>"
        + "".join(
            f"<tr><td colspan=2>請輸入{WHO[who]}聯絡人資訊<br><small>{note}</small></td></tr>{rows(who)}"
            for who in range(3)
        )
        + "</table>"
    )


def labels_that_float() -> str:
    parts = []
    for who in range(3):
        parts.append(f"<h5>{WHO[who]}　聯　絡　人</h5><p>（不可與業務聯絡人相同）</p>")
        for key, label, control in fields(who):
            number = f"f{who}{key}"
            parts.append(
                f"<div>{control.replace('<input', f'<input id={number}')}<label for={number}>{'　'.join(label)}</label></div>"
            )
    return "".join(parts)


def english() -> str:
    words = ["Name", "Job Title", "Company", "Tax ID", "Address", "Zip Code", "Phone", "Fax", "E-mail"]
    names = dict(zip(LABELS.values(), words))
    who_in_english = {"技術": "Technical", "業務": "Business", "帳務": "Billing"}
    return people(
        lambda label, control: f"<tr><td>{names[label]}:</td><td>{control}</td></tr>",
        lambda who, rows: f"<h3>{who_in_english[who]} Contact</h3><table>{rows}</table>",
    )


SHAPES = [
    layout_tables, wrapping_labels, aria, definition_lists, english_notes, two_languages, four_columns, label_above, column_heads, grid, turned_grid,
    spanning_section, labels_with_section, paragraphs, full_width, label_for, bootstrap, placeholders, misplaced_form, steps_beside, side_by_side,
    heads_of_outer_columns, interleaved_columns, one_table_with_explanations, labels_that_float, english,
]  # fmt: skip


def filled(content: str, **changes: t.Any) -> dict[str, str]:
    """What a form around the content sends, filled in with the contacts."""
    profile = load()
    page = Page(
        "https://portal.test/x",
        f"<html><body><form method=post action=y>{content}<input type=submit value=繼續></form></body></html>".encode(),
    )
    asked = interview.read(page, page.forms[0], Labels(page, profile), profile)
    filling = Filling(page)
    Order(desk.application(**changes), profile, renewal=False).fill(asked, filling)
    request, _target = filling.request(page.forms[0], None)
    return dict(urllib.parse.parse_qsl((request.body or b"").decode(), keep_blank_values=True))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_contacts(shape: t.Callable[[], str]) -> None:
    sent = filled(shape())
    expected = {}
    for who, person in enumerate((desk.TECHNICAL, desk.BUSINESS, desk.BILLING)):
        expected.update({f"x{who}{key}": value for key, value in person.items()})
        expected[f"x{who}city"] = "1"
    assert sent == expected


def test_decoys_in_the_same_form() -> None:
    decoys = (
        "<div>站內搜尋 <input name=kw><button name=find>搜尋</button></div><div>帳號<input name=uid> 密碼<input type=password name=upw></div>"
        "<select name=lang><option>中文<option>English</select>"
    )
    sent = filled(decoys + definition_lists() + "<footer>訂閱電子報 <input name=nl placeholder=E-mail></footer>")
    assert (sent["kw"], sent["uid"], sent["upw"], sent["nl"], sent["lang"]) == ("", "", "", "", "中文")
    assert "find" not in sent


def test_one_box_for_city_and_street() -> None:
    sent = filled("<h2>技術聯絡人</h2><p>姓名 <input name=n><p>地址 <input name=a><p>電話 <input name=t>")
    assert sent["a"] == "台北市延平南路85號10樓"


def test_city_street_and_district() -> None:
    content = (
        f"<h2>技術聯絡人</h2><p>姓名 <input name=n><p>通訊地址 <select name=c>{CITIES}"
        f"<select name=d><option value=''>區<option>信義區<option>中正區</select><input name=s> 電話"
        f"<input name=t>"
    )
    sent = filled(content, technical={**desk.TECHNICAL, "address": "中正區延平南路85號"})
    assert (sent["c"], sent["d"], sent["s"]) == ("1", "中正區", "延平南路85號")


DISTRICTS = "<option value=''>請選擇<option>信義區<option>中正區</select>"
PLACE = f"<h2>技術聯絡人</h2><p>姓名 <input name=n><p>通訊地址 <select name=c>{CITIES}<select name=d>{{}}<input name=s> 電話<input name=t>"


def test_a_district_that_is_not_given() -> None:
    with pytest.raises(
        InputError, match=r"technical_contact address: begin it with the district, .*: 信義區, 中正區\."
    ):
        filled(PLACE.format(DISTRICTS))
    chosen = DISTRICTS.replace("<option>中正區", "<option selected>中正區")
    assert filled(PLACE.format(chosen))["d"] == "中正區"


def test_a_list_of_districts_that_a_script_would_fill() -> None:
    sent = filled(PLACE.format("</select>"))
    assert (sent["c"], sent["s"]) == ("1", "延平南路85號10樓")


def test_an_address_that_begins_with_its_city() -> None:
    one_box = "<h2>技術聯絡人</h2><p>姓名 <input name=n><p>地址 <input name=a><p>電話 <input name=t>"
    address = "臺北市延平南路85號"
    assert filled(one_box, technical={**desk.TECHNICAL, "address": address})["a"] == address
    assert filled(PLACE.format("</select>"), technical={**desk.TECHNICAL, "address": address})["s"] == "延平南路85號"
    english = {**desk.TECHNICAL, "city": "Taipei", "address": "85 Yanping S. Rd."}
    assert filled(one_box, technical=english)["a"] == "85 Yanping S. Rd., Taipei"


def test_two_lines_of_an_address() -> None:
    sent = filled(
        "<h2>技術聯絡人</h2><p>姓名 <input name=n><p>地址 <input name=a1><input name=a2><p>電話 <input name=t>"
    )
    assert (sent["a1"], sent["a2"]) == ("台北市", "延平南路85號10樓")


def test_two_boxes_for_city_and_street() -> None:
    sent = filled(
        "<h2>技術聯絡人</h2><p>姓名 <input name=n><p>縣市 <input name=c> 街道 <input name=s><p>電話 <input name=t>"
    )
    assert (sent["c"], sent["s"]) == ("台北市", "延平南路85號10樓")


def test_billing_as_a_list_and_as_a_box() -> None:
    people = definition_lists()
    choice = "<select name=same><option>同技術聯絡人<option>同業務聯絡人<option>另行填寫</select>"
    assert filled(people + choice, billing={"same_as": "business"})["same"] == "同業務聯絡人"
    assert filled(people + choice)["same"] == "另行填寫"
    box = "<label><input type=checkbox name=same checked value=1>同技術聯絡人</label>"
    assert filled(people + box, billing={"same_as": "technical"})["same"] == "1"
    assert "same" not in filled(people + box)
