# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Spring and Thymeleaf with jQuery UI, 2012: a breadcrumb of steps, th and td, help icons, buttons that are all onclick, the state in the session."""

from __future__ import annotations

import re
import secrets

import pki_factory
from stranger_office import PERSONS, Office, Order, Request, at, esc, gather, subject

NAMES = {
    "name": "contactName",
    "title": "jobTitle",
    "company": "companyName",
    "tax_id": "uniformNo",
    "city": "cityCode",
    "address": "street",
    "postal_code": "zip",
    "phone": "tel",
    "fax": "faxNo",
    "email": "email",
}
BEANS = {"technical": "techContact", "business": "bizContact", "billing": "acctContact"}
TITLES = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
NOTES = {
    "technical": "此人可以是您的網站管理者,或是您網路撥接商的技術支援人員。本公司在發放SSL伺服器憑證以前,會先以電話與此技術聯絡人取得聯繫。",
    "business": "此人可以是 貴公司的決策者或是高階的經理人。業務聯絡人與技術聯絡人應由不同人員擔任,您應該分別指定。",
    "billing": "此人可以是 貴公司會計或是財務主管。當帳單處理資料有異動時,此人有通知本公司之義務。",
}
CITIES = dict(
    zip(
        "TPE KEE NTP TYN HSC HSH MIA TXG CHA NAN YUN CYC CYH TNN KHH PIF ILA HUA TTT PEN KIN LIE".split(),
        (
            "台北市 基隆市 新北市 桃園縣 新竹市 新竹縣 苗栗縣 台中市 彰化縣 南投縣 雲林縣 嘉義市 嘉義縣 台南市 高雄市 屏東縣 "
            "宜蘭縣 花蓮縣 台東縣 澎湖縣 金門縣 連江縣"
        ).split(),
    )
)
CODES = {city: code for code, city in CITIES.items()}
SERVERS = {
    "1": "Apache",
    "2": "Microsoft IIS 6.0",
    "3": "Microsoft IIS 7.0/7.5",
    "4": "Tomcat",
    "5": "IBM HTTP Server",
    "6": "Oracle WebLogic",
    "7": "Sun Java System Web Server",
    "99": "其他",
}
PAYMENTS = {"A": "銀行匯款", "B": "電匯", "C": "劃撥", "D": "支票"}
STATES = {"valid": "有效", "pending": "審核中", "rejected": "退件", "revoked": "已註銷", "expired": "已過期"}
APPLY = ("傳送憑證申請檔", "檢查CSR內容", "填寫聯絡人資料", "選擇付款方式", "完成")
RENEW = ("更新憑證", "確認聯絡人資料", "選擇付款方式", "完成")
REVOKE = ("填寫網站名稱", "確認註銷", "完成")


def act(value: str, target: str, css: str = "btn") -> str:
    return f"""<input type="button" class="{css}" value="{value}" onclick="$('#frm').attr('action','{target}').submit();"/>"""


def row(label: str, control: str, tip: str = "", error: str = "", *, required: bool = True) -> str:
    star = '<em class="must">*</em>' if required else ""
    icon = f' <img class="tip" src="/resources/images/icon_help.png" alt="" title="{esc(tip)}"/>' if tip else ""
    wrong = f' <span class="error">{esc(error)}</span>' if error else ""
    return f'<tr>\n  <th scope="row">{star}{label}</th>\n  <td>{control}{icon}{wrong}</td>\n</tr>\n'


def text(path: str, value: str, size: int = 30, limit: int = 60, kind: str = "text") -> str:
    shown = "" if kind == "password" else esc(value)
    return f'<input type="{kind}" id="{path}" name="{path}" value="{shown}" size="{size}" maxlength="{max(limit, 6)}"/>'


def select(path: str, options: dict[str, str], chosen: str) -> str:
    lines = "".join(
        f'<option value="{code}"{" selected=" + chr(34) + "selected" + chr(34) if code == chosen else ""}>{name}</option>'
        for code, name in options.items()
    )
    return f'<select id="{path}" name="{path}"><option value="">--請選擇--</option>{lines}</select>'


