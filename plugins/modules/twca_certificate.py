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
    sent; where that does not settle it, the module stops and says what a person must decide (see M(twca.ssl.twca_order)).
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
  - twca.ssl.certificate
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
seealso:
  - module: twca.ssl.twca_certificates
  - module: twca.ssl.twca_order
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
common_name:
  description: The CSR's common name.
  returned: whenever the CSR could be read
  type: str
public_key_sha256:
  description: SHA-256 of the CSR's public key (its SubjectPublicKeyInfo), lower-case hex.
  returned: whenever the CSR could be read
  type: str
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
      description:
        - V(prepared), V(submitting), V(uncertain), V(accepted), V(placed) (by a person), V(issued), V(rejected) or V(abandoned).
      type: str
    operation:
      description: V(apply) or V(renew).
      type: str
    public_key_sha256:
      description: SHA-256 of the key's SubjectPublicKeyInfo, lower-case hex.
      type: str
    holder:
      description: Who holds the key, as O(holder) said when it was ordered.
      type: str
    submitted_at:
      description: When the request that may have placed the order was about to be sent, ISO 8601, UTC.
      type: str
    accepted_at:
      description: When the portal said that it has the order, ISO 8601, UTC.
      type: str
    placed_at:
      description: When a person said that the order was placed, ISO 8601, UTC.
      type: str
    issued_at:
      description: When the certificate came, ISO 8601, UTC.
      type: str
    abandoned_at:
      description: When a person discarded the key, ISO 8601, UTC.
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
page_path:
  description: The file in which the page is kept at which the task stopped, below O(state_dir).
  returned: when the task fails at a page that it does not understand
  type: str
  sample: /home/twca/.local/state/twca/pages/20261128T102952.264310Z-2916.html
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.twca.ssl.plugins.module_utils import _certificate_options, _portal_options
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported


def _run(module: AnsibleModule) -> dict[str, t.Any]:
    # Only here, so that a library that is missing becomes a sentence.
    from ansible_collections.twca.ssl.plugins.module_utils._order import obtain  # noqa: PLC0415

    params = module.params
    with _portal_options.portal_opener(
        params, check_mode=module.check_mode, secrets=module.no_log_values
    ) as open_portal:
        return obtain.obtain(
            params,
            check_mode=module.check_mode,
            state_dir=_portal_options.state_directory(params),
            open_portal=open_portal,
        )


def main() -> None:
    module = DiscreetModule(
        argument_spec={**_portal_options.argument_spec(), **_certificate_options.argument_spec()},
        **_certificate_options.CONDITIONS,
        supports_check_mode=True,
    )
    with reported(module):
        result = _run(module)
    for warning in result.pop("warnings"):
        module.warn(warning)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
