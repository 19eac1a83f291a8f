# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator from Python."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
import typing as t
from pathlib import Path

from .office import Office
from .server import Service
from .settings import Files
from .store import Row

_TESTS = Path(__file__).resolve().parents[1]


class Simulator:
    """Starts on ``with`` or :meth:`start`; the state in ``directory`` outlives it.

    ``settings`` are the fields of ``settings.Settings`` (skin, lifetime, show_pending, approve_after, smtp, format …). With
    ``process=True`` it runs in a process of its own, which :meth:`kill` can end without warning.
    """

    def __init__(self, directory: str | Path, *, process: bool = False, **settings: t.Any) -> None:
        self.directory = Path(directory)
        self._files = Files(self.directory)
        self._in_process = process
        self._settings = settings
        self._service: Service | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._addresses: dict[str, t.Any] = {}

    def start(self) -> Simulator:
        if self._in_process:
            self._spawn()
        else:
            self._service = Service(self.directory, **self._settings)
            self._service.start()
            self._addresses = self._service.addresses
        self.office = Office(self._files)
        return self

    def stop(self) -> None:
        if self._service is not None:
            self._service.stop()
            self._service = None
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None
        self.office.store.close()

    def kill(self) -> None:
        """SIGKILL; only with ``process=True``."""
        assert self._process is not None, "only a simulator with process=True can be killed"
        self._process.kill()
        self._process.wait(10)
        self._process = None
        self._files.endpoint.unlink(missing_ok=True)

    __enter__ = start

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def _spawn(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self._files.endpoint.unlink(missing_ok=True)
        command = [sys.executable, "-m", "simulator", "serve", "--directory", str(self.directory)]
        command += ["--settings", json.dumps(self._settings)]
        environment = {**os.environ, "PYTHONPATH": str(_TESTS)}
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not self._files.endpoint.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the simulator did not start; see its standard error")
            time.sleep(0.02)
        self._addresses = json.loads(self._files.endpoint.read_text())

    @property
    def url(self) -> str:
        """The portal's home page, with a slash at its end."""
        return str(self._addresses["url"])

    @property
    def http_url(self) -> str:
        """Where CRL, OCSP and AIA are."""
        return str(self._addresses["http_url"])

    @property
    def portal_ca(self) -> str:
        """Path of the PEM that the portal's own certificate chains to."""
        return str(self._addresses["portal_ca"])

    @property
    def roots(self) -> str:
        """Path of a PEM with the public roots: the Global Root (no subject key identifier) and the CYBER Root."""
        return str(self._addresses["roots"])

    @property
    def root(self) -> str:
        """Path of a PEM with the Global Root alone."""
        return str(self._files.authorities / "root.pem")

    def approve(self, name: str, *, lifetime: str | None = None, age: str = "0s") -> list[int]:
        """The officer issues what is pending for ``name``; ``age``: as if it had been so long ago."""
        return self.office.approve(name, lifetime=lifetime, age=age)

    def reject(self, name: str, reason: str) -> list[int]:
        return self.office.reject(name, reason)

    def confirm_revocation(self, name: str, serial: int | None = None) -> int:
        return self.office.confirm_revocation(name, serial)

    def configure(self, **settings: t.Any) -> dict[str, t.Any]:
        """Changes settings while it runs; skin, ports and names wait for the next start."""
        return dataclasses.asdict(self.office.configure(**settings))

    def fault(self, kind: str, **options: t.Any) -> int:
        """See ``faults.Faults.set``."""
        return self.office.faults.set(kind, **options)

    def clear_faults(self) -> None:
        self.office.faults.clear()

    def counts(self) -> dict[str, t.Any]:
        return self.office.counts()

    def orders(self) -> list[Row]:
        return self.office.orders()

    def revocations(self) -> list[Row]:
        return self.office.store.rows("revocations")

    def requests(self) -> list[Row]:
        """Every request to the portal: method, path, task, steps, fault."""
        return self.office.store.rows("requests")

    def mails(self) -> list[Row]:
        return self.office.store.rows("mails")

    def leaks(self) -> list[Row]:
        """What followed an off-site redirect."""
        return self.office.store.rows("leaks")
