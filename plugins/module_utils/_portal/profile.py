# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The portal's words, as the client asks for them: the built-in ones with the user's laid over them."""

from __future__ import annotations

import copy
import re
import typing as t

from .._errors import InputError
from .profile_data import PROFILE
from .text import Vocabulary, norm, squash

_WHERE = "portal_profile"
_ADDS = "+"  # after an entry's name
_MESSAGE_LENGTH = 4000  # characters of a line that can be a message
_CLAUSE_LENGTH = 14  # characters before a message within which a condition is its own


class Profile:
    """A checked profile."""

    def __init__(self, data: dict[str, dict[str, t.Any]]) -> None:
        self._data = data
        self.fields = Vocabulary(
            {**data["fields"], **data["contact"]}, dominant=("decoy", "account", "unanswerable", "passphrase_again")
        )
        self.contact = Vocabulary(data["contact"])
        self.contact_fields = tuple(data["contact"])
        self.record = Vocabulary(data["record"])
        self.echo = Vocabulary(data["echo"])
        self._sections = {key: [norm(text) for text in texts] for key, texts in data["sections"].items()}
        self._no_heading = [norm(text) for text in data["headings"]["no_heading"]]
        self._conditions = [norm(word) for word in data["clauses"]["condition"]]
        self._messages = {
            key: re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
            for key, patterns in data["messages"].items()
        }

    def page(self, task: str) -> str | None:
        """The address of a task's first page, if it has one of its own."""
        return t.cast("str | None", self._data["pages"][task])

    def paths(self, task: str) -> list[list[list[str]]]:
        return t.cast("list[list[list[str]]]", self._data["paths"][task])

    def words(self, group: str, entry: str) -> list[str]:
        return t.cast("list[str]", self._data[group][entry])

    def sections_in(self, text: str) -> set[str]:
        """The contacts that a text names."""
        normal = norm(text)
        return {key for key, words in self._sections.items() if any(word in normal for word in words)}

    def heading(self, text: str) -> str | None:
        """The contact that a text is the heading of, if it is a heading and names exactly one."""
        normal = norm(text)
        if len(normal) > 60 or not normal:
            return None
        named = self.sections_in(text)
        if len(named) != 1:
            return None
        section = named.pop()
        rest = normal
        for word in sorted(self._sections[section], key=len, reverse=True):
            rest = rest.replace(word, "")
        if any(word in rest for word in self._no_heading) or len("".join(re.findall("[\u3400-\u9fff]", rest))) > 12:
            return None
        return section

    def is_section_name(self, text: str) -> bool:
        """Whether a text is a contact's name and nothing else."""
        return any(norm(text) in words for words in self._sections.values())

    def says(self, kind: str, line: str) -> bool:
        """Whether a line of a page is a message of this kind, and not about what might happen."""
        text = re.sub(r"\s", "", squash(line[:_MESSAGE_LENGTH]))
        for match in self._messages[kind].finditer(text):
            before = text[max(0, match.start() - _CLAUSE_LENGTH) : match.start()]
            clause = re.split("[,。;!?]", before)[-1].casefold()
            if not any(word in clause for word in self._conditions):
                return True
        return False


def load(overrides: t.Mapping[str, t.Any] | None = None) -> Profile:
    """The built-in profile with single entries replaced, or extended.

    :param overrides: as the built-in data, with only what differs: ``{"buttons": {"renew": ["我要更新"]}}``. One text stands for a
        list of one; a path may be one list of link texts. A ``+`` after an entry's name adds to the built-in list, before what is
        there: ``{"buttons": {"renew+": ["我要更新"]}}``.
    :raises InputError: an entry that does not exist, or is of a wrong kind.
    """
    data = copy.deepcopy(PROFILE)
    for group, entries in (overrides or {}).items():
        if group not in data:
            raise InputError(f"{_WHERE}: there is no group {group!r}; there are {', '.join(data)}.")
        if not isinstance(entries, dict):
            raise InputError(f"{_WHERE}: {group} must be a dictionary of entries.")
        for given, value in entries.items():
            entry = str(given).removesuffix(_ADDS)
            if entry not in data[group]:
                raise InputError(f"{_WHERE}: {group} has no entry {entry!r}; it has {', '.join(data[group])}.")
            checked = _checked(group, f"{group}.{given}", value)
            if entry == given:
                data[group][entry] = checked
                continue
            if group == "pages":
                raise InputError(
                    f"{_WHERE}: {group}.{entry} is one address, to which nothing can be added; leave out the +."
                )
            if entry in entries:
                raise InputError(f"{_WHERE}: {group} has both {entry} and {given}; give one of them.")
            data[group][entry] = [*checked, *data[group][entry]]
    return Profile(data)


def _checked(group: str, where: str, value: t.Any) -> t.Any:
    if group == "pages":
        if value is not None and not (isinstance(value, str) and value.strip()):
            raise InputError(f"{_WHERE}: {where} must be an address, or null to click along the path.")
        return value
    if group == "paths":
        return _path(where, value)
    texts = _texts(where, value)
    if group == "messages":
        for text in texts:
            try:
                re.compile(text)
            except re.error as exc:
                raise InputError(f"{_WHERE}: {where} holds {text!r}, which is no regular expression ({exc}).") from exc
    return texts


def _texts(where: str, value: t.Any) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        raise InputError(f"{_WHERE}: {where} must be a text or a list of texts.")
    return list(texts)


def _path(where: str, value: t.Any) -> list[list[list[str]]]:
    """One path (a list of link texts, or of lists of alternative ones), or a list of paths."""
    if not isinstance(value, list) or not value:
        raise InputError(f"{_WHERE}: {where} must be a list of link texts, in the order in which they are clicked.")
    nested = all(isinstance(path, list) and any(isinstance(step, list) for step in path) for path in value)
    return [[_texts(where, step) for step in path] for path in (value if nested else [value])]
