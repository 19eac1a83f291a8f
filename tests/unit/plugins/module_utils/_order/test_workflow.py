# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflow against a portal in memory that does what it is told, lost answers included."""

from __future__ import annotations

import dataclasses

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import (
    CertificateError,
    InputError,
    PortalError,
    PortalRefusedError,
    PortalUnknownPageError,
    PortalUnreachableError,
    TwcaError,
    UncertainOrderError,
)
from ansible_collections.twca.ssl.plugins.module_utils._order import manual, records
from ansible_collections.twca.ssl.plugins.module_utils._order.book import Applicant
from ansible_collections.twca.ssl.plugins.module_utils._order.decisions import OrderPolicy
from ansible_collections.twca.ssl.plugins.module_utils._order.evidence import ReceivedFiles
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import Journal
from ansible_collections.twca.ssl.plugins.module_utils._order.workflow import Patience, Workflow
from ansible_collections.twca.ssl.plugins.module_utils._pki import csr
from memory_portal import NAME, MemoryPortal, entry, strike

LOST = PortalUnreachableError("the answer was lost", sent=True)


class Killed(BaseException):
    """The process ends here."""


class World:
    """One key and CSR, a portal, a journal; ``run`` is one run of the module."""

    def __init__(self, tmp_path, authority):
        self.authority = authority
        self.portal = MemoryPortal(authority)
        self.journal = Journal(tmp_path / "state")
        self.mails = None
        self.web = {}
        self.slept = []
        self.application_error = None
        self.roots = [authority.root.certificate]
        self.new_key()

    def new_key(self):
        self.key = pki.new_key()
        subject = csr.Subject(NAME, "TW", "Taiwan", "Taipei", "Example Ltd.")
        self.request = csr.load(csr.build(pki.key_pem(self.key), subject, (f"DNS:{NAME}",)))

    def workflow(self, *, wait_timeout=0, poll_interval=60, **policy):
        def application(complete):
            if complete:
                strike(self.application_error)
            return "the order's data" if complete else None

        return Workflow(
            self.request,
            OrderPolicy(**policy),
            self.journal,
            portal=lambda: self.portal,
            application=application,
            roots=lambda: self.roots,
            fetch=self.fetch,
            mailbox=self._mailed if self.mails is not None else None,
            patience=Patience(wait_timeout, poll_interval),
            sleep=self.slept.append,
        )

    def _mailed(self, since):
        self.since = since
        if isinstance(self.mails, Exception):
            raise self.mails
        return ReceivedFiles(self.mails, {"mark1.gif": b"GIF89a"} if self.mails else {})

    def fetch(self, url):
        if url not in self.web:
            raise TwcaError("no answer")
        return self.web[url]

    def run(self, **options):
        return self.workflow(**options).run()

    def decide(self, state, key=None, **options):
        """A person's word about a key: this one's, if no other is given."""
        key = key or self.request.public_key_sha256
        record = self.journal.read(NAME, key)
        self.journal.write(manual.told(record, Applicant(NAME, (NAME,), key, ""), state, records.now(), **options))

    @property
    def record(self):
        return self.journal.read(NAME, self.request.public_key_sha256)

    def leaf(self, **options):
        return self.authority.leaf(options.pop("key", self.key), **options)


@pytest.fixture(scope="module")
def authority():
    return pki.authority()


@pytest.fixture
def world(tmp_path, authority):
    return World(tmp_path, authority)


def test_apply_wait_collect(world):
    first = world.run()
    assert (first.status, first.operation) == ("pending", "apply")
    assert [state for state, _at in world.record.history] == ["prepared", "submitting", "accepted"]

    again = world.run()
    assert (again.status, again.operation, again.record) == ("pending", "none", world.record)
    assert world.record.csr == world.request.pem

    leaf = world.leaf()
    world.portal.issue(leaf)
    came = world.run()
    assert (came.status, came.operation, came.certificate) == ("issued", "download", leaf)
    assert list(came.chain) == world.authority.chain

    requests = world.portal.requests
    settled = world.run()
    assert (settled.status, settled.operation, settled.certificate) == ("issued", "none", leaf)
    assert world.portal.requests == requests
    assert len(world.portal.orders) == 1


