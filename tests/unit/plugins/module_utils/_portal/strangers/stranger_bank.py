# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bank's site of 2022: terms to tick, rows of divs without labels, contacts in tabs, a modal to confirm, states as icons, details apart."""

from __future__ import annotations

import secrets

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding
from stranger_office import PERSONS, Office, Order, Request, at, esc, gather, subject

NAMES = dict(
    zip(
        "name title company tax_id city address postal_code phone fax email".split(),
        "fullName jobTitle companyName unifiedNo county street postCode phone fax mail".split(),
    )
)
LABELS = {
    "name": "姓名",
    "title": "職稱",
    "company": "公司名稱",
    "tax_id": "公司統一編號",
    "address": "通訊地址",
    "postal_code": "郵遞區號",
    "phone": "聯絡電話",
    "fax": "傳真號碼",
    "email": "電子郵件地址",
}
CITIES = (
    "臺北市 新北市 基隆市 桃園市 新竹市 新竹縣 苗栗縣 臺中市 彰化縣 南投縣 雲林縣 "
    "嘉義市 嘉義縣 臺南市 高雄市 屏東縣 宜蘭縣 花蓮縣 臺東縣 澎湖縣 金門縣 連江縣"
).split()
SOFTWARE = {
    "1": "Apache",
    "2": "Apache Tomcat",
    "3": "Nginx",
    "4": "Microsoft IIS",
    "5": "IBM WebSphere",
    "6": "Oracle WebLogic",
    "7": "F5 BIG-IP",
    "99": "其他",
}
PAYMENTS = {"CC": "信用卡", "WT": "銀行匯款", "ATM": "ATM 轉帳", "CK": "支票"}
REASONS = {"1": "私密金鑰遺失或遭破解", "2": "憑證資料異動", "3": "網站停止營運", "4": "已由新憑證取代", "9": "其他"}
STATES = {"valid": "有效", "pending": "審核中", "rejected": "審核未通過", "revoked": "已廢止", "expired": "已到期"}
ICONS = {
    "valid": "check-circle",
    "pending": "hourglass",
    "rejected": "times-circle",
    "revoked": "ban",
    "expired": "clock",
}
TABS = {"technical": ("tech", "技術聯絡人"), "business": ("biz", "業務聯絡人"), "billing": ("acct", "帳務聯絡人")}
SUBJECT = (
    ("一般名稱", "CN"),
    ("組織", "O"),
    ("組織單位", "OU"),
    ("城市/位置", "L"),
    ("州/省", "ST"),
    ("國別", "C"),
    ("適用之安全強度 (bits)", "bits"),
)


def row(label, content, *, needed=False, hint=""):
    star = "<em>*</em>" if needed else ""
    below = (
        f'\n<div class="row"><div class="col label"></div><div class="col form-text">{hint}</div></div>' if hint else ""
    )
    return f'<div class="row"><div class="col label">{label}{star}</div><div class="col">{content}</div></div>{below}\n'


def options(choices, chosen="", blank="請選擇"):
    return f'<option value="">{blank}</option>' + "".join(
        f'<option value="{key}"{" selected" if key == chosen else ""}>{name}</option>' for key, name in choices.items()
    )


