# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A page per step of the manual, post and redirect, flashes, labels around their inputs, one certificate per page of results."""

from __future__ import annotations

import re
import secrets
import urllib.parse

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding
from stranger_office import FIELDS, Office, Order, Request, at, esc, gather, subject

SOFTWARE = [
    ("iis", "Microsoft IIS"),
    ("apache", "Apache"),
    ("nginx", "Nginx"),
    ("tomcat", "Tomcat"),
    ("other", "其他"),
]
PAYMENTS = [("", "請選擇"), ("remittance", "匯款"), ("giro", "劃撥"), ("check", "支票"), ("credit_card", "信用卡")]
SAME_AS = [("technical", "與技術聯絡人相同"), ("business", "與業務聯絡人相同"), ("none", "兩者皆否")]
STATES = {"valid": "有效", "pending": "審核中", "rejected": "退件", "revoked": "已註銷", "expired": "已過期"}
NAMES = dict(
    zip(FIELDS, ("name", "job_title", "company", "vat_number", "city", "address", "zip_code", "phone", "fax", "email"))
)
LABELS = dict(
    zip(
        FIELDS,
        (
            "姓名",
            "職稱",
            "公司",
            "公司統一編號",
            "通訊地址(縣市)",
            "通訊地址",
            "郵遞區號",
            "聯絡電話",
            "傳真號碼",
            "電子郵件地址",
        ),
    )
)
HELP = {"tax_id": "8 碼阿拉伯數字", "city": "例:台北市", "phone": "例:(02)23708886#9", "postal_code": "例:100"}
TYPES = {"email": "email", "phone": "tel", "fax": "tel"}
PERSONS = {
    "technical": (
        "技術聯絡人",
        "請輸入本公司寄送SSL伺服器憑證給您時的技術聯絡人資訊。請注意此人必須擁有存取您網頁伺服器的權利。",
    ),
    "business": (
        "業務聯絡人",
        "請輸入 貴公司負責SSL伺服器憑證業務聯絡人資訊。業務聯絡人與技術聯絡人應由不同人員擔任,您應該分別指定。",
    ),
    "billing": ("帳務聯絡人", "請輸入 貴公司的帳務處理聯絡人員資訊。舉例來說,該人可以是 貴公司會計或是財務主管。"),
}
FILES = {"intermediate": "TaiCASecureCA_Prod_SSLServerCA.cer", "root": "GTECyberTrustGlobalRootProd.cer"}


class Rules(dict):
    """A number in the path is <int:id>."""

    def get(self, path, default=None):
        return super().get(re.sub(r"/\d+(?=/|$)", "/<int:id>", path), default)


def number_in(path: str) -> int:
    return int(re.search(r"/(\d+)(?:/|$)", path)[1])


def errors_of(errors, name):
    found = errors.get(name, [])
    return '\n<ul class="errors">' + "".join(f"<li>{esc(text)}</li>" for text in found) + "</ul>" if found else ""


def text_field(name, label, value="", errors=(), kind="text", note=""):
    note = f"\n<small>{note}</small>" if note else ""
    return (
        f'<p><label>{label}<br>\n<input id="{name}" name="{name}" required type="{kind}" value="{esc(value)}"></label>{note}</p>'
        + errors_of(dict(errors), name)
        + "\n"
    )


def area_field(name, label, value="", errors=()):
    return (
        f'<p><label>{label}<br>\n<textarea cols="70" id="{name}" name="{name}" required rows="20">\r\n{esc(value)}</textarea></label></p>'
        + errors_of(dict(errors), name)
        + "\n"
    )


def radio_field(name, legend, choices, value="", errors=()):
    items = "".join(
        f'<li><input{" checked" if code == value else ""} id="{name}-{number}" name="{name}" type="radio" value="{code}"> '
        f'<label for="{name}-{number}">{label}</label></li>'
        for number, (code, label) in enumerate(choices)
    )
    return (
        f'<fieldset><legend>{legend}</legend>\n<ul id="{name}">{items}</ul></fieldset>{errors_of(dict(errors), name)}\n'
    )


def select_field(name, label, choices, value="", errors=()):
    options = "".join(
        f'<option{" selected" if code == value else ""} value="{code}">{text}</option>' for code, text in choices
    )
    return f'<p><label>{label}<br>\n<select id="{name}" name="{name}" required>{options}</select></label></p>{errors_of(dict(errors), name)}\n'


