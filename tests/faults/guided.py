# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hostile input that seeks its way: atheris (libFuzzer) varies what reached code that nothing had reached before.

``make fuzz`` starts ``python -m faults.guided TARGET RUNS`` for each target, since libFuzzer ends the process with the first
input that is bad, and where it is done. Its requirement is of its own (requirements.txt here): there is not one for every
machine and Python.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from . import inputs
from .bench import Bench
from .child import warm_up
from .verdict import HANGS, OTHER, Verdict
from .workers import Job

_CORPUS, _COUNT = "corpus", "count"
_LONGEST = 4096  # bytes of what hypothesis makes an input of
_SEEDS = 20
_SLOWEST = 60  # seconds for one input
_SAID = 3000  # characters of libFuzzer's last words


def jobs(_workers: int, runs: int) -> list[Job]:
    """One for each target, ``runs`` in all; none where atheris is not installed."""
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: no guided inputs", flush=True)
        return []
    return [(seek, (name, int(runs * target.share))) for name, target in inputs.TARGETS.items()]


def seek(bench: Bench, name: str, runs: int) -> Verdict:
    """A run of libFuzzer in a process of its own."""
    verdict = Verdict()
    with tempfile.TemporaryDirectory(dir=bench.place) as temporary:
        place = Path(temporary)
        (place / _CORPUS).mkdir()
        for number in range(_SEEDS):  # of few bytes hypothesis makes no input
            (place / _CORPUS / str(number)).write_bytes(os.urandom(_LONGEST))
        (place / _COUNT).write_text("0")
        command = [sys.executable, "-m", "faults.guided", name, str(runs)]
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, errors="replace", check=False)
        verdict.count("guided inputs", int((place / _COUNT).read_text()))
    if done.returncode:
        kind = HANGS if "ALARM" in done.stderr or "Hang" in done.stderr else OTHER
        verdict.blame(kind, f"{name}, guided: {done.stderr[-_SAID:]}")
    return verdict


def _run(name: str, runs: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["ansible_collections", "email", "html"]):
        warm_up()
    numbers, count = itertools.count(1), os.open(_COUNT, os.O_WRONLY)  # nothing of ours is called at libFuzzer's end
    one = inputs.property_of(name, taken=lambda: os.pwrite(count, str(next(numbers)).encode(), 0))
    limits = [f"-runs={runs}", f"-max_len={_LONGEST}", "-len_control=0", f"-timeout={_SLOWEST}", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *limits, _CORPUS], one.hypothesis.fuzz_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    _run(sys.argv[1], int(sys.argv[2]))
