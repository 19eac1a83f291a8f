# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JavaServer Faces 2 with RichFaces, 2013: generated ids with colons, a view state in every form, links that only a script follows, one address per wizard."""

from __future__ import annotations

import copy
import secrets

import pki_factory
from stranger_office import FIELDS, PERSONS, Form, Office, Order, Request, at, esc, subject

IDS = dict(zip(FIELDS, "name jobTitle corp uniNo county street zip tel fax mail".split()))
PANELS = {"technical": "j_idt42", "business": "j_idt68", "billing": "j_idt94"}
TITLES = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
INTRO = {
    "technical": "請輸入本公司寄送SSL伺服器憑證給您時的技術聯絡人資訊於下表。請注意此人必須擁有存取您網頁伺服器的權利。",
    "business": "請輸入 貴公司負責SSL伺服器憑證業務聯絡人資訊於下表。業務聯絡人與技術聯絡人應由不同人員擔任,您應該分別指定。",
    "billing": "請輸入 貴公司的帳務處理聯絡人員資訊於下表。當帳單處理資料有異動時,此人有通知本公司之義務。",
}
LABELS = [
    ("name", "姓名"),
    ("title", "職稱"),
    ("company", "公司"),
    ("tax_id", "公司統一編號"),
    ("postal_code", "郵遞區號"),
    ("city", "通訊地址(縣市)"),
    ("address", "通訊地址(街道門牌)"),
    ("phone", "聯絡電話"),
    ("fax", "傳真號碼"),
    ("email", "電子郵件地址"),
]
CITIES = (
    "台北市 新北市 基隆市 桃園市 新竹市 新竹縣 苗栗縣 台中市 彰化縣 南投縣 雲林縣 嘉義市 嘉義縣 台南市 高雄市 屏東縣 宜蘭縣 花蓮縣 台東縣 澎湖縣 "
    "金門縣 連江縣"
).split()
CITY_CODES = {f"{number:02}": name for number, name in enumerate(CITIES, 1)}
VENDORS = {
    "10": "Apache",
    "20": "Microsoft IIS",
    "30": "Tomcat",
    "40": "IBM HTTP Server",
    "50": "Oracle WebLogic",
    "99": "其他",
}
PAYMENTS = {"R": "電匯", "P": "劃撥", "B": "銀行匯款", "C": "支票"}
STATES = {"valid": "有效", "pending": "審核中", "rejected": "退件", "revoked": "已廢止", "expired": "已過期"}
SAME = {"T": ("technical", "與技術聯絡人相同"), "S": ("business", "與業務聯絡人相同"), "N": ("", "兩者皆否")}
SUBJECT = [
    ("CN", "一般名稱"),
    ("O", "組織"),
    ("OU", "組織單位"),
    ("L", "城市/位置"),
    ("ST", "州/省"),
    ("C", "國別"),
    ("bits", "適用之安全強度(bits)"),
]
STEPS = {
    "apply": ["csr", "server", "contacts", "payment", "confirm"],
    "renew": ["csr", "contacts", "payment", "confirm"],
}
STEP_NAMES = {
    "csr": "傳送憑證申請檔",
    "server": "檢查CSR內容",
    "contacts": "聯絡人資料",
    "payment": "選擇付款方式",
    "confirm": "資料確認",
}
NEXT = {
    "csr": "form:j_idt33",
    "server": "form:j_idt39",
    "contacts": "form:j_idt121",
    "payment": "form:j_idt128",
    "confirm": "form:j_idt140",
}
BACK = "form:j_idt29"
ROOT = "/sslra"
PATHS = {
    "index.jsf": "home",
    "ssl.jsf": "menu",
    "guide.jsf": "guide",
    "apply.jsf": "wizard",
    "renew.jsf": "wizard",
    "query.jsf": "query",
    "revoke.jsf": "revoke",
    "done.jsf": "done",
    "cacert.jsf": "cacert",
}
MENU = {
    "menu:j_idt17": ("憑證申請", "guide.jsf"),
    "menu:j_idt19": ("憑證搜尋", "query.jsf"),
    "menu:j_idt21": ("憑證更新(展期)", "query.jsf"),
    "menu:j_idt23": ("憑證廢止", "revoke.jsf"),
    "menu:j_idt25": ("下載中繼憑證與根憑證", "cacert.jsf"),
}
DONE = "CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件 (E-Mail)通知您下載憑證事宜。CA作業時間約需二個工作天。"


