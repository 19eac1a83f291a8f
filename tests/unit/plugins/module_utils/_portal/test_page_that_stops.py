# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stop at a page that is not understood leaves behind."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import PortalUnknownPageError
from ansible_collections.twca.ssl.plugins.module_utils._portal.portal import Portal
from ansible_collections.twca.ssl.plugins.module_utils._portal.profile import load
from ansible_collections.twca.ssl.plugins.module_utils._portal.session import Response
from desk import Asking, LocalSession, Office


class _Surprise(Office):
    def answer(self, asking: Asking) -> str:
        return "<title>驚喜</title><p>別的頁面</p>"


def test_a_stop_names_the_page() -> None:
    seen: list[Response] = []

    def keep(response: Response) -> str:
        seen.append(response)
        return "/state/pages/1.html"

    with pytest.raises(PortalUnknownPageError) as caught:
        Portal(LocalSession(_Surprise()), load({}), keep=keep).search("www.example.com.tw")
    assert caught.value.details == {"page_path": "/state/pages/1.html"}
    assert caught.value.message.endswith(" The page is kept in /state/pages/1.html.")
    assert ["別的頁面" in response.body.decode() for response in seen] == [True]


@pytest.mark.parametrize("keep", [None, lambda _response: None])
def test_a_stop_with_nothing_kept_says_nothing_of_it(keep: object) -> None:
    with pytest.raises(PortalUnknownPageError) as caught:
        Portal(LocalSession(_Surprise()), load({}), keep=keep).search("www.example.com.tw")  # type: ignore[arg-type]
    assert "kept" not in caught.value.message
    assert not caught.value.details
