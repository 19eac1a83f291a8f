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
            # It cannot print its configuration. A certificate may also be a link in a directory that "crt" names.
            included=[
                *("find", *places, "-name", "*.pem", "-print", "-o"),
                *(
                    "-type",
                    "f",
                    "(",
                    "-name",
                    "*.cfg",
                    "-o",
                    "-name",
                    "*.lst",
                    "-o",
                    "-name",
                    "*.list",
                    "-o",
                    "-name",
                    "*.txt",
                    ")",
                ),
                *("-exec", "cat", "{}", "+"),
            ],
        )


KIND = HAProxy()
