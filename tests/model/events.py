# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can happen next in a world: a run of a host, an officer's or a person's decision, a late request, a lost journal."""

from __future__ import annotations

import contextlib
import dataclasses
import types
import typing as t
from unittest import mock

from ansible_collections.twca.ssl.plugins.module_utils._errors import TwcaError
from ansible_collections.twca.ssl.plugins.module_utils._order import decisions, delivery, manual, records, workflow
from ansible_collections.twca.ssl.plugins.module_utils._order.book import Applicant, Leaf
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import ISSUED as IN_JOURNAL
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import OPEN_STATES, Record

from .choices import Choices
from .world import ISSUED, NAME, NOW, PENDING, REJECTED, Certificate, Crash, Disk, Portal, World

END = "2027-06-01T00:00:00Z"


@dataclasses.dataclass(frozen=True)
class Event:
    """One thing that happens; ``apply`` changes the world."""

    name: str
    apply: t.Callable[[World, Choices, t.Callable[[str], None]], None]


class _Prover:
    """Stands in for the proof of certificates, which is tested elsewhere."""

    def __init__(self, *_anything: t.Any) -> None:
        pass

    def issued(self, record: Record, received: t.Any, _predecessors: t.Any) -> tuple[Record, delivery.Delivery]:
        [one] = [each for each in received.certificates if each.key == record.public_key_sha256]
        kept = {"certificate": "PEM", "serial_number": f"{one.serial_number:X}", "not_after": END}
        return record.moved(IN_JOURNAL, at=NOW, **kept), delivery.Delivery(t.cast(t.Any, one), ())

    def from_journal(self, record: Record) -> delivery.Delivery:
        return delivery.Delivery(t.cast(t.Any, Certificate(record.public_key_sha256, 0)), ())


@contextlib.contextmanager
def tokens() -> t.Iterator[None]:
    """Certificates and keys are tokens, and the clock stands."""
    with (
        mock.patch.object(workflow, "Prover", _Prover),
        mock.patch.object(workflow, "leaf_of", lambda one: Leaf(one.key, f"{one.serial_number:X}", "PEM")),
        mock.patch.object(delivery, "parse", list),
        mock.patch.object(
            delivery,
            "with_key",
            lambda found, request: next((one for one in found if one.key == request.public_key_sha256), None),
        ),
        mock.patch.object(records, "now", lambda: NOW),
    ):
        yield


@dataclasses.dataclass
class Result:
    """How a run ended."""

    outcome: workflow.Outcome | None = None
    error: TwcaError | None = None


def run(world: World, choices: Choices, complain: t.Callable[[str], None], host: str, **policy: t.Any) -> Result:
    """A run of the module for the key that a host has pending."""
    key = world.keys[host]
    if policy.get("on_uncertain") == "resubmit" and key not in world.resubmitted:
        world.named, world.resubmitted = (*world.named, key), world.resubmitted | {key}
    request = types.SimpleNamespace(common_name=NAME, names=(f"DNS:{NAME}",), public_key_sha256=key, pem="CSR")
    one = workflow.Workflow(
        t.cast(t.Any, request),
        decisions.OrderPolicy(holder=host, **policy),
        t.cast(t.Any, Disk(world, choices, complain)),
        portal=lambda: t.cast(t.Any, Portal(world, choices, key, complain)),
        application=lambda _complete: None,
        roots=list,
        fetch=lambda _url: b"",
    )
    try:
        return Result(one.run())
    except TwcaError as error:
        return Result(error=error)
    except Crash:
        return Result()


def tell(world: World, key: str, state: str, *, discard_accepted: bool = False) -> bool:
    """A person tells the journal; False where it is refused."""
    record = world.journal.get(key)
    if record is None and state == "abandoned":
        return True
    try:
        world.journal[key] = manual.told(
            record, Applicant(NAME, (NAME,), key, "CSR"), state, NOW, discard_accepted=discard_accepted
        )
    except TwcaError:
        return False
    if state == "not_placed":
        world.named = (*world.named, key)
    if state == "abandoned":
        world.abandoned = world.abandoned | {key}
    return True


def discard(world: World, host: str, *, accepted: bool) -> bool:
    """What the role does for ``twca_discard``: the journal first, then a new pair."""
    if not tell(world, world.keys[host], "abandoned", discard_accepted=accepted):
        return False
    world.abandoned = world.abandoned | {world.keys[host]}
    world.new_key(host)
    return True


def possible(world: World) -> list[Event]:
    """All that can happen next."""
    events = []
    for host in world.keys:
        for policy in ({}, {"on_uncertain": "wait"}, {"on_uncertain": "resubmit"}, {"allow_order": False}):
            if policy.get("on_uncertain") != "resubmit" or world.budgets["words"] > 0:
                events.append(_running(host, policy))
        if world.budgets["words"] > 0:
            events += _words(world, host)
    for order in world.orders:
        if order.status == PENDING:
            events += [_officer(order.number, ISSUED, "issues"), _officer(order.number, REJECTED, "rejects")]
    if world.late:
        events.append(Event("a late request arrives", _arrive))
    if world.budgets["losses"] > 0 and world.journal:
        events.append(Event("the journal is lost", lambda world, _c, _d: _lose(world, {})))
        if world.backup is None:
            events.append(Event("the journal is backed up", _back_up))
        elif world.backup != world.journal:
            events.append(Event("the journal is restored", lambda world, _c, _d: _lose(world, world.backup or {})))
    return events


def _running(host: str, policy: dict[str, t.Any]) -> Event:
    def apply(world: World, choices: Choices, complain: t.Callable[[str], None]) -> None:
        if policy.get("on_uncertain") == "resubmit":
            world.budgets["words"] -= 1
        run(world, choices, complain, host, **policy)

    given = "".join(f" with {name}={value}" for name, value in policy.items())
    return Event(f"{host} runs{given}", apply)


def _words(world: World, host: str) -> list[Event]:
    key = world.keys[host]
    record = world.journal.get(key)
    events = []
    if record is not None and record.state in OPEN_STATES:
        for state in ("placed", "not_placed"):
            events.append(_word(f"a person says of {host}'s key: {state}", lambda w, s=state: tell(w, w.keys[host], s)))
    if world.made < 4:
        for accepted in (False, True):
            given = " with twca_discard_accepted" if accepted else ""
            events.append(
                _word(
                    f"{host}'s key is discarded{given}",
                    lambda w, a=accepted: discard(w, host, accepted=a),
                    firmly=accepted,
                )
            )
    return events


def _word(name: str, speak: t.Callable[[World], bool], *, firmly: bool = False) -> Event:
    def apply(world: World, _choices: Choices, complain: t.Callable[[str], None]) -> None:
        world.budgets["words"] -= 1
        awaited = {key for key, record in world.journal.items() if record.state in OPEN_STATES}
        speak(world)
        if not firmly and any(world.journal[key].state == "abandoned" for key in awaited):
            complain("an order that is awaited was given up, and nobody said so")

    return Event(name, apply)


def _officer(number: int, status: str, does: str) -> Event:
    return Event(f"an officer {does} order {number}", lambda world, _c, _d: world.decide(number, status))


def _arrive(world: World, _choices: Choices, _complain: t.Callable[[str], None]) -> None:
    key, *rest = world.late
    world.late = tuple(rest)
    world.commit(key)


def _back_up(world: World, _choices: Choices, _complain: t.Callable[[str], None]) -> None:
    world.backup = dict(world.journal)


def _lose(world: World, left: dict[str, Record]) -> None:
    world.budgets["losses"] -= 1
    world.journal, world.memory_lost = dict(left), True