def test_journal_says_submitting_before_the_request_that_may_order(world):
    seen = []
    apply = world.portal.apply

    def watched(application, committing):
        seen.append(world.record.state)

        def noting():
            committing()
            seen.append(world.record.state)

        return apply(application, noting)

    world.portal.apply = watched
    world.run()
    assert seen == ["prepared", "submitting"]


def test_hidden_pending_orders_are_waited_for(world):
    world.portal.shows_pending = False
    world.run()
    again = world.run()
    assert (again.status, again.record) == ("pending", world.record)
    world.portal.issue(world.leaf())
    assert world.run().status == "issued"
    assert len(world.portal.orders) == 1


def test_renewal_where_a_valid_certificate_is_listed(world):
    world.run()
    world.portal.issue(world.leaf())
    world.run()
    world.new_key()
    assert world.run().operation == "renew"
    world.portal.issue(world.leaf())
    assert world.run().status == "issued"
    assert [operation for operation, _application in world.portal.orders] == ["apply", "renew"]


def test_of_several_the_one_that_lives_longest_is_renewed(world):
    def valid(identity, days):
        return dataclasses.replace(entry(identity, "valid"), not_after=pki.now() + days * pki.DAY if days else None)

    world.portal.entries = [valid("short", 10), valid("long", 60), valid("unknown", None), valid("middle", 30)]
    world.portal.download = lambda entry: [pki.pem(world.leaf(key=pki.new_key())).encode()]
    renewed = []
    renew = world.portal.renew
    world.portal.renew = lambda application, entry, committing: (
        renewed.append((application, entry.identity)) or renew(application, entry, committing)
    )
    assert world.run().operation == "renew"
    assert renewed == [("the order's data", "long")]


def test_additional_application_although_one_is_valid(world):
    world.portal.issue(world.leaf(key=pki.new_key()))
    assert world.run(operation="apply").operation == "apply"


def test_renewal_of_nothing_is_refused(world):
    with pytest.raises(InputError, match="no valid certificate of www"):
        world.run(operation="renew")
    assert world.record is None


def test_answer_lost_after_commit_and_pending_shown(world):
    world.portal.on_commit = LOST
    outcome = world.run()
    assert (outcome.status, outcome.operation) == ("pending", "apply")
    assert (world.record.state, world.record.portal_message) == ("accepted", "審核中")
    assert len(world.portal.orders) == 1


@pytest.mark.parametrize("cause", [LOST, PortalUnknownPageError("?"), PortalError("a body without an end")])
def test_answer_lost_and_pending_hidden_stops_for_a_person(world, cause):
    world.portal.shows_pending = False
    world.portal.on_commit = cause
    for _run in range(3):
        with pytest.raises(UncertainOrderError, match="state=not_placed; the next run orders then") as caught:
            world.run()
        assert world.record.state == "uncertain"
        assert f"sent to the portal at {world.record.reached('submitting')}" in caught.value.message
        assert caught.value.details["order"]["operation"] == "apply"
    assert len(world.portal.orders) == 1
    world.portal.issue(world.leaf())
    assert world.run().status == "issued"


def test_uncertain_wait(world):
    world.portal.shows_pending = False
    world.portal.on_commit = LOST
    outcome = world.run(on_uncertain="wait")
    assert (outcome.status, outcome.record) == ("pending", world.record)
    assert "(the answer was lost)" in outcome.warnings[0]
    assert "Ask TWCA" in outcome.warnings[0]
    assert world.run(on_uncertain="wait").status == "pending"
    assert len(world.portal.orders) == 1


def test_uncertain_resubmit_sends_once_more_but_never_in_the_run_that_lost_the_answer(world):
    world.portal.before_commit = LOST
    with pytest.raises(UncertainOrderError):
        world.run(on_uncertain="resubmit")
    assert world.portal.orders == []
    world.portal.before_commit = None
    assert world.run(on_uncertain="resubmit").operation == "apply"
    assert world.run(on_uncertain="resubmit").operation == "none"
    assert len(world.portal.orders) == 1


def test_lost_answer_and_portal_down_afterwards(world):
    world.portal.on_commit = LOST
    commit = world.portal._order

    def then_down(*arguments):
        world.portal.unsearchable = PortalUnreachableError("down", sent=False)
        return commit(*arguments)

    world.portal._order = then_down
    with pytest.raises(UncertainOrderError):
        world.run()
    world.portal.unsearchable = None
    assert world.run().status == "pending"
    assert world.record.state == "accepted"


