# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import CertificateError, InputError
from ansible_collections.twca.ssl.plugins.module_utils._pki import keys
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed448, ed25519


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"key_type": "RSA"}, keys.Kind("RSA", 2048)),
        ({"key_type": "RSA", "size": 3072}, keys.Kind("RSA", 3072)),
        ({"key_type": "ECC"}, keys.Kind("ECC", 256, "secp256r1")),
        ({"key_type": "ECC", "curve": "secp384r1"}, keys.Kind("ECC", 384, "secp384r1")),
    ],
)
def test_a_made_key_is_of_the_kind_asked_for_and_in_plain_pkcs8(options, kind):
    pem = keys.generate(**options)
    assert pem.startswith(b"-----BEGIN PRIVATE KEY-----\n")
    assert keys.kind(keys.load(pem)) == kind
    assert keys.kind(keys.load(pem).public_key()) == kind


def test_two_keys_are_never_the_same():
    assert keys.generate("ECC") != keys.generate("ECC")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"key_type": "RSA", "size": 1024}, "key_size must be 2048 to 8192 bits and a multiple of 8, not 1024"),
        ({"key_type": "RSA", "size": 2047}, "not 2047"),
        ({"key_type": "RSA", "size": 2052}, "not 2052"),
        ({"key_type": "RSA", "size": 8200}, "not 8200"),
        ({"key_type": "ECC", "curve": "secp521r1"}, "key_curve must be one of secp256r1, secp384r1, not 'secp521r1'"),
        ({"key_type": "DSA"}, "key_type must be one of RSA, ECC, not 'DSA'"),
    ],
)
def test_what_no_authority_certifies_is_refused(options, sentence):
    with pytest.raises(InputError, match=sentence):
        keys.generate(**options)


def test_the_bounds_themselves_are_allowed_and_what_does_not_apply_is_not_looked_at():
    keys.check_parameters("RSA", size=8192, curve="none")
    keys.check_parameters("ECC", size=1)


@pytest.mark.parametrize("form", [serialization.PrivateFormat.TraditionalOpenSSL, serialization.PrivateFormat.PKCS8])
@pytest.mark.parametrize("kind", ["RSA", "ECC"])
def test_keys_of_other_tools_are_read(form, kind):
    key = pki.new_key(kind)
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    assert keys.public_key_sha256(keys.load(pem)) == keys.public_key_sha256(key)


@pytest.mark.parametrize("pem", [b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_key_is_said_to_be_none(pem):
    with pytest.raises(CertificateError, match="cannot be read"):
        keys.load(pem)


@pytest.mark.parametrize("pem", [b"", b"\n"])
def test_an_empty_key_is_said_to_be_empty(pem):
    with pytest.raises(CertificateError, match="the private key is empty"):
        keys.load(pem)


def test_an_encrypted_key_is_refused():
    pem = pki.new_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
    )
    with pytest.raises(CertificateError, match="is encrypted"):
        keys.load(pem)


def test_a_key_that_no_server_certificate_has_is_refused():
    with pytest.raises(CertificateError, match="must be an RSA or an elliptic curve key"):
        keys.load(pki.key_pem(ed25519.Ed25519PrivateKey.generate()))


def test_the_hash_is_that_of_the_subject_public_key_info_wherever_the_key_is():
    key = pki.new_key()
    spki = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    expected = hashlib.sha256(spki).hexdigest()
    leaf = pki.authority().leaf(key)
    assert [keys.public_key_sha256(each) for each in (key, key.public_key(), leaf)] == [expected] * 3


def test_kinds_read_well():
    assert str(keys.Kind("RSA", 2048)) == "RSA 2048"
    assert str(keys.Kind("ECC", 256, "secp256r1")) == "ECC secp256r1"
    assert keys.kind(ed448.Ed448PrivateKey.generate()).type == "Ed448"
