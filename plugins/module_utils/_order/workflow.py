# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One certificate per key: collect it, or order it, never twice.

The portal cannot be asked whether an order was placed: it may hide pending orders. So the journal is written before
each step, and after a crash or a lost answer the portal is searched before anything is sent; where that does not
settle it, a person decides.
"""

from __future__ import annotations

import base64
import collections
import dataclasses
import time
import typing as t

from .._errors import (
    CertificateError,
    InputError,
    PortalError,
    PortalRefusedError,
    PortalUnknownPageError,
    PortalUnreachableError,
    TwcaError,
    UncertainOrderError,
)
from .._pki import certificates
from . import delivery, records
from .journal import ACCEPTED, ISSUED, OPEN_STATES, PREPARED, REJECTED, SUBMITTING, UNCERTAIN, Journal, Record

if t.TYPE_CHECKING:
    import datetime

    from cryptography import x509

    from .._pki.csr import Request
    from .._portal.model import Application, Entry
    from .._portal.portal import Portal

# Another run of the same name holds the lock for one walk through the wizard, a dozen requests at most.
_REQUESTS_PER_WALK = 20


@dataclasses.dataclass(frozen=True)
class Wishes:
    """How to get the certificate."""

    operation: str = "auto"  # auto, apply, renew
    on_uncertain: str = "fail"  # fail, wait, resubmit
    allow_order: bool = True
    wait_timeout: float = 0  # seconds
    poll_interval: float = 60  # seconds
    request_timeout: float = 30  # seconds, of one request to the portal


@dataclasses.dataclass(frozen=True)
class Parcel:
    """What came: certificates, the key's among them or not, and seals by file name."""

    certificates: t.Sequence[x509.Certificate] = ()
    seals: t.Mapping[str, bytes] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Outcome:
    """What a run came to."""

    status: str  # issued, pending
    operation: str = "none"  # none, download, apply, renew
    certificate: x509.Certificate | None = None
    chain: tuple[x509.Certificate, ...] = ()
    record: Record | None = None
    warnings: list[str] = dataclasses.field(default_factory=list)


