# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Server-rendered in 2024: semantic HTML, drafts named in addresses, post-redirect-get, mistakes with status 422, a review page, cards."""

from __future__ import annotations

import secrets
import urllib.parse

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding
from stranger_office import FIELDS, PERSONS, Office, Order, Request, at, esc, gather, subject

NAMES = dict(
    zip(
        FIELDS,
        "name job_title organization tax_id city street postal_code tel fax email".split(),
    )
)
COMPLETE = dict(
    zip(
        FIELDS,
        "name organization-title organization off address-level1 street-address postal-code tel tel email".split(),
    )
)
LABELS = dict(zip(FIELDS, "姓名 職稱 公司 公司統一編號 縣市 地址 郵遞區號 聯絡電話 傳真號碼 電子郵件地址".split()))
# The order on the page
ORDER = "name title company tax_id email phone fax city postal_code address".split()
TYPES = {"email": "email", "phone": "tel", "fax": "tel"}
HINTS = {
    "tax_id": "8 碼數字",
    "phone": "請以阿拉伯數字填寫,例如 (02)23708886#9",
    "email": "憑證下載通知將寄到這個信箱",
    "address": "鄉鎮市區、路名、門牌與樓層",
}
PREFIXES = {"technical": "tech", "business": "biz", "billing": "bill"}
TITLES = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
NOTES = {
    "technical": "網站管理者或網路服務業者的技術支援人員。核發憑證以前,我們會先以電話與此人聯繫。",
    "business": "貴公司的決策者或高階經理人。業務聯絡人與技術聯絡人應由不同人員擔任。",
    "billing": "貴公司的會計或財務主管。",
}
SAME = {"tech": "與技術聯絡人相同", "biz": "與業務聯絡人相同", "none": "兩者皆否"}
CITIES = (
    "臺北市 新北市 桃園市 臺中市 臺南市 高雄市 基隆市 新竹市 嘉義市 新竹縣 苗栗縣 彰化縣 南投縣 雲林縣 嘉義縣 屏東縣 "
    "宜蘭縣 花蓮縣 臺東縣 澎湖縣 金門縣 連江縣"
).split()
SOFTWARE = {
    "nginx": "nginx",
    "apache": "Apache HTTP Server",
    "tomcat": "Apache Tomcat",
    "iis": "Microsoft IIS",
    "haproxy": "HAProxy",
    "other": "其他",
}
PAYMENTS = {"transfer": "銀行匯款", "cheque": "支票", "giro": "郵政劃撥"}
STATES = {"valid": "有效", "pending": "審核中", "rejected": "已退件", "revoked": "已廢止", "expired": "已到期"}
CSR_LINES = (
    ("一般名稱", "CN"),
    ("組織", "O"),
    ("組織單位", "OU"),
    ("城市/位置", "L"),
    ("州/省", "ST"),
    ("國別", "C"),
    ("適用之安全強度(bits)", "bits"),
)


def shown(when):
    return f'<time datetime="{when.isoformat()}">{when.year} 年 {when.month} 月 {when.day} 日 {when:%H:%M:%S}</time>'


