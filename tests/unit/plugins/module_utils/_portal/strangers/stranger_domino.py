# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lotus Domino of 2003: documents with universal ids, buttons that only set __Click, one long form with a section's name down its side, Big5."""

from __future__ import annotations

import hashlib
import re
import secrets
import urllib.parse

import pki_factory
from stranger_office import FIELDS, PERSONS, Form, Office, Order, Reply, Request, at, esc, gather, subject

ITEMS = dict(zip(FIELDS, "Name Title Corp UnifyNo City Addr Zip Tel Fax Mail".split()))
PREFIXES = {"technical": "Tech", "business": "Sales", "billing": "Acct"}
TITLES = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
COLORS = {"technical": "#CCFFCC", "business": "#FFFFCC", "billing": "#FFCCCC"}
CITIES = (
    "台北市 新北市 基隆市 桃園市 新竹市 新竹縣 苗栗縣 台中市 彰化縣 南投縣 雲林縣 嘉義市 嘉義縣 台南市 高雄市 屏東縣 宜蘭縣 "
    "花蓮縣 台東縣 澎湖縣 金門縣 連江縣"
).split()
VENDORS = ["Apache", "Lotus Domino", "Microsoft IIS", "Netscape Enterprise", "其他"]
PAYMENTS = ["銀行匯款", "電匯", "劃撥", "即期支票"]
SAME = {"1": "technical", "2": "business", "3": ""}
STATES = {"valid": "有效", "pending": "處理中", "rejected": "不核准", "revoked": "已註銷", "expired": "逾期"}
SUBJECT = [
    ("CN", "一般名稱"),
    ("O", "組織"),
    ("OU", "組織單位"),
    ("L", "城市/位置"),
    ("ST", "州/省"),
    ("C", "國別"),
    ("bits", "適用之安全強度(bits)"),
]
NSF = "/ssl/web.nsf"
CLICKS = {
    "apply": "48256C3E0033F2A1.8a1f3d7c5b2e9f0148256ce4000a7b11/$Body/0.1A2C",
    "fill": "48256C3E0033F2A1.0c7be0b2d4f148ac48256ce4000b9d20/$Body/0.4F9E",
    "query": "48256C3E0033F2A1.2f9a90cc0af74d1648256ce4000be4d3/$Body/0.6B8",
    "renew": "48256C3E0033F2A1.b1e6d12fe3a9c05748256ce4000c1f42/$Body/0.1D30",
    "revoke": "48256C3E0033F2A1.5d4c1be77a3b60f948256ce4000c8e07/$Body/0.9EA",
}


def font(text, size=2, more=""):
    return f'<font size="{size}" face="新細明體"{more}>{text}</font>'


def red(text):
    return f'<font color="#FF0000">{text}</font>'


def clock(time):
    """How Notes writes a time in Taiwan."""
    return f"{time:%Y/%m/%d} {'上午' if time.hour < 12 else '下午'} {(time.hour - 1) % 12 + 1:02}:{time:%M:%S}"


def unid(*parts):
    return hashlib.md5(repr(parts).encode(), usedforsecurity=False).hexdigest().upper()


def section(title, color, cells):
    """Rows of a two-column table: the section's title over all of them, and the cells."""
    head = f'<td width="15%" rowspan="{len(cells)}" bgcolor="{color}" align="center" valign="middle"><b>{font(title)}</b></td>'
    return "".join(
        f'<tr valign="top">{head if number == 0 else ""}<td width="85%">{cell}</td></tr>\n'
        for number, cell in enumerate(cells)
    )


def table(*sections):
    return f'<table width="90%" border="1" cellspacing="0" cellpadding="3">\n{"".join(sections)}</table>'


def field(name, value="", size=30, limit="", kind=""):
    more = f" maxlength={limit}" if limit else ""
    return f'<input{" type=" + kind if kind else ""} name="{name}" value="{esc(value)}" size={size}{more}>'


