# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be done on which host, from what was seen on all of them."""

from __future__ import annotations

import typing as t

from . import preflight
from .claims import Claim as Wants


class Claim(t.NamedTuple):
    """What a host claims, and what was seen of it there; nothing, where the host could not be looked at."""

    host: str
    wants: Wants
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


class Fleet:
    """What is known of all hosts, put together.

    :param alive: the hosts that can be reached.
    :param key_looks: by host and name, what was seen of keys that hosts hold for others.
    """

    def __init__(self, alive: t.Iterable[str], key_looks: dict[tuple[str, str], dict[str, t.Any]]) -> None:
        self._alive = set(alive)
        self._key_looks = key_looks
        self._wanted_looks: dict[str, dict[str, t.Any]] = {}
        self._busy: dict[str, None] = {}
        self.claimed = 0
        self.problems: list[str] = []
        self.clashes: list[str] = []
        self.leaders: dict[str, str] = {}
        self.servers: dict[str, list[str]] = {}
        self.serial_numbers: dict[str, str | None] = {}
        self.due: dict[str, list[str]] = {}
        self.pending: list[str] = []
        self.discards: dict[str, list[dict[str, str]]] = {}
        self.renewals: dict[str, str | None] = {}
        self._unfit: dict[str, list[str]] = {}  # by sentence, the hosts of entries that TWCA would refuse

    def add(self, group: list[Claim]) -> None:
        """Judge the claims of one name."""
        self.claimed += len(group)
        shown, hosts = group[0].wants.get("shown", group[0].name), [claim.host for claim in group]
        key_hosts = list(dict.fromkeys(claim.wants["key_host"] for claim in group))
        spellings = list(dict.fromkeys(claim.name for claim in group))
        if len(set(hosts)) < len(hosts):
            self.clashes.append(f"{shown} is listed twice for one host ({', '.join(hosts)})")
        elif len(key_hosts) > 1:
            self.clashes.append(f"{shown} is claimed by {', '.join(hosts)} with keys on {', '.join(key_hosts)}")
        elif len(spellings) > 1:
            self.problems.append(
                f"{', '.join(hosts)} share a certificate but write its name as {' and '.join(spellings)}: write it alike, "
                "since TWCA tells upper from lower case."
            )
        elif key_hosts == hosts:
            self._add_own(group[0])
        else:
            self._add_shared(group, key_hosts[0])

    def _add_own(self, claim: Claim) -> None:
        self._note_renewal(claim, claim.seen)
        if not claim.seen.get("settled"):
            self._note_due(claim, [claim], claim.seen)
        if not claim.uses(claim.seen.get("serial_number")):
            self._busy[claim.host] = None

    def _add_shared(self, group: list[Claim], key_host: str) -> None:
        hosts = [claim.host for claim in group]
        alive = [host for host in hosts if host in self._alive] or hosts
        leader = group[hosts.index(key_host if key_host in alive else alive[0])]
        holder = next((claim for claim in group if claim.owns_key), None)
        if holder:
            seen = holder.seen
        else:
            seen = self._key_looks.get((key_host, leader.name), {})
            become = bool(leader.wants.get("key_become"))
            place = self._wanted_looks.setdefault(
                key_host, {"host": key_host, "become": become, "names": [], "looks": []}
            )
            place["names"].append(leader.name)
            place["looks"].append({"directory": leader.wants["directory"], "wanted": leader.wants["wanted"]})
        self._note_renewal(leader, seen)
        settled, serial_number = bool(seen.get("settled")), seen.get("serial_number")
        if not settled:
            self._note_due(leader, group, seen)
        for claim in group:
            self.leaders[claim.name] = leader.host
            self.servers[claim.name] = hosts
            self.serial_numbers[claim.name] = serial_number
            if not (settled and claim.uses(serial_number)):
                self._busy[claim.host] = None

    def _note_due(self, leader: Claim, group: list[Claim], seen: dict[str, t.Any]) -> None:
        self.due.setdefault(leader.host, []).append(leader.name)
        self._busy[leader.host] = None
        pending = seen.get("pending_public_key_sha256")
        if pending:
            self.pending.append(leader.name)
        named = [beginning for claim in group for beginning in claim.wants.get("discard", ())]
        discarded = pending if pending and pending.startswith(tuple(named)) else None
        unfit = leader.wants.get("unfit")
        # A pair that is there may be on order already; where nobody looked, nothing is known.
        if unfit and seen and (discarded or not pending):
            self._unfit.setdefault(unfit, []).append(leader.host)
        if discarded:
            self.discards.setdefault(leader.host, []).append(
                {"common_name": leader.name, "public_key_sha256": discarded}
            )

    def _note_renewal(self, claim: Claim, seen: dict[str, t.Any]) -> None:
        """Of what could be looked at, even where no certificate is."""
        if seen:
            self.renewals[claim.wants.get("shown", claim.name)] = seen.get("renews_at")

    def note_unseen(self, host: str) -> None:
        """A host that was not looked at is not known to have nothing to do."""
        self.due.setdefault(host, [])
        self._busy[host] = None

    def describe(self) -> dict[str, t.Any]:
        """As plain data."""
        return {
            "claimed": self.claimed,
            "problems": [*self.problems, *preflight.told(self._unfit)],
            "clashes": self.clashes,
            "leaders": self.leaders,
            "servers": self.servers,
            "serial_numbers": self.serial_numbers,
            "key_hosts": list(self._wanted_looks.values()),
            "due": self.due,
            "pending": self.pending,
            "discards": self.discards,
            "busy": list(self._busy),
        }


