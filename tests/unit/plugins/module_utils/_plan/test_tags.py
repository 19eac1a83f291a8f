# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan import tags

KNOWN = ["look", "order", "install", "report"]
OWN = ["look", "order", "install", "certificates"]  # the last one is that of the user's role or import


@pytest.mark.parametrize(
    ("run", "skipped", "expected"),
    [
        (["all"], [], True),
        (["tagged"], [], True),
        (["order"], [], True),
        (["install", "order"], [], True),
        (["certificates"], [], True),
        (["install"], [], False),
        (["look"], [], False),
        (["install", "report"], [], False),
        (["all"], ["order"], False),
        (["all"], ["report"], True),
    ],
)
def test_whether_a_run_orders(run, skipped, expected):
    assert tags.may_order(OWN, run, skipped) is expected


@pytest.mark.parametrize(
    ("run", "skipped"), [(["all"], []), (["order", "report"], []), (["tagged"], ["report"]), (["look"], [])]
)
def test_tags_that_there_are(run, skipped):
    assert tags.refusal("twca.ssl.site", KNOWN, run, skipped) is None


@pytest.mark.parametrize(
    ("run", "skipped", "said"),
    [
        (["instal"], [], "has no tag instal; it has look, order, install, report. Nothing was done."),
        (["order", "instal"], [], "has no tag instal;"),
        (["untagged"], [], "has no tag untagged;"),
        (["all"], ["ordr"], "has no tag ordr;"),
        (["all"], ["order"], "--skip-tags order would skip the look"),
    ],
)
def test_a_run_that_would_do_nothing_or_something_else_is_refused(run, skipped, said):
    assert said in tags.refusal("twca.ssl.site", KNOWN, run, skipped)


def test_a_playbook_without_tags():
    assert tags.refusal("twca.ssl.revoke", [], ["all"], []) is None
    assert "twca.ssl.revoke has no tags (order)" in tags.refusal("twca.ssl.revoke", [], ["order"], [])
