# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificate directory: where a key and its certificate live and change together.

::

    pending/    privkey.pem  request.csr                                 a pair that is to become a certificate
    versions/   20261122T103000Z-5F3A…/  privkey.pem cert.pem chain.pem fullchain.pem request.csr [bundle.p12 combined.pem]
    live        -> versions/…                                            what servers read; replaced by one rename
    .lock       held by whoever changes any of this

What holds a private key is always 0600; everything belongs to the owner of the directory.

The owner may be somebody who is not root, whom root must not serve against others. So the directory is opened once, and
all below it is reached from there by the rules of :mod:`.folder`. ``pending`` and ``versions``, and what is in these, are
real directories. ``live`` leads into ``versions``; elsewhere it leads only where root alone can have set it (see
:mod:`.live`).
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import os
import re
import stat
import typing as t
import weakref
from pathlib import Path

from .._errors import StoreError
from .._pki import certificates
from . import atomic, live
from .folder import Folder
from .holdings import Pair, Version
from .layout import CHAIN, FULLCHAIN, LEAF, LIVE, LOCK, PENDING, PRIVATEKEY, REQUEST, VERSIONS
from .locks import lock_in

if t.TYPE_CHECKING:
    from cryptography import x509

DIRECTORY_MODE = 0o755
_PRIVATE, _PUBLIC = 0o600, 0o644
_STAMP = "%Y%m%dT%H%M%SZ"
_VERSION = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9A-F]+")
# An install may hold the lock through a config test, a reload, the proof, and all of it once more for the way back.
_LOCK_TIMEOUT = 600.0


