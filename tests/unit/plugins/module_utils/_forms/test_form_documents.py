# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml
from ansible_collections.twca.ssl.plugins.doc_fragments import certificate
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._forms.documents import FORMS, MODULE_DEFAULTS, documents

PLUGINS = Path(__file__).resolve().parents[5] / "plugins"
SHARED = {
    "state_or_province": "Taiwan",
    "locality": "Taipei",
    "organization": "Example Trading",
    "technical_contact": {
        "name": "王堃",
        "title": "工程師",
        "company": "範例科技",
        "tax_id": "70759028",
        "city": "台北市",
        "address": "延平南路85號10樓",
        "postal_code": "100",
        "phone": "(02)23708886#9",
        "fax": "(02)23700728",
        "email": "tech@example.com.tw",
    },
    "business_contact": {
        "name": "許功蓋",
        "title": "經理",
        "company": "範例貿易",
        "tax_id": "70759028",
        "city": "高雄市",
        "address": "中正路８號",
        "postal_code": "800",
        "phone": "(07)2370888",
        "fax": "(07)2370889",
        "email": "cio@example.com.tw",
    },
    "billing_contact": {"same_as": "business"},
}
NAME = "www.example.com.tw"


def one(entry=None, **options):
    (document,) = documents([{"common_name": NAME, **(entry or {})}], SHARED, **options)
    return document


def revocation(**entry):
    (document,) = documents([], SHARED, revocations=[{"common_name": NAME, **entry}])
    return document


def test_an_application_has_what_the_portal_is_told():
    document = one({"subject_alt_name": ["example.com.tw", "IP:10.0.0.1"], "payment_method": "銀行匯款"})

    assert document["form"] == "application"
    assert document["path"] == "www.example.com.tw/application"
    assert document["names"] == [NAME, "example.com.tw", "10.0.0.1"]
    assert document["subject"] == {
        "country": "TW",
        "state_or_province": "Taiwan",
        "locality": "Taipei",
        "organization": "Example Trading",
        "organizational_unit": "",
    }
    assert (document["server_software"], document["payment_method"]) == ("其他", "銀行匯款")
    assert document["contacts"]["technical"] == SHARED["technical_contact"]


def test_billing_that_is_the_same_is_written_out():
    document = one()
    business = {field: value for field, value in document["contacts"]["business"].items() if field != "tax_id"}
    assert document["billing_same_as"] == "business"
    assert document["contacts"]["billing"] == business


def test_an_entry_wins_over_what_all_share_and_none_is_not_given():
    document = one({"organization": "Other", "locality": None})
    assert document["subject"]["organization"] == "Other"
    assert document["subject"]["locality"] == "Taipei"


def test_what_was_put_right_is_on_paper_and_said():
    document = one()
    assert document["contacts"]["business"]["address"] == "中正路8號"
    assert document["notices"] == [
        "www.example.com.tw: twca_contacts.business.address was put right: '中正路８號' is sent as '中正路8號'."
    ]


def test_nothing_but_what_belongs_on_paper_is_taken_over():
    made = documents(
        [{"common_name": NAME, "passphrase": "hunter22", "mailbox": {"password": "hunter23"}}],
        {**SHARED, "passphrase": "hunter24"},
        forms=FORMS,
        revocations=[{"common_name": NAME, "serial_number": "AB", "passphrase": "hunter25"}],
    )
    assert len(made) == 4
    assert "hunter2" not in repr(made)


@pytest.mark.parametrize(
    ("entry", "key"),
    [({}, "RSA 2048"), ({"key_size": 3072}, "RSA 3072"), ({"key_type": "ECC"}, "ECC secp256r1")],
)
def test_the_key(entry, key):
    assert one(entry)["key"] == key


def test_a_wildcard_has_a_path_without_an_asterisk():
    assert one({"common_name": "*.example.com.tw"})["path"] == "_.example.com.tw/application"


def test_only_an_application_needs_a_billing_contact():
    shared = {name: value for name, value in SHARED.items() if name != "billing_contact"}
    assert documents([{"common_name": NAME}], shared, forms=["test"])
    with pytest.raises(InputError, match=r"^www\.example\.com\.tw: twca_contacts\.billing is missing"):
        documents([{"common_name": NAME}], shared)


