# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections that stand only when the time for the request is over: what was said not to be sent is never sent."""

from __future__ import annotations

import json
import os
import time
import typing as t
import urllib.parse
from pathlib import Path

from .bench import Bench
from .child import utils
from .fronts import Front
from .many import Many
from .scenes import FLOWS, ONLINE, AsksAfter, OnePage, Scene
from .steps import do_not_wait
from .verdict import DUPLICATES, Verdict
from .workers import Job

_TIMEOUT = 1  # seconds, portal_timeout
_PROXY = 1.5  # for which the proxy's answer drips
# No step of its own is longer than the time for a request, but together they are.
_RESOLVER, _HANDSHAKE = 0.6, 0.75
# For which a process may still send: one that gets other certificates does not end with the first verdict.
_LIVES_ON = 0.9
_MOST_CONNECTIONS = 80
_SAMPLED = 7  # of so many connections one, where many certificates are got at once

KINDS = ("proxy", "handshake")


def jobs(_workers: int) -> list[Job]:
    """At every connection, hence every request that may order: each of them has one of its own."""
    alone = [*ONLINE, *(how for how in FLOWS if how[0] is OnePage or how[:2] == (AsksAfter, "modern"))]
    many: list[tuple[type[Scene], str, bool]] = [(Many, "modern", False), (Many, "classic", True)]
    return [
        *((strike, (*how, kind)) for how in alone for kind in KINDS),
        *((strike, (*how, kind, _SAMPLED)) for how in many for kind in KINDS),
    ]


def strike(bench: Bench, kind: type[Scene], skin: str, shows: bool, front: str, every: int = 1) -> Verdict:
    """The first connection is slow, the second, … of one task."""
    verdict = Verdict()
    simulator = bench.simulator(skin, show_pending=shows, **kind.portal)
    portal = urllib.parse.urlsplit(simulator.url)
    for slow in range(1, _MOST_CONNECTIONS, every):
        scene = kind(bench, verdict, simulator)
        before = scene.traces()
        proxied = front == "proxy"
        seconds = _PROXY if proxied else _HANDSHAKE
        log = bench.place / "front"
        with Front(("127.0.0.1", portal.port or 443), slow, seconds, proxy=proxied, log=log) as between:
            watch = Late(slow, between.port if proxied else None, bench.place / "verdicts")
            way = {} if proxied else {"portal_url": f"https://{portal.hostname}:{between.port}/"}
            run = scene.run(watch, portal_timeout=_TIMEOUT, **way)
            late = [moment for moment in between.requests if any(moment > given for given in watch.verdicts())]
            struck = between.connections >= slow
        if not struck:
            break
        verdict.count("slow connections")
        scene.story[-1] = f"slow {front} at connection {slow} ({skin}): {run}"[:600]
        scene.demand(not late, "sent after the verdict that it was not sent", DUPLICATES)
        scene.check_always()
        if scene.traces() != before:
            verdict.count("followed by a run")
            scene.converge(to_the_end=False)
    return verdict


class Late:
    """What the child does: note each verdict that nothing was sent, and live on for a while after it.

    :param proxy: the port of a proxy to use; None: name resolution takes its time at the slow connection.
    """

    def __init__(self, slow: int, proxy: int | None, log: Path) -> None:
        self._slow = slow
        self._proxy = proxy
        self._log = log
        log.write_bytes(b"")

    def verdicts(self) -> list[float]:
        """When they were given."""
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    def __call__(self) -> None:
        do_not_wait()
        log = os.open(self._log, os.O_WRONLY | os.O_APPEND)
        session, unreachable = utils("_portal.session").Session, utils("_errors").PortalUnreachableError
        send = session.send

        def watched(this: t.Any, *arguments: t.Any, **options: t.Any) -> t.Any:
            try:
                return send(this, *arguments, **options)
            except unreachable as error:
                if not error.sent:
                    os.write(log, f"{time.monotonic()}\n".encode())
                raise

        session.send = watched
        for name in ("no_proxy", "NO_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            os.environ.pop(name, None)
        if self._proxy is not None:
            os.environ["HTTPS_PROXY"] = f"http://127.0.0.1:{self._proxy}"
        else:
            self._resolve_slowly()

    def _resolve_slowly(self) -> None:
        import urllib3.util.connection

        connect, count = urllib3.util.connection.create_connection, 0

        def slowly(*arguments: t.Any, **options: t.Any) -> t.Any:
            nonlocal count
            count += 1
            if count == self._slow:
                time.sleep(_RESOLVER)
            return connect(*arguments, **options)

        urllib3.util.connection.create_connection = slowly

    def end(self) -> None:
        """The module is done, its process is not."""
        if self.verdicts():
            time.sleep(_LIVES_ON)