class Workflow:
    """Gets the certificate of one CSR.

    :param portal: opens the portal, or gives one that is open; called at most once, and only if it is needed.
    :param application: what the order says. Called with False it only checks what is given, with True it must be complete;
        called only if an order may be placed.
    :param mailbox: what the notice for this key holds, looked for from a time on; None without a mailbox.
    :param fetch: gets a small file from the web: an issuer's certificate that is missing.
    :param roots: the only trust anchors.
    """

    def __init__(
        self,
        request: Request,
        wishes: Wishes,
        journal: Journal,
        *,
        portal: t.Callable[[], Portal],
        application: t.Callable[[bool], Application | None],
        roots: t.Callable[[], t.Sequence[x509.Certificate]],
        fetch: t.Callable[[str], bytes],
        mailbox: t.Callable[[datetime.datetime | None], Parcel] | None = None,
        sleep: t.Callable[[float], None] = time.sleep,
    ) -> None:
        self._request = request
        self._wishes = wishes
        self._journal = journal
        self._open_portal = portal
        self._application = application
        self._roots = roots
        self._mailbox = mailbox
        self._fetch = fetch
        self._sleep = sleep
        self._opened: Portal | None = None
        self._requests_before = 0
        self._warnings: list[str] = []

    @property
    def portal_requests(self) -> int:
        """HTTP requests made so far."""
        return self._opened.requests - self._requests_before if self._opened else 0

    def run(self) -> Outcome:
        """Collect, or order and wait as long as wished.

        :raises PortalRefusedError: the portal turned the order, or the data, down.
        :raises UncertainOrderError: only a person can tell whether an order was placed.
        :raises TwcaError: anything else that a person can act on.
        """
        deadline = time.monotonic() + self._wishes.wait_timeout
        outcome = self._look()
        while outcome.status == "pending" and time.monotonic() < deadline:
            self._sleep(min(self._wishes.poll_interval, max(0.0, deadline - time.monotonic())))
            later = self._look()
            if outcome.operation in ("apply", "renew"):
                later.operation = outcome.operation
            outcome = later
        outcome.warnings = list(dict.fromkeys(self._warnings))
        return outcome

    def predict(self) -> Outcome:
        """What :meth:`run` would do, from the journal alone: the portal is not asked, nothing is written."""
        record = self._read()
        if record is None or record.state == PREPARED:
            self._application(True)
            earlier = any(one.state == ISSUED for one in self._journal.of_name(self._request.common_name))
            operation = self._wishes.operation
            if operation == "auto":
                operation = "renew" if earlier else "apply"
            return Outcome("pending", operation)
        if record.state == REJECTED:
            raise self._rejected(record)
        if record.state == ISSUED:
            return self._from_journal(record)
        return Outcome("pending", record=record)

    # -- one look ------------------------------------------------------------------------------------------------

    def _look(self) -> Outcome:
        waiting = self._wishes.request_timeout * _REQUESTS_PER_WALK
        with self._journal.locked(self._request.common_name, timeout=waiting):
            record = self._read()
            if record is None or record.state == PREPARED:
                return self._first_time(record)
            if record.state == REJECTED:
                raise self._rejected(record)
            if record.state == ISSUED:
                return self._from_journal(record)
            return self._collect(record)

    def _read(self) -> Record | None:
        return self._journal.read(self._request.common_name, self._request.public_key_sha256)

    def _from_journal(self, record: Record) -> Outcome:
        leaf = certificates.load_pem(record.certificate or "")
        chain = [certificates.load_pem(one) for one in record.chain]
        try:
            proven = delivery.prove(leaf, chain, self._request, self._roots())
        except CertificateError as exc:
            raise CertificateError(
                f"This key has had its certificate for {record.common_name} (serial number {record.serial_number}), which can no longer be used: "
                f"{exc.message} Make a new pair with twca_csr (discard_pending: true if this one is still pending)."
            ) from exc
        return Outcome("issued", "none", proven.certificate, proven.chain, record)

    def _first_time(self, record: Record | None) -> Outcome:
        """Nothing was sent for this key: see what the portal has, then order."""
        self._application(False)
        mailed = self._look_into_mailbox(None)
        if mailed is not None:
            return self._issued(self._blank("apply", []), *mailed)
        entries = self._portal().search(self._request.common_name)
        found, _strangers = self._among(entries)
        if found is not None:
            self._warn(
                "The journal does not know this key's order, but the portal has its certificate: nothing was ordered."
            )
            return self._issued(self._blank("apply", entries), found[0], Parcel(found[1]))
        self._guard_against_forgotten(entries)
        operation, entry = self._choose(entries)
        if not self._wishes.allow_order:
            names = ", ".join(self._request.names)
            raise TwcaError(
                f"allow_order is false, and a certificate would have to be ordered ({operation}) for {names}.",
                would_order={"operation": operation, "names": list(self._request.names)},
            )
        return self._order(operation, entry, entries)

    def _guard_against_forgotten(self, entries: t.Sequence[Entry]) -> None:
        """An order that the portal lists and no journal explains may well be this key's, of a journal now lost."""
        listed = sum(entry.status == "pending" for entry in entries)
        explained = len(self._open_orders_of_other_keys())
        if explained:
            self._warn(f"Another order for {self._request.common_name}, of another key, is still being processed.")
        if listed > explained and self._wishes.on_uncertain != "resubmit":
            raise UncertainOrderError(
                f"The portal lists an order for {self._request.common_name} that is being processed and that this journal does not know; "
                "it may be this key's. Wait until it is issued or rejected, or, if it certainly is another one, run once with on_uncertain: resubmit."
            )

    def _choose(self, entries: t.Sequence[Entry]) -> tuple[str, Entry | None]:
        valid = [entry for entry in entries if entry.status == "valid"]
        newest = max(valid, key=lambda one: one.not_after.timestamp() if one.not_after else 0.0, default=None)
        if self._wishes.operation == "renew" and newest is None:
            raise InputError(
                f"The portal lists no valid certificate of {self._request.common_name} to renew; "
                "check the spelling (the portal tells upper from lower case), or use operation: apply."
            )
        if self._wishes.operation == "apply" or newest is None:
            return "apply", None
        return "renew", newest

    # -- ordering ------------------------------------------------------------------------------------------------

    def _order(self, operation: str, entry: Entry | None, entries: t.Sequence[Entry]) -> Outcome:
        application = t.cast("Application", self._application(True))
        record = self._blank(operation, entries)
        self._journal.write(record)

        begun = 0  # requests that may order

        def committing() -> None:
            nonlocal record, begun
            begun += 1
            if record.state != SUBMITTING:
                record = record.moved(SUBMITTING)
                self._journal.write(record)

        portal = self._portal()
        try:
            if operation == "renew" and entry is not None:
                accepted = portal.renew(application, entry, committing)
            else:
                accepted = portal.apply(application, committing)
        except TwcaError as exc:
            # Of a second one only the answer to the first gave rise: that one may have ordered.
            unsent = isinstance(exc, PortalUnreachableError) and not exc.sent and begun == 1
            if record.state == PREPARED or unsent or not isinstance(exc, PortalError):
                self._journal.forget(record)
                raise
            return self._clear_up(record, exc)
        record = record.moved(
            ACCEPTED, portal_message=accepted.message, contact_changes=tuple(accepted.contact_changes)
        )
        self._journal.write(record)
        return Outcome("pending", operation, record=record)

    def _clear_up(self, record: Record, cause: PortalError) -> Outcome:
        """A request that may order got no clear yes: ask the portal at once what came of it."""
        try:
            outcome = self._search_for(record)
        except (PortalUnreachableError, PortalUnknownPageError):
            outcome = None
        if outcome is not None:
            outcome.operation = record.operation
            return outcome
        if isinstance(cause, PortalRefusedError):
            self._journal.forget(record)
            raise cause
        return self._uncertain(record, cause)

    def _uncertain(self, record: Record, cause: TwcaError | None = None) -> Outcome:
        if record.state != UNCERTAIN:
            record = record.moved(UNCERTAIN)
            self._journal.write(record)
        since = record.reached(SUBMITTING)
        why = f" ({cause.message})" if cause else ""
        message = (
            f"An order for {record.common_name} was being sent to the portal at {since}, and no answer tells whether it was placed{why}. "
            "The portal does not list it, which proves nothing. Ask TWCA; then run with on_uncertain: wait if it was placed, "
            "or once with on_uncertain: resubmit if it was not."
        )
        if self._wishes.on_uncertain == "fail" or (cause is not None and self._wishes.on_uncertain == "resubmit"):
            raise UncertainOrderError(message, order=describe(record))
        self._warn(message)
        return Outcome("pending", record=record)

    # -- collecting ----------------------------------------------------------------------------------------------

    def _collect(self, record: Record) -> Outcome:
        """Something was sent for this key: see what came of it."""
        mailed = self._look_into_mailbox(record.reached(SUBMITTING))
        if mailed is not None:
            return self._issued(record, *mailed)
        outcome = self._search_for(record)
        if outcome is not None:
            if self._mailbox is not None and outcome.status == "issued":
                self._warn(
                    "The notice is not in the mailbox; the certificate was downloaded from the portal (manual §4.6.2)."
                )
            return outcome
        if record.state == ACCEPTED:
            return Outcome("pending", record=record)
        if self._wishes.on_uncertain == "resubmit":
            entries = self._portal().search(self._request.common_name)
            return self._order(*self._choose(entries), entries)
        return self._uncertain(record)

    def _look_into_mailbox(self, since: str | None) -> tuple[x509.Certificate, Parcel] | None:
        if self._mailbox is None:
            return None
        try:
            mailed = self._mailbox(records.moment(since) if since else None)
        except PortalError as exc:
            self._warn(f"The mailbox could not be read, so the portal was asked instead: {exc.message}")
            return None
        leaf = delivery.with_key(mailed.certificates, self._request)
        return None if leaf is None else (leaf, mailed)

    def _search_for(self, record: Record) -> Outcome | None:
        """What the portal says of the order, or None where it cannot tell."""
        new = _without(self._portal().search(record.common_name), record.baseline)
        found, strangers = self._among(new)
        if found is not None:
            return self._issued(record, found[0], Parcel(found[1]))
        others = self._open_orders_of_other_keys()
        if strangers and record.state == ACCEPTED and not others:
            raise CertificateError(
                f"Since the order for {record.common_name} the portal lists a certificate of another key (serial number {strangers[0]}); it is not used. "
                "If nobody else ordered it, TWCA issued it for a wrong CSR: ask them."
            )
        # Only a certificate tells keys apart; an order is surely ours where every other open order was sent after it was listed.
        ours = [entry for entry in new if all(entry.identity in other.baseline for other in others)]
        for entry in new:
            if entry.status == "rejected":
                if entry in ours:
                    raise self._rejected(self._keep(record, REJECTED, entry.message or entry.status_text))
                self._warn(
                    f"The portal lists a rejected order for {entry.name} ({entry.message}), of this key or of another one that is being processed."
                )
        pending = [entry for entry in new if entry.status == "pending"]
        if any(entry in ours for entry in pending) or len(pending) > len(others):
            if record.state != ACCEPTED:
                record = self._keep(record, ACCEPTED, pending[0].message or pending[0].status_text)
            return Outcome("pending", record=record)
        return None

    def _among(
        self, entries: t.Iterable[Entry]
    ) -> tuple[tuple[x509.Certificate, list[x509.Certificate]] | None, list[str]]:
        """The key's certificate among the entries with all that came along, else the serial numbers of strangers' ones."""
        known = self._serials_of_other_keys()
        strangers: list[str] = []
        for entry in entries:
            # A status word that the profile does not know must not hide a certificate.
            if entry.status not in ("valid", "unknown") or entry.serial_number in known:
                continue
            self._mind_spelling(entry)
            try:
                found = delivery.parse(self._portal().download(entry))
            except PortalUnknownPageError as exc:
                self._warn(f"A certificate that the portal lists cannot be downloaded: {exc.message}")
                continue
            leaf = delivery.with_key(found, self._request)
            if leaf is not None:
                return (leaf, found), []
            strangers.extend(certificates.serial_number(one) for one in found[:1])
        return None, strangers

    def _issued(self, record: Record, leaf: x509.Certificate, delivered: Parcel) -> Outcome:
        try:
            proven = delivery.prove(
                leaf,
                delivered.certificates,
                self._request,
                self._roots(),
                self._remembered_authorities,
                self._authorities,
                self._named_issuers,
            )
        except CertificateError as exc:
            serial = certificates.serial_number(leaf)
            raise CertificateError(
                f"The certificate that came for {record.common_name} (serial number {serial}) is not used: {exc.message} "
                "The server keeps what it has; ask TWCA for a correct one.",
                **exc.details,
            ) from exc
        predecessor = self._predecessor()
        record = record.moved(
            ISSUED,
            certificate=certificates.to_pem(proven.certificate),
            chain=tuple(certificates.to_pem(one) for one in proven.chain),
            serial_number=certificates.serial_number(proven.certificate),
            seals=tuple((name, base64.b64encode(data).decode("ascii")) for name, data in delivered.seals.items()),
        )
        self._journal.write(record)
        if predecessor is not None:
            for note in delivery.differences(proven, predecessor):
                self._warn(note)
        return Outcome("issued", "download", proven.certificate, proven.chain, record)

    def _remembered_authorities(self, _known: t.Sequence[x509.Certificate]) -> list[x509.Certificate]:
        return delivery.parse(self._portal().remembered_authorities())

    def _authorities(self, _known: t.Sequence[x509.Certificate]) -> list[x509.Certificate]:
        try:
            return delivery.parse(self._portal().authority_certificates())
        except PortalUnknownPageError as exc:
            self._warn(f"The portal's page of authority certificates could not be used: {exc.message}")
            return []

    def _named_issuers(self, known: t.Sequence[x509.Certificate]) -> t.Iterator[x509.Certificate]:
        return delivery.named_issuers(known, self._fetch)

    def _predecessor(self) -> delivery.Delivery | None:
        """The newest certificate that the journal knows of this name, with its chain."""
        known = [
            delivery.Delivery(
                certificates.load_pem(one.certificate), tuple(certificates.load_pem(pem) for pem in one.chain)
            )
            for one in self._journal.of_name(self._request.common_name)
            if one.certificate and one.public_key_sha256 != self._request.public_key_sha256
        ]
        return max(known, key=lambda one: certificates.not_before(one.certificate), default=None)

    # -- small things --------------------------------------------------------------------------------------------

    def _portal(self) -> Portal:
        if self._opened is None:
            self._opened = self._open_portal()
            self._requests_before = self._opened.requests
        return self._opened

    def _blank(self, operation: str, entries: t.Sequence[Entry]) -> Record:
        return Record(
            common_name=self._request.common_name,
            public_key_sha256=self._request.public_key_sha256,
            state=PREPARED,
            operation=operation,
            csr=self._request.pem,
            baseline=tuple(entry.identity for entry in entries),
        ).moved(PREPARED)

    def _serials_of_other_keys(self) -> set[int]:
        return {
            int(one.serial_number, 16)
            for one in self._journal.of_name(self._request.common_name)
            if one.serial_number and one.public_key_sha256 != self._request.public_key_sha256
        }

    def _open_orders_of_other_keys(self) -> list[Record]:
        return [
            one
            for one in self._journal.of_name(self._request.common_name)
            if one.public_key_sha256 != self._request.public_key_sha256 and one.state in OPEN_STATES
        ]

    def _keep(self, record: Record, state: str, portal_message: str) -> Record:
        record = record.moved(state, portal_message=portal_message)
        self._journal.write(record)
        return record

    def _mind_spelling(self, entry: Entry) -> None:
        if entry.name and entry.name != self._request.common_name:
            self._warn(
                f"The portal spells the name {entry.name}, the CSR {self._request.common_name}; the portal tells upper from lower case."
            )

    def _rejected(self, record: Record) -> PortalRefusedError:
        return PortalRefusedError(
            f"TWCA rejected the order for {record.common_name}: {record.portal_message} "
            "Put right what it names, then run twca_csr with discard_pending: true; this key is not sent again.",
            record.portal_message or "",
            status="rejected",
            order=describe(record),
        )

    def _warn(self, message: str) -> None:
        self._warnings.append(message)


def _without(entries: t.Iterable[Entry], baseline: t.Iterable[str]) -> list[Entry]:
    """The entries that the portal did not list before, alike ones counted."""
    before = collections.Counter(baseline)
    new = []
    for entry in entries:
        if before[entry.identity]:
            before[entry.identity] -= 1
        else:
            new.append(entry)
    return new


def describe(record: Record) -> dict[str, t.Any]:
    """The return value ``order``."""
    return {
        "state": record.state,
        "operation": record.operation,
        "submitted_at": record.reached(SUBMITTING),
        "accepted_at": record.reached(ACCEPTED),
        "issued_at": record.reached(ISSUED),
        "portal_message": record.portal_message,
        "contact_changes": list(record.contact_changes),
    }
