# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of one name: the journal's records of it, the key that wants a certificate, and what a run has seen so far."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import TwcaError
from .journal import OPEN_STATES, Record

if t.TYPE_CHECKING:
    from .._portal.model import Entry


@dataclasses.dataclass(frozen=True)
class Applicant:
    """The key that wants a certificate."""

    common_name: str
    names: tuple[str, ...]
    public_key_sha256: str
    csr: str  # PEM


@dataclasses.dataclass(frozen=True)
class Book:
    """All records of a name, and whose turn it is."""

    applicant: Applicant
    records: tuple[Record, ...] = ()

    @property
    def mine(self) -> Record | None:
        """The applicant's own record."""
        return self.of_key(self.applicant.public_key_sha256)

    @property
    def others(self) -> list[Record]:
        return [one for one in self.records if one.public_key_sha256 != self.applicant.public_key_sha256]

    @property
    def rivals(self) -> list[Record]:
        """Records of other keys whose order may be one that the portal lists."""
        return [one for one in self.others if one.may_be_listed]

    @property
    def open_others(self) -> list[Record]:
        return [one for one in self.others if one.state in OPEN_STATES]

    def of_key(self, public_key_sha256: str) -> Record | None:
        return next((one for one in self.records if one.public_key_sha256 == public_key_sha256), None)

    def having(self, record: Record) -> Book:
        """This book with a record put in, in place of the one of the same key."""
        rest = (one for one in self.records if one.public_key_sha256 != record.public_key_sha256)
        return dataclasses.replace(self, records=(*rest, record))

    def without_attempt(self, record: Record) -> Book:
        """This book as if the last attempt to order for a record's key had not been made: it certainly came to nothing."""
        before = record.before_last_attempt()
        if before is not None:
            return self.having(before)
        rest = tuple(one for one in self.records if one.public_key_sha256 != record.public_key_sha256)
        return dataclasses.replace(self, records=rest)


@dataclasses.dataclass(frozen=True)
class Leaf:
    """A certificate that came, of some key."""

    public_key_sha256: str
    serial_number: str  # hexadecimal, as records have it
    pem: str = ""
    not_after: str | None = None  # ISO 8601 UTC


@dataclasses.dataclass(frozen=True)
class Sent:
    """How the attempt to order ended."""

    begun: int  # requests that may order and were announced
    error: TwcaError | None = None
    message: str = ""
    contact_changes: tuple[dict[str, t.Any], ...] = ()


@dataclasses.dataclass(frozen=True)
class Observation:
    """What this run has seen so far."""

    now: str  # ISO 8601 UTC, as records note times
    mail_read: bool = False
    mail: Leaf | None = None  # the applicant's certificate, if a mail held it
    entries: tuple[Entry, ...] | None = None  # what the portal lists; None before it was searched
    search_failed: bool = False  # it could not be searched after an order was sent
    leaves: t.Mapping[int, tuple[Leaf, ...]] = dataclasses.field(default_factory=dict)  # by position in ``entries``
    sent: Sent | None = None
