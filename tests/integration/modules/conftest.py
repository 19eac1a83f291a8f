# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ordering import Desk
from simulator import Simulator


@pytest.fixture(params=["classic", "modern"])
def skin(request):
    return request.param


@pytest.fixture
def simulator(tmp_path, skin):
    with Simulator(tmp_path / "portal", skin=skin) as running:
        yield running


@pytest.fixture
def desk(simulator, tmp_path):
    return Desk(simulator, tmp_path)


@pytest.fixture
def csr(desk):
    made = desk.csr()
    assert made["needed"], made
    return made["csr"]
