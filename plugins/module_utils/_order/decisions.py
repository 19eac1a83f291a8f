# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do next for one key, as a pure function of what the journal knows and what was seen.

:func:`decide` takes the book (all records of a name), what this run has seen so far, and the policy. It returns the book as it
must stand on the disk, and one action. Whoever carries the action out writes the book first, adds what the action showed to the
observation, and asks again. Nothing here reads a clock, a file or a page, so ``make model`` can explore every path.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import PortalRefusedError, PortalUnreachableError, TwcaError
from . import sentences
from .attribution import certificate_positions, is_certainly_of, new_positions, settled, unread_positions
from .book import Book, Observation, Sent
from .journal import (
    ABANDONED,
    ACCEPTED,
    ISSUED,
    OPEN_STATES,
    PLACED,
    PREPARED,
    REJECTED,
    SUBMITTING,
    UNCERTAIN,
    Record,
)

if t.TYPE_CHECKING:
    from .._portal.model import Entry


@dataclasses.dataclass(frozen=True)
class OrderPolicy:
    """How to get the certificate."""

    operation: str = "auto"  # auto, apply, renew
    on_uncertain: str = "fail"  # fail, wait, resubmit
    allow_order: bool = True
    holder: str | None = None  # who holds the key
    mailbox: bool = False  # whether there is a mailbox to look into


@dataclasses.dataclass(frozen=True)
class LookIntoMail:
    since: str | None  # ISO 8601 UTC


@dataclasses.dataclass(frozen=True)
class Search:
    pass


@dataclasses.dataclass(frozen=True)
class Download:
    position: int  # in the observation's entries


@dataclasses.dataclass(frozen=True)
class Order:
    operation: str  # apply or renew
    position: int | None = None  # of the entry to renew


@dataclasses.dataclass(frozen=True)
class Collect:
    """Prove the applicant's certificate and keep it."""

    position: int | None = None  # of the entry it was downloaded for; None: it came by mail


@dataclasses.dataclass(frozen=True)
class Use:
    """The certificate is in the journal."""


@dataclasses.dataclass(frozen=True)
class Await:
    """The order is with TWCA."""

    operation: str = "none"  # what this run did


@dataclasses.dataclass(frozen=True)
class Fail:
    error: TwcaError


Action = t.Union[LookIntoMail, Search, Download, Order, Collect, Use, Await, Fail]


@dataclasses.dataclass(frozen=True)
class Decision:
    """The book as it must stand on the disk before the action is carried out."""

    book: Book
    action: Action
    warnings: tuple[str, ...] = ()


def decide(book: Book, seen: Observation, policy: OrderPolicy) -> Decision:
    """The next action for the applicant of ``book``."""
    mine = book.mine
    if seen.sent is not None and mine is not None:
        return _after_sending(book, mine, seen, seen.sent, policy)
    if mine is None or mine.state == PREPARED:
        return _before_ordering(book, seen, policy)
    if mine.state == REJECTED and mine.times_sent < 2:
        return Decision(book, Fail(sentences.rejected(mine)))
    if mine.state == ISSUED:
        return Decision(book, Use())
    return _collect(book, mine, seen, policy)


def announced(book: Book, now: str) -> Book:
    """The book as it must stand on the disk before each request that may order."""
    mine = book.mine
    if mine is None:
        raise AssertionError("an order is announced only after it was prepared")
    return book if mine.state == SUBMITTING else book.having(mine.moved(SUBMITTING, at=now))


def must_wait(book: Book, policy: OrderPolicy, now: str) -> TwcaError | None:
    """Why the applicant may not order, as far as the journal alone can tell."""
    name = book.applicant.common_name
    if book.open_others:
        return sentences.another_is_open(name, book.open_others[0])
    issued = [one for one in book.others if one.state == ISSUED]
    newest = max(issued, key=lambda one: one.reached(ISSUED) or "", default=None)
    if newest is None or None in (newest.holder, policy.holder, newest.not_after) or newest.holder == policy.holder:
        return None
    if t.cast(str, newest.not_after) <= now:
        return None
    return sentences.another_holds_it(name, newest, t.cast(str, policy.holder))


# -- nothing was sent ------------------------------------------------------------------------------------------------


def _before_ordering(book: Book, seen: Observation, policy: OrderPolicy) -> Decision:
    entries = seen.entries or ()
    look = _look_further(book, seen, policy, range(len(entries)), since=None)
    if look is not None:
        note = (sentences.UNKNOWN_TO_JOURNAL,) if isinstance(look, Collect) and look.position is not None else ()
        return Decision(book, look, note)
    book, warnings = settled(book, seen)
    mine = book.mine
    if mine is not None and mine.was_sent:
        # A person said that the earlier order was not placed; what the portal lists by now knows better.
        answer, warnings = _attribute(book, mine, seen, warnings, "none")
        if answer is not None:
            return answer
        if _may_be_issued(book, seen, mine):
            return _uncertain(book, mine, seen, policy, warnings)
    listed, explained = sum(entry.status == "pending" for entry in entries), len(book.rivals)
    cleared = policy.on_uncertain == "resubmit" or (mine is not None and mine.is_cleared)
    if listed > explained and not cleared:
        return Decision(book, Fail(sentences.unexplained_order(book.applicant)), warnings)
    return _order(book, seen, policy, warnings)


