# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The world around the protocol: TWCA's portal and its officers, the journal's disk, the keys of two hosts, and people."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from ansible_collections.twca.ssl.plugins.module_utils._errors import (
    InputError,
    PortalRefusedError,
    PortalUnknownPageError,
    PortalUnreachableError,
)
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import Record
from ansible_collections.twca.ssl.plugins.module_utils._portal.model import Accepted, Entry

from .choices import Choices

NAME = "www.example.com.tw"
NOW = "2026-11-28T00:00:00Z"
PENDING, ISSUED, REJECTED = "pending", "valid", "rejected"


class Crash(BaseException):
    """The process ends here."""


@dataclasses.dataclass(frozen=True)
class Order:
    """An order at the portal."""

    key: str
    number: int
    status: str = PENDING


@dataclasses.dataclass(frozen=True)
class Certificate:
    """A certificate, as far as the protocol tells one from another."""

    key: str
    serial_number: int


@dataclasses.dataclass
class World:
    """All that a later run can find. ``budgets``: how often each kind of trouble may still happen."""

    shows_pending: bool
    numbers_orders: bool
    budgets: dict[str, int]
    keys: dict[str, str]  # by host, the key that it has pending now
    journal: dict[str, Record] = dataclasses.field(default_factory=dict)
    backup: dict[str, Record] | None = None
    orders: tuple[Order, ...] = ()
    late: tuple[str, ...] = ()  # keys whose order is still on its way to the portal
    named: tuple[str, ...] = ()  # keys that a person said may be ordered (again), once for each time
    resubmitted: frozenset[str] = (
        frozenset()
    )  # keys that a run was told to order again; left in place, that is no new word
    abandoned: frozenset[str] = frozenset()  # keys that a person gave up
    made: int = 0  # keys made so far
    memory_lost: bool = False  # the journal was lost or is an older one
    was_late: bool = False  # a request arrived after the run that sent it had ended

    def copy(self) -> World:
        return dataclasses.replace(self, budgets=dict(self.budgets), keys=dict(self.keys), journal=dict(self.journal))

    def new_key(self, host: str) -> None:
        self.keys[host] = "abcdefgh"[self.made] * 64
        self.made += 1

    def commit(self, key: str) -> None:
        self.orders = (*self.orders, Order(key, len(self.orders) + 1))

    def decide(self, number: int, status: str) -> None:
        """An officer decides."""
        self.orders = tuple(
            dataclasses.replace(one, status=status) if one.number == number else one for one in self.orders
        )

    def of_key(self, key: str) -> list[Order]:
        """The orders of a key that are, or may become, certificates."""
        return [one for one in self.orders if one.key == key and one.status != REJECTED]

    def identity(self) -> tuple[t.Any, ...]:
        """What makes two worlds one for all that can follow."""
        kept = tuple(sorted((key, _essence(record)) for key, record in self.journal.items()))
        backup = None if self.backup is None else tuple(sorted((k, _essence(r)) for k, r in self.backup.items()))
        return (
            self.shows_pending,
            self.numbers_orders,
            tuple(sorted(self.budgets.items())),
            tuple(sorted(self.keys.items())),
            kept,
            backup,
            self.orders,
            tuple(sorted(self.late)),
            tuple(sorted(self.named)),
            self.resubmitted,
            self.abandoned,
            self.memory_lost,
            self.was_late,
        )


def _essence(record: Record) -> tuple[t.Any, ...]:
    states = tuple(state for state, _at in record.history)
    return (
        record.state,
        record.operation,
        states,
        record.baseline,
        record.serial_number or "",
        record.holder or "",
        record.entry or "",
        record.settled,
    )


class Disk:
    """The journal in memory. Before and after each change the process may die."""

    def __init__(self, world: World, choices: Choices, complain: t.Callable[[str], None]) -> None:
        self._world = world
        self._choices = choices
        self._complain = complain

    @contextlib.contextmanager
    def locked(self, _name: str, *, timeout: float) -> t.Iterator[None]:
        yield

    def of_name(self, _name: str) -> list[Record]:
        return list(self._world.journal.values())

    def write(self, record: Record) -> None:
        self._die("killed before the journal says " + record.state)
        before = self._world.journal.get(record.public_key_sha256)
        if before is not None and before.state == "accepted" and record.state in ("prepared", "abandoned"):
            self._complain(f"an accepted order became {record.state} without a person's word")
        self._world.journal[record.public_key_sha256] = record
        self._die("killed after the journal says " + record.state)

    def forget(self, record: Record) -> None:
        self._die("killed before the journal forgets")
        key = record.public_key_sha256
        # A journal that was lost does not know of an earlier order.
        if not self._world.memory_lost and (self._world.of_key(key) or key in self._world.late):
            self._complain("the journal forgets an order that the portal has, or will have")
        self._world.journal.pop(key, None)
        self._die("killed after the journal forgot")

    def _die(self, what: str) -> None:
        if self._choices.choose(("", ""), (what, "crashes")):
            raise Crash


