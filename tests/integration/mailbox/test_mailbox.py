# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The mailbox against a real Dovecot over TLS, filled by a real Postfix."""

from __future__ import annotations

import datetime
import imaplib
import json
import re
import socket
import ssl
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import PortalError
from ansible_collections.twca.ssl.plugins.module_utils._mailbox import imap, notice
from mail import samples
from mail.server import PASSWORD, MailServer

PLACED = samples.order()
KEY = PLACED.public_key_sha256
MEBIBYTES = 200
PROBE = """\
import json, re, sys
sys.path[:0] = json.loads(sys.argv[1])
import conftest
from ansible_collections.twca.ssl.plugins.module_utils._mailbox import notice
found = notice.find(json.load(sys.stdin), sys.argv[2])
print(json.dumps({
    "subject": found and found.subject,
    "certificates": found and [f"{one.serial_number:x}" for one in found.certificates],
    "seals": found and sorted(found.seals),
    # The peak of this program alone: getrusage counts that of the process it was forked from, too.
    "kibibytes": int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read()).group(1)),
}))
"""


def find(server: MailServer, key: str = KEY, **changes: t.Any) -> notice.Notice | None:
    return notice.find(server.options(**changes), key)


def client(server: MailServer) -> imaplib.IMAP4:
    context = ssl.create_default_context(cafile=server.ca_path)
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    connection = imaplib.IMAP4_SSL(server.host, server.imaps_port, ssl_context=context)
    connection.authenticate("PLAIN", lambda _: f"\0twca\0{PASSWORD}".encode())
    return connection


def refusal(server: MailServer, **changes: t.Any) -> str:
    with pytest.raises(PortalError) as caught:
        find(server, **changes)
    assert PASSWORD not in str(caught.value.__dict__)
    return caught.value.message


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_the_notice_comes_by_smtp_and_is_found(mail_server, security):
    mail_server.send(samples.everyday(1))
    mail_server.send(bytes(samples.notice(PLACED)))
    mail_server.send(samples.everyday(2))
    found = find(mail_server, security=security)
    assert found.certificates == PLACED.chain
    assert found.seals == samples.SEALS
    assert found.subject == samples.SUBJECT
    assert find(mail_server, key="0" * 64, security=security) is None


def test_no_mail_is_marked_moved_or_deleted(mail_server):
    mail_server.send(samples.everyday(1))
    mail_server.send(bytes(samples.notice(PLACED)))
    before = mail_server.mails()
    assert {path.parent.name for path in before} == {"new"}
    for _ in range(2):
        assert find(mail_server) is not None
    assert notice.find({"maildir": str(mail_server.maildir)}, KEY) is not None
    assert mail_server.mails() == before
    connection = client(mail_server)
    connection.select("INBOX", readonly=True)
    _status, lines = connection.fetch("1:*", "(FLAGS)")
    connection.logout()
    assert lines == [b"1 (FLAGS (\\Recent))", b"2 (FLAGS (\\Recent))"]


def test_the_newest_of_two_notices(mail_server):
    mail_server.send(bytes(samples.notice(PLACED, subject="first")))
    mail_server.send(bytes(samples.notice(PLACED, subject="second")))
    assert find(mail_server).subject == "second"


def test_a_folder_with_a_chinese_name(mail_server):
    mail_server.send(bytes(samples.notice(PLACED)))
    assert find(mail_server, folder="憑證") is None
    connection = client(mail_server)
    connection.select("INBOX")
    assert connection.copy("1", '"&YZGLSQ-"')[0] == "OK"
    connection.logout()
    assert find(mail_server, folder="憑證").certificates == PLACED.chain


def test_mails_from_before_the_order_are_not_fetched(mail_server):
    mail_server.fill([bytes(samples.notice(PLACED)), samples.everyday(1)])
    arrived = datetime.datetime.fromtimestamp(mail_server.mails()[0].stat().st_mtime, datetime.timezone.utc)
    for options in (mail_server.options(), {"maildir": str(mail_server.maildir)}):
        assert notice.find(options, KEY, since=arrived + notice.CLOCKS) is not None
        assert notice.find(options, KEY, since=arrived + notice.CLOCKS + datetime.timedelta(seconds=5)) is None


def test_an_empty_mailbox(mail_server):
    assert find(mail_server) is None


def test_pages_and_batches_lose_nothing(mail_server, monkeypatch):
    monkeypatch.setattr(imap, "PAGE", 3)
    monkeypatch.setattr(imap, "BATCH", 20_000)
    mails = [samples.everyday(number) for number in range(1, 30)]
    mail_server.fill(mails)
    options = notice.parse(mail_server.options())
    assert list(imap.messages(options, None)) == mails[::-1]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"password": "wrong one"},
            r"refuses the login of twca \(AUTHENTICATIONFAILED\): check mailbox\.username and ",
        ),
        ({"username": "nobody"}, r"refuses the login of nobody \(AUTHENTICATIONFAILED\): "),
        ({"folder": "no such"}, r"has no folder 'no such' for twca: check mailbox\.folder\."),
        ({"folder": 'a"b\\c'}, r"has no folder "),
        ({"ca_path": None}, r"shows a certificate that cannot be trusted \(.*\): check mailbox\.host, or "),
        ({"ca_path": None, "security": "starttls"}, r"shows a certificate that cannot be trusted "),
        ({"port": 1}, r"refuses connections: check mailbox\.host, mailbox\.port and the firewall\."),
        ({"host": "no-such-host.invalid"}, r"cannot be found \(.*\): check mailbox\.host\."),
    ],
)
def test_what_can_be_wrong_is_one_sentence(mail_server, changes, sentence):
    options = mail_server.options(**changes)
    message = refusal(mail_server, **changes)
    where = f"The mail server {options['host']}:{options['port']} "
    assert message.startswith(where)
    assert re.match(sentence, message[len(where) :])


def test_the_certificate_must_bear_the_servers_name(mail_server, monkeypatch):
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: resolve("127.0.0.1", *rest, **more))
    assert "Hostname mismatch" in refusal(mail_server, host="imap.example.com")


def test_tls_on_the_port_without_tls(mail_server):
    message = refusal(mail_server, port=mail_server.imap_port)
    assert "does not speak IMAP with security tls" in message


@pytest.fixture(scope="module")
def crowd() -> list[bytes]:
    """A mailbox's mails, oldest first: the notice, then 2,000 others and 50 hostile ones among them."""
    crowd = [samples.everyday(number) for number in range(2000)]
    for place, mail in enumerate(samples.hostile(PLACED)):
        crowd.insert(place * 41, mail)
    return [bytes(samples.notice(PLACED)), *crowd]


@pytest.mark.parametrize("source", ["imap", "maildir"])
def test_two_thousand_mails_and_fifty_hostile_ones(mail_server, crowd, source):
    mail_server.fill(crowd)
    options = mail_server.options() if source == "imap" else {"maildir": str(mail_server.maildir)}
    before = [(path, path.stat().st_mtime_ns) for path in mail_server.mails()]
    assert len(before) == 2051
    tests = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps([str(tests / "unit"), *sys.path]), KEY],
        input=json.dumps(options),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert result["subject"] == samples.SUBJECT
    assert result["certificates"] == [f"{one.serial_number:x}" for one in PLACED.chain]
    assert result["seals"] == sorted(samples.SEALS)
    print(f"{source}: {result['kibibytes'] // 1024} MiB")
    assert result["kibibytes"] < MEBIBYTES * 1024
    assert [(path, path.stat().st_mtime_ns) for path in mail_server.mails()] == before
