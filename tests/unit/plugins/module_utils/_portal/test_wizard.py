# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the driver does where a portal does not go on as it should: it stops, says where, and sends nothing more."""

from __future__ import annotations

import typing as t

import desk
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import (
    InputError,
    PortalError,
    PortalRefusedError,
    PortalUnknownPageError,
    PortalUnreachableError,
    TwcaError,
)
from office_modern import ModernOffice

Handler = t.Callable[[desk.Asking], t.Any]


class Disturbed(ModernOffice):
    """The modern portal with other answers to some requests, by method and path."""

    def __init__(self, **instead: t.Any) -> None:
        super().__init__()
        self.instead = instead

    def answer(self, asking: desk.Asking) -> t.Any:
        name = f"{asking.method}{asking.path.replace('/', '_')}"
        if name in self.instead:
            answer = self.instead[name]
            return answer(self, asking) if callable(answer) else answer
        return super().answer(asking)


def stopped(office: desk.Office, kind: type[TwcaError], **changes: t.Any) -> tuple[TwcaError, desk.Committing]:
    committing = desk.Committing(office)
    with pytest.raises(kind) as caught:
        desk.portal(office).apply(desk.application(**changes), committing)
    assert "\n" not in caught.value.message
    assert desk.PASSPHRASE not in caught.value.message
    return caught.value, committing


def test_session_expired() -> None:
    office = Disturbed(
        POST_apply_check="<title>訊息</title><p>您的連線已逾時，請重新登入</p><form><input name=uid placeholder=帳號><button>確定</button></form>"
    )
    error, committing = stopped(office, PortalUnknownPageError)
    assert "the portal has ended the session" in error.message
    assert "'訊息' (https://portal.test/apply/check)" in error.message
    assert committing.calls == 0
    assert office.asked[-1].path == "/apply/check"


def test_maintenance() -> None:
    office = Disturbed(POST_apply_csr=(503, {}, "<h1>系統維護中</h1>請稍後再試"))
    error, _committing = stopped(office, PortalUnknownPageError)
    assert "HTTP 503" in error.message
    assert "an error of the portal's own" in error.message
    assert "not known" not in error.message


def test_an_error_after_the_commit_is_no_refusal() -> None:
    office = Disturbed(
        POST_apply_confirm=lambda office, _asking: (office.commit(x=1), (500, {}, "<h1>系統發生錯誤，作業失敗</h1>"))[1]
    )
    error, committing = stopped(office, PortalUnknownPageError)
    assert not isinstance(error, PortalRefusedError)
    assert committing.calls > 0
    assert sum(asking.path == "/apply/confirm" and asking.method == "POST" for asking in office.asked) == 1


def test_a_lost_answer() -> None:
    def lose(office: t.Any, _asking: desk.Asking) -> t.Any:
        office.commit(x=1)
        raise ConnectionResetError("reset")

    office = Disturbed(POST_apply_confirm=lose)
    error, _committing = stopped(office, PortalUnreachableError)
    assert isinstance(error, PortalUnreachableError)
    assert error.sent
    assert len(office.orders) == 1


def test_off_site_redirect() -> None:
    office = Disturbed(POST_apply_csr=(307, {"Location": "https://evil.example/"}, ""))
    error, _committing = stopped(office, PortalUnknownPageError)
    assert "https://evil.example" in error.message
    assert office.asked[-1].path == "/apply/csr"


def test_off_site_form() -> None:
    page = (
        ModernOffice()
        .csr(desk.Asking("GET", "", {}, {}, [], ""))
        .replace('action="/apply/csr"', 'action="https://evil.example/x"')
    )
    office = Disturbed(GET_apply_csr=page)
    error, _committing = stopped(office, PortalUnknownPageError)
    assert "evil.example" in error.message
    assert all(asking.method == "GET" for asking in office.asked)


def test_it_begins_again() -> None:
    office = Disturbed(POST_apply_check=(303, {"Location": "/apply/csr"}, ""))
    error, _committing = stopped(office, PortalUnknownPageError)
    assert "begins again" in error.message


def test_a_page_that_comes_back_without_a_message() -> None:
    office = Disturbed(POST_apply_csr=(303, {"Location": "/apply/csr"}, ""))
    error, _committing = stopped(office, PortalRefusedError)
    assert "without a message" in error.message


def test_a_refusal_on_a_page_of_its_own() -> None:
    office = Disturbed(
        POST_apply_csr="<h1>作業失敗</h1><p class=msg>CSR 內容有錯誤：金鑰長度不足<p><a href='javascript:history.back()'>回上一頁</a>"
    )
    error, _committing = stopped(office, PortalRefusedError)
    assert error.details["portal_message"].endswith("CSR 內容有錯誤:金鑰長度不足")


def test_garbage() -> None:
    office = Disturbed(POST_apply_csr=(200, {"Content-Type": "text/html"}, bytes(range(256)) * 9))
    stopped(office, PortalUnknownPageError)


def form(inner: str) -> dict[str, t.Any]:
    return {
        "GET_apply_csr": f"<title>上傳</title><h1>上傳</h1><form method=post>CSR <textarea name=c></textarea>{inner}<button>確定</button></form>"
    }


def test_a_required_field_that_is_not_known() -> None:
    for field in ("<label>經銷商代碼 * <input name=x></label>", "<p>經銷商代碼<p><input name=x required>"):
        office = Disturbed(**form(field))
        error, _committing = stopped(office, PortalUnknownPageError)
        assert "'經銷商代碼" in error.message
        assert office.asked[-1].method == "GET"


def test_a_captcha() -> None:
    error, _committing = stopped(Disturbed(**form("圖形驗證碼 <input name=x>")), PortalUnknownPageError)
    assert "only a person can answer" in error.message


