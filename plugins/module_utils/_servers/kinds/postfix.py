# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Postfix, which begins TLS in SMTP."""

from __future__ import annotations

import typing as t

from ..contract import Commands, Seen, Settings
from ..service import OPTIONS, Service

_PARAMETERS = ("smtpd_tls_chain_files", "smtpd_tls_cert_file", "smtpd_tls_eccert_file", "tls_server_sni_maps")
#: Prints the parameters' values, those in main.cf and those that services have in master.cf.
_PRINT = '/usr/sbin/postconf -xh "$@" && for name; do /usr/sbin/postconf -Pxh "*/inet/$name"; done'


class Postfix(Service):
    """Postfix, from its packages on every distribution."""

    name = "postfix"
    port = 25
    starttls = "smtp"
    reads = ("combined.pem", "fullchain.pem", "cert.pem")
    options: t.Mapping[str, t.Mapping[str, t.Any]] = OPTIONS

    def wants(self, settings: Settings) -> frozenset[str]:
        # For smtpd_tls_chain_files (Postfix 3.4): key and certificate change together in one file.
        return frozenset(("combined",))

    def defaults(self, settings: Settings, seen: Seen) -> Commands:
        return Commands(
            validate=["/usr/sbin/postfix", "check"],
            reload=["systemctl", "reload-or-restart", "postfix"],
            included=["/bin/sh", "-c", _PRINT, "postconf", *_PARAMETERS],
        )


KIND = Postfix()
