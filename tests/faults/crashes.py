# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every task killed before every one of its durable steps, and the same with the power gone."""

from __future__ import annotations

import itertools
import typing as t

from .bench import Bench
from .power import Disk
from .scenes import OFFLINE, ONLINE, Scene
from .steps import Steps
from .verdict import Verdict
from .workers import Job

_THOROUGH = 5  # of so many points one is followed to the certificate and beyond
_MOST_STEPS = 400


def jobs(workers: int) -> list[Job]:
    """Every point of every task, cut into parts that take about as long."""
    found: list[Job] = [
        (kill, (scene, skin, shows, part, workers)) for scene, skin, shows in ONLINE for part in range(workers)
    ]
    found += [(kill, (scene, "modern", True, 0, 1)) for scene in OFFLINE]
    return found


def power_jobs(workers: int) -> list[Job]:
    """The same points, where a power loss leaves something else than a kill does."""
    found: list[Job] = [
        (cut_power, (scene, skin, shows, part, workers))
        for scene, skin, shows in ONLINE
        if scene.changes_portal
        for part in range(workers)
    ]
    found += [(cut_power, (scene, "modern", True, 0, 1)) for scene in OFFLINE]
    found.append((cut_power, (ONLINE[-1][0], "modern", True, 0, 1)))
    return found


def kill(bench: Bench, kind: type[Scene], skin: str, shows: bool, part: int, parts: int) -> Verdict:
    """SIGKILL before each step of one of ``parts`` parts, then runs without trouble."""
    verdict = Verdict()
    simulator = bench.simulator(skin, show_pending=shows)
    for point in range(1 + part, _MOST_STEPS, parts):
        scene = kind(bench, verdict, simulator)
        before = scene.traces()
        run = scene.run(Steps(bench.place / "steps", point))
        if not run.killed:
            scene.demand(point > 1 or run.failed, "it has no steps")
            break
        verdict.count("crash points")
        scene.story[-1] = f"killed before step {point}"
        thorough = point // parts % _THOROUGH == 0
        # What left no trace is followed by the run that all others begin with: one in so many shows it.
        if thorough or scene.traces() != before:
            verdict.count("followed by a run")
            scene.converge(to_the_end=thorough)
    return verdict


def cut_power(bench: Bench, kind: type[Scene], skin: str, shows: bool, part: int, parts: int) -> Verdict:
    """The power fails before each step."""
    verdict = Verdict()
    simulator = bench.simulator(skin, show_pending=shows)
    for point in range(1 + part, _MOST_STEPS, parts):
        for number in itertools.count():
            scene = kind(bench, verdict, simulator)
            before = scene.traces()
            steps = Steps(bench.place / "steps", point)
            disk = Disk(scene.site.place)
            run = scene.run(steps)
            disk.follow(steps.events())
            trees = [tree for tree in disk.after_power_loss() if tree != disk.now()]
            mine = trees[number : number + 1] if kind.changes_portal else trees
            for tree in mine:
                verdict.count("power losses")
                disk.put(tree)
                scene.story = [f"no power before step {point}, {_names(tree)}"]
                scene.forget()
                scene.check_always()
                if point % _THOROUGH == 0 or scene.traces() != before:
                    verdict.count("followed by a run")
                    scene.converge(to_the_end=False)
            if number + 1 >= len(trees) or not kind.changes_portal:
                break
        if not run.killed:
            break
    return verdict


def _names(tree: dict[str, t.Any], above: str = "") -> str:
    """What a tree holds, for the story."""
    found = []
    for name, (kind, _mode, content) in tree.items():
        if kind == "directory":
            found.append(_names(content, f"{above}{name}/"))
        else:
            found.append(f"{above}{name}" + ("" if content else " (empty)"))
    return ", ".join(one for one in found if one)
