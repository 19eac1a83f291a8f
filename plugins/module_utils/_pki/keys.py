# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private keys: made, read, and told apart by the hash of their public half."""

from __future__ import annotations

import contextlib
import hashlib
import typing as t

from .._errors import CertificateError, TwcaError
from . import armour, nature
from .kinds import CURVES, MIN_RSA_BITS, Kind, check_parameters
from .library import ec, exceptions, rsa, serialization

if t.TYPE_CHECKING:
    from cryptography import x509

    PrivateKey = t.Union[rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey]
    PublicKey = t.Union[rsa.RSAPublicKey, ec.EllipticCurvePublicKey]


def generate(key_type: str, *, size: int = MIN_RSA_BITS, curve: str = CURVES[0]) -> bytes:
    """Make a private key; returns PEM as :func:`to_pem` does."""
    check_parameters(key_type, size=size, curve=curve)
    key: PrivateKey
    if key_type == "RSA":
        key = rsa.generate_private_key(public_exponent=65537, key_size=size)
    else:
        key = ec.generate_private_key({"secp256r1": ec.SECP256R1, "secp384r1": ec.SECP384R1}[curve]())
    return to_pem(key)


def to_pem(key: PrivateKey) -> bytes:
    """Unencrypted PKCS#8 PEM (RFC 5958, RFC 7468)."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def load(pem: bytes, *, trusted: bool = False) -> PrivateKey:
    """Read an unencrypted private key (PKCS#8, PKCS#1 or SEC 1 PEM).

    :param trusted: it is of our own making: spare the costly check of an RSA key's numbers, where the library can.
    :raises CertificateError: it is none, is encrypted, or is neither RSA nor elliptic.
    """
    if not pem.strip():
        raise CertificateError("the private key is empty: it must be a PEM block of a private key")
    try:
        key = _parse(pem if trusted else _plain(pem), trusted)
    except TypeError:
        raise CertificateError("the private key is encrypted: give it without a passphrase") from None
    except (ValueError, exceptions.UnsupportedAlgorithm):
        raise CertificateError(
            f"the private key cannot be read: it must be a PEM block of a private key{nature.instead(pem, key=True)}"
        ) from None
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise CertificateError("the private key must be an RSA or an elliptic curve key")
    return key


def _plain(pem: bytes) -> bytes:
    return armour.text(pem).encode("ascii", "replace")


def _parse(pem: bytes, trusted: bool) -> t.Any:
    if trusted:
        # 35 ms are spared for each RSA key. TypeError: cryptography before 39, or an encrypted key.
        with contextlib.suppress(TypeError):
            return serialization.load_pem_private_key(pem, None, unsafe_skip_rsa_key_validation=True)
    return serialization.load_pem_private_key(pem, None)


def public_key_sha256(holder: PrivateKey | PublicKey | x509.Certificate | x509.CertificateSigningRequest) -> str:
    """Lower-case hex SHA-256 of the DER SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) of a key, certificate or CSR."""
    public = holder.public_key() if hasattr(holder, "public_key") else holder
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def private_key_sha256(pem: bytes) -> str | None:
    """The hash of the public half of a private key of ours; ``None`` if it is broken."""
    try:
        return public_key_sha256(load(pem, trusted=True))
    except TwcaError:
        return None


def kind(holder: PrivateKey | PublicKey | x509.Certificate | x509.CertificateSigningRequest) -> Kind:
    """The sort of key that a key, certificate or CSR has."""
    public = holder.public_key() if hasattr(holder, "public_key") else holder
    if isinstance(public, rsa.RSAPublicKey):
        return Kind("RSA", public.key_size)
    if isinstance(public, ec.EllipticCurvePublicKey):
        return Kind("ECC", public.key_size, public.curve.name)
    return Kind(type(public).__name__.replace("PublicKey", "").strip("_"), getattr(public, "key_size", 0))
