# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that were ported are still those that were read: a change upstream asks for a look at the port."""

from __future__ import annotations

import hashlib

import pytest
from windows.modules import MODULES
from windows.modules.upstream import SHA256


@pytest.mark.parametrize("path", sorted(SHA256))
def test_is_the_file_that_was_ported(upstream, path):
    assert hashlib.sha256((upstream / path).read_bytes()).hexdigest() == SHA256[path], (
        f"{path} differs from the file that tests/windows/modules was written after: compare, port, then note its hash"
    )


def test_every_module_played_has_its_file_noted():
    noted = {path.removesuffix(".ps1").replace("/plugins/modules", "").replace("/", ".") for path in SHA256}
    assert set(MODULES) <= noted
