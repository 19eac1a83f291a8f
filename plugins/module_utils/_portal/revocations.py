# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a revocation tells the portal (§4.5)."""

from __future__ import annotations

import typing as t

from .._errors import InputError
from . import dom, interview, records
from .browser import View
from .choices import Choice
from .contacts import enter
from .forms import Filling
from .interview import Asked
from .labels import Labels
from .page import Clickable, Page
from .profile import Profile
from .text import begins_with, pick


class Revoking:
    """The goal of a walk that ends with the portal's taking the revocation.

    :param ambiguous: whether several valid certificates bear the name; None: it does not matter.
    """

    name = "Revocation"
    leading = frozenset(("site_name", "passphrase", "serial", "reason"))
    confirmation = "revoked"
    buttons = "revoke_continue"
    spared = "Nothing was revoked."

    def __init__(
        self,
        profile: Profile,
        name: str,
        passphrase: str | None,
        serial_number: int | None,
        reason: str | None,
        ambiguous: bool | None,
    ) -> None:
        self.secrets: tuple[str, ...] = (passphrase or "",)
        self._profile = profile
        self._name = name
        self._passphrase = passphrase
        self._serial = serial_number
        self._reason = reason
        self._ambiguous = bool(ambiguous)
        self._named = False
        self._chosen = False

    def can_begin(self, window: View, near: bool) -> bool:
        """Whether a window asks for what a revocation begins with: it says so itself, or is where the link to it led."""
        words = self._profile.words("buttons", "revoke")
        for page in window.pages():
            labels = Labels(page, self._profile)
            links = [one.text for one in page.clickables() if one.control is None]
            said = [line.text for line in page.lines() if not any(one.tag == "a" for one in _around(line.node))]
            if not pick([*said, page.title], words) and (not near or pick(links, words)):
                continue
            for form in page.forms:
                asked = interview.read(page, form, labels, self._profile)
                if {"site_name", "serial"} & asked.keys and "csr" not in asked.keys and not asked.contacts:
                    return True
        return False

    def check(self, view: View) -> None:
        """Nothing of a page is compared with anything."""

    def fill(self, asked: Asked, filling: Filling) -> None:
        """Answers a form.

        :raises InputError: the portal asks for what was not given, or offers no way to tell certificates of one name apart.
        """
        typed = asked.typed
        if "serial" in asked.lists:
            choice = asked.lists["serial"]
            choice.choose(filling, self._serial_index(choice))
            self._chosen = True
        elif "serial" in typed and self._serial is not None:
            enter(filling, typed["serial"], str(self._serial), "serial_number", asked.labels.label(typed["serial"]))
            self._chosen = True
        if "site_name" in typed:
            enter(filling, typed["site_name"], self._name, "common_name", asked.labels.label(typed["site_name"]))
            self._named = True
        elif "site_name" in asked.lists:
            choice = asked.lists["site_name"]
            choice.choose(filling, choice.match("common_name", self._name))
            self._named = True
        for field in ("passphrase", "passphrase_again"):
            if field in typed:
                if not self._passphrase:
                    raise InputError(f"passphrase is missing: the portal asks for it to revoke {self._name}.")
                enter(filling, typed[field], self._passphrase, "passphrase", asked.labels.label(typed[field]))
        self._give_reason(asked, filling)
        if self._named and not {"site_name", "serial"} & asked.keys:
            self._compare_with(asked.page)
        # The manual's form asks for the name alone, so any form that names the site may be the last one.
        if self._ambiguous and not self._chosen:
            raise self._undecided()

    def commits(self, asked: Asked | None) -> bool:
        """Any request that names the certificate may be the one."""
        return self._named or (asked is not None and bool({"site_name", "serial"} & asked.keys))

    def sent(self, asked: Asked | None) -> None:
        """Nothing is kept of what was sent."""

    def choose(self, view: View) -> tuple[Page, Clickable] | None:
        """The button that revokes, beside the certificate with the serial number wanted.

        :raises InputError: there are such buttons, but only beside others: none of them may be pressed.
        """
        words = self._profile.words("buttons", "revoke")
        others = []
        for page in view.pages():
            shown = [one for one in records.records(page, self._profile) if one.facts.get("serial")]
            for record in shown:
                buttons = [
                    one
                    for one in page.clickables()
                    if not one.hidden
                    and (
                        (len(shown) == 1 and one.node.order > record.order)
                        or (record.node is not None and record.node in one.node.ancestors())
                    )
                ]
                found = pick([one.text for one in buttons], words)
                if not found:
                    continue
                if self._serial is not None and records.serial_number(record.facts["serial"]) == self._serial:
                    self._chosen = True
                    return page, buttons[found[0]]
                others.append(record.facts["serial"])
        if others:
            raise self._not_offered("beside its buttons", others)
        return self._details(view) if self._named else None

    def _details(self, view: View) -> tuple[Page, Clickable] | None:
        """The link to the page about the certificate, where a list has but one of this name that is, for all it says, in force."""
        links = [
            (page, one)
            for page in view.pages()
            for one in page.clickables()
            if one.href and not one.hidden and begins_with(one.text, self._name)
        ]
        told = [records.status(one.text.replace(self._name, ""), self._profile) for _page, one in links]
        living = [link for link, status in zip(links, told) if status in ("valid", "unknown")]
        return living[0] if len(living) == 1 else None

    def _compare_with(self, page: Page) -> None:
        """A form that names no certificate is about the one that its page shows.

        :raises InputError: that is another one.
        """
        shown = [one.facts["serial"] for one in records.records(page, self._profile) if one.facts.get("serial")]
        if len(shown) == 1 and self._serial is not None:
            if records.serial_number(shown[0]) != self._serial:
                raise self._not_offered("on its page", shown)
            self._chosen = True

    def _serial_index(self, choice: Choice) -> int:
        for index, text in enumerate(choice.details if self._serial is not None else ()):
            if any(
                records.serial_number(part) == self._serial for part in text.replace("(", " ").replace(")", " ").split()
            ):
                return index
        raise self._not_offered(f"under '{choice.label}'", choice.texts)

    def _give_reason(self, asked: Asked, filling: Filling) -> None:
        if "reason" in asked.lists:
            choice = asked.lists["reason"]
            other = choice.find("", self._profile.words("choices", "other_reason"))
            if self._reason:
                choice.choose(filling, choice.match("reason", self._reason))
            elif not choice.chosen(filling) and other is not None:
                choice.choose(filling, other)
            elif not choice.chosen(filling):
                raise InputError(
                    f"reason is missing, and the portal asks for it under '{choice.label}'; it offers: {', '.join(choice.texts)}."
                )
        elif "reason" in asked.typed and self._reason:
            control = asked.typed["reason"]
            enter(filling, control, self._reason, "reason", asked.labels.label(control))

    def _not_offered(self, where: str, offered: t.Sequence[str]) -> InputError:
        if self._serial is None:
            return InputError(f"serial_number is missing: the portal offers {', '.join(offered)} {where}.")
        return InputError(
            f"serial_number: the portal does not offer {self._serial} (hexadecimal {self._serial:X}) {where}, only {', '.join(offered)}."
        )

    def _undecided(self) -> InputError:
        return InputError(
            f"The portal lists more than one valid certificate of {self._name}, and its form does not ask which to revoke. "
            "Revoke with by_paper: true, and name the serial number on the paper form."
        )


def _around(node: dom.Node) -> list[dom.Node]:
    return [node, *node.ancestors()]
