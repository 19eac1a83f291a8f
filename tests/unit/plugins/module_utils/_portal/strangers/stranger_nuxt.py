# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nuxt rendered on the server, 2023: labels around spans in grids, radio cards, buttons in a bar outside the form, every post redirects."""

from __future__ import annotations

import re
import secrets

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from stranger_office import FIELDS, PERSONS, Office, Order, Request, at, esc, gather, subject

NAMES = dict(zip(FIELDS, "fullName jobTitle company vatNumber county street zip phone fax email".split()))
COUNTIES = {
    "TPE": "臺北市",
    "NWT": "新北市",
    "KEE": "基隆市",
    "TAO": "桃園市",
    "HSZ": "新竹市",
    "HSQ": "新竹縣",
    "MIA": "苗栗縣",
    "TXG": "臺中市",
    "CHA": "彰化縣",
    "NAN": "南投縣",
    "YUN": "雲林縣",
    "CYI": "嘉義市",
    "CYQ": "嘉義縣",
    "TNN": "臺南市",
    "KHH": "高雄市",
    "PIF": "屏東縣",
    "ILA": "宜蘭縣",
    "HUA": "花蓮縣",
    "TTT": "臺東縣",
    "PEN": "澎湖縣",
    "KIN": "金門縣",
    "LIE": "連江縣",
}
SOFTWARE = {
    "nginx": ("nginx", "nginx 1.x 與 OpenResty"),
    "apache": ("Apache", "Apache HTTP Server 2.4"),
    "iis": ("Microsoft IIS", "Windows Server 2016 以上"),
    "tomcat": ("Tomcat", "Apache Tomcat 9 以上"),
    "weblogic": ("WebLogic", "Oracle WebLogic Server"),
    "other": ("其他", "如果不在清單中,請選擇其他"),
}
PAYMENTS = {
    "wire": ("銀行匯款", "收到帳單後七日內匯款"),
    "cheque": ("支票", "抬頭請開立臺灣網路認證股份有限公司"),
    "postal": ("郵政劃撥", "請於劃撥單註明網站名稱"),
    "card": ("信用卡", "簽發後寄送刷卡單"),
}
STATES = {"valid": "有效", "pending": "審核中", "rejected": "未通過審核", "revoked": "已註銷", "expired": "已到期"}
PEOPLE = {
    "technical": ("tech", "技術聯絡人", "您的網站管理者,或是您網路撥接商的技術支援人員。憑證將寄送給此人。"),
    "business": ("biz", "業務聯絡人", "貴公司的決策者或是高階的經理人,必須為貴公司組織內之一份子。"),
    "billing": ("bill", "帳務聯絡人", "貴公司會計或是財務主管。"),
}
STEPS = {
    "apply": (
        ("/apply/csr", "上傳 CSR"),
        ("/apply/server", "檢查 CSR 內容"),
        ("/apply/contacts", "聯絡人"),
        ("/apply/payment", "付款方式"),
        ("/apply/review", "確認送出"),
    ),
    "renew": (
        ("", "CSR 與通行密碼"),
        ("/apply/contacts", "聯絡人"),
        ("/apply/payment", "付款方式"),
        ("/apply/review", "確認送出"),
    ),
}
PARTS = (
    ("CN", "一般名稱"),
    ("O", "組織"),
    ("OU", "組織單位"),
    ("L", "城市/位置"),
    ("ST", "州/省"),
    ("C", "國別"),
    ("bits", "適用之安全強度(bits)"),
)
LABELS = dict(zip(FIELDS, "姓名 職稱 公司 公司統一編號 縣市 通訊地址 郵遞區號 聯絡電話 傳真號碼 電子郵件地址".split()))
MARK = '<abbr title="必填" aria-hidden="true">*</abbr>'


class Routes(dict):
    """Paths with a serial number in them."""

    def get(self, path, default=None):
        return super().get(re.sub(r"^/certificates/\d+/", "/certificates/[serial]/", path), default)


