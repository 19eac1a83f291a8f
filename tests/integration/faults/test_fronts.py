# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the harness puts between a client and the portal: one connection is slow, all are passed on, and requests are seen."""

from __future__ import annotations

import time
import typing as t
import urllib.parse
from pathlib import Path

import pytest
import requests
from faults.fronts import Front
from simulator import Simulator

SLOW = 0.8  # seconds


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Simulator]:
    with Simulator(tmp_path_factory.mktemp("simulator"), process=True) as one:
        yield one


def fetch(simulator: Simulator, port: int, proxy: bool) -> float:
    """Get the home page over a connection of its own; the seconds that it took."""
    begun = time.monotonic()
    with requests.Session() as session:
        session.trust_env = False
        session.verify = simulator.portal_ca
        if proxy:
            session.proxies["https"] = f"http://127.0.0.1:{port}"
        url = simulator.url if proxy else f"https://localhost:{port}/"
        assert session.get(url, timeout=20).status_code == 200
    return time.monotonic() - begun


@pytest.mark.parametrize("proxy", [True, False])
def test_one_connection_is_slow(simulator: Simulator, tmp_path: Path, proxy: bool) -> None:
    target = ("127.0.0.1", urllib.parse.urlsplit(simulator.url).port or 0)
    with Front(target, 2, SLOW, proxy=proxy, log=tmp_path / "log") as front:
        first = fetch(simulator, front.port, proxy)
        assert front.requests == []
        before = time.monotonic()
        second = fetch(simulator, front.port, proxy)
        third = fetch(simulator, front.port, proxy)
    assert second >= SLOW > max(first, third) - SLOW
    assert front.connections == 3
    [sent] = front.requests
    assert before + SLOW <= sent <= before + second
