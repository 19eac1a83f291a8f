# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Django 4 with crispy forms: a wizard whose back button comes first, formsets of one, a token in every form, alerts after redirects, serials in hexadecimal."""

from __future__ import annotations

import re
import secrets
import urllib.parse

import pki_factory
from stranger_office import FIELDS, PERSONS, Form, Office, Order, Request, at, esc, subject

NAMES = dict(
    zip(
        FIELDS,
        "full_name job_title organization vat_number city street_address postal_code telephone fax_number email".split(),
    )
)
PREFIXES = {"technical": "tech", "business": "biz", "billing": "bill"}
CITIES = (
    "臺北市 新北市 基隆市 桃園市 新竹市 新竹縣 苗栗縣 臺中市 彰化縣 南投縣 雲林縣 嘉義市 嘉義縣 臺南市 高雄市 屏東縣 宜蘭縣 花蓮縣 臺東縣 澎湖縣 "
    "金門縣 連江縣"
).split()
VENDORS = {"nginx": "nginx", "apache": "Apache", "iis": "Microsoft IIS", "haproxy": "HAProxy", "other": "其他"}
PAYMENTS = {"wire": "電匯", "bank": "銀行匯款", "giro": "劃撥", "atm": "虛擬帳號轉帳"}
SAME = {"tech": ("technical", "與技術聯絡人相同"), "biz": ("business", "與業務聯絡人相同"), "none": ("", "兩者皆否")}
STATES = {
    "valid": ("success", "有效"),
    "pending": ("warning", "待審核"),
    "rejected": ("danger", "已駁回"),
    "revoked": ("dark", "已廢止"),
    "expired": ("secondary", "已到期"),
}
STEPS = {
    "enrollment": {
        "csr": "貼上憑證申請檔",
        "server": "檢查 CSR 內容",
        "tech": "技術聯絡人",
        "biz": "業務聯絡人",
        "bill": "帳務聯絡人",
        "pay": "付款方式",
    },
    "renewal": {
        "csr": "貼上憑證申請檔",
        "tech": "技術聯絡人",
        "biz": "業務聯絡人",
        "bill": "帳務聯絡人",
        "pay": "付款方式",
    },
}
SUBJECT = [
    ("CN", "一般名稱"),
    ("O", "組織"),
    ("OU", "組織單位"),
    ("L", "城市/位置"),
    ("ST", "州/省"),
    ("C", "國別"),
    ("bits", "適用之安全強度 (bits)"),
]
REQUIRED = "這個欄位是必須的。"
ROOT = "/portal/ssl"
PAGE = 10


def clock(time):
    return f"{time.year}年{time.month}月{time.day}日 {time:%H:%M:%S}"


def hexadecimal(number):
    text = f"{number:x}"
    text = text.zfill(len(text) + len(text) % 2)
    return ":".join(text[place : place + 2] for place in range(0, len(text), 2)).upper()


def wrapped(name, label, control, errors, *, required=True, hint="", css=""):
    """A crispy field around its control."""
    star = '<span class="asteriskField">*</span>' if required else ""
    mark = " requiredField" if required else ""
    error = ""
    if name in errors:
        error = f'\n<span id="error_1_id_{name}" class="invalid-feedback"><strong>{esc(errors[name])}</strong></span>'
    hint = f'\n<div id="hint_id_{name}" class="form-text">{hint}</div>' if hint else ""
    return (
        f'<div id="div_id_{name}" class="mb-3{css}">\n<label for="id_{name}" class="form-label{mark}">\n{label}{star}\n</label>\n'
        f"{control}{error}{hint}\n</div>\n"
    )


def text_field(name, label, values, errors, *, kind="text", required=True, html_required=True, hint="", more=""):
    value = f' value="{esc(values.get(name, ""))}"' if values.get(name) and kind != "password" else ""
    bad = " is-invalid" if name in errors else ""
    css = {"email": "emailinput", "password": "passwordinput"}.get(kind, "textinput textInput")
    need = " required" if required and html_required else ""
    control = f'<input type="{kind}" name="{name}"{value} class="{css} form-control{bad}"{more}{need} id="id_{name}">'
    return wrapped(name, label, control, errors, required=required, hint=hint)