@pytest.mark.parametrize("state", ["before", "after"])
def test_killed_around_the_commit(world, state):
    setattr(world.portal, f"{'before' if state == 'before' else 'on'}_commit", Killed())
    with pytest.raises(Killed):
        world.run()
    world.portal.before_commit = world.portal.on_commit = None
    if state == "after":
        assert world.run().status == "pending"
    else:
        with pytest.raises(UncertainOrderError):
            world.run()
    assert len(world.portal.orders) == (state == "after")


def test_nothing_was_sent_leaves_nothing_uncertain(world):
    world.portal.before_commit = PortalUnreachableError("connection refused", sent=False)
    with pytest.raises(PortalUnreachableError):
        world.run()
    assert world.record is None
    world.portal.before_commit = None
    assert world.run().operation == "apply"


@pytest.mark.parametrize("shows_pending", [True, False])
def test_a_connection_refused_after_the_order_was_answered_does_not_mean_that_nothing_was_sent(world, shows_pending):
    """After the answer to the committing request comes one more: a redirect, a frame, a page that leads on by itself."""
    world.portal.shows_pending = shows_pending
    commit = world.portal._order

    def then_refused(operation, application, committing):
        commit(operation, application, committing)
        committing()
        raise PortalUnreachableError("connection refused", sent=False)

    world.portal._order = then_refused
    if shows_pending:
        assert world.run().status == "pending"
    else:
        for _run in range(2):
            with pytest.raises(UncertainOrderError):
                world.run()
    assert world.record.state == ("accepted" if shows_pending else "uncertain")
    assert len(world.portal.orders) == 1


@pytest.mark.parametrize(
    "cause",
    [LOST, PortalUnknownPageError("?"), PortalRefusedError("no", "CSR 內容有錯誤"), InputError("payment_method")],
)
def test_failures_before_the_order_leave_nothing_behind(world, cause):
    world.portal.in_wizard = cause
    with pytest.raises(type(cause)):
        world.run()
    assert world.record is None


def test_a_clear_no_to_the_committing_request_is_no_order(world):
    world.portal.before_commit = PortalRefusedError("no", "付款方式有誤")
    with pytest.raises(PortalRefusedError):
        world.run()
    assert world.record is None


@pytest.mark.parametrize("cause", [InputError("payment_method: unknown"), PortalRefusedError("no", "付款方式有誤")])
def test_what_is_asked_after_the_order_does_not_make_it_forgotten(world, cause):
    """A portal that takes the order and then asks for the payment: its question, or its no, says nothing of the order."""
    world.portal.shows_pending = False
    order = world.portal._order

    def then_asks(operation, application, committing):
        order(operation, application, committing)
        if isinstance(cause, PortalRefusedError):
            committing()
        raise cause

    world.portal._order = then_asks
    for _run in range(3):
        with pytest.raises(UncertainOrderError):
            world.run()
    assert world.record.state == "uncertain"
    assert len(world.portal.orders) == 1


def test_a_refusal_that_nevertheless_ordered_is_found_out(world):
    world.portal.on_commit = PortalRefusedError("that looked like a no", "…")
    assert world.run().operation == "apply"
    assert world.record.state == "accepted"


def test_rejection_fails_with_the_reason_and_the_key_is_never_sent_again(world):
    world.run()
    world.portal.reject("公司印鑑不符")
    for _run in range(2):
        with pytest.raises(PortalRefusedError, match="公司印鑑不符") as caught:
            world.run()
        assert caught.value.details["status"] == "rejected"
    assert len(world.portal.orders) == 1
    searches = world.portal.searches
    with pytest.raises(PortalRefusedError):
        world.workflow().predict()
    assert world.portal.searches == searches


def test_a_lost_journal_finds_its_certificate_and_orders_nothing(world):
    world.portal.issue(world.leaf())
    outcome = world.run()
    assert (outcome.status, outcome.operation) == ("issued", "download")
    assert world.portal.orders == []
    assert "journal does not know" in outcome.warnings[0]


def test_a_lost_journal_finds_its_certificate_behind_those_of_other_keys(world):
    world.run()
    world.portal.issue(world.leaf())
    world.run()
    world.portal.files = {}  # what the journal knows as another key's need not be downloaded
    world.new_key()
    world.portal.entries.append(entry("given back", "revoked"))
    world.portal.issue(world.leaf(key=pki.new_key()))
    world.portal.issue(world.leaf())
    outcome = world.run()
    assert (outcome.status, outcome.operation) == ("issued", "download")
    assert [one for one in outcome.warnings if "downloaded" in one] == []


