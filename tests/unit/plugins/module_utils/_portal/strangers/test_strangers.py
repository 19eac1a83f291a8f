# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Portals that strangers wrote from the manual alone, each whole: whatever their markup, they receive exactly what was given."""

from __future__ import annotations

import datetime

import pki_factory
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, PortalRefusedError
from ansible_collections.twca.ssl.plugins.module_utils._intake import reader
from ansible_collections.twca.ssl.plugins.module_utils._pki import csr, keys
from ansible_collections.twca.ssl.plugins.module_utils._portal import profile
from ansible_collections.twca.ssl.plugins.module_utils._portal.model import Application
from ansible_collections.twca.ssl.plugins.module_utils._portal.portal import Portal
from ansible_collections.twca.ssl.plugins.module_utils._portal.session import Session
from stranger_asp_frames import AspFrames
from stranger_bank import Bank
from stranger_bootstrap import Bootstrap
from stranger_columns import Columns
from stranger_django_crispy import DjangoCrispy
from stranger_domino import Domino
from stranger_flask import Flask
from stranger_framesetasp import FramesetAsp
from stranger_gotables import GoTables
from stranger_government import Government
from stranger_jsf_richfaces import JsfRichfaces
from stranger_jsp_big5 import JspBig5
from stranger_laravel_mobile import LaravelMobile
from stranger_literal import Literal
from stranger_mvcbootstrap import MvcBootstrap
from stranger_nuxt import Nuxt
from stranger_office import FIELDS, OLD_CONTACTS, OLD_PASSPHRASE, serving
from stranger_operator import Operator
from stranger_perl_cgi import PerlCgi
from stranger_php_long import PhpLong
from stranger_placeholders import Placeholders
from stranger_rails import Rails
from stranger_react_server import ReactServer
from stranger_semantic2024 import Semantic2024
from stranger_sharepoint_webforms import SharepointWebforms
from stranger_spring_thymeleaf import SpringThymeleaf
from stranger_struts import Struts
from stranger_webforms import WebForms
from stranger_wordpress import WordPress

STRANGERS = {  # what is asked for as server software, and what the list calls it
    JspBig5: ("apache", "Apache-SSL"),
    AspFrames: ("Microsoft IIS", "Microsoft IIS"),
    PhpLong: ("nginx", "Nginx"),
    WebForms: ("BIG-IP", "F5 BIG-IP"),
    Bootstrap: ("Apache HTTP", "Apache HTTP Server"),
    Struts: ("Apache", "Apache"),
    ReactServer: ("其他", "其他"),
    Government: ("IIS", "IIS"),
    Columns: ("IIS 7.0", "IIS 7.0"),
    Placeholders: ("Nginx", "Nginx"),
    PerlCgi: ("其他", "其他"),
    FramesetAsp: ("其他", "其他 Other"),
    MvcBootstrap: ("其他", "其他"),
    Semantic2024: ("haproxy", "HAProxy"),
    Flask: ("其他", "其他"),
    GoTables: ("其他", "其他"),
    Rails: ("其他", "其他"),
    SpringThymeleaf: ("其他", "其他"),
    SharepointWebforms: ("其他", "其他"),
    LaravelMobile: ("其他", "其他"),
    JsfRichfaces: ("其他", "其他"),
    Domino: ("其他", "其他"),
    DjangoCrispy: ("其他", "其他"),
    Literal: ("其他", "其他"),
    WordPress: ("其他", "其他"),
    Nuxt: ("其他", "其他"),
    Operator: ("其他", "其他"),
    Bank: ("其他", "其他"),
}
REASONS = {MvcBootstrap: "停止營運", Rails: "網站停止營運"}  # others have 其他
CONTACTS = {
    "technical": {
        "name": "王小明",
        "title": "工程師",
        "company": "範例股份有限公司",
        "tax_id": "70759028",
        "city": "台北市",
        "address": "延平南路85號10樓",
        "postal_code": "100",
        "phone": "(02)23708886#9",
        "fax": "(02)23700728",
        "email": "tech@example.com.tw",
    },
    "business": {
        "name": "林美玲",
        "title": "經理",
        "company": "範例控股公司",
        "tax_id": "12345675",
        "city": "高雄市",
        "address": "中山二路1號",
        "postal_code": "80661",
        "phone": "(07)3344556",
        "fax": "(07)3344557",
        "email": "biz@example.com.tw",
    },
    "billing": {
        "name": "陳會計",
        "title": "會計主任",
        "company": "範例會計部",
        "city": "台中市",
        "address": "台灣大道三段99號",
        "postal_code": "407610",
        "phone": "(04)22289111",
        "fax": "(04)22289112",
        "email": "bill@example.com.tw",
    },
}
PASSPHRASE = "Pass<&>9"


