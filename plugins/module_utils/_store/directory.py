# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificate directory: where a key and its certificate live and change together.

::

    pending/    privkey.pem  request.csr                                 a pair that is to become a certificate
    versions/   20261122T103000Z-5F3A…/  privkey.pem cert.pem chain.pem fullchain.pem request.csr [bundle.p12]
    live        -> versions/…                                            what servers read; replaced by one rename
    .lock       held by whoever changes any of this

Private keys and bundles are always 0600; everything belongs to the owner of the directory.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import os
import re
import stat
import typing as t
from pathlib import Path

from .._errors import CertificateError, InputError, StoreError
from .._pki import certificates, csr, keys
from . import atomic
from .layout import BUNDLE, CHAIN, FULLCHAIN, LEAF, LIVE, PENDING, PRIVATEKEY, REQUEST, VERSIONS
from .locks import lock

if t.TYPE_CHECKING:
    from cryptography import x509

DIRECTORY_MODE = 0o755
_PRIVATE, _PUBLIC = 0o600, 0o644
_STAMP = "%Y%m%dT%H%M%SZ"
_VERSION = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9A-F]+")
# An install may hold the lock through a config test, a reload, the proof, and all of it once more for the way back.
_LOCK_TIMEOUT = 600.0


class Pair:
    """A key and the request that was made with it: what ``pending/`` holds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.privatekey_path = path / PRIVATEKEY
        self.request_path = path / REQUEST

    @functools.cached_property
    def privatekey(self) -> bytes:
        """PEM."""
        return _read(self.privatekey_path)

    @functools.cached_property
    def request(self) -> csr.Request:
        """The request.

        :raises StoreError: it is missing, broken, or not that of the key.
        """
        try:
            request = csr.load(_read(self.request_path))
            own = keys.public_key_sha256(keys.load(self.privatekey, trusted=True))
        except (InputError, CertificateError) as error:
            raise StoreError(f"{self.path} is broken: {error.message} (discard_pending throws it away)") from None
        if request.public_key_sha256 != own:
            raise StoreError(
                f"{self.path} is broken: request.csr is not of privkey.pem (discard_pending throws it away)"
            )
        return request


class Version:
    """A certificate with its key and chain, as servers read them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.privatekey_path = path / PRIVATEKEY
        self.bundle_path = path / BUNDLE

    @functools.cached_property
    def privatekey(self) -> bytes:
        """PEM."""
        return _read(self.privatekey_path)

    @functools.cached_property
    def leaf(self) -> x509.Certificate:
        """:raises StoreError: it is missing or broken."""
        try:
            return certificates.load_pem(_read(self.path / LEAF).decode("ascii", "replace"))
        except CertificateError as error:
            raise StoreError(f"{self.path / LEAF} is broken: {error.message}") from None

    @functools.cached_property
    def chain(self) -> list[x509.Certificate]:
        """The intermediates, the leaf's issuer first."""
        return certificates.load_any(_read(self.path / CHAIN))

    @functools.cached_property
    def request(self) -> csr.Request | None:
        """What was applied for; ``None`` where key and certificate came from elsewhere."""
        path = self.path / REQUEST
        try:
            return csr.load(_read(path)) if path.exists() else None
        except InputError as error:
            raise StoreError(f"{path} is broken: {error.message}") from None

    @property
    def bundle(self) -> bytes | None:
        """The PKCS#12, if there is one."""
        return _read(self.bundle_path) if self.bundle_path.exists() else None

    @functools.cached_property
    def matches(self) -> bool:
        """Whether key and certificate belong together.

        :raises StoreError: one of them is missing or broken.
        """
        try:
            own = keys.public_key_sha256(keys.load(self.privatekey, trusted=True))
        except CertificateError as error:
            raise StoreError(f"{self.privatekey_path} is broken: {error.message}") from None
        return own == keys.public_key_sha256(self.leaf)

    def check(self) -> None:
        """:raises StoreError: no server can use it; nothing of ours leaves it so, hence a person must look."""
        if not self.matches:
            raise StoreError(f"{self.path} is broken: cert.pem is not the certificate of privkey.pem")

    def holds(self, leaf: x509.Certificate, chain: t.Sequence[x509.Certificate]) -> bool:
        """Whether it is made of just these, with the leaf's key."""
        try:
            return self.leaf == leaf and self.chain == list(chain) and self.matches
        except StoreError:
            return False