def test_what_the_portal_lists_alike_is_counted(world):
    world.portal.shows_pending = False
    world.portal.entries = [entry("one like another", "rejected", status_text="退件")] * 2
    world.run()
    assert world.run().status == "pending"
    world.portal.entries.append(world.portal.entries[0])
    with pytest.raises(PortalRefusedError, match="退件"):
        world.run()


def test_a_lost_journal_with_an_order_being_processed_asks_a_person(world):
    world.portal.entries.append(entry("somebody's", "pending"))
    with pytest.raises(UncertainOrderError, match="being processed"):
        world.run()
    assert world.portal.orders == []
    assert world.run(on_uncertain="resubmit").operation == "apply"


def test_a_name_with_an_open_order_is_not_ordered_for_another_key(world):
    world.run(holder="web1")
    first, first_key = world.request, world.key
    world.new_key()
    for options in ({}, {"on_uncertain": "resubmit"}):
        with pytest.raises(UncertainOrderError, match=f"key, {first.public_key_sha256[:8]} of web1, is accepted since"):
            world.run(**options)
    with pytest.raises(UncertainOrderError, match="of web1, is accepted since"):
        world.workflow().predict()
    assert len(world.portal.orders) == 1
    assert world.record is None
    world.portal.issue(world.leaf(key=first_key))
    assert world.run(holder="web1").operation == "renew"
    world.request = first
    assert world.run().status == "issued"


def test_a_key_that_is_named_gives_way_to_another(world):
    world.run()
    first, first_key = world.request, world.key
    with pytest.raises(UncertainOrderError, match="twca_discard_accepted=true"):
        world.decide("abandoned")
    assert world.record.state == "accepted"
    world.decide("abandoned", discard_accepted=True)
    with pytest.raises(TwcaError, match="was discarded on"):
        world.run()
    world.new_key()
    assert world.run().operation == "apply"
    world.portal.entries = []
    world.portal.issue(world.leaf(key=first_key))
    outcome = world.run()
    assert outcome.status == "pending"
    assert any("which was discarded" in warning for warning in outcome.warnings)
    known = world.journal.read(NAME, first.public_key_sha256)
    assert (known.state, known.may_be_listed) == ("abandoned", False)
    assert world.run().warnings == []


def test_a_certificate_settles_the_order_of_its_key(world):
    world.run()
    first, first_key = world.request, world.key
    world.portal.issue(world.leaf(key=first_key))
    world.new_key()
    assert world.run().operation == "renew"
    assert world.journal.read(NAME, first.public_key_sha256).state == "issued"
    world.request = first
    requests = world.portal.requests
    came = world.run()
    assert (came.status, came.operation, list(came.chain)) == ("issued", "none", world.authority.chain)
    assert world.portal.requests == requests + 1  # the intermediates, which the other key's run had no need of


def test_a_listed_order_with_a_number_settles_the_order_that_it_can_only_be(world):
    world.run()
    number = dataclasses.replace(world.portal.entries[0], reference="2026-1")
    world.portal.entries = [number]
    world.run()
    assert world.record.entry == number.identity
    first = world.request
    world.decide("abandoned", discard_accepted=True)
    world.new_key()
    world.run()
    world.portal.entries[0] = dataclasses.replace(number, status="rejected", message="公司印鑑不符")
    outcome = world.run()
    assert outcome.status == "pending"
    settled = world.journal.read(NAME, first.public_key_sha256)
    assert (settled.state, settled.settled, settled.portal_message) == ("abandoned", True, "公司印鑑不符")


def test_another_holder_of_a_valid_certificate_is_told(world):
    world.run(holder="web1")
    world.portal.issue(world.leaf())
    world.run(holder="web1")
    first = world.request
    world.new_key()
    with pytest.raises(UncertainOrderError, match="web1 holds a certificate of that name, valid until"):
        world.run(holder="web2")
    world.decide("abandoned", key=first.public_key_sha256)
    assert world.run(holder="web2").operation == "renew"


