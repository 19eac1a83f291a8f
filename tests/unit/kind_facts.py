# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a kind of server says for one certificate, with the variables of the role server."""

from __future__ import annotations

from ansible_collections.twca.ssl.plugins.module_utils._servers import settings

NAME = "www.example.com.tw"
CLAIM = {
    "common_name": NAME,
    "server_directory": f"/etc/twca/{NAME}",
    "config_directory": f"/etc/twca-config/{NAME}",
    "given": ["common_name"],
}
LIVE = f"/etc/twca/{NAME}/live"


class Facts:
    """The kind's answers. ``validate`` and ``reload`` are the role's variables, all else are options."""

    def __init__(self, kind, seen=None, *, entry=None, **given):
        commands = {f"twca_server_{name}": given.pop(name) for name in ("validate", "reload") if name in given}
        claim = {**CLAIM, **(entry or {}), "given": [*CLAIM["given"], *(entry or ())]}
        own = settings.of_entry(kind, settings.of_role(kind, {"twca_server_options": given, **commands}), claim, "here")
        kind.check(claim, own, "here")
        self.commands = kind.commands(own, seen)
        self.files = kind.files(claim, own, seen)
        self.wants = sorted(kind.wants(own))
        self.uses = kind.uses(claim, own)
        self.advice = kind.advice(claim, own, seen)
