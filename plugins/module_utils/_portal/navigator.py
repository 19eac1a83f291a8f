# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the home page to where a task begins, along the links that a person would click (§4.2 to §4.6)."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import PortalUnknownPageError
from .browser import Browser, Step, View
from .memory import Memory
from .messages import BROKEN
from .page import Clickable, Page
from .profile import Profile
from .text import norm, pick

_BROKEN = 500  # from this status on, an answer is an error of the portal's own
_BUDGET = 24  # pages opened in search of one task
_CANDIDATES = 4  # links tried for one click

Arrived = t.Callable[[View, bool], bool]


@dataclasses.dataclass
class _Walk:
    arrived: Arrived
    left: int = _BUDGET
    missing: str = ""  # the first click that could not be made
    where: str = ""
    broken: str = ""  # a page that came as an error of the portal's own


class Navigator:
    """Finds the way to a task's first page."""

    def __init__(self, browser: Browser, profile: Profile, memory: Memory) -> None:
        self._browser = browser
        self._profile = profile
        self._memory = memory
        self._home: Step | None = None

    def go(self, task: str, arrived: Arrived) -> Step:
        """Opens the task's first page.

        :param arrived: whether a window shows what the task begins with; it ends a path early where the portal needs fewer clicks.
            The second argument tells whether all clicks but perhaps the last were made, so that less of a sign is enough.
        :raises PortalUnknownPageError: no path leads there.
        """
        address = self._profile.page(task)
        if address is not None:
            step = self._browser.open(address)
            if step.part.page.status < 400:
                return step
            if not self._profile.paths(task):
                raise self._lost(task, _Walk(arrived, broken=_broken(step)), step.part.page.place)
        remembered = self._remembered(task, arrived)
        if remembered is not None:
            return remembered
        if self._home is None:
            self._home = self._browser.open("")
            if self._home.part.page.status >= 400:
                home, self._home = self._home, None
                what = BROKEN if _broken(home) else "Check portal_url."
                raise PortalUnknownPageError(f"The portal's home page cannot be opened: {home.part.place}. {what}")
        self._home = self._past_the_door(self._home, task)
        walk = _Walk(arrived)
        for path in self._profile.paths(task):
            found = self._walk(self._home, path, -1, walk)
            if found is not None:
                if found.request is not None and found.request.body is None and found.window.page is found.part.page:
                    self._memory.learn(task, found.request.url)
                return found
        raise self._lost(task, walk, self._home.part.place)

    def _remembered(self, task: str, arrived: Arrived) -> Step | None:
        """The task's first page, if it still is where an earlier walk found it."""
        address = self._memory.address(task)
        if address is None:
            return None
        step = self._browser.open(address)
        if step.part.page.status < 400 and arrived(step.window, True):
            return step
        self._memory.forget(task)
        return None

    def _past_the_door(self, step: Step, task: str) -> Step:
        """Goes on from a page before the home page, which shows none of the links sought but one to enter by."""
        if any(self._links(step, words, -1) for path in self._profile.paths(task) for words in path):
            return step
        for page, link in self._links(step, self._profile.words("buttons", "enter"), -1):
            following = self._click(step, page, link, _Walk(lambda _view, _near: False))
            if following is not None and following is not step:
                return following
        return step

    def _walk(self, step: Step, path: list[list[str]], after: int, walk: _Walk) -> Step | None:
        """Follows the rest of a path, going back where a link turns out wrong."""
        if not path:
            return step if walk.arrived(step.window, True) else None
        for skipped in range(len(path)):
            tried = False
            for page, link in self._links(step, path[skipped], after):
                tried = True
                following = self._click(step, page, link, walk)
                if following is None:
                    continue
                stayed = following is step
                found = self._walk(following, path[skipped + 1 :], link.at if stayed else -1, walk)
                if found is not None:
                    return found
            if tried:
                break
        if walk.arrived(step.window, len(path) == 1 and step is not self._home):
            return step
        if len(path) == 1:
            for page, link in self._links_beside(step, path[0]):
                following = self._click(step, page, link, walk)
                if following is not None and following is not step and walk.arrived(following.window, True):
                    return following
        if not walk.missing or len(path) == 1:
            walk.missing, walk.where = path[0][0], step.window.place
        return None

    def _click(self, step: Step, page: Page, link: Clickable, walk: _Walk) -> Step | None:
        """What the click leads to; the same step if the link only opens a menu; None if it leads nowhere useful."""
        if (
            link.href
            and not link.href.startswith(("#", "javascript:"))
            and not self._browser.can_reach(page, link.href)
        ):
            return None
        if walk.left <= 0:
            return None
        following = self._browser.click(step.window, page, link)
        if following is None:
            return step
        walk.left -= 1
        walk.broken = walk.broken or _broken(following)
        return following if following.part.page.status < 400 else None

    def _links(self, step: Step, words: list[str], after: int) -> list[tuple[Page, Clickable]]:
        """The links that say one of the words: exact before part, seen before hidden (a closed menu), below the menu just opened first."""
        links = [(page, link) for page in step.window.pages() for link in page.clickables() if link.text]
        wanted = {norm(word) for word in words}
        found = [links[index] for index in pick([link.text for _page, link in links], words)]
        found.sort(key=lambda pair: (norm(pair[1].text) not in wanted, pair[1].hidden, pair[1].at <= after))
        unique: dict[tuple[int, str, str], tuple[Page, Clickable]] = {}
        for page, link in found:
            unique.setdefault(
                (id(page), link.href, link.onclick or str(link.at) if link.href in ("", "#") else ""), (page, link)
            )
        return list(unique.values())[:_CANDIDATES]

    def _links_beside(self, step: Step, words: list[str]) -> list[tuple[Page, Clickable]]:
        """Where the words are a text and no link: the only link in the text's box, whatever it says."""
        found = []
        for page in step.window.pages():
            lines = page.lines()
            inside: dict[int, list[Clickable]] = {}
            for link in page.clickables():
                if link.text and link.href and not link.hidden:
                    for box in [link.node, *link.node.ancestors()]:
                        inside.setdefault(id(box), []).append(link)
            for index in pick([line.text for line in lines], words):
                around = [lines[index].node, *lines[index].node.ancestors()]
                links = next((inside[id(box)] for box in around if id(box) in inside), [])
                found += [(page, link) for link in links if len(links) == 1]
        return found[:_CANDIDATES]

    def _lost(self, task: str, walk: _Walk, start: str) -> PortalUnknownPageError:
        if walk.broken:
            return PortalUnknownPageError(
                f"On the way to its page for {task} the portal answers with an error, {walk.broken}; nothing more was sent. {BROKEN}"
            )
        what = f"'{walk.missing}' is not found on" if walk.missing else "it is not on"
        return PortalUnknownPageError(
            f"The way to the portal's page for {task} is lost: {what} {walk.where or start}. Give the page's address as pages.{task}, "
            f"or the links that lead to it as paths.{task}, in portal_profile."
        )


def _broken(step: Step) -> str:
    """The page that an error of the portal's own came as; nothing if it is none."""
    return step.part.place if step.part.page.status >= _BROKEN else ""
