# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs on a few processes, each with simulators of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import traceback
import typing as t

from .bench import Bench
from .verdict import OTHER, Verdict

Job = tuple[t.Callable[..., Verdict], tuple[t.Any, ...]]
Tell = t.Callable[[str, Verdict], None]


def count() -> int:
    """How many: one more than there are processors, since some wait. ``FAULTS_WORKERS`` says otherwise."""
    return int(os.environ.get("FAULTS_WORKERS", (os.cpu_count() or 1) + 1))


def run(areas: dict[str, list[Job]], tell: Tell, report: Tell) -> None:
    """Run the jobs of all areas, in order.

    :param tell: called with what each job came to.
    :param report: called with what an area came to, when its last job is done.
    """
    context = multiprocessing.get_context("fork")
    tasks, results = context.SimpleQueue(), context.SimpleQueue()
    workers = [context.Process(target=_work, args=(tasks, results)) for _number in range(count())]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    for worker in workers:
        worker.start()
    try:
        _distribute(areas, tasks, results, tell, report)
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _distribute(areas: dict[str, list[Job]], tasks: t.Any, results: t.Any, tell: Tell, report: Tell) -> None:
    for area, jobs in areas.items():
        for job in jobs:
            tasks.put((area, *job))
    left = {area: len(jobs) for area, jobs in areas.items()}
    verdicts = {area: Verdict() for area in areas}
    while any(left.values()):
        area, verdict = results.get()
        tell(area, verdict)
        verdicts[area].add(verdict)
        left[area] -= 1
        if not left[area]:
            report(area, verdicts[area])


def _work(tasks: t.Any, results: t.Any) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with Bench() as bench:
        while True:
            area, function, arguments = tasks.get()
            try:
                verdict = function(bench, *arguments)
            except Exception:
                verdict = Verdict()
                verdict.blame(OTHER, f"{function.__name__}{arguments}: {traceback.format_exc()}")
            results.put((area, verdict))
