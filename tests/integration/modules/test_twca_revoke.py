# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Revocation through the portal, both skins (manual §4.5)."""

from __future__ import annotations

import shutil

from ordering import NAME


def test_requested_then_confirmed(desk):
    serial = desk.issue()["serial_number"]
    predicted = desk.revoke(check=True, serial_number=serial)
    assert (predicted["changed"], predicted["status"]) == (True, "requested")
    assert desk.simulator.revocations() == []

    asked = desk.revoke(serial_number=serial)
    assert (asked["changed"], asked["status"]) == (True, "requested")
    assert NAME in asked["page"]
    assert len(desk.simulator.revocations()) == 1
    again = desk.revoke(serial_number=serial)
    assert (again["changed"], again["status"], again["page"]) == (False, "requested", asked["page"])

    desk.simulator.confirm_revocation(NAME)
    confirmed = desk.revoke(serial_number=serial)
    assert (confirmed["changed"], confirmed["status"]) == (False, "revoked")
    assert len(desk.simulator.revocations()) == 1


def test_what_the_authority_says_counts_before_the_portal_lists_it(desk):
    desk.simulator.configure(show_revoked=False)
    issued = desk.issue()
    by_number = {"serial_number": issued["serial_number"]}
    elsewhere = {"certificate_content": issued["certificate"], "state_dir": str(desk.directory / "other")}
    assert desk.revoke(check=True, **elsewhere)["status"] == "requested"
    assert desk.revoke(**by_number)["confirmed_by"] is None
    assert desk.revoke(**by_number)["status"] == "requested"
    desk.simulator.confirm_revocation(NAME)

    def is_known(result):
        assert (result["changed"], result["status"], result["confirmed_by"]) == (False, "revoked", "ocsp"), str(result)

    is_known(desk.revoke(**elsewhere))
    is_known(desk.revoke(check=True, **by_number))  # by what the journal of orders holds
    shutil.rmtree(desk.state / "orders")
    is_known(desk.revoke(**by_number))  # by the portal's download
    assert len(desk.simulator.revocations()) == 1


def test_of_two_certificates_only_a_choice_or_paper_revokes_one(desk):
    first = desk.issue()
    assert desk.install(first)["changed"]
    second = desk.renew()
    assert [one["serial_number"] for one in second["superseded"]] == [first["serial_number"]]

    refused = desk.revoke(serial_number=first["serial_number"])
    assert refused.failed
    assert "by_paper" in refused["msg"]
    assert desk.simulator.revocations() == []

    on_paper = desk.revoke(serial_number=first["serial_number"], by_paper=True)
    assert on_paper["status"] == "requested"


def test_of_two_certificates_the_one_chosen_is_revoked(desk):
    desk.simulator.configure(revocation_choice=True)
    first = desk.issue()
    assert desk.install(first)["changed"]
    second = desk.renew()
    # Both skins ask which one only after the name was sent, when they might as well have revoked either.
    asked = desk.revoke(certificate_content=first["certificate"], by_paper=True)
    assert (asked["changed"], asked["status"]) == (True, "requested")
    desk.simulator.confirm_revocation(NAME)
    assert desk.revoke(certificate_content=first["certificate"])["status"] == "revoked"
    untouched = desk.revoke(check=True, certificate_content=second["certificate"])
    assert (untouched["changed"], untouched["status"]) == (True, "requested")


def test_wrong_input_revokes_nothing(desk):
    serial = desk.issue()["serial_number"]
    for options, says in (
        ({"serial_number": "ABCDEF"}, "not the serial number"),
        ({"serial_number": serial, "passphrase": "wrong horse"}, "密碼"),
        ({"serial_number": serial, "passphrase": None}, "passphrase"),
        ({"serial_number": "no number"}, "hexadecimal"),
    ):
        result = desk.revoke(**options)
        assert result.failed, result
        assert says in result["msg"]
        assert "Traceback" not in result.stdout + result.stderr
    assert desk.simulator.revocations() == []


def test_names_are_case_sensitive_at_the_portal(desk):
    serial = desk.issue()["serial_number"]
    result = desk.revoke(serial_number=serial, common_name=NAME.upper())
    assert (result["changed"], result["status"]) == (False, "not_found")
