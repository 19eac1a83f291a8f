# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Dovecot never does: servers that lack something, answer oddly, or go away. See also tests/integration/mailbox."""

from __future__ import annotations

import contextlib
import datetime
import socket
import threading
import time
import typing as t

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, PortalError
from ansible_collections.twca.ssl.plugins.module_utils._intake import message
from ansible_collections.twca.ssl.plugins.module_utils._mailbox import imap, options

PASSWORD = '5ecret "word\\'
GREETING = b"* OK ready\r\n"
MAIL = b"Subject: hello\r\n\r\n" + b"x" * 600

Answers = t.Callable[[bytes], bytes]


@contextlib.contextmanager
def scripted(answer: Answers, greeting: bytes = GREETING) -> t.Iterator[tuple[int, list[bytes]]]:
    """A server that answers each line as told, with ``%`` for the command's tag; empty: it hangs up.

    Yields its port, and the lines that it gets.
    """
    lines: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            connection, _address = listener.accept()
            with connection, connection.makefile("rwb") as stream:
                stream.write(greeting)
                stream.flush()
                for line in stream:
                    lines.append(line.rstrip(b"\r\n"))
                    tag, _space, command = lines[-1].partition(b" ")
                    reply = answer(command if command else tag)
                    if not reply:
                        return
                    stream.write(reply.replace(b"%", tag))
                    stream.flush()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield listener.getsockname()[1], lines
    thread.join(5)


def well_behaved(changes: dict[bytes, bytes] | None = None) -> Answers:
    """A server with one mail; ``changes`` are other answers to the commands that begin so."""
    size = len(MAIL)
    answers = {
        b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n% OK done\r\n",
        b"LOGIN": b"% OK done\r\n",
        b"EXAMINE": b"* 1 EXISTS\r\n% OK [READ-ONLY]\r\n",
        b"FETCH": b'* 1 FETCH (UID 7 RFC822.SIZE %d INTERNALDATE "23-Nov-2026 12:00:00 +0800")\r\n' % size
        + b"% OK done\r\n",
        b"UID FETCH": b"* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n" % size + MAIL + b")\r\n% OK done\r\n",
        b"LOGOUT": b"* BYE bye\r\n% OK done\r\n",
        **(changes or {}),
    }
    return lambda command: next(
        (reply for start, reply in answers.items() if command.startswith(start)), b"% BAD what\r\n"
    )


def read(port: int, since: datetime.datetime | None = None, **changes: t.Any) -> list[bytes]:
    given = {"host": "127.0.0.1", "port": port, "security": "none", "username": "twca", "password": PASSWORD}
    parsed = options.parse({**given, **changes})
    assert isinstance(parsed, options.Imap)
    return list(imap.messages(parsed, since))


def refusal(port: int, **changes: t.Any) -> str:
    with pytest.raises(PortalError) as caught:
        read(port, **changes)
    error = caught.value
    assert "5ecret" not in f"{error!r}{error.__cause__!r}{error.__dict__}"
    assert error.message.startswith(f"The mail server 127.0.0.1:{port} ")
    assert error.message.endswith(".")
    return error.message


def test_only_reading_commands_are_sent():
    with scripted(well_behaved()) as (port, lines):
        assert read(port) == [MAIL]
    assert [line.split(b" ", 1)[1] for line in lines] == [
        b"CAPABILITY",
        b'LOGIN twca "5ecret \\"word\\\\"',
        b'EXAMINE "INBOX"',
        b"FETCH 1:1 (UID RFC822.SIZE INTERNALDATE)",
        b"UID FETCH 7 (BODY.PEEK[]<0.%d>)" % message.MAX_SIZE,
        b"LOGOUT",
    ]


def test_a_user_name_with_a_backslash_is_quoted():
    with scripted(well_behaved()) as (port, lines):
        read(port, username="OFFICE\\twca admin")
    assert lines[1].split(b" ", 2)[2].startswith(b'"OFFICE\\\\twca admin" ')


@pytest.mark.parametrize("secret", [{"password": "密碼密碼"}, {"username": "王小明"}])
def test_beyond_ascii_needs_auth_plain(secret):
    with scripted(well_behaved()) as (port, lines):
        message_text = refusal(port, **secret)
    assert "offers no AUTH=PLAIN" in message_text
    assert "密碼" not in message_text
    assert not any(b"LOGIN" in line for line in lines)


