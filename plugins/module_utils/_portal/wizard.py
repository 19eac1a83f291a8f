# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Goes through the portal's pages as a person does: reads each, answers it, presses on, until the portal says yes or no.

No page is expected in any order. Each that comes back is told by what it says: the form sent before come back (a refusal), a
form to answer, the portal's yes, its no, a page that leads on by itself, one that only asks to confirm; any other stops the
driver, and nothing more is sent.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import PortalError, PortalRefusedError, PortalUnknownPageError
from . import interview, messages
from .browser import Browser, Step, View, forward_of, goes_back, turns_back
from .forms import Filling
from .interview import Asked
from .labels import Labels
from .page import Clickable, Control, Page
from .profile import Profile
from .text import norm, pick

_MAX_STEPS = 24
_MAX_WAITS = 10
_CANDIDATES = 60  # buttons that say to go on
_CONTACT = 3  # fields that make a form one for a contact


class Goal(t.Protocol):
    """What a walk through the wizard is for."""

    name: str  # for errors
    leading: frozenset[str]  # questions by which a form is known to be the task's
    confirmation: str  # the profile's entry of messages that end it
    buttons: str  # the profile's entry of buttons that go on
    spared: str  # what did not happen where the portal says no before a request that may commit
    secrets: tuple[str, ...]  # never shown, even if the portal repeats them

    def check(self, view: View) -> None:
        """Looks at each page before anything is done with it; raises where it must not go on."""

    def fill(self, asked: Asked, filling: Filling) -> None:
        """Answers a form."""

    def commits(self, asked: Asked | None) -> bool:
        """Whether the request that sends these answers (None: a page that asks nothing) may commit."""

    def sent(self, asked: Asked | None) -> None:
        """The answers were sent."""

    def choose(self, view: View) -> tuple[Page, Clickable] | None:
        """A link or button that only this goal knows, on a page that asks nothing else."""


@dataclasses.dataclass(frozen=True)
class End:
    """How a walk ended."""

    message: str
    view: View


