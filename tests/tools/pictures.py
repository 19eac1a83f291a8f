# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take the documentation's pictures anew, into ``docs/docsite/rst/images``: ``PYTHONPATH=tests python tests/tools/pictures.py``, or only those named."""

from __future__ import annotations

import functools
import io
import sys
import tempfile
import typing as t
from pathlib import Path

import plays
from browser import chromium
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from simulator import Simulator
from stage import example, fleet

IMAGES = plays.ROOT / "docs/docsite/rst/images"
LARGEST = 100 * 1024  # bytes
NARROW = {"width": 900, "height": 640}
# The search page of each skin, and its field.
SEARCH = {
    "classic": ("Portal/cert/ssl_qry.asp", "form[name=F9] input[type=text]"),
    "modern": ("certificate-services/ssl/search", "#site"),
}
PAPER = {"width": 794, "height": 1123}  # A4 at 96 dots per inch


def _take(page: Page, name: str) -> None:
    target = IMAGES / f"{name}.png"
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(128).save(target, optimize=True)
    size = target.stat().st_size
    print(f"{target.relative_to(plays.ROOT)}: {size // 1024} KiB")
    if size > LARGEST:
        sys.exit(f"{target.name} is larger than {LARGEST // 1024} KiB")


def _portal(browser: Browser, directory: Path, *, skin: str) -> None:
    """What a search finds: the page where a renewal begins."""
    address, field = SEARCH[skin]
    with Simulator(directory, skin=skin) as simulator:
        _play(directory, simulator, "twca.ssl.certificate")
        simulator.approve(example.NAME)
        page = browser.new_page(viewport=NARROW, ignore_https_errors=True)
        page.goto(simulator.url + address)
        page.fill(field, example.NAME)
        page.press(field, "Enter")
        page.get_by_text("有效期限").first.wait_for()
        _take(page, f"portal-{skin}")


def _seal(browser: Browser, directory: Path) -> None:
    with Simulator(directory) as simulator:
        options = {
            "portal_url": simulator.url,
            "portal_ca_path": simulator.portal_ca,
            "common_name": example.NAME,
            "mark": "mark1",
            "image_path": str(directory / "mark1.gif"),
            "image_url": "mark1.gif",
            "snippet_path": str(directory / "seal.html"),
        }
        _succeed(plays.play(directory, {"tasks": [{"twca.ssl.twca_seal": options}]}))
    site = directory / "index.html"
    snippet = (directory / "seal.html").read_text(encoding="utf-8")
    site.write_text(f"<!DOCTYPE html><h1>Example Corp.</h1><p>Welcome.</p>{snippet}", encoding="utf-8")
    page = browser.new_page(viewport={"width": 480, "height": 300})
    page.goto(site.as_uri())
    _take(page, "seal")


def _play(directory: Path, simulator: Simulator, role: str, **variables: object) -> None:
    certificates = [{"common_name": example.NAME, "subject_alt_name": ["example.com.tw"]}]
    given = {**example.variables(simulator, directory), "twca_certificates": certificates, **variables}
    _succeed(plays.play(directory, {"roles": [role], "vars": given}))


def _succeed(run: plays.Run) -> None:
    if run.rc:
        sys.exit(run.output)


def _forms(browser: Browser, directory: Path) -> None:
    with Simulator(directory) as simulator:
        _play(directory, simulator, "twca.ssl.forms", twca_forms_directory=str(directory / "forms"))
    page = browser.new_page(viewport=PAPER)
    page.emulate_media(media="print")
    page.goto((directory / "forms" / example.NAME / "application.html").as_uri())
    _take(page, "form-application")


def _report(browser: Browser, directory: Path) -> None:
    before, after, orders = fleet.example()
    page = browser.new_page(viewport={"width": 1280, "height": 1160})
    page.goto(fleet.page(directory, after, orders, before).as_uri())
    _take(page, "report")


PICTURES: dict[str, t.Callable[[Browser, Path], None]] = {
    "classic": functools.partial(_portal, skin="classic"),
    "modern": functools.partial(_portal, skin="modern"),
    "forms": _forms,
    "report": _report,
    "seal": _seal,
}


def main() -> None:
    """Take them all."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as place:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name in sys.argv[1:] or PICTURES:
            directory = Path(place, name)
            directory.mkdir()
            PICTURES[name](browser, directory)
        browser.close()


if __name__ == "__main__":
    main()
