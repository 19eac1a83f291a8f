# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m life``: lives for a while, what they tried, and an exit code that is not 0 if a rule was broken."""

from __future__ import annotations

import argparse
import contextlib
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
from .machine import Life, Tally
from .planted import PLANTED
from .world import World

_ROUND = 5  # lives that hypothesis makes up from one seed
_STEPS = 20  # of a life


def main() -> int:
    parser = argparse.ArgumentParser(prog="life", description=__doc__)
    parser.add_argument("--lives", type=int, default=1000, help="how many, at least")
    parser.add_argument("--seconds", type=float, default=300, help="begin no further round after so long")
    parser.add_argument("--seed", type=int, default=1, help="of the first round; each further one has the next number")
    parser.add_argument("--shrink", type=float, default=90, help="seconds in which a violation's story is made short")
    parser.add_argument("--said", action="store_true", help="also show what the runs said")
    parser.add_argument("--stories", action="store_true", help="also tell every life")
    parser.add_argument("--plant", choices=PLANTED, help="put a fault into the collection, which must be found")
    options = parser.parse_args()
    begin = time.monotonic()
    tally = Tally()
    with _world() as world:
        Life.world, Life.clock, Life.tally = world, Clock(), tally
        Life.clock.install()
        if options.plant:
            PLANTED[options.plant]()
        number = options.seed
        while tally.lives < options.lives and time.monotonic() - begin < options.seconds and not tally.stories:
            _live(number, min(_ROUND, options.lives - tally.lives), options.shrink)
            number += 1
    for life, story in enumerate(tally.told if options.stories else (), 1):
        print(f"life {life}", *story, sep="\n  ")
    if options.said:
        for sentence, count in sorted(tally.said.items()):
            print(f"  {count} × {sentence}")
    if tally.stories:
        what, story = min(tally.stories, key=lambda one: len(one[1]))
        print(f"violation: {what}")
        print("".join(f"  {sentence}\n" for sentence in story), end="")
        print(f"again: python -m life --seed {number - 1} --lives {_ROUND}")
    print(
        f"life: seeds {options.seed} to {number - 1}: {tally.lives} lives, {tally.steps} steps, {tally.runs} runs, {tally.orders} orders, "
        f"{tally.certificates} certificates: {len({what for what, _story in tally.stories})} violations, {time.monotonic() - begin:.0f} s"
    )
    return 1 if tally.stories else 0


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


def _live(number: int, lives: int, shrink: float) -> None:
    engine.MAX_SHRINKING_SECONDS = shrink
    machine = seed(number)(type("Life", (Life,), {}))
    how = settings(
        max_examples=lives,
        stateful_step_count=_STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        print_blob=False,
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    try:
        run_state_machine_as_test(machine, settings=how)
    except Exception as exc:  # told as a story by main
        if not Life.tally.stories:
            raise
        print(f"seed {number}: {type(exc).__name__}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
