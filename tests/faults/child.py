# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module run to its end, or to its death, in a forked child: everything is imported already, so a run costs milliseconds."""

from __future__ import annotations

import dataclasses
import gc
import importlib
import json
import os
import select
import signal
import sys
import tempfile
import traceback
import typing as t

from ansible.module_utils import basic

_MODULES = (
    "twca_csr",
    "twca_certificate",
    "twca_certificates",
    "twca_install",
    "twca_order",
    "twca_revoke",
    "twca_seal",
)
_COLLECTION = "ansible_collections.twca.ssl.plugins"
# What the modules import only when they need it, to be had by every child without paying again.
_LATE = (
    "_order.many",
    "_order.obtain",
    "_order.revocation",
    "_order.seal",
    "_portal.portal",
    "_portal.session",
    "_portal.model",
    "_mailbox.notice",
    "_deploy.served",
)

Watch = t.Callable[[], None]
_LONGEST = 60.0  # seconds of a run


@dataclasses.dataclass(frozen=True)
class Run:
    """How a module ended; ``json`` is empty where it was killed."""

    module: str
    killed: bool
    hung: bool
    rc: int
    json: dict[str, t.Any]
    stdout: str
    stderr: str

    @property
    def failed(self) -> bool:
        return bool(self.json.get("failed"))

    @property
    def message(self) -> str:
        return str(self.json.get("msg", ""))

    @property
    def status(self) -> str | None:
        return self.json.get("status")

    @property
    def warnings(self) -> list[str]:
        """As text; ansible-core wraps each since 2.19."""
        given = self.json.get("warnings") or ()
        return [one if isinstance(one, str) else str(one["event"]["msg"]) for one in given]

    def __str__(self) -> str:
        how = "hung" if self.hung else "killed" if self.killed else f"rc {self.rc}"
        return f"{self.module} {how}: {self.message or self.json or self.stdout} {self.stderr[-1500:]}".strip()


def utils(name: str) -> t.Any:
    """A module of ``plugins/module_utils``, such as ``_store.atomic``."""
    return importlib.import_module(f"{_COLLECTION}.module_utils.{name}")


def warm_up() -> None:
    """Import all that children need."""
    for module in _MODULES:
        importlib.import_module(f"{_COLLECTION}.modules.{module}")
    for name in _LATE:
        utils(name)
    for name in ("requests", "requests.adapters", "urllib3.connection", "urllib3.connectionpool", "yaml"):
        importlib.import_module(name)
    importlib.import_module("cryptography.x509.verification")
    utils("_portal.profile").load()  # compiles expressions
    gc.collect()
    gc.freeze()  # so that children share this memory for good


class Child:
    """A running module."""

    def __init__(
        self, module: str, options: dict[str, t.Any], watch: Watch | None = None, *, verbosity: int = 0
    ) -> None:
        self.module = module
        # Both are closed in finish().
        self._stdout, self._stderr = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        self.pid = os.fork()
        if self.pid == 0:
            self._be_the_child(options, watch, verbosity)
        self._descriptor = os.pidfd_open(self.pid)

    def _be_the_child(self, options: dict[str, t.Any], watch: Watch | None, verbosity: int) -> t.NoReturn:
        code = 255
        try:
            os.dup2(self._stdout.fileno(), 1)
            os.dup2(self._stderr.fileno(), 2)
            sys.stdout, sys.stderr = (
                os.fdopen(1, "w", encoding="utf-8", closefd=False),
                os.fdopen(2, "w", encoding="utf-8", closefd=False),
            )
            arguments = {**options, "_ansible_diff": True, "_ansible_verbosity": verbosity}
            basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
            basic._ANSIBLE_PROFILE = "legacy"
            if watch is not None:
                watch()
            importlib.import_module(f"{_COLLECTION}.modules.{self.module}").main()
        except SystemExit as done:
            code = done.code if isinstance(done.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            if hasattr(watch, "end"):
                watch.end()
            os._exit(code)

    def finish(self, timeout: float = _LONGEST) -> Run:
        """Wait for its end; what does not end is killed, and said to have hung."""
        hung = not select.select([self._descriptor], [], [], timeout)[0]
        if hung:
            os.kill(self.pid, signal.SIGKILL)
        _pid, status = os.waitpid(self.pid, 0)
        os.close(self._descriptor)
        stdout, stderr = (_whole(one) for one in (self._stdout, self._stderr))
        try:
            answer = json.loads(stdout)
        except ValueError:
            answer = {}
        killed = os.WIFSIGNALED(status)
        return Run(self.module, killed, hung, -1 if killed else os.WEXITSTATUS(status), answer, stdout, stderr)


def run(
    module: str,
    options: dict[str, t.Any],
    watch: Watch | None = None,
    *,
    verbosity: int = 0,
    timeout: float = _LONGEST,
) -> Run:
    """Start and finish.

    :param watch: called in the child before the module begins; its method ``end``, if it has one, when the module is done.
    """
    return Child(module, options, watch, verbosity=verbosity).finish(timeout)


def _whole(file: t.IO[bytes]) -> str:
    with file:
        file.seek(0)
        return file.read().decode("utf-8", "replace")
