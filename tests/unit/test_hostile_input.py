# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a page, a script, a mail, a file, a certificate directory or an option holds: a value or a sentence, in bounded time."""

from __future__ import annotations

import pytest
from faults import inputs

EXAMPLES = 2500  # of all targets; make test-faults and make fuzz try more, and large pages


@pytest.mark.parametrize("name", inputs.TARGETS)
def test_made_up(name: str) -> None:
    assert inputs.feed(name, int(EXAMPLES * inputs.TARGETS[name].share)) > 0