def test_a_holder_renews_its_own_and_an_expired_one_binds_nobody(world):
    world.run(holder="web1")
    world.portal.issue(world.leaf())
    world.run(holder="web1")
    first = world.record
    world.new_key()
    assert world.run(holder="web1").operation == "renew"
    world.journal.forget(world.record)
    world.portal.entries.pop()
    world.journal.write(dataclasses.replace(first, not_after="2026-01-01T00:00:00Z"))
    world.new_key()
    assert world.run(holder="web2").operation == "renew"


def test_resubmit_acts_once_for_a_key(world):
    world.portal.shows_pending = False
    world.portal.on_commit = LOST
    with pytest.raises(UncertainOrderError):
        world.run(on_uncertain="resubmit")
    for _run in range(3):
        with pytest.raises(UncertainOrderError):
            world.run(on_uncertain="resubmit")
    assert len(world.portal.orders) == 2


def test_an_attempt_that_certainly_failed_leaves_the_earlier_one_uncertain(world):
    world.portal.shows_pending = False
    world.portal.on_commit = LOST
    with pytest.raises(UncertainOrderError):
        world.run()
    world.portal.before_commit = PortalUnreachableError("connection refused", sent=False)
    with pytest.raises(PortalUnreachableError):
        world.run(on_uncertain="resubmit")
    assert world.record.state == "uncertain"
    with pytest.raises(UncertainOrderError):
        world.run()
    assert len(world.portal.orders) == 1


def test_of_two_orders_for_a_key_one_may_be_issued_although_the_other_was_rejected(world):
    world.portal.shows_pending = False
    world.portal.on_commit = LOST
    with pytest.raises(UncertainOrderError):
        world.run()
    world.portal.on_commit = None
    world.run(on_uncertain="resubmit")
    world.portal.reject("重複申請")
    for _run in range(2):
        with pytest.raises(PortalRefusedError, match="重複申請"):
            world.run()
    leaf = world.leaf()
    world.portal.issue(leaf)
    assert world.run().certificate == leaf


def test_a_rejection_of_one_key_or_another_is_told_with_the_way_on(world):
    world.portal.shows_pending = False
    world.run()
    world.decide("abandoned", discard_accepted=True)
    world.new_key()
    world.run()
    world.portal.reject("電話無人接聽")
    outcome = world.run()
    assert outcome.status == "pending"
    [warning] = [one for one in outcome.warnings if "電話無人接聽" in one]
    assert f"-e twca_discard={world.request.public_key_sha256[:8]} -e twca_discard_accepted=true" in warning


def test_an_order_that_was_only_listed_is_uncertain_again_once_the_entry_was_another_keys(world):
    world.portal.shows_pending = False
    world.portal.before_commit = LOST
    with pytest.raises(UncertainOrderError):
        world.run()
    first_key = world.key
    world.decide("not_placed")  # which is wrong: the request is still on its way
    world.new_key()
    with pytest.raises(UncertainOrderError):
        world.run()
    world.portal.entries = [entry("order-1", "pending", status_text="審核中")]
    assert world.run().status == "pending"
    world.portal.issue(world.leaf(key=first_key))
    with pytest.raises(UncertainOrderError, match="twca_order"):
        world.run()
    assert world.portal.orders == []


def test_a_person_says_that_it_was_not_placed(world):
    world.portal.shows_pending = False
    world.portal.before_commit = LOST
    with pytest.raises(UncertainOrderError):
        world.run()
    world.portal.before_commit = None
    world.decide("not_placed")
    world.decide("not_placed")
    assert [state for state, _at in world.record.history].count("not_placed") == 1
    assert world.run().operation == "apply"
    assert world.record.state == "accepted"


def test_a_person_who_is_wrong_does_not_order_twice(world):
    world.portal.shows_pending = False
    world.portal.on_commit = LOST
    with pytest.raises(UncertainOrderError):
        world.run()
    world.decide("not_placed")
    world.portal.entries.append(entry("order-1", "pending", status_text="審核中"))
    outcome = world.run()
    assert (outcome.status, outcome.operation, outcome.record.state) == ("pending", "none", "accepted")
    assert len(world.portal.orders) == 1


def test_a_certificate_that_could_not_be_read_may_be_the_order_that_is_sent_again(world):
    world.portal.shows_pending = False
    world.portal.on_commit = LOST
    with pytest.raises(UncertainOrderError):
        world.run()
    leaf = world.leaf()
    world.portal.issue(leaf)
    files, world.portal.files = world.portal.files, {}
    with pytest.raises(UncertainOrderError, match="The portal lists"):
        world.run(on_uncertain="resubmit")
    world.decide("not_placed")
    with pytest.raises(UncertainOrderError, match="The portal lists"):
        world.run()
    assert len(world.portal.orders) == 1
    world.portal.files = files
    assert world.run().certificate == leaf


