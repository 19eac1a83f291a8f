# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A portal of 2008: Big5 said only in a <META>, a frameset, one form around each page, layout tables without end tags,
buttons that submit by script, fields with names that say nothing, contacts and check on one page."""

from __future__ import annotations

import typing as t

from desk import FIELDS, NAME, PEM, Asking, Office

_HEAD = """<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=big5"><TITLE>%s</TITLE>
<SCRIPT LANGUAGE="JavaScript">
<!--
function go(what) { document.F1.act.value = what; document.F1.submit(); }
function chk(f) { if (f.elements.length == 0) { alert('沒有資料'); return false; } return true; }
//-->
</SCRIPT></HEAD><BODY BGCOLOR=#FFFFFF>
<FORM NAME=F1 METHOD=POST ACTION="%s"><INPUT TYPE=HIDDEN NAME=act VALUE=""><INPUT TYPE=HIDDEN NAME=sid VALUE="%s">
<TABLE WIDTH=760 BORDER=0><TR><TD WIDTH=150 VALIGN=TOP><TABLE>
<TR><TD><B>會員登入</B><BR>帳號 <INPUT NAME=uid SIZE=8><BR>密碼 <INPUT TYPE=PASSWORD NAME=upw SIZE=8><BR><INPUT TYPE=BUTTON VALUE="登入" onClick="go('login')">
<TR><TD>站內搜尋<BR><INPUT NAME=kw SIZE=8> <INPUT TYPE=BUTTON VALUE="搜尋" onClick="go('site')">
</TABLE><TD WIDTH=610>
"""
_TAIL = """</TABLE><P ALIGN=CENTER>電子報 <INPUT NAME=nl SIZE=20> <INPUT TYPE=SUBMIT NAME=sub VALUE="訂閱">
</FORM><P>客服專線 02-23708886</BODY></HTML>"""

_CITIES = "請選擇 臺北市 新北市 台中市 高雄市".split()
_SOFTWARE = ["Microsoft IIS 5.0", "Apache + mod_ssl", "nginx 1.x", "其它"]
_LABELS = {
    "name": "姓名",
    "title": "職稱",
    "company": "公司",
    "tax_id": "公司統一編<BR>號",
    "postal_code": "郵遞區號",
    "phone": "聯絡電話",
    "fax": "傳真號碼",
    "email": "電子郵件地址",
}


class AspOffice(Office):
    charset = "cp950"

    def __init__(self) -> None:
        super().__init__()
        self.certificates: list[str] = []
        self.echo = {
            "一般名稱": NAME,
            "組織": "Example Co., Ltd.",
            "組織單位": "",
            "城市/位置": "Taipei",
            "州/省": "Taiwan",
            "國別": "TW",
        }

    def page(self, title: str, action: str, content: str) -> str:
        return _HEAD % (title, action, "S1") + content + _TAIL

    def answer(self, asking: Asking) -> t.Any:
        path = asking.path
        if path == "/":
            return """<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=big5"><TITLE>台灣網路認證</TITLE></HEAD>
<FRAMESET COLS="150,*"><FRAME NAME=menu SRC=menu.asp><FRAME NAME=main SRC="main.asp"></FRAMESET>
<NOFRAMES>您的瀏覽器不支援框架</NOFRAMES></HTML>"""
        if path == "/menu.asp":
            return """<HTML><BODY><A HREF="#" onMouseOver="show(1)"><IMG SRC=m1.gif ALT="客服專區"></A><BR>
<A HREF="ssl.asp" TARGET=main>SSL 伺服器憑證</A><P><A HREF="javascript:void(0)">憑證服務</A></BODY></HTML>"""
        if path == "/main.asp":
            return self.page("首頁", "nowhere.asp", "<H2>歡迎光臨</H2>")
        if path == "/ssl.asp":
            return self.page(
                "SSL",
                "ssl2.asp",
                """<A HREF="apply0.asp">憑證申請</A> | <A HREF="search.asp">憑證搜尋</A> | <A HREF=revoke.asp>憑證廢止</A>
<P>請輸入您的網站名稱<BR><INPUT NAME=t01><INPUT TYPE=BUTTON VALUE="搜 尋" onClick="go('find')">""",
            )
        if path == "/apply0.asp":
            return self.page(
                "憑證申請",
                "x.asp",
                """<TABLE BORDER=1><TR><TD>步驟 1<TD><A HREF=doc.asp>下載申請書</A><TR><TD>步驟 4<TD>
