# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASP.NET MVC 5 with Bootstrap 3: a wizard at one address with its step and state hidden, anti-forgery tokens, decoy forms at the side."""

from __future__ import annotations

import secrets

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from stranger_office import FIELDS, PERSONS, Office, Order, Request, at, esc, gather, subject

NAMES = dict(
    zip(
        FIELDS,
        "FullName JobTitle CompanyName UnifiedNumber CityCode Address ZipCode Telephone FaxNumber EmailAddress".split(),
    )
)
# By the letters of identity cards, as the household offices have them
REGIONS = {
    "北部": {"A": "臺北市", "F": "新北市", "C": "基隆市", "H": "桃園市", "O": "新竹市", "J": "新竹縣", "G": "宜蘭縣"},
    "中部": {"K": "苗栗縣", "B": "臺中市", "N": "彰化縣", "M": "南投縣", "P": "雲林縣"},
    "南部": {"I": "嘉義市", "Q": "嘉義縣", "D": "臺南市", "E": "高雄市", "T": "屏東縣"},
    "東部及離島": {"U": "花蓮縣", "V": "臺東縣", "X": "澎湖縣", "W": "金門縣", "Z": "連江縣"},
}
CITIES = {code: name for region in REGIONS.values() for code, name in region.items()}
SOFTWARE = {
    "10": "Microsoft IIS 7.x / 8.x",
    "11": "Microsoft Exchange",
    "20": "Apache HTTP Server",
    "21": "Apache Tomcat",
    "30": "Nginx",
    "40": "Oracle WebLogic",
    "50": "IBM WebSphere",
    "99": "其他",
}
PAYMENTS = {"Cheque": "支票", "Remit": "銀行匯款", "Atm": "ATM 轉帳", "Postal": "郵政劃撥"}
STATES = {
    "valid": ("success", "有效"),
    "pending": ("info", "處理中"),
    "rejected": ("danger", "未通過"),
    "revoked": ("default", "已廢止"),
    "expired": ("warning", "已逾期"),
}
TITLES = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
PREFIXES = {"technical": "Technical", "business": "Business", "billing": "Billing"}
NOTES = {
    "technical": "可以是您的網站管理者,或是您網路服務業者的技術支援人員。此人必須擁有存取您網頁伺服器的權利。",
    "business": "可以是 貴公司的決策者或是高階經理人,且必須為 貴公司組織內之一份子。業務聯絡人與技術聯絡人應由不同人員擔任。",
    "billing": "可以是 貴公司會計或是財務主管。",
}
SAME = {"0": "兩者皆否", "1": "與技術聯絡人相同", "2": "與業務聯絡人相同"}
PAGE_SIZE = 10
COOKIE = "__RequestVerificationToken"


