# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What TWCA can certify, as far as that can be told before an order: names of the internet, and a subject without gaps."""

from __future__ import annotations

import ipaddress
import typing as t

#: The parts of the subject that the portal reads from each CSR (manual §4.3.6.1); the organizational unit may be left out.
SUBJECT = ("organization", "locality", "state_or_province")

# Top-level domains that are not in the DNS of the internet: by standard (RFC 6761, 6762, 7686, 8375, 9476), by ICANN's decision
# (corp, home, mail, internal), and those that private networks use by habit (RFC 6762, appendix G).
_PRIVATE_DOMAINS = frozenset(
    "alt corp example home internal intranet invalid lan local localdomain localhost mail onion private test".split()
)
_HOME = "home.arpa"
# Where TWNIC registers domains for others; nobody can own one of these, or all names directly below it.
_REGISTRIES = frozenset(
    "tw com.tw net.tw org.tw idv.tw gov.tw edu.tw mil.tw game.tw ebiz.tw club.tw xn--kpry57d xn--kprw13d".split()
)
_DOCUMENTATION = tuple(
    ipaddress.ip_network(net)
    for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)


def obstacle(name: str) -> str | None:
    """Why no public authority certifies a name, as the end of a sentence that begins with it; ``None``: nothing is known against it.

    :param name: canonical, bare.
    """
    try:
        return _obstacle_of_address(ipaddress.ip_address(name))
    except ValueError:
        pass
    labels = name.lower().split(".")
    wildcard = labels[0] == "*"
    domain = ".".join(labels[wildcard:])
    if domain in _REGISTRIES:
        return (
            f"is for all that is registered below {domain}" if wildcard else "is a registry's, and no domain of yours"
        )
    if len(labels) == 1:
        return "has no dot, so it is a name of a private network"
    if labels[-1] in _PRIVATE_DOMAINS:
        return f"ends in .{labels[-1]}, which is not in the DNS of the internet"
    if f".{domain}".endswith(f".{_HOME}"):
        return f"ends in .{_HOME}, which is for home networks"
    return None


def _obstacle_of_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str | None:
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return _obstacle_of_address(mapped)
    if address.is_loopback or address.is_unspecified:
        return "is an address of the host itself (loopback)"
    if address.is_link_local:
        return "is a link-local address"
    if address.is_multicast:
        return "is a multicast address"
    if any(address.version == net.version and address in net for net in _DOCUMENTATION):
        return "is an address for documentation"
    if not address.is_global:
        return "is an address of a private network, or reserved"
    return None


def gaps(subject: t.Mapping[str, t.Any]) -> list[str]:
    """The parts of a subject that the portal wants and that are not given."""
    return [part for part in SUBJECT if not str(subject.get(part) or "").strip()]
