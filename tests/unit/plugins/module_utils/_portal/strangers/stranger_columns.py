# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Contacts side by side, a column for each; rows of three columns; optgroups; ids that occur twice; buttons without a type."""

from __future__ import annotations

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from stranger_office import FIELDS, Office, Order, Request, at, esc, subject

CITIES = ["台北市", "新北市", "桃園市", "台中市", "台南市", "高雄市"]
PAYMENTS = ["匯款", "劃撥", "支票", "信用卡"]
STATES = {"valid": "有效", "pending": "審查中", "rejected": "申請被拒", "revoked": "已撤銷", "expired": "過期"}
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


class Columns(Office):
    def show(self, title, body):
        return self.page(f"""<html><head><meta charset="utf-8"><title>{title}</title><style>.r{{color:red}}</style></head><body>
<table width="100%" id="t"><tr><td><a href="/">首頁</a></td><td><a href="/cs">客服專區</a></td><td><a href="/svc">憑證服務</a></td><td><form
action="/find"><input name="k"><button>站內搜尋</button></form></td></tr></table>
<h1>{title}</h1>{body}</body></html>""")

    def sorry(self, text):
        return self.page(
            f"""<html><head><meta charset="utf-8"><title>錯誤訊息</title></head><body onload="alert('{text}')"><h1>錯誤訊息</h1><p>{text}</p><a
href="#" onclick="window.history.back();return false">回前頁</a></body></html>"""
        )

    @at("/")
    def home(self, request: Request):
        return self.show("歡迎", "<p>TWCA</p>")

    @at("/cs", "/svc")
    def service(self, request: Request):
        return self.show("服務", '<p>&gt; <a href="/ssl">SSL 伺服器憑證</a> &gt; <a href="/vpn">VPN 憑證</a></p>')

    @at("/ssl")
    def ssl(self, request: Request):
        return self.show(
            "SSL 伺服器憑證",
            """<p><a href="/a0">憑證申請</a> <a href="/s">憑證搜尋</a> <a href="/r">憑證廢止</a></p><form method="post"
action="/list"><table><tr><td>網站名稱</td><td><input name="n" id="x"></td><td>請輸入完整網站名稱</td></tr></table><button>搜尋</button></form>""",
        )

    @at("/a0")
    def steps(self, request: Request):
        return self.show(
            "憑證申請",
            '<p>步驟 1...</p><p>步驟 2...</p><p>步驟 3...</p><p><a href="/a1">步驟 4</a> 傳送憑證申請檔與線上填寫註冊資料</p>',
        )

    @at("/a1")
    def csr(self, request: Request):
        options = """<option value="">請選擇</option><optgroup label="Microsoft"><option value="iis6">IIS 6.0</option><option
value="iis7">IIS 7.0</option></optgroup><optgroup label="開放原始碼"><option value="apache">Apache</option><option
value="nginx">Nginx</option></optgroup><optgroup label="其他"><option value="other">其他</option></optgroup>"""
        return self.show(
            "輸入資料 (1/3)",
            f"""<form method="post" action="/a2"><table border="1"><tr><th>項目</th><th>內容</th><th>說明</th></tr>
<tr><td>CSR</td><td><textarea name="d1" id="x"></textarea></td><td>請將憑證申請檔內容貼在文字方塊內</td></tr>
<tr><td>伺服器軟體廠商</td><td><select name="d2" id="x">{options}</select></td><td>如果不在清單中,請選擇其他</td></tr>
<tr><td>通行密碼</td><td><input type="password" name="d3" id="x"></td><td>至少六碼,更新或註銷憑證時都需使用到這個通行密碼</td></tr>
<tr><td>再輸入一次密碼以確認</td><td><input type="password" name="d4" id="x"></td><td>請再輸入一次</td></tr></table><button>確定</button><button
type="reset">清除</button></form>""",
        )

    @at("/a2")
    def check(self, request: Request):
        form = request.form
        if complaint := self.csr_complaint(form["d1"]):
            return self.sorry(complaint)
        if not form["d2"]:
            return self.sorry("請選擇伺服器軟體廠商")
        if len(form["d3"]) < 6 or form["d3"] != form["d4"]:
            return self.sorry("通行密碼不正確")
        software = {"iis6": "IIS 6.0", "iis7": "IIS 7.0", "apache": "Apache", "nginx": "Nginx", "other": "其他"}
        request.session.update(csr=form["d1"], software=software[form["d2"]], passphrase=form["d3"], kind="apply")
        return self.contacts({}, form["d1"])

    def contacts(self, value, csr):
        parts = subject(csr)
        echo = "".join(
            f"<tr><td>{label}</td><td>{esc(parts[key])}</td></tr>"
            for label, key in (
                ("一般名稱", "CN"),
                ("組織", "O"),
                ("組織單位", "OU"),
                ("城市/位置", "L"),
                ("州/省", "ST"),
                ("國別", "C"),
            )
        )
        rows = ""
        for number, field in enumerate(FIELDS):
            cells = ""
            for column, person in enumerate(PERSONS):
                filled = value.get(person, {}).get(field, "")
                name = f"f{number}_{column}"
                if field == "tax_id" and person == "billing":
                    cells += "<td>-</td>"
                elif field == "city":
                    options = "".join(
                        f"<option{' selected' if city == filled else ''}>{city}</option>" for city in CITIES
                    )
                    cells += f'<td><select name="{name}">{options}</select></td>'
                else:
                    cells += f'<td><input name="{name}" value="{esc(filled)}"></td>'
            rows += f"<tr><td>{LABELS[field]}<span class=r>*</span></td>{cells}</tr>"
        same = ""
        if value:
            same = (
                '<tr><td></td><td></td><td></td><td><input type="radio" name="s" value="1">與技術聯絡人相同<br>'
                '<input type="radio" name="s" value="2">與業務聯絡人相同<br><input type="radio" name="s" value="0" checked>兩者皆否</td></tr>'
            )
        return self.show(
            "聯絡人資料 (2/3)",
            f"""<table border="1">{echo}</table><form method="post" action="/a3"><table
border="1"><tr><th>項目</th><th>技術聯絡人</th><th>業務聯絡人</th><th>帳務聯絡人</th></tr>{same}{rows}</table><button>繼續</button></form>""",
        )

    @at("/a3")
    def pay(self, request: Request):
        contacts = {
            person: {field: request.form.get(f"f{number}_{column}", "") for number, field in enumerate(FIELDS)}
            for column, person in enumerate(PERSONS)
        }
        if request.form.get("s", "0") != "0":
            contacts["billing"] = contacts[{"1": "technical", "2": "business"}[request.form["s"]]]
        for person, contact in contacts.items():
            if complaint := self.contact_complaint(contact, tax_id=person != "billing"):
                return self.sorry(f"{PERSONS[person]}:{complaint}")
        request.session["contacts"] = contacts
        options = "".join(f"<option>{name}</option>" for name in PAYMENTS)
        return self.show(
            "付款方式 (3/3)",
            f"""<form method="post" action="/a4"><table border="1"><tr><td>付款方式</td><td><select
name="p">{options}</select></td><td>請選擇付款方式</td></tr></table><button>繼續</button></form>""",
        )

    @at("/a4")
    def commit(self, request: Request):
        have = request.session
        self.orders.append(
            Order(
                have["kind"],
                request.index,
                have["csr"],
                have.get("software", ""),
                have["passphrase"],
                request.form["p"],
                contacts=have["contacts"],
            )
        )
        return self.page(
            """<html><head><meta
charset="utf-8"><title>系統的回應訊息</title></head><body
><h1>系統的回應訊息</h1>作業成功<br>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。<br>CA作業時間約需二個工作天。</body></html>"""
        )

    @at("/s")
    def search(self, request: Request):
        return self.show(
            "憑證搜尋",
            """<form method="post" action="/list"><table><tr><td>網站名稱</td><td><input
name="n"></td><td>大小寫需一致</td></tr></table><button>搜尋</button></form>""",
        )

    @at("/list")
    def listing(self, request: Request):
        found = self.found(request.form["n"])
        if not found:
            return self.sorry("查無資料")
        body = ""
        for record in found:
            lines = [("一般名稱", record.name, "網站名稱"), ("憑證狀態", STATES[record.status], "目前狀態")]
            if record.leaf:
                lines += [
                    ("有效期限", f"{record.start:%Y/%m/%d %H:%M:%S}-{record.end:%Y/%m/%d %H:%M:%S}", "台北時間"),
                    ("憑證內容", f"Country = TW<br>Common Name = {record.name}", ""),
                    ("憑證序號", str(record.serial), "十進位"),
                ]
            if record.remark:
                lines.append(("說明", record.remark, ""))
            rows = "".join(f"<tr><td>{label}</td><td>{value}</td><td>{note}</td></tr>" for label, value, note in lines)
            actions = ""
            if record.status == "valid":
                actions = (
                    f'<form action="/d"><input type="hidden" name="i" value="{self.position(record)}"><button>下載憑證</button></form>'
                    f'<form action="/u"><input type="hidden" name="i" value="{self.position(record)}"><button>更新憑證</button></form>'
                )
            body += f'<table border="1"><tr><th>項目</th><th>內容</th><th>說明</th></tr>{rows}</table>{actions}<hr>'
        return self.show("搜尋結果", body)

    @at("/d")
    def download(self, request: Request):
        leaf = self.records[int(request.query["i"])].leaf
        return self.attachment(pkcs7.serialize_certificates([leaf], Encoding.PEM), "cert.p7b", "text/html")

    @at("/u")
    def renew(self, request: Request):
        request.session["i"] = request.query["i"]
        return self.show(
            "更新憑證",
            """<form method="post" action="/u2"><table border="1"><tr><td>CSR</td><td><textarea
name="d1"></textarea></td><td>請採用 NEW 方式產製</td></tr><tr><td>通行密碼</td><td><input type="password"
name="d3"></td><td>注意文字大小寫</td></tr></table><button>繼續</button></form>""",
        )

    @at("/u2")
    def renew_check(self, request: Request):
        record = self.records[int(request.session["i"])]
        if complaint := self.csr_complaint(request.form["d1"]):
            return self.sorry(complaint)
        if record.passphrase != request.form["d3"]:
            return self.sorry("通行密碼錯誤")
        request.session.update(csr=request.form["d1"], passphrase=request.form["d3"], kind="renew")
        return self.contacts(record.contacts, request.form["d1"])

    @at("/r")
    def revoke(self, request: Request):
        return self.show(
            "憑證廢止",
            """<form method="post" action="/r2"><table><tr><td>網站名稱</td><td><input
name="n"></td><td>大小寫需一致</td></tr></table><button>確定</button></form>""",
        )

    @at("/r2")
    def revoke_choice(self, request: Request):
        found = [record for record in self.found(request.form["n"]) if record.status == "valid"]
        if not found:
            return self.sorry("查無有效憑證")
        rows = "".join(
            (
                f'<tr><td><input type="radio" name="i" value="{record.serial}"></td><td>{record.name}</td><td>{record.serial}</td>'
                f"<td>{record.end:%Y/%m/%d}</td></tr>"
            )
            for record in found
        )
        return self.show(
            "憑證廢止",
            f"""<p>請選擇欲廢止之憑證</p><form method="post" action="/r3"><table
border="1"><tr><th>選擇</th><th>一般名稱</th><th>憑證序號</th><th>到期日</th></tr>{rows}</table><button>確定</button></form>""",
        )

    @at("/r3")
    def revoked(self, request: Request):
        if "i" not in request.form:
            return self.sorry("請選擇憑證")
        self.revocations.append({"name": self.by_serial(request.form["i"]).name, "index": request.index})
        return self.show("憑證廢止", "<p>已收到廢止申請,請列印此頁。</p>")

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.show(
            "中繼憑證",
            '<table><tr><td>中繼憑證</td><td><form action="/ca"><button>下載</button></form></td></tr></table><p>或直接<a href="/ca">下載中繼憑證</a></p>',
        )

    @at("/ca")
    def chain(self, request: Request):
        return self.attachment(pkcs7.serialize_certificates(pki_factory.authority().chain, Encoding.DER), "ca.p7b")