class Portal:
    """The portal as a run meets it: it works, or one of the things happens that a portal and a wire can do."""

    requests = 0

    def __init__(self, world: World, choices: Choices, key: str, complain: t.Callable[[str], None]) -> None:
        self._world = world
        self._choices = choices
        self._key = key
        self._complain = complain

    def search(self, _name: str) -> list[Entry]:
        if self._choices.choose(("", ""), ("the search gets no answer", "troubles")):
            raise PortalUnreachableError("no answer", sent=True)
        return [self._entry(one) for one in self._world.orders if one.status != PENDING or self._world.shows_pending]

    def download(self, entry: Entry) -> list[Certificate]:
        if self._choices.choose(("", ""), ("the download fails", "troubles")):
            raise PortalUnknownPageError("no download")
        [order] = [one for one in self._world.orders if one.number == entry.serial_number]
        return [Certificate(order.key, order.number)]

    def apply(self, _application: t.Any, committing: t.Callable[[], None]) -> Accepted:
        return self._order(committing)

    def renew(self, _application: t.Any, entry: Entry, committing: t.Callable[[], None]) -> Accepted:
        assert entry.status == ISSUED
        return self._order(committing)

    def _entry(self, order: Order) -> Entry:
        number = str(order.number) if self._world.numbers_orders else ""
        return Entry(
            NAME,
            order.status,
            reference=number,
            serial_number=order.number if order.status == ISSUED else None,
            message="退件" if order.status == REJECTED else "",
        )

    def _order(self, committing: t.Callable[[], None]) -> Accepted:
        world = self._world
        alone = len(world.keys) == 1 and not world.abandoned and not world.memory_lost
        if alone and world.shows_pending and any(one.status == PENDING for one in world.of_key(self._key)):
            self._complain("an order is sent again although the portal lists it")
        happened = self._choices.choose(*_ORDERING, *(_LISTED_ONLY if self._world.shows_pending else ()))
        before, _comma, ending = happened.partition(", then ")
        if before == "nothing is sent":
            raise _ENDINGS[ending]
        if happened in dict(_LISTED_ONLY):
            self._choices.budgets["troubles"] = 0  # only a search that works finds it out
        committing()
        if self._choices.choose(("", ""), ("killed before the request leaves", "crashes")):
            raise Crash
        if before in ("", "ordered"):
            self._world.commit(self._key)
        elif before == "on its way":
            self._world.late = (*self._world.late, self._key)
            self._world.was_late = True
        if self._choices.choose(("", ""), ("killed before the answer comes", "crashes")):
            raise Crash
        if not happened:
            return Accepted("作業成功")
        for _more in range(ending.count("one more request")):
            committing()
        raise _ENDINGS[ending]


_ENDINGS: dict[str, Exception] = {
    "a question that was not answered": InputError("payment_method is missing"),
    "no connection": PortalUnreachableError("connection refused", sent=False),
    "no answer": PortalUnreachableError("the answer was lost", sent=True),
    "an unknown page": PortalUnknownPageError("?"),
    "a no": PortalRefusedError("no", "資料有誤"),
    "one more request, then no connection": PortalUnreachableError("connection refused", sent=False),
    "one more request, then a no": PortalRefusedError("no", "付款方式有誤"),
    "one more request, then no answer": PortalUnreachableError("the answer was lost", sent=True),
}
_ORDERING = (
    ("", ""),
    ("nothing is sent, then a question that was not answered", "troubles"),
    ("nothing is sent, then no connection", "troubles"),
    ("not ordered, then a no", "troubles"),
    ("not ordered, then no connection", "troubles"),
    ("not ordered, then no answer", "troubles"),
    ("not ordered, then a question that was not answered", "troubles"),
    ("not ordered, then one more request, then a no", "troubles"),
    ("ordered, then no answer", "troubles"),
    ("ordered, then an unknown page", "troubles"),
    ("ordered, then a question that was not answered", "troubles"),
    ("ordered, then one more request, then no connection", "troubles"),
    ("ordered, then one more request, then a no", "troubles"),
    ("on its way, then no answer", "troubles"),
    ("on its way, then one more request, then no answer", "troubles"),
)
# A portal that says no, orders all the same, and hides what it ordered: nobody can find that out.
_LISTED_ONLY = (("ordered, then a no", "troubles"),)
