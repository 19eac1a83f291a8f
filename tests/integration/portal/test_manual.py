# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the manual says can be done, each through ansible-playbook and in both skins of the portal.

The tests are named after the manual's sections: where each task begins (§4.3 to §4.6), delivery (§4.6) and paper (§5).
"""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from cryptography import x509
from stage.life import MAILED, NEW_PHONE, ORDERED, UNMAILED

HERE = ("home", "certificates", "product")


def in_this_order(walk, *pages):
    """Whether these pages were asked for one right after the other."""
    return any(tuple(walk[start : start + len(pages)]) == pages for start in range(len(walk)))


def live(life, name):
    """The certificates that were installed for a name, the server's own first."""
    return x509.load_pem_x509_certificates((life.directory / "web" / name / "live/fullchain.pem").read_bytes())


def serials(life, name):
    return [int(order["certificates"][0]["serial"]) for order in life.orders(name)]


# Where each task begins


def test_4_3_first_application(life):
    assert in_this_order(life.walk("apply"), "service", "support", "apply_steps", "apply")
    for name in life.names:
        result = life.obtained("apply", name)
        assert (result["operation"], result["status"], result["changed"]) == ("apply", "pending", True)
        assert "作業成功" in result["order"]["portal_message"]
        assert life.orders(name)[0]["kind"] == "apply"


def test_4_3_additional_application(life):
    """增購: the portal lists a valid certificate of the name, and another is applied for all the same."""
    result = life.obtained("renew", ORDERED)
    assert (result["operation"], result["status"]) == ("apply", "pending")
    assert in_this_order(life.walk("renew"), "service", "support", "apply_steps", "apply")
    first, second = life.orders(ORDERED)
    assert (second["kind"], second["renews"]) == ("apply", None)
    assert first["key"] != second["key"]


def test_4_4_renewal(life):
    result = life.obtained("renew", MAILED)
    assert (result["operation"], result["status"]) == ("renew", "pending")
    first, second = life.orders(MAILED)
    assert (second["kind"], second["renews"]) == ("renew", first["certificates"][0]["id"])
    assert first["key"] != second["key"]
    assert (first["technical"]["phone"], second["technical"]["phone"]) != (NEW_PHONE, NEW_PHONE)
    (change,) = [one for one in result["order"]["contact_changes"] if one["contact"] == "technical"]
    assert (change["field"], change["after"]) == ("phone", NEW_PHONE)
    ended = life.obtained("end", MAILED)
    assert ended["status"] == "issued"
    assert live(life, MAILED)[0].serial_number == serials(life, MAILED)[1]


def test_4_5_revocation(life):
    asked, _other_case = life.runs["renew"].modules("twca.ssl.twca_revoke")
    assert (asked["status"], asked["changed"]) == ("requested", True)
    assert in_this_order(life.walk("renew"), "support", "revoke")
    for wanted in ("押蓋公司大小章", UNMAILED):
        assert wanted in asked["page"]
    (ended,) = life.runs["end"].modules("twca.ssl.twca_revoke")
    assert (ended["status"], ended["changed"], ended["confirmed_by"]) == ("revoked", False, "portal")
    assert len(life.simulator.revocations()) == 1


def test_4_6_2_1_search_and_download(life):
    assert in_this_order(life.walk("collect"), *HERE, "search", "search", "download")
    result = life.obtained("collect", ORDERED)
    assert (result["operation"], result["status"]) == ("download", "issued")
    assert int(result["serial_number"], 16) == serials(life, ORDERED)[0]


def test_4_6_2_1_names_are_searched_in_the_case_they_were_applied_for(life):
    assert not ORDERED.islower()
    assert life.obtained("collect", ORDERED)["status"] == "issued"
    _asked, other_case = life.runs["renew"].modules("twca.ssl.twca_revoke")
    assert other_case["status"] == "not_found"


