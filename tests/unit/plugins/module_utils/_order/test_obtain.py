# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's options to its result, over a portal in memory."""

from __future__ import annotations

import stat
from types import SimpleNamespace

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import CertificateError, InputError
from ansible_collections.twca.ssl.plugins.module_utils._mailbox import notice
from ansible_collections.twca.ssl.plugins.module_utils._order import obtain, records, revocation
from ansible_collections.twca.ssl.plugins.module_utils._order.decisions import OrderPolicy
from ansible_collections.twca.ssl.plugins.module_utils._order.workflow import Patience
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, csr
from ansible_collections.twca.ssl.plugins.module_utils._portal.model import Accepted
from memory_portal import ACCEPTED_TEXT, NAME, MemoryPortal, entry
from order_options import PERSON, order_options


class Task:
    def __init__(self, tmp_path):
        self.authority = pki.authority()
        self.portal = MemoryPortal(self.authority)
        self.state = tmp_path / "state"
        roots = tmp_path / "roots.pem"
        roots.write_text(pki.pem(self.authority.root.certificate))
        self.new_pair()
        self.params = order_options(roots, self.pem)

    def new_pair(self):
        self.key = pki.new_key()
        subject = csr.Subject(NAME, "TW", "Taiwan", "Taipei", "Example Ltd.")
        self.pem = csr.build(pki.key_pem(self.key), subject, (f"DNS:{NAME}",))

    def run(self, check_mode=False, pem=None, **params):
        return obtain.obtain(
            {**self.params, "csr_content": pem or self.pem, **params},
            check_mode=check_mode,
            state_dir=self.state,
            open_portal=lambda: self.portal,
        )

    def issue(self, **options):
        certificate = self.authority.leaf(self.key, **options)
        self.portal.issue(certificate)
        return certificate


@pytest.fixture
def task(tmp_path):
    return Task(tmp_path)


def test_pending_then_issued(task):
    first = task.run()
    assert (first["changed"], first["status"], first["operation"]) == (True, "pending", "apply")
    assert first["order"]["state"] == "accepted"
    assert first["order"]["portal_message"] == ACCEPTED_TEXT
    assert first["order"]["submitted_at"] <= first["order"]["accepted_at"]
    assert "certificate" not in first
    [(operation, application)] = task.portal.orders
    assert operation == "apply"
    assert application.csr == task.pem
    assert application.business["name"] == "陳美麗"
    assert application.billing == {"same_as": "business"}
    assert (application.payment_method, application.server_software) == ("匯款", "nginx")
    assert application.passphrase == "a long passphrase"
    assert application.subject == csr.load(task.pem).subject

    again = task.run()
    assert (again["changed"], again["status"], again["operation"], again["diff"]) == (False, "pending", "none", [])

    leaf = task.issue()
    came = task.run()
    assert (came["changed"], came["status"], came["operation"]) == (True, "issued", "download")
    assert came["certificate"] == pki.pem(leaf)
    assert came["chain"] == [pki.pem(one) for one in task.authority.chain]
    assert came["fullchain"] == came["certificate"] + "".join(came["chain"])
    assert int(came["serial_number"], 16) == leaf.serial_number
    assert came["days_left"] == 197
    assert came["portal_requests"] > 0

    settled = task.run()
    assert (settled["changed"], settled["portal_requests"], settled["diff"]) == (False, 0, [])
    assert settled["fullchain"] == came["fullchain"]


def test_files_are_written_once_and_are_put_right(task, tmp_path):
    paths = {name: str(tmp_path / f"{name}.pem") for name in ("path", "chain_path", "fullchain_path")}
    task.run(**paths)
    assert not (tmp_path / "path.pem").exists()
    task.issue()
    came = task.run(**paths)
    assert (tmp_path / "path.pem").read_text() == came["certificate"]
    assert (tmp_path / "chain_path.pem").read_text() == "".join(came["chain"])
    assert (tmp_path / "fullchain_path.pem").read_text() == came["fullchain"]
    assert stat.S_IMODE((tmp_path / "path.pem").stat().st_mode) == 0o644
    assert not task.run(**paths)["changed"]

    (tmp_path / "path.pem").write_text("something else")
    predicted = task.run(check_mode=True, **paths)
    assert predicted["changed"]
    assert (tmp_path / "path.pem").read_text() == "something else"
    mended = task.run(**paths)
    assert mended["changed"]
    assert [one["after_header"] for one in mended["diff"]] == [paths["path"]]
    assert NAME in mended["diff"][0]["after"]
    assert (tmp_path / "path.pem").read_text() == came["certificate"]

    (tmp_path / "fullchain_path.pem").unlink()
    for wanted in (paths, {"fullchain_path": paths["fullchain_path"]}):
        [diff] = task.run(check_mode=True, **wanted)["diff"]
        assert (diff["before_header"], diff["before"]) == (paths["fullchain_path"], "")
    assert task.run(**paths)["changed"]
    assert (tmp_path / "fullchain_path.pem").read_text() == came["fullchain"]


