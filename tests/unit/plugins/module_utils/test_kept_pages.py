# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages that were not understood, as they are kept."""

from __future__ import annotations

import html
import stat
import urllib.parse
from pathlib import Path

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._kept_pages import FOLDER, NEWEST, KeptPages
from ansible_collections.twca.ssl.plugins.module_utils._portal.session import Response

SECRET = 'opeN<&"sesame+1'


def response(text: str, charset: str = "big5", url: str = "https://portal.test/step--2;jsessionid=1F?x=y") -> Response:
    return Response(url, 200, {"Content-Type": f"text/html; charset={charset}"}, text.encode(charset))


def kept(path: str | None) -> str:
    assert path is not None
    return Path(path).read_bytes().decode("utf-8-sig")


@pytest.mark.parametrize("charset", ["big5", "utf-8"])
def test_a_browser_shows_it_as_it_was(tmp_path: Path, charset: str) -> None:
    path = KeptPages(tmp_path, ()).keep(response("<p>問卷調查</p>", charset))
    first, rest = kept(path).split("\n", 1)
    assert rest == "<p>問卷調查</p>"
    assert first.startswith("<!-- HTTP 200 https://portal.test/step%2D%2D2 ") and first.endswith(" -->")
    assert "--" not in first[4:-3]
    assert "1F" not in first, "what a session is known by does not belong into a report"


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = Path(str(KeptPages(tmp_path, ()).keep(response("x"))))
    assert path.parent == tmp_path / FOLDER
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent)] == [0o600, 0o700]


@pytest.mark.parametrize(
    "written", [SECRET, html.escape(SECRET), html.escape(SECRET, quote=False), urllib.parse.quote_plus(SECRET)]
)
def test_no_secret_is_in_it_however_it_is_written(tmp_path: Path, written: str) -> None:
    text = kept(KeptPages(tmp_path, (SECRET, "")).keep(response(f"<input value='{written}'> 通行密碼")))
    assert "sesame" not in text
    assert text.endswith("'> 通行密碼")


def test_the_newest_stay(tmp_path: Path) -> None:
    pages = KeptPages(tmp_path, ())
    (tmp_path / FOLDER).mkdir(mode=0o700)
    (tmp_path / FOLDER / "note.txt").write_text("a person's")
    paths = [pages.keep(response(str(number))) for number in range(NEWEST + 3)]
    assert [path for path in paths if path and Path(path).exists()] == paths[3:]
    assert (tmp_path / FOLDER / "note.txt").exists()


def test_a_full_or_closed_disk_hides_no_error(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("no directory")
    assert KeptPages(tmp_path, ()).keep(response("x")) is None
