# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Revocation against a portal in memory."""

from __future__ import annotations

import dataclasses
import stat

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import (
    CertificateError,
    DeployError,
    InputError,
    PortalError,
    PortalRefusedError,
    PortalUnreachableError,
    TwcaError,
)
from ansible_collections.twca.ssl.plugins.module_utils._order import records
from ansible_collections.twca.ssl.plugins.module_utils._order import revocation as revocations
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import ISSUED, Journal, Record
from ansible_collections.twca.ssl.plugins.module_utils._order.revocation import (
    Revocation,
    parse_endpoint,
    serial_numbers,
)
from ansible_collections.twca.ssl.plugins.module_utils._pki.keys import public_key_sha256
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from memory_portal import NAME, MemoryPortal, entry

SERIAL = 0x5F3A0C
ISSUING = pki.authority().issuing
OCSP, CRL, ISSUER = "http://ocsp.test/", "http://crl.test/ca.crl", "http://aia.test/ca.cer"


class Web:
    """The web, as far as certificates name addresses in it."""

    def __init__(self):
        self.answers = {}
        self.asked = []

    def __call__(self, url, body=None, content_type=""):
        self.asked.append(url)
        if url not in self.answers:
            raise TwcaError("no answer")
        return self.answers[url]()


def ocsp_answer(certificate, *, revoked=True, signer=ISSUING):
    moment = pki.now()
    builder = ocsp.OCSPResponseBuilder().add_response(
        certificate,
        ISSUING.certificate,
        hashes.SHA1(),
        ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
        moment,
        moment + pki.DAY,
        moment if revoked else None,
        None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def revocation_list(certificate):
    moment = pki.now()
    entry = x509.RevokedCertificateBuilder(certificate.serial_number, moment).build()
    builder = x509.CertificateRevocationListBuilder(
        ISSUING.name, moment, moment + pki.DAY, revoked_certificates=[entry]
    )
    return builder.sign(ISSUING.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def issued(certificate):
    """The journal's record of it."""
    chain = (pki.pem(ISSUING.certificate),)
    return Record(
        NAME, public_key_sha256(certificate), ISSUED, "apply", "", certificate=pki.pem(certificate), chain=chain
    )


class Task:
    def __init__(self, tmp_path):
        self.portal = MemoryPortal(pki.authority())
        self.state = tmp_path / "state"
        self.served = {}
        self.web = Web()
        self.slept = []
        self.params = {
            "common_name": NAME,
            "serial_number": f"{SERIAL:X}",
            "certificate_path": None,
            "certificate_content": None,
            "passphrase": "a long passphrase",
            "reason": None,
            "wait_timeout": 0,
            "still_served": None,
            "force": False,
            "by_paper": False,
        }

    def list(self, *entries):
        self.portal.entries = list(entries)

    def revocation(self, **params):
        return Revocation(
            {**self.params, **params},
            self.state,
            open_portal=lambda: self.portal,
            peek=self.peek,
            fetch=self.web,
            sleep=self.slept.append,
        )

    def run(self, check_mode=False, **params):
        self.last = self.revocation(**params)
        return self.last.run(check_mode=check_mode)

    def peek(self, host, port, name):
        assert name == NAME
        answer = self.served[f"{host}:{port}"]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def task(tmp_path):
    made = Task(tmp_path)
    made.list(entry("it", "valid", serial=SERIAL))
    return made


def test_asked_once_and_followed_until_it_is_confirmed(task):
    first = task.run()
    assert (first["changed"], first["status"]) == (True, "requested")
    assert first["portal_message"] == "註銷申請已受理"
    header = f"certificate {SERIAL:X} of {NAME}"
    diff = {"before_header": header, "after_header": header, "before": "valid\n", "after": "requested\n"}
    assert first["diff"] == diff
    assert task.portal.revocations == [(NAME, "a long passphrase", SERIAL, None, False)]
    again = task.run()
    assert (again["changed"], again["status"], again["page"]) == (False, "requested", first["page"])
    assert again["diff"] == {**diff, "before": "requested\n"}
    task.list(entry("it", "revoked", serial=SERIAL, status_text="已註銷"))
    confirmed = task.run()
    assert (confirmed["changed"], confirmed["status"], confirmed["confirmed_by"]) == (False, "revoked", "portal")
    assert confirmed["portal_message"] == "已註銷"
    [path] = task.state.rglob("*.json")
    noted = records.read(path, revocations.Record, ("revoked",))
    assert [state for state, _at in noted.history] == ["submitting", "requested", "revoked"]
    for folder in (path.parent, path.parent.parent, task.state):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    task.list()
    assert task.run()["status"] == "revoked"
    assert len(task.portal.revocations) == 1


def test_the_passphrase_is_neither_in_the_page_nor_on_the_disk(task):
    assert "a long passphrase" not in repr(task.run())
    for path in task.state.rglob("*.json"):
        assert b"a long passphrase" not in path.read_bytes()


@pytest.mark.parametrize("spelling", ["5f3a0c", "0x5F3A0C", "5F:3A:0C", " 5F3A0C ", str(SERIAL)])
def test_spellings_of_the_serial_number(task, spelling):
    assert task.run(serial_number=spelling)["serial_number"] == "5F3A0C"


def test_a_number_that_means_two_certificates_is_refused(task):
    task.list(entry("a", "valid", serial=10), entry("b", "valid", serial=0x10))
    with pytest.raises(InputError, match="fits two certificates"):
        task.run(serial_number="10")
    assert task.portal.revocations == []


def test_another_serial_number_at_the_portal_is_refused(task):
    with pytest.raises(PortalError, match=r"lists 5F3A0C .* not the serial number AB \(decimal 171\)"):
        task.run(serial_number="AB")
    assert task.portal.revocations == []


def test_a_certificate_names_its_own_serial_number(task, tmp_path):
    certificate = pki.authority().leaf(pki.new_key(), (NAME,))
    task.list(entry("it", "valid", serial=certificate.serial_number))
    path = tmp_path / "cert.pem"
    path.write_text(pki.pem(certificate))
    assert task.run(True, serial_number=None, certificate_path=str(path))["changed"]
    upside_down = pki.pem(ISSUING.certificate) + pki.pem(certificate)
    assert task.run(serial_number=None, certificate_content=upside_down)["changed"]
    assert task.portal.revocations[0][2] == certificate.serial_number


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ({"serial_number": "xyz"}, InputError, "hexadecimal"),
        ({"serial_number": "0"}, InputError, "hexadecimal"),
        ({"serial_number": None, "certificate_path": "/nowhere/cert.pem"}, InputError, "cannot be read"),
        ({"serial_number": None, "certificate_content": "nothing"}, CertificateError, "holds no certificate"),
        ({"wait_timeout": -1}, InputError, "wait_timeout"),
        ({"still_served": ["www.example.com.tw"]}, InputError, "host:port"),
    ],
)
def test_wrong_input(task, params, error, message):
    with pytest.raises(error, match=message):
        task.run(**params)
    assert task.portal.revocations == []
    assert not list(task.state.rglob("*.json"))


