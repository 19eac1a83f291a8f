# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a page has to say to the person: a complaint, a confirmation."""

from __future__ import annotations

import re
import typing as t

from .._addresses import without_sessions
from . import dom
from .browser import View, said
from .page import Line, Page
from .profile import Profile
from .text import norm, squash

#: What is said of an answer that is an error of the portal's own (HTTP 500 and above).
BROKEN = "That is an error of the portal's own, for TWCA to mend; the next run goes on."
_LIMIT = 500  # characters of a message
_MARK = 500  # characters of an attribute that may mark a message
_SECTIONS = frozenset(("table", "dl", "ul", "ol", "div", "section", "article", "main", "fieldset"))
_MOST_FOLLOWING = 3  # lines after a headline
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;]+)", re.IGNORECASE)


def lines_of(view: View) -> list[str]:
    return [line.text for page in view.pages() for line in page.lines()]


def is_kind(view: View, kind: str, profile: Profile) -> bool:
    return any(profile.says(kind, line) for line in lines_of(view))


def complaint(view: View, before: t.Collection[str], profile: Profile) -> str:
    """The message of a page that refuses: what its scripts say, what it marks as a message, what is new on it.

    :param before: the lines of the page's former state.
    """
    spoken = [message for page in view.pages() for message in said(page)]
    old = {norm(line) for line in before}
    found: list[str] = []
    for page in view.pages():
        # A complaint may lead to the field that it is about.
        clickable = {norm(thing.text) for thing in page.clickables() if not re.match("#.", thing.href)}
        fresh = [line for line in page.lines() if norm(line.text) not in old and norm(line.text) not in clickable]
        hits = [line for line in fresh if _is_marked(line.node, profile)]
        hits = hits or [line for line in fresh if profile.says("refused", line.text)]
        told = {id(line) for line in [*hits, *_explanation(fresh, hits)]}
        around = {id(_place(line.node)) for line in hits}
        found += [line.text for line in fresh if id(line) in told or id(_place(line.node)) in around]
    fresh_texts = [line for line in lines_of(view) if norm(line) not in old]
    return _joined(spoken + (found or ([] if spoken else fresh_texts[:6])))


def is_marked(view: View, before: t.Collection[str], profile: Profile) -> bool:
    """Whether the markup of a new line makes it a message."""
    lines = [line for page in view.pages() for line in page.lines()]
    return any(norm(line.text) not in before and _is_marked(line.node, profile) for line in lines)


def confirmation(view: View, kind: str, before: t.Collection[str], profile: Profile) -> str | None:
    """The message of a page that says yes, or None: a line of the kind that was not there before.

    A list of steps, the last of them 作業成功, stands on every page and says nothing.
    """
    old = {norm(line) for line in before}
    spoken = [message for page in view.pages() for message in said(page) if profile.says(kind, message)]
    for page in view.pages():
        lines = page.lines()
        entries = _entries(page, profile) if kind.endswith("_perhaps") else set()
        hits = [
            index
            for index, line in enumerate(lines)
            if norm(line.text) not in old | entries and profile.says(kind, line.text)
        ]
        if hits:
            last = hits[-1] + 1
            while last < len(lines) and last < hits[-1] + 3 and _same_block(lines[hits[-1]], lines[last]):
                last += 1
            return _joined([line.text for line in lines[hits[0] : last] if norm(line.text) not in old][:12])
    return _joined(spoken) if spoken else None


def _entries(page: Page, profile: Profile) -> set[str]:
    """What a list of certificates says of each: its status, or a link to it. 已廢止 may be another one's."""
    states = {
        norm(word) for kind in ("revoked", "revoking", "valid", "pending") for word in profile.words("statuses", kind)
    }
    return states | {norm(thing.text) for thing in page.clickables()}


def _place(node: dom.Node) -> dom.Node:
    """The cell, list entry or other box that a text stands in; a form or page is none."""
    return next(
        (
            one
            for one in [node, *node.ancestors()]
            if one.tag in ("td", "th", "li", "dd", "div", "p", "section", "article")
        ),
        node,
    )


def _explanation(fresh: list[Line], hits: list[Line]) -> list[Line]:
    """What follows the last of the hits in the same table or section: the reason, where the hit is but its headline (作業失敗)."""
    if not hits:
        return []
    last = hits[-1]
    box = next((one for one in last.node.ancestors() if one.tag in _SECTIONS), None)
    start = fresh.index(last) + 1
    return [line for line in fresh[start : start + _MOST_FOLLOWING] if box is not None and box in line.node.ancestors()]


def _same_block(one: Line, other: Line) -> bool:
    return one.node.parent is other.node.parent or other.node.parent is one.node or one.node is other.node


def _is_marked(node: dom.Node, profile: Profile) -> bool:
    """Whether the markup makes a text a message: by role, by the name of a class, by colour."""
    names = [norm(word) for word in profile.words("marks", "names")]
    roles = profile.words("marks", "roles")
    colours = {word.casefold() for word in profile.words("marks", "colours")}
    for one in [node, *list(node.ancestors())[:4]]:
        if one.tag in ("form", "body", "table"):
            return False
        if one.get("role").casefold() in roles:
            return True
        if any(
            name in word
            for word in re.split(r"[\s_-]+", (one.get("class")[:_MARK] + " " + one.get("id")[:_MARK]).casefold())
            for name in names
        ):
            return True
        colour = _COLOUR.search(one.get("style")[:_MARK])
        if one.get("color").strip().casefold() in colours or (colour and colour.group(1).strip().casefold() in colours):
            return True
    return False


def _joined(texts: t.Iterable[str]) -> str:
    joined = without_sessions(" ".join(dict.fromkeys(squash(text) for text in texts if squash(text))))
    return joined if len(joined) <= _LIMIT else joined[:_LIMIT] + "…"
