# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where on a page the sections of the contacts begin."""

from __future__ import annotations

import re
import typing as t

from . import dom
from .page import Line, Page
from .profile import Profile

_CURRENT = re.compile(r"\b(current|active|selected|now|on|here|cur|act)\b", re.IGNORECASE)
_MOST = 40  # headings with no field between them that are compared
_TOGGLES = ("aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle")
_STRONG = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "legend", "caption", "th"))


def find(page: Page, profile: Profile) -> list[tuple[int, str]]:
    """The headings that name a contact: where in the flow each stands, and whose it is."""
    return list(_find(page, profile))


def _find(page: Page, profile: Profile) -> t.Iterator[tuple[int, str]]:
    stops = [one.at for one in page.controls if not one.hidden and not one.is_button]
    run: list[tuple[Line, str]] = []
    stop = 0
    for line in sorted([*page.lines(), *_toggles(page)], key=lambda one: one.at):
        while stop < len(stops) and stops[stop] < line.at:
            yield from _settle(run)
            run = []
            stop += 1
        section = profile.heading(line.text)
        if section is not None:
            run.append((line, section))
    yield from _settle(run)


def _toggles(page: Page) -> t.Iterator[Line]:
    """Buttons that open and close the part of the page that they are the heading of."""
    for thing in page.clickables():
        if thing.control is not None and thing.control.kind == "button" and not thing.hidden:
            toggles = any(name in thing.node.attrs for name in _TOGGLES)
            if toggles or any(one.tag in _STRONG for one in list(thing.node.ancestors())[:2]):
                yield Line(thing.text, thing.at, thing.node)


def _settle(run: list[tuple[Line, str]]) -> t.Iterator[tuple[int, str]]:
    """Which of several headings with no field between them counts: not those of a list of steps."""
    if not run:
        return
    run = run[-_MOST:]
    if len({section for _line, section in run}) > 1:
        steps = [one for one in run if any(_are_steps(one[0], other[0]) for other in run if other[1] != one[1])]
        rest = [one for one in run if one not in steps]
        if not rest:
            rest = [one for one in steps if _is_current(one[0].node)][:1]
        run = [one for one in rest if one[0].node.tag in _STRONG] or rest
    if run:
        yield run[-1][0].at, run[-1][1]


def _is_current(node: dom.Node) -> bool:
    around = [node, *list(node.ancestors())[:2]]
    return any(one.get("aria-current") or _CURRENT.search(one.get("class")) for one in around) or node.tag in (
        "b",
        "strong",
    )


def _are_steps(one: Line, other: Line) -> bool:
    """Whether two headings are entries of one list: alike, side by side, and no headings of sections that are merely empty."""
    first, second = [one.node, *one.node.ancestors()], [other.node, *other.node.ancestors()]
    known = {id(node) for node in second}
    depth = next((index for index, node in enumerate(first) if id(node) in known), None)
    if depth is None or depth > 4 or first[0].tag in _STRONG - {"th"}:
        return False
    common = first[depth]
    if depth == 0:
        return False
    reach = next(index for index, node in enumerate(second) if node is common)
    return reach > 0 and first[depth - 1].tag == second[reach - 1].tag
