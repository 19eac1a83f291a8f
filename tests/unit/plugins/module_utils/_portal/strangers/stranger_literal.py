# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The literal reader, 2008: Big5, coloured tables, the manual's words, one page per screenshot, everything carried in hidden fields."""

from __future__ import annotations

import html

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding
from stranger_office import FIELDS, Office, Order, Request, at, esc, gather, subject

NAMES = dict(zip(FIELDS, "name title company ban city addr zip tel fax email".split()))
PREFIXES = {"technical": "t_", "business": "b_", "billing": "a_"}
CITIES = (
    "台北市 基隆市 新北市 宜蘭縣 桃園市 新竹市 新竹縣 苗栗縣 台中市 彰化縣 南投縣 雲林縣 嘉義市 嘉義縣 台南市 高雄市 屏東縣 花蓮縣 台東縣 "
    "澎湖縣 金門縣 連江縣"
).split()
SOFTWARE = (
    "Apache-SSL",
    "Apache",
    "Apache Tomcat",
    "IBM HTTP Server",
    "IBM WebSphere",
    "Lotus Domino",
    "Microsoft IIS 4.0",
    "Microsoft IIS 5.0",
    "Microsoft IIS 6.0",
    "Netscape / iPlanet",
    "Oracle",
    "BEA WebLogic",
    "其他",
)
PAYMENTS = {"1": "支票", "2": "銀行匯款", "3": "郵政劃撥"}
STATES = {
    "valid": "有效",
    "pending": "審核中",
    "rejected": "審核未通過",
    "revoked": "已廢止",
    "expired": "已逾有效期限",
}
PARTS = (
    ("CN", "一般名稱:", "此名稱所代表的網站之安全性,將由此SSL伺服器憑證所保護。"),
    ("O", "組織:", ""),
    ("OU", "組織單位:", "這是一個可以用來區分組織部門的欄位。"),
    ("L", "城市/位置:", "即 貴公司進行商業行為的所在。【例:Taipei】"),
    ("ST", "州/省:", "即 貴公司進行商業行為的州省所在地。請不要用縮寫的地名填寫此欄位。【例:Taiwan】"),
    ("C", "國別:", "此欄係以ISO組織的國家代碼來表示。舉例來說,TW代表台灣,US代表美國。"),
    ("bits", "適用之安全強度(bits):", ""),
)
TEXTS = {
    "technical": (
        "請輸入技術聯絡人資訊",
        "請輸入本公司寄送SSL伺服器憑證給您時的技術聯絡人資訊於下表。舉例來說,此人可以是您的網站管理者,或是您網路撥接商的技術支援人員。"
        "請注意此人必須擁有存取您網頁伺服器的權利。本公司在發放SSL伺服器憑證以前,會先以電話與此技術聯絡人取得聯繫。<br><br>"
        "當網頁伺服器的安全出現顧慮時,此技術聯絡人有通知本公司的義務。另若有憑證更新的訊息,本公司也會寄送給技術聯絡人及 貴公司的業務聯絡人。",
    ),
    "business": (
        "請輸入業務聯絡人資訊",
        "請輸入 貴公司負責SSL伺服器憑證業務聯絡人資訊於下表,並填寫本公司所要求的資訊。舉例來說,此人可以是 貴公司的決策者或是高階的經理人。"
        "請注意業務聯絡人必須為 貴公司組織內之一份子。本公司在發放SSL伺服器憑證以前,會先以電話與此業務聯絡人取得聯繫。<br><br>"
        "業務聯絡人與技術聯絡人應由不同人員擔任,您應該分別指定。另外,本公司若有更新的資料也會同時寄給上述這兩個人。",
    ),
    "billing": (
        "請輸入帳務聯絡人資訊",
        "請輸入 貴公司的帳務處理聯絡人員資訊於下表。舉例來說,該人可以是 貴公司會計或是財務主管。當帳單處理資料有異動時,此人有通知本公司之義務。",
    ),
}
STEPS = {  # where each contact page's form goes, and what follows
    "technical": "/servlet/BusinessContact",
    "business": "/servlet/BillingContact",
    "billing": "/servlet/PaymentType",
}


