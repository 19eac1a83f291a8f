# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What acts once names what it acts on, so that a line left in an inventory orders once."""

from __future__ import annotations

import datetime
import re

import pytest
from stage.example import NAME


@pytest.fixture
def lone(stage):
    """A host without a server."""
    stage.hosts["web1"] = {"twca_server": "none", "twca_certificates": [{"common_name": NAME}]}
    return stage


def test_renewed_once(lone):
    lone.simulator.configure(approve_after=0)
    lone.run()
    lone.run()
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)
    lone.hosts["web1"]["twca_renew_before"] = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    for _ in range(3):
        lone.run()
    assert lone.orders == 2
    assert lone.run().changed == 0


def test_discarded_once(lone):
    lone.run()
    lone.simulator.reject(NAME, "聯絡人資料不符")
    (said,) = [message for message in lone.fail().failures if "TWCA rejected" in message]
    words = re.search(r"-e (twca_discard)=([0-9a-f]{8})\b", said)
    assert words, said

    # The very words of the message; and then left in the inventory for good.
    lone.run("-e", f"{words[1]}={words[2]}")
    assert lone.orders == 2
    lone.hosts["web1"]["twca_discard"] = [words[2]]
    lone.run()
    assert lone.orders == 2


def test_a_key_whose_order_may_still_be_issued_is_kept_unless_that_is_accepted(lone):
    lone.run()
    key = (lone.place("web1") / "pending/privkey.pem").read_bytes()
    (record,) = (lone.directory / f"state/orders/{NAME}").glob("*.json")
    said = lone.fail(twca_discard=record.stem[:8]).failures
    assert any("may still become a certificate" in message for message in said), said
    assert (lone.place("web1") / "pending/privkey.pem").read_bytes() == key

    lone.run(twca_discard=record.stem[:8], twca_discard_accepted=True)
    assert (lone.place("web1") / "pending/privkey.pem").read_bytes() != key
    assert lone.orders == 2


@pytest.mark.parametrize(
    ("option", "instead"), [("force_renew", "renew_before"), ("discard_pending", "discard")], ids=str
)
def test_switches_that_would_act_in_every_run_are_refused(lone, option, instead):
    lone.hosts["web1"]["twca_certificates"][0][option] = True
    (said,) = lone.fail().failures
    assert f"{option} would" in said
    assert f"write {instead} " in said
    del lone.hosts["web1"]["twca_certificates"][0][option]
    lone.hosts["web1"][f"twca_{option}"] = True
    (said,) = lone.fail().failures
    assert f"twca_{option} would" in said
    assert (lone.orders, lone.requests) == (0, 0)
