# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the portal is told, and what it tells."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t


@dataclasses.dataclass(frozen=True)
class Application:
    """All that an order says (manual §4.3, §4.4)."""

    csr: str  # PEM
    subject: t.Mapping[
        str, str | None
    ]  # common_name, country, state_or_province, locality, organization, organizational_unit
    common_name: str
    server_software: str
    passphrase: str
    technical: t.Mapping[str, str]
    business: t.Mapping[str, str]
    billing: t.Mapping[str, str]  # a whole contact, or {"same_as": "technical" | "business"}
    payment_method: str | None = None


@dataclasses.dataclass(frozen=True)
class Accepted:
    """The portal has taken an order. ``contact_changes``: contact, field, before, after, where it showed other contacts."""

    message: str
    contact_changes: list[dict[str, str]] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Revocation:
    """The portal has taken a revocation. ``page_html`` is to be printed, stamped and faxed (§4.5)."""

    message: str
    page_html: str
    repeated: bool = False  # it had taken one for this name before, and takes no second


@dataclasses.dataclass(frozen=True)
class Entry:
    """A certificate or an order that the portal lists under a name."""

    name: str
    status: str  # valid, pending, rejected, revoked, expired, unknown
    status_text: str = ""
    not_before: datetime.datetime | None = None  # aware, UTC
    not_after: datetime.datetime | None = None
    serial_number: int | None = None
    subject: str = ""
    message: str = ""  # the reason of a rejection, a remark
    revocation_requested: bool = False  # still valid, but its revocation is under way
    reference: str = ""  # number or date of the order, where the portal shows one
    handle: t.Any = dataclasses.field(default=None, repr=False, compare=False)  # where on which page it stands

    @property
    def identity(self) -> str:
        """A text by which the entry is found again in a later search; entries that a person could not tell apart share one."""
        if self.serial_number is not None:
            return f"serial:{self.serial_number:X}"
        if self.reference:
            return f"order:{self.name}:{self.reference}"
        times = [moment.isoformat() for moment in (self.not_before, self.not_after) if moment]
        return ":".join(["entry", self.name, *(times or [self.status])])
