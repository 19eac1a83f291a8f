# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, as sentences a user can act on.

Every error that leaves a floor is a :class:`TwcaError`; the module's edge turns it into ``fail_json`` once.
The message is one sentence (two where it says what to do): what is wrong, where, and what to do. It never holds a secret.
"""

from __future__ import annotations

import typing as t


class TwcaError(Exception):
    """Base of all errors. ``details`` become extra keys of the failed result."""

    def __init__(self, message: str, **details: t.Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class InputError(TwcaError):
    """An option's value is wrong; nothing was done."""


class MissingLibraryError(TwcaError):
    """A Python library is missing where the module runs; ``library`` names it."""

    def __init__(self, library: str, reason: str | None = None) -> None:
        super().__init__(f"the Python library {library} is missing")
        self.library = library
        self.reason = reason


class CertificateError(TwcaError):
    """A key, CSR, certificate or chain is not what it must be."""


class StoreError(TwcaError):
    """A file or directory of ours cannot be read or written, or is not in a state we made."""


class LockedError(StoreError):
    """Another process holds the lock for longer than we were willing to wait."""


class DeployError(TwcaError):
    """A certificate could not be made live; ``details`` holds ``rolled_back``."""


class PortalError(TwcaError):
    """Something at the portal (or the mailbox) is not as it must be."""


class PortalUnreachableError(PortalError):
    """No usable answer came. ``sent``: the request may have reached the portal."""

    def __init__(self, message: str, *, sent: bool, **details: t.Any) -> None:
        super().__init__(message, **details)
        self.sent = sent


class PortalRefusedError(PortalError):
    """The portal answered, and said no; ``portal_message`` is what it said."""

    def __init__(self, message: str, portal_message: str, **details: t.Any) -> None:
        super().__init__(message, portal_message=portal_message, **details)
        self.portal_message = portal_message


class PortalUnknownPageError(PortalError):
    """The portal answered with a page that the profile does not describe."""


class UncertainOrderError(TwcaError):
    """An order may or may not have been placed, and only a person can tell."""


def failure(exc: TwcaError | OSError) -> dict[str, t.Any]:
    """What a failed result says of an error: its sentence as ``msg``, and the error's details."""
    if isinstance(exc, TwcaError):
        return {"msg": exc.message, **exc.details}
    where = f"{exc.filename}: " if exc.filename else ""
    return {"msg": f"{where}{exc.strerror or exc}. Check the path, its permissions and the space on the disk."}
