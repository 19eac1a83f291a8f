# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Java Struts: bilingual labels in dl or in rows of spans, contacts in fieldsets, the postal code before the city, session ids in addresses."""

from __future__ import annotations

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from stranger_office import Office, Order, Request, at, esc, gather, subject

NAMES = dict(
    zip(
        "name title company tax_id city address postal_code phone fax email".split(),
        "chineseName jobTitle orgName orgId cityCode addr zipCode telNo faxNo emailAddr".split(),
    )
)
CITIES = {
    "TPE": "台北市 Taipei City",
    "NTP": "新北市 New Taipei City",
    "TYN": "桃園市 Taoyuan City",
    "TXG": "台中市 Taichung City",
    "KHH": "高雄市 Kaohsiung City",
}
SOFTWARE = {
    "IIS": "Microsoft IIS",
    "APA": "Apache",
    "TOM": "Apache Tomcat",
    "WEB": "Oracle WebLogic",
    "WAS": "IBM WebSphere",
    "OTH": "其他 Others",
}
PAYMENTS = {"CHK": "支票 Cheque", "TT": "銀行匯款 Wire transfer", "POST": "郵政劃撥 Postal giro"}
STATES = {
    "valid": "有效 (Valid)",
    "pending": "處理中 (Processing)",
    "rejected": "已拒絕 (Rejected)",
    "revoked": "已廢止 (Revoked)",
    "expired": "已過期 (Expired)",
}
PERSONS = {
    "technical": ("技術聯絡人", "Technical Contact"),
    "business": ("業務聯絡人", "Business Contact"),
    "billing": ("帳務聯絡人", "Billing Contact"),
}


