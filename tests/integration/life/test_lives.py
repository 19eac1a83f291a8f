# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A few lives; ``make life`` tries many. In a process of their own, since they move the clock."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from stage.ansible import ROOT


def live(*arguments):
    command = [sys.executable, "-m", "life", *arguments]
    return subprocess.run(command, cwd=ROOT / "tests", capture_output=True, text=True, check=False)


def test_a_few_lives():
    run = live("quick", "--lives", "2")
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"\d+ lives, .* 0 violations", run.stdout), run.stdout


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("forgetful", "was ordered 2 times|no message led to a green run"),
        ("talkative", "the passphrase"),
        ("lazy", "was not collected"),
    ],
)
def test_planted_fault_is_found_and_told_as_a_story(fault, told):
    run = live("quick", "--plant", fault, "--lives", "40", "--shrink", "5")
    assert run.returncode == 1, run.stdout + run.stderr
    assert re.search(told, run.stdout), run.stdout
    assert "\n  The playbook runs" in run.stdout
    assert "again: python -m life quick --seed" in run.stdout
