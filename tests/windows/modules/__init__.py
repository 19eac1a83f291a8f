# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bodies of the modules that are played, ported from their PowerShell."""

from __future__ import annotations

import typing as t

from ..host import Host
from . import certificate_info, certificate_store, files, website

Arguments = dict[str, t.Any]
Result = dict[str, t.Any]


def win_ping(host: Host, arguments: Arguments, check_mode: bool) -> Result:
    del host, check_mode
    if arguments["data"] == "crash":
        raise RuntimeError("boom")
    return {"ping": arguments["data"]}


MODULES: dict[str, t.Callable[[Host, Arguments, bool], Result]] = {
    "ansible.windows.slurp": files.slurp,
    "ansible.windows.win_certificate_info": certificate_info.win_certificate_info,
    "ansible.windows.win_certificate_store": certificate_store.win_certificate_store,
    "ansible.windows.win_copy": files.win_copy,
    "ansible.windows.win_file": files.win_file,
    "ansible.windows.win_ping": win_ping,
    "ansible.windows.win_stat": files.win_stat,
    "microsoft.iis.website": website.website,
    "microsoft.iis.website_info": website.website_info,
}
