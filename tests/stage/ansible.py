# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs playbooks through the real ansible-playbook, with this checkout as the collection."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "playbooks" / "site.yml"


class Run(t.NamedTuple):
    """How a run of ansible-playbook ended."""

    rc: int
    output: str
    stats: dict[str, dict[str, int]]  # by host: ok, changed, failures, rescued, skipped, unreachable
    tasks: list[dict[str, t.Any]]  # kind (ok, failed, unreachable), host, task, action, result
    seconds: float

    @property
    def changed(self) -> int:
        return sum(host["changed"] for host in self.stats.values())

    def modules(self, name: str) -> list[dict[str, t.Any]]:
        """What each call of a module returned, the items of loops one by one."""
        found: list[dict[str, t.Any]] = []
        for task in self.tasks:
            if task["action"] == name:
                found += task["result"].get("results", [task["result"]])
        return [result for result in found if not result.get("skipped")]

    @property
    def messages(self) -> list[str]:
        """What the roles said in plain words."""
        said = [result["msg"] for result in self.modules("ansible.builtin.debug")]
        return [str(line) for one in said for line in (one if isinstance(one, list) else [one])]

    @property
    def failures(self) -> list[str]:
        """The messages of what failed, rescued or not."""
        failed = [task["result"] for task in self.tasks if task["kind"] != "ok"]
        return [
            str(part.get("msg"))
            for result in failed
            for part in result.get("results", [result])
            if part.get("failed", True)
        ]

    @property
    def calls(self) -> int:
        """Modules that were started on a host; a look with nothing to ask starts none."""
        local = {
            "set_fact",
            "assert",
            "debug",
            "fail",
            "include_role",
            "include_tasks",
            "add_host",
            "twca_answers",
            "twca_ask",
            "twca_plan",
            "twca_summary",
            "twca_tags",
            "twca_variables",
        }
        actions = {task["action"] for task in self.tasks if task["action"].rpartition(".")[2] not in local}
        results = [(action, result) for action in actions for result in self.modules(action)]
        return sum(action != "twca.ssl.twca_look" or "certificates" in result for action, result in results)


class Ansible:
    """Runs playbooks from a scratch directory, where everything that ansible writes stays.

    :param hosts: the inventory: variables by host. All hosts are this machine.
    """

    def __init__(self, directory: Path, hosts: dict[str, dict[str, t.Any]], variables: dict[str, t.Any]) -> None:
        self._directory = directory
        self.hosts = hosts
        self.variables = variables
        self._configuration = directory / "ansible.cfg"  # empty: the user's own must not matter
        self._configuration.touch()
        collections = directory / "collections/ansible_collections/twca"
        collections.mkdir(parents=True, exist_ok=True)
        if not (collections / "ssl").exists():
            (collections / "ssl").symlink_to(ROOT)

    def run(
        self,
        *arguments: str,
        playbook: Path = SITE,
        extra: dict[str, t.Any] | None = None,
        environment: dict[str, str] | None = None,
        output: t.Callable[[str], object] = lambda line: None,
    ) -> Run:
        """Run a playbook.

        :param arguments: further arguments of ansible-playbook.
        :param extra: extra variables.
        :param output: called with each line as it comes.
        """
        record = self._directory / "record.jsonl"
        record.unlink(missing_ok=True)
        command = [
            str(Path(sys.executable).with_name("ansible-playbook")),
            "-i",
            str(self._inventory()),
            str(playbook),
            *arguments,
        ]
        if extra:
            command += ["-e", json.dumps(extra)]
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=self._directory,
            env=self._environment(record) | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert process.stdout is not None
        lines = []
        try:
            for line in process.stdout:
                lines.append(line)
                output(line)
        finally:
            if process.poll() is None and sys.exc_info()[0] is not None:
                process.terminate()
            process.wait()
        records = (
            [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()] if record.exists() else []
        )
        stats = next((entry["stats"] for entry in records if entry["kind"] == "stats"), {})
        tasks = [entry for entry in records if entry["kind"] != "stats"]
        return Run(process.returncode, "".join(lines), stats, tasks, time.monotonic() - started)

    def _inventory(self) -> Path:
        """JSON is YAML. The variables of all hosts may hold secrets, so they are kept out of the command line."""
        common = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **self.variables}
        inventory = self._directory / "inventory.yml"
        inventory.write_text(
            json.dumps({"all": {"hosts": self.hosts, "vars": common}}, ensure_ascii=False), encoding="utf-8"
        )
        return inventory

    def _environment(self, record: Path) -> dict[str, str]:
        return {
            **os.environ,
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callbacks"),
            "ANSIBLE_COLLECTIONS_PATH": str(self._directory / "collections"),
            "ANSIBLE_CONFIG": str(self._configuration),
            "ANSIBLE_HOME": str(self._directory / "ansible"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_REMOTE_TEMP": str(self._directory / "ansible/tmp"),
            "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TWCA_ALLOW_PRIVATE_ADDRESSES": "true",
            "TWCA_RECORD": str(record),
        }
