# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSP of about 2001: Big5 said in a meta tag only, nested tables, attributes without quotes, unclosed tags, pictures as buttons."""

from __future__ import annotations

import pki_factory
from stranger_office import Office, Order, Request, at, esc, gather, subject

NAMES = {
    "name": "xm",
    "title": "zc",
    "company": "gs",
    "tax_id": "tybh",
    "city": "cs",
    "address": "dz",
    "postal_code": "yq",
    "phone": "dh",
    "fax": "cz",
    "email": "yj",
}
CITIES = "台北市 台北縣 基隆市 桃園縣 新竹市 台中市 台南市 高雄市".split()
SOFTWARE = ["Microsoft IIS 5.0", "Microsoft IIS 4.0", "Apache-SSL", "Netscape Enterprise", "Lotus Domino", "其他"]
PAYMENTS = ["郵政劃撥", "銀行匯款", "即期支票"]
STATES = {"valid": "有效", "pending": "審核中", "rejected": "退件", "revoked": "已廢止", "expired": "已過期"}


def top(title, body):
    return f"""<HTML><HEAD><META HTTP-EQUIV=Content-Type CONTENT="text/html; charset=big5"><TITLE>{title}</TITLE></HEAD>
<BODY BGCOLOR=#FFFFFF TOPMARGIN=0><CENTER>
<TABLE WIDTH=760 BORDER=0 CELLPADDING=0><TR><TD><IMG SRC=/images/logo.gif ALT=TWCA><TD ALIGN=right>
<A HREF=/index.jsp><IMG SRC=/images/home.gif BORDER=0 ALT=回首頁></A><A HREF=/eng/><IMG SRC=/images/eng.gif BORDER=0 ALT=English></A>
<TR><TD COLSPAN=2 BGCOLOR=#003366><A HREF=/ca.jsp><IMG SRC=/images/m1.gif BORDER=0 ALT=憑證服務></A>
<A HREF=/cs.jsp><IMG SRC=/images/m2.gif BORDER=0 ALT=客服專區></A><A HREF=/down.jsp><IMG SRC=/images/m3.gif BORDER=0 ALT=下載中心></A>
</TABLE><TABLE WIDTH=760 BORDER=0><TR><TD WIDTH=150 VALIGN=top><TABLE><TR><TD>
<FORM METHOD=get ACTION=/find.jsp><FONT SIZE=2>站內搜尋</FONT><BR><INPUT TYPE=text NAME=q SIZE=10><INPUT TYPE=image SRC=/images/go.gif ALT=搜尋></FORM>
</TABLE><TD VALIGN=top>
{body}
</TABLE><HR WIDTH=760><FONT SIZE=1>台灣網路認證股份有限公司 版權所有</FONT></CENTER></BODY></HTML>"""


