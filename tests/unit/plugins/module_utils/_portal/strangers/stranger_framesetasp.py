# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Classic ASP in Big5, announced by a meta element only: framesets, layout tables, image buttons, one contact a page, one record a page."""

from __future__ import annotations

import urllib.parse

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding
from stranger_office import Office, Order, Request, at, esc, gather, subject

NAMES = dict(
    zip(
        "name title company tax_id city address postal_code phone fax email".split(),
        "txtName txtTitle txtCompany txtUniNo selCity txtAddr txtZip txtTel txtFax txtEmail".split(),
    )
)
CITIES = (
    "台北市 基隆市 新北市 桃園市 新竹市 新竹縣 苗栗縣 台中市 彰化縣 南投縣 雲林縣 嘉義市 嘉義縣 台南市 高雄市 屏東縣 "
    "宜蘭縣 花蓮縣 台東縣 澎湖縣 金門縣 連江縣"
).split()
SOFTWARE = (
    "Microsoft IIS 5.0",
    "Microsoft IIS 6.0 以上",
    "Apache",
    "Apache Tomcat",
    "IBM HTTP Server / WebSphere",
    "BEA WebLogic",
    "Lotus Domino",
    "Sun ONE / iPlanet",
    "其他 Other",
)
PAYMENTS = {"1": "即期支票 Check", "2": "銀行匯款 Remittance", "3": "郵政劃撥 Postal Giro"}
STATES = {
    "valid": "有效",
    "pending": "審核中",
    "rejected": "退件",
    "revoked": "已註銷",
    "expired": "已過期",
}
# The letter of a contact's page: person, heading, what it is for
KINDS = {
    "T": (
        "technical",
        "請輸入技術聯絡人資訊 Technical Contact",
        "請輸入本公司寄送SSL伺服器憑證給您時的技術聯絡人資訊於下表。舉例來說,此人可以是您的網站管理者,或是您網路撥接商的技術支援人員。",
    ),
    "B": (
        "business",
        "請輸入業務聯絡人資訊 Business Contact",
        "請輸入 貴公司負責SSL伺服器憑證業務聯絡人資訊於下表。<B>業務聯絡人與技術聯絡人應由不同人員擔任,您應該分別指定。</B>",
    ),
    "A": (
        "billing",
        "請輸入帳務聯絡人資訊 Billing Contact",
        "請輸入 貴公司的帳務處理聯絡人員資訊於下表。舉例來說,該人可以是 貴公司會計或是財務主管。",
    ),
}
COLUMNS = (
    ("一般名稱 Common Name", "此名稱所代表的網站之安全性,將由此SSL伺服器憑證所保護。", "CN"),
    ("組織 Organization", "", "O"),
    ("組織單位 Organizational Unit", "這是一個可以用來區分組織部門的欄位。", "OU"),
    ("城市/位置 Locality", "即 貴公司進行商業行為的所在。【例:Taipei】", "L"),
    ("州/省 State", "請不要用縮寫的地名填寫此欄位。【例:Taiwan】", "ST"),
    ("國別 Country", "此欄係以ISO組織的國家代碼來表示。", "C"),
    ("適用之安全強度(bits)", "", "bits"),
)


def moment(when):
    """What FormatDateTime makes of a date where Windows speaks the Chinese of Taiwan."""
    half = "上午" if when.hour < 12 else "下午"
    return f"{when.year}/{when.month}/{when.day} {half} {(when.hour % 12) or 12:02}:{when:%M:%S}"


