# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m life``: lives for a while, what they tried, and an exit code that is not 0 if a rule was broken."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import sys
import tempfile
import time
import typing as t
from pathlib import Path

from faults import child
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.internal.conjecture import engine
from hypothesis.stateful import run_state_machine_as_test
from simulator import Simulator

from .clock import Clock
from .machine import Life, RealLife, Tally
from .planted import PLANTED
from .world import World


@dataclasses.dataclass(frozen=True)
class Level:
    """How lives are lived."""

    machine: type[Life]
    lives: int  # that hypothesis makes up from one seed
    steps: int  # of a life, at most
    share: float  # of the time


LEVELS = {"quick": Level(Life, 5, 20, 0.6), "real": Level(RealLife, 1, 6, 0.4)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="life", description=__doc__)
    parser.add_argument(
        "levels", nargs="*", choices=[[], *LEVELS], help="modules alone, or ansible-playbook; both by default"
    )
    parser.add_argument("--lives", type=int, default=1000, help="how many, at least")
    parser.add_argument("--seconds", type=float, default=300, help="begin no further round after so long")
    parser.add_argument("--seed", type=int, default=1, help="of the first round; each further one has the next number")
    parser.add_argument("--shrink", type=float, default=90, help="seconds in which a violation's story is made short")
    parser.add_argument("--said", action="store_true", help="also show what the runs said")
    parser.add_argument("--stories", action="store_true", help="also tell every life")
    parser.add_argument("--plant", choices=PLANTED, help="put a fault into the collection, which must be found")
    options = parser.parse_args()
    begin, wrong = time.monotonic(), 0
    with _world() as world:
        Life.world, Life.clock = world, Clock()
        Life.clock.install()
        if options.plant:
            PLANTED[options.plant]()
        for level in options.levels or LEVELS:
            tally = Life.tally = Tally()
            number = _rounds(options, level, tally)
            wrong += _report(options, level, tally, number)
    print(f"{wrong} violations, {time.monotonic() - begin:.0f} s")
    return 1 if wrong else 0


def _rounds(options: argparse.Namespace, level: str, tally: Tally) -> int:
    """Live until it is enough or a rule is broken; the last round's seed."""
    how, begin, number = LEVELS[level], time.monotonic(), options.seed
    share = how.share if len(options.levels) != 1 else 1
    while True:
        _live(how, number, options.shrink)
        done = tally.lives >= options.lives * share or time.monotonic() - begin > options.seconds * share
        if done or tally.stories:
            return number
        number += 1


def _report(options: argparse.Namespace, level: str, tally: Tally, number: int) -> int:
    """Say what was tried; the number of violations."""
    for life, story in enumerate(tally.told if options.stories else (), 1):
        print(f"life {life}", *story, sep="\n  ")
    for sentence, count in sorted(tally.said.items() if options.said else ()):
        print(f"  {count} × {sentence}")
    if tally.stories:
        what, story = min(tally.stories, key=lambda one: len(one[1]))
        print(f"violation: {what}", *story, sep="\n  ")
        print(f"again: python -m life {level} --seed {number} --lives 1")
    wrong = len({what for what, _story in tally.stories})
    print(
        f"{level}: seeds {options.seed} to {number}: {tally.lives} lives, {tally.steps} steps, {tally.runs} runs, {tally.orders} orders, "
        f"{tally.certificates} certificates: {wrong} violations",
        flush=True,
    )
    return wrong


@contextlib.contextmanager
def _world() -> t.Iterator[World]:
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with (
        tempfile.TemporaryDirectory(prefix="twca-life-", dir=base) as place,
        Simulator(Path(place) / "twca") as simulator,
    ):
        _warm_up()
        yield World(Path(place), simulator)


def _warm_up() -> None:
    """Import all that runs need, so that each run costs little and every module reads the life's clock."""
    child.warm_up()
    for module in ("twca_certificates", "twca_due_info", "twca_order"):
        __import__(f"ansible_collections.twca.ssl.plugins.modules.{module}")
    for name in ("_order.many", "_order.manual"):
        child.utils(name)


def _live(how: Level, number: int, shrink: float) -> None:
    """One round."""
    engine.MAX_SHRINKING_SECONDS = shrink
    machine = seed(number)(type("Life", (how.machine,), {}))
    hypothesis = settings(
        max_examples=how.lives,
        stateful_step_count=how.steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        print_blob=False,
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    try:
        run_state_machine_as_test(machine, settings=hypothesis)
    except Exception:  # told as a story
        if not Life.tally.stories:
            raise


if __name__ == "__main__":
    sys.exit(main())