<A HREF="javascript:go2()"></A><A HREF="apply1.asp">傳送憑證申請檔與線上填寫註冊資料</A></TABLE>""",
            )
        if path == "/apply1.asp":
            return self.page("上傳", "apply2.asp", self._csr("確定"))
        if path == "/apply2.asp":
            return self._second(asking, renewal=False)
        if path == "/apply3.asp":
            return self._third(asking)
        if path == "/apply4.asp":
            return self._last(asking)
        if path in ("/search.asp",):
            return self.page(
                "憑證搜尋",
                "ssl2.asp",
                "<B>憑證搜尋</B><P>網站名稱： <INPUT NAME=t01> <INPUT TYPE=BUTTON VALUE='搜尋' onClick=\"go('find')\">(注意大小寫)",
            )
        if path == "/ssl2.asp":
            return self._found(asking)
        if path == "/renew1.asp":
            return self.page(
                "更新憑證",
                "renew2.asp",
                self._csr("", "<TR><TD>解說:輸入通行密碼<BR>注意文字大小寫。<TD><INPUT TYPE=PASSWORD NAME=f77>"),
            )
        if path == "/renew2.asp":
            if asking.form["f77"] != self.kept.get("passphrase", ""):
                return self.page(
                    "更新憑證",
                    "renew2.asp",
                    "<FONT COLOR=RED>通行密碼不符，請重新輸入</FONT>"
                    + self._csr("", "<TR><TD>解說:輸入通行密碼<TD><INPUT TYPE=PASSWORD NAME=f77>"),
                )
            return self._second(asking, renewal=True)
        if path == "/get.asp":
            return (
                200,
                {
                    "Content-Type": "application/octet-stream",
                    "Content-Disposition": "attachment; filename=ServerCert.cer",
                },
                PEM.encode(),
            )
        return 404, {}, "<HTML><TITLE>找不到網頁</TITLE>404</HTML>"

    def _csr(self, button: str, more: str = "") -> str:
        press = (
            f'<A HREF="javascript:if(chk(document.F1)) document.F1.submit();"><IMG SRC=ok.gif BORDER=0 ALT="{button}"></A>'
            if button
            else '<INPUT TYPE=BUTTON VALUE="繼續" onClick="if (chk(this.form)) this.form.submit();"><INPUT TYPE=RESET VALUE="重設">'
        )
        return f"""<TABLE BORDER=1><TR><TD>解說:輸入CSR資訊<P>請將CSR檔案中的內容複製到右邊的空欄中,注意複製的範圍應包括
"BEGIN NEW CERTIFICATE REQUEST"的宣告文字。<TD><TEXTAREA NAME=f01 ROWS=9 COLS=60></TEXTAREA>{more}
<TR><TD COLSPAN=2 ALIGN=CENTER>{press}</TABLE>"""

    def _second(self, asking: Asking, *, renewal: bool) -> str:
        self.kept["csr"] = asking.form["f01"]
        rows = "".join(
            f"<TR><TD>{key}: 此為您的資料。【例:Taipei】<TD>{value or '&nbsp;'}" for key, value in self.echo.items()
        )
        top = ""
        if not renewal:
            options = "".join(f"<OPTION VALUE={number}>{text}" for number, text in enumerate(_SOFTWARE))
            top = f"""<TR><TD COLSPAN=2><B>輸入伺服器資訊</B><TR><TD>伺服器軟體廠商: 請從右邊的下拉式選單中選擇您伺服器軟體的廠商。
