# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server that no other kind describes, by the user's own files and commands."""

from __future__ import annotations

import typing as t

from ..._errors import InputError
from ..contract import Claim, Commands, File, Seen, Settings
from ..service import OPTIONS, Service

_FILE = {
    "path": {"type": "str", "required": True},
    "content": {"type": "str", "required": True},
    "link": {"type": "str"},
}


class Custom(Service):
    """Any server. Its configuration is one of the user's files, or it names a file of the certificate directory."""

    name = "custom"
    reads = ("fullchain.pem", "cert.pem", "combined.pem", "bundle.p12")
    entry_options = ("files",)
    options: t.Mapping[str, t.Mapping[str, t.Any]] = {
        **OPTIONS,
        "files": {"type": "list", "elements": "dict", "options": _FILE, "default": []},
        "combined": {"type": "bool", "default": False},
    }

    def check(self, claim: Claim, settings: Settings, where: str) -> None:
        for file in settings["files"]:
            for path in (file["path"], file["link"]):
                if path is not None and not path.startswith("/"):
                    raise InputError(
                        f"{where}: the file {path!r} of the server has no whole path: begin it with a slash."
                    )

    def wants(self, settings: Settings) -> frozenset[str]:
        return frozenset(("combined",) if settings["combined"] else ())

    def files(self, claim: Claim, settings: Settings, seen: Seen) -> list[File]:
        return [File(file["path"], file["content"], link=file["link"]) for file in settings["files"]]

    def uses(self, claim: Claim, settings: Settings) -> list[str]:
        return [] if settings["files"] else super().uses(claim, settings)

    def defaults(self, settings: Settings, seen: Seen) -> Commands:
        return Commands()


KIND = Custom()