def field(label, name, value="", *, kind="text", more="", hint="", required=True, wide=False):
    described = f' aria-describedby="{name}-hint"' if hint else ""
    return f"""<label class="field{" col-span-2" if wide else ""}" data-v-7a1c><span class="field__label">{label}{
        MARK if required else ""
    }</span><input type="{kind}" name="{name}" value="{esc(value)}"{" required" if required else ""}{described}{more}>{
        f'<small id="{name}-hint" class="field__hint">{hint}</small>' if hint else ""
    }</label><!---->"""


def cards(name, title, choices, chosen):
    drawn = "".join(
        f"""<label class="radio-card{" is-active" if key == chosen else ""}"><input type="radio" class="sr-only" name="{
            name
        }" value="{key}"{" checked" if key == chosen else ""} required><span class="radio-card__title">{
            head
        }</span><span class="radio-card__text">{text}</span></label>"""
        for key, (head, text) in choices.items()
    )
    return f"""<section class="panel"><h2 id="{name}-heading">{title}</h2><div class="card-grid" role="radiogroup" aria-labelledby="{name}-heading">{drawn}</div></section>"""


def pairs(lines):
    return (
        "<dl>" + "".join(f'<div class="row"><dt>{label}</dt><dd>{value}</dd></div>' for label, value in lines) + "</dl>"
    )


def csrf(session):
    return session.setdefault("csrf", secrets.token_urlsafe(12))


