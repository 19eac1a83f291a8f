# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a form asks of the person in front of it."""

from __future__ import annotations

import dataclasses
import typing as t

from . import dom
from .choices import Choice
from .labels import Labels, Meaning
from .page import Control, Page
from .profile import Profile
from .text import norm

#: Fields of which a form asks one each.
_SINGLE = frozenset(("csr", "passphrase", "passphrase_again", "site_name", "software", "payment", "serial", "reason"))


@dataclasses.dataclass
class Asked:
    """The questions of one form. ``contacts``: by contact and field, the controls in document order."""

    page: Page
    form: dom.Node
    labels: Labels
    typed: dict[str, Control] = dataclasses.field(default_factory=dict)
    lists: dict[str, Choice] = dataclasses.field(default_factory=dict)
    contacts: dict[str, dict[str, list[Control]]] = dataclasses.field(default_factory=dict)
    same: Choice | None = None  # whose data serve for billing
    payment_later: Choice | None = None  # how it can be paid, in a part of the form that is not shown yet
    same_boxes: list[tuple[str, Control]] = dataclasses.field(default_factory=list)
    agree: list[Control] = dataclasses.field(default_factory=list)
    nameless: list[Control] = dataclasses.field(default_factory=list)  # fields of a contact that nothing tells whose
    unanswerable: list[Control] = dataclasses.field(default_factory=list)
    unknown: list[Control] = dataclasses.field(default_factory=list)

    @property
    def keys(self) -> frozenset[str]:
        """What is asked, contacts by their name."""
        asked = {*self.typed, *self.lists, *self.contacts}
        if self.same is not None or self.same_boxes:
            asked.add("billing")
        return frozenset(asked)

    def signature(self) -> tuple[t.Any, ...]:
        """What makes the form the same one when it comes back."""
        seen = [one for one in self.page.controls_of(self.form) if not one.hidden]
        buttons = tuple(one.value for one in seen if one.is_button)
        return self.keys, tuple((one.kind, one.name, one.readonly) for one in seen if not one.is_button), buttons


def read(page: Page, form: dom.Node, labels: Labels, profile: Profile) -> Asked:
    """Reads a form's questions."""
    asked = Asked(page, form, labels)
    meant: dict[str, list[tuple[Control, Meaning]]] = {}
    grouped: set[str] = set()
    concealed: list[tuple[Control, Meaning]] = []
    for control in page.controls_of(form):
        if not control.fillable:
            continue
        if control.kind == "checkbox":
            _read_box(asked, control, profile)
            continue
        if control.kind == "radio":
            if control.name in grouped:
                continue
            grouped.add(control.name)
        if control.kind in ("radio", "select"):
            choice = Choice(labels.group(control) if control.kind == "radio" else [control], labels, profile)
            if _is_same(choice, profile):
                asked.same = asked.same or choice
                continue
            yes = choice.find("", profile.words("choices", "agree")) if control.kind == "radio" else None
            if yes is not None and len(choice.texts) == 2:
                asked.agree.append(choice.controls[yes])
                continue
        meaning = labels.meaning(control)
        if meaning is None:
            if not control.hidden:
                asked.unknown.append(control)
        elif control.hidden:
            concealed.append((control, meaning))
            if meaning.field == "payment" and control.kind in ("radio", "select"):
                asked.payment_later = choice
        elif meaning.field in ("decoy", "account", "unanswerable"):
            if meaning.field == "unanswerable":
                asked.unanswerable.append(control)
        else:
            meant.setdefault(meaning.field, []).append((control, meaning))
    _sort(asked, meant, profile)
    _add_concealed(asked, concealed, profile)
    _guess_passphrase(asked)
    _guess_city_lists(asked)
    _guess_csr(asked)
    return asked