def test_4_6_2_2_intermediate_and_root_have_an_address_of_their_own(life):
    assert [one for one in life.asked["collect"] if one["path"] == "/pro_sslser.asp"]
    chain = live(life, ORDERED)[1:]
    assert len(chain) == 2
    root = x509.load_pem_x509_certificate(Path(life.simulator.root).read_bytes())
    assert root not in chain
    chain[-1].verify_directly_issued_by(root)


def test_4_6_2_3_seal_pictures_have_an_address_of_their_own(life):
    assert [one for one in life.asked["collect"] if one["path"] == "/Portal/service/ssl_1_6.html"]
    (result,) = life.runs["collect"].modules("twca.ssl.twca_seal")
    assert result["changed"]
    assert (life.directory / "seal.gif").read_bytes().startswith(b"GIF8")


# Delivery


def test_4_6_1_delivery_by_mail(life):
    result = life.obtained("collect", MAILED)
    assert (result["operation"], result["status"], result["portal_requests"]) == ("download", "issued", 0)
    assert sorted(result["seals"]) == ["mark1.gif", "mark2.gif", "mark3.gif"]
    notices = [one for one in life.simulator.mails() if not one["error"]]
    assert {life.variables["twca_contacts"][one]["email"] for one in ("technical", "business")} <= {
        one["recipient"] for one in notices
    }


def test_4_6_1_server_and_intermediate_certificate_are_both_installed(life):
    for name in life.names:
        leaf, *chain = live(life, name)
        assert leaf.serial_number in serials(life, name)
        assert len(chain) == 2
        for one, issuer in zip((leaf, *chain), chain, strict=False):
            one.verify_directly_issued_by(issuer)


def test_4_6_2_without_the_mail_the_portal_is_asked(life):
    result = life.obtained("collect", UNMAILED)
    assert (result["operation"], result["status"]) == ("download", "issued")
    assert result["portal_requests"] > 0
    assert "downloadedfromtheportal(manual§4.6.2)" in re.sub(r"\s+", "", life.runs["collect"].output)


def test_4_6_2_3_seal_snippet(life):
    snippet = (life.directory / "seal.html").read_text("utf-8")
    link = re.search(r'<a [^>]*href="([^"]*)"[^>]*>', snippet)
    assert html.unescape(link[1]) == f"https://ssl.taica.com.tw/servlet/ShowServerCertInfo?DNS={ORDERED}"
    assert 'src="/seal.gif"' in snippet


# Paper


def squeezed(text):
    """A page's text, without markup and white space."""
    body = re.sub(r"<(style|head).*?</\1>", "", text, flags=re.DOTALL)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]*>", "", body)))


@pytest.mark.parametrize("kind", ["application", "test"], ids=["5_1_application", "5_3_test"])
def test_what_is_on_paper_is_what_was_uploaded(life, kind):
    uploaded = life.orders(ORDERED)[-1]
    text = squeezed(life.form(ORDERED, kind))
    people = ("technical", "business", "billing") if kind == "application" else ("technical", "business")
    request = x509.load_pem_x509_csr(uploaded["csr"].encode())
    wanted = [value for person in people for value in uploaded[person].values()]
    wanted += [attribute.value for attribute in request.subject]
    wanted += [uploaded["software"], *([uploaded["payment"]] if kind == "application" else [])]
    assert [value for value in wanted if re.sub(r"\s+", "", value) not in text] == []
    assert life.variables["twca_passphrase"].replace(" ", "") not in text


def test_5_2_revocation_form_names_the_serial_number(life):
    text = squeezed(life.form(UNMAILED, f"revocation-{life.serial_number:X}"))
    for wanted in (UNMAILED, str(life.serial_number), f"{life.serial_number:X}", "公司大章"):
        assert wanted in text


def test_5_4_authorization_to_use_the_name(life):
    text = squeezed(life.form(ORDERED, "authorization"))
    uploaded = life.orders(ORDERED)[-1]
    for wanted in (ORDERED, "範例控股", "12345675", uploaded["business"]["company"]):
        assert wanted in text
