# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``PYTHONPATH=tests python -m hosts``: start and stop real hosts by hand, or from a playbook."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import fleet, machine, rootfs, scanners


def main() -> int:
    options = _parser().parse_args()
    try:
        return int(options.command(options) or 0)
    except machine.HostsError as error:
        print(f"hosts: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hosts", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    up = commands.add_parser("up", help="start hosts, and print their Ansible inventory")
    up.add_argument("hosts", nargs="+", metavar="N|NAME", help="how many, or their names")
    up.add_argument("--name", default="hosts", help="the fleet's name (default: %(default)s)")
    up.add_argument("--owner", type=int, default=0, metavar="PID", help="with this process the fleet goes")
    up.add_argument("--inventory", type=Path, metavar="FILE", help="write the inventory there instead")
    up.set_defaults(command=_up)

    down = commands.add_parser("down", help="take a fleet down, and what crashed runs left")
    which = down.add_mutually_exclusive_group()
    which.add_argument("--name", default="hosts", help="the fleet's name (default: %(default)s)")
    which.add_argument("--all", action="store_true", help="every fleet on this machine")
    down.set_defaults(command=_down)

    commands.add_parser("build", help="build the root file system if it is not there").set_defaults(command=_build)
    commands.add_parser("scanners", help="print the Python that has sslyze and pkilint").set_defaults(command=_scanners)
    commands.add_parser("status", help="what is up, and what this machine lacks").set_defaults(command=_status)
    return parser


def _up(options: argparse.Namespace) -> None:
    count = options.hosts[0]
    names = int(count) if len(options.hosts) == 1 and count.isdigit() else options.hosts
    started = fleet.Fleet.start(names, name=options.name, owner=options.owner)
    inventory = json.dumps(started.inventory(), indent=2) + "\n"
    if options.inventory:
        options.inventory.parent.mkdir(parents=True, exist_ok=True)
        options.inventory.write_text(inventory, encoding="utf-8")
    else:
        print(inventory, end="")


def _down(options: argparse.Namespace) -> None:
    for gone in fleet.take_down(lambda there: options.all or there.name == options.name):
        print(f"hosts: {gone.name} ({len(gone.hosts)} hosts) is down")


def _build(_options: argparse.Namespace) -> None:
    machine.require()
    print(rootfs.build())


def _scanners(_options: argparse.Namespace) -> None:
    print(scanners.build())


def _status(_options: argparse.Namespace) -> int:
    for there in fleet.fleets():
        print(f"{there.name}: {len(there.hosts)} hosts on {there.network}{' (left over)' if there.orphaned else ''}")
        for host in there.hosts.values():
            print(f"  {host.name} {host.address} {'up' if fleet.answers(host) else 'DOWN'}")
    found = machine.problems()
    for problem in found:
        print(f"hosts: {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
