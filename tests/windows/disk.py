# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Drive C: of a host, kept in a folder: Windows paths, case-insensitive, with the usual environment variables."""

from __future__ import annotations

import ntpath
import re
from pathlib import Path

from .errors import ModuleFailure

ENVIRONMENT = {
    "programdata": r"C:\ProgramData",
    "systemdrive": "C:",
    "systemroot": r"C:\Windows",
    "temp": r"C:\Users\Administrator\AppData\Local\Temp",
    "tmp": r"C:\Users\Administrator\AppData\Local\Temp",
    "userprofile": r"C:\Users\Administrator",
}
FOLDERS = (r"C:\inetpub\wwwroot", r"C:\ProgramData", r"C:\Windows\Temp", ENVIRONMENT["temp"])


def expand(text: str) -> str:
    """What ``[Environment]::ExpandEnvironmentVariables`` makes of it; unknown variables stay as they are."""
    return re.sub(r"%([^%]+)%", lambda match: ENVIRONMENT.get(match[1].lower(), match[0]), text)


class Disk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path in FOLDERS:
            self.locate(path).mkdir(parents=True, exist_ok=True)

    def locate(self, path: str) -> Path:
        r"""The real file behind ``C:\x``, ``C:/x`` or sftp's ``/C:/x``, whether it exists or not."""
        drive, rest = ntpath.splitdrive(ntpath.normpath(expand(path).lstrip("/")))
        if drive.upper() != "C:" or not rest.startswith("\\"):
            raise ModuleFailure(f"Cannot find path '{path}' because it does not exist.")
        here = self.folder
        for part in filter(None, rest.split("\\")):
            same = (entry for entry in here.iterdir() if entry.name.lower() == part.lower()) if here.is_dir() else ()
            here = next(iter(same), here / part)
        return here

    def name(self, path: Path) -> str:
        """The Windows name of a file that :meth:`locate` gave."""
        return "C:\\" + "\\".join(path.relative_to(self.folder).parts)

    def files(self) -> list[str]:
        """The Windows names of all files, for tests that ask what was left behind."""
        return sorted(self.name(path) for path in self.folder.rglob("*") if path.is_file())
