# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order, end to end: the modules as processes, the portal over TLS, both skins."""

from __future__ import annotations

import signal
import subprocess
import time

import pytest
from ordering import NAME, OTHER_PERSON, PERSON


@pytest.mark.parametrize("show_pending", [True, False])
def test_from_application_to_renewal(desk, csr, show_pending):
    desk.simulator.configure(show_pending=show_pending)
    first = desk.obtain(csr)
    assert (first["status"], first["operation"], first["changed"]) == ("pending", "apply", True), str(first)
    assert "作業成功" in first["order"]["portal_message"]
    again = desk.obtain(csr)
    assert (again["status"], again["changed"]) == ("pending", False), again
    assert len(desk.orders) == 1

    desk.simulator.approve(NAME)
    came = desk.obtain(csr)
    assert (came["status"], came["operation"]) == ("issued", "download"), came
    assert len(came["chain"]) == 2
    assert desk.install(came)["changed"]
    settled = desk.obtain(csr)
    assert (settled["changed"], settled["portal_requests"]) == (False, 0)
    assert desk.csr()["needed"] is False

    renewal = desk.csr(force_renew=True)
    assert renewal["reason"] == "forced"
    ordered = desk.obtain(renewal["csr"])
    assert (ordered["status"], ordered["operation"]) == ("pending", "renew"), ordered
    desk.simulator.approve(NAME)
    renewed = desk.obtain(renewal["csr"])
    assert renewed["status"] == "issued", renewed
    assert renewed["serial_number"] != came["serial_number"]
    assert desk.install(renewed)["changed"]
    assert len(desk.orders) == 2


def test_what_the_officer_reads_is_what_was_given(desk, csr):
    assert not desk.obtain(csr).failed
    [order] = desk.orders
    told = repr(order)
    for value in [*PERSON.values(), *OTHER_PERSON.values()]:
        assert value in told


def test_six_runs_at_once_make_one_order(desk, csr):
    running = [desk.start(csr) for _run in range(6)]
    results = [desk.modules.finish(one) for one in running]
    assert [one.json.get("status") for one in results] == ["pending"] * 6, results
    assert sum(one["changed"] for one in results) == 1
    assert len(desk.orders) == 1


@pytest.mark.parametrize("fault", ["lost_after", "lost_before"])
@pytest.mark.parametrize("show_pending", [True, False])
def test_a_lost_answer_to_the_order_is_never_a_second_order(desk, csr, fault, show_pending):
    desk.simulator.configure(show_pending=show_pending)
    desk.simulator.fault(fault, step="payment", method="POST")
    first = desk.obtain(csr)
    known = fault == "lost_after" and show_pending
    for result in (first, desk.obtain(csr), desk.obtain(csr)):
        assert result.failed is not known, result
        if not known:
            assert "twca.ssl.twca_order: common_name=" in result["msg"]
    assert len(desk.orders) == (fault == "lost_after")
    if fault == "lost_after":
        desk.simulator.approve(NAME)
        assert desk.obtain(csr)["status"] == "issued"


def test_killed_between_commit_and_answer(desk, csr):
    desk.simulator.fault("slow", step="payment", method="POST", after=True, seconds=30)
    process = desk.start(csr)
    deadline = time.monotonic() + 60
    while not desk.orders and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert len(desk.orders) == 1
    result = desk.obtain(csr)
    assert (result["status"], result["operation"]) == ("pending", "none"), result
    assert len(desk.orders) == 1


def test_rejection_is_a_failure_with_the_officers_reason(desk, csr):
    desk.obtain(csr)
    desk.simulator.reject(NAME, "公司印鑑不符")
    for _run in range(2):
        result = desk.obtain(csr)
        assert result.failed
        assert result["status"] == "rejected"
        assert "公司印鑑不符" in result["msg"]
    assert len(desk.orders) == 1


