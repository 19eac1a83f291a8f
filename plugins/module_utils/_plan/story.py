# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run did with one certificate, in one line."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._errors import InputError
from .._pki import renewal
from . import answers

#: The kinds of news, the important ones last, each with its word in a count.
KINDS = {
    "installed": "installed",
    "renewed_config": "brought up to date",
    "arrived": "collected",
    "awaited": "awaited",
    "ordered": "ordered",
    "due": "due",
    "unproven": "not proven",
    "would_install": "to be installed",
    "would_order": "to be ordered",
    "unused": "not used yet",
    "failed": "not installed",
    "person": "in need of a person",
}


class News(t.NamedTuple):
    """A kind, and the line."""

    kind: str
    line: str


@dataclasses.dataclass
class Story:
    """What is known of one certificate, from all hosts that claim it and had something to do."""

    shown: str
    claim: dict[str, t.Any]
    seen: dict[str, t.Any]
    hosts: list[str] = dataclasses.field(default_factory=list)
    is_due: bool = False
    #: What TWCA or the journal answered; the prediction in check mode.
    answer: dict[str, t.Any] | None = None
    #: What needs a certificate and has no CSR: in check mode, or where this run does not order.
    unmade: dict[str, t.Any] | None = None
    is_refused: bool = False
    #: By host, what the install remembered.
    placed: dict[str, dict[str, t.Any]] = dataclasses.field(default_factory=dict)
    #: By host, why it was not installed.
    failures: dict[str, str] = dataclasses.field(default_factory=dict)

    def news(self, *, check: bool, may_order: bool, was_installing: bool, now: datetime.datetime) -> News | None:
        """The line; ``None`` where nothing happened.

        :param was_installing: whether the run went on to the install.
        """
        found = self._trouble() or self._placement(check) or self._order(check, may_order, now)
        if found is None and not may_order:
            found = self._look(was_installing, now)
        return found

    @property
    def is_renewal(self) -> bool:
        """Whether there is a certificate that the order replaces."""
        return bool((self.answer or self.unmade or {}).get("renewal"))

    @property
    def renews_at(self) -> str | None:
        """When a certificate that has just come is due."""
        if not self.answer or self.answer["status"] != "issued":
            return None
        begin, end = (_moment(self.answer.get(key)) for key in ("not_before", "not_after"))
        if begin is None or end is None:
            return None
        try:
            return renewal.due_moment(begin, end, self.claim.get("renew_within") or renewal.USUAL)
        except InputError:
            return None

    def _trouble(self) -> News | None:
        if self.is_refused or (self.answer and self.answer["status"] == "failed" and "would_order" not in self.answer):
            return News("person", f"{self.shown} needs a person; see below.")
        if not self.failures:
            return None
        told: dict[str, list[str]] = {}
        for host, why in self.failures.items():
            told.setdefault(" ".join(why.split()).rstrip(".") or "see above", []).append(host)
        lines = [f"{self.shown} was not installed on {listed(hosts)}: {why}." for why, hosts in told.items()]
        return News("failed", " ".join(lines))

    def _placement(self, check: bool) -> News | None:
        unused = {host: one for host, one in self.placed.items() if not check and not _is_used(one)}
        if unused:
            server = next(iter(unused.values()))["server"]
            advice = server["advice"]
            return News(
                "unused",
                f"The files of {self.shown} are in place on {listed(unused)}, but {server['name']} does not use them yet"
                f"{': ' if advice else ''}{advice}.",
            )
        changed = {host: one for host, one in self.placed.items() if one["result"].get("changed")}
        if not changed:
            return None
        where = listed(changed)
        if check:
            return News("would_install", f"{self.shown} would be installed on {where}.")
        proven = " and proven" if all(one["result"].get("served") for one in changed.values()) else ""
        if not self.answer and all(one["result"].get("configuration") for one in changed.values()):
            return News("renewed_config", f"{self.shown} was brought up to date on {where}{proven}.")
        return News("installed", f"{self.shown} was installed on {where}{proven}{self._dates(changed)}.")

    def _dates(self, changed: dict[str, dict[str, t.Any]]) -> str:
        until = next(iter(changed.values()))["result"].get("not_after")
        dates = f"; it is valid until {until[:10]}" if until else ""
        return f"{dates}, its renewal due from {self.renews_at[:10]}" if self.renews_at else dates

    def _order(self, check: bool, may_order: bool, now: datetime.datetime) -> News | None:
        answer = self.answer
        if answer is not None and answer["status"] == "issued":
            return News(
                "arrived", f"{self.shown} is here, valid until {answer['not_after'][:10]}, and not installed yet."
            )
        would = answer is not None and ("would_order" in answer or (check and answers.orders_one(answer)))
        if would or (check and self.unmade):
            return News("would_order", f"{self.shown} would be ordered from TWCA ({self._kind_of_order()}).")
        if answer is None or (answers.orders_one(answer) and not may_order):
            return None
        begun = _moment(answers.since(answer))
        awaited = f"is awaited from TWCA{_since(begun, now)}."
        if answer["changed"]:
            return News("ordered", f"{self.shown} was ordered ({self._kind_of_order()}) and {awaited}")
        return News("awaited", f"{self.shown} {awaited}")

    def _kind_of_order(self) -> str:
        """What is new and what is a renewal, with its reason."""
        reason = str((self.answer or self.unmade or {}).get("reason") or "")
        if not self.is_renewal:
            return "new"
        return "renewal" if reason in ("", "pending") else f"renewal: {reason.replace('_', ' ')}"

    def _look(self, was_installing: bool, now: datetime.datetime) -> News | None:
        if self.is_due:
            return News("due", f"{self.shown} {self._why_due(now)}; this run orders nothing.")
        if was_installing:
            return None
        return News("unproven", f"{self.shown} is not proven to be in use on {listed(self.hosts)}.")

    def _why_due(self, now: datetime.datetime) -> str:
        if self.seen.get("pending_public_key_sha256"):
            return "has a new key that waits for its certificate"
        moment = _moment(self.seen.get("renews_at"))
        if not self.seen.get("live"):
            return "has no certificate yet"
        if moment and moment <= now:
            return f"is due since {moment:%Y-%m-%d}"
        return "is not as its entry says"


def listed(names: t.Iterable[str], most: int = 5) -> str:
    """Names, or some of them."""
    found = list(names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more


def _is_used(placed: dict[str, t.Any]) -> bool:
    return bool((placed["result"].get("configuration") or {}).get("in_use", True))


def _since(begun: datetime.datetime | None, now: datetime.datetime) -> str:
    if begun is None:
        return ""
    days = (now - begun).days
    return f" since {begun:%Y-%m-%d %H:%M} UTC" + (f" ({days} day{'' if days == 1 else 's'})" if days > 0 else "")


def _moment(text: t.Any) -> datetime.datetime | None:
    try:
        return datetime.datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        return None
