# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PHP: a BOM before the page, everything on one long page under h3 headings, cities as radio buttons, an agreement, a page to confirm."""

from __future__ import annotations

import pki_factory
from stranger_office import Office, Order, Request, at, esc, gather, subject

NAMES = dict(
    zip(
        "name title company tax_id city address postal_code phone fax email".split(),
        "name job company taxno city street zip tel fax email".split(),
    )
)
CITIES = ["台北市", "新北市", "桃園市", "台中市", "台南市", "高雄市"]
SOFTWARE = ["Apache 2.x", "Microsoft IIS 7.0", "Microsoft IIS 8.5", "Nginx", "Tomcat", "其他"]
PAYMENTS = ["信用卡線上刷卡", "ATM 轉帳", "銀行匯款", "支票"]
STATES = {"valid": "有效", "pending": "申請中", "rejected": "駁回", "revoked": "已註銷", "expired": "已過期"}
PERSONS = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}


class PhpLong(Office):
    def show(self, title, body):
        return self.page(f"""\ufeff<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>{title} - TWCA</title></head>
<body><div id="header"><h1><a href="index.php">TWCA 台灣網路認證</a></h1>
<ul id="nav"><li><a href="index.php?p=cs">客服專區</a><ul><li><a href="ssl.php">SSL伺服器憑證</a></li></ul></li><li><a
href="index.php?p=svc">憑證服務</a></li><li><a href="login.php">會員登入</a></li></ul></div>
<div id="content"><h2>{title}</h2>{body}</div>
<div id="footer"><form action="epaper.php" method="post">訂閱電子報:<input type="text" name="mail" value="請輸入電子郵件" /><input type="submit"
value="確定" /></form>
Copyright &copy; TWCA</div></body></html>""")

    @at("/", "/index.php")
    def home(self, request: Request):
        if "p" in request.query:
            return self.show(
                "服務",
                '<ul><li><a href="ssl.php">SSL伺服器憑證</a></li><li><a href="personal.php">個人憑證</a></li></ul>',
            )
        return self.show("首頁", "<p>歡迎光臨</p>")

    @at("/ssl.php")
    def ssl(self, request: Request):
        return self.show(
            "SSL伺服器憑證",
            """<p>SSL伺服器憑證提供網站身分鑑別與加密。</p><ul class="menu"><li><a href="howto.php">憑證申請</a></li>
<li><a href="search.php">憑證搜尋</a></li><li><a href="revoke.php">憑證廢止</a></li></ul>
<div class="box"><h3>更新憑證</h3><form action="search.php" method="post"><label for="d">網站名稱</label> <input type="text" id="d" name="domain"
/> <input type="submit" value="搜尋" /></form></div>""",
        )

    @at("/howto.php")
    def howto(self, request: Request):
        return self.show(
            "憑證申請",
            """<dl><dt>步驟 1</dt><dd>詳閱說明</dd><dt>步驟 2</dt><dd>填寫<a href="form.pdf">申請單</a></dd><dt>步驟 3</dt><dd>產生憑證申請檔</dd>
<dt>步驟 4</dt><dd><a href="apply.php">傳送憑證申請檔與線上填寫註冊資料</a></dd></dl>""",
        )

    def long_page(self, action, value, error="", renew=False):
        old = value if value.get("csr") is not None or renew else {}

        def box(name, extra=""):
            return f'<input type="text" name="{name}" value="{esc(old.get(name, ""))}"{extra} />'

        def person(key):
            prefix = key[:4] + "_"
            cities = " ".join(
                (
                    f'<input type="radio" name="{prefix}city" value="{number}'
                    f'"{" checked=" + chr(34) + "checked" + chr(34) if old.get(prefix + "city") == str(number) else ""} />{city}'
                )
                for number, city in enumerate(CITIES)
            )
            tax = (
                f"<p>公司統一編號:{box(prefix + 'taxno', ' maxlength=' + chr(34) + '8' + chr(34))}</p>"
                if key != "billing"
                else ""
            )
            same = ""
            if key == "billing":
                same = """<p><input type="radio" name="same" value="t" id="same_t" /><label for="same_t">與技術聯絡人相同</label>
<input type="radio" name="same" value="b" id="same_b" /><label for="same_b">與業務聯絡人相同</label>
<input type="radio" name="same" value="n" id="same_n" checked="checked" /><label for="same_n">兩者皆否</label></p>"""
            return f"""<h3>請輸入{PERSONS[key]}資訊</h3>{same}<p>姓名:{box(prefix + "name")} (請填真實姓名)</p><p>職稱:{box(prefix + "job")}</p
><p>公司:{box(prefix + "company")}</p>{tax}
<p>通訊地址:<br />{cities}<br />{box(prefix + "street", ' size="50"')}</p><p>郵遞區號:{box(prefix + "zip", ' size="6"')}</p>
<p>聯絡電話:{box(prefix + "tel")} (例:(02)23708886#9)</p><p>傳真號碼:{box(prefix + "fax")}</p><p>電子郵件地址:{box(prefix + "email")}</p>"""

        options = "".join(
            f'<option value="{name}"{" selected=" + chr(34) + "selected" + chr(34) if old.get("server") == name else ""}>{name}</option>'
            for name in SOFTWARE
        )
        if renew:
            security = '<p>通行密碼:<input type="password" name="pass" /> 請輸入首次申請時所設定之通行密碼,注意文字大小寫。</p>'
        else:
            security = """<p>通行密碼:(至少六碼) 輸入密碼:<input type="password" name="pass" /><br />再輸入一次密碼以確認:<input type="password"
name="pass2" /></p>"""
        payments = "<br />".join(
            f'<label><input type="radio" name="pay" value="{number}" />{name}</label>'
            for number, name in enumerate(PAYMENTS)
        )
        message = f'<p style="color:red;font-weight:bold">{error}</p>' if error else ""
        return self.show(
            "線上填寫註冊資料",
            f"""{message}<form action="{action}" method="post">
<h3>憑證申請檔 (CSR)</h3><p>請將 CSR 貼在文字方塊內:<br /><textarea name="csr" cols="70" rows="12">{esc(old.get("csr", ""))}</textarea></p>
<h3>伺服器資訊</h3><p>伺服器軟體廠商:<select name="server">{options}</select></p>{security}
{"".join(person(key) for key in PERSONS)}
<h3>付款方式</h3><p>{payments}</p>
<p><input type="checkbox" name="agree" value="1" /> 我已閱讀並同意<a href="cps.html">憑證實務作業基準</a></p>
<p><input type="submit" value="繼續" /> <input type="reset" value="重新填寫" /></p></form>""",
        )

    @at("/apply.php")
    def apply(self, request: Request):
        if request.method == "GET":
            return self.long_page("apply.php", {})
        form = request.form
        if len(form["pass"]) < 6 or form["pass"] != form["pass2"]:
            return self.long_page("apply.php", form, "兩次輸入的密碼不一致或不足六碼")
        return self.checked(request, "apply", "apply.php")

    def checked(self, request, kind, action):
        form = request.form
        if complaint := self.csr_complaint(form["csr"]):
            return self.long_page(action, form, complaint, kind == "renew")
        contacts = {key: gather(form, key[:4] + "_", NAMES) for key in PERSONS}
        for contact in contacts.values():
            contact["city"] = CITIES[int(contact["city"])] if contact["city"] else ""
        if form.get("same", "n") != "n":
            contacts["billing"] = contacts[{"t": "technical", "b": "business"}[form["same"]]]
        for key, contact in contacts.items():
            if complaint := self.contact_complaint(contact, tax_id=key != "billing"):
                return self.long_page(action, form, f"{PERSONS[key]}:{complaint}", kind == "renew")
        if "pay" not in form:
            return self.long_page(action, form, "請選擇付款方式", kind == "renew")
        if "agree" not in form:
            return self.long_page(action, form, "請先勾選我已閱讀並同意", kind == "renew")
        request.session["order"] = Order(
            kind, -1, form["csr"], form["server"], form["pass"], PAYMENTS[int(form["pay"])], contacts=contacts
        )
        parts = subject(form["csr"])
        lines = "".join(
            f"<p>{label}:{esc(parts[key])}</p>"
            for label, key in (
                ("一般名稱", "CN"),
                ("組織", "O"),
                ("組織單位", "OU"),
                ("城市/位置", "L"),
                ("州/省", "ST"),
                ("國別", "C"),
            )
        )
        persons = "".join(
            f"<h3>{PERSONS[key]}</h3>"
            + "".join(
                f"<p>{label}:{esc(contact[field])}</p>"
                for label, field in (("姓名", "name"), ("公司", "company"), ("電子郵件", "email"))
            )
            for key, contact in contacts.items()
        )
        return self.show(
            "確認資料",
            f"""<p>請確認以下資料是否正確,送出後即無法修改:</p><h3>CSR 內容</h3>{lines}<h3>伺服器軟體廠商</h3><p>{form["server"]}</p>{persons}
<h3>付款方式</h3><p>{PAYMENTS[int(form["pay"])]}</p><form action="commit.php" method="post"><input type="button" value="返回修改"
onclick="history.back()" /><input type="submit" name="ok" value="確認送出" /></form>""",
        )

    @at("/commit.php")
    def commit(self, request: Request):
        order = request.session.pop("order")
        order.index = request.index
        self.orders.append(order)
        return self.redirect("done.php", 303)

    @at("/done.php")
    def done(self, request: Request):
        return self.show(
            "系統的回應訊息",
            """<div class="msg"><b>作業成功</b><br />CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。<br
/>CA作業時間約需二個工作天。</div>""",
        )

    @at("/search.php")
    def search(self, request: Request):
        domain = request.form.get("domain", "")
        form = """<form action="search.php" method="post"><p>網站名稱 <input type="text" name="domain" /> <input type="submit" value="搜尋" /></p></form>"""
        if not domain:
            return self.show("憑證搜尋", form)
        found = self.found(domain)
        if not found:
            return self.show("憑證搜尋", form + "<p>查無資料,請確認網站名稱大小寫是否正確。</p>")
        return self.show("憑證搜尋", form + "".join(self.detail(record) for record in found))

    def detail(self, record):
        lines = [("一般名稱", record.name), ("憑證狀態", STATES[record.status])]
        if record.leaf:
            lines += [
                ("有效期限", f"{record.start:%Y-%m-%d %H:%M:%S} 至 {record.end:%Y-%m-%d %H:%M:%S}"),
                ("憑證等級", "SSL 一年期"),
                ("憑證內容", f"Country = TW, Common Name = {record.name}"),
                ("憑證序號", record.serial),
                ("憑證擁有者", "舊公司"),
            ]
        if record.remark:
            lines.append(("駁回原因", record.remark))
        items = "".join(f"<li>{label}:{value}</li>" for label, value in lines)
        links = ""
        if record.status == "valid":
            links = f"""<p><a href="download.php?id={self.position(record)}">下載憑證</a> | <a href="renew.php?id={self.position(record)}">更新憑證</a></p>"""
        return f"""<div class="cert"><h3>{record.name}</h3><ul>{items}</ul>{links}</div>"""

    @at("/download.php")
    def download(self, request: Request):
        return self.attachment(
            pki_factory.pem(self.records[int(request.query["id"])].leaf).encode(), "server.crt", "text/plain"
        )

    @at("/renew.php")
    def renew(self, request: Request):
        record = self.records[int(request.query["id"])]
        if request.method == "GET":
            old = {
                f"{key[:4]}_{NAMES[field]}": str(CITIES.index(value)) if field == "city" else value
                for key, contact in record.contacts.items()
                for field, value in contact.items()
            }
            return self.long_page(f"renew.php?id={request.query['id']}", old, renew=True)
        if request.form["pass"] != record.passphrase:
            return self.long_page(f"renew.php?id={request.query['id']}", request.form, "通行密碼錯誤", True)
        return self.checked(request, "renew", f"renew.php?id={request.query['id']}")

    @at("/revoke.php")
    def revoke(self, request: Request):
        if request.method == "GET":
            return self.show(
                "憑證廢止",
                """<p>請先填寫用戶註銷憑證申請單。</p><form action="revoke.php" method="post"><p>網站名稱:<input type="text" name="domain"
/></p><p>通行密碼:<input type="password" name="pass" /></p>
<p>廢止原因:<select name="why"><option value="1">金鑰遺失</option><option value="2">不再使用</option><option
value="3">其他</option></select></p><p><input type="submit" value="確定" /></p></form>""",
            )
        found = [record for record in self.found(request.form["domain"]) if record.status == "valid"]
        if not found:
            return self.show("憑證廢止", '<p style="color:red">查無此網站之有效憑證</p>')
        if found[0].passphrase != request.form["pass"]:
            return self.show("憑證廢止", '<p style="color:red">通行密碼錯誤</p>')
        request.session["revoke"] = request.form["domain"]
        return self.show(
            "憑證廢止",
            f"""<p>您確定要廢止 {found[0].name} 的憑證嗎?</p><form action="revoke2.php" method="post"><input type="submit" name="yes" value="確定廢止"
/> <input type="submit" name="no" value="取消" /></form>""",
        )

    @at("/revoke2.php")
    def revoked(self, request: Request):
        if "no" in request.form:
            return self.home(request)
        self.revocations.append({"name": request.session["revoke"], "index": request.index})
        return self.show("憑證廢止", "<p>作業成功,請列印本頁押蓋公司大小章後傳真。</p>")

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        pems = [pki_factory.pem(certificate) for certificate in pki_factory.authority().chain]
        return self.show(
            "中繼憑證下載",
            "".join(f'<h3>中繼憑證</h3><textarea readonly="readonly" cols="64">{text}</textarea>' for text in pems),
        )
