# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m model [--depth N]``: search, print what was tried, and end with 1 if anything is wrong."""

from __future__ import annotations

import argparse
import concurrent.futures
import sys
import time

from . import plants, search
from .search import DEEP, WIDE, Findings
from .world import World

_KINDS = {"much trouble": WIDE, "long": DEEP}


def _start(kind: str, hosts: int, number: int) -> World:
    return list(search.worlds(hosts, _KINDS[kind][0]))[number]


def _explore(kind: str, hosts: int, number: int, deeper: int) -> Findings:
    return search.search(_start(kind, hosts, number), _KINDS[kind][1][hosts] + deeper, most=3)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--depth", type=int, default=0, help="events more than usual")
    deeper = parser.parse_args().depth
    begun, total = time.monotonic(), Findings()
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        planted = {name: pool.submit(plants.find, name) for name in plants.PLANTS}
        tried = {
            (kind, hosts, number): pool.submit(_explore, kind, hosts, number, deeper)
            for kind in _KINDS
            for hosts in (1, 2)
            for number in range(4)
        }
        for (kind, hosts, number), one in tried.items():
            start = _start(kind, hosts, number)
            shown = "shows" if start.shows_pending else "hides"
            numbers = "with numbers" if start.numbers_orders else "without numbers"
            found = one.result()
            total.add(found)
            print(
                f"{kind}, {hosts} host(s), a portal that {shown} waiting orders, {numbers}: {found.states} states, "
                f"{found.transitions} transitions, depth {found.depth}, {len(found.violations)} violations",
                flush=True,
            )
        missed = [name for name, one in planted.items() if one.result() is None]
    for what, path in total.violations:
        print("\nVIOLATION: " + what, *(f"  {number}. {step}" for number, step in enumerate(path, 1)), sep="\n")
    print(
        f"\n{total.states} states, {total.transitions} transitions, depth {total.depth}, {time.monotonic() - begun:.0f} s; "
        f"in {total.beyond_knowing} states a journal was lost and the portal hides what it has, so nobody can tell.\n"
        f"{len(plants.PLANTS) - len(missed)} of {len(plants.PLANTS)} planted faults were found"
        + (f"; missed: {', '.join(missed)}" if missed else "")
        + f".\n{len(total.violations)} violations"
    )
    return 1 if total.violations or missed else 0


if __name__ == "__main__":
    sys.exit(main())