def subject_list(csr):
    parts = subject(csr)
    rows = (
        ("一般名稱", parts["CN"]),
        ("組織", parts["O"]),
        ("組織單位", parts["OU"]),
        ("城市/位置", parts["L"]),
        ("州/省", parts["ST"]),
        ("國別", parts["C"]),
        ("適用之安全強度(bits)", parts["bits"]),
    )
    return "<dl>\n" + "".join(f"<dt>{label}<dd>{esc(value)}\n" for label, value in rows) + "</dl>\n"


class Flask(Office):
    per_page = 1

    def __init__(self):
        super().__init__()
        self.routes = Rules(self.routes)

    # The base template and what Flask and WTForms do

    def render(self, request, title, body):
        flashes = request.session.pop("flashes", [])
        shown = "".join(f'<li class="{category}">{esc(text)}</li>' for category, text in flashes)
        shown = f'<ul class="flashes">{shown}</ul>\n' if flashes else ""
        back = "" if request.path == "/" else '<p><a href="/">回首頁</a></p>\n'
        return self.page(
            f"""<!doctype html>
<html lang="zh-TW">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} - SSL 伺服器數位憑證</title>
{back}<h1>{title}</h1>
{shown}{body}
"""
        )

    @staticmethod
    def flash(request, text, category="message"):
        request.session.setdefault("flashes", []).append((category, text))

    @staticmethod
    def form(request, fields, button):
        token = request.session.setdefault("csrf_token", secrets.token_urlsafe(24))
        return (
            f'<form action="" method="post" novalidate>\n<input id="csrf_token" name="csrf_token" type="hidden" value="{token}">\n{fields}'
            f'<p><input id="submit" name="submit" type="submit" value="{button}"></p>\n</form>'
        )

    @staticmethod
    def forged(request):
        return request.form["csrf_token"] != request.session.get("csrf_token", "-")

    def bad_request(self):
        return self.page(
            "<!doctype html>\n<html lang=en>\n<title>400 Bad Request</title>\n<h1>Bad Request</h1>\n<p>The CSRF token is missing or invalid.</p>\n",
            400,
        )

    def missing(self):
        return self.page(
            "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server.</p>\n",
            404,
        )

    def record_of(self, path):
        serial = number_in(path)
        return next((record for record in self.records if record.serial == serial), None)

    # Index

    @at("/")
    def index(self, request: Request):
        return self.render(
            request,
            "SSL 伺服器數位憑證",
            """<h2>客服專區</h2>
<ul>
<li><a href="/documents">下載中心(書面文件)</a>
<li><a href="/apply">首次(增購)申請--上傳作業</a>
<li><a href="/renew">更新(展期)憑證--上傳作業</a>
<li><a href="/revoke">註銷憑證--線上作業</a>
</ul>
<h2>憑證服務</h2>
<ul>
<li><a href="/search">憑證搜尋</a>(下載「伺服器憑證」)
<li><a href="/pro_sslser.asp">下載「中繼憑證」與「根憑證」</a>
<li><a href="/seal">下載及安裝安全認證標章</a>
</ul>
<p>電話:02-2370-8886 傳真:02-2370-0728""",
        )

    @at("/documents")
    def documents(self, request: Request):
        return self.render(
            request,
            "書面文件之取得",
            """<ol>
<li>SSL 伺服器數位憑證憑證申請單
<li>SSL 伺服器數位憑證用戶註銷憑證申請單
<li>SSL 伺服器數位憑證測試憑證申請單
<li>網域名稱使用授權書
</ol>""",
        )

    @at("/seal")
    def seal(self, request: Request):
        return self.render(request, "安全認證標章", "<ul><li>mark1.gif<li>mark2.gif<li>mark3.gif</ul>")

    # First application

    @at("/apply")
    def apply(self, request: Request):
        return self.redirect("/apply/csr")

    @at("/apply/csr")
    def apply_csr(self, request: Request):
        errors = {}
        if request.method == "POST":
            if self.forged(request):
                return self.bad_request()
            csr = request.form["csr"]
            complaint = self.csr_complaint(csr) if csr.strip() else "此欄位為必填。"
            if not complaint:
                request.session["application"] = {"kind": "apply", "csr": csr}
                return self.redirect("/apply/check_csr")
            errors["csr"] = [complaint]
        return self.render(
            request,
            "傳送憑證申請檔與線上填寫註冊資料",
            "<p>將 CSR 複製,貼在文字方塊內,按下確定。(若按下確定後出現錯誤訊息則表示 CSR 內容有錯誤,請與本公司相關作業人員聯繫。)</p>\n"
            + self.form(request, area_field("csr", "憑證申請檔(CSR)", request.form["csr"], errors), "確定"),
        )

    @at("/apply/check_csr")
    def apply_check(self, request: Request):
        draft = request.session.get("application")
        if not draft:
            return self.restart(request, "/apply/csr")
        errors = {}
        form = request.form
        if request.method == "POST":
            if self.forged(request):
                return self.bad_request()
            if form["server_software"] not in dict(SOFTWARE):
                errors["server_software"] = ["請選擇伺服器種類。"]
            if len(form["passphrase"]) < 6:
                errors["passphrase"] = ["通行密碼至少六碼。"]
            if form["passphrase"] != form["confirm_passphrase"]:
                errors["confirm_passphrase"] = ["兩次輸入的密碼不一致。"]
            if not errors:
                draft.update(software=dict(SOFTWARE)[form["server_software"]], passphrase=form["passphrase"])
                return self.redirect("/apply/contacts")
        fields = (
            radio_field(
                "server_software",
                "伺服器軟體廠商(如果不在清單中,請選擇其他)",
                SOFTWARE,
                form["server_software"],
                errors,
            )
            + text_field(
                "passphrase",
                "通行密碼:(至少六碼)",
                "",
                errors,
                "password",
                "當您申請、更新或註銷此 SSL伺服器憑證時都需使用到這個通行密碼。",
            )
            + text_field("confirm_passphrase", "再輸入一次密碼以確認", "", errors, "password")
        )
        return self.render(
            request,
            "檢查 CSR 內容,選擇伺服器種類,及設定通行密碼",
            f"<h2>您的CSR內容</h2>\n{subject_list(draft['csr'])}<h2>輸入伺服器資訊</h2>\n"
            + self.form(request, fields, "繼續"),
        )

    def restart(self, request, target):
        self.flash(request, "請從第一個步驟開始。", "error")
        return self.redirect(target)

    # Contacts and payment, for an application and for a renewal

    @at("/apply/contacts", "/renew/contacts")
    def contacts(self, request: Request):
        draft = request.session.get("application")
        top = request.path.rpartition("/")[0]
        if not draft or "passphrase" not in draft:
            return self.restart(request, top)
        renewal = draft["kind"] == "renew"
        errors = {}
        same_as = "none"
        contacts = draft.get("contacts", {})
        if request.method == "POST":
            if self.forged(request):
                return self.bad_request()
            contacts = {person: gather(request.form, f"{person}_", NAMES) for person in PERSONS}
            same_as = request.form["billing_same_as"] or "none"
            wanted = dict(contacts)
            if renewal and same_as in contacts:
                wanted["billing"] = contacts[same_as]
            complaints = []
            for person, (title, _) in PERSONS.items():
                with_tax_id = person != "billing"
                complaint = self.contact_complaint(wanted[person], tax_id=with_tax_id)
                if not complaint:
                    continue
                complaints.append(f"{title}:{complaint}")
                for field, value in wanted[person].items():
                    if not value.strip() and (field != "tax_id" or with_tax_id):
                        errors[f"{person}_{NAMES[field]}"] = ["此欄位為必填。"]
            if not complaints:
                draft.update(contacts=wanted, same_as=same_as if renewal and same_as in contacts else "")
                return self.redirect(f"{top}/payment")
            for text in complaints:
                self.flash(request, text, "error")
        fields = ""
        for person, (title, note) in PERSONS.items():
            inner = f"<p>{note}</p>\n"
            if renewal and person == "billing":
                inner += radio_field("billing_same_as", "帳務聯絡人", SAME_AS, same_as)
            for field, label in LABELS.items():
                if field == "tax_id" and person == "billing":
                    continue
                value = contacts.get(person, {}).get(field, "")
                inner += text_field(
                    f"{person}_{NAMES[field]}", label, value, errors, TYPES.get(field, "text"), HELP.get(field, "")
                )
            fields += f"<fieldset>\n<legend>請輸入{title}資訊</legend>\n{inner}</fieldset>\n"
        title = "確認及更新技術、業務、帳務聯絡人資料" if renewal else "填寫技術、業務、帳務聯絡人資料"
        return self.render(
            request,
            title,
            "<p>請務必全部填寫,不可留空白(必須與申請單所填內容相符;若為數字內容請採用阿拉伯數字方式填寫)。</p>\n"
            + self.form(request, fields, "繼續"),
        )

    @at("/apply/payment", "/renew/payment")
    def payment(self, request: Request):
        draft = request.session.get("application")
        top = request.path.rpartition("/")[0]
        if not draft or "contacts" not in draft:
            return self.restart(request, top)
        errors = {}
        if request.method == "POST":
            if self.forged(request):
                return self.bad_request()
            method = request.form["payment_method"]
            if method and method in dict(PAYMENTS):
                self.orders.append(
                    Order(
                        draft["kind"],
                        request.index,
                        draft["csr"],
                        draft.get("software", ""),
                        draft["passphrase"],
                        dict(PAYMENTS)[method],
                        draft["same_as"],
                        draft["contacts"],
                    )
                )
                del request.session["application"]
                self.flash(request, "作業成功", "success")
                return self.redirect(f"{top}/done")
            errors["payment_method"] = ["請選擇付款方式。"]
        return self.render(
            request,
            "選擇付款方式",
            self.form(
                request,
                select_field("payment_method", "付款方式", PAYMENTS, request.form["payment_method"], errors),
                "繼續",
            ),
        )

    @at("/apply/done", "/renew/done")
    def done(self, request: Request):
        return self.render(
            request,
            "系統的回應訊息",
            "<p>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。</p>\n<p>CA作業時間約需二個工作天。</p>",
        )

    # Search and download

    @at("/search", "/renew")
    def search(self, request: Request):
        if request.method == "POST":
            if self.forged(request):
                return self.bad_request()
            name = request.form["site_name"]
            if self.found(name):
                return self.redirect("/search/results?" + urllib.parse.urlencode({"site_name": name}))
            self.flash(request, "查無資料", "error")
            return self.redirect(request.path)
        title, label = ("憑證搜尋", "當初所申請的憑證之網站名稱")
        if request.path == "/renew":
            title, label = ("更新(展期)憑證", "欲更新憑證之網站名稱")
        field = text_field("site_name", label, note="如 www.abc.com.tw (注意,大小寫需一致)")
        return self.render(request, title, self.form(request, field, "搜尋"))

    @at("/search/results")
    def results(self, request: Request):
        name = request.query["site_name"]
        found = self.found(name)
        if not found:
            self.flash(request, "查無資料", "error")
            return self.redirect("/search")
        pages = -(-len(found) // self.per_page)
        wanted = request.query["page"]
        page = min(max(int(wanted) if wanted.isdigit() else 1, 1), pages)
        body = ""
        for record in found[(page - 1) * self.per_page : page * self.per_page]:
            body += f"<article>\n<h2>{esc(record.name)} 是128位元伺服器憑證</h2>\n<dl>\n"
            body += f"<dt>一般名稱<dd>{esc(record.name)}\n<dt>憑證狀態<dd>{STATES[record.status]}\n"
            if record.leaf:
                body += (
                    f"<dt>有效期限<dd>{record.start:%Y-%m-%d %H:%M:%S} 至 {record.end:%Y-%m-%d %H:%M:%S}\n<dt>憑證等級<dd>TaiCA Secure Server\n"
                    f"<dt>憑證內容<dd>Country = TW, State = TAIWAN, Common Name = {esc(record.name)}\n<dt>憑證序號<dd>{record.serial}\n"
                )
            if record.remark:
                body += f"<dt>退件原因<dd>{esc(record.remark)}\n"
            body += "</dl>\n"
            if record.status == "valid":
                body += f'<p><a href="/certificates/{record.serial}/download">下載憑證</a> | <a href="/renew/{record.serial}">更新憑證</a></p>\n'
            body += "</article>\n"
        if pages > 1:

            def link(number, text):
                query = urllib.parse.urlencode({"site_name": name, "page": number})
                return f'<a href="/search/results?{esc(query)}">{text}</a>' if 1 <= number <= pages else text

            body += f'<nav class="pagination">{link(page - 1, "«上一頁")} 第 {page} 頁,共 {pages} 頁 {link(page + 1, "下一頁»")}</nav>\n'
        return self.render(request, "憑證詳細資料", body)

    @at("/certificates/<int:id>/download")
    def download(self, request: Request):
        record = self.record_of(request.path)
        if not record:
            return self.missing()
        return self.attachment(record.leaf.public_bytes(Encoding.PEM), "ServerCert.cer", "application/pkix-cert")

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.render(
            request,
            "下載「中繼憑證」與「根憑證」",
            f'<ul>\n<li><a href="/static/{FILES["intermediate"]}" download>中繼憑證檔</a>\n<li><a href="/static/{FILES["root"]}" download>根憑證檔</a>\n</ul>',
        )

    @at(*(f"/static/{name}" for name in FILES.values()))
    def static(self, request: Request):
        name = request.path.rpartition("/")[2]
        authority = pki_factory.authority()
        found = [authority.root.certificate] if name == FILES["root"] else authority.chain
        return self.attachment(b"".join(ca.public_bytes(Encoding.PEM) for ca in found), name, "application/pkix-cert")

    # Renewal

    @at("/renew/<int:id>")
    def renew(self, request: Request):
        record = self.record_of(request.path)
        if not record:
            return self.missing()
        errors = {}
        form = request.form
        if request.method == "POST":
            if self.forged(request):
                return self.bad_request()
            if complaint := self.csr_complaint(form["csr"]):
                errors["csr"] = [complaint]
            if form["passphrase"] != record.passphrase:
                errors["passphrase"] = ["通行密碼錯誤。"]
            if not errors:
                request.session["application"] = {
                    "kind": "renew",
                    "csr": form["csr"],
                    "passphrase": form["passphrase"],
                    "contacts": record.contacts,
                    "same_as": "",
                }
                return self.redirect("/renew/contacts")
        fields = area_field("csr", "輸入CSR資訊", form["csr"], errors) + text_field(
            "passphrase", "輸入通行密碼", "", errors, "password", "首次申請時所設定之通行密碼,注意文字大小寫。"
        )
        return self.render(
            request,
            f"更新憑證 {esc(record.name)}",
            "<p>請將CSR檔案中的內容複製到下面的空欄中,注意複製的範圍應包括 BEGIN NEW CERTIFICATE REQUEST 到 END NEW CERTIFICATE REQUEST 的宣告文字。</p>\n"
            + self.form(request, fields, "繼續"),
        )

    # Revocation

    @at("/revoke")
    def revoke(self, request: Request):
        if request.method == "POST":
            if self.forged(request):
                return self.bad_request()
            name = request.form["site_name"].strip()
            if any(record.status == "valid" for record in self.found(name)):
                request.session["revoke"] = name
                return self.redirect("/revoke/confirm")
            self.flash(request, "查無有效憑證", "error")
            return self.redirect("/revoke")
        field = text_field(
            "site_name", "網站名稱", note="當初所申請的憑證之網站名稱,如 www.abc.com.tw (注意,大小寫需一致)"
        )
        return self.render(
            request,
            "憑證廢止",
            "<p>仍須先填寫好用戶註銷憑證申請單,郵寄或傳真至本公司。</p>\n" + self.form(request, field, "確定"),
        )

    @at("/revoke/confirm")
    def revoke_confirm(self, request: Request):
        name = request.session.get("revoke", "")
        records = [record for record in self.found(name) if record.status == "valid"]
        if not records:
            return self.restart(request, "/revoke")
        errors = {}
        if request.method == "POST":
            if self.forged(request):
                return self.bad_request()
            chosen = [record for record in records if str(record.serial) == request.form["certificate"]]
            if chosen:
                self.revocations.append({"name": name, "serial": str(chosen[0].serial), "index": request.index})
                del request.session["revoke"]
                self.flash(request, "已收到您的註銷申請。", "success")
                return self.redirect("/revoke/done")
            errors["certificate"] = ["請選擇憑證。"]
        if len(records) == 1:
            record = records[0]
            fields = (
                f"<dl>\n<dt>網站名稱<dd>{esc(record.name)}\n<dt>憑證序號<dd>{record.serial}\n<dt>有效期限<dd>{record.end:%Y-%m-%d %H:%M:%S}\n</dl>\n"
                f'<input id="certificate" name="certificate" type="hidden" value="{record.serial}">\n'
            )
        else:
            choices = [(str(record.serial), f"{record.serial}({record.end:%Y-%m-%d} 到期)") for record in records]
            fields = radio_field("certificate", f"{esc(name)} 的憑證", choices, "", errors)
        return self.render(
            request, "確認註銷憑證", "<p>您確定要註銷這張憑證嗎?</p>\n" + self.form(request, fields, "確定註銷")
        )

    @at("/revoke/done")
    def revoke_done(self, request: Request):
        return self.render(
            request,
            "憑證廢止",
            "<p>請列印此頁,押蓋公司大小章,並請傳真(02)23700728 辦理。註銷成功,由 TWCA 認證中心予以確認。</p>",
        )
