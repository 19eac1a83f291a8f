# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The harness bites: with a safeguard taken out of the program, it finds what the safeguard is for."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import typing as t
from unittest import mock

from . import crashes, late, owner, races, wire
from .bench import Bench
from .child import utils
from .scenes import AsksForUngiven, Collect, DiscardNamed, Install, OnePage, Order, Scene, Stranger
from .steps import WatchedOs
from .verdict import DUPLICATES, LOST_KEYS, MISMATCHED, OTHER, TRESPASSES, Verdict
from .workers import Job


def without_write_ahead() -> t.ContextManager[t.Any]:
    """The journal does not say ``submitting``."""
    journal = utils("_order.journal")
    write = journal.Journal.write

    def skip(this: t.Any, record: t.Any) -> None:
        if record.state != journal.SUBMITTING:
            write(this, record)

    return mock.patch.object(journal.Journal, "write", skip)


@contextlib.contextmanager
def without_locks() -> t.Iterator[None]:
    def no_lock(*_arguments: t.Any, **_options: t.Any) -> t.ContextManager[None]:
        return contextlib.nullcontext()

    with (
        mock.patch.object(utils("_store.locks"), "lock", no_lock),
        mock.patch.object(utils("_store.directory"), "lock_in", no_lock),
    ):
        yield


def without_fsync() -> t.ContextManager[t.Any]:
    return mock.patch.object(WatchedOs, "fsync", lambda *_: None)


class _Any(str):
    """Equal to whatever it is compared with."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, _other: object) -> bool:
        return True

    def __ne__(self, _other: object) -> bool:
        return False


@contextlib.contextmanager
def without_key_match_of_deliveries() -> t.Iterator[None]:
    """Whatever the portal delivers is the key's certificate."""
    with contextlib.ExitStack() as stack:
        for place in ("_order.delivery", "_order.evidence"):
            stack.enter_context(mock.patch.object(utils(place), "public_key_sha256", lambda _object: _Any()))
        yield


def without_key_match_of_installs() -> t.ContextManager[t.Any]:
    """Any key is that of the certificate."""
    return mock.patch.object(utils("_pki.keys"), "public_key_sha256", lambda _object: _Any())


def without_final_verdict() -> t.ContextManager[t.Any]:
    """Who waits for an answer gives up, and the sender goes on."""
    return mock.patch.object(utils("_portal.wire").Attempt, "end", lambda this: this._sent)


def without_memory_of_what_was_answered() -> t.ContextManager[t.Any]:
    """What the portal asks for too late is taken for a proof that nothing was ordered."""
    decisions, errors = utils("_order.decisions"), utils("_errors")
    after = decisions._after_sending

    def forget(book: t.Any, mine: t.Any, seen: t.Any, sent: t.Any, policy: t.Any) -> t.Any:
        if isinstance(sent.error, errors.InputError):
            sent = dataclasses.replace(sent, begun=0)
        return after(book, mine, seen, sent, policy)

    return mock.patch.object(decisions, "_after_sending", forget)


def without_names_of_what_is_discarded() -> t.ContextManager[t.Any]:
    """A pair that is to be discarded is whichever is there."""
    return mock.patch.object(utils("_deploy.need"), "_is_named", lambda _pair, beginnings: bool(beginnings))


def without_refusal_of_links() -> t.ContextManager[t.Any]:
    """A link is as good as what it leads to."""
    return mock.patch.object(os, "O_NOFOLLOW", 0)


def _converge(bench: Bench, kind: type[Scene], skin: str, shows: bool) -> Verdict:
    """A scene without trouble."""
    verdict = Verdict()
    kind(bench, verdict, bench.simulator(skin, show_pending=shows, **kind.portal)).converge()
    return verdict


def _wrong_key(bench: Bench) -> Verdict:
    return wire.strike(bench, Collect, "modern", True, next(kind for kind in wire.KINDS if kind.name == "wrong_key"))


class Mutation(t.NamedTuple):
    """What is taken out, what is run, and what must be found."""

    name: str
    mutate: t.Callable[[], t.ContextManager[t.Any]]
    run: t.Callable[[Bench], Verdict]
    found: str
    by_root: bool = False  # nobody else can try it

    @property
    def is_possible(self) -> bool:
        """Whether this user can try it."""
        return not self.by_root or os.geteuid() == 0


MUTATIONS = (
    Mutation(
        "no write-ahead",
        without_write_ahead,
        lambda bench: crashes.kill(bench, Order, "classic", False, 3),
        DUPLICATES,
    ),
    Mutation(
        "no locks, orders", without_locks, lambda bench: races.race_for_the_order(bench, "modern", False, 6), DUPLICATES
    ),
    Mutation(
        "no fsync, certificates",
        without_fsync,
        lambda bench: crashes.cut_power(bench, Install, "modern", True, 4),
        MISMATCHED,
    ),
    Mutation(
        "no fsync, journal",
        without_fsync,
        lambda bench: crashes.cut_power(bench, Order, "classic", False, 3),
        DUPLICATES,
    ),
    Mutation("no key match, deliveries", without_key_match_of_deliveries, _wrong_key, MISMATCHED),
    Mutation(
        "no key match, installs",
        without_key_match_of_installs,
        lambda bench: crashes.kill(bench, Stranger, "modern", True),
        MISMATCHED,
    ),
    Mutation(
        "no final verdict",
        without_final_verdict,
        lambda bench: late.strike(bench, OnePage, "classic", False, "proxy"),
        DUPLICATES,
    ),
    Mutation(
        "no memory of an answer",
        without_memory_of_what_was_answered,
        lambda bench: _converge(bench, AsksForUngiven, "modern", False),
        DUPLICATES,
    ),
    Mutation(
        "no name in a discard",
        without_names_of_what_is_discarded,
        lambda bench: _converge(bench, DiscardNamed, "modern", True),
        LOST_KEYS,
    ),
    Mutation(
        "no refusal of links",
        without_refusal_of_links,
        lambda bench: owner.attack(bench, Install, "versions is a link"),
        TRESPASSES,
        by_root=True,
    ),
)


def jobs(_workers: int) -> list[Job]:
    return [(try_mutation, (number,)) for number, mutation in enumerate(MUTATIONS) if mutation.is_possible]


def try_mutation(bench: Bench, number: int) -> Verdict:
    """Blames the harness where it found nothing."""
    mutation = MUTATIONS[number]
    verdict = Verdict()
    verdict.count("mutations")
    with mutation.mutate():
        seen = mutation.run(bench)
    if not any(violation.kind == mutation.found for violation in seen.violations):
        verdict.blame(
            OTHER, f"{mutation.name}: no {mutation.found} were found, only {[one.kind for one in seen.violations][:5]}"
        )
    return verdict
