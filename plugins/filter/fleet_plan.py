# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be done on which host, for the role certificate and the server roles."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError


class _Claim(t.NamedTuple):
    """What a host claims, and what was seen of it there; nothing, where the host could not be looked at."""

    host: str
    wants: dict[str, t.Any]
    seen: dict[str, t.Any]

    @property
    def name(self) -> str:
        name: str = self.wants["common_name"]
        return name

    @property
    def owns_key(self) -> bool:
        return bool(self.wants["key_host"] == self.host)

    def uses(self, serial_number: str | None) -> bool:
        """Whether its server has all it needs, and was proven to use the certificate with this number."""
        return (
            bool(self.seen)
            and self.seen["serial_number"] == serial_number
            and self.seen["stamp"] == f"{serial_number} {self.wants['digest']}\n"
            and all(file["state"] == "same" for file in self.seen["files"])
        )


class _Plan:
    """What is known of all hosts, put together."""

    def __init__(self, alive: t.Sequence[str], key_looks: dict[tuple[str, str], dict[str, t.Any]]) -> None:
        self._alive = set(alive)
        self._key_looks = key_looks
        self._wanted_looks: dict[str, dict[str, t.Any]] = {}
        self._busy: dict[str, None] = {}
        self.claimed = 0
        self.clashes: list[str] = []
        self.leaders: dict[str, str] = {}
        self.servers: dict[str, list[str]] = {}
        self.serial_numbers: dict[str, str | None] = {}
        self.due: dict[str, list[str]] = {}

    def add(self, group: list[_Claim]) -> None:
        """Judge the claims of one name."""
        self.claimed += len(group)
        name, hosts = group[0].name, [claim.host for claim in group]
        key_hosts = list(dict.fromkeys(claim.wants["key_host"] for claim in group))
        if len(set(hosts)) < len(hosts):
            self.clashes.append(f"{name} is listed twice for one host ({', '.join(hosts)})")
        elif len(key_hosts) > 1:
            self.clashes.append(f"{name} is claimed by {', '.join(hosts)} with keys on {', '.join(key_hosts)}")
        elif key_hosts == hosts:
            self._add_own(group[0])
        else:
            self._add_shared(group, key_hosts[0])

    def _add_own(self, claim: _Claim) -> None:
        if not claim.seen.get("settled"):
            self._note_due(claim.host, claim)
        if not claim.uses(claim.seen.get("serial_number")):
            self._busy[claim.host] = None

    def _add_shared(self, group: list[_Claim], key_host: str) -> None:
        hosts = [claim.host for claim in group]
        alive = [host for host in hosts if host in self._alive] or hosts
        leader = group[hosts.index(key_host if key_host in alive else alive[0])]
        holder = next((claim for claim in group if claim.owns_key), None)
        if holder:
            seen = holder.seen
        else:
            seen = self._key_looks.get((key_host, leader.name), {})
            place = self._wanted_looks.setdefault(key_host, {"host": key_host, "names": [], "looks": []})
            place["names"].append(leader.name)
            place["looks"].append({"directory": leader.wants["directory"], "wanted": leader.wants["wanted"]})
        settled, serial_number = bool(seen.get("settled")), seen.get("serial_number")
        if not settled:
            self._note_due(leader.host, leader)
        for claim in group:
            self.leaders[claim.name] = leader.host
            self.servers[claim.name] = hosts
            self.serial_numbers[claim.name] = serial_number
            if not (settled and claim.uses(serial_number)):
                self._busy[claim.host] = None

    def _note_due(self, host: str, claim: _Claim) -> None:
        self.due.setdefault(host, []).append(claim.name)
        self._busy[host] = None

    def describe(self) -> dict[str, t.Any]:
        """As plain data."""
        return {
            "claimed": self.claimed,
            "clashes": self.clashes,
            "leaders": self.leaders,
            "servers": self.servers,
            "serial_numbers": self.serial_numbers,
            "key_hosts": list(self._wanted_looks.values()),
            "due": self.due,
            "busy": list(self._busy),
        }


def fleet_plan(
    looks: dict[str, dict[str, t.Any]], alive: list[str], key_looks: list[dict[str, t.Any]] | None = None
) -> dict[str, t.Any]:
    """The filter, documented in ``fleet_plan.yml``."""
    try:
        known = {
            (look["item"]["host"], name): seen
            for look in key_looks or ()
            for name, seen in zip(look["item"]["names"], look.get("certificates") or ())
        }
        groups: dict[str, list[_Claim]] = {}
        for host, look in looks.items():
            for result in look.get("results") or ():
                wants = result["item"]
                seen = result.get("certificates") or [{}] * len(wants)
                for claim in map(_Claim, [host] * len(wants), wants, seen):
                    groups.setdefault(claim.name.lower(), []).append(claim)
    except (KeyError, TypeError, AttributeError) as exc:
        raise AnsibleFilterError(f"These are not looks of the role twca.ssl.certificate: {exc!r}") from exc
    plan = _Plan(alive, known)
    for _name, group in sorted(groups.items()):
        plan.add(group)
    return plan.describe()


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"fleet_plan": fleet_plan}
