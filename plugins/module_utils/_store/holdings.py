# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a certificate directory holds: pairs that wait for a certificate, and versions, which have one."""

from __future__ import annotations

import contextlib
import functools
import typing as t
from pathlib import Path

from .._errors import CertificateError, InputError, StoreError
from .._pki import certificates, csr, keys
from . import atomic
from .folder import Folder
from .layout import CHAIN, LEAF, PRIVATEKEY, REQUEST

if t.TYPE_CHECKING:
    from cryptography import x509


class _Files:
    """A directory with files of ours. ``opened`` opens it; ``path`` is what people call it."""

    def __init__(self, path: Path, opened: t.Callable[[], Folder]) -> None:
        self.path = path
        self.opened = opened

    def _read(self, name: str) -> bytes:
        with atomic.told("read", self.path / name), self.opened() as folder:
            return folder.read(name)

    def _read_if_there(self, name: str) -> bytes | None:
        with atomic.told("read", self.path / name), contextlib.suppress(FileNotFoundError), self.opened() as folder:
            return folder.read(name)
        return None


class Pair(_Files):
    """A key and the request that was made with it: what ``pending/`` holds."""

    @property
    def privatekey_path(self) -> Path:
        """Where the key is."""
        return self.path / PRIVATEKEY

    @property
    def request_path(self) -> Path:
        """Where the request is."""
        return self.path / REQUEST

    @functools.cached_property
    def privatekey(self) -> bytes:
        """PEM."""
        return self._read(PRIVATEKEY)

    @functools.cached_property
    def request(self) -> csr.Request:
        """The request.

        :raises StoreError: it is missing, broken, or not that of the key.
        """
        try:
            request = csr.load(self._read(REQUEST))
            own = keys.public_key_sha256(keys.load(self.privatekey, trusted=True))
        except (InputError, CertificateError) as error:
            raise StoreError(f"{self.path} is broken: {error.message}; {_way_on(self.path)}") from None
        if request.public_key_sha256 != own:
            raise StoreError(f"{self.path} is broken: request.csr is not of privkey.pem; {_way_on(self.path)}")
        return request


class Version(_Files):
    """A certificate with its key and chain, as servers read them. ``link``: what ``live`` holds when it leads here."""

    def __init__(self, path: Path, opened: t.Callable[[], Folder], link: str | None) -> None:
        super().__init__(path, opened)
        self.link = link

    @property
    def privatekey_path(self) -> Path:
        """Where the key is."""
        return self.path / PRIVATEKEY

    @functools.cached_property
    def privatekey(self) -> bytes:
        """PEM."""
        return self._read(PRIVATEKEY)

    @functools.cached_property
    def leaf(self) -> x509.Certificate:
        """:raises StoreError: it is missing or broken."""
        try:
            return certificates.load_pem(self._read(LEAF).decode("ascii", "replace"))
        except CertificateError as error:
            raise StoreError(f"{self.path / LEAF} is broken: {error.message}") from None

    @functools.cached_property
    def chain(self) -> list[x509.Certificate]:
        """The intermediates, the leaf's issuer first."""
        return certificates.load_any(self._read(CHAIN))

    @functools.cached_property
    def request(self) -> csr.Request | None:
        """What was applied for; ``None`` where key and certificate came from elsewhere."""
        held = self._read_if_there(REQUEST)
        try:
            return None if held is None else csr.load(held)
        except InputError as error:
            raise StoreError(f"{self.path / REQUEST} is broken: {error.message}") from None

    def private(self, name: str) -> bytes | None:
        """A further file that holds the key with the certificate, if it is there."""
        return self._read_if_there(name)

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


def _way_on(pending: Path) -> str:
    return f"if nothing is on order with its key, remove {pending}, and a new pair is made"
