# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold in every world that can be reached."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.twca.ssl.plugins.module_utils._order.journal import PLACED

from . import events
from .choices import Choices
from .world import ISSUED, PENDING, World

_MOST_STEPS = 12  # runs and decisions that may lie between a world and its certificate
_TASK = re.compile(
    r"twca\.ssl\.twca_order: common_name=\S+ public_key_sha256=([0-9a-z]+) state=([a-z_]+)( discard_accepted=true)?"
)
_DISCARD = re.compile(r"-e twca_discard=([0-9a-z]+)( -e twca_discard_accepted=true)?")


def is_beyond_knowing(world: World) -> bool:
    """A lost journal, and a portal that does not show what it has: the documentation says that nobody can tell then."""
    return world.memory_lost and (not world.shows_pending or world.was_late)


def violations(world: World) -> t.Iterator[str]:
    """What is wrong with a world."""
    if is_beyond_knowing(world):
        return
    yield from _doubles(world)
    for host in world.keys:
        yield from _forgotten(world, host)
        yield from _stuck(world, host)


def _doubles(world: World) -> t.Iterator[str]:
    for key in {one.key for one in world.orders}:
        if len(world.of_key(key)) > 1 + world.named.count(key):
            yield f"the key {key[:8]} has {len(world.of_key(key))} orders, and nobody asked for that"
    unasked = {one.key for one in world.orders if one.status == PENDING} - world.abandoned - set(world.named)
    if len(unasked) > 1:
        yield f"the name has open orders of {len(unasked)} keys, and nobody named one"


def _undisturbed(world: World) -> World:
    calm = world.copy()
    calm.budgets = dict.fromkeys(calm.budgets, 0)
    return calm


def _run(world: World, host: str) -> events.Result:
    return events.run(world, Choices([], world.budgets), lambda _what: None, host)


def _forgotten(world: World, host: str) -> t.Iterator[str]:
    key = world.keys[host]
    if not any(one.status == ISSUED for one in world.of_key(key)):
        return
    result = _run(_undisturbed(world), host)
    if result.outcome is None or result.outcome.status != "issued":
        yield f"a certificate of {host}'s key was issued, and a run does not use it ({result.error or result.outcome})"


def _stuck(world: World, host: str) -> t.Iterator[str]:
    """Whether runs, officers, and people who do what messages say get the host a certificate."""
    calm, said = _undisturbed(world), ""
    for _step in range(_MOST_STEPS):
        result = _run(calm, host)
        if result.outcome is not None and result.outcome.status == "issued":
            return
        said = result.error.message if result.error is not None else "it is awaited"
        if not _help(calm, host, result):
            yield f"{host} gets no certificate any more, and no message says what to do: {said}"
            return
    yield f"{host} gets no certificate, whatever people do: {said}"


def _help(world: World, host: str, result: events.Result) -> bool:
    """Do what the run waits for, or what its message says; False: there is nothing to do."""
    waiting = [one for one in world.orders if one.status == PENDING]
    if result.error is None:
        mine = [one for one in waiting if one.key == world.keys[host]]
        record = world.journal[world.keys[host]]
        if mine or waiting:
            world.decide((mine or waiting)[0].number, ISSUED)
        elif world.late:
            events._arrive(world, Choices([], {}), lambda _what: None)
        elif record.state == PLACED:
            return events.tell(world, world.keys[host], "not_placed")
        else:
            return _discard(world, host, " ".join(result.outcome.warnings if result.outcome else ()))
        return True
    tasks = _TASK.findall(result.error.message)
    if tasks:
        return _tell(world, tasks, waiting)
    return _discard(world, host, result.error.message)


def _discard(world: World, host: str, said: str) -> bool:
    """Discard the host's key, if the words for that are said."""
    discards = _DISCARD.findall(said)
    if discards and world.keys[host].startswith(discards[0][0]):
        return events.discard(world, host, accepted=bool(discards[0][1]))
    return False


def _tell(world: World, tasks: list[tuple[str, str, str]], waiting: list[t.Any]) -> bool:
    """The word among those offered that is true."""
    beginning, state, accepted = tasks[0]
    known = [key for key in {*world.keys.values(), *world.journal} if key.startswith(beginning)]
    if len(known) != 1:
        return False
    key = known[0]
    if state == "abandoned":
        holder = next((host for host, own in world.keys.items() if own == key), None)
        own = [one for one in waiting if one.key == key]
        if holder is not None and own:  # the message says: wait for it
            world.decide(own[0].number, ISSUED)
            return _run(world, holder).error is None and events.tell(world, key, state)
        return events.tell(world, key, state, discard_accepted=bool(accepted))
    if state == "not_placed" and len(tasks) == 1 and waiting:
        world.decide(waiting[0].number, ISSUED)  # the message says: wait until it is issued or rejected
        return True
    truth = "placed" if world.of_key(key) or key in world.late else "not_placed"
    return any(each[1] == truth for each in tasks) and events.tell(world, key, truth)