def keyword(name, options, chosen=""):
    """A dialogue list, with the hidden companion that Domino adds."""
    lines = "".join(f"<option{' selected' if one == chosen else ''}>{one}" for one in ["", *options])
    return f'<input type="hidden" name="%%Surrogate_{name}" value="1"><select name="{name}">\n{lines}</select>'


def radios(name, options, chosen=""):
    lines = "".join(
        f'<input type="radio" name="{name}" value="{value}"{" checked" if value == chosen else ""}>{font(text)}\n'
        for value, text in options
    )
    return f'<input type="hidden" name="%%Surrogate_{name}" value="1">{lines}'


def button(action, text):
    return f"""<input type="button" onClick="return _doClick('{CLICKS[action]}', this, null)" value="{text}">"""


class Paths(dict):
    """The routes, and those with a document's id in them."""

    def __init__(self, routes, patterns):
        super().__init__(routes)
        self.patterns = patterns

    def get(self, path, default=None):
        path = urllib.parse.unquote(path)
        if path in self:
            return self[path]
        for pattern, handler in self.patterns:
            if match := re.fullmatch(pattern, path):
                return lambda request, handler=handler, match=match: handler(request, *match.groups())
        return default


class Domino(Office):
    codec = "cp950"
    content_type = "text/html; charset=Big5"

    def __init__(self):
        super().__init__()
        self.drafts: dict[str, dict] = {}
        key = "([0-9A-Fa-f]{32})"
        self.routes = Paths(
            self.routes,
            [
                (rf"{NSF}/vwByName/{key}", self.certificate),
                (rf"{NSF}/vwByName/{key}/\$FILE/ServerCert\.cer", self.certificate_file),
                (rf"{NSF}/vwDraft/{key}", self.draft),
                (rf"{NSF}/vwCA/{key}/\$FILE/.*", self.authority_file),
            ],
        )

    # What Domino makes of a form, a page and an error

    def show(self, title, body, action=""):
        script = ""
        if action:
            script = """<script language="JavaScript" type="text/javascript">
<!--
document._domino_target = "_self";
function _doClick(v, o, t, h) {
  var form = document._frm;
  if (form.onsubmit) {
    var retVal = form.onsubmit();
    if (typeof retVal == "boolean" && retVal == false)
      return false;
  }
  var target = document._domino_target;
  if (o.href != null) {
    if (o.target != null)
      target = o.target;
  } else {
    if (t != null)
      target = t;
  }
  form.target = target;
  form.__Click.value = v;
  if (h != null)
    form.action += h;
  form.submit();
  return false;
}
// -->
</script>
"""
            body = f'<form method="post" action="{action}" name="_frm">\n<input type="hidden" name="__Click" value="0">\n{body}\n</form>'
        return self.page(f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<html>
<head>
<title>{title}</title>
<meta http-equiv="Content-Type" content="text/html; charset=Big5">
{script}</head>
<body text="#000000" bgcolor="#FFFFFF">
<table width="100%" border="0"><tr><td bgcolor="#003366"><b>{font("TWCA 臺灣網路認證", 4, ' color="#FFFFFF"')}</b></td></tr>
<tr><td>{font(f'<a href="{NSF}?OpenDatabase">首頁</a> | <a href="{NSF}/service?OpenPage">憑證服務</a> | <a href="{NSF}/sslmain?OpenPage">SSL 伺服器憑證</a>')}</td></tr></table>
<div align="center"><b>{font(title, 4, ' color="#0000FF"')}</b></div><br>
{body}
</body>
</html>""")

    def sorry(self, text):
        return self.show(
            "資料輸入錯誤",
            f'<div align="center">{font(red(esc(text)), 3)}<p><a href="javascript:history.back()">{font("回上一頁")}</a></div>',
        )

    def processed(self, request: Request, action) -> Reply | None:
        """Domino stores a form sent without its button, and runs nothing."""
        if request.form["__Click"] == CLICKS[action]:
            return None
        return self.page("<html><head></head><body><h1>表單已處理</h1></body></html>")

    # Pages

    @at("/", "/ssl")
    def entry(self, request: Request):
        return self.redirect(f"{NSF}?OpenDatabase")

    @at(NSF, NSF + "/", NSF + "/home")
    def home(self, request: Request):
        return self.show(
            "臺灣網路認證公司",
            f'<ul type="square"><li>{font("最新消息")}<li><a href="{NSF}/service?OpenPage">{font("憑證服務")}</a>'
            f'<li><a href="{NSF}/service?OpenPage">{font("客服專區")}</a><li>{font("下載中心")}</ul>',
        )

    @at(NSF + "/service")
    def service(self, request: Request):
        return self.show(
            "客服專區",
            f'<ul><li><a href="{NSF}/sslmain?OpenPage">{font("SSL 伺服器憑證")}</a><li>{font("個人憑證")}</ul>',
        )

    @at(NSF + "/sslmain")
    def sslmain(self, request: Request):
        items = [
            ("憑證申請", "guide?OpenPage"),
            ("憑證搜尋", "query?OpenForm"),
            ("憑證廢止", "revoke?OpenForm"),
            ("中繼憑證與根憑證下載", "vwCA?OpenView"),
        ]
        return self.show(
            "SSL 伺服器憑證",
            "".join(
                f'<img src="/icons/vwicn010.gif" border="0" alt=""><a href="{NSF}/{target}">{font(text, 3)}</a><br>\n'
                for text, target in items
            )
            + font("※ 更新(展期)憑證、下載憑證,請先至「憑證搜尋」查詢 貴公司之憑證。"),
        )

    @at(NSF + "/guide")
    def guide(self, request: Request):
        steps = [
            "[步驟 1 填寫憑證申請單]",
            "[步驟 2 產生憑證申請檔(CSR)]",
            "[步驟 3 郵寄或傳真書面資料]",
            f'<a href="{NSF}/apply?OpenForm">[步驟 4 傳送憑證申請檔與線上填寫註冊資料]</a>',
        ]
        return self.show("憑證申請", table(section("申請步驟", "#CCCCFF", [font(step) for step in steps])))

    # Application and renewal

    @at(NSF + "/apply")
    def apply(self, request: Request):
        if request.method == "GET":
            cells = [
                font("請將憑證申請檔(CSR)的內容複製,貼在下面的文字方塊內,再按「確定」。"),
                '<textarea name="CSR" rows="12" cols="66" wrap="off"></textarea>',
            ]
            body = table(section("憑證申請檔", "#CCCCFF", cells))
            return self.show(
                "傳送憑證申請檔",
                f'{body}<div align="center">{button("apply", "確定")} <input type="reset" value="清除重填"></div>',
                f"{NSF}/apply?OpenForm&amp;Seq=1",
            )
        if reply := self.processed(request, "apply"):
            return reply
        if complaint := self.csr_complaint(request.form["CSR"]):
            return self.sorry(complaint)
        return self.new_draft({"kind": "apply", "csr": request.form["CSR"], "contacts": {}})

    def new_draft(self, draft):
        key = secrets.token_hex(16).upper()
        self.drafts[key] = draft
        return self.redirect(f"{NSF}/vwDraft/{key}?EditDocument")

    @at(NSF + "/renew")
    def renew(self, request: Request):
        record = self.document(request.query["ParentUNID"])
        if request.method == "GET":
            body = table(
                section(
                    "輸入CSR資訊",
                    "#CCCCFF",
                    [
                        font(f"網站名稱: {record.name}"),
                        font(
                            '請將CSR檔案中的內容複製到下面的空欄中,範圍應包括 "BEGIN NEW CERTIFICATE REQUEST" 到 "END NEW CERTIFICATE REQUEST" 的宣告文字。'
                        ),
                        '<textarea name="CSR" rows="12" cols="66" wrap="off"></textarea>',
                    ],
                ),
                section(
                    "輸入通行密碼",
                    "#FFCC99",
                    [f"{font('通行密碼')} {field('PassPhrase', kind='password', size=20)}{font('(注意文字大小寫)')}"],
                ),
            )
            return self.show(
                "更新憑證",
                f'{body}<div align="center">{button("renew", "繼續")} <input type="reset" value="重設"></div>',
                f"{NSF}/renew?OpenForm&amp;ParentUNID={request.query['ParentUNID']}&amp;Seq=1",
            )
        if reply := self.processed(request, "renew"):
            return reply
        if complaint := self.csr_complaint(request.form["CSR"]):
            return self.sorry(complaint)
        if request.form["PassPhrase"] != record.passphrase:
            return self.sorry("通行密碼錯誤")
        return self.new_draft(
            {
                "kind": "renew",
                "csr": request.form["CSR"],
                "contacts": record.contacts,
                "passphrase": request.form["PassPhrase"],
            }
        )

    def draft(self, request: Request, key):
        if key not in self.drafts:
            return self.page(
                "<html><body><h1>HTTP Web Server: Lotus Notes Exception - Invalid or nonexistent document</h1></body></html>",
                404,
            )
        draft = self.drafts[key]
        if draft.get("done"):
            return self.show(
                "系統的回應訊息",
                table(
                    section(
                        "作業成功",
                        "#CCFFCC",
                        [
                            font(
                                "CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件 (E-Mail)通知您下載憑證事宜。"
                            ),
                            font("CA作業時間約需二個工作天。"),
                        ],
                    )
                ),
            )
        if request.method == "GET":
            return self.show(
                "填寫註冊資料" if draft["kind"] == "apply" else "確認及更新註冊資料",
                self.long_form(draft),
                f"{NSF}/vwDraft/{key}?EditDocument&amp;Seq=1",
            )
        if reply := self.processed(request, "fill"):
            return reply
        if complaint := self.store(request, draft):
            return self.sorry(complaint)
        return self.redirect(f"{NSF}/vwDraft/{key}?OpenDocument")

    def long_form(self, draft):
        parts = subject(draft["csr"])
        sections = [section("檢查CSR內容", "#CCCCFF", [font(f"{text}: {esc(parts[key])}") for key, text in SUBJECT])]
        star = red("*")
        if draft["kind"] == "apply":
            cells = [
                f"{star}{font('伺服器軟體廠商:')}{keyword('Vendor', VENDORS)}<br>{font('如果不在清單中,請選擇其他。', 1)}",
                f"{star}{font('通行密碼:(至少六碼)')}{field('PassPhrase', kind='password', size=20)}",
                f"{star}{font('再輸入一次密碼以確認:')}{field('PassPhrase_1', kind='password', size=20)}",
            ]
            sections.append(section("輸入伺服器資訊", "#FFCC99", cells))
        for person in PERSONS:
            known, prefix = draft["contacts"].get(person, {}), PREFIXES[person]

            def cell(name, text, size=30, limit="", known=known, prefix=prefix):
                return f"{star}{font(text + ':')}{field(prefix + ITEMS[name], known.get(name, ''), size, limit)}"

            cells = [cell("name", "姓名", 16), cell("title", "職稱", 16), cell("company", "公司", 40)]
            if person == "billing":
                options = [("1", "與技術聯絡人相同"), ("2", "與業務聯絡人相同"), ("3", "兩者皆否")]
                cells.insert(0, radios("AcctSame", options, "3"))
            else:
                cells.append(cell("tax_id", "公司統一編號", 10, 8))
            cells += [
                f"{star}{font('通訊地址:')}{keyword(prefix + 'City', CITIES, known.get('city', ''))}{field(prefix + 'Addr', known.get('address', ''), 44)}<br>"
                f"{star}{font('郵遞區號:')}{field(prefix + 'Zip', known.get('postal_code', ''), 6, 6)}",
                cell("phone", "聯絡電話", 20),
                cell("fax", "傳真號碼", 20),
                cell("email", "電子郵件地址", 40),
            ]
            sections.append(section(TITLES[person], COLORS[person], cells))
        sections.append(section("付款方式", "#DDDDDD", [radios("PayType", [(name, name) for name in PAYMENTS])]))
        return (
            font(
                f"請務必全部填寫,不可留空白(必須與申請單所填內容相符;若為數字內容請採用阿拉伯數字方式填寫)。{star}為必填欄位。"
            )
            + table(*sections)
            + f'<div align="center"><input type="button" value="回上頁" onClick="history.back()"> {button("fill", "繼續")} <input type="reset" value="重設"></div>'
        )

    def store(self, request: Request, draft):
        form: Form = request.form
        passphrase = draft.get("passphrase", "")
        if draft["kind"] == "apply":
            passphrase = form["PassPhrase"]
            if form["Vendor"] not in VENDORS:
                return "請選擇伺服器軟體廠商"
            if len(passphrase) < 6 or passphrase != form["PassPhrase_1"]:
                return "通行密碼不足六碼,或兩次輸入不同"
        same = SAME.get(form["AcctSame"], "")
        contacts = {person: gather(form, prefix, ITEMS) for person, prefix in PREFIXES.items()}
        if same:
            contacts["billing"] = dict(contacts[same])
        for person, contact in contacts.items():
            if complaint := self.contact_complaint(contact, tax_id=person != "billing"):
                return f"{TITLES[person]}: {complaint}"
        if form["PayType"] not in PAYMENTS:
            return "請選擇付款方式"
        draft["done"] = True
        self.orders.append(
            Order(
                draft["kind"], request.index, draft["csr"], form["Vendor"], passphrase, form["PayType"], same, contacts
            )
        )
        return ""

    # Search and download

    def key(self, record):
        return unid("certificate", self.position(record))

    def document(self, key):
        return next(record for record in self.records if self.key(record) == key.upper())

    @at(NSF + "/query")
    def query(self, request: Request):
        if request.method == "GET":
            cell = f"{font('網站名稱:')}{field('SiteName')}<br>{font('如 www.abc.com.tw (注意,大小寫需一致)', 1)}"
            return self.show(
                "憑證搜尋",
                table(section("查詢條件", "#CCCCFF", [cell])) + f'<div align="center">{button("query", "搜尋")}</div>',
                f"{NSF}/query?OpenForm&amp;Seq=1",
            )
        if reply := self.processed(request, "query"):
            return reply
        name = urllib.parse.quote(request.form["SiteName"].strip(), encoding=self.codec, errors="replace")
        return self.redirect(f"{NSF}/vwByName?OpenView&RestrictToCategory={name}")

    def view(self, request: Request, name, categories, opened):
        """Categories with twisties, and their documents."""
        extra = request.query.get("RestrictToCategory")
        base = f"{NSF}/{name}?OpenView" + (f"&amp;RestrictToCategory={urllib.parse.quote(extra)}" if extra else "")
        body = ""
        for number, (category, links) in enumerate(categories.items(), 1):
            wide = (opened or request.query["Expand"] == str(number)) and request.query["Collapse"] != str(number)
            verb, icon, alt = ("Collapse", "collapse", "隱藏詳細資料") if wide else ("Expand", "expand", "顯示詳細資料")
            body += (
                f'<a name="{number}"></a><a href="{base}&amp;{verb}={number}#{number}" target="_self"><img src="/icons/{icon}.gif" border="0" height="16" '
                f'width="16" alt="{alt} {category}"></a><b>{font(category, 2)}</b><br>\n'
            )
            for link in links if wide else ():
                body += f'<img src="/icons/ecblank.gif" border="0" height="1" width="32" alt="">{link}<br>\n'
        return body

    @at(NSF + "/vwByName")
    def by_name(self, request: Request):
        found = self.found(request.query["RestrictToCategory"])
        if not found:
            return self.show("憑證搜尋結果", f"<h2>{font('找不到文件')}</h2>{font('查無此網站名稱之憑證')}")
        categories: dict[str, list[str]] = {}
        for record in found:
            period = f" ({clock(record.start)} - {clock(record.end)})" if record.leaf else ""
            categories.setdefault(STATES[record.status], []).append(
                f'<a href="{NSF}/vwByName/{self.key(record)}?OpenDocument">{font(record.name + period)}</a>'
            )
        return self.show("憑證搜尋結果", self.view(request, "vwByName", categories, True))

    def certificate(self, request: Request, key):
        record = self.document(key)
        cells = [f"一般名稱: {record.name}", f"憑證狀態: {STATES[record.status]}"]
        if record.leaf:
            cells += [
                f"有效期限: {clock(record.start)} 至 {clock(record.end)}",
                "憑證等級: TaiCA Secure Server",
                f"憑證內容: Country = TW<br>Organization = Shop<br>Common Name = {record.name}",
                f"憑證序號: {record.serial}",
            ]
        else:
            cells.append(f"申請編號: {record.number}")
        if record.remark:
            cells.append(f"不核准原因: {record.remark}")
        links = ""
        if record.status == "valid":
            links = (
                f'<a href="{NSF}/vwByName/{key}/$FILE/ServerCert.cer"><img src="/icons/actn016.gif" border="0" alt="">{font("下載憑證")}</a>&nbsp;'
                f'<a href="{NSF}/renew?OpenForm&amp;ParentUNID={key}"><img src="/icons/actn004.gif" border="0" alt="">{font("更新憑證")}</a><hr>'
            )
        return self.show("憑證詳細資料", links + table(section("解說", "#CCCCFF", [font(cell) for cell in cells])))

    def certificate_file(self, request: Request, key):
        return Reply(pki_factory.der(self.document(key).leaf), "application/octet-stream")

    AUTHORITIES = (
        ("中繼憑證", "TaiCASecureCA_Prod_SSLServerCA.cer"),
        ("中繼憑證", "TWCACyberRoot.cer"),
        ("根憑證", "GTECyberTrustGlobalRootProd.cer"),
    )

    @at(NSF + "/vwCA")
    def authorities(self, request: Request):
        categories: dict[str, list[str]] = {}
        for number, (category, name) in enumerate(self.AUTHORITIES):
            categories.setdefault(category, []).append(
                f'<a href="{NSF}/vwCA/{unid("authority", number)}/$FILE/{name}">{font(name)}</a>'
            )
        return self.show("中繼憑證與根憑證下載", self.view(request, "vwCA", categories, "ExpandView" in request.query))

    def authority_file(self, request: Request, key):
        authority = pki_factory.authority()
        certificates = [*authority.chain, authority.root.certificate]
        number = next(number for number in range(len(certificates)) if unid("authority", number) == key.upper())
        return Reply(pki_factory.der(certificates[number]), "application/octet-stream")

    @at("/pro_sslser.asp")
    def former(self, request: Request):
        return self.redirect(f"{NSF}/vwCA?OpenView&ExpandView")

    # Revocation

    @at(NSF + "/revoke")
    def revoke(self, request: Request):
        if request.method == "GET":
            cells = [
                font("仍須先填寫好用戶註銷憑證申請單,郵寄或傳真至本公司。"),
                f"{red('*')}{font('網站名稱:')}{field('SiteName')}{font('(注意,大小寫需一致)', 1)}",
                f"{red('*')}{font('通行密碼:')}{field('PassPhrase', kind='password', size=20)}",
            ]
            return self.show(
                "憑證廢止",
                table(section("憑證廢止", "#FFCCCC", cells)) + f'<div align="center">{button("revoke", "確定")}</div>',
                f"{NSF}/revoke?OpenForm&amp;Seq=1",
            )
        if reply := self.processed(request, "revoke"):
            return reply
        found = [record for record in self.found(request.form["SiteName"]) if record.status == "valid"]
        if not found or found[-1].passphrase != request.form["PassPhrase"]:
            return self.sorry("網站名稱或通行密碼錯誤")
        self.revocations.append({"name": found[-1].name, "index": request.index})
        return self.show(
            "系統的回應訊息",
            font("已接受您的憑證廢止申請,待認證中心予以確認。")
            + "<p>"
            + font("請列印本頁,押蓋公司大小章後,傳真(02)23700728 辦理。"),
        )