class Struts(Office):
    def show(self, title, body, error=""):
        errors = f'<ul class="errorMessage"><li><span>{error}</span></li></ul>' if error else ""
        return self.page(f"""<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN"><html><head><title>TWCA :: {title}</title></head><body>
<div id="lang"><a href="/portal/lang.do?l=zh_TW">繁體中文</a> <a href="/portal/lang.do?l=en">English</a></div>
<div id="menu"><a href="/portal/index.do;jsessionid=A1">首頁 Home</a> <a href="/portal/support.do;jsessionid=A1">客服專區 Support</a> <a
href="/portal/service.do;jsessionid=A1">憑證服務 Certificate Services</a></div>
<div id="main"><h2>{title}</h2>{errors}{body}</div></body></html>""")

    def token(self, request):
        request.session["token"] = str(request.index)
        return f'<div><input type="hidden" name="org.apache.struts.taglib.html.TOKEN" value="{request.index}"></div>'

    def fresh(self, request):
        return request.form.get("org.apache.struts.taglib.html.TOKEN") == request.session.get("token")

    @at("/")
    def root(self, request: Request):
        return self.redirect("/portal/index.do;jsessionid=A1")

    @at("/portal/index.do")
    def home(self, request: Request):
        return self.show("首頁 Home", "<p>Welcome</p>")

    @at("/portal/support.do", "/portal/service.do")
    def service(self, request: Request):
        return self.show(
            "服務項目",
            """<ul><li><a href="ssl.do;jsessionid=A1">SSL 伺服器憑證 (SSL Server Certificate)</a></li><li><a
href="code.do">程式碼簽章憑證 (Code Signing)</a></li></ul>""",
        )

    @at("/portal/ssl.do")
    def ssl(self, request: Request):
        return self.show(
            "SSL 伺服器憑證",
            """<ul><li><a href="guide.do;jsessionid=A1">憑證申請 Apply</a></li><li><a href="query.do;jsessionid=A1">憑證搜尋 Search</a></li><li><a
href="revoke.do;jsessionid=A1">憑證廢止 Revoke</a></li></ul>
<form name="queryForm" method="post" action="/portal/list.do;jsessionid=A1"><div class="row"><span class="label">網站名稱 Domain Name:</span><span
class="field"><input type="text" name="dn" value=""></span></div>
<div class="row"><span class="field"><input type="submit" value="搜尋 Search"></span></div></form>""",
        )

    @at("/portal/guide.do")
    def guide(self, request: Request):
        return self.show(
            "憑證申請 Apply",
            """<p><a href="g1.do">步驟 1 下載表單 Step 1</a></p><p><a href="g2.do">步驟 2 產生CSR Step 2</a></p><p><a href="g3.do">步驟 3 郵寄 Step 3</a></p>
<p><a href="csr.do;jsessionid=A1">步驟 4 傳送憑證申請檔與線上填寫註冊資料 Step 4 Submit CSR</a></p>""",
        )

    @at("/portal/csr.do")
    def csr(self, request: Request, error=""):
        return self.show(
            "傳送憑證申請檔 Submit CSR",
            f"""<form name="csrForm" method="post" action="/portal/check.do;jsessionid=A1">{self.token(request)}
<dl><dt><label for="p10">憑證申請檔 CSR</label></dt><dd><textarea name="p10" id="p10" cols="70" rows="10"></textarea></dd></dl>
<input type="submit" name="method" value="確定 OK"> <input type="reset" value="清除 Clear"></form>""",
            error,
        )

    @at("/portal/check.do")
    def check(self, request: Request, error=""):
        text = request.form.get("p10") or request.session["csr"]
        if complaint := self.csr_complaint(text):
            return self.csr(request, complaint)
        request.session.update(csr=text, kind="apply")
        parts = subject(text)
        rows = "".join(
            f"<dt>{label}</dt><dd>{esc(parts[key])}&nbsp;</dd>"
            for label, key in (
                ("一般名稱 Common Name", "CN"),
                ("組織 Organization", "O"),
                ("組織單位 Organizational Unit", "OU"),
                ("城市/位置 Locality", "L"),
                ("州/省 State/Province", "ST"),
                ("國別 Country", "C"),
                ("適用之安全強度(bits) Key strength", "bits"),
            )
        )
        options = "".join(f'<option value="{key}">{name}</option>' for key, name in SOFTWARE.items())
        return self.show(
            "檢查CSR內容 Verify CSR",
            f"""<form name="checkForm" method="post" action="/portal/contact.do;jsessionid=A1">{self.token(request)}<dl>{rows}
<dt>伺服器軟體廠商 Server Software Vendor</dt><dd><select name="vendor">{options}</select></dd>
<dt>通行密碼 Pass Phrase (至少六碼 at least 6 characters)</dt><dd>輸入密碼 Password <input type="password"
name="pin1"><br>再輸入一次密碼以確認 Confirm Password <input type="password" name="pin2"></dd></dl>
<input type="submit" name="method" value="上一步 Back"> <input type="submit" name="method" value="下一步 Next"></form>""",
            error,
        )

    @at("/portal/contact.do")
    def contact(self, request: Request):
        if not self.fresh(request):
            return self.show("錯誤 Error", "<p>重複送出 Duplicate submit</p>")
        if "Back" in request.form["method"]:
            return self.csr(request)
        if len(request.form["pin1"]) < 6 or request.form["pin1"] != request.form["pin2"]:
            return self.check(request, "密碼不符 Password mismatch")
        request.session.update(software=SOFTWARE[request.form["vendor"]], passphrase=request.form["pin1"])
        return self.contacts(request, {})

    def contacts(self, request, value, error=""):
        def section(key):
            filled = value.get(key, {})

            def row(field, label):
                return (
                    f'<div class="row"><span class="label">{label}<em>*</em></span><span class="field">'
                    f'<input type="text" name="{key}.{NAMES[field]}" value="{esc(filled.get(field, ""))}"></span></div>'
                )

            options = "".join(
                f'<option value="{code}"{" selected" if name.startswith(filled.get("city", "?")) else ""}>{name}</option>'
                for code, name in CITIES.items()
            )
            chinese, english = PERSONS[key]
            same = ""
            if key == "billing" and request.session["kind"] == "renew":
                same = """<div class="row"><span class="field"><input type="radio" name="same" value="1"> 與技術聯絡人相同 Same as technical <input
type="radio" name="same" value="2"> 與業務聯絡人相同 Same as business <input type="radio" name="same" value="0" checked> 兩者皆否 Neither</span></div>"""
            return f"""<fieldset
><legend>{chinese} {english}</legend>{same}{row("name", "姓名 Name")}{row("title", "職稱 Title")}{row("company", "公司 Company")}
{row("tax_id", "公司統一編號 Tax ID No.") if key != "billing" else ""}
<div class="row"><span class="label">通訊地址 Address<em>*</em></span><span class="field">郵遞區號 Zip <input name="{key}.zipCode" size="6"
value="{esc(filled.get("postal_code", ""))}"> <select name="{key}.cityCode"><option value="">--</option>{options}</select> <input name="{key}.addr"
size="50" value="{esc(filled.get("address", ""))}"></span></div>
{row("phone", "聯絡電話 Phone")}<div class="row"><span
class="hint">格式: (02)23708886#9 Format: (area)number#ext</span></div>{row("fax", "傳真號碼 Fax")}{row("email", "電子郵件地址 E-mail Address")}</fieldset>"""

        return self.show(
            "聯絡人 Contacts",
            f"""<form name="contactForm" method="post"
action="/portal/pay.do;jsessionid=A1">{self.token(request)}{"".join(section(key) for key in PERSONS)}<input type="submit" name="method"
value="繼續 Continue"></form>""",
            error,
        )

    @at("/portal/pay.do")
    def pay(self, request: Request):
        if not self.fresh(request):
            return self.show("錯誤 Error", "<p>重複送出 Duplicate submit</p>")
        contacts = {key: gather(request.form, f"{key}.", NAMES) for key in PERSONS}
        for contact in contacts.values():
            contact["city"] = CITIES.get(contact["city"], "").split(" ")[0]
        same = request.form.get("same", "0")
        if same != "0":
            contacts["billing"] = contacts[{"1": "technical", "2": "business"}[same]]
        for key, contact in contacts.items():
            if complaint := self.contact_complaint(contact, tax_id=key != "billing"):
                return self.contacts(request, contacts, f"{PERSONS[key][0]}: {complaint}")
        request.session["contacts"] = contacts
        options = "".join(f'<option value="{key}">{name}</option>' for key, name in PAYMENTS.items())
        return self.show(
            "付款方式 Payment",
            f"""<form name="payForm" method="post" action="/portal/submit.do;jsessionid=A1">{self.token(request)}<dl><dt>付款方式 Payment Method</dt
><dd><select name="pay">{options}</select></dd></dl><input type="submit" name="method" value="繼續 Continue"></form>""",
        )

    @at("/portal/submit.do")
    def submit(self, request: Request):
        if not self.fresh(request):
            return self.show("錯誤 Error", "<p>重複送出 Duplicate submit</p>")
        have = request.session
        have.pop("token")
        self.orders.append(
            Order(
                have["kind"],
                request.index,
                have["csr"],
                have.get("software", ""),
                have["passphrase"],
                PAYMENTS[request.form["pay"]],
                contacts=have["contacts"],
            )
        )
        return self.show(
            "系統的回應訊息 System Response",
            (
                "<p><strong>作業成功 Success</strong></p>"
                "<p>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。CA作業時間約需二個工作天。</p>"
                "<p>Your request has been accepted by the CA.</p>"
            ),
        )

    @at("/portal/query.do")
    def query(self, request: Request):
        return self.show(
            "憑證搜尋 Search",
            """<form name="queryForm" method="post" action="/portal/list.do;jsessionid=A1"><dl><dt>網站名稱 Domain Name</dt><dd><input type="text"
name="dn"></dd></dl><input type="submit" value="搜尋 Search"></form>""",
        )

    @at("/portal/list.do")
    def listing(self, request: Request):
        found = self.found(request.form["dn"])
        if not found:
            return self.show("搜尋結果 Result", "", "查無資料 No record found")
        return self.show("搜尋結果 Result", "".join(self.detail(record) for record in found))

    def detail(self, record):
        lines = [("一般名稱 Common Name", record.name), ("憑證狀態 Status", STATES[record.status])]
        links = ""
        if record.leaf:
            lines += [
                ("有效期限 Validity", f"From {record.start:%Y-%m-%d %H:%M:%S} To {record.end:%Y-%m-%d %H:%M:%S}"),
                ("憑證等級 Class", "SSL"),
                ("憑證內容 Subject", f"Country = TW Organization = Example Ltd. Common Name = {record.name}"),
                ("憑證序號 Serial Number", str(record.serial)),
            ]
        if record.remark:
            lines.append(("拒絕原因 Reason", record.remark))
        if record.status == "valid":
            links = (
                f'<a href="/portal/download.do;jsessionid=A1?sn={record.serial}">下載憑證 Download</a> '
                f'<a href="/portal/renew.do;jsessionid=A1?sn={record.serial}">更新憑證 Renew</a>'
            )
        rows = "".join(
            f'<div class="row"><span class="label">{label}</span><span class="value">{value}</span></div>'
            for label, value in lines
        )
        return f'<div class="result">{rows}<div class="row">{links}</div></div>'

    @at("/portal/download.do")
    def download(self, request: Request):
        leaf = self.by_serial(request.query["sn"]).leaf
        authority = pki_factory.authority()
        return self.attachment(
            pkcs7.serialize_certificates([leaf, *authority.chain], Encoding.DER),
            "cert.p7b",
            "application/x-pkcs7-certificates",
        )

    @at("/portal/renew.do")
    def renew(self, request: Request, error=""):
        request.session["sn"] = request.query.get("sn") or request.session["sn"]
        return self.show(
            "更新憑證 Renew",
            f"""<form name="renewForm" method="post" action="/portal/renewCheck.do;jsessionid=A1">{self.token(request)}<fieldset
><legend>輸入CSR資訊 CSR</legend><textarea name="p10" rows="10" cols="70"></textarea></fieldset>
<fieldset><legend>輸入通行密碼 Pass Phrase</legend><input type="password" name="pin"></fieldset><input type="submit" name="method"
value="繼續 Continue"> <input type="reset" value="重設 Reset"></form>""",
            error,
        )

    @at("/portal/renewCheck.do")
    def renew_check(self, request: Request):
        record = self.by_serial(request.session["sn"])
        if complaint := self.csr_complaint(request.form["p10"]):
            return self.renew(request, complaint)
        if request.form["pin"] != record.passphrase:
            return self.renew(request, "通行密碼錯誤 Wrong pass phrase")
        request.session.update(csr=request.form["p10"], passphrase=request.form["pin"], kind="renew")
        return self.contacts(request, record.contacts)

    @at("/portal/revoke.do")
    def revoke(self, request: Request):
        return self.show(
            "憑證廢止 Revoke",
            """<form name="revokeForm" method="post" action="/portal/revokeConfirm.do;jsessionid=A1"><div class="row"><span
class="label">網站名稱 Domain Name</span><span class="field"><input type="text" name="dn"></span></div><input type="submit" value="確定 OK"></form>""",
        )

    @at("/portal/revokeConfirm.do")
    def revoke_confirm(self, request: Request):
        found = [record for record in self.found(request.form["dn"]) if record.status == "valid"]
        if not found:
            return self.show("憑證廢止 Revoke", "", "查無有效憑證 No valid certificate")
        return self.show(
            "憑證廢止 Revoke",
            f"""<form method="post" action="/portal/revokeSubmit.do;jsessionid=A1"><input type="hidden" name="dn" value="{found[0].name}">
<div class="row"><span class="label">網站名稱 Domain Name</span><span class="value">{found[0].name}</span></div><div class="row"><span
class="label">憑證序號 Serial Number</span><span class="value">{found[0].serial}</span></div><input type="button" value="取消 Cancel"><input
type="submit" value="確認 Confirm"></form>""",
        )

    @at("/portal/revokeSubmit.do")
    def revoked(self, request: Request):
        self.revocations.append({"name": request.form["dn"], "index": request.index})
        return self.show(
            "憑證廢止 Revoke",
            "<p>廢止申請成功 Your request has been received.</p><p>請列印本頁,押蓋公司大小章後傳真(02)23700728。</p>",
        )

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.show("中繼憑證 Intermediate", '<a href="/portal/chain.do">中繼憑證下載 Download</a>')

    @at("/portal/chain.do")
    def chain(self, request: Request):
        return self.attachment(
            pkcs7.serialize_certificates(pki_factory.authority().chain, Encoding.PEM), "chain.p7b", "text/plain"
        )
