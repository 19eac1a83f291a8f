# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One address for the whole wizard, its step and token in hidden fields; a page per contact, the same names on each; tables only."""

from __future__ import annotations

import secrets

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding
from stranger_office import FIELDS, OLD_CONTACTS, Office, Order, Request, at, gather, subject
from stranger_office import esc as html_escape

SERVERS = [
    "Apache",
    "Microsoft IIS 5.0",
    "Microsoft IIS 6.0",
    "Microsoft IIS 7.0",
    "Nginx",
    "Sun ONE Web Server",
    "Lotus Domino",
    "其他",
]
PAYMENTS = ["匯款", "郵政劃撥", "支票", "信用卡"]
CITIES = dict(
    zip(
        "AFHBDECIOGJKMNPQTVUWXZ",
        (
            "臺北市 新北市 桃園市 臺中市 臺南市 高雄市 基隆市 嘉義市 新竹市 宜蘭縣 新竹縣 "
            "苗栗縣 南投縣 彰化縣 雲林縣 嘉義縣 屏東縣 臺東縣 花蓮縣 金門縣 澎湖縣 連江縣"
        ).split(),
    )
)
STATES = {"valid": "有效", "pending": "審核中", "rejected": "不核發", "revoked": "已廢止", "expired": "逾期失效"}
NAMES = dict(zip(FIELDS, ("Name", "Title", "Company", "TaxID", "City", "Addr", "Zip", "Tel", "Fax", "Email")))
LABELS = dict(
    zip(
        FIELDS,
        ("姓名", "職稱", "公司", "公司統一編號", "", "通訊地址", "", "聯絡電話", "傳真號碼", "電子郵件地址"),
    )
)
PERSONS = {
    "technical": (
        "技術聯絡人",
        "請輸入本公司寄送SSL伺服器憑證給您時的技術聯絡人資訊於下表。舉例來說,此人可以是您的網站管理者,或是您網路撥接商的技術支援人員。"
        "當網頁伺服器的安全出現顧慮時,此技術聯絡人有通知本公司的義務。",
    ),
    "business": (
        "業務聯絡人",
        "請輸入 貴公司負責SSL伺服器憑證業務聯絡人資訊於下表。業務聯絡人與技術聯絡人應由不同人員擔任,您應該分別指定。",
    ),
    "billing": (
        "帳務聯絡人",
        "請輸入 貴公司的帳務處理聯絡人員資訊於下表。當帳單處理資料有異動時,此人有通知本公司之義務。",
    ),
}
ORDER = list(PERSONS)
FILES = {
    "TaiCASecureCA_Prod_SSLServerCA.cer": "中繼憑證檔",
    "TaiCACrossCA_Prod.cer": "中繼憑證檔（交互認證）",
    "GTECyberTrustGlobalRootProd.cer": "根憑證檔",
}
MARK = '<font color="red">＊</font>'
BUTTONS = '<tr><td colspan="2" align="center"><input type="submit" value="下一步"> <input type="reset" value="重設"></td></tr>'


def esc(text: str) -> str:
    """As html/template does."""
    return html_escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;").replace("+", "&#43;")


def row(label, control, *, mark=MARK):
    return f'<tr>\n<td align="right" nowrap>{label}{mark}：</td>\n<td>{control}</td>\n</tr>\n'


def text(name, value="", size=30):
    return f'<input type="text" name="{name}" size="{size}" value="{esc(value)}">'