def test_what_could_not_be_read_before_the_order_is_read_later(world):
    world.portal.issue(world.leaf())
    files, world.portal.files = world.portal.files, {}
    assert world.run().operation == "renew"
    assert len(world.record.unread) == 1
    assert world.run().status == "pending"
    world.portal.files = files
    assert world.run().status == "issued"


def test_a_new_order_is_told_from_one_that_was_listed_before_it(world):
    world.run()
    world.decide("abandoned", discard_accepted=True)
    world.new_key()
    world.portal.on_commit = PortalRefusedError("that looked like a no", "…")
    assert world.run().operation == "apply"
    assert world.record.state == "accepted"


def test_a_person_says_that_it_was_placed(world):
    world.portal.shows_pending = False
    world.portal.on_commit = LOST
    with pytest.raises(UncertainOrderError):
        world.run()
    world.decide("placed")
    assert world.run().status == "pending"
    world.portal.issue(world.leaf())
    assert world.run().status == "issued"


def test_what_the_portal_lists_is_told_where_it_does_not_settle_the_order(world):
    world.portal.shows_pending = False
    world.portal.on_commit = LOST
    world.portal.entries = []
    with pytest.raises(UncertainOrderError, match="does not list it"):
        world.run()
    world.portal.entries = [entry("odd", "unknown", status_text="處理異常")]
    workflow = world.workflow()
    with pytest.raises(UncertainOrderError, match="lists .*處理異常.* since then"):
        workflow.run()
    assert any("cannot be downloaded" in warning for warning in workflow.warnings)


def test_certificate_of_another_key_is_an_error_not_a_result(world):
    world.run()
    world.portal.issue(world.leaf(key=pki.new_key()))
    with pytest.raises(CertificateError, match="another key"):
        world.run()
    assert world.record.state == "accepted"


@pytest.mark.parametrize(
    "defect",
    [
        {"start": pki.now() - 2 * pki.DAY, "end": pki.now() - pki.DAY},
        {"names": ("other.example.com.tw",)},
        {"purposes": (pki.ExtendedKeyUsageOID.CLIENT_AUTH,)},
    ],
    ids=["expired", "names", "purpose"],
)
def test_wrong_certificates_are_not_used(world, defect):
    world.run()
    world.portal.issue(world.leaf(**defect))
    with pytest.raises(CertificateError, match="is not used"):
        world.run()
    assert world.record.state == "accepted"


def test_foreign_chain_is_not_used(world):
    world.run()
    world.portal.issue(pki.Authority().leaf(world.key))
    with pytest.raises(CertificateError, match="is not used"):
        world.run()


def test_a_missing_intermediate_is_fetched_from_where_the_certificate_says(world):
    world.run()
    issuing, cross = world.authority.chain
    world.web = {"http://ca.test/issuing.cer": pki.der(issuing)}
    leaf = world.leaf(issuers="http://ca.test/issuing.cer")
    world.portal.issue(leaf)
    world.portal.authority_certificates = lambda: [pki.der(cross)]
    assert list(world.run().chain) == [issuing, cross]


def test_a_portal_without_authority_certificates_is_warned_of(world):
    world.run()
    world.portal.issue(world.leaf())

    def none():
        raise PortalUnknownPageError("no such page")

    world.portal.authority_certificates = none
    with pytest.raises(CertificateError, match="is not used"):
        world.run()


def test_another_way_to_the_root_is_warned_of(world):
    world.run()
    world.portal.issue(world.leaf())
    world.run()
    world.new_key()
    world.run()
    other = pki.Issuer("TWCA Another Root CA (test)")
    way = other.self_sign().sign_authority(world.authority.cyber, authority_identifier=False)
    leaf = world.leaf()
    world.portal.issue(leaf)
    listed = world.portal.entries[-1]
    world.portal.files[listed.identity] = [pki.pem(one).encode() for one in (leaf, world.authority.chain[0], way)]
    world.roots = [other.certificate]
    outcome = world.run()
    assert any("The chain leads over" in warning for warning in outcome.warnings), outcome.warnings


