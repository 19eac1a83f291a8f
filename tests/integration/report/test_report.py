# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet of local hosts in every state, reported on by the playbook, and the page opened in Chromium.

Screenshots and the printed page stay in ``tests/output/report`` to be looked at.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import typing as t
from pathlib import Path

import pki_factory
import pytest
import yaml
from browser import Page, chromium, pages
from plays import ROOT, Run, run_playbook
from stage import fleet as example

OUTPUT = ROOT / "tests" / "output" / "report"
DAY = pki_factory.DAY
ODD = "\x7f\ufffe\x1b[2J\u202e"
MARKUP = "<b id=broken>&\"'</b><script>alert(1)</script>"
needs_chromium = pytest.mark.skipif(chromium() is None, reason="Chromium is not installed")


class Certificate:
    """A certificate with its key, and a TLS server that may serve it."""

    def __init__(self, name: str, age: datetime.timedelta = DAY, days: int = 198) -> None:
        self.name = name
        self.key = pki_factory.new_key()
        self.leaf = pki_factory.authority().leaf(self.key, [name], start=pki_factory.now() - age, days=days)
        self.chain = pki_factory.authority().chain

    @property
    def serial_number(self) -> str:
        return f"{self.leaf.serial_number:X}"

    def store(self, directory: Path, key: t.Any = None) -> None:
        """Write it as a certificate directory holds it."""
        version = directory / "versions" / "20261122T103000Z-1"
        version.mkdir(parents=True)
        leaf, chain = pki_factory.pem(self.leaf), "".join(map(pki_factory.pem, self.chain))
        (version / "privkey.pem").write_bytes(pki_factory.key_pem(key or self.key))
        for file, content in {"cert.pem": leaf, "chain.pem": chain, "fullchain.pem": leaf + chain}.items():
            (version / file).write_text(content)
        (directory / "live").symlink_to(f"versions/{version.name}")

    @contextlib.contextmanager
    def served(self, directory: Path, port: int = 0) -> t.Iterator[int]:
        """Serve it on a port of 127.0.0.1."""
        bundle = directory / f"{self.serial_number}.pem"
        texts = map(pki_factory.pem, [self.leaf, *self.chain])
        bundle.write_text(pki_factory.key_pem(self.key).decode() + "".join(texts))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(bundle)
        listener = socket.create_server(("127.0.0.1", port))

        def answer() -> None:
            while True:
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(1)

        threading.Thread(target=answer, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()


class Fleet:
    """An inventory of local hosts, one certificate each."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.hosts: dict[str, dict[str, t.Any]] = {}
        self.output = ""

    def add(self, host: str, port: int | None, **variables: t.Any) -> Path:
        """A host that should have a certificate for ``<host>.example.com.tw``, served on a port; returns its directory."""
        self.hosts[host] = {
            "twca_directory": str(self.directory / host),
            "twca_certificates": [{"common_name": f"{host}.example.com.tw", "passphrase": "never-in-a-report"}],
            "twca_verify": {"host": "127.0.0.1", "port": port or 1},
            "twca_proof": port is not None,
            **variables,
        }
        return self.directory / host / f"{host}.example.com.tw"

    def order(self, host: str, state: str, message: str | None = None) -> None:
        """An order as the journal has it."""
        name, key = f"{host}.example.com.tw", "ab" * 32
        folder = self.directory / "state" / "orders" / name
        folder.mkdir(parents=True, exist_ok=True)
        history = [["prepared", "2026-11-20T01:00:00Z"], ["submitting", "2026-11-20T01:00:01Z"]]
        if state != "submitting":
            history.append([state, f"{pki_factory.now():%Y-%m-%dT%H:%M:%SZ}"])
        record = {"format": 1, "common_name": name, "public_key_sha256": key, "state": state, "operation": "renew"}
        record |= {"csr": "", "history": history, "portal_message": message}
        (folder / f"{key}.json").write_text(json.dumps(record), encoding="utf-8")

    def report(self, *arguments: str) -> Run:
        python = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        shared = {
            **python,
            "twca_report_directory": str(self.directory / "report"),
            "twca_report_textfile": str(self.directory / "textfile.prom"),
            "twca_report_check_revocation": False,
            "twca_report_title": f"Fleet {MARKUP}",
            "twca_state_dir": str(self.directory / "state"),
        }
        inventory = self.directory / "inventory.yml"
        inventory.write_text(yaml.safe_dump({"all": {"hosts": self.hosts, "vars": shared}}, allow_unicode=True))
        return run_playbook(self.directory, "-i", str(inventory), "twca.ssl.report", *arguments)

    @property
    def document(self) -> dict[str, t.Any]:
        return json.loads((self.directory / "report" / "report.json").read_text(encoding="utf-8"))

    def row(self, host: str) -> dict[str, t.Any]:
        return next(row for row in self.document["certificates"] if row["host"] == host)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Fleet]:
    """Every state there is, after one report."""
    fleet = Fleet(tmp_path_factory.mktemp("fleet"))
    with contextlib.ExitStack() as servers:

        def serve(certificate: Certificate) -> int:
            return servers.enter_context(certificate.served(fleet.directory))

        for host, age in {"good": 1, "due": 150, "pending": 150, "rejected": 150, "expired": 199}.items():
            certificate = Certificate(f"{host}.example.com.tw", age * DAY)
            certificate.store(fleet.add(host, serve(certificate)))
        fleet.order("pending", "accepted", f"作業成功 {MARKUP}")
        fleet.order("rejected", "rejected", "公司統一編號與申請單不符")
        fleet.order("elsewhere", "uncertain")
        Certificate("down.example.com.tw").store(fleet.add("down", port=1))
        other = Certificate("stale.example.com.tw")
        Certificate("stale.example.com.tw").store(fleet.add("stale", serve(other)))
        Certificate("mismatch.example.com.tw").store(fleet.add("mismatch", None), key=pki_factory.new_key())
        fleet.add("missing", port=1)
        Certificate("unserved.example.com.tw").store(fleet.add("unserved", 1, twca_server="none", twca_proof=True))
        demanded = [{"common_name": "demanded.example.com.tw", "proof": True}]
        directory = fleet.add("demanded", 1, twca_server="none", twca_certificates=demanded)
        Certificate("demanded.example.com.tw").store(directory)
        odd = Certificate("odd.example.com.tw")
        issuer = pki_factory.Issuer(f"Odd {ODD} CA")
        odd.leaf, odd.chain = issuer.leaf(odd.key, [odd.name], start=pki_factory.now() - DAY, days=198), []
        odd.store(fleet.add("odd", None))
        fleet.order("odd", "accepted", f"odd {ODD}")
        # A port without a host is looked at on this machine.
        port = Certificate("port.example.com.tw")
        port.store(fleet.add("port", port=None, twca_verify={"port": serve(port), "host": None}, twca_proof=True))
        fleet.add("wrong", port=1, twca_certificates=[{"common_name": "wrong one"}])
        fleet.add("gone", port=1, ansible_connection="ssh", ansible_host="127.0.0.1", ansible_port=1)
        run = fleet.report()
        assert run.rc == 0, run.output
        fleet.output = run.output
        shutil.rmtree(OUTPUT, ignore_errors=True)
        shutil.copytree(fleet.directory / "report", OUTPUT)
        yield fleet


@pytest.mark.parametrize(
    ("host", "state", "kinds", "said"),
    [
        ("good", "ok", [], ""),
        ("port", "ok", [], ""),
        ("due", "due", [], ""),
        ("pending", "pending", [], ""),
        ("missing", "due", [], ""),
        ("unserved", "ok", [], ""),
        ("demanded", "broken", ["not_served"], "No TLS handshake with 127.0.0.1:1"),
        ("rejected", "broken", ["order"], "TWCA rejected the order"),
        ("expired", "broken", ["expired"], "xpired"),
        ("down", "broken", ["not_served"], "No TLS handshake with 127.0.0.1:1"),
        ("stale", "broken", ["not_served"], "Another certificate is served"),
        ("mismatch", "broken", ["key_mismatch"], "cert.pem is not the certificate of privkey.pem"),
        ("gone", "broken", ["unreadable"], "port 1"),
        ("odd", "pending", [], ""),
        ("wrong", "broken", ["unreadable"], "twca_certificates[0].common_name: 'wrong one' is not a DNS name"),
    ],
)
def test_each_host_is_in_its_state(fleet: Fleet, host: str, state: str, kinds: list[str], said: str):
    row = fleet.row(host)
    assert (row["state"], row["kinds"]) == (state, kinds), row
    assert said in " ".join(row["problems"])


def test_no_state_and_no_kind_is_without_a_sentence(fleet: Fleet):
    for row in fleet.document["certificates"]:
        assert (row["state"] == "broken") == bool(row["kinds"]) == bool(row["problems"]), row


def test_nothing_is_warned_of(fleet: Fleet):
    assert "GroupTuple" not in fleet.output
    assert "[WARNING]" not in fleet.output


def test_an_order_says_since_when_and_what_is_awaited(fleet: Fleet):
    order = fleet.row("pending")["order"]
    assert order["since"] == "2026-11-20T01:00:01Z"
    assert "approval" in order["awaited"]
    assert order["portal_message"] == f"作業成功 {MARKUP}"


def test_an_odd_character_stops_no_report_and_is_written_out(fleet: Fleet):
    shown = r"\x7f\ufffe\x1b[2J\u202e"
    assert shown in fleet.row("odd")["issuer"]
    assert fleet.row("odd")["issuer_name"] == f"Odd {shown} CA"
    assert fleet.row("odd")["order"]["portal_message"] == f"odd {shown}"
    for path in (fleet.directory / "report").iterdir():
        assert not set(ODD) & set(path.read_text(encoding="utf-8")) - set("[2J")
    assert not set(ODD) & set(fleet.output) - set("[2J\x1b")


def test_an_order_for_a_name_that_no_host_has_is_told(fleet: Fleet):
    row = fleet.row("")
    assert (row["common_name"], row["state"]) == ("elsewhere.example.com.tw", "broken")
    assert "Ask TWCA" in row["problems"][0]


def test_no_secret_is_in_the_report(fleet: Fleet):
    for path in (fleet.directory / "report").iterdir():
        assert "never-in-a-report" not in path.read_text(encoding="utf-8")


def test_metrics_are_what_the_data_say(fleet: Fleet):
    text = (fleet.directory / "textfile.prom").read_text(encoding="utf-8")
    assert text == (fleet.directory / "report" / "twca.prom").read_text(encoding="utf-8")
    samples = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    labels = 'certificate_host="stale",common_name="stale.example.com.tw"'
    assert samples[f'twca_certificate_problem{{{labels},problem="not_served"}}'] == "1"
    assert samples[f'twca_certificate_problem{{{labels},problem="revoked"}}'] == "0"
    end = datetime.datetime.fromtimestamp(
        int(samples[f"twca_certificate_not_after_timestamp_seconds{{{labels}}}"]), datetime.timezone.utc
    )
    assert f"{end:%Y-%m-%dT%H:%M:%SZ}" == fleet.row("stale")["not_after"]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (prometheus) is not installed")
def test_prometheus_takes_metrics_and_rules(fleet: Fleet):
    metrics = (fleet.directory / "textfile.prom").read_bytes()
    subprocess.run(["promtool", "check", "metrics"], input=metrics, check=True)
    subprocess.run(["promtool", "check", "rules", str(fleet.directory / "report" / "twca.rules.yml")], check=True)


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_shows_the_data_and_runs_nothing_of_theirs(fleet: Fleet, scheme: str):
    # All of it in view: what is not is not laid out.
    with pages(color_scheme=scheme, viewport={"width": 1440, "height": 2400}) as open_page:
        page = open_page(fleet.directory / "report" / "index.html")
        page.screenshot(path=OUTPUT / f"{scheme}.png")
        assert page.locator("#broken").count() == 0
        assert page.inner_text("h1") == f"Fleet {MARKUP}"
        rows = page.locator("tbody tr")
        assert rows.count() == len(fleet.document["certificates"])
        for index, row in enumerate(fleet.document["certificates"]):
            text = rows.nth(index).inner_text()
            wanted = [row["common_name"], row["host"], *row["problems"]]
            wanted += [row["not_after"][:10], row["serial_number"], row["issuer_name"]] if row["not_after"] else []
            wanted += [row["order"]["portal_message"]] if row["order"] else []
            assert [part for part in wanted if part not in text] == []
        assert MARKUP in page.inner_text("tbody")


@needs_chromium
def test_bars_stand_where_the_dates_are(fleet: Fleet):
    with pages() as open_page:
        page = open_page(fleet.directory / "report" / "index.html")
        lines = page.eval_on_selector_all(
            "tbody tr",
            """(rows) => rows.filter((row) => row.querySelector(".life")).map((row) => {
                const left = (selector) => row.querySelector(selector).getBoundingClientRect();
                const cell = row.querySelector(".when").getBoundingClientRect();
                const now = cell.left + cell.width * parseFloat(getComputedStyle(row).getPropertyValue("--now")) / 100;
                return { name: row.cells[1].textContent.split(".")[0], window: left(".window").left - now,
                         end: left(".life").right - now };
            })""",
        )
    by_name = {line["name"]: line for line in lines}
    assert by_name["good"]["window"] > 0
    assert by_name["due"]["window"] < 0 < by_name["due"]["end"]
    assert by_name["expired"]["end"] < 0


def shown(page: Page) -> list[str]:
    return page.eval_on_selector_all(
        "tbody tr:not([hidden])", "(rows) => rows.map((row) => row.cells[1].textContent.split('.')[0])"
    )


@needs_chromium
def test_rows_are_filtered_and_sorted_and_a_screen_reader_is_told(fleet: Fleet):
    with pages() as open_page:
        page = open_page(fleet.directory / "report" / "index.html")
        everything = shown(page)
        page.fill("#query", "down handshake 127.0.0.1:1")
        assert shown(page) == ["down"]
        assert page.inner_text("[role=status]") == f"1 of {len(everything)} shown"
        page.fill("#query", "")
        page.uncheck("input[value=broken]")
        assert set(shown(page)) == {"good", "due", "pending", "missing", "unserved", "odd", "port"}
        page.check("input[value=broken]")
        page.click("button:has-text('Name')")
        assert shown(page) == sorted(everything)
        assert page.get_attribute("th:has-text('Name')", "aria-sort") == "ascending"
        page.click("button:has-text('Name')")
        assert shown(page) == sorted(everything, reverse=True)
        page.click("button:has-text('State')")
        assert shown(page) == everything
        page.click("button:has-text('Valid until')")
        assert [name for name in shown(page) if name in ("expired", "due", "good")] == ["expired", "due", "good"]


@needs_chromium
def test_the_page_is_a_table_to_a_screen_reader_and_whole_without_scripts(fleet: Fleet):
    with pages(java_script_enabled=False) as open_page:
        page = open_page(fleet.directory / "report" / "index.html")
        count = len(fleet.document["certificates"])
        assert page.get_by_role("table").count() == 1
        assert page.get_by_role("rowheader").count() == count
        assert page.get_by_role("cell").count() == 5 * count
        assert page.get_by_role("img", name=re.compile("Valid from .* to .*, to be renewed from")).count() == sum(
            bool(row["not_after"]) for row in fleet.document["certificates"]
        )
        assert not page.is_visible("#controls")


@needs_chromium
@pytest.mark.parametrize("width", [360, 800, 1440])
def test_nothing_is_cut_off_at_any_width(tmp_path: Path, width: int):
    before, after, orders = example.example()
    index = example.page(tmp_path, after, orders, before)
    with pages(viewport={"width": width, "height": 5000}) as open_page:
        page = open_page(index)
        page.screenshot(path=OUTPUT / f"width-{width}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        cells = page.eval_on_selector_all(
            "tbody :is(th, td)", "(cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).length"
        )
        assert cells == 0
        assert page.inner_text(".lead").startswith("3 need somebody. 2 will be ordered by the next run. 2 are awaited")


@needs_chromium
def test_print_is_whole_and_landscape(fleet: Fleet):
    with pages(color_scheme="dark") as open_page:
        page = open_page(fleet.directory / "report" / "index.html")
        page.pdf(path=OUTPUT / "printed.pdf", prefer_css_page_size=True)
    information = subprocess.run(["pdfinfo", OUTPUT / "printed.pdf"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"841\.\d+ x 59[45]\.\d+ pts \(A4\)", information), information
    text = subprocess.run(
        ["pdftotext", "-raw", OUTPUT / "printed.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    joined = re.sub(r"\s+", "", text)
    assert [row for row in fleet.document["certificates"] if "".join(row["common_name"].split()) not in joined] == []


def test_nothing_new_is_no_change_and_what_is_new_is_told(tmp_path: Path):
    fleet = Fleet(tmp_path)
    certificate = Certificate("web.example.com.tw")
    with certificate.served(tmp_path) as port:
        directory = fleet.add("web", port)
        certificate.store(directory)
        assert fleet.report().changed > 0
    assert fleet.document["changes"] == []

    foreseen = fleet.report("--check")
    assert (foreseen.rc, foreseen.changed > 0) == (0, True), foreseen.output
    run = fleet.report()
    assert "1 broken" in run.output
    assert [change["kind"] for change in fleet.document["changes"]] == ["problem"]

    successor = Certificate("web.example.com.tw")
    shutil.rmtree(directory)
    successor.store(directory)
    with successor.served(tmp_path, port):
        assert fleet.report().changed > 0
        kinds = {change["kind"]: change["sentence"] for change in fleet.document["changes"]}
        assert set(kinds) == {"renewed", "solved"}
        assert successor.serial_number in kinds["renewed"]
        assert (fleet.report().changed, fleet.document["changes"]) == (0, [])


@needs_chromium
def test_a_thousand_rows(tmp_path: Path):
    """No timing here, only what makes it quick: rows out of view are not laid out."""
    index = example.page(tmp_path, example.many(1000))
    with pages(viewport={"width": 1440, "height": 900}) as open_page:
        page = open_page(index)
        assert page.inner_text("[role=status]") == "1000 of 1000 shown"
        visible = page.eval_on_selector_all(
            "tbody tr",
            "(rows) => rows.filter((r) => r.cells[1].checkVisibility({ contentVisibilityAuto: true })).length",
        )
        assert 5 < visible < 200
        page.fill("#query", "node99")
        assert page.inner_text("[role=status]") == "11 of 1000 shown"
