# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import json

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.twca.ssl.plugins.filter import fleet_metrics, fleet_page, fleet_report


def test_the_filters_are_found():
    assert set(fleet_report.FilterModule().filters()) == {"fleet_report"}
    assert set(fleet_page.FilterModule().filters()) == {"fleet_page"}
    assert set(fleet_metrics.FilterModule().filters()) == {"fleet_metrics"}


@pytest.mark.parametrize("hosts", [[], [{}]])
def test_nothing_was_looked_at(hosts):
    document = fleet_report.fleet_report(hosts, now="2026-11-23T04:00:00Z")
    assert document["summary"]["total"] == 0
    file = base64.b64encode(json.dumps(document).encode()).decode()
    for previous in (document, file):
        assert fleet_report.fleet_report([], previous=previous)["previous_at"] == "2026-11-23T04:00:00Z"


CLAIM = {"common_name": "a.example.com.tw", "directory": "/d", "renew_within": "soon", "served": False}
CERTIFICATE = {
    "source": "/d",
    "subject_alt_name": [],
    "serial_number": "AB",
    "issuer": "CN=A",
    "not_before": "2026-09-08T00:00:00Z",
    "not_after": "2027-03-25T00:00:00Z",
}
HOST = {
    "host": "web1",
    "claims": [CLAIM],
    "looks": [{"directories": ["/d"], "certificates": [CERTIFICATE], "error": ""}],
}


@pytest.mark.parametrize(
    ("hosts", "options", "message"),
    [
        ([], {"previous": {"format": 0}}, "damaged or of another format"),
        *(
            ([], {"previous": base64.b64encode(text).decode()}, "damaged or of another format; move report.json away")
            for text in (
                b"",
                b"{",
                b"[" * 100_000,
                b"[]",
                b"\xff",
                b'{"format": 1}',
                b'{"format": 1, "generated_at": "2026-11-23T04:00:00Z", "certificates": [1]}',
                b'{"format": 1, "generated_at": "soon", "certificates": []}',
            )
        ),
        ([], {"previous": "no base64!"}, "damaged or of another format"),
        ([], {"now": "yesterday"}, "now is 'yesterday'"),
        ([HOST], {}, "renew_within"),
    ],
)
def test_mistakes_are_a_sentence(hosts, options, message):
    with pytest.raises(AnsibleFilterError, match=message):
        fleet_report.fleet_report(hosts, **options)