def link(form, name, text, css="rf-lnk"):
    """What h:commandLink becomes."""
    return f"""<a href="#" class="{css}" onclick="mojarra.jsfcljs(document.getElementById('{form}'),{{'{name}':'{name}'}},'');return false">{text}</a>"""


def grid(rows, css="pg"):
    """What h:panelGrid columns=3 becomes."""
    lines = "\n".join(
        f'<tr>\n<td class="{css}-l">{label}</td>\n<td class="{css}-i">{control}</td>\n<td class="{css}-m">{message}</td>\n</tr>'
        for label, control, message in rows
    )
    return f'<table class="{css}">\n<tbody>\n{lines}\n</tbody>\n</table>'


def label(name, text, required=True):
    star = '<span class="req">*</span>' if required else ""
    return f'<label for="{name}">\n{star}{text}:</label>'


def text_input(name, value="", kind="text", size=30, limit=""):
    more = f' maxlength="{limit}"' if limit else ""
    shown = f' value="{esc(value)}"' if value else ""
    return f'<input id="{name}" type="{kind}" name="{name}"{shown}{more} size="{size}" />'


def menu_input(name, options, chosen):
    lines = "".join(
        f'\t<option value="{value}"{" selected=" + chr(34) + "selected" + chr(34) if value == chosen else ""}>{text}</option>\n'
        for value, text in options.items()
    )
    return f'<select id="{name}" name="{name}" size="1">\n\t<option value="">--請選擇--</option>\n{lines}</select>'


def message(errors, name):
    text = errors.get(name, "")
    return f'<span id="{name}Msg" class="rf-msg-err"><span class="rf-msg-det">{esc(text)}</span></span>' if text else ""


