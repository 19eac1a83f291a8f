# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run did, told at its end: a line for each certificate with news, and one for all others."""

from __future__ import annotations

import datetime
import typing as t

from . import answers
from .story import KINDS, News, Story, listed

Facts = dict[str, t.Any]

_NOTHING = "No host of this play has an entry in twca_certificates, so there is nothing to do."
_AGAIN = "Run this playbook again to collect and install what is awaited."


class Summary:
    """What is known at the end of a run.

    :param fleet: the plan of the run.
    :param hosts: by host with something to do, what it remembered: ``look``, ``due``, ``answers``, ``unmade``, ``person_needed``,
        ``placed``, ``failures``, and ``installing``, whether it went on to the install. What is missing did not happen.
    :param alive: the hosts that have not failed.
    :param check: whether the run only predicts.
    """

    def __init__(
        self,
        fleet: dict[str, t.Any],
        hosts: t.Mapping[str, Facts],
        alive: t.Container[str],
        *,
        check: bool,
        now: datetime.datetime,
    ) -> None:
        self._fleet = fleet
        self._run = fleet["run"]
        self._check = check
        self._now = now
        self._stories: dict[str, Story] = {}
        for host, facts in hosts.items():
            self._read_claims(host, facts)
        for host, facts in hosts.items():
            self._read_news(host, facts, is_alive=host in alive)
        self._installing = any(facts.get("installing") for facts in hosts.values())

    def lines(self) -> list[str]:
        """The lines, the important ones last."""
        found = self._news()
        ranks = list(KINDS)
        told = [one.line for one in sorted(found.values(), key=lambda one: ranks.index(one.kind))]
        silent = self._run["silent"]
        if silent:
            many = len(silent) > 1
            told.append(f"{len(silent)} host{'s' if many else ''} could not be looked at: {listed(silent)}.")
        return [*told, *self._last(found)]

    def _read_claims(self, host: str, facts: Facts) -> None:
        look = facts.get("look") or {}
        claims = [claim for claim in look.get("claims") or () if "problem" not in claim]
        for claim, seen in zip(claims, look.get("certificates") or [{}] * len(claims)):
            shown = claim.get("shown", claim["common_name"])
            story = self._stories.setdefault(shown, Story(shown, claim, seen))
            story.hosts.append(host)
            story.is_due = story.is_due or claim["common_name"] in self._fleet["due"].get(host, ())

    def _read_news(self, host: str, facts: Facts, *, is_alive: bool) -> None:
        for answer in facts.get("answers") or ():
            self._of(answer).answer = answer
        for unmade in facts.get("unmade") or ():
            self._of(unmade).unmade = unmade
        for needed in facts.get("person_needed") or ():
            story = self._of(needed)
            story.is_refused = story.is_refused or "would_order" not in needed
        for placed in facts.get("placed") or ():
            self._of(placed).placed[host] = placed
        for failed in facts.get("failures") or ():
            self._of(failed).failures[host] = str(failed["msg"])
        if not is_alive and not facts.get("failures"):
            for story in self._stories.values():
                if host in story.hosts and host not in story.placed:
                    story.failures[host] = ""

    def _of(self, item: dict[str, t.Any]) -> Story:
        shown = item["shown"]
        return self._stories.setdefault(shown, Story(shown, item, {}))

    def _news(self) -> dict[str, News]:
        may_order = bool(self._fleet.get("may_order", True))
        told = {
            shown: story.news(check=self._check, may_order=may_order, was_installing=self._installing, now=self._now)
            for shown, story in sorted(self._stories.items())
        }
        return {shown: news for shown, news in told.items() if news is not None}

    def _last(self, found: dict[str, News]) -> list[str]:
        """The line for all."""
        quiet = [shown for shown in self._run["renewals"] if shown not in found]
        waiting = any(one.kind in ("ordered", "awaited") for one in found.values())
        orders = [
            story for shown, story in self._stories.items() if shown in found and found[shown].kind == "would_order"
        ]
        if not found:
            if not quiet:
                return [] if self._run["silent"] else [_NOTHING]
            are = "1 certificate is" if len(quiet) == 1 else f"{len(quiet)} certificates are"
            return [f"Nothing is due: {are} in order.{self._next(found)}"]
        parts = []
        if len(found) + len(quiet) > 1 and (quiet or len(orders) < len(found)):
            counts = self._counts(found, len(quiet))
            parts.append(f"{len(found) + len(quiet)} certificates: {counts}.{self._next(found)}")
        if orders:
            parts.append(self._predicted(orders))
        if waiting and not self._check:
            parts.append(_AGAIN)
        return [" ".join(parts)] if parts else []

    def _counts(self, found: dict[str, News], quiet: int) -> str:
        counts = []
        for kind, word in KINDS.items():
            of_kind = [shown for shown, one in found.items() if one.kind == kind]
            if of_kind:
                renewals = sum(self._stories[shown].is_renewal for shown in of_kind)
                kinds = f" ({answers.kinds(renewals, len(of_kind) - renewals)})" if kind == "ordered" else ""
                counts.append(f"{len(of_kind)} {word}{kinds}")
        return ", ".join([*counts, *([f"{quiet} in order"] if quiet else [])])

    def _predicted(self, orders: t.Sequence[Story]) -> str:
        sentence = answers.total([{"renewal": one.is_renewal} for one in orders])
        return sentence if self._check else f"Nothing was ordered, since twca_allow_order is false. {sentence}"

    def _next(self, found: dict[str, News]) -> str:
        """When the next renewal is due, of those certificates that do not wait for one."""
        moments = {shown: at for shown, at in self._run["renewals"].items() if at and shown not in found}
        for shown, story in self._stories.items():
            if shown in found and (at := story.renews_at):
                moments[shown] = at
        if not moments:
            return ""
        first = min(moments, key=lambda shown: (moments[shown], shown))
        return f" The next renewal is due from {moments[first][:10]} ({first})."
