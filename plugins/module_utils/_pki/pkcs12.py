# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PKCS#12 bundles (RFC 7292): made, and compared by content."""

from __future__ import annotations

import typing as t

from .._errors import MissingLibraryError
from . import certificates, keys
from .library import hashes, serialization

if t.TYPE_CHECKING:
    from cryptography import x509


def bundle(
    privatekey_pem: bytes,
    leaf: x509.Certificate,
    chain: t.Sequence[x509.Certificate],
    passphrase: str,
    *,
    legacy: bool = False,
) -> bytes:
    """A bundle of the key, its certificate and the intermediates, encrypted with ``passphrase``.

    :param legacy: the older encryption (3DES, SHA-1), which is all that Windows Server 2016 and before can read;
        else the library's best: AES-256 from ``cryptography`` 38 on.
    :raises MissingLibraryError: ``legacy`` is asked of a ``cryptography`` older than 38.
    """
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415 - needed by few

    secret = passphrase.encode("utf-8")
    encryption: serialization.KeySerializationEncryption
    if legacy:
        if not hasattr(serialization.PrivateFormat, "PKCS12"):
            raise MissingLibraryError("cryptography >= 38")
        encryption = (
            serialization.PrivateFormat.PKCS12.encryption_builder()
            .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
            .hmac_hash(hashes.SHA1())
            .build(secret)
        )
    else:
        encryption = serialization.BestAvailableEncryption(secret)
    name = (certificates.common_name(leaf) or "").encode("utf-8")
    return pkcs12.serialize_key_and_certificates(name, keys.load(privatekey_pem), leaf, list(chain) or None, encryption)


def holds(
    data: bytes,
    privatekey_pem: bytes,
    leaf: x509.Certificate,
    chain: t.Sequence[x509.Certificate],
    passphrase: str,
) -> bool:
    """Whether ``data`` is a bundle of just these, opened by just this passphrase."""
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415 - needed by few

    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode("utf-8"))
    except ValueError:
        return False
    return (
        key is not None
        and keys.public_key_sha256(t.cast("keys.PrivateKey", key)) == keys.public_key_sha256(keys.load(privatekey_pem))
        and certificate == leaf
        and set(others) == set(chain)
    )
