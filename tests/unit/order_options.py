# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``twca_certificate`` is asked, as Ansible hands it to the workflow: every option is there."""

from __future__ import annotations

PERSON = {
    "name": "王小明",
    "title": "專員",
    "company": "範例公司",
    "tax_id": "70759028",
    "city": "台北市",
    "address": "延平南路85號10樓",
    "postal_code": "100",
    "phone": "(02)23708886#9",
    "fax": "(02)23700728",
    "email": "service@example.com.tw",
}


def order_options(roots, request, **given):
    """The options of an order that has all it needs.

    :param roots: the file of the roots that are trusted.
    :param request: the CSR, PEM.
    """
    return {
        "csr_content": request,
        "csr_path": None,
        "operation": "auto",
        "server_software": "nginx",
        "technical_contact": PERSON,
        "business_contact": {**PERSON, "name": "陳美麗"},
        "billing_contact": {"same_as": "business"},
        "payment_method": "匯款",
        "passphrase": "a long passphrase",
        "trusted_roots": [str(roots)],
        "delivery": "portal",
        "mailbox": None,
        "wait_timeout": 0,
        "poll_interval": 60,
        "path": None,
        "chain_path": None,
        "fullchain_path": None,
        "allow_order": True,
        "on_uncertain": "fail",
        "holder": None,
        "portal_timeout": 30,
        "portal_url": "https://portal.test/",
        **given,
    }
