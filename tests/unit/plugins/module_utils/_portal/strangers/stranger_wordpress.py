# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A WordPress shop, 2021: one long form in pages of which all but one are hidden, sub-labels below the inputs, other people's forms around it."""

from __future__ import annotations

import base64

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding
from stranger_office import PERSONS, Office, Order, Request, at, esc, subject

SOFTWARE = (
    "Apache HTTP Server",
    "Nginx",
    "Microsoft IIS",
    "Apache Tomcat",
    "Oracle WebLogic",
    "IBM WebSphere",
    "F5 BIG-IP",
    "其他",
)
PAYMENTS = ("銀行匯款", "ATM 轉帳", "即期支票", "郵政劃撥")
SAME = ("與技術聯絡人相同", "與業務聯絡人相同", "兩者皆否")
STATES = {"valid": "有效", "pending": "審核中", "rejected": "已退件", "revoked": "已註銷", "expired": "已過期"}
BASES = {"technical": 10, "business": 20, "billing": 30}
PARTS = {  # of a contact: the number of its input after the base, and the label
    "name": ("0", "姓名"),
    "title": ("1", "職稱"),
    "company": ("2", "公司"),
    "tax_id": ("3", "公司統一編號"),
    "city": ("4.4", "縣市"),
    "address": ("4.1", "街道"),
    "postal_code": ("4.5", "郵遞區號"),
    "phone": ("5", "聯絡電話"),
    "fax": ("6", "傳真號碼"),
    "email": ("7", "電子郵件地址"),
}
HEADS = {
    "technical": (
        "技術聯絡人",
        "例如您的網站管理者,或是您網路撥接商的技術支援人員。此人必須擁有存取您網頁伺服器的權利,發放憑證以前我們會先以電話聯繫。",
    ),
    "business": (
        "業務聯絡人",
        "例如貴公司的決策者或高階經理人,必須為貴公司組織內之一份子。與技術聯絡人應由不同人員擔任。",
    ),
    "billing": ("帳務聯絡人", "例如貴公司的會計或是財務主管。"),
}
APPLY = ("/%e6%86%91%e8%ad%89%e7%94%b3%e8%ab%8b/", "/%E6%86%91%E8%AD%89%E7%94%B3%E8%AB%8B/")
STAR = '<span class="gfield_required">(必填)</span>'
PER_PAGE = 5


def key(person, field):
    """An input's name: ``input_14.1``."""
    whole, dot, part = PARTS[field][0].partition(".")
    return f"input_{BASES[person] + int(whole)}{dot}{part}"


