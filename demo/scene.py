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

from simulator import Simulator
from stage import example
from stage.ansible import ROOT, Ansible, Run
from stage.servers import Nginx
from teller import Teller

LOG = ROOT / ".cache/demo.log"
HOST = "web1"


class Scene:
    """A context manager; whatever happens, it stops what it started and removes what it wrote (but for the log)."""

    def __init__(self, tell: Teller, *, skin: str, verbose: bool) -> None:
        self._tell = tell
        self._skin = skin
        self._verbose = verbose
        self._stack = contextlib.ExitStack()
        self.runs: list[tuple[str, str, float, int, int, int]] = []

    def __enter__(self) -> Scene:
        with contextlib.ExitStack() as stack:
            _install_nginx(self._tell)
            LOG.parent.mkdir(exist_ok=True)
            self._log = stack.enter_context(LOG.open("w", encoding="utf-8"))
            self.directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="twca-demo-")))
            # nginx's workers are another user; keys are protected by their own mode.
            self.directory.chmod(0o755)
            self.simulator = stack.enter_context(Simulator(self.directory / "twca", skin=self._skin))
            self.nginx = stack.enter_context(Nginx(self.directory / "nginx"))
            variables = example.variables(self.simulator, self.directory)
            certificates = [{"common_name": example.NAME, "subject_alt_name": ["example.com.tw"]}]
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

    def play(self, what: str, **extra: t.Any) -> Run:
        """Run ``twca.ssl.site`` and note what it cost; ends the demo, showing ansible's output, if it fails."""
        given = "".join(f" -e {name}={value}" for name, value in extra.items())
        self._tell.command(f"ansible-playbook twca.ssl.site{given}")
        before = self.simulator.counts()
        run = self._ansible.run("--diff", extra=extra, output=self._hear)
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
