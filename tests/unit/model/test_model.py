# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small search of the order protocol; ``make model`` is the whole one."""

from __future__ import annotations

import pytest
from model import plants, search

SMALL = {"troubles": 1, "crashes": 1, "words": 1, "losses": 1}


@pytest.mark.parametrize("hosts", [1, 2])
def test_nothing_is_ordered_twice_or_forgotten(hosts):
    total = search.Findings()
    for start in search.worlds(hosts, SMALL):
        total.add(search.search(start, 2))
    assert total.violations == []
    assert total.transitions > total.states > 500


@pytest.mark.parametrize("name", plants.PLANTS)
def test_a_planted_fault_is_found(name):
    found = plants.find(name)
    assert found is not None
    what, path = found
    assert what
    assert path
