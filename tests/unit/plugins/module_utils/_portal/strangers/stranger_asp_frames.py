# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Classic ASP: a frameset, menus in a frame of their own, a wizard of GET requests, a meta refresh after each answer."""

from __future__ import annotations

import pki_factory
from stranger_office import OLD_CONTACTS, Office, Order, Request, at, esc, gather, subject

NAMES = dict(
    zip(
        "name title company tax_id city address postal_code phone fax email".split(),
        "Name Title Corp ID City Addr Zip Tel Fax Mail".split(),
    )
)
CITIES = {"01": "台北市", "02": "高雄市", "03": "台北縣", "04": "桃園縣", "05": "台中市"}
SOFTWARE = {"1": "Microsoft IIS", "2": "Apache", "3": "iPlanet", "9": "其他"}
PAYMENTS = {"P": "劃撥", "B": "匯款", "C": "支票"}
STATES = {"valid": "有效", "pending": "處理中", "rejected": "不核准", "revoked": "註銷", "expired": "逾期"}
PERSONS = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}


class AspFrames(Office):
    codec = "cp950"
    content_type = "text/html; Charset=Big5"

    def show(self, body):
        return self.page(
            f'<html><head><link rel="stylesheet" href="/style.css"></head><body class="main">\r\n{body}\r\n</body></html>'
        )

    def on(self, target, text="資料處理中,請稍候..."):
        return self.page(
            f'<html><head><meta http-equiv="refresh" content="1; url={target}"></head><body>{text}</body></html>'
        )

    def sorry(self, text):
        return self.page(f'<html><script language="javascript">alert("{text}");history.back();</script></html>')

    @at("/", "/default.asp")
    def home(self, request: Request):
        return self.page("""<html><head><title>TWCA</title></head><frameset rows="80,*" border="0">
<frame name="top" src="top.asp" scrolling="no" noresize><frameset cols="150,*"><frame name="left" src="left.asp?m=0"><frame name="main"
src="news.asp"></frameset>
<noframes><body>您的瀏覽器不支援框架</body></noframes></frameset></html>""")

    @at("/top.asp")
    def top(self, request: Request):
        return self.show(
            """<a href="left.asp?m=1" target="left">憑證服務</a> | <a href="left.asp?m=2" target="left">客服專區</a> | <a href="left.asp?m=3"
target="left">下載中心</a>"""
        )

    @at("/news.asp")
    def news(self, request: Request):
        return self.show("<h3>最新消息</h3><p>SSL 伺服器憑證 全面優惠中</p>")

    @at("/left.asp")
    def left(self, request: Request):
        if request.query["m"] == "0":
            return self.show("<p>請選擇上方功能</p>")
        return self.show(
            """<ul><li><a href="ssl/main.asp" target="main">SSL 伺服器憑證</a></li><li><a href="ec/main.asp" target="main">電子商務憑證</a></li></ul>"""
        )

    @at("/ssl/main.asp")
    def main(self, request: Request):
        return self.show("""<table border="1"><tr><td><a href="step.asp">憑證申請</a></td><td><a href="search.asp">憑證搜尋</a></td><td><a
href="revoke.asp">憑證廢止</a></td></tr></table>
<form name="f1" action="list.asp" method="get"><b>更新(展期)憑證</b><br>網站名稱:<input type="text" name="site"><input type="submit" value="搜尋"></form>""")

    @at("/ssl/step.asp")
    def step(self, request: Request):
        return self.show(
            """<p>步驟 1 填寫申請單</p><p>步驟 2 產生 CSR</p><p>步驟 3 傳真</p><p><a href="w1.asp">步驟 4 傳送憑證申請檔與線上填寫註冊資料</a></p>"""
        )

    @at("/ssl/w1.asp")
    def paste(self, request: Request):
        return self.show("""<form action="w1s.asp" method="post">請將憑證申請檔(CSR)貼於下方文字方塊:<br><textarea name="csr" rows="10"
cols="70"></textarea><br>
<input type="submit" value="確定"> <input type="reset" value="清除"></form>""")

    @at("/ssl/w1s.asp")
    def pasted(self, request: Request):
        if complaint := self.csr_complaint(request.form["csr"]):
            return self.sorry(complaint)
        request.session.clear()
        request.session.update(csr=request.form["csr"], kind="apply", contacts={})
        return self.on("w2.asp")

    @at("/ssl/w2.asp")
    def check(self, request: Request):
        parts = subject(request.session["csr"])
        options = "".join(f'<option value="{key}">{name}</option>' for key, name in SOFTWARE.items())
        return self.show(f"""<h3>檢查CSR內容</h3><table border="1">
<tr><td>一般名稱(CN)</td><td>{parts["CN"]}</td></tr><tr><td>組織(O)</td><td>{parts["O"]}</td></tr><tr><td>組織單位(OU)</td><td>{parts["OU"]}</td></tr>
<tr><td>城市/位置(L)</td><td>{parts["L"]}</td></tr><tr><td>州/省(ST)</td><td>{parts["ST"]}</td></tr><tr><td>國別(C)</td><td>{parts["C"]}</td></tr></table>
<form action="w2s.asp" method="get"><table border="1"><tr><td>伺服器軟體廠商</td><td><select name="sw"><option
value="">請選擇</option>{options}</select></td></tr>
<tr><td rowspan="2">通行密碼</td><td>輸入密碼:<input type="password" name="p1"></td></tr><tr><td>再輸入一次密碼以確認<input type="password"
name="p2"></td></tr></table>
<input type="submit" value="確定"></form>""")

    @at("/ssl/w2s.asp")
    def checked(self, request: Request):
        query = request.query
        if not query["sw"] or len(query["p1"]) < 6 or query["p1"] != query["p2"]:
            return self.sorry("通行密碼設定有誤")
        request.session.update(software=SOFTWARE[query["sw"]], passphrase=query["p1"])
        return self.on("w3.asp?who=technical")

    @at("/ssl/w3.asp")
    def contact(self, request: Request):
        who = request.query["who"]
        value = OLD_CONTACTS[who] if request.session["kind"] == "renew" else {}
        options = "".join(
            f'<option value="{key}"{" selected" if name == value.get("city") else ""}>{name}</option>'
            for key, name in CITIES.items()
        )

        def row(label, field):
            return f'<tr><td nowrap>{label}</td><td><input type="text" name="{NAMES[field]}" value="{esc(value.get(field, ""))}"></td></tr>'

        same = ""
        if who == "billing" and value:
            same = """<tr><td colspan="2"><input type="radio" name="same" value="T">與技術聯絡人相同<input type="radio" name="same" value="B">與業務聯絡人相同
<input type="radio" name="same" value="N">兩者皆否</td></tr>"""
        tax = row("公司統一編號", "tax_id") if who != "billing" else ""
        return self.show(f"""<form action="w3s.asp" method="get"><input type="hidden" name="who" value="{who}">
<table border="1"><tr><td colspan="2"
bgcolor="#99CCFF">請輸入{PERSONS[who]}資訊</td></tr>{same}{row("姓名", "name")}{row("職稱", "title")}{row("公司", "company")}{tax}
<tr><td>通訊地址</td><td><select name="City">{options}</select><input name="Addr" size="40" value="{value.get("address", "")}"><br>郵遞區號:<input
name="Zip" size="5" value="{value.get("postal_code", "")}"></td></tr>
{row("聯絡電話", "phone")}{row("傳真號碼", "fax")}{row("電子郵件地址", "email")}</table><input type="submit" value="繼續"><input type="button"
value="上一步" onclick="history.back()"></form>""")

    @at("/ssl/w3s.asp")
    def contacted(self, request: Request):
        who = request.query["who"]
        contact = gather(request.query, "", NAMES)
        contact["city"] = CITIES.get(contact["city"], "")
        same = {"T": "technical", "B": "business"}.get(request.query.get("same", ""))
        if same:
            contact = request.session["contacts"][same]
        elif who == "billing" and request.session["kind"] == "renew" and "same" not in request.query:
            return self.sorry("請選擇帳務聯絡人是否與其他聯絡人相同")
        if complaint := self.contact_complaint(contact, tax_id=who != "billing"):
            return self.sorry(complaint)
        request.session["contacts"][who] = contact
        following = {"technical": "w3.asp?who=business", "business": "w3.asp?who=billing", "billing": "w4.asp"}
        return self.on(following[who])

    @at("/ssl/w4.asp")
    def pay(self, request: Request):
        options = "".join(f'<option value="{key}">{name}</option>' for key, name in PAYMENTS.items())
        return self.show(
            f"""<form action="w5.asp" method="get">付款方式:<select name="pay">{options}</select><br><input type="submit" value="繼續"></form>"""
        )

    @at("/ssl/w5.asp")
    def commit(self, request: Request):
        have = request.session
        self.orders.append(
            Order(
                have["kind"],
                request.index,
                have["csr"],
                have.get("software", ""),
                have["passphrase"],
                PAYMENTS[request.query["pay"]],
                contacts=have["contacts"],
            )
        )
        return self.on("ok.asp")

    @at("/ssl/ok.asp")
    def accepted(self, request: Request):
        return self.show(
            """<table
border="1"><tr><td>系統的回應訊息</td></tr><tr
><td>作業成功<br>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。<br>CA作業時間約需二個工作天。</td></tr></table>"""
        )

    @at("/ssl/search.asp")
    def search(self, request: Request):
        return self.show(
            """<form action="list.asp" method="get">請輸入網站名稱<input type="text" name="site">(大小寫需一致)<input type="submit" value="搜尋"></form>"""
        )

    @at("/ssl/list.asp")
    def listing(self, request: Request):
        found = self.found(request.query["site"])
        if not found:
            return self.sorry("查無此網站名稱之憑證!")
        rows = "".join(
            f"""<tr><td><a href="view.asp?i={self.position(record)}">{record.name}</a></td><td>{STATES[record.status]}</td>
<td>{f"{record.start:%Y/%m/%d}~{record.end:%Y/%m/%d}" if record.leaf else "-"}</td></tr>"""
            for record in found
        )
        return self.show(
            f"""<table border="1"><tr><td>網站名稱</td><td>狀態</td><td>有效期限</td></tr>{rows}</table>"""
        )

    @at("/ssl/view.asp")
    def view(self, request: Request):
        record = self.records[int(request.query["i"])]
        rows = [("一般名稱", record.name), ("憑證狀態", STATES[record.status])]
        if record.leaf:
            rows += [
                ("有效期限", f"{record.start:%Y-%m-%d %H:%M:%S}.0<br>{record.end:%Y-%m-%d %H:%M:%S}.0"),
                ("憑證內容", f"Country = TW<br>Common Name = {record.name}"),
                ("憑證序號", record.serial),
            ]
        if record.remark:
            rows.append(("原因", record.remark))
        lines = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows)
        links = ""
        if record.status == "valid":
            links = f"""<a href="cert.asp?sn={record.serial}">下載憑證</a> <a href="renew.asp?sn={record.serial}">更新憑證</a>"""
        return self.show(f"""<table border="1"><tr><td>解說</td><td></td></tr>{lines}</table>{links}""")

    @at("/ssl/cert.asp")
    def certificate(self, request: Request):
        return self.attachment(
            pki_factory.der(self.by_serial(request.query["sn"]).leaf), "ServerCert.cer", "application/x-x509-user-cert"
        )

    @at("/ssl/renew.asp")
    def renew(self, request: Request):
        request.session.clear()
        request.session["sn"] = request.query["sn"]
        return self.show("""<form action="renews.asp" method="post"><table border="1"><tr><td>輸入CSR資訊</td><td><textarea name="csr" rows="10"
cols="60"></textarea></td></tr>
<tr><td>輸入通行密碼</td><td><input type="password" name="pw"></td></tr></table><input type="submit" value="繼續"> <input type="reset" value="重設"></form>""")

    @at("/ssl/renews.asp")
    def renewed(self, request: Request):
        if complaint := self.csr_complaint(request.form["csr"]):
            return self.sorry(complaint)
        if request.form["pw"] != self.by_serial(request.session["sn"]).passphrase:
            return self.sorry("通行密碼錯誤!")
        request.session.update(csr=request.form["csr"], kind="renew", passphrase=request.form["pw"], contacts={})
        return self.on("w3.asp?who=technical")

    @at("/ssl/revoke.asp")
    def revoke(self, request: Request):
        return self.show(
            """<form action="revokes.asp" method="get">網站名稱:<input type="text" name="site"><br>通行密碼:<input type="password"
name="pw"><br><input type="submit" value="確定"></form>"""
        )

    @at("/ssl/revokes.asp")
    def revoked(self, request: Request):
        found = [record for record in self.found(request.query["site"]) if record.status == "valid"]
        if not found or found[0].passphrase != request.query["pw"]:
            return self.sorry("網站名稱或通行密碼錯誤")
        self.revocations.append({"name": request.query["site"], "index": request.index})
        return self.show("<p>您的憑證廢止申請已送出,本公司收到用印之傳真後辦理。</p>")

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.show("""<a href="/pro_ca.asp?f=0">中繼憑證(一)</a><br><a href="/pro_ca.asp?f=1">中繼憑證(二)</a>""")

    @at("/pro_ca.asp")
    def authority(self, request: Request):
        certificate = pki_factory.authority().chain[int(request.query["f"])]
        return self.attachment(pki_factory.pem(certificate).encode(), "ca.crt", "text/plain")
