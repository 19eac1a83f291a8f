# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What no rule can tell: the client stops, says why, and takes nothing for a no that may be a yes."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import PortalRefusedError, PortalUnknownPageError
from stranger_government import Government
from stranger_jsp_big5 import JspBig5
from test_strangers import application, committing, office, portal  # noqa: F401 (fixtures)

RED = "<FONT COLOR=red SIZE=4><B>{}</B></FONT><P><A HREF=javascript:history.go(-1)>回上一頁</A>"


class Untold(Government):
    """Asks for the payment without saying that it does."""

    def payment(self, request):
        reply = super().payment(request)
        for word in ("選擇付款方式", "付款方式"):
            reply.body = reply.body.replace(word.encode(), "類別".encode())
        return reply

    payment.paths = ("/ssl/payment",)


class Unpressed(Government):
    """Goes on from a notice with a button that nobody knows, beside one that goes back."""

    def verify(self, request):
        return self.show(
            "注意事項",
            '<div class="notice">申請費用恕不退還。</div><form method="post" action="/ssl/verified">'
            '<input type="hidden" name="agree" value="Y"><input type="submit" value="開始辦理"></form>'
            '<button type="button" onclick="history.back()">回上一頁</button>',
        )

    verify.paths = ("/ssl/verify",)


class Ending(JspBig5):
    """Answers the order in red, with a link back, and takes it only if it says so."""

    ending = ""

    def done(self, request):
        super().done(request)
        return self.show("回應", RED.format(self.ending))

    done.paths = ("/ssl/done.jsp",)


class Hopeful(Ending):
    ending = "您的案件編號為 A1150001,請於三日內繳款"


class Hopeless(Ending):
    ending = "資料庫寫入異常,請洽客服人員"


@pytest.mark.parametrize("office", [Untold], indirect=True)
def test_a_choice_that_nothing_names(office, portal, committing):  # noqa: F811
    with pytest.raises(PortalUnknownPageError, match="臨櫃繳款, 銀行匯款, 公庫支票.*nothing more was sent"):
        portal.apply(application(office), committing)
    assert office.orders == []
    assert office.requests[-1] == "POST /ssl/payment"


@pytest.mark.parametrize("office", [Unpressed], indirect=True)
def test_a_page_that_may_be_gone_on_from_is_no_refusal(office, portal, committing):  # noqa: F811
    with pytest.raises(PortalUnknownPageError, match="注意事項"):
        portal.apply(application(office), committing)
    assert office.requests[-1] == "POST /ssl/verify"
    assert committing.calls == []


@pytest.mark.parametrize("office", [Hopeful], indirect=True)
def test_red_is_no_refusal_once_the_order_may_be_placed(office, portal, committing):  # noqa: F811
    with pytest.raises(PortalUnknownPageError):
        portal.apply(application(office), committing)
    assert office.orders[0].index in committing.calls


@pytest.mark.parametrize("office", [Hopeless], indirect=True)
def test_a_refusal_of_the_order_itself(office, portal, committing):  # noqa: F811
    with pytest.raises(PortalRefusedError) as refused:
        portal.apply(application(office), committing)
    assert refused.value.portal_message == Hopeless.ending
