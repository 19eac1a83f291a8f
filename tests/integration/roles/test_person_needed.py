# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One certificate that needs a person does not keep the others from being installed."""

from __future__ import annotations

from stage.example import NAME

OTHER = "shop.example.com.tw"


def test_rejected_order_beside_an_issued_one(stage):
    stage.hosts["web1"] = {"twca_server": "none", "twca_certificates": [{"common_name": OTHER}, {"common_name": NAME}]}
    stage.run()
    stage.simulator.reject(OTHER, "公司統一編號與申請單不符")
    stage.simulator.approve(NAME)
    run = stage.fail()
    assert any(f"TWCA rejected the order for {OTHER}" in message for message in run.failures)
    assert (stage.place("web1", NAME) / "live/cert.pem").exists()
    assert stage.fail().failures == run.failures


def test_a_key_that_cannot_be_made_beside_an_issued_one(stage):
    stage.hosts["web1"] = {"twca_server": "none", "twca_certificates": [{"common_name": OTHER}, {"common_name": NAME}]}
    stage.run()
    stage.simulator.approve(NAME)
    request = stage.place("web1", OTHER) / "pending/request.csr"
    request.write_text("nothing")
    run = stage.fail()
    assert any("is broken" in message and str(request.parent) in message for message in run.failures)
    assert (stage.place("web1", NAME) / "live/cert.pem").exists()
