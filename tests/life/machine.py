# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One life as a state machine: what people, TWCA, the network and time may do next."""

from __future__ import annotations

import dataclasses
import datetime
import re
import shutil
import typing as t

from faults import child
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from .clock import Clock
from .quick import Quick, Report
from .real import Real
from .rules import Judge, Violation
from .world import HOSTS, NAMES, SECRETS, Entry, Inventory, World

_TROUBLE = (
    "lost_before",
    "lost_after",
    "reset",
    "error_500",
    "proxy_502",
    "maintenance",
    "truncated",
    "session_expired",
)
_DISCARD = re.compile(r"-e twca_discard=([0-9a-f]{8})( -e twca_discard_accepted=true)?")
_ORDER = re.compile(r"twca_order: common_name=(\S+) public_key_sha256=([0-9a-f]+) state=(\w+)")

_OLD_SWITCHES: dict[str, t.Any] = {"force_renew": True, "discard_pending": True, "on_uncertain": "resubmit"}
_ROUNDS = 5  # after so many, messages must have led to a green run

hosts, names = st.sampled_from(HOSTS), st.sampled_from(NAMES)
choices = st.integers(0, 5)


@dataclasses.dataclass
class Tally:
    """What was tried so far."""

    lives: int = 0
    steps: int = 0
    runs: int = 0
    orders: int = 0
    certificates: int = 0
    told: list[list[str]] = dataclasses.field(default_factory=list)  # every life's story
    said: dict[str, int] = dataclasses.field(default_factory=dict)
    stories: list[tuple[str, list[str]]] = dataclasses.field(
        default_factory=list
    )  # violations, and how it came to them


