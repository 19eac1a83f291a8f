# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HAProxy, which reads key, certificate and chain from one file."""

from __future__ import annotations

import posixpath
import typing as t

from ..contract import WORDS, Commands, Seen, Settings
from ..service import OPTIONS, Service


class HAProxy(Service):
    """HAProxy, from its packages on every distribution."""

    name = "haproxy"
    reads = ("combined.pem", "fullchain.pem")
    options: t.Mapping[str, t.Mapping[str, t.Any]] = {
        **OPTIONS,
        "config": {**WORDS, "default": ["/etc/haproxy/haproxy.cfg"]},
    }

    def wants(self, settings: Settings) -> frozenset[str]:
        return frozenset(("combined",))

    def defaults(self, settings: Settings, seen: Seen) -> Commands:
        config = settings["config"]
        places = list(dict.fromkeys(map(posixpath.dirname, config)))
        return Commands(
            validate=["/usr/sbin/haproxy", "-c", *(part for path in config for part in ("-f", path))],
            reload=["systemctl", "reload-or-restart", "haproxy"],
            # It cannot print its configuration. Its service may read further files, in a directory beside the first.
            included=[
                *("find", "-L", *places, "-maxdepth", "2", "-type", "f", "(", "-name", "*.cfg"),
                *(part for path in config for part in ("-o", "-path", path)),
                *(")", "-exec", "tail", "-v", "-n", "+1", "{}", "+"),
            ],
        )


KIND = HAProxy()