class JsfRichfaces(Office):
    content_type = "text/html;charset=UTF-8"

    # The life cycle

    def form(self, request, path, body, name="form"):
        first = ";jsessionid=" + secrets.token_hex(16).upper() if len(request.session.get("views", ())) < 1 else ""
        return f"""<form id="{name}" name="{name}" method="post" action="{ROOT}/{path}{first}" enctype="application/x-www-form-urlencoded">
<input type="hidden" name="{name}" value="{name}" />
{body}
<input type="hidden" name="javax.faces.ViewState" id="javax.faces.ViewState" value="@VIEWSTATE@" autocomplete="off" />
</form>"""

    def draw(self, request: Request, state, messages=(), errors=None):
        path, title, body = getattr(self, f"draw_{state['page']}")(request, state, errors or {})
        listed = "".join(
            f'<li class="{severity}"><span class="rf-msgs-sum">{esc(text)}</span></li>' for severity, text in messages
        )
        listed = f'<ul id="messages" class="rf-msgs">{listed}</ul>' if listed else ""
        language = self.form(
            request,
            path,
            '<select name="j_idt7:locale" size="1" onchange="submit()"><option value="zh_TW" selected="selected">繁體中文</option>'
            '<option value="en">English</option></select>',
            "j_idt7",
        )
        page = f"""<?xml version='1.0' encoding='UTF-8' ?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>
<title>{title} - SSL 伺服器數位憑證註冊系統</title>
<link type="text/css" rel="stylesheet" href="{ROOT}/rfRes/skinning.ecss.jsf?db=eAG7dPvZfwAIqAOT" />
<script type="text/javascript" src="{ROOT}/javax.faces.resource/jsf.js.jsf?ln=javax.faces"></script></head><body>
<div id="hd"><a href="{ROOT}/index.jsf">回首頁</a> | <a href="{ROOT}/ssl.jsf">SSL 伺服器憑證</a>
{language}
</div>
<div id="bd"><h2>{title}</h2>
{listed}
{body}
</div>
<div id="ft">臺灣網路認證股份有限公司 版權所有 &copy; 2013</div></body>
</html>"""
        key = f"{secrets.randbits(62) - 2**61}:{secrets.randbits(62) - 2**61}"
        request.session.setdefault("views", {})[key] = copy.deepcopy(state)
        return self.page(page.replace("@VIEWSTATE@", key), Cache_Control="no-store")

    @at(*(f"{ROOT}/{path}" for path in PATHS))
    def faces(self, request: Request):
        path = request.path.rpartition("/")[2]
        if request.method == "GET":
            if path == "renew.jsf":
                return self.redirect(f"{ROOT}/query.jsf")
            state = {"page": PATHS[path]}
            if path == "apply.jsf":
                state.update(kind="apply", step="csr")
            if path == "done.jsf":
                state["flash"] = request.session.pop("flash", ("查無作業", ""))
            return self.draw(request, state)
        saved = request.session.get("views", {}).get(request.form["javax.faces.ViewState"])
        if saved is None:
            return self.page(
                f"<html><head><title>Error</title></head><body><h1>HTTP Status 500 - viewId:{request.path} - View {request.path} could not be "
                "restored.</h1><pre>javax.faces.application.ViewExpiredException</pre></body></html>",
                500,
            )
        state = copy.deepcopy(saved)
        act = getattr(self, f"act_{state['page']}", None)
        return (act and act(request, state)) or self.draw(request, state)

    @at("/", "/sslra", "/sslra/")
    def entry(self, request: Request):
        return self.redirect(f"{ROOT}/index.jsf")

    @at("/sslra/javax.faces.resource/jsf.js.jsf")
    def script(self, request: Request):
        return self.attachment(b"var mojarra = mojarra || {};", "jsf.js", "text/javascript")

    # Plain pages

    def draw_home(self, request, state, errors):
        body = (
            f'<ul class="rf-tb"><li><a href="{ROOT}/ssl.jsf">客服專區</a></li><li><a href="{ROOT}/ssl.jsf">憑證服務</a></li>'
            f'<li><a href="{ROOT}/ssl.jsf">SSL 伺服器憑證</a></li><li><a href="{ROOT}/index.jsf">下載中心</a></li></ul>'
            "<p>歡迎使用臺灣網路認證 SSL 伺服器數位憑證註冊系統。</p>"
        )
        return "index.jsf", "首頁", body

    def draw_menu(self, request, state, errors):
        items = "\n".join(
            f'<div class="rf-pm-itm">{link("menu", name, text)}</div>' for name, (text, _path) in MENU.items()
        )
        return "ssl.jsf", "SSL 伺服器憑證", self.form(request, "ssl.jsf", items, "menu")

    def act_menu(self, request, state):
        return next(
            (self.redirect(f"{ROOT}/{path}") for name, (_text, path) in MENU.items() if name in request.form), None
        )

    def draw_guide(self, request, state, errors):
        body = (
            "<ol><li>步驟 1 填寫憑證申請單並傳真至本公司</li><li>步驟 2 產生憑證申請檔(CSR)</li><li>步驟 3 準備相關證明文件</li>"
            f'<li><a href="{ROOT}/apply.jsf">步驟 4 傳送憑證申請檔與線上填寫註冊資料</a></li></ol>'
        )
        return "guide.jsf", "憑證申請", body

    def draw_done(self, request, state, errors):
        title, text = state["flash"]
        body = (
            f'<table class="pg"><thead><tr><th scope="colgroup" colspan="1">系統的回應訊息</th></tr></thead><tbody><tr><td><span class="ok">{title}</span></td></tr>'
            f"<tr><td>{text}</td></tr></tbody></table>"
        )
        return "done.jsf", "作業結果", body

    def draw_cacert(self, request, state, errors):
        names = ["中繼憑證 TWCA Secure SSL CA", "中繼憑證 TWCA CYBER Root CA", "根憑證 TWCA Global Root CA"]
        rows = "\n".join(
            f"<tr><td>{name}</td><td>{link('form', f'form:caTbl:{number}:j_idt32', '下載')}</td></tr>"
            for number, name in enumerate(names)
        )
        table = f'<table class="rf-dt" id="form:caTbl"><thead><tr><th>憑證名稱</th><th>檔案</th></tr></thead><tbody>{rows}</tbody></table>'
        return "cacert.jsf", "下載中繼憑證與根憑證", self.form(request, "cacert.jsf", table)

    def act_cacert(self, request, state):
        authority = pki_factory.authority()
        for number, certificate in enumerate([*authority.chain, authority.root.certificate]):
            if f"form:caTbl:{number}:j_idt32" in request.form:
                return self.attachment(pki_factory.der(certificate), f"ca{number}.cer", "application/x-x509-ca-cert")
        return None

    @at("/pro_sslser.asp")
    def former(self, request: Request):
        return self.redirect(f"{ROOT}/cacert.jsf", 301)

    # The wizard

    def values(self, state):
        if "contacts" not in state:
            known = self.records[state["record"]].contacts if state["kind"] == "renew" else {}
            state["contacts"] = {person: dict(known.get(person, {})) for person in PERSONS}
        return state["contacts"]

    def draw_wizard(self, request, state, errors):
        kind, step = state["kind"], state["step"]
        steps = STEPS[kind]
        trail = " &raquo; ".join(
            f"<b>{STEP_NAMES[one]}</b>" if one == step else f"<span>{STEP_NAMES[one]}</span>" for one in steps
        )
        body = getattr(self, f"step_{step}")(state, errors)
        back = link("form", BACK, "上一步", "btn") + " " if step != steps[0] else ""
        name = NEXT[step]
        if step == "csr":
            go = f'<input id="{name}" type="submit" name="{name}" value="{"確定" if kind == "apply" else "繼續"}" /> <input type="reset" value="重設" />'
        elif step == "confirm":
            go = f'<input id="{name}" type="submit" name="{name}" value="確認送出" />'
        else:
            go = link("form", name, "繼續" if step == "payment" else "下一步", "btn")
        path = f"{kind}.jsf"
        title = "首次(增購)申請" if kind == "apply" else "更新(展期)憑證"
        return (
            path,
            title,
            f'<div class="trail">{trail}</div>'
            + self.form(request, path, f'{body}\n<div class="btns">{back}{go}</div>'),
        )

    def step_csr(self, state, errors):
        name = "form:csr"
        rows = [
            (
                label(name, "憑證申請檔(CSR)"),
                f'<textarea id="{name}" name="{name}" cols="70" rows="12">\n{esc(state.get("csr", ""))}</textarea>',
                message(errors, name),
            )
        ]
        if state["kind"] == "renew":
            rows.insert(0, ("<label>一般名稱:</label>", esc(self.records[state["record"]].name), ""))
            rows.append(
                (label("form:pass", "通行密碼"), text_input("form:pass", kind="password"), message(errors, "form:pass"))
            )
        return (
            '<p class="hint">請將CSR檔案中的內容複製貼上,範圍應包括 "BEGIN NEW CERTIFICATE REQUEST" 到 "END NEW CERTIFICATE REQUEST" 的宣告文字。</p>'
            + grid(rows)
        )

    def step_server(self, state, errors):
        parts = subject(state["csr"])
        shown = grid([(f"<span>{text}</span>", f"<span>{esc(parts[key])}</span>", "") for key, text in SUBJECT], "ro")
        rows = [
            (
                label("form:sw", "伺服器軟體廠商"),
                menu_input("form:sw", VENDORS, state.get("vendor", "")),
                message(errors, "form:sw"),
            ),
            (
                label("form:pass", "通行密碼(至少六碼)"),
                text_input("form:pass", kind="password"),
                message(errors, "form:pass"),
            ),
            (
                label("form:passAgain", "再輸入一次密碼以確認"),
                text_input("form:passAgain", kind="password"),
                message(errors, "form:passAgain"),
            ),
        ]
        return f"<fieldset><legend>您的CSR內容</legend>{shown}</fieldset><fieldset><legend>輸入伺服器資訊</legend>{grid(rows)}</fieldset>"

    def step_contacts(self, state, errors):
        contacts = self.values(state)
        body = '<p>標示 <span class="req">*</span> 之欄位請務必全部填寫,不可留空白。</p>'
        for person in PERSONS:
            rows = []
            if person == "billing" and state["kind"] == "renew":
                name = f"form:{PANELS[person]}:same"
                radios = "".join(
                    f'<td>\n<input type="radio" name="{name}" id="{name}:{number}" value="{value}"{" checked=" + chr(34) + "checked" + chr(34) if value == state.get("same") else ""} />'
                    f'<label for="{name}:{number}"> {text}</label></td>'
                    for number, (value, (_person, text)) in enumerate(SAME.items())
                )
                rows.append(("", f'<table id="{name}"><tr>\n{radios}</tr></table>', ""))
            for field, text in LABELS:
                if field == "tax_id" and person == "billing":
                    continue
                name = f"form:{PANELS[person]}:{IDS[field]}"
                value = contacts[person].get(field, "")
                if field == "city":
                    code = next((code for code, city in CITY_CODES.items() if city == value), "")
                    control = menu_input(name, CITY_CODES, code)
                elif field == "postal_code":
                    control = text_input(name, value, size=6, limit=6)
                else:
                    control = text_input(name, value, size=50 if field in ("address", "email") else 25)
                rows.append((label(name, text), control, message(errors, name)))
            body += (
                f'<div class="rf-p" id="form:{PANELS[person]}"><div class="rf-p-hdr">{TITLES[person]}</div><div class="rf-p-b">{INTRO[person]}\n'
                f"{grid(rows)}</div></div>\n"
            )
        return body

    def step_payment(self, state, errors):
        return grid(
            [
                (
                    label("form:pay", "付款方式"),
                    menu_input("form:pay", PAYMENTS, state.get("pay", "")),
                    message(errors, "form:pay"),
                )
            ]
        )

    def step_confirm(self, state, errors):
        rows = [("<span>一般名稱</span>", esc(subject(state["csr"])["CN"]), "")]
        if state["kind"] == "apply":
            rows.append(("<span>伺服器軟體廠商</span>", VENDORS[state["vendor"]], ""))
        body = grid(rows, "ro")
        for person in PERSONS:
            texts = [
                (f"<span>{text}</span>", f"<span>{esc(state['contacts'][person].get(field, ''))}</span>", "")
                for field, text in LABELS
                if field != "tax_id" or person != "billing"
            ]
            body += f"<fieldset><legend>{TITLES[person]}</legend>{grid(texts, 'ro')}</fieldset>"
        return (
            "<p>請確認下列資料,無誤後按「確認送出」。</p>"
            + body
            + grid([("<span>付款方式</span>", PAYMENTS[state["pay"]], "")], "ro")
        )

    def act_wizard(self, request, state):
        form, step = request.form, state["step"]
        steps = STEPS[state["kind"]]
        if BACK in form and step != steps[0]:
            state["step"] = steps[steps.index(step) - 1]
            return self.draw(request, state)
        if NEXT[step] not in form:
            return None
        errors: dict[str, str] = {}
        general = getattr(self, f"check_{step}")(state, form, errors)
        if errors or general:
            messages = [
                ("rf-msgs-err", text) for text in [*dict.fromkeys(errors.values()), *([general] if general else [])]
            ]
            return self.draw(request, state, messages, errors)
        if step != "confirm":
            state["step"] = steps[steps.index(step) + 1]
            return self.draw(request, state)
        self.orders.append(
            Order(
                state["kind"],
                request.index,
                state["csr"],
                VENDORS.get(state.get("vendor", ""), ""),
                state["passphrase"],
                PAYMENTS[state["pay"]],
                SAME.get(state.get("same", "N"), SAME["N"])[0],
                state["contacts"],
            )
        )
        request.session["flash"] = ("作業成功", DONE)
        return self.redirect(f"{ROOT}/done.jsf")

    def check_csr(self, state, form: Form, errors):
        state["csr"] = form["form:csr"]
        if complaint := self.csr_complaint(form["form:csr"]):
            errors["form:csr"] = complaint
        if state["kind"] == "renew":
            state["passphrase"] = form["form:pass"]
            if form["form:pass"] != self.records[state["record"]].passphrase:
                errors["form:pass"] = "通行密碼錯誤"
        return ""

    def check_server(self, state, form: Form, errors):
        state.update(vendor=form["form:sw"], passphrase=form["form:pass"])
        if form["form:sw"] not in VENDORS:
            errors["form:sw"] = "伺服器軟體廠商: 驗證錯誤: 必須輸入值。"
        if len(form["form:pass"]) < 6:
            errors["form:pass"] = "通行密碼(至少六碼): 驗證錯誤: 長度小於允許的最小值 '6'"
        elif form["form:pass"] != form["form:passAgain"]:
            errors["form:passAgain"] = "兩次輸入的密碼不一致"
        return ""

    def check_contacts(self, state, form: Form, errors):
        state["same"] = form.get(f"form:{PANELS['billing']}:same", "N")
        source = SAME.get(state["same"], SAME["N"])[0] if state["kind"] == "renew" else ""
        complaint = ""
        for person in PERSONS:
            contact = {field: form[f"form:{PANELS[person]}:{name}"] for field, name in IDS.items()}
            contact["city"] = CITY_CODES.get(contact["city"], "")
            if person == "billing" and source:
                contact = dict(state["contacts"][source])
            state["contacts"][person] = contact
            for field, text in LABELS:
                if not contact[field].strip() and (field != "tax_id" or person != "billing"):
                    name = f"form:{PANELS[person]}:{IDS[field]}"
                    errors[name] = f"{TITLES[person]} {text}: 驗證錯誤: 必須輸入值。"
            complaint = complaint or self.contact_complaint(contact, tax_id=person != "billing")
        return "" if errors else complaint

    def check_payment(self, state, form: Form, errors):
        state["pay"] = form["form:pay"]
        if form["form:pay"] not in PAYMENTS:
            errors["form:pay"] = "付款方式: 驗證錯誤: 必須輸入值。"
        return ""

    def check_confirm(self, state, form: Form, errors):
        return ""

    # Search, download

    def draw_query(self, request, state, errors):
        rows = [
            (
                label("form:dns", "網站名稱", False),
                text_input("form:dns", state.get("dns", ""))
                + ' <input type="submit" name="form:j_idt30" value="搜尋" />',
                '<span class="hint">如 www.abc.com.tw (注意,大小寫需一致)</span>',
            )
        ]
        body = grid(rows)
        if found := self.found(state.get("dns", "")):
            heads = ["一般名稱", "憑證狀態", "生效日期", "有效期限", "憑證內容", "憑證序號", "備註", "作業"]
            head = "".join(f'<th class="rf-dt-hdr-c" scope="col">{text}</th>' for text in heads)
            lines = ""
            for number, record in enumerate(found):
                times = [f"{time:%Y/%m/%d %H:%M:%S}" if time else "" for time in (record.start, record.end)]
                about = f"C=TW, CN={record.name}" if record.leaf else ""
                links = ""
                if record.status == "valid":
                    row = f"form:j_idt34:{number}"
                    links = f"{link('form', row + ':j_idt46', '下載憑證')} {link('form', row + ':j_idt48', '更新憑證')}"
                cells = [
                    record.name,
                    STATES[record.status],
                    *times,
                    about,
                    record.serial or "",
                    esc(record.remark),
                    links,
                ]
                lines += (
                    f'<tr id="form:j_idt34:{number}" class="rf-dt-r">'
                    + "".join(f'<td class="rf-dt-c">{cell}</td>' for cell in cells)
                    + "</tr>\n"
                )
            body += (
                f'<table class="rf-dt" id="form:j_idt34"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'
            )
        return "query.jsf", "憑證搜尋", self.form(request, "query.jsf", body)

    def act_query(self, request, state):
        form = request.form
        if "form:j_idt30" in form:
            state["dns"] = form["form:dns"]
            found = self.found(state["dns"])
            return self.draw(request, state, [] if found else [("rf-msgs-wrn", "查無符合條件之憑證資料")])
        for number, record in enumerate(self.found(state.get("dns", ""))):
            if f"form:j_idt34:{number}:j_idt46" in form:
                return self.attachment(
                    pki_factory.pem(record.leaf).encode(), "ServerCert.cer", "application/x-download"
                )
            if f"form:j_idt34:{number}:j_idt48" in form:
                wizard = {"page": "wizard", "kind": "renew", "step": "csr", "record": self.position(record)}
                return self.draw(request, wizard)
        return None

    # Revocation

    def draw_revoke(self, request, state, errors):
        if "target" in state:
            record = self.records[state["target"]]
            rows = [
                ("<span>網站名稱</span>", record.name, ""),
                ("<span>憑證序號</span>", record.serial, ""),
                ("<span>有效期限</span>", f"{record.end:%Y/%m/%d %H:%M:%S}", ""),
            ]
            body = "<p>您確定要廢止下列憑證嗎?此作業無法復原。</p>" + grid(rows, "ro")
            body += f'{link("form", BACK, "取消", "btn")} <input type="submit" name="form:j_idt36" value="確定廢止" />'
        else:
            rows = [
                (label("form:dns", "網站名稱"), text_input("form:dns"), message(errors, "form:dns")),
                (
                    label("form:pass", "通行密碼"),
                    text_input("form:pass", kind="password"),
                    message(errors, "form:pass"),
                ),
            ]
            body = "<p>仍須先填寫好用戶註銷憑證申請單,郵寄或傳真至本公司。</p>" + grid(rows)
            body += link("form", "form:j_idt35", "下一步", "btn")
        return "revoke.jsf", "憑證廢止", self.form(request, "revoke.jsf", body)

    def act_revoke(self, request, state):
        form = request.form
        if "target" in state:
            if BACK in form:
                return self.redirect(f"{ROOT}/revoke.jsf")
            if "form:j_idt36" not in form:
                return None
            self.revocations.append({"name": self.records[state["target"]].name, "index": request.index})
            request.session["flash"] = ("已接受您的憑證廢止申請", "請列印本頁,押蓋公司大小章後,傳真(02)23700728 辦理。")
            return self.redirect(f"{ROOT}/done.jsf")
        if "form:j_idt35" not in form:
            return None
        found = [record for record in self.found(form["form:dns"]) if record.status == "valid"]
        if not found or found[-1].passphrase != form["form:pass"]:
            return self.draw(request, state, [("rf-msgs-err", "網站名稱或通行密碼錯誤")])
        state["target"] = self.position(found[-1])
        return self.draw(request, state)
