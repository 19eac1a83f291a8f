# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be installed on a host, and what must not be forgotten in a run that ends well."""

from __future__ import annotations

import typing as t

Item = dict[str, t.Any]
#: Of this host and those that share keys with it: the host, what twca_csr returned there, and the certificates that came, by name.
Peers = t.Sequence[tuple[str, dict[str, t.Any], dict[str, t.Any]]]


def peers(host: str, fleet: dict[str, t.Any]) -> list[str]:
    """A host and those that share keys with it."""
    groups = (servers for servers in fleet["servers"].values() if host in servers)
    return list(dict.fromkeys([host, *(peer for servers in groups for peer in servers)]))


def work(claims: t.Sequence[Item], look: dict[str, t.Any], fleet: dict[str, t.Any], known: Peers) -> list[Item]:
    """The host's claims with something to do on it: not proven yet, or its server's configuration is not what it shall be.

    An item is a claim with ``leader``, the host that asked for it; ``issued``, whether the certificate has just come, then with
    ``certificate``, ``chain`` and ``public_key_sha256``; ``shared``, whether the key is another host's; ``stamp``, what is to be noted once it is proven; and
    ``drifted``, whether files differ.

    :param look: what twca_due_info returned for the claims, or nothing.
    :param fleet: the plan for all hosts.
    """
    found = []
    for claim, seen in _seen(claims, look):
        item = _installable(claim, seen, fleet, known)
        if item is None:
            continue
        drifted = item["digest"] != claim["digest"] or any(state["state"] != "same" for state in seen.get("files", ()))
        if item["issued"] or drifted or seen.get("stamp") != item["stamp"]["content"]:
            found.append({**item, "drifted": drifted})
    return found


def promotable(
    host: str,
    items: t.Sequence[Item],
    fleet: dict[str, t.Any],
    alive: t.Container[str],
    installed: dict[str, t.Sequence[str]],
) -> list[Item]:
    """Those of a host's items that it shall promote where their key is: they just came, all servers have them, and it is the first.

    :param alive: the hosts that can be reached.
    :param installed: by host, the names that this run installed there.
    """
    found = []
    for item in items:
        name = item["common_name"]
        servers = fleet["servers"].get(name, ())
        is_first = host == next((server for server in servers if server in alive), None)
        is_everywhere = all(name in installed.get(server, ()) for server in servers)
        if item["shared"] and item["issued"] and is_first and is_everywhere:
            found.append(item)
    return found


def forgotten(
    claims: t.Sequence[Item],
    look: dict[str, t.Any],
    fleet: dict[str, t.Any],
    known: Peers,
    installed: t.Sequence[str],
) -> list[str]:
    """Sentences on what a run that ends well must not leave behind on this host.

    These are certificates that are there and were not installed, certificates that no entry is for, and entries that are due and
    for which nobody was asked.

    :param installed: the names that this run installed.
    """
    if not claims:
        return []
    host = claims[0]["host"]
    made, issued = next(((made, issued) for peer, made, issued in known if peer == host), ({}, {}))
    shown = {claim["common_name"]: claim["shown"] for claim in claims}
    told = [
        f"{item['shown']} has a certificate that was not installed, though nothing failed."
        for item in work(claims, look, fleet, known)
        if item["common_name"] not in installed
    ]
    told += [
        f"A certificate of {name} was issued, but {host} has no entry for it. It is kept in the journal."
        for name in issued
        if name not in shown
    ]
    asked = {result["item"]["common_name"] for result in made.get("results", ())}
    return told + [
        f"{shown[name]} is due on {host}, and nobody was asked for its certificate: let the role twca.ssl.certificate, or the "
        "playbook twca.ssl.site, run before what only installs."
        for name in fleet["due"].get(host, ())
        if name in shown and name not in asked and name not in fleet["pending"]
    ]


def _seen(claims: t.Sequence[Item], look: dict[str, t.Any]) -> list[tuple[Item, Item]]:
    certificates = look.get("certificates") or [{}] * len(claims)
    return list(zip(claims, certificates))


def _installable(claim: Item, seen: Item, fleet: dict[str, t.Any], known: Peers) -> Item | None:
    """The claim with what is at hand for it: just issued, or live on the host that holds the key."""
    name, host = claim["common_name"], claim["host"]
    leader, live, issued = host, None, None
    servers = fleet["servers"].get(name, [host])
    for peer, made, came in known:
        if peer not in servers:
            continue
        issued = came.get(name, issued)
        for result in made.get("results", ()):
            if result["item"]["common_name"] == name:
                leader, live = peer, result.get("live")
    shared = claim["key_host"] != host
    seen_live = fleet["serial_numbers"].get(name) if shared else seen.get("serial_number")
    serial_number = issued["serial_number"] if issued else (live or {}).get("serial_number") or seen_live
    if not serial_number:
        return None
    if "renewed" in claim and serial_number != seen.get("serial_number"):
        # What is installed now is for the names of the entry.
        claim = {**claim, **claim["renewed"]}
    return {
        **claim,
        "leader": leader,
        "issued": issued is not None,
        **({part: issued[part] for part in ("certificate", "chain", "public_key_sha256")} if issued else {}),
        "shared": shared,
        "stamp": {"path": claim["look"]["stamp"], "content": f"{serial_number} {claim['digest']}\n"},
    }
