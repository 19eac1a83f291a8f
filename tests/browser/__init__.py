# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real headless Chromium, the distribution's, driven by Playwright, for pages that are files on disk."""

from __future__ import annotations

import contextlib
import shutil
import typing as t
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

__all__ = ["Page", "chromium", "pages"]

# No network of its own: nothing here loads anything, and Chromium's background requests would only wait.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """The browser's path, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextlib.contextmanager
def pages(**context: t.Any) -> t.Iterator[t.Callable[[Path], Page]]:
    """A function that opens a file; a page that raises an error or asks for anything but itself fails the test.

    :param context: options of Playwright's ``new_context``, such as ``color_scheme`` or ``viewport``.
    """
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(_FLAGS))

        def open_page(path: Path) -> Page:
            page = browser.new_context(offline=True, **context).new_page()
            page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
            page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
            page.on("request", lambda request: request.url == path.as_uri() or wrong.append(f"request: {request.url}"))
            page.goto(path.as_uri())
            return page

        try:
            yield open_page
        finally:
            browser.close()
    assert wrong == []