class SpringThymeleaf(Office):
    def view(
        self, request: Request, title: str, body: str, steps: tuple[str, ...] = (), current: int = 0, status: int = 200
    ):
        """The decorated page. The first one of a session carries the session in its links, as Tomcat does."""
        crumbs = ""
        if steps:
            cells = []
            for number, name in enumerate(steps, 1):
                css = "current" if number == current else "done" if number < current else "todo"
                cells.append(f'<li class="{css}"><span class="no">{number}</span>{name}</li>')
            crumbs = '<div id="stepbar"><ul>' + '<li class="arrow">&raquo;</li>'.join(cells) + "</ul></div>\n"
        page = f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/>
<title>{title} - 臺灣網路認證 SSL 伺服器憑證</title>
<link rel="stylesheet" href="/resources/css/redmond/jquery-ui-1.8.18.custom.css" type="text/css"/>
<link rel="stylesheet" href="/resources/css/style.css" type="text/css"/>
<script type="text/javascript" src="/resources/js/jquery-1.7.1.min.js"></script>
<script type="text/javascript" src="/resources/js/jquery-ui-1.8.18.custom.min.js"></script>
<script type="text/javascript">
//<![CDATA[
$(function(){{
  $('#tabs').tabs();
  $('input.btn').button();
  $('img.tip').click(function(){{ $('<div></div>').text($(this).attr('title')).dialog({{modal:true,title:'說明'}}); }});
}});
//]]>
</script>
</head>
<body>
<div id="header"><a href="/index.do"><img src="/resources/images/logo.png" alt="TWCA 臺灣網路認證"/></a>
<span class="fontsize">字級 <a href="#" onclick="setFont('L');return false;">大</a> <a href="#" onclick="setFont('M');return false;">中</a></span></div>
<ul id="topmenu">
<li><a href="/index.do">首頁</a></li>
<li><a href="/about.do">關於我們</a></li>
<li><a href="#">客服專區</a><ul>
  <li><a href="/ssl/index.do">SSL 伺服器憑證</a></li>
  <li><a href="/faq.do">常見問題</a></li></ul></li>
