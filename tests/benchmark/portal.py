# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Orders at the portal, and a long page of its answers."""

from __future__ import annotations

import concurrent.futures
import functools
import importlib.util
import itertools
import subprocess
import sys
import tempfile
import types
import typing as t
from pathlib import Path

from ansible_collections.twca.ssl.plugins.module_utils._pki import csr, keys
from simulator import Simulator
from stage import example

from .measure import Results, medians
from .plays import Plays

ORDERS = 100
CONCURRENCY = 4
BATCH = 50  # what the role asks for at a time
ROWS = 5000
# Where the two tasks begin: what a script that is written for these pages would know.
BEGINNINGS = {
    "modern": ("certificate-services/ssl/search", "customer-service/ssl/apply/new"),
    "classic": ("Portal/cert/ssl_qry.asp", "Portal/service/ssl_1_2_4.asp"),
}
PARSER = """
import resource, sys, time
from ansible_collections.twca.ssl.plugins.module_utils._portal import records
from ansible_collections.twca.ssl.plugins.module_utils._portal.page import Page
from ansible_collections.twca.ssl.plugins.module_utils._portal.profile import load
source, profile = sys.stdin.buffer.read(), load()
began = time.process_time()
found = len(records.records(Page("https://x/", source), profile))
print(found, time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def run(results: Results, repeats: int, plays: Plays) -> None:
    for skin in BEGINNINGS:
        with tempfile.TemporaryDirectory() as scratch, Simulator(Path(scratch) / "twca", skin=skin) as simulator:
            _order(results, repeats, plays, _Counter(simulator, skin, Path(scratch)))
    _page(results, repeats)


class _Counter:
    """The portal's counter, at which both of them queue."""

    def __init__(self, simulator: Simulator, skin: str, scratch: Path) -> None:
        self.simulator = simulator
        self.skin = skin
        self._scratch = scratch
        self._batch = itertools.count()
        self._key = keys.generate("ECC")

    @property
    def requests(self) -> int:
        return t.cast(int, self.simulator.counts()["requests"])

    def requests_csr(self) -> list[str]:
        """A hundred CSRs for names that were never asked for."""
        batch = next(self._batch)
        found = []
        for number in range(ORDERS):
            name = f"www{number}.batch{batch}.example.com.tw"
            subject = csr.Subject(name, "TW", "Taiwan", "Taipei", "Example Corp.")
            found.append(csr.build(keys.generate("ECC"), subject, [f"DNS:{name}"]))
        return found

    def by_hand(self) -> None:
        """A script that knows these pages orders: it searches, and sends the form of each page."""
        person = _person()
        search, application = BEGINNINGS[self.skin]

        def work(requests: t.Sequence[str]) -> None:
            browser = person.Person(self.simulator)
            for request in requests:
                page = browser.get(search)
                form = page.soup.select_one("form[name=F9], main form.panel")
                browser.send(page, {"site": csr.load(request).common_name}, form)
                browser.fill(browser.get(application), person.order_values(request))

        _side_by_side(work, self.requests_csr())

    def by_role(self, plays: Plays) -> t.Callable[[], object]:
        """The task of the role, for as many at a time as the role asks for."""
        variables = example.variables(self.simulator, self._scratch)
        contacts = {f"{one}_contact": person for one, person in variables["twca_contacts"].items()}
        shared = {
            **contacts,
            "trusted_roots": [self.simulator.root],
            "payment_method": variables["twca_payment_method"],
        }
        options = {
            "requests": "{{ item }}",
            "concurrency": CONCURRENCY,
            "passphrase": example.PASSPHRASE,
            "portal_url": self.simulator.url,
            "portal_ca_path": self.simulator.portal_ca,
            "state_dir": str(self._scratch / "state"),
        }

        def run() -> None:
            asked = [{"csr_content": request, **shared} for request in self.requests_csr()]
            batches = [asked[start : start + BATCH] for start in range(0, ORDERS, BATCH)]
            plays.task({"twca.ssl.twca_certificates": options, "loop": batches, "no_log": True})()

        return run


def _order(results: Results, repeats: int, plays: Plays, counter: _Counter) -> None:
    role = counter.by_role(plays)
    counts = []
    for task in (role, counter.by_hand):
        before = counter.requests
        task()
        counts.append((counter.requests - before) / ORDERS)
    own, least = counts
    results.add(
        f"{ORDERS} orders, {counter.skin} pages: requests for each beyond the least that the pages allow",
        own - least,
        unit="requests",
        bound=2,
        detail=f"{own:.2f}, where {least:.0f} are needed",
    )
    assert counter.simulator.counts()["orders"] == 2 * ORDERS
    own, bare = medians(repeats, role, counter.by_hand, warm=False)
    results.add(
        f"{ORDERS} orders, {counter.skin} pages: time, against a script that only sends the requests",
        own / bare,
        bound=1.5,
        detail=f"{own:.0f} s against {bare:.0f} s, {CONCURRENCY} side by side",
    )


def _page(results: Results, repeats: int) -> None:
    row = (
        "<tr class=r><td>{0}<td><a href='d?id={0}'>w{0}.tw</a><td>有效<td>2026-01-01 00:00:00.0<br>"
        "2026-07-01 00:00:00.0<td>10{0}\n"
    )
    rows = "".join(map(row.format, range(ROWS)))
    page = f"<meta charset=utf-8><table><tr><th>#<th>網站名稱<th>狀態<th>有效期限<th>憑證序號{rows}</table>"
    seen = []
    for _repeat in range(repeats):
        command = [sys.executable, "-c", PARSER]
        said = subprocess.run(command, input=page.encode(), capture_output=True, check=True).stdout.split()
        assert int(said[0]) == ROWS
        seen.append((float(said[1]), float(said[2])))
    seconds, memory = (sorted(values)[repeats // 2] for values in zip(*seen))
    results.add(f"a search page of {ROWS:,} rows: processor time", seconds, unit="s", bound=1)
    results.add(f"a search page of {ROWS:,} rows: peak memory of the process", memory, unit="MiB", bound=200)


def _side_by_side(work: t.Callable[[t.Sequence[str]], None], requests: t.Sequence[str]) -> None:
    with concurrent.futures.ThreadPoolExecutor(CONCURRENCY) as pool:
        for done in [pool.submit(work, requests[n::CONCURRENCY]) for n in range(CONCURRENCY)]:
            done.result()


@functools.cache
def _person() -> types.ModuleType:
    """The person of the simulator's own tests, who knows the markup."""
    path = Path(__file__).parents[1] / "unit/simulator/conftest.py"
    spec = importlib.util.spec_from_file_location("simulator_person", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
