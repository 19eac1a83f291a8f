# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._pki import armour, nature, pkcs12

KEY = pki.new_key()
LEAF = pki.authority().leaf(KEY)
PFX = pkcs12.bundle(pki.key_pem(KEY), LEAF, [], "secret")


@pytest.mark.parametrize(
    "given",
    [
        PFX,
        b"\x30\x80\x02\x01\x03\x30\x80\x06\x09",
        base64.encodebytes(PFX),
        base64.b64encode(PFX).decode(),
        base64.b64encode(PFX).decode().encode("utf-16"),
        armour.pem("PKCS12", PFX),
    ],
    ids=["der", "ber", "base64", "text", "utf-16", "pem"],
)
def test_a_pkcs12_is_named(given):
    assert nature.instead(given).startswith(": this is a PKCS#12 file (.pfx, .p12), ")
    assert nature.instead(given).endswith("-nokeys")
    assert nature.instead(given, key=True).endswith("-nocerts -nodes")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (b" \r\n", ": this is empty"),
        (pki.key_pem(KEY), ": this is a private key"),
        (pki.pem(LEAF), ": this is a certificate"),
        (b"words", ""),
        (pki.der(LEAF), ""),
        (b"\x30", ""),
        (b"\x30\xff\x02", ""),
        (bytes(range(256)), ""),
    ],
)
def test_what_else_is_there(given, told):
    assert nature.instead(given) == told
