# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A contact's data into the fields that a form has for them."""

from __future__ import annotations

import typing as t

from .._errors import InputError
from .choices import Choice
from .forms import Filling
from .interview import Asked
from .page import Control
from .profile import Profile
from .text import norm, squash

_MOST_DIGITS = 9  # of a field's length; a longer one is no limit


class ContactWriter:
    """Fills in contacts and notes where the portal showed something else (§4.4.8)."""

    def __init__(self, asked: Asked, filling: Filling, profile: Profile) -> None:
        self._asked = asked
        self._filling = filling
        self._profile = profile
        self.changes: list[dict[str, str]] = []

    def write(self, section: str, contact: t.Mapping[str, str]) -> None:
        """Fills in one contact.

        :raises InputError: a value does not fit the portal's field or list.
        """
        fields = self._asked.contacts.get(section, {})
        for field, controls in fields.items():
            if field not in ("address", "city") and contact.get(field) is not None:
                repeated = [one for one in controls[1:] if self._asked.labels.asks_again(one)]
                for control in [controls[0], *repeated]:
                    self._type(section, field, control, contact[field])
        places = sorted({*fields.get("city", ()), *fields.get("address", ())}, key=lambda one: one.at)
        if places:
            self._write_address(section, places, set(fields.get("city", ())), contact)

    def _write_address(
        self, section: str, places: list[Control], cities: set[Control], contact: t.Mapping[str, str]
    ) -> None:
        """City and street: a list and a box, two boxes, or one box for both; a second list is one of districts."""
        city, street = contact.get("city", ""), contact.get("address", "")
        lists = [one for one in places if one.kind in ("select", "radio")]
        boxes = [one for one in places if one not in lists]
        if lists:
            choice = self._choice(lists[0])
            index = choice.match(f"{section}_contact city", city)
            self._pick(section, "city", choice, index)
            street = _without_start(street, choice.texts[index])
            for one in lists[1:]:
                if one.kind == "select":
                    street = self._write_district(section, one, street)
        elif any(one in cities for one in boxes):
            box = next(one for one in boxes if one in cities)
            self._type(section, "city", box, city)
            boxes.remove(box)
        elif len(boxes) > 1:
            self._type(section, "city", boxes.pop(0), city)
        else:
            street = _joined(city, street)
        if boxes:
            self._type(section, "address", boxes[0], street)

    def _write_district(self, section: str, control: Control, street: str) -> str:
        """Chooses the district that the street begins with; what is left is the street."""
        choice = self._choice(control)
        if not choice.texts:
            return street  # filled by a script, when a city has been chosen
        for index, text in sorted(enumerate(choice.texts), key=lambda pair: -len(pair[1])):
            if norm(text) and norm(street).startswith(norm(text)):
                self._pick(section, "district", choice, index)
                return _without_start(street, text)
        if not choice.chosen(self._filling):
            raise InputError(
                f"{section}_contact address: begin it with the district, one of the portal's list under '{choice.label}': {', '.join(choice.texts)}."
            )
        return street

    def _choice(self, control: Control) -> Choice:
        controls = self._asked.labels.group(control) if control.kind == "radio" else [control]
        return Choice(controls, self._asked.labels, self._profile)

    def _pick(self, section: str, field: str, choice: Choice, index: int) -> None:
        self._note(section, field, choice.chosen(self._filling), choice.texts[index])
        choice.choose(self._filling, index)

    def _type(self, section: str, field: str, control: Control, value: str) -> None:
        enter(self._filling, control, value, f"{section}_contact {field}", self._asked.labels.label(control))
        self._note(section, field, control.value, value)

    def _note(self, section: str, field: str, before: str, after: str) -> None:
        if before.strip() and squash(before) != squash(after):
            self.changes.append({"contact": section, "field": field, "before": before.strip(), "after": after})


def enter(filling: Filling, control: Control, value: str, option: str, label: str) -> None:
    """Types a value, if the field has room for it.

    :raises InputError: it is longer than the field takes; a person's browser would cut it off.
    """
    limit = control.node.get("maxlength").strip()
    if limit.isascii() and limit.isdigit() and len(limit) <= _MOST_DIGITS and len(value) > int(limit) > 0:
        raise InputError(
            f"{option} has {len(value)} characters, but the portal's field '{label}' takes at most {limit}."
        )
    filling.type(control, value)


def _without_start(text: str, start: str) -> str:
    """The text less what has been chosen from a list already; 臺 and 台 are one character."""
    return text[len(start) :].strip() if norm(start) and norm(text[: len(start)]) == norm(start) else text


def _joined(city: str, street: str) -> str:
    if norm(street).startswith(norm(city)):
        return street
    return f"{street}, {city}" if (city + street).isascii() else city + street