@pytest.fixture(params=list(STRANGERS), ids=lambda stranger: stranger.__name__)
def office(request):
    return request.param()


@pytest.fixture
def portal(office):
    with serving(office) as address:
        yield Portal(Session(address, None, True, 10), profile.load({}))


@pytest.fixture
def committing(office):
    """How many requests the office had seen at each announcement."""
    calls = []

    def announce():
        calls.append(len(office.requests))

    announce.calls = calls
    return announce


def application(office, name="new.shop.com.tw", *, billing=None, payment="匯款", passphrase=PASSPHRASE, **changes):
    subject = csr.Subject(name, "TW", "Taiwan", "Taipei", "Example Co., Ltd.", "R&D")
    request = csr.load(csr.build(keys.generate("ECC"), subject, (f"DNS:{name}",)))
    return Application(
        csr=request.pem,
        subject=request.subject,
        common_name=name,
        server_software=next(STRANGERS[one][0] for one in type(office).mro() if one in STRANGERS),
        passphrase=passphrase,
        technical={**CONTACTS["technical"], **changes},
        business=CONTACTS["business"],
        billing=billing or CONTACTS["billing"],
        payment_method=payment,
    )


def plain(contact):
    """A contact as it counts: 臺 is 台, and the billing contact has no company number."""
    return {field: contact.get(field, "").replace("臺", "台") for field in FIELDS if field != "tax_id"}


def assert_received(office, committing, kind, sent, billing):
    (order,) = office.orders
    assert order.kind == kind
    assert order.csr.split() == sent.csr.split()
    assert order.passphrase == sent.passphrase
    assert "匯款" in order.payment
    if kind == "apply" or order.software:
        assert order.software.split(" Others")[0] == STRANGERS[type(office)][1]
    assert {person: plain(contact) for person, contact in order.contacts.items()} == {
        "technical": plain(sent.technical),
        "business": plain(sent.business),
        "billing": plain(billing),
    }
    assert order.contacts["technical"]["tax_id"] == sent.technical["tax_id"]
    assert order.contacts["business"]["tax_id"] == sent.business["tax_id"]
    assert order.index in committing.calls


def test_apply(office, portal, committing):
    sent = application(office)
    accepted = portal.apply(sent, committing)
    assert_received(office, committing, "apply", sent, CONTACTS["billing"])
    assert "作業成功" in accepted.message


def test_apply_with_one_contact_for_the_bill_too(office, portal, committing):
    sent = application(office, billing={"same_as": "business"})
    portal.apply(sent, committing)
    assert_received(office, committing, "apply", sent, CONTACTS["business"])


def renewable(portal):
    (entry,) = portal.search("www.shop.com.tw")
    return entry


def test_renew(office, portal, committing):
    sent = application(office, "www.shop.com.tw", passphrase=OLD_PASSPHRASE)
    accepted = portal.renew(sent, renewable(portal), committing)
    assert_received(office, committing, "renew", sent, CONTACTS["billing"])
    changes = {
        (change["contact"], change["field"]): (change["before"], change["after"]) for change in accepted.contact_changes
    }
    assert changes["technical", "name"] == (OLD_CONTACTS["technical"]["name"], "王小明")


