# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module as Ansible does, a process of its own that gets JSON and answers JSON, without ansible-playbook's seconds."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclasses.dataclass(frozen=True)
class Result:
    """How a module ended; ``result["key"]`` is a key of its answer, of which there is none where it was killed."""

    rc: int
    json: dict[str, t.Any]
    stdout: str
    stderr: str

    def __str__(self) -> str:
        return f"rc {self.rc}: {self.json.get('msg') or self.json or self.stdout} {self.stderr}"

    def __getitem__(self, key: str) -> t.Any:
        assert key in self.json, str(self)
        return self.json[key]

    @property
    def failed(self) -> bool:
        return bool(self.json.get("failed"))


class Modules:
    """Runs modules of this checkout; ``directory`` is a scratch place of the caller's.

    :param defaults: options that every call gets unless it gives its own.
    """

    def __init__(self, directory: Path, **defaults: t.Any) -> None:
        self.defaults = defaults
        self._collections = directory / "collections"
        place = self._collections / "ansible_collections/twca/ssl"
        if not place.exists():
            place.parent.mkdir(parents=True)
            place.symlink_to(ROOT)

    def start(
        self, module: str, *, check: bool = False, python: str = sys.executable, **options: t.Any
    ) -> subprocess.Popen[str]:
        """The running process; :meth:`finish` waits for it."""
        arguments = {**self.defaults, **options, "_ansible_check_mode": check, "_ansible_diff": True}
        process = subprocess.Popen(
            [python, str(ROOT / f"plugins/modules/{module}.py")],
            env={**os.environ, "PYTHONPATH": str(self._collections), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}))
        process.stdin.close()
        process.stdin = None
        return process

    def finish(self, process: subprocess.Popen[str], timeout: float = 120) -> Result:
        """Wait for a process of :meth:`start`."""
        stdout, stderr = process.communicate(timeout=timeout)
        try:
            answer = json.loads(stdout)
        except ValueError:
            answer = {}
        return Result(process.returncode, answer, stdout, stderr)

    def run(self, module: str, **options: t.Any) -> Result:
        """Start and finish."""
        return self.finish(self.start(module, **options))
