# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The portal's words, and what a user may lay over them."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._portal.profile import load


@pytest.mark.parametrize(
    ("text", "revoking"),
    [
        ("「www」之廢止申請已受理，待本公司確認中，請勿重複申請。", True),
        ("註銷申請正在處理中", True),
        ("您已申請過廢止", True),
        ("A revocation was already requested", True),
        ("您的廢止申請無法受理", False),
        ("若廢止申請已受理，請勿重複申請", False),
        ("通行密碼錯誤", False),
    ],
)
def test_a_refusal_because_there_is_a_request_already(text: str, revoking: bool) -> None:
    assert load().says("revoking", text) is revoking


def test_single_entries_are_replaced() -> None:
    profile = load(
        {
            "buttons": {"renew": "我要更新"},
            "paths": {"search": ["服務", ["查詢", "搜尋"]]},
            "pages": {"apply": "/apply.asp"},
        }
    )
    assert profile.words("buttons", "renew") == ["我要更新"]
    assert profile.words("buttons", "search") == load().words("buttons", "search")
    assert profile.paths("search") == [[["服務"], ["查詢", "搜尋"]]]
    assert profile.page("apply") == "/apply.asp"
    assert load().page("apply") is None


def test_a_plus_adds_before_the_built_in_words() -> None:
    known = load()
    profile = load(
        {
            "buttons": {"renew+": "我要更新"},
            "fields": {"passphrase+": ["交易密語"]},
            "messages": {"accepted+": ["已收妥您的案件"]},
            "paths": {"search+": ["服務", "查詢"]},
        }
    )
    assert profile.words("buttons", "renew") == ["我要更新", *known.words("buttons", "renew")]
    assert profile.paths("search") == [[["服務"], ["查詢"]], *known.paths("search")]
    assert (known.fields.find("交易密語"), profile.fields.find("交易密語")) == (None, "passphrase")
    assert profile.fields.find("通行密碼") == "passphrase"
    assert not known.says("accepted", "已收妥您的案件")
    assert profile.says("accepted", "已收妥您的案件")


def test_several_paths() -> None:
    assert load({"paths": {"search": [["a", ["b", "c"]], [["d"]]]}}).paths("search") == [[["a"], ["b", "c"]], [["d"]]]


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"button": {}}, "no group 'button'; there are pages"),
        ({"buttons": {"renewal": ["x"]}}, "buttons has no entry 'renewal'; it has continue"),
        ({"buttons": ["x"]}, "must be a dictionary"),
        ({"buttons": {"renew": []}}, "must be a text or a list of texts"),
        ({"buttons": {"renew": [1]}}, "must be a text or a list of texts"),
        ({"messages": {"accepted": ["("]}}, "no regular expression"),
        ({"paths": {"search": "x"}}, "must be a list of link texts"),
        ({"pages": {"search": 5}}, "must be an address"),
        ({"pages": {"search+": "/q"}}, "pages.search is one address"),
        ({"buttons": {"renewal+": ["x"]}}, "buttons has no entry 'renewal'"),
        ({"buttons": {"renew+": []}}, "buttons.renew+ must be a text"),
        ({"buttons": {"renew+": ["x"], "renew": ["y"]}}, "has both renew and renew+"),
    ],
)
def test_wrong_overrides(overrides: dict[str, t.Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        load(overrides)


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("* 姓名 (必填) Name:", "name"),
        ("公司統一編\n號", "tax_id"),
        ("公司電話", "phone"),
        ("公司地址", "address"),
        ("請再輸入一次通行密碼", "passphrase_again"),
        ("通行密碼:(至少六碼) 請在右邊的欄位中輸入一個您容易記憶,但不易為人所臆測的文字或片語。", "passphrase"),
        ("技術聯絡人電子郵件地址", "email"),
        ("訂閱電子報 E-mail", "decoy"),
        ("會員密碼", "account"),
        ("圖形驗證碼", "unanswerable"),
        ("備註", None),
    ],
)
def test_labels(label: str, field: str | None) -> None:
    assert load().fields.find(label) == field


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("請輸入技術聯絡人資訊", "technical"),
        ("步驟 3／5：業務聯絡人 (Business Contact)", "business"),
        ("確認及更新帳戶聯絡人資料", "billing"),
        ("業務聯絡人與技術聯絡人應由不同人員擔任", None),
        ("請注意業務聯絡人必須為 貴公司組織內之一份子", None),
        ("與技術聯絡人相同", None),
        ("聯絡人", None),
    ],
)
def test_headings(text: str, section: str | None) -> None:
    assert load().heading(text) == section


@pytest.mark.parametrize(
    ("kind", "line", "says"),
    [
        ("accepted", "作業成功", True),
        ("accepted", "CA 系統已接受您的 憑證請求，當 CA 系統簽發您的憑證後", True),
        ("accepted", "若作業成功，將顯示訊息", False),
        ("accepted", "作業未成功", False),
        ("refused", "若發生錯誤，則是 CSR 內容有問題", False),
        ("refused", "CSR 內容有錯誤", True),
        ("session", "您的連線已逾時，請重新登入", True),
        ("session", "請於 20 分鐘內完成，連線逾時後須重新填寫", False),
    ],
)
def test_messages(kind: str, line: str, says: bool) -> None:
    assert load().says(kind, line) is says
