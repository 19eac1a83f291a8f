# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ``mailbox`` of ``twca_certificate``, checked."""

from __future__ import annotations

import dataclasses
import ipaddress
import typing as t
import unicodedata
from pathlib import Path

from .._errors import InputError

PORTS = {"tls": 993, "starttls": 143, "none": 143}
IMAP_KEYS = ("host", "port", "security", "username", "password", "folder", "ca_path")


@dataclasses.dataclass(frozen=True)
class Imap:
    """A folder on an IMAP server, and how to get in."""

    host: str
    port: int
    security: str
    username: str
    password: str = dataclasses.field(repr=False)
    folder: str
    ca_path: Path | None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclasses.dataclass(frozen=True)
class Maildir:
    """A directory in Maildir format."""

    path: Path


def parse(mailbox: dict[str, t.Any] | None) -> Imap | Maildir:
    """Check the option; values that are ``None`` count as not given.

    :raises InputError: with one sentence that names the key, and never the password.
    """
    given = {key: value for key, value in (mailbox or {}).items() if value is not None}
    unknown = sorted(set(given) - {*IMAP_KEYS, "maildir"})
    if unknown:
        raise InputError(f"mailbox has no key {unknown[0]!r}: it has {', '.join(IMAP_KEYS)}, or maildir.")
    if "maildir" in given:
        others = sorted(set(given) & {"host", "port", "username", "password", "ca_path"})
        if others:
            raise InputError(f"mailbox.maildir and mailbox.{others[0]} exclude each other: give a Maildir or a server.")
        return Maildir(Path(_text(given, "maildir")).expanduser())
    return _imap(given)


def _imap(given: dict[str, t.Any]) -> Imap:
    host = _text(given, "host")
    security = given.get("security", "tls")
    if security not in PORTS:
        raise InputError(f"mailbox.security is {security!r}: give one of {', '.join(PORTS)}.")
    if security == "none" and not _is_loopback(host):
        raise InputError(
            f"mailbox.security is none, which would send the password in the clear to {host}: "
            "give tls or starttls; none is for a server on this host only."
        )
    try:
        port = int(given.get("port", PORTS[security]))
    except (TypeError, ValueError):
        port = 0
    if not 1 <= port <= 65535:
        raise InputError(f"mailbox.port is {given['port']!r}: give a number from 1 to 65535.")
    return Imap(
        host=host,
        port=port,
        security=security,
        username=_text(given, "username"),
        password=_text(given, "password"),
        folder=_text({"folder": "INBOX", **given}, "folder"),
        ca_path=Path(_text(given, "ca_path")).expanduser() if "ca_path" in given else None,
    )


def _text(given: dict[str, t.Any], key: str) -> str:
    value = given.get(key, "")
    if not isinstance(value, str):
        raise InputError(f"mailbox.{key} is not text: put it in quotes.")
    if not value:
        raise InputError(f"mailbox.{key} is missing: give host, username and password of an IMAP server, or maildir.")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise InputError(f"mailbox.{key} holds a control character (a line end of a file?): remove it.")
    return value


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
