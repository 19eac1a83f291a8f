# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import MissingLibraryError
from ansible_collections.twca.ssl.plugins.module_utils._pki import pkcs12
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates, load_pkcs12

CA = pki.authority()
KEY = pki.new_key()
LEAF = CA.leaf(KEY)
PEM = pki.key_pem(KEY)
TRIPLE_DES = bytes.fromhex("060a2a864886f70d010c0103")  # pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292, appendix C)
AWKWARD = "p'\"$ {{ 密碼 \U0001f511"


@pytest.mark.parametrize("chain", [[], CA.chain])
def test_a_bundle_opens_with_its_passphrase_and_holds_what_it_was_made_of(chain):
    made = pkcs12.bundle(PEM, LEAF, chain, AWKWARD)
    # cryptography before 38 has nothing better.
    assert (TRIPLE_DES in made) == (not hasattr(serialization.PrivateFormat, "PKCS12"))
    assert load_pkcs12(made, AWKWARD.encode()).cert.friendly_name == b"www.example.com.tw"
    key, leaf, others = load_key_and_certificates(made, AWKWARD.encode())
    assert pki.key_pem(key) == PEM
    assert leaf == LEAF
    assert set(others) == set(chain)
    assert pkcs12.holds(made, PEM, LEAF, chain, AWKWARD)


def test_any_difference_is_seen():
    made = pkcs12.bundle(PEM, LEAF, CA.chain, "one")
    other = pki.key_pem(pki.new_key())
    assert not pkcs12.holds(made, PEM, LEAF, CA.chain, "two")
    assert not pkcs12.holds(made, other, LEAF, CA.chain, "one")
    assert not pkcs12.holds(made, PEM, CA.leaf(KEY), CA.chain, "one")
    assert not pkcs12.holds(made, PEM, LEAF, CA.chain[:1], "one")
    assert not pkcs12.holds(made[:-9], PEM, LEAF, CA.chain, "one")
    assert not pkcs12.holds(b"", PEM, LEAF, CA.chain, "one")


def test_older_encryption_where_the_library_can():
    if hasattr(serialization.PrivateFormat, "PKCS12"):
        made = pkcs12.bundle(PEM, LEAF, CA.chain, "one", legacy=True)
        assert TRIPLE_DES in made
        assert pkcs12.holds(made, PEM, LEAF, CA.chain, "one")


def test_older_encryption_where_it_cannot(monkeypatch):
    monkeypatch.setattr(pkcs12.serialization, "PrivateFormat", object())
    with pytest.raises(MissingLibraryError, match="cryptography >= 38"):
        pkcs12.bundle(PEM, LEAF, CA.chain, "one", legacy=True)
