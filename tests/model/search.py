# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A breadth-first search of all worlds that can be reached, so that the path to a violation is a shortest one."""

from __future__ import annotations

import dataclasses
import typing as t

from . import events, invariants
from .choices import Choices
from .world import World

Step = tuple[str, ...]
# How often each kind of trouble may happen, and how many events follow one another, for one host and for two.
WIDE = ({"troubles": 2, "crashes": 1, "words": 2, "losses": 1}, {1: 3, 2: 2})
DEEP = ({"troubles": 1, "crashes": 1, "words": 1, "losses": 0}, {1: 6, 2: 4})


@dataclasses.dataclass
class Findings:
    """What a search came to."""

    states: int = 0
    transitions: int = 0
    depth: int = 0
    beyond_knowing: int = 0
    violations: list[tuple[str, tuple[str, ...]]] = dataclasses.field(default_factory=list)

    def add(self, other: Findings) -> None:
        self.states += other.states
        self.transitions += other.transitions
        self.depth = max(self.depth, other.depth)
        self.beyond_knowing += other.beyond_knowing
        self.violations += other.violations


def worlds(hosts: int, budgets: dict[str, int]) -> t.Iterator[World]:
    """The worlds that the search begins with: each kind of portal, nothing ordered yet."""
    for shows_pending in (True, False):
        for numbers_orders in (True, False):
            world = World(shows_pending, numbers_orders, dict(budgets), {})
            for number in range(hosts):
                world.new_key(f"host{number + 1}")
            yield world


def search(start: World, depth: int, *, most: int = 1) -> Findings:
    """Explore up to ``depth`` events; end after ``most`` violations."""
    found = Findings(states=1)
    known = {start.identity()}
    front: list[tuple[World, tuple[str, ...]]] = [(start, ())]
    with events.tokens():
        for level in range(1, depth + 1):
            following: list[tuple[World, tuple[str, ...]]] = []
            for world, path in front:
                for event in events.possible(world):
                    for after, story, complaints in outcomes(world, event):
                        found.transitions += 1
                        identity = after.identity()
                        if identity in known and not complaints:
                            continue
                        known.add(identity)
                        found.states += 1
                        found.beyond_knowing += invariants.is_beyond_knowing(after)
                        whole = (*path, story)
                        wrong = [] if invariants.is_beyond_knowing(after) else complaints
                        for what in [*wrong, *invariants.violations(after)]:
                            found.violations.append((what, whole))
                            if len(found.violations) >= most:
                                found.depth = level
                                return found
                        following.append((after, whole))
            front = following
            found.depth = level
            if not front:
                break
    return found


def outcomes(world: World, event: events.Event) -> t.Iterator[tuple[World, str, list[str]]]:
    """Every world that an event can lead to, with what happened on the way and what was wrong about it."""
    paths: list[list[int]] = [[]]
    while paths:
        path = paths.pop()
        after = world.copy()
        complaints: list[str] = []
        choices = Choices(path, after.budgets)
        event.apply(after, choices, complaints.append)
        paths += choices.following()
        yield after, ": ".join([event.name, *([", ".join(choices.story)] if choices.story else [])]), complaints
