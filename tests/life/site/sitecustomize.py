# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Python begins with this in a run of ansible-playbook that is part of a life: the collection reads the life's clock and logs to a file.

``TWCA_LIFE_CLOCK`` is the clock in JSON, ``TWCA_LIFE_SYSLOG`` the file.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import json
import os
import sys
import syslog
import types
import typing as t
from pathlib import Path

_spec = importlib.util.spec_from_file_location("life_clock", Path(__file__).parents[1] / "clock.py")
assert _spec is not None and _spec.loader is not None
_clock = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_clock)
CLOCK = _clock.Clock([tuple(one) for one in json.loads(os.environ["TWCA_LIFE_CLOCK"])])


class _Finder(importlib.abc.MetaPathFinder):
    """Finds nothing itself, and gives the clock to what the others find."""

    def __init__(self) -> None:
        self._busy: set[str] = set()

    def find_spec(self, name: str, path: t.Any, target: t.Any = None) -> t.Any:
        if not name.startswith(_clock.CLOCKED) or name in self._busy:
            return None
        self._busy.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._busy.discard(name)
        if spec is not None and spec.loader is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader:
    def __init__(self, real: t.Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self._real, name)

    def exec_module(self, module: types.ModuleType) -> None:
        self._real.exec_module(module)
        CLOCK.give_to(module)


def _log(*arguments: t.Any) -> None:
    with open(os.environ["TWCA_LIFE_SYSLOG"], "a", encoding="utf-8", errors="surrogateescape") as file:
        file.write(f"{arguments[-1]}\n")


sys.meta_path.insert(0, _Finder())
syslog.syslog = _log  # type: ignore[assignment]
