# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import html.parser
import os
import typing as t
from pathlib import Path

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, PortalError
from ansible_collections.twca.ssl.plugins.module_utils._order import seal

INFO = "https://ssl.taica.com.tw/servlet/ShowServerCertInfo?DNS="
SOURCE = "https://www.twca.com.tw/seals/mark1.gif"
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


class Elements(html.parser.HTMLParser):
    """The elements that a browser would make of a snippet."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def install(picture: bytes = GIF, check_mode: bool = False, **params: t.Any) -> dict[str, t.Any]:
    given = {"common_name": "www.example.com.tw", "mark": "mark1", "image_path": None, "image_url": None, **params}
    return seal.install(
        {"snippet_path": None, **given}, check_mode=check_mode, info_address=INFO, fetch=lambda mark: (picture, SOURCE)
    )


def test_the_snippet_is_the_manuals_with_noopener():
    assert seal.snippet(INFO + "www.example.com.tw", "/seal/mark1.gif", "www.example.com.tw") == (
        '<a href="https://ssl.taica.com.tw/servlet/ShowServerCertInfo?DNS=www.example.com.tw" target="new" rel="noopener">'
        '<img src="/seal/mark1.gif" alt="TWCA SSL certificate of www.example.com.tw"></a>\n'
    )


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("WWW.example.com.tw", INFO + "WWW.example.com.tw"),
        ("*.example.com.tw", INFO + "%2A.example.com.tw"),
        ("a&b=c#d?e", INFO + "a%26b%3Dc%23d%3Fe"),
        ('"><script>alert(1)</script>', INFO + "%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E"),
        ("憑證.tw", INFO + "%E6%86%91%E8%AD%89.tw"),
    ],
)
def test_the_site_name_is_escaped(name, target):
    text = seal.snippet(seal.link(INFO, name), "/mark1.gif", name)
    assert text.isascii()
    assert Elements(text).found == [
        ("a", {"href": target, "target": "new", "rel": "noopener"}),
        ("img", {"src": "/mark1.gif", "alt": f"TWCA SSL certificate of {name}"}),
    ]


@pytest.mark.parametrize(
    ("image_url", "source"),
    [
        ("/seal/mark1.gif", "/seal/mark1.gif"),
        ("seal:1/../mark1.gif?a=1&b=2", None),
        ("./seal:1/mark1.gif?a=1&b=2#c", "./seal:1/mark1.gif?a=1&b=2#c"),
        ("https://static.example.com/a%20b.gif", "https://static.example.com/a%20b.gif"),
        ("//static.example.com/mark1.gif", "//static.example.com/mark1.gif"),
        ("/標章/mark 1.gif", "/%E6%A8%99%E7%AB%A0/mark%201.gif"),
        ('/x" onerror="alert(1)', "/x%22%20onerror=%22alert(1)"),
        ("/$document_root/'x'", "/%24document_root/%27x%27"),
        ("javascript:alert(1)", None),
        (" JavaScript:alert(1)", None),
        ("data:image/svg+xml,<svg/>", None),
        ("java\nscript:alert(1)", None),
        ("", None),
        ("  ", None),
    ],
)
def test_the_pictures_address_is_escaped_or_refused(image_url, source):
    if source is None:
        with pytest.raises(InputError, match=r"^image_url is .*: give the picture's address on the site, like "):
            seal.snippet(INFO + "x", image_url, "x")
    else:
        text = seal.snippet(INFO + "x", image_url, "x")
        (_a, (_img, attributes)) = Elements(text).found
        assert attributes["src"] == source
        assert "$" not in text


@pytest.mark.parametrize("name", ["", "a\nb", "a\x00b"])
def test_a_name_that_cannot_be(name):
    with pytest.raises(InputError, match="^common_name is empty or holds a control character"):
        install(common_name=name, image_url="/x")


def test_a_profile_without_the_page():
    with pytest.raises(InputError, match=r"^portal_profile: pages\.certificate_info must be an address"):
        seal.link(None, "x")


def test_files_are_written_once(tmp_path: Path):
    picture, page = tmp_path / "mark1.gif", tmp_path / "seal.html"
    options = {"image_path": str(picture), "image_url": "/mark1.gif", "snippet_path": str(page)}
    first = install(**options)
    assert first["changed"]
    assert [diff["after_header"] for diff in first["diff"]] == [str(page), str(picture)]
    assert first["diff"][0]["after"] == first["snippet"]
    digest = hashlib.sha256(GIF).hexdigest()
    assert first["diff"][1]["after"] == f"GIF of {len(GIF)} bytes, SHA-256 {digest}\n"
    assert (first["image_sha256"], first["image_source"]) == (digest, SOURCE)
    assert picture.read_bytes() == GIF
    assert page.read_text() == first["snippet"]
    assert {path.stat().st_mode & 0o777 for path in (picture, page)} == {0o644}
    written = [path.stat().st_ino for path in (picture, page)]

    second = install(**options)
    assert (second["changed"], second["diff"]) == (False, [])
    assert [path.stat().st_ino for path in (picture, page)] == written

    third = install(picture=GIF + b"2", **options)
    assert third["changed"]
    assert [diff["after_header"] for diff in third["diff"]] == [str(picture)]
    assert third["diff"][0]["before"] == first["diff"][1]["after"]
    assert sorted(os.listdir(tmp_path)) == ["mark1.gif", "seal.html"]


def test_check_mode_predicts_and_writes_nothing(tmp_path: Path):
    options = {"image_path": str(tmp_path / "a"), "image_url": "/a", "snippet_path": str(tmp_path / "b")}
    predicted = install(check_mode=True, **options)
    assert os.listdir(tmp_path) == []
    assert predicted == install(**options)


def test_without_an_image_path_the_portal_is_not_asked():
    def fetch(mark: str) -> tuple[bytes, str]:
        raise AssertionError(mark)

    params = {"common_name": "x", "mark": "mark1", "image_path": None, "image_url": "/a", "snippet_path": None}
    result = seal.install(params, check_mode=False, info_address=INFO, fetch=fetch)
    assert not result["changed"]
    assert set(result) == {"link", "snippet", "diff", "changed"}


@pytest.mark.parametrize("answer", [b"", b"<html>404</html>", b"<svg onload='alert(1)'/>", b"RIFF....WAVE"])
def test_what_is_no_picture_is_not_written(tmp_path: Path, answer):
    options = {"image_path": str(tmp_path / "a"), "image_url": "/a", "snippet_path": str(tmp_path / "b")}
    with pytest.raises(
        PortalError, match=rf"^What the portal offers as mark1 at {SOURCE} is no GIF, PNG or JPEG picture"
    ):
        install(picture=answer, **options)
    assert os.listdir(tmp_path) == []
