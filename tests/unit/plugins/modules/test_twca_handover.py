# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

import module_runner
import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, csr, keys
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory

NAME = "www.example.com.tw"


@pytest.fixture
def place(tmp_path):
    """A directory with a live pair and a pending key."""
    directory = CertificateDirectory(tmp_path)
    place.live, place.pending = pki.new_key(), pki.new_key()
    authority = pki.authority()
    leaf = authority.leaf(place.live, [NAME], common_name=NAME)
    directory.switch(directory.add_version(pki.key_pem(place.live), leaf, authority.chain))
    request = csr.build(pki.key_pem(place.pending), csr.Subject(NAME, "TW", "Taiwan"), [f"DNS:{NAME}"])
    directory.add_pending(pki.key_pem(place.pending), request)
    place.leaf, place.chain, place.path = leaf, authority.chain, tmp_path
    return place


def handed_over(place, **options):
    return module_runner.run("twca_handover", directory=str(place.path), **options)


def pem(key):
    return pki.key_pem(key).decode()


def digest(key):
    return keys.public_key_sha256(keys.load(pki.key_pem(key)))


def test_what_is_live(place):
    result = handed_over(place)
    assert result["privatekey"] == pem(place.live)
    assert result["certificate"] == certificates.to_pem(place.leaf)
    assert result["chain"] == [certificates.to_pem(one) for one in place.chain]
    assert not result["changed"]


@pytest.mark.parametrize("which", ["live", "pending"])
def test_the_key_that_is_named(place, which):
    key = getattr(place, which)
    result = handed_over(place, public_key_sha256=digest(key).upper())
    assert (result["privatekey"], "certificate" in result) == (pem(key), False)


def test_a_key_that_is_not_there(place):
    with pytest.raises(module_runner.Failed, match="has no private key whose public key has the SHA-256 abab"):
        handed_over(place, public_key_sha256="abab")


def test_a_pending_key_that_is_broken_does_not_hide_the_live_one(place):
    (place.path / "pending/privkey.pem").write_text("nothing")
    assert handed_over(place, public_key_sha256=digest(place.live))["privatekey"] == pem(place.live)


def test_nothing_is_live(tmp_path):
    with pytest.raises(module_runner.Failed, match="live is not there, so there is no certificate to hand over"):
        module_runner.run("twca_handover", directory=str(tmp_path))


def test_a_pair_that_does_not_belong_together(place):
    key = (place.path / "live/privkey.pem").resolve()
    key.chmod(0o600)
    key.write_text(pem(place.pending))
    with pytest.raises(module_runner.Failed, match="is not the certificate of privkey.pem"):
        handed_over(place)


def test_a_pipe_is_not_waited_for(place):
    path = place.path / "pending/privkey.pem"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(module_runner.Failed, match="privkey.pem"):
        handed_over(place, public_key_sha256=digest(place.pending))


def test_what_a_link_leads_to_is_told_to_nobody(place):
    path = place.path / "pending/privkey.pem"
    path.unlink()
    path.symlink_to("/etc/passwd")
    with pytest.raises(module_runner.Failed) as failed:
        handed_over(place, public_key_sha256=digest(place.pending))
    assert "root:" not in str(failed.value.result)
