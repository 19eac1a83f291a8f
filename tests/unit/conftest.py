# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes this checkout importable as ``ansible_collections.twca.ssl``, wherever it lies."""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if "ansible_collections" not in sys.modules and importlib.util.find_spec("ansible_collections") is None:
    for name in ("ansible_collections", "ansible_collections.twca", "ansible_collections.twca.ssl"):
        package = types.ModuleType(name)
        package.__path__ = []
        sys.modules[name] = package
    sys.modules["ansible_collections.twca.ssl"].__path__ = [str(ROOT)]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long values are named by their argument: a key made for the run would name its test otherwise in each process."""
    return argname if isinstance(val, (str, bytes)) and len(val) > 60 else None