class Wizard:
    """A form, its pages drawn with what was sent."""

    def __init__(self, number, action, values, errors):
        self.number, self.action, self.values, self.errors = number, action, values, errors

    def ident(self, name):
        return name.replace("input_", f"input_{self.number}_").replace(".", "_")

    def item(self, label, content, name, *, required=True, help_text="", complex_=False):
        error = self.errors.get(name, "")
        return f"""<li id='field_{self.ident(name)[6:]}' class='gfield{" gfield_contains_required" if required else ""}{
            " gfield_error" if error else ""
        } field_sublabel_below field_description_below'><label class='gfield_label{
            " gfield_label_before_complex" if complex_ else ""
        }' {"" if complex_ else f"for='{self.ident(name)}'"}>{label}{STAR if required else ""}</label>{content}{
            f"<div class='gfield_description'>{help_text}</div>" if help_text else ""
        }{f"<div class='gfield_description validation_message'>{error}</div>" if error else ""}</li>"""

    def box(self, name, kind="text", more=""):
        return f"<input name='{name}' id='{self.ident(name)}' type='{kind}' value='{esc(self.values.get(name, ''))}' {more}/>"

    def text(self, name, label, kind="text", **options):
        content = f"<div class='ginput_container ginput_container_{kind}'>{self.box(name, kind, 'class=medium')}</div>"
        return self.item(label, content, name, **options)

    def area(self, name, label, **options):
        content = f"""<div class='ginput_container ginput_container_textarea'><textarea name='{name}' id='{self.ident(name)}' class='textarea large'
rows='10' cols='50' placeholder='-----BEGIN CERTIFICATE REQUEST-----'>
{esc(self.values.get(name, ""))}</textarea></div>"""
        return self.item(label, content, name, **options)

    def select(self, name, label, choices, **options):
        chosen = self.values.get(name)
        drawn = "".join(f"<option value='{c}'{' selected' if c == chosen else ''}>{c}</option>" for c in choices)
        content = f"""<div class='ginput_container ginput_container_select'><select name='{name}' id='{self.ident(name)}' class='medium gfield_select'><option
value='' class='gf_placeholder'{"" if chosen else " selected"}>請選擇…</option>{drawn}</select></div>"""
        return self.item(label, content, name, **options)

    def radio(self, name, label, choices, default="", **options):
        chosen = self.values.get(name) or default
        drawn = "".join(
            f"""<li class='gchoice gchoice_{self.ident(name)[6:]}_{n}'><input name='{name}' type='radio' value='{c}' {
                "checked='checked'" if c == chosen else ""
            } id='choice_{self.ident(name)[6:]}_{n}' /><label for='choice_{self.ident(name)[6:]}_{n}'>{
                c
            }</label></li>"""
            for n, c in enumerate(choices)
        )
        content = f"<div class='ginput_container ginput_container_radio'><ul class='gfield_radio' id='{self.ident(name)}'>{drawn}</ul></div>"
        return self.item(label, content, name, complex_=True, **options)

    def sub(self, name, label, side, kind="text", more=""):
        return f"<span class='ginput_{side}' id='{self.ident(name)}_container'>{self.box(name, kind, more)}<label for='{self.ident(name)}'>{label}</label></span>"

    def passwords(self, name, label, **options):
        content = f"""<div class='ginput_complex ginput_container ginput_container_password' id='{
            self.ident(name)
        }_container'>{self.sub(name, "輸入密碼", "left", "password")}{
            self.sub(name + "_2", "再輸入一次密碼以確認", "right", "password")
        }<div class='gf_clear gf_clear_complex'></div></div>"""
        return self.item(label, content, name, complex_=True, **options)

    def contact(self, person, extra=""):
        head, text = HEADS[person]

        def one(field, kind="text", **options):
            return self.text(key(person, field), PARTS[field][1], kind, **options)

        address = f"""<div class='ginput_complex ginput_container has_street has_state has_zip ginput_container_address'>{
            self.sub(key(person, "city"), "縣市", "left address_state")
        }{self.sub(key(person, "address"), "街道", "full address_line_1")}{
            self.sub(key(person, "postal_code"), "郵遞區號", "right address_zip", more="maxlength='6'")
        }<div class='gf_clear gf_clear_complex'></div></div>"""
        return f"""<li class='gfield gsection field_sublabel_below'><h2 class='gsection_title'>{
            head
        }</h2><div class='gsection_description'>{text}</div></li>
{extra}{one("name")}{one("title")}{one("company")}{
            one(
                "tax_id",
                required=person != "billing",
                help_text="" if person != "billing" else "開立發票用,與申請單位相同者免填。",
            )
        }{self.item("通訊地址", address, key(person, "address"), complex_=True)}
{one("phone", "tel", help_text="例:(02)23708886#9")}{one("fax", "tel")}{one("email", "email")}"""

    def draw(self, title, text, pages, current, hidden="", message=""):
        """The whole form: every page, all but the current one hidden."""
        target = f"gform_target_page_number_{self.number}"
        drawn = []
        for number, (_, fields) in enumerate(pages, 1):
            back = (
                f"<button type='submit' class='gform_previous_button button' name='{target}' value='{number - 1}'>上一頁</button> "
                if number > 1
                else ""
            )
            following = (
                f"<button type='submit' class='gform_next_button button' name='{target}' value='{number + 1}'>下一頁</button>"
                if number < len(pages)
                else f"<button type='submit' class='gform_button button' name='{target}' value='0'>送出申請</button>"
            )
            style = "" if number == current else " style='display:none;'"
            drawn.append(f"""<div id='gform_page_{self.number}_{number}' class='gform_page'{style}><div class='gform_page_fields'>
<ul id='gform_fields_{self.number}{f"_{number}" if number > 1 else ""}' class='gform_fields top_label form_sublabel_below description_below'>{fields}</ul></div>
<div class='gform_page_footer top_label'>{back}{following}</div></div>""")
        error = (
            f"<div class='validation_error'>您送出的資料有問題。{esc(message)}</div>" if message or self.errors else ""
        )
        return f"""<div class='gform_wrapper{" gform_validation_error" if error else ""}' id='gform_wrapper_{self.number}'>
<form method='post' enctype='multipart/form-data' id='gform_{self.number}' action='{self.action}'>
<div class='gform_heading'><h3 class='gform_title'>{title}</h3><span class='gform_description'>{text}</span></div>
<div id='gf_progressbar_wrapper_{self.number}' class='gf_progressbar_wrapper'><h3 class='gf_progressbar_title'>第 <span>{current}</span> 步,共 {len(pages)} 步 - {pages[current - 1][0]}</h3>
<div class='gf_progressbar' aria-hidden='true'><div style='width:{100 * current // len(pages)}%;'><span>{100 * current // len(pages)}%</span></div></div></div>{error}
<input type='hidden' name='is_submit_{self.number}' value='1' /><input type='hidden' name='gform_submit' value='{self.number}' />
<input type='hidden' name='state_{self.number}' value='{base64.b64encode(b"[[],0]").decode()}' />
<input type='hidden' name='{target}' value='{current + 1 if current < len(pages) else 0}' />
<input type='hidden' name='gform_source_page_number_{self.number}' value='{current}' />{hidden}
<div class='gform_body'>{"".join(drawn)}</div></form></div>"""


