# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m benchmark``: what a fleet costs, in proportion to what it could cost (``make bench``)."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from hosts import machine as hosts_machine

from . import certificates, fleet, measure, portal, report
from .plays import Plays

ROOT = Path(__file__).parents[2]
PARTS = ("certificates", "portal", "fleet")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmark", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], help="which parts (default: all, written to the guide)"
    )
    parser.add_argument("--repeats", type=int, default=5, help="how often each is measured (default: %(default)s)")
    parser.add_argument("--hosts", type=int, nargs="+", default=[10, 50], help="sizes of the fleets (default: 10 50)")
    options = parser.parse_args()
    parts = options.parts or PARTS
    if "fleet" in parts:
        hosts_machine.require()
    results = measure.Results()
    with tempfile.TemporaryDirectory() as scratch:
        plays = Plays(Path(scratch), ROOT / ".venv/collections")
        machine = measure.machine(plays.ansible)
        if "certificates" in parts:
            certificates.run(results, options.repeats, plays)
        if "portal" in parts:
            portal.run(results, options.repeats, plays)
        if "fleet" in parts:
            fleet.run(results, options.repeats, plays, options.hosts)
    if not options.parts:
        report.write(results, machine, options.repeats)
        print(f"The table is in {report.GUIDE.relative_to(ROOT)}, the plot in {report.PLOT.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