class Wizard:
    """Drives one task from its first page to the portal's answer."""

    def __init__(self, browser: Browser, profile: Profile, goal: Goal, committing: t.Callable[[], None]) -> None:
        self._browser = browser
        self._profile = profile
        self._goal = goal
        self._committing = committing
        self._sent: list[tuple[t.Any, ...]] = []  # signatures of the forms sent
        self._answered: set[str] = set()
        self._last: frozenset[str] = frozenset()  # what was asked by the form that was sent last
        self._lines: set[str] = set()  # all that was on the pages so far
        self._note = ""  # what was new on a page that only had to be confirmed
        self._announced = False  # whether a request that may commit has been sent

    def run(self, step: Step) -> End:
        """Walks on from a page.

        :raises PortalRefusedError: the portal said no; with its message.
        :raises PortalUnknownPageError: a page that is none of those described; nothing more was sent.
        :raises InputError: the portal asks for something that was not given, or does not know what was.
        """
        waits = 0
        for _number in range(_MAX_STEPS):
            view = step.part
            self._goal.check(view)
            asked = self._main_form(step)
            if asked is not None and self._came_back(asked, view):
                if self._says_no(view) or self._goal.choose(view) is None:
                    raise self._back(asked, view)
                asked = None  # a form to search with, which stays above what it found
            if view.page.status >= 400:
                raise self._failed(view)
            if asked is None:
                self._stop_if_not_ours(view)
                end = self._ending(view)
                if end is not None:
                    return end
            following = self._answer(step, asked) if asked is not None else self._go_on(step)
            if following is None and asked is None and waits < _MAX_WAITS:
                waits += 1
                following = self._follow(step)
            if following is None:
                raise self._unknown(view)
            self._note = messages.complaint(view, self._lines, self._profile) if asked is None else ""
            self._lines.update(norm(line) for line in messages.lines_of(view))
            step = following
        raise PortalUnknownPageError(
            f"{self._goal.name}: after {_MAX_STEPS} pages the portal still asks for more, last at {step.part.place}; nothing more was sent."
        )

    # -- what a page is ------------------------------------------------------------------------------------------

    def _main_form(self, step: Step) -> Asked | None:
        """The form that asks most of what the task answers; of the answer's own part of the window first."""
        best: Asked | None = None
        nameless: Asked | None = None
        for page in dict.fromkeys([*step.part.pages(), *step.window.pages()]):
            labels = Labels(page, self._profile)
            for form in page.forms:
                asked = interview.read(page, form, labels, self._profile)
                if len(asked.nameless) >= _CONTACT and not asked.contacts:
                    nameless = nameless or asked
                score = len(asked.keys & self._goal.leading)
                if score and (best is None or score > len(best.keys & self._goal.leading)):
                    best = asked
            if best is not None and page is step.part.pages()[-1]:
                break
        if nameless is not None and best in (None, nameless):
            raise PortalUnknownPageError(
                f"{self._goal.name}: {nameless.page.place} asks for a contact, but no heading says which; nothing more was sent. "
                "Give the heading under sections in portal_profile."
            )
        return best

    def _came_back(self, asked: Asked, view: View) -> bool:
        """Whether the portal shows a form again instead of going on."""
        if asked.signature() in self._sent:
            return True
        return asked.keys <= self._answered and self._says_no(view)

    def _says_no(self, view: View) -> bool:
        return any(self._profile.says("refused", line) for line in self._fresh(view))

    def _fresh(self, view: View) -> list[str]:
        """The lines that were on none of the pages before."""
        return [line for line in messages.lines_of(view) if norm(line) not in self._lines]

    def _stop_if_not_ours(self, view: View) -> None:
        fresh = self._fresh(view)
        if any(self._profile.says(self._goal.confirmation, line) for line in fresh):
            return
        for kind, what in (
            ("session", "the portal has ended the session"),
            ("maintenance", "the portal is out of order"),
        ):
            if any(self._profile.says(kind, line) for line in fresh):
                raise self._unknown(view, f" ({what})")

    def _ending(self, view: View) -> End | None:
        """The portal's yes; raises on its no."""
        button = self._confirm_button(view.pages())
        for kind in (self._goal.confirmation, f"{self._goal.confirmation}_perhaps"):
            message = messages.confirmation(view, kind, self._lines, self._profile)
            if message is not None and self._answered:
                return End(self._without_secrets(message), view)
            if button is not None or self._goal.choose(view) is not None:
                break  # something is left to press
        spoken = messages.complaint(view, self._lines, self._profile)
        if button is None and any(self._profile.says("refused", line) for line in [*self._fresh(view), spoken]):
            raise self._refused(view)
        if button is None and self._turns_away(view):
            raise self._refused(view)
        return None

    def _turns_away(self, view: View) -> bool:
        """Whether a page without a way on is a no, in whatever words: it goes back by itself, or all it offers is the way back.

        After a request that may have committed the order, it must be marked, lead back, and hold no word of hope.
        """
        if any(turns_back(page) for page in view.pages()):
            return True
        if forward_of(view.page) is not None or self._goal.choose(view) is not None:
            return False
        things = [(page, thing) for page in view.pages() for thing in page.clickables() if not thing.hidden]
        back = any(goes_back(page, thing) for page, thing in things)
        marked = messages.is_marked(view, self._lines, self._profile)
        if not self._announced:
            return (marked or back) and not any(self._may_lead_on(page, thing) for page, thing in things)
        return marked and back and not any(self._profile.says("hopeful", line) for line in self._fresh(view))

    # -- going on ------------------------------------------------------------------------------------------------

    def _answer(self, step: Step, asked: Asked) -> Step | None:
        filling = Filling(asked.page)
        if asked.unanswerable:
            label = asked.labels.label(asked.unanswerable[0])
            raise PortalUnknownPageError(
                f"{self._goal.name}: {asked.page.place} asks for '{label}', which only a person can answer; nothing more was sent."
            )
        self._goal.fill(asked, filling)
        for box in asked.agree:
            filling.check(box)
        self._stop_if_lacking(asked, filling)
        button = self._button(asked)
        self._sent.append(asked.signature())
        self._answered |= asked.keys
        self._last = asked.keys
        following = self._browser.click(step.window, asked.page, button, filling, self._before(asked))
        self._goal.sent(asked)
        return following

    def _go_on(self, step: Step) -> Step | None:
        """A page that asks nothing of us: what the goal looks for on it, or a button that goes on."""
        pages = list(dict.fromkeys([*step.part.pages(), *step.window.pages()]))
        chosen = self._goal.choose(step.part) or self._confirm_button(step.part.pages()) or self._confirm_button(pages)
        if chosen is None:
            return None
        page, button = chosen
        filling = Filling(page)
        form = button.control.form if button.control is not None else button.node.form
        if form is not None:
            asked = interview.read(page, form, Labels(page, self._profile), self._profile)
            for box in asked.agree:
                filling.check(box)
            self._stop_if_lacking(asked, filling)
            self._stop_if_undecided(asked, filling)
        key = ("confirm", page.url, button.text, tuple(messages.lines_of(step.part))[:50])
        if key in self._sent:
            raise self._refused(step.part)
        self._sent.append(key)
        following = self._browser.click(step.window, page, button, filling, self._before(None))
        self._goal.sent(None)
        return following

    def _follow(self, step: Step) -> Step | None:
        return self._browser.follow(step.window, step.part.page, self._before(None))

    def _before(self, asked: Asked | None) -> t.Callable[[], None] | None:
        """What is to be called before a request that may commit."""
        if not self._goal.commits(asked):
            return None
        self._announced = True
        return self._committing

    def _confirm_button(self, pages: t.Iterable[Page]) -> tuple[Page, Clickable] | None:
        """The button or link that goes on, on a page that asks nothing; not one of a form with empty fields of its own."""
        for page in pages:
            found = self._going_on(page, lambda one: True)
            found = [one for one in found[:_CANDIDATES] if not self._is_anothers(page, one)]
            # A menu may hold a link with the same words.
            found.sort(key=lambda one: (self._has_empty_fields(page, one), not _is_button(one)))
            if found:
                return page, found[0]
        return None

    def _going_on(self, page: Page, wanted: t.Callable[[Clickable], bool]) -> list[Clickable]:
        """What on a page says to go on: exact texts before parts of one; of mere links only exact texts."""
        words = self._profile.words("buttons", self._goal.buttons)
        normal = {norm(word) for word in words}
        things = [one for one in page.clickables() if not one.hidden and not self._is_avoided(one) and wanted(one)]
        exact = [
            one
            for one in things
            if norm(one.text) in normal and (_is_button(one) or (one.href and not one.href.startswith("#")))
        ]
        buttons = [one for one in things if _is_button(one) and one not in exact]
        return exact + [buttons[index] for index in pick([one.text for one in buttons], words)]

    def _button(self, asked: Asked) -> Clickable:
        """The button a person presses having answered: one that says to go on, the next one after the last answer."""
        page = asked.page
        last = max((one.at for one in self._answers(asked)), default=0)
        own = self._going_on(page, lambda one: _is_button(one) and self._form_of(one) in (asked.form, None))
        normal = {norm(word) for word in self._profile.words("buttons", self._goal.buttons)}
        after = [one for one in own if one.at > last][:_CANDIDATES]
        near = [one for one in after if not self._is_anothers(page, one, last)]
        for candidates in (near, after, own):
            exact = [one for one in candidates if norm(one.text) in normal]
            if exact:
                return exact[-1] if candidates is own else min(exact, key=lambda one: one.at)
            if candidates:
                return candidates[0]
        submits = [
            one
            for one in page.clickables()
            if one.control is not None
            and one.control.kind in ("submit", "image")
            and one.control.form is asked.form
            and not self._is_avoided(one)
        ]
        if len(submits) == 1:
            return submits[0]
        texts = ", ".join(f"'{one.text}'" for one in submits) or "none"
        raise PortalUnknownPageError(
            f"{self._goal.name}: no button of {page.place} is known to go on (there are: {texts}); nothing more was sent. "
            f"Give its text under buttons.{self._goal.buttons} in portal_profile."
        )

    def _answers(self, asked: Asked) -> list[Control]:
        found = [*asked.typed.values(), *asked.agree]
        for choice in [*asked.lists.values(), *([asked.same] if asked.same else [])]:
            found += choice.controls
        for fields in asked.contacts.values():
            for controls in fields.values():
                found.append(controls[0])
        return found

    def _is_anothers(self, page: Page, button: Clickable, start: int = -1) -> bool:
        """Whether the button is that of a field to type in, the last thing before it (a site search, a newsletter).

        :param start: where our last answer stands; a field before it is none of another's.
        """
        form = self._form_of(button)
        before = [
            one
            for one in page.controls
            if start < one.at < button.at and not one.hidden and (one.fillable or one.is_button)
        ]
        last = before[-1] if before else None
        if last is None or last.kind not in ("text", "password") or form is None or last.form is not form:
            return False
        # Such a field may have a link for its button.
        return not any(_is_button(one) and last.at < one.at < button.at for one in page.clickables())

    def _stop_if_lacking(self, asked: Asked, filling: Filling) -> None:
        """Stops before a field that must be filled in and is not: one that the profile does not know."""
        decided: set[str] = set()
        for control in asked.page.controls_of(asked.form):
            if control.hidden or not control.fillable or not asked.labels.is_required(control):
                continue
            if control.kind == "radio":
                if control.name in decided:
                    continue
                decided.add(control.name)
            meaning = asked.labels.meaning(control)
            if meaning is not None and meaning.field in ("decoy", "account"):
                continue
            if control.kind == "radio":
                empty = not any(filling.is_checked(one) for one in asked.labels.group(control))
            elif control.kind == "checkbox":
                empty = "required" in control.node.attrs and not filling.is_checked(control)
            else:
                empty = not filling.value(control).strip()
            if empty:
                raise PortalUnknownPageError(
                    f"{self._goal.name}: {asked.page.place} wants '{asked.labels.label(control)}' filled in, which the profile does not know; "
                    "nothing more was sent. Give that label to the entry it belongs to (fields, contact) in portal_profile."
                )

    def _stop_if_undecided(self, asked: Asked, filling: Filling) -> None:
        """Stops before a page that asks for nothing but a choice that the profile does not know."""
        for control in asked.unknown:
            group = asked.labels.group(control) if control.kind == "radio" else []
            if control.kind == "radio" and not any(filling.is_checked(one) for one in group):
                texts = ", ".join(asked.labels.option_text(one) for one in group)
                raise PortalUnknownPageError(
                    f"{self._goal.name}: {asked.page.place} wants one of '{texts}' chosen, and the profile does not know what for; "
                    "nothing more was sent. Give the label to the entry it belongs to (fields) in portal_profile."
                )

    def _has_empty_fields(self, page: Page, button: Clickable) -> bool:
        form = self._form_of(button)
        return form is not None and any(
            one.kind in ("text", "password") and one.fillable and not one.hidden and not one.value
            for one in page.controls_of(form)
        )

    def _may_lead_on(self, page: Page, thing: Clickable) -> bool:
        """Whether something is a button that, for all that is known, may be the way on."""
        return (
            _is_button(thing)
            and not self._is_avoided(thing)
            and not goes_back(page, thing)
            and not self._has_empty_fields(page, thing)
        )

    def _is_avoided(self, thing: Clickable) -> bool:
        text = norm(thing.text)
        return any(text.startswith(norm(word)) for word in self._profile.words("buttons", "avoid"))

    @staticmethod
    def _form_of(thing: Clickable) -> t.Any:
        return thing.control.form if thing.control is not None else thing.node.form

    # -- errors --------------------------------------------------------------------------------------------------

    def _back(self, asked: Asked, view: View) -> PortalError:
        """A form that came back: a refusal, unless the portal has merely forgotten where we were."""
        if any(self._profile.says("session", line) for line in self._fresh(view)):
            return self._unknown(view, " (the portal has ended the session)")
        said = messages.complaint(view, self._lines, self._profile) or self._note
        started_over = len(self._sent) > 1 and asked.signature() != self._sent[-1] and asked.signature() in self._sent
        if started_over and not said:
            return self._unknown(view, " (it begins again, without a message)")
        return self._refused(view)

    def _failed(self, view: View) -> PortalError:
        """An error of HTTP; only one that blames the request and says why is the portal's no."""
        if view.page.status < 500 and self._says_no(view):
            return self._refused(view)
        if view.page.status < 500:
            return self._unknown(view)
        what = "" if self._announced else f" {messages.BROKEN}"
        return PortalUnknownPageError(
            f"{self._goal.name}: the portal answers with an error, {view.place}; nothing more was sent.{what}"
        )

    def _refused(self, view: View) -> PortalRefusedError:
        said = self._without_secrets(messages.complaint(view, self._lines, self._profile) or self._note)
        why = said or "it shows the page again, without a message."
        spared = "" if self._announced else f" {self._goal.spared}"
        if self._is_about_passphrase(said):
            why = f"{why}; passphrase is not the one that the portal knows, or none that it takes: put it right."
        return PortalRefusedError(f"{self._goal.name}: the portal refused at {view.place}: {why}{spared}", said)

    def _is_about_passphrase(self, said: str) -> bool:
        """Whether the portal refuses the passphrase, which it was just sent."""
        words = self._profile.words("fields", "passphrase")
        return "passphrase" in self._last and any(norm(word) in norm(said) for word in words)

    def _unknown(self, view: View, why: str = "") -> PortalUnknownPageError:
        return PortalUnknownPageError(
            f"{self._goal.name}: the portal answered with a page that is not known, {view.place}{why}; nothing more was sent. "
            "If it is a step of the portal, describe it in portal_profile."
        )

    def _without_secrets(self, text: str) -> str:
        for secret in self._goal.secrets:
            if secret:
                text = text.replace(secret, "********")
        return text


def _is_button(thing: Clickable) -> bool:
    """Whether a click may send a form: a button, or anything with a script."""
    return thing.control is not None or bool(thing.onclick) or thing.href.lower().startswith("javascript:")
