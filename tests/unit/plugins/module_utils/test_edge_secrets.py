# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules show of the options that they were given: in results, at ``-vvvv``, and in the system's log."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import types

import ansible_collections.twca.ssl.plugins.modules as modules
import module_runner
import pki_factory as pki
import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.parameters import PASS_VARS
from ansible_collections.twca.ssl.plugins.module_utils import _edge, _masking, _secrets
from ansible_collections.twca.ssl.plugins.module_utils._pki import csr
from module_runner import PACKAGE, arguments

# Since ansible-core 2.21 a module is told whether to show its arguments.
KNOWS_INVOCATION = "inject_invocation" in PASS_VARS
SECRET = '許功蓋\'s "word" {{ x }}'


def fail(capsys, name, options):
    """What a module that fails before it begins prints."""
    shown = {"_ansible_verbosity": 4, **({"_ansible_inject_invocation": True} if KNOWS_INVOCATION else {})}
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


# What Python quotes otherwise than it stands.
AWKWARD = [
    "back\\slash and more",
    "both ' and \" quotes",
    "許功蓋堃喆文",
    "two  spaces",
    "tab\tand\u00a0more",
    "'; \\' \\\\ \"",
]


@pytest.fixture(params=["syslog", "journal"])
def log(request, monkeypatch):
    """What gets into the system's log."""
    lines = []
    monkeypatch.setattr(basic, "has_journal", request.param == "journal")
    monkeypatch.setattr(basic.syslog, "openlog", lambda *_: None)
    monkeypatch.setattr(basic.syslog, "syslog", lambda _level, text: lines.append(text))
    journal = types.SimpleNamespace(send=lambda **fields: lines.append(str(list(fields.values()))))
    monkeypatch.setattr(basic, "journal", journal, raising=False)
    return lines


@pytest.mark.parametrize("secret", AWKWARD)
@pytest.mark.parametrize("place", ["passphrase", "mailbox", "requests", "text", "same text elsewhere"])
def test_the_systems_log_shows_no_secret(capsys, log, secret, place):
    mailbox = {"host": "imap.example.com.tw", "username": "wang", "password": secret}
    request = {"csr_content": "no CSR", "delivery": "mailbox", "mailbox": mailbox, "passphrase": f"{secret}!"}
    contact = {"name": "Wang", "title": secret}
    name, options = {
        "passphrase": ("twca_certificate", {"csr_content": "no CSR", "passphrase": secret}),
        "mailbox": ("twca_certificate", request),
        "requests": ("twca_certificates", {"requests": [request, request]}),
        "text": ("twca_certificate", {**request, "mailbox": json.dumps(mailbox)}),
        "same text elsewhere": ("twca_certificate", {**request, "technical_contact": contact}),
    }[place]
    result = fail(capsys, name, options)
    assert result["failed"]
    assert len(log) == 1
    assert "portal_timeout" in log[0]
    for text in [*log, str(result)]:
        for form in (secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], secret.replace("\\", "\\\\")):
            assert form not in text


def test_the_systems_log_has_what_is_plain(capsys, log):
    fail(capsys, "twca_certificate", {"csr_content": "no CSR", "operation": "renew", "passphrase": SECRET})
    assert "operation=renew" in log[0]
    assert f"passphrase={_secrets.HIDDEN}" in log[0]


