# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A portal that asks one thing a page: a splash page, a jump list for a menu, a file to upload, contacts in tabs, refusals that a
script says, a link to confirm with, results as a list of links, half of it in English."""

from __future__ import annotations

import typing as t

from desk import NAME, PEM, Asking, Office

_ENGLISH = {
    "name": "Name 姓名",
    "title": "Title／職稱",
    "company": "Company (公司)",
    "tax_id": "統編",
    "city": "縣市",
    "address": "地址 Address",
    "postal_code": "郵遞區號",
    "phone": "電話",
    "fax": "傳真",
    "email": "電子信箱",
}


class StepsOffice(Office):
    content_type = "text/html; charset=UTF-8"

    def __init__(self) -> None:
        super().__init__()
        self.complaint = ""
        self.entries: dict[str, str] = {}  # serial number: status

    def page(self, body: str, head: str = "") -> str:
        return f"""<!doctype html><title>e-CA</title>{head}<body><div class=crumb>您的位置：<a href=/home>首頁
</a> &gt; SSL &gt; 技術聯絡人 &gt; 業務聯絡人</div>
<form action=/google><input name=q title="Search"><input type=submit value=搜尋></form>{body}
<div class=foot>訂閱電子報<form method=post action=/nl><input name=e placeholder=E-mail>
<input type=submit value=確定></form></div>"""

    def answer(self, asking: Asking) -> t.Any:
        name = "at_" + (asking.path.strip("/").replace("/", "_") or "root")
        handler = getattr(self, name, None)
        return handler(asking) if handler else (404, {}, "<h1>404</h1>")

    def at_root(self, asking: Asking) -> str:
        return "<body onload=\"document.title='x'\"><center><a href=home><img src=enter.gif alt='進入網站'></a> <a href=/en>English</a></center>"

    def at_home(self, asking: Asking) -> str:
        return self.page(
            '<select onchange="if(this.value) location.href=this.value"><option>憑證服務<option value=/ssl>SSL 伺服器憑證<option value=/tsa>時戳</select>'
        )

    def at_ssl(self, asking: Asking) -> str:
        return self.page("<ul><li>憑證申請 <a href=terms>步驟 4</a><li><a href=find>查詢憑證</a></ul>")

    def at_terms(self, asking: Asking) -> t.Any:
        if asking.method == "POST":
            assert asking.form["ok"] == "y"
            return 302, {"Location": "/csr"}, ""
        return self.page(
            "<h2>條款</h2><p>完成申請後即受理。</p><form method=post>"
            "<input type=radio name=ok value=y>同意<input type=radio name=ok value=n checked>不同意<p>"
            "<input type=submit value=下一步></form>"
        )

    def at_csr(self, asking: Asking) -> t.Any:
        if asking.method == "POST":
            self.kept["csr"] = asking.form["f"]
            return 302, {"Location": "/software"}, ""
        return self.page(
            "<h2>Step 1: CSR</h2><form method=post enctype='multipart/form-data'>請上傳憑證申請檔 "
            "<input type=file name=f> <input type=submit value='Next 下一步'></form>"
        )

    def at_software(self, asking: Asking) -> t.Any:
        if asking.method == "POST":
            self.kept["software"] = asking.form["s"]
            return 302, {"Location": "/secret"}, ""
        return self.page(
            "<h2>Step 2</h2><form method=post><p>伺服器軟體<p><label>"
            "<input type=radio name=s value=1>Apache</label><label>"
            "<input type=radio name=s value=2>Nginx</label><input type=submit value='Next 下一步'>"
            "</form>"
        )

    def at_secret(self, asking: Asking) -> t.Any:
        if asking.method == "POST":
            if self.complaint:
                return self.page(f"<script>alert('{self.complaint} {asking.form['p1']}');history.go(-1);</script>")
            self.kept["secret"] = (asking.form["p1"], asking.form["p2"])
            return 302, {"Location": "/people"}, ""
        return self.page(
            "<h2>Step 3</h2><form method=post>密碼 (輸入兩次)：<input type=password name=p1> "
            "<input type=password name=p2><input type=submit value='Next 下一步'></form>"
        )

    def at_people(self, asking: Asking) -> t.Any:
        if asking.method == "POST":
            self.kept["people"] = asking.form
            return 302, {"Location": "/review"}, ""
        tabs, panes = "", ""
        for number, who in enumerate(("技術聯絡人", "業務聯絡人", "帳務聯絡人")):
            tabs += f"<li><a href='#p{number}' data-toggle=tab>{who}</a>"
            rows = "".join(
                f"<div><label for=i{number}{key}>{label}</label><input id=i{number}{key} name={key}_{number} required></div>"
                for key, label in _ENGLISH.items()
                if not (key == "tax_id" and number == 2)
            )
            rows += (
                f"<div><label for=j{number}>請再次輸入電子信箱</label><input id=j{number} name=again_{number}></div>"
            )
            panes += f"<div id=p{number} class=pane{' style=display:none' if number else ''}>{rows}</div>"
        return self.page(
            f"<h2>Step 4</h2><form method=post><ul class=tabs>{tabs}</ul>{panes}<p>繳費方式："
            f"<input type=radio name=pay value=a id=pa><label for=pa>ATM 轉帳</label> "
            f"<input type=radio name=pay value=b id=pb><label for=pb>支票</label><p>"
            f"<input type=submit value='Next 下一步'></form>"
        )

    def at_review(self, asking: Asking) -> str:
        shown = "".join(f"<tr><td>{key}<td>{value}" for key, value in self.kept["people"].items())
        return self.page(
            f"<h2>Step 5: 請確認</h2><table>{shown}</table><a href=/people>修改</a> <a href='/commit?go=1'>確認送出</a>"
        )

    def at_commit(self, asking: Asking) -> str:
        self.commit(**self.kept)
        return self.page("<p class=big>您的憑證申請已受理。</p><p>案件編號：20261123001</p><a href=/home>確定</a>")

    def at_find(self, asking: Asking) -> str:
        if "n" not in asking.query:
            return self.page("<h2>憑證查詢</h2><form>請輸入：<input name=n> <button>查詢</button></form>")
        if not self.entries:
            return self.page("<h2>憑證查詢</h2><p>很抱歉，沒有符合的資料</p>")
        return self.page(
            "<h2>查詢結果</h2><ol>"
            + "".join(f"<li>{NAME} <a href='one?s={serial}'>檢視</a>" for serial in self.entries)
            + "</ol>"
        )

    def at_one(self, asking: Asking) -> str:
        serial = asking.query["s"]
        return self.page(
            f"<h2>{NAME}</h2><p>狀態：{self.entries[serial]}<br>序號：{serial}（十進位）"
            f"<br>到期日：2027年4月20日<p><form method=post action=/get>"
            f"<input type=hidden name=s value={serial}>"
            "<input type=radio name=fmt value=pem>PEM<input type=radio name=fmt value=der>DER <input type=submit value=憑證下載></form>"
        )

    def at_get(self, asking: Asking) -> t.Any:
        return self.page(
            f"<h2>下載</h2><form method=post action=/file><input type=radio name=k value=1>PEM"
            f"<input type=radio name=k value=2>DER<input type=hidden name=s value={asking.form['s']}>"
            f"<input type=submit value=下載></form>"
        )

    def at_file(self, asking: Asking) -> t.Any:
        assert asking.form["k"] == "1"
        return 200, {"Content-Type": "application/x-pem-file"}, PEM.encode()