def plan(
    looks: dict[str, dict[str, t.Any]],
    alive: t.Sequence[str],
    key_looks: t.Iterable[dict[str, t.Any]] | None = None,
    before: dict[str, t.Any] | None = None,
) -> dict[str, t.Any]:
    """The plan for all hosts, with what is known of the whole ``run``: ``busy`` hosts, ``silent`` ones that could not be looked at, and
    ``renewals``, by name as people read it when it is due, and ``None`` where there is no certificate.

    :param looks: by host, what twca_look returned there.
    :param alive: the hosts that can be reached; all of them were looked at where they go side by side.
    :param key_looks: the results of looking at the plan's ``key_hosts``.
    :param before: the plan that this run made before, be it for other hosts or other entries.
    """
    seen_of_keys = {
        (look["item"]["host"], name): seen
        for look in key_looks or ()
        for name, seen in zip(look["item"]["names"], look.get("certificates") or ())
    }
    fleet = Fleet(alive, seen_of_keys)
    for host in alive:
        if "claims" not in looks.get(host, {}):
            fleet.note_unseen(host)
    problems: dict[str, dict[str, None]] = {}  # by sentence, the hosts
    groups: dict[str, list[Claim]] = {}
    for host, look in looks.items():
        claimed = [wants for wants in look.get("claims") or () if "problem" not in wants]
        refused = [wants for wants in look.get("claims") or () if "problem" in wants]
        fleet.claimed += len(refused)
        for wants in refused:
            problems.setdefault(wants["problem"][len(f"{host}: ") :], {})[host] = None
        seen = look.get("certificates") or [{}] * len(claimed)
        for claim in map(Claim, [host] * len(claimed), claimed, seen):
            groups.setdefault(claim.name.lower(), []).append(claim)
    fleet.problems += [f"{preflight.listed(list(hosts))}: {problem}" for problem, hosts in problems.items()]
    for _name, group in sorted(groups.items()):
        fleet.add(group)
    found = fleet.describe()
    silent = [host for host, look in looks.items() if look.get("unreachable") or look.get("failed")]
    earlier = (before or {}).get("run") or {"busy": [], "silent": [], "renewals": {}}
    run = {
        "busy": list(dict.fromkeys((*earlier["busy"], *found["busy"]))),
        "silent": list(dict.fromkeys((*earlier["silent"], *silent))),
        "renewals": {**earlier["renewals"], **fleet.renewals},
    }
    return {**found, "run": run}


def refusal(found: dict[str, t.Any]) -> str | None:
    """Why a plan must not be carried out, in a sentence or more; ``None``: it may."""
    if found["problems"]:
        return " ".join(found["problems"])
    if found["clashes"]:
        return (
            f"{'; '.join(found['clashes'])}. Each key would be an order of its own, paid twice: claim a name once, "
            "or give all its servers one key with twca_key_host."
        )
    return None


def warning(looks: dict[str, dict[str, t.Any]]) -> str | None:
    """What is to be said of names that begin as the roles' variables do, and that no role knows.

    :param looks: by host, what twca_look returned there.
    """
    unknown = sorted({name for look in looks.values() for name in look.get("unknown") or ()})
    if not unknown:
        return None
    return (
        f"No role of twca.ssl reads {', '.join(unknown)}. If that is a variable of your own, call it something that does not begin "
        "with twca_; if not, look up how it is spelled."
    )
