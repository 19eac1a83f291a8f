# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Perl CGI: one address for everything, labels as bare text before br, the state in hidden fields, Big5, one contact after the other."""

from __future__ import annotations

import pki_factory
from stranger_office import Office, Order, Request, at, esc, gather, subject

NAMES = dict(
    zip(
        "name title company tax_id city address postal_code phone fax email".split(),
        "na ti co id ci ad zi te fa em".split(),
    )
)
CITIES = ["台北市", "基隆市", "台中市", "台南市", "高雄市"]
PAYMENTS = ["劃撥", "電匯", "銀行匯款"]
STATES = {"valid": "有效", "pending": "受理中", "rejected": "拒絕", "revoked": "作廢", "expired": "期滿"}
PERSONS = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
CGI = "/cgi-bin/ssl.cgi"


class PerlCgi(Office):
    codec = "cp950"
    content_type = "text/html; charset=BIG5"

    def show(self, title, body):
        return self.page(
            f"<html>\n<head><title>{title}</title></head>\n<body>\n<h1 align=center>{title}</h1>\n{body}\n<hr>\n<address>webmaster@twca.com.tw"
            f"</address>\n</body></html>"
        )

    def sorry(self, text):
        return self.show("Error", f"錯誤: {text}<p>請按瀏覽器的「上一頁」重新輸入")

    @staticmethod
    def form(mode, body, state=()):
        hidden = "".join(f'<input type=hidden name={name} value="{esc(value)}">\n' for name, value in state)
        return f"<form method=POST action={CGI}>\n<input type=hidden name=mode value={mode}>\n{hidden}{body}\n</form>"

    @at("/")
    def home(self, request: Request):
        return self.show(
            "TWCA", "<ul>\n<li><a href=/service.html>憑證服務</a>\n<li><a href=/service.html>客服專區</a>\n</ul>"
        )

    @at("/service.html")
    def service(self, request: Request):
        return self.show("憑證服務", "<ul><li><a href=/ssl.html>SSL 伺服器憑證</a></ul>")

    @at("/ssl.html")
    def ssl(self, request: Request):
        search = self.form("search", "網站名稱: <input type=text name=site size=30> <input type=submit value=搜尋>")
        return self.show(
            "SSL 伺服器憑證",
            f"<a href={CGI}?mode=guide>憑證申請</a><br><a href={CGI}?mode=find>憑證搜尋</a><br><a href={CGI}?mode=kill>憑證廢止</a><p>{search}",
        )

    @at(CGI)
    def cgi(self, request: Request):
        mode = request.form.get("mode") or request.query.get("mode")
        return getattr(self, f"do_{mode}")(request)

    def do_guide(self, request: Request):
        return self.show(
            "憑證申請",
            f"步驟 1 下載申請單<br>步驟 2 產生憑證申請檔<br>步驟 3 傳真<br><a href={CGI}?mode=csr>步驟 4 傳送憑證申請檔與線上填寫註冊資料</a>",
        )

    def do_csr(self, request: Request):
        return self.show(
            "傳送憑證申請檔",
            self.form(
                "check",
                (
                    "請將憑證申請檔貼在文字方塊內:<br>\n<textarea name=csr rows=10 cols=70></textarea><br>\n<input type=submit value=確定> "
                    "<input type=reset value=清除>"
                ),
            ),
        )

    def do_check(self, request: Request):
        text = request.form["csr"]
        if complaint := self.csr_complaint(text):
            return self.sorry(complaint)
        parts = subject(text)
        echo = "\n".join(
            f"{label}: {esc(parts[key])}"
            for label, key in (
                ("一般名稱", "CN"),
                ("組織", "O"),
                ("組織單位", "OU"),
                ("城市/位置", "L"),
                ("州/省", "ST"),
                ("國別", "C"),
            )
        )
        options = "".join(f"<option>{name}\n" for name in ("Apache", "Microsoft IIS", "Netscape", "其他"))
        return self.show(
            "檢查CSR內容",
            f"<pre>\n{echo}\n</pre>"
            + self.form(
                "person",
                f"""伺服器軟體廠商: <select name=vendor>{options}</select><br>
通行密碼(至少六碼)<br>輸入密碼: <input type=password name=pin><br>再輸入一次密碼以確認: <input type=password name=pin2><br><input type=submit value=下一步>""",
                [("csr", text), ("kind", "apply"), ("who", "technical")],
            ),
        )

    def do_person(self, request: Request, value=None):
        form = request.form
        if "pin2" in form and (form["pin"] != form["pin2"] or len(form["pin"]) < 6):
            return self.sorry("密碼不同或不足六碼")
        who = form["who"]
        filled = (self.by_serial(form["sn"]).contacts if form["kind"] == "renew" else {}).get(who, {})
        state = [(name, text) for name, text in form.items() if name not in ("mode", "pin2")]

        def line(field, label):
            return f'{label}: <input type=text name={who[0:2]}{NAMES[field]} size=30 value="{esc(filled.get(field, ""))}"><br>\n'

        options = "".join(f"<option{' selected' if city == filled.get('city') else ''}>{city}\n" for city in CITIES)
        same = ""
        if who == "billing" and form["kind"] == "renew":
            same = (
                "<input type=radio name=same value=te>與技術聯絡人相同 <input type=radio name=same value=bu>與業務聯絡人相同 "
                "<input type=radio name=same value=no checked>兩者皆否<br>\n"
            )
        tax = line("tax_id", "公司統一編號") if who != "billing" else ""
        body = f"""{same}{line("name", "姓名")}{line("title", "職稱")}{line("company", "公司")}{tax}通訊地址: <select
name={who[0:2]}ci>{options}</select> <input type=text name={who[0:2]}ad size=50 value="{filled.get("address", "")}"> 郵遞區號: <input type=text
name={who[0:2]}zi size=5 value="{filled.get("postal_code", "")}"><br>
{line("phone", "聯絡電話")}{line("fax", "傳真號碼")}{line("email", "電子郵件地址")}<input type=submit value=繼續>"""
        return self.show(f"請輸入{PERSONS[who]}資訊", self.form("next", body, state))

    def do_next(self, request: Request):
        form = request.form
        prefix = "bi" if form["who"] == "billing" else form["who"][:2]
        contact = gather(form, prefix, NAMES)
        copied = form["who"] == "billing" and form.get("same", "no") != "no"
        complaint = self.contact_complaint(contact, tax_id=form["who"] != "billing")
        if complaint and not copied:
            return self.sorry(complaint)
        following = {"technical": "business", "business": "billing"}.get(form["who"])
        if following:
            request.form["who"] = following
            return self.do_person(request)
        state = [(name, text) for name, text in form.items() if name not in ("mode", "who")]
        choices = "".join(
            f"<input type=radio name=pay value={number}>{name}<br>\n" for number, name in enumerate(PAYMENTS)
        )
        return self.show(
            "付款方式", self.form("commit", f"請選擇付款方式:<br>\n{choices}<input type=submit value=繼續>", state)
        )

    def do_commit(self, request: Request):
        form = request.form
        if "pay" not in form:
            return self.sorry("請選擇付款方式")
        contacts = {person: gather(form, person[:2], NAMES) for person in PERSONS}
        if form.get("same", "no") != "no":
            contacts["billing"] = contacts[{"te": "technical", "bu": "business"}[form["same"]]]
        self.orders.append(
            Order(
                form["kind"],
                request.index,
                form["csr"],
                form.get("vendor", ""),
                form["pin"],
                PAYMENTS[int(form["pay"])],
                contacts=contacts,
            )
        )
        return self.show(
            "系統的回應訊息",
            "<b>作業成功</b><br>\nCA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。<br>\nCA作業時間約需二個工作天。",
        )

    def do_find(self, request: Request):
        return self.show(
            "憑證搜尋",
            self.form("search", "網站名稱: <input type=text name=site> (注意大小寫)<br><input type=submit value=搜尋>"),
        )

    def do_search(self, request: Request):
        found = self.found(request.form["site"])
        if not found:
            return self.sorry(f"找不到 {esc(request.form['site'])} 的憑證")
        body = ""
        for record in found:
            body += f"一般名稱: {record.name}<br>\n憑證狀態: {STATES[record.status]}<br>\n"
            if record.leaf:
                body += (
                    f"有效期限: {record.start:%Y-%m-%d %H:%M:%S}.0 ~ {record.end:%Y-%m-%d %H:%M:%S}.0"
                    f"<br>\n憑證內容: Country = TW Common Name = {record.name}<br>\n憑證序號: {record.serial}<br>\n"
                )
            if record.remark:
                body += f"拒絕原因: {record.remark}<br>\n"
            if record.status == "valid":
                body += f"[<a href={CGI}?mode=get&sn={record.serial}>下載憑證</a>] [<a href={CGI}?mode=renew&sn={record.serial}>更新憑證</a>]<br>\n"
            body += "<hr>\n"
        return self.show("搜尋結果", body)

    def do_get(self, request: Request):
        return self.attachment(
            pki_factory.pem(self.by_serial(request.query["sn"]).leaf).encode(), "ssl.cgi", "application/octet-stream"
        )

    def do_renew(self, request: Request):
        return self.show(
            "更新憑證",
            self.form(
                "renew2",
                (
                    "輸入CSR資訊:<br><textarea name=csr rows=10 cols=70></textarea><br>輸入通行密碼: <input type=password name=pin><br>"
                    "<input type=submit value=繼續> <input type=reset value=重設>"
                ),
                [("sn", request.query["sn"])],
            ),
        )

    def do_renew2(self, request: Request):
        if complaint := self.csr_complaint(request.form["csr"]):
            return self.sorry(complaint)
        if request.form["pin"] != self.by_serial(request.form["sn"]).passphrase:
            return self.sorry("通行密碼錯誤")
        request.form.update(kind="renew", who="technical")
        return self.do_person(request)

    def do_kill(self, request: Request):
        return self.show(
            "憑證廢止",
            self.form(
                "killed",
                "網站名稱: <input type=text name=site><br>通行密碼: <input type=password name=pin><br><input type=submit value=確定>",
            ),
        )

    def do_killed(self, request: Request):
        found = [record for record in self.found(request.form["site"]) if record.status == "valid"]
        if not found or found[0].passphrase != request.form["pin"]:
            return self.sorry("網站名稱或通行密碼錯誤")
        self.revocations.append({"name": found[0].name, "index": request.index})
        return self.show("憑證廢止", "已接受您的憑證廢止申請。<br>請列印本頁, 押蓋公司大小章後傳真。")

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.show(
            "CA",
            "<br>\n".join(
                f"<a href=/ca{number}.cer>{name}</a>"
                for number, name in enumerate(("TWCA Secure SSL CA", "TWCA CYBER Root CA", "TWCA Global Root CA"))
            ),
        )

    @at("/ca0.cer", "/ca1.cer", "/ca2.cer")
    def authority(self, request: Request):
        authority = pki_factory.authority()
        certificate = [*authority.chain, authority.root.certificate][int(request.path[3])]
        return self.attachment(pki_factory.der(certificate), "ca.cer", "application/pkix-cert")
