# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nested names in brackets, _method, turbo frames, 422 and 303, button_to, labels in two languages, a review before the end."""

from __future__ import annotations

import re
import secrets

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from stranger_office import FIELDS, PERSONS, Office, Order, Request, at, esc, gather, subject

SERVERS = [
    ("apache", "Apache"),
    ("nginx", "Nginx"),
    ("iis", "Microsoft IIS"),
    ("tomcat", "Apache Tomcat"),
    ("other", "其他"),
]
PAYMENTS = [
    ("wire_transfer", "匯款", "Wire transfer"),
    ("postal_giro", "劃撥", "Postal giro"),
    ("cheque", "支票", "Cheque"),
    ("credit_card", "信用卡", "Credit card"),
]
REASONS = ["私密金鑰遺失 Key lost", "私密金鑰外洩 Key compromise", "網站停止營運 Cessation of operation"]
CITIES = (
    "台北市 新北市 基隆市 桃園市 新竹市 新竹縣 苗栗縣 台中市 彰化縣 南投縣 雲林縣 "
    "嘉義市 嘉義縣 台南市 高雄市 屏東縣 宜蘭縣 花蓮縣 台東縣 澎湖縣 金門縣 連江縣"
).split()
STATES = {
    "valid": ("success", "有效 Active"),
    "pending": ("warning", "審核中 Under review"),
    "rejected": ("danger", "退件 Rejected"),
    "revoked": ("secondary", "已註銷 Revoked"),
    "expired": ("secondary", "已過期 Expired"),
}
NAMES = dict(
    zip(
        FIELDS,
        (
            "name",
            "job_title",
            "company",
            "uniform_number",
            "city",
            "street_address",
            "postal_code",
            "telephone",
            "fax_number",
            "email",
        ),
    )
)
# In the order of the partial _contact_fields.
CONTACT = {
    "name": ("姓名 Name", "string", ""),
    "email": ("電子郵件地址 E-mail", "email", ""),
    "phone": ("聯絡電話 Telephone", "tel", "例:(02)23708886#9"),
    "fax": ("傳真號碼 Fax", "tel", ""),
    "company": ("公司 Company", "string", ""),
    "title": ("職稱 Job title", "string", ""),
    "tax_id": ("公司統一編號 Tax ID", "string", "8 位數字 8 digits"),
    "postal_code": ("郵遞區號 Zip code", "string", ""),
    "city": ("縣市 City", "select", ""),
    "address": ("通訊地址 Address", "string", "不含縣市 Without the city"),
}
TITLES = {
    "technical": ("技術聯絡人", "Technical Contact", "此人必須擁有存取您網頁伺服器的權利。"),
    "business": ("業務聯絡人", "Business Contact", "業務聯絡人與技術聯絡人應由不同人員擔任。"),
    "billing": ("帳務聯絡人", "Billing Contact", "舉例來說,該人可以是 貴公司會計或是財務主管。"),
}


class Resources(dict):
    """A number in the path is :id."""

    def get(self, path, default=None):
        return super().get(re.sub(r"/\d+(?=/|$)", "/:id", path), default)


def ident(name: str) -> str:
    return name.replace("][", "_").replace("[", "_").replace("]", "")


def wrap(name, label, kind, control, *, required=True, hint="", error=""):
    """simple_form's default wrapper."""
    need = "required" if required else "optional"
    mark = '<abbr title="required">*</abbr> ' if required else ""
    extra = f'<span class="hint">{hint}</span>' if hint else ""
    failed = ""
    if error:
        failed = " field_with_errors"
        extra += f'<span class="error">{esc(error)}</span>'
    return (
        f'<div class="input {kind} {need} {ident(name)}{failed}"><label class="{kind} {need}" for="{ident(name)}">{mark}{label}</label>'
        f"{control}{extra}</div>\n"
    )


def field(name, label, value="", *, kind="string", required=True, hint="", error=""):
    need = ' required="required" aria-required="true"' if required else ""
    css = f"{kind} {'required' if required else 'optional'}"
    if kind == "text":
        control = f'<textarea class="{css}"{need} rows="14" name="{name}" id="{ident(name)}">\n{esc(value)}</textarea>'
    else:
        html_type = "text" if kind == "string" else kind
        shown = "" if kind == "password" else f' value="{esc(value)}"'
        css = f"string {css}" if kind in ("email", "tel") else css
        control = f'<input class="{css}"{need} type="{html_type}"{shown} name="{name}" id="{ident(name)}" />'
    return wrap(name, label, kind, control, required=required, hint=hint, error=error)