def test_a_task_without_a_log_has_none(capsys, log):
    fail(capsys, "twca_certificate", {"csr_content": "no CSR", "_ansible_no_log": True})
    assert log == []


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("twca_certificate", {"csr_content": "x", "pasphrase": SECRET}),
        ("twca_certificate", {"csr_content": "x", "mailbox": {"host": "x", "pasword": SECRET}}),
        ("twca_certificate", {"csr_content": "x", "mailbox": json.dumps({"host": "x", "pasword": SECRET})}),
        ("twca_certificate", {"csr_content": "x", "technical_contact": {"pass": SECRET}}),
        ("twca_certificates", {"requests": [{"csr_content": "x", "pasphrase": SECRET}]}),
        ("twca_certificates", {"requests": [{"csr_content": "x", "mailbox": {"host": "x", "pasword": SECRET}}]}),
        ("twca_certificates", {"requests": [], "passphrases": [SECRET]}),
        ("twca_revoke", {"common_name": "x", "serial_number": "1", "passwort": SECRET}),
        ("twca_seal", {"common_name": "x", "image_url": "y", "passphase": SECRET}),
        ("twca_install", {"directory": "/x", "certificate": "y", "chain": [], "private_key": SECRET}),
        ("twca_csr", {"directory": "/x", "common_name": "y", "passphrase": SECRET}),
    ],
)
def test_what_no_option_is_known_for_is_not_shown(capsys, log, name, options):
    result = fail(capsys, name, options)
    assert "Unsupported parameters" in result["msg"]
    for text in [*log, str(result)]:
        assert SECRET not in text
        assert repr(SECRET)[1:-1] not in text
        assert "許功蓋" not in text
    if name != "twca_certificates":
        assert all(value in str(result["invocation"]) for value in options.values() if value in ("x", "y", "/x"))


@pytest.mark.parametrize("secret", AWKWARD)
def test_a_message_that_quotes_a_secret_does_not_show_it(capsys, secret):
    options = {"csr_content": "x", "passphrase": secret, "server_software": "Apache"}
    with arguments(options, {}), pytest.raises(SystemExit):
        module = _edge.DiscreetModule(
            {"csr_content": {}, "passphrase": {"no_log": True, "type": "str"}, "server_software": {}}
        )
        module.fail_json(f"The portal says: {secret}. {secret!r}, {json.dumps(secret)}, {' '.join(secret.split())}.")
    said = json.loads(capsys.readouterr().out)["msg"]
    assert said.count("*" * 8) == 4
    assert not any(part in said for part in ("slash", "quotes", "許", "spaces", "more"))


def test_a_failure_before_there_are_options_is_a_sentence(capsys, monkeypatch):
    monkeypatch.setattr(basic.AnsibleModule, "_check_locale", lambda module: module.fail_json(msg="no locale"))
    assert fail(capsys, "twca_certificate", {"passphrase": SECRET})["msg"] == "no locale"


def test_every_module_is_of_this_class():
    for found in pkgutil.iter_modules(modules.__path__):
        module = importlib.import_module(f"{PACKAGE}.{found.name}")
        if not hasattr(module, "main"):  # the documentation of an action
            continue
        assert module.DiscreetModule is _edge.DiscreetModule
        assert getattr(module, "AnsibleModule", basic.AnsibleModule) is basic.AnsibleModule


