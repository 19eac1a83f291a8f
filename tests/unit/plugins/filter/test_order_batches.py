# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.twca.ssl.plugins.filter.order_batches import FilterModule

order_batches = FilterModule().filters()["order_batches"]


def host(number, requests=1, **counter):
    names = [f"www{n}.host{number}.tw" for n in range(requests)]
    return {
        "host": f"host{number}",
        "counter": {"portal_host": "localhost", "portal": {}, **counter},
        "requests": [{"common_name": name, "reason": "due", "request": {"csr_content": name}} for name in names],
    }


def test_all_hosts_go_together_so_many_at_a_time():
    batches = order_batches([host(n, requests=2) for n in range(5)], 4)
    assert [len(batch["requests"]) for batch in batches] == [4, 4, 2]
    assert [batch["span"] for batch in batches] == ["1 to 4 of 10", "5 to 8 of 10", "9 to 10 of 10"]
    assert [(batch["first"], batch["total"]) for batch in batches] == [(1, 10), (5, 10), (9, 10)]
    for batch in batches:
        assert batch["portal_host"] == "localhost"
        for request, owner in zip(batch["requests"], batch["owners"]):
            assert request["csr_content"] == owner["common_name"]
            assert owner["common_name"].endswith(f".{owner['host']}.tw")


def test_as_many_as_go_together():
    (batch,) = order_batches([host(n) for n in range(50)])
    assert len(batch["requests"]) == 50


def test_what_goes_elsewhere_goes_alone():
    """The order of the keys does not make a difference."""
    hosts = [
        host(1, portal={"portal_url": "https://a/", "state_dir": "/s"}),
        host(2, portal={"portal_url": "https://b/", "state_dir": "/s"}),
        host(3, portal={"state_dir": "/s", "portal_url": "https://a/"}),
        host(4, become=True),
    ]
    batches = order_batches(hosts)
    assert [[owner["host"] for owner in batch["owners"]] for batch in batches] == [
        ["host1", "host3"],
        ["host2"],
        ["host4"],
    ]
    assert batches[0]["portal"]["portal_url"] == "https://a/"


def test_one_is_called_by_its_name():
    (batch,) = order_batches([host(1)])
    assert batch["span"] == "www0.host1.tw"


def test_nothing_is_no_batch():
    assert order_batches([host(1, requests=0)]) == order_batches([]) == []


def test_what_are_no_requests():
    with pytest.raises(AnsibleFilterError, match="These are not the requests of hosts"):
        order_batches([{"host": "web1"}])
