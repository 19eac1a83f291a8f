# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Labels as placeholders only, fields named 技術聯絡人姓名, a list whose rows hold 更新憑證, the certificate in a ZIP."""

from __future__ import annotations

import io
import zipfile

import pki_factory
from stranger_office import FIELDS, Office, Order, Request, at, esc, subject

CITIES = ["台北市", "新北市", "桃園市", "台中市", "台南市", "高雄市"]
PAYMENTS = ["信用卡", "銀行匯款", "ATM"]
STATES = {"valid": "有效", "pending": "待審", "rejected": "不通過", "revoked": "廢止", "expired": "到期"}
PERSONS = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
LABELS = dict(
    zip(
        FIELDS,
        (
            "姓名",
            "職稱",
            "公司",
            "公司統一編號",
            "縣市",
            "通訊地址",
            "郵遞區號",
            "聯絡電話",
            "傳真號碼",
            "電子郵件地址",
        ),
    )
)


class Placeholders(Office):
    def show(self, title, body, note=""):
        message = f'<div class="notice error">{note}</div>' if note else ""
        return self.page(f"""<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body><header><a href=/>TWCA</a> <a
href=/support>客服專區</a> <a href=/service>憑證服務</a>
<form action=/news><input name=email
placeholder=電子郵件地址><button>訂閱</button></form></header><article><h1>{title}</h1>{message}{body}</article></body></html>""")

    @at("/")
    def home(self, request: Request):
        return self.show("TWCA", "<p>Hello</p>")

    @at("/support", "/service")
    def service(self, request: Request):
        return self.show("服務", "<a href=/ssl>SSL伺服器憑證</a>")

    @at("/ssl")
    def ssl(self, request: Request):
        return self.show(
            "SSL伺服器憑證",
            (
                "<a href=/apply>憑證申請</a> <a href=/search>憑證搜尋</a> <a href=/revoke>憑證廢止</a><form action=/search>"
                "<input name=q placeholder=網站名稱><button>搜尋</button></form>"
            ),
        )

    @at("/apply")
    def apply(self, request: Request):
        note = ""
        if request.method == "POST":
            form = request.form
            if complaint := self.csr_complaint(form["憑證申請檔"]):
                note = complaint
            elif form["通行密碼"] != form["確認通行密碼"] or len(form["通行密碼"]) < 6 or not form["伺服器軟體"]:
                note = "請檢查伺服器軟體廠商與通行密碼"
            else:
                request.session.update(
                    csr=form["憑證申請檔"], software=form["伺服器軟體"], passphrase=form["通行密碼"], kind="apply"
                )
                return self.redirect("/apply/contacts", 303)
        return self.show(
            "憑證申請",
            f"""<form method=post><textarea name=憑證申請檔 placeholder="請貼上憑證申請檔 (CSR)">{esc(request.form.get("憑證申請檔", ""))}</textarea>
<select name=伺服器軟體><option value="" disabled selected>伺服器軟體廠商</option><option>Apache<option>Nginx<option>IIS<option>其他</select>
<input type=password name=通行密碼 placeholder=通行密碼(至少六碼)><input type=password name=確認通行密碼
placeholder=再輸入一次密碼以確認><button>下一步</button></form>""",
            note,
        )

    @at("/apply/contacts")
    def contacts(self, request: Request):
        note = ""
        value = request.session.get("old", {}) if request.session["kind"] == "renew" else {}
        if request.method == "POST":
            contacts = {
                person: {field: request.form.get(chinese + LABELS[field], "") for field in FIELDS}
                for person, chinese in PERSONS.items()
            }
            same = request.form.get("帳務同", "")
            if same:
                contacts["billing"] = contacts[same]
            for person, contact in contacts.items():
                note = note or self.contact_complaint(contact, tax_id=person != "billing")
            if not note:
                request.session["contacts"] = contacts
                return self.redirect("/apply/pay", 303)
            value = contacts
        body = ""
        for person, chinese in PERSONS.items():
            if person == "billing":
                body += (
                    "<label><input type=radio name=帳務同 value=technical>與技術聯絡人相同</label><label>"
                    "<input type=radio name=帳務同 value=business>與業務聯絡人相同</label><label>"
                    "<input type=radio name=帳務同 value='' checked>兩者皆否</label>"
                )
            for field in FIELDS:
                filled = value.get(person, {}).get(field, "")
                label = chinese + LABELS[field]
                if field == "city":
                    options = "".join(f"<option{' selected' if city == filled else ''}>{city}" for city in CITIES)
                    body += f"<select name={label}><option value=''>{label}</option>{options}</select>"
                elif field != "tax_id" or person != "billing":
                    body += f'<input name={label} placeholder={label} value="{esc(filled)}">'
        parts = subject(request.session["csr"])
        echo = f"<p>一般名稱 {parts['CN']}<br>組織 {parts['O']}<br>國別 {parts['C']}</p>"
        return self.show("聯絡人", f"{echo}<form method=post>{body}<button>下一步</button></form>", note)

    @at("/apply/pay")
    def pay(self, request: Request):
        if request.method == "POST":
            have = request.session
            self.orders.append(
                Order(
                    have["kind"],
                    request.index,
                    have["csr"],
                    have.get("software", ""),
                    have["passphrase"],
                    request.form["付款方式"],
                    contacts=have["contacts"],
                )
            )
            return self.redirect("/apply/ok", 303)
        return self.show(
            "付款",
            (
                f"<form method=post><select name=付款方式><option value='' disabled selected>付款方式"
                f"</option>{''.join(f'<option>{name}' for name in PAYMENTS)}</select><button>繼續</button></form>"
            ),
        )

    @at("/apply/ok")
    def done(self, request: Request):
        return self.show(
            "系統的回應訊息",
            "<p>作業成功!CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件 (E-Mail)通知您下載憑證事宜。CA作業時間約需二個工作天。",
        )

    @at("/search")
    def search(self, request: Request):
        name = request.query.get("q", "")
        form = (
            f'<form action=/search><input name=q placeholder=網站名稱 value="{esc(name)}"><button>搜尋</button></form>'
        )
        found = self.found(name)
        if name and not found:
            return self.show("憑證搜尋", form, "沒有資料")
        items = ""
        for record in found:
            until = (
                f" <small>{record.start:%Y-%m-%d %H:%M} ~ {record.end:%Y-%m-%d %H:%M}</small> 序號 {record.serial}"
                if record.leaf
                else ""
            )
            actions = (
                f" <a href=/renew?i={self.position(record)}>更新憑證</a> <a href=/zip?i={self.position(record)}>下載憑證</a>"
                if record.status == "valid"
                else ""
            )
            remark = f" (原因:{record.remark})" if record.remark else ""
            items += f"<li><b>{record.name}</b> <i>{STATES[record.status]}</i>{until}{remark}{actions}"
        return self.show("憑證搜尋", f"{form}<ul>{items}</ul>")

    @at("/zip")
    def download(self, request: Request):
        packed = io.BytesIO()
        authority = pki_factory.authority()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("server/ServerCert.cer", pki_factory.der(self.records[int(request.query["i"])].leaf))
            archive.writestr("uca.cer", pki_factory.der(authority.chain[0]))
        return self.attachment(packed.getvalue(), "憑證.zip".encode().decode("latin-1"), "application/octet-stream")

    @at("/renew")
    def renew(self, request: Request):
        note = ""
        record = self.records[int(request.query["i"])]
        if request.method == "POST":
            note = self.csr_complaint(request.form["憑證申請檔"]) or (
                "" if request.form["通行密碼"] == record.passphrase else "通行密碼有誤"
            )
            if not note:
                request.session.update(
                    csr=request.form["憑證申請檔"],
                    passphrase=request.form["通行密碼"],
                    kind="renew",
                    old=record.contacts,
                )
                return self.redirect("/apply/contacts", 303)
        return self.show(
            "更新憑證",
            (
                "<form method=post><textarea name=憑證申請檔 placeholder='請貼上憑證申請檔 (CSR)'></textarea>"
                "<input type=password name=通行密碼 placeholder=通行密碼><button>繼續</button></form>"
            ),
            note,
        )

    @at("/revoke")
    def revoke(self, request: Request):
        if request.method == "POST":
            if not self.found(request.form["網站名稱"]):
                return self.show("憑證廢止", "", "查無憑證")
            self.revocations.append({"name": request.form["網站名稱"], "index": request.index})
            return self.show("憑證廢止", "<p>您的憑證廢止申請已經受理。請列印此頁並用印。")
        return self.show(
            "憑證廢止", "<form method=post><input name=網站名稱 placeholder=網站名稱><button>送出</button></form>"
        )

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.show("中繼憑證與根憑證", "<a href=/ca.zip>中繼憑證與根憑證</a>")

    @at("/ca.zip")
    def chain(self, request: Request):
        packed = io.BytesIO()
        authority = pki_factory.authority()
        with zipfile.ZipFile(packed, "w") as archive:
            for number, certificate in enumerate([*authority.chain, authority.root.certificate]):
                archive.writestr(f"{number}.cer", pki_factory.der(certificate))
        return self.attachment(packed.getvalue(), "ca.zip", "application/x-zip-compressed")
