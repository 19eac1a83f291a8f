# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Proof under crashes, faults, races and hostile input that nothing is ordered twice and no key is lost.

``python -m faults`` (``make test-faults``) runs it all. Nothing in ``plugins/`` knows of it: a module is run as ever, in a
process whose ``os`` (for what changes a disk) and HTTP session are watched from outside.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def make_importable() -> None:
    """Make this checkout ``ansible_collections.twca.ssl``, wherever it lies."""
    if "ansible_collections" in sys.modules or importlib.util.find_spec("ansible_collections") is not None:
        return
    for name in ("ansible_collections", "ansible_collections.twca", "ansible_collections.twca.ssl"):
        package = types.ModuleType(name)
        package.__path__ = []
        sys.modules[name] = package
    sys.modules["ansible_collections.twca.ssl"].__path__ = [str(ROOT)]


make_importable()