class Bank(Office):
    def show(self, title, body, error="", crumbs=("SSL 伺服器憑證",)):
        alert = (
            f'<div class="alert alert-danger" role="alert"><i class="fas fa-exclamation"></i> <span>{error}</span></div>'
            if error
            else ""
        )
        trail = "".join(f'<li class="breadcrumb-item">{crumb}</li>' for crumb in (*crumbs, title))
        return self.page(f"""<!DOCTYPE html>
<html lang="zh-Hant-TW">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}|臺灣網路認證</title>
<link rel="stylesheet" href="/assets/app.css">
<script src="/assets/app.js" defer></script>
</head>
<body>
<header class="navbar">
<a class="navbar-brand" href="/"><img src="/assets/logo.svg" alt="臺灣網路認證"></a>
<nav><ul class="navbar-nav">
<li class="nav-item dropdown"><a class="nav-link" href="/about">關於我們</a></li>
<li class="nav-item dropdown"><a class="nav-link" href="/service">客服專區</a><div class="dropdown-menu"><a class="dropdown-item"
href="/service/ssl">SSL 伺服器憑證</a><a class="dropdown-item" href="/service/faq">常見問題</a></div></li>
</ul></nav>
<form class="site-search" action="/site" method="get" role="search"><input type="search" name="q" placeholder="站內搜尋" aria-label="站內搜尋"><button
type="submit" aria-label="站內搜尋"><i class="fas fa-search"></i></button></form>
</header>
<nav aria-label="breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="/">首頁</a></li>{trail}</ol></nav>
<main class="container">
<h1>{title}</h1>
{alert}
{body}
</main>
<footer><small>Copyright © 2022 臺灣網路認證股份有限公司 客服專線 (02)2370-8886</small></footer>
</body>
</html>
""")

    def form(self, request: Request, action, body, *, buttons, attributes=""):
        token = request.session.setdefault("csrf", secrets.token_urlsafe(16))
        return f"""<form action="{action}" method="post" autocomplete="off" novalidate{attributes}>
<input type="hidden" name="_csrf" value="{token}">
{body}
<div class="btn-group">{buttons}</div>
</form>"""

    def forged(self, request: Request, *needed):
        """A page to show where the request does not continue what the session began."""
        if request.method != "POST" or request.form["_csrf"] != request.session.get("csrf"):
            return self.show("系統訊息", "<p>請重新操作。</p>", "連線逾時")
        if any(name not in request.session for name in needed):
            return self.show("系統訊息", "<p>請依步驟進行操作。</p>", "作業順序錯誤")
        return None

    # Menus

    @at("/")
    def home(self, request: Request):
        return self.show(
            "安全,從信任開始",
            """<section class="hero"><p>網路交易的信賴夥伴</p></section>
<section class="cards"><div class="card"><h2>憑證服務</h2><p>保護您的網站與客戶資料</p><a class="btn btn-outline"
href="/service/ssl">SSL 伺服器憑證</a></div><div class="card"><h2>客服專區</h2><a class="btn btn-outline" href="/service">前往</a></div></section>""",
            crumbs=(),
        )

    @at("/service")
    def service(self, request: Request):
        return self.show(
            "客服專區",
            """<div class="list-group"><a class="list-group-item" href="/service/ssl">SSL 伺服器憑證</a><a class="list-group-item"
href="/service/faq">常見問題</a></div>""",
            crumbs=(),
        )

    @at("/service/ssl")
    def ssl(self, request: Request):
        cards = (
            ("guide", "憑證申請", "首次申請與增購"),
            ("search", "憑證搜尋", "查詢與下載已核發之憑證"),
            ("search?for=renew", "憑證更新", "憑證到期前之展期作業"),
            ("revoke", "憑證廢止", "註銷憑證線上作業"),
            ("chain", "中繼憑證與根憑證下載", "安裝憑證串鏈"),
        )
        return self.show(
            "SSL 伺服器憑證",
            '<div class="cards">'
            + "".join(
                f'<a class="card" href="/service/ssl/{path}"><h3>{name}</h3><p>{text}</p></a>'
                for path, name, text in cards
            )
            + "</div>",
            crumbs=("客服專區",),
        )

    @at("/service/ssl/guide")
    def guide(self, request: Request):
        return self.show(
            "憑證申請",
            """<ol class="steps"><li><span class="step">步驟 1</span> 填寫憑證申請單,並傳真至本公司</li>
<li><span class="step">步驟 2</span> 備妥書面文件</li><li><span class="step">步驟 3</span> 產生憑證申請檔 (CSR)</li>
<li><span class="step">步驟 4</span> <a href="/service/ssl/apply">傳送憑證申請檔與線上填寫註冊資料</a></li></ol>""",
        )

    # Application

    @at("/service/ssl/apply")
    def terms(self, request: Request, error=""):
        return self.show(
            "服務條款",
            self.form(
                request,
                "/service/ssl/apply/terms",
                """<div class="terms" tabindex="0"><p>一、申請人所上傳之相關資訊必須與申請同意書所填內容相符。</p>
<p>二、經本公司審核申請者身分及所上傳之相關資訊皆無誤,方得以核發憑證。</p><p>三、申請人應妥善保管私密金鑰與通行密碼。</p></div>
<div class="form-check"><input class="form-check-input" type="checkbox" name="agree" value="Y"> <span>我已閱讀並同意</span></div>""",
                buttons=(
                    '<a class="btn btn-light" href="/service/ssl">不同意</a>'
                    '<button class="btn btn-primary" type="submit">下一步</button>'
                ),
            ),
            error,
        )

    @at("/service/ssl/apply/terms")
    def agreed(self, request: Request):
        if wrong := self.forged(request):
            return wrong
        if request.form["agree"] != "Y":
            return self.terms(request, "請先勾選「我已閱讀並同意」")
        request.session["agreed"] = True
        return self.redirect("/service/ssl/apply/csr", 303)

    @at("/service/ssl/apply/csr")
    def csr(self, request: Request, error=""):
        if "agreed" not in request.session:
            return self.redirect("/service/ssl/apply")
        return self.show(
            "傳送憑證申請檔",
            self.form(
                request,
                "/service/ssl/apply/check",
                row(
                    "憑證申請檔 (CSR)",
                    '<textarea class="form-control" name="pkcs10" rows="12" placeholder="-----BEGIN NEW CERTIFICATE REQUEST-----"></textarea>',
                    needed=True,
                    hint="請將 CSR 複製後貼上,範圍應包括 BEGIN 到 END 的宣告文字。",
                ),
                buttons='<button class="btn btn-primary" type="submit">確定</button>',
            ),
            error,
        )

    @at("/service/ssl/apply/check")
    def check(self, request: Request):
        if wrong := self.forged(request, "agreed"):
            return wrong
        if complaint := self.csr_complaint(request.form["pkcs10"]):
            return self.csr(request, complaint)
        request.session.pop("contacts", None)
        request.session.update(csr=request.form["pkcs10"], kind="apply", filled={}, same_as="")
        return self.server(request)

    def server(self, request: Request, error=""):
        parts = subject(request.session["csr"])
        content = "".join(row(label, f"<span>{esc(parts[key])}</span>") for label, key in SUBJECT)
        return self.show(
            "檢查 CSR 內容與伺服器資訊",
            f"""<section><h2>CSR 內容</h2>
{content}</section>
<section><h2>伺服器資訊</h2>
"""
            + self.form(
                request,
                "/service/ssl/apply/server",
                row(
                    "伺服器軟體廠商",
                    f'<select class="form-select" name="serverType">{options(SOFTWARE)}</select>',
                    needed=True,
                    hint="如果不在清單中,請選擇其他。",
                )
                + row(
                    "通行密碼",
                    '<input class="form-control" type="password" name="secret" autocomplete="new-password">',
                    needed=True,
                    hint="至少六碼。申請、更新或註銷憑證時都需使用到這個通行密碼。",
                )
                + row(
                    "再輸入一次密碼以確認",
                    '<input class="form-control" type="password" name="secretAgain" autocomplete="new-password">',
                    needed=True,
                ),
                buttons='<button class="btn btn-primary" type="submit">下一步</button>',
            )
            + "</section>",
            error,
        )

    @at("/service/ssl/apply/server")
    def server_done(self, request: Request):
        if wrong := self.forged(request, "csr", "kind"):
            return wrong
        if request.form["serverType"] not in SOFTWARE:
            return self.server(request, "請選擇伺服器軟體廠商")
        if len(request.form["secret"]) < 6:
            return self.server(request, "通行密碼至少六碼")
        if request.form["secret"] != request.form["secretAgain"]:
            return self.server(request, "兩次輸入的通行密碼不一致")
        request.session.update(software=SOFTWARE[request.form["serverType"]], passphrase=request.form["secret"])
        return self.redirect("/service/ssl/contacts", 303)

    @at("/service/ssl/contacts")
    def contacts(self, request: Request, error=""):
        have = request.session
        if "passphrase" not in have:
            return self.redirect("/service/ssl")

        def pane(number, person):
            value = have["filled"].get(person, {})

            def name(field):
                return f"contacts[{number}].{NAMES[field]}"

            def line(field, kind="text", more="", hint=""):
                return row(
                    LABELS[field],
                    f'<input class="form-control" type="{kind}" name="{name(field)}" value="{esc(value.get(field, ""))}"{more}>',
                    needed=True,
                    hint=hint,
                )

            county = value.get("city", "").replace("台", "臺")
            address = row(
                LABELS["address"],
                f'<select class="form-select" name="{name("city")}">{options(dict(zip(CITIES, CITIES)), county, "縣市")}</select>'
                f'<input class="form-control" type="text" name="{name("address")}" value="{esc(value.get("address", ""))}" placeholder="街道門牌">',
                needed=True,
            )
            same = ""
            if person == "billing":
                choices = (("technical", "與技術聯絡人相同"), ("business", "與業務聯絡人相同"), ("", "兩者皆否"))
                same = '<div class="row"><div class="col">' + "".join(
                    f'<div class="form-check form-check-inline"><input class="form-check-input" type="radio" name="sameAs" '
                    f'value="{key}"{" checked" if key == have["same_as"] else ""}><span>{text}</span></div>'
                    for key, text in choices
                )
                same += "</div></div>\n"
            tab = TABS[person][0]
            return (
                f'<div class="tab-pane{"" if number else " active"}" id="{tab}" role="tabpanel">\n{same}'
                + line("name")
                + line("title")
                + line("company")
                + (line("tax_id", more=' maxlength="8" inputmode="numeric"') if person != "billing" else "")
                + address
                + line("postal_code", more=' maxlength="6" inputmode="numeric"', hint="3 碼或 6 碼數字")
                + line("phone", "tel", hint="格式:(02)23708886#9")
                + line("fax", "tel")
                + line("email", "email")
                + "</div>\n"
            )

        heads = "".join(
            f'<li class="nav-item"><a class="nav-link{"" if number else " active"}" data-bs-toggle="tab" href="#{tab}" role="tab">{text}</a></li>'
            for number, (tab, text) in enumerate(TABS.values())
        )
        return self.show(
            "聯絡人資料",
            self.form(
                request,
                "/service/ssl/contacts/save",
                f"""<p class="lead">請務必全部填寫,不可留空白 (<em>*</em> 為必填)。</p>
<ul class="nav nav-tabs" role="tablist">{heads}</ul>
<div class="tab-content">
{"".join(pane(number, person) for number, person in enumerate(PERSONS))}</div>""",
                buttons='<button class="btn btn-primary" type="submit">繼續</button>',
            ),
            error,
        )

    @at("/service/ssl/contacts/save")
    def contacts_done(self, request: Request):
        have = request.session
        if wrong := self.forged(request, "csr", "passphrase"):
            return wrong
        contacts = {
            person: gather(request.form, f"contacts[{number}].", NAMES) for number, person in enumerate(PERSONS)
        }
        for contact in contacts.values():
            # The books keep the common spelling of a city, whatever the page shows.
            contact["city"] = contact["city"].replace("臺", "台") if contact["city"] in CITIES else ""
        have["same_as"] = request.form["sameAs"] if request.form["sameAs"] in PERSONS[:2] else ""
        if have["same_as"]:
            contacts["billing"] = contacts[have["same_as"]]
        have["filled"] = contacts
        for person, contact in contacts.items():
            if complaint := self.contact_complaint(contact, tax_id=person != "billing"):
                return self.contacts(request, f"{TABS[person][1]}:{complaint}")
        have["contacts"] = contacts
        return self.redirect("/service/ssl/payment", 303)

    @at("/service/ssl/payment")
    def payment(self, request: Request, error=""):
        if "contacts" not in request.session:
            return self.redirect("/service/ssl")
        radios = "".join(
            f'<div class="form-check"><input class="form-check-input" type="radio" name="payType" value="{key}"><span>{name}</span></div>'
            for key, name in PAYMENTS.items()
        )
        return self.show(
            "付款方式",
            self.form(
                request,
                "/service/ssl/confirm",
                row("付款方式", radios, needed=True),
                buttons=(
                    '<a class="btn btn-light" href="/service/ssl/contacts">上一步</a>'
                    '<button class="btn btn-primary" type="submit">繼續</button>'
                ),
            ),
            error,
        )

    @at("/service/ssl/confirm")
    def confirm(self, request: Request):
        if wrong := self.forged(request, "contacts"):
            return wrong
        if request.form["payType"] not in PAYMENTS:
            return self.payment(request, "請選擇付款方式")
        request.session["payment"] = PAYMENTS[request.form["payType"]]
        have = request.session
        people = "".join(
            row(text, f"<span>{esc(have['contacts'][person]['name'])}</span>") for person, (_, text) in TABS.items()
        )
        return self.show(
            "確認申請資料",
            f"""<div class="modal-backdrop"></div>
<div class="modal show" role="dialog" aria-modal="true"><div class="modal-dialog"><div class="modal-content">
<div class="modal-header"><h5 class="modal-title">請確認是否送出申請?</h5><button type="button" class="btn-close" aria-label="關閉"></button></div>
<div class="modal-body">
{row("網站名稱", f"<span>{esc(subject(have['csr'])['CN'])}</span>")}{people}{row("付款方式", f"<span>{have['payment']}</span>")}</div>
<div class="modal-footer">"""
            + self.form(
                request,
                "/service/ssl/submit",
                "",
                buttons=(
                    '<a class="btn btn-secondary" href="/service/ssl/contacts">返回修改</a>'
                    '<button class="btn btn-primary" type="submit">確認送出</button>'
                ),
            )
            + "</div></div></div></div>",
        )

    @at("/service/ssl/submit")
    def submit(self, request: Request):
        if wrong := self.forged(request, "contacts", "payment"):
            return wrong
        have = request.session
        self.orders.append(
            Order(
                have["kind"],
                request.index,
                have["csr"],
                have.get("software", ""),
                have["passphrase"],
                have["payment"],
                have["same_as"],
                have["contacts"],
            )
        )
        for name in ("agreed", "kind", "csr", "software", "passphrase", "filled", "contacts", "payment", "same_as"):
            have.pop(name, None)
        have["number"] = f"S20261101{len(self.orders):03}"
        return self.redirect("/service/ssl/done", 303)

    @at("/service/ssl/done")
    def done(self, request: Request):
        if "number" not in request.session:
            return self.redirect("/service/ssl")
        return self.show(
            "系統的回應訊息",
            f"""<div class="result result-success"><img src="/assets/success.svg" alt=""><h2>作業成功</h2>
<p>申請編號:{request.session["number"]}</p>
<p>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件 (E-Mail) 通知您下載憑證事宜。</p><p>CA作業時間約需二個工作天。</p>
<a class="btn btn-primary" href="/service/ssl">完成</a></div>""",
        )

    # Search, download and renewal

    @at("/service/ssl/search")
    def search(self, request: Request, error=""):
        return self.show(
            "憑證搜尋",
            self.form(
                request,
                "/service/ssl/result",
                row(
                    "網站名稱",
                    '<input class="form-control" type="text" name="domain" placeholder="www.abc.com.tw">',
                    needed=True,
                    hint="注意,大小寫需一致",
                ),
                buttons='<button class="btn btn-primary" type="submit">查詢</button>',
            ),
            error,
        )

    @at("/service/ssl/result")
    def result(self, request: Request):
        if wrong := self.forged(request):
            return wrong
        found = self.found(request.form["domain"])
        if not found:
            return self.search(request, "查無符合條件的憑證")
        lines = "\n".join(
            f"""<tr><td>{number}</td><td>{record.name}</td><td class="text-center"><img class="icon" src="/assets/{ICONS[record.status]}.svg"
alt="{STATES[record.status]}" title="{STATES[record.status]}"></td><td>{f"{record.end:%Y/%m/%d}" if record.leaf else "-"}</td><td><a class="btn btn-sm"
href="/service/ssl/detail?id={self.position(record)}">檢視</a></td></tr>"""
            for number, record in enumerate(found, 1)
        )
        return self.show(
            "搜尋結果",
            f"""<div class="table-responsive"><table class="table table-striped"><thead><tr><th scope="col">#</th><th scope="col">網站名稱</th><th
scope="col">狀態</th><th scope="col">到期日</th><th scope="col">明細</th></tr></thead>
<tbody>
{lines}
</tbody></table></div>
<p class="text-muted">共 {len(found)} 筆</p>""",
        )

    def record_of(self, request: Request):
        number = request.query["id"]
        return self.records[int(number)] if number.isdigit() and int(number) < len(self.records) else None

    @at("/service/ssl/detail")
    def detail(self, request: Request):
        record = self.record_of(request)
        if record is None:
            return self.missing()
        lines = [
            ("申請編號", record.number),
            ("一般名稱", record.name),
            ("憑證狀態", f'<span class="badge">{STATES[record.status]}</span>'),
        ]
        if record.remark:
            lines.append(("未通過原因", record.remark))
        if record.leaf:
            lines += [
                ("有效期限", f"{record.start:%Y/%m/%d %H:%M:%S} 至 {record.end:%Y/%m/%d %H:%M:%S}"),
                ("憑證等級", "TWCA Secure Server"),
                ("憑證內容", f"C=TW<br>ST=Taiwan<br>L=Taipei<br>O=Example Ltd.<br>CN={record.name}"),
                ("憑證序號", str(record.serial)),
                ("憑證擁有者", "範例股份有限公司"),
            ]
        pages = {
            "valid": (("download", "下載憑證"), ("renew", "更新憑證"), ("revoke", "憑證廢止")),
            "expired": (("download", "下載憑證"),),
        }
        buttons = "".join(
            f'<a class="btn btn-primary" href="/service/ssl/{page}?id={self.position(record)}">{text}</a>'
            for page, text in pages.get(record.status, ())
        )
        items = "\n".join(f'<dt class="col-3">{label}</dt><dd class="col-9">{value}</dd>' for label, value in lines)
        return self.show("憑證詳細資料", f'<dl class="row">\n{items}\n</dl>\n<div class="btn-group">{buttons}</div>')

    @at("/service/ssl/download")
    def download(self, request: Request):
        record = self.record_of(request)
        if record is None or not record.leaf:
            return self.missing()
        return self.show(
            "下載憑證",
            row("網站名稱", f"<span>{record.name}</span>")
            + row("憑證序號", f"<span>{record.serial}</span>")
            + self.form(
                request,
                "/service/ssl/download/file",
                f'<input type="hidden" name="sn" value="{record.serial}">\n'
                + row(
                    "檔案格式",
                    '<select class="form-select" name="format"><option value="PEM">PEM (Base64)</option><option value="DER">DER (二進位)</option></select>',
                ),
                buttons='<button class="btn btn-primary" type="submit">下載</button>',
            )
            + '<p><a href="/service/ssl/chain">中繼憑證與根憑證下載</a></p>',
        )

    @at("/service/ssl/download/file")
    def download_file(self, request: Request):
        if wrong := self.forged(request):
            return wrong
        leaf = self.by_serial(request.form["sn"]).leaf
        if request.form["format"] == "DER":
            return self.attachment(leaf.public_bytes(Encoding.DER), "ServerCert.der", "application/pkix-cert")
        return self.attachment(leaf.public_bytes(Encoding.PEM), "ServerCert.pem", "application/x-pem-file")

    @at("/service/ssl/chain", "/pro_sslser.asp")
    def chain(self, request: Request):
        return self.show(
            "中繼憑證與根憑證下載",
            """<ul class="list-group"><li class="list-group-item"><a href="/service/ssl/chain/file?type=intermediate" download>中繼憑證</a></li><li
class="list-group-item"><a href="/service/ssl/chain/file?type=root" download>根憑證</a></li></ul>""",
        )

    @at("/service/ssl/chain/file")
    def chain_file(self, request: Request):
        chain = pki_factory.authority().chain
        certificate, name = {"intermediate": (chain[0], "uca.crt"), "root": (chain[-1], "root.crt")}[
            request.query["type"]
        ]
        return self.attachment(certificate.public_bytes(Encoding.PEM), name, "application/x-x509-ca-cert")

    @at("/service/ssl/renew")
    def renew(self, request: Request, error=""):
        record = self.record_of(request)
        if record is None or record.status != "valid":
            return self.missing()
        return self.show(
            "更新憑證",
            row("網站名稱", f"<span>{record.name}</span>")
            + self.form(
                request,
                f"/service/ssl/renew/check?id={request.query['id']}",
                row(
                    "憑證申請檔 (CSR)",
                    '<textarea class="form-control" name="pkcs10" rows="12"></textarea>',
                    needed=True,
                    hint="請採用 NEW 方式產製金鑰對及 CSR",
                )
                + row(
                    "通行密碼",
                    '<input class="form-control" type="password" name="secret">',
                    needed=True,
                    hint="首次申請時所設定之通行密碼,注意文字大小寫",
                ),
                buttons='<button class="btn btn-light" type="reset">重設</button><button class="btn btn-primary" type="submit">繼續</button>',
            ),
            error,
        )

    @at("/service/ssl/renew/check")
    def renew_check(self, request: Request):
        record = self.record_of(request)
        if wrong := self.forged(request):
            return wrong
        if complaint := self.csr_complaint(request.form["pkcs10"]):
            return self.renew(request, complaint)
        if request.form["secret"] != record.passphrase:
            return self.renew(request, "通行密碼錯誤")
        for name in ("software", "contacts"):
            request.session.pop(name, None)
        request.session.update(
            kind="renew",
            csr=request.form["pkcs10"],
            passphrase=request.form["secret"],
            filled=record.contacts,
            same_as="",
        )
        return self.redirect("/service/ssl/contacts", 303)

    # Revocation

    @at("/service/ssl/revoke")
    def revoke(self, request: Request, error=""):
        record = self.record_of(request)
        return self.show(
            "憑證廢止",
            '<p class="lead">步驟 1/3 搜尋憑證</p>'
            + self.form(
                request,
                "/service/ssl/revoke/choose",
                row(
                    "網站名稱",
                    f'<input class="form-control" type="text" name="domain" value="{record.name if record else ""}">',
                    needed=True,
                    hint="請填寫當初所申請的憑證之網站名稱 (注意,大小寫需一致)",
                ),
                buttons='<button class="btn btn-primary" type="submit">查詢</button>',
            ),
            error,
        )

    @at("/service/ssl/revoke/choose")
    def revoke_choose(self, request: Request, error=""):
        if wrong := self.forged(request):
            return wrong
        request.session["domain"] = request.form.get("domain") or request.session.get("domain", "")
        found = [record for record in self.found(request.session["domain"]) if record.status == "valid"]
        if not found:
            return self.revoke(request, "查無可廢止的憑證")
        lines = "\n".join(
            f"""<tr><td><input class="form-check-input" type="radio" name="cert" value="{record.serial}"></td><td>{record.name}</td><td>{record.serial}</td
><td>{record.end:%Y/%m/%d}</td></tr>"""
            for record in found
        )
        return self.show(
            "憑證廢止",
            '<p class="lead">步驟 2/3 選擇憑證</p>'
            + self.form(
                request,
                "/service/ssl/revoke/reason",
                f"""<table class="table"><thead><tr><th>選擇</th><th>網站名稱</th><th>憑證序號</th><th>到期日</th></tr></thead><tbody>
{lines}
</tbody></table>""",
                buttons='<button class="btn btn-primary" type="submit">下一步</button>',
            ),
            error,
        )

    @at("/service/ssl/revoke/reason")
    def revoke_reason(self, request: Request, error=""):
        if wrong := self.forged(request):
            return wrong
        if request.form["cert"] not in {str(record.serial) for record in self.records if record.status == "valid"}:
            return self.revoke_choose(request, "請選擇要廢止的憑證")
        record = self.by_serial(request.form["cert"])
        return self.show(
            "憑證廢止",
            '<p class="lead">步驟 3/3 廢止原因</p>'
            + row("網站名稱", f"<span>{record.name}</span>")
            + row("憑證序號", f"<span>{record.serial}</span>")
            + self.form(
                request,
                "/service/ssl/revoke/submit",
                f'<input type="hidden" name="cert" value="{record.serial}">\n'
                + row("廢止原因", f'<select class="form-select" name="reason">{options(REASONS)}</select>', needed=True)
                + row("通行密碼", '<input class="form-control" type="password" name="secret">', needed=True),
                buttons=(
                    '<a class="btn btn-light" href="/service/ssl">取消</a>'
                    '<button class="btn btn-danger" type="submit">確認廢止</button>'
                ),
            ),
            error,
        )

    @at("/service/ssl/revoke/submit")
    def revoked(self, request: Request):
        if wrong := self.forged(request):
            return wrong
        record = self.by_serial(request.form["cert"])
        if request.form["reason"] not in REASONS:
            return self.revoke_reason(request, "請選擇廢止原因")
        if request.form["secret"] != record.passphrase:
            return self.revoke_reason(request, "通行密碼錯誤")
        self.revocations.append({"name": record.name, "index": request.index})
        request.session["revoked"] = record.name
        return self.redirect("/service/ssl/revoke/done", 303)

    @at("/service/ssl/revoke/done")
    def revoke_done(self, request: Request):
        return self.show(
            "系統的回應訊息",
            f"""<div class="result result-success"><img src="/assets/success.svg" alt=""><h2>作業成功</h2>
<p>{request.session.get("revoked", "")} 之廢止申請已受理,由 TWCA 認證中心予以確認。</p>
<p>請填寫用戶註銷憑證申請單,押蓋公司大小章後傳真 (02)23700728 辦理。</p></div>""",
        )
