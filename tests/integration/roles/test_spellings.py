# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names in any spelling, and secrets that are words of a name: what is paid for is installed."""

from __future__ import annotations

import pytest
from stage.example import NAME

ASCII = "xn--kpry57d.example.com.tw"


@pytest.mark.parametrize(
    ("written", "canonical"), [("台灣．ｅｘａｍｐｌｅ.com.tw", ASCII), (f"DNS:{NAME}", NAME)], ids=["script", "prefix"]
)
def test_a_name_that_is_not_canonical_is_installed_and_served(stage, written, canonical):
    stage.add("web1", written)
    stage.simulator.configure(approve_after=0)
    said = stage.run().messages
    if canonical == ASCII:
        assert any(f"{ASCII} (台灣.example.com.tw)" in message for message in said)
    stage.run()
    (block,) = stage.servers["web1"].sites.iterdir()
    assert f"server_name {canonical};" in block.read_text("utf-8")
    assert stage.certificate("web1", canonical).subject.rfc4514_string().startswith(f"CN={canonical}")
    assert (stage.run().changed, stage.orders) == (0, 1)


def test_a_directory_that_was_named_as_the_entry_is_written(stage):
    """An order that was placed before names were canonical: its key is found, and its certificate is installed."""
    stage.hosts["web1"] = {"twca_server": "none", "twca_certificates": [{"common_name": ASCII}]}
    stage.simulator.configure(approve_after=0)
    stage.run()
    stage.place("web1", ASCII).rename(stage.place("web1", "台灣.example.com.tw"))
    stage.hosts["web1"]["twca_certificates"] = [{"common_name": "台灣.example.com.tw"}]
    predicted = stage.run("--check")
    assert not any("would be ordered" in message for message in predicted.messages)
    stage.run()
    assert (stage.place("web1", ASCII) / "live/fullchain.pem").exists()
    assert not stage.place("web1", "台灣.example.com.tw").exists()
    assert (stage.run().changed, stage.orders) == (0, 1)


def test_a_secret_that_is_a_word_of_a_name_stops_its_own_host_and_no_other(stage):
    stage.ansible.variables.update(twca_server="none")
    for number, more in enumerate([{}, {"passphrase": "example"}]):
        entry = {"common_name": f"www{number}.example.com.tw", **more}
        stage.hosts[f"web{number}"] = {"twca_certificates": [entry]}
    run = stage.fail()
    assert any("passphrase is part of" in message for message in run.failures), run.failures
    assert [order["name"] for order in stage.simulator.orders()] == ["www0.example.com.tw"]
    assert (run.stats["web0"]["failures"], run.stats["web1"]["failures"]) == (0, 1)