def test_unknown_status_word_does_not_hide_a_certificate(world):
    world.run()
    world.portal.issue(world.leaf())
    listed = world.portal.entries.pop()
    unknown = entry(listed.identity, "unknown", status_text="使用中")
    world.portal.entries.append(unknown)
    assert world.run().status == "issued"


def test_spelling_at_the_portal_is_warned_of(world):
    world.run()
    world.portal.issue(world.leaf(), name=NAME.upper())
    assert any("spells the name" in warning for warning in world.run().warnings)


def test_a_purpose_lost_is_warned_of(world):
    world.run()
    both = (pki.ExtendedKeyUsageOID.SERVER_AUTH, pki.ExtendedKeyUsageOID.CLIENT_AUTH)
    world.portal.issue(world.leaf(purposes=both))
    world.run()
    world.new_key()
    world.run()
    world.portal.issue(world.leaf())
    assert any("clientAuth" in warning for warning in world.run().warnings)


def test_mail_is_looked_into_first_and_the_portal_is_the_fallback(world):
    world.mails = []
    world.run()
    leaf = world.leaf()
    world.mails = [leaf, *world.authority.chain]
    searches = world.portal.searches
    by_mail = world.run()
    assert by_mail.certificate == leaf
    assert by_mail.record.seals == (("mark1.gif", "R0lGODlh"),)
    assert world.since.isoformat().startswith(by_mail.record.reached("submitting")[:-1])
    assert world.portal.searches == searches

    world.portal.issue(leaf)
    world.new_key()
    world.mails = [world.leaf(), *world.authority.chain]
    unasked = world.run()
    assert (unasked.record.operation, unasked.record.certificate) == ("apply", pki.pem(world.mails[0]))

    world.new_key()
    world.mails = []
    world.run()
    world.portal.issue(world.leaf())
    outcome = world.run()
    assert outcome.status == "issued"
    assert any("downloaded from the portal" in warning for warning in outcome.warnings)


def test_a_mailbox_that_cannot_be_read_does_not_keep_the_certificate_away(world):
    world.mails = PortalError("imap.example.com.tw:993 refused the password")
    world.run()
    world.portal.issue(world.leaf())
    outcome = world.run()
    assert outcome.status == "issued"
    assert any("could not be read" in warning for warning in outcome.warnings)


def test_allow_order_false_looks_and_collects_but_never_orders(world):
    with pytest.raises(TwcaError, match="allow_order is false") as caught:
        world.run(allow_order=False)
    assert caught.value.details["would_order"]["operation"] == "apply"
    assert world.portal.orders == []
    assert world.record is None
    world.portal.issue(world.leaf())
    assert world.run(allow_order=False).status == "issued"


def test_prediction_asks_nothing_and_writes_nothing(world, tmp_path):
    assert world.workflow().predict().operation == "apply"
    assert world.portal.requests == 0
    assert not (tmp_path / "state").exists()
    world.application_error = None
    world.run()
    predicted = world.workflow().predict()
    assert (predicted.status, predicted.operation, predicted.record) == ("pending", "none", world.record)
    world.portal.issue(world.leaf())
    assert world.run().status == "issued"
    settled = world.run()
    assert (settled.record, settled.record.operation) == (world.record, "apply")
    assert world.workflow().predict().record == world.record
    requests = world.portal.requests
    world.new_key()
    assert world.workflow().predict().operation == "renew"
    assert world.workflow(operation="apply").predict().operation == "apply"
    assert world.portal.requests == requests
    world.application_error = InputError("technical_contact is missing")
    with pytest.raises(InputError):
        world.workflow().predict()


def test_waiting_looks_again_until_the_certificate_comes(world):
    leaf = world.leaf()

    def sleep(seconds):
        world.slept.append(seconds)
        world.portal.issue(leaf)

    workflow = world.workflow(wait_timeout=600, poll_interval=5)
    workflow._sleep = sleep
    outcome = workflow.run()
    assert (outcome.status, outcome.operation) == ("issued", "apply")
    assert world.slept == [5]


def test_an_issued_certificate_that_expired_asks_for_a_new_pair(world):
    world.run()
    world.portal.issue(world.leaf())
    world.run()
    expired = world.leaf(start=pki.now() - 3 * pki.DAY, end=pki.now() - pki.DAY)
    record = world.record.moved("issued", certificate=pki.pem(expired))
    world.journal.write(record)
    with pytest.raises(CertificateError, match="Make a new pair"):
        world.run()
