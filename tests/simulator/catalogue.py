# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The portal's lists and labels, as the manual's pictures show them (§4.3.6, §4.4.4)."""

from __future__ import annotations

SOFTWARE = (
    "Apache + ModSSL",
    "Apache + OpenSSL (2.4 以上)",
    "Apache Tomcat",
    "BEA WebLogic",
    "F5 BIG-IP",
    "IBM HTTP Server",
    "IBM WebSphere",
    "Lotus Domino Go",
    "Microsoft IIS 4.0",
    "Microsoft IIS 5.0",
    "Microsoft IIS 6.0",
    "Microsoft IIS 7.0",
    "Microsoft IIS 8.5",
    "Microsoft IIS 10.0",
    "nginx",
    "Oracle iPlanet / Sun ONE Web Server",
    "其他",
)

CITIES_2008 = (
    "台北市", "高雄市", "基隆市", "新竹市", "台中市", "嘉義市", "台南市", "台北縣", "桃園縣", "新竹縣", "苗栗縣", "台中縣", "彰化縣",
    "南投縣", "雲林縣", "嘉義縣", "台南縣", "高雄縣", "屏東縣", "台東縣", "花蓮縣", "宜蘭縣", "澎湖縣", "金門縣", "連江縣",
)  # fmt: skip
CITIES_TODAY = (
    "台北市", "新北市", "桃園市", "台中市", "台南市", "高雄市", "基隆市", "新竹市", "嘉義市", "新竹縣", "苗栗縣", "彰化縣", "南投縣",
    "雲林縣", "嘉義縣", "屏東縣", "宜蘭縣", "花蓮縣", "台東縣", "澎湖縣", "金門縣", "連江縣",
)  # fmt: skip

PAYMENTS = ("匯款", "即期支票", "信用卡", "郵政劃撥")
PAYMENT_NOTE = "您的申請資料已送達本公司，請選擇付款方式。"  # where it is asked for after the order was placed
REASONS = ("憑證更新", "金鑰外洩或遺失", "網站停止使用", "資料異動", "其他")

CONTACTS = {"technical": "技術聯絡人", "business": "業務聯絡人", "billing": "帳務聯絡人"}
FIELDS = {
    "name": "姓名",
    "title": "職稱",
    "company": "公司",
    "tax_id": "公司統一編號",
    "city": "縣市",
    "address": "通訊地址",
    "postal_code": "郵遞區號",
    "phone": "聯絡電話",
    "fax": "傳真號碼",
    "email": "電子郵件地址",
}
BILLING_SAME = {"technical": "與技術聯絡人相同", "business": "與業務聯絡人相同", "none": "兩者皆否"}

# What step 2 shows of the CSR: attribute, label, explanation.
ECHO = (
    ("CN", "一般名稱", "此名稱所代表的網站之安全性，將由此SSL伺服器憑證所保護。"),
    ("O", "組織", ""),
    ("OU", "組織單位", "這是一個可以用來區分組織部門的單位。"),
    ("L", "城市/位置", "即 貴公司進行商業行為的所在。【例：Taipei】"),
    ("ST", "州/省", "即 貴公司進行商業行為的州省所在地。請不要用縮寫的地名填寫此欄位。【例：Taiwan】"),
    ("C", "國別", "此欄係以ISO組織的國家代碼來表示。舉例來說，TW代表台灣，US代表美國。"),
)
CONTACT_NOTES = {
    "technical": (
        "請輸入本公司寄送SSL伺服器憑證給您時的技術聯絡人資訊於下表。舉例來說，此人可以是您的網站管理者，或是您網路撥接商的技術支援人員。"
        "請注意此人必須擁有存取您網頁伺服器的權利。本公司在發放SSL伺服器憑證以前，會先以電話與此技術聯絡人取得聯繫。",
        "當網頁伺服器的安全出現顧慮時，此技術聯絡人有通知本公司的義務。另若有憑證更新的訊息，本公司也會寄送給技術聯絡人及 貴公司的業務聯絡人。",
    ),
    "business": (
        "請輸入 貴公司負責SSL伺服器憑證業務聯絡人資訊於下表，並填寫本公司所要求的資訊。舉例來說，此人可以是 貴公司的決策者或是高階的經理人。"
        "請注意業務聯絡人必須為 貴公司組織內之一份子。本公司在發放SSL伺服器憑證以前，會先以電話與此業務聯絡人取得聯繫。",
        "業務聯絡人與技術聯絡人應由不同人員擔任，您應該分別指定。另外，本公司若有更新的資料也會同時寄給上述這兩個人。",
    ),
    "billing": (
        "請輸入 貴公司的帳務處理聯絡人員資訊於下表。舉例來說，該人可以是 貴公司會計或是財務主管。當帳單處理資料有異動時，此人有通知本公司之義務。",
    ),
}


def contact_fields(contact: str) -> tuple[str, ...]:
    """The fields of one contact, in the manual's order; billing has no tax id."""
    return tuple(field for field in FIELDS if not (contact == "billing" and field == "tax_id"))
