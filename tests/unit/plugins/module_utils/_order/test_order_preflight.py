# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roots that cannot prove what TWCA issues are found before an order, and not when it was paid."""

from __future__ import annotations

import hashlib
from pathlib import Path

import certifi
import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, PortalUnknownPageError
from ansible_collections.twca.ssl.plugins.module_utils._order import authorities, preflight
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates

TWCAS = "https://www.twca.com.tw/"
PRIVATE = "https://portal.test/"
# Of the files at the addresses that TWCA's certificates name.
PUBLISHED = {
    "01AF2324D098098F5E0CDF6FAABADA430B21CCE777F47EACB26248B2FDA3E531",
    "C619F4E6F7B1BAA7A6C6F244092A3F82E46A6D67BEE26337FBAF02546F33133F",
    "1A2C75FD096E0499E9FF6AC74E526F61EAAE3EDFC8C2EA4436FEE0C24D8B7D0E",
}


class Portal:
    def __init__(self, *offered, remembered=()):
        self.offered, self.remembered, self.asked = offered, remembered, 0

    def remembered_authorities(self):
        return [pki.der(one) for one in self.remembered]

    def authority_certificates(self):
        self.asked += 1
        if not self.offered:
            raise PortalUnknownPageError("no such page.")
        return [pki.der(one) for one in self.offered]


def twcas(name):
    return next(
        one
        for one in certificates.load_any(Path(certifi.where()).read_bytes())
        if certificates.common_name(one) == name
    )


@pytest.fixture
def check(tmp_path):
    def check(*roots, portal=None, url=PRIVATE, ask=True):
        path = tmp_path / "roots.pem"
        path.write_text("".join(map(pki.pem, roots)))
        return preflight.check_roots([str(path)], url, lambda: portal or Portal(), ask=ask)

    return check


def test_the_known_authorities_are_those_that_twca_publishes():
    known = certificates.load_any(authorities.PEM)
    assert {hashlib.sha256(certificates.to_der(one)).hexdigest().upper() for one in known} == PUBLISHED


@pytest.mark.parametrize("name", ["TWCA Global Root CA", "TWCA CYBER Root CA"])
@pytest.mark.parametrize("ask", [True, False])
def test_each_root_of_twcas_will_do_and_nobody_is_asked(check, name, ask):
    portal = Portal()
    assert check(pki.authority().root.certificate, twcas(name), portal=portal, url=TWCAS, ask=ask) is None
    assert portal.asked == 0


@pytest.mark.parametrize("ask", [True, False])
def test_another_root_is_refused_at_twcas_portal(check, ask):
    other = pki.authority().root.certificate
    with pytest.raises(InputError) as caught:
        check(other, url=TWCAS, ask=ask)
    said = caught.value.message
    assert said.startswith(
        f"trusted_roots: no authority of TWCA's, and none that the portal offers, leads to {certificates.common_name(other)}"
    )
    assert "Nothing was ordered" in said
    assert "TWCA Global Root CA" in said
    assert ("could not be used: no such page." in said) == ask


def test_a_private_portals_own_authorities_vouch_for_its_roots(check):
    own = pki.authority()
    portal = Portal(*own.chain)
    assert check(own.root.certificate, portal=portal) is None
    assert portal.asked == 1
    remembering = Portal(remembered=own.chain)
    assert check(own.root.certificate, portal=remembering) is None
    assert remembering.asked == 0
    with pytest.raises(InputError, match="none that the portal offers"):
        check(pki.Authority().root.certificate, portal=portal)


def test_a_root_that_the_portal_shows_beside_its_authorities_proves_nothing(check):
    own, other = pki.authority(), pki.Authority().root.certificate
    with pytest.raises(InputError, match="none that the portal offers"):
        check(other, portal=Portal(*own.chain, other))


def test_check_mode_asks_no_private_portal_and_says_so(check):
    own = pki.authority().root.certificate
    notice = check(own, portal=None, ask=False)
    assert notice.startswith("trusted_roots: no authority of TWCA's leads to")
    assert "asks the portal" in notice


def test_roots_that_have_expired(check):
    old = pki.Issuer("Old Root").self_sign(start=pki.now() - 9000 * pki.DAY).certificate
    with pytest.raises(InputError, match="has expired. Nothing was ordered"):
        check(old)


@pytest.mark.parametrize(
    ("content", "sentence"), [(None, "cannot be read"), ("", "holds no certificate"), ("no", "holds no certificate")]
)
def test_files_that_hold_no_root(tmp_path, content, sentence):
    path = tmp_path / "roots.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=f"^trusted_roots: .*roots.pem {sentence}"):
        preflight.check_roots([str(path)], TWCAS, Portal, ask=False)


def test_roots_of_this_machines_store_are_twcas_by_their_name(monkeypatch):
    monkeypatch.setattr(preflight.roots, "load", lambda paths: [])
    assert preflight.check_roots(None, TWCAS, Portal, ask=True) is None
