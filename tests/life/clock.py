# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A clock that can be moved on, for the collection's code and the simulator, in this process and its children."""

from __future__ import annotations

import bisect
import datetime
import os
import sys
import time
import types
import typing as t

_CLOCKED = ("ansible_collections.twca.ssl", "simulator")


class Clock:
    """What time it is in a life: the real time and the days that passed."""

    def __init__(self) -> None:
        self._moved: list[tuple[float, float]] = [(0.0, 0.0)]  # from this real moment on: so many seconds ahead

    @property
    def ahead(self) -> float:
        return self._moved[-1][1]

    def pass_days(self, days: float) -> None:
        self._moved.append((time.time(), self.ahead + days * 86400))

    def reset(self) -> None:
        del self._moved[1:]

    def now(self, zone: datetime.tzinfo | None = None) -> datetime.datetime:
        return datetime.datetime.now(zone) + datetime.timedelta(seconds=self.ahead)

    def time(self) -> float:
        return time.time() + self.ahead

    def of_file(self, modified: float) -> float:
        """When a file was written, in the life's time."""
        at = bisect.bisect_right([moment for moment, _ahead in self._moved], modified)
        return modified + self._moved[max(at - 1, 0)][1]

    def install(self) -> None:
        """From here on every module that is imported by now reads this clock."""
        moments = _Proxy(datetime.datetime, now=self.now)
        modules = {datetime: _Proxy(datetime, datetime=moments), time: _Proxy(time, time=self.time)}
        for name, module in list(sys.modules.items()):
            if name.startswith(_CLOCKED):
                if vars(module).get("datetime") is datetime.datetime:
                    module.datetime = moments  # type: ignore[attr-defined]
                for known, shifted in modules.items():
                    if vars(module).get(known.__name__) is known:
                        setattr(module, known.__name__, shifted)
        age = sys.modules["ansible_collections.twca.ssl.plugins.module_utils._deploy.age"]
        age.os = _Proxy(os, lstat=self._lstat)  # type: ignore[attr-defined]

    def _lstat(self, path: t.Any) -> types.SimpleNamespace:
        return types.SimpleNamespace(st_mtime=self.of_file(os.lstat(path).st_mtime))


class _Proxy:
    """A module or class with a few other functions."""

    def __init__(self, real: t.Any, **others: t.Any) -> None:
        self.__dict__.update(others)
        self._real = real

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self._real, name)

    def __call__(self, *arguments: t.Any, **options: t.Any) -> t.Any:
        return self._real(*arguments, **options)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, self._real)
