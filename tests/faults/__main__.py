# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m faults [area …]``: one line for each area, and an exit code that is not 0 if anything is wrong."""

from __future__ import annotations

import argparse
import os
import sys
import time

from . import crashes, guided, inputs, leaks, mutations, owner, races, wire, workers
from .verdict import Verdict

_SHOWN = 3  # violations of a job that are told in full

AREAS = {
    "crashes": crashes.jobs,
    "power": crashes.power_jobs,
    "wire": wire.jobs,
    "races": races.jobs,
    "owner": owner.jobs,
    "inputs": inputs.jobs,
    "secrets": leaks.jobs,
    "mutations": mutations.jobs,
    "fuzz": lambda workers: [*inputs.fuzz_jobs(workers), *guided.jobs(workers, inputs.FUZZED)],
}
DEFAULT = [area for area in AREAS if area != "fuzz"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("areas", nargs="*", choices=[[], *AREAS], help=", ".join(AREAS))
    parser.add_argument("--sentences", action="store_true", help="also show what modules failed with")
    options = parser.parse_args()
    os.environ.setdefault("TWCA_ALLOW_PRIVATE_ADDRESSES", "true")  # the simulator is on this host
    begin = time.monotonic()
    wrong = 0

    def tell(area: str, verdict: Verdict) -> None:
        nonlocal wrong
        wrong += len(verdict.violations)
        for violation in verdict.violations[:_SHOWN]:
            print(f"  {area}: {violation.kind}: {violation.what}", flush=True)

    def report(area: str, verdict: Verdict) -> None:
        print(verdict.line(area), flush=True)
        if options.sentences:
            for sentence, number in sorted(verdict.said.items()):
                print(f"  {number} × {sentence}")

    workers.run({area: AREAS[area](workers.count()) for area in options.areas or DEFAULT}, tell, report)
    print(f"{wrong} violations, {time.monotonic() - begin:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
