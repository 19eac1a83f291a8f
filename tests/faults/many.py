# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many certificates in one call, side by side: a scene of its own, since its steps are those of several threads."""

from __future__ import annotations

import typing as t

from simulator import Simulator

from .bench import Bench, Site
from .child import Run, utils
from .scenes import Scene
from .verdict import DUPLICATES, OTHER, Verdict

_SIDE_BY_SIDE = 2
_WRONG = "比特幣"  # no way to pay that the portal offers


class Many(Scene):
    """twca_certificates for four sites: two with a name in common, one for the first one's name with a key of its own, one wrong."""

    module = "twca_certificates"
    changes_portal = True

    def __init__(self, bench: Bench, verdict: Verdict, simulator: Simulator) -> None:
        self.csrs: dict[str, str] = {}  # by key
        super().__init__(bench, verdict, simulator)

    @property
    def names(self) -> list[str]:
        return [self.site.name, *(f"{label}.{self.site.name}" for label in ("shop", "mail"))]

    def prepare(self) -> None:
        first, shop, mail = (Site(name, self.site.place / name) for name in self.names)
        shared = f"DNS:shared.{first.name}"
        self.requests = [
            self._request(first, shared),
            self._request(shop, shared),
            self._request(mail, payment_method=_WRONG),
        ]
        self._mine = dict(self.csrs)
        self.requests.append(self._request(Site(first.name, self.site.place / "rival")))
        self.options = {
            **self.bench.portal_options(self.simulator, self.site),
            "concurrency": _SIDE_BY_SIDE,
            "requests": self.requests,
        }

    def _request(self, site: Site, *more: str, **options: t.Any) -> dict[str, t.Any]:
        csr = site.new_pair(*more)
        self.csrs[utils("_pki.csr").load(csr).public_key_sha256] = csr
        whole = self.bench.order_options(self.simulator, site, csr, **options)
        shared = self.bench.portal_options(self.simulator, site)
        return {key: value for key, value in whole.items() if key not in shared}

    def run(self, watch: t.Callable[[], None] | None = None, **options: t.Any) -> Run:
        """What goes wrong with one is its own result."""
        result = super().run(watch, **options)
        if result.json.get("results"):
            self.demand(len(result.json["results"]) == len(self.requests), "a request without a result")
        return result

    def check_always(self) -> None:
        """And no second order for a name while one is open."""
        super().check_always()
        for name in self.names:
            pending = len(self.simulator.office.store.rows("orders", name=name, status="pending"))
            self.demand(pending <= 1, f"{pending} open orders for {name}", DUPLICATES)

    @property
    def orders(self) -> dict[str, int]:
        """By key."""
        return {key: len(self.simulator.office.store.rows("orders", key=key)) for key in self._mine}

    def converge(self, *, to_the_end: bool = True) -> None:
        """The person who is asked looks at each by itself; the wrong one is put right at last, and nobody waits for the rival."""
        results = self.run().json.get("results", [])
        self.requests.pop()  # whatever became of the rival
        for request, result in zip(self.requests, results):
            if not result.get("failed"):
                self.demand(result["status"] in ("pending", "issued"), "it does not go on")
            elif not self.decide(result["msg"], self._key(request)):
                self.demand(_WRONG in result["msg"], f"one of them failed: {result['msg']}")
                self.demand(request["payment_method"] == _WRONG, "another one failed for the wrong one's reason")
        for request in self.requests:
            request["payment_method"] = "匯款"
        self.run()
        settled = self.run()
        self.demand(not settled.failed, "they do not go on")
        for key, number in self.orders.items():
            self.demand(number == 1, f"{number} orders for {key[:8]} in the end", DUPLICATES if number > 1 else OTHER)
        if not to_the_end:
            self.check_tidy()
            return
        for name in self.names:
            self.simulator.approve(name)
        collected = self.run()
        self.demand(
            [one.get("status") for one in collected.json.get("results", [])] == ["issued"] * len(self.requests),
            "the certificates do not come",
        )
        again = self.run()
        self.demand(
            (again.json.get("changed"), again.json.get("portal_requests")) == (False, 0), "not at rest when issued"
        )
        self.check_tidy()

    def _key(self, request: dict[str, t.Any]) -> str:
        return next(key for key, csr in self.csrs.items() if csr == request["csr_content"])
