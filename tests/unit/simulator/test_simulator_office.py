# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The officer's desk in its three forms, the notices, many clients at once, a process that is killed."""

from __future__ import annotations

import email
import email.policy
import os
import socket
import socketserver
import subprocess
import sys
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests
from conftest import NAME, Person, make_csr, order
from cryptography import x509
from simulator import Simulator
from simulator.office import OfficeError

TESTS = Path(__file__).resolve().parents[2]


class Inbox(socketserver.ThreadingTCPServer):
    """A real SMTP server, of the smallest kind, that keeps what it gets."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Mailman)
        self.messages: list[EmailMessage] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Mailman(socketserver.StreamRequestHandler):
    server: Inbox

    def handle(self) -> None:
        self.wfile.write(b"220 inbox\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                content = b""
                while (line := self.rfile.readline()) != b".\r\n":
                    content += line[1:] if line.startswith(b".") else line
                message = email.message_from_bytes(content, policy=email.policy.default)
                self.server.messages.append(t.cast(EmailMessage, message))
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 OK\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def inbox() -> t.Iterator[Inbox]:
    with Inbox() as server:
        yield server
        server.shutdown()


def test_notices(simulator: Simulator, inbox: Inbox) -> None:
    simulator.configure(smtp=inbox.address)
    csr = make_csr()
    order(simulator, csr)
    simulator.approve(NAME)

    assert [message["To"] for message in inbox.messages] == [f"{who}@example.com.tw" for who in ("tech", "biz", "bill")]
    technical, business, _billing = inbox.messages
    assert technical["Subject"] == f"伺服器憑證下載通知 {NAME}"
    files = {part.get_filename(): part.get_content() for part in technical.iter_attachments()}
    assert list(files) == [
        "ServerCert.cer", "TaiCASecureCA_Prod_SSLServerCA.cer", "TWCACyberRoot_CrossSigned.cer",
        "GTECyberTrustGlobalRootProd.cer", "mark1.gif", "mark2.gif", "mark3.gif",
    ]  # fmt: skip
    certificate = x509.load_pem_x509_certificate(files["ServerCert.cer"])
    assert certificate.public_key() == x509.load_pem_x509_csr(csr.encode()).public_key()
    assert not list(business.iter_attachments()) and NAME in business.get_content()
    assert simulator.counts()["mails"] == 3


def test_wrong_certificate_in_the_notice(simulator: Simulator, inbox: Inbox) -> None:
    simulator.configure(smtp=inbox.address, format="der")
    simulator.fault("wrong_key", task="mail")
    csr = make_csr()
    order(simulator, csr)
    simulator.approve(NAME)

    part = next(iter(inbox.messages[0].iter_attachments()))
    certificate = x509.load_der_x509_certificate(part.get_content())
    assert certificate.public_key() != x509.load_pem_x509_csr(csr.encode()).public_key()


def test_unreachable_mail_server_does_not_stop_the_officer(simulator: Simulator, person: Person) -> None:
    simulator.configure(smtp="127.0.0.1:1")
    order(simulator)
    simulator.approve(NAME)

    assert all(mail["error"] for mail in simulator.mails()) and simulator.counts()["mails"] == 0
    assert "有效" in person.search(NAME).text


def test_desk_page_and_interface(simulator: Simulator, person: Person) -> None:
    order(simulator)
    desk = f"{simulator.url}desk"

    def call(action: str, **values: t.Any) -> requests.Response:
        return person.browser.post(f"{desk}/api/{action}", json=values, timeout=5)

    assert NAME in person.browser.get(desk, timeout=5).text
    assert person.browser.post(f"{desk}/approve", {"name": NAME}, timeout=5).status_code == 200
    assert "no order" in call("approve", name=NAME).text
    order(simulator)
    assert call("reject", name=NAME, reason="資料不符").json()["result"] == [2]
    assert call("fault", kind="error_500").json()["result"] == 1
    assert call("fault", kind="earthquake").status_code == 400
    assert call("clear-faults").status_code == 200
    assert call("settings", lifetime="47d").json()["result"]["lifetime"] == "47d"
    counts = person.browser.get(f"{desk}/api/counts", timeout=5).json()
    assert counts == simulator.counts() and counts["orders_by_status"] == {"issued": 1, "rejected": 1}
    assert person.browser.get(f"{desk}/api/orders", timeout=5).json()[1]["reason"] == "資料不符"


def test_desk_command(simulator: Simulator, person: Person) -> None:
    def desk(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "simulator", "desk", "--directory", str(simulator.directory), *arguments]
        environment = {**os.environ, "PYTHONPATH": str(TESTS)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    order(simulator)
    assert f"{NAME}  pending" in desk("list").stdout
    said = desk("approve", NAME, "--lifetime", "10m").stdout
    (issued,) = simulator.orders()[0]["certificates"]
    assert said.startswith(f"approved: order 1 (apply) for {NAME}, sent by ")
    assert f"serial number {int(issued['serial']):X}, valid until 20" in said
    assert "有效" in person.search(NAME).text
    assert "no order" in desk("reject", NAME, "--reason", "x").stderr
    person.revoke(NAME)
    assert desk("revoke-confirm", NAME).stdout == f"revoked: {NAME}, serial number {int(issued['serial']):X}\n"
    assert "已廢止" in person.search(NAME).text


def test_a_port_that_is_taken_is_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        command = [sys.executable, "-m", "simulator", "serve", "--port", str(other.getsockname()[1])]
        environment = {**os.environ, "PYTHONPATH": str(TESTS)}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert (
        done.stderr
        == "the simulator cannot listen (Address already in use); give another --port, or stop what uses it\n"
    )


def test_many_clients_at_once(simulator: Simulator) -> None:
    def work(number: int) -> bool:
        return "作業成功" in Person(simulator).apply(make_csr(f"w{number}.example.com.tw")).text

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))
    assert simulator.counts()["orders_by_name"] == {f"w{number}.example.com.tw": 1 for number in range(8)}


def test_two_officers_issue_once(simulator: Simulator) -> None:
    order(simulator)
    together = threading.Barrier(4)

    def approve(_number: int) -> list[int]:
        together.wait()
        try:
            return simulator.approve(NAME)
        except OfficeError:
            return []

    with ThreadPoolExecutor(4) as pool:
        issued = [certificate for found in pool.map(approve, range(4)) for certificate in found]
    assert len(issued) == 1 and len(simulator.orders()[0]["certificates"]) == 1


def test_a_silent_connection_holds_up_nobody(simulator: Simulator, person: Person) -> None:
    host, port = simulator.url[8:-1].split(":")
    with socket.create_connection((host, int(port))):
        assert person.get().response.status_code == 200


def test_sent_twice(simulator: Simulator, person: Person) -> None:
    """The old portal orders again, the new one has forgotten the form."""
    sent: list[requests.PreparedRequest] = []
    person.browser.hooks["response"] = lambda response, **_: sent.append(response.request)
    person.apply(make_csr())
    last = [request for request in sent if request.method == "POST"][-1]

    person.browser.send(last, verify=simulator.portal_ca, timeout=5)

    assert simulator.counts()["orders"] == (1 if person.skin.modern else 2)


def test_decoys_are_counted(simulator: Simulator, person: Person) -> None:
    assert person.get("newsletter").response.status_code == 200
    assert simulator.counts()["requests_by_task"] == {"decoy": 1}


def test_killed_process_keeps_its_state(start: t.Callable[..., Simulator], skin: str) -> None:
    simulator = start(skin=skin, process=True)
    Person(simulator).apply(make_csr())
    address = simulator.url

    simulator.kill()
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=5)
    simulator.start()

    assert simulator.url == address
    assert simulator.counts()["orders"] == 1
