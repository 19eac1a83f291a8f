# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a certificate directory is settled: whether twca_csr would surely find nothing to do there.

This is what a fleet asks every day of every host, so it is answered without ``cryptography`` (see :mod:`.._pki.der`). It is
never the last word: whatever is not surely in order is left to twca_csr, which says what it is.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import typing as t
from pathlib import Path

from .._errors import TwcaError
from .._pki import der, names, renewal
from .._store import layout
from . import age
from .wish import Wish

if t.TYPE_CHECKING:
    import datetime

# More than any file of ours has.
_LIMIT = 1 << 18


@dataclasses.dataclass(frozen=True)
class Live:
    """What is live in a directory; ``certificate`` is ``None`` where it cannot be read without ``cryptography``."""

    path: Path
    certificate: der.Certificate | None

    @classmethod
    def of(cls, directory: Path) -> Live | None:
        """What is live, if a certificate is."""
        path = directory / layout.LIVE
        try:
            pem = read(path / layout.LEAF)
        except OSError:
            return None
        try:
            return cls(path, der.certificate(pem))
        except der.UnreadableError:
            return cls(path, None)

    def is_as_wished(self, wish: Wish, now: datetime.datetime) -> bool:
        """Whether it is a pair, for the names and of the kind that are wished, and not due."""
        leaf = self.certificate
        if leaf is None or leaf.public_key is None or leaf.public_key.kind != wish.kind:
            return False
        if renewal.is_due(leaf.not_before, leaf.not_after, wish.window, now):
            return False
        if wish.renew_before is not None and age.obtained(leaf.not_before, self.path, now) < wish.renew_before:
            return False
        return (
            self._is_for(leaf.names, wish.names)
            and der.public_half(read(self.path / layout.PRIVATEKEY)) == leaf.public_key
        )

    def _is_for(self, present: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
        """An authority may have added names to those that were applied for."""
        if names.same(present, wanted):
            return True
        if names.missing(wanted, present):
            return False
        return names.same(der.request_names(read(self.path / layout.REQUEST)), wanted)


def is_settled(directory: Path, live: Live | None, options: dict[str, t.Any], now: datetime.datetime) -> bool:
    """Whether twca_csr, with these options, would find everything in order and change nothing.

    :param options: those of ``wish.OPTIONS``, complete.
    """
    try:
        return (
            live is not None
            and not options["force_renew"]
            and not os.path.lexists(directory / layout.PENDING)
            and live.is_as_wished(Wish.of(options), now)
            and not any(_has_leftovers(place) for place in _places(directory))
        )
    except (OSError, TwcaError, der.UnreadableError):
        return False


def pending_key(directory: Path) -> str | None:
    """The hash of the public key of a pending pair, if one is there whose request can be read."""
    try:
        return der.request_key_sha256(read(directory / layout.PENDING / layout.REQUEST))
    except (OSError, der.UnreadableError):
        return None


def state(paths: t.Sequence[str], sha256: str) -> tuple[str, str]:
    """Which of the paths is meant, and whether the file there is the ``same``, ``different`` or ``absent``.

    Meant is the first whose directory is there: where a file belongs may depend on how the host is laid out.
    """
    path = next((path for path in paths if os.path.isdir(os.path.dirname(path))), paths[0])
    try:
        same = hashlib.sha256(read(Path(path))).hexdigest() == sha256
    except OSError:
        return path, "different" if os.path.lexists(path) else "absent"
    return path, "same" if same else "different"


def read(path: Path) -> bytes:
    """A small file.

    :raises OSError: it cannot be read, or is not small.
    """
    with path.open("rb") as file:
        data = file.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise OSError(f"{path} is too large")
    return data


def _places(directory: Path) -> t.Iterator[Path]:
    yield directory
    versions = directory / layout.VERSIONS
    if versions.is_dir():
        yield versions
        yield from (Path(entry.path) for entry in os.scandir(versions) if entry.is_dir())


def _has_leftovers(place: Path) -> bool:
    return any(entry.name.startswith(".") and entry.name.endswith(layout.SUFFIX) for entry in os.scandir(place))
