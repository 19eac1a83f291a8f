# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A portal of today: UTF-8, labels and ARIA, a page per contact with a list of steps, tokens, redirects after each POST,
a search in the header, a newsletter in the footer, a page that repeats everything and asks to confirm, cards for results."""

from __future__ import annotations

import html
import typing as t

from desk import NAME, PEM, Asking, Office

_STEPS = ["上傳憑證請求檔", "核對資料", "技術聯絡人", "業務聯絡人", "帳務聯絡人", "付款方式", "作業成功"]
_LABELS = {
    "name": ("姓名", "Name"),
    "title": ("職稱", "Job title"),
    "company": ("公司", "Company"),
    "tax_id": ("公司統一編號", "Tax ID"),
    "postal_code": ("郵遞區號", "Postal code"),
    "phone": ("聯絡電話", "Telephone"),
    "fax": ("傳真號碼", "Fax"),
    "email": ("電子郵件地址", "E-mail"),
}


class ModernOffice(Office):
    content_type = "text/html; charset=utf-8"

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[dict[str, str]] = []
        self.token = 100
        self.complain = ""  # a complaint about the technical contact

    def page(self, title: str, body: str, step: int = -1) -> str:
        self.token += 1
        steps = ""
        if step >= 0:
            steps = (
                "<ol class=steps>"
                + "".join(
                    f"<li{' aria-current=step class=active' if index == step else ''}><span>{index + 1}</span> {text}</li>"
                    for index, text in enumerate(_STEPS)
                )
                + "</ol>"
            )
        return f"""<!DOCTYPE html><html lang="zh-Hant"><head><meta charset="utf-8"><title>{title}｜憑證服務網</title>
<style>.sr-only{{position:absolute}} .hp, #never {{ display: none }}</style>
<script src="/app.js"></script>
<script>window.dataLayer = window.dataLayer || []; document.addEventListener('x', function(){{ alert('no'); }});
</script></head>
<body><header><a href="/"><img src="/logo.svg" alt="首頁"></a>
<nav><ul><li><button type="button" aria-expanded="false">客服專區</button><ul><li>
<a href="/service/ssl">SSL 伺服器憑證</a></li><li><a href="/faq">常見問題</a></li></ul></li>
<li><a href="/products/ssl">SSL 伺服器憑證產品介紹</a></li><li><a href="#services">憑證服務</a></li></ul></nav>
<form role="search" action="/find"><label class="sr-only" for="q">站內搜尋</label>
<input id="q" name="q" type="search" placeholder="搜尋網站內容"><button>搜尋</button></form>
<form action="/lang"><select name="lang" onchange="this.form.submit()"><option value="zh" selected>繁體中文
</option><option value="en">English</option></select></form></header>
<main>{steps}<h1>{title}</h1>{body}</main>
<footer><form method="post" action="/newsletter"><label>訂閱電子報
<input type="email" name="email" placeholder="電子郵件"></label><button>送出</button></form></footer></body>
</html>"""

    def form(self, action: str, inner: str, button: str = "下一步") -> str:
        return f"""<form method="post" action="{action}" novalidate><input type="hidden" name="_csrf" value="{self.token + 1}">{inner}
