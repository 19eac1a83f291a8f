# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults put into the collection's code on purpose, which lives must find."""

from __future__ import annotations

import sys
import typing as t

from faults.child import utils


def _forgetful() -> None:
    """The journal knows nothing of earlier runs."""
    utils("_order.journal").Journal.of_name = lambda _self, _name: []


def _talkative() -> None:
    """The module tells the passphrase where ansible-core does not mask it."""
    contacts = utils("_order.contacts")
    check = contacts.check_passphrase

    def tell(passphrase: str) -> None:
        print(f"{passphrase!r}", file=sys.stderr)
        check(passphrase)

    contacts.check_passphrase = tell


def _lazy() -> None:
    """What was issued is never collected."""
    utils("_portal.portal").Portal.download = lambda _portal, _entry: []


PLANTED: dict[str, t.Callable[[], None]] = {"forgetful": _forgetful, "talkative": _talkative, "lazy": _lazy}
