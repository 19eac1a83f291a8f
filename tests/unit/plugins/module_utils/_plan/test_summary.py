# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan.summary import Summary

NOW = datetime.datetime(2026, 11, 28, 12, tzinfo=datetime.timezone.utc)
AGAIN = "Run this playbook again to collect and install what is awaited."
NGINX = {"name": "nginx", "advice": "include /x.conf in the server's own block"}


def plan(due=None, renewals=None, busy=("web1",), silent=(), may_order=True):
    run = {"busy": list(busy), "silent": list(silent), "renewals": renewals or {}}
    return {"due": due or {}, "may_order": may_order, "run": run}


def look(*names, **seen):
    return {"claims": [{"common_name": name, "shown": name} for name in names], "certificates": [seen] * len(names)}


def answer(name="a.tw", status="pending", operation="none", renewal=False, reason="missing", **more):
    order = {"accepted_at": "2026-11-26T10:19:00Z"}
    return {
        "host": "web1",
        "common_name": name,
        "shown": name,
        "status": status,
        "operation": operation,
        "changed": operation != "none",
        "renewal": renewal,
        "reason": reason,
        "order": order,
        **more,
    }


ISSUED = answer(
    status="issued", operation="download", not_before="2026-11-28T00:00:00Z", not_after="2027-06-14T00:00:00Z"
)


def placed(name="a.tw", *, changed=True, served=True, in_use=True, not_after="2027-06-14T00:00:00Z"):
    result = {
        "changed": changed,
        "served": {"serial_number": "5F"} if served else None,
        "not_after": not_after,
        "configuration": {"in_use": in_use},
    }
    return {"shown": name, "server": NGINX, "result": result}


def told(fleet, alive=None, check=False, **hosts):
    return Summary(fleet, hosts, alive if alive is not None else list(hosts), check=check, now=NOW).lines()


class TestNothing:
    def test_one_line_for_all(self):
        renewals = {"a.tw": "2027-04-10T00:00:00Z", "b.tw": "2027-02-01T00:00:00Z"}
        assert told(plan(renewals=renewals, busy=())) == [
            "Nothing is due: 2 certificates are in order. The next renewal is due from 2027-02-01 (b.tw)."
        ]
        assert told(plan(renewals={"a.tw": None}, busy=())) == ["Nothing is due: 1 certificate is in order."]

    def test_what_was_looked_at_again_and_is_in_order_is_no_news(self):
        lines = told(plan(renewals={"a.tw": None}), web1={"look": look("a.tw"), "placed": [placed(changed=False)]})
        assert lines == ["Nothing is due: 1 certificate is in order."]

    def test_no_entry(self):
        (line,) = told(plan(busy=()))
        assert line.startswith("No host of this play has an entry in twca_certificates")

    def test_hosts_that_could_not_be_looked_at(self):
        lines = told(plan(renewals={"a.tw": None}, busy=(), silent=["web2", "web3"]))
        assert lines == ["2 hosts could not be looked at: web2, web3.", "Nothing is due: 1 certificate is in order."]
        assert told(plan(busy=(), silent=["web2"])) == ["1 host could not be looked at: web2."]


