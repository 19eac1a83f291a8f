# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts over SSH: a day on which nothing is due, and the first install."""

from __future__ import annotations

import concurrent.futures
import shlex
import statistics
import tempfile
import typing as t
from pathlib import Path

from hosts import fleet
from simulator import Simulator
from stage import example

from .measure import Results, exponent, medians, wall
from .plays import Plays

FIRST = 3  # first installs, which take minutes and have no bound
BOOK = Path(__file__).with_name("community.yml")
RESET = """
rm -rf /etc/twca /etc/twca-config /etc/nginx/conf.d/twca-* /etc/bench /etc/nginx/conf.d/bench.conf
if [ -d /root/pending ]; then mkdir -p /etc/twca/$1 && cp -a /root/pending /etc/twca/$1/; fi
systemctl reload-or-restart nginx
"""
PREPARE = "rm -f /etc/nginx/sites-enabled/default; rm -rf /root/pending; cp -a /etc/twca/$1/pending /root/pending"


def run(results: Results, repeats: int, plays: Plays, numbers: t.Sequence[int]) -> None:
    curve = {}
    for number in numbers:
        with tempfile.TemporaryDirectory() as scratch, fleet.Fleet.start(number, name="bench") as hosts:
            with Simulator(Path(scratch) / "twca", skin="modern", approve_after=0) as simulator:
                curve[number] = _measure(results, repeats, _Bed(hosts, simulator, Path(scratch), plays))
    if len(curve) > 1:
        results.curves["hosts, nothing due"] = curve
        results.add("exponent of the cost, hosts with nothing due", exponent(curve), unit="", bound=1.05)


class _Bed:
    """Hosts with nginx, their orders placed and their certificates collected in the journal."""

    def __init__(self, hosts: fleet.Fleet, simulator: Simulator, scratch: Path, plays: Plays) -> None:
        self._hosts = hosts
        self.number = len(hosts.hosts)
        common = {
            **example.variables(simulator, scratch),
            "twca_directory": "/etc/twca",
            "twca_config_directory": "/etc/twca-config",
            "twca_server": "nginx",
            "twca_nginx_server": True,
            "twca_max_orders": len(hosts.hosts),
            "twca_certificates": [{"common_name": "{{ inventory_hostname }}.example.com.tw"}],
        }
        inventory = hosts.inventory()
        inventory["all"]["vars"] = common
        path = plays.inventory(inventory)
        self.floor = plays.task({"ansible.builtin.ping": {}}, path, "all")
        self.site = plays.run("twca.ssl.site", path)
        self.community = plays.run(str(BOOK), path)
        order = plays.book([{"hosts": "all", "gather_facts": False, "roles": ["twca.ssl.certificate"]}], path)
        order()
        self._everywhere(PREPARE)
        order()

    def reset(self) -> None:
        """Back to the day on which the certificates came."""
        self._everywhere(RESET)

    def _everywhere(self, script: str) -> None:
        def work(host: str) -> None:
            self._hosts.run(host, f"sh -euc {shlex.quote(script)} sh {host}.example.com.tw")

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(work, self._hosts.hosts))


def _measure(results: Results, repeats: int, bed: _Bed) -> float:
    number = bed.number
    first: dict[str, list[float]] = {"floor": [], "own": [], "community": []}
    repeated = min(repeats, FIRST)
    for _repeat in range(repeated):
        for name, task in (("floor", bed.floor), ("own", bed.site), ("community", bed.community)):
            bed.reset()
            first[name].append(wall(task))
    floor, own, community = map(statistics.median, first.values())
    told = f"{own:.1f} s; community.crypto {community:.1f} s, ping {floor:.1f} s; medians of {repeated}"
    results.add(f"first install, {number} hosts, against a ping", own / floor, detail=told)
    results.add(f"first install, {number} hosts, against community.crypto", own / community, detail=told)

    bed.site()
    floor, own, community = medians(repeats, bed.floor, bed.site, bed.community)
    told = f"{own:.1f} s; community.crypto {community:.1f} s, ping {floor:.1f} s"
    results.add(f"nothing due, {number} hosts, against a ping", own / floor, bound=1.5, detail=told)
    results.add(
        f"nothing due, {number} hosts, against community.crypto",
        community / own,
        unit="× faster",
        bound=4,
        at_most=False,
        detail=told,
    )
    return own