class Literal(Office):
    codec = "cp950"
    content_type = "text/html; charset=big5"

    def show(self, title, body):
        return self.page(f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<HTML><HEAD><META http-equiv="Content-Type" content="text/html; charset=big5">
<TITLE>{title} - TWCA 臺灣網路認證公司</TITLE></HEAD>
<BODY bgcolor="#FFFFFF" leftmargin="0" topmargin="0">
<TABLE width="760" border="0" cellspacing="0" cellpadding="0" align="center">
<TR bgcolor="#003399"><TD colspan="6"><A href="/"><IMG src="/images/logo.gif" border="0" alt="TWCA 臺灣網路認證公司"></A></TD></TR>
<TR bgcolor="#6699CC"><TD><A href="/"><FONT color="#FFFFFF">首頁</FONT></A>
<TD><A href="/about.asp"><IMG src="/images/m1.gif" border="0" alt="關於TWCA"></A>
<TD><A href="/Portal/service/cert.asp"><IMG src="/images/m2.gif" border="0" alt="憑證服務"></A>
<TD><A href="/Portal/service/index.asp"><IMG src="/images/m3.gif" border="0" alt="客服專區"></A>
<TD><A href="/Portal/download.asp"><IMG src="/images/m4.gif" border="0" alt="下載中心"></A>
<TD><A href="/Portal/service/ssl_1.asp"><FONT color="#FFFFFF">SSL 伺服器憑證</FONT></A>
</TABLE>
<TABLE width="760" border="0" cellspacing="0" cellpadding="6" align="center"><TR><TD>
{body}
</TD></TR></TABLE>
<HR width="760"><CENTER><FONT size="2">台北市 100 延平南路 85 號 10 樓 電話:02-2370-8886 傳真:02-2370-0728<BR>
臺灣網路認證股份有限公司版權所有</FONT></CENTER></BODY></HTML>""")

    def failed(self, complaint):
        return self.show(
            "系統的回應訊息",
            f"""<TABLE border="1" width="500" align="center" bgcolor="#FFFFCC"><TR><TD bgcolor="#CC0000" align="center"><FONT
color="#FFFFFF"><B>系統的回應訊息</B></FONT></TD></TR><TR><TD align="center"><FONT color="red"><B>作業失敗</B></FONT><BR>{esc(complaint)}<BR>請與本公司相關作業人員聯繫。<BR>
<A href="javascript:history.back()">回上一頁</A></TD></TR></TABLE>""",
        )

    @staticmethod
    def carried(request, *left):
        """What earlier pages sent, but for the fields of this one."""
        return "\n".join(
            f'<INPUT type="hidden" name="{esc(name)}" value="{esc(value)}">'
            for name, value in request.form.items()
            if not name.startswith(left)
        )

    @at("/", "/default.asp")
    def home(self, request: Request):
        return self.show(
            "首頁",
            """<TABLE border="0" width="100%"><TR valign="top"><TD width="60%" bgcolor="#F0F0F0"><B>最新消息</B><BR>2008/06/03 SSL 伺服器數位憑證憑證申請程序作業手冊 V2.1 公告
<BR>2008/05/20 系統維護公告</TD><TD bgcolor="#CCDDEE"><B>快速連結</B><BR><A href="/Portal/service/index.asp">[客服專區]</A><BR><A href="/Portal/service/cert.asp">[憑證服務]</A><BR><A
href="/Portal/download.asp">[下載中心]</A></TD></TR></TABLE>""",
        )

    @at("/about.asp")
    def about(self, request: Request):
        return self.show("關於TWCA", "臺灣網路認證股份有限公司 TAIWAN-CA. Inc.")

    @at("/Portal/download.asp")
    def forms(self, request: Request):
        return self.show(
            "下載中心",
            """<B>請依照資料名稱下移選擇要下載的資料</B><UL><LI><A href="/doc/5-1.doc">SSL 伺服器數位憑證憑證申請單</A><LI><A href="/doc/5-2.doc">SSL 伺服器數位憑證用戶註銷憑證申請單</A>
<LI><A href="/doc/5-3.doc">SSL 伺服器數位憑證測試憑證申請單</A><LI><A href="/doc/5-4.doc">網域名稱使用授權書</A></UL>""",
        )

    @at("/Portal/service/index.asp")
    def support(self, request: Request):
        return self.show(
            "客服專區",
            """<B>客服專區</B><BR>‧<A href="/Portal/service/ssl_1.asp">SSL 伺服器憑證</A><BR>‧<A href="/about.asp">常見問題</A>""",
        )

    @at("/Portal/service/cert.asp")
    def services(self, request: Request):
        return self.show(
            "憑證服務",
            """<B>憑證服務</B><BR>‧<A href="/about.asp">網路下單憑證</A><BR>‧<A href="/Portal/service/ssl_1.asp">SSL 伺服器憑證</A>""",
        )

    SEARCH = """<FORM action="/servlet/ShowServerCertInfo" method="get"><TABLE border="1" cellspacing="0" bgcolor="#EEEEFF"><TR><TD>請輸入網站名稱(如 www.abc.com.tw,注意,大小寫需一致)
</TD><TD><INPUT type="text" name="DNS" size="30"> <INPUT type="submit" value="搜尋"></TD></TR></TABLE></FORM>"""

    @at("/Portal/service/ssl_1.asp")
    def ssl(self, request: Request):
        return self.show(
            "SSL 伺服器憑證",
            f"""<TABLE width="100%"><TR valign="top"><TD width="150" bgcolor="#CCDDEE"><A href="ssl_1_1.asp">憑證申請</A><BR><A href="ssl_1_2.asp">憑證搜尋</A><BR><A
href="ssl_1_3.asp">憑證廢止</A><BR><A href="/pro_sslser.asp">中繼憑證下載</A><BR><A href="ssl_1_6.html">安全認證標章</A></TD>
<TD><FONT size="4" color="#003399"><B>SSL 伺服器憑證</B></FONT>{self.SEARCH}</TD></TR></TABLE>""",
        )

    @at("/Portal/service/ssl_1_1.asp")
    def apply(self, request: Request):
        return self.show(
            "憑證申請",
            """<TABLE border="1" cellspacing="0" cellpadding="4"><TR><TD bgcolor="#CCDDEE">步驟 1</TD><TD>填寫憑證申請單</TD></TR><TR><TD bgcolor="#CCDDEE">步驟 2</TD><TD><A
href="/doc/csr.html">產生憑證申請檔(CSR)</A></TD></TR><TR><TD bgcolor="#CCDDEE">步驟 3</TD><TD>將憑證申請單傳真至本公司</TD></TR>
<TR><TD bgcolor="#CCDDEE">步驟 4</TD><TD><A href="/servlet/InputCSR">傳送憑證申請檔與線上填寫註冊資料</A></TD></TR></TABLE>""",
        )

    @at("/servlet/InputCSR")
    def input_csr(self, request: Request):
        return self.show(
            "傳送憑證申請檔",
            """<FORM method="post" action="/servlet/CheckCSR"><INPUT type="hidden" name="op" value="NEW">
<P>將 CSR 複製,貼在文字方塊內,按下確定(若按下確定後出現錯誤訊息則表示 CSR 內容有錯誤,請與本公司相關作業人員聯繫。)</P>
<CENTER><TEXTAREA name="csr" rows="15" cols="66" wrap="off"></TEXTAREA><BR><INPUT type="submit" value="確定"></CENTER></FORM>""",
        )

    @at("/servlet/CheckCSR")
    def check_csr(self, request: Request):
        if complaint := self.csr_complaint(request.form["csr"]):
            return self.failed(complaint)
        parts = subject(request.form["csr"])
        rows = "\n".join(
            f'<TR><TD bgcolor="#FFFFCC"><B>{label}</B><BR>{text}</TD><TD>{esc(parts[key]) or "&nbsp;"}</TD></TR>'
            for key, label, text in PARTS
        )
        options = "".join(
            f"<OPTION{' selected' if name == 'Microsoft IIS 5.0' else ''}>{name}</OPTION>" for name in SOFTWARE
        )
        return self.show(
            "檢查CSR內容",
            f"""<FORM method="post" action="/servlet/TechContact">{self.carried(request)}
<FONT color="#003399"><B>檢查CSR內容</B></FONT>
<TABLE border="1" width="100%" cellspacing="0"><TR bgcolor="#6699CC"><TH width="60%">解說</TH><TH>您的CSR內容</TH></TR>
{rows}
<TR bgcolor="#6699CC"><TH colspan="2" align="left">輸入伺服器資訊</TH></TR>
<TR><TD bgcolor="#FFFFCC"><B>伺服器軟體廠商:</B><BR>請從右邊的下拉式選單中選擇您伺服器軟體的廠商。如果不在清單中,請選擇其他。</TD><TD><SELECT name="server">{options}</SELECT></TD></TR>
<TR><TD bgcolor="#FFFFCC" rowspan="2"><B>通行密碼:(至少六碼)</B><BR>請在右邊的欄位中輸入一個您容易記憶,但不易為人所臆測的文字或片語。當您 申請、 更新 或 註銷
此SSL伺服器憑證時都需使用到這個通行密碼。另外,當您要變更聯絡人資料時也需要填入。</TD><TD>輸入密碼:<BR><INPUT type="password" name="pwd" size="20"></TD></TR>
<TR><TD>再輸入一次密碼以確認<BR><INPUT type="password" name="pwd2" size="20"></TD></TR></TABLE>
<CENTER><INPUT type="submit" value="繼續"> <INPUT type="reset" value="重設"></CENTER></FORM>""",
        )

    def contact(self, request, person):
        prefix = PREFIXES[person]
        title, text = TEXTS[person]
        renewing = request.form["op"] == "RENEW"
        value = self.by_serial(request.form["sn"]).contacts[person] if renewing else {}

        def box(field, size, more=""):
            return f'<INPUT type="text" name="{prefix}{NAMES[field]}" size="{size}"{more} value="{esc(value.get(field, ""))}">'

        def row(label, content):
            return f'<TR><TD bgcolor="#CCDDEE" width="110">{label}</TD><TD bgcolor="#F8F8F8">{content}</TD></TR>\n'

        options = "".join(
            f"<OPTION{' selected' if city == value.get('city', '台北市') else ''}>{city}</OPTION>" for city in CITIES
        )
        same = ""
        if person == "billing" and renewing:
            same = """<INPUT type="radio" name="same" value="T">與技術聯絡人相同 <INPUT type="radio" name="same" value="B">與業務聯絡人相同 <INPUT type="radio"
name="same" value="N" checked>兩者皆否"""
        return self.show(
            title,
            f"""<FORM method="post" action="{STEPS[person]}">{self.carried(request, prefix, "same")}
<FONT size="4" color="#003399"><B>{title}</B></FONT><P>{text}</P>{same}
<TABLE border="1" width="100%" cellspacing="0" cellpadding="3">
{row("姓名", box("name", 20))}{row("職稱", box("title", 20))}{row("公司", box("company", 40))}{
                row("公司統一編號", box("tax_id", 10, ' maxlength="8"')) if person != "billing" else ""
            }{
                row(
                    "通訊地址",
                    f'<SELECT name="{prefix}city">{options}</SELECT> {box("address", 45)}<BR>郵遞區號: '
                    + box("postal_code", 6, ' maxlength="6"'),
                )
            }{row("聯絡電話", box("phone", 20))}{row("傳真號碼", box("fax", 20))}{
                row("電子郵件地址", box("email", 40))
            }</TABLE>
<CENTER><INPUT type="submit" value="繼續"> <INPUT type="reset" value="重設"></CENTER></FORM>""",
        )

    def contacts(self, request):
        """Every contact, as sent; characters beyond Big5 come as references."""
        found = {}
        for person, prefix in PREFIXES.items():
            contact = gather(request.form, prefix, NAMES)
            found[person] = {field: html.unescape(value) for field, value in contact.items()}
        if request.form["same"] in ("T", "B"):
            found["billing"] = found[{"T": "technical", "B": "business"}[request.form["same"]]]
        return found

    @at("/servlet/TechContact")
    def technical(self, request: Request):
        if request.form["op"] != "RENEW":
            if len(request.form["pwd"]) < 6:
                return self.failed("通行密碼至少六碼")
            if request.form["pwd"] != request.form["pwd2"]:
                return self.failed("兩次輸入的通行密碼不一致")
        return self.contact(request, "technical")

    @at("/servlet/BusinessContact")
    def business(self, request: Request):
        if complaint := self.contact_complaint(self.contacts(request)["technical"]):
            return self.failed("技術聯絡人:" + complaint)
        return self.contact(request, "business")

    @at("/servlet/BillingContact")
    def billing(self, request: Request):
        if complaint := self.contact_complaint(self.contacts(request)["business"]):
            return self.failed("業務聯絡人:" + complaint)
        return self.contact(request, "billing")

    @at("/servlet/PaymentType")
    def payment(self, request: Request):
        if complaint := self.contact_complaint(self.contacts(request)["billing"], tax_id=False):
            return self.failed("帳務聯絡人:" + complaint)
        choices = "<BR>".join(
            f'<INPUT type="radio" name="paytype" value="{key}"{" checked" if key == "1" else ""}>{name}'
            for key, name in PAYMENTS.items()
        )
        return self.show(
            "選擇付款方式",
            f"""<FORM method="post" action="/servlet/SendRequest">{self.carried(request, "paytype")}
<TABLE border="1" cellspacing="0" width="400"><TR bgcolor="#6699CC"><TH>請選擇付款方式</TH></TR><TR><TD>{choices}</TD></TR></TABLE>
請按一下"繼續"按鈕以便送出CSR,並完成註冊程序 <INPUT type="submit" value="繼續"></FORM>""",
        )

    @at("/servlet/SendRequest")
    def send(self, request: Request):
        form = request.form
        if complaint := self.csr_complaint(form["csr"]):
            return self.failed(complaint)
        renewing = form["op"] == "RENEW"
        if renewing and form["pwd"] != self.by_serial(form["sn"]).passphrase:
            return self.failed("通行密碼錯誤")
        self.orders.append(
            Order(
                "renew" if renewing else "apply",
                request.index,
                form["csr"],
                form["server"],
                form["pwd"],
                PAYMENTS[form["paytype"]],
                contacts=self.contacts(request),
            )
        )
        return self.show(
            "系統的回應訊息",
            """<TABLE border="1" width="500" align="center" bgcolor="#FFFFCC"><TR><TD bgcolor="#6699CC" align="center"><B>系統的回應訊息</B></TD></TR><TR><TD align="center"><FONT
color="#003399"><B>作業成功</B></FONT></TD></TR><TR><TD>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件 (E-Mail)通知您下載憑證事宜。<BR>CA作業時間約需二個工作天。</TD></TR></TABLE>""",
        )

    @at("/Portal/service/ssl_1_2.asp")
    def search_page(self, request: Request):
        return self.show(
            "憑證搜尋", "<B>憑證搜尋</B><BR>請填入當初所申請的憑證之網站名稱,輸入完成後,按下搜尋鍵。" + self.SEARCH
        )

    @at("/servlet/ShowServerCertInfo")
    def detail(self, request: Request):
        name = request.query["DNS"].strip()
        found = self.found(name)
        if not found:
            return self.show(
                "憑證搜尋",
                f'<P align="center"><FONT color="red">查無 {esc(name)} 之伺服器憑證資料</FONT></P>{self.SEARCH}',
            )
        number = min(max(int(request.query["No"] or 1), 1), len(found))
        record = found[number - 1]
        rows = [("一般名稱", record.name), ("憑證狀態", STATES[record.status])]
        head = f"{record.name} 之伺服器憑證申請"
        links = ""
        if record.leaf:
            bits = record.leaf.public_key().key_size
            head = f"{record.name} 是{bits}位元伺服器憑證"
            content = "<BR>".join(
                f"{key} = {value}"
                for key, value in (
                    ("Country", "TW"),
                    ("State", "TAIWAN"),
                    ("Locality", "TAIPEI"),
                    ("Organization", "Shop"),
                    ("Organizational Unit", "IT"),
                    ("Common Name", record.name),
                )
            )
            rows += [
                ("有效期限", f"{record.start:%Y-%m-%d %H:%M:%S}.0<BR>{record.end:%Y-%m-%d %H:%M:%S}.0"),
                ("憑證等級", "TaiCA Secure Server"),
                ("憑證內容", content),
                ("憑證序號", str(record.serial)),
                ("憑證擁有者", "商店股份有限公司"),
            ]
        if record.remark:
            rows.append(("備註", record.remark))
        if record.status == "valid":
            links = (
                f'<A href="/servlet/GetServerCert?SN={record.serial}">下載憑證</A> | '
                f'<A href="/servlet/RenewServerCert?SN={record.serial}">更新憑證</A>'
            )
        pager = ""
        if len(found) > 1:
            link = f"/servlet/ShowServerCertInfo?DNS={esc(name)}&amp;No="
            before = f'<A href="{link}{number - 1}">上一筆</A>' if number > 1 else "上一筆"
            after = f'<A href="{link}{number + 1}">下一筆</A>' if number < len(found) else "下一筆"
            pager = f"共 {len(found)} 筆,第 {number} 筆 {before} {after}<BR>"
        lines = "\n".join(
            f'<TR><TD bgcolor="#CCDDEE" nowrap>{label}</TD><TD>{value}</TD></TR>' for label, value in rows
        )
        return self.show(
            "憑證詳細資料",
            f"""{pager}<TABLE border="1" cellspacing="0" width="560"><TR bgcolor="#6699CC"><TD colspan="2"><B>{head}</B></TD></TR>
<TR bgcolor="#FFFFCC"><TD colspan="2">解說</TD></TR>
{lines}</TABLE>{links}""",
        )

    @at("/servlet/GetServerCert")
    def download(self, request: Request):
        leaf = self.by_serial(request.query["SN"]).leaf
        return self.attachment(leaf.public_bytes(Encoding.DER), "ServerCert.cer", "application/x-x509-user-cert")

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.show(
            "中繼憑證與根憑證",
            """<TABLE border="1" cellspacing="0"><TR><TD>中繼憑證檔</TD><TD><A href="/cer/TaiCASecureCA_Prod_SSLServerCA.cer">TaiCASecureCA_Prod_SSLServerCA.cer</A></TD></TR>
<TR><TD>根憑證檔</TD><TD><A href="/cer/GTECyberTrustGlobalRootProd.cer">GTECyberTrustGlobalRootProd.cer</A></TD></TR></TABLE>※請確實將伺服器憑證檔及中繼憑證檔安裝於伺服器中""",
        )

    @at("/cer/TaiCASecureCA_Prod_SSLServerCA.cer", "/cer/GTECyberTrustGlobalRootProd.cer")
    def authority(self, request: Request):
        chain = pki_factory.authority().chain
        found = chain[-1] if "Root" in request.path else chain[0]
        return self.attachment(
            found.public_bytes(Encoding.DER), request.path.rpartition("/")[2], "application/x-x509-ca-cert"
        )

    @at("/Portal/service/ssl_1_6.html")
    def seals(self, request: Request):
        code = '<A target=new href="https://ssl.taica.com.tw/servlet/ShowServerCertInfo?DNS=#申請之DNS位址"><IMG src="/認證標章檔"></A>'
        return self.show("安全認證標章", f"mark1.gif mark2.gif mark3.gif<BR><TT>{esc(code)}</TT>")

    @at("/servlet/RenewServerCert")
    def renew(self, request: Request):
        return self.show(
            "更新憑證",
            f"""<FORM method="post" action="/servlet/RenewCSR"><INPUT type="hidden" name="op" value="RENEW"><INPUT type="hidden" name="sn"
value="{esc(request.query["SN"])}"><TABLE border="1" cellspacing="0" width="100%">
<TR bgcolor="#FFFF99"><TD colspan="2"><B>解說:</B> 輸入CSR資訊</TD></TR>
<TR><TD width="35%">請將CSR檔案中的內容複製到右邊的空欄中,注意複製的範圍應包括 "BEGIN NEW CERTIFICATE REQUEST" 到 "END NEW CERTIFICATE REQUEST" 的宣告文字。</TD><TD><TEXTAREA
name="csr" rows="10" cols="60"></TEXTAREA></TD></TR>
<TR bgcolor="#FFFF99"><TD colspan="2"><B>解說:</B>輸入通行密碼</TD></TR>
<TR><TD>請將您之前申請伺服器憑證時提供的線上憑證 更新、 註銷 用之通行密碼輸入到右邊的空欄中,注意文字大小寫。</TD><TD><INPUT type="password" name="pwd"></TD></TR>
<TR><TD>請按一下"繼續"按鈕以便送出CSR,並繼續註冊程序</TD><TD><INPUT type="submit" value="繼續"> <INPUT type="reset" value="重設"></TD></TR></TABLE></FORM>""",
        )

    @at("/servlet/RenewCSR")
    def renew_csr(self, request: Request):
        if complaint := self.csr_complaint(request.form["csr"]):
            return self.failed(complaint)
        if request.form["pwd"] != self.by_serial(request.form["sn"]).passphrase:
            return self.failed("通行密碼錯誤,注意文字大小寫")
        return self.contact(request, "technical")

    @at("/Portal/service/ssl_1_3.asp")
    def revoke(self, request: Request):
        return self.show(
            "憑證廢止",
            """<B>憑證廢止</B><P>在作憑證註銷線上作業時,仍須先填寫好<A href="/doc/5-2.doc">用戶註銷憑證申請單</A>,郵寄或傳真至本公司。</P>
<FORM method="post" action="/servlet/RevokeServerCert"><TABLE border="1" cellspacing="0"><TR><TD bgcolor="#CCDDEE">網站名稱</TD><TD><INPUT name="DNS" size="30"></TD></TR>
<TR><TD colspan="2">填寫當初所申請的憑證之網站名稱,如 www.abc.com.tw (注意,大小寫需一致),輸入完成後,請押蓋公司大小章,並請傳真(02)23700728 辦理。</TD></TR>
<TR><TD colspan="2" align="center"><INPUT type="submit" value="確定"></TD></TR></TABLE></FORM>""",
        )

    @at("/servlet/RevokeServerCert")
    def revoked(self, request: Request):
        name = request.form["DNS"].strip()
        found = [record for record in self.found(name) if record.status == "valid"]
        if not found:
            return self.failed(f"查無 {name} 之有效憑證")
        self.revocations.append({"name": name, "index": request.index})
        return self.show(
            "系統的回應訊息",
            f"""<TABLE border="1" width="500" align="center"><TR><TD bgcolor="#6699CC" align="center" colspan="2"><B>系統的回應訊息</B></TD></TR>
<TR><TD>網站名稱</TD><TD>{esc(name)}</TD></TR><TR><TD>憑證序號</TD><TD>{found[0].serial}</TD></TR>
<TR><TD colspan="2">註銷成功,由 TWCA 認證中心予以確認。請列印本頁押蓋公司大小章,並請傳真(02)23700728 辦理。</TD></TR>
<TR><TD>公司大小章</TD><TD height="120">&nbsp;</TD></TR></TABLE>""",
        )
