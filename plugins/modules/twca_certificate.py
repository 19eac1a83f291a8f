#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: twca_certificate
short_description: Get the TWCA certificate of a CSR's key, ordering it if it must
description:
  - Makes sure that B(this CSR's public key has a certificate). It is taken from the journal, from the portal or from the
    mailbox; only if none of them has it, and nothing was ordered yet, is it applied for or renewed (manual §4.3, §4.4).
  - An order costs money and cannot be undone, so it is addressed by the key. However often the module runs, and however a
    run ends, there is at most one order for a key. After a crash or a lost answer the portal is searched before anything is
    sent; where that does not settle it, the module stops and says what a person must decide (see O(on_uncertain)).
  - TWCA takes about two working days. A pending order is a normal result (RV(ignore:status=pending)), not a failure. Run the
    module again, with the same CSR, until the certificate is there.
  - A certificate counts only if its public key is the CSR's, its names cover the CSR's, its dates hold, it serves for TLS
    servers, and it chains to one of O(trusted_roots).
author:
  - The twca.ssl contributors (@twca-ssl)
version_added: 0.1.0
extends_documentation_fragment:
  - twca.ssl.attributes.portal_host
  - twca.ssl.portal
attributes:
  check_mode:
    support: full
    details:
      - Answers from the journal. The portal is not asked, so an order that is pending is predicted to stay so.
  diff_mode:
    support: full
  platform:
    platforms: posix
    support: full
  idempotent:
    support: full
options:
  csr_content:
    description: The CSR, PEM. Exactly one of O(csr_content) and O(csr_path) is required.
    type: str
  csr_path:
    description: Path of the CSR where the module runs, PEM.
    type: path
  operation:
    description:
      - V(auto) renews where the portal lists a valid certificate of the CSR's common name, and applies where it lists none.
      - V(apply) is a first or additional application (manual §4.3), V(renew) a renewal (manual §4.4).
    type: str
    choices: [auto, apply, renew]
    default: auto
  server_software:
    description:
      - The server software (伺服器軟體廠商), as in the portal's list. Upper and lower case are one,
        and a part of the entry is enough if only one entry fits.
    type: str
    default: 其他
  technical_contact:
    description:
      - The person who installs the certificate and gets it by e-mail (技術聯絡人). Required to place an order.
      - Everything must equal the signed paper form (manual §4.1.3).
    type: dict
    suboptions: &contact
      name:
        description: Name (姓名).
        type: str
      title:
        description: Job title (職稱).
        type: str
      company:
        description: Company (公司).
        type: str
      tax_id:
        description: Company number of eight digits (公司統一編號). The billing contact's is not asked for.
        type: str
      city:
        description: City or county as in the portal's list (通訊地址), for example V(台北市).
        type: str
      address:
        description: The rest of the address (通訊地址).
        type: str
      postal_code:
        description: Postal code of 3, 5 or 6 digits (郵遞區號).
        type: str
      phone:
        description: Telephone number (聯絡電話), for example V((02\)23708886#9).
        type: str
      fax:
        description: Fax number (傳真號碼).
        type: str
      email:
        description: E-mail address (電子郵件地址).
        type: str
  business_contact:
    description:
      - The person of the organization who is responsible for the certificate (業務聯絡人); another one than
        O(technical_contact). Required to place an order.
    type: dict
    suboptions: *contact
  billing_contact:
    description:
      - The person who is responsible for the bill (帳務聯絡人). Required to place an order.
      - Either the fields of a contact, or O(billing_contact.same_as).
    type: dict
    suboptions:
      <<: *contact
      same_as:
        description: The billing contact is this one of the other two.
        type: str
        choices: [technical, business]
  payment_method:
    description:
      - How the order is paid (付款方式), matched to the portal's list as O(server_software) is. Required where the portal asks.
      - An unknown one fails, before anything is ordered, with the portal's list.
    type: str
  trusted_roots:
    description:
      - PEM files of the root certificates that are trusted, and no others are. A root that comes with a delivery never is.
      - By default, the TWCA roots of the system's store and of Python's C(certifi), where installed.
    type: list
    elements: path
  delivery:
    description:
      - Where the certificate is awaited. With V(mailbox) the portal's download is used when the notice is not there
        (manual §4.6.2).
    type: str
    choices: [portal, mailbox]
    default: portal
  mailbox:
    description:
      - The mailbox that gets TWCA's notice (伺服器憑證下載通知). Messages are read without being marked, moved or deleted.
      - Required with O(delivery=mailbox).
    type: dict
    suboptions:
      host:
        description: IMAP server. Exactly one of O(mailbox.host) and O(mailbox.maildir) is required.
        type: str
      port:
        description: By default 993 for O(mailbox.security=tls), else 143.
        type: int
      security:
        description: How the connection is protected. V(none) is for a server on the same machine.
        type: str
        choices: [tls, starttls, none]
        default: tls
      ca_path:
        description: PEM file of the authorities that may have issued the server's TLS certificate; by default those of the system.
        type: path
      username:
        description: User name.
        type: str
      password:
        description: Password.
        type: str
      folder:
        description: The IMAP folder to look into.
        type: str
        default: INBOX
      maildir:
        description: Path of a Maildir where the module runs.
        type: path
  wait_timeout:
    description: How long to wait for the certificate, in seconds. V(0) never waits.
    type: int
    default: 0
  poll_interval:
    description: While waiting, look again after this many seconds.
    type: int
    default: 60
  path:
    description: File to write the certificate to, PEM, where the module runs.
    type: path
  chain_path:
    description: File to write the intermediate certificates to, the certificate's issuer first, PEM.
    type: path
  fullchain_path:
    description: File to write the certificate and the intermediate certificates to, PEM.
    type: path
  allow_order:
    description: With V(false) the module looks and collects, but fails with what it would have ordered instead of ordering.
    type: bool
    default: true
  on_uncertain:
    description:
      - What to do when the answer to a request that may have placed the order was lost, and the portal does not list the order.
      - V(fail) stops and says what a person must decide. V(wait) takes the order for placed and waits for its certificate.
      - V(resubmit) takes it for not placed and orders again; give it once, after TWCA has said so, since a mistake is paid for twice.
    type: str
    choices: [fail, wait, resubmit]
    default: fail
seealso:
  - module: twca.ssl.twca_csr
  - module: twca.ssl.twca_install
"""

EXAMPLES = r"""
- name: Make a key pair and CSR where the key lives, if a certificate is needed
  twca.ssl.twca_csr:
    directory: /etc/twca/www.example.com.tw
    common_name: www.example.com.tw
    state_or_province: Taiwan
    locality: Taipei
    organization: Example Corp.
  register: csr

- name: Get its certificate; pending is a normal result
  twca.ssl.twca_certificate:
    csr_content: "{{ csr.csr }}"
    passphrase: "{{ vault_twca_passphrase }}"
    server_software: nginx
    technical_contact: "{{ technical_contact }}"
    business_contact: "{{ business_contact }}"
    billing_contact:
      same_as: business
    payment_method: 匯款
  delegate_to: localhost
  register: certificate
  when: csr.needed

- name: Look, collect, but never order
  twca.ssl.twca_certificate:
    csr_path: /etc/twca/www.example.com.tw/pending/request.csr
    allow_order: false
  delegate_to: localhost
"""

RETURN = r"""
status:
  description:
    - V(issued) if the certificate is here, V(pending) if it is being waited for.
    - V(rejected), with which the task fails, if TWCA turned the order down.
  returned: success, and on a rejection
  type: str
  sample: pending
operation:
  description: What was done. V(none), V(download) (the certificate came), V(apply) or V(renew) (an order was placed).
  returned: success
  type: str
  sample: apply
certificate:
  description: The certificate, PEM.
  returned: when RV(status=issued)
  type: str
chain:
  description: The intermediate certificates, PEM, the certificate's issuer first, the root left out.
  returned: when RV(status=issued)
  type: list
  elements: str
fullchain:
  description: The certificate and its intermediates, PEM.
  returned: when RV(status=issued)
  type: str
seals:
  description: Seal pictures that came with the notice by mail (manual §4.6.1), in base64, by file name.
  returned: when RV(status=issued)
  type: dict
superseded:
  description: Other certificates of the same common name that were collected here and are still valid, until they are revoked or expire.
  returned: success
  type: list
  elements: dict
  contains:
    serial_number:
      description: Serial number, hexadecimal.
      type: str
    not_after:
      description: End of the validity, ISO 8601, UTC.
      type: str
    revocation:
      description: V(submitting) or V(requested) if M(twca.ssl.twca_revoke) has asked for its revocation, else null.
      type: str
serial_number:
  description: The certificate's serial number, hexadecimal.
  returned: when RV(status=issued)
  type: str
  sample: 5F3A0C
not_before:
  description: Begin of the validity, ISO 8601, UTC.
  returned: when RV(status=issued)
  type: str
  sample: '2026-11-23T02:30:00Z'
not_after:
  description: End of the validity, ISO 8601, UTC.
  returned: when RV(status=issued)
  type: str
  sample: '2027-06-09T02:30:00Z'
days_left:
  description: Days until the end of the validity.
  returned: when RV(status=issued)
  type: int
  sample: 198
order:
  description: What the journal knows of the order.
  returned: success, and on a failure that concerns an order
  type: dict
  contains:
    state:
      description: V(prepared), V(submitting), V(uncertain), V(accepted), V(issued) or V(rejected).
      type: str
    operation:
      description: V(apply) or V(renew).
      type: str
    submitted_at:
      description: When the request that may have placed the order was about to be sent, ISO 8601, UTC.
      type: str
    accepted_at:
      description: When the portal said that it has the order, ISO 8601, UTC.
      type: str
    issued_at:
      description: When the certificate came, ISO 8601, UTC.
      type: str
    portal_message:
      description: What the portal last said about the order.
      type: str
    contact_changes:
      description: In a renewal, the contacts' fields that the portal showed otherwise and that were updated.
      type: list
      elements: dict
portal_requests:
  description: HTTP requests made to the portal.
  returned: success
  type: int
  sample: 0
"""

import typing as t
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.twca.ssl.plugins.module_utils import _portal_options
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError

_CONTACT = ("name", "title", "company", "tax_id", "city", "address", "postal_code", "phone", "fax", "email")


def _argument_spec() -> dict[str, dict[str, t.Any]]:
    contact: dict[str, dict[str, t.Any]] = {field: {"type": "str"} for field in _CONTACT}
    return {
        **_portal_options.argument_spec(),
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
    }


def _run(module: AnsibleModule) -> dict[str, t.Any]:
    # Only here, so that a library that is missing becomes a sentence.
    from ansible_collections.twca.ssl.plugins.module_utils._order import obtain  # noqa: PLC0415

    params = module.params
    with _portal_options.portal_opener(params, check_mode=module.check_mode) as open_portal:
        return obtain.obtain(
            params,
            params["csr_content"] or _read(params["csr_path"]),
            check_mode=module.check_mode,
            state_dir=_portal_options.state_directory(params),
            open_portal=open_portal,
        )


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as exc:
        raise InputError(f"csr_path: {path} cannot be read ({exc.strerror}).") from exc


def main() -> None:
    module = DiscreetModule(
        argument_spec=_argument_spec(),
        mutually_exclusive=[("csr_content", "csr_path")],
        required_one_of=[("csr_content", "csr_path")],
        required_if=[("delivery", "mailbox", ["mailbox"])],
        supports_check_mode=True,
    )
    with reported(module):
        result = _run(module)
    for warning in result.pop("warnings"):
        module.warn(warning)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
