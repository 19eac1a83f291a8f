# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Government style: terms first, a file field beside the text box, a summary before payment, forms in rows, years of the Republic."""

from __future__ import annotations

import pki_factory
from stranger_office import Office, Order, Request, at, esc, gather, subject

NAMES = dict(
    zip(
        "name title company tax_id city address postal_code phone fax email".split(),
        "Name JobTitle UnitName UnifiedNo CityId AddrDetail ZipNo TelNo FaxNo EMail".split(),
    )
)
CITIES = ["臺北市", "新北市", "桃園市", "臺中市", "臺南市", "高雄市"]
SOFTWARE = ["Apache", "IIS", "Nginx", "其他"]
PAYMENTS = {
    "A": ("臨櫃繳款", "請至臺灣銀行各分行繳納"),
    "B": ("銀行匯款", "請於 7 日內匯款至指定帳戶"),
    "C": ("公庫支票", "限政府機關使用"),
}
STATES = {"valid": "已核發", "pending": "審核中", "rejected": "已退件", "revoked": "已廢止", "expired": "已逾期"}
PERSONS = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}


def roc(moment):
    return f"民國{moment.year - 1911}年{moment.month}月{moment.day}日"


def clock(moment):
    half = "上午" if moment.hour < 12 else "下午"
    return f"{moment:%Y/%m/%d} {half} {moment.hour % 12 or 12:02}:{moment:%M:%S}"