def test_nothing_listed(task):
    task.list()
    result = task.run()
    assert (result["changed"], result["status"]) == (False, "not_found")
    assert "upper from lower case" in task.last.warnings[0]


def test_expired_needs_no_revocation(task):
    task.list(entry("it", "expired", serial=SERIAL))
    with pytest.raises(InputError, match="expired"):
        task.run()


def test_under_way_at_the_portal_is_requested(task):
    listed = entry("it", "valid", serial=SERIAL, status_text="註銷處理中")
    task.list(dataclasses.replace(listed, revocation_requested=True))
    result = task.run()
    assert (result["changed"], result["status"]) == (False, "requested")
    assert result["portal_message"] == "註銷處理中"
    assert task.portal.revocations == []


def test_still_served_stops_it_unless_forced(task):
    task.served = {"a:443": SERIAL, "b:443": 1, "[::1]:443": 1, "::1:443": 1}
    with pytest.raises(DeployError, match="a:443 still serves") as caught:
        task.run(still_served=["a:443", "b:443"])
    assert caught.value.details["still_serving"] == ["a:443"]
    assert task.portal.revocations == []
    assert task.run(still_served=["b:443", "[::1]:443"])["changed"]


def test_force(task):
    task.served = {"a:443": SERIAL}
    assert task.run(still_served=["a:443"], force=True)["changed"]
    assert "force is given" in task.last.warnings[0]


def test_an_endpoint_that_cannot_be_reached_is_warned_of(task):
    task.served = {"a:443": DeployError("no TLS handshake with a:443")}
    assert task.run(still_served=["a:443"])["changed"]
    assert "could not be asked" in task.last.warnings[0]


def test_check_mode_asks_for_nothing(task):
    predicted = task.run(check_mode=True)
    assert (predicted["changed"], predicted["status"]) == (True, "requested")
    assert task.portal.revocations == []
    assert not task.state.exists()


