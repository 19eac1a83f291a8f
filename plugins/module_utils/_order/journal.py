# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order journal: what was asked of the portal for each key, on disk before it is asked.

One file per key, ``orders/<common name>/<public_key_sha256>.json`` under the state directory, mode 0600, no secret in it.
The states, each flushed to the disk before the step that it announces:

``prepared``
    The portal was looked at; nothing that may order was sent.
``submitting``
    The next request may commit the order. From here on nothing is sent again until the portal has been searched.
``uncertain``
    The answer to such a request was lost, and the portal could not clear it up.
``accepted``
    The portal said that it has the order, or lists it.
``issued``
    The certificate is here, in this very record.
``rejected``
    The portal turned the order down; this key is never sent again.
``placed``
    A person ordered by hand, or says that an uncertain order was placed.
``abandoned``
    A person discarded the key. Its order, if there is one, may still be listed until it is seen how it ended.

A history may also hold ``not_placed``: a person said that the order was not placed, and the record is ``prepared`` again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t
from pathlib import Path
from urllib.parse import quote

from .._errors import StoreError
from .._store import atomic, locks, mounts
from . import records

PREPARED, SUBMITTING, UNCERTAIN = "prepared", "submitting", "uncertain"
ACCEPTED, ISSUED, REJECTED = "accepted", "issued", "rejected"
PLACED, ABANDONED = "placed", "abandoned"
STATES = (PREPARED, SUBMITTING, UNCERTAIN, ACCEPTED, PLACED, ISSUED, REJECTED, ABANDONED)
# An order in one of these is awaited: it may be a certificate one day.
OPEN_STATES = (SUBMITTING, UNCERTAIN, ACCEPTED, PLACED)
NOT_PLACED = "not_placed"  # a person's word, in the history only


@dataclasses.dataclass(frozen=True)
class Record:
    """What the journal knows of one key."""

    common_name: str
    public_key_sha256: str
    state: str
    operation: str  # apply or renew
    csr: str
    baseline: tuple[str, ...] = ()  # identities of what the portal listed for the name before the order
    unread: tuple[str, ...] = ()  # those of them that may be certificates of this key, but could not be downloaded
    history: tuple[tuple[str, str], ...] = ()  # (state, ISO 8601 UTC), oldest first
    portal_message: str | None = None  # what the portal last said about this order
    contact_changes: tuple[dict[str, t.Any], ...] = ()
    certificate: str | None = None
    chain: tuple[str, ...] = ()
    serial_number: str | None = None  # of the certificate, hex
    seals: tuple[tuple[str, str], ...] = ()  # (file name, picture in base64) that came by mail
    holder: str | None = None  # who holds the key, as the playbook names it
    not_after: str | None = None  # end of the certificate's validity, ISO 8601 UTC
    entry: str | None = None  # identity of the portal's entry that is surely this order
    settled: bool = False  # abandoned, and the portal listed how the order ended
    only_listed: bool = False  # no page said that the order was accepted: an entry was taken for it

    @property
    def times_sent(self) -> int:
        """How often an attempt to order was announced for the key."""
        return sum(state == SUBMITTING for state, _at in self.history)

    @property
    def was_sent(self) -> bool:
        """Whether a request that may order was ever announced for the key."""
        return self.times_sent > 0

    @property
    def is_cleared(self) -> bool:
        """Whether a person said that the key has no order, and nothing was sent since."""
        words = (state for state, _at in reversed(self.history) if state in (NOT_PLACED, SUBMITTING, ACCEPTED, PLACED))
        return next(words, None) == NOT_PLACED

    @property
    def may_be_listed(self) -> bool:
        """Whether an entry of the portal of unknown owner may be this order."""
        if self.serial_number is not None or self.settled:
            return False
        sent = self.was_sent or any(state == PLACED for state, _at in self.history)
        return self.state in OPEN_STATES or (self.state == ABANDONED and sent)

    def before_last_attempt(self) -> Record | None:
        """The record as it was before the order was last prepared; None if nothing was sent or said of the key before."""
        last = max((n for n, (state, _at) in enumerate(self.history) if state == PREPARED), default=0)
        before = dataclasses.replace(self, history=self.history[:last])
        if before.is_cleared:
            return dataclasses.replace(before, state=PREPARED)
        return dataclasses.replace(before, state=UNCERTAIN) if before.was_sent else None

    def reached(self, state: str) -> str | None:
        """When the record last entered ``state``, ISO 8601 UTC."""
        return next((at for entered, at in reversed(self.history) if entered == state), None)

    def moved(self, state: str, *, at: str | None = None, **changes: t.Any) -> Record:
        """This record in ``state``, with the time noted: ``at`` (ISO 8601 UTC), by default now."""
        entered = PREPARED if state == NOT_PLACED else state
        return dataclasses.replace(
            self, state=entered, history=(*self.history, (state, at or records.now())), **changes
        )


class Journal:
    """The records under one state directory."""

    def __init__(self, state_dir: Path) -> None:
        self._orders = state_dir / "orders"

    @contextlib.contextmanager
    def locked(self, common_name: str, *, timeout: float) -> t.Iterator[None]:
        """Hold the one lock of a name, so that no two runs order for it at once. Other names do not wait.

        :param timeout: seconds to wait for another run.
        :raises LockedError: another run held it all that time.
        :raises StoreError: other hosts may hold it at the same time.
        """
        folder = self._folder(common_name)
        shared = mounts.shared_kind(folder)
        if shared is not None:
            raise StoreError(
                f"state_dir {self._orders.parent} lies on a file system ({shared}) that other hosts can have mounted as well, where nothing keeps "
                "two of them from placing one order twice. Nothing was sent. Give a state_dir on a disk of the portal host itself; "
                "what is in this one can be copied there while no run is under way."
            )
        self._make(folder)
        with locks.lock(folder / ".lock", timeout=timeout):
            yield

    def read(self, common_name: str, public_key_sha256: str) -> Record | None:
        """The record of a key, or None."""
        return records.read(self._path(common_name, public_key_sha256), Record, STATES)

    def of_name(self, common_name: str) -> list[Record]:
        """Every record of a name, in no particular order."""
        found = (records.read(path, Record, STATES) for path in sorted(self._folder(common_name).glob("*.json")))
        return [record for record in found if record is not None]

    def every(self) -> list[Record]:
        """Every record, by name and key."""
        found = (records.read(path, Record, STATES) for path in sorted(self._orders.glob("*/*.json")))
        return [record for record in found if record is not None]

    def write(self, record: Record) -> None:
        """Put the record on the disk, whole, before returning."""
        path = self._path(record.common_name, record.public_key_sha256)
        self._make(path.parent)
        records.write(path, record)

    def forget(self, record: Record) -> None:
        """Remove a record whose order was certainly not placed."""
        atomic.remove(self._path(record.common_name, record.public_key_sha256))

    def _folder(self, common_name: str) -> Path:
        return self._orders / folder_name(common_name)

    def _path(self, common_name: str, public_key_sha256: str) -> Path:
        return self._folder(common_name) / f"{public_key_sha256}.json"

    def _make(self, folder: Path) -> None:
        for path in (self._orders.parent, self._orders, folder):
            atomic.make_directory(path, mode=0o700)


def folder_name(common_name: str) -> str:
    """Names hold only letters, digits, dots, hyphens, colons and an asterisk; quoting is for those that should not."""
    return quote(common_name, safe="*")
