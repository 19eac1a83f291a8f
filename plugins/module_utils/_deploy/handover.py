# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a host that keeps a key for others hands over to them."""

from __future__ import annotations

import typing as t

from .._errors import StoreError
from .._pki import certificates, keys
from .._store.directory import CertificateDirectory


def live(directory: CertificateDirectory) -> dict[str, t.Any]:
    """The live pair: ``privatekey``, ``certificate`` and ``chain``, as text in PEM.

    :raises StoreError: nothing is live, or key and certificate do not belong together.
    """
    version = directory.live
    if version is None:
        raise StoreError(f"{directory.live_path} is not there, so there is no certificate to hand over")
    version.check()
    return {
        "privatekey": version.privatekey.decode("ascii"),
        "certificate": certificates.to_pem(version.leaf),
        "chain": [certificates.to_pem(certificate) for certificate in version.chain],
    }


def key(directory: CertificateDirectory, wanted: str) -> dict[str, t.Any]:
    """The pending or live ``privatekey`` whose public key has this hash.

    :raises StoreError: there is none.
    """
    for holder in (directory.pending, directory.live):
        if holder is not None and keys.private_key_sha256(holder.privatekey) == wanted.lower():
            return {"privatekey": holder.privatekey.decode("ascii")}
    raise StoreError(
        f"{directory.path} has no private key whose public key has the SHA-256 {wanted}; what is pending or live there is another one"
    )