def _sort(asked: Asked, meant: dict[str, list[tuple[Control, Meaning]]], profile: Profile) -> None:
    passphrases = [(one, meaning) for one, meaning in meant.pop("passphrase", []) if not _is_login(asked, one)]
    again = meant.pop("passphrase_again", [])
    if passphrases:
        first = min(passphrases, key=lambda pair: (pair[0].kind != "password", pair[1].rank, _place(pair[1], profile)))
        asked.typed["passphrase"] = first[0]
        follower = [one for one, _meaning in passphrases if one.at > first[0].at and one.kind == "password"]
        if follower and not again and first[0].kind == "password":
            asked.typed["passphrase_again"] = follower[0]
    if again:
        asked.typed["passphrase_again"] = again[0][0]
        asked.typed.setdefault("passphrase", again[0][0])
    for field, controls in meant.items():
        if field in _SINGLE:
            control = min(
                controls, key=lambda pair: (pair[0].kind == "file", pair[1].rank, not pair[1].exact, pair[0].at)
            )[0]
            if control.kind == "select" or control.kind == "radio":
                group = asked.labels.group(control) if control.kind == "radio" else [control]
                asked.lists[field] = Choice(group, asked.labels, profile)
            else:
                asked.typed[field] = control
            continue
        for control, meaning in sorted(controls, key=lambda pair: pair[1].rank):
            _add_contact(asked, control, meaning)


def _add_contact(asked: Asked, control: Control, meaning: Meaning) -> None:
    section = asked.labels.section(control)
    if section is None:
        asked.nameless.append(control)
    else:
        asked.contacts.setdefault(section, {}).setdefault(meaning.field, []).append(control)


def _add_concealed(asked: Asked, concealed: list[tuple[Control, Meaning]], profile: Profile) -> None:
    """Fields that a script shows only when they are needed: those of a contact that shows none of its own."""
    shown = set(asked.contacts)
    for control, meaning in concealed:
        if meaning.field in profile.contact_fields and asked.labels.section(control) not in {None, *shown}:
            _add_contact(asked, control, meaning)


def _read_box(asked: Asked, control: Control, profile: Profile) -> None:
    text = asked.labels.option_text(control)
    named = profile.sections_in(text)
    if len(named) == 1 and _says(text, profile.words("choices", "same")):
        asked.same_boxes.append((named.pop(), control))
    elif (
        not control.hidden
        and profile.fields.find(text) not in ("decoy", "account")
        and _says(text, profile.words("choices", "agree"))
    ):
        asked.agree.append(control)


def _is_same(choice: Choice, profile: Profile) -> bool:
    """Whether a choice is the one of whose data serve for billing (§4.4.8.1)."""
    return any(
        len(profile.sections_in(text)) == 1 and _says(text, profile.words("choices", "same")) for text in choice.texts
    )


def _is_login(asked: Asked, control: Control) -> bool:
    """Whether a password is that of a member's login: it follows an account's name."""
    before = asked.labels.filled_in_before(control)
    meaning = asked.labels.meaning(before) if before is not None and before.form is control.form else None
    return meaning is not None and meaning.field == "account"


def _place(meaning: Meaning, profile: Profile) -> int:
    """How early the profile has the wording of a label: the more telling ones come first."""
    words = [norm(word) for word in profile.words("fields", meaning.field)]
    label = norm(meaning.label)
    return next((index for index, word in enumerate(words) if word in label), len(words))


def _guess_passphrase(asked: Asked) -> None:
    """A box whose letters do not show is for the passphrase, unless it is of a login; a second one for its repetition."""
    boxes = [one for one in asked.unknown if one.kind == "password" and not _is_login(asked, one)]
    if "passphrase" in asked.typed or not boxes or len(boxes) > 2:
        return
    for field, control in zip(("passphrase", "passphrase_again"), boxes):
        asked.typed[field] = control
        asked.unknown.remove(control)


def _guess_city_lists(asked: Asked) -> None:
    """A list without a label right before the street is that of the cities (§4.3.6.2)."""
    order = [one for one in asked.page.controls_of(asked.form) if one.fillable and not one.hidden]
    for fields in asked.contacts.values():
        places = [*fields.get("city", ()), *fields.get("address", ())]
        if not places or any(one.kind == "select" for one in places):
            continue
        before = order.index(places[0]) - 1 if places[0] in order else -1
        if before >= 0 and order[before] in asked.unknown and order[before].kind == "select":
            fields.setdefault("city", []).append(order[before])
            asked.unknown.remove(order[before])


def _guess_csr(asked: Asked) -> None:
    """The only large box of a page that speaks of a CSR is for the CSR, whatever stands beside it."""
    boxes = [one for one in asked.unknown if one.kind == "textarea"]
    if "csr" in asked.typed or len(boxes) != 1 or asked.contacts:
        return
    if asked.labels.says_csr:
        asked.typed["csr"] = boxes[0]
        asked.unknown.remove(boxes[0])


def _says(text: str, words: t.Iterable[str]) -> bool:
    normal = norm(text)
    return any(norm(word) in normal for word in words)
