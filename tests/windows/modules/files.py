# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_copy``, ``win_file``, ``win_stat`` and ``slurp`` of ansible.windows."""

from __future__ import annotations

import base64
import hashlib
import shutil
import typing as t
from pathlib import Path

from ..errors import ModuleFailure, NotPlayed
from ..host import Host

Arguments = dict[str, t.Any]
Result = dict[str, t.Any]


def win_copy(host: Host, arguments: Arguments, check_mode: bool) -> Result:
    """The two modes that the action plugin needs for one file: ``query`` and ``single``."""
    del check_mode  # single never runs in check mode, and query changes nothing
    if arguments["_copy_mode"] == "query":
        return _query(host, arguments)
    if arguments["_copy_mode"] == "single":
        return _single(host, arguments)
    raise NotPlayed(f"win_copy's mode {arguments['_copy_mode']}")


def _query(host: Host, arguments: Arguments) -> Result:
    if arguments["directories"]:
        raise NotPlayed("copying folders")
    folder = host.disk.locate(arguments["dest"])
    changed = []
    for file in arguments["files"] or []:
        target = folder / file["dest"].replace("\\", "/")
        if target.is_dir():
            target = target / Path(file["src"]).name
        if target.is_dir():
            raise ModuleFailure(
                f"cannot copy file to dest '{host.disk.name(target)}': object at path is already a directory"
            )
        if not target.exists() or (arguments["force"] and _checksum(target, "sha1") != file["checksum"]):
            changed.append(file)
    return {"changed": False, "files": changed, "directories": [], "symlinks": []}


def _single(host: Host, arguments: Arguments) -> Result:
    source, target = host.disk.locate(arguments["src"]), host.disk.locate(arguments["dest"])
    if not source.is_file():
        raise ModuleFailure(f"Cannot copy src file: '{arguments['src']}' as it does not exist")
    named_folder = arguments["dest"].endswith(("/", "\\"))
    if named_folder or target.is_dir():
        target = target / arguments["_original_basename"]
    if target.parent.is_file():
        raise ModuleFailure(f"object at destination parent dir '{host.disk.name(target.parent)}' is currently a file")
    if not target.parent.is_dir():
        if not named_folder:
            raise ModuleFailure(f"Destination directory '{host.disk.name(target.parent)}' does not exist")
        target.parent.mkdir(parents=True)
    shutil.copyfile(source, target)
    return {"changed": True}


def win_file(host: Host, arguments: Arguments, check_mode: bool) -> Result:
    path, state = host.disk.locate(arguments["path"]), arguments["state"]
    if arguments["_original_basename"] and path.is_dir():
        path = path / arguments["_original_basename"]
    if arguments["_diff_peek"] is not None:
        binary = path.is_file() and b"\0" in path.read_bytes()[:8192]
        return {
            "path": arguments["path"],
            "change": False,
            "appears_binary": binary,
            "state": "file" if path.exists() else "absent",
        }
    if state == "touch" or any(arguments[name] is not None for name in ("access_time", "modification_time")):
        raise NotPlayed("win_file's times")
    if path.exists():
        if state == "absent":
            _remove(path, check_mode)
            return {"changed": True}
        if state == "directory" and not path.is_dir():
            raise ModuleFailure(f"path {arguments['path']} is not a directory")
        if state == "file" and path.is_dir():
            raise ModuleFailure(f"path {arguments['path']} is not a file")
        return {"changed": False}
    if state == "directory" or (state is None and arguments["path"].endswith(("/", "\\"))):
        if not check_mode:
            path.mkdir(parents=True)
        return {"changed": True}
    if state in (None, "file"):
        raise ModuleFailure(f"path {arguments['path']} will not be created")
    return {"changed": False}


def win_stat(host: Host, arguments: Arguments, check_mode: bool) -> Result:
    """The values that playbooks ask for; owners, links and shares are not played."""
    del check_mode
    path = host.disk.locate(arguments["path"])
    if not path.exists():
        return {"stat": {"exists": False}}
    stat: Result = {
        "exists": True,
        "isdir": path.is_dir(),
        "isreg": path.is_file(),
        "path": host.disk.name(path),
        "filename": path.name,
    }
    stat["lastwritetime"] = path.stat().st_mtime
    if path.is_file():
        stat["extension"] = path.suffix
        if arguments["get_checksum"]:
            stat["checksum"] = _checksum(path, arguments["checksum_algorithm"])
    if arguments["get_size"]:
        stat["size"] = sum(file.stat().st_size for file in [path, *path.rglob("*")] if file.is_file())
    return {"stat": stat}


def slurp(host: Host, arguments: Arguments, check_mode: bool) -> Result:
    del check_mode
    path = host.disk.locate(arguments["src"])
    if path.is_dir():
        raise ModuleFailure(f"Path {arguments['src']} is a directory")
    if not path.exists():
        raise ModuleFailure(f"Path {arguments['src']} is not found")
    return {"changed": False, "content": base64.b64encode(path.read_bytes()).decode(), "encoding": "base64"}


def _checksum(path: Path, algorithm: str) -> str:
    return hashlib.new(algorithm, path.read_bytes()).hexdigest()


def _remove(path: Path, check_mode: bool) -> None:
    if check_mode:
        return
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
