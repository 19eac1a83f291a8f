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
from faults.child import utils
from faults.steps import Steps, do_not_wait

from .world import Inventory, World

_SUBJECT = {"state_or_province": "Taiwan", "locality": "Taipei", "organization": "Example Ltd.", "key_type": "ECC"}
_END = "-----END CERTIFICATE-----\n"


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
        self._claims = {host: self._claims_of(host) for host in report.hosts}
        self._looks: dict[str, dict[str, t.Any]] = {}
        self._made: dict[str, list[dict[str, t.Any]]] = {}  # what twca_csr said, by host
        self._persons: list[tuple[str, str]] = []  # what is told after the install, and on which host
        self._issued: dict[str, dict[str, t.Any]] = {}  # certificates that came, by host and name

    def go(self) -> None:
        fleet = self._compare()
        if self._report.failures:
            return
        self._obtain(fleet)
        fleet = self._compare()
        for host in [one for one in fleet["busy"] if one in self._alive]:
            self._install(host, fleet)
        for host, message in self._persons:
            self._fail(host, message)

    @property
    def _alive(self) -> list[str]:
        return [host for host in self._report.hosts if host not in self._report.failures]

    # -- look and compare ----------------------------------------------------------------------------------------

    def _claims_of(self, host: str) -> list[dict[str, t.Any]]:
        found: list[dict[str, t.Any]] = utils("_plan.look").Look(host, self._variables(host).get).outcome(None)
        return found

    def _variables(self, host: str) -> dict[str, t.Any]:
        """The variables of the roles on a host."""
        entries = [
            {
                "common_name": entry.common_name,
                "key_host": entry.key_host,
                "key_directory": str(self._world.directory(entry.key_host, entry)),
                **entry.options,
            }
            for entry in self._inventory.entries[host]
        ]
        place = str(self._world.hosts / host)
        return {
            "twca_certificates": entries,
            "twca_key_host": host,
            "twca_directory": place,
            "twca_key_directory": place,
            "twca_config_directory": place,
            "twca_organization": _SUBJECT,
            "twca_discard": self._inventory.discard,
            "twca_server_software": "nginx",
            "twca_contacts": {"technical": PERSON, "business": OTHER_PERSON, "billing": {"same_as": "technical"}},
            "twca_payment_method": "匯款",
            "twca_trusted_roots": [self._world.simulator.root],
            "twca_passphrase": self._inventory.passphrase,
            "twca_allow_order": self._inventory.allow_order,
        }

    def _compare(self) -> dict[str, t.Any]:
        for host in self._alive:
            claims = self._claims[host]
            looks = [claim["look"] for claim in claims if "look" in claim]
            seen = self._module("twca_due_info", {"certificates": looks}).json["certificates"] if looks else []
            self._looks[host] = {"claims": claims, "certificates": seen}
        planning, alive = utils("_plan.fleet"), self._alive
        fleet: dict[str, t.Any] = planning.plan(self._looks, alive)
        refusal = planning.refusal(fleet)
        if refusal:
            self._fail_all(alive, refusal)
            return fleet
        key_looks = []
        for place in fleet["key_hosts"]:
            reached = place["host"] not in self._inventory.away
            seen = self._module("twca_due_info", {"certificates": place["looks"]}).json if reached else {}
            key_looks.append({**seen, "item": place})
        return planning.plan(self._looks, alive, key_looks) if key_looks else fleet

    # -- obtain --------------------------------------------------------------------------------------------------

    def _obtain(self, fleet: dict[str, t.Any]) -> None:
        plan, answering = utils("_plan.requests"), utils("_plan.answers")
        asked = []
        for host in [one for one in fleet["due"] if one in self._alive]:
            abandoned = self._make_pairs(host, fleet)
            asked.append(plan.ask(host, self._made[host], self._variables(host).get, abandoned))
            self._persons += [(host, one["msg"]) for one in asked[-1]["refused"]]
        hosts = [one["host"] for one in asked]
        most = self._inventory.max_orders
        if self._report.check or sum(len(one["requests"]) for one in asked) > most:
            unmade = [order for one in asked for order in one["unmade"]]
            orders = answering.orders(self._ask(asked, check=True), unmade)
            if len(orders) > most:
                self._fail_all(
                    hosts, f"This run would order {len(orders)} certificates, and twca_max_orders is {most}."
                )
                return
        if self._report.check:
            return
        answers = self._ask(asked, check=False)
        for answer in answers:
            self._report.warnings += answer["warnings"]
            if answer["status"] == "issued":
                self._issued.setdefault(answer["host"], {})[answer["common_name"]] = answer
            elif answer["status"] == "failed":
                self._persons.append((answer["host"], answer["msg"]))

    def _make_pairs(self, host: str, fleet: dict[str, t.Any]) -> list[dict[str, t.Any]]:
        """Abandon what is to be discarded and make the pairs; returns what became of the former."""
        self._made[host], abandoned = [], []
        for one in fleet["discards"].get(host, ()):
            options = {**one, "state": "abandoned", "state_dir": str(self._world.state)}
            told = self._module("twca_order", {**options, "discard_accepted": self._inventory.discard_accepted})
            abandoned.append({**told.json, "item": one})
        for claim in utils("_plan.requests").due(self._claims[host], fleet, host, abandoned):
            if claim["key_host"] in self._inventory.away:
                made = {"unreachable": True, "msg": f"{claim['key_host']} cannot be reached."}
            else:
                wanted = {**claim["wanted"], "directory": claim["directory"], "discard": claim["discard"] or None}
                made = self._module("twca_csr", wanted).json
            self._made[host].append({**made, "item": claim})
        return abandoned

    def _ask(self, asked: list[dict[str, t.Any]], *, check: bool) -> list[dict[str, t.Any]]:
        simulator, answers = self._world.simulator, []
        for batch in utils("_plan.requests").batches(asked):
            options = {
                "requests": batch["requests"],
                "concurrency": 1,
                "portal_url": simulator.url,
                "portal_ca_path": simulator.portal_ca,
                "portal_timeout": 60,
                "state_dir": str(self._world.state),
            }
            obtained = self._module("twca_certificates", options, check=check).json
            answers += utils("_plan.answers").answers(batch["owners"], obtained)
        return answers

    # -- install -------------------------------------------------------------------------------------------------

    def _install(self, host: str, fleet: dict[str, t.Any]) -> None:
        work, installed = utils("_plan.work"), []
        servers = [host, *(one for names in fleet["servers"].values() if host in names for one in names)]
        peers = [
            (peer, {"results": self._made.get(peer, [])}, self._issued.get(peer, {})) for peer in dict.fromkeys(servers)
        ]
        look = self._looks[host]
        items = work.work(self._claims[host], look, fleet, peers)
        if self._report.check:
            return
        for item in items:
            if not self._install_one(host, item):
                return
            installed.append(item["common_name"])
        for item in items:
            if item["shared"] and item["issued"] and self._is_everywhere(host, fleet["servers"][item["common_name"]]):
                self._make_live(host, item["directory"], self._issued[item["leader"]][item["common_name"]])
        left = work.forgotten(self._claims[host], look, fleet, peers, installed)
        if left:
            self._fail(host, " ".join(left))

    def _is_everywhere(self, host: str, servers: list[str]) -> bool:
        """Whether this host was the last one to get the certificate, and all the others have it."""
        return set(servers) <= set(self._alive) and host == servers[-1]

    def _install_one(self, host: str, item: dict[str, t.Any]) -> bool:
        place = Path(item["directory"])
        if item["issued"]:
            answer = self._issued[item["leader"]][item["common_name"]]
        elif item["key_host"] in self._inventory.away:
            self._fail(host, f"{item['key_host']} cannot be reached.")
            return False
        else:
            parts = (place / "live" / "chain.pem").read_text().split(_END)[:-1]
            chain = [f"{part}{_END}" for part in parts]
            answer = {"certificate": (place / "live" / "cert.pem").read_text(), "chain": chain}
        options: dict[str, t.Any] = {"stamp": item["stamp"]}
        if item["shared"]:
            pending = place / "pending" / "privkey.pem"
            path = pending if item["issued"] and pending.exists() else place / "live" / "privkey.pem"
            options["privatekey"] = path.read_text()
        return self._make_live(host, item["server_directory"], answer, **options)

    def _make_live(self, host: str, directory: str, answer: dict[str, t.Any], **more: t.Any) -> bool:
        options = {"directory": directory, "certificate": answer["certificate"], "chain": answer["chain"], **more}
        run = self._module("twca_install", {**options, "validate": ["true"], "reload": ["true"]})
        if run.failed:
            self._fail(host, run.message)
        return not run.failed

    # -- modules -------------------------------------------------------------------------------------------------

    def _fail_all(self, hosts: t.Iterable[str], message: str) -> None:
        for host in hosts:
            self._fail(host, message)

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
        self._report.warnings += run.warnings
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
