# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold in every life, whatever happened."""

from __future__ import annotations

import datetime
import json
import typing as t

from faults.child import utils

from .clock import Clock
from .quick import Report
from .world import Entry, Inventory, World


class Violation(Exception):
    """Something that must not be."""


class Judge:
    """Looks at the world after each run."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self.named: set[str] = set()  # beginnings of keys that a person gave up or vouched for by name
        self.secrets: set[str] = set()
        self._known_orders = 0

    def after(self, report: Report, inventory: Inventory) -> None:
        """After a run.

        :raises Violation: a rule is broken.
        """
        self._no_order_twice()
        self._no_order_for_a_second_holder(inventory)
        self._no_key_lost()
        self._no_secret(report)
        if report.green and not report.check:
            self._green_means_done(report, inventory)

    def unchanged(self, before: dict[str, t.Any]) -> None:
        """After a run in check mode."""
        after = self._world.picture()
        if after != before:
            files = {**before["files"], **after["files"]}
            different = [name for name in files if before["files"].get(name) != after["files"].get(name)]
            raise Violation(f"check mode changed something: {different or 'the portal was asked'}")

    def installed(self, inventory: Inventory) -> None:
        """After two runs that nothing disturbed."""
        issued = {row["key"]: row for row in self._world.certificates()}
        for host, entry in inventory.claims:
            pending = self._world.pending(entry.key_host, entry)
            if pending in issued and issued[pending]["not_after"] > self._clock.time():
                raise Violation(
                    f"the certificate for {entry.name} was issued for the pending key {pending[:8]} on {entry.key_host}, "
                    "and is not installed after two runs"
                )
            there, here = self._world.live(entry.key_host, entry), self._world.live(host, entry)
            if there is not None and there != here:
                raise Violation(f"{host} does not have the certificate for {entry.name} that {entry.key_host} has")

    # -- rules of orders -----------------------------------------------------------------------------------------

    def _is_named(self, key: str) -> bool:
        return key.startswith(tuple(self.named)) if self.named else False

    def _no_order_twice(self) -> None:
        by_key: dict[str, int] = {}
        for order in self._world.orders():
            by_key[order["key"]] = by_key.get(order["key"], 0) + 1
            most = 2 if self._is_named(order["key"]) else 1
            if by_key[order["key"]] > most:
                raise Violation(
                    f"{order['name']} was ordered {by_key[order['key']]} times for the key {order['key'][:8]}"
                )
        open_by_name: dict[str, set[str]] = {}
        for order in self._world.waiting():
            if not self._is_named(order["key"]):
                open_by_name.setdefault(order["name"].lower(), set()).add(order["key"])
        for name, keys in open_by_name.items():
            if len(keys) > 1:
                raise Violation(f"{name} has {len(keys)} open orders, for {', '.join(key[:8] for key in sorted(keys))}")

    def _no_order_for_a_second_holder(self, inventory: Inventory) -> None:
        orders = self._world.orders()
        fresh, self._known_orders = orders[self._known_orders :], len(orders)
        for order in fresh:
            holders = {
                entry.key_host
                for _host, entry in inventory.claims
                if self._world.pending(entry.key_host, entry) == order["key"]
            }
            for row in self._world.certificates():
                other = self._holder_of(row["key"], row["name"])
                if (
                    row["name"] == order["name"]
                    and row["key"] != order["key"]
                    and row["not_after"] > self._clock.time()
                    and not self._is_named(row["key"])
                    and holders
                    and other is not None
                    and other not in holders
                ):
                    raise Violation(
                        f"{order['name']} was ordered for {holders}, while {other} has a valid certificate of it"
                    )

    def _holder_of(self, key: str, name: str) -> str | None:
        """The host whose live certificate has the key."""
        for host in sorted(self._world.hosts.iterdir()) if self._world.hosts.exists() else ():
            path = host / name.replace("*", "_") / "live" / "cert.pem"
            if path.exists():
                leaf = utils("_pki.certificates").load_pem(path.read_text())
                if utils("_pki.keys").public_key_sha256(leaf) == key:
                    return host.name
        return None

    def _no_key_lost(self) -> None:
        keys = self._world.keys()
        for order in self._world.waiting():
            if order["key"] not in keys and not self._is_named(order["key"]):
                raise Violation(f"{order['name']} is ordered for the key {order['key'][:8]}, which is nowhere any more")

    # -- rules of runs -------------------------------------------------------------------------------------------

    def _no_secret(self, report: Report) -> None:
        texts = {f"output {number}": text for number, text in enumerate(report.texts)}
        for path in self._world.state.rglob("*"):
            if path.is_file():
                texts[str(path)] = path.read_text(encoding="utf-8", errors="replace")
        for secret in self.secrets:
            forms = {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
            for where, text in texts.items():
                form = next((form for form in forms if form in text), None)
                if form is not None:
                    around = text[max(text.index(form) - 60, 0) : text.index(form)]
                    raise Violation(f"the passphrase {secret!r} is in {where}, after {around!r}")
        for where, text in texts.items():
            if "PRIVATE KEY-" in text:
                raise Violation(f"a private key is in {where}")

    def _green_means_done(self, report: Report, inventory: Inventory) -> None:
        """Every entry of the run is proven, or awaited."""
        orders = {order["key"]: order for order in self._world.orders()}
        said = " ".join(report.messages)
        for host, entry in inventory.claims:
            if host not in report.hosts:
                continue
            pending = self._world.pending(entry.key_host, entry)
            if pending is None:
                self._is_in_order(host, entry)
            elif pending not in orders:
                raise Violation(f"the run was green, but nothing was ordered for {entry.name} of {host}")
            elif orders[pending]["status"] == "issued":
                raise Violation(f"the run was green, but the certificate for {entry.name} of {host} was not collected")
            elif orders[pending]["status"] == "rejected" and "rejected" not in said:
                raise Violation(f"the run was green, but the order for {entry.name} of {host} is rejected")

    def _is_in_order(self, host: str, entry: Entry) -> None:
        certificates = utils("_pki.certificates")
        leaf = self._world.live(host, entry)
        if leaf is None:
            raise Violation(f"the run was green, but {host} has nothing for {entry.name}")
        begin, end = certificates.not_before(leaf), certificates.not_after(leaf)
        now = self._clock.now(datetime.timezone.utc)
        if now > end - (end - begin) / 3 + datetime.timedelta(hours=1):
            raise Violation(f"the run was green, but the certificate for {entry.name} of {host} is due since long")
        names = {name.partition(":")[2].lower() for name in certificates.names(leaf)}
        if entry.name.lower() not in names:
            raise Violation(
                f"the run was green, but {host} has a certificate for {sorted(names)}, not for {entry.name}"
            )
