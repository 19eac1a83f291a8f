# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._mailbox import options

SERVER = {"host": "imap.example.com", "username": "twca", "password": "5ecret-word"}


def test_defaults():
    parsed = options.parse({**SERVER, "folder": None, "port": None})
    assert parsed == options.Imap("imap.example.com", 993, "tls", "twca", "5ecret-word", "INBOX", None)
    assert str(parsed) == "imap.example.com:993"
    assert "5ecret" not in repr(parsed)


@pytest.mark.parametrize(
    ("changes", "port"),
    [({"security": "starttls"}, 143), ({"security": "none", "host": "::1"}, 143), ({"port": "1993"}, 1993)],
)
def test_ports(changes, port):
    assert options.parse({**SERVER, **changes}).port == port


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_without_security_on_loopback_only(host):
    assert options.parse({**SERVER, "host": host, "security": "none"}).host == host


def test_maildir():
    """The module gives the server's defaults too."""
    given = {"maildir": "~/Maildir", "host": None, "security": "tls", "folder": "INBOX"}
    assert options.parse(given) == options.Maildir(Path.home() / "Maildir")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (None, "mailbox.host is missing: "),
        ({}, "mailbox.host is missing: "),
        ({**SERVER, "host": ""}, "mailbox.host is missing: "),
        ({**SERVER, "username": None}, "mailbox.username is missing: "),
        ({**SERVER, "password": None}, "mailbox.password is missing: "),
        ({**SERVER, "password": 123456}, "mailbox.password is not text: "),
        ({**SERVER, "password": "5ecret-word\n"}, "mailbox.password holds a control character "),
        ({**SERVER, "username": "a\r\nb"}, "mailbox.username holds a control character "),
        ({**SERVER, "folder": "a\x00b"}, "mailbox.folder holds a control character "),
        ({**SERVER, "security": "ssl"}, "mailbox.security is 'ssl': give one of tls, starttls, none."),
        (
            {**SERVER, "security": "none"},
            "mailbox.security is none, which would send the password in the clear to imap",
        ),
        ({**SERVER, "security": "none", "host": "localhost.evil"}, "mailbox.security is none, which "),
        ({**SERVER, "port": 0}, "mailbox.port is 0: "),
        ({**SERVER, "port": 65536}, "mailbox.port is 65536: "),
        ({**SERVER, "port": "imaps"}, "mailbox.port is 'imaps': "),
        ({**SERVER, "server": "x"}, "mailbox has no key 'server': it has host, port, "),
        ({**SERVER, "maildir": "/x"}, "mailbox.maildir and mailbox.host exclude each other: "),
        ({"password": "5ecret-word", "maildir": "/x"}, "mailbox.maildir and mailbox.password exclude each other: "),
        ({"maildir": "/x\n"}, "mailbox.maildir holds a control character "),
    ],
)
def test_wrong_options(given, sentence):
    with pytest.raises(InputError) as caught:
        options.parse(given)
    assert caught.value.message.startswith(sentence)
    assert caught.value.message.endswith(".")
    assert "5ecret" not in caught.value.message
