# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._forms import layout

AUTHORITY = {"name": "認證公司", "phone": "(02)1", "fax": "(02)2"}
FIELDS = ("name", "title", "company", "tax_id", "city", "address", "postal_code", "phone", "fax", "email")
PEOPLE = {who: {field: f"{who}-{field}" for field in FIELDS} for who in ("technical", "business", "billing")}
DOCUMENT = {
    "path": "www.example.com.tw/form",
    "common_name": "*.example.com.tw",
    "names": ["*.example.com.tw", "example.com.tw"],
    "contacts": PEOPLE,
    "billing_same_as": "",
    "date": None,
    "owner": {"company": "控股", "tax_id": "12345675", "address": "松仁路", "phone": "(02)3"},
    "subject": {
        "country": "TW",
        "state_or_province": "Taiwan",
        "locality": "Taipei",
        "organization": "Example",
        "organizational_unit": "IT",
    },
    "key": "RSA 2048",
    "operation": "auto",
    "server_software": "Nginx",
    "payment_method": "銀行匯款",
    "serial_number": {"decimal": "6240780", "hexadecimal": "5F3A0C"},
    "reason": "",
    "not_before": "2026-05-10 11:00:00",
    "not_after": "2026-11-24 00:00:00",
}


def page(form, **different):
    return layout.page({**DOCUMENT, "form": form, **different}, AUTHORITY)


def rows(form, **different):
    """The texts of each cell in each row."""
    found = page(form, **different)["sections"]
    return [[cell for one in row if (cell := text_of(one)) is not None] for section in found for row in section]


def text_of(cell):
    reasons = [one["text"] + one["after"] for one in cell["reasons"]]
    return "|".join([*cell["lines"], *cell["digits"], *cell["choices"], *reasons])


CONTACT = [["{0}-name", "{0}-title"], ["{0}-company", "{0}-tax_id"], ["{0}-city{0}-address"]]
REACH = [["{0}-postal_code", "{0}-email"], ["{0}-phone", "{0}-fax"]]
LABELS = [
    ["姓名", "職稱"],
    ["公司", "公司統一編號"],
    ["通訊地址"],
    ["郵遞區號", "電子郵件地址"],
    ["聯絡電話", "傳真號碼"],
]
SUBJECT = [
    ["憑證申請檔", "一般名稱", "*.example.com.tw"],
    ["全部網站名稱", "*.example.com.tw、example.com.tw"],
    ["組織", "Example", "組織單位", "IT"],
    ["城市/位置", "Taipei", "州/省", "Taiwan"],
    ["國別", "TW", "金鑰", "RSA 2048"],
]


def contact(title, who):
    values = [[value.format(who) for value in row] for row in [*CONTACT, *REACH]]
    found = [[part for both in zip(labels, row) for part in both] for labels, row in zip(LABELS, values)]
    return [[title, *found[0]], *found[1:]]


BILLING = [
    ["帳務聯絡人", "□與技術聯絡人相同|□與業務聯絡人相同|■兩者皆否"],
    ["姓名", "billing-name", "職稱", "billing-title"],
    ["公司", "billing-company"],
    *contact("", "billing")[2:],
]
BOTH = [*contact("技術聯絡人", "technical"), *contact("業務聯絡人", "business")]


def test_an_application():
    assert rows("application") == [
        ["申請類別", "□首次（增購）申請|□更新（展期）憑證"],
        ["伺服器軟體廠商", "Nginx", "付款方式", "銀行匯款"],
        *SUBJECT,
        *BOTH,
        *BILLING,
    ]


def test_a_test():
    assert rows("test") == [["伺服器軟體廠商", "Nginx"], ["測試用途", ""], *SUBJECT, *BOTH]


def test_a_revocation():
    assert rows("revocation") == [
        ["註銷憑證", "網站名稱", "*.example.com.tw"],
        ["憑證序號|（十進位）", "6240780"],
        ["憑證序號|（十六進位）", "5F3A|0C"],
        ["有效期限", "2026-05-10 11:00:00 至 2026-11-24 00:00:00"],
        [
            "註銷原因",
            "□私密金鑰遭破解、外洩或疑似外洩|□憑證所載組織資料變更|□憑證已由新憑證取代|"
            "□網站停止營運或不再使用該網域名稱|□使用權利終止|□其他：",
        ],
        *BOTH,
    ]


def test_an_authorization():
    assert rows("authorization") == [
        ["被授權人", "business-company", "公司統一編號", "business-tax_id"],
        ["通訊地址", "business-postal_code business-citybusiness-address"],
        ["立授權書人", "控股", "公司統一編號", "12345675"],
        ["通訊地址", "松仁路"],
        ["聯絡電話", "(02)3"],
    ]


@pytest.mark.parametrize("form", ["application", "test", "revocation", "authorization"])
def test_each_row_fills_the_five_columns(form):
    for section in page(form)["sections"]:
        held = 0
        for row in section:
            held = max(held - 1, 0)
            rowspan = next((int(cell["attributes"]["rowspan"]) for cell in row if "rowspan" in cell["attributes"]), 0)
            width = sum(int(cell["attributes"].get("colspan", 1)) for cell in row)
            assert width + (held > 0 and not rowspan) == 5
            held = rowspan or held
        assert held in (0, 1)


