# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells what is to be installed on a host, what of it is to be promoted elsewhere, and whether anything was forgotten."""

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase
from ansible_collections.twca.ssl.plugins.module_utils._plan import work


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """The action, documented with the module of its name."""

    TRANSFERS_FILES = False
    _VALID_ARGS = frozenset(("ask",))

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Go by what is known of the host and of those that share keys with it."""
        result: dict[str, t.Any] = {**super().run(tmp, task_vars), "changed": False}
        spec = {"ask": {"type": "str", "choices": ["install", "promote", "forgotten"], "default": "install"}}
        _result, options = self.validate_argument_spec(spec)
        variables = task_vars or {}
        host, hosts = variables["inventory_hostname"], variables["hostvars"]
        look, fleet = hosts[host]["__twca_look"], hosts[host]["__twca_fleet"]
        names = work.peers(host, fleet)
        known = [(peer, hosts[peer].get("__twca_csr") or {}, hosts[peer].get("twca_issued") or {}) for peer in names]
        installed = {peer: hosts[peer].get("__twca_installed") or [] for peer in names}
        if options["ask"] == "forgotten":
            left = work.forgotten(look["claims"], look, fleet, known, installed[host])
            return {**result, **({"failed": True, "msg": " ".join(left)} if left else {})}
        found = work.work(look["claims"], look, fleet, known)
        if options["ask"] == "promote":
            found = work.promotable(host, found, fleet, variables["ansible_play_batch"], installed)
        return {**result, "work": found, "shares": any(item["shared"] and item["issued"] for item in found)}