<TD><SELECT NAME=f02>{options}</SELECT>
<TR><TD>通行密碼:(至少六碼) 請在右邊的欄位中輸入一個您容易記憶的文字<TD>輸入密碼:
<INPUT TYPE=PASSWORD NAME=f03><BR>再輸入一次密碼以確認 <INPUT TYPE=PASSWORD NAME=f04>"""
        people = "".join(self._contact(number, renewal) for number in range(3))
        return self.page(
            "檢查CSR內容",
            "apply3.asp",
            f"<B>檢查CSR內容</B><TABLE BORDER=1><TR><TD>解說<TD>您的CSR內容{rows}<TR><TD>適用之安全強度(bits):<TD>2048{top}</TABLE>{people}"
            "<INPUT TYPE=BUTTON VALUE='上一步' onClick='history.back()'><INPUT TYPE=BUTTON VALUE='繼續' onClick=\"go('next')\">",
        )

    def _contact(self, number: int, renewal: bool) -> str:
        who = ("技術", "業務", "帳務")[number]
        other = (
            "業務聯絡人與技術聯絡人應由不同人員擔任,您應該分別指定。"
            if number == 1
            else "也會寄送給技術聯絡人及 貴公司的業務聯絡人。"
        )
        same = (
            "<INPUT TYPE=RADIO NAME=same VALUE=1>與技術聯絡人相同 <INPUT TYPE=RADIO NAME=same VALUE=2>與業務聯絡人相同 "
            "<INPUT TYPE=RADIO NAME=same VALUE=3 CHECKED>兩者皆否<BR>"
            if number == 2 and renewal
            else ""
        )
        old = "舊資料" if renewal else ""
        rows = []
        for field in FIELDS:
            if (field == "tax_id" and number == 2) or field in ("city", "postal_code"):
                continue
            name = f"g{number}{FIELDS.index(field)}"
            if field == "address":
                cities = "".join(f"<OPTION VALUE={index}>{city}" for index, city in enumerate(_CITIES))
                rows.append(
                    f"<TR><TD>通訊地址<TD><SELECT NAME=g{number}4>{cities}</SELECT> <INPUT NAME={name}> 郵遞區號: <INPUT NAME=g{number}6 SIZE=5>"
                )
            else:
                rows.append(
                    f"<TR><TD>{_LABELS[field]}<TD><INPUT NAME={name} VALUE='{old if field == 'title' else ''}'>"
                )
        return f"<P><B>請輸入{who}聯絡人資訊</B><P>請輸入 貴公司負責的{who}聯絡人資訊於下表。{other}<P>{same}<TABLE BORDER=1>{''.join(rows)}</TABLE>"

    def _third(self, asking: Asking) -> str:
        self.kept.update(asking.form)
        if "f03" in asking.form:
            self.kept["passphrase"] = asking.form["f03"]
        return self.page(
            "付款",
            "apply4.asp",
            (
                "<B>選擇付款方式</B><P><INPUT TYPE=RADIO NAME=p VALUE=1>信用卡"
                "<INPUT TYPE=RADIO NAME=p VALUE=2>ATM 轉帳<P>"
                "<INPUT TYPE=IMAGE SRC=go.gif NAME=ok ALT='繼續'>"
            ),
        )

    def _last(self, asking: Asking) -> str:
        assert asking.form["p"] == "2"
        assert "ok.x" in asking.form
        assert "sub" not in asking.form
        self.commit(**{key: value for key, value in self.kept.items() if key not in ("uid", "upw")})
        return self.page(
            "系統的回應訊息",
            "x.asp",
            "<B>系統的回應訊息</B><P>作業成功<BR>CA系統已接受您的憑證請求，當CA系統簽發您的憑證後，會寄送電子郵件通知您。<BR>CA作業時間約需二個工作天。",
        )

    def _found(self, asking: Asking) -> str:
        assert asking.form["act"] == "find"
        if asking.form["t01"] != NAME or not self.certificates:
            return self.page("憑證搜尋", "ssl2.asp", "<P><FONT COLOR=#FF0000>查無此憑證資料</FONT>")
        tables = "".join(
            f"""<P><B>{NAME} 是128位元伺服器憑證</B><TABLE BORDER=1><TR><TD COLSPAN=2>解說
<TR><TD>一般名稱<TD>{NAME}<TR><TD>憑證狀態<TD>有效<TR><TD>有效期限<TD>2026-10-04 15:32:13.0<BR>2027-04-20 08:00:00.0
<TR><TD>憑證等級<TD>TaiCA Secure Server<TR><TD>憑證內容<TD>Country = TW<BR>State = TAIWAN<BR>Common Name = {NAME}
<TR><TD>憑證序號<TD>{serial}<TR><TD>憑證擁有者<TD>台灣網路認證</TABLE>
<A HREF="get.asp?s={serial}">下載憑證</A> <A HREF="renew1.asp?s={serial}">更新憑證</A>"""
            for serial in self.certificates
        )
        return self.page("憑證詳細資料", "x.asp", tables)
