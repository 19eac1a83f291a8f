# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs what Ansible sends on a host: the shell that answers an ssh command line, and sftp's two verbs."""

from __future__ import annotations

import functools
import json
import re
import shutil
import typing as t

from . import argspec
from .disk import expand
from .errors import ModuleFailure, NotPlayed
from .host import Host, LoggedCall
from .modules import MODULES
from .payload import ModuleCall, RawCall, ScriptCall, decode
from .tls import Frontend

_MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
_specification = functools.lru_cache(maxsize=None)(argspec.read)


class Machine:
    """A host with its TLS front end, started."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.frontend = Frontend(host)
        with host.lock:
            self.frontend.follow()
            host.save()

    def close(self) -> None:
        with self.host.lock:
            self.frontend.close()

    def execute(self, command: str, stdin: bytes) -> tuple[int, str, str]:
        """Exit code, standard output and standard error of one ssh command."""
        with self.host.lock:
            try:
                call = decode(command, stdin)
                if isinstance(call, ModuleCall):
                    result = self._module(call)
                    return int(bool(result.get("failed"))), json.dumps(result), ""
                return 0, self._script(call), ""
            except NotPlayed as error:
                return 1, "", f"the stand-in for Windows does not play {error}"
            except ModuleFailure as error:
                return 1, "", error.message

    def put(self, path: str, content: bytes) -> None:
        with self.host.lock:
            self.host.disk.locate(path).write_bytes(content)

    def get(self, path: str) -> bytes:
        with self.host.lock:
            return self.host.disk.locate(path).read_bytes()

    def _module(self, call: ModuleCall) -> dict[str, t.Any]:
        if call.name not in MODULES:
            raise NotPlayed(f"the module {call.name}")
        specification = _specification(call.source)
        given = {name: value for name, value in call.arguments.items() if not name.startswith("_ansible_")}
        check_mode = bool(call.arguments.get("_ansible_check_mode"))
        secrets = [str(given[name]) for name in specification.secret if given.get(name)]
        shown = {name: _MASK if name in specification.secret and value else value for name, value in given.items()}
        self.host.calls.append(LoggedCall(call.name, shown, check_mode))
        try:
            if check_mode and not specification.supports_check_mode:
                result: dict[str, t.Any] = {
                    "skipped": True,
                    "msg": f"remote module ({call.name}) does not support check mode",
                }
            else:
                result = MODULES[call.name](self.host, specification.check(given), check_mode)
                self.frontend.follow()
        except ModuleFailure as failure:
            result = {**failure.result, "msg": failure.message, "failed": True}
        result.setdefault("changed", False)
        if not specification.legacy:
            result["invocation"] = {"module_args": shown}
        self.host.save()
        masked: dict[str, t.Any] = _without(result, secrets)
        return masked

    def _script(self, call: ScriptCall | RawCall) -> str:
        if isinstance(call, ScriptCall):
            if call.name == "powershell_mkdtemp.ps1":
                return self._make_directory(call.parameters["Directory"], call.parameters["Name"])
            if call.name == "powershell_expand_user.ps1":
                return str(call.parameters["Path"]).replace("~", expand("%USERPROFILE%"), 1) + "\r\n"
            raise NotPlayed(f"the script {call.name}")
        if match := re.search(r"^Remove-Item ('?)(.+?)\1 -Force", call.script, re.MULTILINE):
            shutil.rmtree(self.host.disk.locate(match[2]))
            return ""
        if match := re.search(r"ExpandEnvironmentVariables\('([^']+)'\).*-Name '([^']+)'", call.script, re.DOTALL):
            return self._make_directory(match[1], match[2])
        raise NotPlayed(f"the script {call.script[:200]!r}")

    def _make_directory(self, parent: str, name: str) -> str:
        folder = self.host.disk.locate(parent) / name
        folder.mkdir(parents=True)
        return self.host.disk.name(folder) + "\r\n"


def _without(value: t.Any, secrets: list[str]) -> t.Any:
    """The value with every secret in it masked, as ``Ansible.Basic`` does."""
    if isinstance(value, dict):
        return {key: _without(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, secrets) for item in value]
    if isinstance(value, str):
        return functools.reduce(lambda text, secret: text.replace(secret, "********"), secrets, value)
    return value
