#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: twca_revoke
short_description: Ask TWCA to revoke a certificate
description:
  - Asks for the revocation of one certificate through the portal (manual §4.5), and follows it until TWCA has confirmed it.
  - It is confirmed when the portal lists the certificate as revoked, or its OCSP responder or CRL says so, whose answers count only
    if the certificate's issuer, or a responder of the issuer's, signed them. They are asked if the certificate is at hand, given as
    O(certificate_path) or O(certificate_content), in the journal, or, once its revocation was asked for, in the portal's download.
    What cannot be reached is warned of. Proxies come from the environment.
  - A revocation cannot be undone, and the portal is told only a name, which after a renewal two certificates bear. So the certificate
    is given by its serial number, and nothing is sent unless the portal lists that very one.
  - TWCA also wants the paper form (用戶註銷憑證申請單), stamped, by post or fax; the role P(twca.ssl.forms#role) prints it.
    RV(page) is the portal's confirmation page, to print, stamp and fax.
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
      - Searches the portal, and sends no request for revocation.
  diff_mode:
    support: full
  platform:
    platforms: posix
    support: full
  idempotent:
    support: full
options:
  common_name:
    description: The site name that the certificate was applied for. The portal tells upper from lower case.
    type: str
    required: true
  serial_number:
    description:
      - The certificate's serial number, in hexadecimal as the modules return it, or in decimal as the portal shows it.
      - Exactly one of O(serial_number), O(certificate_path) and O(certificate_content) is required.
    type: str
  certificate_path:
    description: Path of the certificate where the module runs; its chain may stand after it.
    type: path
  certificate_content:
    description: The certificate, PEM; its chain may stand after it.
    type: str
  reason:
    description: The reason, if the portal asks for one; as in its list, upper and lower case being one, a part being enough.
    type: str
  wait_timeout:
    description: How long to wait until TWCA has confirmed the revocation, in seconds. V(0) never waits.
    type: int
    default: 0
  still_served:
    description:
      - Endpoints, as C(host:port), that must no longer serve the certificate. While one does the task fails, unless O(force=true).
      - An endpoint that cannot be reached is warned of.
    type: list
    elements: str
  force:
    description: Revoke although an endpoint still serves the certificate, for example because its key was stolen.
    type: bool
    default: false
  by_paper:
    description:
      - Go on although the portal lists more than one valid certificate of the name and its form offers no choice.
      - The paper form names the serial number, and TWCA's officer goes by it.
    type: bool
    default: false
seealso:
  - module: twca.ssl.twca_certificate
  - ref: twca.ssl.revoke <ansible_collections.twca.ssl.docsite.guide_playbooks>
    description: The playbook that replaces first, proves, then revokes.
"""

EXAMPLES = r"""
- name: Revoke the certificate that was replaced
  twca.ssl.twca_revoke:
    common_name: www.example.com.tw
    serial_number: 5F3A0C
    passphrase: "{{ vault_twca_passphrase }}"
    still_served:
      - www1.example.com.tw:443
      - www2.example.com.tw:443
  delegate_to: localhost
  register: revocation

- name: Keep the page to print, stamp and fax
  ansible.builtin.copy:
    content: "{{ revocation.page }}"
    dest: ~/revocation.html
    mode: "0600"
  delegate_to: localhost
  when: revocation.page | length > 0
"""

RETURN = r"""
status:
  description:
    - V(requested) if TWCA has been asked and has not confirmed yet, V(revoked) if it has,
      V(not_found) if the portal lists no certificate of the name.
  returned: success
  type: str
  sample: requested
confirmed_by:
  description: Who confirmed it, V(portal), V(ocsp) or V(crl); V(null) while nobody has.
  returned: success
  type: str
  sample: ocsp
serial_number:
  description: The certificate's serial number, hexadecimal.
  returned: success
  type: str
  sample: 5F3A0C
portal_message:
  description: What the portal said.
  returned: success
  type: str
page:
  description: The portal's confirmation page (HTML), to print, stamp and fax. Empty if this collection did not ask for the revocation.
  returned: success
  type: str
portal_requests:
  description: HTTP requests made to the portal.
  returned: success
  type: int
  sample: 7
still_serving:
  description: The endpoints that still serve the certificate.
  returned: when the task fails because of them
  type: list
  elements: str
page_path:
  description: The file in which the page is kept at which the task stopped, below O(state_dir).
  returned: when the task fails at a page that it does not understand
  type: str
  sample: /home/twca/.local/state/twca/pages/20261128T102952.264310Z-2916.html
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.twca.ssl.plugins.module_utils import _portal_options
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported


def _run(module: AnsibleModule) -> dict[str, t.Any]:
    # Only here, so that a library that is missing becomes a sentence.
    from ansible_collections.twca.ssl.plugins.module_utils._deploy import fetch, served  # noqa: PLC0415
    from ansible_collections.twca.ssl.plugins.module_utils._order.revocation import Revocation  # noqa: PLC0415

    params = module.params
    with _portal_options.portal_opener(
        params, check_mode=module.check_mode, secrets=module.no_log_values
    ) as open_portal:
        revocation = Revocation(
            params,
            _portal_options.state_directory(params),
            open_portal=open_portal,
            peek=lambda host, port, name: served.peek(host, port, name).leaf.serial_number,
            fetch=fetch.fetch,
        )
        result = revocation.run(check_mode=module.check_mode)
    for warning in dict.fromkeys(revocation.warnings):
        module.warn(warning)
    return {**result, "portal_requests": revocation.portal_requests}


def main() -> None:
    sources = ("serial_number", "certificate_path", "certificate_content")
    module = DiscreetModule(
        argument_spec={
            **_portal_options.argument_spec(),
            "common_name": {"type": "str", "required": True},
            "serial_number": {"type": "str"},
            "certificate_path": {"type": "path"},
            "certificate_content": {"type": "str"},
            "reason": {"type": "str"},
            "wait_timeout": {"type": "int", "default": 0},
            "still_served": {"type": "list", "elements": "str"},
            "force": {"type": "bool", "default": False},
            "by_paper": {"type": "bool", "default": False},
        },
        mutually_exclusive=[sources],
        required_one_of=[sources],
        supports_check_mode=True,
    )
    with reported(module):
        result = _run(module)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