class CertificateDirectory:
    """One certificate directory. Whoever changes it holds :meth:`locked`; reading needs no lock."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.pending_path = self.path / PENDING
        self.live_path = self.path / LIVE
        self.versions_path = self.path / VERSIONS
        self._folder: Folder | None = None

    def make(self) -> bool:
        """Make it (0755), with those above it, if it is missing; returns whether it was made."""
        return atomic.make_directory(self.path, mode=DIRECTORY_MODE, opened=Folder.reach)

    @property
    def folder(self) -> Folder:
        """The directory, which stays open from now on.

        :raises StoreError: it is not there, or is none.
        """
        with atomic.told("open", self.path):
            return self._opened()

    def for_programs(self) -> str:
        """A path for what takes only paths, which leads to this very directory; where it is not there, its own."""
        with atomic.told("open", self.path), contextlib.suppress(FileNotFoundError):
            return self._opened().for_programs()
        return str(self.path)

    @contextlib.contextmanager
    def locked(self, timeout: float = _LOCK_TIMEOUT) -> t.Iterator[None]:
        """Hold the directory's lock, and start by clearing what killed programs left.

        :raises LockedError: another process works on it for longer than ``timeout`` seconds.
        """
        with lock_in(self.folder, LOCK, timeout=timeout):
            atomic.clear_leftovers(self.folder)
            if self.folder.has(VERSIONS):
                with self._versions() as folder:
                    atomic.clear_leftovers(folder)
            for version in self.versions:
                with atomic.told("clear", version.path), version.opened() as folder:
                    atomic.clear_leftovers(folder)
            yield

    @property
    def pending(self) -> Pair | None:
        """The pending pair, if there is one."""
        if not self._has(PENDING):
            return None
        return Pair(self.pending_path, functools.partial(self.folder.child, PENDING))

    @property
    def live(self) -> Version | None:
        """What is live, if anything is.

        :raises StoreError: ``live`` leads nowhere, or where it must not lead.
        """
        if not self._has(LIVE):
            return None
        try:
            link = live.link(self.folder)
            opened = live.opener(self.folder, link)
            with opened() as found:
                path = found.path
        except OSError as error:
            nowhere = isinstance(error, (FileNotFoundError, NotADirectoryError))
            reason = "it leads to no directory" if nowhere else error.strerror
            raise StoreError(f"{self.live_path} is broken: {reason}") from None
        return Version(path, opened, link)

    @property
    def versions(self) -> list[Version]:
        """All versions, the newest first.

        :raises StoreError: ``versions`` is no directory, but a link, say.
        """
        if not self._has(VERSIONS):
            return []
        with self._versions() as folder, atomic.told("read", self.versions_path):
            found = [name for name in folder.directories() if _moment(name)]
        return [self._version(name) for name in sorted(found, reverse=True)]

    def add_pending(self, privatekey: bytes, request_pem: str) -> Pair:
        """Store a new pair; key and request become visible together.

        :raises StoreError: a pair is there already, or cannot be written.
        """
        if self.pending:
            raise StoreError(f"{self.pending_path} holds a pair already, which may still become a certificate")
        with self._new(self.folder, PENDING) as put:
            put(PRIVATEKEY, privatekey, _PRIVATE)
            put(REQUEST, request_pem.encode("ascii"), _PUBLIC)
        return t.cast(Pair, self.pending)

    def remove_pending(self) -> None:
        """Remove the pending pair, whatever state it is in."""
        atomic.remove_tree(self.folder, PENDING)

    def add_version(
        self,
        privatekey: bytes,
        leaf: x509.Certificate,
        chain: t.Sequence[x509.Certificate],
        *,
        request_pem: str | None = None,
        private: t.Mapping[str, bytes] | None = None,
    ) -> Version:
        """Store a version whole; a server sees it once :meth:`switch` made it live.

        Its request keeps the time at which the pair was made.

        :param private: further files that hold the key.
        """
        pems = [certificates.to_pem(certificate) for certificate in [leaf, *chain]]
        mode, uid, gid = self._ownership()
        atomic.make_child(self.folder, VERSIONS, mode=mode, uid=uid, gid=gid)
        name = self._new_version_name(leaf)
        with self._versions() as folder, self._new(folder, name) as put:
            put(PRIVATEKEY, privatekey, _PRIVATE)
            put(LEAF, pems[0].encode("ascii"), _PUBLIC)
            put(CHAIN, "".join(pems[1:]).encode("ascii"), _PUBLIC)
            put(FULLCHAIN, "".join(pems).encode("ascii"), _PUBLIC)
            if request_pem:
                put(REQUEST, request_pem.encode("ascii"), _PUBLIC, self._made(request_pem))
            for further, data in (private or {}).items():
                put(further, data, _PRIVATE)
        return self._version(name)

    def add_private(self, version: Version, files: t.Mapping[str, bytes]) -> None:
        """Put further files that hold the key into a version, in place of those that are there."""
        _mode, uid, gid = self._ownership()
        for name, data in files.items():
            with atomic.told("write", version.path / name), version.opened() as folder:
                atomic.put(folder, name, data, mode=_PRIVATE, uid=uid, gid=gid)

    def switch(self, version: Version | None) -> None:
        """Make ``version`` live, by one rename; ``None``: nothing is live any more.

        What was live before this directory was used as one may lie elsewhere: the way back to it is the link that was there.
        """
        if version is None:
            atomic.drop(self.folder, LIVE)
        else:
            atomic.put_link(self.folder, LIVE, t.cast(str, version.link))

    def check_switchable(self) -> None:
        """:raises StoreError: something that is not ours to replace stands where the link ``live`` is to be."""
        if self._has(LIVE) and not stat.S_ISLNK(self.folder.lstat(LIVE).st_mode):
            raise StoreError(
                f"{self.live_path} must be a symbolic link, but something else is in its place: move it away"
            )

    def remove_version(self, version: Version) -> None:
        """Remove a version that is not live."""
        with self._versions() as folder:
            atomic.remove_tree(folder, version.path.name)

    def surplus(self, keep: int, *, replaced: Version | None) -> list[Version]:
        """The versions to remove so that ``keep`` are left, at least one.

        What is live is never among them, and ``replaced``, which was live before it, ranks second: it is the way back.
        """
        first = [version.path for version in (self.live, replaced) if version]
        ranked = sorted(self.versions, key=lambda version: [version.path != path for path in first])
        return ranked[max(keep, 1) :]

    def _opened(self) -> Folder:
        if self._folder is None:
            self._folder = Folder.reach(self.path)
            # Pairs and versions hold it, too, and may outlive this.
            weakref.finalize(self._folder, os.close, self._folder.descriptor)
        return self._folder

    def _has(self, name: str) -> bool:
        """Whether anything has this name; in a directory that is not there nothing has."""
        with atomic.told("open", self.path):
            try:
                return self._opened().has(name)
            except FileNotFoundError:
                return False

    def _versions(self) -> Folder:
        with atomic.told("open", self.versions_path):
            return self.folder.child(VERSIONS)

    def _version(self, name: str) -> Version:
        return Version(
            self.versions_path / name, functools.partial(live.version, self.folder, name), f"{VERSIONS}/{name}"
        )

    def _new_version_name(self, leaf: x509.Certificate) -> str:
        """A name that sorts after all others, also within one second, and when the clock was set back."""
        moment = certificates.utcnow()
        for newest in self.versions[:1]:
            latest = t.cast(datetime.datetime, _moment(newest.path.name))
            moment = max(moment, latest + datetime.timedelta(seconds=1))
        return f"{moment.strftime(_STAMP)}-{certificates.serial_number(leaf)}"

    @contextlib.contextmanager
    def _new(self, folder: Folder, name: str) -> t.Iterator[t.Callable[..., None]]:
        """A new directory with the ownership of this one; what is yielded puts files into it."""
        mode, uid, gid = self._ownership()
        with contextlib.ExitStack() as stack:
            inside = stack.enter_context(atomic.new_directory(folder, name, mode=mode, uid=uid, gid=gid))
            yield lambda file, data, bits, made=None: atomic.put(
                inside, file, data, mode=bits, uid=uid, gid=gid, made=made
            )

    def _made(self, request_pem: str) -> int | None:
        """When a request that is pending or live was made, in nanoseconds; ``None``: it is neither."""
        for held in (lambda: self.pending, lambda: self.live):
            with contextlib.suppress(StoreError, OSError):
                holder = held()
                if holder and holder.request and holder.request.pem == request_pem:
                    with holder.opened() as folder:
                        return folder.lstat(REQUEST).st_mtime_ns
        return None

    def _ownership(self) -> tuple[int, int, int]:
        """What is made here gets nobody's rights (set-uid and the like) but its owner's."""
        status = self.folder.status
        return status.st_mode & 0o777, status.st_uid, status.st_gid


def _moment(name: str) -> datetime.datetime | None:
    """When a version was made; ``None``: the name is not that of one."""
    if not _VERSION.fullmatch(name) or name.startswith("9999"):  # after which there is no moment
        return None
    try:
        return datetime.datetime.strptime(name[:16] + "+0000", f"{_STAMP}%z")
    except ValueError:
        return None
