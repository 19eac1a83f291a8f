# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``ansible.windows.win_certificate_info``, without the extensions' texts."""

from __future__ import annotations

import base64
import typing as t
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from ..certificates import StoredCertificate
from ..host import Host


def win_certificate_info(host: Host, arguments: dict[str, t.Any], check_mode: bool) -> dict[str, t.Any]:
    del check_mode
    store = host.stores.find(arguments["store_location"], arguments["store_name"])
    wanted = arguments["thumbprint"]
    found = [stored for key, stored in sorted((store or {}).items()) if wanted is None or key == wanted.upper()]
    return {"changed": False, "exists": bool(found), "certificates": [_describe(stored) for stored in found]}


def _describe(stored: StoredCertificate) -> dict[str, t.Any]:
    certificate = stored.certificate
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return {
        "thumbprint": stored.thumbprint,
        "subject": certificate.subject.rfc4514_string(),
        "issuer": certificate.issuer.rfc4514_string(),
        "issued_to": _simple_name(certificate.subject),
        "issued_by": _simple_name(certificate.issuer),
        "serial_number": f"{certificate.serial_number:X}",
        "has_private_key": stored.private_key is not None,
        "valid_from": begin.timestamp(),
        "valid_from_iso8601": _iso8601(begin),
        "valid_to": end.timestamp(),
        "valid_to_iso8601": _iso8601(end),
        "raw": base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),
    }


def _simple_name(name: x509.Name) -> str:
    return next((str(attribute.value) for attribute in name.get_attributes_for_oid(NameOID.COMMON_NAME)), "")


def _iso8601(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
