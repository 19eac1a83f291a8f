# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pki_factory
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._pki.thumbprint import thumbprint
from cryptography.hazmat.primitives import hashes


def test_is_the_sha1_of_the_certificate_in_upper_case():
    certificate = pki_factory.authority().root.certificate
    expected = certificate.fingerprint(hashes.SHA1()).hex().upper()
    assert thumbprint(f"\n{pki_factory.pem(certificate)}") == expected


def test_takes_sha256_for_proofs():
    certificate = pki_factory.authority().root.certificate
    expected = certificate.fingerprint(hashes.SHA256()).hex().upper()
    assert thumbprint(pki_factory.pem(certificate), "sha256") == expected


def test_refuses_another_hash():
    with pytest.raises(InputError, match="sha1 and sha256, not 'md5'"):
        thumbprint(pki_factory.pem(pki_factory.authority().root.certificate), algorithm="md5")


@pytest.mark.parametrize("text", ["", "a certificate", "-----BEGIN CERTIFICATE-----\n"])
def test_refuses_anything_else(text):
    with pytest.raises(InputError, match="one certificate in PEM"):
        thumbprint(text)


def test_refuses_two():
    pem = pki_factory.pem(pki_factory.authority().root.certificate)
    with pytest.raises(InputError, match="one certificate in PEM"):
        thumbprint(pem + pem)
