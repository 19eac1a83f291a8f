# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``ansible.windows.win_certificate_store``, for the machine's and the user's stores."""

from __future__ import annotations

import base64
import typing as t

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from ..certificates import Store, StoredCertificate
from ..errors import ModuleFailure, NotPlayed
from ..host import Host

Arguments = dict[str, t.Any]
Result = dict[str, t.Any]


def win_certificate_store(host: Host, arguments: Arguments, check_mode: bool) -> Result:
    if arguments["store_type"] == "service":
        raise NotPlayed("the certificate stores of services")
    store = _open(host, arguments)
    return {"absent": _absent, "exported": _exported, "present": _present}[arguments["state"]](
        host, store, arguments, check_mode
    )


def _open(host: Host, arguments: Arguments) -> Store:
    location, name = arguments["store_location"], arguments["store_name"]
    known = next((entry for entry in host.stores.LOCATIONS if entry.lower() == location.lower()), None)
    if known is None:
        raise ModuleFailure(
            f"value of store_location must be one of: {', '.join(host.stores.LOCATIONS)}. Got no match for: {location}"
        )
    store = host.stores.find(known, "CA" if name == "CertificateAuthority" else name)
    if store is None:
        raise ModuleFailure(
            f"unable to find store '{name}': "
            "(CertOpenStore failed (The system cannot find the file specified., Win32ErrorCode 2 - 0x00000002))"
        )
    return store


def _load(host: Host, arguments: Arguments) -> list[StoredCertificate]:
    file = host.disk.locate(arguments["path"])
    if not file.is_file():
        raise ModuleFailure(f"File at '{arguments['path']}' either does not exist or is not a file")
    return host.stores.load(
        file.read_bytes(),
        arguments["password"],
        exportable=arguments["key_exportable"],
        key_storage=arguments["key_storage"],
        windows=host.windows,
    )


def _present(host: Host, store: Store, arguments: Arguments, check_mode: bool) -> Result:
    certificates = _load(host, arguments)
    if "refuses-import" in host.faults:
        raise ModuleFailure("Unable to import certificate with the current permissions: Access is denied.")
    changed = False
    for certificate in certificates:
        known = store.get(certificate.thumbprint)
        if known is None or (certificate.private_key and not known.private_key):
            changed = True
            if not check_mode:
                store[certificate.thumbprint] = certificate
    return {"changed": changed, "thumbprints": [certificate.thumbprint for certificate in certificates]}


def _absent(host: Host, store: Store, arguments: Arguments, check_mode: bool) -> Result:
    given = (
        [stored.thumbprint for stored in _load(host, arguments)]
        if arguments["path"] is not None
        else [arguments["thumbprint"]]
    )
    found = [thumbprint for thumbprint in given if thumbprint.upper() in store]
    if not check_mode:
        for thumbprint in found:
            del store[thumbprint.upper()]
    return {"changed": bool(found), "thumbprints": given}


def _exported(host: Host, store: Store, arguments: Arguments, check_mode: bool) -> Result:
    thumbprint, file = arguments["thumbprint"].upper(), host.disk.locate(arguments["path"])
    if file.exists():
        raise NotPlayed("exporting over a file that is there")
    if thumbprint not in store:
        raise ModuleFailure("Found 0 certs when only expecting 1")
    content = _encode(store[thumbprint], arguments["file_type"], arguments["password"])
    if not check_mode:
        file.write_bytes(content)
    return {"changed": True, "thumbprints": [arguments["thumbprint"]]}


def _encode(stored: StoredCertificate, file_type: str, password: str | None) -> bytes:
    certificate = stored.certificate
    if file_type == "pem":
        text = base64.encodebytes(certificate.public_bytes(Encoding.DER)).decode().strip().replace("\n", "\r\n")
        return f"-----BEGIN CERTIFICATE-----\r\n{text}\r\n-----END CERTIFICATE-----".encode()
    if file_type == "der":
        return certificate.public_bytes(Encoding.DER)
    if stored.private_key and not stored.exportable:
        raise ModuleFailure(
            'Failed to export certificate as bytes: Exception calling "Export" with "2" argument(s): '
            '"Key not valid for use in specified state.\r\n"'
        )
    key: t.Any = load_pem_private_key(stored.private_key.encode(), None) if stored.private_key else None
    encryption: KeySerializationEncryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return serialize_key_and_certificates(None, key, certificate, None, encryption)