@pytest.mark.parametrize("status", ["revoked", "valid"])
def test_check_mode_notes_nothing_of_what_the_portal_knows(task, status):
    task.list(dataclasses.replace(entry("it", status, serial=SERIAL), revocation_requested=True))
    predicted = task.run(check_mode=True)
    assert (predicted["changed"], predicted["status"]) == (False, "revoked" if status == "revoked" else "requested")
    assert not list(task.state.rglob("*.json"))


def test_reason_and_paper_reach_the_portal_and_its_page_the_result(task):
    result = task.run(reason="金鑰外洩", by_paper=True)
    assert task.portal.revocations == [(NAME, "a long passphrase", SERIAL, "金鑰外洩", True)]
    assert result["page"] == f"<p>{NAME} {SERIAL} ********</p>"


def test_a_lost_answer_is_asked_again_only_while_the_portal_still_lists_it_as_valid(task):
    task.portal.on_commit = PortalUnreachableError("lost", sent=True)
    with pytest.raises(PortalUnreachableError):
        task.run()
    task.portal.on_commit = None
    task.list(entry("it", "revoked", serial=SERIAL))
    assert task.run()["status"] == "revoked"
    assert len(task.portal.revocations) == 1


def test_a_lost_answer_to_a_request_that_the_portal_took_is_told_by_its_refusal_of_a_second(task):
    task.portal.on_commit = PortalUnreachableError("lost", sent=True)
    with pytest.raises(PortalUnreachableError):
        task.run()
    task.portal.on_commit, task.portal.repeated = None, True
    result = task.run()
    assert (result["status"], result["changed"]) == ("requested", False)
    assert "已受理" in result["portal_message"]


def test_a_request_that_another_made_is_not_taken_for_this_certificates(task):
    task.portal.repeated = True
    for _run in range(2):
        with pytest.raises(PortalRefusedError, match="this journal does not know"):
            task.run()


def test_a_refused_request_leaves_nothing_behind(task):
    task.portal.on_commit = PortalRefusedError("no", "密碼錯誤")
    with pytest.raises(PortalRefusedError):
        task.run()
    assert not list(task.state.rglob("*.json"))


def test_waiting_ends_with_the_confirmation(task):
    revocation = task.revocation(wait_timeout=3600)

    def sleep(seconds):
        task.slept.append(seconds)
        task.list(entry("it", "revoked", serial=SERIAL))

    revocation._sleep = sleep
    result = revocation.run(check_mode=False)
    assert (result["status"], result["changed"], task.slept) == ("revoked", True, [60])
    [path] = task.state.rglob("*.json")
    assert records.read(path, revocations.Record, ("revoked",)).confirmed_by == "portal"


@pytest.mark.parametrize(
    ("text", "endpoint"), [("a:443", ("a", 443)), ("[::1]:8443", ("::1", 8443)), ("10.0.0.1:1", ("10.0.0.1", 1))]
)
def test_endpoints(text, endpoint):
    assert parse_endpoint(text) == endpoint


@pytest.mark.parametrize("text", ["a", ":443", "a:", "a:0", "a:65536", "a:https", "a:²", "a:" + "1" * 5000])
def test_wrong_endpoints(text):
    with pytest.raises(InputError):
        parse_endpoint(text)


def test_serial_numbers_of_a_hexadecimal_that_looks_decimal():
    assert serial_numbers("1033716735") == {1033716735, 0x1033716735}


def test_the_number_of_what_the_portal_lists_is_kept_of_one_that_may_mean_two(task):
    for meaning in serial_numbers("1033716735"):
        task.list(entry("it", "revoked", serial=meaning))
        assert task.run(serial_number="1033716735")["serial_number"] == f"{meaning:X}"
        assert task.run(serial_number=f"{meaning:X}")["status"] == "revoked"