class FramesetAsp(Office):
    codec = "cp950"
    content_type = "text/html"

    def show(self, title, body, script="", head=""):
        code = f'<SCRIPT LANGUAGE="JavaScript">\n<!--\n{script}\n//-->\n</SCRIPT>\n' if script else ""
        return self.page(f"""<HTML>
<HEAD>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=big5">
<TITLE>{title}</TITLE>
{head}{code}<LINK REL=stylesheet HREF="/css/twca.css" TYPE="text/css">
</HEAD>
<BODY BGCOLOR=#FFFFFF LEFTMARGIN=0 TOPMARGIN=0>
<TABLE BORDER=0 CELLPADDING=0 CELLSPACING=0 WIDTH=600><TR><TD><IMG SRC="/images/spacer.gif" WIDTH=10 HEIGHT=1></TD>
<TD BACKGROUND="/images/title_bg.gif"><FONT SIZE=4 COLOR=#003399><B>{title}</B></FONT></TD></TR>
<TR><TD></TD><TD>
{body}
</TD></TR></TABLE>
<HR SIZE=1 WIDTH=600 ALIGN=left><FONT SIZE=1>Copyright &copy; TAIWAN-CA. Inc. 建議使用 IE 5.0 以上,解析度 800*600 瀏覽本站</FONT>
</BODY></HTML>""")

    def alert(self, message):
        """The usual way to complain: a page that is a script."""
        return self.page(f"""<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=big5">
<SCRIPT LANGUAGE="JavaScript">
alert("{message}");
history.back();
</SCRIPT>""")

    def frames(self, title, body):
        return self.page(f"""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=big5"><TITLE>{title}</TITLE></HEAD>
{body}
</HTML>""")

    # Frames and menus

    @at("/", "/default.asp")
    def home(self, request: Request):
        return self.frames(
            "台灣網路認證公司 TWCA",
            """<FRAMESET ROWS="82,*" BORDER=0 FRAMEBORDER=0 FRAMESPACING=0>
 <FRAME SRC="top.asp" NAME="topFrame" SCROLLING=no NORESIZE>
 <FRAMESET COLS="160,*" BORDER=0>
  <FRAME SRC="menu.asp" NAME="menuFrame">
  <FRAME SRC="main.asp" NAME="mainFrame">
 </FRAMESET>
 <NOFRAMES><BODY>對不起,您的瀏覽器不支援框架(Frame),請更新您的瀏覽器。</BODY></NOFRAMES>
</FRAMESET>""",
        )

    @at("/top.asp")
    def top(self, request: Request):
        return self.page("""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=big5"></HEAD><BODY BGCOLOR=#003399>
<TABLE BORDER=0 CELLSPACING=0><TR><TD ROWSPAN=2><IMG SRC="images/logo.gif" ALT="TWCA"></TD>
<TD><A HREF="default.asp" TARGET=_top><IMG SRC="images/t1.gif" ALT="首頁 Home" BORDER=0></A></TD>
<TD><A HREF="service.asp" TARGET=mainFrame><IMG SRC="images/t2.gif" ALT="客服專區 Service" BORDER=0></A></TD>
<TD><A HREF="casvc.asp" TARGET=mainFrame><IMG SRC="images/t3.gif" ALT="憑證服務 Certification" BORDER=0></A></TD>
<TD><A HREF="dlcenter.asp" TARGET=mainFrame><IMG SRC="images/t4.gif" ALT="下載中心 Download" BORDER=0></A></TD></TR>
<TR><TD COLSPAN=4><MARQUEE>【公告】本公司網站例行維護時間為每週日凌晨 02:00 至 04:00</MARQUEE></TD></TR></TABLE></BODY></HTML>""")

    @at("/menu.asp")
    def menu(self, request: Request):
        return self.page("""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=big5"></HEAD><BODY>
<TABLE BORDER=0><TR><TD><A HREF="main.asp" TARGET=mainFrame>最新消息 News</A></TD></TR>
<TR><TD><A HREF="about.asp" TARGET=mainFrame>公司簡介 About</A></TD></TR>
<TR><TD><A HREF="service.asp" TARGET=mainFrame>客服專區 Service</A></TD></TR></TABLE>
<FORM NAME=frmMember ACTION="member.asp" METHOD=post TARGET=mainFrame><TABLE BORDER=1><TR><TD>會員登入</TD></TR>
<TR><TD>帳號<INPUT NAME=uid SIZE=8></TD></TR><TR><TD>密碼<INPUT TYPE=password NAME=pwd SIZE=8></TD></TR>
<TR><TD><INPUT TYPE=submit VALUE="登入"></TD></TR></TABLE></FORM></BODY></HTML>""")

    @at("/main.asp", "/about.asp", "/dlcenter.asp", "/member.asp")
    def main(self, request: Request):
        return self.show(
            "最新消息 News",
            """<TABLE BORDER=0><TR><TD><IMG SRC="images/dot.gif"></TD><TD>2008/6/3 SSL 伺服器數位憑證申請程序更新</TD></TR>
<TR><TD><IMG SRC="images/dot.gif"></TD><TD>2008/5/2 辦公室搬遷公告</TD></TR></TABLE>""",
        )

    @at("/service.asp", "/casvc.asp")
    def service(self, request: Request):
        return self.show(
            "客服專區 Customer Service",
            """<TABLE BORDER=0 WIDTH=100%><TR><TD WIDTH=50%><TABLE><TR><TD><A HREF="ssl/default.asp"><IMG SRC="images/ssl.gif"
ALT="SSL 伺服器憑證" BORDER=0></A></TD><TD><A HREF="ssl/default.asp">SSL 伺服器憑證<BR>SSL Server ID</A></TD></TR></TABLE></TD>
<TD><TABLE><TR><TD><A HREF="stock.asp">證券憑證<BR>Securities</A></TD></TR><TR><TD><A HREF="xml.asp">報稅憑證<BR>Tax</A></TD></TR></TABLE></TD></TR></TABLE>""",
        )

    @at("/ssl/default.asp")
    def ssl(self, request: Request):
        return self.frames(
            "SSL 伺服器憑證",
            """<FRAMESET COLS="140,*" BORDER=0><FRAME SRC="left.asp" NAME="sslLeft"><FRAME SRC="intro.asp" NAME="sslBody"></FRAMESET>""",
        )

    @at("/ssl/left.asp")
    def left(self, request: Request):
        items = (
            ("intro.asp", "產品簡介 Overview"),
            ("apply.asp", "憑證申請 Apply"),
            ("search.asp", "憑證搜尋 Search"),
            ("search.asp?f=renew", "憑證更新 Renew"),
            ("revoke.asp", "憑證廢止 Revoke"),
            ("/pro_sslser.asp", "中繼憑證下載"),
        )
        rows = "".join(
            f'<TR><TD><A HREF="{target}" TARGET=sslBody><IMG SRC="/images/m{number}.gif" ALT="{label}" BORDER=0></A></TD></TR>\n'
            for number, (target, label) in enumerate(items, 1)
        )
        return self.page(
            f'<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=big5"></HEAD><BODY><TABLE>{rows}</TABLE></BODY></HTML>'
        )

    @at("/ssl/intro.asp")
    def intro(self, request: Request):
        return self.show("SSL 伺服器憑證 SSL Server ID", "<P>請由左方選單選擇服務項目。<P>客服專線 (02)2370-8886")

    # The application

    @at("/ssl/apply.asp")
    def apply(self, request: Request):
        return self.show(
            "憑證申請 Apply",
            """<TABLE BORDER=1 CELLPADDING=5><TR><TD>步驟 1</TD><TD><A HREF="/files/ssl_form.doc">填寫憑證申請單</A></TD>
<TR><TD>步驟 2</TD><TD><A HREF="csr_howto.asp">產生憑證申請檔(CSR)</A></TD>
<TR><TD>步驟 3</TD><TD>將申請單傳真至本公司 (02)2370-0728</TD>
<TR><TD>步驟 4</TD><TD><A HREF="csr_input.asp">傳送憑證申請檔與線上填寫註冊資料</A></TD></TABLE>""",
        )

    @at("/ssl/csr_howto.asp")
    def howto(self, request: Request):
        return self.show("產生憑證申請檔(CSR)", "<P>不論首次申請或更新憑證,在產製 CSR 時請都採用 NEW 方式。")

    @at("/ssl/csr_input.asp")
    def csr(self, request: Request):
        return self.show(
            "傳送憑證申請檔 Send CSR",
            """<TABLE BORDER=0 WIDTH=560><FORM NAME=form1 METHOD=post ACTION="csr_check.asp">
<TR><TD BGCOLOR=#CCDDFF>請將 CSR 複製,貼在下面的文字方塊內,按下「確定」。<BR>Please paste your CSR below.</TD></TR>
<TR><TD><TEXTAREA NAME=txtCSR COLS=66 ROWS=14 WRAP=off></TEXTAREA></TD></TR>
<TR><TD ALIGN=center><INPUT TYPE=image NAME=btnOK SRC="/images/b_ok.gif" ALT="確定 OK" BORDER=0>
<A HREF="javascript:document.form1.reset();"><IMG SRC="/images/b_clear.gif" ALT="清除 Clear" BORDER=0></A></TD></TR></FORM></TABLE>""",
        )

    def failed(self, complaint):
        return self.show(
            "系統的回應訊息 System Message",
            f"""<TABLE BORDER=1 WIDTH=400><TR><TD BGCOLOR=#FF0000 ALIGN=center><FONT COLOR=#FFFFFF><B>作業失敗 Failed</B></FONT></TD></TR>
<TR><TD>{complaint}<BR>請與本公司相關作業人員聯繫。</TD></TR><TR><TD ALIGN=center><A HREF="javascript:history.back()"><IMG
SRC="/images/b_back.gif" ALT="回上一頁 Back" BORDER=0></A></TD></TR></TABLE>""",
        )

    @at("/ssl/csr_check.asp")
    def check(self, request: Request):
        text = request.form["txtCSR"]
        if complaint := self.csr_complaint(text):
            return self.failed(complaint)
        request.session.clear()
        request.session.update(csr=text, kind="apply", contacts={})
        return self.redirect("csr_info.asp")

    @at("/ssl/csr_info.asp")
    def info(self, request: Request):
        if "csr" not in request.session:
            return self.redirect("apply.asp")
        if request.method == "POST":
            return self.save_info(request)
        parts = subject(request.session["csr"])
        rows = "\n".join(
            f"<TR><TD BGCOLOR=#EEEEEE>{label}{': <BR><FONT SIZE=2>' + note + '</FONT>' if note else ''}</TD><TD>{esc(parts[key])}&nbsp;</TD></TR>"
            for label, note, key in COLUMNS
        )
        options = "".join(f"<OPTION VALUE={number}>{name}\n" for number, name in enumerate(SOFTWARE, 1))
        return self.show(
            "檢查CSR內容 Verify CSR",
            f"""<TABLE BORDER=0 CELLPADDING=0 CELLSPACING=0><FORM NAME=form1 METHOD=post ACTION="csr_info.asp"><INPUT TYPE=hidden NAME=act VALUE="NEXT">
<TR><TD><TABLE BORDER=1 WIDTH=560><TR><TD WIDTH=60% BGCOLOR=#CCDDFF>解說</TD><TD BGCOLOR=#CCDDFF>您的CSR內容</TD></TR>
{rows}</TABLE></TD></TR>
<TR><TD><BR><TABLE BORDER=1 WIDTH=560><TR><TD COLSPAN=2 BGCOLOR=#CCDDFF>輸入伺服器資訊 Server Information</TD></TR>
<TR><TD WIDTH=60%>伺服器軟體廠商 Server Software: <FONT COLOR=red>*</FONT><BR><FONT SIZE=2>請從右邊的下拉式選單中選擇您伺服器軟體的廠商。
如果不在清單中,請選擇其他。</FONT></TD><TD><SELECT NAME=selServer><OPTION VALUE="">== 請選擇 ==
{options}</SELECT></TD></TR>
<TR><TD>通行密碼 Challenge Phrase:(至少六碼) <FONT COLOR=red>*</FONT><BR><FONT SIZE=2>請在右邊的欄位中輸入一個您容易記憶,但不易為人所臆測的文字或片語。當您申請、更新
或<FONT COLOR=red>註銷</FONT>此SSL伺服器憑證時都需使用到這個通行密碼。</FONT></TD>
<TD><TABLE BORDER=0><TR><TD>輸入密碼:</TD></TR><TR><TD><INPUT TYPE=password NAME=txtPwd1 SIZE=16></TD></TR>
<TR><TD>再輸入一次密碼以確認</TD></TR><TR><TD><INPUT TYPE=password NAME=txtPwd2 SIZE=16></TD></TR></TABLE></TD></TR></TABLE></TD></TR>
<TR><TD ALIGN=center><A HREF="javascript:doBack()"><IMG SRC="/images/b_prev.gif" ALT="上一步 Previous" BORDER=0></A>
<A HREF="javascript:doNext()"><IMG SRC="/images/b_cont.gif" ALT="繼續 Continue" BORDER=0></A></TD></TR></FORM></TABLE>""",
            """function doBack() { document.form1.act.value = "BACK"; document.form1.submit(); }
function doNext() {
  var f = document.form1;
  if (f.selServer.selectedIndex == 0) { alert("請選擇伺服器軟體廠商!"); f.selServer.focus(); return; }
  if (f.txtPwd1.value.length < 6) { alert("通行密碼至少六碼!"); f.txtPwd1.focus(); return; }
  if (f.txtPwd1.value != f.txtPwd2.value) { alert("兩次輸入的密碼不相同!"); return; }
  f.submit();
}""",
        )

    def save_info(self, request):
        form = request.form
        if form["act"] == "BACK":
            return self.redirect("csr_input.asp")
        if not form["selServer"]:
            return self.alert("請選擇伺服器軟體廠商!")
        if len(form["txtPwd1"]) < 6 or form["txtPwd1"] != form["txtPwd2"]:
            return self.alert("通行密碼有誤,請重新輸入!")
        request.session.update(software=SOFTWARE[int(form["selServer"]) - 1], passphrase=form["txtPwd1"])
        return self.redirect("contact.asp?t=T")

    @at("/ssl/contact.asp")
    def contact(self, request: Request):
        if "passphrase" not in request.session:
            return self.redirect("apply.asp")
        if request.method == "POST":
            return self.save_contact(request)
        letter = request.query["t"] or "T"
        person, heading, note = KINDS[letter]
        have = request.session
        filled = have["contacts"].get(person) or have.get("old", {}).get(person, {})

        def row(field, label, size=30):
            return (
                f"<TR><TD WIDTH=150 ALIGN=right BGCOLOR=#EEEEEE NOWRAP><FONT COLOR=red>*</FONT>{label}</TD><TD><INPUT TYPE=text "
                f'NAME={NAMES[field]} SIZE={size} VALUE="{esc(filled.get(field, ""))}"></TD></TR>'
            )

        options = "".join(
            f"<OPTION{' SELECTED' if city == filled.get('city', '台北市') else ''}>{city}\n" for city in CITIES
        )
        same = ""
        if letter == "A" and have["kind"] == "renew":
            same = """<TR><TD COLSPAN=2 BGCOLOR=#FFFFCC><INPUT TYPE=radio NAME=rdoSame VALUE=T>與技術聯絡人相同
<INPUT TYPE=radio NAME=rdoSame VALUE=B>與業務聯絡人相同 <INPUT TYPE=radio NAME=rdoSame VALUE=N CHECKED>兩者皆否</TD></TR>"""
        number = "TBA".index(letter) + 1
        return self.show(
            heading,
            f"""<P><FONT SIZE=2>{note}</FONT><P><FONT SIZE=2 COLOR=#990000>({number}/3) 有 * 者請務必全部填寫,不可留空白;若為數字內容請採用阿拉伯數字方式填寫。</FONT>
<TABLE BORDER=0 BGCOLOR=#999999 CELLPADDING=1 CELLSPACING=0><TR><TD><TABLE BORDER=0 BGCOLOR=#FFFFFF CELLPADDING=3 WIDTH=560>
<FORM NAME=form1 METHOD=post ACTION="contact.asp"><INPUT TYPE=hidden NAME=ctype VALUE={letter}>{same}
{row("name", "姓　　名 Name")}
{row("title", "職　　稱 Title", 20)}
{row("company", "公司名稱 Company", 40)}
{row("tax_id", "公司統一編號 Uni. No.", 10) if letter != "A" else ""}
<TR><TD ALIGN=right BGCOLOR=#EEEEEE><FONT COLOR=red>*</FONT>通訊地址 Address</TD><TD><SELECT NAME=selCity>{options}</SELECT><INPUT TYPE=text
NAME=txtAddr SIZE=36 VALUE="{esc(filled.get("address", ""))}"><BR>郵遞區號 Zip: <INPUT TYPE=text NAME=txtZip SIZE=5
VALUE="{esc(filled.get("postal_code", ""))}"></TD></TR>
{row("phone", "聯絡電話 Tel", 20)}
<TR><TD></TD><TD><FONT SIZE=2 COLOR=#666666>例: (02)23708886#9</FONT></TD></TR>
{row("fax", "傳真號碼 Fax", 20)}
{row("email", "電子郵件地址 E-mail", 40)}
<TR><TD COLSPAN=2 ALIGN=center><A HREF="javascript:history.back()"><IMG SRC="/images/b_prev.gif" ALT="上一步 Previous" BORDER=0></A>
<A HREF="#" onClick="chkForm(); return false;"><IMG SRC="/images/b_cont.gif" ALT="繼續 Continue" BORDER=0></A></TD></TR></FORM></TABLE></TD></TR></TABLE>""",
            """function chkForm() {
  var f = document.form1;
  for (var i = 0; i < f.elements.length; i++) {
    if (f.elements[i].type == "text" && f.elements[i].value == "") {
      if (f.rdoSame && !f.rdoSame[2].checked) continue;
      alert("請務必全部填寫,不可留空白!"); f.elements[i].focus(); return;
    }
  }
  f.submit();
}""",
        )

    def save_contact(self, request):
        letter = request.form["ctype"]
        person = KINDS[letter][0]
        contacts = request.session["contacts"]
        contact = gather(request.form, "", NAMES)
        if request.form["rdoSame"] in ("T", "B"):
            contact = contacts[KINDS[request.form["rdoSame"]][0]]
        if complaint := self.contact_complaint(contact, tax_id=letter != "A"):
            return self.alert(complaint)
        contacts[person] = contact
        return self.redirect({"T": "contact.asp?t=B", "B": "contact.asp?t=A", "A": "payment.asp"}[letter])

    @at("/ssl/payment.asp")
    def payment(self, request: Request):
        if len(request.session.get("contacts", ())) < 3:
            return self.redirect("apply.asp")
        rows = "".join(
            f"<TR><TD><INPUT TYPE=radio NAME=rdoPay VALUE={key}></TD><TD>{name}</TD></TR>"
            for key, name in PAYMENTS.items()
        )
        return self.show(
            "選擇付款方式 Payment",
            f"""<FORM NAME=form1 METHOD=post ACTION="finish.asp"><TABLE BORDER=1><TR><TD COLSPAN=2 BGCOLOR=#CCDDFF>付款方式 Payment Method</TD></TR>
{rows}</TABLE><P><INPUT TYPE=image NAME=btnContinue SRC="/images/b_cont.gif" ALT="繼續 Continue"></FORM>
<P><FONT SIZE=2>支票抬頭:臺灣網路認證股份有限公司</FONT>""",
        )

    @at("/ssl/finish.asp")
    def finish(self, request: Request):
        have = request.session
        if len(have.get("contacts", ())) < 3:
            return self.redirect("apply.asp")
        if request.form["rdoPay"] not in PAYMENTS:
            return self.alert("請選擇付款方式!")
        self.orders.append(
            Order(
                have["kind"],
                request.index,
                have["csr"],
                have.get("software", ""),
                have["passphrase"],
                PAYMENTS[request.form["rdoPay"]],
                contacts=have["contacts"],
            )
        )
        have.clear()
        return self.show(
            "系統的回應訊息 System Message",
            """<TABLE BORDER=1 WIDTH=400><TR><TD BGCOLOR=#003399 ALIGN=center><FONT COLOR=#FFFFFF><B>作業成功 Success</B></FONT></TD></TR>
<TR><TD>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。<BR>CA作業時間約需二個工作天。</TD></TR></TABLE>""",
        )

    # Search, download, renewal

    @at("/ssl/search.asp")
    def search(self, request: Request):
        return self.show(
            "憑證搜尋 Search",
            """<TABLE BORDER=0><FORM NAME=frmSearch METHOD=post ACTION="search_result.asp"><TR><TD ALIGN=right>網站名稱 Domain Name:</TD><TD><INPUT
TYPE=text NAME=txtDN SIZE=30></TD><TD><INPUT TYPE=image SRC="/images/b_search.gif" ALT="搜尋 Search" BORDER=0></TD></TR>
<TR><TD></TD><TD COLSPAN=2><FONT SIZE=2 COLOR=red>如 www.abc.com.tw (注意,大小寫需一致)</FONT></TD></TR></FORM></TABLE>""",
        )

    @at("/ssl/search_result.asp")
    def result(self, request: Request):
        name = (request.form["txtDN"] or request.query["dn"]).strip()
        found = self.found(name)
        if not found:
            return self.show(
                "憑證搜尋結果 Search Result",
                """<TABLE BORDER=1><TR><TD><FONT COLOR=red>查無此網站名稱之憑證資料 No data found</FONT></TD></TR></TABLE>
<A HREF="search.asp"><IMG SRC="/images/b_again.gif" ALT="重新查詢 Search Again" BORDER=0></A>""",
            )
        number = int(request.query["rec"] or 1)
        record = found[number - 1]
        quoted = urllib.parse.quote(name)

        def step(target, label):
            if not 1 <= target <= len(found) or target == number:
                return f"<FONT COLOR=#999999>{label}</FONT>"
            return f'<A HREF="search_result.asp?dn={quoted}&rec={target}">{label}</A>'

        lines = [("一般名稱 Common Name", esc(record.name)), ("憑證狀態 Status", STATES[record.status])]
        buttons = script = ""
        if record.leaf:
            lines += [
                ("有效期限 Validity", f"{moment(record.start)}<BR>{moment(record.end)}"),
                ("憑證等級 Class", "TWCA Secure Server"),
                (
                    "憑證內容 Subject",
                    f"Country = TW<BR>State = TAIWAN<BR>Locality = TAIPEI<BR>Organization = Example Ltd.<BR>Common Name = {esc(record.name)}",
                ),
                ("憑證序號 Serial No.", str(record.serial)),
            ]
        if record.remark:
            lines.append(("備　　註 Remark", record.remark))
        if record.status == "valid":
            script = "function goRenew() { document.frmRenew.submit(); }"
            buttons = f"""<TABLE BORDER=0><TR><TD><A HREF="getcert.asp?sn={record.serial}"><IMG SRC="/images/b_down.gif" ALT="下載憑證 Download" BORDER=0></A></TD>
<TD><FORM NAME=frmRenew METHOD=post ACTION="renew.asp"><INPUT TYPE=hidden NAME=sn VALUE="{record.serial}"><A HREF="javascript:goRenew()"><IMG
SRC="/images/b_renew.gif" ALT="更新憑證 Renew" BORDER=0></A></FORM></TD></TR></TABLE>"""
        rows = "\n".join(f"<TR><TD BGCOLOR=#EEEEEE>{label}<TD>{value}" for label, value in lines)
        return self.show(
            "憑證搜尋結果 Search Result",
            f"""<P>{esc(record.name)} 的伺服器憑證
<TABLE BORDER=1 CELLPADDING=4 WIDTH=520><TR><TD COLSPAN=2 BGCOLOR=#CCDDFF>解說
{rows}
</TABLE>{buttons}
<TABLE BORDER=0><TR><TD>第 {number} 筆 / 共 {len(found)} 筆</TD><TD>{step(1, "第一筆")} | {step(number - 1, "上一筆")} | {step(number + 1, "下一筆")} |
{step(len(found), "最末筆")}</TD></TR></TABLE>""",
            script,
        )

    @at("/ssl/getcert.asp")
    def download(self, request: Request):
        leaf = self.by_serial(request.query["sn"]).leaf
        return self.attachment(leaf.public_bytes(Encoding.DER), "ServerCert.cer", "application/x-x509-ca-cert")

    @at("/ssl/renew.asp")
    def renew(self, request: Request):
        serial = request.form["sn"] or request.query["sn"]
        return self.show(
            "更新憑證 Renew",
            f"""<TABLE BORDER=1 WIDTH=560><FORM NAME=form1 METHOD=post ACTION="renew_check.asp"><INPUT TYPE=hidden NAME=sn VALUE="{esc(serial)}">
<TR><TD COLSPAN=2 BGCOLOR=#CCDDFF>解說:輸入CSR資訊</TD></TR>
<TR><TD WIDTH=40%><FONT SIZE=2>請將CSR檔案中的內容複製到右邊的空欄中,注意複製的範圍應包括 "BEGIN NEW CERTIFICATE REQUEST" 到
"END NEW CERTIFICATE REQUEST" 的宣告文字。</FONT></TD><TD><TEXTAREA NAME=txtCSR COLS=40 ROWS=8></TEXTAREA></TD></TR>
<TR><TD COLSPAN=2 BGCOLOR=#CCDDFF>解說:輸入通行密碼</TD></TR>
<TR><TD><FONT SIZE=2>請將您之前申請伺服器憑證時提供的線上憑證更新、註銷用之通行密碼輸入到右邊的空欄中,注意文字大小寫。</FONT></TD><TD><INPUT
TYPE=password NAME=txtPwd SIZE=16></TD></TR>
<TR><TD><FONT SIZE=2>請按一下"繼續"按鈕以便送出CSR,並繼續註冊程序</FONT></TD><TD><A HREF="javascript:document.form1.reset()"><IMG SRC="/images/b_reset.gif"
ALT="重設 Reset" BORDER=0></A> <A HREF="javascript:document.form1.submit()"><IMG SRC="/images/b_cont.gif" ALT="繼續 Continue"
BORDER=0></A></TD></TR></FORM></TABLE>""",
        )

    @at("/ssl/renew_check.asp")
    def renew_check(self, request: Request):
        record = self.by_serial(request.form["sn"])
        if complaint := self.csr_complaint(request.form["txtCSR"]):
            return self.failed(complaint)
        if request.form["txtPwd"] != record.passphrase:
            return self.alert("通行密碼錯誤,請重新輸入!")
        request.session.clear()
        request.session.update(
            csr=request.form["txtCSR"], passphrase=record.passphrase, kind="renew", contacts={}, old=record.contacts
        )
        return self.redirect("contact.asp?t=T")

    # Revocation

    @at("/ssl/revoke.asp")
    def revoke(self, request: Request):
        return self.show(
            "憑證廢止 Revoke",
            """<P><FONT SIZE=2>在作憑證註銷線上作業時,仍須先填寫好<A HREF="/files/ssl_revoke.doc">用戶註銷憑證申請單</A>,郵寄或傳真至本公司。</FONT>
<TABLE BORDER=0><FORM NAME=frmRevoke METHOD=post ACTION="revoke_save.asp"><TR><TD>網站名稱 Domain Name</TD><TD><INPUT TYPE=text NAME=txtDN SIZE=30></TD></TR>
<TR><TD></TD><TD><FONT SIZE=2>當初所申請的憑證之網站名稱,如 www.abc.com.tw (注意,大小寫需一致)</FONT></TD></TR>
<TR><TD COLSPAN=2 ALIGN=center><A HREF="javascript:doRevoke()"><IMG SRC="/images/b_ok.gif" ALT="確定 OK" BORDER=0></A></TD></TR></FORM></TABLE>""",
            """function doRevoke() {
  if (document.frmRevoke.txtDN.value == "") { alert("請輸入網站名稱!"); return; }
  if (confirm("您確定要廢止 " + document.frmRevoke.txtDN.value + " 的憑證嗎?")) document.frmRevoke.submit();
}""",
        )

    @at("/ssl/revoke_save.asp")
    def revoked(self, request: Request):
        found = [record for record in self.found(request.form["txtDN"]) if record.status == "valid"]
        if not found:
            return self.alert("查無此網站名稱之有效憑證!")
        self.revocations.append({"name": found[0].name, "index": request.index})
        return self.show(
            "系統的回應訊息 System Message",
            f"""<TABLE BORDER=1><TR><TD>網站名稱</TD><TD>{esc(found[0].name)}</TD></TR><TR><TD>憑證序號</TD><TD>{found[0].serial}</TD></TR>
<TR><TD COLSPAN=2>您的註銷申請已送出,請列印本頁並押蓋公司大小章後,傳真(02)23700728 辦理。</TD></TR>
<TR><TD>公司章:<BR><BR><BR></TD><TD>負責人章:</TD></TR></TABLE><A HREF="javascript:window.print()"><IMG SRC="/images/b_print.gif" ALT="列印 Print" BORDER=0></A>""",
        )

    # The authority's certificates

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        rows = "".join(
            f"""<TR><TD>{"根憑證" if one.issuer == one.subject else "中繼憑證"}</TD><TD><A HREF="/ssl/cacert.asp?id={number}"><IMG
SRC="/images/b_down.gif" ALT="下載 Download" BORDER=0></A></TD></TR>"""
            for number, one in enumerate(pki_factory.authority().chain)
        )
        return self.show("中繼憑證與根憑證下載 CA Certificates", f"<TABLE BORDER=1>{rows}</TABLE>")

    @at("/ssl/cacert.asp")
    def chain(self, request: Request):
        one = pki_factory.authority().chain[int(request.query["id"])]
        name = "GTECyberTrustGlobalRootProd.cer" if one.issuer == one.subject else "TaiCASecureCA_Prod_SSLServerCA.cer"
        return self.attachment(one.public_bytes(Encoding.DER), name, "application/x-x509-ca-cert")
