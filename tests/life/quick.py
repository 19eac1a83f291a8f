# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the role's steps without ansible-playbook: the collection's modules and filters, called as the role calls them."""

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

from faults import child
from faults.bench import OTHER_PERSON, PERSON
from faults.steps import Steps, do_not_wait

from .world import Entry, Inventory, World

_SUBJECT = {"state_or_province": "Taiwan", "locality": "Taipei", "organization": "Example Ltd.", "key_type": "ECC"}


class Killed(Exception):
    """The run was killed."""


@dataclasses.dataclass
class Report:
    """What a run came to."""

    check: bool
    hosts: list[str]  # those that it was for
    failures: dict[str, list[str]] = dataclasses.field(default_factory=dict)  # by host
    warnings: list[str] = dataclasses.field(default_factory=list)
    texts: list[str] = dataclasses.field(default_factory=list)  # all that was shown
    killed: bool = False

    @property
    def green(self) -> bool:
        return not self.failures and not self.killed

    @property
    def messages(self) -> list[str]:
        return [*(message for messages in self.failures.values() for message in messages), *self.warnings]


@dataclasses.dataclass
class _Due:
    host: str
    entry: Entry
    csr: str | None
    reason: str


class Quick:
    """Runs what a playbook with the role would run."""

    def __init__(self, world: World, secrets_log: Path) -> None:
        self._world = world
        self._syslog = secrets_log

    def run(
        self, inventory: Inventory, *, limit: str | None = None, check: bool = False, kill_at: int | None = None
    ) -> Report:
        """One run.

        :param kill_at: the step, from 1, before which the run is killed.
        """
        hosts = [host for host in inventory.entries if host not in inventory.away and limit in (None, host)]
        report = Report(check, hosts)
        try:
            _Run(self._world, inventory, report, self._syslog, kill_at).go()
        except Killed:
            report.killed = True
        if self._syslog.exists():
            report.texts.append(self._syslog.read_text(encoding="utf-8"))
            self._syslog.unlink()
        return report


