# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dovecot."""

from __future__ import annotations

import typing as t

from ..contract import Claim, Commands, File, Seen, Settings, live
from ..service import OPTIONS, Service

#: How the certificate and its key are named, by version.
_NAMES = {
    "2.3": ("ssl_cert = <", "ssl_key = <"),
    "2.4": ("ssl_server_cert_file = ", "ssl_server_key_file = "),
}


class Dovecot(Service):
    """Dovecot, from its packages on every distribution. It has a file to include, or names the certificate itself."""

    name = "dovecot"
    port = 993
    options: t.Mapping[str, t.Mapping[str, t.Any]] = {
        **OPTIONS,
        "version": {"type": "str", "choices": list(_NAMES), "default": "2.3"},
        "snippet": {"type": "bool", "default": True},
    }

    def files(self, claim: Claim, settings: Settings, seen: Seen) -> list[File]:
        if not settings["snippet"]:
            return []
        certificate, privatekey = _NAMES[settings["version"]]
        text = (
            f"# Written by Ansible (twca.ssl.server): !include this in dovecot.conf, for {claim['common_name']}.\n"
            f"{certificate}{live(claim, 'fullchain.pem')}\n"
            f"{privatekey}{live(claim, 'privkey.pem')}\n"
        )
        return [File(f"{claim['config_directory']}/{self.name}.conf", text)]

    def defaults(self, settings: Settings, seen: Seen) -> Commands:
        show = ["/usr/bin/doveconf", "-n"]
        return Commands(validate=show, reload=["systemctl", "reload-or-restart", "dovecot"], included=show)

    def advice(self, claim: Claim, settings: Settings, seen: Seen) -> str:
        files = self.files(claim, settings, seen)
        return f"!include {files[0].path} in dovecot.conf" if files else super().advice(claim, settings, seen)


KIND = Dovecot()