def select(name, label, choices, value="", *, prompt="請選擇 Please select", required=True, hint="", error=""):
    need = ' required="required" aria-required="true"' if required else ""
    options = f'<option value="">{prompt}</option>\n' if prompt is not None else ""
    options += "\n".join(
        f'<option{" selected=" + chr(34) + "selected" + chr(34) if code == value else ""} value="{code}">{text}</option>'
        for code, text in choices
    )
    control = f'<select class="select {"required" if required else "optional"}"{need} name="{name}" id="{ident(name)}">{options}</select>'
    return wrap(name, label, "select", control, required=required, hint=hint, error=error)


class Rails(Office):
    per_page = 10

    def __init__(self):
        super().__init__()
        self.routes = Resources(self.routes)

    # The layout and Rails's helpers

    def render(self, request, title, body, status=200):
        flash = request.session.pop("flash", {})
        notice = f'<div id="notice" class="notice">{esc(flash["notice"])}</div>\n' if "notice" in flash else ""
        alert = f'<div id="alert" class="alert">{esc(flash["alert"])}</div>\n' if "alert" in flash else ""
        return self.page(
            f"""<!DOCTYPE html>
<html lang="zh-TW">
  <head>
    <title>{title} | TWCA SSL</title>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width,initial-scale=1">
    <meta name="csrf-param" content="authenticity_token" />
    <meta name="csrf-token" content="{self.token(request)}" />
  </head>
  <body data-controller="layout">
    <header>
      <a class="brand" href="/">TWCA SSL 憑證中心</a>
      <nav>
        <ul>
          <li><a href="/application/new">憑證申請 Apply</a></li>
          <li><a href="/certificates">憑證搜尋 Search</a></li>
          <li><a href="/revocations">憑證廢止 Revoke</a></li>
          <li><a href="/ca_certificates">中繼憑證與根憑證 CA certificates</a></li>
        </ul>
      </nav>
      {self.button(request, "English", "/locale", method="patch", hidden=(("locale", "en"),))}
    </header>
    {notice}{alert}<main>
<h1>{title}</h1>
{body}
    </main>
    <turbo-frame id="announcements" src="/announcements" loading="lazy"></turbo-frame>
    <footer>&copy; TAIWAN-CA Inc. 電話 Tel: 02-2370-8886</footer>
  </body>
</html>
""",
            status,
        )

    @staticmethod
    def token(request):
        """Masked: another text on each page, good for the whole session."""
        return secrets.token_urlsafe(12) + request.session.setdefault("_csrf_token", secrets.token_hex(16))

    @staticmethod
    def forged(request):
        known = request.session.get("_csrf_token", "-")
        return not request.form["authenticity_token"].endswith(known)

    def unverified(self):
        return self.page(
            "<!DOCTYPE html><html><head><title>The change you wanted was rejected (422)</title></head><body><div class='dialog'><h1>The change "
            "you wanted was rejected.</h1><p>Maybe you tried to change something you didn't have access to.</p></div></body></html>",
            422,
        )

    def missing(self):
        return self.page(
            "<!DOCTYPE html><html><head><title>The page you were looking for doesn't exist (404)</title></head><body><div class='dialog'><h1>"
            "The page you were looking for doesn't exist.</h1></div></body></html>",
            404,
        )

    @staticmethod
    def verb(request):
        return request.form["_method"].upper() or "POST" if request.method == "POST" else request.method

    def button(self, request, text, action, *, method="post", confirm="", hidden=()):
        """button_to"""
        sure = f' data-confirm="{confirm}" data-turbo-confirm="{confirm}"' if confirm else ""
        inputs = "".join(
            f'<input type="hidden" name="{name}" value="{esc(value)}" autocomplete="off" />' for name, value in hidden
        )
        if method == "get":
            return f'<form class="button_to" method="get" action="{action}"><button{sure} type="submit">{text}</button>{inputs}</form>'
        override = (
            f'<input type="hidden" name="_method" value="{method}" autocomplete="off" />' if method != "post" else ""
        )
        return (
            f'<form class="button_to" method="post" action="{action}">{override}<button{sure} type="submit">{text}</button>'
            f'<input type="hidden" name="authenticity_token" value="{self.token(request)}" autocomplete="off" />{inputs}</form>'
        )

    def simple_form(self, request, name, action, inputs, submit, *, method="post", errors=()):
        override = (
            f'<input type="hidden" name="_method" value="{method}" autocomplete="off" />' if method != "post" else ""
        )
        trouble = ""
        if errors:
            items = "".join(f"<li>{esc(text)}</li>" for text in errors)
            trouble = f'<div class="error_notification" id="error_explanation"><p>有 {len(errors)} 個錯誤 Please review the problems below:</p><ul>{items}</ul></div>\n'
        return (
            f'<turbo-frame id="{name}_form" target="_top">\n{trouble}<form class="simple_form {name}" id="edit_{name}" novalidate="novalidate" action="{action}" '
            f'accept-charset="UTF-8" method="post">{override}<input type="hidden" name="authenticity_token" value="{self.token(request)}" '
            f'autocomplete="off" />\n{inputs}<div class="form-actions"><input type="submit" name="commit" value="{submit}" class="btn btn-primary" '
            f'data-disable-with="處理中…" /></div>\n</form>\n</turbo-frame>\n'
        )

    def go(self, request, target, **flash):
        request.session.setdefault("flash", {}).update(flash)
        return self.redirect(target, 303)

    def record_of(self, path):
        number = int(re.search(r"/(\d+)(?:/|$)", path)[1]) - 1
        return self.records[number] if 0 <= number < len(self.records) else None

    def link_of(self, record):
        return f"/certificates/{self.position(record) + 1}"

    # Home

    @at("/")
    def home(self, request: Request):
        return self.render(
            request,
            "SSL 伺服器憑證 SSL Server Certificates",
            """<section><p>更新憑證 (Renewal) 請先<a href="/certificates">搜尋網站名稱</a>,再由「檢視」頁面辦理。</p>
<ul class="downloads"><li>SSL 伺服器數位憑證憑證申請單</li><li>SSL 伺服器數位憑證用戶註銷憑證申請單</li><li>網域名稱使用授權書</li></ul></section>""",
        )

    @at("/locale")
    def locale(self, request: Request):
        return self.go(request, "/", notice="English version is under construction.")

    @at("/announcements")
    def announcements(self, request: Request):
        return self.page('<turbo-frame id="announcements"><p>目前沒有公告 No announcements</p></turbo-frame>')

    # application#new, create, edit, update, show, destroy

    @at("/application/new")
    def application_new(self, request: Request, errors=(), csr="", status=200):
        body = field(
            "application[csr]",
            "憑證申請檔 CSR",
            csr,
            kind="text",
            hint="請將 CSR 複製,貼在文字方塊內 Paste your CSR here (PEM)",
            error=errors[0] if errors else "",
        )
        return self.render(
            request,
            "首次(增購)申請 New Application",
            '<p class="steps">步驟 4 傳送憑證申請檔與線上填寫註冊資料</p>\n'
            + self.simple_form(request, "application", "/application", body, "確定 Continue", errors=errors),
            status,
        )

    @at("/application")
    def application(self, request: Request):
        verb = self.verb(request)
        if verb == "GET":
            return self.application_show(request)
        if self.forged(request):
            return self.unverified()
        if verb == "DELETE":
            request.session.pop("application", None)
            return self.go(request, "/", notice="已放棄申請 Application discarded.")
        if verb in ("PATCH", "PUT"):
            return self.application_update(request)
        csr = request.form["application[csr]"]
        if complaint := self.csr_complaint(csr):
            return self.application_new(request, (f"憑證申請檔 CSR {complaint}",), csr, 422)
        request.session["application"] = {"kind": "apply", "csr": csr, "contacts": {}}
        return self.go(request, "/application/edit", notice="CSR 檢查完成 CSR accepted.")

    @at("/application/edit")
    def application_edit(self, request: Request, errors=None, status=200):
        draft = request.session.get("application")
        if not draft:
            return self.go(request, "/application/new", alert="請先傳送 CSR Please submit your CSR first.")
        errors = errors or {}
        parts = subject(draft["csr"])
        rows = "".join(
            f"<dt>{label}</dt><dd>{esc(parts[key])}</dd>\n"
            for label, key in (
                ("一般名稱 Common Name", "CN"),
                ("組織 Organization", "O"),
                ("組織單位 Organizational Unit", "OU"),
                ("城市/位置 Locality", "L"),
                ("州/省 State", "ST"),
                ("國別 Country", "C"),
                ("適用之安全強度 Key size (bits)", "bits"),
            )
        )
        inputs = ""
        if draft["kind"] == "apply":
            inputs += "<h2>伺服器資訊 Server</h2>\n"
            inputs += select(
                "application[server_software]",
                "伺服器軟體廠商 Server software",
                SERVERS,
                draft.get("server_code", ""),
                hint="如果不在清單中,請選擇其他",
                error=errors.get("server_software", ""),
            )
            inputs += field(
                "application[passphrase]",
                "通行密碼 Passphrase",
                kind="password",
                hint="至少六碼 Minimum 6 characters. 更新或註銷此憑證時都需使用",
                error=errors.get("passphrase", ""),
            )
            inputs += field(
                "application[passphrase_confirmation]",
                "再輸入一次密碼以確認 Confirm passphrase",
                kind="password",
                error=errors.get("passphrase_confirmation", ""),
            )
        for number, person in enumerate(PERSONS, 1):
            chinese, english, note = TITLES[person]
            prefix = f"application[{person}_contact_attributes]"
            inputs += f'<h2 id="{person}">{chinese} {english}</h2>\n<p>{note}</p>\n'
            inputs += f'<input type="hidden" value="{number}" name="{prefix}[id]" id="{ident(prefix)}_id" autocomplete="off" />\n'
            if person == "billing":
                inputs += select(
                    "application[billing_same_as]",
                    "帳務聯絡人資料 Billing contact is",
                    [
                        ("technical", "與技術聯絡人相同 Same as technical"),
                        ("business", "與業務聯絡人相同 Same as business"),
                    ],
                    draft.get("same_as", ""),
                    prompt="兩者皆否 Neither",
                    required=False,
                )
            have = draft["contacts"].get(person, {})
            for key, (label, kind, hint) in CONTACT.items():
                name = f"{prefix}[{NAMES[key]}]"
                error = errors.get(f"{person}.{key}", "")
                if kind == "select":
                    inputs += select(name, label, [(city, city) for city in CITIES], have.get(key, ""), error=error)
                else:
                    required = key != "tax_id" or person != "billing"
                    inputs += field(
                        name, label, have.get(key, ""), kind=kind, hint=hint, error=error, required=required
                    )
        agree = "application[information_confirmed]"
        inputs += (
            f'<div class="input boolean required {ident(agree)}"><input value="0" type="hidden" name="{agree}" autocomplete="off" />'
            f'<label class="boolean required" for="{ident(agree)}"><input class="boolean required" required="required" aria-required="true" '
            f'type="checkbox" value="1" name="{agree}" id="{ident(agree)}" /><abbr title="required">*</abbr> '
            f"以上資訊與申請同意書所填內容相符 The information above matches the signed agreement</label></div>\n"
        )
        title = "線上填寫註冊資料 Registration" if draft["kind"] == "apply" else "確認及更新聯絡人資料 Update Contacts"
        cancel = (
            '<p><a rel="nofollow" data-method="delete" data-turbo-method="delete" data-confirm="確定要放棄嗎? Are you sure?" '
            'href="/application">放棄申請 Discard</a></p>\n'
        )
        return self.render(
            request,
            title,
            f"<h2>您的 CSR 內容 Your CSR</h2>\n<dl>\n{rows}</dl>\n"
            + self.simple_form(
                request,
                "application",
                "/application",
                inputs,
                "繼續 Continue",
                method="patch",
                errors=errors.get("base", ()),
            )
            + cancel,
            status,
        )

    def application_update(self, request):
        draft = request.session.get("application")
        form = request.form
        if not draft:
            return self.go(request, "/application/new", alert="請先傳送 CSR Please submit your CSR first.")
        errors = {}
        base = []
        if draft["kind"] == "apply":
            draft["server_code"] = form["application[server_software]"]
            draft["software"] = dict(SERVERS).get(draft["server_code"], "")
            draft["passphrase"] = form["application[passphrase]"]
            if not draft["software"]:
                errors["server_software"] = "請選擇 must be selected"
                base.append("伺服器軟體廠商 Server software 請選擇")
            if len(draft["passphrase"]) < 6:
                errors["passphrase"] = "過短(最短是 6 個字)"
                base.append("通行密碼 Passphrase 過短(最短是 6 個字)")
            if draft["passphrase"] != form["application[passphrase_confirmation]"]:
                errors["passphrase_confirmation"] = "與通行密碼不一致"
                base.append("通行密碼 Passphrase 兩次輸入須一致")
        contacts = {}
        for person in PERSONS:
            names = {key: f"[{name}]" for key, name in NAMES.items()}
            contacts[person] = gather(form, f"application[{person}_contact_attributes]", names)
        same_as = form["application[billing_same_as]"]
        if same_as in ("technical", "business"):
            contacts["billing"] = contacts[same_as]
        draft.update(contacts=contacts, same_as=same_as)
        for person, contact in contacts.items():
            if complaint := self.contact_complaint(contact, tax_id=person != "billing"):
                base.append(f"{TITLES[person][0]} {complaint}")
                for key, value in contact.items():
                    if not value.strip() and (key != "tax_id" or person != "billing"):
                        errors[f"{person}.{key}"] = "不能為空白 can't be blank"
        if form["application[information_confirmed]"] != "1":
            base.append("請確認資訊與申請同意書所填內容相符 must be accepted")
        if base:
            return self.application_edit(request, {**errors, "base": base}, 422)
        return self.go(request, "/application/payment/edit")

    @at("/application/payment/edit")
    def payment_edit(self, request: Request, errors=(), status=200):
        if not request.session.get("application", {}).get("contacts"):
            return self.go(request, "/application/new", alert="請先傳送 CSR Please submit your CSR first.")
        name = "application[payment_method]"
        radios = "".join(
            f'<span class="radio"><label for="{ident(name)}_{code}"><input class="radio_buttons required" required="required" aria-required="true" '
            f'type="radio" value="{code}" name="{name}" id="{ident(name)}_{code}" />{chinese} {english}</label></span>'
            for code, chinese, english in PAYMENTS
        )
        inputs = (
            f'<fieldset class="input radio_buttons required {ident(name)}"><legend class="radio_buttons required">'
            f'<abbr title="required">*</abbr> 付款方式 Payment method</legend>'
            f'<input type="hidden" name="{name}" value="" autocomplete="off" />{radios}</fieldset>\n'
        )
        return self.render(
            request,
            "選擇付款方式 Payment",
            self.simple_form(
                request, "application", "/application/payment", inputs, "繼續 Continue", method="patch", errors=errors
            ),
            status,
        )

    @at("/application/payment")
    def payment(self, request: Request):
        if self.verb(request) not in ("PATCH", "PUT"):
            return self.missing()
        if self.forged(request):
            return self.unverified()
        chosen = {code: chinese for code, chinese, _ in PAYMENTS}.get(request.form["application[payment_method]"])
        if not chosen:
            return self.payment_edit(request, ("付款方式 Payment method 請選擇",), 422)
        request.session["application"]["payment"] = chosen
        return self.go(request, "/application")

    def application_show(self, request):
        draft = request.session.get("application", {})
        if "payment" not in draft:
            return self.go(request, "/application/edit" if draft else "/application/new")
        body = f"<h2>網站名稱 Common Name</h2>\n<p>{esc(subject(draft['csr'])['CN'])}</p>\n"
        for person in PERSONS:
            rows = "".join(
                f"<tr><th>{CONTACT[key][0]}</th><td>{esc(draft['contacts'][person].get(key, ''))}</td></tr>\n"
                for key in CONTACT
            )
            body += f"<h2>{TITLES[person][0]} {TITLES[person][1]}</h2>\n<table><tbody>\n{rows}</tbody></table>\n"
        body += f"<h2>付款方式 Payment method</h2>\n<p>{draft['payment']}</p>\n"
        body += '<p><a class="btn" href="/application/edit">修改 Edit</a></p>\n'
        body += self.button(
            request, "送出申請 Submit application", "/application/submission", confirm="確定送出? Are you sure?"
        )
        body += self.button(
            request, "放棄申請 Discard", "/application", method="delete", confirm="確定要放棄嗎? Are you sure?"
        )
        return self.render(request, "確認申請內容 Review", body)

    @at("/application/submission")
    def submission(self, request: Request):
        if request.method == "POST":
            if self.forged(request):
                return self.unverified()
            draft = request.session.pop("application", {})
            if "payment" not in draft:
                return self.go(request, "/application/new", alert="請先傳送 CSR Please submit your CSR first.")
            self.orders.append(
                Order(
                    draft["kind"],
                    request.index,
                    draft["csr"],
                    draft.get("software", ""),
                    draft["passphrase"],
                    draft["payment"],
                    draft["same_as"],
                    draft["contacts"],
                )
            )
            return self.go(
                request, "/application/submission", notice="作業成功 Your application was successfully submitted."
            )
        return self.render(
            request,
            "系統的回應訊息 Thank you",
            "<p>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。</p>\n<p>CA作業時間約需二個工作天 (2 working days)。</p>",
        )

    # certificates#index, show, download

    def search_form(self, action, name):
        return f"""<form class="certificate_search" id="certificate_search" action="{action}" accept-charset="UTF-8" method="get">
<label for="q_common_name_eq">網站名稱 Website (Common Name)</label>
<input placeholder="www.abc.com.tw" type="search" name="q[common_name_eq]" id="q_common_name_eq" value="{esc(name)}" />
<input type="submit" name="commit" value="搜尋 Search" data-disable-with="搜尋 Search" />
<span class="hint">注意,大小寫需一致 Case-sensitive</span>
</form>
"""

    @at("/certificates")
    def certificates(self, request: Request):
        name = request.query["q[common_name_eq]"]
        body = self.search_form("/certificates", name) + '<turbo-frame id="certificates" data-turbo-action="advance">\n'
        found = self.found(name)[::-1] if name.strip() else []
        wanted = request.query["page"]
        page = int(wanted) if wanted.isdigit() and int(wanted) else 1
        if found:
            rows = ""
            for record in found[(page - 1) * self.per_page : page * self.per_page]:
                css, state = STATES[record.status]
                until = f"{record.end:%Y-%m-%d}" if record.leaf else "-"
                rows += (
                    f'<tr id="certificate_{self.position(record) + 1}"><td>{esc(record.name)}</td><td><span class="badge {css}">{state}</span></td>'
                    f'<td>{until}</td><td><a data-turbo-frame="_top" href="{self.link_of(record)}">檢視</a></td></tr>\n'
                )
            body += (
                '<table class="table">\n<thead><tr><th>網站名稱 Common Name</th><th>憑證狀態 Status</th><th>到期日 Expires on</th><th></th></tr></thead>\n'
                f"<tbody>\n{rows}</tbody>\n</table>\n"
            )
            pages = -(-len(found) // self.per_page)
            if pages > 1:
                links = ""
                for number in range(1, pages + 1):
                    href = f"/certificates?page={number}&amp;q%5Bcommon_name_eq%5D={esc(name)}"
                    links += (
                        f'<span class="page current">{number}</span> '
                        if number == page
                        else f'<span class="page"><a href="{href}">{number}</a></span> '
                    )
                body += f'<nav class="pagination" role="navigation" aria-label="pager">{links}</nav>\n'
        elif name.strip():
            body += '<p class="empty">查無資料 No certificates found.</p>\n'
        return self.render(request, "憑證搜尋 Certificates", body + "</turbo-frame>")

    @at("/certificates/:id")
    def certificate(self, request: Request):
        record = self.record_of(request.path)
        if not record:
            return self.missing()
        here = self.link_of(record)
        lines = [("一般名稱 Common Name", esc(record.name)), ("憑證狀態 Status", STATES[record.status][1])]
        if record.leaf:
            lines += [
                ("憑證序號 Serial number", str(record.serial)),
                ("生效時間 Valid from", f"{record.start:%Y-%m-%d %H:%M:%S} +0800"),
                ("到期時間 Valid until", f"{record.end:%Y-%m-%d %H:%M:%S} +0800"),
                ("憑證內容 Subject", f"C=TW, ST=TAIWAN, CN={esc(record.name)}"),
            ]
        if record.remark:
            lines.append(("退件原因 Reason", esc(record.remark)))
        body = "".join(f"<p><strong>{label}:</strong> {value}</p>\n" for label, value in lines)
        body = f'<div id="certificate_{self.position(record) + 1}">\n{body}</div>\n'
        if record.status == "valid":
            body += "<h2>下載憑證 Download</h2>\n<ul>"
            for extension, label in (("pem", "PEM (.pem)"), ("cer", "DER (.cer)"), ("p7b", "PKCS #7 (.p7b)")):
                body += f'<li><a data-turbo="false" href="{here}/download.{extension}">{label}</a></li>'
            body += "</ul>\n<h2>線上作業 Actions</h2>\n"
            body += self.button(request, "更新憑證 Renew", f"{here}/renewal/new", method="get")
            body += self.button(
                request,
                "註銷憑證 Revoke",
                f"{here}/revocation/new",
                method="get",
                confirm="確定要註銷嗎? Are you sure?",
            )
        return self.render(request, "憑證資料 Certificate", body + '\n<p><a href="/certificates">返回 Back</a></p>')

    @at(*(f"/certificates/:id/download.{extension}" for extension in ("pem", "cer", "p7b")))
    def download(self, request: Request):
        record = self.record_of(request.path)
        if not record or not record.leaf:
            return self.missing()
        extension = request.path.rpartition(".")[2]
        if extension == "pem":
            return self.attachment(
                record.leaf.public_bytes(Encoding.PEM), f"{record.name}.pem", "application/x-pem-file"
            )
        if extension == "cer":
            return self.attachment(
                record.leaf.public_bytes(Encoding.DER), f"{record.name}.cer", "application/pkix-cert"
            )
        bundle = pkcs7.serialize_certificates([record.leaf, *pki_factory.authority().chain], Encoding.DER)
        return self.attachment(bundle, f"{record.name}.p7b", "application/x-pkcs7-certificates")

    @at("/pro_sslser.asp")
    def legacy(self, request: Request):
        return self.redirect("/ca_certificates", 301)

    @staticmethod
    def certificate_authorities():
        authority = pki_factory.authority()
        return [*authority.chain, authority.root.certificate]

    @at("/ca_certificates")
    def authorities(self, request: Request):
        rows = "".join(
            f"<tr><td>{'根憑證 Root' if ca.subject == ca.issuer else '中繼憑證 Intermediate'}</td><td>{ca.serial_number}</td>"
            f'<td><a data-turbo="false" href="/ca_certificates/{number}/download">下載 Download</a></td></tr>\n'
            for number, ca in enumerate(self.certificate_authorities(), 1)
        )
        return self.render(
            request,
            "中繼憑證與根憑證 CA Certificates",
            f'<table class="table">\n<thead><tr><th>種類 Type</th><th>憑證序號 Serial number</th><th></th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>',
        )

    @at("/ca_certificates/:id/download")
    def authority(self, request: Request):
        number = int(request.path.split("/")[2])
        chain = self.certificate_authorities()
        if not 1 <= number <= len(chain):
            return self.missing()
        return self.attachment(
            chain[number - 1].public_bytes(Encoding.PEM), f"ca{number}.crt", "application/x-x509-ca-cert"
        )

    # renewal#new, create

    @at("/certificates/:id/renewal/new")
    def renewal_new(self, request: Request, errors=None, csr="", status=200):
        record = self.record_of(request.path)
        if not record or record.status != "valid":
            return self.missing()
        errors = errors or {}
        inputs = field(
            "renewal[csr]",
            "新的憑證申請檔 New CSR",
            csr,
            kind="text",
            hint="在產製 CSR 時請採用 NEW 方式",
            error=errors.get("csr", ""),
        ) + field(
            "renewal[passphrase]",
            "通行密碼 Passphrase",
            kind="password",
            hint="首次申請時所設定之通行密碼,注意文字大小寫 Case-sensitive",
            error=errors.get("passphrase", ""),
        )
        return self.render(
            request,
            f"更新(展期)憑證 Renew {esc(record.name)}",
            self.simple_form(
                request,
                "renewal",
                f"{self.link_of(record)}/renewal",
                inputs,
                "繼續 Continue",
                errors=list(errors.values()),
            ),
            status,
        )

    @at("/certificates/:id/renewal")
    def renewal(self, request: Request):
        record = self.record_of(request.path)
        if not record or request.method != "POST":
            return self.missing()
        if self.forged(request):
            return self.unverified()
        csr = request.form["renewal[csr]"]
        passphrase = request.form["renewal[passphrase]"]
        errors = {}
        if complaint := self.csr_complaint(csr):
            errors["csr"] = complaint
        if passphrase != record.passphrase:
            errors["passphrase"] = "通行密碼錯誤 Passphrase is incorrect"
        if errors:
            return self.renewal_new(request, errors, csr, 422)
        request.session["application"] = {
            "kind": "renew",
            "csr": csr,
            "passphrase": passphrase,
            "contacts": record.contacts,
            "same_as": "",
        }
        return self.go(request, "/application/edit", notice="請確認聯絡人資料 Please confirm your contacts.")

    # revocations#index; revocation#new, create, show

    @at("/revocations")
    def revocations_index(self, request: Request):
        name = request.query["q[common_name_eq]"]
        body = "<p>仍須先填寫好用戶註銷憑證申請單,郵寄或傳真至本公司。</p>\n" + self.search_form("/revocations", name)
        rows = "".join(
            f"<tr><td>{esc(record.name)}</td><td>{record.serial}</td><td>{record.end:%Y-%m-%d}</td><td>"
            + self.button(request, "註銷 Revoke", f"{self.link_of(record)}/revocation/new", method="get")
            + "</td></tr>\n"
            for record in self.found(name)[::-1]
            if record.status == "valid"
        )
        if rows:
            body += (
                '<table class="table">\n<thead><tr><th>網站名稱 Common Name</th><th>憑證序號 Serial number</th><th>到期日 Expires on</th><th></th></tr></thead>\n'
                f"<tbody>\n{rows}</tbody>\n</table>\n"
            )
        elif name.strip():
            body += '<p class="empty">查無有效憑證 No active certificates.</p>\n'
        return self.render(request, "憑證廢止 Revocation", body)

    @at("/certificates/:id/revocation/new")
    def revocation_new(self, request: Request, error="", status=200):
        record = self.record_of(request.path)
        if not record or record.status != "valid":
            return self.missing()
        inputs = (
            f"<p><strong>網站名稱 Common Name:</strong> {esc(record.name)}</p>\n<p><strong>憑證序號 Serial number:</strong> {record.serial}</p>\n"
            + field(
                "revocation[passphrase]",
                "通行密碼 Passphrase",
                kind="password",
                hint="首次申請時所設定之通行密碼",
                error=error,
            )
            + select(
                "revocation[reason]",
                "註銷原因 Reason",
                [(text, text) for text in REASONS],
                prompt="未說明 Unspecified",
                required=False,
            )
        )
        return self.render(
            request,
            "註銷憑證 Revoke Certificate",
            self.simple_form(
                request,
                "revocation",
                f"{self.link_of(record)}/revocation",
                inputs,
                "確定註銷 Revoke",
                errors=[error] if error else (),
            ),
            status,
        )

    @at("/certificates/:id/revocation")
    def revocation(self, request: Request):
        record = self.record_of(request.path)
        if not record:
            return self.missing()
        if request.method == "POST":
            if self.forged(request):
                return self.unverified()
            if request.form["revocation[passphrase]"] != record.passphrase:
                return self.revocation_new(request, "通行密碼錯誤 Passphrase is incorrect", 422)
            self.revocations.append({"name": record.name, "serial": str(record.serial), "index": request.index})
            return self.go(
                request,
                f"{self.link_of(record)}/revocation",
                notice="註銷申請已受理 Your revocation request was received.",
            )
        return self.render(
            request,
            "註銷憑證 Revocation Request",
            f"<p>網站名稱 Common Name: {esc(record.name)}</p>\n<p>請列印此頁,押蓋公司大小章,並請傳真(02)23700728 辦理。</p>",
        )
