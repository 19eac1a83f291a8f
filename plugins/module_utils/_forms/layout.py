# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the paper forms are laid out: which parts, rows and cells each has, in the words of the manual's §5."""

from __future__ import annotations

import re
import typing as t

from . import cells
from .cells import Row, choices, group, label, pair

Document = dict[str, t.Any]
Section = list[Row]

_PRODUCT = "SSL 伺服器數位憑證"
_TITLES = {
    "application": "憑證申請單",
    "revocation": "用戶註銷憑證申請單",
    "test": "測試憑證申請單",
    "authorization": "網域名稱使用授權書",
}
_ANNEXES = {"application": "5.1", "revocation": "5.2", "test": "5.3", "authorization": "5.4"}
_REASONS = {
    "key_compromise": "私密金鑰遭破解、外洩或疑似外洩",
    "affiliation_changed": "憑證所載組織資料變更",
    "superseded": "憑證已由新憑證取代",
    "cessation_of_operation": "網站停止營運或不再使用該網域名稱",
    "privilege_withdrawn": "使用權利終止",
}
# More names than these stand two abreast.
_MOST_NAMES = 8


def page(document: Document, authority: dict[str, str]) -> dict[str, t.Any]:
    """A form as its template takes it; every text in it is plain, for the template to escape.

    :param document: one of :func:`.documents.documents`.
    :param authority: where the forms go to: ``name``, ``phone`` and ``fax``.
    """
    form = document["form"]
    letter = form == "authorization"
    heading = [_TITLES[form]] if letter else [_PRODUCT, _TITLES[form]]
    signer = document["owner"] if letter else document["contacts"]["business"]
    return {
        "path": document["path"],
        "title": f"{''.join(heading)} {document['common_name']}",
        "heading": heading,
        "authority": "" if letter else authority["name"],
        # A name is plain ASCII by now; the margin is still no place for what CSS could read otherwise.
        "margin": re.sub("[^A-Za-z0-9.*:-]", "", document["common_name"]),
        "annex": _ANNEXES[form],
        "letter": _letter(document, authority) if letter else {},
        "sections": [[[*map(cells.plain, row)] for row in section] for section in _SECTIONS[form](document)],
        "seal": {
            "label": "立授權書人用印" if letter else "申請單位用印",
            "company": signer["company"],
            "tax_id": signer["tax_id"],
            "dates": _dates(document["date"]),
        },
        "notes": [note.format(**authority) for note in _NOTES[form]],
    }


def _letter(document: Document, authority: dict[str, str]) -> dict[str, t.Any]:
    """What comes before the table of an authorization. The last of its ``rows`` may have a blank cell."""
    applicant = document["contacts"]["business"]
    numbered = [{"number": str(number), "name": name} for number, name in enumerate(document["names"], 1)]
    abreast = 2 if len(numbered) > _MOST_NAMES else 1
    rows = [numbered[start : start + abreast] for start in range(0, len(numbered), abreast)]
    rows[-1] += [{"number": "", "name": ""}] * (abreast - len(rows[-1]))
    return {
        "text": (
            f"立授權書人同意{applicant['company']}（統一編號：{applicant['tax_id']}，以下稱被授權人）使用立授權書人所擁有之下列網域名稱，"
            f"向{authority['name']}申請 SSL 伺服器數位憑證，並將該網域名稱記載於憑證之中。"
        ),
        "rows": rows,
        "addressee": authority["name"],
    }


def _application(form: Document) -> list[Section]:
    operations = {"apply": "首次（增購）申請", "renew": "更新（展期）憑證"}
    boxes = [(form["operation"] == operation, text) for operation, text in operations.items()]
    software = pair("伺服器軟體廠商", form["server_software"], head=2)
    return [
        [
            [label("申請類別", columns=2), choices(boxes, columns=3)],
            [*software, *pair("付款方式", form["payment_method"])],
        ],
        _subject(form),
        _contact("技術聯絡人", form["contacts"]["technical"]),
        _contact("業務聯絡人", form["contacts"]["business"]),
        _billing(form),
    ]


def _test(form: Document) -> list[Section]:
    return [
        [
            pair("伺服器軟體廠商", form["server_software"], head=2, span=3),
            [label("測試用途", columns=2), cells.Cell("td", {"class": "hand", "colspan": 3})],
        ],
        _subject(form),
        _contact("技術聯絡人", form["contacts"]["technical"]),
        _contact("業務聯絡人", form["contacts"]["business"]),
    ]


