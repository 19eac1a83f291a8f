# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mobile-first Laravel site, 2019: floating labels after the inputs, cards in an accordion, a redirect after every post, a page to confirm on."""

from __future__ import annotations

import re
import secrets
import urllib.parse

import pki_factory
from stranger_office import PERSONS, Form, Office, Order, Record, Request, at, esc, subject

TITLES = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
ICONS = {"technical": "fa-server", "business": "fa-briefcase", "billing": "fa-file-invoice-dollar"}
# field: (name, label, placeholder, type)
INPUTS = {
    "name": ("name", "姓名", "例:王小明", "text"),
    "title": ("job_title", "職稱", "例:專員", "text"),
    "company": ("company", "公司", "請輸入公司全名", "text"),
    "tax_id": ("vat_number", "公司統一編號", "8 位數字", "tel"),
    "phone": ("phone", "聯絡電話", "例:(02)23708886#9", "tel"),
    "fax": ("fax", "傳真號碼", "例:(02)23700728", "tel"),
    "email": ("email", "電子郵件地址", "name@example.com.tw", "email"),
    "postal_code": ("zipcode", "郵遞區號", "3 或 5 碼", "text"),
    "city": ("county", "縣市", "", "select"),
    "address": ("street", "通訊地址", "路名、門牌號碼、樓層", "text"),
}
# value: (what the page says, what the office writes)
COUNTIES = {
    "63000": ("臺北市", "台北市"),
    "10017": ("基隆市", "基隆市"),
    "65000": ("新北市", "新北市"),
    "68000": ("桃園市", "桃園市"),
    "10018": ("新竹市", "新竹市"),
    "10004": ("新竹縣", "新竹縣"),
    "10005": ("苗栗縣", "苗栗縣"),
    "66000": ("臺中市", "台中市"),
    "10007": ("彰化縣", "彰化縣"),
    "10008": ("南投縣", "南投縣"),
    "10009": ("雲林縣", "雲林縣"),
    "10020": ("嘉義市", "嘉義市"),
    "10010": ("嘉義縣", "嘉義縣"),
    "67000": ("臺南市", "台南市"),
    "64000": ("高雄市", "高雄市"),
    "10013": ("屏東縣", "屏東縣"),
    "10002": ("宜蘭縣", "宜蘭縣"),
    "10015": ("花蓮縣", "花蓮縣"),
    "10014": ("臺東縣", "台東縣"),
    "10016": ("澎湖縣", "澎湖縣"),
    "09020": ("金門縣", "金門縣"),
    "09007": ("連江縣", "連江縣"),
}
SOFTWARE = {
    "apache": ("Apache HTTP Server", "Apache"),
    "nginx": ("Nginx", "Nginx"),
    "iis": ("Microsoft IIS", "Microsoft IIS"),
    "java": ("Tomcat / JBoss", "Tomcat"),
    "other": ("其他", "其他"),
}
PAYMENTS = {
    "remit": ("銀行匯款", "臨櫃匯款後請回傳收據"),
    "wire": ("電匯", "適用於海外公司"),
    "giro": ("劃撥", "請於郵局辦理"),
    "atm": ("ATM 轉帳", "系統將提供虛擬帳號"),
}
STATES = {
    "valid": ("有效", "success"),
    "pending": ("審核中", "warning"),
    "rejected": ("已退件", "danger"),
    "revoked": ("已註銷", "dark"),
    "expired": ("已過期", "secondary"),
}
REASONS = {"1": "金鑰外洩", "2": "網站停止營運", "3": "資料異動", "0": "其他"}
STEPS = {
    "apply": ("上傳 CSR", "伺服器與密碼", "聯絡人", "付款方式", "確認", "完成"),
    "renew": ("更新 CSR", "聯絡人", "付款方式", "確認", "完成"),
}


def name_of(who: str, field: str) -> str:
    return f"contacts[{who}][{INPUTS[field][0]}]"


class Router(dict):
    """Knows addresses with a number in them."""

    def get(self, path, default=None):
        handler = super().get(path)
        return handler or super().get(re.sub(r"/\d+(?=/|$)", "/{id}", path), default)