class WordPress(Office):
    def theme(self, title, body):
        return self.page(f"""<!doctype html>
<html lang="zh-TW"><head><meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} &#8211; 網路認證商店</title><meta name="generator" content="WordPress 5.7.2"><link rel="https://api.w.org/" href="/wp-json/">
<style>.screen-reader-text{{position:absolute;clip:rect(1px,1px,1px,1px)}}</style></head>
<body class="page-template-default page wp-embed-responsive"><div id="page" class="site"><a class="skip-link screen-reader-text" href="#content">跳至主要內容</a>
<header id="masthead" class="site-header"><p class="site-title"><a href="/" rel="home">網路認證商店</a></p>
<nav id="site-navigation" class="main-navigation"><button class="menu-toggle" aria-expanded="false">選單</button>
<ul id="primary-menu" class="menu"><li class="menu-item"><a href="/">首頁</a></li>
<li class="menu-item menu-item-has-children"><a href="#">產品服務</a><ul class="sub-menu"><li class="menu-item"><a href="/ssl/">SSL 伺服器憑證</a></li><li
class="menu-item"><a href="/news/">電子郵件憑證</a></li></ul></li>
<li class="menu-item menu-item-has-children"><a href="/support/">客服專區</a><ul class="sub-menu"><li class="menu-item"><a href="{APPLY[0]}">憑證申請</a></li><li
class="menu-item"><a href="/my-certificates/">我的憑證</a></li><li class="menu-item"><a href="/cert-revoke/">憑證廢止</a></li></ul></li>
<li class="menu-item"><a href="/downloads/">下載中心</a></li><li class="menu-item"><a href="/news/">最新消息</a></li></ul></nav>
<form role="search" method="get" class="search-form" action="/"><label><span class="screen-reader-text">搜尋關鍵字:</span><input type="search"
class="search-field" placeholder="搜尋 &hellip;" value="" name="s" /></label><input type="submit" class="search-submit" value="搜尋" /></form></header>
<div id="content" class="site-content"><main id="main"><article class="page type-page"><header class="entry-header"><h1 class="entry-title">{title}</h1></header>
<div class="entry-content">{body}</div></article></main>
<aside id="secondary" class="widget-area"><section class="widget widget_recent_entries"><h2 class="widget-title">近期文章</h2><ul><li><a
href="/news/">SSL 憑證為什麼重要?</a></li><li><a href="/news/">如何產生憑證申請檔(CSR)</a></li></ul></section></aside></div>
<footer id="colophon" class="site-footer"><div id="respond" class="comment-respond"><h3 id="reply-title" class="comment-reply-title">訂閱電子報</h3>
<form action="/wp-comments-post.php" method="post" id="commentform" class="comment-form"><p class="comment-notes">您的電子郵件地址不會公開。必填欄位標記為 <span class="required">*</span></p>
<p class="comment-form-author"><label for="author">姓名 <span class="required">*</span></label> <input id="author" name="author" type="text" size="30" required /></p>
<p class="comment-form-email"><label for="email">電子郵件地址 <span class="required">*</span></label> <input id="email" name="email" type="email" size="30" required /></p>
<p class="comment-form-cookies-consent"><input id="wp-comment-cookies-consent" name="wp-comment-cookies-consent" type="checkbox" value="yes" /> <label
for="wp-comment-cookies-consent">在瀏覽器中儲存我的顯示名稱及電子郵件地址。</label></p>
<p class="form-submit"><input name="submit" type="submit" id="submit" class="submit" value="立即訂閱" /></p></form></div>
<div class="site-info">台北市 100 延平南路 85 號 10 樓 &middot; 電話 02-2370-8886 &middot; 本網站採用 WordPress 建置</div></footer></div>
<div id="cookie-notice" role="dialog" aria-label="Cookie Notice"><span id="cn-notice-text">我們使用 cookie 以提供最佳的網站體驗。繼續瀏覽即表示您同意。</span> <a href="#"
id="cn-accept-cookie" class="cn-button">我同意</a> <button type="button" id="cn-refuse-cookie">拒絕</button></div></body></html>""")

    @staticmethod
    def confirmation(number, text):
        return f"""<div id='gform_confirmation_wrapper_{number}' class='gform_confirmation_wrapper'><div id='gform_confirmation_message_{number}'
class='gform_confirmation_message_{number} gform_confirmation_message'>{text}</div></div>"""

    def by_post(self, number):
        return self.records[int(number) - 1001]

    @at("/")
    def home(self, request: Request):
        if request.query["cert-download"]:
            return self.download(request)
        if "s" in request.query:
            return self.theme(
                f"搜尋結果: {esc(request.query['s'])}",
                '<section class="no-results"><p>很抱歉,找不到符合條件的內容。請使用其他關鍵字再試一次。</p></section>',
            )
        return self.theme(
            "首頁",
            """<div class="wp-block-cover"><p class="has-large-font-size">保護您的網站,從 SSL 伺服器憑證開始</p><div class="wp-block-buttons"><div
class="wp-block-button"><a class="wp-block-button__link" href="/ssl/">SSL 伺服器憑證</a></div></div></div>""",
        )

    @at(
        "/ssl", "/support", "/downloads", "/my-certificates", "/cert-revoke", "/cert-renew", "/intermediate-ca", "/news"
    )
    def slash(self, request: Request):
        return self.redirect(request.path + "/", 301)

    @at("/news/")
    def news(self, request: Request):
        return self.theme("最新消息", "<p>目前沒有文章。</p>")

    @at("/wp-comments-post.php")
    def newsletter(self, request: Request):
        return self.theme("訂閱電子報", "<p>感謝您的訂閱!</p>")

    @at("/ssl/", "/support/")
    def ssl(self, request: Request):
        return self.theme(
            "SSL 伺服器憑證" if request.path == "/ssl/" else "客服專區",
            f"""<h2>SSL 伺服器憑證</h2><div class="wp-block-columns"><div class="wp-block-column"><h3>首次(增購)申請</h3><ol><li>填寫憑證申請單,並傳真至本公司</li><li>產生憑證申請檔(CSR)</li>
<li>郵寄文件</li><li><a href="{APPLY[0]}">傳送憑證申請檔與線上填寫註冊資料</a></li></ol></div>
<div class="wp-block-column"><h3>已有憑證</h3><p><a href="/my-certificates/">憑證搜尋(更新、下載)</a></p><p><a href="/cert-revoke/">憑證廢止</a></p><p><a href="/intermediate-ca/">中繼憑證與根憑證</a></p></div></div>""",
        )

    @at("/downloads/")
    def forms(self, request: Request):
        return self.theme(
            "下載中心",
            """<div class="wp-block-file"><a href="/wp-content/uploads/2021/05/csc-03-006-1.pdf">SSL 伺服器數位憑證憑證申請單</a></div><div class="wp-block-file"><a
href="/wp-content/uploads/2021/05/csc-03-006-2.pdf">SSL 伺服器數位憑證用戶註銷憑證申請單</a></div><p><a href="/intermediate-ca/">中繼憑證與根憑證</a></p>""",
        )

    # The forms

    @staticmethod
    def contact(form, person):
        found = {field: form.get(key(person, field), "") for field in PARTS}
        same = form.get("input_38", "")
        if person == "billing" and same in SAME[:2]:
            return WordPress.contact(form, PERSONS[SAME.index(same)])
        return found

    def check_csr(self, form, errors):
        if not form["input_1"].strip():
            errors["input_1"] = "此為必填欄位。"
        elif complaint := self.csr_complaint(form["input_1"]):
            errors["input_1"] = complaint
        return ""

    def check_contact(self, form, errors, *persons):
        message = ""
        for person in persons:
            if person == "billing" and form["input_38"] in SAME[:2]:
                continue
            for field in PARTS:
                if not form[key(person, field)].strip() and (person, field) != ("billing", "tax_id"):
                    errors[key(person, field)] = "此為必填欄位。"
                    if field in ("city", "postal_code"):
                        errors[key(person, "address")] = "此為必填欄位,請填寫完整地址。"
            complaint = self.contact_complaint(self.contact(form, person), tax_id=person != "billing")
            if complaint and not message:
                message = f"{HEADS[person][0]}:{complaint}"
        return message

    def check_payment(self, form, errors):
        if form["input_50"] not in PAYMENTS:
            errors["input_50"] = "此為必填欄位。"
        return ""

    def check_server(self, form, errors):
        if form["input_3"] not in SOFTWARE:
            errors["input_3"] = "此為必填欄位。"
        if not form["input_4"]:
            errors["input_4"] = "此為必填欄位。"
        elif len(form["input_4"]) < 6:
            errors["input_4"] = "通行密碼至少六碼。"
        elif form["input_4"] != form["input_4_2"]:
            errors["input_4"] = "您輸入的密碼不一致。"
        return ""

    def progress(self, request, number, checks):
        """Where the visitor gets to: the page to show with its errors, or 0 when everything is in order."""
        if not request.form[f"is_submit_{number}"]:
            return 1, {}, ""
        source = int(request.form[f"gform_source_page_number_{number}"] or 1)
        target = int(request.form[f"gform_target_page_number_{number}"] or 0)
        if 0 < target < source:
            return target, {}, ""
        for page in range(1 if target == 0 else source, len(checks) + 1 if target == 0 else target):
            errors: dict[str, str] = {}
            message = checks[page - 1](request.form, errors)
            if errors or message:
                return page, errors, message
        return target, {}, ""

    @at(*APPLY)
    def apply(self, request: Request):
        form = request.form
        checks = (
            self.check_csr,
            self.check_server,
            lambda f, e: self.check_contact(f, e, "technical", "business"),
            lambda f, e: self.check_contact(f, e, "billing"),
            self.check_payment,
        )
        page, errors, message = self.progress(request, 3, checks)
        if not page:
            self.orders.append(
                Order(
                    "apply",
                    request.index,
                    form["input_1"],
                    form["input_3"],
                    form["input_4"],
                    form["input_50"],
                    contacts={person: self.contact(form, person) for person in PERSONS},
                )
            )
            return self.theme("憑證申請", self.done(3))
        draw = Wizard(3, APPLY[0], form, errors)
        parts = subject(form["input_1"]) if form["input_1"] and not self.csr_complaint(form["input_1"]) else {}
        rows = "".join(
            f"<tr><th scope='row'>{label}</th><td>{esc(parts.get(part, ''))}</td></tr>"
            for part, label in (
                ("CN", "一般名稱"),
                ("O", "組織"),
                ("OU", "組織單位"),
                ("L", "城市/位置"),
                ("ST", "州/省"),
                ("C", "國別"),
                ("bits", "適用之安全強度(bits)"),
            )
        )
        pages = (
            (
                "憑證申請檔",
                draw.area(
                    "input_1", "憑證申請檔(CSR)", help_text="請將 CSR 複製,貼在文字方塊內。CSR 所設定內容請用英文填寫。"
                ),
            ),
            (
                "檢查 CSR 內容",
                f"""<li class='gfield gfield_html'><h4>您的 CSR 內容</h4><table>{rows}</table></li>{
                    draw.radio("input_3", "伺服器軟體廠商", SOFTWARE, help_text="如果不在清單中,請選擇其他。")
                }{
                    draw.passwords(
                        "input_4",
                        "通行密碼",
                        help_text="至少六碼。日後變更聯絡人資料、更新或註銷憑證時都需使用到這個通行密碼。",
                    )
                }""",
            ),
            ("聯絡人", draw.contact("technical") + draw.contact("business")),
            ("帳務", draw.contact("billing")),
            ("付款", draw.select("input_50", "付款方式", PAYMENTS)),
        )
        return self.theme(
            "憑證申請",
            draw.draw(
                "傳送憑證申請檔與線上填寫註冊資料",
                "上傳之相關資訊必須與申請單所填內容相符;若為數字內容請採用阿拉伯數字方式填寫。",
                pages,
                page,
                message=message,
            ),
        )

    def done(self, number):
        return self.confirmation(
            number,
            "<p><strong>作業成功</strong></p><p>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。CA作業時間約需二個工作天。</p>",
        )

    @at("/cert-renew/")
    def renew(self, request: Request):
        form = request.form
        post = form["input_90"] or request.query["cert"]
        record = self.by_post(post)

        def check_first(sent, errors):
            self.check_csr(sent, errors)
            if sent["input_2"] != record.passphrase:
                errors["input_2"] = "通行密碼錯誤,請注意文字大小寫。"
            return ""

        checks = (
            check_first,
            lambda f, e: self.check_contact(f, e, "technical", "business"),
            lambda f, e: self.check_contact(f, e, "billing"),
            self.check_payment,
        )
        page, errors, message = self.progress(request, 4, checks)
        if not page:
            self.orders.append(
                Order(
                    "renew",
                    request.index,
                    form["input_1"],
                    "",
                    form["input_2"],
                    form["input_50"],
                    contacts={person: self.contact(form, person) for person in PERSONS},
                )
            )
            return self.theme("更新(展期)憑證", self.done(4))
        if page == 2 and not any(form[key(person, field)] for person in PERSONS for field in PARTS):
            for person in PERSONS:
                form.update({key(person, field): record.contacts[person][field] for field in PARTS})
        draw = Wizard(4, f"/cert-renew/?cert={esc(post)}", form, errors)
        pages = (
            (
                "輸入CSR資訊",
                draw.area("input_1", "輸入CSR資訊", help_text="請採用 NEW 方式產製金鑰對及 CSR。")
                + draw.text(
                    "input_2", "通行密碼", "password", help_text="請輸入首次申請時所設定之通行密碼,注意文字大小寫。"
                ),
            ),
            ("確認及更新聯絡人資料", draw.contact("technical") + draw.contact("business")),
            (
                "帳務",
                draw.contact("billing", draw.radio("input_38", "帳務聯絡人資料", SAME, SAME[2], required=False)),
            ),
            ("付款", draw.select("input_50", "付款方式", PAYMENTS)),
        )
        return self.theme(
            "更新(展期)憑證",
            draw.draw(
                f"更新憑證:{record.name}",
                "請務必全部填寫,不可留空白。",
                pages,
                page,
                f"<input type='hidden' name='input_90' value='{esc(post)}' />",
                message,
            ),
        )

    @at("/cert-revoke/")
    def revoke(self, request: Request):
        form = request.form
        errors = {}
        if form["is_submit_5"]:
            found = [record for record in self.found(form["input_1"]) if record.status == "valid"]
            if not form["input_1"].strip():
                errors["input_1"] = "此為必填欄位。"
            elif not found:
                errors["input_1"] = "查無此網站名稱之有效憑證。"
            elif form["input_2"] != found[0].passphrase:
                errors["input_2"] = "通行密碼錯誤。"
            else:
                self.revocations.append({"name": found[0].name, "index": request.index})
                return self.theme(
                    "憑證廢止",
                    self.confirmation(
                        5,
                        f"""<p>已收到 {esc(found[0].name)} 的憑證註銷申請(憑證序號 {found[0].serial})。</p><p>請將用戶註銷憑證申請單押蓋公司大小章,並傳真(02)23700728 辦理,由認證中心予以確認。</p>""",
                    ),
                )
        draw = Wizard(5, "/cert-revoke/", form, errors)
        fields = draw.text(
            "input_1", "網站名稱", help_text="當初所申請的憑證之網站名稱,如 www.abc.com.tw(注意,大小寫需一致)"
        ) + draw.text("input_2", "通行密碼", "password")
        error = "<div class='validation_error'>您送出的資料有問題。</div>" if errors else ""
        return self.theme(
            "憑證廢止",
            f"""<p>線上作業前,仍須先填寫好<a href="/downloads/">用戶註銷憑證申請單</a>,郵寄或傳真至本公司。</p>
<div class='gform_wrapper' id='gform_wrapper_5'>{error}<form method='post' enctype='multipart/form-data' id='gform_5' action='/cert-revoke/'>
<div class='gform_body'><ul id='gform_fields_5' class='gform_fields top_label'>{fields}</ul></div>
<div class='gform_footer top_label'><input type='submit' id='gform_submit_button_5' class='gform_button button' value='送出註銷申請' /><input
type='hidden' name='is_submit_5' value='1' /><input type='hidden' name='gform_submit' value='5' /></div></form></div>""",
        )

    # The certificates

    @at("/my-certificates/")
    def mine(self, request: Request):
        name = request.query["domain"]
        results = ""
        if "domain" in request.query:
            found = [record for record in reversed(self.records) if name.strip() in record.name]
            page = int(request.query["cpage"] or 1)
            shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
            blocks = "".join(self.block(record) for record in shown)
            pager = "".join(
                f'<span aria-current="page" class="page-numbers current">{n}</span>'
                if n == page
                else f'<a class="page-numbers" href="/my-certificates/?domain={esc(name)}&#038;cpage={n}">{n}</a>'
                for n in range(1, -(-len(found) // PER_PAGE) + 1)
            )
            results = (
                f"""<p class="cert-count">共找到 {len(found)} 張憑證</p>{blocks}<nav class="navigation pagination"><h2
class="screen-reader-text">憑證導覽</h2><div class="nav-links">{pager}</div></nav>"""
                if found
                else '<div class="cert-notice cert-notice-warning"><p>找不到符合的憑證。</p></div>'
            )
        return self.theme(
            "我的憑證",
            f"""<form class="cert-lookup" method="get" action="/my-certificates/"><p><label for="cert-domain">網站名稱</label><br><input type="text" id="cert-domain"
name="domain" value="{esc(name)}" placeholder="www.abc.com.tw"></p><input type="hidden" name="_wpnonce" value="5e1f00c2ab"><input type="hidden" name="_wp_http_referer"
value="/my-certificates/"><p><button type="submit" class="wp-element-button">查詢憑證</button></p></form>{results}""",
        )

    def block(self, record):
        lines = [("憑證狀態", f'<mark class="cert-{record.status}">{STATES[record.status]}</mark>')]
        if record.leaf:
            lines += [
                ("憑證等級", "Secure Server"),
                (
                    "生效日期",
                    f"{record.start.year} 年 {record.start.month} 月 {record.start.day} 日 {record.start:%H:%M:%S}",
                ),
                ("到期日期", f"{record.end.year} 年 {record.end.month} 月 {record.end.day} 日 {record.end:%H:%M:%S}"),
                ("憑證序號", f"<code>{record.serial}</code>"),
                ("憑證內容", f"C=TW, ST=TAIWAN, L=TAIPEI, O=Shop, CN={record.name}"),
            ]
        if record.remark:
            lines.append(("退件原因", record.remark))
        items = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in lines)
        post = self.position(record) + 1001
        links = (
            f"""<p class="cert-actions"><a class="button" href="/?cert-download={post}&#038;_wpnonce=81c2d09e7f">下載憑證</a> <a class="button"
href="/cert-renew/?cert={post}">更新憑證</a></p>"""
            if record.status == "valid"
            else ""
        )
        return f'<div id="cert-{post}" class="cert-entry"><h3 class="cert-title">{record.name}</h3><dl>{items}</dl>{links}</div>'

    def download(self, request):
        record = self.by_post(request.query["cert-download"])
        name = record.name.replace(".", "_") + ".crt"
        return self.attachment(record.leaf.public_bytes(Encoding.PEM), name, "application/x-x509-ca-cert")

    @at("/pro_sslser.asp")
    def old_authorities(self, request: Request):
        return self.redirect("/intermediate-ca/", 301)

    @at("/intermediate-ca/")
    def authorities(self, request: Request):
        return self.theme(
            "中繼憑證與根憑證",
            """<table class="wp-block-table"><tbody><tr><td>中繼憑證</td><td><a href="/wp-content/uploads/2021/05/intermediate.crt">下載</a></td></tr><tr><td>根憑證</td><td><a
href="/wp-content/uploads/2021/05/root.crt">下載</a></td></tr></tbody></table>""",
        )

    @at("/wp-content/uploads/2021/05/intermediate.crt", "/wp-content/uploads/2021/05/root.crt")
    def authority(self, request: Request):
        chain = pki_factory.authority().chain
        found = chain[-1] if "root" in request.path else chain[0]
        return self.attachment(
            found.public_bytes(Encoding.PEM), request.path.rpartition("/")[2], "application/x-x509-ca-cert"
        )
