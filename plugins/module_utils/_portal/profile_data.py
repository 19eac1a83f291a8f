# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every word of the portal that the client knows, as data.

The first wording of an entry is the manual's (V2.1, the § named beside it), the others are what a portal of this kind may
say instead. Each entry can be overridden on its own with the option ``portal_profile``.
"""

from __future__ import annotations

import typing as t

# fmt: off
_CUSTOMER_SERVICE = ["客服專區", "客戶服務", "客服中心", "客服"]
_SERVICES = ["憑證服務", "憑證專區", "憑證業務"]
_SSL = ["SSL伺服器憑證", "SSL伺服器數位憑證", "伺服器憑證", "SSL憑證", "SSL"]
_APPLY = ["憑證申請", "申請憑證", "SSL憑證申請", "線上申請", "首次申請", "首次(增購)申請", "增購申請", "新申請"]
_UPLOAD = [
    "步驟4傳送憑證申請檔與線上填寫註冊資料", "傳送憑證申請檔與線上填寫註冊資料", "步驟4", "步驟四", "傳送憑證申請檔",
    "上傳憑證申請檔", "線上填寫註冊資料", "上傳CSR", "開始申請", "開始線上申請", "立即申請", "我要申請",
]
_SEARCH = ["憑證搜尋", "憑證查詢", "搜尋憑證", "查詢憑證"]
_RENEW = ["憑證更新", "更新憑證", "憑證展期", "更新(展期)憑證"]
_REVOKE = ["憑證廢止", "廢止憑證", "憑證註銷", "註銷憑證", "憑證撤銷"]
_AUTHORITY = [
    "中繼憑證與根憑證下載", "中繼憑證與根憑證", "中繼憑證下載", "根憑證下載", "中繼憑證", "根憑證", "CA憑證下載",
    "CA憑證",
]
_SEAL = ["安全認證標章", "認證標章", "下載安全認證標章", "網站標章", "標章"]

PROFILE: dict[str, dict[str, t.Any]] = {
    # Addresses relative to portal_url. One that is given is opened straight away instead of clicking along the path.
    "pages": {
        "apply": None,
        "renew": None,
        "revoke": None,
        "search": None,
        "authority": "pro_sslser.asp",  # §4.6.2.2
        "seal": "Portal/service/ssl_1_6.html",  # §4.6.2.3
        "certificate_info": "https://ssl.taica.com.tw/servlet/ShowServerCertInfo?DNS=",  # §4.6.2.3: where a seal leads, less the site name
    },
    # Clicks from the home page; alternatives in the order in which they are tried, each a list of steps.
    "paths": {
        "apply": [[_CUSTOMER_SERVICE, _SSL, _APPLY, _UPLOAD], [_SERVICES, _SSL, _APPLY, _UPLOAD]],  # §4.3.2
        "renew": [[_CUSTOMER_SERVICE, _SSL], [_CUSTOMER_SERVICE, _SSL, _RENEW], [_SERVICES, _SSL, _RENEW]],  # §4.4.2
        "revoke": [[_SSL, _REVOKE], [_CUSTOMER_SERVICE, _SSL, _REVOKE], [_SERVICES, _SSL, _REVOKE]],  # §4.5.2
        "search": [[_SERVICES, _SSL, _SEARCH], [_CUSTOMER_SERVICE, _SSL, _SEARCH]],  # §4.6.2.1
        "authority": [
            [_SERVICES, _SSL, _AUTHORITY],
            [["下載中心", "下載專區"], _AUTHORITY],
            [_CUSTOMER_SERVICE, _SSL, _AUTHORITY],
        ],
        "seal": [[_SERVICES, _SSL, _SEAL], [_CUSTOMER_SERVICE, _SSL, _SEAL], [["下載中心", "下載專區"], _SEAL]],
    },
    # What a field asks for. decoy, account (of a login): fields that are none of our business.
    "fields": {
        "csr": [
            "CSR", "憑證申請檔", "憑證請求檔", "輸入CSR資訊", "CSR內容", "CSR資訊", "CSR檔案", "憑證申請檔(CSR)",
            "憑證簽署要求", "憑證簽章要求", "Certificate Signing Request", "Certificate Request", "CSR (PEM)",
            "PKCS#10", "PKCS10", "貼上CSR", "請貼上CSR", "CSR文字",
        ],  # §4.3.4, §4.4.5
        "software": [
            "伺服器軟體廠商", "伺服器種類", "伺服器軟體", "伺服器類型", "網頁伺服器", "伺服器廠商", "網站伺服器",
            "選擇伺服器種類", "Server Software", "Web Server", "Server Vendor", "Server Type", "Server Platform",
            "主機軟體", "伺服器平台",
        ],  # §4.3.6.1
        "passphrase": [
            "通行密碼", "輸入通行密碼", "設定通行密碼", "輸入密碼", "憑證通行密碼", "憑證密碼", "通行碼",
            "Passphrase", "Pass phrase", "Challenge Password", "密碼", "Password",
        ],  # §4.3.6.1, §4.4.6
        "passphrase_again": [
            "再輸入一次密碼以確認", "再輸入一次", "再次輸入", "確認密碼", "密碼確認", "確認通行密碼", "通行密碼確認",
            "重新輸入密碼", "重複輸入", "再打一次", "重複密碼", "再確認", "Confirm Password", "Confirm Passphrase",
            "Password (again)", "Repeat Password", "Retype Password", "Re-enter Password", "Verify Password",
            "Repeat Passphrase", "Confirm",
        ],  # §4.3.6.1
        "site_name": [
            "網站名稱", "一般名稱", "憑證之網站名稱", "憑證網站名稱", "網站位址", "網站網址", "網站域名", "網域名稱",
            "網址", "主機名稱", "伺服器名稱", "站台名稱", "Common Name", "CN", "DNS", "Domain Name", "Domain",
            "Site Name", "Website", "Web Site Name", "Host Name", "Hostname", "FQDN", "憑證搜尋", "憑證查詢",
        ],  # §4.4.3, §4.5.4, §4.6.2.1
        "payment": [
            "付款方式", "繳費方式", "付費方式", "支付方式", "選擇付款方式", "繳款方式", "Payment Method", "Payment",
            "Payment Type",
        ],  # §4.3.6.3
        "serial": ["憑證序號", "序號", "Serial Number", "Serial No", "選擇憑證", "欲廢止之憑證", "欲註銷之憑證"],
        "reason": [
            "廢止原因", "註銷原因", "廢止理由", "註銷理由", "撤銷原因", "申請原因", "原因", "理由", "Reason",
            "Revocation Reason",
        ],
        "decoy": [
            "站內搜尋", "搜尋文字", "全站搜尋", "網站搜尋", "搜尋本站", "全文檢索", "關鍵字", "關鍵詞", "Site Search",
            "Search this site", "Keyword", "Search", "電子報", "訂閱", "Newsletter", "Subscribe", "語言", "語系",
            "Language", "意見", "留言",
        ],
        "account": [
            "帳號", "會員", "使用者名稱", "使用者代號", "用戶代碼", "登入", "身分證", "Username", "User Name",
            "User ID", "Login", "Account", "Member",
        ],
        "unanswerable": [
            "驗證碼", "圖形驗證", "認證碼", "檢核碼", "圖片中的文字", "Captcha", "Verification Code", "Security Code",
        ],
    },
    # The fields of a contact (§4.3.6.2).
    "contact": {
        "name": ["姓名", "中文姓名", "聯絡人姓名", "Name", "Full Name", "Contact Name"],
        "title": ["職稱", "職務", "職位", "部門職稱", "單位職稱", "Title", "Job Title", "Position"],
        "company": [
            "公司", "公司名稱", "公司全名", "公司行號", "機關名稱", "單位名稱", "公司機關名稱", "服務單位",
            "組織名稱", "Company", "Company Name", "Organization",
        ],
        "tax_id": [
            "公司統一編號", "統一編號", "公司統編", "統編", "營利事業統一編號", "Tax ID", "Tax ID Number",
            "Unified Business No", "Unified Business Number", "Business ID", "VAT Number", "UBN", "Company ID",
        ],
        "address": [
            "通訊地址", "地址", "聯絡地址", "通訊住址", "住址", "公司地址", "郵寄地址", "街道", "街道地址", "路段號",
            "詳細地址", "Address", "Mailing Address", "Street", "Street Address",
        ],
        "city": ["縣市", "縣市別", "城市", "所在縣市", "縣/市", "市縣", "City", "City/County", "County"],
        "postal_code": [
            "郵遞區號", "郵區號碼", "郵政編碼", "Postal Code", "Zip", "Zip Code", "ZIP/Postal Code", "Postcode",
        ],
        "phone": [
            "聯絡電話", "電話", "電話號碼", "連絡電話", "公司電話", "Telephone", "Phone", "Tel", "Tel.",
            "Phone Number", "Telephone Number", "Contact Number", "TEL NO",
        ],
        "fax": ["傳真號碼", "傳真", "傳真電話", "傳真機號碼", "Fax", "Fax Number", "Fax No"],
        "email": [
            "電子郵件地址", "電子郵件", "電子信箱", "電子郵件信箱", "電郵", "電郵地址", "郵件地址", "電子郵箱",
            "信箱", "E-mail", "Email", "E-mail Address", "Email Address", "Mail",
        ],
    },
    # Who a heading, or a label, speaks of.
    "sections": {
        "technical": [
            "技術聯絡人", "技術連絡人", "技術聯繫人", "技術聯絡窗口", "技術承辦人", "技術窗口", "技術負責人",
            "Technical Contact",
        ],
        "business": [
            "業務聯絡人", "業務連絡人", "業務聯繫人", "業務聯絡窗口", "業務承辦人", "業務窗口", "業務負責人",
            "Business Contact", "Organizational Contact", "Organization Contact",
        ],
        "billing": [
            "帳務聯絡人", "帳務連絡人", "帳務聯繫人", "帳務聯絡窗口", "帳務承辦人", "帳戶聯絡人", "帳務窗口",
            "財務聯絡人", "會計聯絡人", "帳單聯絡人", "Billing Contact", "Accounting Contact",
        ],
    },
    # A heading may say this besides naming the contact; one that says any of "no_heading" is none.
    "headings": {"no_heading": ["同", "不", "請勿", "須", "需", "或", "應", "若", "如", "通知", "寄送"]},
    # Entries of lists and choices that mean the same, whatever the portal calls them.
    "choices": {
        "same": ["相同", "同", "same as", "same"],
        "neither": [
            "兩者皆否", "皆否", "兩者皆非", "皆非", "以上皆非", "皆不同", "不同", "另行填寫", "自行填寫", "其他",
            "neither", "none", "other", "different",
        ],
        "other_software": ["其他", "其它", "Other", "Others"],
        "other_reason": ["其他", "其它", "其他原因", "Other", "Unspecified", "未指定"],
        "placeholder": [
            "請選擇", "請選取", "選擇", "請選", "未選擇", "Please select", "Select", "Choose", "Select one", "-",
        ],
        "agree": [
            "我同意", "本人同意", "同意", "我已閱讀", "本人已閱讀", "已詳閱", "已閱讀", "我已詳閱", "確認無誤",
            "我了解", "我已了解", "本人了解", "已了解", "I agree", "I accept", "I have read", "I understand",
        ],
        "required": ["*", "必填", "必要", "required"],
    },
    "buttons": {
        "continue": [
            "繼續", "確定", "下一步", "確認", "送出", "確認送出", "確定送出", "送出申請", "送出資料", "確認並送出",
            "傳送", "提交", "下一頁", "同意", "我同意", "申請", "完成", "Next", "Continue", "Submit", "OK", "Confirm", "Send",
            "Proceed", "I agree",
        ],  # §4.3.4, §4.3.6.3, §4.4.7
        "search": ["搜尋", "查詢", "搜索", "尋找", "Search", "Find", "Query"],  # §4.4.3, §4.6.2.1
        "search_perhaps": ["確定", "送出", "確認", "Go", "Submit", "OK"],
        "renew": ["更新憑證", "憑證更新", "憑證展期", "展期", "更新", "Renew", "Renew Certificate"],  # §4.4.4
        "download": [
            "下載憑證", "憑證下載", "下載伺服器憑證", "伺服器憑證下載", "下載", "取得憑證", "Download",
            "Download Certificate",
        ],  # §4.6.2.1
        "revoke": [
            "憑證廢止", "廢止憑證", "憑證註銷", "註銷憑證", "申請廢止", "廢止", "註銷", "撤銷", "Revoke",
        ],  # §4.5.3
        "revoke_continue": [
            "確定", "確認", "送出", "繼續", "下一步", "廢止", "註銷", "確認廢止", "確定廢止", "廢止憑證", "憑證廢止",
            "註銷憑證", "申請廢止", "確認送出", "送出申請", "Revoke", "Next", "Continue", "Submit", "OK", "Confirm",
            "搜尋", "查詢", "Search",
        ],
        "enter": [
            "進入網站", "進入首頁", "進入", "中文版", "繁體中文", "正體中文", "中文", "首頁", "Enter",
        ],  # on a page before the home page
        "details": [
            "詳細資料", "詳細", "明細", "檢視", "查看", "內容", "詳情", "憑證內容", "Details", "Detail", "View",
        ],
        "next_page": ["下一頁", "下頁", "後一頁", "次頁", "下一筆", "Next Page", "Next Record", "Next"],
        "avoid": [
            "不同意", "不接受", "取消", "重設", "重新", "重填", "清除", "上一步", "上一頁", "返回", "回上頁", "回首頁", "回上一頁", "修改",
            "列印", "關閉", "離開", "登入", "登出", "訂閱", "暫存", "放棄", "Cancel", "Reset", "Clear", "Back",
            "Previous", "Home", "Print", "Close", "Login", "Log in", "Logout", "Subscribe",
        ],
    },
    # What the portal read from the CSR (§4.3.6.1); compared with the CSR that was sent.
    "echo": {
        "common_name": ["一般名稱", "通用名稱", "網站名稱", "Common Name", "CN"],
        "organization": ["組織", "組織名稱", "Organization", "O"],
        "organizational_unit": ["組織單位", "組織部門", "Organizational Unit", "Organization Unit", "OU"],
        "locality": ["城市/位置", "城市", "位置", "所在地", "Locality", "City", "City/Locality", "L"],
        "state_or_province": [
            "州/省", "州省", "省份", "州別", "State", "State/Province", "State or Province", "Province", "ST", "S",
        ],
        "country": ["國別", "國家", "國家代碼", "國碼", "Country", "Country Code", "C"],
    },
    # What a search shows of a certificate (§4.4.3, §4.6.2.1).
    "record": {
        "name": [
            "一般名稱", "網站名稱", "通用名稱", "憑證名稱", "網域名稱", "網址", "主機名稱", "網站", "Common Name",
            "CN", "Domain", "Site Name", "Name",
        ],
        "status": ["憑證狀態", "狀態", "目前狀態", "申請狀態", "處理狀態", "案件狀態", "Status", "State"],
        "validity": [
            "有效期限", "有效期間", "效期", "有效期", "憑證有效期限", "憑證效期", "起訖日期", "有效起迄", "Validity",
            "Validity Period",
        ],
        "not_before": [
            "生效日期", "生效日", "生效時間", "起始日期", "有效起日", "有效起始日", "起始時間", "核發日期",
            "簽發日期", "開始日期", "有效期限(起)", "有效期間(起)", "有效日期(起)", "有效期(起)", "效期(起)", "起日", "Not Before", "Valid From", "Issued",
        ],
        "not_after": [
            "到期日期", "到期日", "到期時間", "截止日期", "有效迄日", "有效截止日", "有效訖日", "失效日期",
            "結束日期", "終止日期", "有效期限(迄)", "有效期間(迄)", "有效日期(迄)", "有效期(迄)", "效期(迄)", "有效期限(訖)",
            "有效期限(止)", "迄日", "訖日", "Not After", "Valid To", "Valid Until", "Expires", "Expiry", "Expiry Date",
            "Expiration Date",
        ],
        "level": ["憑證等級", "等級", "憑證種類", "Level", "Class", "Type"],
        "subject": ["憑證內容", "憑證主體", "主體", "主旨", "憑證主旨", "Subject", "Subject DN", "DN"],
        "serial": ["憑證序號", "序號", "憑證號碼", "Serial Number", "Serial No", "Serial"],
        "owner": ["憑證擁有者", "擁有者", "所有人", "憑證持有人", "用戶名稱", "Owner", "Holder"],
        "message": [
            "退件原因", "駁回原因", "退回原因", "拒絕原因", "不核准原因",
            "未通過原因", "不通過原因", "退件理由", "退件說明", "原因", "審核意見", "審核結果", "備註", "說明", "訊息", "處理說明", "Reason",
            "Remark", "Remarks", "Message", "Note",
        ],
        "reference": [
            "申請編號", "案件編號", "訂單編號", "收件編號", "流水號", "申請日期", "申請時間", "收件日期", "受理日期",
            "Order Number", "Order ID", "Applied", "Submitted",
        ],
        "action": ["功能", "操作", "動作", "作業", "下載", "Action", "Actions"],
    },
    # Status words; of several in one text the first counts.
    "statuses": {
        "valid": ["有效", "已核發", "已簽發", "已發證", "使用中", "正常", "有效中", "Valid", "Active", "Issued"],
        "pending": [
            "審核中", "處理中", "待簽發", "待審核", "申請中", "受理中", "待處理", "等待簽發", "簽發中", "等待審核",
            "尚未簽發", "未簽發", "尚未核發", "未核發", "審查中", "待核發", "製作中", "作業中", "等待", "待審", "已受理",
            "已送件", "Pending", "Processing", "In Progress", "In Review", "Waiting",
        ],
        "rejected": [
            "已退件", "退件", "駁回", "已駁回", "審核未通過", "未通過", "審核不通過", "不通過", "不核准", "未核准", "不核發",
            "拒絕", "已拒絕", "被拒", "退回", "Rejected", "Refused", "Denied",
        ],
        "revoked": ["已廢止", "廢止", "已註銷", "註銷", "已撤銷", "撤銷", "作廢", "Revoked"],
        "expired": [
            "已逾有效期限", "逾有效期限", "逾有效期", "超過有效期限", "已逾效期", "已過期", "過期", "失效", "已失效", "已到期",
            "逾期", "期滿", "無效", "Expired",
        ],
        "revoking": [
            "廢止申請中", "廢止處理中", "廢止審核中", "申請廢止中", "待廢止", "廢止中", "註銷申請中", "註銷處理中",
            "註銷審核中", "申請註銷中", "待註銷", "註銷中", "撤銷中", "Revocation requested", "Revocation pending",
        ],
    },
    # Regular expressions, searched in each line of a page after NFKC and without any white space.
    "messages": {
        "accepted": [
            "已(成功)?(接受|收到|受理|送出)您的.*(請求|申請)", "(?<![未不非])作業成功(?![後才時])", "傳送憑證請求檔成功",
            "(申請|請求|訂單)(資料|案件)?已(經)?(成功)?(送出|受理|完成|成立|收到|接受)(?![後前才時])",
            "(request|application|order)hasbeen(accepted|received|submitted)",
        ],  # §4.3.6.4, §4.4.8.3
        "accepted_perhaps": [  # where nothing is left to press
            "(申請|請求)(資料)?(成功)?(送出|受理|完成|成立)(?![後前才時])", "(申請|上傳)成功(?![後前才時])",
            "(已|完成)(成功)?(送出|受理|收到).{0,12}(申請|請求)", "thankyouforyour(order|application|request)",
        ],
        "revoked": [
            "(註銷|廢止|撤銷)(作業)?(已)?成功(?![後前才時])",
            "(註銷|廢止|撤銷)(申請|請求)(書|單)?.{0,12}(受理|收到|送出|完成|成功|接受|登錄|登記)(?![後前才時])",
            "(已|完成)(受理|收到|接受|登錄|登記).{0,24}(註銷|廢止|撤銷)", "(?<![未不非])作業成功(?![後才時])",
            "revocationrequest(hasbeen|was)?(accepted|received|submitted)",
        ],  # §4.5.5
        "revoked_perhaps": [
            "(列印|印出).*(大小章|傳真|用印)", "(大小章|用印).*傳真", "已(申請)?(註銷|廢止|撤銷)(?!之)",
        ],  # §4.5.4
        "revoking": [
            "(註銷|廢止|撤銷)(申請|請求)(書|單)?(已|業已|正在|仍在|尚在).{0,3}(受理|收到|處理|審核|確認)",
            "(已|曾)(申請|要求)過?(註銷|廢止|撤銷)", "重複(申請|要求)(註銷|廢止|撤銷)",
            "revocation.{0,20}already(been)?(requested|submitted|received)|already(been)?(requested|submitted).{0,20}revocation",
        ],
        "refused": [
            "作業失敗", "(申請|上傳|傳送|更新|請求|註銷|廢止)失敗", "無法(受理|接受|處理您的|更新|申請)",
            "(有|發生)錯誤(?!時)", "錯誤訊息", "不(符|正確|一致|相符|合法|接受)", "格式錯誤", "錯誤[:!]",
            "已(被)?使用過", "拒絕", "(failed|invalid|incorrect|denied|rejected)",
        ],
        "nothing_found": [
            "查無", "找不到", "無符合", "沒有符合", "沒有(找到|資料|任何)", "無(此|相關|任何)?(憑證)?資料",
            "無此(憑證|網站)", "0筆", "notfound", "norecord", "nocertificate", "noresult", "nomatch",
        ],
        "hopeful": [  # what only a page may say on which the order was not turned down
            "成功", "完成", "受理", "收到", "已接受", "成立", "謝謝", "感謝", "(編|單|案)號", "工作天", "審核", "繳款", "繳費",
            "success", "thank", "accepted", "received", "number",
        ],
        "session": [
            "(連線|工作階段|作業|操作|登入|頁面)(已)?(逾時|過期|中斷|失效)(?![將後則者時])", "已逾時", "請重新登入",
            "session.{0,12}(expired|timeout|timedout)", "請先登入", "尚未登入",
        ],
        "maintenance": [
            "系統(正在)?維護", "維護中", "暫停服務", "系統忙碌", "系統發生錯誤", "系統錯誤", "稍後再試",
            "maintenance", "unavailable", "badgateway", "internalservererror",
        ],
    },
    # Words before a message that make it one about what might happen.
    "clauses": {"condition": ["若", "如果", "如有", "如遇", "如發生", "如為", "倘", "一旦", "if"]},
    # Marks of a message in the markup: parts of class or id names, roles, and colours.
    "marks": {
        "names": [
            "error", "err", "alert", "warn", "invalid", "danger", "notice", "message", "msg", "feedback",
            "validation", "flash",
        ],
        "roles": ["alert", "alertdialog", "status"],
        "colours": [
            "red", "#f00", "#ff0000", "#c00", "#cc0000", "#d00", "#e00", "crimson", "darkred", "maroon", "#900",
            "#990000", "firebrick",
        ],
    },
    # Words in the text or address of a link to an authority's certificate.
    "authority": {
        "links": [
            "中繼", "根憑證", "憑證下載", "下載", "憑證鏈", "CA", "root", "intermediate", "chain", "bundle",
            "download", "PEM", "DER", "PKCS",
        ],
        "leaf": ["伺服器憑證", "伺服器憑證檔", "網站憑證", "Server Certificate"],  # beside those of authorities
        "files": [".cer", ".crt", ".pem", ".der", ".p7b", ".p7c", ".p7s", ".zip", ".ca-bundle"],
    },
}
