# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook twca.ssl.revoke: replace first, prove, then revoke."""

from __future__ import annotations

from stage.ansible import ROOT
from stage.example import NAME

REVOKE = ROOT / "playbooks/revoke.yml"


def revoke(stage, serial_number, **extra):
    variables = {"twca_revoke_name": NAME, "twca_revoke_serial_number": serial_number, "twca_revoke_by_paper": True}
    return stage.ansible.run(playbook=REVOKE, extra={**variables, **extra})


def test_replaced_proven_then_revoked(installed):
    installed.simulator.configure(approve_after=None)
    old = installed.certificate("web1")
    serial_number = f"{old.serial_number:X}"

    first = revoke(installed, serial_number)
    assert first.rc == 0, first.output
    assert any("is not revoked yet: web1" in message for message in first.messages)
    assert (installed.orders, installed.simulator.revocations()) == (2, [])
    assert installed.certificate("web1") == old

    installed.simulator.approve(NAME)
    page = installed.directory / "confirmation.html"
    second = revoke(installed, serial_number, twca_revoke_page=str(page))
    assert second.rc == 0, second.output
    assert installed.certificate("web1") != old
    assert len(installed.simulator.revocations()) == 1
    assert NAME in page.read_text("utf-8")

    requests = len(installed.simulator.revocations())
    again = revoke(installed, serial_number, twca_revoke_page=str(page))
    assert (again.rc, again.changed, len(installed.simulator.revocations())) == (0, 0, requests), again.output
    assert installed.orders == 2

    installed.simulator.confirm_revocation(NAME, old.serial_number)
    confirmed = revoke(installed, serial_number)
    assert any("revoked" in message for message in confirmed.messages), confirmed.messages


def test_without_a_number_nothing_is_done(installed):
    run = installed.ansible.run(playbook=REVOKE, extra={"twca_revoke_name": NAME})
    assert run.rc != 0
    assert any("twca_revoke_serial_number=" in message for message in run.failures)
    assert installed.orders == 1