@pytest.mark.parametrize("folder", ["Sent & Done", "憑證/2026", 'a"b\\c', "~peter/mail/台北/日本語"])
def test_folder_names_as_imap_spells_them(folder):
    spelled = {
        "Sent & Done": b'"Sent &- Done"',
        "憑證/2026": b'"&YZGLSQ-/2026"',
        'a"b\\c': b'"a\\"b\\\\c"',
        "~peter/mail/台北/日本語": b'"~peter/mail/&U,BTFw-/&ZeVnLIqe-"',  # the example of RFC 3501, 5.1.3
    }
    with scripted(well_behaved()) as (port, lines):
        read(port, folder=folder)
    assert lines[2].endswith(b"EXAMINE " + spelled[folder])


@pytest.mark.parametrize(
    ("summary", "fetched"),
    [
        (b'* 1 FETCH (RFC822.SIZE 700 INTERNALDATE "23-Nov-2026 12:00:00 +0800" FLAGS () UID 7)', True),
        (b'* 1 FETCH (UID 7 RFC822.SIZE 100 INTERNALDATE "23-Nov-2026 12:00:00 +0800")', False),
        (b'* 1 FETCH (UID 7 RFC822.SIZE 4194305 INTERNALDATE "23-Nov-2026 12:00:00 +0800")', False),
        (b'* 1 FETCH (UID 7 RFC822.SIZE 700 INTERNALDATE "22-Nov-2026 23:00:00 +0800")', False),
        (b'* 1 FETCH (UID 7 RFC822.SIZE 700 INTERNALDATE "22-Nov-2026 23:00:00 -0800")', True),
        (b"* 1 FETCH (FLAGS (\\Seen))", False),
        (b"* 2 EXISTS", False),
    ],
)
def test_what_is_worth_fetching(summary, fetched):
    since = datetime.datetime(2026, 11, 23, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
    with scripted(well_behaved({b"FETCH": summary + b"\r\n% OK done\r\n"})) as (port, _lines):
        assert bool(read(port, since=since)) is fetched


def test_an_answer_that_holds_no_mail_is_passed_by():
    with scripted(well_behaved({b"UID FETCH": b"* 1 FETCH (UID 7 BODY[]<0> NIL)\r\n% OK done\r\n"})) as (port, _lines):
        assert read(port) == []


def test_no_starttls_means_no_login():
    with scripted(well_behaved()) as (port, lines):
        assert "does not speak IMAP with security starttls" in refusal(port, security="starttls")
    assert not any(b"LOGIN" in line for line in lines)


@pytest.mark.parametrize("greeting", [b"* BYE too many connections\r\n", b"220 smtp.example.com ESMTP\r\n", b"\r\n"])
def test_what_does_not_greet_as_imap_does(greeting):
    with scripted(lambda _line: b"", greeting) as (port, _lines):
        assert "does not speak IMAP with security none" in refusal(port)


def test_a_server_that_never_answers(monkeypatch):
    monkeypatch.setattr(imap, "TIMEOUT", 0.2)
    with scripted(lambda _line: b"", b"") as (port, _lines):
        assert "timed out" in refusal(port)


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (b"% NO [EXPIRED] change your password\r\n", "refuses the login of twca (EXPIRED): check "),
        (b'% NO no such password: 5ecret "word\\\r\n', "refuses the login of twca: check "),
        (b"% BAD 5ecret\r\n", "refuses the login of twca: check "),
        (b"", "broke off while twca logged in: "),
        (b'* BYE 5ecret "word\\\r\n', "broke off while twca logged in: "),
    ],
)
def test_a_refused_login_tells_nothing_that_the_server_says(answer, what):
    with scripted(well_behaved({b"LOGIN": answer})) as (port, _lines):
        assert what in refusal(port)


@pytest.mark.parametrize("command", [b"EXAMINE", b"FETCH", b"UID FETCH"])
@pytest.mark.parametrize(
    "answer", [b"", b'* BYE 5ecret "word\\\r\n', b"% BAD no\r\n", b"nonsense\r\n", b"% OK {99\r\n"]
)
def test_a_server_that_breaks_off_or_talks_nonsense(command, answer, monkeypatch):
    monkeypatch.setattr(imap, "TIMEOUT", 0.5)
    with scripted(well_behaved({command: answer})) as (port, _lines):
        try:
            mails = read(port)
        except PortalError as error:
            assert "5ecret" not in error.message
            assert "broke off" in error.message or "no folder" in error.message
        else:
            assert mails == []


