# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of ansible-playbook, as an operator has them: pipelining, ten forks, no facts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import yaml

CONFIGURATION = """
[defaults]
forks = 10
stdout_callback = ansible.builtin.default
[connection]
pipelining = true
[ssh_connection]
ssh_args = -o ControlMaster=auto -o ControlPersist=300s
"""


class FailedPlayError(Exception):
    """A play of a measurement failed; the message is its output."""


class Plays:
    """Runs plays from a scratch directory; ``collections`` holds what they use."""

    def __init__(self, directory: Path, collections: Path) -> None:
        self._directory = directory
        self._number = 0
        configuration = directory / "ansible.cfg"
        configuration.write_text(CONFIGURATION, encoding="ascii")
        self.ansible = Path(sys.executable).with_name("ansible")
        self._environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_CONFIG": str(configuration),
            "ANSIBLE_HOME": str(directory / "ansible"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "LC_ALL": "C.UTF-8",
            "TWCA_ALLOW_PRIVATE_ADDRESSES": "true",  # the simulator is on this host
        }

    def inventory(self, content: dict[str, t.Any]) -> Path:
        """A file that holds an inventory."""
        self._number += 1
        path = self._directory / f"inventory{self._number}.json"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return path

    def task(
        self, task: dict[str, t.Any], inventory: Path | None = None, hosts: str = "localhost"
    ) -> t.Callable[[], object]:
        """A run of a play with this one task."""
        return self.book([{"hosts": hosts, "gather_facts": False, "tasks": [task]}], inventory)

    def book(self, plays: list[dict[str, t.Any]], inventory: Path | None = None) -> t.Callable[[], object]:
        """A run of these plays."""
        self._number += 1
        path = self._directory / f"play{self._number}.yml"
        path.write_text(yaml.safe_dump(plays, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return self.run(str(path), inventory)

    def run(self, book: str, inventory: Path | None = None, *arguments: str) -> t.Callable[[], object]:
        """A run of a playbook."""
        command = [str(self.ansible.with_name("ansible-playbook")), book, *arguments]
        if inventory:
            command += ["-i", str(inventory)]

        def run() -> None:
            done = subprocess.run(
                command, cwd=self._directory, env=self._environment, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise FailedPlayError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")

        return run
