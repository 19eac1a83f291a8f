# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apache Tomcat, which reads a PKCS#12 or PEM files."""

from __future__ import annotations

import typing as t

from ..._errors import InputError
from ..contract import Claim, Commands, Seen, Settings, live
from ..service import OPTIONS, Service

#: Where packages have its configuration, the newest first; the last part is the service's name.
_PLACES = ("/etc/tomcat11", "/etc/tomcat10", "/etc/tomcat9", "/etc/tomcat")


class Tomcat(Service):
    """Tomcat, from the packages of Debian or Red Hat, or in a place of its own."""

    name = "tomcat"
    port = 8443
    # It runs as this user from the start, so the certificate directory must be this user's.
    owner = "tomcat"
    probes = _PLACES
    options: t.Mapping[str, t.Mapping[str, t.Any]] = {
        **OPTIONS,
        "keystore": {"type": "str", "choices": ["pkcs12", "pem"], "default": "pkcs12"},
        "service": {"type": "str"},
        "config": {"type": "str"},
        "manager": {"type": "str", "default": "http://127.0.0.1:8080/manager/text/sslReload"},
        "netrc": {"type": "str"},
    }

    def check(self, claim: Claim, settings: Settings, where: str) -> None:
        if settings["keystore"] == "pkcs12" and "pkcs12_passphrase" not in claim["given"]:
            raise InputError(
                f"{where} has no pkcs12_passphrase, without which Tomcat cannot open live/bundle.p12: give one, "
                "or set twca_server_options.keystore to pem and name PEM files in server.xml."
            )

    def wants(self, settings: Settings) -> frozenset[str]:
        return frozenset(("pkcs12",) if settings["keystore"] == "pkcs12" else ())

    def uses(self, claim: Claim, settings: Settings) -> list[str]:
        bundle = [live(claim, "bundle.p12")] if settings["keystore"] == "pkcs12" else []
        return [*bundle, *super().uses(claim, settings)]

    def defaults(self, settings: Settings, seen: Seen) -> Commands:
        place = next((place for place in _PLACES if seen and seen.get(place)), "/etc/tomcat10")
        reload = ["systemctl", "restart", settings["service"] or place.rpartition("/")[2]]
        if settings["netrc"]:
            # It takes up the files without a restart (Tomcat 8.5.24 or newer). The password is in a file, not among the arguments.
            reload = [
                "curl",
                "--netrc-file",
                settings["netrc"],
                "--fail",
                "--silent",
                "--show-error",
                "--max-time",
                "60",
            ]
            reload.append(settings["manager"])
        config = settings["config"] or f"{place}/server.xml"
        return Commands(reload=reload, included=["tail", "-v", "-n", "+1", config])


KIND = Tomcat()
