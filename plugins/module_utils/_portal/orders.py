# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an order tells the portal: first and additional applications (§4.3) and renewals (§4.4)."""

from __future__ import annotations

import typing as t

from .._errors import InputError, PortalError
from . import interview, records
from .browser import View
from .choices import Choice
from .contacts import ContactWriter, enter
from .forms import Filling
from .interview import Asked
from .labels import Labels
from .model import Application
from .page import Clickable, Page
from .profile import Profile
from .text import norm, squash

_CONTACTS = frozenset(("technical", "business", "billing"))
_EMPTY = frozenset(("", "-", "無", "n/a", "none", "null", "(無)"))


class Order:
    """The goal of a walk that ends with the portal's taking the order."""

    leading = frozenset(("csr", "software", "passphrase", "passphrase_again", "payment")) | _CONTACTS
    confirmation = "accepted"
    buttons = "continue"
    spared = "Nothing was ordered."

    def __init__(self, application: Application, profile: Profile, *, renewal: bool) -> None:
        self.name = "Renewal" if renewal else "Application"
        self.secrets: tuple[str, ...] = (application.passphrase,)
        self.changes: list[dict[str, str]] = []
        self._application = application
        self._profile = profile
        self._needed = {"csr", "passphrase", *_CONTACTS} | (set() if renewal else {"software"})
        self._given: set[str] = set()
        self._begun = False  # whether a request was sent that may have placed the order

    def check(self, view: View) -> None:
        """Compares what the portal read from the CSR with what is in it (§4.3.6.1), and the payment method with any list of them.

        :raises PortalError: the CSR was read wrongly.
        :raises InputError: a page lists payment methods, of which none is the one that is wanted.
        """
        if not self._begun and self._application.payment_method:
            self._check_payment(view, self._application.payment_method)
        if "csr" not in self._given:
            return
        for page in view.pages():
            shown = records.echo(page, self._profile)
            for key, text in shown.items():
                ours = self._application.subject.get(key) or ""
                theirs = squash(text)
                if squash(ours) != theirs and not (not ours and theirs.casefold() in _EMPTY):
                    raise PortalError(
                        f"{self.name}: the portal reads {key} {theirs!r} from the CSR, which says {ours!r} ({page.place}). "
                        "The order was stopped, nothing more was sent; ask TWCA."
                    )

    def fill(self, asked: Asked, filling: Filling) -> None:
        """Answers a form.

        :raises InputError: the portal asks for what was not given, or does not know what was.
        """
        application = self._application
        for field, value in (
            ("csr", application.csr),
            ("passphrase", application.passphrase),
            ("passphrase_again", application.passphrase),
            ("site_name", application.common_name),
            ("software", application.server_software),
        ):
            if field in asked.typed:
                control = asked.typed[field]
                enter(filling, control, value, field, asked.labels.label(control))
        self._fill_lists(asked.lists, filling)
        self._fill_contacts(asked, filling)

    def commits(self, asked: Asked | None) -> bool:
        """Whether, with these answers, all that the manual asks for up to the payment has been given.

        A portal may leave something out (a list of software, the billing contact). Then a page that comes after the contacts
        and asks for none of it, or asks for the payment, is taken for the last one.
        """
        giving = self._given | (asked.keys if asked is not None else set())
        if self._needed <= giving:
            return True
        if "csr" not in giving:
            return False
        if asked is not None and "payment" in asked.keys:
            return True
        return {"technical", "business"} <= self._given and not (asked is not None and asked.keys & self._needed)

    def sent(self, asked: Asked | None) -> None:
        self._begun = self._begun or self.commits(asked)
        if asked is not None:
            self._given |= asked.keys

    def choose(self, view: View) -> tuple[Page, Clickable] | None:
        return None

    def _check_payment(self, view: View, wanted: str) -> None:
        """A list may stand on a page long before it is asked for: in a step that a script shows later."""
        for page in view.pages():
            labels = Labels(page, self._profile)
            for form in page.forms:
                if any(control.kind in ("select", "radio") for control in page.controls_of(form)):
                    asked = interview.read(page, form, labels, self._profile)
                    choice = asked.lists.get("payment", asked.payment_later)
                    if choice is not None and choice.texts:
                        choice.match("payment_method", wanted)

    def _fill_lists(self, lists: t.Mapping[str, Choice], filling: Filling) -> None:
        if "software" in lists:
            wanted = self._application.server_software
            other = self._profile.words("choices", "other_software")
            synonyms = other if norm(wanted) in {norm(word) for word in other} else ()
            choice = lists["software"]
            choice.choose(filling, choice.match("server_software", wanted, synonyms))
        if "payment" in lists:
            choice = lists["payment"]
            if not self._application.payment_method:
                raise InputError(
                    f"payment_method is missing, and the portal asks for it under '{choice.label}'; it offers: {', '.join(choice.texts)}."
                )
            choice.choose(filling, choice.match("payment_method", self._application.payment_method))

    def _fill_contacts(self, asked: Asked, filling: Filling) -> None:
        people = {"technical": self._application.technical, "business": self._application.business}
        billing = self._application.billing
        same = billing.get("same_as")
        people["billing"] = people[same] if same else self._with_tax_id(billing)
        writer = ContactWriter(asked, filling, self._profile)
        for section in asked.contacts:
            writer.write(section, people[section])
        self.changes += writer.changes
        if asked.same is not None:
            asked.same.choose(filling, self._same_index(asked.same, same))
        for section, box in asked.same_boxes:
            if asked.labels.section(box) in ("billing", None):
                filling.check(box, section == same)
            else:
                filling.check(box, False)

    def _with_tax_id(self, billing: t.Mapping[str, str]) -> t.Mapping[str, str]:
        """The billing contact has no tax id of its own (§4.3.6.2); where a portal asks for it, it is that of the same company."""
        for other in (self._application.technical, self._application.business):
            if other.get("company") == billing.get("company") and other.get("tax_id"):
                return {"tax_id": other["tax_id"], **billing}
        return billing

    def _same_index(self, choice: Choice, same: str | None) -> int:
        """The entry that says whose data serve for billing, or that nobody's do.

        :raises InputError: there is none.
        """
        neither = [norm(word) for word in self._profile.words("choices", "neither")]
        none_of_them = [index for index, text in enumerate(choice.texts) if any(word in norm(text) for word in neither)]
        if same:
            for index, text in enumerate(choice.texts):
                if index not in none_of_them and self._profile.sections_in(text) == {same}:
                    return index
        if none_of_them:
            return none_of_them[0]
        rest = [index for index, text in enumerate(choice.texts) if not self._profile.sections_in(text)]
        if rest:
            return rest[0]
        raise InputError(f"billing_contact: the portal offers under '{choice.label}' only: {', '.join(choice.texts)}.")
