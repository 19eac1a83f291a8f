# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the action of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_ask
short_description: Put together what a host of the roles asks of TWCA
version_added: 0.1.0
description:
  - Puts the CSRs of a host, its entries of C(twca_certificates) and the other variables of the role P(twca.ssl.certificate#role) together to
    the requests of M(twca.ssl.twca_certificates).
  - It is a part of that role. Nothing is sent.
  - The result holds passphrases, so a task with it needs C(no_log).
options:
  made:
    description: The results of M(twca.ssl.twca_csr), in a loop over the claims of M(twca.ssl.twca_look).
    type: list
    elements: dict
    required: true
  abandoned:
    description: The results of M(twca.ssl.twca_order) in a loop over the keys that are to be discarded.
    type: list
    elements: dict
extends_documentation_fragment:
  - twca.ssl.attributes.step
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Gather what is asked
  twca.ssl.twca_ask:
    made: "{{ made.results }}"
  no_log: true
  register: asked
"""

RETURN = r"""
host:
  description: The host.
  returned: always
  type: str
counter:
  description: Where it asks, C(portal_host), C(become), C(concurrency) and C(portal), the portal's options.
  returned: always
  type: dict
requests:
  description: For each CSR C(common_name), C(shown), C(reason), C(public_key_sha256) and C(request), the options of the module.
  returned: always
  type: list
  elements: dict
refused:
  description: What needs a person before anything can be asked, each with C(shown) and C(msg).
  returned: always
  type: list
  elements: dict
roots:
  description: For each variable that names root certificates for what is to be ordered, C(variable) and C(trusted_roots).
  returned: always
  type: list
  elements: dict
unmade:
  description: What needs a certificate and has no CSR, as in check mode.
  returned: always
  type: list
  elements: dict
"""