class Government(Office):
    def show(self, title, body):
        return self.page(f"""<!DOCTYPE html><html lang="zh-Hant-TW"><head><meta charset="UTF-8"><title>{title}-憑證管理中心</title></head><body><a
href="#C" accesskey="C" title="跳到主要內容">跳到主要內容區塊</a>
<header><a href="#U" accesskey="U" title="上方選單連結區">:::</a><ul><li><a href="/">回首頁</a></li><li><a href="/sitemap">網站導覽</a></li><li><a
href="/font?s=L">大</a></li></ul></header>
<nav><ul><li><a href="/service" title="客服專區">客服專區</a></li><li><a href="/service" title="憑證服務">憑證服務</a></li></ul></nav>
<main id="C"><a href="#C" accesskey="C" title="中央內容區">:::</a><h2>{title}</h2>{body}</main>
<footer><a href="#Z" accesskey="Z">:::</a><p>為民服務時間:週一至週五 08:30~17:30</p><p>更新日期:115-11-23</p></footer></body></html>""")

    def sorry(self, text):
        return self.show(
            "訊息",
            f"""<div class="error"><p>{text}</p><p><button type="button" onclick="window.history.back()">回上一頁</button></p></div>""",
        )

    @at("/")
    def home(self, request: Request):
        return self.show("憑證管理中心", "<p>公告:本中心系統將於本週末進行維護。</p>")

    @at("/service")
    def service(self, request: Request):
        return self.show(
            "服務項目",
            '<ul><li><a href="/ssl" title="SSL 伺服器憑證">SSL 伺服器憑證</a></li><li><a href="/gca" title="政府憑證">政府機關憑證</a></li></ul>',
        )

    @at("/ssl")
    def ssl(self, request: Request):
        return self.show(
            "SSL 伺服器憑證",
            """<ul><li><a href="/ssl/apply">憑證申請</a></li><li><a href="/ssl/search">憑證搜尋</a></li><li><a href="/ssl/revoke">憑證廢止</a></li></ul>
<form method="post" action="/ssl/list"><label>網站名稱:<input type="text" name="siteName"></label><input type="submit" value="搜尋"></form>""",
        )

    @at("/ssl/apply")
    def steps(self, request: Request):
        return self.show(
            "憑證申請流程",
            """<table
summary="申請流程"><tr><th>步驟</th><th>說明</th></tr><tr><td>步驟 1</td><td>下載申請單</td></tr><tr><td>步驟 2</td><td>產製憑證申請檔</td></tr><tr
><td>步驟 3</td><td>用印後郵寄</td></tr>
<tr><td>步驟 4</td><td><a href="/ssl/terms">傳送憑證申請檔與線上填寫註冊資料</a></td></tr></table>""",
        )

    @at("/ssl/terms")
    def terms(self, request: Request):
        return self.show(
            "申請須知",
            """<div class="terms"><p>一、申請人應提供正確資料。</p><p>二、本中心依個人資料保護法蒐集個人資料。</p></div><form method="post"
action="/ssl/csr"><input type="radio" name="agree" value="Y" id="y"><label for="y">我同意</label> <input type="radio" name="agree" value="N"
id="n"><label for="n">我不同意</label>
<p><input type="submit" value="下一步"></p></form>""",
        )

    @at("/ssl/csr")
    def csr(self, request: Request):
        if request.form.get("agree") != "Y":
            return self.sorry("您必須同意申請須知方可申請")
        request.session["agreed"] = True
        return self.show(
            "上傳憑證申請檔",
            """<form method="post" action="/ssl/verify" enctype="multipart/form-data"><table
summary="上傳憑證申請檔"><tr><th>憑證申請檔(方式一:上傳檔案)</th><td><input type="file" name="csrFile" title="上傳憑證申請檔"></td></tr>
<tr><th>憑證申請檔(方式二:貼上內容)</th><td><textarea name="csrText" cols="66" rows="10"
title="貼上憑證申請檔內容"></textarea></td></tr></table><input type="submit" value="確定"><input type="reset" value="重填"></form>""",
        )

    @at("/ssl/verify")
    def verify(self, request: Request):
        if request.form["csrFile"] and request.form["csrText"]:
            return self.sorry("請擇一方式上傳憑證申請檔")
        text = request.form["csrFile"] or request.form["csrText"]
        if complaint := self.csr_complaint(text):
            return self.sorry(complaint)
        request.session.update(csr=text, kind="apply")
        parts = subject(text)
        rows = "".join(
            f"<tr><th scope='row'>{label}</th><td>{esc(parts[key]) or '(無)'}</td></tr>"
            for label, key in (
                ("一般名稱(CN)", "CN"),
                ("組織(O)", "O"),
                ("組織單位(OU)", "OU"),
                ("城市/位置(L)", "L"),
                ("州/省(ST)", "ST"),
                ("國別(C)", "C"),
                ("適用之安全強度(bits)", "bits"),
            )
        )
        softwares = "".join(f'<option value="{number}">{name}</option>' for number, name in enumerate(SOFTWARE))
        return self.show(
            "檢查憑證申請檔內容",
            f"""<table summary="CSR 內容"><caption>憑證申請檔內容</caption>{rows}</table>
<form method="post" action="/ssl/fill"><table summary="伺服器資訊"><tr><th><span class="must">※</span>伺服器軟體廠商</th><td><select name="SoftId"
title="伺服器軟體廠商">{softwares}</select></td></tr>
<tr><th><span class="must">※</span>通行密碼</th><td><input type="password" name="Pwd" title="通行密碼"> (至少 6 碼)</td></tr><tr><th><span
class="must">※</span>再輸入一次通行密碼</th><td><input type="password" name="PwdCheck" title="再輸入一次通行密碼"></td></tr></table><input
type="submit" value="下一步"></form>""",
        )

    @at("/ssl/fill")
    def fill(self, request: Request):
        if len(request.form["Pwd"]) < 6 or request.form["Pwd"] != request.form["PwdCheck"]:
            return self.sorry("通行密碼輸入錯誤")
        request.session.update(software=SOFTWARE[int(request.form["SoftId"])], passphrase=request.form["Pwd"])
        return self.contacts({})

    def contacts(self, value):
        def section(number, key):
            filled = value.get(key, {})

            def row(field, label, note=""):
                name = f"{key}{NAMES[field]}"
                return (
                    f'<tr><th><span class="must">※</span><label for="{name}">{label}</label></th><td>'
                    f'<input type="text" id="{name}" name="{name}" value="{esc(filled.get(field, ""))}" title="{label}">{note}</td></tr>'
                )

            city = filled.get("city", "").replace("台", "臺")
            options = "".join(
                f'<option value="{code}"{" selected" if name == city else ""}>{name}</option>'
                for code, name in enumerate(CITIES)
            )
            same = ""
            if key == "billing":
                same = """<tr><th>資料來源</th><td><label><input type="radio" name="same" value="1">與技術聯絡人相同</label><label><input type="radio"
name="same" value="2">與業務聯絡人相同</label><label><input type="radio" name="same" value="3">兩者皆否</label></td></tr>"""
            return f"""<h3>{"壹貳參"[number]}、{PERSONS[key]}資料</h3><p>(有「※」者為必填欄位)</p><table
summary="{PERSONS[key]}">{same}{row("name", "姓名")}{row("title", "職稱")}{row("company", "公司(機關)名稱")}
{row("tax_id", "公司統一編號", "(8 碼)") if key != "billing" else ""}
<tr><th rowspan="2"><span class="must">※</span>通訊地址</th><td><label for="{key}z">郵遞區號</label><input type="text" id="{key}z" name="{key}ZipNo"
size="6" value="{esc(filled.get("postal_code", ""))}"></td></tr>
<tr><td><select name="{key}CityId" title="縣市"><option value="">請選擇</option>{options}</select><input type="text" name="{key}AddrDetail" size="60"
title="地址" value="{esc(filled.get("address", ""))}"></td></tr>
{row("phone", "聯絡電話", "(例:02-12345678)")}{row("fax", "傳真號碼")}{row("email", "電子郵件地址")}</table>"""

        sections = "".join(section(number, key) for number, key in enumerate(PERSONS))
        return self.show(
            "填寫註冊資料",
            f"""<form method="post" action="/ssl/summary">{sections}<input type="submit" value="下一步"><input type="reset" value="清除重填"></form>""",
        )

    @at("/ssl/summary")
    def summary(self, request: Request):
        contacts = {key: gather(request.form, key, NAMES) for key in PERSONS}
        for contact in contacts.values():
            contact["city"] = CITIES[int(contact["city"])] if contact["city"] else ""
        if request.form.get("same") in ("1", "2"):
            contacts["billing"] = contacts[{"1": "technical", "2": "business"}[request.form["same"]]]
        for key, contact in contacts.items():
            if complaint := self.contact_complaint(contact, tax_id=key != "billing"):
                return self.sorry(f"{PERSONS[key]}資料錯誤:{complaint}")
        request.session["contacts"] = contacts
        tables = "".join(
            f"<h3>{PERSONS[key]}</h3><table summary='{PERSONS[key]}'>"
            + "".join(
                f"<tr><th>{label}</th><td>{esc(contact[field])}</td></tr>"
                for label, field in (
                    ("姓名", "name"),
                    ("職稱", "title"),
                    ("公司(機關)名稱", "company"),
                    ("聯絡電話", "phone"),
                    ("電子郵件地址", "email"),
                )
            )
            + "</table>"
            for key, contact in contacts.items()
        )
        return self.show(
            "資料確認",
            f"""<p>請再次確認下列資料,如需修改請按「上一步」。</p>{tables}<form method="post" action="/ssl/payment"><input type="button"
value="上一步" onclick="window.history.back()"><input type="submit" value="確認無誤,下一步"></form>""",
        )

    @at("/ssl/payment")
    def payment(self, request: Request):
        rows = "".join(
            f"""<tr><td><input type="radio" name="PayType" value="{key}" id="p{key}"></td><td><label for="p{key}">{name}</label></td><td>{note}</td></tr>"""
            for key, (name, note) in PAYMENTS.items()
        )
        return self.show(
            "選擇付款方式",
            f"""<form method="post" action="/ssl/submit"><table
summary="付款方式"><tr><th>選擇</th><th>付款方式</th><th>說明</th></tr>{rows}</table><input type="submit" value="繼續"></form>""",
        )

    @at("/ssl/submit")
    def submit(self, request: Request):
        if "PayType" not in request.form:
            return self.sorry("請選擇付款方式")
        have = request.session
        self.orders.append(
            Order(
                have["kind"],
                request.index,
                have["csr"],
                have.get("software", ""),
                have["passphrase"],
                PAYMENTS[request.form["PayType"]][0],
                contacts=have["contacts"],
            )
        )
        return self.show(
            "系統的回應訊息",
            f"""<p>作業成功。您的案件編號為 <strong>A115{len(self.orders):06}</strong>,請妥善保存以利日後查詢。</p
><p>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。</p><p>CA作業時間約需二個工作天。如有錯誤請洽客服。</p>""",
        )

    @at("/ssl/search")
    def search(self, request: Request):
        return self.show(
            "憑證搜尋",
            """<form method="post" action="/ssl/list"><table summary="查詢條件"><tr><th><label for="s">網站名稱</label></th><td><input type="text"
id="s" name="siteName"></td></tr></table><input type="submit" value="搜尋"></form>""",
        )

    @at("/ssl/list")
    def listing(self, request: Request):
        found = self.found(request.form["siteName"])
        if not found:
            return self.sorry("查無符合條件之資料")
        rows = "".join(
            f"""<tr><td>{number}</td><td>{record.name}</td><td>{STATES[record.status]}</td
><td>{roc(record.start) + " 至 " + roc(record.end) if record.leaf else "--"}</td><td>{record.remark or "&nbsp;"}</td>
<td><form method="post" action="/ssl/view"><input type="hidden" name="no" value="{self.position(record)}"><input type="submit" value="檢視"></form></td></tr>"""
            for number, record in enumerate(found, 1)
        )
        return self.show(
            "查詢結果",
            f"""<p>共查得 {len(found)} 筆資料</p><table
summary="查詢結果"><tr><th>項次</th><th>網站名稱</th><th>狀態</th><th>有效期限</th><th>備註</th><th>功能</th></tr>{rows}</table>""",
        )

    @at("/ssl/view")
    def view(self, request: Request):
        record = self.records[int(request.form["no"])]
        lines = [("一般名稱", record.name), ("憑證狀態", STATES[record.status])]
        buttons = ""
        if record.leaf:
            lines += [
                ("有效期限", f"自 {clock(record.start)}<br>至 {clock(record.end)}"),
                ("憑證內容", f"C=TW, O=Example Ltd., CN={record.name}"),
                ("憑證序號", record.serial),
            ]
        if record.remark:
            lines.append(("備註", record.remark))
        if record.status == "valid":
            buttons = f"""<form method="post" action="/ssl/file"><input type="hidden" name="no" value="{self.position(record)}"><input type="submit"
value="下載憑證"></form>
<form method="post" action="/ssl/renew"><input type="hidden" name="no" value="{self.position(record)}"><input type="submit" value="更新憑證"></form>"""
        rows = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in lines)
        return self.show(
            "憑證詳細資料",
            f"""<table summary="憑證詳細資料">{rows}</table>{buttons}<p><a href="/ssl/search">重新查詢</a></p>""",
        )

    @at("/ssl/file")
    def file(self, request: Request):
        return self.attachment(pki_factory.der(self.records[int(request.form["no"])].leaf), "cert.cer")

    @at("/ssl/renew")
    def renew(self, request: Request):
        request.session["no"] = request.form["no"]
        return self.show(
            "更新憑證",
            """<form method="post" action="/ssl/renew/check"><table summary="更新憑證"><tr><th><label for="c">憑證申請檔</label></th><td><textarea
id="c" name="csrText" cols="66" rows="10"></textarea></td></tr><tr><th><label for="w">通行密碼</label></th><td><input type="password" id="w"
name="Pwd"></td></tr></table><input type="submit" value="繼續"><input type="reset" value="重設"></form>""",
        )

    @at("/ssl/renew/check")
    def renew_check(self, request: Request):
        record = self.records[int(request.session["no"])]
        if complaint := self.csr_complaint(request.form["csrText"]):
            return self.sorry(complaint)
        if request.form["Pwd"] != record.passphrase:
            return self.sorry("通行密碼不正確")
        request.session.update(csr=request.form["csrText"], passphrase=request.form["Pwd"], kind="renew")
        return self.contacts(record.contacts)

    @at("/ssl/revoke")
    def revoke(self, request: Request):
        return self.show(
            "憑證廢止",
            """<form method="post" action="/ssl/revoke/check"><table summary="憑證廢止"><tr><th>網站名稱</th><td><input type="text" name="siteName"
title="網站名稱"></td></tr><tr><th>通行密碼</th><td><input type="password" name="Pwd" title="通行密碼"></td></tr>
<tr><th>廢止原因</th><td><input type="radio" name="Reason" value="1">金鑰遭冒用 <input type="radio" name="Reason" value="2">網站停用 <input
type="radio" name="Reason" value="9">其他</td></tr></table><input type="submit" value="確定"></form>""",
        )

    @at("/ssl/revoke/check")
    def revoke_check(self, request: Request):
        found = [record for record in self.found(request.form["siteName"]) if record.status == "valid"]
        if not found or request.form["Pwd"] != found[0].passphrase:
            return self.sorry("網站名稱或通行密碼不正確")
        if "Reason" not in request.form:
            return self.sorry("請選擇廢止原因")
        self.revocations.append({"name": found[0].name, "index": request.index})
        return self.show(
            "廢止申請結果", "<p>作業成功。本中心已受理您的憑證廢止申請,請列印本頁用印後傳真至 (02)23700728。</p>"
        )

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.show(
            "憑證下載專區",
            """<table summary="憑證"><tr><th>憑證名稱</th><th>下載</th></tr><tr><td>中繼憑證 SSL CA</td><td><a href="/files/a.cer"
title="下載中繼憑證(cer)">cer</a></td></tr><tr><td>中繼憑證 CYBER</td><td><a href="/files/b.cer">cer</a></td></tr><tr><td>說明文件</td><td><a
href="/files/readme.pdf">pdf</a></td></tr></table>""",
        )

    @at("/files/a.cer", "/files/b.cer")
    def authority(self, request: Request):
        return self.attachment(pki_factory.der(pki_factory.authority().chain["ab".index(request.path[7])]), "ca.cer")