def test_a_value_longer_than_its_field() -> None:
    office = Disturbed(**form("通行密碼 <input type=password name=p maxlength=8>"))
    error, _committing = stopped(office, InputError)
    assert "takes at most 8" in error.message


def test_a_contact_of_nobody() -> None:
    office = Disturbed(
        POST_apply_csr="<title>聯絡人</title><form method=post>姓名<input name=a><br>職稱<input name=b><br>電話<input name=c><button>確定</button></form>"
    )
    error, _committing = stopped(office, PortalUnknownPageError)
    assert "no heading says which" in error.message


def test_no_button_to_go_on() -> None:
    office = Disturbed(
        GET_apply_csr="<title>上傳</title><form method=post>CSR <textarea name=c></textarea><button>甲</button><button>乙</button></form>"
    )
    error, _committing = stopped(office, PortalUnknownPageError)
    assert "'甲', '乙'" in error.message


def test_the_way_is_lost() -> None:
    office = Disturbed(GET_service_ssl="<title>SSL</title><p>服務內容</p>")
    error, _committing = stopped(office, PortalUnknownPageError)
    assert "pages.apply" in error.message
    portal = desk.portal(office, pages={"apply": "/apply/csr"})
    assert portal.apply(desk.application(), lambda: None).message


@pytest.mark.parametrize("profile", [{}, {"pages": {"apply": "/apply/csr"}}])
def test_an_error_on_the_way_is_no_lost_way(profile: dict[str, t.Any]) -> None:
    broken = (500, {}, "<title>Runtime Error</title>")
    office = Disturbed(GET_service_ssl=broken, GET_apply_csr=broken)
    with pytest.raises(PortalUnknownPageError) as caught:
        desk.portal(office, **profile).apply(desk.application(), lambda: None)
    assert "On the way to its page for apply the portal answers with an error, 'Runtime Error'" in caught.value.message
    assert "HTTP 500" in caught.value.message
    assert "the next run goes on" in caught.value.message
    assert "lost" not in caught.value.message


def test_the_home_page_does_not_open() -> None:
    error, _committing = stopped(Disturbed(GET_=(404, {}, "<title>IIS</title>")), PortalUnknownPageError)
    assert "portal_url" in error.message
    error, _committing = stopped(Disturbed(GET_=(500, {}, "<title>IIS</title>")), PortalUnknownPageError)
    assert "HTTP 500" in error.message
    assert "the next run goes on" in error.message
    assert "portal_url" not in error.message


def test_no_session_is_shown() -> None:
    office = Disturbed(
        POST_apply_csr="<title>訊息</title><p class=error>錯誤，請至 https://portal.test/x;jsessionid=AB12?token=CD34 查詢 /y.do;jsessionid=EF56</p>"
    )
    error, _committing = stopped(office, PortalError)
    assert "https://portal.test/x" in error.message
    assert not any(session in error.message for session in ("AB12", "CD34", "EF56"))


def test_a_payment_method_that_an_earlier_page_does_not_list_stops_before_anything_may_be_ordered() -> None:
    office = Disturbed(
        GET_apply_csr=lambda office, asking: ModernOffice.answer(office, asking).replace(  # type: ignore[attr-defined]
            "</body>",
            "<form style='display:none'>付款方式 <select name=z><option>匯款<option>支票</select></form></body>",
        )
    )
    error, committing = stopped(office, InputError, payment_method="滙款")
    assert "payment_method: '滙款' is not on the portal's list" in error.message
    assert "匯款, 支票" in error.message
    assert committing.calls == 0


def test_changed_wording_is_put_right_by_a_profile() -> None:
    page = (
        "<title>上傳</title><form method=post action=/apply/csr>{token}甲：<input name=c><br>乙："
        "<input type=text name=y><button>丙</button><button>丁</button></form>"
    )
    office = Disturbed(
        GET_apply_csr=lambda office, _asking: page.format(token=f"<input type=hidden name=_csrf value={office.token}>")
    )
    stopped(office, PortalUnknownPageError)
    profile = {"fields": {"csr": "甲"}, "buttons": {"continue": ["丁", "下一步", "繼續", "確認送出"]}}
    assert desk.portal(office, **profile).apply(desk.application(), lambda: None).message


def test_endless_pages() -> None:
    def more(office: t.Any, _asking: desk.Asking) -> str:
        office.token += 1
        return f"<title>{office.token}</title><p>{office.token}</p><form method=post action=/apply/check><button>下一步</button></form>"

    office = Disturbed(POST_apply_csr=more, POST_apply_check=more)
    error, _committing = stopped(office, PortalUnknownPageError)
    assert "still asks for more" in error.message


@pytest.mark.parametrize("answer", ["<h1>系統忙碌中</h1>", "<h1>新聞</h1>", (500, {}, "<p>查無資料</p>")])
def test_a_search_without_an_answer_is_not_an_empty_one(answer: t.Any) -> None:
    office = Disturbed(GET_certs=lambda office, asking: answer if "dns" in asking.query else office.certs(asking))
    with pytest.raises(PortalError, match="The search for"):
        desk.portal(office).search(desk.NAME)


def test_an_entry_without_a_download() -> None:
    office = ModernOffice()
    office.entries = [{"name": desk.NAME, "status": "有效", "serial": "77"}]
    office.download = lambda _asking: office.page("下載", "<p>尚未開放</p>")  # type: ignore[method-assign]
    portal = desk.portal(office)
    (entry,) = portal.search(desk.NAME)
    with pytest.raises(PortalUnknownPageError, match="led to no certificate"):
        portal.download(entry)