<div class="hp"><label>網址<input name="website2" tabindex="-1"></label></div>
<div class="actions"><a class="btn" href="/cancel">取消</a> <button type="submit" name="go" value="back" formnovalidate>上一步</button>
<button type="submit" name="go" value="next" class="primary">{button}</button></div></form>"""

    def see(self, where: str) -> t.Any:
        return 303, {"Location": where}, ""

    def answer(self, asking: Asking) -> t.Any:
        if asking.method == "POST":
            assert 100 < int(asking.form["_csrf"]) <= self.token
            assert asking.form.get("go", "next") == "next"
            assert not asking.form.get("website2")
            assert asking.referer
        handler = {
            "/": self.home,
            "/service/ssl": self.service,
            "/products/ssl": self.product,
            "/apply": self.apply,
            "/apply/csr": self.csr,
            "/apply/check": self.check,
            "/apply/contact": self.contact,
            "/apply/pay": self.pay,
            "/apply/confirm": self.confirm,
            "/apply/done": self.done,
            "/certs": self.certs,
            "/cert": self.cert,
            "/renew": self.renew,
            "/cert/download": self.download,
        }.get(asking.path)
        if handler is None:
            return 404, {}, self.page("找不到頁面", "<p>404</p>")
        return handler(asking)

    def home(self, asking: Asking) -> t.Any:
        return self.page("台灣網路認證", "<p>歡迎</p>")

    def product(self, asking: Asking) -> t.Any:
        return self.page("產品介紹", "<p>SSL 伺服器憑證是…</p>")

    def service(self, asking: Asking) -> t.Any:
        return self.page(
            "SSL 伺服器憑證",
            (
                '<ul class=cards><li><a href="/apply"><h2>憑證申請</h2><p>首次或增購</p></a></li><li>'
                '<a href="/certs"><h2>憑證搜尋</h2><p>查詢、下載、更新</p></a></li></ul>'
            ),
        )

    def apply(self, asking: Asking) -> t.Any:
        return self.page(
            "憑證申請",
            "<ol><li>步驟 1 下載申請單</li><li><a href='/apply/csr'>步驟 4：傳送憑證申請檔與線上填寫註冊資料</a></li></ol>",
        )

    def csr(self, asking: Asking) -> t.Any:
        if asking.method == "POST":
            self.kept = {"csr": asking.form["c"], "operation": "apply"}
            return self.see("/apply/check")
        return self.page(
            "上傳憑證請求檔",
            self.form(
                "/apply/csr",
                (
                    '<label for="c">憑證請求檔 (CSR) <abbr title="必填">*</abbr></label>'
                    '<p id=h>含 BEGIN 與 END 兩行</p><textarea id="c" name="c" required aria-describedby="h">'
                    "</textarea>"
                ),
                "確定",
            ),
            0,
        )

    def check(self, asking: Asking) -> t.Any:
        if asking.method == "POST":
            self.kept.update(
                software=asking.form["sw"],
                passphrase=asking.form["p1"],
                again=asking.form["p2"],
                agree=asking.form.get("agree", ""),
            )
            return self.see("/apply/contact?who=0")
        options = "".join(
            f'<div><input type=radio name=sw id=sw{n} value="{v}"><label for=sw{n}>{v}</label></div>'
            for n, v in enumerate(("Apache", "nginx", "Microsoft IIS", "其他"))
        )
        return self.page(
            "核對資料",
            f"""<dl><dt>一般名稱<dd>{NAME}<dt>組織<dd>Example Co., Ltd.<dt>城市／位置<dd>Taipei<dt>州／省<dd>Taiwan<dt>國別<dd>TW</dl>"""
            + self.form(
                "/apply/check",
                f"""<fieldset><legend>伺服器軟體廠商 <small>(如果不在清單中，請選擇其他)</small></legend>{options}</fieldset>
<div class=field><label>通行密碼 <input type=password name=p1 minlength=6 required></label><small>至少六碼</small></div>
<div class=field><label>再輸入一次密碼以確認 <input type=password name=p2 required></label></div>
<label><input type=checkbox name=agree value=yes required> 我已閱讀並同意服務條款</label>""",
            ),
            1,
        )

    def contact(self, asking: Asking) -> t.Any:
        number = int(asking.query["who"])
        people = ("技術", "業務", "帳務")
        if asking.method == "POST":
            if number == 0 and self.complain:
                return 422, {}, self._contact(number, asking.form, f'<div role="alert">{self.complain}</div>')
            self.kept[people[number]] = {
                key: value for key, value in asking.form.items() if key not in ("_csrf", "go", "website2")
            }
            return self.see(f"/apply/contact?who={number + 1}" if number < 2 else "/apply/pay")
        return self._contact(number, {}, "")

    def _contact(self, number: int, values: dict[str, str], message: str) -> str:
        who = ("技術", "業務", "帳務")[number]
        fields = []
        for key, (label, english) in _LABELS.items():
            if key == "tax_id" and number == 2:
                continue
            fields.append(
                f'<div class="field"><span id="l-{key}">{label}</span> <em>{english}</em>'
                f'<input name="{key}" aria-labelledby="l-{key}" value="{html.escape(values.get(key, ""))}" required>'
                f"</div>"
            )
        cities = "".join(f"<option>{city}</option>" for city in ("臺北市", "新北市", "臺中市"))
        fields.append(
            f'<div class="field"><label for="city">通訊地址</label><div><select id="city" name="city">'
            f'<option value="">請選擇縣市</option>{cities}</select></div><div>'
            f'<input name="street" required></div></div>'
        )
        note = (
            "業務聯絡人必須為貴公司組織內之一份子，且不可與技術聯絡人為同一人。"
            if number == 1
            else "若有憑證更新的訊息，也會寄送給業務聯絡人。"
        )
        same = ""
        if number == 2:
            same = """<div role=radiogroup aria-label="資料來源"><label><input type=radio name=same value=t> 與技術聯絡人相同
