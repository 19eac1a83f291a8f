# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every answer of the threat model names a test, and every test that it names is there."""

from __future__ import annotations

import re

import pytest
from faults import wire
from guides import ROOT

MODEL = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
# A row of a table: what somebody could do, the answer, and what shows it.
ROWS = [row for row in re.findall(r"^\| (.+?) \| (.+) \| (.+) \|$", MODEL, re.MULTILINE) if row[2] != "shown by"]


def files(named):
    """The files that a name such as ``unit/…/_store/test_locks.py`` or ``test_locks.py`` may be."""
    tests = ROOT / "tests"
    return sorted(tests.glob(named.replace("…", "**") if "/" in named else f"**/{named}"))


def named_tests():
    """Each test with the file that is named before it."""
    place = ""
    for name in re.findall(r"`([\w/….]+\.py|test_\w+)`", MODEL):
        if name.endswith(".py"):
            place = name
        else:
            yield place, name


@pytest.mark.parametrize("row", ROWS, ids=[row[0][:40] for row in ROWS])
def test_an_answer_is_shown_by_a_test(row):
    assert re.search(r"`[\w/….]+\.py`", row[2])


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`([\w/….]+\.py)`", MODEL))))
def test_a_file_is_there_and_is_the_only_one_of_its_name(named):
    assert len(files(named)) == 1


@pytest.mark.parametrize(("place", "name"), list(named_tests()))
def test_a_test_is_in_the_file_that_is_named_before_it(place, name):
    assert f"def {name}(" in files(place)[0].read_text(encoding="utf-8")


def test_the_faults_are_those_that_are_tried():
    tried = {kind.name for kind in wire.KINDS}
    named = [
        name for text in re.findall(r"`faults/wire\.py` \((.*?)[:)]", MODEL) for name in re.findall(r"`(\w+)`", text)
    ]
    assert named
    assert set(named) <= tried
