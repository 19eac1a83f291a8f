# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``twca_certificate`` with ``delivery: mailbox``: from the mail, else from the portal (manual §4.6.1, §4.6.2)."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, csr, keys
from cryptography.hazmat.primitives import serialization
from mail import samples, server
from modules import Modules
from simulator import Simulator

NAME = "www.example.com.tw"
PERSON = {
    "name": "王小明",
    "title": "專員",
    "company": "範例股份有限公司",
    "tax_id": "70759028",
    "city": "台北市",
    "address": "延平南路85號10樓",
    "postal_code": "100",
    "phone": "(02)23708886#9",
    "fax": "(02)23700728",
    "email": f"{server.USER}@{server.DOMAIN}",
}
FELL_BACK = "The notice is not in the mailbox; the certificate was downloaded from the portal (manual §4.6.2)."


class Desk:
    """One order by mail: the portal sends to the mail server, the module looks there."""

    def __init__(self, simulator: Simulator, mail_server: server.MailServer, directory: t.Any) -> None:
        self.simulator = simulator
        self.mail_server = mail_server
        self.key = keys.generate("ECC")
        subject = csr.Subject(NAME, "TW", "Taiwan", "Taipei", "Example Ltd.")
        self._modules = Modules(
            directory,
            portal_url=simulator.url,
            portal_ca_path=simulator.portal_ca,
            trusted_roots=[simulator.root],
            state_dir=str(directory / "state"),
            csr_content=csr.build(self.key, subject, (f"DNS:{NAME}",)),
            passphrase="correct horse",
            technical_contact=PERSON,
            business_contact={**PERSON, "name": "陳堃喆", "email": "boss@example.test"},
            billing_contact={"same_as": "business"},
            payment_method="匯款",
            delivery="mailbox",
        )

    def run(self, **options: t.Any) -> dict[str, t.Any]:
        result = self._modules.run("twca_certificate", **{"mailbox": self.mail_server.options(), **options})
        assert server.PASSWORD not in result.stdout
        assert result.stderr == ""
        # Newer releases of ansible-core wrap each warning.
        texts = [one if isinstance(one, str) else one["event"]["msg"] for one in result.json.get("warnings", ())]
        return {**result.json, "warnings": texts}

    def forged(self) -> bytes:
        """A notice with a certificate of this key, by an authority that nobody trusts."""
        public = serialization.load_pem_private_key(self.key, None).public_key()
        forger = samples.Authority("TWCA Secure SSL")
        return bytes(samples.notice(samples.Order(None, forger.issue(NAME, public, days=9999), forger)))


@pytest.fixture(params=["classic", "modern"])
def desk(
    request: pytest.FixtureRequest, mail_server: server.MailServer, tmp_path_factory: pytest.TempPathFactory
) -> t.Iterator[Desk]:
    directory = tmp_path_factory.mktemp("desk")
    smtp = f"127.0.0.1:{mail_server.smtp_port}"
    with Simulator(directory / "portal", skin=request.param, smtp=smtp) as simulator:
        yield Desk(simulator, mail_server, directory)


def issued(desk: Desk, result: dict[str, t.Any]) -> bool:
    """Whether the result is the certificate that the portal issued for the key, with its chain."""
    assert result["status"] == "issued", result
    leaf = certificates.load_pem(result["certificate"])
    assert keys.public_key_sha256(leaf) == keys.public_key_sha256(keys.load(desk.key))
    assert len(result["chain"]) >= 2
    (order,) = desk.simulator.orders()
    return [f"{int(one['serial']):X}" for one in order["certificates"]] == [result["serial_number"]]


def test_the_certificate_comes_by_mail_without_a_request_to_the_portal(desk):
    assert desk.run()["status"] == "pending"
    assert desk.run()["status"] == "pending"
    with desk.mail_server.arriving():
        desk.simulator.approve(NAME)
    result = desk.run()
    assert issued(desk, result)
    assert result["portal_requests"] == 0
    assert result["changed"]
    again = desk.run()
    assert issued(desk, again)
    assert not again["changed"]
    assert len(desk.simulator.orders()) == 1


def test_a_maildir_will_do(desk):
    assert desk.run()["status"] == "pending"
    with desk.mail_server.arriving():
        desk.simulator.approve(NAME)
    result = desk.run(mailbox={"maildir": str(desk.mail_server.maildir)})
    assert issued(desk, result)
    assert result["portal_requests"] == 0


def test_without_the_mail_the_portal_is_asked_and_that_is_said(desk):
    desk.run()
    with desk.mail_server.arriving():
        desk.simulator.approve(NAME)
    desk.mail_server.empty()
    result = desk.run()
    assert issued(desk, result)
    assert FELL_BACK in result["warnings"]


def test_without_a_mail_server_the_portal_is_asked_and_that_is_said(desk):
    desk.run()
    with desk.mail_server.arriving():
        desk.simulator.approve(NAME)
    result = desk.run(mailbox=desk.mail_server.options(password="not the password"))
    assert issued(desk, result)
    (warning,) = [text for text in result["warnings"] if "mailbox" in text and "refuses the login" in text]
    assert "not the password" not in warning


def test_a_forged_notice_of_this_key_changes_nothing(desk):
    desk.mail_server.send(desk.forged())
    assert desk.run()["status"] == "pending"
    with desk.mail_server.arriving():
        desk.simulator.approve(NAME)
    desk.mail_server.send(desk.forged())
    result = desk.run()
    assert issued(desk, result)
    assert result["portal_requests"] == 0


def test_a_certificate_that_nobody_can_read_does_not_hide_the_others(desk):
    desk.run()
    with desk.mail_server.arriving():
        desk.simulator.approve(NAME)
    (genuine,) = desk.mail_server.mails()
    # The curve of this root is unknown to the library.
    strange = samples.der(samples.Authority().root)
    strange = strange.replace(bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d030177"))
    forwarded = samples.multipart(
        samples.base64_part(strange), b"Content-Type: message/rfc822\r\n\r\n" + genuine.read_bytes()
    )
    desk.mail_server.empty()
    desk.mail_server.send(forwarded)
    result = desk.run()
    assert issued(desk, result)
    assert result["portal_requests"] == 0


def test_a_wrong_mailbox_option_is_told_before_anything_is_ordered(desk):
    result = desk.run(mailbox={"host": "imap.example.com", "username": "twca"})
    assert result["failed"]
    assert result["msg"].startswith("mailbox.password is missing: ")
    assert desk.simulator.orders() == []