<li><a href="/download/index.do">下載中心</a></li>
</ul>
<div id="main">
{crumbs}<h2>{title}</h2>
{body}
</div>
<div id="footer">臺灣網路認證股份有限公司 台北市100延平南路85號10樓 電話:(02)2370-8886 傳真:(02)2370-0728</div>
</body>
</html>"""
        if "jsessionid" in request.session:
            return self.page(page, status)
        number = request.session["jsessionid"] = secrets.token_hex(16).upper()
        page = re.sub(r"""(["'])(/[a-z/]+\.do)""", rf"\1\2;jsessionid={number}", page)
        return self.page(page, status, Set_Cookie=f"JSESSIONID={number}; Path=/; HttpOnly")

    @staticmethod
    def form(body: str, *, extra: str = "") -> str:
        return f'<form id="frm" name="frm" method="post" action="#"{extra}>\n{body}\n</form>'

    def lost(self, request: Request):
        return self.view(
            request,
            "系統訊息",
            '<p class="error">作業逾時,請重新操作。</p><input type="button" class="btn" value="回首頁" onclick="location.href=\'/index.do\'"/>',
        )

    # Where one arrives

    @at("/")
    def root(self, request: Request):
        return self.redirect("/index.do")

    @at("/index.do")
    def home(self, request: Request):
        return self.view(
            request,
            "首頁",
            """<div class="news"><h3>最新消息</h3><ul><li>2012/03/01 SSL 伺服器憑證金鑰長度須為 2048 位元以上</li>
<li>2012/01/12 系統維護公告</li></ul></div>
<div class="service"><h3>憑證服務</h3>
<div class="box" style="cursor:pointer" onclick="location.href='/ssl/index.do'"><b>SSL 伺服器憑證</b><br/>網站身分識別與資料加密</div>
<div class="box"><b>網路下單憑證</b><br/>請洽各券商</div></div>""",
        )

    @at("/about.do", "/faq.do")
    def plain(self, request: Request):
        return self.view(request, "關於我們" if "about" in request.path else "常見問題", "<p>資料建置中。</p>")

    @at("/ssl/index.do")
    def service(self, request: Request):
        items = (
            ("/ssl/apply/index.do", "憑證申請", "首次(增購)申請 SSL 伺服器憑證"),
            ("/ssl/query/index.do", "憑證搜尋", "查詢憑證狀態、下載憑證、更新(展期)憑證"),
            ("/ssl/revoke/index.do", "憑證廢止", "註銷憑證線上作業"),
            ("/download/ca.do", "中繼憑證與根憑證", "下載後請安裝於伺服器"),
        )
        return self.view(
            request,
            "SSL 伺服器憑證",
            '<dl class="menu">'
            + "".join(f'<dt><a href="{link}">{name}</a></dt><dd>{note}</dd>' for link, name, note in items)
            + "</dl>",
        )

    @at("/ssl/apply/index.do")
    def guide(self, request: Request):
        return self.view(
            request,
            "憑證申請",
            """<table class="guide">
<tr><th>步驟 1</th><td>下載並填寫憑證申請單</td><td><input type="button" class="btn" value="下載" onclick="location.href='/download/index.do'"/></td></tr>
<tr><th>步驟 2</th><td>將申請單傳真至本公司 (02)2370-0728</td><td></td></tr>
<tr><th>步驟 3</th><td>由技術人員產生憑證申請檔(CSR)</td><td></td></tr>
<tr><th>步驟 4</th><td>傳送憑證申請檔與線上填寫註冊資料</td><td><input type="button" class="btn" value="開始申請"
 onclick="location.href='/ssl/apply/csr.do'"/></td></tr>
</table>""",
        )

    # Applying

    @at("/ssl/apply/csr.do")
    def csr(self, request: Request, error: str = ""):
        if request.method == "GET" or "flow" not in request.session:
            request.session["flow"] = {"kind": "apply", "values": {}}
        sent = request.form["csrData"] or request.session["flow"].get("csr", "")
        area = f'<textarea id="csrData" name="csrData" rows="12" cols="66" wrap="off">{esc(sent)}</textarea>'
        body = (
            '<table class="edit">'
            + row(
                "憑證申請檔(CSR)",
                area,
                "請包含 BEGIN NEW CERTIFICATE REQUEST 到 END NEW CERTIFICATE REQUEST 的宣告文字",
                error,
            )
            + "</table>\n"
            + '<div class="buttons"><input type="button" class="btn" value="清除" onclick="$(\'#csrData\').val(\'\');"/> '
            + act("確定", "/ssl/apply/check.do")
            + "</div>"
        )
        return self.view(
            request, "傳送憑證申請檔", "<p>請將 CSR 複製,貼在文字方塊內,按下確定。</p>" + self.form(body), APPLY, 1
        )

    @at("/ssl/apply/check.do")
    def check(self, request: Request):
        flow = request.session.get("flow")
        if not flow:
            return self.lost(request)
        if "csrData" in request.form:
            if complaint := self.csr_complaint(request.form["csrData"]):
                return self.csr(request, complaint)
            flow["csr"] = request.form["csrData"]
        return self.server(request, {})

    def server(self, request: Request, errors: dict[str, str]):
        flow = request.session["flow"]
        parts = subject(flow["csr"])
        rows = "".join(
            row(label, f"<b>{esc(parts[key])}</b>", tip, required=False)
            for label, key, tip in (
                ("一般名稱", "CN", "此名稱所代表的網站之安全性,將由此SSL伺服器憑證所保護。"),
                ("組織", "O", ""),
                ("組織單位", "OU", "這是一個可以用來區分組織部門的欄位。"),
                ("城市/位置", "L", "即 貴公司進行商業行為的所在。例:Taipei"),
                ("州/省", "ST", "請不要用縮寫的地名填寫此欄位。例:Taiwan"),
                ("國別", "C", "此欄係以ISO組織的國家代碼來表示。"),
                ("金鑰長度(bits)", "bits", ""),
            )
        )
        entry = (
            row(
                "伺服器軟體廠商",
                select("serverType", SERVERS, flow.get("server", "")),
                "請從下拉式選單中選擇您伺服器軟體的廠商。如果不在清單中,請選擇其他。",
                errors.get("server", ""),
            )
            + row(
                "通行密碼",
                text("passPhrase", "", 20, 40, "password"),
                "至少六碼。當您申請、更新或註銷此SSL伺服器憑證時都需使用到這個通行密碼。",
                errors.get("phrase", ""),
            )
            + row("再輸入一次密碼以確認", text("passPhrase2", "", 20, 40, "password"), "", errors.get("again", ""))
        )
        body = f"""<h3>您的CSR內容</h3>
<table class="view">{rows}</table>
<h3>輸入伺服器資訊</h3>
<table class="edit">{entry}</table>
<div class="buttons">{act("上一步", "/ssl/apply/csr.do", "btn gray")} {act("下一步", "/ssl/apply/contact.do")}</div>"""
        return self.view(request, "檢查CSR內容", self.form(body), APPLY, 2)

    @at("/ssl/apply/contact.do")
    def contact(self, request: Request):
        flow = request.session.get("flow")
        if not flow or "csr" not in flow:
            return self.lost(request)
        form = request.form
        if "serverType" in form:
            errors = {}
            if form["serverType"] not in SERVERS:
                errors["server"] = "請選擇伺服器軟體廠商"
            if len(form["passPhrase"]) < 6:
                errors["phrase"] = "通行密碼至少六碼"
            elif form["passPhrase"] != form["passPhrase2"]:
                errors["again"] = "兩次輸入的密碼不一致"
            flow["server"] = form["serverType"]
            if errors:
                return self.server(request, errors)
            flow["phrase"] = form["passPhrase"]
        return self.contacts(request, {})

    def contacts(self, request: Request, errors: dict[str, str]):
        flow = request.session["flow"]
        values = flow["values"]
        renewing = flow["kind"] == "renew"

        def person(who):
            bean = BEANS[who]

            def value(field):
                return values.get(f"{bean}.{NAMES[field]}", "")

            def line(field, label, tip="", size=30):
                path = f"{bean}.{NAMES[field]}"
                return row(label, text(path, value(field), size), tip, errors.get(path, ""))

            same = ""
            if renewing and who == "billing":
                chosen = values.get("sameAs", "N")
                same = '<tr><td colspan="2" class="same">' + " ".join(
                    f'<input type="radio" id="sameAs{number}" name="sameAs" value="{code}"'
                    f"{' checked=' + chr(34) + 'checked' + chr(34) if chosen == code else ''}"
                    f' onclick="copyContact(this.value)"/><label for="sameAs{number}">{label}</label>'
                    for number, (code, label) in enumerate(
                        (("T", "與技術聯絡人相同"), ("B", "與業務聯絡人相同"), ("N", "兩者皆否")), 1
                    )
                )
                same += "</td></tr>\n"
            wrong = next(
                (
                    errors[path]
                    for path in (f"{bean}.{NAMES[field]}" for field in ("city", "address", "postal_code"))
                    if path in errors
                ),
                "",
            )
            address = (
                select(f"{bean}.{NAMES['city']}", CITIES, value("city"))
                + " "
                + text(f"{bean}.{NAMES['address']}", value("address"), 40)
                + " 郵遞區號:"
                + text(f"{bean}.{NAMES['postal_code']}", value("postal_code"), 5, 5)
            )
            return f"""<div id="tab-{who}">
<h3>請輸入{TITLES[who]}資訊</h3><p class="note">{NOTES[who]}</p>
<table class="edit">
{same}{line("name", "姓名", "請填寫中文全名")}{line("title", "職稱")}{
                line("company", "公司", "必須與申請單所填內容相符")
            }{line("tax_id", "公司統一編號", "八位阿拉伯數字", 10) if who != "billing" else ""}{
                row("通訊地址", address, "請選擇縣市並填寫街道門牌", wrong)
            }{line("phone", "聯絡電話", "例:(02)23708886#9", 20)}{line("fax", "傳真號碼", "例:(02)23700728", 20)}{
                line("email", "電子郵件地址", "憑證下載通知將寄至此信箱", 40)
            }</table>
</div>
"""

        tabs = "".join(f'<li><a href="#tab-{who}">{TITLES[who]}</a></li>' for who in PERSONS)
        back = "" if renewing else act("上一步", "/ssl/apply/check.do", "btn gray")
        base = f"/ssl/{flow['kind']}"
        body = f"""<p class="note">以下欄位請務必全部填寫,不可留空白。<em class="must">*</em> 為必填。</p>
<div id="tabs"><ul>{tabs}</ul>
{"".join(person(who) for who in PERSONS)}</div>
<div class="buttons">{back} {act("下一步", base + "/payment.do")}</div>"""
        steps = RENEW if renewing else APPLY
        return self.view(
            request, "確認聯絡人資料" if renewing else "填寫聯絡人資料", self.form(body), steps, 2 if renewing else 3
        )

    @at("/ssl/apply/payment.do", "/ssl/renew/payment.do")
    def payment(self, request: Request):
        flow = request.session.get("flow")
        if not flow or "csr" not in flow or "phrase" not in flow:
            return self.lost(request)
        form = request.form
        flow["values"] = dict(form)
        errors = {}
        people = {}
        for who in PERSONS:
            bean = BEANS[who]
            person = people[who] = gather(form, f"{bean}.", NAMES)
            person["city"] = CITIES.get(person["city"], "")
            if who == "billing" and form["sameAs"] in ("T", "B"):
                continue
            if complaint := self.contact_complaint(person, tax_id=who != "billing"):
                blank = [
                    field for field in NAMES if not person[field].strip() and (field != "tax_id" or who != "billing")
                ]
                errors.update({f"{bean}.{NAMES[field]}": "此欄位不可留空白" for field in blank})
                if not blank:
                    errors[f"{bean}.{NAMES['name']}"] = complaint
        if errors:
            return self.contacts(request, errors)
        flow["same"] = {"T": "technical", "B": "business"}.get(form["sameAs"], "")
        if flow["same"]:
            people["billing"] = dict(people[flow["same"]])
        flow["people"] = people
        return self.pay(request)

    def pay(self, request: Request, error: str = ""):
        kind = request.session["flow"]["kind"]
        back = "" if kind == "renew" else act("上一步", f"/ssl/{kind}/contact.do", "btn gray")
        body = f"""<table class="edit">{row("付款方式", select("payType", PAYMENTS, ""), "請於收到繳款通知後七日內完成付款", error)}</table>
<input type="hidden" id="payNote" name="payNote" value=""/>
<div class="buttons">{back} <input type="button" class="btn" value="繼續" onclick="document.getElementById('frm').submit();"/></div>"""
        form = f'<form id="frm" name="frm" method="post" action="/ssl/{kind}/finish.do">\n{body}\n</form>'
        steps = RENEW if kind == "renew" else APPLY
        return self.view(request, "選擇付款方式", form, steps, len(steps) - 1)

    @at("/ssl/apply/finish.do", "/ssl/renew/finish.do")
    def finish(self, request: Request):
        flow = request.session.get("flow")
        if not flow or "people" not in flow:
            return self.lost(request)
        if request.form["payType"] not in PAYMENTS:
            return self.pay(request, "請選擇付款方式")
        self.orders.append(
            Order(
                flow["kind"],
                request.index,
                flow["csr"],
                SERVERS.get(flow.get("server", ""), ""),
                flow["phrase"],
                PAYMENTS[request.form["payType"]],
                flow["same"],
                flow["people"],
            )
        )
        del request.session["flow"]
        return self.redirect(f"/ssl/{flow['kind']}/result.do")

    @at("/ssl/apply/result.do", "/ssl/renew/result.do")
    def result(self, request: Request):
        steps = RENEW if "renew" in request.path else APPLY
        return self.view(
            request,
            "系統的回應訊息",
            """<table class="view"><tr><th>作業結果</th><td>作業成功</td></tr>
<tr><th>說明</th><td>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。<br/>CA作業時間約需二個工作天。</td></tr></table>
<div class="buttons"><input type="button" class="btn" value="回首頁" onclick="location.href='/index.do'"/></div>""",
            steps,
            len(steps),
        )

    # Searching

    @at("/ssl/query/index.do")
    def find(self, request: Request, error: str = "", below: str = ""):
        site = text("commonName", request.form["commonName"], 40)
        body = f"""<table class="edit">{row("網站名稱", site, "如 www.abc.com.tw (注意,大小寫需一致)", error)}</table>
<div class="buttons">{act("搜尋", "/ssl/query/list.do")}</div>
{below}"""
        return self.view(request, "憑證搜尋", self.form(body))

    @at("/ssl/query/list.do")
    def listing(self, request: Request):
        name = request.form["commonName"]
        if not name.strip():
            return self.find(request, "請輸入網站名稱")
        found = self.found(name)
        if not found:
            return self.find(request, below='<div class="ui-state-highlight">查無資料</div>')
        lines = []
        for number, record in enumerate(found, 1):
            buttons = ""
            if record.status == "valid":
                buttons = " ".join(
                    act(label, f"/ssl/{target}.do?serialNo={record.serial}", "btn small")
                    for label, target in (
                        ("下載憑證", "query/cert"),
                        ("更新憑證", "renew/init"),
                        ("註銷憑證", "revoke/index"),
                    )
                )
            elif record.leaf:
                buttons = act("下載憑證", f"/ssl/query/cert.do?serialNo={record.serial}", "btn small")
            start = f"{record.start:%Y/%m/%d %H:%M:%S}" if record.leaf else "-"
            end = f"{record.end:%Y/%m/%d %H:%M:%S}" if record.leaf else "-"
            lines.append(
                f'<tr class="{"odd" if number % 2 else "even"}"><td>{number}</td><td>{esc(record.name)}</td><td>{STATES[record.status]}</td>'
                f"<td>{start}</td><td>{end}</td><td>{record.serial or '-'}</td><td>{esc(record.remark)}</td><td>{buttons}</td></tr>"
            )
        table = f"""<h3>搜尋結果</h3>
<table class="list"><thead><tr><th>項次</th><th>一般名稱</th><th>憑證狀態</th><th>有效起日</th><th>有效迄日</th>
<th>憑證序號</th><th>備註</th><th>作業</th></tr></thead>
<tbody>
{chr(10).join(lines)}
</tbody></table><p>共 {len(found)} 筆</p>"""
        return self.find(request, below=table)

    @at("/ssl/query/cert.do")
    def certificate(self, request: Request):
        record = self.by_serial(request.query["serialNo"])
        subject_line = "Country = TW<br/>State = TAIWAN<br/>Locality = TAIPEI<br/>Common Name = " + esc(record.name)
        body = f"""<table class="view">{row("一般名稱", esc(record.name), required=False)}{
            row("憑證等級", "TWCA Secure Server", required=False)
        }{row("憑證內容", subject_line, required=False)}{row("憑證序號", str(record.serial), required=False)}{
            row(
                "伺服器憑證",
                f'<textarea id="certText" rows="14" cols="66" readonly="readonly">{pki_factory.pem(record.leaf).strip()}</textarea>',
                "請將內容複製後,另存新檔為 ServerCert.cer",
                required=False,
            )
        }</table>
<p>請一併安裝<a href="/download/ca.do">中繼憑證與根憑證</a>。</p>
<div class="buttons"><input type="button" class="btn" value="全選" onclick="$('#certText').select();"/></div>"""
        return self.view(request, "下載憑證", body)

    # Renewing

    @at("/ssl/renew/init.do")
    def renewal(self, request: Request, errors: dict[str, str] | None = None):
        serial = request.query["serialNo"] or request.form["serialNo"]
        record = self.by_serial(serial)
        errors = errors or {}
        area = f'<textarea id="csrData" name="csrData" rows="12" cols="66">{esc(request.form["csrData"])}</textarea>'
        body = f"""<input type="hidden" id="serialNo" name="serialNo" value="{serial}"/>
<table class="edit">{row("網站名稱", esc(record.name), required=False)}{
            row(
                "CSR資訊",
                area,
                "注意複製的範圍應包括 BEGIN NEW CERTIFICATE REQUEST 到 END NEW CERTIFICATE REQUEST 的宣告文字。",
                errors.get("csr", ""),
            )
        }{
            row(
                "通行密碼",
                text("passPhrase", "", 20, 40, "password"),
                "請將您之前申請伺服器憑證時提供的通行密碼輸入,注意文字大小寫。",
                errors.get("phrase", ""),
            )
        }</table>
<div class="buttons">{act("繼續", "/ssl/renew/contact.do")} <input type="button" class="btn gray" value="重設"
 onclick="document.getElementById('frm').reset();"/></div>"""
        return self.view(request, "更新憑證", self.form(body), RENEW, 1)

    @at("/ssl/renew/contact.do")
    def renewing(self, request: Request):
        form = request.form
        if "serialNo" not in form:
            return self.lost(request)
        record = self.by_serial(form["serialNo"])
        errors = {}
        if complaint := self.csr_complaint(form["csrData"]):
            errors["csr"] = complaint
        if form["passPhrase"] != record.passphrase:
            errors["phrase"] = "通行密碼錯誤"
        if errors:
            return self.renewal(request, errors)
        values = {}
        for who in PERSONS:
            for field, name in NAMES.items():
                kept = record.contacts[who][field]
                values[f"{BEANS[who]}.{name}"] = CODES.get(kept, "") if field == "city" else kept
        request.session["flow"] = {
            "kind": "renew",
            "csr": form["csrData"],
            "phrase": form["passPhrase"],
            "values": values,
        }
        return self.contacts(request, {})

    # Revoking

    @at("/ssl/revoke/index.do")
    def revocation(self, request: Request, errors: dict[str, str] | None = None):
        errors = errors or {}
        name = request.form["commonName"]
        if request.query["serialNo"]:
            name = self.by_serial(request.query["serialNo"]).name
        body = f"""<p class="note">在作憑證註銷線上作業時,仍須先填寫好用戶註銷憑證申請單,郵寄或傳真至本公司。</p>
<table class="edit">{
            row(
                "網站名稱",
                text("commonName", name, 40),
                "請填寫當初所申請的憑證之網站名稱,大小寫需一致",
                errors.get("name", ""),
            )
        }{
            row(
                "通行密碼",
                text("passPhrase", "", 20, 40, "password"),
                "申請憑證時所設定之通行密碼",
                errors.get("phrase", ""),
            )
        }</table>
<div class="buttons">{act("確定", "/ssl/revoke/confirm.do")}</div>"""
        return self.view(request, "憑證廢止", self.form(body), REVOKE, 1)

    @at("/ssl/revoke/confirm.do")
    def confirm(self, request: Request):
        found = [record for record in self.found(request.form["commonName"]) if record.status == "valid"]
        if not found:
            return self.revocation(request, {"name": "查無有效之憑證"})
        if found[0].passphrase != request.form["passPhrase"]:
            return self.revocation(request, {"phrase": "通行密碼錯誤"})
        record = found[0]
        request.session["revoke"] = record.serial
        body = f"""<p>您即將註銷下列憑證,註銷後無法回復,請再次確認。</p>
<table class="view">{row("一般名稱", esc(record.name), required=False)}{
            row("憑證序號", str(record.serial), required=False)
        }{row("有效迄日", f"{record.end:%Y/%m/%d %H:%M:%S}", required=False)}</table>
<div class="buttons">{act("取消", "/ssl/index.do", "btn gray")} {act("確定註銷", "/ssl/revoke/finish.do")}</div>"""
        return self.view(request, "確認註銷", self.form(body), REVOKE, 2)

    @at("/ssl/revoke/finish.do")
    def revoked(self, request: Request):
        serial = request.session.pop("revoke", None)
        if serial is None or request.method != "POST":
            return self.lost(request)
        self.revocations.append({"name": self.by_serial(str(serial)).name, "index": request.index})
        return self.view(
            request,
            "系統的回應訊息",
            '<table class="view"><tr><th>作業結果</th><td>作業成功</td></tr><tr><th>說明</th><td>已接受您的憑證註銷申請,請列印用戶註銷憑證申請單,'
            "押蓋公司大小章後傳真至 (02)23700728,由 TWCA 認證中心予以確認。</td></tr></table>",
            REVOKE,
            3,
        )

    # Downloads

    @at("/download/index.do")
    def downloads(self, request: Request):
        return self.view(
            request,
            "下載中心",
            """<ul><li><a href="/resources/doc/ssl_apply.doc">SSL 伺服器數位憑證憑證申請單</a></li>
<li><a href="/resources/doc/ssl_revoke.doc">SSL 伺服器數位憑證用戶註銷憑證申請單</a></li>
<li><a href="/resources/doc/domain.doc">網域名稱使用授權書</a></li>
<li><a href="/download/ca.do">中繼憑證與根憑證</a></li></ul>""",
        )

    @at("/pro_sslser.asp")
    def moved(self, request: Request):
        return self.redirect("/download/ca.do", 301)

    @at("/download/ca.do")
    def authorities(self, request: Request):
        authority = pki_factory.authority()
        lines = ""
        for number, certificate in enumerate([*authority.chain, authority.root.certificate]):
            kind = "根憑證" if certificate is authority.root.certificate else "中繼憑證"
            name = certificate.subject.rfc4514_string()
            lines += (
                f'<tr><td>{kind}</td><td>{esc(name)}</td><td><input type="button" class="btn small" value="下載" '
                f"onclick=\"location.href='/download/cafile.do?no={number}'\"/></td></tr>"
            )
        return self.view(
            request,
            "中繼憑證與根憑證",
            f'<table class="list"><thead><tr><th>種類</th><th>憑證名稱</th><th>檔案</th></tr></thead><tbody>{lines}</tbody></table>',
        )

    @at("/download/cafile.do")
    def authority(self, request: Request):
        authority = pki_factory.authority()
        number = int(request.query["no"])
        certificate = [*authority.chain, authority.root.certificate][number]
        return self.attachment(
            pki_factory.pem(certificate).encode(), f"TWCA_CA{number}.cer", "application/x-x509-ca-cert"
        )