@pytest.mark.parametrize(
    ("operation", "boxes"),
    [("apply", "■首次（增購）申請|□更新（展期）憑證"), ("renew", "□首次（增購）申請|■更新（展期）憑證")],
)
def test_the_operation(operation, boxes):
    assert rows("application", operation=operation)[0][1] == boxes


@pytest.mark.parametrize(
    ("same_as", "boxes"),
    [
        ("technical", "■與技術聯絡人相同|□與業務聯絡人相同|□兩者皆否"),
        ("business", "□與技術聯絡人相同|■與業務聯絡人相同|□兩者皆否"),
    ],
)
def test_whom_the_billing_contact_equals(same_as, boxes):
    assert ["帳務聯絡人", boxes] in rows("application", billing_same_as=same_as)


@pytest.mark.parametrize(
    ("reason", "ticked"),
    [
        ("key_compromise", "■私密金鑰遭破解、外洩或疑似外洩"),
        ("affiliation_changed", "■憑證所載組織資料變更"),
        ("superseded", "■憑證已由新憑證取代"),
        ("cessation_of_operation", "■網站停止營運或不再使用該網域名稱"),
        ("privilege_withdrawn", "■使用權利終止"),
        ("重新核發", "■其他：重新核發"),
    ],
)
def test_the_reason(reason, ticked):
    boxes = rows("revocation", reason=reason)[4][1].split("|")
    assert [box for box in boxes if box.startswith("■")] == [ticked]
    assert len(boxes) == 6


def test_validity_that_is_not_known_is_left_open():
    assert ["有效期限", ""] in rows("revocation", not_after="")


def test_no_unit():
    subject = {**DOCUMENT["subject"], "organizational_unit": ""}
    assert ["組織", "Example", "組織單位", "（無）"] in rows("test", subject=subject)


@pytest.mark.parametrize(
    ("form", "heading", "authority", "annex"),
    [
        ("application", ["SSL 伺服器數位憑證", "憑證申請單"], "認證公司", "5.1"),
        ("revocation", ["SSL 伺服器數位憑證", "用戶註銷憑證申請單"], "認證公司", "5.2"),
        ("test", ["SSL 伺服器數位憑證", "測試憑證申請單"], "認證公司", "5.3"),
        ("authorization", ["網域名稱使用授權書"], "", "5.4"),
    ],
)
def test_the_frame(form, heading, authority, annex):
    found = page(form)
    assert (found["heading"], found["authority"], found["annex"]) == (heading, authority, annex)
    assert found["title"] == "".join(heading) + " *.example.com.tw"
    assert found["path"] == DOCUMENT["path"]


def test_the_margin_holds_nothing_that_css_could_read_otherwise():
    assert page("test", common_name='a-1.*:"}\\;b_')["margin"] == "a-1.*:b"


def test_who_seals():
    assert page("test")["seal"]["label"] == "申請單位用印"
    seal = page("revocation")["seal"]
    assert (seal["company"], seal["tax_id"]) == ("business-company", "business-tax_id")
    seal = page("authorization")["seal"]
    assert (seal["label"], seal["company"], seal["tax_id"]) == ("立授權書人用印", "控股", "12345675")


def test_the_date():
    day = {"year": 2026, "roc_year": 115, "month": 11, "day": 23}
    assert page("test", date=day)["seal"]["dates"] == [
        ["中華民國 115 年 11 月 23 日"],
        ["（西元 2026 年 11 月 23 日）"],
    ]
    blank = page("test")["seal"]["dates"]
    assert [len(line) - 1 for line in blank] == [3, 3]
    assert ["".join(line) for line in blank] == ["中華民國  年  月  日", "（西元  年  月  日）"]


def test_notes_say_where_to_fax():
    fax = "填妥並加蓋公司大小章後，請傳真至 (02)2（電話 (02)1）。"
    assert page("application")["notes"][1] == page("test")["notes"][2] == fax
    assert "傳真至 (02)2（電話 (02)1），並於線上" in page("revocation")["notes"][1]
    assert [len(page(form)["notes"]) for form in ("application", "test", "revocation", "authorization")] == [3, 4, 3, 0]


def test_only_an_authorization_has_a_letter():
    assert page("application")["letter"] == {}
    letter = page("authorization")["letter"]
    assert letter["text"].startswith("立授權書人同意business-company（統一編號：business-tax_id，以下稱被授權人）")
    assert "向認證公司申請" in letter["text"]
    assert letter["addressee"] == "認證公司"


@pytest.mark.parametrize(
    ("count", "numbers"),
    [
        (1, [["1"]]),
        (8, [[str(number)] for number in range(1, 9)]),
        (9, [["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"], ["9", ""]]),
        (10, [["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"], ["9", "10"]]),
    ],
)
def test_many_names_stand_two_abreast(count, numbers):
    found = page("authorization", names=[f"n{number}" for number in range(1, count + 1)])["letter"]["rows"]
    assert [[cell["number"] for cell in row] for row in found] == numbers
    assert all(cell["name"] == (f"n{cell['number']}" if cell["number"] else "") for row in found for cell in row)