class CertificateDirectory:
    """One certificate directory. Whoever changes it holds :meth:`locked`; reading needs no lock."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self.pending_path = self.path / PENDING
        self.live_path = self.path / LIVE
        self.versions_path = self.path / VERSIONS

    @contextlib.contextmanager
    def locked(self, timeout: float = _LOCK_TIMEOUT) -> t.Iterator[None]:
        """Hold the directory's lock, and start by clearing what killed programs left.

        :raises LockedError: another process works on it for longer than ``timeout`` seconds.
        """
        with lock(self.path / ".lock", timeout=timeout):
            for place in (self.path, self.versions_path, *(version.path for version in self.versions)):
                atomic.clear_leftovers(place)
            yield

    @property
    def pending(self) -> Pair | None:
        """The pending pair, if there is one."""
        return Pair(self.pending_path) if _there(self.pending_path) else None

    @property
    def live(self) -> Version | None:
        """What is live, if anything is.

        :raises StoreError: ``live`` leads nowhere.
        """
        if not _there(self.live_path):
            return None
        if not self.live_path.is_dir():
            raise StoreError(f"{self.live_path} is broken: it leads to no directory")
        return Version(self.live_path.resolve())

    @property
    def versions(self) -> list[Version]:
        """All versions, the newest first."""
        if not self.versions_path.is_dir():
            return []
        found = sorted((each for each in self.versions_path.iterdir() if _VERSION.fullmatch(each.name)), reverse=True)
        return [Version(path.resolve()) for path in found]

    def add_pending(self, privatekey: bytes, request_pem: str) -> Pair:
        """Store a new pair; key and request become visible together.

        :raises StoreError: a pair is there already, or cannot be written.
        """
        if self.pending:
            raise StoreError(f"{self.pending_path} holds a pair already, which may still become a certificate")
        with self._new(self.pending_path) as put:
            put(PRIVATEKEY, privatekey, _PRIVATE)
            put(REQUEST, request_pem.encode("ascii"), _PUBLIC)
        return Pair(self.pending_path)

    def remove_pending(self) -> None:
        """Remove the pending pair, whatever state it is in."""
        atomic.remove_tree(self.pending_path)

    def add_version(
        self,
        privatekey: bytes,
        leaf: x509.Certificate,
        chain: t.Sequence[x509.Certificate],
        *,
        request_pem: str | None = None,
        bundle: bytes | None = None,
    ) -> Version:
        """Store a version whole; a server sees it once :meth:`switch` made it live."""
        pems = [certificates.to_pem(certificate) for certificate in [leaf, *chain]]
        path = self._new_version_path(leaf)
        with self._new(path) as put:
            put(PRIVATEKEY, privatekey, _PRIVATE)
            put(LEAF, pems[0].encode("ascii"), _PUBLIC)
            put(CHAIN, "".join(pems[1:]).encode("ascii"), _PUBLIC)
            put(FULLCHAIN, "".join(pems).encode("ascii"), _PUBLIC)
            if request_pem:
                put(REQUEST, request_pem.encode("ascii"), _PUBLIC)
            if bundle:
                put(BUNDLE, bundle, _PRIVATE)
        return Version(path.resolve())

    def add_bundle(self, version: Version, bundle: bytes) -> None:
        """Put a PKCS#12 into a version, in place of the one that is there."""
        _mode, uid, gid = self._ownership()
        atomic.write(version.bundle_path, bundle, mode=_PRIVATE, uid=uid, gid=gid)

    def switch(self, version: Version | None) -> None:
        """Make ``version`` live, by one rename; ``None``: nothing is live any more."""
        if version is None:
            atomic.remove(self.live_path)
        elif version.path.parent == self.versions_path.resolve():
            atomic.symlink(f"{self.versions_path.name}/{version.path.name}", self.live_path)
        else:
            # A way back to what was live before this directory was used as one.
            atomic.symlink(str(version.path), self.live_path)

    def check_switchable(self) -> None:
        """:raises StoreError: something that is not ours to replace stands where the link ``live`` is to be."""
        if _there(self.live_path) and not self.live_path.is_symlink():
            raise StoreError(
                f"{self.live_path} must be a symbolic link, but something else is in its place: move it away"
            )

    def remove_version(self, version: Version) -> None:
        """Remove a version that is not live."""
        atomic.remove_tree(version.path)

    def surplus(self, keep: int, *, replaced: Version | None) -> list[Version]:
        """The versions to remove so that ``keep`` are left, at least one.

        What is live is never among them, and ``replaced``, which was live before it, ranks second: it is the way back.
        """
        first = [version.path for version in (self.live, replaced) if version]
        ranked = sorted(self.versions, key=lambda version: [version.path != path for path in first])
        return ranked[max(keep, 1) :]

    def _new_version_path(self, leaf: x509.Certificate) -> Path:
        """A name that sorts after all others, also within one second, and when the clock was set back."""
        mode, uid, gid = self._ownership()
        atomic.make_directory(self.versions_path, mode=mode, uid=uid, gid=gid)
        moment = certificates.utcnow()
        for newest in self.versions[:1]:
            latest = datetime.datetime.strptime(newest.path.name[:16] + "+0000", f"{_STAMP}%z")
            moment = max(moment, latest + datetime.timedelta(seconds=1))
        return self.versions_path / f"{moment.strftime(_STAMP)}-{certificates.serial_number(leaf)}"

    @contextlib.contextmanager
    def _new(self, path: Path) -> t.Iterator[t.Callable[[str, bytes, int], None]]:
        """A new directory with the ownership of this one; what is yielded puts files into it."""
        mode, uid, gid = self._ownership()
        with contextlib.ExitStack() as stack:
            temporary = stack.enter_context(atomic.new_directory(path, mode=mode, uid=uid, gid=gid))
            yield lambda name, data, bits: atomic.write(temporary / name, data, mode=bits, uid=uid, gid=gid)

    def _ownership(self) -> tuple[int, int, int]:
        with atomic.told("read", self.path):
            status = self.path.stat()
        return stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid


def _there(path: Path) -> bool:
    """Whether anything has this name, be it a link that leads nowhere."""
    return os.path.lexists(path)


def _read(path: Path) -> bytes:
    with atomic.told("read", path):
        return path.read_bytes()
