# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import module_runner
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import (
    ACCEPTED,
    PREPARED,
    SUBMITTING,
    Journal,
    Record,
)

NAMES = ("b.example.com.tw", "*.a.example.com.tw")


@pytest.fixture
def state_dir(tmp_path):
    journal = Journal(tmp_path)
    for name in NAMES:
        record = Record(name, "ab" * 32, PREPARED, "apply", "a CSR with nothing to hide").moved(PREPARED)
        journal.write(record.moved(SUBMITTING).moved(ACCEPTED, portal_message="作業成功"))
    return tmp_path


def test_all_orders_by_name(state_dir):
    result = module_runner.run("twca_order_info", state_dir=str(state_dir))
    assert result["changed"] is False
    assert [order["common_name"] for order in result["orders"]] == sorted(NAMES)
    order = result["orders"][0]
    assert (order["state"], order["operation"], order["portal_message"]) == ("accepted", "apply", "作業成功")
    assert order["changed_at"] == order["accepted_at"]
    assert order["submitted_at"]
    assert order["issued_at"] is order["serial_number"] is None
    assert "csr" not in order


def test_the_orders_of_one_name(state_dir):
    result = module_runner.run("twca_order_info", state_dir=str(state_dir), common_name=NAMES[1], check=True)
    assert [order["common_name"] for order in result["orders"]] == [NAMES[1]]


def test_no_journal_is_no_order(tmp_path):
    assert module_runner.run("twca_order_info", state_dir=str(tmp_path / "none"))["orders"] == []


def test_the_state_directory_from_the_environment(state_dir, monkeypatch):
    monkeypatch.setenv("TWCA_STATE_DIR", str(state_dir))
    assert len(module_runner.run("twca_order_info")["orders"]) == 2


def test_a_journal_that_cannot_be_read_is_said(state_dir):
    path = next(state_dir.glob("orders/*/*.json"))
    path.write_text("{")
    with pytest.raises(module_runner.Failed, match="may be all that is known of a paid order"):
        module_runner.run("twca_order_info", state_dir=str(state_dir))