def test_a_search_that_ends_early_says_goodbye():
    with scripted(well_behaved()) as (port, lines):
        given = {"host": "127.0.0.1", "port": port, "security": "none", "username": "twca", "password": PASSWORD}
        mails = imap.messages(options.parse(given), None)
        assert next(mails) == MAIL
        mails.close()
    assert lines[-1].endswith(b"LOGOUT")


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_a_wrong_ca_path(tmp_path, content):
    path = tmp_path / "ca.pem"
    if content:
        path.write_text(content)
    with pytest.raises(InputError, match=rf"^mailbox\.ca_path: {path} cannot be read as PEM certificates \("):
        read(1, security="tls", ca_path=str(path))


# -- bounds ------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def dripping(piece: bytes, after: bytes, pause: float) -> t.Iterator[tuple[int, threading.Event, list[int]]]:
    """A well-behaved server that answers one command with an endless stream. Yields its port, whether it was cut off, and what it sent."""
    ended = threading.Event()
    sent = [0]
    listener = socket.create_server(("127.0.0.1", 0))
    answer = well_behaved()

    def serve() -> None:
        with contextlib.suppress(OSError):
            connection, _address = listener.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(GREETING if after else b"")
                for line in lines if after else [b"1 NONE"]:
                    tag, _space, command = line.rstrip().partition(b" ")
                    if not command.startswith(after):
                        connection.sendall(answer(command).replace(b"%", tag))
                        continue
                    while True:
                        sent[0] += connection.send(piece)
                        time.sleep(pause)
        ended.set()

    threading.Thread(target=serve, daemon=True).start()
    with listener:
        yield listener.getsockname()[1], ended, sent


@pytest.mark.parametrize("after", [b"", b"CAPABILITY", b"LOGIN", b"EXAMINE", b"FETCH", b"UID FETCH"])
def test_a_server_that_drips_is_left_in_time(after, monkeypatch):
    monkeypatch.setattr(imap, "SESSION", 0.4)
    with dripping(b"* 1 EXISTS\r\n" if after else b"*", after, 0.02) as (port, ended, _sent):
        said = refusal(port)
        assert "was not through after 0.4 seconds" in said or "while twca logged in" in said
        assert ended.wait(10)


@pytest.mark.parametrize("after", [b"EXAMINE", b"FETCH", b"UID FETCH"])
def test_a_server_that_never_ends_is_left_at_a_size(after):
    with dripping(b"* 1 FETCH (UID 7)\r\n" * 1000, after, 0) as (port, ended, sent):
        assert f"its answer is larger than {imap.MAX_ANSWER // 1024} KiB" in refusal(port)
        assert ended.wait(10)
    assert sent[0] < imap.MAX_ANSWER + 32 * 1024 * 1024  # what the sockets hold included


@pytest.mark.parametrize("size", [imap.MAX_ANSWER + 1, 8 * 1024**3, 10**30])
@pytest.mark.parametrize("command", [b"LOGIN", b"EXAMINE", b"FETCH", b"UID FETCH"])
def test_a_literal_is_bounded_before_it_is_read(size, command):
    literal = b"* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n" % size
    with scripted(well_behaved({command: literal + b"x" * 1000})) as (port, _lines):
        said = refusal(port)
    assert "its answer is larger" in said or "while twca logged in" in said


def test_mails_that_are_larger_than_announced_do_not_add_up():
    """Many mails are asked for at once since they are small, and each comes as large as may be."""
    summaries = b"".join(
        b'* %d FETCH (UID %d RFC822.SIZE 600 INTERNALDATE "23-Nov-2026 12:00:00 +0800")\r\n' % (number, number)
        for number in range(1, 101)
    )
    mails = b"".join(
        b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n" % (number, number, message.MAX_SIZE)
        + bytes(message.MAX_SIZE)
        + b")\r\n"
        for number in range(1, 6)
    )
    changes = {
        b"EXAMINE": b"* 100 EXISTS\r\n% OK done\r\n",
        b"FETCH": summaries + b"% OK done\r\n",
        b"UID FETCH": mails,
    }
    with scripted(well_behaved(changes)) as (port, _lines):
        assert "its answer is larger" in refusal(port)


def test_what_the_server_says_cannot_write_to_the_terminal():
    with scripted(well_behaved({b"FETCH": b"% NO \x1b[2J\x9b1mgone\x07\r\n"})) as (port, _lines):
        said = refusal(port)
    assert said.isprintable()
