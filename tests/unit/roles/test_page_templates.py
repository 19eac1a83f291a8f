# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The templates of the pages only lay out: each value is escaped where it is written, once, and none is computed."""

from __future__ import annotations

import html
import re

import jinja2
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._forms import paper
from ansible_collections.twca.ssl.plugins.module_utils._report import page
from guides import ROOT

TEMPLATES = {"forms": "form.html.j2", "report": "report.html.j2"}
MARKUP = "<b id=broken>&amp;\"'</b>"
ESCAPED = html.escape(MARKUP).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def source(role):
    return (ROOT / "roles" / role / "templates" / TEMPLATES[role]).read_text(encoding="utf-8")


def rendered(role, **variables):
    loader = jinja2.FileSystemLoader(ROOT / "roles" / role / "templates")
    environment = jinja2.Environment(
        loader=loader, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template(TEMPLATES[role]).render(**variables)


@pytest.mark.parametrize("role", TEMPLATES)
def test_each_value_is_escaped(role):
    written = re.findall(r"\{\{-?\s*(.*?)\s*-?\}\}", source(role))
    assert [one for one in written if not re.search(r"\| (e|map\('e'\) \| join\('<[^']*>'\))$", one)] == []
    assert len(written) > 20


@pytest.mark.parametrize("role", TEMPLATES)
def test_no_value_is_computed(role):
    """A condition asks whether there is a value, and a loop goes over one."""
    blocks = re.findall(r"\{%-?\s*(.*?)\s*-?%\}", source(role))
    name = r"[a-z_]+(\.[a-z_]+)*(\[0\]|\.items\(\))?"
    allowed = rf"(if {name}|else|endif|for [a-z_]+(, [a-z_]+)? in {name}|endfor|set page = __twca_report_page|include '[a-z.]+')"
    assert [block for block in blocks if not re.fullmatch(allowed, block)] == []


ROW = {
    "host": MARKUP,
    "common_name": MARKUP,
    "subject_alt_name": [],
    "serial_number": MARKUP,
    "issuer": MARKUP,
    "issuer_name": MARKUP,
    "not_before": "2026-09-08T00:00:00Z",
    "not_after": "2027-03-25T00:00:00Z",
    "renew_from": "2027-01-18T00:00:00Z",
    "days_left": 121,
    "state": "broken",
    "problems": [MARKUP],
    "notes": [MARKUP],
    "order": {"since": "2026-11-20T01:00:00Z", "awaited": MARKUP, "portal_message": MARKUP},
}
CHANGE = {"host": MARKUP, "common_name": MARKUP, "kind": "new", "sentence": MARKUP}


def test_a_report_of_markup_holds_none():
    document = {
        "generated_at": "2026-11-23T04:00:00Z",
        "previous_at": "2026-11-22T04:00:00Z",
        "summary": {"total": 1, "broken": 1, "due": 0, "pending": 0, "ok": 0},
        "certificates": [{**ROW, "order": {**ROW["order"], "awaited": "A."}}],
        "changes": [CHANGE],
    }
    text = rendered("report", __twca_report_page=page.page(document), twca_report_title=MARKUP)
    assert MARKUP not in text
    # The title twice; name, host, problem, note, message and issuer twice, number; and the change's name, host and sentence.
    assert text.count(ESCAPED) == 2 + 8 + 3
    assert "A." in text


def test_forms_of_markup_hold_none():
    person = {
        "name": f"王{MARKUP}",
        "title": MARKUP,
        "company": MARKUP,
        "tax_id": "70759028",
        "city": MARKUP,
        "address": f"中正路8號{MARKUP}",
        "postal_code": "100",
        "phone": "(02)23708886#9",
        "fax": "(02)23700728",
        "email": "tech@example.com.tw",
    }
    given = {
        "twca_certificates": [{"common_name": "a.tw", "server_software": MARKUP, "payment_method": MARKUP}],
        "twca_contacts": {
            "technical": person,
            "business": {**person, "name": f"許{MARKUP}", "email": "cio@example.com.tw"},
            "billing": {"same_as": "business"},
        },
        "twca_forms": ["application", "test", "authorization"],
        "twca_forms_authority": dict.fromkeys(("name", "phone", "fax"), MARKUP),
        "twca_forms_domain_owners": {"a.tw": dict.fromkeys(("company", "tax_id", "address", "phone"), MARKUP)},
        "twca_forms_revocations": [{"common_name": "a.tw", "serial_number": "AB", "reason": MARKUP}],
        "twca_organization": {
            "organization": MARKUP,
            "organizational_unit": MARKUP,
            "locality": MARKUP,
            "state_or_province": MARKUP,
        },
    }
    texts = [rendered("forms", form=form) for form in paper.paper(given, [{}])["forms"]]
    # Server and payment, the subject, five of each contact, seal, authority, its phone and fax; in the authorization the letter, the
    # applicant, the owner, and the seal; in the revocation the reason.
    assert [text.count(ESCAPED) for text in texts] == [
        2 + 4 + 3 * 5 + 1 + 1 + 2,
        1 + 4 + 2 * 5 + 1 + 1 + 2,
        3 + 3 + 4 + 2,
        1 + 2 * 5 + 1 + 1 + 2,
    ]
    assert not any(MARKUP in text for text in texts)
