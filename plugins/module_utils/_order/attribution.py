# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose the portal's entries are: the portal lists a name's orders, and only a certificate tells keys apart."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from . import sentences
from .book import Book, Observation
from .journal import ABANDONED, ISSUED, REJECTED, Record

if t.TYPE_CHECKING:
    from .._portal.model import Entry


def new_positions(seen: Observation, mine: Record) -> list[int]:
    """The positions of entries that the portal did not list before the order; alike ones are counted."""
    before = collections.Counter(mine.baseline)
    new = []
    for position, entry in enumerate(seen.entries or ()):
        if before[entry.identity]:
            before[entry.identity] -= 1
        else:
            new.append(position)
    return new


def unread_positions(book: Book, seen: Observation) -> list[int]:
    """The positions of what may be a certificate of the applicant's key, but could not be downloaded."""
    return [one for one in certificate_positions(book, seen) if not seen.leaves.get(one)]


def certificate_positions(book: Book, seen: Observation) -> list[int]:
    """The positions of what may be a certificate of the applicant's key: those of other keys are known by their numbers."""
    known = {one.serial_number for one in book.others if one.serial_number}
    return [
        position
        for position, entry in enumerate(seen.entries or ())
        # A status word that the profile does not know must not hide a certificate.
        if entry.status in ("valid", "unknown")
        and (entry.serial_number is None or f"{entry.serial_number:X}" not in known)
    ]


def is_certainly_of(entry: Entry, mine: Record, rivals: t.Sequence[Record]) -> bool:
    """Only a certificate tells keys apart; an entry is surely ours where no other order can be it."""
    if entry.identity == mine.entry:
        return True
    return all(entry.identity in one.baseline and entry.identity != one.entry for one in rivals)


def settled(book: Book, seen: Observation) -> tuple[Book, tuple[str, ...]]:
    """The book with the fates of other keys' orders that this run happened to see."""
    warnings = []
    for leaves in seen.leaves.values():
        for leaf in leaves[:1]:
            other = book.of_key(leaf.public_key_sha256)
            if other is None or other not in book.others or other.serial_number is not None:
                continue
            known = dataclasses.replace(
                other, certificate=leaf.pem, serial_number=leaf.serial_number, not_after=leaf.not_after
            )
            if other.state == ABANDONED:
                warnings.append(sentences.issued_though_abandoned(other, leaf.serial_number))
            else:
                known = known.moved(ISSUED, at=seen.now)
            book = book.having(known)
    for entry in seen.entries or ():
        if entry.status != "rejected" or not entry.reference:
            continue
        waiting = [one for one in book.records if one.may_be_listed]
        owners = [one for one in waiting if one.entry == entry.identity]
        owners = owners or [one for one in waiting if entry.identity not in one.baseline and one.entry is None]
        if len(owners) == 1 and owners[0] in book.rivals:
            message = entry.message or entry.status_text
            if owners[0].state == ABANDONED:
                book = book.having(dataclasses.replace(owners[0], settled=True, portal_message=message))
            else:
                book = book.having(owners[0].moved(REJECTED, at=seen.now, portal_message=message))
    return book, tuple(warnings)
