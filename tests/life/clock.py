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

CLOCKED = ("ansible_collections.twca.ssl", "simulator")


class Clock:
    """What time it is in a life: the real time and the days that passed.

    :param moved: what another process's clock says of itself.
    """

    def __init__(self, moved: list[tuple[float, float]] | None = None) -> None:
        self.moved = moved or [(0.0, 0.0)]  # from this real moment on: so many seconds ahead
        moments = _Proxy(datetime.datetime, now=self.now)
        self._others: dict[str, tuple[t.Any, t.Any]] = {
            "datetime": (datetime, _Proxy(datetime, datetime=moments)),
            "time": (time, _Proxy(time, time=self.time)),
        }
        self._moments = moments

    @property
    def ahead(self) -> float:
        return self.moved[-1][1]

    def pass_days(self, days: float) -> None:
        self.moved.append((time.time(), self.ahead + days * 86400))

    def reset(self) -> None:
        del self.moved[1:]

    def now(self, zone: datetime.tzinfo | None = None) -> datetime.datetime:
        return datetime.datetime.now(zone) + datetime.timedelta(seconds=self.ahead)

    def time(self) -> float:
        return time.time() + self.ahead

    def of_file(self, modified: float) -> float:
        """When a file was written, in the life's time."""
        at = bisect.bisect_right([moment for moment, _ahead in self.moved], modified)
        return modified + self.moved[max(at - 1, 0)][1]

    def install(self) -> None:
        """From here on every module that is imported by now reads this clock."""
        for name, module in list(sys.modules.items()):
            if name.startswith(CLOCKED):
                self.give_to(module)

    def give_to(self, module: t.Any) -> None:
        """From here on the module reads this clock."""
        if vars(module).get("datetime") is datetime.datetime:
            module.datetime = self._moments
        for name, (real, other) in self._others.items():
            if vars(module).get(name) is real:
                setattr(module, name, other)
        if module.__name__.endswith("._deploy.age"):
            module.os = _Proxy(os, lstat=self._lstat)

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
