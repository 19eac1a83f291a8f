# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SharePoint and ASP.NET WebForms, 2009: one form around every page, everything a postback, the state in __VIEWSTATE, a wizard, a GridView with a pager."""

from __future__ import annotations

import base64
import binascii
import json
import urllib.parse

import pki_factory
from stranger_office import Office, Order, Record, Request, at, esc, subject

PLACE = "ctl00$ContentPlaceHolder1$"
WIZARD = f"{PLACE}Wizard1$"
CONTROLS = {
    "name": "txtName",
    "title": "txtTitle",
    "company": "txtCompany",
    "tax_id": "txtUnifiedNo",
    "city": "ddlCity",
    "address": "txtAddr",
    "postal_code": "txtZip",
    "phone": "txtTel",
    "fax": "txtFax",
    "email": "txtEMail",
}
USER_CONTROLS = {"technical": "ucTech", "business": "ucBiz", "billing": "ucAcc"}
TITLES = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
INTRODUCTIONS = {
    "technical": "請輸入本公司寄送SSL伺服器憑證給您時的技術聯絡人資訊於下表。請注意此人必須擁有存取您網頁伺服器的權利。",
    "business": "請輸入 貴公司負責SSL伺服器憑證業務聯絡人資訊於下表。業務聯絡人與技術聯絡人應由不同人員擔任,您應該分別指定。",
    "billing": "請輸入 貴公司的帳務處理聯絡人員資訊於下表。舉例來說,該人可以是 貴公司會計或是財務主管。",
}
CITIES = (
    "台北市 台北縣 基隆市 桃園縣 新竹市 新竹縣 苗栗縣 台中市 台中縣 彰化縣 南投縣 雲林縣 嘉義市 嘉義縣 台南市 台南縣 高雄市 "
    "高雄縣 屏東縣 宜蘭縣 花蓮縣 台東縣 澎湖縣 金門縣 連江縣"
).split()
CITY_ZIPS = {"台北市": "100", "基隆市": "200", "台中市": "400", "台南市": "700", "高雄市": "800"}
SOFTWARE = ("Microsoft IIS 5.0", "Microsoft IIS 6.0", "Microsoft IIS 7.0", "Apache", "Lotus Domino", "Netscape", "其他")
PAYMENTS = ("劃撥", "銀行匯款", "電匯", "即期支票")
STATES = {"valid": "有效", "pending": "待審核", "rejected": "審核不通過", "revoked": "已廢止", "expired": "已到期"}
REASONS = ("(未說明)", "金鑰遺失或外洩", "網站停止服務", "資料異動", "其他")
MAGIC = "/wEPDwUK"
DIGEST = "0x5C2B0E6D1F,12 Mar 2009 02:11:47 -0000"
PAGES = "/Pages/"


def client_id(name: str) -> str:
    return name.replace("$", "_")


def moment(value) -> str:
    """As DateTime.ToString() has it with the culture zh-TW."""
    return f"{value.year}/{value.month}/{value.day} {'上午' if value.hour < 12 else '下午'} {value.hour % 12 or 12:02}:{value:%M:%S}"


def save(state: dict) -> str:
    return MAGIC + base64.b64encode(json.dumps(state).encode()).decode()


def textbox(name: str, value: str = "", width: int = 200, kind: str = "text", limit: int = 100) -> str:
    shown = f' value="{esc(value)}"' if value and kind == "text" else ""
    return f'<input name="{name}" type="{kind}"{shown} maxlength="{max(limit, 6)}" id="{client_id(name)}" class="ms-long" style="width:{width}px;" />'


def drop_down(name: str, options, chosen: str = "", *, prompt: str = "", post: bool = False) -> str:
    change = ""
    if post:
        change = f""" onchange="javascript:setTimeout('__doPostBack(\\'{name}\\',\\'\\')', 0)" language="javascript\""""
    lines = [f'\t<option value="">{prompt}</option>\n'] if prompt else []
    for number, option in enumerate(options, 1):
        mark = ' selected="selected"' if option == chosen else ""
        lines.append(f'\t<option{mark} value="{number:02}">{option}</option>\n')
    return f'<select name="{name}"{change} id="{client_id(name)}">\n{"".join(lines)}</select>'


def picked(options, value: str) -> str:
    return options[int(value) - 1] if value.isdigit() and 0 < int(value) <= len(options) else ""