class GoTables(Office):
    def __init__(self):
        super().__init__()
        self.drafts: dict[str, dict] = {}

    def show(self, title, body):
        return self.page(
            f"""<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>臺灣網路認證 - {title}</title>
</head>
<body>
<table width="760" align="center">
<tr><td><a href="/">首頁</a>｜<a href="/service/">憑證服務</a>｜<a href="/support/">客服專區</a>｜<a href="/download/">下載中心</a></td></tr>
<tr><td>

{body}

</td></tr>
<tr><td align="center"><hr>電話：02-2370-8886　傳真：02-2370-0728</td></tr>
</table>
</body>
</html>
"""
        )

    def failure(self, message):
        return self.show(
            "錯誤訊息",
            f"""<table border="1">
<caption>錯誤訊息</caption>
<tr><td>{esc(message)}</td></tr>
<tr><td><input type="button" value="回上一頁" onclick="history.back()"></td></tr>
</table>
<p>請與本公司相關作業人員聯繫。</p>""",
        )

    def missing(self):
        return self.page("404 page not found\n", 404)

    @staticmethod
    def warning(message):
        return f'<p><font color="red"><b>※ {esc(message)}</b></font></p>\n' if message else ""

    # Menus

    @at("/")
    def home(self, request: Request):
        return self.show("首頁", "<h3>歡迎光臨臺灣網路認證</h3>\n<p>最新消息：CA作業時間約需二個工作天。</p>")

    @at("/service/", "/support/")
    def menu(self, request: Request):
        title = "客服專區" if request.path == "/support/" else "憑證服務"
        return self.show(
            title,
            f'<h3>{title}</h3>\n<table border="1">\n<tr><td><a href="/ssl/">SSL 伺服器憑證</a></td></tr>\n<tr><td>個人憑證（暫停服務）</td></tr>\n</table>',
        )

    @at("/download/")
    def documents(self, request: Request):
        return self.show(
            "下載中心",
            '<h3>下載中心</h3>\n<table border="1">\n<tr><td>憑證申請單</td></tr>\n<tr><td>用戶註銷憑證申請單</td></tr>\n'
            '<tr><td><a href="/pro_sslser.asp">中繼憑證與根憑證</a></td></tr>\n</table>',
        )

    @at("/ssl/")
    def ssl(self, request: Request):
        return self.show(
            "SSL 伺服器憑證",
            """<h3>SSL 伺服器憑證</h3>
<table border="1">
<tr><th>服務項目</th><th>說明</th></tr>
<tr><td><a href="/ssl/apply">憑證申請</a></td><td>步驟 4 傳送憑證申請檔與線上填寫註冊資料</td></tr>
<tr><td><a href="/ssl/query">憑證搜尋</a></td><td>查詢、下載及更新（展期）憑證</td></tr>
<tr><td><a href="/ssl/revoke">憑證廢止</a></td><td>註銷憑證線上作業</td></tr>
</table>""",
        )

    # The wizard. Every page of it is the answer to a POST to the same address.

    def wizard(self, draft, step, title, body, *, enctype=""):
        return self.show(
            title,
            f"""<h3>{title}</h3>
{self.warning(draft.pop("warning", ""))}<form action="/ssl/apply" method="POST"{enctype}>
<input type="hidden" name="Token" value="{draft["token"]}">
<input type="hidden" name="Step" value="{step}">
{body}</form>""",
        )

    def draft(self, kind):
        token = secrets.token_hex(16)
        self.drafts[token] = {"token": token, "kind": kind, "contacts": {}, "same_as": ""}
        return self.drafts[token]

    @at("/ssl/apply")
    def apply(self, request: Request):
        if request.method != "POST":
            return self.csr_page(self.draft("apply"))
        draft = self.drafts.get(request.form["Token"])
        steps = {
            "csr": self.take_csr,
            "renew": self.take_renewal,
            "server": self.take_server,
            "technical": self.take_contact,
            "business": self.take_contact,
            "billing": self.take_contact,
            "payment": self.take_payment,
        }
        step = steps.get(request.form["Step"])
        if not draft or not step:
            return self.failure("作業逾時，請重新申請")
        return step(draft, request)

    def csr_page(self, draft):
        return self.wizard(
            draft,
            "csr",
            "傳送憑證申請檔",
            f"""<table border="1">
<caption>憑證申請檔（CSR）</caption>
<tr>
<td align="right" valign="top" nowrap>憑證申請檔內容{MARK}：</td>
<td><textarea name="CSR" rows="15" cols="66" wrap="off"></textarea></td>
</tr>
<tr>
<td align="right" nowrap>或上傳檔案：</td>
<td><input type="file" name="CSRFile"></td>
</tr>
{BUTTONS}
</table>
""",
            enctype=' enctype="multipart/form-data"',
        )

    def take_csr(self, draft, request):
        csr = request.form["CSR"] if request.form["CSR"].strip() else request.form["CSRFile"]
        if complaint := self.csr_complaint(csr):
            return self.failure(complaint)
        draft["csr"] = csr
        return self.server_page(draft)

    def server_page(self, draft):
        parts = subject(draft["csr"])
        rows = "".join(
            f"<tr>\n<td>{label}：<br><small>{note}</small></td>\n<td>{esc(parts[key])}</td>\n</tr>\n"
            for label, note, key in (
                ("一般名稱", "此名稱所代表的網站之安全性,將由此SSL伺服器憑證所保護。", "CN"),
                ("組織", "", "O"),
                ("組織單位", "這是一個可以用來區分組織部門的欄位。", "OU"),
                ("城市/位置", "即 貴公司進行商業行為的所在。【例:Taipei】", "L"),
                ("州/省", "請不要用縮寫的地名填寫此欄位。【例:Taiwan】", "ST"),
                ("國別", "舉例來說,TW代表台灣,US代表美國。", "C"),
                ("適用之安全強度(bits)", "", "bits"),
            )
        )
        options = "".join(f'<option value="{number}">{name}</option>\n' for number, name in enumerate(SERVERS, 1))
        return self.wizard(
            draft,
            "server",
            "檢查CSR內容",
            f"""<table border="1">
<caption>檢查CSR內容</caption>
<tr><th>解說</th><th>您的CSR內容</th></tr>
{rows}</table>
<table border="1">
<caption>輸入伺服器資訊</caption>
<tr>
<td>伺服器軟體廠商{MARK}：<br><small>請從右邊的下拉式選單中選擇您伺服器軟體的廠商。如果不在清單中,請選擇其他。</small></td>
<td><select name="ServerType">
<option value="0">--請選擇--</option>
{options}</select></td>
</tr>
<tr>
<td rowspan="2">通行密碼{MARK}：（至少六碼）<br><small>請在右邊的欄位中輸入一個您容易記憶,但不易為人所臆測的文字或片語。</small></td>
<td>輸入密碼：<input type="password" name="Pass1" size="20"></td>
</tr>
<tr>
<td>再輸入一次密碼以確認：<input type="password" name="Pass2" size="20"></td>
</tr>
{BUTTONS}
</table>
""",
        )

    def take_server(self, draft, request):
        form = request.form
        chosen = form["ServerType"]
        if not chosen.isdigit() or not 1 <= int(chosen) <= len(SERVERS):
            draft["warning"] = "請選擇伺服器軟體廠商"
        elif len(form["Pass1"]) < 6:
            draft["warning"] = "通行密碼至少六碼"
        elif form["Pass1"] != form["Pass2"]:
            draft["warning"] = "兩次輸入之通行密碼不同"
        else:
            draft.update(software=SERVERS[int(chosen) - 1], passphrase=form["Pass1"])
            return self.contact_page(draft, "technical")
        return self.server_page(draft)

    def contact_page(self, draft, person, value=None):
        title, note = PERSONS[person]
        value = value if value is not None else draft["contacts"].get(person, {})
        rows = ""
        if person == "billing":
            rows += (
                '<tr>\n<td colspan="2" align="center"><input type="radio" name="Same" value="T">與技術聯絡人相同 '
                '<input type="radio" name="Same" value="B">與業務聯絡人相同 <input type="radio" name="Same" value="N" checked>兩者皆否</td>\n</tr>\n'
            )
        for field, label in LABELS.items():
            if not label or (field == "tax_id" and person == "billing"):
                continue
            control = text(NAMES[field], value.get(field, ""))
            if field == "address":
                options = "".join(
                    f'<option value="{code}"{" selected" if name.replace("臺", "台") == value.get("city") else ""}>{name}</option>'
                    for code, name in CITIES.items()
                )
                control = (
                    f'<select name="City"><option value="">縣市</option>{options}</select>\n{text("Addr", value.get("address", ""), 40)}<br>\n'
                    f"郵遞區號：{text('Zip', value.get('postal_code', ''), 5)}"
                )
            elif field == "phone":
                control += " 例：(02)23708886#9"
            rows += row(label, control)
        return self.wizard(
            draft,
            person,
            f"請輸入{title}資訊",
            f'<p>{note}</p>\n<table border="1">\n<caption>{title}</caption>\n{rows}{BUTTONS}\n</table>\n<p>標示{MARK}者為必填欄位，不可留空白。</p>\n',
        )

    def take_contact(self, draft, request):
        person = request.form["Step"]
        contact = gather(request.form, "", NAMES)
        contact["city"] = CITIES.get(contact["city"], "").replace("臺", "台")  # as the books have it
        same_as = {"T": "technical", "B": "business"}.get(request.form["Same"], "") if person == "billing" else ""
        if same_as:
            contact = draft["contacts"][same_as]
            draft["same_as"] = same_as
        if complaint := self.contact_complaint(contact, tax_id=person != "billing"):
            draft["warning"] = f"{PERSONS[person][0]}：{complaint}"
            return self.contact_page(draft, person, contact)
        draft["contacts"] = {**draft["contacts"], person: contact}
        if person != "billing":
            return self.contact_page(draft, ORDER[ORDER.index(person) + 1])
        return self.payment_page(draft)

    def payment_page(self, draft):
        choices = "<br>\n".join(f'<input type="radio" name="Pay" value="{name}">{name}' for name in PAYMENTS)
        return self.wizard(
            draft,
            "payment",
            "選擇付款方式",
            f'<table border="1">\n<caption>付款方式</caption>\n{row("付款方式", choices)}{BUTTONS}\n</table>\n',
        )

    def take_payment(self, draft, request):
        if request.form["Pay"] not in PAYMENTS:
            draft["warning"] = "請選擇付款方式"
            return self.payment_page(draft)
        self.orders.append(
            Order(
                draft["kind"],
                request.index,
                draft["csr"],
                draft.get("software", ""),
                draft["passphrase"],
                request.form["Pay"],
                draft["same_as"],
                draft["contacts"],
            )
        )
        del self.drafts[draft["token"]]
        return self.show(
            "系統的回應訊息",
            f"""<h3>系統的回應訊息</h3>
<table border="1">
<caption>作業成功</caption>
<tr><td>申請編號：</td><td>S20261102{len(self.orders):03}</td></tr>
<tr><td>網站名稱：</td><td>{esc(subject(draft["csr"])["CN"])}</td></tr>
<tr><td colspan="2">CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件(E-Mail)通知您下載憑證事宜。<br>CA作業時間約需二個工作天。</td></tr>
</table>""",
        )

    # Query, download, renewal

    @at("/ssl/query")
    def query(self, request: Request):
        name = (request.form["DNS"] or request.query["DNS"]).strip()
        form = f"""<h3>憑證搜尋</h3>
<form action="/ssl/query" method="POST">
<table border="1">
{row("網站名稱", text("DNS", name) + "（如 www.abc.com.tw，大小寫需一致）")}<tr><td colspan="2" align="center"><input type="submit" value="搜尋"> <input type="reset" value="清除"></td></tr>
</table>
</form>
"""
        if not name:
            return self.show("憑證搜尋", form)
        found = self.found(name)
        if not found:
            return self.show("憑證搜尋", form + self.warning("查無此網站名稱之憑證資料"))
        tables = f"<p>共 {len(found)} 筆</p>\n"
        for record in found:
            lines = [("申請編號", record.number), ("一般名稱", esc(record.name)), ("憑證狀態", STATES[record.status])]
            if record.leaf:
                lines += [
                    ("有效期限", f"{record.start:%Y-%m-%d %H:%M:%S}.0<br>{record.end:%Y-%m-%d %H:%M:%S}.0"),
                    ("憑證等級", "TaiCA Secure Server"),
                    ("憑證內容", f"Country = TW<br>State = TAIWAN<br>Common Name = {esc(record.name)}"),
                    ("憑證序號", f"{record.serial} (0x{record.serial:x})"),
                ]
            if record.remark:
                lines.append(("備註", esc(record.remark)))
            rows = "".join(f'<tr><th align="left">{label}</th><td>{value}</td></tr>\n' for label, value in lines)
            if record.status == "valid":
                rows += '<tr><td colspan="2">' + "".join(
                    f'<form action="{action}" method="POST"><input type="hidden" name="Serial" value="{record.serial}"><input type="submit" value="{label}"></form>'
                    for action, label in (("/ssl/download", "下載憑證"), ("/ssl/renew", "更新憑證"))
                )
                rows += "</td></tr>\n"
            tables += f'<table border="1" width="600">\n<caption>{esc(record.name)} 是128位元伺服器憑證</caption>\n{rows}</table>\n<br>\n'
        return self.show("憑證搜尋", form + tables)

    def record_of(self, serial):
        return next((record for record in self.records if record.leaf and str(record.serial) == serial), None)

    @at("/ssl/download")
    def download(self, request: Request):
        record = self.record_of(request.form["Serial"])
        if not record:
            return self.failure("查無此憑證")
        authorities = "".join(
            f'<tr><td><a href="/ssl/file/{name}">{name}</a></td><td>{label}</td></tr>\n'
            for name, label in FILES.items()
        )
        return self.show(
            "下載已核發憑證作業",
            f"""<h3>下載已核發憑證作業</h3>
<table border="1">
<caption>{esc(record.name)}</caption>
<tr><th>檔案名稱</th><th>說明</th></tr>
<tr><td><a href="/ssl/file/ServerCert.cer?Serial={record.serial}">ServerCert.cer</a></td><td>伺服器憑證檔</td></tr>
{authorities}</table>
<p>※請確實將伺服器憑證檔及中繼憑證檔安裝於伺服器中</p>""",
        )

    @at("/ssl/file/ServerCert.cer")
    def server_file(self, request: Request):
        record = self.record_of(request.query["Serial"])
        if not record:
            return self.missing()
        return self.attachment(record.leaf.public_bytes(Encoding.DER), "ServerCert.cer")

    @at(*(f"/ssl/file/{name}" for name in FILES))
    def authority_file(self, request: Request):
        authority = pki_factory.authority()
        name = request.path.rpartition("/")[2]
        found = [*authority.chain, authority.root.certificate][list(FILES).index(name)]
        return self.attachment(found.public_bytes(Encoding.DER), name)

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        rows = "".join(
            f'<tr><th align="left">{label}</th><td><a href="/ssl/file/{name}">下載</a></td></tr>\n'
            for name, label in FILES.items()
        )
        return self.show(
            "中繼憑證與根憑證", f'<h3>下載「中繼憑證」與「根憑證」</h3>\n<table border="1">\n{rows}</table>'
        )

    @at("/ssl/renew")
    def renew(self, request: Request):
        record = self.record_of(request.form["Serial"])
        if not record:
            return self.failure("查無此憑證")
        draft = self.draft("renew")
        draft["record"] = record
        return self.renewal_page(draft)

    def renewal_page(self, draft):
        return self.wizard(
            draft,
            "renew",
            "更新憑證",
            f"""<table border="1">
<caption>{esc(draft["record"].name)}</caption>
<tr>
<td valign="top">輸入CSR資訊{MARK}：<br><small>注意複製的範圍應包括 &#34;BEGIN NEW CERTIFICATE REQUEST&#34; 到 &#34;END NEW CERTIFICATE REQUEST&#34; 的宣告文字。</small></td>
<td><textarea name="CSR" rows="15" cols="66" wrap="off"></textarea></td>
</tr>
<tr>
<td>輸入通行密碼{MARK}：<br><small>請將您之前申請伺服器憑證時提供的線上憑證更新、註銷用之通行密碼輸入到右邊的空欄中,注意文字大小寫。</small></td>
<td><input type="password" name="Pass" size="20"></td>
</tr>
{BUTTONS}
</table>
""",
        )

    def take_renewal(self, draft, request):
        record = draft["record"]
        if complaint := self.csr_complaint(request.form["CSR"]):
            return self.failure(complaint)
        if request.form["Pass"] != record.passphrase:
            draft["warning"] = "通行密碼錯誤"
            return self.renewal_page(draft)
        draft.update(csr=request.form["CSR"], passphrase=record.passphrase, contacts=record.contacts or OLD_CONTACTS)
        return self.contact_page(draft, "technical")

    # Revocation

    @at("/ssl/revoke")
    def revoke(self, request: Request):
        warning = ""
        form = request.form
        if request.method == "POST":
            valid = [record for record in self.found(form["DNS"]) if record.status == "valid"]
            matching = [record for record in valid if record.passphrase == form["Pass"]]
            if not valid:
                warning = "查無此網站名稱之有效憑證"
            elif not matching:
                warning = "通行密碼錯誤"
            elif len(matching) > 1 and not form["Serial"]:
                return self.revoke_choice(form, matching)
            else:
                chosen = next(record for record in matching if form["Serial"] in ("", str(record.serial)))
                self.revocations.append({"name": chosen.name, "serial": str(chosen.serial), "index": request.index})
                return self.show(
                    "憑證廢止",
                    f"""<h3>用戶註銷憑證申請</h3>
<table border="1">
<caption>已受理</caption>
<tr><th align="left">網站名稱</th><td>{esc(chosen.name)}</td></tr>
<tr><th align="left">憑證序號</th><td>{chosen.serial}</td></tr>
<tr><th align="left">公司大小章</th><td><br><br></td></tr>
</table>
<p>請列印本頁並押蓋公司大小章,傳真(02)23700728 辦理。</p>
<input type="button" value="列印" onclick="window.print()">""",
                )
        body = (
            row("網站名稱", text("DNS", form["DNS"]) + "（如 www.abc.com.tw，大小寫需一致）")
            + row("通行密碼", '<input type="password" name="Pass" size="20">')
            + BUTTONS
        )
        return self.show(
            "憑證廢止",
            f'<h3>憑證廢止</h3>\n{self.warning(warning)}<form action="/ssl/revoke" method="POST">\n<table border="1">\n<caption>註銷憑證線上作業</caption>\n'
            f"{body}\n</table>\n</form>\n<p>仍須先填寫好用戶註銷憑證申請單,郵寄或傳真至本公司。</p>",
        )

    def revoke_choice(self, form, records):
        rows = "".join(
            f'<tr><td><input type="radio" name="Serial" value="{record.serial}">{record.serial}</td><td>{record.end:%Y-%m-%d %H:%M:%S}.0</td></tr>\n'
            for record in records
        )
        return self.show(
            "憑證廢止",
            f"""<h3>請選擇欲廢止之憑證</h3>
<form action="/ssl/revoke" method="POST">
<input type="hidden" name="DNS" value="{esc(form["DNS"])}">
<input type="hidden" name="Pass" value="{esc(form["Pass"])}">
<table border="1">
<tr><th>憑證序號</th><th>有效期限</th></tr>
{rows}{BUTTONS}
</table>
</form>""",
        )
