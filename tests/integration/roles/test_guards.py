# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stops a run before money is spent, and what a run may show."""

from __future__ import annotations

import pytest
from stage.example import NAME, PASSPHRASE


def test_name_claimed_by_two_hosts(stage):
    stage.add("web1", NAME)
    stage.add("web2", NAME)
    run = stage.fail()
    assert any("is claimed by web1, web2 with keys on web1, web2" in message for message in run.failures)
    assert (stage.orders, stage.requests) == (0, 0)
    assert not stage.place("web1").exists()


def test_certificates_under_a_name_that_is_misspelled(stage):
    stage.add("web1", twca_certificate=[{"common_name": NAME}])
    run = stage.run()
    assert "No host of this play has an entry in twca_certificates, so there is nothing to do." in run.messages
    stage.hosts["web1"]["twca_certificates"] = [{"common_name": NAME, "subject_alt_names": ["example.com.tw"]}]
    run = stage.fail()
    assert any("subject_alt_names" in str(task["result"]) for task in run.tasks if task["kind"] == "failed")
    assert (stage.orders, stage.requests) == (0, 0)


def test_too_many_orders(stage):
    for number in range(3):
        stage.add(f"web{number}", f"www{number}.example.com.tw")
    run = stage.fail(twca_max_orders=2)
    assert any("would order 3 certificates, and twca_max_orders is 2" in message for message in run.failures)
    assert (stage.orders, stage.requests) == (0, 0)

    stage.run(twca_max_orders=3)
    assert stage.orders == 3
    assert stage.run(twca_max_orders=0).changed == 0  # what is ordered already does not count


def test_no_order_allowed(stage):
    stage.add("web1", NAME)
    stage.fail(twca_allow_order=False)
    assert stage.orders == 0


def test_check_mode_on_a_fresh_host(stage):
    stage.add("web1", NAME)
    run = stage.run("--check", "--diff")
    assert f"{NAME} would be ordered from TWCA (missing)." in run.messages
    assert (stage.orders, stage.requests) == (0, 0)
    assert not stage.place("web1").exists()
    assert not (stage.directory / "state").exists()


def test_check_mode_before_each_step(stage):
    """What check mode says leaves everything as it is, whatever is due."""
    stage.add("web1", NAME)
    stage.run()
    for prepare in (lambda: None, lambda: stage.simulator.approve(NAME)):
        prepare()
        before = sorted(stage.place("web1").rglob("*"))
        stage.run("--check", "--diff")
        assert sorted(stage.place("web1").rglob("*")) == before
    stage.run()
    stage.run("--check", "--diff", twca_renew_within="365d")
    assert stage.orders == 1


def test_wrong_variables(stage):
    stage.add("web1", twca_certificates=[{"common_name": NAME, "subject_alt_names": [NAME]}])
    run = stage.fail()
    assert "subject_alt_names" in "".join(run.failures)
    assert stage.requests == 0


@pytest.mark.parametrize("own", [False, True])
def test_secrets_stay_secret(stage, own):
    """Neither the passphrase, shared or of one entry, nor a key shows in the most talkative output."""
    stage.add("web1", NAME)
    secret = "a passphrase of its own" if own else PASSPHRASE
    if own:
        stage.hosts["web1"]["twca_certificates"][0].update(passphrase=secret, pkcs12_passphrase="bundled secretly")
    stage.simulator.configure(approve_after=0)
    outputs = [stage.run("-vvv", "--diff").output for _ in range(3)]
    key = (stage.place("web1") / "live/privkey.pem").read_text().splitlines()[1]
    for output in outputs:
        assert secret not in output
        assert "bundled secretly" not in output
        assert "PRIVATE KEY" not in output
        assert key not in output
