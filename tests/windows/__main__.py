# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m windows up|serve|down``: hosts that outlive the command, as molecule wants them.

``up`` returns when the hosts answer; it writes ``inventory.json`` into the folder.
``down`` stops them and removes the folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from .fleet import Fleet

_STARTUP_SECONDS = 30


def main() -> int:
    parser = argparse.ArgumentParser(prog="windows", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("up", "serve"):
        command = commands.add_parser(name)
        command.add_argument("folder", type=Path)
        command.add_argument(
            "hosts", nargs="+", metavar="NAME=ADDRESS", help="an address of loopback, such as 127.0.20.1"
        )
        command.add_argument("--windows", type=int, default=2022, help="the year of the Windows Server played")
    commands.add_parser("down").add_argument("folder", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "serve":
        return _serve(arguments.folder, dict(host.split("=", 1) for host in arguments.hosts), arguments.windows)
    if arguments.command == "up":
        return _up(arguments.folder.resolve(), arguments.hosts, arguments.windows)
    return _down(arguments.folder)


def _serve(folder: Path, hosts: dict[str, str], windows: int) -> int:
    with Fleet(folder, hosts, windows=windows) as fleet:
        signals = (signal.SIGTERM, signal.SIGINT)
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        temporary = folder / "inventory.new"
        temporary.write_text(json.dumps(fleet.inventory(), indent=2), encoding="utf-8")
        temporary.replace(folder / "inventory.json")
        signal.sigwait(signals)
    return 0


def _up(folder: Path, hosts: list[str], windows: int) -> int:
    if _process(folder) is not None:
        print(f"The hosts of {folder} are up already.", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "inventory.json").unlink(missing_ok=True)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "windows", "serve", f"--windows={windows}", str(folder), *hosts],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (folder / "pid").write_text(str(server.pid), encoding="ascii")
    for _ in range(_STARTUP_SECONDS * 20):
        if (folder / "inventory.json").exists():
            return 0
        if server.poll() is not None:
            break
        time.sleep(0.05)
    print(f"The hosts did not come up:\n{(folder / 'log').read_text(encoding='utf-8')}", file=sys.stderr)
    return 1


def _down(folder: Path) -> int:
    process = _process(folder)
    if process is not None:
        os.kill(process, signal.SIGTERM)
        while _process(folder) is not None:
            time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _process(folder: Path) -> int | None:
    """The id of the running server of this folder; a process that only has its id now is somebody else's."""
    try:
        number = int((folder / "pid").read_text(encoding="ascii"))
        command = Path(f"/proc/{number}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return number if b"windows" in command and os.fsencode(folder) in command else None


if __name__ == "__main__":
    sys.exit(main())