def _revocation(form: Document) -> list[Section]:
    number, reason = form["serial_number"], form["reason"]
    validity = f"{form['not_before']} 至 {form['not_after']}" if form["not_after"] else ""
    boxes = [(reason == known, text, "") for known, text in _REASONS.items()]
    other = "" if reason in _REASONS else reason
    return [
        [
            [group("註銷憑證", rows=4), *pair("網站名稱", form["common_name"], span=3)],
            [
                label("憑證序號", "（十進位）"),
                cells.Cell("td", {"class": "mono", "colspan": 3}, lines=[number["decimal"]]),
            ],
            [label("憑證序號", "（十六進位）"), cells.digits(number["hexadecimal"], columns=3)],
            pair("有效期限", validity, span=3),
        ],
        [[label("註銷原因", css="group"), cells.reasons([*boxes, (bool(other), "其他：", other)], columns=4)]],
        _contact("技術聯絡人", form["contacts"]["technical"]),
        _contact("業務聯絡人", form["contacts"]["business"]),
    ]


def _authorization(form: Document) -> list[Section]:
    applicant, owner = form["contacts"]["business"], form["owner"]
    address = f"{applicant['postal_code']} {applicant['city']}{applicant['address']}"
    return [
        [
            [*pair("被授權人", applicant["company"], head=2), *pair("公司統一編號", applicant["tax_id"])],
            pair("通訊地址", address, head=2, span=3),
        ],
        [
            [*pair("立授權書人", owner["company"], head=2), *pair("公司統一編號", owner["tax_id"])],
            pair("通訊地址", owner["address"], head=2, span=3),
            pair("聯絡電話", owner["phone"], head=2, span=3),
        ],
    ]


def _subject(form: Document) -> Section:
    subject = form["subject"]
    unit = subject["organizational_unit"] or "（無）"
    return [
        [group("憑證申請檔", rows=5), *pair("一般名稱", form["common_name"], span=3)],
        pair("全部網站名稱", "、".join(form["names"]), span=3),
        [*pair("組織", subject["organization"]), *pair("組織單位", unit)],
        [*pair("城市/位置", subject["locality"]), *pair("州/省", subject["state_or_province"])],
        [*pair("國別", subject["country"]), *pair("金鑰", form["key"])],
    ]


def _contact(title: str, person: dict[str, str]) -> Section:
    company = [*pair("公司", person["company"]), *pair("公司統一編號", person["tax_id"])]
    return [[group(title, rows=5), *_name(person)], company, *_reach(person)]


def _billing(form: Document) -> Section:
    """The billing contact has no tax ID, and boxes for whom it equals."""
    person = form["contacts"]["billing"]
    same = {"technical": "與技術聯絡人相同", "business": "與業務聯絡人相同", "": "兩者皆否"}
    boxes = [(form["billing_same_as"] == who, text) for who, text in same.items()]
    return [
        [group("帳務聯絡人", rows=6), choices(boxes, columns=4)],
        _name(person),
        pair("公司", person["company"], span=3),
        *_reach(person),
    ]


def _name(person: dict[str, str]) -> Row:
    return [*pair("姓名", person["name"]), *pair("職稱", person["title"])]


def _reach(person: dict[str, str]) -> Section:
    return [
        pair("通訊地址", person["city"] + person["address"], span=3),
        [*pair("郵遞區號", person["postal_code"]), *pair("電子郵件地址", person["email"])],
        [*pair("聯絡電話", person["phone"]), *pair("傳真號碼", person["fax"])],
    ]


def _dates(day: dict[str, int] | None) -> list[list[str]]:
    """The date in both calendars: for each line its pieces, between which there is room to write."""
    if not day:
        return [["中華民國 ", " 年 ", " 月 ", " 日"], ["（西元 ", " 年 ", " 月 ", " 日）"]]
    return [
        [f"中華民國 {day['roc_year']} 年 {day['month']} 月 {day['day']} 日"],
        [f"（西元 {day['year']} 年 {day['month']} 月 {day['day']} 日）"],
    ]


_SECTIONS: dict[str, t.Callable[[Document], list[Section]]] = {
    "application": _application,
    "revocation": _revocation,
    "test": _test,
    "authorization": _authorization,
}
_EQUAL = "本單所填資料與線上傳送之憑證申請檔（CSR）及註冊資料相符。"
_FAX = "填妥並加蓋公司大小章後，請傳真至 {fax}（電話 {phone}）。"
_SET_ONLINE = "通行密碼只在線上設定，請勿寫在本單上。"
_NOTES = {
    "application": [_EQUAL, _FAX, _SET_ONLINE],
    "revocation": [
        "網站名稱須與當初申請之憑證一致，大小寫亦同。",
        "填妥並加蓋公司大小章後，請郵寄或傳真至 {fax}（電話 {phone}），並於線上辦理憑證廢止。",
        "註銷後之憑證無法恢復使用；是否註銷成功，以認證中心之確認為準。",
    ],
    "test": ["測試憑證僅供測試，不得用於對外服務之網站。", _EQUAL, _FAX, _SET_ONLINE],
    "authorization": [],
}
