# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a certificate directory is settled: whether twca_csr would surely find nothing to do there.

This is what a fleet asks every day of every host, so it is answered without ``cryptography`` (see :mod:`.._pki.der`). It is
never the last word: whatever is not surely in order is left to twca_csr, which says what it is.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import typing as t

from .._errors import InputError, TwcaError
from .._pki import der, names, renewal
from .._store import layout
from .._store import live as links
from .._store.folder import Folder, read_file
from . import age
from .wish import Wish

if t.TYPE_CHECKING:
    import datetime


@dataclasses.dataclass(frozen=True)
class Live:
    """What is live in a directory; ``certificate`` is ``None`` where it cannot be read without ``cryptography``."""

    folder: Folder
    certificate: der.Certificate | None

    def is_as_wished(self, wish: Wish, now: datetime.datetime) -> bool:
        """Whether it is a pair, for the names and of the kind that are wished, and not due."""
        leaf = self.certificate
        if leaf is None or leaf.public_key is None or leaf.public_key.kind != wish.kind:
            return False
        if renewal.is_due(leaf.not_before, leaf.not_after, wish.window, now):
            return False
        if wish.renew_before is not None and age.obtained(leaf.not_before, self.folder, now) < wish.renew_before:
            return False
        return (
            self._is_for(leaf.names, wish.names)
            and der.public_half(self.folder.read(layout.PRIVATEKEY)) == leaf.public_key
        )

    def _is_for(self, present: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
        """An authority may have added names to those that were applied for."""
        if names.same(present, wanted):
            return True
        if names.missing(wanted, present):
            return False
        return names.same(der.request_names(self.folder.read(layout.REQUEST)), wanted)


class Place:
    """A certificate directory, open while it is looked at; ``live`` is ``None`` where no certificate is."""

    def __init__(self, path: str) -> None:
        self._stack = contextlib.ExitStack()
        self._folder: Folder | None = None
        self.live: Live | None = None
        with contextlib.suppress(OSError):
            self._folder = self._stack.enter_context(Folder.reach(path))
            folder = self._stack.enter_context(links.opener(self._folder, links.link(self._folder))())
            self.live = Live(folder, _certificate(folder.read(layout.LEAF)))

    def __enter__(self) -> Place:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def is_settled(self, options: dict[str, t.Any], now: datetime.datetime) -> bool:
        """Whether twca_csr, with these options, would find everything in order and change nothing.

        :param options: those of ``wish.OPTIONS``, complete.
        """
        try:
            return (
                self._folder is not None
                and self.live is not None
                and not options["force_renew"]
                and not self._folder.has(layout.PENDING)
                and self.live.is_as_wished(Wish.of(options), now)
                and not _has_leftovers(self._folder)
            )
        except (OSError, TwcaError, der.UnreadableError):
            return False

    def names(self, wanted: tuple[str, ...] | None) -> tuple[str, ...] | None:
        """The names that the live certificate is for, without those that the authority is known to have added.

        :param wanted: the names that are wanted now, if that is known; only where they differ the request is read.
        """
        if self.live is None or self.live.certificate is None:
            return None
        present = self.live.certificate.names
        if wanted is None or names.same(present, wanted):
            return present
        with contextlib.suppress(OSError, der.UnreadableError):
            requested = der.request_names(self.live.folder.read(layout.REQUEST))
            if requested and not names.missing(requested, present):
                return requested
        return present

    def renews_at(self, options: dict[str, t.Any]) -> str | None:
        """From when what is live is due, with the options of twca_csr; ``None`` where that cannot be told."""
        leaf = self.live.certificate if self.live else None
        if leaf is None:
            return None
        try:
            return renewal.due_moment(leaf.not_before, leaf.not_after, options["renew_within"])
        except InputError:
            return None

    def pending_key(self) -> str | None:
        """The hash of the public key of a pending pair, if one is there whose request can be read."""
        if self._folder is None:
            return None
        try:
            with self._folder.child(layout.PENDING) as pending:
                return der.request_key_sha256(pending.read(layout.REQUEST))
        except (OSError, der.UnreadableError):
            return None

    def for_programs(self) -> str:
        """See :meth:`Folder.for_programs`; for a place that is settled."""
        return t.cast(Folder, self._folder).for_programs()


def state(paths: t.Sequence[str], sha256: str) -> dict[str, t.Any]:
    """Which ``path`` of these is meant, and whether the file there is the ``same``, ``different`` or ``absent``; ``sha256`` is its hash.

    Meant is the first whose directory is there: where a file belongs may depend on how the host is laid out.
    """
    path = next((path for path in paths if os.path.isdir(os.path.dirname(path))), paths[0])
    try:
        found = hashlib.sha256(read_file(path)).hexdigest()
    except OSError:
        return {"path": path, "state": "different" if os.path.lexists(path) else "absent", "sha256": None}
    return {"path": path, "state": "same" if found == sha256 else "different", "sha256": found}


def stamp(path: str) -> str | None:
    """What a stamp says; ``None`` if it cannot be read. No link that somebody else than root can have made is followed."""
    above, name = os.path.split(path)
    try:
        with Folder.reach(above) as folder:
            return folder.read(name).decode("utf-8", "replace")
    except OSError:
        return None


def _certificate(pem: bytes) -> der.Certificate | None:
    try:
        return der.certificate(pem)
    except der.UnreadableError:
        return None


def _has_leftovers(folder: Folder) -> bool:
    """Whether twca_csr would clear something: in the directory, in ``versions``, or in one of these."""
    if any(map(layout.is_leftover, folder.names())):
        return True
    if not folder.has(layout.VERSIONS):
        return False
    with folder.child(layout.VERSIONS) as versions:
        if any(map(layout.is_leftover, versions.names())):
            return True
        for name in versions.directories():
            with versions.child(name) as version:
                if any(map(layout.is_leftover, version.names())):
                    return True
    return False
