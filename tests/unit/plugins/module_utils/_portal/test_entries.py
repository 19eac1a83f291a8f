# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a portal lists, in some of the ways in which it may, and what is done with an entry of it."""

from __future__ import annotations

import typing as t

import desk
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, PortalUnknownPageError

HOME = (
    "<title>首頁</title><a href=/search>SSL憑證查詢</a> <a href=/seals>安全認證標章</a> <a href=/authority>中繼憑證</a>"
)
SEARCH = "<title>SSL憑證查詢</title><form action=/found>網站名稱 <input name=dns><button>查詢</button></form>"
HEAD = "<tr><th>網站名稱<th>憑證狀態<th>憑證序號<th></tr>"


class Office(desk.Office):
    """Pages by path."""

    def __init__(self, **pages: t.Any) -> None:
        super().__init__()
        self.pages = {"": HOME, "search": SEARCH, **pages}

    def answer(self, asking: desk.Asking) -> t.Any:
        page = self.pages.get(asking.path.strip("/").replace("/", "_"), (404, {}, "<title>404</title>"))
        return page(asking) if callable(page) else page

    @property
    def paths(self) -> list[str]:
        return [asking.path for asking in self.asked]


def table(*rows: str) -> str:
    return f"<title>查詢結果</title><form method=post action=/do><table>{HEAD}{''.join(rows)}</table></form>"


def row(serial: int, *, status: str = "有效", name: str = desk.NAME, last: str = "") -> str:
    return f"<tr><td>{name}<td>{status}<td>{serial}<td>{last}</tr>"


def only(office: Office) -> tuple[t.Any, t.Any]:
    """The portal, and the one entry that it lists."""
    portal = desk.portal(office)
    (entry,) = portal.search(desk.NAME)
    return portal, entry


def test_a_list_on_several_pages() -> None:
    office = Office(
        found=table(row(1)) + "<a href=/two>下一頁</a>",
        two=table(row(2), row(3, name="other.example.com.tw")) + "<a href=/two>下一頁</a>",
    )
    assert [entry.serial_number for entry in desk.portal(office).search(desk.NAME)] == [1, 2]
    assert office.paths.count("/two") == 1


def test_a_download_behind_an_entrys_own_radio_button() -> None:
    office = Office(
        found=table(row(1, last="<input type=radio name=n value=1>"), row(2, last="<input type=radio name=n value=2>"))
    )
    office.pages["found"] = office.pages["found"].replace(
        "</table>", "</table><button name=get value=y>下載憑證</button>"
    )
    office.pages["do"] = lambda asking: f"<pre>{desk.PEM.replace('AAA', 'B' + asking.form['n'] + 'A', 1)}</pre>"
    portal = desk.portal(office)
    for number, entry in enumerate(portal.search(desk.NAME), 1):
        (found,) = portal.download(entry)
        assert f"B{number}A".encode() in found


def test_a_certificate_that_stands_on_the_page_itself() -> None:
    office = Office(found=table(row(1)) + f"<pre>{desk.PEM}</pre>")
    portal, entry = only(office)
    assert portal.download(entry) == [desk.PEM.strip().encode()]


def test_an_entry_with_nothing_to_get_it_by() -> None:
    portal, entry = only(Office(found=table(row(1))))
    with pytest.raises(PortalUnknownPageError, match=f"No link or button to download the certificate of {desk.NAME}"):
        portal.download(entry)


def test_a_renewal_that_is_offered_nowhere() -> None:
    portal, entry = only(Office(found=table(row(1))))
    with pytest.raises(PortalUnknownPageError, match="lost|no button to renew it"):
        portal.renew(desk.application(), entry, lambda: None)


def test_a_renewal_by_a_button_that_does_nothing() -> None:
    portal, entry = only(Office(found=table(row(1, last="<input type=button value=更新憑證>"))))
    with pytest.raises(PortalUnknownPageError, match=f"'更新憑證' of .* does nothing; it was to renew {desk.NAME}"):
        portal.renew(desk.application(), entry, lambda: None)


def test_a_search_whose_button_does_nothing() -> None:
    office = Office(search=SEARCH.replace("<button>查詢</button>", "<input type=button value=查詢>"))
    with pytest.raises(
        PortalUnknownPageError, match=f"The button '查詢' of .* does nothing; it was to search for {desk.NAME}"
    ):
        desk.portal(office).search(desk.NAME)


def test_a_page_without_a_field_to_search_by() -> None:
    office = Office(search="<title>SSL憑證查詢</title><p>暫停服務</p>")
    with pytest.raises(PortalUnknownPageError, match="The way to the portal's page for search is lost"):
        desk.portal(office).search(desk.NAME)
    with pytest.raises(PortalUnknownPageError, match="There is no field for a site name to search on"):
        desk.portal(office, pages={"search": "search"}).search(desk.NAME)


def test_a_search_that_is_answered_by_an_error() -> None:
    with pytest.raises(PortalUnknownPageError, match="was answered with .*HTTP 500.* an error of the portal's own"):
        desk.portal(Office(found=(500, {}, "<title>錯誤</title>"))).search(desk.NAME)


def test_what_an_entrys_details_say_completes_it() -> None:
    office = Office(
        found=f"<title>查詢結果</title><table><tr><th>網站名稱<th></tr><tr><td>{desk.NAME}<td><a href=/more>詳細資料</a></tr></table>",
        more=f"<title>詳細資料</title><table><tr><th>網站名稱<td>{desk.NAME}<tr><th>憑證序號<td>77<tr><th>憑證狀態<td>有效"
        "<tr><th>有效期限<td>2026/01/01 ~ 2026/07/01</table>",
    )
    _portal, entry = only(office)
    assert (entry.serial_number, entry.status, f"{entry.not_after:%Y-%m-%d %H}") == (77, "valid", "2026-06-30 16")


def test_a_name_that_links_to_the_site_itself_is_not_followed() -> None:
    office = Office(found=table(row(1)).replace(desk.NAME, f"<a href=https://{desk.NAME}/>{desk.NAME}</a>"))
    _portal, entry = only(office)
    assert entry.serial_number == 1
    assert office.paths[-1] == "/found"


# -- seals and authorities -------------------------------------------------------------------------------------------


def test_a_seal_that_is_no_picture() -> None:
    office = Office(seals="<title>安全認證標章</title><img src=/mark1.gif>", **{"mark1.gif": "<p>no</p>"})
    with pytest.raises(
        PortalUnknownPageError, match=r"The seal mark1 at https://portal.test/mark1.gif is no picture \(HTTP 200\)"
    ):
        desk.portal(office, pages={"seal": None}).seal("mark1")
    del office.pages["mark1.gif"]
    with pytest.raises(PortalUnknownPageError, match="HTTP 404"):
        desk.portal(office, pages={"seal": None}).seal("mark1")
    with pytest.raises(InputError, match="it has: mark1"):
        desk.portal(office, pages={"seal": None}).seal("mark2")


def test_intermediates_in_files_of_which_one_is_gone() -> None:
    office = Office(
        authority="<title>中繼憑證</title><a href=/gone.cer>中繼憑證下載</a> <a href=/root.cer>根憑證下載</a>",
        **{"root.cer": (200, {"Content-Type": "application/pkix-cert"}, desk.PEM)},
    )
    assert desk.portal(office, pages={"authority": "authority"}).authority_certificates() == [desk.PEM.encode()]
    del office.pages["root.cer"]
    with pytest.raises(PortalUnknownPageError, match="No certificate is on .*pages.authority"):
        desk.portal(office, pages={"authority": "authority"}).authority_certificates()