def _order(book: Book, seen: Observation, policy: OrderPolicy, warnings: tuple[str, ...]) -> Decision:
    """Order, unless something stands in the way."""
    error = must_wait(book, policy, seen.now)
    if error is not None:
        return Decision(book, Fail(error), warnings)
    entries = seen.entries or ()
    valid = [position for position, entry in enumerate(entries) if entry.status == "valid"]
    newest = max(valid, key=lambda one: _end(entries[one]), default=None)
    applicant = book.applicant
    if policy.operation == "renew" and newest is None:
        return Decision(book, Fail(sentences.nothing_to_renew(applicant.common_name)), warnings)
    operation = "apply" if policy.operation == "apply" or newest is None else "renew"
    if not policy.allow_order:
        return Decision(book, Fail(sentences.not_allowed(operation, applicant.names)), warnings)
    mine = book.mine
    prepared = Record(
        common_name=applicant.common_name,
        public_key_sha256=applicant.public_key_sha256,
        state=PREPARED,
        operation=operation,
        csr=applicant.csr,
        baseline=tuple(entry.identity for entry in entries),
        unread=tuple(entries[position].identity for position in unread_positions(book, seen)),
        history=mine.history if mine is not None else (),
        holder=policy.holder,
    ).moved(PREPARED, at=seen.now)
    if mine is not None and mine.state in OPEN_STATES:
        # Until the request leaves, all that is known is that the attempt before may have come to an order.
        prepared = dataclasses.replace(prepared, state=UNCERTAIN)
    return Decision(book.having(prepared), Order(operation, newest if operation == "renew" else None), warnings)


def _end(entry: Entry) -> float:
    return entry.not_after.timestamp() if entry.not_after else 0.0


# -- an order was just sent ------------------------------------------------------------------------------------------


def _after_sending(book: Book, mine: Record, seen: Observation, sent: Sent, policy: OrderPolicy) -> Decision:
    error = sent.error
    if error is None:
        accepted = mine.moved(
            ACCEPTED, at=seen.now, portal_message=sent.message, contact_changes=tuple(sent.contact_changes)
        )
        return Decision(book.having(accepted), Await(mine.operation))
    never_left = isinstance(error, PortalUnreachableError) and not error.sent
    if sent.begun == 0 or (sent.begun == 1 and never_left):
        return Decision(book.without_attempt(mine), Fail(error))
    if seen.entries is None and not seen.search_failed:
        return Decision(book, Search())
    if not seen.search_failed:
        look = _look_further(
            book, seen, dataclasses.replace(policy, mailbox=False), new_positions(seen, mine), since=None
        )
        if look is not None:
            return Decision(book, look)
        book, warnings = settled(book, seen)
        answer, warnings = _attribute(book, mine, seen, warnings, mine.operation)
        if answer is not None:
            return answer
    else:
        warnings = ()
    # The first request that may order was answered with a no. A later one's no says nothing of the first, and a new entry
    # that may be this order or another key's says that the no may not be one.
    new = [(seen.entries or ())[position] for position in new_positions(seen, mine)]
    if isinstance(error, PortalRefusedError) and sent.begun == 1 and not any(one.status == "pending" for one in new):
        return Decision(book.without_attempt(mine), Fail(error), warnings)
    return _uncertain(book, mine, seen, policy, warnings, cause=error)


def _uncertain(
    book: Book,
    mine: Record,
    seen: Observation,
    policy: OrderPolicy,
    warnings: tuple[str, ...],
    cause: TwcaError | None = None,
) -> Decision:
    """Nothing tells whether the order was placed: a person must."""
    if mine.state != UNCERTAIN:
        mine = mine.moved(UNCERTAIN, at=seen.now)
        book = book.having(mine)
    new = [(seen.entries or ())[position] for position in new_positions(seen, mine)]
    error = sentences.uncertain(mine, new, cause, searched=seen.entries is not None)
    if policy.on_uncertain == "wait":
        return Decision(book, Await(), (*warnings, error.message))
    return Decision(book, Fail(error), warnings)


# -- an order was sent by an earlier run -----------------------------------------------------------------------------


