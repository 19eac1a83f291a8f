# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import json

import pytest
from module_runner import PACKAGE, arguments

SECRET = '許功蓋\'s "word" {{ x }}'


def fail(capsys, name, options):
    """What a module that fails before it begins prints."""
    shown = {"_ansible_verbosity": 4, "_ansible_inject_invocation": True}
    with arguments(options, shown), pytest.raises(SystemExit):
        importlib.import_module(f"{PACKAGE}.{name}").main()
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "mailbox",
    [
        f"imap.example.com.tw {SECRET}",
        f'{{"host": "imap.example.com.tw", "password": "{SECRET}',
        [SECRET],
        [[{"password": SECRET}]],
        {"password": SECRET, "bogus": 1},
    ],
    ids=["text", "broken JSON", "list", "list in a list", "unknown option"],
)
def test_what_is_no_dictionary_is_not_shown_and_neither_are_the_secrets_beside_it(capsys, mailbox):
    options = {"csr_content": "x", "delivery": "mailbox", "mailbox": mailbox, "passphrase": f"{SECRET}!"}
    result = fail(capsys, "twca_certificate", options)
    assert result["failed"]
    assert "mailbox" in str(result)
    assert SECRET not in str(result)
    assert "許功蓋" not in str(result)
    assert result["invocation"]["module_args"]["csr_content"] == "x"


def test_a_key_beside_an_option_of_the_wrong_kind_is_not_shown(capsys):
    result = fail(
        capsys,
        "twca_install",
        {"directory": "/x", "certificate": "y", "chain": [], "privatekey": SECRET, "verify": "no"},
    )
    assert result["failed"]
    assert SECRET not in str(result)


@pytest.mark.parametrize("bad", [{"operation": "steal"}, {"mailbox": [SECRET]}, SECRET], ids=["choice", "list", "text"])
def test_secrets_within_a_list_are_not_shown(capsys, bad):
    good = {"csr_content": "x", "passphrase": f"{SECRET}!"}
    requests = [good, {**good, **bad} if isinstance(bad, dict) else bad]
    result = fail(capsys, "twca_certificates", {"requests": requests})
    assert result["failed"]
    assert SECRET not in str(result)
    assert "許功蓋" not in str(result)