def radio_list(name: str, options, chosen: str, *, post: bool = False, across: bool = False) -> str:
    cells = []
    for number, (value, label) in enumerate(options):
        control = f"{client_id(name)}_{number}"
        mark = ' checked="checked"' if value == chosen else ""
        click = (
            f""" onclick="javascript:setTimeout('__doPostBack(\\'{name}${number}\\',\\'\\')', 0)\"""" if post else ""
        )
        cells.append(
            f'<td><input id="{control}" type="radio" name="{name}" value="{value}"{mark}{click} /><label for="{control}">{label}</label></td>'
        )
    body = "".join(cells) if across else "</tr><tr>\n".join(cells)
    return f'<table id="{client_id(name)}" border="0">\n<tr>{body}</tr>\n</table>'


def validator(name: str, text: str) -> str:
    return f'<span id="{client_id(name)}_rfv" style="color:Red;display:none;">{text}</span>'


def link_button(name: str, text: str, *, ask: str = "") -> str:
    click = f" onclick=\"return confirm('{ask}');\"" if ask else ""
    return f"""<a id="{client_id(name)}"{click} href="javascript:__doPostBack('{name}','')">{text}</a>"""


def validating_link(name: str, text: str) -> str:
    options = (
        f"new WebForm_PostBackOptions(&quot;{name}&quot;, &quot;&quot;, true, &quot;&quot;, &quot;&quot;, false, true)"
    )
    return f'<a id="{client_id(name)}" class="btnLink" href="javascript:WebForm_DoPostBackWithOptions({options})">{text}</a>'


def submit(name: str, text: str) -> str:
    options = (
        f"new WebForm_PostBackOptions(&quot;{name}&quot;, &quot;&quot;, true, &quot;&quot;, &quot;&quot;, false, false)"
    )
    return (
        f'<input type="submit" name="{name}" value="{text}" onclick="javascript:WebForm_DoPostBackWithOptions({options})" '
        f'id="{client_id(name)}" class="ms-ButtonHeightWidth" />'
    )


def image_button(name: str, text: str, source: str) -> str:
    return (
        f'<input type="image" name="{name}" id="{client_id(name)}" src="/_layouts/images/TWCA/{source}" alt="{text}" '
        f'style="border-width:0px;" />'
    )