def test_the_domain_owner_stands_on_the_authorization():
    owner = {"company": "控股", "tax_id": 12345675}
    document = one(forms=["authorization"], domain_owners={NAME: owner})
    assert document["owner"] == {"company": "控股", "tax_id": "12345675", "address": "", "phone": ""}


@pytest.mark.parametrize("given", ["2026-11-23", datetime.date(2026, 11, 23)])
def test_the_date_in_both_calendars(given):
    assert one(date=given)["date"] == {"year": 2026, "roc_year": 115, "month": 11, "day": 23}


@pytest.mark.parametrize("given", ["", None])
def test_no_date(given):
    assert one(date=given)["date"] is None


@pytest.mark.parametrize("given", ["5f:3a:0c", "5F3A0C", "0x5f3a0c"])
def test_a_serial_number_in_both_ways_of_writing(given):
    document = revocation(serial_number=given)
    assert document["serial_number"] == {"decimal": "6240780", "hexadecimal": "5F3A0C"}
    assert document["path"] == "www.example.com.tw/revocation-5F3A0C"


def test_a_serial_number_of_digits_only_needs_a_prefix():
    assert revocation(serial_number="0x1033716735")["serial_number"]["decimal"] == str(0x1033716735)
    with pytest.raises(InputError, match="may be decimal"):
        revocation(serial_number="1033716735")


@pytest.mark.parametrize(
    ("given", "message"),
    [(24378, "in quotes"), (None, "in hexadecimal"), ("5F3G", "in hexadecimal"), ("A" * 41, "in hexadecimal")],
)
def test_a_serial_number_that_is_none(given, message):
    with pytest.raises(InputError, match=message):
        revocation(serial_number=given)


@pytest.mark.parametrize(
    "given", ["2026-11-22T17:00:00Z", datetime.datetime(2026, 11, 22, 17, tzinfo=datetime.timezone.utc)]
)
def test_times_are_taipeis(given):
    assert revocation(serial_number="AB", not_after=given)["not_after"] == "2026-11-23 01:00:00"


def test_a_time_that_is_none():
    with pytest.raises(InputError, match="not_after is '23/11/2026'"):
        revocation(serial_number="AB", not_after="23/11/2026")


CERTIFICATE = {
    "common_name": NAME,
    "serial_number": "1033716735",
    "not_before": "2026-05-10T03:00:00Z",
    "not_after": "2026-11-24T03:00:00Z",
}


def test_a_certificate_that_was_read_gives_number_and_dates():
    document = revocation(certificates=[CERTIFICATE])
    assert document["serial_number"]["hexadecimal"] == "1033716735"
    assert (document["not_before"], document["not_after"]) == ("2026-05-10 11:00:00", "2026-11-24 11:00:00")


def test_a_certificate_of_another_name_is_refused():
    with pytest.raises(InputError, match="is for WWW"):
        revocation(certificates=[{**CERTIFICATE, "common_name": "WWW.example.com.tw"}])


@pytest.mark.parametrize(
    ("entry", "options", "message"),
    [
        ({"common_name": None}, {}, "without a common_name"),
        ({"common_name": "../../etc"}, {}, "is not a DNS name"),
        ({"subject_alt_name": ["a b"]}, {}, "is not a DNS name"),
        ({"organization": "範例"}, {}, "printable ASCII"),
        ({"technical_contact": {}}, {}, r"twca_certificates\[0\].technical_contact is missing"),
        ({}, {"forms": ["revocation"]}, "no form 'revocation'"),
        ({}, {"date": "23/11/2026"}, "YYYY-MM-DD"),
        ({}, {"domain_owners": {NAME: {"name": "控股"}}}, "no field 'name'"),
    ],
)
def test_mistakes_are_one_sentence(entry, options, message):
    with pytest.raises(InputError, match=message):
        one(entry, **options)


def test_defaults_are_those_of_the_modules():
    module = (PLUGINS / "modules/twca_csr.py").read_text(encoding="utf-8")
    documentation = module.partition('DOCUMENTATION = r"""')[2].partition('"""')[0]
    documented = {
        **yaml.safe_load(documentation)["options"],
        **yaml.safe_load(certificate.ModuleDocFragment.DOCUMENTATION)["options"],
    }
    assert {option: documented[option]["default"] for option in MODULE_DEFAULTS} == MODULE_DEFAULTS
