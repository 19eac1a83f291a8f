# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is measured, and how: every figure is a ratio within one run, of medians, and has a bound that it holds or misses."""

from __future__ import annotations

import dataclasses
import math
import os
import platform
import resource
import statistics
import subprocess
import time
import typing as t
from pathlib import Path

Task = t.Callable[[], object]


@dataclasses.dataclass(frozen=True)
class Line:
    """One figure. ``at_most``: what it is held to is an upper bound, else a lower one; without a bound it is only told."""

    name: str
    value: float
    unit: str = "×"
    bound: float | None = None
    at_most: bool = True
    detail: str = ""

    @property
    def holds(self) -> bool | None:
        if self.bound is None:
            return None
        return self.value <= self.bound if self.at_most else self.value >= self.bound


@dataclasses.dataclass
class Results:
    """All figures, and the points of the plot: by name, cost in seconds by number."""

    lines: list[Line] = dataclasses.field(default_factory=list)
    curves: dict[str, dict[int, float]] = dataclasses.field(default_factory=dict)

    def add(self, name: str, value: float, **options: t.Any) -> None:
        line = Line(name, value, **options)
        self.lines.append(line)
        verdict = {True: "holds", False: "MISSED", None: ""}[line.holds]
        print(f"  {name}: {value:.3g} {line.unit} {verdict} {line.detail}", flush=True)


def wall(task: Task) -> float:
    """Seconds that a task takes."""
    began = time.perf_counter()
    task()
    return time.perf_counter() - began


def cpu(task: Task) -> float:
    """Seconds of processor time that the processes of a task take."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    task()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def medians(repeats: int, *tasks: Task, clock: t.Callable[[Task], float] = wall, warm: bool = True) -> list[float]:
    """The median of each task's cost; they take turns, so that what disturbs the machine disturbs them all alike."""
    if warm:
        for task in tasks:
            task()
    rounds = [[clock(task) for task in tasks] for _repeat in range(repeats)]
    return [statistics.median(costs) for costs in zip(*rounds)]


def exponent(costs: t.Mapping[int, float]) -> float:
    """The slope of the straight line through the logarithms: 1 where the cost grows as the number does."""
    slope, _intercept = statistics.linear_regression(
        [math.log(n) for n in costs], [math.log(cost) for cost in costs.values()]
    )
    return slope


def machine(ansible: Path) -> str:
    """What the figures were taken on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    said = subprocess.run([ansible, "--version"], capture_output=True, text=True, check=True).stdout
    core = said.partition("core ")[2].partition("]")[0]
    return (
        f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB, {system}, Python {platform.python_version()}, "
        f"ansible-core {core}; hosts and control node share it"
    )
