# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A portal of the years between: one web form around every page that posts back to itself by script, an <iframe> for the
work area, everything on one page, a waiting page that leads on by itself, bilingual labels, results as a table of rows.
Written after the client had passed the other two."""

from __future__ import annotations

import io
import typing as t
import zipfile

from desk import PEM, Asking, Office

_SCRIPT = """<script type="text/javascript">
//<![CDATA[
var theForm = document.forms['aspnetForm'];
if (!theForm) { theForm = document.aspnetForm; }
function __doPostBack(eventTarget, eventArgument) {
    if (!theForm.onsubmit || (theForm.onsubmit() != false)) {
        theForm.__EVENTTARGET.value = eventTarget;
        theForm.__EVENTARGUMENT.value = eventArgument;
        theForm.submit();
    }
}
function act(what, no) { if (what == 'drop' && !confirm('確定?')) { return false; } __doPostBack('grid$' + what, no); return false; }
//]]>
</script>"""
_ROWS = (
    ("姓名 Name", "n"), ("職稱 Title", "t"), ("公司 Company", "c"), ("公司統一編號 Tax ID No.", "u"), ("郵遞區號 ZIP", "z"),
    ("通訊地址 Address", "a"), ("聯絡電話 TEL", "p"), ("傳真號碼 FAX", "f"), ("電子郵件地址 E-mail", "e"),
)  # fmt: skip


class WebFormsOffice(Office):
    content_type = "text/html"

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, str, str, str, str]] = []
        self.message = ""

    def page(self, body: str, *, enctype: str = "", head: str = "") -> bytes:
        text = f"""<html xmlns="http://www.w3.org/1999/xhtml"><head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />{head}
<title>TWCA 憑證作業</title></head><body onload="init()">
<form name="aspnetForm" method="post" action="?m=1" id="aspnetForm" onsubmit="javascript:return WebForm_OnSubmit();"{enctype}>
<div><input type="hidden" name="__EVENTTARGET" id="__EVENTTARGET" value="" />
<input type="hidden" name="__EVENTARGUMENT" id="__EVENTARGUMENT" value="" />
<input type="hidden" name="__VIEWSTATE" value="/wEPDwUKLTY2" /></div>{_SCRIPT}
<div id="top"><span onclick="location.href='/login.aspx'">會員登入</span> 關鍵字：
<input name="ctl00$kw" type="text" />
<input type="image" name="ctl00$go" src="go.gif" alt="搜尋" onclick="__doPostBack('site','')" /></div>
{body}</form></body></html>"""
        return b"\xef\xbb\xbf" + text.encode()

    def answer(self, asking: Asking) -> t.Any:
        if asking.path == "/":
            return (
                '<html><body><h1>台灣網路認證</h1><map name=m><area href="/svc.aspx" alt="憑證服務">'
                '<area href="/svc.aspx" alt="客服專區"></map><img usemap="#m" src=x></body></html>'
            )
        if asking.path == "/svc.aspx":
            return (
                '<html><head><base href="/eservice/"></head><body><p>憑證服務：SSL 伺服器憑證</p>'
                '<iframe name="work" src="ssl.aspx"></iframe><iframe src="https://ads.test/x"></iframe>'
                "</body></html>"
            )
        if asking.path == "/eservice/ssl.aspx":
            return (
                '<html><body>\n<ul><li><a href="Apply.aspx" target="work">憑證申請 Apply</a><li>'
                '<a target=work href="Query.aspx">憑證搜尋 Search</a><li>'
                '<a target="work" href="Revoke.aspx">憑證廢止</a></ul></body></html>'
            )
        handler = {
            "/eservice/Apply.aspx": self.apply,
            "/eservice/Query.aspx": self.query,
            "/eservice/Revoke.aspx": self.revoke,
        }.get(asking.path)
        if handler is not None:
            return handler(asking)
        if asking.path == "/eservice/wait.aspx":
            return '<html><head><meta http-equiv="refresh" content="3;URL=\'done.aspx\'"></head><body>資料處理中，請稍候…</body></html>'
        if asking.path == "/eservice/done.aspx":
            return (
                "<html><body><table><tr><td><b>系統的回應訊息</b></td></tr><tr><td>作業成功"
                "<br>CA系統已接受您的憑證請求</td></tr></table>"
                "<input type=button value=列印 onclick='window.print()'></body></html>"
            )
        if asking.path == "/eservice/all.zip":
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w") as archive:
                archive.writestr("ServerCert.cer", PEM)
                archive.writestr("readme.txt", "謝謝")
            return 200, {"Content-Type": "application/zip"}, buffer.getvalue()
        if asking.path == "/pro_sslser.asp":
            return (
                "<html><body><h2>中繼憑證與根憑證</h2><a href=/ca/inter.cer>中繼憑證</a> "
                "<a href=/ca/root.cer>根憑證</a> <a href=/faq>常見問題</a></body></html>"
            )
        if asking.path.startswith("/ca/"):
            return (
                200,
                {"Content-Type": "application/x-x509-ca-cert"},
                b"\x30\x82\x01\x01" + asking.path.encode() + b"\x00" * 300,
            )
        if asking.path == "/Portal/service/ssl_1_6.html":
            return "<html><body><table><tr><td><img src='img/mark1.gif'><br>小<td><img src='img/mark2.gif'></table></body></html>"
        if asking.path == "/Portal/service/img/mark2.gif":
            return 200, {"Content-Type": "image/gif"}, b"GIF89a-two"
        return 404, {}, "<title>Not Found</title>"

    def apply(self, asking: Asking) -> t.Any:
        if asking.method == "POST" and asking.form["__EVENTTARGET"] == "agree":
            return self.page(self._all_in_one())
        if asking.method == "POST":
            return self._send(asking)
        return self.page(
            "<h3>憑證申請約定條款</h3><div>若有錯誤，請洽客服。</div><p><a href=\"javascript:__doPostBack('agree','')\">我同意</a> <a href='/'>不同意</a></p>"
        )

    def _send(self, asking: Asking) -> t.Any:
        assert asking.form["__EVENTTARGET"] == "send"
        self.commit(**asking.form)
        return 302, {"Location": "wait.aspx"}, ""

    def _all_in_one(self, *, renewal: bool = False) -> str:
        software = ""
        if not renewal:
            software = """<tr><td>3</td><td>伺服器種類 Server Software</td><td><select name="ctl00$s"><option value="-1">-- 請選擇 --
