# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How actions read the roles' variables."""

from __future__ import annotations

import typing as t


class Variables:
    """The variables of a host, as templates that are filled in when they are read.

    :param templar: the action's.
    :param given: its ``task_vars``.
    """

    def __init__(self, templar: t.Any, given: t.Mapping[str, t.Any]) -> None:
        self._templar = templar
        self._given = given

    def read(self, name: str) -> t.Any:
        """The value of a variable; ``None`` if it is not set."""
        return self._templar.template(self._given[name]) if name in self._given else None

    def those_set(self, names: t.Iterable[str]) -> dict[str, t.Any]:
        """The values of those that are set."""
        return {name: self.read(name) for name in names if name in self._given}