class MvcBootstrap(Office):
    def __init__(self):
        super().__init__()
        self.states: dict[str, dict] = {}
        self.cookies = ""

    def answer(self, method, target, body, headers):
        self.cookies = headers.get("Cookie", "")
        return super().answer(method, target, body, headers)

    # Layout

    def show(self, request, title, body, *, trail=(), status=200):
        token = self.token(request)
        crumbs = "".join(f'<li><a href="{target}">{label}</a></li>' for target, label in (("/", "首頁"), *trail))
        return self.page(
            f"""<!DOCTYPE html>
<html lang="zh-Hant-TW">
<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1.0">
    <title>{title} - 臺灣網路認證</title>
    <link href="/Content/css?v=6JKhBSDlsSMm8xNYiy4" rel="stylesheet"/>
    <script src="/bundles/modernizr?v=inCVuEFe6J4Q07A0AcRsbJic_UE5MwpRMNGcOtk94TE1"></script>
</head>
<body>
    <div class="navbar navbar-inverse navbar-fixed-top">
        <div class="container">
            <div class="navbar-header"><button type="button" class="navbar-toggle" data-toggle="collapse" data-target=".navbar-collapse"><span
                class="icon-bar"></span></button><a class="navbar-brand" href="/">TWCA</a></div>
            <div class="navbar-collapse collapse">
                <ul class="nav navbar-nav">
                    <li><a href="/Home/About">關於我們</a></li>
                    <li class="dropdown"><a href="#" class="dropdown-toggle" data-toggle="dropdown">客服專區 <b class="caret"></b></a>
                        <ul class="dropdown-menu">
                            <li><a href="/SSL">SSL 伺服器憑證</a></li>
                            <li><a href="/Home/About">程式碼簽章憑證</a></li>
                            <li class="divider"></li>
                            <li><a href="/Home/Contact">聯絡客服</a></li>
                        </ul></li>
                </ul>
                <form class="navbar-form navbar-right" action="/Home/Search" method="get"><div class="form-group"><input type="text" class="form-control"
                    name="q" placeholder="站內搜尋"></div> <button type="submit" class="btn btn-default"><span class="glyphicon glyphicon-search"></span><span
                    class="sr-only">搜尋</span></button></form>
            </div>
        </div>
    </div>
    <div class="container body-content">
        <ol class="breadcrumb">{crumbs}<li class="active">{title}</li></ol>
        <div class="row">
            <div class="col-md-3 col-md-push-0">
                <div class="panel panel-default">
                    <div class="panel-heading"><h3 class="panel-title">會員登入</h3></div>
                    <div class="panel-body">
                        <form action="/Account/Login" method="post" role="form">{token}
                            <div class="form-group"><label for="UserName">帳號</label><input class="form-control" id="UserName" name="UserName" type="text"
                                value="" /></div>
                            <div class="form-group"><label for="Password">密碼</label><input class="form-control" id="Password" name="Password"
                                type="password" /></div>
                            <button type="submit" class="btn btn-primary btn-block">登入</button>
                        </form>
                    </div>
                </div>
                <div class="panel panel-default">
                    <div class="panel-heading"><h3 class="panel-title">訂閱電子報</h3></div>
                    <div class="panel-body"><form action="/Newsletter/Subscribe" method="post">{token}<div class="input-group"><input type="email"
                        class="form-control" name="Email" placeholder="電子郵件"><span class="input-group-btn"><button class="btn btn-default"
                        type="submit">訂閱</button></span></div></form></div>
                </div>
            </div>
            <div class="col-md-9">
                <div class="page-header"><h1>{title}</h1></div>
                {body}
            </div>
        </div>
        <hr />
        <footer><p>&copy; 2015 - 臺灣網路認證股份有限公司 客服專線:(02)2370-8886</p></footer>
    </div>
    <script src="/bundles/jquery?v=FVs3ACwOLIVInrAl5sdzR2jrCDmVOWFbZMY6g6Q0ulE1"></script>
</body>
</html>""",
            status,
            Set_Cookie=f"{COOKIE}={request.session['forgery']}; path=/; HttpOnly",
        )

    def token(self, request):
        """The field; the cookie that goes with it is another half."""
        cookie = request.session.setdefault("forgery", secrets.token_urlsafe(16))
        return f'<input name="{COOKIE}" type="hidden" value="{cookie[::-1]}" />'

    def forged(self, request):
        cookie = self.cookies.partition(f"{COOKIE}=")[2].partition(";")[0]
        if cookie and request.form[COOKIE] == cookie[::-1]:
            return None
        return self.page(
            "<html><head><title>必要的防偽權杖未提供或無效。</title></head><body><h1>'/' 應用程式中發生伺服器錯誤。</h1><h2><i>必要的防偽權杖未提供或無效。</i></h2></body></html>",
            500,
        )

    @staticmethod
    def summary(errors):
        if not errors:
            return '<div class="validation-summary-valid text-danger" data-valmsg-summary="true"><ul><li style="display:none"></li></ul></div>'
        lines = "".join(f"<li>{error}</li>" for error in errors)
        return f'<div class="validation-summary-errors alert alert-danger" data-valmsg-summary="true"><ul>{lines}</ul></div>'

    @staticmethod
    def group(name, label, control, note="", required=True):
        mark = '<span class="text-danger">*</span> ' if required else ""
        helped = f'<span class="help-block">{note}</span>' if note else ""
        ident = name.replace(".", "_")
        return f"""<div class="form-group">
    <label class="col-sm-3 control-label" for="{ident}">{mark}{label}</label>
    <div class="col-sm-9">{control}{helped}<span class="field-validation-valid text-danger" data-valmsg-for="{name}" data-valmsg-replace="true"></span></div>
</div>
"""

    def text(self, name, label, value="", note="", kind="text", hint=""):
        ident = name.replace(".", "_")
        shown = f' value="{esc(value)}"' if kind != "password" else ""
        holder = f' placeholder="{hint}"' if hint else ""
        control = f'<input class="form-control" data-val="true" data-val-required="{label} 欄位是必要項。" id="{ident}" name="{name}"{holder} type="{kind}"{shown} />'
        return self.group(name, label, control, note)

    # Plain pages

    @at("/", "/Home/About", "/Home/Contact", "/Home/Search", "/Newsletter/Subscribe")
    def home(self, request: Request):
        return self.show(
            request,
            "歡迎光臨",
            """<div class="jumbotron"><p>值得信賴的網路認證機構</p><p><a class="btn btn-primary btn-lg" href="/Home/About">瞭解更多 &raquo;</a></p></div>
<div class="row"><div class="col-md-6"><h2>SSL 伺服器憑證</h2><p>申請、查詢、下載、更新與廢止。</p><p><a class="btn btn-default" href="/SSL">SSL 伺服器憑證 &raquo;</a></p></div>
<div class="col-md-6"><h2>最新消息</h2><ul class="list-unstyled"><li>2015/03/02 系統維護公告</li></ul></div></div>""",
        )

    @at("/Account/Login")
    def login(self, request: Request):
        return self.show(request, "會員登入", self.summary(["帳號或密碼錯誤。"]))

    @at("/SSL", "/SSL/", "/SSL/Index")
    def ssl(self, request: Request):
        items = (
            ("/SSL/Guide", "憑證申請", "首次申請或增購憑證"),
            ("/SSL/Query", "憑證搜尋", "查詢憑證狀態、下載憑證、更新(展期)憑證"),
            ("/SSL/Revoke", "憑證廢止", "註銷憑證線上作業"),
            ("/SSL/CaCertificates", "中繼憑證與根憑證下載", ""),
        )
        lines = "".join(
            f'<a href="{target}" class="list-group-item"><h4 class="list-group-item-heading">{label}</h4><p class="list-group-item-text">{note}</p></a>'
            for target, label, note in items
        )
        return self.show(request, "SSL 伺服器憑證", f'<div class="list-group">{lines}</div>')

    @at("/SSL/Guide")
    def guide(self, request: Request):
        return self.show(
            request,
            "憑證申請",
            """<div class="well">請依下列步驟辦理:</div><ol>
<li><a href="/Files/Apply.pdf">步驟 1 填寫憑證申請單</a></li><li><a href="/Files/Csr.pdf">步驟 2 產生憑證申請檔(CSR)</a></li><li>步驟 3 傳真申請單至 (02)2370-0728</li>
<li><a href="/SSL/Apply">步驟 4 傳送憑證申請檔與線上填寫註冊資料</a></li></ol>""",
            trail=[("/SSL", "SSL 伺服器憑證")],
        )

    # The wizard, of applications and renewals alike

    def wizard(self, request, state, step, body, errors=(), *, back=True, button="下一步", style="primary"):
        """One step. The state stays here, under a name that the form carries."""
        name = next((key for key, value in self.states.items() if value is state), None) or secrets.token_urlsafe(48)
        self.states[name] = state
        action = "/SSL/Apply" if state["kind"] == "apply" else f"/SSL/Renew?id={state['id']}"
        labels = (
            ("憑證申請檔", "註冊資料", "付款與確認") if state["kind"] == "apply" else ("驗證", "聯絡人", "付款與確認")
        )
        tabs = "".join(
            f'<li class="{"active" if number == step else "disabled"}"><a href="#">{number}. {label}</a></li>'
            for number, label in enumerate(labels, 1)
        )
        previous = (
            '<button type="submit" name="command" value="Previous" class="btn btn-default cancel" formnovalidate>上一步</button>\n        '
            if back
            else ""
        )
        return self.show(
            request,
            "線上填寫註冊資料" if state["kind"] == "apply" else "更新憑證",
            f"""<ul class="nav nav-pills nav-justified">{tabs}</ul>
<form action="{action}" class="form-horizontal" method="post" novalidate="novalidate" role="form">{self.token(request)}
<input data-val="true" data-val-number="欄位 Step 必須是數字。" id="Step" name="Step" type="hidden" value="{step}" />
<input id="WizardState" name="WizardState" type="hidden" value="{name}" />
{self.summary(errors)}
{body}
<div class="form-group">
    <div class="col-sm-offset-3 col-sm-9">
        {previous}<button type="submit" name="command" value="Next" class="btn btn-{style}">{button}</button>
    </div>
</div>
</form>""",
            trail=[("/SSL", "SSL 伺服器憑證"), ("/SSL/Guide", "憑證申請")],
        )

    def area(self):
        return self.group(
            "CsrContent",
            "憑證申請檔 (CSR)",
            '<textarea class="form-control" cols="20" data-val="true" data-val-required="請貼上 CSR" id="CsrContent" name="CsrContent" rows="12"></textarea>',
            "請包含 -----BEGIN NEW CERTIFICATE REQUEST----- 與 -----END NEW CERTIFICATE REQUEST----- 宣告文字。",
        )

    def first(self, request, state, errors=()):
        if state["kind"] == "apply":
            return self.wizard(request, state, 1, self.area(), errors, back=False, button="確定")
        body = self.area() + self.text(
            "PassPhrase", "通行密碼", note="首次申請時所設定之通行密碼,注意文字大小寫。", kind="password"
        )
        return self.wizard(
            request,
            state,
            1,
            body + '<p class="text-right"><input type="reset" class="btn btn-link" value="重設" /></p>',
            errors,
            back=False,
            button="繼續",
        )

    def second(self, request, state, errors=()):
        body = self.inspection(state) if state["kind"] == "apply" else ""
        body += "".join(self.panel(state, person) for person in PERSONS)
        body += """<div class="form-group"><div class="col-sm-offset-3 col-sm-9"><div class="checkbox"><label><input id="Subscribe" name="Subscribe"
type="checkbox" value="true" /><input name="Subscribe" type="hidden" value="false" /> 我願意收到 TWCA 電子報</label></div></div></div>"""
        return self.wizard(request, state, 2, body, errors)

    def inspection(self, state):
        parts = subject(state["csr"])
        rows = "".join(
            f'<div class="form-group"><label class="col-sm-3 control-label">{label}</label><div class="col-sm-9"><p class="form-control-static">{esc(parts[key])}</p></div></div>\n'
            for label, key in (
                ("一般名稱", "CN"),
                ("組織", "O"),
                ("組織單位", "OU"),
                ("城市/位置", "L"),
                ("州/省", "ST"),
                ("國別", "C"),
                ("安全強度 (bits)", "bits"),
            )
        )
        chosen = state.get("vendor", "")
        options = "".join(
            f'<option{" selected=" + chr(34) + "selected" + chr(34) if key == chosen else ""} value="{key}">{name}</option>'
            for key, name in SOFTWARE.items()
        )
        vendor = self.group(
            "ServerVendorId",
            "伺服器軟體廠商",
            f'<select class="form-control" data-val="true" id="ServerVendorId" name="ServerVendorId"><option value="">請選擇</option>{options}</select>',
            "如果不在清單中,請選擇其他。",
        )
        return f"""<div class="panel panel-default"><div class="panel-heading">檢查 CSR 內容</div><div class="panel-body">{rows}</div></div>
<div class="panel panel-default"><div class="panel-heading">伺服器資訊</div><div class="panel-body">{vendor}
{self.text("PassPhrase", "設定通行密碼", note="至少六碼。日後要變更聯絡人資料、更新或註銷憑證時需填入此密碼。", kind="password")}
{self.text("ConfirmPassPhrase", "確認通行密碼", note="請再輸入一次密碼以確認。", kind="password")}</div></div>"""

    def panel(self, state, person):
        filled = state["contacts"].get(person, {})
        prefix = PREFIXES[person]

        def row(field, label, **options):
            return self.text(f"{prefix}.{NAMES[field]}", label, filled.get(field, ""), **options)

        regions = ""
        for region, cities in REGIONS.items():
            options = "".join(
                f'<option{" selected" if name.replace("臺", "台") == filled.get("city") else ""} value="{code}">{name}</option>'
                for code, name in cities.items()
            )
            regions += f'<optgroup label="{region}">{options}</optgroup>'
        city = self.group(
            f"{prefix}.CityCode",
            "縣市",
            f'<select class="form-control" id="{prefix}_CityCode" name="{prefix}.CityCode"><option value="">請選擇縣市</option>{regions}</select>',
        )
        same = ""
        if person == "billing" and state["kind"] == "renew":
            options = "".join(f'<option value="{key}">{label}</option>' for key, label in SAME.items())
            same = self.group(
                "BillingSameAs",
                "套用聯絡人",
                f'<select class="form-control" id="BillingSameAs" name="BillingSameAs">{options}</select>',
                "選擇「相同」時,下列欄位免填。",
                required=False,
            )
        return f"""<div class="panel panel-info" id="panel{prefix}"><div class="panel-heading"><h3 class="panel-title">{TITLES[person]}資訊</h3></div>
<div class="panel-body"><p class="text-muted">{NOTES[person]}</p>
{same}{row("name", "姓名")}{row("title", "職稱")}{row("company", "公司名稱")}
{row("tax_id", "公司統一編號", hint="8 碼數字") if person != "billing" else ""}{city}{row("address", "通訊地址", hint="延平南路85號10樓")}{row("postal_code", "郵遞區號")}
{row("phone", "聯絡電話", note="格式:(02)23708886#9")}{row("fax", "傳真號碼")}{row("email", "電子郵件地址", kind="email")}</div></div>"""

    def third(self, request, state, errors=()):
        radios = "".join(
            f'<label class="radio-inline"><input id="PaymentMethod_{key}" name="PaymentMethod" type="radio" value="{key}" /> {name}</label>'
            for key, name in PAYMENTS.items()
        )
        rows = "".join(
            f"<tr><th>{TITLES[person]}</th><td>{esc(contact['name'])}</td><td>{esc(contact['company'])}</td><td>{esc(contact['email'])}</td></tr>"
            for person, contact in state["contacts"].items()
        )
        body = f"""<table class="table table-condensed table-bordered"><caption>聯絡人摘要</caption><thead><tr><th></th><th>姓名</th><th>公司名稱</th><th>電子郵件地址</th></tr></thead>
<tbody>{rows}</tbody></table>
<div class="form-group"><label class="col-sm-3 control-label"><span class="text-danger">*</span> 付款方式</label><div class="col-sm-9">{radios}</div></div>"""
        return self.wizard(request, state, 3, body, errors, button="確認送出", style="success")

    def pages(self, request, step, state, errors=()):
        return (self.first, self.second, self.third)[step - 1](request, state, errors)

    @at("/SSL/Apply")
    def apply(self, request: Request):
        if request.method == "GET":
            return self.first(request, {"kind": "apply", "contacts": {}})
        return self.forged(request) or self.advance(request)

    @at("/SSL/Renew")
    def renew(self, request: Request):
        if request.method == "GET":
            record = self.records[int(request.query["id"])]
            contacts = {person: dict(contact) for person, contact in record.contacts.items()}
            return self.first(request, {"kind": "renew", "id": request.query["id"], "contacts": contacts})
        return self.forged(request) or self.advance(request)

    def advance(self, request):
        form = request.form
        state = self.states.get(form["WizardState"])
        if state is None:
            return self.redirect("/SSL/Guide")
        step = int(form["Step"])
        if form["command"] == "Previous":
            return self.pages(request, max(step - 1, 1), state)
        errors = (self.leave_first, self.leave_second, self.leave_third)[step - 1](request, state)
        if errors or step < 3:
            return self.pages(request, step + (not errors), state, errors)
        self.orders.append(
            Order(
                state["kind"],
                request.index,
                state["csr"],
                SOFTWARE.get(state.get("vendor", ""), ""),
                state["passphrase"],
                PAYMENTS[form["PaymentMethod"]],
                contacts=state["contacts"],
            )
        )
        del self.states[form["WizardState"]]
        request.session["number"] = f"S2015{len(self.orders):07}"
        return self.redirect("/SSL/Complete")

    def leave_first(self, request, state):
        if complaint := self.csr_complaint(request.form["CsrContent"]):
            return [complaint]
        if state["kind"] == "renew":
            if request.form["PassPhrase"] != self.records[int(state["id"])].passphrase:
                return ["通行密碼不正確。"]
            state["passphrase"] = request.form["PassPhrase"]
        state["csr"] = request.form["CsrContent"]
        return []

    def leave_second(self, request, state):
        form = request.form
        errors = []
        if state["kind"] == "apply":
            state["vendor"] = form["ServerVendorId"]
            state["passphrase"] = form["PassPhrase"]
            if state["vendor"] not in SOFTWARE:
                errors.append("伺服器軟體廠商 欄位是必要項。")
            if len(form["PassPhrase"]) < 6:
                errors.append("通行密碼 至少六碼。")
            elif form["PassPhrase"] != form["ConfirmPassPhrase"]:
                errors.append("通行密碼與確認通行密碼不相符。")
        contacts = {person: gather(form, f"{PREFIXES[person]}.", NAMES) for person in PERSONS}
        for contact in contacts.values():
            contact["city"] = CITIES.get(contact["city"], "").replace("臺", "台")
        if form["BillingSameAs"] in ("1", "2"):
            contacts["billing"] = contacts[{"1": "technical", "2": "business"}[form["BillingSameAs"]]]
        state["contacts"] = contacts
        for person, contact in contacts.items():
            if complaint := self.contact_complaint(contact, tax_id=person != "billing"):
                errors.append(f"{TITLES[person]}:{complaint}")
        return errors

    def leave_third(self, request, state):
        return [] if request.form["PaymentMethod"] in PAYMENTS else ["請選擇付款方式。"]

    @at("/SSL/Complete")
    def complete(self, request: Request):
        number = request.session.pop("number", "")
        if not number:
            return self.redirect("/SSL")
        return self.show(
            request,
            "傳送完成",
            f"""<div class="alert alert-success"><strong>作業成功!</strong> 傳送憑證請求檔成功,等待 CA 公司簽發憑證。</div>
<p>案件編號:<strong>{number}</strong></p>
<p>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件通知您下載憑證事宜。作業時間約需二個工作天。</p>""",
            trail=[("/SSL", "SSL 伺服器憑證")],
        )

    # Search and download

    @at("/SSL/Query")
    def query(self, request: Request):
        name = request.query["DomainName"]
        listing = ""
        if "DomainName" in request.query:
            listing = self.listing(name, int(request.query["page"] or 1))
        return self.show(
            request,
            "憑證搜尋",
            f"""<form action="/SSL/Query" class="form-horizontal" method="get">{self.text("DomainName", "網站名稱", name, note="如 www.abc.com.tw,大小寫需一致。")}
<div class="form-group"><div class="col-sm-offset-3 col-sm-9"><button type="submit" class="btn btn-primary"><span class="glyphicon glyphicon-search"></span> 搜尋</button></div></div></form>
{listing}""",
            trail=[("/SSL", "SSL 伺服器憑證")],
        )

    def listing(self, name, page):
        found = self.found(name)
        if not found:
            return '<div class="alert alert-warning">查無符合條件的資料。</div>'
        count = -(-len(found) // PAGE_SIZE)
        rows = ""
        for record in found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
            color, label = STATES[record.status]
            term = f"{record.start:%Y/%m/%d} ~ {record.end:%Y/%m/%d}" if record.leaf else "-"
            rows += f"""<tr><td>{esc(record.name)}</td><td>{record.serial or "-"}</td><td><span class="label label-{color}">{label}</span></td><td>{term}</td>
<td><a class="btn btn-xs btn-default" href="/SSL/Detail?id={self.position(record)}">檢視</a></td></tr>"""
        pager = "".join(
            f'<li{" class=active" if number == page else ""}><a href="/SSL/Query?DomainName={esc(name)}&amp;page={number}">{number}</a></li>'
            for number in range(1, count + 1)
        )
        return f"""<p>共 {len(found)} 筆資料</p><div class="table-responsive"><table class="table table-striped table-hover"><thead><tr><th>一般名稱</th><th>憑證序號</th>
<th>憑證狀態</th><th>有效期限</th><th>功能</th></tr></thead><tbody>{rows}</tbody></table></div><ul class="pagination"><li class="disabled"><a>&laquo;</a></li>{pager}<li
class="disabled"><a>&raquo;</a></li></ul>"""

    @at("/SSL/Detail")
    def detail(self, request: Request):
        record = self.records[int(request.query["id"])]
        color, label = STATES[record.status]
        lines = [("一般名稱", esc(record.name)), ("憑證狀態", f'<span class="label label-{color}">{label}</span>')]
        buttons = ""
        if record.leaf:
            lines += [
                ("有效期限(起)", f"{record.start:%Y/%m/%d %H:%M:%S}"),
                ("有效期限(迄)", f"{record.end:%Y/%m/%d %H:%M:%S}"),
                ("憑證等級", "OV SSL"),
                ("憑證內容", f"C=TW, ST=TAIWAN, L=TAIPEI, O=Example Ltd., CN={esc(record.name)}"),
                ("憑證序號", str(record.serial)),
                ("憑證擁有者", "Example Ltd."),
            ]
        else:
            lines.append(("案件編號", record.number))
        if record.remark:
            lines.append(("未通過原因", record.remark))
        if record.status == "valid":
            ident = self.position(record)
            buttons = f"""<a class="btn btn-success" href="/SSL/Download?id={ident}"><span class="glyphicon glyphicon-download-alt"></span> 下載憑證</a>
<a class="btn btn-primary" href="/SSL/Renew?id={ident}">更新憑證</a>"""
        rows = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in lines)
        return self.show(
            request,
            "憑證詳細資料",
            f'<dl class="dl-horizontal">{rows}</dl><p>{buttons} <a class="btn btn-link" href="/SSL/Query">回查詢頁</a></p>',
            trail=[("/SSL", "SSL 伺服器憑證"), ("/SSL/Query", "憑證搜尋")],
        )

    @at("/SSL/Download")
    def download(self, request: Request):
        leaf = self.records[int(request.query["id"])].leaf
        return self.attachment(leaf.public_bytes(Encoding.PEM), "ServerCert.cer", "application/pkix-cert")

    # Revocation

    @at("/SSL/Revoke")
    def revoke(self, request: Request):
        errors = []
        if request.method == "POST":
            if refusal := self.forged(request):
                return refusal
            found = self.found(request.form["DomainName"])
            if any(record.status == "valid" for record in found):
                return self.choose(request, found)
            errors = ["查無可廢止之憑證,請確認網站名稱大小寫是否一致。"]
        return self.show(
            request,
            "憑證廢止",
            f"""<form action="/SSL/Revoke" class="form-horizontal" method="post">{self.token(request)}{self.summary(errors)}
{self.text("DomainName", "網站名稱", note="當初所申請的憑證之網站名稱,如 www.abc.com.tw,大小寫需一致。")}
<div class="form-group"><div class="col-sm-offset-3 col-sm-9"><input type="submit" class="btn btn-primary" value="下一步" /></div></div></form>""",
            trail=[("/SSL", "SSL 伺服器憑證")],
        )

    def choose(self, request, found):
        rows = ""
        for record in found:
            usable = record.status == "valid"
            rows += f"""<tr><td><input type="radio" name="SerialNumber" value="{record.serial or ""}"{" checked" if usable else " disabled"} /></td>
<td>{esc(record.name)}</td><td>{record.serial or "-"}</td><td>{STATES[record.status][1]}</td></tr>"""
        return self.show(
            request,
            "確認廢止",
            f"""<div class="alert alert-danger">憑證廢止後無法回復,請確認。</div>
<form action="/SSL/RevokeConfirm" class="form-horizontal" method="post">{self.token(request)}
<table class="table"><thead><tr><th>選取</th><th>一般名稱</th><th>憑證序號</th><th>憑證狀態</th></tr></thead><tbody>{
                rows
            }</tbody></table>
{
                self.group(
                    "Reason",
                    "廢止原因",
                    '<select class="form-control" id="Reason" name="Reason"><option value="0">未指定</option><option value="1">金鑰遺失或外洩</option>'
                    '<option value="4">憑證已更換</option><option value="5">停止營運</option></select>',
                    required=False,
                )
            }<div class="form-group"><div class="col-sm-offset-3 col-sm-9"><a class="btn btn-default" href="/SSL/Revoke">取消</a> <button
type="submit" class="btn btn-danger">確認廢止</button></div></div></form>""",
            trail=[("/SSL", "SSL 伺服器憑證"), ("/SSL/Revoke", "憑證廢止")],
        )

    @at("/SSL/RevokeConfirm")
    def revoke_confirm(self, request: Request):
        if refusal := self.forged(request):
            return refusal
        record = self.by_serial(request.form["SerialNumber"])
        self.revocations.append({"name": record.name, "index": request.index})
        request.session["revoked"] = record.name
        return self.redirect("/SSL/RevokeResult")

    @at("/SSL/RevokeResult")
    def revoked(self, request: Request):
        name = request.session.pop("revoked", "")
        if not name:
            return self.redirect("/SSL/Revoke")
        return self.show(
            request,
            "廢止申請已受理",
            f"""<div class="alert alert-success">{esc(name)} 之憑證廢止申請已受理。</div><p>請列印用戶註銷憑證申請單,押蓋公司大小章後傳真 (02)2370-0728 辦理,由 TWCA 認證中心予以確認。</p>""",
            trail=[("/SSL", "SSL 伺服器憑證")],
        )

    # The authority's certificates

    @at("/pro_sslser.asp")
    def legacy(self, request: Request):
        return self.redirect("/SSL/CaCertificates", 301)

    @at("/SSL/CaCertificates")
    def authorities(self, request: Request):
        return self.show(
            request,
            "中繼憑證與根憑證下載",
            '<ul class="list-group"><li class="list-group-item">憑證鏈 (PKCS#7) <a class="btn btn-xs btn-success pull-right" href="/SSL/CaChain">下載</a></li></ul>',
            trail=[("/SSL", "SSL 伺服器憑證")],
        )

    @at("/SSL/CaChain")
    def chain(self, request: Request):
        return self.attachment(
            pkcs7.serialize_certificates(pki_factory.authority().chain, Encoding.DER),
            "chain.p7b",
            "application/x-pkcs7-certificates",
        )