def area_field(name, label, values, errors, hint=""):
    bad = " is-invalid" if name in errors else ""
    control = (
        f'<textarea name="{name}" cols="40" rows="14" class="textarea form-control{bad}" placeholder="-----BEGIN CERTIFICATE REQUEST-----" required '
        f'id="id_{name}">\n{esc(values.get(name, ""))}</textarea>'
    )
    return wrapped(name, label, control, errors, hint=hint)


def select_field(name, label, options, values, errors, hint=""):
    lines = "\n\n".join(
        f'  <option value="{value}"{" selected" if value == values.get(name, "") else ""}>{text}</option>'
        for value, text in {"": "---------", **options}.items()
    )
    bad = " is-invalid" if name in errors else ""
    control = f'<select name="{name}" class="select form-select{bad}" required id="id_{name}">\n{lines}\n</select>'
    return wrapped(name, label, control, errors, hint=hint)


def radio_field(name, label, options, values, errors, required=True, initial=""):
    lines = "\n".join(
        f'<div class="form-check{" form-check-inline" if len(options) < 4 else ""}">\n<input type="radio" class="form-check-input" name="{name}" '
        f'value="{value}" id="id_{name}_{number}"{" required" if required else ""}{" checked" if value == values.get(name, initial) else ""}>\n'
        f'<label for="id_{name}_{number}" class="form-check-label">\n{text}\n</label>\n</div>'
        for number, (value, text) in enumerate(options.items())
    )
    star = '<span class="asteriskField">*</span>' if required else ""
    error = (
        f'<p id="error_1_id_{name}" class="invalid-feedback d-block"><strong>{errors[name]}</strong></p>'
        if name in errors
        else ""
    )
    return (
        f'<div id="div_id_{name}" class="mb-3">\n<label class="form-label{" requiredField" if required else ""}">\n{label}{star}\n</label>\n'
        f"<div>\n{lines}\n{error}</div>\n</div>\n"
    )


def listing(rows):
    """A detail page's table."""
    lines = "\n".join(f'<tr><th scope="row" class="w-25">{head}</th><td>{text}</td></tr>' for head, text in rows)
    return f'<table class="table table-bordered">\n<tbody>\n{lines}\n</tbody>\n</table>'


class Urls(dict):
    """The routes, and those with a primary key."""

    patterns: tuple = ()

    def get(self, path, default=None):
        if path in self:
            return self[path]
        for pattern, handler in self.patterns:
            if match := re.fullmatch(pattern, path):
                return lambda request, handler=handler, match=match: handler(request, int(match[1]))
        return default