class JspBig5(Office):
    codec = "cp950"
    content_type = "text/html"

    def show(self, title, body):
        return self.page(top(title, body))

    def sorry(self, text):
        return self.show(
            "錯誤",
            f"<BR><BR><CENTER><FONT COLOR=red SIZE=4><B>{text}</B></FONT><P><A HREF=javascript:history.go(-1)>回上一頁</A></CENTER>",
        )

    @at("/", "/index.jsp")
    def home(self, request: Request):
        return self.show(
            "台灣網路認證公司",
            "<FONT SIZE=2>歡迎光臨台灣網路認證股份有限公司<P>最新消息<UL><LI>網路報稅憑證開放申請<LI>系統維護公告</UL></FONT>",
        )

    @at("/cs.jsp", "/ca.jsp")
    def service(self, request: Request):
        return self.show(
            "客服專區",
            "<TABLE><TR><TD><A HREF=/ssl/ssl.jsp>SSL 伺服器憑證</A><TR><TD><A HREF=/p/p.jsp>個人憑證</A></TABLE>",
        )

    @at("/ssl/ssl.jsp")
    def ssl(self, request: Request):
        return self.show(
            "SSL 伺服器憑證",
            """<TABLE BORDER=1><TR><TD><A HREF=apply.jsp>憑證申請</A><TD><A HREF=query.jsp>憑證搜尋</A><TD><A HREF=revoke.jsp>憑證廢止</A></TABLE>
<P><FORM METHOD=post ACTION=query.jsp NAME=qf>請輸入欲更新憑證之網站名稱 <INPUT NAME=dns SIZE=30 MAXLENGTH=64>
<INPUT TYPE=image NAME=go SRC=/images/search.gif ALT=搜尋></FORM>""",
        )

    @at("/ssl/apply.jsp")
    def steps(self, request: Request):
        return self.show(
            "憑證申請",
            """<OL><LI>步驟 1 <A HREF=/down.jsp>下載申請單</A><LI>步驟 2 產生憑證申請檔<LI>步驟 3 傳真申請單
<LI><A HREF=csr.jsp>步驟 4 傳送憑證申請檔與線上填寫註冊資料</A><LI>步驟 5 安裝憑證</OL>""",
        )

    @at("/ssl/csr.jsp")
    def csr(self, request: Request):
        return self.show(
            "傳送憑證申請檔",
            """<FORM METHOD=post ACTION=check.jsp><TABLE BORDER=1 CELLSPACING=0><TR BGCOLOR=#CCCCFF><TD COLSPAN=2><B>輸入CSR資訊</B>
<TR><TD WIDTH=200>請將CSR檔案中的內容複製到右邊的空欄中<TD><TEXTAREA NAME=pkcs10 ROWS=12 COLS=66 WRAP=off></TEXTAREA>
<TR><TD COLSPAN=2 ALIGN=center><INPUT TYPE=image SRC=/images/ok.gif ALT=確定 BORDER=0>
<A HREF=csr.jsp><IMG SRC=/images/reset.gif BORDER=0 ALT=重設></A></TABLE></FORM>""",
        )

    @at("/ssl/check.jsp")
    def check(self, request: Request):
        text = request.form["pkcs10"]
        if complaint := self.csr_complaint(text):
            return self.sorry(complaint)
        request.session["csr"] = text
        parts = subject(text)
        rows = "".join(
            f"<TR><TD><B>{label}</B><BR><FONT SIZE=2 COLOR=#666666>{note}</FONT><TD>{esc(parts[key]) or '&nbsp;'}"
            for label, note, key in (
                ("一般名稱:", "此名稱所代表的網站之安全性,將由此SSL伺服器憑證所保護。", "CN"),
                ("組織:", "", "O"),
                ("組織單位:", "這是一個可以用來區分組織部門的欄位。", "OU"),
                ("城市/位置:", "即 貴公司進行商業行為的所在。【例:Taipei】", "L"),
                ("州/省:", "請不要用縮寫的地名填寫此欄位。【例:Taiwan】", "ST"),
                ("國別:", "舉例來說,TW代表台灣,US代表美國。", "C"),
                ("適用之安全強度(bits):", "", "bits"),
            )
        )
        options = "".join(f"<OPTION>{name}" for name in SOFTWARE)
        return self.show(
            "檢查CSR內容",
            f"""<FORM METHOD=post ACTION=contact.jsp><TABLE BORDER=1><TR><TH>解說<TH>您的CSR內容{rows}
<TR><TH COLSPAN=2>輸入伺服器資訊<TR><TD>伺服器軟體廠商:<BR><FONT SIZE=2>請從右邊的下拉式選單中選擇您伺服器軟體的廠商。如果不在清單中,請選擇其他。</FONT>
<TD><SELECT NAME=vendor>{options}</SELECT>
<TR><TD>通行密碼:(至少六碼)<BR><FONT SIZE=2>請在右邊的欄位中輸入一個您容易記憶的文字或片語。</FONT><TD>
<TABLE><TR><TD>輸入密碼:<TD><INPUT TYPE=password NAME=pw1><TR><TD>再輸入一次密碼以確認<TD><INPUT TYPE=password NAME=pw2></TABLE>
</TABLE><INPUT TYPE=image SRC=/images/next.gif ALT=下一步></FORM>""",
        )

    @at("/ssl/contact.jsp")
    def contact(self, request: Request):
        if request.form["pw1"] != request.form["pw2"] or len(request.form["pw1"]) < 6:
            return self.sorry("通行密碼錯誤")
        request.session.update(software=request.form["vendor"], passphrase=request.form["pw1"], kind="apply")
        return self.contacts({})

    def contacts(self, filled):
        def table(person, prefix, title, blurb):
            value = filled.get(person, {})
            cities = "".join(f"<OPTION{' SELECTED' if city == value.get('city') else ''}>{city}" for city in CITIES)

            def box(field, size=20):
                return f'<INPUT TYPE=text NAME={prefix}{NAMES[field]} SIZE={size} VALUE="{esc(value.get(field, ""))}">'

            tax = f"<TR><TD>公司統一編號<TD>{box('tax_id')}" if person != "billing" else ""
            same = ""
            if filled and person == "billing":
                same = (
                    "<TR><TD COLSPAN=2><INPUT TYPE=radio NAME=same VALUE=1>與技術聯絡人相同 <INPUT TYPE=radio NAME=same VALUE=2>"
                    "與業務聯絡人相同 <INPUT TYPE=radio NAME=same VALUE=0 CHECKED>兩者皆否"
                )
            return f"""<FONT COLOR=#993300><B>{title}</B></FONT><BR><FONT SIZE=2>{blurb}</FONT>
<TABLE BORDER=1 WIDTH=560>{same}<TR><TD WIDTH=100>姓名<FONT COLOR=red>*</FONT><TD>{box("name")}
<TR><TD>職稱<FONT COLOR=red>*</FONT><TD>{box("title")}<TR><TD>公司<FONT COLOR=red>*</FONT><TD>{box("company", 40)}{tax}
<TR><TD>通訊地址<FONT COLOR=red>*</FONT><TD><SELECT NAME={prefix}cs>{cities}</SELECT>{box("address", 40)}郵遞區號:{box("postal_code", 5)}
<TR><TD>聯絡電話<FONT COLOR=red>*</FONT><TD>{box("phone")}<TR><TD>傳真號碼<FONT COLOR=red>*</FONT><TD>{box("fax")}
<TR><TD>電子郵件地址<FONT COLOR=red>*</FONT><TD>{box("email", 40)}</TABLE><BR>"""

        return self.show(
            "填寫聯絡人資料",
            "<FORM METHOD=post ACTION=pay.jsp>"
            + table(
                "technical",
                "t_",
                "請輸入技術聯絡人資訊",
                "若有憑證更新的訊息,本公司也會寄送給技術聯絡人及 貴公司的業務聯絡人。",
            )
            + table("business", "b_", "請輸入業務聯絡人資訊", "業務聯絡人與技術聯絡人應由不同人員擔任,您應該分別指定。")
            + table("billing", "a_", "請輸入帳務聯絡人資訊", "舉例來說,該人可以是 貴公司會計或是財務主管。")
            + "<INPUT TYPE=image SRC=/images/continue.gif ALT=繼續></FORM>",
        )

    @at("/ssl/pay.jsp")
    def pay(self, request: Request):
        contacts = {
            "technical": gather(request.form, "t_", NAMES),
            "business": gather(request.form, "b_", NAMES),
            "billing": gather(request.form, "a_", NAMES),
        }
        same = request.form.get("same", "0")
        if same != "0":
            contacts["billing"] = contacts[{"1": "technical", "2": "business"}[same]]
        for person, contact in contacts.items():
            if complaint := self.contact_complaint(contact, tax_id=person != "billing"):
                return self.sorry(complaint)
        request.session.update(contacts=contacts)
        choices = "<BR>".join(
            f"<INPUT TYPE=radio NAME=pay VALUE={number}>{name}" for number, name in enumerate(PAYMENTS)
        )
        return self.show(
            "付款方式",
            (
                f"<FORM METHOD=post ACTION=done.jsp><TABLE BORDER=1><TR><TD>付款方式<TD>{choices}</TABLE>"
                f"<INPUT TYPE=image SRC=/images/continue.gif ALT=繼續></FORM>"
            ),
        )

    @at("/ssl/done.jsp")
    def done(self, request: Request):
        if "pay" not in request.form:
            return self.sorry("請選擇付款方式")
        have = request.session
        self.orders.append(
            Order(
                have["kind"],
                request.index,
                have["csr"],
                have.get("software", ""),
                have["passphrase"],
                PAYMENTS[int(request.form["pay"])],
                contacts=have["contacts"],
            )
        )
        return self.show(
            "系統的回應訊息",
            (
                "<TABLE BORDER=1><TR><TD>系統的回應訊息<TR><TD><FONT COLOR=blue>作業成功</FONT>"
                "<BR>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。CA作業時間約需二個工作天。</TABLE>"
            ),
        )

    @at("/ssl/query.jsp")
    def query(self, request: Request):
        name = request.form.get("dns", "")
        if not name:
            return self.show(
                "憑證搜尋",
                (
                    "<FORM METHOD=post ACTION=query.jsp><TABLE><TR><TD>網站名稱<TD><INPUT NAME=dns><TR><TD><TD>"
                    "<INPUT TYPE=image SRC=/images/search.gif ALT=搜尋></TABLE></FORM>"
                ),
            )
        found = self.found(name)
        if not found:
            return self.show("查無資料", f"<FONT COLOR=red>查無 {esc(name)} 之憑證資料</FONT>")
        return self.show("憑證搜尋結果", "<HR>".join(self.detail(record) for record in found))

    def detail(self, record):
        rows = [("一般名稱", record.name), ("憑證狀態", STATES[record.status])]
        links = ""
        if record.leaf:
            rows += [
                ("有效期限", f"{record.start:%Y-%m-%d %H:%M:%S}.0<BR>{record.end:%Y-%m-%d %H:%M:%S}.0"),
                ("憑證等級", "TWCA Secure Server"),
                ("憑證內容", f"Country = TW<BR>Organization = Example Ltd.<BR>Common Name = {record.name}"),
                ("憑證序號", str(record.serial)),
                ("憑證擁有者", "舊公司"),
            ]
        if record.status == "valid":
            links = (
                f"<A HREF=get.jsp?sn={record.serial}><IMG SRC=/images/dl.gif BORDER=0 ALT=下載憑證></A> <A HREF=renew.jsp?sn={record.serial}>"
                f"<IMG SRC=/images/rn.gif BORDER=0 ALT=更新憑證></A>"
            )
        if record.remark:
            rows.append(("備註", record.remark))
        lines = "".join(f"<TR><TD BGCOLOR=#EEEEEE>{label}<TD>{value}" for label, value in rows)
        return f"<TABLE BORDER=1><TR><TH COLSPAN=2>{record.name} 是128位元伺服器憑證<TR><TH>解說<TH>&nbsp;{lines}</TABLE>{links}"

    @at("/ssl/get.jsp")
    def get(self, request: Request):
        leaf = self.by_serial(request.query["sn"]).leaf
        return self.show("下載憑證", f"請將下列內容複製存檔<BR><PRE>{pki_factory.pem(leaf)}</PRE>")

    @at("/ssl/renew.jsp")
    def renew(self, request: Request):
        request.session["sn"] = request.query["sn"]
        return self.show(
            "更新憑證",
            """<FORM METHOD=post ACTION=renew2.jsp><TABLE BORDER=1><TR><TD COLSPAN=2>解說: 輸入CSR資訊
<TR><TD>請將CSR檔案中的內容複製到右邊的空欄中,注意複製的範圍應包括 "BEGIN NEW CERTIFICATE REQUEST" 到 "END NEW CERTIFICATE REQUEST" 的宣告文字。
<TD><TEXTAREA NAME=pkcs10 ROWS=12 COLS=66></TEXTAREA><TR><TD COLSPAN=2>解說:輸入通行密碼
<TR><TD>請將您之前申請伺服器憑證時提供的線上憑證 更新、註銷 用之通行密碼輸入到右邊的空欄中,注意文字大小寫。<TD><INPUT TYPE=password NAME=pw>
<TR><TD>請按一下"繼續"按鈕以便送出CSR,並繼續註冊程序<TD><INPUT TYPE=image SRC=/images/continue.gif ALT=繼續></TABLE></FORM>""",
        )

    @at("/ssl/renew2.jsp")
    def renew_check(self, request: Request):
        if complaint := self.csr_complaint(request.form["pkcs10"]):
            return self.sorry(complaint)
        record = self.by_serial(request.session["sn"])
        if request.form["pw"] != record.passphrase:
            return self.sorry("通行密碼不正確,請重新輸入")
        request.session.update(csr=request.form["pkcs10"], passphrase=request.form["pw"], kind="renew")
        return self.contacts(record.contacts)

    @at("/ssl/revoke.jsp")
    def revoke(self, request: Request):
        name = request.form.get("dns")
        if not name:
            return self.show(
                "憑證廢止",
                "<FORM METHOD=post ACTION=revoke.jsp>請輸入網站名稱(大小寫需一致)<INPUT NAME=dns><INPUT TYPE=image SRC=/images/ok.gif ALT=確定></FORM>",
            )
        self.revocations.append({"name": name, "index": request.index})
        return self.show(
            "憑證廢止",
            (
                f"<TABLE BORDER=1><TR><TD>憑證廢止申請<TR><TD>網站名稱:{esc(name)}<TR>"
                f"<TD>已受理您的憑證廢止申請,請列印本頁並押蓋公司大小章後傳真至(02)23700728辦理。</TABLE>"
            ),
        )

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.show(
            "中繼憑證與根憑證",
            (
                "<TABLE><TR><TD>中繼憑證<TD><A HREF=/ca/0.cer>TWCA Secure SSL CA</A><TR><TD>交互認證憑證<TD><A HREF=/ca/1.cer>CYBER</A><TR><TD>根憑證<TD>"
                "<A HREF=/ca/2.cer>Root</A></TABLE>"
            ),
        )

    @at("/ca/0.cer", "/ca/1.cer", "/ca/2.cer")
    def authority(self, request: Request):
        authority = pki_factory.authority()
        certificates = [*authority.chain, authority.root.certificate]
        return self.attachment(
            pki_factory.der(certificates[int(request.path[4])]), "ca.cer", "application/x-x509-ca-cert"
        )
