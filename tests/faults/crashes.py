# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every task killed before every one of its durable steps, and the same with the power gone."""

from __future__ import annotations

import itertools
import typing as t

from .bench import Bench
from .many import Many
from .power import Disk
from .scenes import FLOWS, OFFLINE, ONLINE, Scene
from .steps import Steps
from .verdict import Verdict
from .workers import Job

_THOROUGH = 5  # of so many points one is followed to the certificate and beyond
_MOST_STEPS = 400
_MOST_SAMPLED = 24  # the same for many certificates at once
_MANY: tuple[tuple[type[Scene], str, bool], ...] = ((Many, "modern", False), (Many, "classic", True))
_SAMPLED = 8  # of so many points one is tried, where the others differ little from those of another task


def jobs(_workers: int) -> list[Job]:
    """Every point of every task, and some of each where the portal places the order elsewhere."""
    whole = [(kill, how) for how in [*ONLINE, *((scene, "modern", True) for scene in OFFLINE)]]
    return [*whole, *((kill, (*how, _SAMPLED)) for how in FLOWS), *((kill, (*how, _MOST_SAMPLED)) for how in _MANY)]


def power_jobs(_workers: int) -> list[Job]:
    """The same points, where a power loss leaves something else than a kill does."""
    online = [how for how in ONLINE if how[0].changes_portal or how == ONLINE[-1]]
    whole = [(cut_power, how) for how in [*online, *((scene, "modern", True) for scene in OFFLINE)]]
    return [*whole, *((cut_power, (*how, _MOST_SAMPLED)) for how in _MANY)]


def kill(bench: Bench, kind: type[Scene], skin: str, shows: bool, every: int = 1) -> Verdict:
    """SIGKILL before each step (or one in so many), then runs without trouble."""
    verdict = Verdict()
    simulator = bench.simulator(skin, show_pending=shows, **kind.portal)
    followed = set()
    for point in range(1, _MOST_STEPS, every):
        scene, steps = kind(bench, verdict, simulator), Steps(bench.place / "steps", point)
        before = scene.traces()
        run = scene.run(steps)
        if not run.killed:
            scene.demand(point > 1 or run.failed, "it has no steps")
            break
        verdict.count("crash points")
        scene.story[-1] = f"killed before step {point}"
        thorough, after = point % _THOROUGH == 0, _changes(scene, steps)
        if thorough or (after not in followed and scene.traces() != before):
            verdict.count("followed by a run")
            followed.add(after)
            scene.converge(to_the_end=thorough)
    return verdict


def _changes(scene: Scene, steps: Steps) -> tuple[int, ...]:
    """How often disk and portal were changed. Where that is the same as after another death, so is all that a run can find."""
    return sum("inode" in event or "path" in event for event in steps.events()), *scene.traces()[1:]


def cut_power(bench: Bench, kind: type[Scene], skin: str, shows: bool, every: int = 1) -> Verdict:
    """The power fails before each step."""
    verdict = Verdict()
    simulator = bench.simulator(skin, show_pending=shows, **kind.portal)
    followed = set()
    for point in range(1, _MOST_STEPS, every):
        for number in itertools.count():
            scene, steps = kind(bench, verdict, simulator), Steps(bench.place / "steps", point)
            before, disk = scene.traces(), Disk(scene.site.place)
            run = scene.run(steps)
            disk.follow(steps.events())
            trees = [tree for tree in disk.after_power_loss() if tree != disk.now()]
            mine = trees[number : number + 1] if kind.changes_portal else trees
            after = _changes(scene, steps)
            if number == 0:
                verdict.count("power losses", len(trees))
                if after in followed:
                    break
                followed.add(after)
            for tree in mine:
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
