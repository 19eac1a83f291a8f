# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``PYTHONPATH=tests python -m hosts.molecule [SCENARIO ...]``: the Molecule scenarios, from nothing, on real hosts."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import typing as t
from pathlib import Path

from . import fleet, machine, rootfs, scanners

REPOSITORY = Path(__file__).parents[2]
SCENARIOS = REPOSITORY / "extensions/molecule"


def main(names: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    problems = machine.problems()
    if not shutil.which("molecule"):
        problems.append(f"molecule is not on PATH: pip install -r {Path(__file__).with_name('requirements.txt')}")
    if problems:
        print("MOLECULE SCENARIOS WERE NOT RUN, since this machine cannot make hosts:", file=sys.stderr)
        for problem in problems:
            print(f"  - {problem}", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    try:
        rootfs.build()
        scanners.build()
        environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": os.environ.get(
                "ANSIBLE_COLLECTIONS_PATH", str(REPOSITORY / ".venv/collections")
            ),
            "TWCA_HOSTS_OWNER": str(os.getpid()),
            "TWCA_HOSTS_PYTHON": sys.executable,
        }
        return run(names or sorted(path.parent.name for path in SCENARIOS.glob("*/molecule.yml")), environment)
    except machine.HostsError as error:
        print(f"hosts: {error}", file=sys.stderr)
        return 1
    finally:
        fleet.take_down(lambda there: there.belongs_to(os.getpid()))


def run(names: t.Sequence[str], environment: dict[str, str]) -> int:
    """Run the scenarios one after the other and print what came of each; 0 if all passed."""
    outcomes = {}
    for name in names:
        began = time.monotonic()
        passed = False
        try:
            passed = _molecule("test", name, environment) == 0
        finally:
            if not passed:
                _molecule("destroy", name, environment)
        outcomes[name] = passed, time.monotonic() - began
    for name, (passed, seconds) in outcomes.items():
        print(f"{name:<12} {'passed' if passed else 'FAILED'} {seconds:6.0f} s")
    good = sum(passed for passed, _seconds in outcomes.values())
    print(f"molecule: {good} passed, {len(outcomes) - good} failed")
    return 0 if good == len(outcomes) else 1


def _molecule(command: str, scenario: str, environment: dict[str, str]) -> int:
    argv = ["molecule", command, "--scenario-name", scenario]
    return subprocess.run(argv, cwd=REPOSITORY, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