class SharepointWebforms(Office):
    page_size = 5  # of the GridView; a test may make it 1

    def show(self, title: str, action: str, body: str, state: dict | None = None, *, upload: bool = False, errors=()):
        """The master page: one form around it all, with the site's own search box in it."""
        items = "".join(f"<li>{esc(text)}</li>" for text in errors)
        look = "" if errors else "display:none;"
        summary_id = client_id(PLACE + "ValidationSummary1")
        summary = f'<div id="{summary_id}" style="color:Red;{look}">{"請修正下列錯誤:<ul>" + items + "</ul>" if errors else ""}</div>'
        kind = ' enctype="multipart/form-data"' if upload else ""
        return self.page(f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN">
<html xmlns:o="urn:schemas-microsoft-com:office:office" dir="ltr" __expr-val-dir="ltr">
<head>
<meta name="GENERATOR" content="Microsoft SharePoint" />
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>
\t{title}
</title>
<link rel="stylesheet" type="text/css" href="/_layouts/1028/styles/core.css" />
<script type="text/javascript" language="javascript" src="/_layouts/1028/init.js"></script>
</head>
<body scroll="yes" onload="javascript:if (typeof(_spBodyOnLoadWrapper) != 'undefined') _spBodyOnLoadWrapper();">
<form name="aspnetForm" method="post" action="{esc(action)}" id="aspnetForm"{kind} onsubmit="javascript:return WebForm_OnSubmit();">
<div>
<input type="hidden" name="__REQUESTDIGEST" id="__REQUESTDIGEST" value="{DIGEST}" />
<input type="hidden" name="__EVENTTARGET" id="__EVENTTARGET" value="" />
<input type="hidden" name="__EVENTARGUMENT" id="__EVENTARGUMENT" value="" />
<input type="hidden" name="__LASTFOCUS" id="__LASTFOCUS" value="" />
<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="{save(state or {})}" />
</div>
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
<table class="ms-main" cellpadding="0" cellspacing="0" border="0" width="100%"><tr><td class="ms-globalbreadcrumb" colspan="2">
<span id="ctl00_SiteMapPath1"><a href="#ctl00_SkipLink" style="display:none">略過導覽連結</a><a href="{PAGES}Default.aspx">首頁</a> &gt; {title}</span>
<table class="ms-searchform"><tr><td><input name="ctl00$PlaceHolderSearchArea$ctl01$SF8_InputKeywords" type="text" maxlength="200"
 id="ctl00_PlaceHolderSearchArea_ctl01_SF8_InputKeywords" title="輸入搜尋文字" alt="輸入搜尋文字" class="ms-sbplain" /></td>
<td><a id="ctl00_PlaceHolderSearchArea_ctl01_SF8_go" title="執行搜尋" href="javascript:SF8_Submit()"><img title="執行搜尋"
 alt="執行搜尋" src="/_layouts/images/gosearch.gif" /></a></td></tr></table></td></tr>
<tr><td class="ms-nav" valign="top" width="150"><table id="ctl00_QuickLaunchMenu">
<tr><td><a class="ms-navheader" href="{PAGES}Service.aspx">憑證服務</a></td></tr>
<tr><td><a class="ms-navitem" href="{PAGES}SSL.aspx">SSL 伺服器憑證</a></td></tr>
<tr><td><a class="ms-navheader" href="{PAGES}Service.aspx">客服專區</a></td></tr>
<tr><td><a class="ms-navheader" href="/DocLib/Forms/AllItems.aspx">下載中心</a></td></tr></table></td>
<td class="ms-bodyareacell" valign="top"><a name="ctl00_SkipLink"></a><div class="ms-pagetitle">{title}</div>
{summary}
{body}
</td></tr></table>
<div>
<input type="hidden" name="__EVENTVALIDATION" id="__EVENTVALIDATION" value="/wEWAgL+raDpAgKM54rGBg==" />
</div>
</form>
</body>
</html>""")

    def load(self, request: Request) -> dict | None:
        """The view state of a postback; None if it is none."""
        sent = request.form["__VIEWSTATE"]
        if request.method != "POST" or not sent.startswith(MAGIC):
            return None
        try:
            return json.loads(base64.b64decode(sent[len(MAGIC) :]))
        except (ValueError, binascii.Error):
            return None

    @staticmethod
    def event(request: Request) -> tuple[str, str]:
        """The control that posted, without its naming containers, and its argument."""
        form = request.form
        if form["__EVENTTARGET"]:
            return form["__EVENTTARGET"].removeprefix(WIZARD).removeprefix(PLACE), form["__EVENTARGUMENT"]
        for name in form:
            plain = name[:-2] if name.endswith((".x", ".y")) else name
            if name.startswith(PLACE) and "btn" in plain.rpartition("$")[2].lower():
                return plain.removeprefix(WIZARD).removeprefix(PLACE), ""
        return "", ""

    # Where one arrives

    @at("/")
    def root(self, request: Request):
        return self.redirect(f"{PAGES}Default.aspx")

    @at(f"{PAGES}Default.aspx")
    def home(self, request: Request):
        return self.show(
            "TWCA 臺灣網路認證",
            "Default.aspx",
            f"""<table class="ms-WPBody"><tr><td><img src="/PublishingImages/banner.jpg" alt="安全 信賴" /></td></tr>
<tr><td>最新公告</td></tr><tr><td>2009/3/2 全面支援 2048 位元金鑰</td></tr>
<tr><td><a href="{PAGES}Service.aspx"><img src="/PublishingImages/service.gif" alt="客服專區" border="0" /></a></td></tr></table>""",
        )

    @at(f"{PAGES}Service.aspx")
    def service(self, request: Request):
        return self.show(
            "客服專區",
            "Service.aspx",
            f'<table><tr><td><img src="/_layouts/images/square.gif" alt="" /> <a href="{PAGES}SSL.aspx">SSL 伺服器憑證</a></td></tr></table>',
        )

    @at(f"{PAGES}SSL.aspx")
    def ssl(self, request: Request):
        names = (
            ("lnkApply", "憑證申請"),
            ("lnkQuery", "憑證搜尋"),
            ("lnkRevoke", "憑證廢止"),
            ("lnkCA", "中繼憑證及根憑證下載"),
        )
        if self.load(request) is not None:
            target, _argument = self.event(request)
            pages = {"lnkApply": "SSLGuide", "lnkQuery": "SSLQuery", "lnkRevoke": "SSLRevoke", "lnkCA": "CACert"}
            if target in pages:
                return self.redirect(f"{PAGES}{pages[target]}.aspx")
        lines = "".join(f'<tr><td class="ms-vb">{link_button(PLACE + name, text)}</td></tr>\n' for name, text in names)
        return self.show("SSL 伺服器憑證", "SSL.aspx", f'<table class="ms-summarystandardbody">\n{lines}</table>')

    @at(f"{PAGES}SSLGuide.aspx")
    def guide(self, request: Request):
        if self.load(request) is not None and self.event(request)[0].startswith("lnkStep4"):
            return self.redirect(f"{PAGES}SSLApply.aspx")
        step = link_button(f"{PLACE}lnkStep4", "傳送憑證申請檔與線上填寫註冊資料")
        return self.show(
            "憑證申請",
            "SSLGuide.aspx",
            f"""<ol style="list-style-type:none">
<li>[步驟 1] <a href="/DocLib/Forms/AllItems.aspx">取得書面文件</a></li>
<li>[步驟 2] 填寫憑證申請單,並傳真至本公司</li>
<li>[步驟 3] 產生憑證申請檔(CSR)</li>
<li>[步驟 4] {step}</li>
</ol>""",
        )

    # The wizard

    @staticmethod
    def line(label: str, control: str, rfv: str = "") -> str:
        return f'<tr><td class="ms-formlabel" nowrap="nowrap"><span>{label}</span></td><td class="ms-formbody">{control}{rfv}</td></tr>\n'

    def request_box(self, text: str) -> str:
        area = f"{WIZARD}txtCSR"
        return self.line(
            "憑證申請檔(CSR):",
            f'<textarea name="{area}" rows="12" cols="64" id="{client_id(area)}" wrap="off">{esc(text)}</textarea>',
            validator(area, "請貼上CSR內容"),
        )

    def first(self, state: dict, errors=(), sent: str = "", software: str = ""):
        """Everything technical at once: the CSR, the server, the pass phrase."""
        upload = f"{WIZARD}fuCSR"
        lines = (
            self.request_box(sent)
            + self.line("或上傳檔案:", f'<input type="file" name="{upload}" id="{client_id(upload)}" />(選填)')
            + self.line(
                "伺服器軟體廠商:",
                drop_down(f"{WIZARD}ddlServer", SOFTWARE, software, prompt="請選擇"),
                validator(f"{WIZARD}ddlServer", "請選擇伺服器軟體廠商"),
            )
            + self.line(
                "通行密碼:(至少六碼)",
                textbox(f"{WIZARD}txtPwd", kind="password"),
                validator(f"{WIZARD}txtPwd", "請輸入通行密碼"),
            )
            + self.line(
                "確認密碼:",
                textbox(f"{WIZARD}txtPwdConfirm", kind="password"),
                validator(f"{WIZARD}txtPwdConfirm", "密碼不一致"),
            )
        )
        body = f"""<table class="ms-formtable" border="0">
{lines}</table>
<div align="right"><input type="reset" value="清除" /> {image_button(f"{WIZARD}btnUpload", "確定", "btn_ok.gif")}</div>"""
        return self.show("憑證申請 - 上傳CSR", "SSLApply.aspx", body, {**state, "step": 0}, upload=True, errors=errors)

    def second(self, state: dict):
        """The CSR to look at."""
        parts = subject(state["csr"])
        rows = "".join(
            f'<tr style="background-color:#EFF3FB;"><td style="font-weight:bold;">{label}</td><td>{esc(parts[key]) or "&nbsp;"}</td></tr>\n'
            for label, key in (
                ("一般名稱", "CN"),
                ("組織", "O"),
                ("組織單位", "OU"),
                ("城市/位置", "L"),
                ("州/省", "ST"),
                ("國別", "C"),
                ("金鑰長度", "bits"),
            )
        )
        body = f"""<table cellspacing="0" cellpadding="4" border="0" id="{client_id(WIZARD)}dvCSR">
{rows}<tr><td>伺服器軟體廠商</td><td>{state["software"]}</td></tr></table>
<div align="right">{link_button(WIZARD + "lnkBack", "上一步")} {submit(WIZARD + "StepNavigationTemplateContainerID$StepNextBtn", "下一步")}</div>"""
        return self.show("檢查CSR內容", self.action(state), body, {**state, "step": 1})

    def person(self, who: str, values: dict[str, str]) -> str:
        place = f"{WIZARD}{USER_CONTROLS[who]}$"

        def box(field, label, width=200):
            name = place + CONTROLS[field]
            return self.line(
                f"{label}:",
                textbox(name, values.get(field, ""), width),
                validator(name, f"{TITLES[who]}{label}不可空白"),
            )

        address = (
            drop_down(place + CONTROLS["city"], CITIES, values.get("city", ""), prompt="縣市", post=True)
            + "&nbsp;"
            + textbox(place + CONTROLS["address"], values.get("address", ""), 300)
            + "<br />郵遞區號:"
            + textbox(place + CONTROLS["postal_code"], values.get("postal_code", ""), 50, limit=5)
        )
        return f"""<div class="ms-standardheader">請輸入{TITLES[who]}資訊</div>
<p>{INTRODUCTIONS[who]}</p>
<table class="ms-formtable" border="0">
{box("name", "姓&#12288;名")}{box("title", "職&#12288;稱")}{box("company", "公&#12288;司")}{
            box("tax_id", "公司統一編號", 80) if who != "billing" else ""
        }{self.line("通訊地址:", address)}{box("phone", "聯絡電話", 120)}{box("fax", "傳真號碼", 120)}{
            box("email", "電子郵件地址", 240)
        }</table>
"""

    def third(self, state: dict, errors=()):
        """Two persons."""
        contacts = state.get("contacts", {})
        back = link_button(WIZARD + "lnkBack", "上一步") if state["kind"] == "apply" else ""
        body = f"""{self.person("technical", contacts.get("technical", {}))}<hr />
{self.person("business", contacts.get("business", {}))}
<div align="right">{back} {submit(WIZARD + "StepNavigationTemplateContainerID$StepNextBtn", "下一步")}</div>"""
        return self.show("技術聯絡人與業務聯絡人", self.action(state), body, {**state, "step": 2}, errors=errors)

    def fourth(self, state: dict, errors=(), paid: str = ""):
        """The third person, and the money."""
        same = ""
        if state["kind"] == "renew":
            options = (("0", "與技術聯絡人相同"), ("1", "與業務聯絡人相同"), ("2", "兩者皆否"))
            same = radio_list(f"{WIZARD}rblSame", options, state.get("same", "2"), post=True, across=True)
        payments = radio_list(f"{WIZARD}rblPay", [(str(number), name) for number, name in enumerate(PAYMENTS)], paid)
        body = f"""{same}{self.person("billing", state.get("contacts", {}).get("billing", {}))}<hr />
<div class="ms-standardheader">請選擇付款方式</div>
{payments}
<div align="right">{link_button(WIZARD + "lnkBack", "上一步")} {validating_link(WIZARD + "FinishNavigationTemplateContainerID$lnkFinish", "繼續")}</div>"""
        return self.show("帳務聯絡人與付款方式", self.action(state), body, {**state, "step": 3}, errors=errors)

    @staticmethod
    def action(state: dict) -> str:
        if state["kind"] == "renew":
            return f"SSLRenew.aspx?sn={state['serial']}&Source=SSLQuery.aspx"
        return "SSLApply.aspx"

    @staticmethod
    def read(request: Request, who: str) -> dict[str, str]:
        place = f"{WIZARD}{USER_CONTROLS[who]}$"
        person = {field: request.form.get(place + control, "") for field, control in CONTROLS.items()}
        return {**person, "city": picked(CITIES, person["city"])}

    def complaints(self, state: dict, *people: str) -> list[str]:
        found = []
        for who in people:
            if text := self.contact_complaint(state["contacts"][who], tax_id=who != "billing"):
                found.append(f"{TITLES[who]}: {text}")
        return found

    @at(f"{PAGES}SSLApply.aspx")
    def apply(self, request: Request):
        state = self.load(request)
        if state is None or "step" not in state:
            return self.first({"kind": "apply", "contacts": {}})
        if state["step"] == 0:
            return self.uploaded(request, state)
        return self.walk(request, state)

    def uploaded(self, request: Request, state: dict):
        form = request.form
        text = form[f"{WIZARD}txtCSR"]
        text = text if text.strip() else form[f"{WIZARD}fuCSR"]
        software = picked(SOFTWARE, form[f"{WIZARD}ddlServer"])
        secret = form[f"{WIZARD}txtPwd"]
        errors = []
        if self.event(request)[0] != "btnUpload":
            return self.first(state, sent=text, software=software)
        if not text.strip():
            errors.append("請貼上CSR內容")
        elif complaint := self.csr_complaint(text):
            errors.append(complaint)
        if not software:
            errors.append("請選擇伺服器軟體廠商")
        if len(secret) < 6:
            errors.append("通行密碼至少六碼")
        if secret != form[f"{WIZARD}txtPwdConfirm"]:
            errors.append("密碼不一致")
        if errors:
            return self.first(state, errors, text, software)
        return self.second({**state, "csr": text, "software": software, "passphrase": secret})

    def walk(self, request: Request, state: dict):
        """The steps that applying and renewing share."""
        event, _argument = self.event(request)
        step = state["step"]
        contacts = state["contacts"]
        for who in {2: ("technical", "business"), 3: ("billing",)}.get(step, ()):
            contacts[who] = self.read(request, who)
            if event == f"{USER_CONTROLS[who]}$ddlCity":
                contacts[who]["postal_code"] = CITY_ZIPS.get(contacts[who]["city"], contacts[who]["postal_code"])
        if step == 1:
            if event == "lnkBack":
                return self.first(state, sent=state["csr"], software=state["software"])
            return self.third(state) if event.endswith("StepNextBtn") else self.second(state)
        if step == 2:
            if event == "lnkBack" and state["kind"] == "apply":
                return self.second(state)
            if not event.endswith("StepNextBtn"):
                return self.third(state)
            errors = self.complaints(state, "technical", "business")
            return self.third(state, errors) if errors else self.fourth(state)
        if step == 3:
            return self.last(request, state, event)
        return self.redirect(f"{PAGES}SSL.aspx")

    def last(self, request: Request, state: dict, event: str):
        contacts = state["contacts"]
        state["same"] = request.form.get(f"{WIZARD}rblSame", "2") if state["kind"] == "renew" else "2"
        same = {"0": "technical", "1": "business"}.get(state["same"], "")
        paid = request.form[f"{WIZARD}rblPay"]
        if same:
            contacts["billing"] = dict(contacts[same])
        if event == "lnkBack":
            return self.third(state)
        if not event.endswith("lnkFinish"):
            return self.fourth(state, paid=paid)
        errors = self.complaints(state, "billing")
        if paid not in ("0", "1", "2", "3"):
            errors.append("請選擇付款方式")
        if errors:
            return self.fourth(state, errors, paid)
        self.orders.append(
            Order(
                state["kind"],
                request.index,
                state["csr"],
                state.get("software", ""),
                state["passphrase"],
                PAYMENTS[int(paid)],
                same,
                contacts,
            )
        )
        return self.show(
            "系統的回應訊息",
            self.action(state),
            f"""<span id="{client_id(WIZARD)}lblResult" style="font-weight:bold;">作業成功</span>
<p><span id="{client_id(WIZARD)}lblMessage">CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。<br />
CA作業時間約需二個工作天。</span></p>""",
            {"kind": state["kind"], "serial": state.get("serial", ""), "step": 4},
        )

    # The grid

    @at(f"{PAGES}SSLQuery.aspx")
    def query(self, request: Request):
        state = self.load(request)
        if state is None:
            return self.grid({})
        event, argument = self.event(request)
        if event == "btnSearch":
            state = {"dns": request.form[f"{PLACE}txtDNS"], "page": 1}
            if not state["dns"].strip():
                return self.grid({}, errors=["請輸入網站名稱"])
        elif event == "gvCert":
            command, _, number = argument.partition("$")
            if command == "Page":
                return self.grid({**state, "page": int(number)})
            record = self.rows(state)[(state["page"] - 1) * self.page_size + int(number)]
            if command == "Download":
                return self.attachment(pki_factory.der(record.leaf), "ServerCert.cer", "application/octet-stream")
            page = {"Renew": "SSLRenew", "Revoke": "SSLRevoke"}[command]
            return self.redirect(
                f"{PAGES}{page}.aspx?sn={record.serial}&Source={urllib.parse.quote(PAGES + 'SSLQuery.aspx', safe='')}"
            )
        return self.grid(state)

    def rows(self, state: dict) -> list[Record]:
        """LIKE '%...%', as the stored procedure has it."""
        wanted = state.get("dns", "").strip()
        return [record for record in self.records if wanted in record.name] if wanted else []

    def grid(self, state: dict, errors=()):
        dns = f"{PLACE}txtDNS"
        button = f"{PLACE}btnSearch"
        entry = f"""<table class="ms-formtable"><tr><td class="ms-formlabel"><span id="{client_id(PLACE)}lblDNS">網站名稱:</span></td>
<td>{textbox(dns, state.get("dns", ""), 260)}</td><td>{submit(button, "搜尋")}</td></tr>
<tr><td>&nbsp;</td><td colspan="2"><span style="color:Gray;">如 www.abc.com.tw (注意,大小寫需一致)</span></td></tr></table>
"""
        if "dns" not in state:
            return self.show("憑證搜尋", "SSLQuery.aspx", entry, {}, errors=errors)
        rows = self.rows(state)
        name = f"{PLACE}gvCert"
        first = (state["page"] - 1) * self.page_size
        lines = []
        for number, record in enumerate(rows[first : first + self.page_size]):
            links = []
            if record.leaf:
                links.append(f"""<a href="javascript:__doPostBack('{name}','Download${number}')">下載憑證</a>""")
            if record.status == "valid":
                links.append(f"""<a href="javascript:__doPostBack('{name}','Renew${number}')">更新憑證</a>""")
                links.append(
                    f"""<a onclick="return confirm('確定要註銷此憑證嗎?');" href="javascript:__doPostBack('{name}','Revoke${number}')">註銷憑證</a>"""
                )
            start = moment(record.start) if record.leaf else "&nbsp;"
            end = moment(record.end) if record.leaf else "&nbsp;"
            colour = "#FFFFFF" if number % 2 else "#E3EAEB"
            lines.append(
                f'<tr style="background-color:{colour};"><td>{esc(record.name)}</td><td>{STATES[record.status]}</td><td>{start}</td><td>{end}</td>'
                f"<td>{record.serial or '&nbsp;'}</td><td>{esc(record.remark) or '&nbsp;'}</td><td>{' '.join(links) or '&nbsp;'}</td></tr>\n"
            )
        if not rows:
            lines = ["<tr><td>查無符合條件之憑證</td></tr>\n"]
            head = ""
        else:
            titles = ("一般名稱", "憑證狀態", "有效期限(起)", "有效期限(迄)", "憑證序號", "備註", "&nbsp;")
            head = (
                '<tr style="color:White;background-color:#1C5E55;">'
                + "".join(f'<th scope="col">{text}</th>' for text in titles)
                + "</tr>\n"
            )
        pages = max(1, -(-len(rows) // self.page_size))
        pager = ""
        if pages > 1:
            cells = "".join(
                f"<td><span>{number}</span></td>"
                if number == state["page"]
                else f"""<td><a href="javascript:__doPostBack('{name}','Page${number}')">{number}</a></td>"""
                for number in range(1, pages + 1)
            )
            pager = f'<tr align="center" style="background-color:#666666;"><td colspan="7"><table border="0"><tr>{cells}</tr></table></td></tr>\n'
        table = f'<table cellspacing="0" cellpadding="4" border="0" id="{client_id(name)}">\n{head}{"".join(lines)}{pager}</table>'
        return self.show("憑證搜尋", "SSLQuery.aspx", f"{entry}<div>\n{table}\n</div>", state)

    # Renewing

    def renewal(self, state: dict, errors=(), sent: str = ""):
        record = self.by_serial(state["serial"])
        lines = (
            self.line("一般名稱:", f'<span id="{client_id(WIZARD)}lblCN">{esc(record.name)}</span>')
            + self.request_box(sent)
            + self.line(
                "通行密碼:", textbox(f"{WIZARD}txtPwd", kind="password"), validator(f"{WIZARD}txtPwd", "請輸入通行密碼")
            )
        )
        body = f"""<p>請將CSR檔案中的內容複製到下方的空欄中,並輸入之前申請伺服器憑證時提供的通行密碼,注意文字大小寫。</p>
<table class="ms-formtable" border="0">
{lines}</table>
<div align="right"><input type="reset" value="重設" /> {image_button(f"{WIZARD}btnContinue", "繼續", "btn_continue.gif")}</div>"""
        return self.show("更新憑證", self.action(state), body, {**state, "step": 10}, errors=errors)

    @at(f"{PAGES}SSLRenew.aspx")
    def renew(self, request: Request):
        state = self.load(request)
        if state is None or "step" not in state:
            return self.renewal({"kind": "renew", "serial": request.query["sn"]})
        if state["step"] != 10:
            return self.walk(request, state)
        record = self.by_serial(state["serial"])
        text = request.form[f"{WIZARD}txtCSR"]
        secret = request.form[f"{WIZARD}txtPwd"]
        errors = []
        if complaint := self.csr_complaint(text):
            errors.append(complaint)
        if secret != record.passphrase:
            errors.append("通行密碼錯誤")
        if errors:
            return self.renewal(state, errors, text)
        contacts = {who: dict(record.contacts[who]) for who in USER_CONTROLS}
        return self.third({**state, "csr": text, "passphrase": secret, "contacts": contacts})

    # Revoking

    @at(f"{PAGES}SSLRevoke.aspx")
    def revoke(self, request: Request):
        state = self.load(request)
        serial = request.query["sn"]
        if state is None or "revoke" not in state:
            return self.revocation(serial)
        if self.event(request)[0] != "btnRevoke":
            return self.revocation(serial)
        name = self.by_serial(serial).name if serial else request.form[f"{PLACE}txtDNS"]
        found = [record for record in self.found(name) if record.status == "valid"]
        errors = []
        if not found:
            errors.append("查無此網站名稱之有效憑證")
        elif found[0].passphrase != request.form[f"{PLACE}txtPwd"]:
            errors.append("通行密碼錯誤")
        if errors:
            return self.revocation(serial, errors, name)
        self.revocations.append({"name": found[0].name, "index": request.index})
        return self.show(
            "系統的回應訊息",
            "SSLRevoke.aspx",
            '<span style="font-weight:bold;">作業成功</span><p>已受理憑證註銷申請。請將用戶註銷憑證申請單押蓋公司大小章後,傳真(02)23700728辦理。</p>',
            {},
        )

    def revocation(self, serial: str, errors=(), name: str = ""):
        if serial:
            site = f'<span id="{client_id(PLACE)}lblDNS">{esc(self.by_serial(serial).name)}</span>'
        else:
            site = textbox(f"{PLACE}txtDNS", name, 260)
        lines = (
            self.line("網站名稱:", site)
            + self.line("通行密碼:", textbox(f"{PLACE}txtPwd", kind="password"))
            + self.line("註銷原因:", drop_down(f"{PLACE}ddlReason", REASONS, REASONS[0]))
        )
        body = f"""<p>請填寫當初所申請的憑證之網站名稱,如 www.abc.com.tw (注意,大小寫需一致)。</p>
<table class="ms-formtable">
{lines}</table>
<div align="right">{submit(PLACE + "btnRevoke", "註銷憑證")}</div>"""
        action = f"SSLRevoke.aspx?sn={serial}" if serial else "SSLRevoke.aspx"
        return self.show("憑證廢止", action, body, {"revoke": True}, errors=errors)

    # Downloads

    @at("/DocLib/Forms/AllItems.aspx")
    def documents(self, request: Request):
        names = ("SSL 伺服器數位憑證憑證申請單", "SSL 伺服器數位憑證用戶註銷憑證申請單", "網域名稱使用授權書")
        lines = "".join(
            f'<tr><td class="ms-vb-icon"><img src="/_layouts/images/icdoc.gif" alt="" /></td><td class="ms-vb2"><a href="/DocLib/{number}.doc">'
            f"{name}</a></td></tr>\n"
            for number, name in enumerate(names, 1)
        )
        lines += f'<tr><td class="ms-vb-icon"></td><td class="ms-vb2"><a href="{PAGES}CACert.aspx">中繼憑證及根憑證</a></td></tr>\n'
        return self.show(
            "下載中心",
            "AllItems.aspx",
            f'<table class="ms-listviewtable">\n<tr><th>類型</th><th>名稱</th></tr>\n{lines}</table>',
        )

    @at(f"{PAGES}CACert.aspx", "/pro_sslser.asp")
    def authorities(self, request: Request):
        authority = pki_factory.authority()
        certificates = [*authority.chain, authority.root.certificate]
        if self.load(request) is not None:
            event, _argument = self.event(request)
            if event.startswith("rptCA$ctl"):
                number = int(event.split("$")[1][3:])
                return self.attachment(
                    pki_factory.der(certificates[number]), f"CA{number}.cer", "application/x-x509-ca-cert"
                )
        names = ("TWCA Secure SSL CA (中繼憑證)", "TWCA CYBER Root CA (中繼憑證)", "TWCA Global Root CA (根憑證)")
        lines = "".join(
            f"<tr><td>{name}</td><td>{link_button(f'{PLACE}rptCA$ctl{number:02}$lnkGet', '下載')}</td></tr>\n"
            for number, name in enumerate(names[: len(certificates)])
        )
        return self.show("中繼憑證及根憑證下載", f"{PAGES}CACert.aspx", f"<table>\n{lines}</table>")