class LaravelMobile(Office):
    per_page = 10  # of the list group; a test may make it 1

    def __init__(self):
        super().__init__()
        self.routes = Router(self.routes)

    def token(self, request: Request) -> str:
        return request.session.setdefault("_token", secrets.token_urlsafe(30))

    def view(self, request: Request, title: str, body: str, status: int = 200):
        flash = request.session.pop("flash", None)
        alert = ""
        if flash:
            alert = (
                f'<div class="alert alert-{flash[0]} alert-dismissible fade show" role="alert">{esc(flash[1])}'
                '<button type="button" class="close" data-dismiss="alert" aria-label="關閉"><span aria-hidden="true">&times;</span></button></div>'
            )
        token = self.token(request)
        return self.page(
            f"""<!doctype html>
<html lang="zh-TW">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, shrink-to-fit=no">
<meta name="csrf-token" content="{token}">
<title>{title} | TWCA 臺灣網路認證</title>
<link rel="stylesheet" href="/css/app.css?id=5f1d2c">
<script src="/js/app.js?id=9be11a" defer></script>
</head>
<body>
<div id="app">
<nav class="navbar navbar-expand-md navbar-light bg-white shadow-sm sticky-top">
<a class="navbar-brand" href="/">TWCA</a>
<button class="navbar-toggler" type="button" data-toggle="collapse" data-target="#nav" aria-label="選單"><span class="navbar-toggler-icon"></span></button>
<div class="collapse navbar-collapse" id="nav"><ul class="navbar-nav ml-auto">
<li class="nav-item dropdown"><a class="nav-link dropdown-toggle" href="#" role="button" data-toggle="dropdown">憑證服務 <span class="caret"></span></a>
<div class="dropdown-menu"><a class="dropdown-item" href="/ssl">SSL 伺服器憑證</a></div></li>
<li class="nav-item"><a class="nav-link" href="/downloads">下載中心</a></li>
<li class="nav-item"><a class="nav-link" href="tel:0223708886"><i class="fas fa-phone"></i> 02-2370-8886</a></li>
</ul></div>
</nav>
<main class="container py-4">
{alert}
<h1 class="h4 mb-3">{title}</h1>
{body}
</main>
<footer class="bg-light py-3 text-center small">
<form class="form-inline justify-content-center" method="POST" action="/newsletter"><input type="hidden" name="_token" value="{token}">
<input type="email" name="subscriber" class="form-control form-control-sm" placeholder="訂閱電子報,請輸入 E-mail" aria-label="電子報"> <button
 type="submit" class="btn btn-sm btn-outline-secondary">訂閱</button></form>
<p>&copy; 2019 臺灣網路認證股份有限公司</p>
</footer>
</div>
</body>
</html>""",
            status,
            Cache_Control="no-cache, private",
        )

    def back(
        self, request: Request, target: str, errors: dict[str, str], flash: str = "您填寫的資料有誤,請檢查後重新送出。"
    ):
        request.session["errors"] = errors
        request.session["old"] = dict(request.form)
        request.session["flash"] = ("danger", flash)
        return self.redirect(target)

    def told(self, request: Request, target: str, text: str, kind: str = "success"):
        request.session["flash"] = (kind, text)
        return self.redirect(target)

    def forged(self, request: Request):
        """The page for a post without the token; None if all is well."""
        if request.method != "POST" or request.form["_token"] == self.token(request):
            return None
        return self.page(
            '<!doctype html><title>Page Expired</title><div class="code">419</div><div class="message">頁面已過期</div>',
            419,
        )

    @staticmethod
    def leftovers(request: Request) -> tuple[dict[str, str], Form]:
        return request.session.pop("errors", {}), Form(request.session.pop("old", {}))

    def form(self, request: Request, action: str, body: str, method: str = "") -> str:
        spoof = f'<input type="hidden" name="_method" value="{method}">' if method else ""
        return f'<form method="POST" action="{action}" novalidate>\n<input type="hidden" name="_token" value="{self.token(request)}">{spoof}\n{body}\n</form>'

    @staticmethod
    def progress(kind: str, step: int) -> str:
        names = STEPS[kind]
        return f"""<div class="d-flex justify-content-between"><strong>{names[step - 1]}</strong><span class="text-muted">{step}/{len(names)}</span></div>
<div class="progress mb-4" style="height:6px"><div class="progress-bar" role="progressbar" style="width:{100 * step // len(names)}%" aria-valuenow="{step}"
 aria-valuemin="0" aria-valuemax="{len(names)}"></div></div>
"""

    @staticmethod
    def floating(name: str, label: str, hint: str, value: str = "", error: str = "", kind: str = "text") -> str:
        wrong = f'<div class="invalid-feedback">{esc(error)}</div>' if error else ""
        control = re.sub(r"[\[\]]+", "-", name).strip("-")
        css = "form-control is-invalid" if error else "form-control"
        if kind == "select":
            options = "".join(
                f'<option value="{code}"{" selected" if value == code else ""}>{shown}</option>'
                for code, (shown, _kept) in COUNTIES.items()
            )
            css = css.replace("form-control", "custom-select")
            first = f'<option value="" disabled{"" if value else " selected"}>請選擇</option>'
            field = f'<select id="{control}" name="{name}" class="{css}" required>{first}{options}</select>'
        elif kind == "textarea":
            field = f'<textarea id="{control}" name="{name}" class="{css} text-monospace" rows="8" placeholder="{hint}" required>{esc(value)}</textarea>'
        else:
            shown = "" if kind == "password" else f' value="{esc(value)}"'
            field = (
                f'<input type="{kind}" id="{control}" name="{name}" class="{css}"{shown} placeholder="{hint}" required>'
            )
        return f'<div class="form-label-group">{field}<label for="{control}">{label}</label>{wrong}</div>\n'

    # Where one arrives

    @at("/")
    def home(self, request: Request):
        return self.view(
            request,
            "讓您的網站更安全",
            """<p class="lead">臺灣最具公信力的 SSL 憑證服務</p>
<div class="row">
<div class="col-12 col-md-6 mb-3"><div class="card h-100"><div class="card-body"><h5 class="card-title">SSL 伺服器憑證</h5>
<p class="card-text">線上申請、查詢、更新與註銷。</p><a href="/ssl" class="btn btn-primary btn-block">前往服務</a></div></div></div>
<div class="col-12 col-md-6 mb-3"><div class="card h-100"><div class="card-body"><h5 class="card-title">客服專區</h5>
<p class="card-text">服務時間 09:00-18:00</p><a href="mailto:service@twca.com.tw" class="btn btn-outline-primary btn-block">聯絡我們</a></div></div></div>
</div>""",
        )

    @at("/ssl")
    def ssl(self, request: Request):
        return self.view(
            request,
            "SSL 伺服器憑證",
            """<form class="input-group mb-4" method="GET" action="/certificates"><input type="search" name="domain" class="form-control"
 placeholder="輸入網站名稱查詢憑證,如 www.abc.com.tw" aria-label="網站名稱"><div class="input-group-append"><button class="btn btn-primary" type="submit"><i
 class="fas fa-search"></i> 搜尋</button></div></form>
<div class="list-group mb-4">
<a class="list-group-item list-group-item-action" href="/apply/guide"><i class="fas fa-plus-circle"></i> 憑證申請</a>
<a class="list-group-item list-group-item-action" href="/certificates"><i class="fas fa-search"></i> 憑證搜尋</a>
<a class="list-group-item list-group-item-action" href="/certificates?for=revoke"><i class="fas fa-ban"></i> 憑證廢止</a>
</div>
<div class="accordion" id="faq">
<div class="card"><div class="card-header"><button class="btn btn-link" type="button" data-toggle="collapse" data-target="#q1">申請憑證需要多久?</button></div>
<div id="q1" class="collapse" data-parent="#faq"><div class="card-body">CA作業時間約需二個工作天。</div></div></div>
<div class="card"><div class="card-header"><button class="btn btn-link" type="button" data-toggle="collapse" data-target="#q2">什麼是通行密碼?</button></div>
<div id="q2" class="collapse" data-parent="#faq"><div class="card-body">日後要變更聯絡人資料時,或註銷憑證時需填入的密碼。</div></div></div>
</div>""",
        )

    @at("/apply/guide")
    def guide(self, request: Request):
        return self.view(
            request,
            "憑證申請",
            """<ul class="timeline list-unstyled">
<li><span class="badge badge-pill badge-primary">步驟 1</span> <a href="/downloads">下載並填寫憑證申請單</a></li>
<li><span class="badge badge-pill badge-primary">步驟 2</span> 傳真申請單至 02-2370-0728</li>
<li><span class="badge badge-pill badge-primary">步驟 3</span> 產生憑證申請檔(CSR)</li>
<li><span class="badge badge-pill badge-primary">步驟 4</span> 傳送憑證申請檔與線上填寫註冊資料</li>
</ul>
<a class="btn btn-success btn-lg btn-block" href="/apply" role="button">立即申請</a>""",
        )

    @at("/newsletter")
    def newsletter(self, request: Request):
        return self.forged(request) or self.told(request, "/", "感謝您訂閱電子報!", "info")

    # Applying

    @at("/apply")
    def csr(self, request: Request):
        if wrong := self.forged(request):
            return wrong
        if request.method == "POST":
            errors = {}
            if not request.form["csr"].strip():
                errors["csr"] = "CSR 不能留空。"
            elif complaint := self.csr_complaint(request.form["csr"]):
                errors["csr"] = complaint
            if request.form["agree"] != "1":
                errors["agree"] = "必須接受服務條款。"
            if errors:
                return self.back(request, "/apply", errors)
            request.session["wizard"] = {"kind": "apply", "csr": request.form["csr"]}
            return self.redirect("/apply/server")
        errors, old = self.leftovers(request)
        wrong = f'<div class="invalid-feedback d-block">{errors["agree"]}</div>' if "agree" in errors else ""
        body = (
            '<p class="text-muted">請將 CSR 內容複製,貼在文字方塊內。</p>\n'
            + self.floating(
                "csr",
                "憑證申請檔 (CSR)",
                "-----BEGIN NEW CERTIFICATE REQUEST-----",
                old["csr"],
                errors.get("csr", ""),
                "textarea",
            )
            + f"""<div class="card mb-3"><div class="card-header"><button class="btn btn-link" type="button" data-toggle="collapse"
 data-target="#terms">服務條款 <i class="fas fa-chevron-down"></i></button></div><div id="terms" class="collapse"><div class="card-body small">
申請人應依本公司憑證實務作業基準使用憑證,並保證所填資料正確。</div></div></div>
<div class="custom-control custom-checkbox mb-3"><input type="checkbox" class="custom-control-input" id="agree" name="agree" value="1"><label
 class="custom-control-label" for="agree">我已閱讀並同意服務條款</label>{wrong}</div>
<button type="submit" class="btn btn-primary btn-block">下一步</button>"""
        )
        return self.view(request, "憑證申請", self.progress("apply", 1) + self.form(request, "/apply", body))

    @at("/apply/server")
    def server(self, request: Request):
        if wrong := self.forged(request):
            return wrong
        wizard = request.session.get("wizard")
        if not wizard:
            return self.told(request, "/apply", "請先上傳 CSR。", "warning")
        form = request.form
        if request.method == "POST":
            errors = {}
            if form["software"] not in SOFTWARE:
                errors["software"] = "請選擇伺服器軟體。"
            if len(form["passphrase"]) < 6:
                errors["passphrase"] = "通行密碼至少 6 個字元。"
            elif form["passphrase"] != form["passphrase_confirmation"]:
                errors["passphrase"] = "通行密碼與確認欄位的輸入不一致。"
            if errors:
                return self.back(request, "/apply/server", errors)
            wizard.update(software=form["software"], passphrase=form["passphrase"])
            return self.redirect("/order/contacts")
        errors, old = self.leftovers(request)
        parts = subject(wizard["csr"])
        shown = "".join(
            f'<dt class="col-5">{label}</dt><dd class="col-7">{esc(parts[key]) or "-"}</dd>\n'
            for label, key in (
                ("一般名稱", "CN"),
                ("組織", "O"),
                ("組織單位", "OU"),
                ("城市/位置", "L"),
                ("州/省", "ST"),
                ("國別", "C"),
                ("金鑰長度", "bits"),
            )
        )
        chosen = old["software"] or wizard.get("software", "")
        radios = "".join(
            f'<label class="btn btn-outline-primary{" active" if code == chosen else ""}"><input type="radio" name="software" value="{code}" '
            f'autocomplete="off"{" checked" if code == chosen else ""}> {label}</label>\n'
            for code, (label, _kept) in SOFTWARE.items()
        )
        wrong = f'<div class="invalid-feedback d-block">{errors["software"]}</div>' if "software" in errors else ""
        body = f"""<div class="card mb-3"><div class="card-header">您的CSR內容</div><div class="card-body"><dl class="row mb-0">
{shown}</dl></div></div>
<div class="card mb-3"><div class="card-header">伺服器軟體廠商</div><div class="card-body"><div class="btn-group-toggle" data-toggle="buttons">
{radios}</div>{wrong}</div></div>
<div class="card mb-3"><div class="card-header">設定通行密碼</div><div class="card-body"><p class="small text-muted">日後更新或註銷憑證時需填入,請牢記。</p>
{self.floating("passphrase", "通行密碼", "至少六碼", "", errors.get("passphrase", ""), "password")}{
            self.floating("passphrase_confirmation", "確認通行密碼", "再輸入一次密碼以確認", "", "", "password")
        }</div></div>
<div class="d-flex"><a class="btn btn-link" href="/apply">上一步</a><button type="submit" class="btn btn-primary flex-fill">下一步</button></div>"""
        return self.view(request, "檢查CSR內容", self.progress("apply", 2) + self.form(request, "/apply/server", body))

    @at("/order/contacts")
    def contacts(self, request: Request):
        if wrong := self.forged(request):
            return wrong
        wizard = request.session.get("wizard")
        if not wizard or "passphrase" not in wizard:
            return self.told(request, "/ssl", "作業已逾時,請重新開始。", "warning")
        if request.method == "POST":
            return self.save_contacts(request, wizard)
        errors, old = self.leftovers(request)
        values = old or Form(wizard.get("values", {}))
        cards = "".join(self.card(who, values, errors) for who in PERSONS)
        body = f"""<div class="accordion mb-3" id="people">
{cards}</div>
<div class="d-flex">{'<a class="btn btn-link" href="/apply/server">上一步</a>' if wizard["kind"] == "apply" else ""}<button type="submit"
 class="btn btn-primary flex-fill">下一步</button></div>"""
        step = 3 if wizard["kind"] == "apply" else 2
        return self.view(
            request, "聯絡人資料", self.progress(wizard["kind"], step) + self.form(request, "/order/contacts", body)
        )

    def card(self, who: str, values: Form, errors: dict[str, str]) -> str:
        fields = [field for field in INPUTS if field != "tax_id" or who != "billing"]
        inputs = "".join(
            self.floating(
                name_of(who, field),
                INPUTS[field][1],
                INPUTS[field][2],
                values[name_of(who, field)],
                errors.get(f"{who}.{field}", ""),
                INPUTS[field][3],
            )
            for field in fields
        )
        same = ""
        if who == "billing":
            options = "".join(
                f'<option value="{code}"{" selected" if values["billing_source"] == code else ""}>{label}</option>'
                for code, label in (
                    ("", "另行填寫"),
                    ("technical", "與技術聯絡人相同"),
                    ("business", "與業務聯絡人相同"),
                )
            )
            same = f"""<div class="form-label-group"><select id="billing_source" name="billing_source" class="custom-select">{options}</select><label
 for="billing_source">資料來源</label></div>
"""
        return f"""<div class="card"><div class="card-header" id="head-{who}"><h2 class="mb-0"><button class="btn btn-link" type="button" data-toggle="collapse"
 data-target="#body-{who}" aria-expanded="true"><i class="fas {ICONS[who]}"></i> {TITLES[who]}</button></h2></div>
<div id="body-{who}" class="collapse{" show" if who == "technical" else ""}" data-parent="#people"><div class="card-body">
{same}{inputs}</div></div></div>
"""

    def save_contacts(self, request: Request, wizard: dict):
        form = request.form
        people = {}
        errors = {}
        flash = ""
        source = form["billing_source"]
        for who in PERSONS:
            person = people[who] = {
                field: form.get(name_of(who, field), "") if field != "tax_id" or who != "billing" else ""
                for field in INPUTS
            }
            person["city"] = COUNTIES.get(person["city"], ("", ""))[1]
            if who == "billing" and source in people:
                people[who] = dict(people[source])
            elif complaint := self.contact_complaint(person, tax_id=who != "billing"):
                flash = complaint
                for field, (_name, label, _hint, _kind) in INPUTS.items():
                    if not person[field].strip() and (field != "tax_id" or who != "billing"):
                        errors[f"{who}.{field}"] = f"{label} 不能留空。"
        if flash:
            return self.back(request, "/order/contacts", errors, flash)
        wizard.update(people=people, values=dict(form), same=source if source in PERSONS else "")
        return self.redirect("/order/payment")

    @at("/order/payment")
    def payment(self, request: Request):
        if wrong := self.forged(request):
            return wrong
        wizard = request.session.get("wizard")
        if not wizard or "people" not in wizard:
            return self.told(request, "/ssl", "作業已逾時,請重新開始。", "warning")
        if request.method == "POST":
            if request.form["payment"] not in PAYMENTS:
                return self.back(request, "/order/payment", {"payment": "請選擇付款方式。"})
            wizard["payment"] = request.form["payment"]
            return self.redirect("/order/confirm")
        errors, _old = self.leftovers(request)
        wrong = f'<div class="invalid-feedback d-block">{errors["payment"]}</div>' if "payment" in errors else ""
        items = "".join(
            f'<div class="list-group-item"><div class="custom-control custom-radio"><input type="radio" class="custom-control-input" id="pay-{code}" '
            f'name="payment" value="{code}"{" checked" if wizard.get("payment") == code else ""}><label class="custom-control-label" for="pay-{code}">{label}'
            f'<br><small class="text-muted">{note}</small></label></div></div>\n'
            for code, (label, note) in PAYMENTS.items()
        )
        body = f"""<div class="list-group mb-3">
{items}</div>{wrong}
<div class="d-flex"><a class="btn btn-link" href="/order/contacts">上一步</a><button type="submit" class="btn btn-primary flex-fill">繼續</button></div>"""
        step = 4 if wizard["kind"] == "apply" else 3
        return self.view(
            request, "選擇付款方式", self.progress(wizard["kind"], step) + self.form(request, "/order/payment", body)
        )

    @at("/order/confirm")
    def confirm(self, request: Request):
        wizard = request.session.get("wizard")
        if not wizard or "payment" not in wizard:
            return self.told(request, "/ssl", "作業已逾時,請重新開始。", "warning")
        request.session.pop("errors", None)
        sections = [
            (
                "憑證",
                "/apply/server" if wizard["kind"] == "apply" else "",
                [("一般名稱", subject(wizard["csr"])["CN"]), ("通行密碼", "******")]
                + ([("伺服器軟體廠商", SOFTWARE[wizard["software"]][0])] if "software" in wizard else []),
            )
        ]
        for who in PERSONS:
            person = wizard["people"][who]
            rows = [(INPUTS[field][1], person[field]) for field in INPUTS if person[field]]
            sections.append((TITLES[who], "/order/contacts", rows))
        sections.append(("付款", "/order/payment", [("付款方式", PAYMENTS[wizard["payment"]][0])]))
        cards = ""
        for title, link, rows in sections:
            edit = f' <a class="float-right small" href="{link}">修改</a>' if link else ""
            lines = "".join(f'<tr><th class="w-25">{label}</th><td>{esc(value)}</td></tr>\n' for label, value in rows)
            cards += f'<div class="card mb-3"><div class="card-header">{title}{edit}</div><table class="table table-sm mb-0">\n{lines}</table></div>\n'
        body = '<button type="submit" class="btn btn-success btn-lg btn-block">確認送出</button>'
        step = 5 if wizard["kind"] == "apply" else 4
        return self.view(
            request,
            "確認申請資料",
            self.progress(wizard["kind"], step)
            + f'<p class="text-danger">請再次確認以下資料,送出後無法修改。</p>\n{cards}'
            + self.form(request, "/order", body),
        )

    @at("/order")
    def store(self, request: Request):
        if wrong := self.forged(request):
            return wrong
        wizard = request.session.get("wizard")
        if request.method != "POST" or not wizard or "payment" not in wizard:
            return self.told(request, "/ssl", "作業已逾時,請重新開始。", "warning")
        self.orders.append(
            Order(
                wizard["kind"],
                request.index,
                wizard["csr"],
                SOFTWARE[wizard["software"]][1] if "software" in wizard else "",
                wizard["passphrase"],
                PAYMENTS[wizard["payment"]][0],
                wizard["same"],
                wizard["people"],
            )
        )
        request.session["done"] = request.session.pop("wizard")["kind"]
        return self.told(request, "/order/done", "作業成功")

    @at("/order/done")
    def done(self, request: Request):
        kind = request.session.get("done")
        if not kind:
            return self.redirect("/ssl")
        return self.view(
            request,
            "系統的回應訊息",
            self.progress(kind, len(STEPS[kind]))
            + """<div class="text-center"><i class="fas fa-check-circle fa-4x text-success"></i>
<p class="mt-3">CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。</p>
<p>CA作業時間約需二個工作天。</p><a class="btn btn-outline-primary" href="/ssl">返回</a></div>""",
        )

    # Searching

    def record(self, request: Request) -> Record | None:
        number = int(re.findall(r"\d+", request.path)[0])
        return self.records[number - 1] if 0 < number <= len(self.records) else None

    @at("/certificates")
    def listing(self, request: Request):
        query = request.query
        revoking = query["for"] == "revoke"
        hidden = '<input type="hidden" name="for" value="revoke">' if revoking else ""
        hint = (
            '<div class="alert alert-info">請先搜尋欲註銷的憑證,再於憑證詳細資料頁面辦理註銷。</div>\n'
            if revoking
            else ""
        )
        body = f"""{hint}<form method="GET" action="/certificates">{hidden}
<div class="form-label-group"><input type="search" id="domain" name="domain" class="form-control" value="{esc(query["domain"])}"
 placeholder="如 www.abc.com.tw (大小寫需一致)"><label for="domain">網站名稱</label></div>
<button type="submit" class="btn btn-primary btn-block mb-4">搜尋</button></form>
"""
        if query["domain"].strip():
            found = self.found(query["domain"])
            number = int(query["page"]) if query["page"].isdigit() else 1
            first = (number - 1) * self.per_page
            items = "".join(self.item(record) for record in found[first : first + self.per_page])
            if not found:
                items = '<div class="list-group-item text-muted">找不到符合的憑證</div>\n'
            body += f'<div class="list-group">\n{items}</div>\n'
            pages = -(-len(found) // self.per_page)
            if pages > 1:
                body += self.links(query, number, pages)
        return self.view(request, "憑證廢止" if revoking else "憑證搜尋", body)

    @staticmethod
    def links(query: Form, current: int, pages: int) -> str:
        def link(number, label, rel=""):
            address = esc("/certificates?" + urllib.parse.urlencode({**query, "page": number}))
            return f'<li class="page-item"><a class="page-link" href="{address}"{rel}>{label}</a></li>\n'

        previous = '<li class="page-item disabled"><span class="page-link">&lsaquo;</span></li>\n'
        following = '<li class="page-item disabled"><span class="page-link">&rsaquo;</span></li>\n'
        if current > 1:
            previous = link(current - 1, "&lsaquo;", ' rel="prev" aria-label="上一頁"')
        if current < pages:
            following = link(current + 1, "&rsaquo;", ' rel="next" aria-label="下一頁"')
        middle = "".join(
            f'<li class="page-item active"><span class="page-link">{number}</span></li>\n'
            if number == current
            else link(number, str(number))
            for number in range(1, pages + 1)
        )
        return f'<ul class="pagination mt-3" role="navigation">\n{previous}{middle}{following}</ul>\n'

    def item(self, record: Record) -> str:
        label, colour = STATES[record.status]
        until = f"到期日 {record.end:%Y-%m-%d}" if record.leaf else "尚未核發"
        return (
            f'<a href="/certificates/{self.position(record) + 1}" class="list-group-item list-group-item-action d-flex justify-content-between"><span>'
            f'{esc(record.name)}<br><small class="text-muted">{until}</small></span><span class="badge badge-{colour} badge-pill">{label}</span></a>\n'
        )

    @at("/certificates/{id}")
    def details(self, request: Request):
        if wrong := self.forged(request):
            return wrong
        record = self.record(request)
        if record is None:
            return self.missing()
        if request.method == "POST" and request.form["_method"] == "DELETE":
            return self.revoke(request, record)
        errors, _old = self.leftovers(request)
        label, colour = STATES[record.status]
        rows = [("一般名稱", esc(record.name)), ("憑證狀態", f'<span class="badge badge-{colour}">{label}</span>')]
        if record.leaf:
            rows += [
                ("有效期限", f"{record.start:%Y-%m-%d %H:%M:%S} 至 {record.end:%Y-%m-%d %H:%M:%S}"),
                ("憑證等級", "TWCA Secure SSL"),
                ("憑證序號", f'{record.serial} <small class="text-muted">(0x{record.serial:X})</small>'),
            ]
        if record.remark:
            rows.append(("退件原因", esc(record.remark)))
        shown = "".join(
            f'<dt class="col-sm-3">{name}</dt>\n<dd class="col-sm-9">{value}</dd>\n' for name, value in rows
        )
        actions = ""
        number = self.position(record) + 1
        if record.leaf:
            actions += f"""<div class="dropdown mb-2"><button class="btn btn-primary btn-block dropdown-toggle"
 type="button" data-toggle="dropdown">下載憑證</button>
<div class="dropdown-menu"><a class="dropdown-item" href="/certificates/{number}/download?format=pem">PEM 格式 (.crt)</a><a class="dropdown-item"
 href="/certificates/{number}/download?format=der">DER 格式 (.cer)</a></div></div>
"""
        if record.status == "valid":
            reasons = "".join(
                f'<div class="custom-control custom-radio"><input type="radio" class="custom-control-input" id="reason{code}" name="reason" value="{code}"'
                f'{" checked" if code == "0" else ""}><label class="custom-control-label" for="reason{code}">{text}</label></div>\n'
                for code, text in REASONS.items()
            )
            inner = f"""<div class="modal-header"><h5 class="modal-title">註銷憑證</h5></div><div class="modal-body">
<p>註銷原因</p>{reasons}{self.floating("passphrase", "通行密碼", "申請時設定的通行密碼", "", errors.get("passphrase", ""), "password")}</div>
<div class="modal-footer"><button type="button" class="btn btn-secondary" data-dismiss="modal">取消</button><button type="submit"
 class="btn btn-danger">確認註銷</button></div>"""
            actions += f"""<a class="btn btn-outline-primary btn-block mb-2" href="/certificates/{number}/renew">更新憑證</a>
<button type="button" class="btn btn-outline-danger btn-block" data-toggle="modal" data-target="#revoke">註銷憑證</button>
<div class="modal fade" id="revoke" tabindex="-1" role="dialog"><div class="modal-dialog" role="document"><div class="modal-content">
{self.form(request, f"/certificates/{number}", inner, "DELETE")}</div></div></div>
"""
        return self.view(
            request,
            "憑證詳細資料",
            f'<div class="card mb-3"><div class="card-body"><dl class="row">\n{shown}</dl></div></div>\n{actions}',
        )

    def revoke(self, request: Request, record: Record):
        here = f"/certificates/{self.position(record) + 1}"
        if record.status != "valid":
            return self.told(request, here, "此憑證無法註銷。", "danger")
        if request.form["passphrase"] != record.passphrase:
            return self.back(request, here, {"passphrase": "通行密碼錯誤。"}, "通行密碼錯誤。")
        self.revocations.append({"name": record.name, "index": request.index})
        return self.told(
            request, here, "已接受您的憑證註銷申請,請將用戶註銷憑證申請單押蓋公司大小章後傳真至 (02)23700728。"
        )

    @at("/certificates/{id}/download")
    def download(self, request: Request):
        record = self.record(request)
        if record is None or not record.leaf:
            return self.missing()
        if request.query["format"] == "der":
            return self.attachment(pki_factory.der(record.leaf), f"{record.name}.cer", "application/pkix-cert")
        return self.attachment(pki_factory.pem(record.leaf).encode(), f"{record.name}.crt", "application/x-pem-file")

    # Renewing

    @at("/certificates/{id}/renew")
    def renew(self, request: Request):
        if wrong := self.forged(request):
            return wrong
        record = self.record(request)
        if record is None or record.status != "valid":
            return self.missing()
        if request.method == "POST":
            return self.renewing(request, record)
        errors, old = self.leftovers(request)
        body = (
            self.floating(
                "csr",
                "新的憑證申請檔 (CSR)",
                "-----BEGIN NEW CERTIFICATE REQUEST-----",
                old["csr"],
                errors.get("csr", ""),
                "textarea",
            )
            + self.floating(
                "passphrase", "通行密碼", "首次申請時所設定之通行密碼", "", errors.get("passphrase", ""), "password"
            )
            + '<div class="d-flex"><button type="reset" class="btn btn-link">重設</button>'
            '<button type="submit" class="btn btn-primary flex-fill">繼續</button></div>'
        )
        lead = f"<p>更新 <strong>{esc(record.name)}</strong> 的憑證,請採用 NEW 方式產製 CSR。</p>\n"
        return self.view(request, "更新憑證", self.progress("renew", 1) + lead + self.form(request, request.path, body))

    def renewing(self, request: Request, record: Record):
        form = request.form
        errors = {}
        if complaint := self.csr_complaint(form["csr"]):
            errors["csr"] = complaint
        if form["passphrase"] != record.passphrase:
            errors["passphrase"] = "通行密碼錯誤。"
        if errors:
            return self.back(request, request.path, errors)
        codes = {kept: code for code, (_shown, kept) in COUNTIES.items()}
        values = {}
        for who in PERSONS:
            for field in INPUTS:
                kept = record.contacts[who][field]
                values[name_of(who, field)] = codes.get(kept, "") if field == "city" else kept
        request.session["wizard"] = {
            "kind": "renew",
            "csr": form["csr"],
            "passphrase": form["passphrase"],
            "values": values,
        }
        return self.redirect("/order/contacts")

    # Downloads

    @at("/pro_sslser.asp")
    def moved(self, request: Request):
        return self.redirect("/downloads", 301)

    @at("/downloads")
    def downloads(self, request: Request):
        authority = pki_factory.authority()
        total = len([*authority.chain, authority.root.certificate])
        names = ["TWCA Secure SSL CA", "TWCA CYBER Root CA", "TWCA Global Root CA"][:total]
        items = "".join(
            f'<li class="list-group-item d-flex justify-content-between">{name} <span><span class="badge badge-info">'
            f'{"根憑證" if number == total else "中繼憑證"}</span> <a href="/downloads/ca/{number}" download>下載</a></span></li>\n'
            for number, name in enumerate(names, 1)
        )
        return self.view(
            request,
            "下載中心",
            f"""<div class="card mb-3"><div class="card-header">中繼憑證與根憑證</div><ul class="list-group list-group-flush">
{items}</ul></div>
<div class="card"><div class="card-header">申請文件</div><ul class="list-group list-group-flush">
<li class="list-group-item"><a href="/files/ssl-apply.pdf">SSL 伺服器數位憑證憑證申請單</a></li>
<li class="list-group-item"><a href="/files/ssl-revoke.pdf">SSL 伺服器數位憑證用戶註銷憑證申請單</a></li>
<li class="list-group-item"><a href="/files/domain.pdf">網域名稱使用授權書</a></li></ul></div>""",
        )

    @at("/downloads/ca/{id}")
    def authority(self, request: Request):
        authority = pki_factory.authority()
        certificates = [*authority.chain, authority.root.certificate]
        number = int(request.path.rpartition("/")[2])
        if not 0 < number <= len(certificates):
            return self.missing()
        return self.attachment(
            pki_factory.pem(certificates[number - 1]).encode(), f"ca{number}.crt", "application/x-x509-ca-cert"
        )
