# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.twca.ssl.plugins.module_utils._report import metrics

ROW = {
    "host": 'web"1\\',
    "common_name": "www.example.com.tw",
    "not_before": "2026-09-08T00:00:00Z",
    "renew_from": "2027-01-18T00:00:00Z",
    "not_after": "2027-03-25T00:00:00Z",
    "state": "broken",
    "kinds": ["chain"],
    "order": None,
}
LABELS = r'certificate_host="web\"1\\",common_name="www.example.com.tw"'


def samples(*rows):
    text = metrics.render({"generated_at": "2026-11-23T04:00:00Z", "certificates": list(rows)})
    assert text.endswith("\n")
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


def test_a_certificate():
    found = samples(ROW)
    assert found["twca_report_timestamp_seconds"] == "1795406400"
    assert found[f"twca_certificate_not_after_timestamp_seconds{{{LABELS}}}"] == "1805932800"
    assert found[f'twca_certificate_problem{{{LABELS},problem="chain"}}'] == "1"
    assert found[f'twca_certificate_problem{{{LABELS},problem="expired"}}'] == "0"
    assert found[f'twca_certificate_state{{{LABELS},state="broken"}}'] == "1"
    assert found[f'twca_certificate_state{{{LABELS},state="ok"}}'] == "0"


def test_no_certificate_has_no_times():
    found = samples({**ROW, "not_before": None, "renew_from": None, "not_after": None})
    assert not any("certificate_not_after" in name for name in found)
    assert any("certificate_state" in name for name in found)


def test_an_order_on_two_hosts_and_on_none_is_one_series():
    order = {"state": "accepted", "since": "2026-11-20T01:00:00Z"}
    found = samples({**ROW, "order": order}, {**ROW, "host": "web2", "order": order})
    name = 'twca_order_pending_since_timestamp_seconds{common_name="www.example.com.tw",state="accepted"}'
    assert [key for key in found if key.startswith("twca_order")] == [name]
    alone = samples({**ROW, "host": "", "order": order})
    assert set(alone) == {"twca_report_timestamp_seconds", name}
