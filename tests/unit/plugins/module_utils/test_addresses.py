# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses of which programs disagree whose they are: nothing is sent to any of them, whatever names it."""

from __future__ import annotations

import http.server
import re
import threading
import typing as t

import pytest
from ansible_collections.twca.ssl.plugins.module_utils import _addresses as addresses
from ansible_collections.twca.ssl.plugins.module_utils._errors import PortalUnknownPageError
from ansible_collections.twca.ssl.plugins.module_utils._portal import forms
from ansible_collections.twca.ssl.plugins.module_utils._portal.browser import Browser
from ansible_collections.twca.ssl.plugins.module_utils._portal.session import Request, Session

#: E is another host's name and port, P the portal's.
CROOKED = [
    "http://E\\@P/",
    "http://E\\\\@P/",
    "http://P\\@E/",
    "http://P\\.E/",
    "http://P@E/",
    "http://user:word@P/",
    "http://P:80@E/",
    "http://E#@P/",
    "http://E?@P/",
    "http://E%5C@P/",
    "http://E%2F@P/",
    "http://E%23@P/",
    "http://E%00.P/",
    "http://E\x00P/",
    "http://E\x0b@P/",
    "http://E\x7f@P/",
    "http://E\u2028@P/",
    "http://E @P/",
    "http://E\u3000@P/",
    "http://E\uff0f@P/",
    "http://E\uff20P/",
    "http://E\uff3c@P/",
    "http:\\\\E/",
    "http:/\\E/",
    "\\\\E/",
    "/\\E/",
    "//E/",
    "//E\\@P/",
    "http://[E]@P/",
    "http://P[::1]E/",
    "http://E;P/",
    "http://E,P/",
    "ftp://P/",
    "https://E/",
]
NOWHERE = [
    "",
    "http:///portal.test/",
    "http:portal.test",
    "http:/portal.test/",
    "//portal.test/",
    "portal.test",
    "http://",
    "http://:80/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[::1",
    "http://[1.2.3.4]/",
    "http://[v1.x]/",
    "http://%70ortal.test/",
    "http://p\u00f6rtal.test/",
    "http://portal\u3002test/",
    "http://portal\uff0etest/",
    "http://\uff50ortal.test/",
    "http://portal..test/",
    "http://.portal.test/",
    "http://" + "a" * 64 + ".test/",
    "http://portal.test:0/",
    "http://portal.test:65536/",
    "http://portal.test:999999/",
    "http://portal.test:-1/",
    "http://portal.test:+80/",
    "http://portal.test:8_0/",
    "http://portal.test:\u0668\u0660/",
    "http://portal.test: 80/",
    " http://portal.test/",
    "http://portal.test/\n",
    "http://portal.test/a\\b",
    "javascript:alert(1)//http://portal.test/",
    "http://portal.test/" + "a" * 20_000,
]


@pytest.mark.parametrize("url", NOWHERE)
def test_what_is_not_written_plainly_has_no_origin(url: str) -> None:
    assert addresses.origin(url) == addresses.NOWHERE


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("HTTP://Portal.TEST", ("http", "portal.test", 80)),
        ("https://portal.test/x?a=http://evil\\@y/ #z", ("https", "portal.test", 443)),
        ("https://portal.test:00443/\u6191\u8b49 a", ("https", "portal.test", 443)),
        ("http://portal_1.test:8080?x", ("http", "portal_1.test", 8080)),
        ("http://[2001:DB8::1]:8080/", ("http", "2001:db8::1", 8080)),
        ("http://portal.test/@b:c", ("http", "portal.test", 80)),
    ],
)
def test_what_is_has(url: str, origin: addresses.Origin) -> None:
    assert addresses.origin(url) == origin


def test_how_errors_show_addresses() -> None:
    assert addresses.plain("https://portal.test:443/a?secret#b") == "https://portal.test/a"
    assert addresses.plain("http://user:word@portal.test/a?secret") == "http://portal.test/a"
    assert addresses.plain("http://a\\user:word@portal.test/\x1b[2Ja\u202e?secret") == "http://portal.test/[2Ja"
    assert addresses.origin_text("http://[::1]:8080/a") == "http://[::1]:8080"


