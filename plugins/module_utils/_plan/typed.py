# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A variable's value as its type wants it, and a sentence for each part of it that cannot be meant."""

from __future__ import annotations

import datetime
import difflib
import re
import typing as t

from ansible.module_utils.common.collections import is_sequence, is_string
from ansible.module_utils.parsing.convert_bool import boolean

#: What a variable or one of its options is, as ``meta/argument_specs.yml`` says it.
Spec = t.Mapping[str, t.Any]

_NEAR = 0.75
_NUMBER = re.compile(r"[+-]?[0-9]+")
_PLAIN = (str, bool, int, float, list, tuple, t.Mapping, datetime.date)
_KINDS: tuple[tuple[t.Any, str], ...] = (
    (bool, "a truth value"),
    ((int, float), "a number"),
    (datetime.date, "a date"),
    (t.Mapping, "a dictionary"),
)


class Problem(t.NamedTuple):
    """What is wrong, and what to do.

    :param variable: the name of the variable.
    :param entry: the number of the entry of a list that it is in, if it is in one.
    :param name: the entry's ``common_name``, if it has one.
    """

    sentence: str
    variable: str
    entry: int | None = None
    name: str | None = None


class Place(t.NamedTuple):
    """Where a value is: its path as the user wrote it, and the entry of a list that it is in."""

    path: str
    entry: int | None = None
    name: str | None = None

    def below(self, part: str) -> Place:
        return self._replace(path=f"{self.path}{part}")

    def __str__(self) -> str:
        return f"{self.path} ({self.name})" if self.name else self.path


class Reader:
    """Reads values by their specs, and collects what is wrong in :attr:`problems`.

    :param secrets: whether to read what is secret; without, it has no value.
    :param templates: whether text with a template in it is still to be filled in, so that nothing is known of it.
    """

    def __init__(self, *, secrets: bool = True, templates: bool = False) -> None:
        self._secrets = secrets
        self._templates = templates
        self.problems: list[Problem] = []

    def read(self, value: t.Any, spec: Spec, place: Place) -> t.Any:
        """The value, of its type; ``None`` if there is none, or if it cannot be meant."""
        if value is None or self._unknown(value):
            return None
        if spec.get("no_log") and not self._secrets:
            return None
        kind = spec.get("type", "str")
        # A template of none is empty text in ansible-core 2.16.
        if value == "" and kind in ("list", "dict", "int", "float"):
            return None
        reader = "_str" if kind == "path" else f"_{kind}"
        read = getattr(self, reader, None)
        return value if read is None else read(value, spec, place)

    def _bool(self, value: t.Any, spec: Spec, place: Place) -> t.Any:
        try:
            return bool(boolean(value))
        except TypeError:
            return self._wrong(place, f"is {_shown(value, spec)}, which is neither true nor false: write true or false")

    def _int(self, value: t.Any, spec: Spec, place: Place) -> t.Any:
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if is_string(value) and _NUMBER.fullmatch(str(value).strip()):
            return int(value)
        return self._wrong(place, f"is {_shown(value, spec)}, and must be a whole number")

    def _str(self, value: t.Any, spec: Spec, place: Place) -> t.Any:
        if isinstance(value, bool):
            return self._wrong(place, f"is {_shown(value, spec)}, and must be text: put what is meant in quotes")
        if is_sequence(value) or isinstance(value, t.Mapping):
            return self._wrong(place, f"is {_kind(value)}, and must be text")
        text = str(value) if isinstance(value, (int, float)) else value
        choices = spec.get("choices")
        if choices and text not in choices:
            listed = ", ".join(choices)
            return self._wrong(place, f"is {_shown(text, spec)}, and must be one of {listed}{meant(text, choices)}")
        return text

    def _list(self, value: t.Any, spec: Spec, place: Place) -> t.Any:
        if not is_sequence(value):
            example = ""
            if is_string(value) and not spec.get("no_log"):
                example = f", or [{', '.join(part.strip() for part in str(value).split(','))}]"
            return self._wrong(
                place, f"is {_shown(value, spec)}, and must be a list: write each item after a dash{example}"
            )
        kind = {key: spec[key] for key in ("options", "choices", "no_log") if key in spec}
        kind["type"] = spec.get("elements", "raw")
        return [self._read_item(one, kind, self._item(place, number, one)) for number, one in enumerate(value)]

    def _read_item(self, item: t.Any, spec: Spec, place: Place) -> t.Any:
        if item is None:
            return self._wrong(place, "has no value: write one, or leave the item out")
        return self.read(item, spec, place)

    def _item(self, place: Place, number: int, item: t.Any) -> Place:
        """An entry bears its name, as do its options; the items of its lists do not differ from it in that."""
        name = item.get("common_name") if isinstance(item, t.Mapping) else None
        if place.entry is None and not self._unknown(name):
            place = Place(place.path, number, str(name) if name else None)
        return place.below(f"[{number}]")

    def _dict(self, value: t.Any, spec: Spec, place: Place) -> t.Any:
        if not isinstance(value, t.Mapping):
            return self._wrong(
                place,
                f"is {_shown(value, spec)}, and must be a dictionary: write its options below it, each with a colon",
            )
        options = spec.get("options")
        if not options:
            return dict(value)
        found = {}
        suggested = set()
        for key in value:
            if key in options:
                inner = {**options[key], "no_log": True} if spec.get("no_log") else options[key]
                hidden = inner.get("no_log") and not self._secrets
                found[key] = None if hidden else self.read(value[key], inner, place.below(f".{key}"))
            else:
                near = nearest(key, options)
                suggested.update(near)
                instead = f"did you mean {near[0]}?" if near else f"there are {', '.join(options)}."
                self._add(place.below(f".{key}"), f": there is no such option; {instead}")
        for key, one in options.items():
            if one.get("required") and key not in found and key not in suggested:
                self._add(place, f" has no {key}: give it.")
        return found

    def _unknown(self, value: t.Any) -> bool:
        """Whether it is a template that is to be filled in, or an encrypted value."""
        return self._templates and (is_template(value) or not isinstance(value, _PLAIN))

    def _wrong(self, place: Place, what: str) -> t.Any:
        """Note what is wrong; there is no value then."""
        self._add(place, f" {what}{'' if what.endswith('?') else '.'}")

    def _add(self, place: Place, what: str) -> None:
        self.problems.append(Problem(f"{place}{what}", re.split(r"[.\[]", place.path)[0], place.entry, place.name))


def is_template(value: t.Any) -> bool:
    """Whether a value is text that Ansible fills in."""
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def nearest(name: t.Any, known: t.Iterable[str]) -> list[str]:
    """The known name that is most like this one, if there is one that is like it."""
    return difflib.get_close_matches(str(name), list(known), 1, _NEAR)


def meant(name: t.Any, known: t.Iterable[str]) -> str:
    """The end of a sentence that suggests the known name that is most like this one, whatever its case."""
    by_case = {one.lower(): one for one in known}
    near = nearest(str(name).lower(), by_case)
    return f"; did you mean {by_case[near[0]]}?" if near else ""


def _kind(value: t.Any) -> str:
    if is_sequence(value):
        return "a list"
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "text")


def _shown(value: t.Any, spec: Spec) -> str:
    """A value as a message shows it: not if it is secret, or long."""
    kind = _kind(value)
    if spec.get("no_log") or kind in ("a list", "a dictionary"):
        return kind
    text = str(value) if len(str(value)) <= 60 else f"{str(value)[:57]}..."
    return f"{kind} ('{text}')" if kind == "text" else f"{kind} ({text})"
