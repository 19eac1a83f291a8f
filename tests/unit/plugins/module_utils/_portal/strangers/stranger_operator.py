# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An operator's CGI of 1998: Big5, one address for all pages, a ticket instead of cookies, unclosed tags, one contact a page, results in PRE."""

from __future__ import annotations

import secrets

import pki_factory
from cryptography.hazmat.primitives.serialization import Encoding
from stranger_office import PERSONS, Office, Order, Request, at, esc, gather, subject

CGI = "/cgi-bin/ssl.exe"
NAMES = dict(
    zip(
        "name title company tax_id city address postal_code phone fax email".split(),
        "CNAME TITLE COMPANY TAXID CITY ADDR ZIP TEL FAX EMAIL".split(),
    )
)
LABELS = {
    "name": "姓名",
    "title": "職稱",
    "company": "公司",
    "tax_id": "公司統一編號",
    "address": "通訊地址",
    "phone": "聯絡電話",
    "fax": "傳真號碼",
    "email": "電子郵件地址",
}
SIZES = {"name": 20, "title": 20, "company": 40, "tax_id": 8, "phone": 20, "fax": 20, "email": 40}
CITIES = (
    "台北市 新北市 基隆市 桃園市 新竹市 新竹縣 苗栗縣 台中市 彰化縣 南投縣 雲林縣 "
    "嘉義市 嘉義縣 台南市 高雄市 屏東縣 宜蘭縣 花蓮縣 台東縣 澎湖縣 金門縣 連江縣"
).split()
SOFTWARE = (
    "Apache",
    "Apache Tomcat",
    "IBM HTTP Server",
    "Lotus Domino",
    "Microsoft IIS",
    "Microsoft IIS 5.0",
    "Netscape Enterprise Server",
    "Oracle",
    "其他",
)
PAYMENTS = {"C": "支票", "R": "匯款", "G": "郵政劃撥", "P": "現金"}
STATES = {"valid": "有效", "pending": "審核中", "rejected": "退件", "revoked": "已註銷", "expired": "過期"}
TITLES = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
PAGES = {"technical": "tech", "business": "biz", "billing": "bill"}
HELP = {
    "technical": (
        "請輸入本公司寄送SSL伺服器憑證給您時的技術聯絡人資訊於下表。舉例來說,此人可以是您的網站管理者,"
        "或是您網路撥接商的技術支援人員。當網頁伺服器的安全出現顧慮時,此技術聯絡人有通知本公司的義務。"
    ),
    "business": (
        "請輸入 貴公司負責SSL伺服器憑證業務聯絡人資訊於下表。請注意業務聯絡人必須為 貴公司組織內之一份子。"
        "業務聯絡人與技術聯絡人應由不同人員擔任,您應該分別指定。"
    ),
    "billing": "請輸入 貴公司的帳務處理聯絡人員資訊於下表。舉例來說,該人可以是 貴公司會計或是財務主管。",
}
SAME = {"T": "technical", "B": "business"}
SUBJECT = (
    ("一般名稱", "CN"),
    ("組織", "O"),
    ("組織單位", "OU"),
    ("城市/位置", "L"),
    ("州/省", "ST"),
    ("國別", "C"),
    ("適用之安全強度(bits)", "bits"),
)