def _collect(book: Book, mine: Record, seen: Observation, policy: OrderPolicy) -> Decision:
    since = mine.reached(SUBMITTING) or mine.reached(PLACED)
    look = _look_further(book, seen, policy, _to_read(seen, mine), since=since)
    if look is not None:
        by_portal = policy.mailbox and isinstance(look, Collect) and look.position is not None
        return Decision(book, look, (sentences.NOT_IN_MAILBOX,) if by_portal else ())
    book, warnings = settled(book, seen)
    if mine.state == ABANDONED:
        return Decision(book, Fail(sentences.abandoned(mine)), warnings)
    if mine.state == REJECTED:  # one of two orders was; the other one may have become a certificate
        return Decision(book, Fail(sentences.rejected(mine)), warnings)
    answer, warnings = _attribute(book, mine, seen, warnings, "none")
    if answer is not None:
        return answer
    if mine.state == ACCEPTED and mine.only_listed and _was_another(book, seen, mine):
        return _uncertain(book, mine, seen, policy, warnings)
    if mine.state in (ACCEPTED, PLACED):
        return Decision(book, Await(), warnings)
    # Once for each key: left in an inventory, the option would order again whenever an answer is lost.
    if policy.on_uncertain == "resubmit" and mine.times_sent == 1 and not _may_be_issued(book, seen, mine):
        return _order(book, seen, policy, warnings)
    return _uncertain(book, mine, seen, policy, warnings)


def _to_read(seen: Observation, mine: Record) -> list[int]:
    """The positions of entries that are new, or that could not be read before the order."""
    entries = seen.entries or ()
    return [*new_positions(seen, mine), *(n for n, one in enumerate(entries) if one.identity in mine.unread)]


def _look_further(
    book: Book, seen: Observation, policy: OrderPolicy, positions: t.Iterable[int], *, since: str | None
) -> Action | None:
    """What to look at before anything can be said; the applicant's certificate, once it is seen."""
    if policy.mailbox and not seen.mail_read:
        return LookIntoMail(since)
    if seen.mail is not None:
        return Collect()
    if seen.entries is None:
        return Search()
    wanted = set(positions)
    for position in certificate_positions(book, seen):
        if position not in wanted:
            continue
        if position not in seen.leaves:
            return Download(position)
        if any(leaf.public_key_sha256 == book.applicant.public_key_sha256 for leaf in seen.leaves[position]):
            return Collect(position)
    return None


def _was_another(book: Book, seen: Observation, mine: Record) -> bool:
    """Whether the entry that was taken for the order has become a certificate of another key."""
    return any(
        leaf.public_key_sha256 != book.applicant.public_key_sha256
        for position in new_positions(seen, mine)
        for leaf in seen.leaves.get(position, ())[:1]
    )


def _may_be_issued(book: Book, seen: Observation, mine: Record) -> bool:
    """Whether a certificate that came since an order was sent could not be read: it may be that order's."""
    return bool(set(unread_positions(book, seen)) & set(new_positions(seen, mine)))


def _attribute(
    book: Book, mine: Record, seen: Observation, warnings: tuple[str, ...], operation: str
) -> tuple[Decision | None, tuple[str, ...]]:
    """What the portal's list says of the order, None where it cannot tell; and the warnings, with what it says besides."""
    entries = seen.entries or ()
    new = new_positions(seen, mine)
    rivals = book.rivals
    strangers = [seen.leaves[one][0] for one in new if seen.leaves.get(one)]
    strangers = [leaf for leaf in strangers if book.of_key(leaf.public_key_sha256) is None]
    knows_before = mine.was_sent  # only then the baseline is what was listed before the order
    if strangers and mine.state == ACCEPTED and knows_before and not rivals:
        return Decision(
            book, Fail(sentences.certificate_of_another_key(mine, strangers[0].serial_number)), warnings
        ), warnings
    others = _unlisted(entries, new, rivals)
    ours = [
        position
        for position in new
        if knows_before
        and (is_certainly_of(entries[position], mine, rivals) or (entries[position].reference and not others))
    ]
    for position in new:
        entry = entries[position]
        if entry.status != "rejected":
            continue
        if position in ours:
            rejected = mine.moved(REJECTED, at=seen.now, portal_message=entry.message or entry.status_text)
            return Decision(book.having(rejected), Fail(sentences.rejected(rejected)), warnings), warnings
        warnings = (*warnings, sentences.somebody_was_rejected(mine, entry))
    pending = [one for one in new if entries[one].status == "pending" and not _is_taken(entries[one], rivals)]
    certain = [one for one in pending if one in ours]
    if knows_before and (certain or len(pending) > others):
        first = entries[(certain or pending)[0]]
        if mine.state not in (ACCEPTED, PLACED):
            message = first.message or first.status_text
            mine = mine.moved(ACCEPTED, at=seen.now, portal_message=message, only_listed=True)
        if certain and first.reference and mine.entry is None:
            mine = dataclasses.replace(mine, entry=first.identity)
        return Decision(book.having(mine), Await(operation), warnings), warnings
    return None, warnings


def _is_taken(entry: Entry, rivals: t.Sequence[Record]) -> bool:
    return any(one.entry == entry.identity for one in rivals)


def _unlisted(entries: t.Sequence[Entry], new: t.Sequence[int], rivals: t.Sequence[Record]) -> int:
    """How many orders of other keys may be among the new entries: those that the older entries do not account for."""
    older = [one for n, one in enumerate(entries) if n not in new and one.status == "pending"]
    waiting = sum(one.entry is None for one in rivals)
    accounted = sum(not _is_taken(one, rivals) for one in older)
    return waiting - accounted if accounted <= waiting else waiting  # more of them: some are of nobody that is known