NAME = "www.example.com.tw"
KEY = pki.key_pem(pki.new_key())
REQUEST = csr.build(KEY, csr.Subject(NAME, "TW", "Taiwan", "Taipei", "Example Ltd."), [f"DNS:{NAME}", "DNS:shop.tw"])
LEAF = pki.pem(pki.authority().leaf(pki.new_key(), [NAME], common_name=NAME))


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("twca_revoke", {"common_name": NAME, "passphrase": "example"}, "passphrase is part of common_name"),
        ("twca_revoke", {"common_name": NAME.upper(), "passphrase": "example"}, "passphrase is part of common_name"),
        ("twca_seal", {"common_name": NAME, "passphrase": "ple.com"}, "passphrase is part of common_name"),
        ("twca_certificate", {"passphrase": "Example Ltd."}, "passphrase is part of csr_content"),
        ("twca_certificate", {"passphrase": "shop.tw"}, "passphrase is part of csr_content"),
        ("twca_certificate", {"passphrase": REQUEST.splitlines()[2][5:15]}, "passphrase is part of csr_content"),
        (
            "twca_certificate",
            {"path": "/srv/secret-place/x", "passphrase": "secret-place"},
            "passphrase is part of path",
        ),
        (
            "twca_certificate",
            {"state_dir": "/srv/hunter22", "passphrase": "hunter22"},
            "passphrase is part of state_dir",
        ),
        (
            "twca_certificate",
            {"mailbox": {"maildir": "/srv/hunter22", "password": "hunter22"}},
            "mailbox.password is part of mailbox.maildir",
        ),
        (
            "twca_certificate",
            {"technical_contact": {"company": "Hunter 22 Ltd."}, "passphrase": "Hunter 22"},
            "passphrase is part of technical_contact.company",
        ),
        (
            "twca_certificates",
            {"requests": [{"csr_content": "x", "passphrase": "hunter22"}, {"csr_path": "/srv/hunter22/x"}]},
            "requests[0].passphrase is part of requests[1].csr_path",
        ),
        (
            "twca_certificates",
            {"requests": [{"csr_content": REQUEST}, {"csr_content": "x", "mailbox": {"host": "x", "password": NAME}}]},
            "requests[1].mailbox.password is part of requests[0].csr_content",
        ),
        ("twca_install", {"pkcs12_passphrase": NAME, "certificate": LEAF}, "pkcs12_passphrase is part of certificate"),
        ("twca_install", {"pkcs12_passphrase": NAME, "chain": [LEAF]}, "pkcs12_passphrase is part of chain[0]"),
        ("twca_install", {"pkcs12_passphrase": "/etc/twca"}, "pkcs12_passphrase is part of directory"),
        *(
            ("twca_certificate", {"passphrase": word}, "passphrase is part of a word that results use")
            for word in ("CERTIFICATE", "-----BEGIN", "BEGIN CERT", "pending", "issued", "reject")
        ),
        ("twca_certificate", {"mailbox": {"host": "x", "password": "1234"}}, "mailbox.password must have at least 6"),
        ("twca_install", {"pkcs12_passphrase": "0000"}, "pkcs12_passphrase must have at least 6 characters"),
    ],
)
def test_a_secret_that_cannot_be_hidden_is_refused(capsys, log, name, options, sentence):
    base = {
        "twca_certificate": {"csr_content": REQUEST},
        "twca_install": {"directory": "/etc/twca/site", "certificate": "x", "chain": []},
        "twca_revoke": {"serial_number": "1"},
        "twca_seal": {"image_url": "x"},
    }
    result = fail(capsys, name, {**base.get(name, {}), **options})
    words = {value for value in (options.get("passphrase"), options.get("pkcs12_passphrase")) if value}
    expected = sentence
    for word in words:
        expected = expected.replace(word, "*" * 8)
    assert result["msg"].startswith(expected)
    assert "Nothing was done" in result["msg"]
    assert log == []
    # The rest of a name around what is masked would tell the secret.
    shown = str(result["invocation"])
    assert "example" not in shown
    assert "/etc" not in shown


@pytest.mark.parametrize(("name", "option"), [("twca_certificate", "csr_path"), ("twca_revoke", "certificate_path")])
def test_a_secret_that_is_part_of_a_files_names_is_refused(tmp_path, name, option):
    path = tmp_path / "file.pem"
    path.write_text(REQUEST if option == "csr_path" else LEAF)
    more = {"common_name": "x.tw"} if name == "twca_revoke" else {}
    with pytest.raises(module_runner.Failed, match=f"^passphrase is part of {option}: "):
        module_runner.run(name, **{option: str(path)}, passphrase=NAME, **more)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(module_runner.Failed) as failure:
        module_runner.run("twca_install", directory=str(path), certificate="x", chain=[], pkcs12_passphrase=NAME)
    assert "is part of" not in str(failure.value)
    assert _masking._content(str(path)) == ""
    assert _masking._content(str(tmp_path)) == ""


@pytest.mark.parametrize(
    "options",
    [
        {"passphrase": "correct horse"},
        {"passphrase": ""},
        {"passphrase": "EXAMPLES"},
        {"mailbox": {"host": "mail.hunter22.tw", "username": "hunter22", "password": "hunter22"}},
        {"technical_contact": {"tax_id": "12345678", "phone": "12345678"}, "passphrase": "12345678"},
    ],
)
def test_any_other_secret_is_taken(capsys, options):
    with pytest.raises(module_runner.Failed) as failure:
        module_runner.run("twca_certificate", csr_content="no CSR", **options)
    assert "the CSR must be PEM" in str(failure.value)
