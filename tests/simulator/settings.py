# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a simulator can be told, and where it keeps its files."""

from __future__ import annotations

import dataclasses
import re
import typing as t
from datetime import timedelta
from pathlib import Path

SKINS = ("classic", "modern")
FORMATS = ("pem", "der", "pkcs7", "page")
ISSUERS = ("private", "public")
FLOWS = ("manual", "one_page", "asks_after")

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: str) -> timedelta:
    """``198d``, ``12h``, ``10m`` or ``90s``; raises ValueError for anything else."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a duration such as 198d, 12h, 10m or 90s")
    return timedelta(**{_UNITS[match.group(2)]: float(match.group(1))})


@dataclasses.dataclass(frozen=True)
class Settings:
    """All switches but the faults. They are kept with the state, so every process of one directory sees the same."""

    skin: str = "modern"
    host: str = "127.0.0.1"  # the address to listen on
    name: str = "localhost"  # the host name in addresses and in the portal's certificate
    port: int = 0  # 0: the port of last time if it is still free, else any
    http_port: int = 0  # the same, for CRL, OCSP and AIA
    portal_issuer: str = "private"  # who issues the portal's own certificate: a private CA, or the public hierarchy
    show_pending: bool = True  # list orders that wait for the officer in search results
    show_revoked: bool = True  # false: the list lags behind, and has what was revoked as valid
    approve_after: float | None = None  # seconds until the officer approves by himself; None: never
    lifetime: str = "198d"
    client_auth: bool = False  # also put clientAuth into the certificates
    format: str = "pem"  # of certificates that are downloaded or mailed; page: text on a page to copy from
    flow: str = "manual"  # what applications and renewals ask on which page, and where the order is placed; see FLOWS
    review: bool = False  # one more page after the payment, which repeats the order and asks for 確認
    revocation_choice: bool = False  # ask which certificate of the name is to be revoked
    smtp: str | None = None  # host:port the notices are sent to; None: no mail
    mail_from: str = "service@twca.com.tw"

    def __post_init__(self) -> None:
        for value, allowed in (
            (self.skin, SKINS),
            (self.format, FORMATS),
            (self.portal_issuer, ISSUERS),
            (self.flow, FLOWS),
        ):
            if value not in allowed:
                raise ValueError(f"{value!r} is not one of {', '.join(allowed)}")
        duration(self.lifetime)

    def changed(self, **changes: t.Any) -> Settings:
        return dataclasses.replace(self, **changes)


class Files:
    """The files below a simulator's directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.database = directory / "state.sqlite"
        self.authorities = directory / "ca"
        self.endpoint = directory / "endpoint.json"  # there while a server runs: its addresses and process id
        self.portal_ca = self.authorities / "portal-ca.pem"
        self.roots = self.authorities / "roots.pem"
