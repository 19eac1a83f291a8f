# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The portal's list of a name's certificates and orders, and what can be done with one of them."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import PortalRefusedError, PortalUnknownPageError
from . import dom, interview, messages, records
from .browser import Browser, Step, View
from .contacts import enter
from .forms import Filling
from .labels import Labels
from .model import Entry
from .navigator import Navigator
from .page import Clickable, Control, Page, text_of
from .profile import Profile
from .records import Record
from .text import begins_with, norm, pick, squash
from .times import moments

_PAGES = 40  # of one list
_BUTTONS = 200  # of one form that are looked at
_DETAILS = 40  # pages of single certificates opened for one search
_MENTION = 400  # characters of a text that tells of one certificate
_SITE_PARTS = frozenset(("header", "nav", "footer"))  # what stands there is the whole site's
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "legend", "caption"))
_DEEDS = ("revoke", "renew", "download")  # buttons that do something to what they are beside
_SITE_ROLES = frozenset(("search", "banner", "navigation", "contentinfo"))


@dataclasses.dataclass(frozen=True, eq=False)
class Handle:
    """Where an entry stands: in which window, on which page, in which element (None: the page is all about it).

    ``alone``: nothing else is listed on the page; ``listed``: where the link to this page of details stands; ``span``: of an entry
    that fills no element of its own, from where to where in the document it goes.
    """

    window: View
    page: Page
    node: dom.Node | None
    alone: bool = False
    listed: Handle | None = None
    span: tuple[int, int | None] | None = None