class Operator(Office):
    codec = "cp950"
    content_type = "text/html"  # the charset is only in the page

    def __init__(self):
        super().__init__()
        self.tickets: dict[str, dict] = {}

    def show(self, title, body, error=""):
        errors = f'<CENTER><FONT COLOR="#FF0000" SIZE=+1><B>※ {error}</B></FONT></CENTER><P>' if error else ""
        return self.page(f"""<HTML>
<HEAD>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=big5">
<TITLE>TaiCA - {title}</TITLE>
</HEAD>
<BODY BGCOLOR=#FFFFFF TEXT=#000000 LINK=#0000FF>
<CENTER><FONT SIZE=+2 COLOR=#003399 FACE="標楷體"><B>{title}</B></FONT></CENTER>
<HR WIDTH=90% SIZE=3 NOSHADE>
{errors}{body}
<P><HR>
<CENTER><FONT SIZE=-1>[<A HREF="{CGI}?page=home">回首頁</A>] [<A HREF="{CGI}?page=ssl">SSL 伺服器憑證</A>]
<BR>台灣網路認證股份有限公司 電話:(02)2370-8886 傳真:(02)2370-0728
<BR>建議使用 Netscape 4.0 或 IE 4.0 以上瀏覽器,解析度 800x600</FONT></CENTER>
</BODY>
</HTML>
""")

    def form(self, page, ticket, body):
        return f'<FORM ACTION="{CGI}?page={page}" METHOD=POST>\n<INPUT TYPE=hidden NAME=TICKET VALUE="{ticket}">\n{body}\n</FORM>'

    def open_ticket(self, **have):
        ticket = secrets.token_hex(6).upper()
        self.tickets[ticket] = {"contacts": {}, **have}
        return ticket

    @at("/")
    def root(self, request: Request):
        return self.home(request)

    @at("/pro_sslser.asp")
    def authorities(self, request: Request):
        return self.roots(request)

    @at(CGI)
    def cgi(self, request: Request):
        page = request.query["page"]
        readers = {
            "home": self.home,
            "support": self.support,
            "ssl": self.ssl,
            "guide": self.guide,
            "csr": self.csr,
            "search": self.search,
            "list": self.listing,
            "renew": self.renew,
            "download": self.download,
            "file": self.file,
            "root": self.roots,
            "revoke": self.revoke,
            "revoke2": self.revoke_confirm,
            "revoke3": self.revoked,
        }
        steps = {
            "csr2": self.csr_content,
            "csr3": self.server,
            "server": self.server_done,
            "renew2": self.renew_check,
            "pay": self.pay_done,
            "send": self.send,
            **dict.fromkeys(PAGES.values(), self.contact_done),
        }
        if page in readers:
            return readers[page](request)
        if page not in steps:
            return self.missing()
        if request.method != "POST" or request.form["TICKET"] not in self.tickets:
            return self.show("錯誤", "<P>作業逾時,請重新開始。", "作業失敗")
        return steps[page](request)

    # Menus

    def home(self, request: Request):
        return self.show(
            "台灣網路認證公司",
            f"""<CENTER><FONT SIZE=+1>歡迎光臨</FONT>
<P><A HREF="{CGI}?page=about">公司簡介</A> | <A HREF="{CGI}?page=support">客服專區</A> | <A HREF="{CGI}?page=support">憑證服務</A> |
<A HREF="{CGI}?page=forms">下載中心</A></CENTER>""",
        )

    def support(self, request: Request):
        return self.show(
            "客服專區",
            f"""<UL>
<LI><A HREF="{CGI}?page=ssl"><FONT COLOR=#CC0000>SSL 伺服器憑證</FONT></A>
<LI><A HREF="{CGI}?page=personal">個人憑證</A>
<LI><A HREF="{CGI}?page=faq">常見問題</A>
</UL>""",
        )

    def ssl(self, request: Request):
        return self.show(
            "SSL 伺服器憑證",
            f"""<CENTER>
<A HREF="{CGI}?page=guide">憑證申請</A><BR>
<A HREF="{CGI}?page=search">憑證搜尋</A><BR>
<A HREF="{CGI}?page=search">憑證更新</A><BR>
<A HREF="{CGI}?page=revoke">憑證廢止</A><BR>
<A HREF="{CGI}?page=root">中繼憑證與根憑證下載</A>
</CENTER>""",
        )

    def guide(self, request: Request):
        return self.show(
            "憑證申請",
            f"""<OL>
<LI><A HREF="{CGI}?page=forms">步驟 1 填寫憑證申請單並傳真至本公司</A>
<LI><A HREF="{CGI}?page=faq">步驟 2 備妥書面文件</A>
<LI><A HREF="{CGI}?page=faq">步驟 3 產生憑證申請檔(CSR)</A>
<LI><A HREF="{CGI}?page=csr">步驟 4 傳送憑證申請檔與線上填寫註冊資料</A>
</OL>""",
        )

    # Application

    def csr(self, request: Request, error=""):
        return self.show(
            "傳送憑證申請檔",
            self.form(
                "csr2",
                self.open_ticket(kind="apply"),
                """<FONT COLOR=#006600>請將 CSR 檔案中的內容複製,貼在下面的文字方塊內,
複製的範圍應包括 "BEGIN NEW CERTIFICATE REQUEST" 到 "END NEW CERTIFICATE REQUEST" 的宣告文字。</FONT>
<DL>
<DT>憑證申請檔(CSR):
<DD><TEXTAREA NAME=CSR ROWS=12 COLS=66 WRAP=off></TEXTAREA>
</DL>
<CENTER><INPUT TYPE=submit VALUE="確定"> <INPUT TYPE=reset VALUE="重設"></CENTER>""",
            ),
            error,
        )

    def csr_content(self, request: Request):
        if complaint := self.csr_complaint(request.form["CSR"]):
            return self.csr(request, f"{complaint},請與本公司相關作業人員聯繫。")
        ticket = request.form["TICKET"]
        self.tickets[ticket]["csr"] = request.form["CSR"]
        parts = subject(request.form["CSR"])
        lines = "\n".join(f"<DT>{label}\n<DD><B>{esc(parts[key])}</B>" for label, key in SUBJECT)
        return self.show(
            "檢查CSR內容",
            f"""<P>您的CSR內容如下,如有錯誤請重新產製 CSR;正確無誤請按「確認」。
<DL>
{lines}
</DL>
{self.form("csr3", ticket, '<CENTER><INPUT TYPE=submit VALUE="確認"></CENTER>')}""",
        )

    def server(self, request: Request, error=""):
        options = "\n".join(f"<OPTION>{name}" for name in SOFTWARE)
        return self.show(
            "輸入伺服器資訊",
            self.form(
                "server",
                request.form["TICKET"],
                f"""<DL>
<DT>伺服器軟體廠商: <FONT SIZE=-1>(如果不在清單中,請選擇其他)</FONT>
<DD><SELECT NAME=SERVER>
{options}
</SELECT>
<DT>通行密碼:(至少六碼)
<DD><INPUT TYPE=password NAME=PASSWD SIZE=20>
<DT>再輸入一次密碼以確認:
<DD><INPUT TYPE=password NAME=PASSWD2 SIZE=20>
</DL>
<FONT SIZE=-1>當您申請、更新或註銷此SSL伺服器憑證時都需使用到這個通行密碼。</FONT>
<CENTER><INPUT TYPE=submit VALUE="下一步"> <INPUT TYPE=reset VALUE="重填"></CENTER>""",
            ),
            error,
        )

    def server_done(self, request: Request):
        if len(request.form["PASSWD"]) < 6:
            return self.server(request, "通行密碼至少六碼")
        if request.form["PASSWD"] != request.form["PASSWD2"]:
            return self.server(request, "兩次輸入之通行密碼不符")
        if request.form["SERVER"] not in SOFTWARE:
            return self.server(request, "請選擇伺服器軟體廠商")
        self.tickets[request.form["TICKET"]].update(software=request.form["SERVER"], passphrase=request.form["PASSWD"])
        return self.contact(request, "technical")

    def contact(self, request: Request, person, error=""):
        ticket = request.form["TICKET"]
        have = self.tickets[ticket]
        value = have["contacts"].get(person, {})

        def item(field):
            if field == "tax_id" and person == "billing":
                return ""
            return (
                f"<DT>{LABELS[field]}\n<DD><INPUT TYPE=text NAME={NAMES[field]} SIZE={SIZES[field]} "
                f'VALUE="{esc(value.get(field, ""))}">\n'
            )

        cities = "".join(
            f'<OPTION VALUE="{city}"{" SELECTED" if city == value.get("city") else ""}>{city}\n' for city in CITIES
        )
        same = ""
        if person == "billing":
            chosen = have.get("same_as", "")
            radios = "\n".join(
                f"<INPUT TYPE=radio NAME=SAME VALUE={code}{' CHECKED' if SAME.get(code, '') == chosen else ''}>{label}"
                for code, label in (("T", "與技術聯絡人相同"), ("B", "與業務聯絡人相同"), ("N", "兩者皆否"))
            )
            same = f"<CENTER>{radios}</CENTER>"
        return self.show(
            "填寫聯絡人資料",
            f"""<H3>請輸入{TITLES[person]}資訊</H3>
<FONT SIZE=-1>{HELP[person]}</FONT>
"""
            + self.form(
                PAGES[person],
                ticket,
                f"""{same}
<DL>
{item("name")}{item("title")}{item("company")}{item("tax_id")}<DT>通訊地址
<DD><SELECT NAME=CITY>
<OPTION VALUE="">請選擇
{cities}</SELECT>
<INPUT TYPE=text NAME=ADDR SIZE=40 VALUE="{esc(value.get("address", ""))}">
郵遞區號:<INPUT TYPE=text NAME=ZIP SIZE=6 MAXLENGTH=6 VALUE="{esc(value.get("postal_code", ""))}">
{item("phone")}{item("fax")}{item("email")}</DL>
<CENTER><INPUT TYPE=submit VALUE="下一步"> <INPUT TYPE=reset VALUE="重填"></CENTER>""",
            ),
            error,
        )

    def contact_done(self, request: Request):
        have = self.tickets[request.form["TICKET"]]
        person = next(person for person, page in PAGES.items() if page == request.query["page"])
        contact = gather(request.form, "", NAMES)
        if person == "billing":
            have["same_as"] = SAME.get(request.form["SAME"], "")
            if have["same_as"]:
                contact = have["contacts"][have["same_as"]]
        have["contacts"] = {**have["contacts"], person: contact}
        if complaint := self.contact_complaint(contact, tax_id=person != "billing"):
            return self.contact(request, person, f"{TITLES[person]}:{complaint}")
        if person != "billing":
            return self.contact(request, PERSONS[PERSONS.index(person) + 1])
        return self.pay(request)

    def pay(self, request: Request, error=""):
        options = "\n".join(f"<OPTION VALUE={code}>{name}" for code, name in PAYMENTS.items())
        return self.show(
            "選擇付款方式",
            self.form(
                "pay",
                request.form["TICKET"],
                f"""<DL>
<DT>付款方式
<DD><SELECT NAME=PAYMENT>
{options}
</SELECT>
</DL>
<CENTER><INPUT TYPE=submit VALUE="繼續"></CENTER>""",
            ),
            error,
        )

    def pay_done(self, request: Request):
        ticket = request.form["TICKET"]
        have = self.tickets[ticket]
        if request.form["PAYMENT"] not in PAYMENTS:
            return self.pay(request, "請選擇付款方式")
        have["payment"] = PAYMENTS[request.form["PAYMENT"]]
        parts = subject(have["csr"])

        def items(pairs):
            return "<DL>\n" + "\n".join(f"<DT>{label}\n<DD>{esc(value)}" for label, value in pairs) + "\n</DL>"

        def contact(person):
            value = have["contacts"][person]
            whole = f"{value['postal_code']} {value['city']}{value['address']}"
            shown = [field for field in LABELS if field != "tax_id" or person != "billing"]
            return f"<H3>{TITLES[person]}</H3>\n" + items(
                (LABELS[field], whole if field == "address" else value[field]) for field in shown
            )

        server = [("伺服器軟體廠商", have["software"])] if "software" in have else []
        return self.show(
            "確認申請資料",
            f"""<H3>CSR內容</H3>
{items((label, parts[key]) for label, key in SUBJECT)}
<HR>
<H3>伺服器資訊</H3>
{items([*server, ("通行密碼", "*" * len(have["passphrase"]))])}
<HR>
{"<HR>".join(contact(person) for person in PERSONS)}
<HR>
<H3>付款方式</H3>
{items([("付款方式", have["payment"])])}
<P><FONT COLOR=#CC0000>以上資料必須與申請單所填內容相符,請確認後送出。</FONT>
"""
            + self.form(
                "send",
                ticket,
                '<CENTER><INPUT TYPE=submit NAME=GO VALUE="修改"> <INPUT TYPE=submit NAME=GO VALUE="送出申請"></CENTER>',
            ),
        )

    def send(self, request: Request):
        have = self.tickets[request.form["TICKET"]]
        if request.form["GO"] != "送出申請" or "payment" not in have:
            return self.contact(request, "technical")
        del self.tickets[request.form["TICKET"]]
        self.orders.append(
            Order(
                have["kind"],
                request.index,
                have["csr"],
                have.get("software", ""),
                have["passphrase"],
                have["payment"],
                have.get("same_as", ""),
                have["contacts"],
            )
        )
        return self.show(
            "系統的回應訊息",
            """<CENTER><FONT SIZE=+1 COLOR=#0000CC><B>作業成功</B></FONT></CENTER>
<P>CA系統已接受您的憑證請求,當CA系統簽發您的憑證後,會寄送電子郵件 (E-Mail)通知您下載憑證事宜。
<P>CA作業時間約需二個工作天。""",
        )

    # Search, download and renewal

    def search(self, request: Request):
        return self.show(
            "憑證搜尋",
            f"""<FORM ACTION="{CGI}" METHOD=GET>
<INPUT TYPE=hidden NAME=page VALUE=list>
<DL>
<DT>請輸入網站名稱 <FONT SIZE=-1>(如 www.abc.com.tw,注意大小寫需一致)</FONT>
<DD><INPUT TYPE=text NAME=DNS SIZE=40> <INPUT TYPE=submit VALUE="搜尋">
</DL>
</FORM>""",
        )

    def listing(self, request: Request):
        found = self.found(request.query["DNS"])
        if not found:
            return self.show("搜尋結果", "<P>查無此網站名稱之憑證資料。")
        return self.show(
            "搜尋結果", f"共 {len(found)} 筆<P>\n" + "\n<HR WIDTH=50%>\n".join(self.block(record) for record in found)
        )

    def block(self, record, *, links=True):
        lines = [("一般名稱", record.name), ("憑證狀態", STATES[record.status])]
        if record.remark:
            lines.append(("退件原因", record.remark))
        if record.leaf:
            lines += [
                ("有效期限", f"{record.start:%Y-%m-%d %H:%M:%S}.0 - {record.end:%Y-%m-%d %H:%M:%S}.0"),
                ("憑證等級", "TaiCA Secure Server"),
                ("憑證內容", "Country = TW"),
                ("", "State = TAIWAN"),
                ("", "Organization = Example Ltd."),
                ("", f"Common Name = {record.name}"),
                ("憑證序號", str(record.serial)),
                ("憑證擁有者", "範例股份有限公司"),
            ]
        # A Chinese character is two columns wide.
        text = "\n".join(
            f"{label}{' ' * (12 - 2 * len(label))}{':' if label else ' '} {esc(value)}" for label, value in lines
        )
        pages = {"valid": ("下載 download", "更新 renew", "廢止 revoke2"), "expired": ("下載 download",)}
        anchors = [entry.split() for entry in pages.get(record.status, ())] if links else []
        row = " ".join(f'[<A HREF="{CGI}?page={page}&SN={record.serial}">{text}</A>]' for text, page in anchors)
        return f"<PRE>\n{text}\n</PRE>\n{row}"

    def download(self, request: Request):
        record = self.by_serial(request.query["SN"])
        return self.show(
            "下載憑證",
            f"""<P><FONT COLOR=#003399>{record.name}</FONT>
<DL>
<DT><A HREF="{CGI}?page=file&SN={record.serial}">伺服器憑證</A>
<DD>ServerCert.cer (BASE64)
<DT><A HREF="{CGI}?page=file&CA=0">中繼憑證</A>
<DD>TaiCASecureCA_Prod_SSLServerCA.cer
<DT><A HREF="{CGI}?page=file&CA=1">根憑證</A>
<DD>GTECyberTrustGlobalRootProd.cer
</DL>
※請確實將伺服器憑證檔及中繼憑證檔安裝於伺服器中""",
        )

    def roots(self, request: Request):
        return self.show(
            "中繼憑證與根憑證下載",
            f"""<DL>
<DT><A HREF="{CGI}?page=file&CA=0">中繼憑證</A>
<DD>TaiCASecureCA_Prod_SSLServerCA.cer
<DT><A HREF="{CGI}?page=file&CA=1">根憑證</A>
<DD>GTECyberTrustGlobalRootProd.cer
</DL>""",
        )

    def file(self, request: Request):
        chain = pki_factory.authority().chain
        certificate, name = {
            "0": (chain[0], "TaiCASecureCA_Prod_SSLServerCA.cer"),
            "1": (chain[-1], "GTECyberTrustGlobalRootProd.cer"),
        }.get(request.query["CA"], (None, "ServerCert.cer"))
        if certificate is None:
            certificate = self.by_serial(request.query["SN"]).leaf
        return self.attachment(certificate.public_bytes(Encoding.PEM), name, "application/x-x509-server-cert")

    def renew(self, request: Request, error="", serial=""):
        record = self.by_serial(serial or request.query["SN"])
        ticket = self.open_ticket(kind="renew", record=record)
        return self.show(
            "更新憑證",
            f"""<P>網站名稱:<B>{record.name}</B>
"""
            + self.form(
                "renew2",
                ticket,
                """<DL>
<DT>輸入CSR資訊 <FONT SIZE=-1>(請採用 NEW 方式產製金鑰對及 CSR)</FONT>
<DD><TEXTAREA NAME=CSR ROWS=12 COLS=66 WRAP=off></TEXTAREA>
<DT>輸入通行密碼 <FONT SIZE=-1>(注意文字大小寫)</FONT>
<DD><INPUT TYPE=password NAME=PASSWD SIZE=20>
</DL>
<CENTER><INPUT TYPE=submit VALUE="繼續"> <INPUT TYPE=reset VALUE="重設"></CENTER>""",
            ),
            error,
        )

    def renew_check(self, request: Request):
        have = self.tickets[request.form["TICKET"]]
        record = have["record"]
        if complaint := self.csr_complaint(request.form["CSR"]):
            return self.renew(request, complaint, str(record.serial))
        if request.form["PASSWD"] != record.passphrase:
            return self.renew(request, "通行密碼錯誤", str(record.serial))
        have.update(csr=request.form["CSR"], passphrase=request.form["PASSWD"], contacts=dict(record.contacts))
        return self.contact(request, "technical")

    # Revocation

    def revoke(self, request: Request, error=""):
        return self.show(
            "憑證廢止",
            f"""<FORM ACTION="{CGI}?page=revoke2" METHOD=POST>
請填寫當初所申請的憑證之網站名稱,如 www.abc.com.tw (注意,大小寫需一致)
<DL>
<DT>網站名稱
<DD><INPUT TYPE=text NAME=DNS SIZE=40>
</DL>
<CENTER><INPUT TYPE=submit VALUE="確定"></CENTER>
</FORM>""",
            error,
        )

    def revoke_confirm(self, request: Request, error="", serial=""):
        serial = serial or request.query["SN"]
        found = [self.by_serial(serial)] if serial else self.found(request.form["DNS"])
        valid = [record for record in found if record.status == "valid"]
        if not valid:
            return self.revoke(request, "查無有效之憑證")
        return self.show(
            "憑證廢止",
            f"""{self.block(valid[0], links=False)}
<FORM ACTION="{CGI}?page=revoke3" METHOD=POST>
<INPUT TYPE=hidden NAME=SN VALUE="{valid[0].serial}">
<DL>
<DT>通行密碼
<DD><INPUT TYPE=password NAME=PASSWD SIZE=20>
</DL>
<CENTER><INPUT TYPE=submit VALUE="確定廢止"></CENTER>
</FORM>
<FONT SIZE=-1>仍須先填寫好用戶註銷憑證申請單,郵寄或傳真至本公司。</FONT>""",
            error,
        )

    def revoked(self, request: Request):
        record = self.by_serial(request.form["SN"])
        if request.form["PASSWD"] != record.passphrase:
            return self.revoke_confirm(request, "通行密碼錯誤", str(record.serial))
        self.revocations.append({"name": record.name, "index": request.index})
        return self.show(
            "系統的回應訊息",
            f"""<CENTER><FONT SIZE=+1 COLOR=#0000CC><B>作業成功</B></FONT></CENTER>
<P>已收到 {record.name} 之註銷申請,由 TWCA 認證中心予以確認。
<P>請列印本頁,押蓋公司大小章,並請傳真(02)23700728 辦理。""",
        )