</option><option value="7">Apache HTTP Server</option><option value="9">NGINX</option><option value="0">其它
</option></select></td></tr>"""
        csr = f"""<table><tr><th>No.</th><th>項目 Item</th><th>內容 Value</th></tr>
<tr><td>1</td><td>憑證申請檔 CSR</td><td><textarea name="ctl00$b"></textarea></td></tr>
<tr><td>2</td><td>通行密碼 Passphrase</td><td><input type="password" name="ctl00$w1" /> 再次輸入
<input type="password" name="ctl00$w2" /></td></tr>{software}</table>"""
        people = ""
        for number, who in enumerate(
            ("技術聯絡人 Technical Contact", "業務聯絡人 Business Contact", "帳務聯絡人 Billing Contact")
        ):
            rows = ""
            for label, key in _ROWS:
                if key == "u" and number == 2:
                    continue
                first = (
                    f'<select name="d{number}"><option>基隆市</option><option>台北市</option></select>'
                    if key == "a"
                    else ""
                )
                rows += f'<div class="r"><span class="l"><font color="red">*</font>{label}</span>{first}<input name="{key}{number}" maxlength="60" /></div>'
            same = (
                (
                    '<div>資料同：<select name="same"><option value="">請選擇</option>'
                    '<option value="1">與技術聯絡人相同</option><option value="2">與業務聯絡人相同</option>'
                    '<option value="3">兩者皆否</option></select></div>'
                )
                if number == 2
                else ""
            )
            people += f'<div class="box"><div class="hd">{who}</div>{same}{rows}</div>'
        pay = (
            "<div class=box><div class=hd>付款方式 Payment</div><table><tr><td>"
            "<input type=radio name=pay value=1></td><td>支票</td><td>"
            "<input type=radio name=pay value=2></td><td>ATM 轉帳</td></tr></table></div>"
        )
        return (
            csr
            + people
            + pay
            + "<a href=\"javascript:__doPostBack('clear','')\">清除重填</a> <a id=ok href=\"javascript:__doPostBack('send','')\"><span>確認送出</span></a>"
        )

    def query(self, asking: Asking) -> t.Any:
        box = '<p>憑證搜尋 <input name="ctl00$dn" type="text" /><input type="submit" name="ctl00$q" value="查詢" /></p>'
        if asking.method == "GET":
            return self.page(box)
        target = asking.form["__EVENTTARGET"]
        if target == "grid$renew":
            return self.page(self._all_in_one(renewal=True))
        if target == "grid$get":
            return self.page('<p>請選擇：<a href="all.zip">下載憑證(ZIP)</a> <a href="/">回首頁</a></p>')
        if target:
            return self._send(asking)
        assert asking.form["ctl00$q"] == "查詢"
        assert "ctl00$go.x" not in asking.form
        head = "<tr><th>序</th><th>網站名稱</th><th>狀態</th><th>生效日</th><th>到期日</th><th>憑證序號</th><th>功能</th></tr>"
        rows = "".join(
            f"""<tr><td>{index + 1}</td><td>{name}</td><td>{status}</td><td>{start}</td><td>{end}</td><td>{serial}</td><td>
<a href="#" onclick="return act('get','{index}')">下載</a>
<input type="button" value="更新" onclick="act('renew','{index}')" /></td></tr>"""
            for index, (name, status, start, end, serial) in enumerate(self.rows)
        )
        return self.page(box + (f"<table>{head}{rows}</table>" if rows else "<script>alert('查無資料!');</script>"))

    def revoke(self, asking: Asking) -> t.Any:
        if asking.method == "GET":
            return self.page(
                "<h3>憑證廢止申請</h3>網站名稱：<input name=dn><br>憑證密碼：<input type=password name=w>"
                "<br>廢止原因：<select name=why><option>停止使用<option>金鑰遺失</select><br>"
                "<input type=submit name=ok value=確定>"
            )
        if asking.form["w"] != "good-pass":
            return self.page(
                "<h3>憑證廢止申請</h3><span style='color:Red'>密碼錯誤!</span>網站名稱：<input name=dn>"
                "<br>憑證密碼：<input type=password name=w><br>廢止原因：<select name=why><option>停止使用"
                "<option>金鑰遺失</select><br><input type=submit name=ok value=確定>"
            )
        self.commit(**asking.form)
        return self.page(
            f"<h3>用戶註銷憑證申請單</h3><p>網站名稱：{asking.form['dn']}</p><p>您的廢止申請已受理，請列印本頁並加蓋公司大小章後傳真。</p>"
        )
