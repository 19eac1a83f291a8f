# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several hosts in one process, reached through one socket; what tests start."""

from __future__ import annotations

import base64
import json
import shutil
import socketserver
import sys
import tempfile
import threading
import typing as t
from pathlib import Path

from . import client
from .host import Host
from .machine import Machine


class Fleet:
    """``hosts`` maps names to loopback addresses; ``folder`` keeps disks, states, and ``ssh`` and ``sftp`` in ``bin/``.

    Use it as a context manager. State lasts: a fleet on the same folder finds its hosts as they were.
    """

    def __init__(self, folder: Path, hosts: dict[str, str], *, windows: int = 2022) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.command_lines: list[list[str]] = []
        self._machines = {
            name: Machine(Host(name, address, folder / name, windows=windows)) for name, address in hosts.items()
        }
        self._rendezvous = tempfile.mkdtemp(
            prefix="twca-windows-"
        )  # short, since the path of a socket may be no longer than 107 bytes
        self.socket = str(Path(self._rendezvous) / "socket")
        self._server = _Server(self.socket, _Handler)
        self._server.fleet = self
        self._write_programs()

    def __enter__(self) -> Fleet:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        for machine in self._machines.values():
            machine.close()
        shutil.rmtree(self._rendezvous)

    def host(self, name: str) -> Host:
        return self._machines[name].host

    def machine(self, name: str) -> Machine:
        return self._machines[name]

    def inventory(self) -> dict[str, t.Any]:
        """An inventory of the hosts in group ``windows``."""
        hosts = {name: {"ansible_host": machine.host.address} for name, machine in self._machines.items()}
        return {"all": {"children": {"windows": {"hosts": hosts, "vars": self.connection()}}}}

    def connection(self) -> dict[str, t.Any]:
        """The connection variables: ansible-core's own ssh connection and PowerShell shell, over our programs."""
        return {
            "ansible_connection": "ssh",
            "ansible_shell_type": "powershell",
            "ansible_user": "Administrator",
            "ansible_ssh_executable": str(self.folder / "bin" / "ssh"),
            "ansible_sftp_executable": str(self.folder / "bin" / "sftp"),
            "ansible_ssh_args": "-o ControlMaster=no",
            "ansible_ssh_transfer_method": "sftp",
        }

    def answer(self, request: dict[str, t.Any]) -> dict[str, t.Any]:
        machine = next(
            (known for known in self._machines.values() if request["host"] in (known.host.name, known.host.address)),
            None,
        )
        if machine is None:
            return {"code": 255, "stdout": "", "stderr": f"ssh: Could not resolve hostname {request['host']}\n"}
        try:
            return {"code": 0, "stdout": "", "stderr": "", **self._do(machine, request)}
        except Exception as error:  # whatever a file transfer or a fault's name brings: the caller must be told
            return {"code": 1, "stdout": "", "stderr": f"{type(error).__name__}: {error}\n"}

    def _do(self, machine: Machine, request: dict[str, t.Any]) -> dict[str, t.Any]:
        if request["do"] == "execute":
            self.command_lines.append(request["argv"])
            code, stdout, stderr = machine.execute(request["command"], base64.b64decode(request["stdin"]))
            return {"code": code, "stdout": stdout, "stderr": stderr}
        if request["do"] == "put":
            machine.put(request["path"], base64.b64decode(request["content"]))
        elif request["do"] == "get":
            return {"content": base64.b64encode(machine.get(request["path"])).decode()}
        else:
            machine.host.set_faults(request["faults"])
        return {}

    def _write_programs(self) -> None:
        (self.folder / "bin").mkdir(exist_ok=True)
        for name in ("ssh", "sftp", "fault"):
            program = self.folder / "bin" / name
            program.write_text(
                f"#!/bin/sh\nexec '{sys.executable}' -I -S '{client.__file__}' {name} '{self.socket}' \"$@\"\n",
                encoding="utf-8",
            )
            program.chmod(0o755)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64
    fleet: Fleet


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.wfile.write(json.dumps(self.server.fleet.answer(json.loads(self.rfile.readline()))).encode() + b"\n")