class Life(RuleBasedStateMachine):
    """A life; the world and the clock are the process's own, and begin anew with it."""

    world: t.ClassVar[World]
    clock: t.ClassVar[Clock]
    tally: t.ClassVar[Tally]

    def __init__(self) -> None:
        super().__init__()
        self.clock.reset()
        self.world.begin()
        self.tally.lives += 1
        self.story: list[str] = []
        self.inventory = Inventory(SECRETS[0])
        self.judge = Judge(self.world, self.clock)
        self.runner = self.make_runner()
        self.said: list[str] = []  # what the last run said
        self.runs_since_news = 0  # runs in which nothing else happened
        self.broken = False

    def make_runner(self) -> Quick | Real:
        return Quick(self.world, self.world.place / "syslog")

    def tell(self, sentence: str) -> None:
        self.tally.steps += 1
        self.story.append(sentence)
        self.runs_since_news = 0

    def teardown(self) -> None:
        """However a life went, it ends well."""
        if not self.broken and self.story:
            self.quiet_days()
        self.tally.orders += len(self.world.orders())
        self.tally.certificates += len(self.world.certificates())
        self.tally.told.append(self.story)

    # -- runs ----------------------------------------------------------------------------------------------------

    def _run(self, sentence: str, **how: t.Any) -> Report:
        runs = self.runs_since_news
        self.tell(sentence)
        self.runs_since_news = runs + 1
        self.tally.runs += 1
        try:
            report = self.runner.run(self.inventory, **how)
            self.world.simulator.clear_faults()
            self.said = [*report.messages]
            self._hear(report)
            self.judge.after(report, self.inventory)
        except (Violation, AssertionError) as exc:
            self._blame(exc)
        return report

    def _hear(self, report: Report) -> None:
        outcome = "it was killed" if report.killed else "it was green" if report.green else "it failed"
        self.story[-1] += f"; {outcome}"
        for message in report.messages:
            short = re.sub(r"[0-9a-f]{8,}|\d{4}-\d\d-\d\dT[\d:]+Z", "…", message)[:110]
            self.tally.said[short] = self.tally.said.get(short, 0) + 1
        if report.failures:
            self.story[-1] += ": " + " | ".join(message[:300] for one in report.failures.values() for message in one)

    def _blame(self, exc: Exception) -> t.NoReturn:
        self.broken = True
        self.tally.stories.append((str(exc), list(self.story)))
        raise exc

    @initialize(secret=st.sampled_from(SECRETS), host=hosts, name=names, other=names)
    def begin(self, secret: str, host: str, name: str, other: str) -> None:
        self.inventory.passphrase = secret
        self.judge.secrets.add(secret)
        self.tell(f"The passphrase is {secret!r}.")
        self._claim(host, name, host)
        if other != name:
            self._claim("web1", other, "web1")

    @precondition(lambda self: self.runs_since_news < 2)
    @rule()
    def run(self) -> None:
        self._run("The playbook runs")

    @precondition(lambda self: self.runs_since_news < 2)
    @rule(
        kind=st.sampled_from(_TROUBLE),
        nth=st.integers(1, 14),
        after=st.booleans(),
        method=st.sampled_from(["POST", None]),
    )
    def run_in_trouble(self, kind: str, nth: int, after: bool, method: str | None) -> None:
        self.world.simulator.fault(kind, nth=nth, method=method, **({"after": after} if kind != "lost_after" else {}))
        what = f"{nth}th {method or 'request'}"
        self._run(
            f"The playbook runs, and the portal's answer to the {what} suffers ({kind}{', after it was processed' * after})"
        )

    @precondition(lambda self: self.runs_since_news < 2)
    @rule(kind=st.sampled_from(("lost_after", "truncated", "error_500")), step=st.sampled_from(("commit", "payment")))
    def run_and_lose_the_answer(self, kind: str, step: str) -> None:
        self.world.simulator.fault(kind, step=step, method="POST", **({"after": True} if kind == "error_500" else {}))
        self._run(f"The playbook runs, and the answer to the order is lost ({kind} of {step})")

    @precondition(lambda self: self.runs_since_news < 2)
    @rule(step=st.integers(1, 150))
    def run_and_be_killed(self, step: int) -> None:
        self._run(f"The playbook runs, and is killed before its step {step}", kill_at=step)

    @precondition(lambda self: self.runs_since_news < 2)
    @rule(host=hosts)
    def run_limited(self, host: str) -> None:
        self._run(f"The playbook runs with --limit {host}", limit=host)

    @precondition(lambda self: self.runs_since_news < 2)
    @rule()
    def run_in_check_mode(self) -> None:
        before = self.world.picture()
        self._run("The playbook runs with --check", check=True)
        try:
            self.judge.unchanged(before)
        except Violation as exc:
            self._blame(exc)

    # -- TWCA ----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.world.waiting())
    @rule(which=choices)
    def officer_approves(self, which: int) -> None:
        waiting = self.world.waiting()
        name = waiting[which % len(waiting)]["name"]
        self.tell(f"The officer approves {name}.")
        self.world.simulator.approve(name)

    @precondition(lambda self: self.world.waiting())
    @rule()
    def officer_approves_all(self) -> None:
        self.tell("The officer approves all that waits.")
        for name in {order["name"] for order in self.world.waiting()}:
            self.world.simulator.approve(name)

    @precondition(lambda self: self.world.waiting())
    @rule(which=choices)
    def officer_rejects(self, which: int) -> None:
        waiting = self.world.waiting()
        name = waiting[which % len(waiting)]["name"]
        self.tell(f"The officer rejects {name}.")
        self.world.simulator.reject(name, "公司統一編號與申請單不符")

    @precondition(lambda self: self.runs_since_news)
    @rule()
    def portal_hides_or_shows(self) -> None:
        shown = not self.world.simulator.office.settings.show_pending
        self.tell(f"The portal {'shows' if shown else 'hides'} orders that wait.")
        self.world.simulator.configure(show_pending=shown)

    @precondition(lambda self: self.runs_since_news)
    @rule(days=st.sampled_from((1, 30, 70, 140, 250)))
    def days_pass(self, days: int) -> None:
        self.tell(f"{days} days pass.")
        self.clock.pass_days(days)

    # -- users ---------------------------------------------------------------------------------------------------

    def _claim(self, host: str, name: str, key_host: str) -> None:
        self.tell(f"{host} claims {name!r}{f' with the key of {key_host}' if key_host != host else ''}.")
        self.inventory.entries[host].append(Entry(name, key_host))

    @precondition(lambda self: len(self.inventory.claims) < 4)
    @rule(host=hosts, name=names, shared=st.booleans())
    def user_claims(self, host: str, name: str, shared: bool) -> None:
        self._claim(host, name, "keys" if shared else host)

    @precondition(lambda self: self.inventory.claims)
    @rule(which=choices)
    def user_takes_out(self, which: int) -> None:
        host, entry = self.inventory.claims[which % len(self.inventory.claims)]
        self.tell(f"{host} no longer claims {entry.common_name!r}.")
        self.inventory.entries[host].remove(entry)

    @precondition(lambda self: self.inventory.claims)
    @rule(which=choices)
    def user_renews(self, which: int) -> None:
        host, entry = self.inventory.claims[which % len(self.inventory.claims)]
        moment = self.clock.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.tell(f"The entry {entry.common_name!r} of {host} gets renew_before: {moment}, for good.")
        entry.options["renew_before"] = moment

    @precondition(lambda self: self.inventory.claims)
    @rule(which=choices, how=st.sampled_from(("fail", "wait")))
    def user_sets_on_uncertain(self, which: int, how: str) -> None:
        host, entry = self.inventory.claims[which % len(self.inventory.claims)]
        self.tell(f"The entry {entry.common_name!r} of {host} gets on_uncertain: {how}, for good.")
        entry.options["on_uncertain"] = how

    @rule(limit=st.sampled_from((0, 1, 10)), allowed=st.booleans())
    def user_bounds_orders(self, limit: int, allowed: bool) -> None:
        if self.inventory.max_orders < 10 or not self.inventory.allow_order:
            limit, allowed = 10, True
        self.tell(f"twca_max_orders is {limit} and twca_allow_order {str(allowed).lower()} from now on.")
        self.inventory.max_orders, self.inventory.allow_order = limit, allowed

    @precondition(lambda self: self.inventory.claims and self.runs_since_news)
    @rule(which=choices, switch=st.sampled_from(sorted(_OLD_SWITCHES)))
    def user_leaves_an_old_switch(self, which: int, switch: str) -> None:
        """It is refused, and taken out again."""
        host, entry = self.inventory.claims[which % len(self.inventory.claims)]
        options, entry.options = entry.options, {**entry.options, switch: _OLD_SWITCHES[switch]}
        self._run_refused(
            f"The playbook runs while the entry {entry.common_name!r} of {host} says {switch}: {_OLD_SWITCHES[switch]}",
            host,
            switch,
        )
        entry.options = options

    @precondition(
        lambda self: (
            self.inventory.claims
            and self.runs_since_news
            and all("example" in entry.name for _host, entry in self.inventory.claims)
        )
    )
    @rule()
    def user_mistakes_the_passphrase_for_a_name(self) -> None:
        """A word of the sites' names would be masked in all results; it is refused, and put right again."""
        passphrase, self.inventory.passphrase = self.inventory.passphrase, "example"
        self._run_refused("The playbook runs with the passphrase 'example'", None, "passphrase")
        self.inventory.passphrase = passphrase

    def _run_refused(self, sentence: str, host: str | None, word: str) -> None:
        """A run that may order nothing, and that fails and says why if ``host`` is in it; without one, if it asks anything."""
        orders = len(self.world.orders())
        report = self._run(sentence)
        try:
            if len(self.world.orders()) > orders:
                raise Violation("something was ordered although the inventory cannot be meant")
            if host in report.hosts and not any(word in message for message in report.messages):
                raise Violation(f"no message of the run tells of {word}: {report.messages}")
        except Violation as exc:
            self._blame(exc)

    @precondition(lambda self: _DISCARD.search(" ".join(self.said)))
    @rule(accepted=st.booleans())
    def user_discards_as_told(self, accepted: bool) -> None:
        self._discard_as_told(accepted)

    def _discard_as_told(self, accepted: bool) -> None:
        found = list(_DISCARD.finditer(" ".join(self.said)))
        self.inventory.discard = sorted({match[1] for match in found})
        self.inventory.discard_accepted = accepted and any(match[2] for match in found)
        words = f"twca_discard={','.join(self.inventory.discard)}"
        self.tell(
            f"The user leaves {words}{' and twca_discard_accepted' * self.inventory.discard_accepted} in the inventory."
        )
        if self.inventory.discard_accepted:
            self.judge.named.update(self.inventory.discard)

    @precondition(lambda self: _ORDER.search(" ".join(self.said)))
    @rule(which=choices)
    def person_tells_the_journal(self, which: int) -> None:
        found = list(_ORDER.finditer(" ".join(self.said)))
        self._tell_journal(*found[which % len(found)].groups())

    def _tell_journal(self, name: str, key: str, state: str) -> None:
        """As a message printed it; what the person says of TWCA is true."""
        if state in ("placed", "not_placed"):
            state = "placed" if any(order["key"].startswith(key) for order in self.world.orders()) else "not_placed"
        options = {
            "common_name": name,
            "public_key_sha256": key,
            "state": state,
            "discard_accepted": state == "abandoned",
        }
        run = child.run("twca_order", {**options, "state_dir": str(self.world.state)})
        self.tell(
            f"A person runs twca_order for {name}, key {key[:8]}: {state}{f'; {run.message}' if run.failed else ''}."
        )
        if state == "abandoned" and not run.failed:
            self.judge.named.add(key[:8])

    @rule(host=hosts)
    def host_goes_or_comes(self, host: str) -> None:
        self.inventory.away ^= {host}
        self.tell(f"{host} is switched {'off' if host in self.inventory.away else 'on'}.")

    # -- in the end ----------------------------------------------------------------------------------------------

    @precondition(lambda self: self.runs_since_news < 2)
    @rule()
    def quiet_days(self) -> None:
        """Whatever stands in the way is put right, and people do what messages say; then two runs must finish what was issued."""
        self.tell(
            "Everything is put right: hosts are on, orders are allowed, names are claimed once. People do what messages say."
        )
        self.world.simulator.configure(show_pending=True)
        self.inventory.away.clear()
        self.inventory.max_orders, self.inventory.allow_order = 10, True
        claimed: dict[str, tuple[str, set[str]]] = {}
        for host, entry in self.inventory.claims:
            key_host, there = claimed.setdefault(entry.name.lower(), (entry.key_host, set()))
            if entry.key_host != key_host or host in there:
                self.inventory.entries[host].remove(entry)
            there.add(host)
        self.inventory.discard = []
        for _number in range(2):
            self._run("The playbook runs undisturbed")
        try:
            self.judge.installed(self.inventory)  # whatever else needs a person
        except Violation as exc:
            self._blame(exc)
        for _round in range(_ROUNDS):
            if self._run("The playbook runs undisturbed").green:
                break
            self._do_what_messages_say()
        for _number in range(2):
            report = self._run("The playbook runs undisturbed")
        try:
            self.judge.installed(self.inventory)
            if not report.green:
                raise Violation(f"no message led to a green run: {' | '.join(report.messages)}")
        except Violation as exc:
            self._blame(exc)

    def _do_what_messages_say(self) -> None:
        claimed = {self.world.pending(entry.key_host, entry) for _host, entry in self.inventory.claims} - {None}
        for name, key, state in dict.fromkeys(match.groups() for match in _ORDER.finditer(" ".join(self.said))):
            if state == "abandoned" and any(one.startswith(key) for one in claimed):
                continue  # it is not gone, so they wait for it
            if state == "placed" or (name, key, "placed") not in (
                match.groups() for match in _ORDER.finditer(" ".join(self.said))
            ):
                self._tell_journal(name, key, state)
        if _DISCARD.search(" ".join(self.said)):
            self._discard_as_told(accepted=False)
        for name in {order["name"] for order in self.world.waiting()}:
            self.tell(f"The officer approves {name}.")
            self.world.simulator.approve(name)


class RealLife(Life):
    """The same with the real ansible-playbook."""

    def make_runner(self) -> Quick | Real:
        shutil.rmtree(self.world.place / "real", ignore_errors=True)
        return Real(self.world, self.clock, self.world.place / "real")