class TestOrders:
    def test_ordered_now(self):
        lines = told(plan(due={"web1": ["a.tw"]}), web1={"look": look("a.tw"), "answers": [answer(operation="apply")]})
        assert lines == ["a.tw was ordered (new) and is awaited from TWCA since 2026-11-26 10:19 UTC (2 days).", AGAIN]

    def test_a_renewal_among_others(self):
        answers = [
            answer(operation="renew", renewal=True, reason="due"),
            answer("b.tw", order={"submitted_at": "2026-11-28T11:00:00Z"}),
            answer("c.tw", operation="********", order={}),  # masked
        ]
        lines = told(plan(renewals={"d.tw": "2027-01-01T00:00:00Z"}), web1={"look": look("a.tw"), "answers": answers})
        assert lines == [
            "b.tw is awaited from TWCA since 2026-11-28 11:00 UTC.",
            "a.tw was ordered (renewal: due) and is awaited from TWCA since 2026-11-26 10:19 UTC (2 days).",
            "c.tw was ordered (new) and is awaited from TWCA.",
            "4 certificates: 1 awaited, 2 ordered (1 renewal, 1 new), 1 in order. The next renewal is due from 2027-01-01 (d.tw). "
            + AGAIN,
        ]

    def test_check_mode_tells_totals(self):
        unmade = [
            {"common_name": name, "shown": name, "reason": "names_changed", "renewal": True}
            for name in ("a.tw", "b.tw", "c.tw")
        ]
        lines = told(plan(), check=True, web1={"unmade": unmade, "answers": [answer("d.tw", operation="apply")]})
        assert lines[0] == "a.tw would be ordered from TWCA (renewal: names changed)."
        assert lines[-1] == "4 certificates would be ordered: 3 renewals, 1 new."

    def test_an_order_that_is_not_allowed_needs_nobody(self):
        refused = answer(
            status="failed", operation="none", would_order={"operation": "apply"}, msg="allow_order is false"
        )
        lines = told(plan(), web1={"look": look("a.tw"), "answers": [refused], "person_needed": [refused]})
        assert lines == [
            "a.tw would be ordered from TWCA (new).",
            "Nothing was ordered, since twca_allow_order is false. 1 certificate would be ordered: 1 new.",
        ]

    def test_what_needs_a_person_comes_last(self):
        answers = [answer(status="failed", msg="TWCA rejected it."), ISSUED | {"shown": "z.tw", "common_name": "z.tw"}]
        lines = told(
            plan(), web1={"look": look("a.tw", "b.tw"), "answers": answers, "person_needed": [{"shown": "b.tw"}]}
        )
        assert lines == [
            "z.tw is here, valid until 2027-06-14, and not installed yet.",
            "a.tw needs a person; see below.",
            "b.tw needs a person; see below.",
            "3 certificates: 1 collected, 2 in need of a person. The next renewal is due from 2027-04-09 (z.tw).",
        ]


class TestInstalls:
    def test_installed_and_proven(self):
        lines = told(plan(), web1={"look": look("a.tw"), "answers": [ISSUED], "placed": [placed()]})
        assert lines == [
            "a.tw was installed on web1 and proven; it is valid until 2027-06-14, its renewal due from 2027-04-09."
        ]

    def test_one_line_for_many_hosts(self):
        hosts = {f"web{n}": {"look": look("a.tw"), "placed": [placed(served=False)]} for n in range(7)}
        hosts["web0"]["answers"] = [ISSUED]
        (line,) = told(plan(busy=hosts), **hosts)
        assert line.startswith("a.tw was installed on web0, web1, web2, web3, web4 and 2 more; it is valid")

    def test_only_the_configuration(self):
        assert told(plan(), web1={"look": look("a.tw"), "placed": [placed()]}) == [
            "a.tw was brought up to date on web1 and proven."
        ]

    def test_check_mode(self):
        assert told(plan(), check=True, web1={"look": look("a.tw"), "answers": [ISSUED], "placed": [placed()]}) == [
            "a.tw would be installed on web1."
        ]

    def test_what_the_server_does_not_use_yet(self):
        assert told(plan(), web1={"look": look("a.tw"), "placed": [placed(changed=False, in_use=False)]}) == [
            "The files of a.tw are in place on web1, but nginx does not use them yet: include /x.conf in the server's own block."
        ]

    def test_what_failed_says_why(self):
        failing = {"look": look("a.tw"), "failures": [{"shown": "a.tw", "msg": "nginx says:\n  no"}]}
        lost = {"look": look("a.tw")}
        lines = told(plan(busy=("web1", "web2")), alive=[], web1=failing, web2=lost)
        assert lines == ["a.tw was not installed on web1: nginx says: no. a.tw was not installed on web2: see above."]


class TestLimitedRuns:
    @pytest.mark.parametrize(
        ("seen", "said"),
        [
            ({}, "a.tw has no certificate yet; this run orders nothing."),
            (
                {"live": True, "renews_at": "2026-11-01T00:00:00Z"},
                "a.tw is due since 2026-11-01; this run orders nothing.",
            ),
            (
                {"live": True, "renews_at": "2027-11-01T00:00:00Z"},
                "a.tw is not as its entry says; this run orders nothing.",
            ),
            (
                {"pending_public_key_sha256": "ab"},
                "a.tw has a new key that waits for its certificate; this run orders nothing.",
            ),
        ],
    )
    def test_what_is_due(self, seen, said):
        fleet = plan(due={"web1": ["a.tw"]}, may_order=False)
        assert told(fleet, web1={"look": look("a.tw", **seen), "answers": [answer(operation="apply")]}) == [said]

    def test_what_is_not_proven(self):
        fleet = plan(may_order=False)
        assert told(fleet, web1={"look": look("a.tw", live=True)}) == ["a.tw is not proven to be in use on web1."]
        assert told(fleet, web1={"look": look("a.tw", live=True), "installing": True})[0].startswith("No host")
