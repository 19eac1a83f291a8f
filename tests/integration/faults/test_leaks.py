# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The search for secrets finds them: however they are quoted, and in what modules write to a log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from faults.leaks import _HOOK, PASSPHRASES, _forms

ASK = """
import json, sys
from ansible.module_utils import basic
basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = sys.stdin.buffer.read(), "legacy"
basic.AnsibleModule({"box": {"type": "dict", "options": {"secret": {"type": "str"}}}}).exit_json()
"""


@pytest.mark.parametrize("secret", PASSPHRASES.values(), ids=PASSPHRASES)
@pytest.mark.parametrize(
    "quoted", [str, repr, json.dumps, lambda text: repr({"box": text}), lambda text: repr(repr([text]))]
)
def test_a_secret_is_found_however_it_is_quoted(secret, quoted):
    assert any(form in quoted(secret) for form in _forms(secret))


@pytest.mark.parametrize("journal", [True, False])
def test_what_a_module_logs_is_caught(tmp_path: Path, journal: bool) -> None:
    secret = PASSPHRASES["quotes"]
    log = tmp_path / "log"
    environment = {**os.environ, "PYTHONPATH": str(_HOOK), "TWCA_FAULTS_LOG": str(log)}
    if journal:
        environment["TWCA_FAULTS_JOURNAL"] = "1"
    options = json.dumps({"ANSIBLE_MODULE_ARGS": {"box": {"secret": secret}}}).encode()

    subprocess.run([sys.executable, "-c", ASK], input=options, env=environment, check=True, capture_output=True)

    assert any(form in log.read_text() for form in _forms(secret))