class Certificates:
    """Searches by site name (§4.4.3, §4.6.2.1)."""

    def __init__(self, browser: Browser, navigator: Navigator, profile: Profile) -> None:
        self._browser = browser
        self._navigator = navigator
        self._profile = profile

    def search(self, name: str, task: str = "search") -> list[Entry]:
        """All that the portal lists under a name, which may differ in case.

        :param task: along which path: ``search`` or ``renew``.
        :raises PortalUnknownPageError: no page to search on, or an answer that is no list.
        """
        step = self._navigator.go(task, self._can_search)
        following = self._ask(step, name)
        return self._entries(step, following, name)

    def find_button(self, entry: Entry, words: str) -> tuple[Handle, Clickable, Filling] | None:
        """The link or button that does something with an entry, on its page or on that of its details."""
        handle = t.cast("Handle | None", entry.handle)
        if handle is None:
            return None
        found = self._button_at(handle, words, exact=handle.alone)
        if found is None:
            further = self._details(handle, entry.name) or handle.listed
            if further is not None:
                found = self._button_at(further, words)
        if found is None and handle.alone:
            found = self._button_at(handle, words)
        return found

    def own_page(self, entry: Entry) -> Handle | None:
        """A page that is about this entry alone."""
        handle = t.cast("Handle | None", entry.handle)
        if handle is None or handle.alone or (handle.node is None and handle.span is None):
            return handle
        return self._details(handle, entry.name)

    # -- asking --------------------------------------------------------------------------------------------------

    def _can_search(self, window: View, _near: bool) -> bool:
        return self._search_form(window) is not None

    def _search_form(self, window: View) -> tuple[interview.Asked, Clickable] | None:
        forms = [
            interview.read(page, form, labels, self._profile)
            for page in reversed(window.pages())
            for labels in [Labels(page, self._profile)]
            for form in page.forms
        ]
        named = [asked for asked in forms if "site_name" in asked.typed]
        # A box that nothing names may be that of the site's own search, so that a named one anywhere comes first.
        for asked in [*named, *(one for one in forms if one not in named and self._lone_box(one))]:
            if "csr" in asked.keys or asked.contacts or self._is_to_revoke(asked.page):
                continue
            # With a passphrase it is the form of something else, unless its button says that it searches.
            words = ("search",) if "passphrase" in asked.keys else ("search", "search_perhaps")
            button = self._search_button(asked.page, asked, words)
            if button is not None:
                return asked, button
        return None

    def _is_to_revoke(self, page: Page) -> bool:
        """Whether a page's title or headings say that it revokes, and not that it searches: any form there may be the last one."""
        said = [page.title, *(line.text for line in page.lines() if _is_heading(line.node))]
        searching = [word for path in self._profile.paths("search") for word in path[-1]]
        return bool(pick(said, self._profile.words("buttons", "revoke")) and not pick(said, searching))

    def _lone_box(self, asked: interview.Asked) -> bool:
        """Takes the only box to type in for the site name, on a page whose heading or title says that it searches certificates."""
        boxes = [one for one in asked.unknown if one.kind == "text"]
        words = [word for path in self._profile.paths("search") for word in path[-1]]
        if len(boxes) != 1 or not pick([line.text for line in asked.page.lines()] + [asked.page.title], words):
            return False
        if any(one.tag in _SITE_PARTS or one.get("role") in _SITE_ROLES for one in boxes[0].node.ancestors()):
            return False
        asked.typed["site_name"] = boxes[0]
        return True

    def _search_button(self, page: Page, asked: interview.Asked, groups: t.Sequence[str]) -> Clickable | None:
        box = asked.typed["site_name"]
        own = [
            one
            for one in page.clickables()
            if not one.hidden and (one.control is not None or one.onclick or one.href.startswith("javascript:"))
        ]
        own = [one for one in own if (one.control.form if one.control is not None else one.node.form) is asked.form]
        searching = self._profile.words("buttons", "search")
        deeds = [word for deed in _DEEDS for word in self._profile.words("buttons", deed)]
        own = [one for one in own if pick([one.text], searching) or not pick([one.text], deeds)][:_BUTTONS]
        after = [one for one in own if one.at > box.at and not _typed_between(page, box, one)]
        words = [word for group in groups for word in self._profile.words("buttons", group)]
        for candidates in (after, own):
            found = pick([one.text for one in candidates], words)
            if found:
                return candidates[found[0]]
        submits = [one for one in after if one.control is not None and one.control.kind in ("submit", "image")]
        return submits[0] if submits and len(groups) > 1 else None

    def _ask(self, step: Step, name: str) -> Step:
        found = self._search_form(step.window)
        if found is None:
            raise PortalUnknownPageError(
                f"There is no field for a site name to search on {step.window.place}. "
                "Give its label as fields.site_name, or the page's address as pages.search, in portal_profile."
            )
        asked, button = found
        filling = Filling(asked.page)
        enter(filling, asked.typed["site_name"], name, "common_name", asked.labels.label(asked.typed["site_name"]))
        following = self._browser.click(step.window, asked.page, button, filling)
        if following is None:
            raise PortalUnknownPageError(
                f"The button '{button.text}' of {asked.page.place} does nothing; it was to search for {name}."
            )
        return following

    # -- reading the answer --------------------------------------------------------------------------------------

    def _entries(self, before: Step, step: Step, name: str) -> list[Entry]:
        asked = messages.lines_of(before.window)
        old = {norm(line) for line in asked}
        fresh = [line for line in messages.lines_of(step.part) if norm(line) not in old]
        if step.part.page.status >= 400:
            what = f" {messages.BROKEN}" if step.part.page.status >= 500 else ""
            raise PortalUnknownPageError(f"The search for {name} was answered with {step.part.place}.{what}")
        found, listed = self._listed(step, name)
        if found or listed:
            return found
        spoken = messages.complaint(step.part, asked, self._profile)
        if any(self._profile.says("nothing_found", line) for line in [*fresh, spoken]):
            return []
        disturbed = any(self._profile.says(kind, line) for kind in ("session", "maintenance") for line in fresh)
        if not disturbed and any(self._profile.says("refused", line) for line in [*fresh, spoken]):
            raise PortalRefusedError(f"The portal refused the search for {name}: {spoken}", spoken)
        raise PortalUnknownPageError(
            f"The search for {name} was answered with a page that lists no certificate and does not say that there is none: {step.part.place}. "
            "Give its labels under record, or its message as messages.nothing_found, in portal_profile."
        )

    def _listed(self, step: Step, name: str) -> tuple[list[Entry], bool]:
        """The entries of the name on this and the following pages, and whether there were any at all."""
        found: list[Entry] = []
        listed = False
        seen: set[str] = set()
        opened = 0
        for _number in range(_PAGES):
            for page in step.part.pages():
                here = records.records(page, self._profile)
                alone = len(here) == 1
                ends = [*(record.order for record in here[1:]), None]
                for record, end in zip(here, ends):
                    listed = True
                    span = None if alone or record.node is not None else (record.order, end)
                    handle = Handle(step.window, page, record.node, alone, span=span)
                    entry = self._entry(record, name, handle)
                    if entry is not None and _is_thin(entry) and opened < _DETAILS:
                        opened += 1
                        entry = self._completed(entry, name)
                    if entry is not None:
                        found.append(entry)
                if not here:
                    for handle in self._mentions(step, page, name):
                        listed = True
                        if opened < _DETAILS:
                            opened += 1
                            found.append(self._completed(self._mentioned(handle, name), name))
            following = self._next_page(step, seen)
            if following is None:
                break
            step = following
        return found, listed

    def _entry(self, record: Record, name: str, handle: Handle) -> Entry | None:
        """The entry that a record is of, or None if it is another name's."""
        facts = record.facts
        shown = squash(facts.get("name", "").split("\n")[0]) or records.subject_name(facts.get("subject", ""))
        if shown.casefold() != name.casefold():
            words = [word for word in squash(facts.get("name", "")).split() if word.casefold() == name.casefold()]
            if shown and not words:
                return None
            shown = words[0] if words else name
        times = moments(facts.get("validity", ""))
        starts, ends = moments(facts.get("not_before", "")), moments(facts.get("not_after", ""))
        status_text = squash(facts.get("status", ""))
        revoking = records.is_revoking(status_text, self._profile)
        status = records.status(status_text, self._profile)
        message = squash(facts.get("message", ""))
        if status == "rejected" and not message:
            _word, _colon, message = status_text.partition(":")
        return Entry(
            name=shown,
            status="valid" if revoking else status,
            status_text=status_text,
            not_before=starts[0] if starts else times[0] if len(times) > 1 else None,
            not_after=ends[0] if ends else times[-1] if times else None,
            serial_number=records.serial_number(facts["serial"]) if facts.get("serial") else None,
            subject=squash(facts.get("subject", "")),
            message=message.strip(),
            revocation_requested=revoking,
            reference=squash(facts.get("reference", "")),
            handle=handle,
        )

    def _mentions(self, step: Step, page: Page, name: str) -> list[Handle]:
        """Links to details, on a page that has no facts beside them: each names the site, or stands beside its name."""
        found = []
        for link in page.clickables():
            if begins_with(link.text, name) and not link.hidden:
                found.append(Handle(step.window, page, link.node))
        if found:
            return found
        lines = [line for line in page.lines() if name.casefold() in squash(line.text).casefold().split()]
        for line in lines:
            around = next(
                (one for one in [line.node, *line.node.ancestors()] if one.tag in ("li", "tr", "p", "div", "dd", "td")),
                None,
            )
            if around is not None and self._tells(Handle(step.window, page, around), name):
                found.append(Handle(step.window, page, around))
        return found

    def _tells(self, handle: Handle, name: str) -> bool:
        """Whether a mention has a link to details, or tells a status or dates itself."""
        text = text_of(t.cast(dom.Node, handle.node))
        told = records.status(text.replace(name, ""), self._profile) != "unknown" or moments(text)
        return bool(told and len(text) < _MENTION) or bool(self._near(handle, "details"))

    def _mentioned(self, handle: Handle, name: str) -> Entry:
        """What the text around a mention tells."""
        node = handle.node
        around = node
        if node is not None and squash(text_of(node)).casefold() == name.casefold():
            around = next((one for one in node.ancestors() if one.tag in ("li", "tr", "p", "div", "dd")), node)
        text = text_of(around) if around is not None else ""
        if len(text) >= _MENTION:
            text = ""
        times = moments(text)
        facts = records.facts_in(text, self._profile)
        return Entry(
            name=name,
            status=records.status(text.replace(name, ""), self._profile),
            not_before=times[0] if len(times) > 1 else None,
            not_after=times[-1] if times else None,
            serial_number=records.serial_number(facts.get("serial", "")),
            message=facts.get("message", ""),
            handle=Handle(handle.window, handle.page, around),
        )

    def _completed(self, entry: Entry, name: str) -> Entry:
        """The entry with what the page of its details says."""
        details = self._details(t.cast(Handle, entry.handle), name)
        if details is None:
            return entry
        for record in records.records(details.page, self._profile):
            full = self._entry(record, name, details)
            if full is not None:
                if full.status == "unknown":
                    full = dataclasses.replace(full, status=entry.status, status_text=entry.status_text)
                return dataclasses.replace(
                    full,
                    not_before=full.not_before or entry.not_before,
                    not_after=full.not_after or entry.not_after,
                    serial_number=full.serial_number if full.serial_number is not None else entry.serial_number,
                    message=full.message or entry.message,
                    reference=full.reference or entry.reference,
                )
        return entry

    def _details(self, handle: Handle, name: str) -> Handle | None:
        if handle.node is None:
            return None
        links = self._near(dataclasses.replace(handle, alone=False), "details", name)
        for link in [one for one in links if self._is_own(handle.page, one)][:1]:
            step = self._browser.click(handle.window, handle.page, link)
            if step is not None and step.part.page.status < 400:
                page = max(step.part.pages(), key=lambda one: len(records.records(one, self._profile)))
                return Handle(step.window, page, None, listed=handle)
        return None

    def _is_own(self, page: Page, link: Clickable) -> bool:
        """Whether a link stays on the portal: one with a site's name may lead to that site."""
        return not link.href or link.href.lower().startswith("javascript:") or self._browser.can_reach(page, link.href)

    def _next_page(self, step: Step, seen: set[str]) -> Step | None:
        for page in step.part.pages():
            links = [link for link in page.clickables() if not link.hidden]
            wanted = {norm(word) for word in self._profile.words("buttons", "next_page")}
            for link in links:
                # An address counts as such, since the last page may offer itself as the next one.
                is_address = link.href and not link.href.startswith(("#", "javascript:"))
                key = page.resolve(link.href) if is_address else f"{page.url} {link.href} {link.onclick}"
                if norm(link.text) in wanted and link.control is None and key not in seen:
                    seen.add(key)
                    return self._browser.click(step.window, page, link)
        return None

    # -- doing something with an entry ---------------------------------------------------------------------------

    def _button_at(self, handle: Handle, words: str, exact: bool = False) -> tuple[Handle, Clickable, Filling] | None:
        filling = Filling(handle.page)
        radios = [
            one
            for one in handle.page.controls
            if one.kind == "radio" and handle.node is not None and one.node.is_in(handle.node)
        ]
        # Whichever button it is then, it is this entry that is chosen.
        if radios and not any(one.checked for one in radios):
            filling.check(radios[0])
        for link in self._near(handle, words, exact=exact):
            return handle, link, filling
        if radios:
            for link in self._near(Handle(handle.window, handle.page, None), words):
                return handle, link, filling
        return None

    def _near(self, handle: Handle, words: str, also: str = "", exact: bool = False) -> list[Clickable]:
        """The links and buttons of an entry that say one of the words.

        :param also: one more word.
        :param exact: only those that say just that.
        """
        texts = [*self._profile.words("buttons", words), *([also] if also else [])]
        links = [one for one in handle.page.clickables() if not one.hidden]
        everywhere = handle.node is None or handle.alone
        if handle.node is not None and not handle.alone:
            inside = [one for one in links if one.node.is_in(handle.node)]
            links = inside or self._following(handle, links)
        elif handle.span is not None:
            start, end = handle.span
            links = [one for one in links if one.node.order >= start and (end is None or one.node.order < end)]
        normal = [norm(text) for text in texts]
        found = [one for one in links if norm(one.text) in normal]
        part = [] if exact else [links[index] for index in pick([one.text for one in links], texts)]
        # A menu bears the same words as the button; the button stands nearer to the facts, after them or in a form.
        if everywhere:
            facts = [one.order for one in records.records(handle.page, self._profile)][:1]
            found.sort(key=lambda one: (bool(facts) and one.node.order < facts[0], one.control is None))
        return list(dict.fromkeys([*found, *part]))

    def _following(self, handle: Handle, links: list[Clickable]) -> list[Clickable]:
        """The links between an entry's table and the next one's."""
        node = t.cast(dom.Node, handle.node)
        inside = max((one.order for one in node.walk()), default=node.order)
        later = [one.order for one in records.records(handle.page, self._profile) if one.order > inside]
        return [one for one in links if inside < one.node.order < (later[0] if later else one.node.order + 1)]


def _typed_between(page: Page, box: Control, button: Clickable) -> bool:
    return any(
        box.at < one.at < button.at and one.kind in ("text", "password") and not one.hidden for one in page.controls
    )


def _is_thin(entry: Entry) -> bool:
    """Whether a list tells too little of an entry to do without the page of its details."""
    if entry.status == "rejected":
        return not entry.message
    return entry.status in ("valid", "unknown") and (entry.serial_number is None or entry.not_after is None)


def _is_heading(node: dom.Node) -> bool:
    return any(one.tag in _HEADINGS for one in (node, *node.ancestors()))
