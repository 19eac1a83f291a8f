# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One certificate per key: collect it, or order it, never twice.

What is to be done is decided in :mod:`decisions`; here it is done. Under the lock of the name, the journal is read once; each
decision's book is on the disk before its action begins.
"""

from __future__ import annotations

import dataclasses
import time
import typing as t

from .._errors import PortalError, PortalUnknownPageError, PortalUnreachableError, TwcaError
from . import decisions, delivery, records, sentences
from .book import Applicant, Book, Observation, Sent
from .decisions import Action, Await, Collect, Download, Fail, LookIntoMail, Order, OrderPolicy, Search, Use
from .evidence import Prover, ReceivedFiles, leaf_of
from .journal import ISSUED, PREPARED, REJECTED, Journal, Record

if t.TYPE_CHECKING:
    import datetime

    from cryptography import x509

    from .._pki.csr import Request
    from .._portal.model import Application, Entry
    from .._portal.portal import Portal

# Another run of the same name holds the lock for one walk through the wizard, a dozen requests at most.
_REQUESTS_PER_WALK = 20


@dataclasses.dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds."""

    wait_timeout: float = 0  # for the certificate
    poll_interval: float = 60  # between two looks
    request_timeout: float = 30  # for one answer of the portal


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
        policy: OrderPolicy,
        journal: Journal,
        *,
        portal: t.Callable[[], Portal],
        application: t.Callable[[bool], Application | None],
        roots: t.Callable[[], t.Sequence[x509.Certificate]],
        fetch: t.Callable[[str], bytes],
        mailbox: t.Callable[[datetime.datetime | None], ReceivedFiles] | None = None,
        patience: Patience | None = None,
        sleep: t.Callable[[float], None] = time.sleep,
    ) -> None:
        self._request = request
        self._applicant = Applicant(request.common_name, tuple(request.names), request.public_key_sha256, request.pem)
        self._policy = dataclasses.replace(policy, mailbox=mailbox is not None)
        self._journal = journal
        self._open_portal = portal
        self._application = application
        self._mailbox = mailbox
        self._patience = patience or Patience()
        self._sleep = sleep
        self._opened: Portal | None = None
        self._requests_before = 0
        #: What the journal knows of the name, as the last look left it.
        self.book = Book(self._applicant)
        self._seen = Observation("")
        self._received: dict[int | None, ReceivedFiles] = {}
        self._warnings: list[str] = []
        self._prover = Prover(request, self._portal, roots, fetch, self._warnings.append)

    @property
    def portal_requests(self) -> int:
        """HTTP requests made so far."""
        return self._opened.requests - self._requests_before if self._opened else 0

    @property
    def warnings(self) -> list[str]:
        """What a person should know, however the run ended."""
        return list(dict.fromkeys(self._warnings))

    def run(self) -> Outcome:
        """Collect, or order and wait as long as wished.

        :raises PortalRefusedError: the portal turned the order, or the data, down.
        :raises UncertainOrderError: only a person can tell whether an order was placed, or may be.
        :raises TwcaError: anything else that a person can act on.
        """
        deadline = time.monotonic() + self._patience.wait_timeout
        outcome = self._look()
        while outcome.status == "pending" and time.monotonic() < deadline:
            self._sleep(min(self._patience.poll_interval, max(0.0, deadline - time.monotonic())))
            later = self._look()
            if outcome.operation in ("apply", "renew"):
                later.operation = outcome.operation
            outcome = later
        outcome.warnings = self.warnings
        return outcome

    def predict(self) -> Outcome:
        """What :meth:`run` would do, from the journal alone: the portal is not asked, nothing is written."""
        self.book = book = self._read()
        mine = book.mine
        if mine is None or mine.state == PREPARED:
            error = decisions.must_wait(book, self._policy, records.now())
            if error is not None:
                raise error
            self._application(True)
            operation = self._policy.operation
            if operation == "auto":
                operation = "renew" if any(one.state == ISSUED for one in book.records) else "apply"
            return Outcome("pending", operation)
        if mine.state == REJECTED:
            raise sentences.rejected(mine)
        if mine.state == ISSUED:
            return self._use(mine)
        return Outcome("pending", record=mine)

    # -- one look ------------------------------------------------------------------------------------------------

    def _look(self) -> Outcome:
        """Read the journal once, and carry out decisions until there is nothing more to do for now."""
        timeout = self._patience.request_timeout * _REQUESTS_PER_WALK
        with self._journal.locked(self._applicant.common_name, timeout=timeout):
            self.book, self._seen, self._received = self._read(), Observation(records.now()), {}
            if self.book.mine is None or self.book.mine.state == PREPARED:
                self._application(False)
            while True:
                decision = decisions.decide(self.book, self._seen, self._policy)
                self._warnings.extend(decision.warnings)
                action = decision.action
                # What is not complete must not leave a prepared order behind.
                application = self._application(True) if isinstance(action, Order) else None
                self._keep(decision.book)
                outcome = self._carry_out(action, application)
                if outcome is not None:
                    return outcome

    def _read(self) -> Book:
        return Book(self._applicant, tuple(self._journal.of_name(self._applicant.common_name)))

    def _use(self, record: Record) -> Outcome:
        proven = self._prover.from_journal(record)
        return Outcome("issued", "none", proven.certificate, proven.chain, record)

    def _portal(self) -> Portal:
        if self._opened is None:
            self._opened = self._open_portal()
            self._requests_before = self._opened.requests
        return self._opened

    # -- actions -------------------------------------------------------------------------------------------------

    def _carry_out(self, action: Action, application: Application | None) -> Outcome | None:
        """Do it; return the outcome, or None where more is to be decided."""
        mine = self.book.mine
        if isinstance(action, Fail):
            raise action.error
        if isinstance(action, Await):
            return Outcome("pending", action.operation, record=mine)
        if isinstance(action, Use):
            return self._use(t.cast(Record, mine))
        if isinstance(action, Collect):
            return self._collect(action)
        if isinstance(action, LookIntoMail):
            self._look_into_mail(action)
        elif isinstance(action, Search):
            self._search()
        elif isinstance(action, Download):
            self._download(action)
        else:
            self._order(action, t.cast("Application", application))
        return None

    def _look_into_mail(self, action: LookIntoMail) -> None:
        received = ReceivedFiles()
        try:
            if self._mailbox is not None:
                received = self._mailbox(records.moment(action.since) if action.since else None)
        except PortalError as exc:
            self._warnings.append(f"The mailbox could not be read, so the portal was asked instead: {exc.message}")
        leaf = delivery.with_key(received.certificates, self._request)
        self._received[None] = received
        self._seen = dataclasses.replace(self._seen, mail_read=True, mail=leaf_of(leaf) if leaf is not None else None)

    def _search(self) -> None:
        try:
            entries = tuple(self._portal().search(self.book.applicant.common_name))
        except (PortalUnreachableError, PortalUnknownPageError):
            if self._seen.sent is None:
                raise
            self._seen = dataclasses.replace(self._seen, search_failed=True)
        else:
            self._seen = dataclasses.replace(self._seen, entries=entries)

    def _download(self, action: Download) -> None:
        entry = (self._seen.entries or ())[action.position]
        self._mind_spelling(entry)
        found: list[x509.Certificate] = []
        try:
            found = delivery.parse(self._portal().download(entry))
        except PortalUnknownPageError as exc:
            self._warnings.append(f"A certificate that the portal lists cannot be downloaded: {exc.message}")
        except PortalUnreachableError:
            if self._seen.sent is None:
                raise
        self._received[action.position] = ReceivedFiles(found)
        leaves = tuple(leaf_of(one) for one in found)
        self._seen = dataclasses.replace(self._seen, leaves={**self._seen.leaves, action.position: leaves})

    def _mind_spelling(self, entry: Entry) -> None:
        name = self.book.applicant.common_name
        if entry.name and entry.name != name:
            self._warnings.append(
                f"The portal spells the name {entry.name}, the CSR {name}; the portal tells upper from lower case."
            )

    def _order(self, action: Order, application: Application) -> None:
        begun = 0  # requests that may order

        def committing() -> None:
            nonlocal begun
            self._keep(decisions.announced(self.book, records.now()))
            begun += 1

        portal, sent = self._portal(), None
        try:
            if action.position is not None:
                entry = (self._seen.entries or ())[action.position]
                accepted = portal.renew(application, entry, committing)
            else:
                accepted = portal.apply(application, committing)
            sent = Sent(begun, None, accepted.message, tuple(accepted.contact_changes))
        except TwcaError as exc:
            sent = Sent(begun, exc)
        self._received = {}
        self._seen = Observation(records.now(), mail_read=True, sent=sent)

    def _collect(self, action: Collect) -> Outcome:
        mine = self.book.mine or self._unordered()
        sent = self._seen.sent
        record, proven = self._prover.issued(mine, self._received[action.position], self.book.others)
        self._keep(self.book.having(record))
        operation = record.operation if sent is not None else "download"
        return Outcome("issued", operation, proven.certificate, proven.chain, record)

    def _unordered(self) -> Record:
        """The record of a key whose order is not in the journal."""
        applicant = self.book.applicant
        return Record(
            applicant.common_name,
            applicant.public_key_sha256,
            PREPARED,
            "apply",
            applicant.csr,
            baseline=tuple(entry.identity for entry in self._seen.entries or ()),
            holder=self._policy.holder,
        )

    def _keep(self, book: Book) -> None:
        """Put the book on the disk, as far as it differs."""
        before = {one.public_key_sha256: one for one in self.book.records}
        for record in book.records:
            if before.pop(record.public_key_sha256, None) != record:
                self._journal.write(record)
        for record in before.values():
            self._journal.forget(record)
        self.book = book
