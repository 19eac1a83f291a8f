# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trust anchors: the files that the user names, else the TWCA roots that this machine already trusts."""

from __future__ import annotations

import ssl
import typing as t
from pathlib import Path

from .._errors import InputError
from .._intake import reader
from .._pki import certificates, nature

if t.TYPE_CHECKING:
    from cryptography import x509

# The organization in the subject of every TWCA root (TWCA Root Certification Authority, TWCA Global Root CA, TWCA CYBER Root CA).
_ORGANIZATION = "TAIWAN-CA"
_ORGANIZATION_OID = "2.5.4.10"


def load(paths: t.Sequence[str] | None) -> list[x509.Certificate]:
    """The certificates in the files, or, with None, TWCA's in the stores of the system and of ``certifi``.

    :raises InputError: a file cannot be read or holds no certificate, or no store holds a root of TWCA.
    """
    if paths is not None:
        return [one for path in paths for one in _named(Path(path).expanduser())]
    found = [one for path in _stores() for one in certificates.load_any(path.read_bytes()) if _is_twcas(one)]
    if not found:
        raise InputError(
            "No TWCA root certificate is in this machine's certificate stores; "
            "give trusted_roots, or install the distribution's ca-certificates."
        )
    return list(dict.fromkeys(found))


def _named(path: Path) -> list[x509.Certificate]:
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise InputError(f"trusted_roots: {path} cannot be read ({exc.strerror}).") from exc
    found = reader.certificates(content)
    if not found:
        raise InputError(f"trusted_roots: {path} holds no certificate{nature.instead(content)}; give a PEM file.")
    return found


def _stores() -> list[Path]:
    defaults = ssl.get_default_verify_paths()
    named = [defaults.cafile, defaults.openssl_cafile]
    if defaults.capath:
        named.append(f"{defaults.capath}/ca-certificates.crt")
    try:
        import certifi  # noqa: PLC0415 - optional

        named.append(certifi.where())
    except ImportError:
        pass
    paths = (Path(one) for one in named if one)
    return [path for path in dict.fromkeys(paths) if path.is_file()]


def _is_twcas(certificate: x509.Certificate) -> bool:
    return any(
        attribute.oid.dotted_string == _ORGANIZATION_OID and attribute.value == _ORGANIZATION
        for attribute in certificate.subject
    )
