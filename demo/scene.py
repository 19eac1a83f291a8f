# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the story plays on: a fresh server with a real nginx, TWCA played by the simulator, and nothing left afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import typing as t
from pathlib import Path

import yaml
from mail.server import MailServer
from simulator import Simulator
from stage import example
from stage.ansible import ROOT, Ansible, Run
from stage.servers import Nginx
from teller import Teller

LOG = ROOT / ".cache/demo.log"
HOST = "web1"


class Scene:
    """A context manager; whatever happens, it stops what it started and removes what it wrote (but for the log)."""

    def __init__(self, tell: Teller, *, skin: str, verbose: bool, full: bool) -> None:
        self._tell = tell
        self._skin = skin
        self._verbose = verbose
        self._full = full
        self._stack = contextlib.ExitStack()
        self.old_serial_number = ""  # of the certificate that is to be revoked
        self.runs: list[tuple[str, str, float, int, int, int]] = []

    def __enter__(self) -> Scene:
        with contextlib.ExitStack() as stack:
            _install_nginx(self._tell)
            LOG.parent.mkdir(exist_ok=True)
            self._log = stack.enter_context(LOG.open("w", encoding="utf-8"))
            self.directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="twca-demo-")))
            # nginx's workers are another user; keys are protected by their own mode.
            self.directory.chmod(0o755)
            settings = {}
            if self._full:
                self.mail = stack.enter_context(MailServer())
                settings["smtp"] = f"{self.mail.host}:{self.mail.smtp_port}"
            self.simulator = stack.enter_context(Simulator(self.directory / "twca", skin=self._skin, **settings))
            self.nginx = stack.enter_context(Nginx(self.directory / "nginx"))
            variables = example.variables(self.simulator, self.directory)
            if self._full:
                contacts = variables["twca_contacts"]
                contacts["technical"] = {**contacts["technical"], "email": self.mail.address}
                contacts["business"] = {**contacts["business"], "email": f"chen@{self.mail.address.partition('@')[2]}"}
            certificates = [{"common_name": example.NAME, "subject_alt_name": ["example.com.tw"]}]
            if self._full:
                certificates[0]["seal"] = "mark1"
            self._ansible = Ansible(
                self.directory, {HOST: {**self.nginx.variables, "twca_certificates": certificates}}, variables
            )
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception: t.Any) -> None:
        self._stack.__exit__(*exception)

    @property
    def certificate_directory(self) -> Path:
        return self.directory / HOST / example.NAME

    @property
    def config_directory(self) -> Path:
        return self.directory / f"{HOST}-config" / example.NAME

    def play(
        self, what: str, playbook: str = "site", hidden: t.Mapping[str, t.Any] | None = None, **extra: t.Any
    ) -> Run:
        """Run a playbook of the collection and note what it cost; ends the demo, showing ansible's output, if it fails.

        :param hidden: further variables, too long to be shown.
        """
        given = "".join(f" -e {name}={value}" for name, value in extra.items())
        self._tell.command(f"ansible-playbook twca.ssl.{playbook}{given}")
        book = ROOT / f"playbooks/{playbook}.yml"
        return self._run(what, book, {**(hidden or {}), **extra})

    def role(self, what: str, role: str, **extra: t.Any) -> Run:
        """Run a role alone, on this machine."""
        self._tell.command(f"ansible-playbook forms.yml    # a play with the role twca.ssl.{role}")
        book = self.directory / f"{role}.yml"
        play = {"hosts": HOST, "gather_facts": False, "roles": [f"twca.ssl.{role}"]}
        book.write_text(yaml.safe_dump([play]), encoding="utf-8")
        return self._run(what, book, extra)

    def _run(self, what: str, playbook: Path, extra: dict[str, t.Any]) -> Run:
        before = self.simulator.counts()
        run = self._ansible.run("--diff", playbook=playbook, extra=extra, output=self._hear)
        after = self.simulator.counts()
        if run.rc != 0:
            sys.exit(f"{'' if self._verbose else run.output}\nansible-playbook failed; its output is in {LOG}")
        cost = (after["requests"] - before["requests"], after["orders"] - before["orders"])
        self.runs.append((f"{len(self.runs) + 1}", what, round(run.seconds, 1), run.changed, *cost))
        return run

    def _hear(self, line: str) -> None:
        self._log.write(line)
        if self._verbose:
            sys.stdout.write(line)


def _install_nginx(tell: Teller) -> None:
    if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin"):
        return
    tell.line("nginx is missing: installing it through apt")
    apt = [*([] if os.geteuid() == 0 else ["sudo"]), "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "nginx-light"]):
        done = subprocess.run([*apt, *arguments], env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{' '.join([*apt, *arguments])} failed:\n{done.stdout}{done.stderr}")
