# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults put into the protocol on purpose: a search that does not find each of them proves nothing."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t
from unittest import mock

from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, PortalRefusedError
from ansible_collections.twca.ssl.plugins.module_utils._order import decisions, manual
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import SUBMITTING, Record

from . import search, world

# Little trouble is enough, and the search ends soon.
_BUDGETS = {"troubles": 1, "crashes": 0, "words": 2, "losses": 0}
_DEPTH = 5


def _late_sender() -> t.ContextManager[t.Any]:
    """A request leaves after the run said that nothing was sent."""
    late = ("on its way, then no connection", "troubles")
    return mock.patch.object(world, "_ORDERING", (*world._ORDERING, late))


def _after_sending(change: t.Callable[[decisions.Sent], decisions.Sent]) -> t.ContextManager[t.Any]:
    real = decisions._after_sending

    def changed(book: t.Any, mine: t.Any, seen: t.Any, sent: t.Any, policy: t.Any) -> decisions.Decision:
        return real(book, mine, seen, change(sent), policy)

    return mock.patch.object(decisions, "_after_sending", changed)


def _forgets_after_a_question() -> t.ContextManager[t.Any]:
    """A question that was not answered makes the journal forget the order before it."""
    return _after_sending(lambda one: dataclasses.replace(one, begun=0) if isinstance(one.error, InputError) else one)


def _believes_a_later_no() -> t.ContextManager[t.Any]:
    """The no to a later request is taken for a no to the first one."""
    return _after_sending(
        lambda one: dataclasses.replace(one, begun=1) if isinstance(one.error, PortalRefusedError) else one
    )


def _discards_unnamed() -> t.ContextManager[t.Any]:
    """An order that is awaited is given up with its key, and nobody said so."""
    real = manual.told
    return mock.patch.object(manual, "told", lambda *given, discard_accepted=False: real(*given, discard_accepted=True))


def _resubmits_every_time() -> t.ContextManager[t.Any]:
    """on_uncertain=resubmit orders again in each run."""
    real = decisions._collect

    def forgetful(book: t.Any, mine: Record, seen: t.Any, policy: t.Any) -> decisions.Decision:
        first = [n for n, (state, _at) in enumerate(mine.history) if state == SUBMITTING][:1]
        history = tuple(one for n, one in enumerate(mine.history) if one[0] != SUBMITTING or n in first)
        return real(book, dataclasses.replace(mine, history=history), seen, policy)

    return mock.patch.object(decisions, "_collect", forgetful)


def _ignores_the_other_key() -> t.ContextManager[t.Any]:
    """A name with an open order is ordered for another key too."""
    return mock.patch.object(decisions, "must_wait", lambda *_given: None)


def _ignores_what_is_listed() -> t.ContextManager[t.Any]:
    """A person's word counts for more than what the portal lists."""
    real = decisions._before_ordering

    def credulous(book: t.Any, seen: t.Any, policy: t.Any) -> decisions.Decision:
        with mock.patch.object(Record, "was_sent", False):
            return real(book, seen, policy)

    return mock.patch.object(decisions, "_before_ordering", credulous)


PLANTS: dict[str, tuple[int, t.Callable[[], t.ContextManager[t.Any]]]] = {
    "a late request": (1, _late_sender),
    "an order forgotten after a question": (1, _forgets_after_a_question),
    "a later no taken for the first": (1, _believes_a_later_no),
    "a discard without a name": (1, _discards_unnamed),
    "an order again in each run": (1, _resubmits_every_time),
    "the other key's order ignored": (2, _ignores_the_other_key),
    "the portal's list ignored": (1, _ignores_what_is_listed),
}


def find(name: str) -> tuple[str, tuple[str, ...]] | None:
    """The violation that a planted fault leads to, with the way to it; None where the search misses it."""
    hosts, plant = PLANTS[name]
    with contextlib.ExitStack() as stack:
        stack.enter_context(plant())
        for start in search.worlds(hosts, _BUDGETS):
            found = search.search(start, _DEPTH)
            if found.violations:
                return found.violations[0]
    return None
