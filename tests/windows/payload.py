# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decodes what ansible-core sends to a Windows host over ssh.

Two generations: up to 2.18 one JSON manifest with the module in ``module_entry``; from 2.19 on a bootstrap with named
scripts and actions.
"""

from __future__ import annotations

import base64
import json
import re
import typing as t
from dataclasses import dataclass

from .errors import NotPlayed

_SEPARATOR = b"\0\0\0\0"


@dataclass(frozen=True)
class ModuleCall:
    """``name`` is the fully qualified collection name, as in ``ansible.windows.win_ping``."""

    name: str
    source: bytes
    arguments: dict[str, t.Any]


@dataclass(frozen=True)
class ScriptCall:
    """A script of ansible-core's own, such as ``powershell_mkdtemp.ps1``."""

    name: str
    parameters: dict[str, t.Any]


@dataclass(frozen=True)
class RawCall:
    """PowerShell text on the command line, with nothing on standard input."""

    script: str


Call = t.Union[ModuleCall, ScriptCall, RawCall]


def decode(command: str, stdin: bytes) -> Call:
    script = _script(command)
    if script is None:
        raise NotPlayed(f"a command line without -EncodedCommand: {command[:200]}")
    # Up to 2.17 the ssh connection runs a shell command as a PowerShell of its own within the one that sets the code page.
    script = _script(script) or script
    if "-EncodedArguments" in command:
        raise NotPlayed("modules that are not pipelined")
    if not stdin:
        return RawCall(script)
    if _SEPARATOR not in stdin:
        raise NotPlayed("input that no PowerShell module is in, such as a module in Python")
    head, _, tail = stdin.partition(_SEPARATOR)
    manifest = json.loads(tail.split(_SEPARATOR)[0])
    if "module_entry" in manifest:
        return _up_to_2_18(manifest)
    if json.loads(head)["name"] != "exec_wrapper":
        raise NotPlayed(f"the bootstrap of {json.loads(head)['name']}")
    return _from_2_19(manifest)


def _script(command: str) -> str | None:
    """The PowerShell text that a command line hands over."""
    match = re.search(r"-EncodedCommand\s+(\S+)", command)
    return base64.b64decode(match[1].strip("'")).decode("utf-16-le") if match else None


def _up_to_2_18(manifest: dict[str, t.Any]) -> ModuleCall:
    _refuse_wrappers(manifest["actions"])
    arguments = manifest["module_args"]
    return ModuleCall(
        _qualified(arguments["_ansible_module_name"]), base64.b64decode(manifest["module_entry"]), arguments
    )


def _from_2_19(manifest: dict[str, t.Any]) -> Call:
    _refuse_wrappers([action["name"] for action in manifest["actions"]])
    action = manifest["actions"][-1]
    parameters = action["params"]
    if action["name"] != "module_wrapper.ps1":
        return ScriptCall(action["name"], parameters)
    script = parameters["Script"]
    source = base64.b64decode(manifest["scripts"][script]["script"])
    arguments = next(variable["Value"] for variable in parameters["Variables"] if variable["Name"] == "complex_args")
    return ModuleCall(_qualified(script.removesuffix(".ps1")), source, arguments)


def _qualified(name: str) -> str:
    """``ansible_collections.ansible.windows.plugins.modules.win_ping`` as users write it.

    A built-in module that Windows has too goes by the name of its own.
    """
    name = re.sub(r"^ansible_collections\.(\w+\.\w+)\.plugins\.modules\.", r"\1.", name)
    return re.sub(r"^ansible\.(builtin|legacy)\.(slurp)$", r"ansible.windows.\2", name)


def _refuse_wrappers(actions: list[str]) -> None:
    for action in actions:
        if action.startswith(("become_wrapper", "async_wrapper")):
            raise NotPlayed(f"{action.split('_')[0]} (nothing would be proven by it here)")