class DjangoCrispy(Office):
    def __init__(self):
        super().__init__()
        self.routes = Urls(self.routes)
        self.routes.patterns = (
            (rf"{ROOT}/certificate/(\d+)/", self.detail),
            (rf"{ROOT}/certificate/(\d+)/download/", self.download),
            (rf"{ROOT}/certificate/(\d+)/renew/", self.renew),
            (rf"{ROOT}/revocation/(\d+)/confirm/", self.confirm_revocation),
            (rf"{ROOT}/cacert/(\d+)/download/", self.authority),
        )

    # Templates

    def show(self, request: Request, title, body, status=200):
        alerts = "".join(
            f'<div class="alert alert-{level} alert-dismissible fade show" role="alert">{esc(text)}<button type="button" class="btn-close" '
            f'data-bs-dismiss="alert" aria-label="Close"></button></div>\n'
            for level, text in request.session.pop("messages", ())
        )
        return self.page(
            f"""<!doctype html>
<html lang="zh-Hant">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title} | TWCA SSL Portal</title>
  <link href="/static/bootstrap/5.1.3/css/bootstrap.min.css" rel="stylesheet">
</head>
<body>
<nav class="navbar navbar-expand-lg navbar-dark bg-primary">
  <div class="container">
    <a class="navbar-brand" href="/portal/">TWCA</a>
    <ul class="navbar-nav me-auto">
      <li class="nav-item"><a class="nav-link" href="{ROOT}/">SSL 伺服器憑證</a></li>
      <li class="nav-item dropdown"><a class="nav-link dropdown-toggle" href="#" role="button" data-bs-toggle="dropdown">憑證服務</a>
        <ul class="dropdown-menu">
          <li><a class="dropdown-item" href="{ROOT}/enrollment/">憑證申請</a></li>
          <li><a class="dropdown-item" href="{ROOT}/certificate/">憑證搜尋</a></li>
          <li><a class="dropdown-item" href="{ROOT}/revocation/add/">憑證廢止</a></li>
          <li><hr class="dropdown-divider"></li>
          <li><a class="dropdown-item" href="{ROOT}/cacert/">中繼憑證與根憑證</a></li>
        </ul>
      </li>
    </ul>
    <form class="d-flex" role="search" method="get" action="/portal/news/"><input class="form-control me-2" type="search" name="keyword" placeholder="站內搜尋"
      aria-label="站內搜尋"><button class="btn btn-outline-light" type="submit">Go</button></form>
  </div>
</nav>
<main class="container my-4">
{alerts}<h1 class="h3">{title}</h1>
{body}
</main>
<footer class="container text-muted small">&copy; 臺灣網路認證股份有限公司</footer>
<script src="/static/bootstrap/5.1.3/js/bootstrap.bundle.min.js"></script>
</body>
</html>""",
            status,
        )

    @staticmethod
    def say(request: Request, level, text):
        request.session.setdefault("messages", []).append((level, text))

    @staticmethod
    def token(request: Request):
        secret = request.session.setdefault("csrf", secrets.token_urlsafe(48))
        return f'<input type="hidden" name="csrfmiddlewaretoken" value="{secret}">'

    def forged(self, request: Request):
        """The answer to a form without its token, or nothing."""
        if request.method == "POST" and request.form["csrfmiddlewaretoken"] != request.session.get("csrf"):
            return self.page(
                "<!DOCTYPE html><html lang=en><title>403 Forbidden</title><h1>禁止 (403)</h1><p>CSRF 驗證失敗. 已中止請求.</p></html>",
                403,
            )
        return None

    # Plain pages

    @at("/")
    def entry(self, request: Request):
        return self.redirect("/portal/")

    @at("/portal/")
    def home(self, request: Request):
        cards = "".join(
            f'<div class="col"><div class="card"><div class="card-body"><h5 class="card-title">{title}</h5><p class="card-text">{text}</p>'
            f'<a href="{target}" class="stretched-link">進入</a></div></div></div>'
            for title, text, target in (
                ("客服專區", "憑證服務、SSL 伺服器憑證", f"{ROOT}/"),
                ("下載中心", "申請單、操作手冊", "/portal/news/"),
            )
        )
        return self.show(request, "首頁", f'<div class="row row-cols-2">{cards}</div>')

    @at("/portal/news/")
    def news(self, request: Request):
        return self.show(request, "最新消息", '<p class="lead">目前沒有資料。</p>')

    @at(ROOT + "/")
    def menu(self, request: Request):
        items = "\n".join(
            f'<a href="{path}" class="list-group-item list-group-item-action"><h5 class="mb-1">{title}</h5><small>{text}</small></a>'
            for path, title, text in (
                ("enrollment/", "憑證申請", "首次(增購)申請 — 傳送憑證申請檔與線上填寫註冊資料"),
                ("certificate/", "憑證搜尋", "查詢憑證狀態、下載憑證、更新(展期)憑證"),
                ("revocation/add/", "憑證廢止", "註銷憑證線上作業"),
                ("cacert/", "中繼憑證與根憑證", "下載「中繼憑證」與「根憑證」"),
            )
        )
        return self.show(request, "SSL 伺服器憑證", f'<div class="list-group">\n{items}\n</div>')

    @at(ROOT + "/enrollment/")
    def guide(self, request: Request):
        return self.show(
            request,
            "憑證申請",
            '<ol class="list-group list-group-numbered"><li class="list-group-item">填寫憑證申請單並傳真</li><li class="list-group-item">產生憑證申請檔 (CSR)'
            '</li><li class="list-group-item">準備相關文件</li><li class="list-group-item">傳送憑證申請檔與線上填寫註冊資料</li></ol>'
            '<p class="mt-3"><a class="btn btn-primary" href="add/">步驟 4 傳送憑證申請檔與線上填寫註冊資料</a></p>',
        )

    @at(ROOT + "/cacert/")
    def authorities(self, request: Request):
        rows = "".join(
            f'<tr><td>{kind}</td><td>{name}</td><td><a class="btn btn-sm btn-outline-secondary" href="{number}/download/">下載</a></td></tr>'
            for number, (kind, name) in enumerate(
                (
                    ("中繼憑證", "TWCA Secure SSL Certification Authority"),
                    ("中繼憑證", "TWCA CYBER Root CA"),
                    ("根憑證", "TWCA Global Root CA"),
                )
            )
        )
        return self.show(
            request,
            "中繼憑證與根憑證",
            f'<table class="table table-striped"><thead><tr><th scope="col">類別</th><th scope="col">名稱</th><th scope="col"></th></tr></thead><tbody>{rows}</tbody></table>',
        )

    def authority(self, request: Request, number):
        authority = pki_factory.authority()
        certificates = [*authority.chain, authority.root.certificate]
        if number >= len(certificates):
            return self.missing()
        return self.attachment(
            pki_factory.pem(certificates[number]).encode(), f"ca{number}.pem", "application/x-pem-file"
        )

    @at("/pro_sslser.asp")
    def former(self, request: Request):
        return self.redirect(f"{ROOT}/cacert/", 301)

    # The wizards

    @at(ROOT + "/enrollment/add/")
    def enroll(self, request: Request):
        return self.wizard(request, "enrollment", None)

    def renew(self, request: Request, pk):
        record = self.record(pk)
        if record is None or record.status != "valid":
            return self.missing()
        return self.wizard(request, "renewal", record)

    def wizard(self, request: Request, kind, record):
        if reply := self.forged(request):
            return reply
        steps = list(STEPS[kind])
        slot = f"wizard_{kind}_wizard"
        if request.method != "POST":
            request.session[slot] = {}
            return self.step(request, kind, record, steps[0])
        data = request.session.setdefault(slot, {})
        form = request.form
        current = form[f"{kind}_wizard-current_step"]
        if current not in steps:
            return self.page("<!doctype html><h1>Bad Request (400)</h1><p>ManagementForm 資料遺失或被竄改。</p>", 400)
        if form["wizard_goto_step"] in steps:
            return self.step(request, kind, record, form["wizard_goto_step"])
        errors: dict[str, str] = {}
        general = self.check(current, record, form, errors)
        data[current] = form
        if errors or general:
            return self.step(request, kind, record, current, errors, general)
        if current != steps[-1]:
            return self.step(request, kind, record, steps[steps.index(current) + 1])
        absent = [one for one in steps if one not in data]
        if absent:
            return self.step(request, kind, record, absent[0], {}, "請重新填寫此步驟")
        return self.finish(request, kind, data)

    def step(self, request: Request, kind, record, step, errors=None, general=""):
        steps = list(STEPS[kind])
        place = steps.index(step)
        data = request.session[f"wizard_{kind}_wizard"]
        values = data.get(step)
        if values is None:
            values = self.initial(step, record)
        body = self.fields(step, data, values, errors or {}, record)
        trail = "".join(
            f'<li class="breadcrumb-item{" active" if one == step else ""}">{text}</li>'
            for one, text in STEPS[kind].items()
        )
        alert = (
            f'<div class="alert alert-block alert-danger">\n<ul class="m-0">\n<li>{esc(general)}</li>\n</ul>\n</div>\n'
            if general
            else ""
        )
        back = ""
        if place:
            back = f'<button class="btn btn-primary" name="wizard_goto_step" value="{steps[place - 1]}" formnovalidate>上一步</button>\n'
        text = "繼續" if step == "pay" else "下一步"
        return self.show(
            request,
            "首次(增購)申請" if kind == "enrollment" else f"更新憑證 {record.name}",
            f"""<nav aria-label="breadcrumb"><ol class="breadcrumb">{trail}</ol></nav>
<p class="text-muted">第 {place + 1} 步,共 {len(steps)} 步</p>
<form action="" method="post" novalidate>
{self.token(request)}
<input type="hidden" name="{kind}_wizard-current_step" value="{step}" id="id_{kind}_wizard-current_step">
{alert}{body}
<div class="d-flex justify-content-between">
{back}<button type="submit" class="btn btn-success">{text}</button>
</div>
</form>""",
        )

    @staticmethod
    def person(step):
        return next((person for person, prefix in PREFIXES.items() if prefix == step), None)

    def initial(self, step, record):
        person = self.person(step)
        if not record or not person:
            return {}
        return {f"{step}-0-{NAMES[field]}": text for field, text in record.contacts[person].items()}

    def fields(self, step, data, values, errors, record):
        if step == "csr":
            body = area_field(
                "csr-pem", "憑證申請檔 (CSR)", values, errors, "請將 CSR 完整複製並貼上;產製 CSR 時請採用 NEW 方式。"
            )
            if record:
                body += text_field(
                    "csr-passphrase",
                    "通行密碼",
                    values,
                    errors,
                    kind="password",
                    hint="首次申請時所設定之通行密碼,請注意大小寫。",
                )
            return body
        if step == "server":
            parts = subject(data["csr"]["csr-pem"])
            echo = listing([(text, esc(parts[key])) for key, text in SUBJECT])
            return (
                f'<h2 class="h5">您的 CSR 內容</h2>{echo}<h2 class="h5">伺服器資訊</h2>'
                + select_field(
                    "server-vendor", "伺服器軟體廠商", VENDORS, values, errors, "如果不在清單中,請選擇其他。"
                )
                + text_field(
                    "server-passphrase1",
                    "通行密碼",
                    values,
                    errors,
                    kind="password",
                    hint="至少六碼。申請、更新或註銷憑證時都需使用。",
                )
                + text_field("server-passphrase2", "再輸入一次密碼以確認", values, errors, kind="password")
            )
        if step == "pay":
            rows = []
            for person, prefix in PREFIXES.items():
                contact = self.contact(data, person)
                rows.append((STEPS["renewal"][prefix], f"{esc(contact['name'])} &lt;{esc(contact['email'])}&gt;"))
            return listing(rows) + radio_field("pay-method", "付款方式", PAYMENTS, values, errors)
        return self.formset(step, values, errors)

    def formset(self, prefix, values, errors):
        title = STEPS["enrollment"][prefix]
        hidden = "".join(
            f'<input type="hidden" name="{prefix}-{name}" value="{value}" id="id_{prefix}-{name}">'
            for name, value in (("TOTAL_FORMS", 1), ("INITIAL_FORMS", 0), ("MIN_NUM_FORMS", 1), ("MAX_NUM_FORMS", 1))
        )
        need = prefix != "bill"

        def line(field, label, **more):
            return text_field(f"{prefix}-0-{NAMES[field]}", label, values, errors, html_required=need, **more)

        body = ""
        if not need:
            body += radio_field(
                "bill-0-same_as",
                "帳務聯絡人",
                {value: text for value, (_person, text) in SAME.items()},
                values,
                errors,
                False,
                "none",
            )
        body += line("name", "姓名") + line("title", "職稱") + line("company", "公司")
        if need:
            body += line("tax_id", "公司統一編號", hint="8 碼阿拉伯數字", more=' maxlength="8"')
        options = "".join(f'<option value="{city}">' for city in CITIES)
        where = line(
            "postal_code", "郵遞區號", hint="3 至 6 碼", more=' maxlength="6" inputmode="numeric" pattern="[0-9]{3,6}"'
        )
        where += (
            line("city", "縣市", more=f' list="{prefix}_city_list"')
            + f'<datalist id="{prefix}_city_list">{options}</datalist>'
        )
        body += f'<div class="row g-2"><div class="col-md-6">{where}</div></div>' + line("address", "通訊地址")
        body += line("phone", "聯絡電話", hint="例:(02)23708886#9", kind="tel") + line("fax", "傳真號碼", kind="tel")
        body += line("email", "電子郵件地址", kind="email")
        return f'{hidden}\n<fieldset class="border rounded p-3 mb-3"><legend class="h5">請輸入{title}資訊</legend>\n{body}</fieldset>'

    def contact(self, data, person):
        """A contact as the wizard has it stored."""
        prefix = PREFIXES[person]
        source = SAME.get(data[prefix]["bill-0-same_as"], SAME["none"])[0] if person == "billing" else ""
        if source:
            return self.contact(data, source)
        return {field: data[prefix][f"{prefix}-0-{name}"] for field, name in NAMES.items()}

    def check(self, step, record, form: Form, errors):
        """Fills in the errors of fields; returns one of the form."""
        if step == "csr":
            if complaint := self.csr_complaint(form["csr-pem"]):
                errors["csr-pem"] = complaint
            if record and form["csr-passphrase"] != record.passphrase:
                errors["csr-passphrase"] = "通行密碼錯誤"
        elif step == "server":
            if form["server-vendor"] not in VENDORS:
                errors["server-vendor"] = REQUIRED
            if len(form["server-passphrase1"]) < 6:
                errors["server-passphrase1"] = "通行密碼至少六碼"
            elif form["server-passphrase1"] != form["server-passphrase2"]:
                errors["server-passphrase2"] = "兩個密碼欄位不符"
        elif step == "pay":
            if form["pay-method"] not in PAYMENTS:
                errors["pay-method"] = REQUIRED
        else:
            if form[f"{step}-TOTAL_FORMS"] != "1" or not form[f"{step}-INITIAL_FORMS"]:
                return "管理表單資料遺失或被竄改。"
            if step == "bill" and SAME.get(form["bill-0-same_as"], SAME["none"])[0]:
                return ""
            contact = {field: form[f"{step}-0-{name}"] for field, name in NAMES.items()}
            for field, name in NAMES.items():
                if not contact[field].strip() and (field != "tax_id" or step != "bill"):
                    errors[f"{step}-0-{name}"] = REQUIRED
            if contact["postal_code"].strip() and not re.fullmatch("[0-9]{3,6}", contact["postal_code"].strip()):
                errors[f"{step}-0-postal_code"] = "輸入有效的值。"
            if not errors:
                return self.contact_complaint(contact, tax_id=step != "bill")
        return ""

    def finish(self, request: Request, kind, data):
        first = data["csr"]
        server = data.get("server", Form())
        passphrase = server["server-passphrase1"] if kind == "enrollment" else first["csr-passphrase"]
        same = SAME.get(data["bill"]["bill-0-same_as"], SAME["none"])[0]
        contacts = {person: self.contact(data, person) for person in PERSONS}
        self.orders.append(
            Order(
                "apply" if kind == "enrollment" else "renew",
                request.index,
                first["csr-pem"],
                VENDORS.get(server["server-vendor"], ""),
                passphrase,
                PAYMENTS[data["pay"]["pay-method"]],
                same,
                contacts,
            )
        )
        del request.session[f"wizard_{kind}_wizard"]
        self.say(request, "success", "作業成功")
        return self.redirect(f"{ROOT}/enrollment/done/")

    @at(ROOT + "/enrollment/done/")
    def done(self, request: Request):
        return self.show(
            request,
            "系統的回應訊息",
            "<p>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件 (E-Mail) 通知您下載憑證事宜。</p><p>CA作業時間約需二個工作天。</p>"
            f'<a class="btn btn-link" href="{ROOT}/">返回</a>',
        )

    # Search, download

    def record(self, pk):
        return self.records[pk - 101] if 0 <= pk - 101 < len(self.records) else None

    def pk(self, record):
        return 101 + self.position(record)

    @at(ROOT + "/certificate/")
    def search(self, request: Request):
        wanted = request.query["q"]
        found = self.found(wanted) if wanted.strip() else []
        if len(found) == 1:
            return self.redirect(f"{ROOT}/certificate/{self.pk(found[0])}/")
        control = f'<input type="text" name="q" value="{esc(wanted)}" class="textinput form-control" maxlength="253" required id="id_q">'
        body = (
            '<form method="get" class="mb-4">\n'
            + wrapped("q", "網站名稱", control, {}, hint="如 www.abc.com.tw (注意,大小寫需一致)")
            + '<input type="submit" value="搜尋" class="btn btn-primary" id="submit-id-search">\n</form>\n'
        )
        if wanted.strip() and not found:
            body += '<div class="alert alert-warning" role="alert">查無符合的憑證</div>'
        if found:
            body += self.results(request, wanted, found)
        return self.show(request, "憑證搜尋", body)

    def results(self, request: Request, wanted, found):
        pages = (len(found) + PAGE - 1) // PAGE
        page = min(max(int(request.query["page"]) if request.query["page"].isdigit() else 1, 1), pages)
        rows = ""
        for record in found[(page - 1) * PAGE : page * PAGE]:
            color, text = STATES[record.status]
            end = clock(record.end) if record.leaf else "—"
            rows += f'<tr><td><a href="{self.pk(record)}/">{record.name}</a></td><td><span class="badge bg-{color}">{text}</span></td><td>{end}</td></tr>\n'
        items = "".join(
            f'<li class="page-item{" active" if one == page else ""}"><a class="page-link" href="?{urllib.parse.urlencode({"q": wanted, "page": one})}">{one}</a></li>'
            for one in range(1, pages + 1)
        )
        return (
            f'<p>共 {len(found)} 筆</p><table class="table table-hover"><thead><tr><th scope="col">一般名稱</th><th scope="col">憑證狀態</th><th scope="col">到期日'
            f'</th></tr></thead><tbody>\n{rows}</tbody></table><nav><ul class="pagination">{items}</ul></nav>'
        )

    def rows(self, record):
        color, text = STATES[record.status]
        rows = [("一般名稱", record.name), ("憑證狀態", f'<span class="badge bg-{color}">{text}</span>')]
        if record.leaf:
            rows += [
                ("有效期限", f"{clock(record.start)} ~ {clock(record.end)}"),
                ("憑證等級", "TWCA Secure SSL"),
                ("憑證內容", f"C=TW<br>CN={record.name}"),
                ("憑證序號", f"<code>{hexadecimal(record.serial)}</code>"),
            ]
        else:
            rows.append(("受理編號", record.number))
        if record.remark:
            rows.append(("駁回原因", record.remark))
        return rows

    def detail(self, request: Request, pk):
        record = self.record(pk)
        if record is None:
            return self.missing()
        buttons = ""
        if record.status == "valid":
            buttons = (
                '<a class="btn btn-primary" href="download/">下載憑證</a>\n<a class="btn btn-outline-primary" href="renew/">更新憑證</a>\n'
                f'<a class="btn btn-outline-danger" href="{ROOT}/revocation/add/">憑證廢止</a>\n'
            )
        return self.show(
            request,
            "憑證詳細資料",
            listing(self.rows(record)) + f'{buttons}<a class="btn btn-link" href="{ROOT}/certificate/">重新搜尋</a>',
        )

    def download(self, request: Request, pk):
        record = self.record(pk)
        if record is None or not record.leaf:
            return self.missing()
        return self.attachment(
            pki_factory.pem(record.leaf).encode(), f"{record.name}.crt", "application/x-x509-user-cert"
        )

    # Revocation

    @at(ROOT + "/revocation/add/")
    def revocation(self, request: Request):
        if reply := self.forged(request):
            return reply
        values: dict[str, str] = {}
        errors: dict[str, str] = {}
        alert = ""
        if request.method == "POST":
            values = request.form
            errors = {name: REQUIRED for name in ("common_name", "passphrase") if not values[name]}
            found = [record for record in self.found(values["common_name"]) if record.status == "valid"]
            if not errors and found and found[-1].passphrase == values["passphrase"]:
                request.session["revoking"] = self.pk(found[-1])
                return self.redirect(f"{ROOT}/revocation/{self.pk(found[-1])}/confirm/")
            if not errors:
                alert = '<div class="alert alert-block alert-danger"><ul class="m-0"><li>網站名稱或通行密碼錯誤</li></ul></div>'
        return self.show(
            request,
            "憑證廢止",
            f'<form method="post">\n{self.token(request)}\n{alert}'
            + text_field(
                "common_name",
                "網站名稱",
                values,
                errors,
                hint="當初所申請的憑證之網站名稱,如 www.abc.com.tw (注意,大小寫需一致)",
            )
            + text_field("passphrase", "通行密碼", values, errors, kind="password")
            + '<input type="submit" name="submit" value="下一步" class="btn btn-danger" id="submit-id-submit">\n</form>',
        )

    def confirm_revocation(self, request: Request, pk):
        if reply := self.forged(request):
            return reply
        if request.session.get("revoking") != pk:
            return self.redirect(f"{ROOT}/revocation/add/")
        record = self.record(pk)
        if request.method == "POST":
            if request.form["post"] != "yes":
                return self.redirect(f"{ROOT}/certificate/{pk}/")
            del request.session["revoking"]
            self.revocations.append({"name": record.name, "index": request.index})
            self.say(
                request, "success", f"已接受 {record.name} 的憑證廢止申請,請押蓋公司大小章後傳真 (02)23700728 辦理。"
            )
            return self.redirect(f"{ROOT}/")
        return self.show(
            request,
            "你確定嗎?",
            f'<p>你確定要廢止憑證 "{record.name}" 嗎?</p>{listing(self.rows(record))}<form method="post">{self.token(request)}<div>'
            '<input type="hidden" name="post" value="yes"><input type="submit" class="btn btn-danger" value="是的,我確定">'
            f' <a href="{ROOT}/certificate/{pk}/" class="btn btn-secondary">不,請帶我回去</a></div></form>',
        )
