# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the documentation fragment ``twca.ssl.certificate``, of one certificate to get."""

from __future__ import annotations

import typing as t

#: The fields of a contact.
CONTACT_FIELDS = ("name", "title", "company", "tax_id", "city", "address", "postal_code", "phone", "fax", "email")

# What AnsibleModule, or an option that holds these options, takes besides.
CONDITIONS: dict[str, t.Any] = {
    "mutually_exclusive": [("csr_content", "csr_path")],
    "required_one_of": [("csr_content", "csr_path")],
    "required_if": [("delivery", "mailbox", ["mailbox"])],
}


def argument_spec() -> dict[str, dict[str, t.Any]]:
    """The argument specification of these options."""
    contact: dict[str, dict[str, t.Any]] = {field: {"type": "str"} for field in CONTACT_FIELDS}
    return {
        "csr_content": {"type": "str"},
        "csr_path": {"type": "path"},
        "operation": {"type": "str", "choices": ["auto", "apply", "renew"], "default": "auto"},
        "server_software": {"type": "str", "default": "其他"},
        "technical_contact": {"type": "dict", "options": contact},
        "business_contact": {"type": "dict", "options": contact},
        "billing_contact": {
            "type": "dict",
            "options": {"same_as": {"type": "str", "choices": ["technical", "business"]}, **contact},
        },
        "payment_method": {"type": "str"},
        "trusted_roots": {"type": "list", "elements": "path"},
        "delivery": {"type": "str", "choices": ["portal", "mailbox"], "default": "portal"},
        "mailbox": {
            "type": "dict",
            "options": {
                "host": {"type": "str"},
                "port": {"type": "int"},
                "security": {"type": "str", "choices": ["tls", "starttls", "none"], "default": "tls"},
                "ca_path": {"type": "path"},
                "username": {"type": "str"},
                "password": {"type": "str", "no_log": True},
                "folder": {"type": "str", "default": "INBOX"},
                "maildir": {"type": "path"},
            },
            "mutually_exclusive": [("host", "maildir")],
            "required_one_of": [("host", "maildir")],
        },
        "wait_timeout": {"type": "int", "default": 0},
        "poll_interval": {"type": "int", "default": 60},
        "path": {"type": "path"},
        "chain_path": {"type": "path"},
        "fullchain_path": {"type": "path"},
        "allow_order": {"type": "bool", "default": True},
        "on_uncertain": {"type": "str", "choices": ["fail", "wait", "resubmit"], "default": "fail"},
        "holder": {"type": "str"},
    }
