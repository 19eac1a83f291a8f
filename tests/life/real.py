# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the playbook ``twca.ssl.site`` through the real ansible-playbook."""

from __future__ import annotations

import json
import os
import typing as t
from pathlib import Path

from stage import example
from stage.ansible import ROOT, Ansible, Run

from .clock import Clock
from .quick import Report
from .world import Entry, Inventory, World

_NGINX = """\
#!/bin/sh
case " $* " in *" -T "*) for file in {sites}/*.conf {snippets}/*/nginx.conf; do echo "# configuration file $file:"; done ;; esac
"""


_STEPS_PER_TASK = 4


class _Killed(Exception):
    pass


class Real:
    """Runs the playbook. ``web1`` has an nginx that only says what it would read; the other hosts are given the files alone."""

    def __init__(self, world: World, clock: Clock, place: Path) -> None:
        self._world = world
        self._clock = clock
        self._place = place
        self._syslog = place / "syslog"
        place.mkdir(parents=True, exist_ok=True)
        self._ansible = Ansible(place, {}, example.variables(world.simulator, place))
        self._ansible.variables["twca_directory"] = f"{world.hosts}/{{{{ inventory_hostname }}}}"
        self._ansible.variables["twca_state_dir"] = str(world.state)
        self._ansible.variables["twca_config_directory"] = f"{place}/config/{{{{ inventory_hostname }}}}"

    def run(
        self, inventory: Inventory, *, limit: str | None = None, check: bool = False, kill_at: int | None = None
    ) -> Report:
        """One run.

        :param kill_at: a number that grows with how far the run comes before it is killed.
        """
        here = [host for host in inventory.entries if host not in inventory.away]
        report = Report(check, [host for host in here if limit in (None, host)])
        if not report.hosts:
            return report
        self._ansible.hosts.clear()
        self._ansible.hosts.update({host: self._host(host, inventory) for host in here})
        arguments = ["-vvvv", "--diff", *(["--check"] if check else []), *(["--limit", limit] if limit else [])]
        lines: list[str] = []

        def hear(line: str) -> None:
            lines.append(line)
            if kill_at is not None and line.startswith("TASK [") and self._tasks(lines) > kill_at // _STEPS_PER_TASK:
                raise _Killed

        vault = self._place / "secret.yml"  # as from a vault: it is not looked into
        vault.write_text(f"twca_passphrase: !unsafe {json.dumps(inventory.passphrase)}\n")
        arguments += ["-e", f"@{vault}"]
        try:
            run = self._ansible.run(
                *arguments, extra=self._extra(inventory), environment=self._environment(), output=hear
            )
        except _Killed:
            report.killed = True
        else:
            self._read(run, report)
        finally:
            vault.unlink()
        report.texts += ["".join(lines), *self._left()]
        return report

    @staticmethod
    def _tasks(lines: list[str]) -> int:
        return sum(line.startswith("TASK [") for line in lines)

    def _host(self, host: str, inventory: Inventory) -> dict[str, t.Any]:
        sites = self._place / "nginx" / host
        server: dict[str, t.Any] = {"twca_server": "none"}
        if host == "web1":
            sites.mkdir(parents=True, exist_ok=True)
            command = sites / "nginx"
            command.write_text(_NGINX.format(sites=sites, snippets=self._place / "config" / host))
            command.chmod(0o755)
            server = {
                "twca_server": "nginx",
                "twca_nginx_command": [str(command)],
                "twca_nginx_reload": [str(command)],
                "twca_nginx_conf_dir": str(sites),
                "twca_nginx_server": True,
                "twca_proof": False,
            }
        return {**server, "twca_certificates": [self._entry(host, entry) for entry in inventory.entries[host]]}

    def _entry(self, host: str, entry: Entry) -> dict[str, t.Any]:
        shared = {"key_host": entry.key_host, "key_directory": str(self._world.directory(entry.key_host, entry))}
        return {"common_name": entry.common_name, **(shared if entry.key_host != host else {}), **entry.options}

    @staticmethod
    def _extra(inventory: Inventory) -> dict[str, t.Any]:
        extra: dict[str, t.Any] = {
            "twca_max_orders": inventory.max_orders,
            "twca_allow_order": inventory.allow_order,
            "twca_discard_accepted": inventory.discard_accepted,
        }
        return {**extra, "twca_discard": ",".join(inventory.discard)} if inventory.discard else extra

    def _environment(self) -> dict[str, str]:
        return {
            "PYTHONPATH": str(ROOT / "tests/life/site"),
            "TWCA_LIFE_CLOCK": json.dumps(self._clock.moved),
            "TWCA_LIFE_SYSLOG": str(self._syslog),
            "TMPDIR": str(self._place),
        }

    @staticmethod
    def _read(run: Run, report: Report) -> None:
        for task in run.tasks:
            if task["kind"] == "ok":
                continue
            told = [
                part.get("msg") for part in task["result"].get("results", [task["result"]]) if part.get("failed", True)
            ]
            report.failures.setdefault(task["host"], []).extend(str(one) for one in told)
        report.warnings += run.messages
        if run.rc == 0:
            report.failures.clear()  # they were rescued
        elif not report.failures:
            report.failures["?"] = [run.output[-2000:]]

    def _left(self) -> t.Iterator[str]:
        """What the run left on the disk beside the certificate directories, and in syslog."""
        for path in (self._syslog, *(self._place / "ansible").rglob("*"), *(self._place / "config").rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.read_bytes().decode("utf-8", "replace")
                if path == self._syslog:
                    os.unlink(path)
