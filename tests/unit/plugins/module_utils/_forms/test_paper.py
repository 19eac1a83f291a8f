# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._forms import paper

NAME = "www.example.com.tw"
PERSON = {
    "name": "王堃",
    "title": "工程師",
    "company": "範例科技",
    "tax_id": "70759028",
    "city": "台北市",
    "address": "中正路８號",
    "postal_code": "100",
    "phone": "(02)23708886#9",
    "fax": "(02)23700728",
    "email": "tech@example.com.tw",
}
BOSS = {**PERSON, "name": "許功蓋", "email": "cio@example.com.tw"}
GIVEN = {
    "twca_certificates": [{"common_name": NAME}],
    "twca_contacts": {"technical": PERSON, "business": BOSS, "billing": {"same_as": "business"}},
    "twca_forms": ["application"],
    "twca_forms_authority": {"name": "認證公司", "phone": "(02)1", "fax": "(02)2"},
    "twca_organization": {"organization": "Example", "locality": "Taipei", "state_or_province": "Taiwan"},
}


def made(read=(), **given):
    return paper.paper({**GIVEN, **{f"twca_{name}": value for name, value in given.items()}}, list(read))


def texts(form):
    return repr(form["sections"])


@pytest.mark.parametrize(
    ("revocation", "question"),
    [
        ({"serial_number": "AB", "certificate_path": "/c"}, None),
        ({"certificate_path": "/c"}, {"path": "/c"}),
        ({"serial_number": "", "certificate_path": "", "certificate_content": "PEM"}, {"content": "PEM"}),
        ({"serial_number": None}, {}),
    ],
)
def test_how_a_serial_number_is_asked_for(revocation, question):
    assert paper.question(revocation) == question


def test_forms_and_their_directories():
    found = made(certificates=[{"common_name": NAME}, {"common_name": "*.example.org"}], forms=["application", "test"])
    folders = [NAME, "_.example.org"]
    assert [form["path"] for form in found["forms"]] == [
        f"{folder}/{form}" for folder in folders for form in ("application", "test")
    ]
    assert found["directories"] == ["", *folders]


def test_what_was_put_right_is_said_once():
    found = made(forms=["application", "test"])
    assert len(found["notices"]) == 2
    assert all("was put right" in notice for notice in found["notices"])


def test_what_all_certificates_share():
    shared = {"key_type": "ECC", "key_curve": "secp384r1", "server_software": "Tomcat", "payment_method": "匯款"}
    (form,) = made(**shared)["forms"]
    for value in ("ECC secp384r1", "Tomcat", "匯款", "Taipei"):
        assert value in texts(form)
    assert "RSA 3072" in texts(made(key_size=3072)["forms"][0])


def test_a_certificate_that_was_read():
    certificate = {
        "common_name": NAME,
        "serial_number": "5F3A",
        "not_before": "2026-05-10T03:00:00Z",
        "not_after": "2026-11-23T16:00:00Z",
    }
    given = [{"common_name": NAME, "serial_number": "AB"}, {"common_name": NAME, "certificate_path": "/c"}]
    answers = [{"certificates": None}, {"certificates": [certificate]}]
    found = made(read=answers, forms=[], forms_revocations=given)
    assert [form["path"] for form in found["forms"]] == [f"{NAME}/revocation-AB", f"{NAME}/revocation-5F3A"]
    assert "2026-05-10 11:00:00 至 2026-11-24 00:00:00" in texts(found["forms"][1])


def test_date_and_owner():
    found = made(forms=["authorization"], forms_date="2026-11-23", forms_domain_owners={NAME: {"company": "控股"}})
    (form,) = found["forms"]
    assert (form["seal"]["company"], form["seal"]["dates"][0]) == ("控股", ["中華民國 115 年 11 月 23 日"])


def test_nothing_to_make():
    empty = dict.fromkeys(("twca_certificates", "twca_contacts", "twca_organization", "twca_forms_revocations"))
    assert paper.paper({**GIVEN, **empty}, []) == {"forms": [], "directories": [""], "notices": []}


def test_a_mistake_is_told():
    with pytest.raises(InputError, match="twca_contacts.technical is missing"):
        made(contacts=None)
