# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a message tells people to run is what the code takes."""

from __future__ import annotations

import re

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import CertificateError, PortalUnreachableError
from ansible_collections.twca.ssl.plugins.module_utils._order import sentences
from ansible_collections.twca.ssl.plugins.module_utils._order.book import Applicant
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import PREPARED, Record
from ansible_collections.twca.ssl.plugins.modules import twca_order
from memory_portal import entry

KEY = "ab12cd34" * 8
APPLICANT = Applicant("www.example.com.tw", ("DNS:www.example.com.tw",), KEY, "a CSR")


def record(*states, **changes):
    known = Record(APPLICANT.common_name, KEY, PREPARED, "apply", "a CSR").moved(PREPARED)
    for state in states:
        known = known.moved(state, at="2026-11-28T00:00:00Z")
    return known.moved(known.state, at="2026-11-28T00:00:00Z", **changes)


def told():
    """Every sentence that names a decision for a person."""
    lost = PortalUnreachableError("the answer was lost", sent=True)
    yield sentences.uncertain(record("submitting"), [], lost, searched=True).message
    yield sentences.uncertain(record("submitting"), [entry("odd", "unknown")], None, searched=True).message
    yield sentences.uncertain(record("submitting"), [], lost, searched=False).message
    yield sentences.unexplained_order(APPLICANT).message
    yield sentences.another_is_open(APPLICANT.common_name, record("submitting", holder="web1")).message
    yield sentences.another_holds_it(APPLICANT.common_name, record("issued", holder="web1"), "web2").message


@pytest.mark.parametrize("sentence", list(told()))
def test_the_words_to_run_are_a_task_of_the_module(sentence):
    options = twca_order.main.__globals__["DOCUMENTATION"]
    tasks = re.findall(r"twca\.ssl\.twca_order: (.+?)(?:; |\. |\.$)", sentence)
    assert tasks
    for task in tasks:
        given = dict(part.split("=", 1) for part in task.split())
        assert given["common_name"] == APPLICANT.common_name
        assert KEY.startswith(given["public_key_sha256"])
        assert given["state"] in ("placed", "not_placed", "abandoned")
        assert all(f"  {name}:" in options for name in given)


@pytest.mark.parametrize(
    "sentence",
    [
        sentences.rejected(record("rejected", portal_message="公司印鑑不符")).message,
        sentences.abandoned(record("abandoned")).message,
        sentences.may_still_come(record("accepted")),
        sentences.no_longer_usable(record("issued"), CertificateError("It has expired.")).message,
    ],
)
def test_a_discard_names_the_key(sentence):
    assert "-e twca_discard=ab12cd34" in sentence


def test_what_happened_is_told():
    lost = PortalUnreachableError("the answer was lost", sent=True)
    assert "(the answer was lost)" in sentences.uncertain(record("submitting"), [], lost, searched=True).message
    assert "could not be searched" in sentences.uncertain(record("submitting"), [], None, searched=False).message
    assert "公司印鑑不符" in sentences.rejected(record("rejected", portal_message="公司印鑑不符")).message
    assert "of web1, is accepted since 2026-11-28T00:00:00Z" in (
        sentences.another_is_open("a", record("accepted", holder="web1")).message
    )
    assert "5F" in sentences.certificate_of_another_key(record("accepted"), "5F").message
