# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bootstrap 5: labels after their fields, hints, a list of all steps on top, links dressed as buttons, messages after a redirect."""

from __future__ import annotations

import io
import zipfile

import pki_factory
from stranger_office import Office, Order, Request, at, esc, gather, subject

NAMES = {
    "name": "fullName",
    "title": "jobTitle",
    "company": "companyName",
    "tax_id": "unifiedNumber",
    "city": "county",
    "address": "street",
    "postal_code": "postcode",
    "phone": "telephone",
    "fax": "fax",
    "email": "email",
}
CITIES = ["臺北市", "新北市", "桃園市", "臺中市", "臺南市", "高雄市"]
SOFTWARE = ["Nginx", "Apache HTTP Server", "Apache Tomcat", "Microsoft IIS 10", "HAProxy", "其他"]
PAYMENTS = ["信用卡", "虛擬帳號轉帳", "銀行匯款"]
STATES = {"valid": "有效", "pending": "審核中", "rejected": "未通過", "revoked": "已廢止", "expired": "已過期"}
PERSONS = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
STEPS = ["貼上 CSR", "檢查 CSR 內容與通行密碼", "聯絡人資料", "付款方式", "完成"]
STAR = '<span class="text-danger" aria-hidden="true">*</span><span class="visually-hidden">必填</span>'


