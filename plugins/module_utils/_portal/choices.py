# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A choice out of a list, be it a select or a group of radio buttons."""

from __future__ import annotations

import typing as t

from .._errors import InputError
from .forms import Filling
from .labels import Labels
from .page import Control
from .profile import Profile
from .text import norm, squash


class Choice:
    """What can be chosen; entries that only ask to choose are left out."""

    def __init__(self, controls: t.Sequence[Control], labels: Labels, profile: Profile) -> None:
        self.controls = list(controls)
        self._labels = labels
        self.label = labels.label(self.controls[0])
        placeholders = {norm(word) for word in profile.words("choices", "placeholder")}
        self._entries: list[tuple[str, t.Any]] = []
        if self.controls[0].kind == "select":
            for option in self.controls[0].options:
                text = norm(option.text)
                blank = not any(character.isalnum() for character in text)
                if not (option.disabled or blank or _only_asks(text, option.value, placeholders)):
                    self._entries.append((option.text, option))
        else:
            self._entries = [(labels.option_text(one), one) for one in self.controls if not one.disabled]

    @property
    def texts(self) -> list[str]:
        return [text for text, _entry in self._entries]

    @property
    def details(self) -> list[str]:
        """The entries with all that stands in a table's row with each."""
        return [self._labels.row_text(one) if isinstance(one, Control) else text for text, one in self._entries]

    @property
    def at(self) -> int:
        return self.controls[0].at

    def chosen(self, filling: Filling) -> str:
        """The text of what is chosen, or nothing."""
        for text, entry in self._entries:
            if isinstance(entry, Control):
                if filling.is_checked(entry):
                    return text
            elif entry.value == filling.value(self.controls[0]):
                return text
        return ""

    def choose(self, filling: Filling, index: int) -> None:
        entry = self._entries[index][1]
        if isinstance(entry, Control):
            filling.check(entry)
        else:
            filling.choose(self.controls[0], entry)

    def find(self, wanted: str, synonyms: t.Sequence[str] = ()) -> int | None:
        """The entry that says what is wanted: the same text, else the only one of which it is a part."""
        normal = [norm(text) for text in self.texts]
        words = [word for word in (wanted, *synonyms) if norm(word)]
        for word in words:
            if norm(word) in normal:
                return normal.index(norm(word))
        for word in words:
            part = [index for index, text in enumerate(normal) if norm(word) in text]
            if len(part) == 1:
                return part[0]
        return None

    def match(self, option: str, wanted: str, synonyms: t.Sequence[str] = ()) -> int:
        """As :meth:`find`.

        :param option: the user's option, for the error.
        :raises InputError: nothing, or more than one entry, fits; the error names the portal's list.
        """
        index = self.find(wanted, synonyms)
        if index is None:
            several = [text for text in self.texts if norm(wanted) in norm(text)]
            what = (
                f"fits more than one entry ({', '.join(several)})"
                if len(several) > 1
                else "is not on the portal's list"
            )
            raise InputError(
                f"{option}: {squash(wanted)!r} {what} under '{self.label}', which has: {', '.join(self.texts)}."
            )
        return index


def _only_asks(text: str, value: str, placeholders: t.Collection[str]) -> bool:
    """Whether an entry only asks to choose: 請選擇縣市, Select one."""
    return text in placeholders or (not value.strip("0- ") and any(text.startswith(word) for word in placeholders))
