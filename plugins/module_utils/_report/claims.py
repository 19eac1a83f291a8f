# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each host should have, where to look for it, and what was seen there: what a report is made of."""

from __future__ import annotations

import json
import typing as t

from .._errors import InputError
from .._plan.spec import CertificateSpec
from .._servers import registry
from .._servers.contract import Kind

Claim = dict[str, t.Any]


def claims(entries: t.Sequence[t.Any], role: dict[str, t.Any]) -> list[Claim]:
    """A claim for each entry of ``twca_certificates``: ``common_name``, ``directory``, ``renew_within``, ``served`` and ``endpoint``.

    No secret of an entry is taken over. An entry that cannot be meant becomes a claim with ``problem``, a sentence.

    :param role: ``directory``, ``key_directory``, ``renew_within``, ``served`` (whether to look at servers), ``proof``, ``verify``
        and ``server``. A Windows host has no Python: its certificate directories are on the key's host, and it is not looked at.
    """
    windows = role["server"] == "iis"
    # As when it was installed: without a server role, an entry itself must say that its certificate is served.
    proof = role["proof"] and role["server"] != "none"
    found: list[Claim] = []
    for number, entry in enumerate(entries):
        try:
            spec = CertificateSpec.of(number, entry)
        except InputError as error:
            name = entry.get("common_name") if isinstance(entry, dict) else None
            found.append({"common_name": str(name or "?"), "directory": None, "problem": error.message})
            continue
        options = spec.options
        place = options.get("key_directory" if windows else "directory")
        served = bool(role["served"] and not windows and options.get("proof", proof))
        found.append(
            {
                "common_name": spec.name,
                "directory": place or f"{role['key_directory' if windows else 'directory']}/{spec.place}",
                "renew_within": options.get("renew_within") or role["renew_within"],
                "served": served,
                "endpoint": {**place_of(role["server"]), **role["verify"], **(options.get("verify") or {})}
                if served
                else {},
            }
        )
    return found


def place_of(server: str) -> dict[str, t.Any]:
    """Where a kind of server is looked at, unless the user says otherwise."""
    kind = registry.find(server) if server in registry.kinds() else Kind()
    return {"host": "127.0.0.1", "port": kind.port, **({"starttls": kind.starttls} if kind.starttls else {})}


def looks(found: t.Iterable[Claim]) -> list[dict[str, t.Any]]:
    """One look for all claims that are served in one place: ``endpoint``, ``directories`` and ``names``."""
    together: dict[str, dict[str, t.Any]] = {}
    for claim in found:
        if "problem" in claim:
            continue
        endpoint = claim["endpoint"]
        look = together.setdefault(
            json.dumps(endpoint, sort_keys=True), {"endpoint": endpoint, "directories": [], "names": []}
        )
        look["directories"].append(claim["directory"])
        look["names"].append(claim["common_name"])
    return list(together.values())


def hosts(
    names: t.Iterable[str], found: t.Iterable[t.Sequence[Claim]], seen: t.Iterable[dict[str, t.Any]]
) -> list[dict[str, t.Any]]:
    """What was seen on each host, as :func:`.fleet.build` wants it.

    :param seen: of each host the registered result of the loop over its :func:`looks`; empty where it came to none.
    """
    return [
        {"host": name, "claims": list(claimed), "looks": [_look(result) for result in registered.get("results") or ()]}
        for name, claimed, registered in zip(names, found, seen)
    ]


def _look(result: dict[str, t.Any]) -> dict[str, t.Any]:
    return {
        "directories": list(result["item"]["directories"]),
        "certificates": list(result.get("certificates") or ()),
        "error": result.get("msg") or "",
    }