class Bootstrap(Office):
    def show(self, request, title, body, step=None, status=200):
        flash = request.session.pop("flash", None)
        alert = ""
        if flash:
            alert = (
                f'<div class="alert alert-danger alert-dismissible fade show" role="alert"><i class="bi bi-x"></i> {flash}'
                f'<button type="button" class="btn-close" data-bs-dismiss="alert" aria-label="關閉"></button></div>'
            )
        steps = ""
        if step is not None:
            steps = (
                '<nav aria-label="申請進度"><ol class="breadcrumb">'
                + "".join(
                    f'<li class="breadcrumb-item{" active" if number == step else ""}">{name}</li>'
                    for number, name in enumerate(STEPS)
                )
                + "</ol></nav>"
            )
        return self.page(
            f"""<!doctype html><html lang="zh-Hant"><head><meta charset="utf-8"><meta name="viewport"
content="width=device-width"><title>{title} | TWCA</title></head><body>
<nav class="navbar navbar-expand-lg"><div class="container"><a class="navbar-brand" href="/">TWCA</a><button class="navbar-toggler" type="button"
aria-label="選單"></button>
<ul class="navbar-nav"><li class="nav-item dropdown"><a class="nav-link dropdown-toggle" href="#" data-bs-toggle="dropdown">客服專區</a><ul
class="dropdown-menu"><li><a class="dropdown-item" href="/ssl">SSL 伺服器憑證</a></li><li><a class="dropdown-item" href="/faq">常見問題</a></li></ul></li>
<li class="nav-item dropdown"><a class="nav-link dropdown-toggle" href="#">憑證服務</a><ul class="dropdown-menu"><li><a class="dropdown-item"
href="/ssl">SSL 伺服器憑證</a></li></ul></li></ul>
<form class="d-flex" role="search" action="/site-search"><input class="form-control" type="search" name="q" placeholder="搜尋"
aria-label="搜尋"><button class="btn" type="submit">搜尋</button></form></div></nav>
<main class="container">{steps}{alert}<h1 class="h3">{title}</h1>{body}</main>
<footer><a href="/privacy">隱私權政策</a><button class="btn btn-link" type="button">繁體中文</button></footer></body></html>""",
            status,
        )

    def flash(self, request, text, target):
        request.session["flash"] = text
        return self.redirect(target, 303)

    @staticmethod
    def token():
        return '<input type="hidden" name="_csrf" value="q1w2e3">'

    @at("/")
    def home(self, request: Request):
        return self.show(
            request,
            "首頁",
            (
                '<div class="card"><div class="card-body"><h5 class="card-title">SSL 伺服器憑證</h5><p>安全又方便。</p>'
                '<a href="/ssl" class="btn btn-primary">瞭解更多</a></div></div>'
            ),
        )

    @at("/ssl")
    def ssl(self, request: Request):
        return self.show(
            request,
            "SSL 伺服器憑證",
            """<div class="list-group"><a class="list-group-item" href="/ssl/apply">憑證申請 <span class="badge">新</span></a><a
class="list-group-item" href="/ssl/search">憑證搜尋</a><a class="list-group-item" href="/ssl/revoke">憑證廢止</a></div>
<h2 class="h5">更新憑證</h2><form action="/ssl/search" class="row g-3"><div class="input-group"><span class="input-group-text">網站名稱</span><input
class="form-control" name="domain" placeholder="www.example.com.tw"><button class="btn btn-primary">搜尋</button></div></form>""",
        )

    @at("/ssl/apply")
    def steps(self, request: Request):
        return self.show(
            request,
            "憑證申請",
            """<ul><li>步驟 1 下載申請單</li><li>步驟 2 產製 CSR</li><li>步驟 3 郵寄</li><li><a class="btn btn-success"
href="/ssl/apply/csr">步驟 4 傳送憑證申請檔與線上填寫註冊資料</a></li></ul>""",
        )

    @at("/ssl/apply/csr")
    def csr(self, request: Request):
        if request.method == "POST":
            if complaint := self.csr_complaint(request.form["csr"]):
                return self.flash(request, complaint, "/ssl/apply/csr")
            request.session.update(csr=request.form["csr"], kind="apply")
            return self.redirect("/ssl/apply/check", 303)
        return self.show(
            request,
            "貼上 CSR",
            f"""<form method="post" novalidate>{self.token()}<div class="form-floating mb-3"><textarea class="form-control" id="csr" name="csr"
placeholder="CSR" style="height:240px" required></textarea><label for="csr">憑證申請檔 (CSR) {STAR}</label>
<div class="form-text">請包含 -----BEGIN CERTIFICATE REQUEST----- 與 -----END CERTIFICATE REQUEST-----</div></div>
<a class="btn btn-outline-secondary" href="/ssl" role="button">取消</a> <button class="btn btn-primary" type="submit">確定</button></form>""",
            0,
        )

    @at("/ssl/apply/check")
    def check(self, request: Request):
        if request.method == "POST":
            form = request.form
            if form["password"] != form["password2"] or len(form["password"]) < 6 or not form["server"]:
                return self.flash(request, "通行密碼或伺服器軟體廠商有誤", "/ssl/apply/check")
            request.session.update(software=form["server"], passphrase=form["password"])
            return self.redirect("/ssl/apply/contacts", 303)
        parts = subject(request.session["csr"])
        rows = "".join(
            f'<dt class="col-sm-3">{label}</dt><dd class="col-sm-9">{esc(parts[key]) or "—"}</dd>'
            for label, key in (
                ("一般名稱 (CN)", "CN"),
                ("組織 (O)", "O"),
                ("組織單位 (OU)", "OU"),
                ("城市/位置 (L)", "L"),
                ("州/省 (ST)", "ST"),
                ("國別 (C)", "C"),
                ("適用之安全強度 (bits)", "bits"),
            )
        )
        options = "".join(f"<option>{name}</option>" for name in SOFTWARE)
        return self.show(
            request,
            "檢查 CSR 內容與通行密碼",
            f"""<dl class="row">{rows}</dl><form method="post">{self.token()}
<div class="form-floating mb-3"><select class="form-select" id="server" name="server"><option value="" selected
disabled>請選擇…</option>{options}</select><label for="server">伺服器軟體廠商 {STAR}</label></div>
<div class="form-floating mb-3"><input type="password" class="form-control" id="pw" name="password" placeholder="通行密碼"><label
for="pw">通行密碼 {STAR}</label><div class="form-text">至少六碼,英文大小寫視為不同</div></div>
<div class="form-floating mb-3"><input type="password" class="form-control" id="pw2" name="password2" placeholder="確認"><label
for="pw2">再輸入一次密碼以確認 {STAR}</label></div>
<a class="btn btn-outline-secondary" href="/ssl/apply/csr">上一步</a> <button class="btn btn-primary" type="submit">下一步</button></form>""",
            1,
        )

    @at("/ssl/apply/contacts")
    def contacts(self, request: Request):
        renewing = request.session["kind"] == "renew"
        if request.method == "POST":
            contacts = {key: gather(request.form, f"{key}.", NAMES) for key in PERSONS}
            same = request.form.get("sameAs", "none")
            if same != "none":
                contacts["billing"] = contacts[same]
            for key, contact in contacts.items():
                if complaint := self.contact_complaint(contact, tax_id=key != "billing"):
                    return self.flash(request, f"{PERSONS[key]}資料有誤:{complaint}", "/ssl/apply/contacts")
            request.session["contacts"] = contacts
            return self.redirect("/ssl/apply/payment", 303)
        value = self.by_serial(request.session["serial"]).contacts if renewing else {}

        def section(key):
            filled = value.get(key, {})
            if filled:
                filled = {**filled, "city": filled["city"].replace("台", "臺")}

            def box(field, label, kind="text", hint=""):
                name = f"{key}.{NAMES[field]}"
                small = f'<div class="form-text">{hint}</div>' if hint else ""
                return (
                    f'<div class="col-md-6"><div class="form-floating">'
                    f'<input type="{kind}" class="form-control" id="{name}" name="{name}" placeholder="{label}" value="{esc(filled.get(field, ""))}" required>'
                    f'<label for="{name}">{label} {STAR}</label></div>{small}<div class="invalid-feedback">請填寫{label}</div></div>'
                )

            cities = "".join(
                f"<option{' selected' if city == filled.get('city') else ''}>{city}</option>" for city in CITIES
            )
            name = f"{key}.{NAMES['city']}"
            same = ""
            if key == "billing":
                same = "".join(
                    (
                        f'<div class="form-check form-check-inline">'
                        f'<input class="form-check-input" type="radio" name="sameAs" id="s-{code}" value="{code}"{" checked" if code == "none" else ""}>'
                        f'<label class="form-check-label" for="s-{code}">{label}</label></div>'
                    )
                    for code, label in (
                        ("technical", "與技術聯絡人相同"),
                        ("business", "與業務聯絡人相同"),
                        ("none", "兩者皆否"),
                    )
                )
            return f"""<div class="card mb-4"><div class="card-header">{PERSONS[key]}</div><div class="card-body"><p
class="text-muted">若有憑證更新的訊息,本公司也會寄送給技術聯絡人及業務聯絡人。</p>{same}<div class="row g-3">
{box("name", "姓名")}{box("title", "職稱")}{box("company", "公司")}{box("tax_id", "公司統一編號", hint="8 碼數字") if key != "billing" else ""}
<div class="col-md-6"><div class="form-floating"><select class="form-select" id="{name}" name="{name}"><option
value="">請選擇縣市</option>{cities}</select><label for="{name}">縣市 {STAR}</label></div></div>
{box("address", "通訊地址", hint="路街巷弄號樓")}{box("postal_code", "郵遞區號", hint="3 碼、5 碼或 6 碼")}
{box("phone", "聯絡電話", "tel", "範例:(02)23708886#9")}{box("fax", "傳真號碼", "tel")}
{box("email", "電子郵件地址", "email", "憑證核發後將寄送至此信箱")}</div></div></div>"""

        return self.show(
            request,
            "聯絡人資料",
            f"""<form method="post">{self.token()}{"".join(section(key) for key in PERSONS)}<a class="btn btn-outline-secondary"
href="/ssl">取消申請</a> <button class="btn btn-primary" type="submit">下一步</button></form>""",
            2,
        )

    @at("/ssl/apply/payment")
    def payment(self, request: Request):
        if request.method == "POST":
            if "payment" not in request.form:
                return self.flash(request, "請選擇付款方式", "/ssl/apply/payment")
            have = request.session
            self.orders.append(
                Order(
                    have["kind"],
                    request.index,
                    have["csr"],
                    have.get("software", ""),
                    have["passphrase"],
                    PAYMENTS[int(request.form["payment"])],
                    contacts=have["contacts"],
                )
            )
            return self.redirect("/ssl/apply/done", 303)
        choices = "".join(
            (
                f'<div class="form-check"><input class="form-check-input" type="radio" name="payment" id="pay{number}" value="{number}">'
                f'<label class="form-check-label" for="pay{number}">{name}<br><small class="text-muted">{hint}</small></label></div>'
            )
            for number, (name, hint) in enumerate(zip(PAYMENTS, ("立即授權", "三日內繳款", "請於匯款後傳真收據")))
        )
        return self.show(
            request,
            "付款方式",
            f"""<form method="post">{self.token()}<fieldset><legend class="h6">請選擇付款方式 {STAR}</legend>{choices}</fieldset><a
class="btn btn-outline-secondary" href="/ssl/apply/contacts">上一步</a> <button class="btn btn-primary" type="submit">繼續</button></form>""",
            3,
        )

    @at("/ssl/apply/done")
    def done(self, request: Request):
        return self.show(
            request,
            "完成",
            """<div class="alert alert-success" role="alert"><h4
class="alert-heading">作業成功</h4><p>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件 (E-Mail) 通知您下載憑證事宜。</p><hr><p
class="mb-0">CA作業時間約需二個工作天。</p></div><a class="btn btn-primary" href="/">回首頁</a>""",
            4,
        )

    @at("/ssl/search")
    def search(self, request: Request):
        domain = request.query.get("domain")
        form = """<form action="/ssl/search"><div class="form-floating"><input class="form-control" id="domain" name="domain"
placeholder="網站名稱"><label for="domain">網站名稱</label></div><button class="btn btn-primary" type="submit"><i
class="bi bi-search"></i> 搜尋</button></form>"""
        if not domain:
            return self.show(request, "憑證搜尋", form)
        found = self.found(domain)
        if not found:
            return self.show(
                request, "憑證搜尋", form + f'<div class="alert alert-warning">找不到「{esc(domain)}」的憑證</div>'
            )
        cards = "".join(
            f"""<div class="card mb-2"><div class="card-body d-flex justify-content-between"><div><h5 class="card-title">{record.name}</h5><span
class="badge bg-secondary">{STATES[record.status]}</span></div>
<a class="btn btn-outline-primary" href="/ssl/cert?id={self.position(record)}">檢視</a></div></div>"""
            for record in found
        )
        return self.show(request, "憑證搜尋", form + f"<p>共 {len(found)} 筆</p>" + cards)

    @at("/ssl/cert")
    def cert(self, request: Request):
        record = self.records[int(request.query["id"])]
        lines = [("一般名稱", record.name), ("憑證狀態", f'<span class="badge">{STATES[record.status]}</span>')]
        if record.leaf:
            lines += [
                (
                    "有效期限",
                    f"<time>{record.start:%Y-%m-%d %H:%M:%S}</time><br><time>{record.end:%Y-%m-%d %H:%M:%S}</time>",
                ),
                ("憑證內容", f"Country = TW<br>Common Name = {record.name}"),
                ("憑證序號", f"<code>{record.serial}</code>"),
            ]
        if record.remark:
            lines.append(("未通過原因", record.remark))
        rows = "".join(f'<dt class="col-sm-3">{label}</dt><dd class="col-sm-9">{value}</dd>' for label, value in lines)
        buttons = ""
        if record.status == "valid":
            buttons = f"""<div class="btn-group"><a class="btn btn-primary" href="/ssl/cert.zip?id={self.position(record)}"><i
class="bi bi-download"></i> 下載憑證</a><a class="btn btn-warning" href="/ssl/renew?sn={record.serial}">更新憑證</a></div>"""
        return self.show(request, "憑證詳細資料", f'<dl class="row">{rows}</dl>{buttons}')

    @at("/ssl/cert.zip")
    def bundle(self, request: Request):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("說明.txt", "請將憑證安裝於伺服器")
            archive.writestr("server.cer", pki_factory.pem(self.records[int(request.query["id"])].leaf))
        return self.attachment(packed.getvalue(), "cert.zip", "application/zip")

    @at("/ssl/renew")
    def renew(self, request: Request):
        if request.method == "POST":
            record = self.by_serial(request.session["serial"])
            if complaint := self.csr_complaint(request.form["csr"]):
                return self.flash(request, complaint, f"/ssl/renew?sn={record.serial}")
            if request.form["password"] != record.passphrase:
                return self.flash(request, "通行密碼錯誤,請重新輸入。", f"/ssl/renew?sn={record.serial}")
            request.session.update(csr=request.form["csr"], passphrase=request.form["password"], kind="renew")
            return self.redirect("/ssl/apply/contacts", 303)
        request.session["serial"] = request.query["sn"]
        return self.show(
            request,
            "更新憑證",
            f"""<form method="post" action="/ssl/renew">{self.token()}<div class="form-floating"><textarea class="form-control" id="csr" name="csr"
placeholder="CSR"></textarea><label for="csr">輸入CSR資訊</label></div>
<div class="form-floating"><input class="form-control" type="password" id="password" name="password" placeholder="密碼"><label
for="password">輸入通行密碼</label></div><a href="/forgot">忘記密碼?</a> <a class="btn btn-secondary" href="/ssl">取消</a> <button
class="btn btn-primary">繼續</button></form>""",
        )

    @at("/ssl/revoke")
    def revoke(self, request: Request):
        if request.method == "POST":
            if not self.found(request.form["domain"]):
                return self.flash(request, "查無此網站名稱", "/ssl/revoke")
            self.revocations.append({"name": request.form["domain"], "index": request.index})
            return self.redirect("/ssl/revoke/done", 303)
        return self.show(
            request,
            "憑證廢止",
            f"""<form method="post">{self.token()}<div class="form-floating"><input class="form-control" id="domain" name="domain"
placeholder="網站名稱"><label for="domain">網站名稱 {STAR}</label></div>
<div class="form-floating"><input class="form-control" type="password" id="pw" name="password" placeholder="通行密碼"><label
for="pw">通行密碼 {STAR}</label></div><a class="btn btn-secondary" href="/ssl">取消</a><button class="btn btn-danger"
type="submit">送出廢止申請</button></form>""",
        )

    @at("/ssl/revoke/done")
    def revoked(self, request: Request):
        return self.show(
            request,
            "憑證廢止",
            '<div class="alert alert-success">已收到您的憑證廢止申請,請列印本頁用印後傳真 (02)23700728。</div>',
        )

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.show(
            request,
            "中繼憑證與根憑證",
            '<ul class="list-group"><li class="list-group-item">中繼憑證與根憑證 <a class="btn btn-sm" href="/files/chain.pem" download>下載</a></li></ul>',
        )

    @at("/files/chain.pem")
    def chain(self, request: Request):
        authority = pki_factory.authority()
        return self.attachment(
            "".join(pki_factory.pem(one) for one in [*authority.chain, authority.root.certificate]).encode(),
            "chain.pem",
            "application/x-pem-file",
        )