def test_check_mode_predicts_and_touches_nothing(task):
    predicted = task.run(check_mode=True)
    assert (predicted["changed"], predicted["status"], predicted["operation"]) == (True, "pending", "apply")
    assert predicted["portal_requests"] == 0
    assert not task.state.exists()


def test_a_look_needs_no_passphrase_and_yet_refuses_a_bad_one(task):
    task.run()
    assert task.run(passphrase=None)["status"] == "pending"
    task.new_pair()
    task.portal.entries = []
    leaf = task.issue()
    assert task.run(passphrase=None, allow_order=False)["certificate"] == pki.pem(leaf)
    task.new_pair()
    with pytest.raises(InputError, match="at least 6 characters"):
        task.run(passphrase="12345", allow_order=False)


def test_other_certificates_of_the_name_are_told_until_they_are_revoked(task):
    task.run()
    first = task.issue()
    assert task.run()["superseded"] == []
    task.new_pair()
    number = certificates.serial_number(first)
    record = task.state / "revocations" / NAME / f"{number}.json"
    record.parent.mkdir(parents=True)
    told = {"serial_number": number, "not_after": certificates.isoformat(certificates.not_after(first))}
    assert task.run()["superseded"] == [{**told, "revocation": None}]
    records.write(record, revocation.Record(NAME, number, revocation.REQUESTED))
    assert task.run()["superseded"] == [{**told, "revocation": "requested"}]
    records.write(record, revocation.Record(NAME, number, revocation.REVOKED))
    assert task.run()["superseded"] == []


def test_the_notice_is_looked_for_by_its_key_and_believed_only_if_it_is_proven(task, monkeypatch):
    mailbox, looks = {"maildir": "/var/mail/certificates"}, []
    own, foreign = task.authority.leaf(task.key), pki.Authority().leaf(task.key)

    def find(*where, since, accept):
        looks.append((*where, since))
        mails = ([foreign, *task.authority.chain], [own, *task.authority.chain])
        assert [accept(SimpleNamespace(certificates=mail)) for mail in mails] == [False, True]
        return SimpleNamespace(certificates=mails[1], seals={"mark1.gif": b"GIF89a"}) if len(looks) > 1 else None

    monkeypatch.setattr(notice, "find", find)
    first = task.run(delivery="mailbox", mailbox=mailbox)
    came = task.run(delivery="mailbox", mailbox=mailbox)
    key = csr.load(task.pem).public_key_sha256
    sent = records.moment(first["order"]["submitted_at"])
    assert looks == [(mailbox, key, None), (mailbox, key, sent)]
    assert (came["certificate"], came["seals"]) == (pki.pem(own), {"mark1.gif": "R0lGODlh"})


def test_contacts_that_the_portal_shows_otherwise_are_in_the_diff(task):
    task.run()
    task.issue()
    task.run()
    task.new_pair()
    change = {"contact": "technical", "field": "phone", "before": "(02)1", "after": "(02)23708886#9"}

    def renew(application, entry, committing):
        committing()
        return Accepted(ACCEPTED_TEXT, [change])

    task.portal.renew = renew
    result = task.run()
    assert result["operation"] == "renew"
    assert result["order"]["contact_changes"] == [change]
    [diff] = result["diff"]
    assert diff["before_header"] == diff["after_header"] == f"certificate of {NAME}"
    assert diff["before"] == "technical.phone: (02)1\n"
    assert diff["after"].startswith(f"renew: pending, names DNS:{NAME}, key ")
    assert diff["after"].endswith("technical.phone: (02)23708886#9\n")


def test_the_passphrase_is_neither_in_the_result_nor_in_the_journal(task):
    result = task.run()
    assert "a long passphrase" not in repr(result)
    for path in task.state.rglob("*"):
        assert not path.is_file() or b"a long passphrase" not in path.read_bytes()