class Semantic2024(Office):
    content_type = "text/html; charset=UTF-8"

    # Layout

    def show(self, request, title, body, errors=()):
        alert = ""
        if errors:
            lines = "".join(f'<li><a href="#{target}">{message}</a></li>' for target, message in errors)
            alert = f"""<div class="error-summary" role="alert" aria-labelledby="error-title" tabindex="-1"><h2 id="error-title">送出的資料有 {len(errors)} 個問題</h2><ul>{lines}</ul></div>"""
        banner = ""
        if not request.session.get("consent"):
            banner = f"""<dialog open class="cookie-consent" aria-label="Cookie 偏好設定"><form method="post" action="/cookie-consent">{self.csrf(request)}
<p>我們使用 Cookie 以改善您的瀏覽體驗。</p><button type="submit" name="choice" value="necessary">僅必要</button> <button type="submit" name="choice" value="all">全部接受</button></form></dialog>"""
        return self.page(
            f"""<!doctype html>
<html lang="zh-Hant">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="csrf-token" content="{request.session.get("csrf", "")}">
<title>{"錯誤:" if errors else ""}{title}|TWCA 憑證服務</title>
<link rel="stylesheet" href="/assets/app-4f1c9a.css">
</head>
<body>
<a class="skip-link" href="#main">跳至主要內容</a>
<header>
<a href="/" aria-label="回首頁"><svg width="96" height="24" role="img" aria-hidden="true"><path d="M0 0h96v24H0z"/></svg></a>
<nav aria-label="主選單"><ul>
<li><details><summary>憑證服務</summary><ul><li><a href="/ssl">SSL 伺服器憑證</a></li><li><a href="/code-signing">程式碼簽章憑證</a></li></ul></details></li>
<li><a href="/support">客服專區</a></li>
</ul></nav>
<search><form action="/find" method="get" role="search"><label for="site-q" class="visually-hidden">搜尋本站</label><input id="site-q" type="search" name="q"><button aria-label="搜尋本站">🔍</button></form></search>
</header>
{banner}
<main id="main">
<h1>{title}</h1>
{alert}{body}
</main>
<footer><p><small>© 2024 臺灣網路認證股份有限公司</small></p><nav aria-label="頁尾"><a href="/privacy">隱私權政策</a></nav></footer>
</body>
</html>""",
            422 if errors else 200,
        )

    def csrf(self, request):
        return f'<input type="hidden" name="_csrf" value="{request.session.setdefault("csrf", secrets.token_hex(20))}">'

    def expired(self, request):
        """The page for who comes without a token, or with another's."""
        if request.method == "GET" or request.form["_csrf"] == request.session.get("csrf"):
            return None
        return self.page("<!doctype html><title>419</title><h1>419</h1><p>頁面已過期,請重新整理後再試一次。</p>", 419)

    def see(self, target, **query):
        return self.redirect(target + ("?" + urllib.parse.urlencode(query) if query else ""), 303)

    def error(self, ident, errors):
        message = next((message for target, message in errors if target == ident), "")
        return (
            f'<p id="{ident}-error" class="error"><span class="visually-hidden">錯誤:</span>{message}</p>'
            if message
            else ""
        )

    # Plain pages

    @at("/")
    def home(self, request: Request):
        return self.show(
            request,
            "讓每一次連線都值得信任",
            """<section aria-labelledby="services"><h2 id="services">常用服務</h2><ul class="tiles"><li><a href="/ssl">SSL 伺服器憑證</a></li><li><a href="/support">客服專區</a></li></ul></section>
<section aria-labelledby="news"><h2 id="news">最新消息</h2><article><h3><a href="/news/1">CA/B 論壇縮短憑證效期</a></h3><p>依新版基準要求,憑證效期將逐步縮短。</p></article></section>""",
        )

    @at("/support", "/find", "/privacy", "/news/1", "/code-signing")
    def support(self, request: Request):
        return self.show(
            request,
            "客服專區",
            """<p>客服專線 <a href="tel:+886223708886">(02)2370-8886</a></p><ul><li><a href="/ssl">SSL 伺服器憑證</a></li><li><a href="/code-signing">程式碼簽章憑證</a></li></ul>
<details><summary>沒有收到「伺服器憑證下載通知」怎麼辦?</summary><p>請至 <a href="/ssl/certificates">憑證搜尋</a> 自行下載。</p></details>""",
        )

    @at("/cookie-consent")
    def consent(self, request: Request):
        request.session["consent"] = request.form["choice"]
        return self.see("/")

    @at("/ssl")
    def ssl(self, request: Request):
        return self.show(
            request,
            "SSL 伺服器憑證",
            """<nav aria-label="SSL 伺服器憑證"><ul class="tiles"><li><a href="/ssl/apply"><strong>憑證申請</strong> <span>首次或增購</span></a></li>
<li><a href="/ssl/certificates"><strong>憑證搜尋</strong> <span>查詢、下載、更新(展期)</span></a></li><li><a href="/ssl/revoke"><strong>憑證廢止</strong></a></li>
<li><a href="/ssl/ca-certificates"><strong>中繼憑證與根憑證</strong></a></li></ul></nav>""",
        )

    @at("/ssl/apply")
    def guide(self, request: Request):
        flash = '<p role="status">已取消這次的申請。</p>' if request.query["cancelled"] else ""
        return self.show(
            request,
            "憑證申請",
            f"""{flash}<ol class="steps"><li><h2>步驟 1 填寫憑證申請單</h2><p><a href="/files/apply.pdf" download>下載申請單(PDF)</a></p></li>
<li><h2>步驟 2 產生憑證申請檔(CSR)</h2></li><li><h2>步驟 3 傳真申請單</h2></li>
<li><h2>步驟 4 傳送憑證申請檔與線上填寫註冊資料</h2><p><a class="button" href="/ssl/apply/csr">開始線上申請</a></p></li></ol>""",
        )

    # The application

    def draft(self, request):
        return request.session.get("drafts", {}).get(request.query["draft"])

    def new_draft(self, request, **values):
        name = secrets.token_urlsafe(9)
        request.session.setdefault("drafts", {})[name] = {"contacts": {}, **values}
        return name

    def uploaded(self, request):
        return request.form["csr"] or request.form["csr_file"]

    def csr_fields(self, errors, value=""):
        return f"""<div class="field"><label for="csr">憑證申請檔(CSR) <span class="required">必填</span></label>
<p id="csr-hint" class="hint">請複製整份 CSR 內容,包括 BEGIN 與 END 兩行。<button type="button" onclick="document.getElementById('csr-help').showModal()">看範例</button></p>
{self.error("csr", errors)}<textarea id="csr" name="csr" rows="12" spellcheck="false" autocomplete="off" aria-describedby="csr-hint{" csr-error" if errors else ""}">{esc(value)}</textarea></div>
<details><summary>改用檔案上傳</summary><div class="field"><label for="csr_file">選擇 CSR 檔案 <span class="optional">選填</span></label><input type="file" id="csr_file" name="csr_file" accept=".csr,.pem,.txt"></div></details>
<dialog id="csr-help" aria-labelledby="csr-help-title"><h2 id="csr-help-title">CSR 範例</h2><pre>-----BEGIN CERTIFICATE REQUEST-----
MIIC...
-----END CERTIFICATE REQUEST-----</pre><button type="button" onclick="this.closest('dialog').close()">關閉</button></dialog>"""

    @at("/ssl/apply/csr")
    def csr(self, request: Request):
        if refusal := self.expired(request):
            return refusal
        draft = self.draft(request)
        errors = []
        if request.method == "POST":
            text = self.uploaded(request)
            complaint = self.csr_complaint(text)
            if not complaint:
                if draft is None:
                    name = self.new_draft(request, kind="apply", csr=text)
                else:
                    name = request.query["draft"]
                    draft["csr"] = text
                return self.see("/ssl/apply/server", draft=name)
            errors = [("csr", complaint)]
        value = request.form["csr"] or (draft or {}).get("csr", "")
        return self.show(
            request,
            "傳送憑證申請檔",
            f"""<p class="progress">第 1 步,共 5 步</p><form method="post" enctype="multipart/form-data">{self.csrf(request)}{self.csr_fields(errors, value)}
<button type="submit">確定</button></form>""",
            errors,
        )

    @at("/ssl/apply/server")
    def server(self, request: Request):
        if refusal := self.expired(request):
            return refusal
        draft = self.draft(request)
        if draft is None:
            return self.see("/ssl/apply")
        errors = []
        if request.method == "POST":
            form = request.form
            if form["server_software"] not in SOFTWARE:
                errors.append(("software-nginx", "請選擇伺服器軟體廠商"))
            if len(form["passphrase"]) < 6:
                errors.append(("passphrase", "通行密碼至少六碼"))
            elif form["passphrase"] != form["passphrase_confirmation"]:
                errors.append(("passphrase_confirmation", "兩次輸入的通行密碼不一致"))
            if not errors:
                draft.update(software=form["server_software"], passphrase=form["passphrase"])
                return self.see("/ssl/apply/contacts", draft=request.query["draft"])
        parts = subject(draft["csr"])
        lines = "".join(f"<div><dt>{label}</dt><dd>{esc(parts[key]) or '—'}</dd></div>" for label, key in CSR_LINES)
        chosen = request.form["server_software"] or draft.get("software", "")
        radios = "".join(
            f'<div class="radio"><input type="radio" id="software-{key}" name="server_software" value="{key}" required{" checked" if key == chosen else ""}><label for="software-{key}">{label}</label></div>'
            for key, label in SOFTWARE.items()
        )
        return self.show(
            request,
            "檢查 CSR 內容與設定通行密碼",
            f"""<p class="progress">第 2 步,共 5 步</p><section aria-labelledby="csr-title"><h2 id="csr-title">您的 CSR 內容</h2><dl>{lines}</dl>
<details><summary>顯示 CSR 原文</summary><pre>{esc(draft["csr"])}</pre></details></section>
<form method="post">{self.csrf(request)}<fieldset aria-describedby="software-hint"><legend>伺服器軟體廠商 <span class="required">必填</span></legend><p id="software-hint" class="hint">如果不在清單中,請選擇其他。</p>{radios}</fieldset>
<fieldset><legend>通行密碼</legend>
<div class="field"><label for="passphrase">設定通行密碼 <span class="required">必填</span></label><p id="passphrase-hint" class="hint">至少六碼。日後變更聯絡人資料、更新或註銷憑證時都需要。</p>{self.error("passphrase", errors)}<input
type="password" id="passphrase" name="passphrase" autocomplete="new-password" minlength="6" required aria-describedby="passphrase-hint"></div>
<div class="field"><label for="passphrase_confirmation">再輸入一次通行密碼 <span class="required">必填</span></label>{self.error("passphrase_confirmation", errors)}<input
type="password" id="passphrase_confirmation" name="passphrase_confirmation" autocomplete="new-password" minlength="6" required></div></fieldset>
<div class="actions"><a href="/ssl/apply/csr?draft={request.query["draft"]}">上一步</a> <button type="submit">下一步</button></div></form>""",
            errors,
        )

    def field(self, person, field, filled, errors):
        prefix = PREFIXES[person]
        ident = f"{prefix}_{NAMES[field]}"
        value = esc(filled.get(field, ""))
        hint = f'<p id="{ident}-hint" class="hint">{HINTS[field]}</p>' if field in HINTS else ""
        described = f' aria-describedby="{ident}-hint"' if hint else ""
        extra = {
            "city": ' list="cities"',
            "tax_id": ' inputmode="numeric" pattern="[0-9]{8}"',
            "postal_code": ' inputmode="numeric" size="6"',
        }.get(field, "")
        required = "" if person == "billing" else " required"
        return f"""<div class="field"><label for="{ident}">{LABELS[field]} <span class="required">必填</span></label>{hint}{self.error(ident, errors)}<input
type="{TYPES.get(field, "text")}" id="{ident}" name="{ident}" value="{value}" autocomplete="section-{prefix} {COMPLETE[field]}"{extra}{described}{required}></div>
"""

    def contact_fieldset(self, person, filled, same, errors):
        fields = "".join(
            self.field(person, field, filled, errors) for field in ORDER if field != "tax_id" or person != "billing"
        )
        prefix = PREFIXES[person]
        if person == "billing":
            radios = "".join(
                f'<div class="radio"><input type="radio" id="bill_same_{key}" name="bill_same_as" value="{key}"{" checked" if key == same else ""}><label for="bill_same_{key}">{label}</label></div>'
                for key, label in SAME.items()
            )
            fields = f'<div role="radiogroup" aria-label="帳務聯絡人與其他聯絡人是否相同">{radios}</div>\n<div class="billing-fields">{fields}</div>'
        return f"""<fieldset id="{prefix}" aria-describedby="{prefix}-note"><legend>{TITLES[person]}</legend><p id="{prefix}-note">{NOTES[person]}</p>
{fields}</fieldset>
"""

    @at("/ssl/apply/contacts", "/ssl/renew/contacts")
    def contacts(self, request: Request):
        if refusal := self.expired(request):
            return refusal
        draft = self.draft(request)
        if draft is None:
            return self.see("/ssl/apply")
        flow = f"/ssl/{draft['kind']}"
        errors = []
        filled = draft["contacts"]
        same = draft.get("same", "tech" if draft["kind"] == "apply" else "none")
        if request.method == "POST":
            same = request.form["bill_same_as"]
            filled = {person: gather(request.form, f"{PREFIXES[person]}_", NAMES) for person in PERSONS}
            draft.update(contacts=filled, same=same)
            for person, contact in self.settled(draft).items():
                prefix = PREFIXES[person]
                wanted = [field for field in ORDER if field != "tax_id" or person != "billing"]
                empty = [field for field in wanted if not contact[field].strip()]
                if empty:
                    errors += [
                        (f"{prefix}_{NAMES[field]}", f"請填寫{TITLES[person]}的{LABELS[field]}") for field in empty
                    ]
                elif complaint := self.contact_complaint(contact, tax_id=person != "billing"):
                    errors.append((prefix, f"{TITLES[person]}:{complaint}"))
            if not errors:
                return self.see(f"{flow}/payment", draft=request.query["draft"])
        cities = "".join(f'<option value="{city}"></option>' for city in CITIES)
        fieldsets = "".join(self.contact_fieldset(person, filled.get(person, {}), same, errors) for person in PERSONS)
        back = (
            f'<a href="/ssl/apply/server?draft={request.query["draft"]}">上一步</a> '
            if draft["kind"] == "apply"
            else ""
        )
        return self.show(
            request,
            "填寫聯絡人資料",
            f"""<style>.billing-fields{{display:none}}fieldset:has(#bill_same_none:checked) .billing-fields{{display:block}}</style>
<p class="progress">{"第 3 步,共 5 步" if draft["kind"] == "apply" else "第 2 步,共 4 步"}</p><p>內容須與申請單相符,請務必全部填寫,不可留空白。</p>
<form method="post" novalidate>{self.csrf(request)}<datalist id="cities">{cities}</datalist>
{fieldsets}<div class="actions">{back}<button type="submit">下一步</button></div></form>""",
            errors,
        )

    def settled(self, draft):
        """The contacts as they will be received."""
        contacts = {person: dict(contact) for person, contact in draft["contacts"].items()}
        for contact in contacts.values():
            contact["city"] = contact["city"].strip().replace("臺", "台")
        twin = {"tech": "technical", "biz": "business"}.get(draft.get("same", "none"))
        if twin:
            contacts["billing"] = dict(contacts[twin])
        return contacts

    @at("/ssl/apply/payment", "/ssl/renew/payment")
    def payment(self, request: Request):
        if refusal := self.expired(request):
            return refusal
        draft = self.draft(request)
        if draft is None or len(draft["contacts"]) < 3:
            return self.see("/ssl/apply")
        flow = f"/ssl/{draft['kind']}"
        errors = []
        if request.method == "POST":
            if request.form["payment_method"] in PAYMENTS:
                draft["payment"] = request.form["payment_method"]
                return self.see(f"{flow}/review", draft=request.query["draft"])
            errors = [("pay-transfer", "請選擇付款方式")]
        radios = "".join(
            f'<label class="radio"><input type="radio" id="pay-{key}" name="payment_method" value="{key}"{" checked" if key == draft.get("payment") else ""}> {label}</label>\n'
            for key, label in PAYMENTS.items()
        )
        return self.show(
            request,
            "選擇付款方式",
            f"""<p class="progress">{"第 4 步,共 5 步" if draft["kind"] == "apply" else "第 3 步,共 4 步"}</p><form method="post">{self.csrf(request)}<fieldset><legend>付款方式 <span class="required">必填</span></legend>
{radios}</fieldset><div class="actions"><a href="{flow}/contacts?draft={request.query["draft"]}">上一步</a> <button type="submit">繼續</button></div></form>""",
            errors,
        )

    @at("/ssl/apply/review", "/ssl/renew/review")
    def review(self, request: Request):
        if refusal := self.expired(request):
            return refusal
        draft = self.draft(request)
        if draft is None or "payment" not in draft:
            return self.see("/ssl/apply")
        flow = f"/ssl/{draft['kind']}"
        if request.method == "POST":
            return self.decide(request, draft, flow)
        parts = subject(draft["csr"])
        groups = [("憑證申請檔", [(label, parts[key]) for label, key in CSR_LINES])]
        if draft["kind"] == "apply":
            groups.append(("伺服器資訊", [("伺服器軟體廠商", SOFTWARE[draft["software"]]), ("通行密碼", "••••••••")]))
        for person, contact in self.settled(draft).items():
            wanted = [field for field in ORDER if contact[field]]
            groups.append((TITLES[person], [(LABELS[field], contact[field]) for field in wanted]))
        groups.append(("付款", [("付款方式", PAYMENTS[draft["payment"]])]))
        body = "".join(
            f"<section><h2>{title}</h2><dl>"
            + "".join(f"<dt>{label}</dt><dd>{esc(value) or '—'}</dd>" for label, value in lines)
            + "</dl></section>\n"
            for title, lines in groups
        )
        return self.show(
            request,
            "確認資料",
            f"""<p class="progress">最後一步</p><p>請再次確認以下資料,送出後即無法修改。</p>{body}
<form method="post" class="actions">{self.csrf(request)}<button type="submit" name="action" value="back">上一步</button>
<button type="submit" name="action" value="submit" class="primary">確認送出</button>
<button type="submit" name="action" value="cancel" class="danger">取消</button></form>""",
        )

    def decide(self, request, draft, flow):
        name = request.query["draft"]
        if request.form["action"] == "back":
            return self.see(f"{flow}/payment", draft=name)
        if request.form["action"] != "submit":
            del request.session["drafts"][name]
            return self.see("/ssl/apply", cancelled=1)
        self.orders.append(
            Order(
                draft["kind"],
                request.index,
                draft["csr"],
                SOFTWARE.get(draft.get("software", ""), ""),
                draft["passphrase"],
                PAYMENTS[draft["payment"]],
                contacts=self.settled(draft),
            )
        )
        del request.session["drafts"][name]
        return self.see(f"{flow}/done", no=f"2024-{len(self.orders):06}")

    @at("/ssl/apply/done", "/ssl/renew/done")
    def done(self, request: Request):
        return self.show(
            request,
            "申請已送出",
            f"""<div role="status" class="success"><p><strong>作業成功</strong></p><p>申請編號 <output>{esc(request.query["no"])}</output></p></div>
<p>系統已接受您的憑證請求。簽發憑證後,會寄送電子郵件通知您下載,作業時間約需二個工作天。</p><p><a href="/ssl">返回 SSL 伺服器憑證</a></p>""",
        )

    # Search and download

    @at("/ssl/certificates")
    def search(self, request: Request):
        name = request.query["domain"]
        results = ""
        if name:
            found = self.found(name)
            cards = "".join(self.card(record) for record in found)
            results = f"""<section aria-labelledby="results"><h2 id="results">搜尋結果</h2><p role="status">{f"找到 {len(found)} 張憑證" if found else "找不到符合的憑證"}</p>
<div class="cards">{cards}</div>{'<nav aria-label="分頁"><ol><li><a aria-current="page" href="#results">1</a></li></ol></nav>' if found else ""}</section>"""
        return self.show(
            request,
            "憑證搜尋",
            f"""<search><form method="get" action="/ssl/certificates"><label for="domain">網站名稱</label><p id="domain-hint" class="hint">如 www.abc.com.tw,大小寫需一致</p>
<input type="search" id="domain" name="domain" value="{esc(name)}" aria-describedby="domain-hint" required> <button>搜尋</button></form></search>{results}""",
        )

    def card(self, record):
        ident = f"cert-{self.position(record)}"
        lines = (
            f'<div><dt>憑證狀態</dt><dd><span class="badge {record.status}">{STATES[record.status]}</span></dd></div>'
        )
        actions = more = ""
        if record.leaf:
            lines += f"""<div><dt>生效時間</dt><dd>{shown(record.start)}</dd></div><div><dt>到期時間</dt><dd>{shown(record.end)}</dd></div>
<div><dt>憑證序號(十六進位)</dt><dd><code>{record.serial:X}</code></dd></div>"""
            more = f"""<details><summary>憑證內容</summary><dl><dt>國別</dt><dd>TW</dd><dt>組織</dt><dd>Example Ltd.</dd><dt>一般名稱</dt><dd>{esc(record.name)}</dd><dt>憑證等級</dt><dd>OV</dd></dl></details>"""
        else:
            lines += f"<div><dt>申請編號</dt><dd>{record.number}</dd></div>"
        if record.remark:
            lines += f"<div><dt>退件說明</dt><dd>{record.remark}</dd></div>"
        if record.status == "valid":
            actions = f"""<footer><a href="/ssl/certificates/download?serial={record.serial:X}" download="ServerCert.cer">下載憑證</a>
<a href="/ssl/renew?serial={record.serial:X}">更新憑證</a> <a href="/ssl/revoke?domain={esc(record.name)}">廢止憑證</a></footer>"""
        return f"""<article aria-labelledby="{ident}"><h3 id="{ident}">{esc(record.name)}</h3><dl>{lines}</dl>{more}{actions}</article>
"""

    @at("/ssl/certificates/download")
    def download(self, request: Request):
        leaf = self.by_serial(str(int(request.query["serial"], 16))).leaf
        pem = leaf.public_bytes(Encoding.PEM) + b"".join(
            one.public_bytes(Encoding.PEM) for one in pki_factory.authority().chain
        )
        return self.attachment(pem, "ServerCert.cer", "application/x-pem-file")

    # Renewal

    @at("/ssl/renew")
    def renew(self, request: Request):
        if refusal := self.expired(request):
            return refusal
        record = self.by_serial(str(int(request.query["serial"], 16)))
        errors = []
        if request.method == "POST":
            text = self.uploaded(request)
            if complaint := self.csr_complaint(text):
                errors.append(("csr", complaint))
            if request.form["passphrase"] != record.passphrase:
                errors.append(("passphrase", "通行密碼不正確"))
            if not errors:
                contacts = {person: dict(contact) for person, contact in record.contacts.items()}
                name = self.new_draft(request, kind="renew", csr=text, passphrase=record.passphrase, contacts=contacts)
                return self.see("/ssl/renew/contacts", draft=name)
        return self.show(
            request,
            "更新憑證",
            f"""<p class="progress">第 1 步,共 4 步</p><p>更新 <strong>{esc(record.name)}</strong> 的憑證。</p><form method="post" enctype="multipart/form-data">{self.csrf(request)}{self.csr_fields(errors, request.form["csr"])}
<div class="field"><label for="passphrase">通行密碼 <span class="required">必填</span></label><p id="passphrase-hint" class="hint">首次申請時所設定的通行密碼,注意文字大小寫。</p>{self.error("passphrase", errors)}<input
type="password" id="passphrase" name="passphrase" autocomplete="current-password" required aria-describedby="passphrase-hint"></div>
<div class="actions"><button type="reset">重設</button> <button type="submit">繼續</button></div></form>""",
            errors,
        )

    # Revocation

    @at("/ssl/revoke")
    def revoke(self, request: Request):
        if refusal := self.expired(request):
            return refusal
        name = request.form["domain"] or request.query["domain"]
        errors = []
        dialog = ""
        if request.method == "POST":
            found = [record for record in self.found(name) if record.status == "valid"]
            if not found:
                errors = [("domain", "查無有效的憑證,請確認網站名稱與大小寫")]
            elif request.form["passphrase"] != found[0].passphrase:
                errors = [("passphrase", "通行密碼不正確")]
            else:
                request.session["revoking"] = found[0].name
                dialog = f"""<dialog open aria-labelledby="revoke-title"><h2 id="revoke-title">確定要廢止這張憑證嗎?</h2><dl><dt>網站名稱</dt><dd>{esc(found[0].name)}</dd><dt>憑證序號(十六進位)</dt><dd><code>{found[0].serial:X}</code></dd></dl>
<p>廢止後無法復原。</p><form method="post" action="/ssl/revoke/confirm">{self.csrf(request)}<button type="submit" formmethod="dialog" autofocus>取消</button> <button type="submit" class="danger">確定廢止</button></form></dialog>"""
        return self.show(
            request,
            "憑證廢止",
            dialog
            or f"""<p>線上作業前,請先填妥「用戶註銷憑證申請單」。</p><form method="post" action="/ssl/revoke">{self.csrf(request)}
<div class="field"><label for="domain">網站名稱 <span class="required">必填</span></label><p id="domain-hint" class="hint">當初所申請的憑證之網站名稱,如 www.abc.com.tw,大小寫需一致</p>{self.error("domain", errors)}<input
type="text" id="domain" name="domain" value="{esc(name)}" required aria-describedby="domain-hint"></div>
<div class="field"><label for="passphrase">通行密碼 <span class="required">必填</span></label>{self.error("passphrase", errors)}<input type="password" id="passphrase" name="passphrase" autocomplete="current-password" required></div>
<button type="submit">廢止憑證</button></form>""",
            errors,
        )

    @at("/ssl/revoke/confirm")
    def revoke_confirm(self, request: Request):
        if refusal := self.expired(request):
            return refusal
        name = request.session.pop("revoking", "")
        if request.method != "POST" or not name:
            return self.see("/ssl/revoke")
        self.revocations.append({"name": name, "index": request.index})
        return self.see("/ssl/revoke/done", domain=name)

    @at("/ssl/revoke/done")
    def revoked(self, request: Request):
        return self.show(
            request,
            "廢止申請已送出",
            f"""<div role="status" class="success"><p>已收到 {esc(request.query["domain"])} 的廢止申請。</p></div><p>請將申請單押蓋公司大小章後傳真至 (02)2370-0728,由 TWCA 認證中心予以確認。</p>""",
        )

    # The authority's certificates

    @at("/ssl/ca-certificates")
    def authorities(self, request: Request):
        items = "".join(
            f'<li><a href="/ssl/ca-certificates/download?id={number}" download>{"根憑證" if one.issuer == one.subject else "中繼憑證"}({esc(one.subject.rfc4514_string())})</a></li>'
            for number, one in enumerate(pki_factory.authority().chain)
        )
        return self.show(request, "中繼憑證與根憑證", f"<ul>{items}</ul>")

    @at("/ssl/ca-certificates/download")
    def chain(self, request: Request):
        one = pki_factory.authority().chain[int(request.query["id"])]
        return self.attachment(
            one.public_bytes(Encoding.PEM), f"ca-{request.query['id']}.pem", "application/x-pem-file"
        )
