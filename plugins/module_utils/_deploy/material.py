# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A certificate with its key and chain, and the further files that some servers read it from."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import CertificateError, InputError, TwcaError
from .._pki import certificates, chains, csr, keys, pkcs12
from .._store.directory import CertificateDirectory
from .._store.holdings import Pair, Version
from .._store.layout import BUNDLE, COMBINED

if t.TYPE_CHECKING:
    from cryptography import x509


@dataclasses.dataclass(frozen=True)
class Bundling:
    """That a PKCS#12 is wanted, and which passphrase opens it. ``legacy``: with the older encryption."""

    passphrase: str
    legacy: bool = False


@dataclasses.dataclass(frozen=True)
class Forms:
    """In which further files the certificate is wanted together with its key.

    :param bundling: in a PKCS#12.
    :param combined: in one PEM file: private key, certificate, chain.
    """

    bundling: Bundling | None = None
    combined: bool = False


@dataclasses.dataclass(frozen=True)
class Material:
    """A certificate with all that belongs to it, checked."""

    leaf: x509.Certificate
    chain: list[x509.Certificate]
    privatekey: bytes
    request_pem: str | None

    def files(self, forms: Forms) -> dict[str, bytes]:
        """The further files, by their names in a version."""
        return self._files(forms, forms.bundling is not None)

    def missing(self, version: Version, forms: Forms) -> dict[str, bytes]:
        """The further files that a version does not have as they shall be."""
        files = self._files(forms, self._needs_bundle(version, forms.bundling))
        return {name: data for name, data in files.items() if name == BUNDLE or version.private(name) != data}

    def _files(self, forms: Forms, bundle: bool) -> dict[str, bytes]:
        found = {}
        if forms.combined:
            pems = [certificates.to_pem(certificate).encode("ascii") for certificate in (self.leaf, *self.chain)]
            found[COMBINED] = b"".join((self.privatekey.rstrip(b"\n") + b"\n", *pems))
        if bundle:
            wanted = t.cast(Bundling, forms.bundling)
            found[BUNDLE] = pkcs12.bundle(
                self.privatekey, self.leaf, self.chain, wanted.passphrase, legacy=wanted.legacy
            )
        return found

    def _needs_bundle(self, version: Version, wanted: Bundling | None) -> bool:
        """Whether a PKCS#12 is wanted that the version does not have; two of one content differ in every byte."""
        return wanted is not None and not pkcs12.holds(
            version.private(BUNDLE) or b"", self.privatekey, self.leaf, self.chain, wanted.passphrase
        )


def gather(
    directory: CertificateDirectory,
    leaf: x509.Certificate,
    chain: t.Sequence[x509.Certificate],
    privatekey: bytes | None,
) -> Material:
    """Find the key of a certificate, and check that key, certificate and chain belong together.

    :param chain: the leaf's issuer first; a root at its end is left out.
    :param privatekey: PEM; ``None``: the pending key or the live one, whichever is the certificate's.
    :raises InputError: there is no key at all.
    :raises CertificateError: something does not belong to the rest.
    """
    chain = [certificate for certificate in chain if not certificates.is_self_issued(certificate)]
    chains.check_links(leaf, chain)
    wanted = keys.public_key_sha256(leaf)
    holders = [holder for holder in (directory.pending, directory.live) if holder]
    owners = [holder for holder in holders if key_of(holder) == wanted]
    request_pem = next((request.pem for request in map(_request_of, owners) if request), None)
    if privatekey is not None:
        key = keys.load(privatekey)
        if keys.public_key_sha256(key) != wanted:
            raise CertificateError(f"the certificate of {_called(leaf)} is not that of the private key given")
        return Material(leaf, chain, keys.to_pem(key), request_pem)
    if not holders:
        raise InputError(f"{directory.path} holds no private key: give privatekey, or make a pair with twca_csr first")
    if not owners:
        raise CertificateError(
            f"the certificate of {_called(leaf)} is neither that of the pending nor of the live key in {directory.path}"
        )
    return Material(leaf, chain, owners[0].privatekey, request_pem)


def key_of(holder: Pair | Version) -> str | None:
    """The hash of the public half of its key; ``None`` if it has no key that can be read."""
    try:
        return keys.private_key_sha256(holder.privatekey)
    except TwcaError:
        return None


def _request_of(holder: Pair | Version) -> csr.Request | None:
    try:
        return holder.request
    except TwcaError:
        return None


def _called(leaf: x509.Certificate) -> str:
    return certificates.common_name(leaf) or certificates.serial_number(leaf)
