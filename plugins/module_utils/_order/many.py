# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many certificates in one run, side by side: each as if it were got alone."""

from __future__ import annotations

import concurrent.futures
import threading
import time
import traceback
import typing as t

from .._errors import MissingLibraryError, PortalUnreachableError, TwcaError, failure
from . import obtain

if t.TYPE_CHECKING:
    from pathlib import Path

    from .._portal.portal import Portal

Result = dict[str, t.Any]


def obtain_many(
    requests: t.Sequence[dict[str, t.Any]],
    *,
    concurrency: int,
    check_mode: bool,
    state_dir: Path,
    open_portal: t.Callable[[], Portal],
    sleep: t.Callable[[float], None] = time.sleep,
) -> list[Result]:
    """Get the certificates; what goes wrong with one is its own result.

    :param requests: the options of ``twca_certificate``, for each.
    :param concurrency: how many are asked for at once, each over a session of its own that serves one after the other.
    :returns: the results of ``twca_certificate``, in the order of ``requests``; one that failed has ``failed`` and ``msg``.
    :raises MissingLibraryError: none can be got here.
    """
    with concurrent.futures.ThreadPoolExecutor(concurrency) as pool:
        crew = _Crew(pool, open_portal, check_mode, state_dir)
        # The first one learns where the pages are, and that the portal answers at all; the others profit from it.
        results = crew.get(requests[:1]) + crew.get(requests[1:])
        begun = time.monotonic()
        while not check_mode:
            left = {n: _wait_left(requests[n], result, begun) for n, result in enumerate(results)}
            waiting = [n for n, seconds in left.items() if seconds > 0]
            if not waiting:
                break
            sleep(min(max(requests[n]["poll_interval"] for n in waiting), *(left[n] for n in waiting)))
            for n, later in zip(waiting, crew.get([requests[n] for n in waiting])):
                results[n] = _after(results[n], later)
    return results


class _Crew:
    """Works through requests, as many at once as the pool has threads."""

    def __init__(
        self,
        pool: concurrent.futures.Executor,
        open_portal: t.Callable[[], Portal],
        check_mode: bool,
        state_dir: Path,
    ) -> None:
        self._pool = pool
        self._open_portal = open_portal
        self._check_mode = check_mode
        self._state_dir = state_dir
        self._own = threading.local()
        self._silence: str | None = None  # what kept the portal from answering

    def get(self, requests: t.Sequence[dict[str, t.Any]]) -> list[Result]:
        return list(self._pool.map(self._get, requests))

    def _get(self, request: dict[str, t.Any]) -> Result:
        if self._silence is not None:
            return _failed(msg=f"Not tried, since the portal did not answer for another certificate: {self._silence}")
        try:
            return obtain.obtain(
                # Nobody waits here, since others wait for the thread.
                {**request, "wait_timeout": min(0, request["wait_timeout"])},
                check_mode=self._check_mode,
                state_dir=self._state_dir,
                open_portal=self._portal,
            )
        except MissingLibraryError:
            raise
        except Exception as exc:
            # The portal's session may stand in the middle of something: the next request begins with a new one.
            self._own.portal = None
            if isinstance(exc, PortalUnreachableError):
                self._silence = exc.message
            if isinstance(exc, (TwcaError, OSError)):
                return _failed(**failure(exc))
            # A defect of ours must not hide what became of the others.
            return _failed(msg=f"{type(exc).__name__}: {exc}", exception=traceback.format_exc())

    def _portal(self) -> Portal:
        portal: Portal | None = getattr(self._own, "portal", None)
        if portal is None:
            portal = self._own.portal = self._open_portal()
        return portal


def _failed(**said: t.Any) -> Result:
    return {"changed": False, "failed": True, **said}


def _wait_left(request: dict[str, t.Any], result: Result, begun: float) -> float:
    if result.get("status") != "pending":
        return 0
    return t.cast(float, request["wait_timeout"] - (time.monotonic() - begun))


def _after(before: Result, later: Result) -> Result:
    """The result of looking again, with what was done before."""
    merged = {**later, "changed": before["changed"] or later["changed"]}
    if not later.get("failed"):
        if before["operation"] in ("apply", "renew"):
            merged["operation"] = before["operation"]
        for key in ("portal_requests", "diff", "warnings"):
            merged[key] = before[key] + later[key]
    return merged