@pytest.mark.parametrize("url", [one.replace("P", "portal.test").replace("E", "evil.test") for one in CROOKED])
def test_whoever_reads_it_the_library_goes_to_the_origin_that_we_read(url: str) -> None:
    """The libraries below may think of an address what they like, but not something else than we do."""
    import requests
    from urllib3.util import parse_url

    ours = addresses.origin(addresses.join("http://portal.test/a/b", url))
    if ours == addresses.NOWHERE:
        return
    prepared = requests.Request("GET", addresses.join("http://portal.test/a/b", url)).prepare()
    theirs = parse_url(prepared.url)
    assert (theirs.scheme, theirs.host, theirs.port or {"http": 80, "https": 443}[theirs.scheme]) == ours
    assert not theirs.auth


# -- with sockets ------------------------------------------------------------------------------------------------------


class Site:
    """A web server that shows one page, and keeps what it was asked."""

    def __init__(self, host: str) -> None:
        self.page = b""
        self.location = ""
        self.asked: list[str] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(f"{self.command} {self.path}")
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                redirects = outer.location and self.path == "/leads-on"
                self.send_response(307 if redirects else 200)
                if redirects:
                    self.send_header("Location", outer.location)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(outer.page)))
                self.end_headers()
                self.wfile.write(outer.page)

            do_POST = do_GET

            def log_message(self, *_arguments: t.Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"{host}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def sites() -> t.Iterator[tuple[Site, Site]]:
    both = Site("127.0.0.1"), Site("localhost")
    yield both
    for one in both:
        one.close()


def crooked(url: str, portal: Site, evil: Site) -> str:
    return re.sub("[EP]", lambda match: (evil if match.group() == "E" else portal).host, url)


@pytest.mark.parametrize("url", CROOKED)
def test_no_form_link_or_script_sends_anything_to_another_site(sites: tuple[Site, Site], url: str) -> None:
    portal, evil = sites
    address = crooked(url, portal, evil)
    attribute = address.replace("\x00", "&#1;")  # what HTML cannot hold
    portal.page = (
        f"<form action='{attribute}' method=post><input name=csr value=secret><button>go</button></form>"
        f"<form action='{attribute}'><input name=csr value=secret><button>go</button></form><a href='{attribute}'>a</a>"
    ).encode()
    evil.asked.clear()
    browser = Browser(Session(f"http://{portal.host}/", sleep=lambda _seconds: None))
    step = browser.open("")
    page = step.part.page
    for thing in page.clickables():
        try:
            browser.click(step.window, page, thing, forms.Filling(page))
        except PortalUnknownPageError as error:
            assert "nothing was sent there" in error.message
            assert "secret" not in error.message
    assert not evil.asked


@pytest.mark.parametrize("url", CROOKED)
def test_no_redirect_leads_to_another_site(sites: tuple[Site, Site], url: str) -> None:
    portal, evil = sites
    evil.asked.clear()
    portal.page = b""
    portal.location = re.sub("[\x00-\x1f\x7f]", "%01", crooked(url, portal, evil))
    portal.location = portal.location.encode().decode("latin-1")
    try:
        Session(f"http://{portal.host}/", sleep=lambda _seconds: None).send(
            Request(f"http://{portal.host}/leads-on", "POST", b"csr=secret", "application/x-www-form-urlencoded")
        )
    except PortalUnknownPageError as error:
        assert "nothing was sent there" in error.message
    finally:
        portal.location = ""
    assert not evil.asked


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://portal.test/ssl/apply.do;jsessionid=0A1B.node1?step=2#x", "https://portal.test/ssl/apply.do"),
        ("https://portal.test/a;v=1/b;w=2", "https://portal.test/a/b"),
        ("https://portal.test/(S(lit3py55t21z5v55vlm25s55))/apply.aspx", "https://portal.test/apply.aspx"),
        ("https://portal.test/(X(1)S(lit3py55)F(abc))/", "https://portal.test/"),
        ("/apply.do;jsessionid=0A1B?x=1", "/apply.do"),
        ("https://portal.test/list(1)/x", "https://portal.test/list(1)/x"),
    ],
)
def test_an_address_is_shown_without_the_visitors_session(url: str, shown: str) -> None:
    assert addresses.plain(url) == shown
    assert addresses.without_sessions(f"go to {url} now") == f"go to {shown} now" or not url.startswith("https")