class Nuxt(Office):
    def __init__(self):
        super().__init__()
        self.routes = Routes(self.routes)

    def layout(self, request, title, body, bar=""):
        flash = request.session.pop("flash", "")
        alert = f'<div class="alert alert--error" role="alert"><p>{esc(flash)}</p></div>' if flash else ""
        footer = f'<footer class="sticky-bar"><div class="sticky-bar__inner">{bar}</div></footer>' if bar else ""
        return self.page(f"""<!DOCTYPE html><html lang="zh-Hant-TW"><head><meta charset="utf-8"><title>{title}|TWCA SSL</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="modulepreload" as="script" crossorigin href="/_nuxt/entry.4be1.js"></head>
<body><div id="__nuxt"><!--[--><div class="app"><a class="sr-only" href="#main">跳到主要內容</a><header class="app-header"><a href="/" class="logo" aria-label="TWCA 首頁"><svg
viewBox="0 0 24 24" aria-hidden="true"><path d="M2 2h20v20H2z"/></svg></a><nav aria-label="主選單"><ul><li><a href="/ssl" class="nav-link">SSL 伺服器憑證</a></li><li><a
href="/certificates" class="nav-link">憑證搜尋</a></li><li><a href="/revoke" class="nav-link">憑證廢止</a></li><li><a href="/downloads" class="nav-link">下載中心</a></li></ul></nav></header>
<main id="main"><h1>{title}</h1>{alert}{body}</main>{footer}</div><!--]--></div>
<script type="application/json" id="__NUXT_DATA__" data-ssr="true">[["Reactive",1],{{"data":2,"state":3}},{{}},{{}}]</script>
<script>window.__NUXT__={{}};window.__NUXT__.config={{public:{{}},app:{{baseURL:"/",buildAssetsDir:"/_nuxt/"}}}}</script></body></html>""")

    @staticmethod
    def bar(form, onward, back="上一步"):
        return f"""<div><button type="submit" form="{form}" name="intent" value="back" class="btn btn--ghost" formnovalidate>{back}</button></div>
<div><button type="submit" form="{form}" name="intent" value="next" class="btn btn--primary">{onward}</button></div>"""

    def stepper(self, kind, current):
        names = [name for _, name in STEPS[kind]]
        drawn = "".join(
            f'<li class="step"{" aria-current=step" if name == current else ""}><span class="step__index">{number}</span><span>{name}</span></li>'
            for number, name in enumerate(names, 1)
        )
        return f'<ol class="stepper" aria-label="申請進度">{drawn}</ol>'

    def form(self, request, ident, action, body):
        return f"""<form id="{ident}" method="post" action="{action}" novalidate><input type="hidden" name="_csrf" value="{csrf(request.session)}">{body}</form>"""

    def again(self, request, target, message):
        request.session["flash"] = message
        return self.redirect(target, 303)

    def trusted(self, request):
        return request.form["_csrf"] == request.session.get("csrf")

    @at("/")
    def home(self, request: Request):
        return self.layout(
            request,
            "讓每一次連線都值得信任",
            """<section class="hero"><p>TWCA SSL 伺服器數位憑證,保護您的網站與客戶。</p><a class="btn btn--primary" href="/apply">申請憑證</a> <a class="btn" href="/certificates">憑證搜尋</a></section>
<section class="grid"><article class="tile"><h2>客服專區</h2><p>申請、更新與註銷</p><a href="/ssl">SSL 伺服器憑證</a></article><article class="tile"><h2>下載中心</h2><a href="/downloads">表單與中繼憑證</a></article></section>""",
        )

    @at("/ssl")
    def ssl(self, request: Request):
        return self.layout(
            request,
            "SSL 伺服器憑證",
            """<div class="grid"><article class="tile"><h2>憑證申請</h2><p>首次(增購)申請</p><a href="/apply">憑證申請</a></article><article class="tile"><h2>更新(展期)</h2><p>先搜尋您的網站名稱</p><a
href="/certificates">憑證搜尋</a></article><article class="tile"><h2>註銷</h2><a href="/revoke">憑證廢止</a></article></div>""",
        )

    @at("/downloads")
    def forms(self, request: Request):
        return self.layout(
            request,
            "下載中心",
            """<ul class="list"><li><a href="/files/application.pdf" download>憑證申請單</a></li><li><a href="/files/revocation.pdf" download>用戶註銷憑證申請單</a></li><li><a
href="/intermediates">中繼憑證與根憑證</a></li></ul>""",
        )

    @at("/apply")
    def apply(self, request: Request):
        return self.layout(
            request,
            "憑證申請",
            """<ol class="timeline"><li><h2>步驟 1</h2><p>填寫憑證申請單,並傳真至本公司</p></li><li><h2>步驟 2</h2><p>產生憑證申請檔(CSR)</p></li><li><h2>步驟 3</h2><p>備妥書面文件</p></li><li><h2>步驟 4</h2><p>傳送憑證申請檔與線上填寫註冊資料</p><a
class="btn btn--primary" href="/apply/csr">開始線上申請</a></li></ol>""",
        )

    @at("/apply/csr")
    def csr(self, request: Request):
        have = request.session
        if request.method == "POST":
            if request.form["intent"] == "back":
                return self.redirect("/apply", 303)
            if complaint := self.csr_complaint(request.form["csr"]):
                return self.again(request, "/apply/csr", complaint)
            have["draft"] = {"kind": "apply", "csr": request.form["csr"]}
            return self.redirect("/apply/server", 303)
        return self.layout(
            request,
            "憑證申請",
            self.stepper("apply", "上傳 CSR")
            + self.form(
                request,
                "csr-form",
                "/apply/csr",
                f"""<section class="panel" aria-labelledby="csr-heading"><h2 id="csr-heading">憑證申請檔</h2><label class="field col-span-2"><span class="field__label">CSR 內容{MARK}</span><textarea
name="csr" rows="12" required spellcheck="false" aria-describedby="csr-hint">{esc(have.get("draft", {}).get("csr", ""))}</textarea><small
id="csr-hint">請將 CSR 複製,貼在文字方塊內。</small></label></section>""",
            ),
            self.bar("csr-form", "下一步", "取消"),
        )

    @at("/apply/server")
    def server(self, request: Request):
        draft = request.session.get("draft")
        if not draft:
            return self.redirect("/apply/csr")
        if request.method == "POST":
            form = request.form
            if form["intent"] == "back":
                return self.redirect("/apply/csr", 303)
            draft["software"] = form["software"]
            if form["software"] not in SOFTWARE:
                return self.again(request, "/apply/server", "請選擇伺服器軟體廠商")
            if len(form["passphrase"]) < 6:
                return self.again(request, "/apply/server", "通行密碼至少六碼")
            if form["passphrase"] != form["passphraseConfirm"]:
                return self.again(request, "/apply/server", "兩次輸入的通行密碼不一致")
            draft["passphrase"] = form["passphrase"]
            return self.redirect("/apply/contacts", 303)
        parts = subject(draft["csr"])
        return self.layout(
            request,
            "憑證申請",
            self.stepper("apply", "檢查 CSR 內容")
            + f"""<section class="panel" aria-labelledby="csr-h"><h2 id="csr-h">您的 CSR 內容</h2>{
                pairs([(label, esc(parts[part]) or "—") for part, label in PARTS])
            }</section>"""
            + self.form(
                request,
                "server-form",
                "/apply/server",
                f"""{cards("software", "伺服器軟體廠商", SOFTWARE, draft.get("software"))}
<section class="panel" aria-labelledby="pass-h"><h2 id="pass-h">通行密碼</h2><p id="pass-p">請輸入一個您容易記憶,但不易為人所臆測的文字或片語。更新或註銷此憑證時都需使用到這個通行密碼。</p><div class="grid grid-2">{
                    field(
                        "輸入密碼",
                        "passphrase",
                        kind="password",
                        more=' minlength="6" autocomplete="new-password"',
                        hint="至少六碼",
                    )
                }{
                    field(
                        "再輸入一次密碼以確認",
                        "passphraseConfirm",
                        kind="password",
                        more=' autocomplete="new-password"',
                    )
                }</div></section>""",
            ),
            self.bar("server-form", "下一步"),
        )

    def person(self, person, contact, *, same=None):
        prefix, title, text = PEOPLE[person]
        required = same is None

        def one(name, kind="text", **options):
            return field(
                LABELS[name], f"{prefix}.{NAMES[name]}", contact.get(name, ""), kind=kind, required=required, **options
            )

        counties = "".join(
            f'<option value="{key}"{" selected" if name.replace("臺", "台") == contact.get("city") else ""}>{name}</option>'
            for key, name in COUNTIES.items()
        )
        choice = ""
        if same is not None:
            drawn = "".join(
                f'<label class="chip"><input type="radio" name="billSameAs" value="{key}"{" checked" if key == same else ""}><span>{name}</span></label>'
                for key, name in (("tech", "與技術聯絡人相同"), ("biz", "與業務聯絡人相同"), ("none", "兩者皆否"))
            )
            choice = f'<div class="chips" role="radiogroup" aria-labelledby="{prefix}-h">{drawn}</div>'
        zip_code = one("postal_code", more=' inputmode="numeric" pattern="[0-9]{3,6}" maxlength="6"')
        return f"""<section class="panel" aria-labelledby="{prefix}-h"><h2 id="{prefix}-h">{title}</h2><p>{text}</p>{
            choice
        }<div class="grid grid-2">
{one("name", more=' autocomplete="name"')}{one("title")}{one("company")}{
            one("tax_id", more=' inputmode="numeric" maxlength="8"', hint="八位數字") if person != "billing" else ""
        }</div>
<h3 id="{prefix}-addr">地址</h3><div class="grid grid-4" role="group" aria-labelledby="{
            prefix
        }-addr"><label class="field"><span class="field__label">{LABELS["city"]}{
            MARK if required else ""
        }</span><select name="{prefix}.{NAMES["city"]}"{" required" if required else ""}><option value="" disabled{
            "" if contact.get("city") else " selected"
        }>請選擇縣市</option>{counties}</select></label>{zip_code}{one("address", wide=True)}</div>
<h3 id="{prefix}-reach">聯絡方式</h3><div class="grid grid-2" role="group" aria-labelledby="{prefix}-reach">{
            one("phone", "tel", hint="例:(02)23708886#9")
        }{one("fax", "tel")}{one("email", "email", wide=True)}</div></section>"""

    @at("/apply/contacts")
    def contacts(self, request: Request):
        draft = request.session.get("draft")
        if not draft or "passphrase" not in draft:
            return self.redirect("/apply/csr")
        renewing = draft["kind"] == "renew"
        if request.method == "POST":
            if request.form["intent"] == "back":
                return self.redirect(f"/certificates/{draft['serial']}/renew" if renewing else "/apply/server", 303)
            found = {person: gather(request.form, PEOPLE[person][0] + ".", NAMES) for person in PERSONS}
            for contact in found.values():
                contact["city"] = COUNTIES.get(contact["city"], "").replace("臺", "台")
            draft["same"] = request.form["billSameAs"]
            if draft["same"] in ("tech", "biz"):
                found["billing"] = found["technical" if draft["same"] == "tech" else "business"]
            draft["contacts"] = found
            draft["ready"] = False
            for person, contact in found.items():
                if complaint := self.contact_complaint(contact, tax_id=person != "billing"):
                    return self.again(request, "/apply/contacts", f"{PEOPLE[person][1]}:{complaint}")
            draft["ready"] = True
            return self.redirect("/apply/payment", 303)
        have = draft.get("contacts", {})
        sections = "".join(
            self.person(
                person,
                have.get(person, {}),
                same=(draft.get("same") or "none") if person == "billing" and renewing else None,
            )
            for person in PERSONS
        )
        return self.layout(
            request,
            "更新憑證" if renewing else "憑證申請",
            self.stepper(draft["kind"], "聯絡人")
            + '<p class="lead">請務必全部填寫,不可留空白。業務聯絡人與技術聯絡人應由不同人員擔任。</p>'
            + self.form(request, "contacts-form", "/apply/contacts", sections),
            self.bar("contacts-form", "下一步"),
        )

    @at("/apply/payment")
    def payment(self, request: Request):
        draft = request.session.get("draft")
        if not draft or not draft.get("ready"):
            return self.redirect("/apply/csr")
        if request.method == "POST":
            if request.form["intent"] == "back":
                return self.redirect("/apply/contacts", 303)
            if request.form["payment"] not in PAYMENTS:
                return self.again(request, "/apply/payment", "請選擇付款方式")
            draft["payment"] = request.form["payment"]
            return self.redirect("/apply/review", 303)
        return self.layout(
            request,
            "更新憑證" if draft["kind"] == "renew" else "憑證申請",
            self.stepper(draft["kind"], "付款方式")
            + self.form(
                request, "payment-form", "/apply/payment", cards("payment", "付款方式", PAYMENTS, draft.get("payment"))
            ),
            self.bar("payment-form", "繼續"),
        )

    @at("/apply/review")
    def review(self, request: Request):
        draft = request.session.get("draft")
        if not draft or not draft.get("ready") or "payment" not in draft:
            return self.redirect("/apply/csr")
        if request.method == "POST":
            if request.form["intent"] == "back":
                return self.redirect("/apply/payment", 303)
            if not self.trusted(request):
                return self.again(request, "/apply/review", "頁面已逾時,請重新送出")
            software = SOFTWARE.get(draft.get("software"), ("",))[0]
            self.orders.append(
                Order(
                    draft["kind"],
                    request.index,
                    draft["csr"],
                    software,
                    draft["passphrase"],
                    PAYMENTS[draft["payment"]][0],
                    contacts=draft["contacts"],
                )
            )
            del request.session["draft"]
            return self.redirect("/apply/done", 303)
        lines = [("一般名稱", esc(subject(draft["csr"])["CN"]))]
        if draft["kind"] == "apply":
            lines.append(("伺服器軟體廠商", SOFTWARE[draft["software"]][0]))
        lines += [("通行密碼", "●●●●●●"), ("付款方式", PAYMENTS[draft["payment"]][0])]
        people = "".join(
            f"<section class='panel'><h3>{PEOPLE[person][1]}</h3>"
            + pairs([(LABELS[name], esc(contact[name])) for name in FIELDS if contact[name]])
            + "</section>"
            for person, contact in draft["contacts"].items()
        )
        return self.layout(
            request,
            "更新憑證" if draft["kind"] == "renew" else "憑證申請",
            self.stepper(draft["kind"], "確認送出")
            + f"<section class='panel'><h2>請確認以下資料</h2>{pairs(lines)}</section>{people}"
            + self.form(request, "review-form", "/apply/review", ""),
            self.bar("review-form", "確認送出", "返回修改"),
        )

    @at("/apply/done")
    def done(self, request: Request):
        return self.layout(
            request,
            "作業成功",
            """<section class="result" role="status"><p>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。</p><p>CA作業時間約需二個工作天。</p><a
href="/">回首頁</a></section>""",
        )

    @at("/certificates")
    def search(self, request: Request):
        name = request.query["q"]
        found = list(reversed(self.found(name)))
        results = "".join(self.card(record) for record in found)
        if "q" in request.query and not found:
            results = '<p class="empty" role="status">查無憑證,請確認網站名稱(注意,大小寫需一致)。</p>'
        elif found:
            results = f'<h2>搜尋結果 <small>({len(found)})</small></h2><div class="results">{results}</div>'
        return self.layout(
            request,
            "憑證搜尋",
            f"""<form method="get" action="/certificates" role="search" class="search"><label class="field"><span class="field__label">網站名稱</span><input type="search" name="q" value="{esc(name)}"
placeholder="www.abc.com.tw"></label><button type="submit" class="btn btn--primary"><svg aria-hidden="true"></svg><span>搜尋</span></button></form>{results}""",
        )

    def card(self, record):
        number = self.position(record)
        lines = []
        actions = ""
        if record.leaf:
            lines = [
                (
                    "有效期限",
                    f'<time datetime="{record.start.isoformat()}">{record.start:%Y/%m/%d %H:%M:%S}</time> ~ <time datetime="{record.end.isoformat()}">{record.end:%Y/%m/%d %H:%M:%S}</time>',
                ),
                ("憑證等級", "SSL 伺服器憑證"),
                ("憑證序號", f'<code class="mono">{record.serial}</code> <small>(0x{record.serial:X})</small>'),
                ("憑證內容", f"<span>C=TW</span>, <span>O=Shop</span>, <span>CN={record.name}</span>"),
            ]
        else:
            lines = [("申請案號", record.number)]
        if record.remark:
            lines.append(("原因", record.remark))
        if record.status == "valid":
            base = f"/certificates/{record.serial}"
            actions = f"""<footer class="card__actions"><a href="{base}/download">下載憑證</a><a href="{base}/renew">更新憑證</a><a href="{base}/revoke" class="danger">註銷憑證</a></footer>"""
        return f"""<article class="card" aria-labelledby="card-{number}"><header><h3 id="card-{number}">{record.name}</h3><span class="badge badge--{record.status}"><span
class="sr-only">憑證狀態:</span>{STATES[record.status]}</span></header>{pairs(lines)}{actions}</article>"""

    @at("/certificates/[serial]/download")
    def download(self, request: Request):
        record = self.by_serial(request.path.split("/")[2])
        base = f"/certificates/{record.serial}"
        return self.layout(
            request,
            "下載憑證",
            f"""<p>{record.name}</p><ul class="list"><li><a href="{base}/server.pem" download>伺服器憑證(PEM)</a></li><li><a href="{base}/server.p7b" download>伺服器憑證與中繼憑證(PKCS#7)</a></li><li><a
href="/intermediates">中繼憑證與根憑證</a></li></ul>""",
        )

    @at("/certificates/[serial]/server.pem")
    def pem(self, request: Request):
        leaf = self.by_serial(request.path.split("/")[2]).leaf
        return self.attachment(leaf.public_bytes(Encoding.PEM), "server.pem", "application/x-pem-file")

    @at("/certificates/[serial]/server.p7b")
    def p7b(self, request: Request):
        leaf = self.by_serial(request.path.split("/")[2]).leaf
        data = pkcs7.serialize_certificates([leaf, *pki_factory.authority().chain], Encoding.PEM)
        return self.attachment(data, "server.p7b", "application/x-pkcs7-certificates")

    @at("/pro_sslser.asp")
    def old_authorities(self, request: Request):
        return self.redirect("/intermediates", 308)

    @at("/intermediates")
    def authorities(self, request: Request):
        return self.layout(
            request,
            "中繼憑證與根憑證",
            """<ul class="list"><li><a href="/files/intermediate.pem" download>中繼憑證</a></li><li><a href="/files/root.pem" download>根憑證</a></li></ul>""",
        )

    @at("/files/intermediate.pem", "/files/root.pem")
    def authority(self, request: Request):
        chain = pki_factory.authority().chain
        found = chain[-1] if "root" in request.path else chain[0]
        return self.attachment(
            found.public_bytes(Encoding.PEM), request.path.rpartition("/")[2], "application/x-pem-file"
        )

    @at("/certificates/[serial]/renew")
    def renew(self, request: Request):
        serial = request.path.split("/")[2]
        record = self.by_serial(serial)
        if request.method == "POST":
            form = request.form
            if form["intent"] == "back":
                return self.redirect(f"/certificates?q={record.name}", 303)
            if complaint := self.csr_complaint(form["csr"]):
                return self.again(request, request.path, complaint)
            if form["passphrase"] != record.passphrase:
                return self.again(request, request.path, "通行密碼錯誤,請注意文字大小寫")
            request.session["draft"] = {
                "kind": "renew",
                "serial": serial,
                "csr": form["csr"],
                "passphrase": form["passphrase"],
                "contacts": record.contacts,
            }
            return self.redirect("/apply/contacts", 303)
        return self.layout(
            request,
            "更新憑證",
            self.stepper("renew", "CSR 與通行密碼")
            + self.form(
                request,
                "renew-form",
                request.path,
                f"""<section class="panel" aria-labelledby="r-csr"><h2 id="r-csr">輸入CSR資訊</h2><p>正在更新 <strong>{record.name}</strong></p><textarea name="csr" rows="12" required
aria-labelledby="r-csr"></textarea></section><section class="panel" aria-labelledby="r-pass"><h2 id="r-pass">輸入通行密碼</h2><input type="password" name="passphrase" required
aria-labelledby="r-pass" aria-describedby="r-pass-hint" autocomplete="current-password"><small id="r-pass-hint">首次申請時所設定之通行密碼,注意文字大小寫</small></section>""",
            ),
            self.bar("renew-form", "繼續", "取消"),
        )

    @at("/revoke", "/certificates/[serial]/revoke")
    def revoke(self, request: Request):
        record = self.by_serial(request.path.split("/")[2]) if request.path != "/revoke" else None
        if request.method == "POST":
            form = request.form
            if form["intent"] == "back":
                return self.redirect("/certificates", 303)
            found = [other for other in self.found(form["domain"]) if other.status == "valid"]
            if not found:
                return self.again(request, request.path, "查無有效憑證,請確認網站名稱")
            if not form["understood"]:
                return self.again(request, request.path, "請勾選「我了解註銷後無法復原」")
            if not self.trusted(request):
                return self.again(request, request.path, "頁面已逾時,請重新送出")
            self.revocations.append({"name": found[0].name, "index": request.index})
            request.session["revoked"] = found[0].name
            return self.redirect("/revoke/done", 303)
        fixed = ' readonly aria-readonly="true"' if record else ' placeholder="www.abc.com.tw"'
        serial = pairs([("憑證序號", str(record.serial))]) if record else ""
        return self.layout(
            request,
            "憑證廢止",
            self.form(
                request,
                "revoke-form",
                request.path,
                f"""<section class="panel panel--danger" aria-labelledby="rv-h"><h2 id="rv-h">註銷憑證</h2><p>仍須先填寫好用戶註銷憑證申請單,郵寄或傳真至本公司。</p><div class="grid">{
                    field(
                        "網站名稱",
                        "domain",
                        record.name if record else "",
                        more=fixed,
                        hint="當初所申請的憑證之網站名稱(注意,大小寫需一致)",
                    )
                }</div>{
                    serial
                }<label class="checkbox"><input type="checkbox" name="understood" value="yes" required><span>我了解註銷後無法復原</span></label></section>""",
            ),
            self.bar("revoke-form", "確認註銷", "返回"),
        )

    @at("/revoke/done")
    def revoked(self, request: Request):
        name = request.session.get("revoked", "")
        return self.layout(
            request,
            "註銷申請已送出",
            f"""<section class="result" role="status"><p><strong>{esc(name)}</strong> 的註銷申請已受理,由 TWCA 認證中心予以確認。</p><p>請押蓋公司大小章,並請傳真(02)23700728 辦理。</p></section>""",
        )
