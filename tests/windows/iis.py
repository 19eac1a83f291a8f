# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IIS as its PowerShell provider shows it: sites with bindings, and beneath them the certificate table of http.sys.

A binding does not hold its certificate. http.sys does, in one table for the whole machine, by ``hostname:port`` for
bindings with SNI and by ``0.0.0.0:port`` for the others; so all bindings without SNI on one port share one
certificate, and a binding whose SNI flag changes loses its own.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .errors import ModuleFailure

SNI, CCS = 1, 2


@dataclass
class Binding:
    """``information`` is ``ip:port:hostname`` for web protocols."""

    protocol: str
    information: str
    ssl_flags: int = 0

    @property
    def parts(self) -> tuple[str, str, str]:
        ip, port, hostname = (*self.information.split(":"), "", "")[:3]
        return ip, port, hostname

    @property
    def certificate_key(self) -> str:
        """Where http.sys keeps this binding's certificate."""
        ip, port, hostname = self.parts
        return f"{hostname}:{port}".lower() if self.ssl_flags & SNI else f"{'0.0.0.0' if ip == '*' else ip}:{port}"


@dataclass
class Site:
    id: int
    physical_path: str
    application_pool: str = "DefaultAppPool"
    state: str = "Started"
    preload_enabled: bool = False
    bindings: list[Binding] = field(default_factory=list)


@dataclass
class CertificateReference:
    hash: str
    store: str


class Iis:
    def __init__(self) -> None:
        self.sites: dict[str, Site] = {
            "Default Web Site": Site(1, r"C:\inetpub\wwwroot", bindings=[Binding("http", "*:80:")])
        }
        self.certificates: dict[str, CertificateReference] = {}

    def find(self, name: str) -> tuple[str, Site] | None:
        return next(((known, site) for known, site in self.sites.items() if known.lower() == name.lower()), None)

    def reference(self, binding: Binding) -> CertificateReference:
        """The ``certificateHash`` and ``certificateStoreName`` of a binding, empty where it has none."""
        none = CertificateReference("", "")
        return self.certificates.get(binding.certificate_key, none) if binding.protocol == "https" else none

    def get_bindings(self, site: Site, ip: str | None, port: t.Any, hostname: str | None) -> list[Binding]:
        """``Get-WebBinding``: what is not given matches everything."""
        wanted = [str(part).lower() if part not in (None, "") else None for part in (ip, port, hostname)]
        return [
            binding
            for binding in site.bindings
            if all(want is None or want == have.lower() for want, have in zip(wanted, binding.parts))
        ]

    def add_binding(self, site: Site, binding: Binding) -> None:
        """``New-WebBinding``."""
        for other in (binding for known in self.sites.values() for binding in known.bindings):
            if (other.protocol, other.information.lower()) == (binding.protocol, binding.information.lower()):
                raise ModuleFailure(
                    "Cannot add duplicate collection entry of type 'binding' with unique key attributes "
                    "'protocol, bindingInformation' "
                    f"set to respectively '{binding.protocol}, {binding.information}'"
                )
        site.bindings.append(binding)

    def listening_ports(self) -> set[int]:
        """The ports on which http.sys expects TLS: those of https bindings of started sites."""
        return {
            int(binding.parts[1])
            for site in self.sites.values()
            for binding in site.bindings
            if site.state == "Started" and binding.protocol == "https"
        }

    def certificate_for(self, port: int, server_name: str | None) -> CertificateReference | None:
        """What http.sys picks for a handshake: the exact name, then a wildcard of one label, then the address's own."""
        name = (server_name or "").lower()
        keys = [f"{name}:{port}", f"*.{name.partition('.')[2]}:{port}", f"0.0.0.0:{port}"]
        return next((self.certificates[key] for key in keys if key in self.certificates), None)
