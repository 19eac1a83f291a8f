# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every fault of the wire at every request of every task, then runs without trouble."""

from __future__ import annotations

import dataclasses
import sys
import typing as t

from simulator.faults import CERTIFICATE

from . import late
from .bench import Bench
from .child import utils
from .scenes import FLOWS, ONLINE, Collect, Scene
from .steps import do_not_wait
from .verdict import LEAKS, Verdict
from .workers import Job

_MOST_REQUESTS = 60
_THOROUGH = 8  # of so many cases one is followed to the certificate and beyond


@dataclasses.dataclass(frozen=True)
class Kind:
    """A fault. ``method``: of the requests that count; ``times`` None: it lasts to the end of the run."""

    name: str
    method: str | None = None
    times: int | None = None
    timeout: int = 30  # seconds, portal_timeout
    parameters: tuple[tuple[str, t.Any], ...] = ()
    gone_after: bool = False  # nobody listens any more, once it struck

    @property
    def is_ours(self) -> bool:
        """Whether the simulator brings it about; it cannot refuse a connection."""
        return self.name != "refused"

    def __str__(self) -> str:
        return (
            " ".join([self.name, *(f"{key}={value}" for key, value in self.parameters)])
            + " then gone" * self.gone_after
        )


def _kinds() -> tuple[Kind, ...]:
    slow = {"times": 1, "timeout": 2}
    everywhere = [
        Kind("refused"),
        Kind("refused", times=1),
        Kind("lost_before"),
        Kind("reset"),
        Kind("error_500"),
        Kind("proxy_502"),
        Kind("maintenance"),
        Kind("garbage"),
        Kind("truncated"),
        Kind("gzip_bomb", parameters=(("megabytes", 16),)),
        Kind("wrong_charset"),
        Kind("offsite_redirect"),
        Kind("redirect_loop"),
        Kind("session_expired", times=1),
        Kind("endless", times=1),
        Kind("slow", **slow, parameters=(("seconds", 3),)),
    ]
    after = (("after", True),)
    posted = [
        Kind("complaint", "POST", times=1),
        Kind("offsite_redirect", "POST", times=1, parameters=(("status", 302),)),
        Kind("lost_after", "POST", times=1),
        Kind("lost_after", "POST", times=1, gone_after=True),
        *(
            Kind(name, "POST", times=1, parameters=after)
            for name in ("reset", "error_500", "maintenance", "garbage", "endless")
        ),
        Kind("proxy_502", "POST", times=1, parameters=after, gone_after=True),
        Kind("slow", "POST", **slow, parameters=(("seconds", 3), *after)),
    ]
    delivered = [Kind(name) for name in CERTIFICATE]
    return (*everywhere, *posted, *delivered)


KINDS = _kinds()
# What is tried again where the portal places the order elsewhere: an answer that is lost, one that says no, one that says nothing.
_TELLING = ("lost_after", "complaint", "error_500")


def jobs(workers: int) -> list[Job]:
    found: list[Job] = [
        *(
            (strike, (*how, kind))
            for how in ONLINE
            for kind in KINDS
            if kind.name not in CERTIFICATE or how[0] is Collect
        ),
        *((strike, (*how, kind)) for how in FLOWS for kind in KINDS if kind.name in _TELLING and kind.method == "POST"),
    ]
    # Between the others, since these wait most of their time.
    waiting = late.jobs(workers)
    apart = len(found) // len(waiting) + 1
    for number, job in enumerate(waiting):
        found.insert(number * (apart + 1), job)
    return found


def strike(bench: Bench, kind: type[Scene], skin: str, shows: bool, fault: Kind) -> Verdict:
    """The fault at the first request, the second, … of one task."""
    verdict = Verdict()
    simulator = bench.simulator(skin, show_pending=shows, **kind.portal)
    for nth in range(1, _MOST_REQUESTS):
        simulator.clear_faults()
        simulator.office.store.delete("requests")
        scene = kind(bench, verdict, simulator)
        before = scene.traces()
        if fault.is_ours:
            simulator.fault(fault.name, method=fault.method, nth=nth, times=fault.times, **dict(fault.parameters))
        run = scene.run(Wire(fault, nth), portal_timeout=fault.timeout)
        requests = simulator.requests()
        simulator.clear_faults()
        struck = [one for one in requests if one["fault"]] if fault.is_ours else run.stderr.count(_REFUSED)
        if not struck:
            scene.demand(not run.failed, f"it failed before request {nth}, which {fault} was to strike")
            break
        verdict.count("faults")
        scene.story[-1] = f"{fault} at request {nth} ({skin}): {scene.story[-1]}"
        committing = [one for one in requests if one["method"] == "POST" and "commit" in one["steps"]]
        scene.demand(len(committing) <= 1, "a POST that commits was sent twice")
        scene.demand(not _repeated(requests), "a POST was sent again, since its answer was no good")
        scene.demand(not simulator.leaks(), "something followed a redirect off the site", LEAKS)
        thorough = nth % _THOROUGH == 0
        # What left no trace is followed by the run that all others begin with: one in so many shows it.
        if thorough or scene.traces() != before:
            verdict.count("followed by a run")
            scene.converge(to_the_end=thorough)
    return verdict


def _repeated(requests: list[dict[str, t.Any]]) -> bool:
    """Whether a POST that a fault struck was the next request, too."""
    return any(
        struck["fault"] and struck["method"] == "POST" and all(struck[key] == then[key] for key in _SAME)
        for struck, then in zip(requests, requests[1:])
    )


_SAME = ("method", "path", "task", "steps")
_REFUSED = "refused by the test\n"


class Wire:
    """What the child does to its own connections: refuse them from a request on."""

    def __init__(self, fault: Kind, nth: int) -> None:
        self._fault = fault
        self._nth = nth
        self._count = 0
        self._struck = False

    def __call__(self) -> None:
        do_not_wait()
        if self._fault.is_ours and not self._fault.gone_after:
            return
        import urllib3.util.connection

        session = utils("_portal.session").Session
        exchange, connect = session._exchange, urllib3.util.connection.create_connection
        refusing = False

        def refuse(*arguments: t.Any, **options: t.Any) -> t.Any:
            if refusing:
                sys.stderr.write(_REFUSED)
                raise ConnectionRefusedError(111, "Connection refused")
            return connect(*arguments, **options)

        def watched(this: t.Any, request: t.Any) -> t.Any:
            nonlocal refusing
            if self._fault.method in (None, request.method):
                self._count += 1
            last = self._nth if self._fault.times == 1 else _MOST_REQUESTS * 10
            refusing = self._struck or (not self._fault.is_ours and self._nth <= self._count <= last)
            if refusing:
                this.close()
            self._struck = self._fault.gone_after and self._count >= self._nth
            return exchange(this, request)

        urllib3.util.connection.create_connection = refuse
        session._exchange = watched
