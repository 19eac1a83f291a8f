# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seal on a site's pages: a picture from the portal, and the link around it (manual §4.6.2.3)."""

from __future__ import annotations

import hashlib
import html
import re
import typing as t
import unicodedata
import urllib.parse
from pathlib import Path

from .._errors import InputError, PortalError
from .._store import atomic

_MODE = 0o644  # web servers read both files
_KINDS = {b"GIF87a": "GIF", b"GIF89a": "GIF", b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
_IN_ADDRESS = "%/:=&?#~+!,;@()*[]"
"""What an address may hold beside letters, digits and ``_.-``. Not the dollar sign: nginx would take it for a variable."""


class _File(t.NamedTuple):
    path: Path
    data: bytes
    summary: t.Callable[[bytes], str]


def install(
    params: dict[str, t.Any], *, check_mode: bool, info_address: str | None, fetch: t.Callable[[str], tuple[bytes, str]]
) -> dict[str, t.Any]:
    """Fetch the picture and write the snippet, as far as their paths are given; write only what differs.

    :param params: the options of ``twca_seal``.
    :param info_address: address of the portal's page about a certificate, to which the site name is added.
    :param fetch: gets a mark's picture and its address from the portal; not called without ``image_path``.
    :returns: the module's result.
    :raises InputError: an option is wrong. :raises PortalError: the portal gave no picture.
    """
    result: dict[str, t.Any] = {"link": link(info_address, params["common_name"])}
    files: list[_File] = []
    if params["image_url"] is not None:
        result["snippet"] = snippet(result["link"], params["image_url"], params["common_name"])
    if params["snippet_path"] is not None:
        files.append(_File(Path(params["snippet_path"]), result["snippet"].encode("ascii"), _text))
    if params["image_path"] is not None:
        picture, result["image_source"] = fetch(params["mark"])
        if _kind(picture) is None:
            raise PortalError(
                f"What the portal offers as {params['mark']} at {result['image_source']} is no GIF, PNG or JPEG picture; "
                "nothing was written. Look at the address."
            )
        result["image_sha256"] = hashlib.sha256(picture).hexdigest()
        files.append(_File(Path(params["image_path"]), picture, _describe))
    result["diff"] = [diff for file in files if (diff := _write(file, check_mode))]
    result["changed"] = bool(result["diff"])
    return result


def link(info_address: str | None, common_name: str) -> str:
    """The address of the portal's page about a site's certificate."""
    if info_address is None:
        raise InputError("portal_profile: pages.certificate_info must be an address, since it is where a seal leads.")
    if not common_name or _is_unprintable(common_name):
        raise InputError("common_name is empty or holds a control character: give the name that the certificate bears.")
    return info_address + urllib.parse.quote(common_name, safe="")


def snippet(target: str, image_url: str, common_name: str) -> str:
    """The HTML to include in a page. ASCII only, so that it fits into a page of any character set.

    :param target: where the link leads.
    :param image_url: the picture's address on the site, as the page names it.
    :raises InputError: ``image_url`` is no address that a page on the web can use.
    """
    scheme = re.match(r"\s*([^/?#]*):", image_url)
    if not image_url.strip() or _is_unprintable(image_url) or (scheme and scheme[1].lower() not in ("http", "https")):
        raise InputError(f"image_url is {image_url!r}: give the picture's address on the site, like /seal/mark1.gif.")
    source = urllib.parse.quote(image_url.strip(), safe=_IN_ADDRESS)
    description = html.escape(f"TWCA SSL certificate of {common_name}").encode("ascii", "xmlcharrefreplace").decode()
    # The manual's target opens a window, which without noopener could send the site's page elsewhere.
    return (
        f'<a href="{html.escape(target)}" target="new" rel="noopener">'
        f'<img src="{html.escape(source)}" alt="{description}"></a>\n'
    )


def _write(file: _File, check_mode: bool) -> dict[str, str] | None:
    before = file.path.read_bytes() if file.path.exists() else b""
    if before == file.data:
        return None
    if not check_mode:
        atomic.write(file.path, file.data, mode=_MODE)
    return {
        "before_header": str(file.path),
        "after_header": str(file.path),
        "before": file.summary(before),
        "after": file.summary(file.data),
    }


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _describe(data: bytes) -> str:
    return (
        f"{_kind(data) or 'other'} of {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}\n" if data else ""
    )


def _kind(data: bytes) -> str | None:
    return next((kind for magic, kind in _KINDS.items() if data.startswith(magic)), None)


def _is_unprintable(text: str) -> bool:
    return any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text)
