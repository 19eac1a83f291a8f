# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ASP.NET WebForms: one form around each whole page, with its state, search box and login; image and link buttons post back."""

from __future__ import annotations

import pki_factory
from stranger_office import OLD_CONTACTS, Office, Order, Request, at, esc, gather, subject

NAMES = dict(
    zip(
        "name title company tax_id city address postal_code phone fax email".split(),
        "txtName txtTitle txtCompany txtUniNo ddlCity txtAddr txtZip txtTel txtFax txtEmail".split(),
    )
)
CITIES = ["請選擇", "台北市", "新北市", "桃園市", "台中市", "台南市", "高雄市", "新竹市"]
SOFTWARE = ["-- 請選擇 --", "Microsoft IIS 6.0", "Microsoft IIS 7.5", "Apache", "Tomcat", "F5 BIG-IP", "其他"]
PAYMENTS = ["ATM轉帳", "電匯", "銀行匯款", "支票"]
STATES = {"valid": "有效", "pending": "待審核", "rejected": "已退件", "revoked": "已廢止", "expired": "已到期"}
PERSONS = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
BODY = "ctl00$Main$"


class WebForms(Office):
    def show(self, title, body, page):
        return self.page(f"""<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>
	{title}
</title></head><body><form name="aspnetForm" method="post" action="{page}" id="aspnetForm">
<div><input type="hidden" name="__EVENTTARGET" id="__EVENTTARGET" value="" /><input type="hidden" name="__EVENTARGUMENT" id="__EVENTARGUMENT" value="" />
<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="/wEPDwUK{page}" /></div>
<script type="text/javascript">
//<![CDATA[
var theForm = document.forms['aspnetForm'];
function __doPostBack(eventTarget, eventArgument) {{
    if (!theForm.onsubmit || (theForm.onsubmit() != false)) {{
        theForm.__EVENTTARGET.value = eventTarget;
        theForm.__EVENTARGUMENT.value = eventArgument;
        theForm.submit();
    }}
}}
//]]>
</script>
<div id="hd"><input name="ctl00$txtSearch" type="text" id="ctl00_txtSearch" title="全站搜尋" /><input type="submit" name="ctl00$btnSearch"
value="搜尋" id="ctl00_btnSearch" />
帳號 <input name="ctl00$txtUser" type="text" id="ctl00_txtUser" /> 密碼 <input name="ctl00$txtPwd" type="password" id="ctl00_txtPwd" /><input
type="image" name="ctl00$btnLogin" src="login.gif" alt="登入" />
<a href="Default.aspx">首頁</a> <a href="Service.aspx">客服專區</a> <a href="Service.aspx">憑證服務</a></div>
<div id="ctl00_Main_pnl">
{body}
</div></form></body></html>""")

    def own(self, request):
        """The fields of the page's own part; the state must have come back."""
        if request.form.get("__VIEWSTATE") != f"/wEPDwUK{request.path[1:]}":
            raise AssertionError("驗證檢視狀態 MAC 失敗")
        assert not any(request.form.get(name) for name in ("ctl00$txtSearch", "ctl00$txtUser", "ctl00$txtPwd"))
        assert "ctl00$btnSearch" not in request.form
        return {name[len(BODY) :]: value for name, value in request.form.items() if name.startswith(BODY)}

    @staticmethod
    def message(text):
        return (
            f'<span id="ctl00_Main_lblMsg" style="color:Red;">{text}</span>'
            if text
            else '<span id="ctl00_Main_lblMsg" style="color:Red;"></span>'
        )

    @staticmethod
    def image(name, alt):
        return f'<input type="image" name="{BODY}{name}" id="ctl00_Main_{name}" src="images/{name}.gif" alt="{alt}" style="border-width:0px;" />'

    @at("/", "/Default.aspx")
    def home(self, request: Request):
        return self.show("首頁", "<p>歡迎</p>", "Default.aspx")

    @at("/Service.aspx")
    def service(self, request: Request):
        if request.form.get("__EVENTTARGET") == "ctl00$Main$lnkSsl":
            return self.redirect("Ssl.aspx")
        return self.show(
            "服務",
            """<a id="ctl00_Main_lnkSsl" href="javascript:__doPostBack('ctl00$Main$lnkSsl','')">SSL 伺服器憑證</a>
<a id="ctl00_Main_lnkEv" href="javascript:__doPostBack('ctl00$Main$lnkEv','')">EV 憑證</a>""",
            "Service.aspx",
        )

    @at("/Ssl.aspx")
    def ssl(self, request: Request):
        if request.method == "POST":
            own = self.own(request)
            if own.get("txtSite") and ("btnFind.x" in own or "btnFind" in own):
                return self.results(own["txtSite"])
            return self.show("SSL", self.message("請輸入網站名稱"), "Ssl.aspx")
        return self.show(
            "SSL 伺服器憑證",
            f"""<table><tr><td><a href="ApplyStep.aspx">憑證申請</a></td><td><a href="Query.aspx">憑證搜尋</a></td><td><a
href="Revoke.aspx">憑證廢止</a></td></tr></table>
<span id="ctl00_Main_lblSite">欲更新之網站名稱</span><input name="{BODY}txtSite" type="text" id="ctl00_Main_txtSite" />{self.image("btnFind", "搜尋")}""",
            "Ssl.aspx",
        )

    @at("/ApplyStep.aspx")
    def steps(self, request: Request):
        return self.show(
            "憑證申請",
            """<a href="doc.aspx">步驟 1 下載申請單</a><br /><a href="doc2.aspx">步驟 2 產生 CSR</a><br /><a href="doc3.aspx">步驟 3 傳真</a><br />
<a href="Apply.aspx">步驟 4 傳送憑證申請檔與線上填寫註冊資料</a>""",
            "ApplyStep.aspx",
        )

    @at("/Apply.aspx")
    def apply(self, request: Request):
        note = ""
        if request.method == "POST":
            text = self.own(request).get("txtCsr", "")
            note = self.csr_complaint(text)
            if not note:
                request.session.clear()
                request.session.update(csr=text, kind="apply")
                return self.redirect("Apply2.aspx")
        return self.show(
            "憑證申請",
            f"""{self.message(note)}<p>請貼上憑證申請檔</p><textarea name="{BODY}txtCsr" rows="12" cols="66" id="ctl00_Main_txtCsr"></textarea><br
/>{self.image("btnOk", "確定")}""",
            "Apply.aspx",
        )

    @at("/Apply2.aspx")
    def check(self, request: Request):
        note = ""
        if request.method == "POST":
            own = self.own(request)
            if own["ddlSoft"] == "0":
                note = "請選擇伺服器軟體廠商"
            elif len(own["txtPw1"]) < 6 or own["txtPw1"] != own["txtPw2"]:
                note = "密碼輸入有誤"
            else:
                request.session.update(software=SOFTWARE[int(own["ddlSoft"])], passphrase=own["txtPw1"])
                return self.redirect("Contact.aspx")
        parts = subject(request.session["csr"])
        rows = "".join(
            f'<tr><th scope="row">{label}</th><td><span id="ctl00_Main_lbl{key}">{esc(parts[key])}</span></td></tr>'
            for label, key in (
                ("一般名稱", "CN"),
                ("組織", "O"),
                ("組織單位", "OU"),
                ("城市/位置", "L"),
                ("州/省", "ST"),
                ("國別", "C"),
                ("適用之安全強度(bits)", "bits"),
            )
        )
        options = "".join(f'<option value="{number}">{name}</option>' for number, name in enumerate(SOFTWARE))
        return self.show(
            "檢查CSR內容",
            f"""{self.message(note)}<table>{rows}<tr><th scope="row">伺服器軟體廠商</th><td><select name="{BODY}ddlSoft"
id="ctl00_Main_ddlSoft">{options}</select></td></tr>
<tr><th scope="row">輸入密碼</th><td><input name="{BODY}txtPw1" type="password" id="ctl00_Main_txtPw1" /><span id="ctl00_Main_rfv1"
style="color:Red;visibility:hidden;">請輸入密碼</span></td></tr>
<tr><th scope="row">再輸入一次密碼以確認</th><td><input name="{BODY}txtPw2" type="password" id="ctl00_Main_txtPw2" /><span
style="color:Red;visibility:hidden;">兩次密碼不同</span></td></tr></table>
{self.image("btnBack", "上一步")}{self.image("btnNext", "下一步")}""",
            "Apply2.aspx",
        )

    @at("/Contact.aspx")
    def contact(self, request: Request):
        note = ""
        value = {}
        renewing = request.session["kind"] == "renew"
        if request.method == "POST":
            own = self.own(request)
            if "btnBack.x" in own:
                return self.redirect("Apply2.aspx")
            contacts = {key: gather(own, f"uc{key[:3]}$", NAMES) for key in PERSONS}
            for contact in contacts.values():
                contact["city"] = CITIES[int(contact["city"])] if contact["city"] not in ("", "0") else ""
            if own.get("rblSame", "2") != "2":
                contacts["billing"] = contacts[["technical", "business"][int(own["rblSame"])]]
            for key, contact in contacts.items():
                note = note or self.contact_complaint(contact, tax_id=key != "billing")
            if not note:
                request.session["contacts"] = contacts
                return self.redirect("Pay.aspx")
            value = contacts
        elif renewing:
            value = OLD_CONTACTS

        def section(key):
            filled = value.get(key, {})

            def box(field):
                full = f"uc{key[:3]}${NAMES[field]}"
                return f'<input name="{BODY}{full}" type="text" value="{esc(filled.get(field, ""))}" id="{(BODY + full).replace("$", "_")}" />'

            options = "".join(
                f'<option{" selected=" + chr(34) + "selected" + chr(34) if city == filled.get("city") else ""} value="{number}">{city}</option>'
                for number, city in enumerate(CITIES)
            )
            same = ""
            if key == "billing" and renewing:
                same = (
                    '<tr><td colspan="2"><table id="ctl00_Main_rblSame"><tr>'
                    + "".join(
                        (
                            f'<td><input id="ctl00_Main_rblSame_{number}" type="radio" name="{BODY}rblSame" value="{number}" />'
                            f'<label for="ctl00_Main_rblSame_{number}">{label}</label></td>'
                        )
                        for number, label in enumerate(("與技術聯絡人相同", "與業務聯絡人相同", "兩者皆否"))
                    )
                    + "</tr></table></td></tr>"
                )
            tax = f"<tr><td>公司統一編號</td><td>{box('tax_id')}</td></tr>" if key != "billing" else ""
            return f"""<table
class="tb"><caption>請輸入{PERSONS[key]}資訊</caption>{same}<tr><td>姓名</td><td>{box("name")}</td></tr><tr><td>職稱</td><td>{box("title")}</td></tr
><tr><td>公司</td><td>{box("company")}</td></tr>{tax}
<tr><td>通訊地址</td><td><select name="{BODY}uc{key[:3]}$ddlCity">{options}</select>{box("address")}<br />郵遞區號:{box("postal_code")}</td></tr>
<tr><td>聯絡電話</td><td>{box("phone")}</td></tr><tr><td>傳真號碼</td><td>{box("fax")}</td></tr><tr><td>電子郵件地址</td><td>{box("email")}</td></tr></table>"""

        return self.show(
            "聯絡人",
            self.message(note)
            + "".join(section(key) for key in PERSONS)
            + self.image("btnBack", "上一步")
            + self.image("btnNext", "繼續"),
            "Contact.aspx",
        )

    @at("/Pay.aspx")
    def pay(self, request: Request):
        note = ""
        if request.method == "POST":
            own = self.own(request)
            if "rblPay" in own:
                have = request.session
                self.orders.append(
                    Order(
                        have["kind"],
                        request.index,
                        have["csr"],
                        have.get("software", ""),
                        have["passphrase"],
                        PAYMENTS[int(own["rblPay"])],
                        contacts=have["contacts"],
                    )
                )
                return self.redirect("Result.aspx")
            note = "請選擇付款方式"
        choices = "".join(
            (
                f'<tr><td><input id="ctl00_Main_rblPay_{number}" type="radio" name="{BODY}rblPay" value="{number}" />'
                f'<label for="ctl00_Main_rblPay_{number}">{name}</label></td></tr>'
            )
            for number, name in enumerate(PAYMENTS)
        )
        return self.show(
            "付款",
            f'{self.message(note)}<span>付款方式</span><table id="ctl00_Main_rblPay">{choices}</table>{self.image("btnGo", "繼續")}',
            "Pay.aspx",
        )

    @at("/Result.aspx")
    def result(self, request: Request):
        return self.show(
            "回應",
            (
                "<table><tr><td>系統的回應訊息</td></tr><tr><td>作業成功</td></tr><tr>"
                "<td>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件 (E-Mail)通知您下載憑證事宜。CA作業時間約需二個工作天。</td></tr></table>"
            ),
            "Result.aspx",
        )

    @at("/Query.aspx")
    def query(self, request: Request):
        if request.method == "POST":
            own = self.own(request)
            target = request.form["__EVENTTARGET"]
            if target.endswith("lnkView"):
                return self.detail(self.records[int(target.split("$")[-2][3:])])
            if own.get("txtDns"):
                return self.results(own["txtDns"])
        return self.show(
            "憑證搜尋",
            f"""網站名稱:<input name="{BODY}txtDns" type="text" id="ctl00_Main_txtDns" /><input type="submit" name="{BODY}btnQuery" value="搜尋" />""",
            "Query.aspx",
        )

    def results(self, name):
        found = self.found(name)
        rows = "".join(
            f"""<tr><td>{record.name}</td><td>{STATES[record.status]}</td><td>{record.serial or "&nbsp;"}</td>
<td><a href="javascript:__doPostBack(&#39;ctl00$Main$gv$ctl{self.position(record):02}$lnkView&#39;,&#39;&#39;)">詳細資料</a></td></tr>"""
            for record in found
        )
        grid = f"""<table id="ctl00_Main_gv" rules="all"><tr><th scope="col">一般名稱</th><th scope="col">憑證狀態</th><th
scope="col">憑證序號</th><th scope="col">&nbsp;</th></tr>{rows}</table>"""
        return self.show("搜尋結果", grid if found else "<table><tr><td>查無資料</td></tr></table>", "Query.aspx")

    def detail(self, record):
        lines = [("一般名稱", record.name), ("憑證狀態", STATES[record.status])]
        if record.leaf:
            lines += [
                (
                    "有效期限",
                    f"{record.start.year}/{record.start.month}/{record.start.day} {'上午' if record.start.hour < 12 else '下午'}"
                    f" {record.start.hour % 12 or 12:02}:{record.start:%M:%S} ~ "
                    f"{record.end.year}/{record.end.month}/{record.end.day} {'上午' if record.end.hour < 12 else '下午'}"
                    f" {record.end.hour % 12 or 12:02}:{record.end:%M:%S}",
                ),
                ("憑證內容", f"CN={record.name}, O=Example Ltd., C=TW"),
                ("憑證序號", record.serial),
            ]
        if record.remark:
            lines.append(("退件原因", record.remark))
        rows = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in lines)
        buttons = ""
        if record.status == "valid":
            buttons = f"""<input type="hidden" name="{BODY}hidSn" value="{record.serial}" /><input type="submit" name="{BODY}btnDl" value="下載憑證"
/><input type="submit" name="{BODY}btnRenew" value="更新憑證" /><input type="submit" name="{BODY}btnClose" value="回查詢頁" />"""
        return self.show("憑證詳細資料", f"<table>{rows}</table>{buttons}", "Detail.aspx")

    @at("/Detail.aspx")
    def act(self, request: Request):
        own = self.own(request)
        record = self.by_serial(own["hidSn"])
        if "btnDl" in own:
            return self.attachment(pki_factory.der(record.leaf), "server.cer", "text/html; charset=utf-8")
        if "btnRenew" in own:
            request.session.clear()
            request.session["sn"] = own["hidSn"]
            return self.redirect("Renew.aspx")
        return self.redirect("Query.aspx")

    @at("/Renew.aspx")
    def renew(self, request: Request):
        note = ""
        if request.method == "POST":
            own = self.own(request)
            record = self.by_serial(request.session["sn"])
            note = self.csr_complaint(own["txtCsr"]) or ("" if own["txtPass"] == record.passphrase else "通行密碼不符")
            if not note:
                request.session.update(csr=own["txtCsr"], passphrase=own["txtPass"], kind="renew")
                return self.redirect("Contact.aspx")
        return self.show(
            "更新憑證",
            f"""{self.message(note)}<table><tr><td>憑證申請檔(CSR)</td><td><textarea name="{BODY}txtCsr" rows="12" cols="66"></textarea></td></tr>
<tr><td>通行密碼</td><td><input name="{BODY}txtPass" type="password" /></td></tr></table>{self.image("btnNext", "繼續")}""",
            "Renew.aspx",
        )

    @at("/Revoke.aspx")
    def revoke(self, request: Request):
        note = ""
        if request.method == "POST":
            own = self.own(request)
            if self.found(own.get("txtSite", "")):
                self.revocations.append({"name": own["txtSite"], "index": request.index})
                return self.show("憑證廢止", "<p>憑證廢止申請已受理,請列印此頁。</p>", "Revoke.aspx")
            note = "查無此網站名稱"
        return self.show(
            "憑證廢止",
            f"""{self.message(note)}<label for="ctl00_Main_txtSite">網站名稱</label><input name="{BODY}txtSite" type="text" id="ctl00_Main_txtSite"
/><input type="submit" name="{BODY}btnOk" value="確定" />""",
            "Revoke.aspx",
        )

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.show(
            "中繼憑證",
            '<a href="CaFile.ashx?id=0">下載中繼憑證</a> <a href="CaFile.ashx?id=1">下載交互憑證</a>',
            "pro_sslser.asp",
        )

    @at("/CaFile.ashx")
    def authority(self, request: Request):
        return self.attachment(pki_factory.der(pki_factory.authority().chain[int(request.query["id"])]), "ca.cer")