class TestConfirmedByTheAuthority:
    """The portal lists the certificate as valid all the time."""

    @pytest.fixture
    def leaf(self, task):
        made = pki.authority().leaf(pki.new_key(), (NAME,), ocsp=OCSP, crl=CRL, issuers=ISSUER)
        task.portal.issue(made)
        return made

    @pytest.fixture
    def known(self, task, leaf):
        """The options that name it."""
        return {"serial_number": None, "certificate_content": pki.pem(leaf) + pki.pem(ISSUING.certificate)}

    def test_first_asked_then_confirmed(self, task, leaf, known):
        task.web.answers = {OCSP: lambda: ocsp_answer(leaf, revoked=False)}
        asked = task.run(**known)
        assert (asked["status"], asked["confirmed_by"]) == ("requested", None)
        task.web.answers = {OCSP: lambda: ocsp_answer(leaf)}
        confirmed = task.run(**known)
        assert (confirmed["changed"], confirmed["status"], confirmed["confirmed_by"]) == (False, "revoked", "ocsp")
        assert (confirmed["portal_message"], confirmed["page"]) == (asked["portal_message"], asked["page"])
        task.web.answers, task.web.asked = {}, []
        assert task.run(**known)["status"] == "revoked"
        assert task.web.asked == []
        assert len(task.portal.revocations) == 1

    def test_revoked_already_is_not_asked_for(self, task, leaf, known):
        task.web.answers = {CRL: lambda: revocation_list(leaf)}
        task.served = {"a:443": leaf.serial_number}
        predicted = task.run(check_mode=True, **known)
        result = task.run(still_served=["a:443"], **known)
        for one in (predicted, result):
            assert (one["changed"], one["status"], one["confirmed_by"]) == (False, "revoked", "crl")
        assert task.portal.revocations == []

    def test_what_the_portal_no_longer_lists(self, task, leaf, known):
        task.list()
        task.web.answers = {OCSP: lambda: ocsp_answer(leaf)}
        assert task.run(**known)["status"] == "revoked"

    def test_its_issuer_is_had_from_where_it_says(self, task, leaf, known):
        task.web.answers = {OCSP: lambda: ocsp_answer(leaf), ISSUER: lambda: pki.der(ISSUING.certificate)}
        assert task.run(**{**known, "certificate_content": pki.pem(leaf)})["confirmed_by"] == "ocsp"

    @pytest.mark.parametrize(
        "answers",
        [
            {},
            {OCSP: lambda: b"<html>", CRL: lambda: b""},
            {ISSUER: lambda: pki.pem(pki.authority().root.certificate).encode()},
        ],
    )
    def test_no_answer_is_warned_of_and_no_failure(self, task, known, leaf, answers):
        task.web.answers = answers
        result = task.run(**{**known, "certificate_content": pki.pem(leaf)})
        assert (result["changed"], result["status"]) == (True, "requested")
        assert "issuer" in task.last.warnings[0]
        assert task.run(**known)["status"] == "requested"
        assert f"whether {leaf.serial_number:X} is revoked: {OCSP}: " in task.last.warnings[0]

    def test_an_answer_of_somebody_else_does_not_count(self, task, leaf, known):
        task.web.answers = {OCSP: lambda: ocsp_answer(leaf, signer=pki.authority().root)}
        assert task.run(**known)["status"] == "requested"

    def test_the_journal_knows_the_certificate(self, task, leaf):
        journal = Journal(task.state)
        journal.write(issued(leaf))
        journal.write(issued(pki.authority().leaf(pki.new_key(), (NAME,))))
        task.web.answers = {OCSP: lambda: ocsp_answer(leaf)}
        assert task.run(serial_number=f"{leaf.serial_number:X}")["confirmed_by"] == "ocsp"
        assert task.portal.revocations == []

    def test_a_journal_that_cannot_be_read_stops_no_revocation(self, task, leaf):
        journal = Journal(task.state)
        journal.write(issued(leaf))
        for path in task.state.rglob("*.json"):
            path.write_text("{")
        assert task.run(serial_number=f"{leaf.serial_number:X}")["status"] == "requested"

    def test_the_portals_download_has_it_once_revocation_was_asked_for(self, task, leaf):
        task.web.answers = {OCSP: lambda: ocsp_answer(leaf), ISSUER: lambda: pki.der(ISSUING.certificate)}
        number = f"{leaf.serial_number:X}"
        assert task.run(serial_number=number)["changed"]
        assert task.web.asked == []
        assert task.run(serial_number=number)["confirmed_by"] == "ocsp"

    def test_what_the_portal_delivers_of_another_number_is_left_alone(self, task, leaf):
        other = pki.authority().leaf(pki.new_key(), (NAME,), ocsp=OCSP, issuers=ISSUER)
        task.portal.files = {one: [pki.pem(other).encode()] for one in task.portal.files}
        task.web.answers = {OCSP: lambda: ocsp_answer(other), ISSUER: lambda: pki.der(ISSUING.certificate)}
        for _run in range(2):
            assert task.run(serial_number=f"{leaf.serial_number:X}")["status"] == "requested"
        assert task.web.asked == []

    def test_a_certificate_of_another_name_is_refused(self, task, known):
        with pytest.raises(CertificateError, match="no certificate of mail.example.com.tw"):
            task.run(**{**known, "common_name": "mail.example.com.tw"})
