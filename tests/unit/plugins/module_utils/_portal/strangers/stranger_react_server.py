# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rendered on a server by React: div soup with hashed classes, aria-labelledby, submit buttons outside their form, no tables."""

from __future__ import annotations

import pki_factory
from stranger_office import Office, Order, Request, at, esc, gather, subject

NAMES = {
    "name": "name",
    "title": "title",
    "company": "company",
    "tax_id": "taxId",
    "city": "city",
    "address": "address",
    "postal_code": "zip",
    "phone": "phone",
    "fax": "fax",
    "email": "email",
}
CITIES = ["基隆市", "台北市", "新北市", "桃園市", "新竹市", "台中市", "台南市", "高雄市"]
SOFTWARE = ["apache", "nginx", "iis", "tomcat", "other"]
SOFTWARE_TEXT = {"apache": "Apache", "nginx": "NGINX", "iis": "Microsoft IIS", "tomcat": "Tomcat", "other": "其他"}
PAYMENTS = {"card": "信用卡", "remit": "銀行匯款", "check": "支票"}
STATES = {"valid": "有效", "pending": "申請處理中", "rejected": "申請遭退回", "revoked": "已廢止", "expired": "已失效"}
PERSONS = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}


class ReactServer(Office):
    def show(self, title, body):
        return self.page(f"""<!DOCTYPE html><html lang="zh-TW"><head><meta charSet="utf-8"/><title>{title}</title></head><body><div id="__next"><div
class="css-1x"><header class="css-h1"><div class="css-a"><a href="/">TWCA</a></div>
<div role="navigation"><div class="css-n"><div class="css-m"><a href="/support"><span>客服專區</span></a></div><div class="css-m"><a
href="/services"><span>憑證服務</span></a></div></div></div>
<form action="/q" class="css-s"><input type="search" name="q" aria-label="搜尋整個網站"/><button type="submit"
aria-label="搜尋"><svg><title>搜尋</title></svg></button></form></header>
<main><div class="css-t"><div role="heading" aria-level="1">{title}</div></div>{body}</main><footer><div>© TWCA</div></footer></div></div>
<script id="__NEXT_DATA__" type="application/json">{{"props":{{"pageProps":{{"title":"作業成功?"}}}}}}</script></body></html>""")

    @staticmethod
    def toast(text):
        return (
            f'<div class="css-toast" role="alert"><div class="css-icon"></div><div>{text}</div></div>' if text else ""
        )

    @staticmethod
    def field(name, label, kind="text", value="", hint=""):
        key = name.replace(".", "-")
        help_ = f'<div id="{key}-help" class="css-help">{hint}</div>' if hint else ""
        return (
            f'<div class="css-f"><div id="{key}-label" class="css-l">{label}</div><div class="css-i">'
            f'<input type="{kind}" name="{name}" aria-labelledby="{key}-label" value="{esc(value)}"/></div>{help_}</div>'
        )

    @at("/")
    def home(self, request: Request):
        return self.show("TWCA", '<div class="css-hero"><div>數位信任,從這裡開始</div></div>')

    @at("/support", "/services")
    def support(self, request: Request):
        return self.show(
            "服務",
            (
                '<div class="css-g"><a href="/ssl"><div><div>SSL 伺服器憑證</div><div>保護您的網站</div></div></a><a href="/mail"><div><div>電子郵件憑證'
                "</div></div></a></div>"
            ),
        )

    @at("/ssl")
    def ssl(self, request: Request):
        return self.show(
            "SSL 伺服器憑證",
            """<div class="css-g"><a href="/ssl/apply"><div>憑證申請</div></a><a href="/ssl/search"><div>憑證搜尋</div></a><a
href="/ssl/revoke"><div>憑證廢止</div></a></div>
<div class="css-b"><div role="heading" aria-level="2">更新憑證</div><form id="find" action="/ssl/search" method="get"></form><div
id="find-l">網站名稱</div><input form="find" name="host" aria-labelledby="find-l"/><button type="submit" form="find">搜尋</button></div>""",
        )

    @at("/ssl/apply")
    def steps(self, request: Request):
        cards = "".join(
            f'<div class="css-c"><div>步驟 {number}</div><div>{name}</div></div>'
            for number, name in enumerate(("閱讀說明", "產生金鑰", "寄送申請單"), 1)
        )
        return self.show(
            "憑證申請",
            cards
            + '<a href="/ssl/apply/1"><div class="css-c"><div>步驟 4</div><div>傳送憑證申請檔與線上填寫註冊資料</div></div></a>',
        )

    @at("/ssl/apply/1")
    def csr(self, request: Request):
        note = ""
        if request.method == "POST":
            note = self.csr_complaint(request.form["csr"])
            if not note:
                request.session.update(csr=request.form["csr"], kind="apply")
                return self.redirect("/ssl/apply/2", 303)
        return self.show(
            "傳送憑證申請檔",
            f"""{self.toast(note)}<form id="wizard" method="POST" action="/ssl/apply/1"><div class="css-f"><div
id="csr-label">憑證申請檔 (CSR)</div><textarea name="csr" aria-labelledby="csr-label"></textarea></div></form>
<div class="css-bar"><a href="/ssl"><button type="button">返回</button></a><button type="submit" form="wizard">確定</button></div>""",
        )

    @at("/ssl/apply/2")
    def check(self, request: Request):
        note = ""
        if request.method == "POST":
            form = request.form
            if len(form["pw"]) >= 6 and form["pw"] == form["pwAgain"]:
                request.session.update(software=SOFTWARE_TEXT[form["server"]], passphrase=form["pw"])
                return self.redirect("/ssl/apply/3", 303)
            note = "通行密碼不符合規定"
        parts = subject(request.session["csr"])
        rows = "".join(
            f'<div class="css-r"><div class="css-k">{label}</div><div class="css-v">{esc(parts[key])}</div></div>'
            for label, key in (
                ("一般名稱", "CN"),
                ("組織", "O"),
                ("組織單位", "OU"),
                ("城市/位置", "L"),
                ("州/省", "ST"),
                ("國別", "C"),
                ("適用之安全強度 (bits)", "bits"),
            )
        )
        options = "".join(f'<option value="{key}">{SOFTWARE_TEXT[key]}</option>' for key in SOFTWARE)
        return self.show(
            "檢查 CSR 內容",
            f"""{self.toast(note)}<div class="css-d">{rows}</div><form id="wizard" method="POST" action="/ssl/apply/2"><div class="css-f"><div
id="server-label">伺服器軟體廠商</div><select name="server" aria-labelledby="server-label">{options}</select></div>
<div role="group" aria-labelledby="pp"><div
id="pp">通行密碼</div>{self.field("pw", "輸入密碼", "password", hint="至少六碼")}{self.field("pwAgain", "再輸入一次密碼以確認", "password")}</div></form>
<div class="css-bar"><button type="button">返回</button><button type="submit" form="wizard">下一步</button></div>""",
        )

    @at("/ssl/apply/3")
    def contacts(self, request: Request):
        note = ""
        renewing = request.session["kind"] == "renew"
        value = self.by_serial(request.session["sn"]).contacts if renewing else {}
        if request.method == "POST":
            contacts = {key: gather(request.form, f"{key}.", NAMES) for key in PERSONS}
            if request.form.get("billing.same"):
                contacts["billing"] = contacts[request.form["billing.same"]]
            for key, contact in contacts.items():
                if complaint := self.contact_complaint(contact, tax_id=key != "billing"):
                    note = note or f"{PERSONS[key]}:{complaint}"
            if not note:
                request.session["contacts"] = contacts
                return self.redirect("/ssl/apply/4", 303)
            value = contacts

        def section(key):
            filled = value.get(key, {})
            options = "".join(
                f'<option value="{city}"{" selected=" + chr(34) + chr(34) if city == filled.get("city") else ""}>{city}</option>'
                for city in CITIES
            )

            def box(field, label, hint=""):
                return self.field(f"{key}.{NAMES[field]}", label, value=filled.get(field, ""), hint=hint)

            same = ""
            if key == "billing" and renewing:
                same = (
                    '<div role="radiogroup">'
                    + "".join(
                        (
                            f'<label class="css-o">'
                            f'<input type="radio" name="billing.same" value="{code}"{" checked=" + chr(34) + chr(34) if not code else ""}/>'
                            f"<span>{label}</span></label>"
                        )
                        for code, label in (
                            ("technical", "與技術聯絡人相同"),
                            ("business", "與業務聯絡人相同"),
                            ("", "兩者皆否"),
                        )
                    )
                    + "</div>"
                )
            return f"""<section class="css-x" aria-labelledby="{key}-h"><div id="{key}-h" role="heading"
aria-level="2">請輸入{PERSONS[key]}資訊</div><div class="css-p">若有憑證更新的訊息,本公司也會寄送給技術聯絡人及 貴公司的業務聯絡人。</div>{same}
{box("name", "姓名")}{box("title", "職稱")}{box("company", "公司")}{box("tax_id", "公司統一編號") if key != "billing" else ""}
<div class="css-f" role="group"><div id="{key}-a">通訊地址</div><div class="css-row"><select name="{key}.city" aria-labelledby="{key}-a"><option
value="">縣市</option>{options}</select><input name="{key}.address" aria-labelledby="{key}-a" value="{esc(filled.get("address", ""))}"/></div></div>
{box("postal_code", "郵遞區號")}{box("phone", "聯絡電話", "例如 (02)23708886#9")}{box("fax", "傳真號碼")}{box("email", "電子郵件地址")}</section>"""

        return self.show(
            "聯絡人",
            f"""{self.toast(note)}<form id="wizard" method="POST" action="/ssl/apply/3">{"".join(section(key) for key in PERSONS)}</form><div
class="css-bar"><button type="button">返回</button><button type="submit" form="wizard">下一步</button></div>""",
        )

    @at("/ssl/apply/4")
    def payment(self, request: Request):
        if request.method == "POST":
            have = request.session
            self.orders.append(
                Order(
                    have["kind"],
                    request.index,
                    have["csr"],
                    have.get("software", ""),
                    have["passphrase"],
                    PAYMENTS[request.form["method"]],
                    contacts=have["contacts"],
                )
            )
            return self.redirect("/ssl/apply/5", 303)
        choices = "".join(
            (
                f'<label class="css-o"><input type="radio" name="method" value="{key}"{" checked=" + chr(34) + chr(34) if key == "card" else ""}/><div>'
                f"<div>{name}</div><div>說明文字</div></div></label>"
            )
            for key, name in PAYMENTS.items()
        )
        return self.show(
            "付款",
            f"""<form id="wizard" method="POST" action="/ssl/apply/4"><div role="radiogroup" aria-labelledby="pl"><div
id="pl">付款方式</div>{choices}</div></form><div class="css-bar"><button type="button">返回</button><button type="submit" form="wizard">繼續</button></div>""",
        )

    @at("/ssl/apply/5")
    def done(self, request: Request):
        return self.show(
            "系統的回應訊息",
            """<div
class="css-ok"><div>作業成功</div><div>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件 (E-Mail)通知您下載憑證事宜。</div
><div>CA作業時間約需二個工作天。</div></div><a href="/"><button type="button">回首頁</button></a>""",
        )

    @at("/ssl/search")
    def search(self, request: Request):
        host = request.query.get("host", "")
        form = f"""<form action="/ssl/search" method="get"><div id="h-l">網站名稱</div><input name="host" aria-labelledby="h-l"
value="{esc(host)}"/><button type="submit">搜尋</button></form>"""
        if not host:
            return self.show("憑證搜尋", form)
        found = self.found(host)
        if not found:
            return self.show("憑證搜尋", form + '<div class="css-empty">沒有符合的憑證</div>')
        return self.show("憑證搜尋", form + "".join(self.detail(record) for record in found))

    def detail(self, record):
        lines = [("一般名稱", record.name), ("憑證狀態", STATES[record.status])]
        links = ""
        if record.leaf:
            lines += [
                (
                    "有效期限",
                    f"<div>{record.start:%Y-%m-%dT%H:%M:%S+08:00}</div><div>{record.end:%Y-%m-%dT%H:%M:%S+08:00}</div>",
                ),
                ("憑證內容", f"Country = TW, Common Name = {record.name}"),
                ("憑證序號", str(record.serial)),
            ]
        if record.remark:
            lines.append(("退回原因", record.remark))
        if record.status == "valid":
            links = (
                f'<div class="css-bar"><a href="/ssl/certificates/{record.serial}/download">下載憑證</a>'
                f'<a href="/ssl/certificates/{record.serial}/renew">更新憑證</a></div>'
            )
        rows = "".join(
            f'<div class="css-r"><div class="css-k">{label}</div><div class="css-v">{value}</div></div>'
            for label, value in lines
        )
        return f'<div class="css-card">{rows}{links}</div>'

    def answer(self, method, target, body, headers):
        if target.startswith("/ssl/certificates/"):
            _slash, _ssl, _certificates, serial, action = target.split("/")
            target = f"/ssl/certificates/{action}?sn={serial}"
        return super().answer(method, target, body, headers)

    @at("/ssl/certificates/download")
    def download(self, request: Request):
        pem = pki_factory.pem(self.by_serial(request.query["sn"]).leaf)
        return self.show(
            "下載憑證",
            f"""<div role="heading" aria-level="2">請複製憑證內容</div><textarea readonly="" aria-label="憑證">{pem}</textarea>""",
        )

    @at("/ssl/certificates/renew")
    def renew(self, request: Request):
        note = ""
        record = self.by_serial(request.query["sn"])
        if request.method == "POST":
            note = self.csr_complaint(request.form["csr"]) or (
                "" if request.form["pw"] == record.passphrase else "通行密碼錯誤"
            )
            if not note:
                request.session.update(
                    csr=request.form["csr"], passphrase=request.form["pw"], kind="renew", sn=str(record.serial)
                )
                return self.redirect("/ssl/apply/3", 303)
        return self.show(
            "更新憑證",
            f"""{self.toast(note)}<form id="wizard" method="POST"><div id="csr-label">輸入CSR資訊</div><textarea name="csr"
aria-labelledby="csr-label"></textarea>{self.field("pw", "輸入通行密碼", "password")}</form><div><button type="submit" form="wizard">繼續</button></div>""",
        )

    @at("/ssl/revoke")
    def revoke(self, request: Request):
        note = ""
        if request.method == "POST":
            if self.found(request.form["host"]):
                self.revocations.append({"name": request.form["host"], "index": request.index})
                return self.show(
                    "憑證廢止", "<div>憑證廢止申請已送出</div><div>請列印此頁,押蓋公司大小章後傳真。</div>"
                )
            note = "找不到憑證"
        return self.show(
            "憑證廢止",
            f"""{self.toast(note)}<form id="wizard" method="POST"
action="/ssl/revoke">{self.field("host", "網站名稱", hint="大小寫需一致")}</form><button type="submit" form="wizard">確定</button>""",
        )

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.show(
            "中繼憑證",
            "".join(
                f'<a href="/ca/{number}.pem"><div>{name}</div></a>'
                for number, name in enumerate(("TWCA Secure SSL CA", "TWCA CYBER Root CA"))
            ),
        )

    @at("/ca/0.pem", "/ca/1.pem")
    def authority(self, request: Request):
        return self.attachment(
            pki_factory.pem(pki_factory.authority().chain[int(request.path[4])]).encode(),
            "ca.pem",
            "text/plain; charset=utf-8",
        )
