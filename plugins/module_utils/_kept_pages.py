# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of the portal that were not understood, kept for a person to look at and to attach to a report."""

from __future__ import annotations

import contextlib
import datetime
import html
import os
import secrets
import typing as t
import urllib.parse
from pathlib import Path

from . import _masking
from ._addresses import plain
from ._errors import StoreError
from ._portal import charsets
from ._secrets import HIDDEN
from ._store import atomic

if t.TYPE_CHECKING:
    from ._portal.session import Response

FOLDER = "pages"  # of state_dir
NEWEST = 20  # pages that are kept
_ENDING = ".html"


class KeptPages:
    """Files below ``state_dir`` that only their owner can read, with every secret masked that the task was given.

    :param state_dir: the journal's directory.
    :param hidden: the secrets.
    """

    def __init__(self, state_dir: Path, hidden: t.Iterable[str]) -> None:
        self._folder = state_dir / FOLDER
        spellings = {spelling for one in hidden for spelling in _spellings(one)}
        self._hidden = sorted(spellings, key=len, reverse=True)

    def keep(self, response: Response) -> str | None:
        """Write a page down, and remove all but the newest.

        :returns: the file's path; None where it cannot be written, since what stopped the task matters more.
        """
        text = charsets.decode(response.body, response.content_type)[0]
        address = plain(response.url).replace("--", "%2D%2D")  # which would end the comment
        content = self._masked(f"<!-- HTTP {response.status} {address} -->\n{text}")
        moment = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%S.%fZ")
        path = self._folder / f"{moment}-{secrets.token_hex(2)}{_ENDING}"
        try:
            atomic.make_directory(self._folder, mode=0o700)
            # With a byte order mark, so that browsers do not believe what the page says of its character set.
            atomic.write(path, content.encode("utf-8-sig", "replace"), mode=0o600)
            self._clear()
        except (OSError, StoreError):
            return None
        return str(path)

    def _masked(self, text: str) -> str:
        for spelling in self._hidden:
            text = text.replace(spelling, HIDDEN)
        return text

    def _clear(self) -> None:
        names = sorted(name for name in os.listdir(self._folder) if name.endswith(_ENDING))
        for name in names[:-NEWEST]:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._folder / name)


def _spellings(secret: str) -> t.Iterator[str]:
    """A secret as a page may write it."""
    for form in {secret, *_masking.forms(secret)} - {""}:
        yield form
        yield html.escape(form)
        yield html.escape(form, quote=False)
        yield urllib.parse.quote(form)
        yield urllib.parse.quote_plus(form)
