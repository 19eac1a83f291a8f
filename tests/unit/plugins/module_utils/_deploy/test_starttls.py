# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mail servers are asked to begin TLS, and may answer what they like."""

from __future__ import annotations

import time

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._deploy import served, starttls
from ansible_collections.twca.ssl.plugins.module_utils._errors import DeployError
from mail_server import SCRIPTS, SMTP, MailServer

CA = pki.authority()
KEY = pki.new_key()
LEAF = CA.leaf(KEY)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "privkey.pem").write_bytes(pki.key_pem(KEY))
    (tmp_path / "fullchain.pem").write_text("".join(map(pki.pem, [LEAF, *CA.chain])))
    return tmp_path


def refusal(script, protocol, timeout=5.0, **options):
    """Why there was no handshake."""
    with MailServer(script, **options) as server, pytest.raises(DeployError) as error:
        served.peek("127.0.0.1", server.port, timeout=timeout, starttls=protocol)
    return error.value.message.partition(f"no TLS handshake with 127.0.0.1:{server.port}: ")[2]


@pytest.mark.parametrize("protocol", starttls.PROTOCOLS)
@pytest.mark.parametrize("way", ["the standard library", "openssl"])
def test_what_is_sent_after_it_is_taken_down(files, monkeypatch, protocol, way):
    if way == "openssl":
        monkeypatch.setattr(served, "_sent_over", lambda _connection: None)
    with MailServer(SCRIPTS[protocol], files) as server:
        seen = served.peek("127.0.0.1", server.port, "mail.example.com.tw", starttls=protocol)
    assert (seen.leaf, seen.chain) == (LEAF, CA.chain)


def test_lines_may_come_in_pieces(files):
    pieces = [bytes([byte]) for byte in SMTP[0]]
    with MailServer([pieces, *SCRIPTS["smtp"][1:]], files, pause=0.001) as server:
        assert served.peek("127.0.0.1", server.port, starttls="smtp").leaf == LEAF
    assert server.heard[:2] == [b"EHLO [127.0.0.1]\r\n", b"STARTTLS\r\n"]


@pytest.mark.parametrize(
    ("protocol", "script", "reason"),
    [
        ("smtp", [b"554 no\r\n"], "the SMTP server does not begin TLS but answers '554 no'"),
        ("smtp", [b"220 a\r\n", b"EHLO", b"250-STARTTLSX\r\n250 SIZE\r\n"], "the SMTP server does not offer STARTTLS"),
        ("smtp", [*SMTP, b"STARTTLS", b"454 later\x1b[2J\r\n"], "the SMTP server does not begin TLS but answers '454 later?[2J'"),
        ("smtp", [b"220-a\r\n250 b\r\n"], "the SMTP server does not begin TLS but answers '250 b'"),
        ("imap", [b"* PREAUTH\r\n"], "the IMAP server does not begin TLS but answers '* PREAUTH'"),
        ("imap", [b"* BYE\r\n"], "the IMAP server does not begin TLS but answers '* BYE'"),
        ("imap", [b"* OK\r\n", b"STARTTLS", b"twca BAD\r\n"], "the IMAP server does not begin TLS but answers 'twca BAD'"),
        ("pop3", [b"-ERR\r\n"], "the POP3 server does not begin TLS but answers '-ERR'"),
        ("pop3", [b"+OK\r\n", b"STLS", b"-ERR\r\n"], "the POP3 server does not begin TLS but answers '-ERR'"),
        ("pop3", [b"+OK\r\n", b"STLS", b"+OK\r\n+OK more\r\n"], "the server said more before TLS than it was asked"),
        ("smtp", [b""], "the server hung up before TLS"),
        ("smtp", [b"2" * 5000], "the server said a line of more than 4096 bytes before TLS"),
        ("smtp", [b"2" * 5000 + b"\r\n"], "the server said a line of more than 4096 bytes before TLS"),
        ("smtp", [b"220-a\r\n" * 300], "the server said more than 200 lines before TLS"),
        ("imap", [b"* OK\r\n", b"STARTTLS", b"* x\r\n" * 300], "the server said more than 200 lines before TLS"),
    ],
)  # fmt: skip
def test_a_server_that_does_not_begin_it_is_told(protocol, script, reason):
    assert refusal(script, protocol) == reason


def test_a_long_answer_is_shown_in_part():
    assert refusal([b"5" * 4000 + b"\r\n"], "smtp").endswith(f"'{'5' * 100}'")


@pytest.mark.parametrize("script", [[[b"220-a\r\n"] * 100], [[b"2"] * 100]], ids=["lines", "bytes"])
def test_there_is_one_deadline_for_all_that_is_said(script):
    began = time.monotonic()
    assert refusal(script, "smtp", timeout=0.3, pause=0.1) == "timed out"
    assert time.monotonic() - began < 2


def test_the_handshake_has_what_time_is_left():
    began = time.monotonic()
    script = [*SCRIPTS["smtp"][:-1], [b"220 go ahead\r\n", *[b""] * 15]]
    assert refusal(script, "smtp", timeout=0.5, pause=0.1).endswith("timed out")
    assert time.monotonic() - began < 3