@pytest.mark.parametrize("kind", ["wrong_key", "expired", "names_missing", "foreign_chain", "no_server_auth"])
def test_wrong_certificates_are_not_accepted(desk, csr, kind):
    desk.obtain(csr)
    desk.simulator.approve(NAME)
    desk.simulator.fault(kind, times=None)
    result = desk.obtain(csr)
    assert result.failed, result
    assert "is not used" in result["msg"]
    desk.simulator.clear_faults()
    assert desk.obtain(csr)["status"] == "issued"


def test_an_echo_that_differs_stops_the_order(desk, csr):
    desk.simulator.fault("echo_differs", value="Somebody Else Ltd.")
    result = desk.obtain(csr)
    assert result.failed
    assert "Somebody Else Ltd." in result["msg"]
    assert desk.orders == []


def test_an_offsite_redirect_gets_nothing_secret(desk, csr):
    desk.simulator.fault("offsite_redirect", method="POST", times=None)
    result = desk.obtain(csr)
    assert result.failed
    assert desk.simulator.leaks() == []
    assert desk.orders == []


def wrong(**options):
    return options


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (wrong(technical_contact={**PERSON, "fax": ""}), "technical_contact.fax"),
        (wrong(technical_contact={**PERSON, "email": "nobody"}), "technical_contact.email"),
        (wrong(technical_contact={**PERSON, "tax_id": "70759029"}), "technical_contact.tax_id"),
        (wrong(business_contact=PERSON), "two persons"),
        (wrong(technical_contact={**PERSON, "city": "臺北縣市"}), "臺北縣市"),
        (wrong(passphrase="12345"), "passphrase"),
        (wrong(server_software="Gopher 9"), "Gopher 9"),
        (wrong(portal_ca_path=None), "not trusted"),
        (wrong(portal_url="https://127.0.0.1:9/"), "127.0.0.1:9"),
        (wrong(csr="-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"), "CSR"),
    ],
)
def test_wrong_input_is_one_sentence_no_order_and_nothing_written(desk, csr, options, says):
    options = dict(options)
    result = desk.obtain(options.pop("csr", csr), **options)
    assert result.failed
    assert says in result["msg"]
    assert "Traceback" not in result.stdout + result.stderr
    assert desk.orders == []
    assert not list(desk.state.rglob("*.json"))


def test_a_payment_that_the_portal_asks_for_too_late_leaves_the_order_to_a_person(desk, csr):
    """Step 4 may be asked by a portal that took the order with step 3, so only TWCA can tell."""
    for _run in range(2):
        result = desk.obtain(csr, payment_method="比特幣")
        assert result.failed
        assert result["order"]["state"] == "uncertain"
    first = desk.obtain(csr)
    assert "twca.ssl.twca_order: common_name=" in first["msg"]
    assert desk.orders == []
    word = {"common_name": NAME, "public_key_sha256": first["public_key_sha256"][:8], "state": "not_placed"}
    assert desk.modules.run("twca_order", **word, state_dir=str(desk.state))["changed"]
    assert desk.obtain(csr)["operation"] == "apply"
    assert len(desk.orders) == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (wrong(organization="範例公司"), "organization"),
        (wrong(key_type="RSA", key_size=1024), "key_size"),
        (wrong(country="TWN"), "country"),
        (wrong(common_name="www..example"), "www..example"),
        (wrong(renew_within="soon"), "renew_within"),
    ],
)
@pytest.mark.parametrize("skin", ["modern"])
def test_a_wrong_csr_is_not_made(desk, options, says):
    result = desk.csr(**options)
    assert result.failed
    assert says in result["msg"]
    assert not desk.directory.exists() or not list(desk.directory.rglob("*.pem"))


def test_the_passphrase_leaves_no_trace(desk, csr):
    result = desk.obtain(csr)
    assert "correct horse" not in result.stdout + result.stderr
    found = subprocess.run(["grep", "-r", "correct horse", str(desk.state)], check=False, capture_output=True)
    assert found.returncode == 1