def test_renew_with_one_contact_for_the_bill_too(office, portal, committing):
    sent = application(office, "www.shop.com.tw", passphrase=OLD_PASSPHRASE, billing={"same_as": "technical"})
    portal.renew(sent, renewable(portal), committing)
    assert_received(office, committing, "renew", sent, CONTACTS["technical"])


def test_search(office, portal):
    for name in ("www.shop.com.tw", "wait.shop.com.tw", "bad.shop.com.tw", "gone.shop.com.tw", "two.shop.com.tw"):
        entries = portal.search(name)
        records = office.found(name)
        assert len(entries) == len(records)
        newest_first = entries[0].not_after and entries[0].not_after > entries[-1].not_after
        for entry, record in zip(entries[:: -1 if newest_first else 1], records):
            assert entry.name == name
            # 到期 alone may mean that it has expired, or that it will: not to know is right, too
            assert entry.status in ({record.status} | ({"unknown"} if record.status == "expired" else set()))
            assert record.remark in entry.message
            if record.status == "valid":
                assert entry.serial_number == record.serial
                for listed, true in ((entry.not_before, record.start), (entry.not_after, record.end)):
                    assert abs(listed - true) < datetime.timedelta(days=1)


def test_search_finds_nothing(portal):
    assert portal.search("nowhere.shop.com.tw") == []


def test_download(office, portal):
    for name in ("www.shop.com.tw", "two.shop.com.tw"):
        entry = next(entry for entry in portal.search(name) if entry.status == "valid")
        loaded = [one for blob in portal.download(entry) for one in reader.certificates(blob)]
        (leaf,) = (record.leaf for record in office.found(name) if record.status == "valid")
        others = [record.leaf for record in office.records if record.leaf and record.leaf != leaf]
        assert leaf in loaded
        assert not any(one in loaded for one in others)


def test_authority_certificates(portal):
    loaded = [one for blob in portal.authority_certificates() for one in reader.certificates(blob)]
    assert all(certificate in loaded for certificate in pki_factory.authority().chain)


def test_revoke(office, portal, committing):
    (record,) = office.found("www.shop.com.tw")
    reason = REASONS.get(type(office), "其他")
    revocation = portal.revoke(record.name, OLD_PASSPHRASE, record.serial, reason, committing)
    assert revocation.message
    (received,) = office.revocations
    assert received["name"] == record.name
    assert received["index"] in committing.calls


def test_wrong_passphrase(office, portal, committing):
    sent = application(office, "www.shop.com.tw", passphrase="Wrong-one")
    with pytest.raises(PortalRefusedError, match="密碼") as refused:
        portal.renew(sent, renewable(portal), committing)
    assert "密碼" in refused.value.portal_message
    assert "Wrong-one" not in str(refused.value)
    assert office.orders == []
    assert committing.calls == [] or isinstance(office, PhpLong)  # which asks for everything on one page


def test_refused_csr(office, portal, committing):
    office.refuse_csr = "此憑證申請檔先前已使用,請重新產製金鑰"
    with pytest.raises(PortalRefusedError) as refused:
        portal.apply(application(office), committing)
    assert office.refuse_csr in refused.value.portal_message
    assert office.orders == []
    assert committing.calls == [] or isinstance(office, PhpLong)


def test_refused_contacts(office, portal, committing):
    office.refuse_contacts = "電子郵件地址之網域不存在"
    with pytest.raises(PortalRefusedError) as refused:
        portal.apply(application(office), committing)
    assert office.refuse_contacts in refused.value.portal_message
    assert office.orders == []


def test_unknown_payment(office, portal, committing):
    with pytest.raises(InputError, match="匯款"):
        portal.apply(application(office, payment="比特幣"), committing)
    assert office.orders == []


def test_unknown_software(office, portal, committing):
    sent = application(office)
    sent = type(sent)(**{**vars(sent), "server_software": "Commodore 64"})
    with pytest.raises(InputError):
        portal.apply(sent, committing)
    assert office.orders == []
    assert committing.calls == []
