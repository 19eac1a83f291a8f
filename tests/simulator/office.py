# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the people at TWCA do and know: orders, the officer's decisions, what a search finds, what is delivered."""

from __future__ import annotations

import hashlib
import secrets
import typing as t
from datetime import datetime, timezone

from cryptography import x509

from . import mail, rules
from .authority import Authority, Certificate, Terms, pem
from .faults import CERTIFICATE, Fault, Faults
from .settings import Files, Settings, duration
from .store import Row, Store, now


class OfficeError(Exception):
    """The officer asked for something that cannot be done."""


class Office:
    """One directory's state, for the portal, the desk, the command line and tests alike."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.store = Store(files.database)
        self.faults = Faults(self.store)

    @property
    def settings(self) -> Settings:
        return self.store.settings()

    def configure(self, **changes: t.Any) -> Settings:
        """Changes settings from now on; ports and names only count at the next start."""
        settings = self.settings.changed(**changes)
        self.store.save_settings(settings, secrets.token_hex(16))
        return settings

    @property
    def http_url(self) -> str:
        settings = self.settings
        return f"http://{settings.name}:{settings.http_port}/"

    @property
    def authority(self) -> Authority:
        return Authority(self.files, self.http_url)

    # What customers cause

    def commit_order(
        self, request: rules.Request, data: dict[str, t.Any], *, kind: str, passphrase: str, renews: int | None
    ) -> int:
        """Takes an order; from here on it exists. ``passphrase`` is already hashed."""
        return self.store.insert(
            "orders", at=now(), kind=kind, name=request.name, key=request.key, csr=request.pem,
            software=data.get("software"), passphrase=passphrase, technical=data["technical"],
            business=data["business"], billing=data["billing"], payment=data.get("payment", ""), renews=renews,
        )  # fmt: skip

    def commit_revocation(self, name: str, certificate: int | None, reason: str) -> int:
        return self.store.insert("revocations", at=now(), name=name, certificate=certificate, reason=reason)

    def key_used(self, key: str) -> bool:
        """Only certificates count: a portal that refused a key twice would hide a client's second order."""
        return self.store.row("certificates", key=key) is not None

    def valid_certificates(self, name: str) -> list[Row]:
        return [row for row in self.store.rows("certificates", name=name) if certificate_status(row) == "valid"]

    def order_of(self, certificate: Row) -> Row:
        order = self.store.row("orders", id=certificate["order_id"])
        assert order is not None
        return order

    def open_revocation(self, certificate: Row) -> Row | None:
        """A revocation of this certificate, or of its name at large, that waits for the officer."""
        for row in self.store.rows("revocations", name=certificate["name"], confirmed=None):
            if row["certificate"] in (None, certificate["id"]):
                return row
        return None

    # The officer

    def approve(self, name: str, *, lifetime: str | None = None, age: str = "0s") -> list[int]:
        """Issues and mails a certificate for every pending order of a name; their ids. ``age``: begun that long ago."""
        issued = []
        for order in self._pending(name):
            certificate = self._issue(order, lifetime, age)
            if certificate is not None:
                issued.append(certificate["id"])
                self._notify(order, certificate)
        return issued

    def approve_due(self) -> None:
        """Approves what has waited as long as the settings say."""
        delay = self.settings.approve_after
        if delay is None:
            return
        for name in {row["name"] for row in self.store.rows("orders", status="pending") if row["at"] + delay <= now()}:
            self.approve(name)
        for row in self.store.rows("revocations", confirmed=None):
            if row["at"] + delay <= now() and (row["certificate"] or len(self.valid_certificates(row["name"])) == 1):
                self.confirm_revocation(row["name"])

    def reject(self, name: str, reason: str) -> list[int]:
        """Turns down every pending order of a name; their ids."""
        orders = self._pending(name)
        for order in orders:
            self.store.update("orders", order["id"], status="rejected", reason=reason, decided=now())
        return [order["id"] for order in orders]

    def confirm_revocation(self, name: str, serial: int | None = None) -> int:
        """Revokes; the certificate's id. The paper form's serial number decides where the request left it open."""
        with self.store.transaction():
            request = self.store.row("revocations", name=name, confirmed=None)
            if request is None:
                raise OfficeError(f"nobody asked to revoke {name}")
            candidates = [
                row
                for row in self.valid_certificates(name)
                if request["certificate"] in (None, row["id"]) and serial in (None, int(row["serial"]))
            ]
            if len(candidates) != 1:
                raise OfficeError(f"{len(candidates)} valid certificates of {name} fit; name one by its serial number")
            moment = now()
            self.store.update("certificates", candidates[0]["id"], revoked=moment)
            self.store.update("revocations", request["id"], confirmed=moment)
        return t.cast(int, candidates[0]["id"])

    def _pending(self, name: str) -> list[Row]:
        orders = self.store.rows("orders", name=name, status="pending")
        if not orders:
            raise OfficeError(f"no order for {name} is pending")
        return orders

    def _issue(self, order: Row, lifetime: str | None, age: str) -> Row | None:
        settings = self.settings
        begin = datetime.now(timezone.utc).replace(microsecond=0) - duration(age)
        end = begin + duration(lifetime or settings.lifetime)
        request = rules.read_request(order["csr"])
        terms = Terms(begin, end, client_auth=settings.client_auth)
        with self.store.transaction():
            current = self.store.row("orders", id=order["id"])
            if current is None or current["status"] != "pending":
                return None
            certificate = self.authority.issue(request, terms)
            certificate_id = self.store.insert(
                "certificates", order_id=order["id"], name=order["name"], serial=str(certificate.serial_number),
                key=order["key"], pem=pem(certificate).decode(), not_before=begin.timestamp(),
                not_after=end.timestamp(), revoked=None,
            )  # fmt: skip
            self.store.update("orders", order["id"], status="issued", decided=now())
        return self.store.row("certificates", id=certificate_id)

    def _notify(self, order: Row, certificate: Row) -> None:
        settings = self.settings
        if settings.smtp is None:
            return
        delivered = self.delivered(certificate, self.faults.take(CERTIFICATE, "mail", ("notice",), "SEND"))
        roots = [self.authority.certificate("root")]
        for recipient, subject, error in mail.send_notices(settings, order, delivered, roots):
            self.store.insert("mails", at=now(), recipient=recipient, subject=subject, error=error)

    def delivered(self, certificate: Row, fault: Fault | None = None) -> list[Certificate]:
        """The leaf and its intermediates as handed over, wrong in the way a fault asks for."""
        leaf = x509.load_pem_x509_certificate(certificate["pem"].encode())
        changes = fault.leaf_changes(leaf) if fault is not None else None
        if not changes:
            return [leaf, *self.authority.intermediates()]
        request = rules.read_request(self.order_of(certificate)["csr"])
        terms = Terms(
            **{
                "not_before": leaf.not_valid_before_utc,
                "not_after": leaf.not_valid_after_utc,
                "serial": leaf.serial_number,
                **changes,
            }
        )
        return [self.authority.issue(request, terms), *self.authority.intermediates(terms.issuer)]

    # What can be asked

    def counts(self) -> dict[str, t.Any]:
        """Requests to the portal (pages and files alike, not the desk), and what they committed."""
        tasks = self.store.tally("requests", "task")
        return {
            "requests": sum(tasks.values()),
            "requests_by_task": tasks,
            "orders": len(self.store.rows("orders")),
            "orders_by_name": self.store.tally("orders", "name"),
            "orders_by_key": self.store.tally("orders", "key"),
            "orders_by_status": self.store.tally("orders", "status"),
            "revocations": len(self.store.rows("revocations")),
            "mails": len(self.store.rows("mails", error="")),
        }

    def orders(self) -> list[Row]:
        """Every order with its certificates, without the passphrase's hash."""
        found = []
        for order in self.store.rows("orders"):
            del order["passphrase"]
            order["certificates"] = [
                {**row, "status": certificate_status(row)}
                for row in self.store.rows("certificates", order_id=order["id"])
            ]
            found.append(order)
        return found


def certificate_status(certificate: Row) -> str:
    if certificate["revoked"] is not None:
        return "revoked"
    return "expired" if certificate["not_after"] <= now() else "valid"


def hashed(passphrase: str) -> str:
    salt = secrets.token_hex(8)
    return f"{salt}:{_digest(salt, passphrase)}"


def passphrase_fits(passphrase: str, stored: str) -> bool:
    salt, _colon, digest = stored.partition(":")
    return secrets.compare_digest(digest, _digest(salt, passphrase))


def _digest(salt: str, passphrase: str) -> str:
    return hashlib.sha256(f"{salt}{passphrase}".encode()).hexdigest()
