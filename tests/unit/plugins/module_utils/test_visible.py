# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What others wrote moves no cursor and turns no text around."""

from __future__ import annotations

import contextlib
import importlib
import json
import unicodedata

import module_runner
import pki_factory as pki
import pytest
import yaml
from ansible_collections.twca.ssl.plugins.module_utils import _edge
from ansible_collections.twca.ssl.plugins.module_utils._visible import visible, visible_data
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;title\x07", r"\x1b[2J\x1b]0;title\x07"),
        ("a\x9b31mb\x85c\x7f", r"a\x9b31mb\x85c\x7f"),
        ("left\u202eright\u2066x\u2069", r"left\u202eright\u2066x\u2069"),
        ("half \ud800, none \ufffe \uffff \ufdd0 \U0010fffe", r"half \ud800, none \ufffe \uffff \ufdd0 \U0010fffe"),
        ("one\r\ntwo\rthree\n", "one\ntwo\\x0dthree\n"),
        ("over\bwritten\x00", r"over\x08written\x00"),
    ],
)
def test_what_a_terminal_obeys_is_written_out(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text", ["", "plain\ttext\n", "許功蓋 堃喆 😀 ünïcode\u3000", pki.pem(pki.authority().leaf(pki.new_key()))]
)
def test_other_text_is_as_it_was(text):
    assert visible(text) is text


@given(st.text(alphabet=st.characters(codec=None)))
def test_no_text_holds_any_afterwards(text):
    shown = visible(text)
    assert not [one for one in shown if unicodedata.category(one) in ("Cc", "Cs") and one not in "\t\n"]
    assert visible(shown) == shown
    shown.encode("utf-8")
    # It can be read as YAML, which Ansible takes JSON for.
    assert isinstance(yaml.safe_load(json.dumps([shown], ensure_ascii=False))[0], str)


def test_everything_in_data():
    data = {"a\x1b": ["b\x1b", ("c\x1b", 1, None, True)], "d": {"e": "\x1b"}}
    assert visible_data(data) == {r"a\x1b": [r"b\x1b", [r"c\x1b", 1, None, True]], "d": {"e": r"\x1b"}}


HOSTILE = "\x1b[31m\u202e\x9b"


@pytest.fixture
def on_a_host(monkeypatch):
    """Warnings are shown at once, not returned, where Ansible's plugins are loaded too: since ansible-core 2.19."""
    with contextlib.suppress(ImportError):
        internal = importlib.import_module("ansible.module_utils._internal")
        monkeypatch.setattr(internal, "is_controller", False, raising=False)


@pytest.mark.usefixtures("on_a_host")
@pytest.mark.parametrize("end", ["exit", "fail"])
def test_no_result_and_no_warning_of_a_module_holds_any(capsys, end):
    with module_runner.arguments({"name": "x"}, {}), pytest.raises(SystemExit):
        module = _edge.DiscreetModule({"name": {"type": "str"}})
        module.warn(f"warned {HOSTILE}")
        details = {"portal_message": HOSTILE, "list": [{"issuer": HOSTILE}], "diff": {"before": HOSTILE}}
        module.exit_json(**details) if end == "exit" else module.fail_json(f"failed {HOSTILE}", **details)
    output = capsys.readouterr().out
    assert "u001b" not in output
    assert "\\\\x1b[31m\\\\u202e\\\\x9b" in output
    result = json.loads(output)
    assert not any(one in str(result) for one in HOSTILE if one not in "[31m")
    assert result["portal_message"] == r"\x1b[31m\u202e\x9b"
    assert "warned" in str(result["warnings"])


def test_a_certificate_is_described_without_any():
    leaf = pki.authority().leaf(pki.new_key(), common_name=f"a{HOSTILE}b")
    (found,) = module_runner.run("twca_certificate_info", content=pki.pem(leaf))["certificates"]
    assert found["common_name"] == r"a\x1b[31m\u202e\x9bb"