class _Run:
    def __init__(self, world: World, inventory: Inventory, report: Report, syslog: Path, kill_at: int | None) -> None:
        self._world = world
        self._inventory = inventory
        self._report = report
        self._syslog = syslog
        self._kill_at = kill_at
        self._log = world.place / "steps"

    def go(self) -> None:
        claims = [(host, entry) for host, entry in self._inventory.claims if host in self._report.hosts]
        clashes = self._clashes(claims)
        if clashes:
            for host in self._report.hosts:
                self._fail(host, clashes[0])
            return
        due = self._pairs(claims)
        answers = self._answers(due)
        for one, answer in zip(due, answers):
            if answer.get("failed"):
                self._fail(one.host, answer["msg"])
        if not self._report.check:
            issued = {
                (one.host, one.entry.name): answer
                for one, answer in zip(due, answers)
                if answer.get("status") == "issued"
            }
            self._install(claims, issued)

    # -- the role's steps ----------------------------------------------------------------------------------------

    @staticmethod
    def _clashes(claims: list[tuple[str, Entry]]) -> list[str]:
        found = []
        groups: dict[str, list[tuple[str, Entry]]] = {}
        for host, entry in claims:
            groups.setdefault(entry.name.lower(), []).append((host, entry))
        for name, group in groups.items():
            if len({entry.key_host for _host, entry in group}) > 1 or len({host for host, _entry in group}) < len(
                group
            ):
                found.append(f"{name} is claimed twice")
        return found

    def _pairs(self, claims: list[tuple[str, Entry]]) -> list[_Due]:
        due = []
        seen: set[str] = set()
        for host, entry in claims:
            if entry.name.lower() in seen:
                continue  # its first server speaks for all that share the key
            seen.add(entry.name.lower())
            if entry.key_host in self._inventory.away:
                self._fail(host, f"{entry.key_host} cannot be reached")
                continue
            directory = self._world.directory(entry.key_host, entry)
            wanted = {"common_name": entry.common_name, **_SUBJECT}
            wanted.update({key: value for key, value in entry.options.items() if key == "renew_before"})
            (seen_there,) = self._module(
                "twca_due_info", {"certificates": [{"directory": str(directory), "wanted": wanted}]}
            ).json["certificates"]
            if seen_there["settled"]:
                continue
            discarded = self._discard(host, entry, seen_there["pending_public_key_sha256"])
            if discarded is None:
                continue
            made = self._module("twca_csr", {"directory": str(directory), **wanted, "discard": discarded})
            if made.failed:
                self._fail(host, made.message)
            elif made.json["needed"]:
                due.append(_Due(host, entry, made.json["csr"], made.json["reason"]))
        return [one for one in due if one.host not in self._report.failures]

    def _discard(self, host: str, entry: Entry, pending: str | None) -> list[str] | None:
        """The keys to discard; None where that is refused."""
        if pending is None or not pending.startswith(tuple(self._inventory.discard)):
            return []
        told = self._module(
            "twca_order",
            {
                "common_name": entry.name,
                "public_key_sha256": pending,
                "state": "abandoned",
                "discard_accepted": self._inventory.discard_accepted,
                "state_dir": str(self._world.state),
            },
        )
        if told.failed:
            self._fail(host, told.message)
            return None
        return [pending]

    def _answers(self, due: list[_Due]) -> list[dict[str, t.Any]]:
        asked = [self._request(one) for one in due if one.csr]
        if not asked:
            return [{} for _one in due]
        inventory = self._inventory
        if self._report.check or len(asked) > inventory.max_orders:
            predicted = self._ask(asked, check=True)
            orders = [one for one in predicted if one.get("operation") in ("apply", "renew")]
            if len(orders) > inventory.max_orders:
                refusal = (
                    f"This run would order {len(orders)} certificates, and twca_max_orders is {inventory.max_orders}."
                )
                return [{"failed": True, "msg": refusal} for _one in due]
            if self._report.check:
                return [{} for _one in due]
        answers = iter(self._ask(asked, check=False))
        return [next(answers) if one.csr else {} for one in due]

    def _request(self, one: _Due) -> dict[str, t.Any]:
        return {
            "csr_content": one.csr,
            "server_software": "nginx",
            "technical_contact": PERSON,
            "business_contact": OTHER_PERSON,
            "billing_contact": {"same_as": "technical"},
            "payment_method": "匯款",
            "trusted_roots": [self._world.simulator.root],
            "passphrase": self._inventory.passphrase,
            "allow_order": self._inventory.allow_order,
            "holder": one.entry.key_host,
            "on_uncertain": one.entry.options.get("on_uncertain", "fail"),
        }

    def _ask(self, requests: list[dict[str, t.Any]], *, check: bool) -> list[dict[str, t.Any]]:
        simulator = self._world.simulator
        options = {
            "requests": requests,
            "concurrency": 1,
            "portal_url": simulator.url,
            "portal_ca_path": simulator.portal_ca,
            "portal_timeout": 60,
            "state_dir": str(self._world.state),
        }
        run = self._module("twca_certificates", options, check=check)
        lost = {"failed": True, "msg": run.message or "The portal host did not answer."}
        results: list[dict[str, t.Any]] = run.json.get("results") or [lost for _one in requests]
        for one in results:
            self._report.warnings += one.get("warnings", ())
        return results

    def _install(self, claims: list[tuple[str, Entry]], issued: dict[tuple[str, str], dict[str, t.Any]]) -> None:
        by_name = {name.lower(): answer for (_host, name), answer in issued.items()}
        for host, entry in claims:
            answer = by_name.get(entry.name.lower())
            if host in self._report.failures:
                continue
            if answer is None:
                answer = self._at_the_key(host, entry)
            if answer is not None:
                self._install_one(host, entry, answer)
        for name, answer in by_name.items():
            group = [(host, entry) for host, entry in claims if entry.name.lower() == name]
            holder = group[0][1].key_host
            everywhere = not any(host in self._report.failures for host, _entry in group)
            if everywhere and holder not in [host for host, _entry in group]:
                self._make_live(group[0][0], holder, group[0][1], answer)

    def _at_the_key(self, host: str, entry: Entry) -> dict[str, t.Any] | None:
        """What a server lacks of the certificate that is live on the host of its key."""
        if entry.key_host == host or entry.key_host in self._inventory.away:
            return None
        there, here = self._world.live(entry.key_host, entry), self._world.live(host, entry)
        if there is None or there == here:
            return None
        live = self._world.directory(entry.key_host, entry) / "live"
        parts = (live / "chain.pem").read_text().split("-----END CERTIFICATE-----\n")[:-1]
        chain = [f"{part}-----END CERTIFICATE-----\n" for part in parts]
        return {"certificate": (live / "cert.pem").read_text(), "chain": chain}

    def _install_one(self, host: str, entry: Entry, answer: dict[str, t.Any]) -> None:
        if entry.key_host == host:
            self._make_live(host, host, entry, answer)
            return
        place = self._world.directory(entry.key_host, entry)
        pending = place / "pending" / "privkey.pem"
        key = pending if pending.exists() and "status" in answer else place / "live" / "privkey.pem"
        self._make_live(host, host, entry, answer, privatekey=key.read_text())

    def _make_live(self, blamed: str, host: str, entry: Entry, answer: dict[str, t.Any], **key: str) -> None:
        options = {
            "directory": str(self._world.directory(host, entry)),
            "certificate": answer["certificate"],
            "chain": answer["chain"],
            "validate": ["true"],
            "reload": ["true"],
            **key,
        }
        run = self._module("twca_install", options)
        if run.failed:
            self._fail(blamed, run.message)

    # -- modules -------------------------------------------------------------------------------------------------

    def _fail(self, host: str, message: str) -> None:
        self._report.failures.setdefault(host, []).append(message)

    def _module(self, name: str, options: dict[str, t.Any], *, check: bool = False) -> child.Run:
        check = check or self._report.check
        steps = Steps(self._log, self._kill_at)

        def watch() -> None:
            self._keep_syslog()
            if self._kill_at is None:
                do_not_wait()
            else:
                steps()

        run = child.run(name, {**options, "_ansible_check_mode": check}, watch, verbosity=4)
        self._report.texts += [run.stdout, run.stderr]
        self._report.warnings += run.json.get("warnings", ())
        if self._kill_at is not None:
            if run.killed and not run.hung:
                raise Killed
            self._kill_at -= len(steps.events())
        if run.hung or not run.json:
            raise AssertionError(f"a module gave no answer: {run}")
        return run

    def _keep_syslog(self) -> None:
        """What modules send to syslog goes to a file."""
        from ansible.module_utils import basic

        file = open(self._syslog, "a", encoding="utf-8")  # noqa: SIM115 - until the child ends
        basic.has_journal = False
        basic.syslog = _Syslog(file)


class _Syslog:
    LOG_USER = LOG_INFO = 0

    def __init__(self, file: t.TextIO) -> None:
        self._file = file

    def openlog(self, *_arguments: t.Any) -> None:
        """Nothing to open."""

    def syslog(self, _priority: int, message: str) -> None:
        self._file.write(f"{message}\n")
        self._file.flush()