def test_what_was_put_right_is_a_warning(task):
    result = task.run(technical_contact={**PERSON, "postal_code": "１００"})
    assert any("postal_code" in warning for warning in result["warnings"])
    [(_operation, application)] = task.portal.orders
    assert application.technical["postal_code"] == "100"


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"technical_contact": None}, "technical_contact is missing"),
        ({"business_contact": PERSON}, "two persons"),
        ({"billing_contact": None}, "billing_contact is missing"),
        ({"technical_contact": {**PERSON, "fax": ""}}, "technical_contact.fax"),
        ({"technical_contact": {**PERSON, "tax_id": "70759029"}}, "technical_contact.tax_id"),
        ({"passphrase": "12345"}, "at least 6 characters"),
        ({"passphrase": None}, "passphrase is missing"),
        ({"wait_timeout": -1}, "wait_timeout"),
        ({"poll_interval": 0}, "poll_interval"),
        ({"pem": "no CSR at all"}, "BEGIN CERTIFICATE REQUEST"),
    ],
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_wrong_input_is_one_sentence_and_orders_nothing(task, params, message, check_mode):
    with pytest.raises(InputError, match=message) as caught:
        task.run(check_mode, **params)
    assert "\n" not in caught.value.message
    assert task.portal.orders == []
    assert not list(task.state.rglob("*.json"))


def test_a_csr_is_read_from_its_file(task, tmp_path):
    path = tmp_path / "www.csr"
    with pytest.raises(InputError, match=f"csr_path: {path} cannot be read"):
        task.run(csr_content=None, csr_path=str(path))
    path.write_text(task.pem)
    assert task.run(csr_content=None, csr_path=str(path))["common_name"] == NAME


def test_a_root_that_cannot_be_read_is_one_sentence(task):
    task.issue()
    with pytest.raises(InputError, match="/nowhere/roots.pem cannot be read"):
        task.run(trusted_roots=["/nowhere/roots.pem"])


def test_a_weak_key_is_not_applied_for(task):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    with pytest.raises(InputError, match="1024"):
        task.run(pem=request.public_bytes(serialization.Encoding.PEM))
    assert task.portal.requests == 0


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [
        ("ORGANIZATION_NAME", "範例公司", "organization"),
        ("STATE_OR_PROVINCE_NAME", "TW", "state_or_province"),
    ],
)
def test_a_subject_that_the_portal_refuses_is_not_sent(task, attribute, value, message):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization

    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME),
            x509.NameAttribute(getattr(x509.NameOID, attribute), value),
        ]
    )
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(task.key, hashes.SHA256())
    with pytest.raises(InputError, match=message):
        task.run(pem=request.public_bytes(serialization.Encoding.PEM))
    assert task.portal.requests == 0


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_subject_with_little_in_it_is_not_sent(task, check_mode):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(task.key, hashes.SHA256())
    with pytest.raises(InputError, match="it has no organization, locality, state_or_province. Nothing was ordered"):
        task.run(pem=request.public_bytes(serialization.Encoding.PEM), check_mode=check_mode)
    assert task.portal.orders == []
    assert not list(task.state.rglob("*.json"))


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(("name", "why"), [("www.corp.local", "ends in .local"), ("10.0.0.1", "private network")])
def test_a_name_that_nobody_certifies_is_not_sent(task, name, why, check_mode):
    subject = csr.Subject(NAME, "TW", "Taiwan", "Taipei", "Example Ltd.")
    kind = "IP" if name[0].isdigit() else "DNS"
    pem = csr.build(pki.key_pem(task.key), subject, (f"DNS:{NAME}", f"{kind}:{name}"))
    with pytest.raises(InputError, match=f"it names {name}, which .*{why}"):
        task.run(pem=pem, check_mode=check_mode)
    assert task.portal.orders == []


def test_what_is_on_order_is_collected_whatever_its_csr_says(task, monkeypatch):
    task.run()
    monkeypatch.setattr(obtain.preflight, "check_request", lambda _request: pytest.fail("it is ordered already"))
    task.issue()
    assert task.run()["status"] == "issued"


def test_all_options_reach_the_workflow(task, monkeypatch):
    given = []
    for kind in (OrderPolicy, Patience):
        monkeypatch.setattr(
            obtain, kind.__name__, lambda kind=kind, **options: given.append(kind(**options)) or given[-1]
        )
    options = {"operation": "apply", "on_uncertain": "wait", "allow_order": True, "holder": "web1"}
    task.run(**options, wait_timeout=0, poll_interval=7)
    assert given == [OrderPolicy(**options), Patience(wait_timeout=0, poll_interval=7, request_timeout=30)]


def test_a_failure_tells_whose_it_is_and_what_was_warned_of(task):
    task.portal.shows_pending = False
    task.run()
    task.portal.entries = [entry("odd", "valid")]
    task.portal.files = {"odd": [pki.pem(task.authority.leaf(pki.new_key())).encode()]}
    with pytest.raises(CertificateError) as caught:
        task.run(technical_contact={**PERSON, "name": "王小明二"})
    assert caught.value.details["common_name"] == NAME
    assert caught.value.details["public_key_sha256"] == csr.load(task.pem).public_key_sha256
    assert isinstance(caught.value.details["warnings"], list)
