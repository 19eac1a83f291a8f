# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Web addresses that every library reads alike; others lead nowhere.

Programs disagree about whose address ``http://a\\@b/`` is. So there is one strict form for what stands before the path:
scheme, host in ASCII, port. An address in another form has no origin, and nothing is sent to it.
"""

from __future__ import annotations

import ipaddress
import re
import urllib.parse

Origin = tuple[str, str, int]

NOWHERE: Origin = ("", "", 0)
"""The origin of an address that is none."""

_PORTS = {"http": 80, "https": 443}
_ADDRESS = re.compile(
    r"(https?)://([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?(?:/[^\\?#]*)?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LONGEST = 16 * 1024  # characters
# What names a visitor's session in a path: parameters (;jsessionid=...), and ASP.NET's segment ((S(...))).
_SESSION = re.compile(r";[^/?#\s]*|/\((?:[A-Z]\([^()/\s]*\))+\)(?=/|$)", re.IGNORECASE)
_IN_TEXT = re.compile(
    r"https?://[^\s'\"<>()]+(?:\([^\s'\"<>]*\)[^\s'\"<>()]*)*|(?<=\S)[?;](?:jsessionid|phpsessid|sid|session|token)\w*=[^\s'\"<>)]*",
    re.IGNORECASE,
)


def origin(url: str) -> Origin:
    """Scheme, host and port of an address; :data:`NOWHERE` for one that is not of the strict form."""
    match = _ADDRESS.fullmatch(url) if len(url) <= _LONGEST and not _UNPRINTABLE.search(url) else None
    if match is None:
        return NOWHERE
    scheme, host = match.group(1).lower(), match.group(2).lower()
    port = int(match.group(3)) if match.group(3) else _PORTS[scheme]
    if not 0 < port < 65536 or not _is_host(host):
        return NOWHERE
    return scheme, host.strip("[]"), port


def reaches(own: Origin, target: Origin) -> bool:
    """Whether an address is of the same site: the same origin, or https of the same host in place of http."""
    return own != NOWHERE and (target == own or (own[0] == "http" and target[:2] == ("https", own[1])))


def origin_text(url: str) -> str:
    """The origin as a browser writes it; nothing for an address that has none."""
    scheme, host, port = origin(url)
    if not scheme:
        return ""
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" + ("" if port == _PORTS[scheme] else f":{port}")


def plain(url: str) -> str:
    """An address as errors show it: without query, fragment, credentials, a visitor's session and what cannot be printed."""
    start = origin_text(url)
    if start:
        return _printable(start + _SESSION.sub("", urllib.parse.urlsplit(url).path))[:200]
    return _printable(_SESSION.sub("", re.sub(r"//[^/?#]*@", "//", re.split("[?#]", url, maxsplit=1)[0])))[:200]


def without_sessions(text: str) -> str:
    """A text of others with each address in it as errors show one."""
    return _IN_TEXT.sub(lambda match: plain(match[0]) if "://" in match[0] else "", text)


def path(address: str) -> str:
    """The path of an absolute or relative address; nothing if it is none."""
    try:
        return urllib.parse.urlsplit(address.strip()).path
    except ValueError:
        return ""


def join(base: str, address: str) -> str:
    """The absolute address that a reference means; one that is none stays as it is, and has no origin."""
    try:
        return urllib.parse.urljoin(base, address.strip())
    except ValueError:
        return address.strip()


def with_query(url: str, query: str) -> str:
    """The address with this query and no fragment."""
    return re.split("[?#]", url, maxsplit=1)[0] + (f"?{query}" if query else "")


def _is_host(host: str) -> bool:
    if not host.startswith("["):
        return all(0 < len(label) <= 63 for label in host.removesuffix(".").split("."))
    try:
        return ipaddress.ip_address(host[1:-1]).version == 6
    except ValueError:
        return False


def _printable(text: str) -> str:
    return "".join(one for one in text if one.isprintable())