</label><label><input type=radio name=same value=b> 與業務聯絡人相同</label><label>
<input type=radio name=same value=n checked> 兩者皆否</label></div>"""
        return self.page(
            f"{who}聯絡人",
            f"<p>{note}</p>{message}" + self.form(f"/apply/contact?who={number}", same + "".join(fields)),
            2 + number,
        )

    def pay(self, asking: Asking) -> t.Any:
        if asking.method == "POST":
            self.kept["pay"] = asking.form["pay"]
            return self.see("/apply/confirm")
        return self.page(
            "付款方式",
            self.form(
                "/apply/pay",
                (
                    "<label>付款方式<select name=pay required><option value=''>--請選擇--</option>"
                    "<option value=c>信用卡</option><option value=a>ATM轉帳</option></select></label>"
                ),
                "繼續",
            ),
            5,
        )

    def confirm(self, asking: Asking) -> t.Any:
        if asking.method == "POST":
            self.commit(**self.kept)
            return self.see("/apply/done")
        person = "".join(
            f"<h2>{who}聯絡人</h2><dl>"
            + "".join(f"<dt>{key}</dt><dd>{html.escape(value)}</dd>" for key, value in self.kept[who].items())
            + "</dl>"
            for who in ("技術", "業務", "帳務")
        )
        return self.page(
            "請確認",
            (
                f"<p>請核對以下資料，送出後不可修改。申請完成後，本公司將以電話聯繫。</p><dl><dt>一般名稱"
                f"</dt><dd>{NAME}</dd><dt>組織</dt><dd>Example Co., Ltd.</dd></dl>{person}"
            )
            + self.form("/apply/confirm", "", "確認送出"),
            5,
        )

    def done(self, asking: Asking) -> t.Any:
        return self.page(
            "系統的回應訊息",
            (
                '<div class="ok"><strong>作業成功</strong>'
                "<p>CA系統已接受您的憑證請求，當CA系統簽發您的憑證後，會寄送電子郵件 (E-Mail) 通知您。</p>"
                '</div><a href="/">回首頁</a>'
            ),
            6,
        )

    def certs(self, asking: Asking) -> t.Any:
        form = '<form action="/certs"><label for=n>網站名稱 <small>（區分大小寫）</small></label><input id=n name=dns value=""><button>搜尋</button></form>'
        name = asking.query.get("dns")
        if name is None:
            return self.page("憑證搜尋", form)
        cards = "".join(
            f'<article class=card><h3><a href="/cert?id={index}">{entry["name"]}</a></h3><p><span class=badge>{entry["status"]}</span></p></article>'
            for index, entry in enumerate(self.entries)
            if entry["name"] == name
        )
        return self.page("憑證搜尋", form + (cards or "<p>查無資料</p>"))

    def cert(self, asking: Asking) -> t.Any:
        entry = self.entries[int(asking.query["id"])]
        facts = "".join(
            f"<div class=row><span class=k>{key}</span><span class=v>{value}</span></div>"
            for key, value in {
                "一般名稱": entry["name"],
                "憑證狀態": entry["status"],
                "有效期限": entry.get("times", ""),
                "憑證序號": entry.get("serial", ""),
                "退件原因": entry.get("why", ""),
            }.items()
            if value
        )
        actions = (
            f'<form method=post action="/cert/download">'
            f'<input type=hidden name=_csrf value="{self.token + 1}">'
            f"<input type=hidden name=id value={asking.query['id']}><button>下載憑證</button></form>"
            f'<a class=btn href="/renew?id={asking.query["id"]}">更新憑證</a>'
        )
        return self.page("憑證詳細資料", facts + (actions if entry["status"] == "有效" else ""))

    def download(self, asking: Asking) -> t.Any:
        return self.page("下載憑證", f"<p>請複製以下內容：</p><textarea readonly>{PEM}</textarea>")

    def renew(self, asking: Asking) -> t.Any:
        if asking.method == "POST":
            self.kept = {"csr": asking.form["csr"], "passphrase": asking.form["pw"], "operation": "renew"}
            return self.see("/apply/contact?who=0")
        return self.page(
            "更新憑證",
            self.form(
                f"/renew?id={asking.query['id']}",
                "<label for=x>CSR</label><textarea id=x name=csr></textarea><label for=y>通行密碼</label><input type=password id=y name=pw>",
                "繼續",
            ),
        )
