# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the action of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_fleet_look
short_description: Look at what a host has and serves, for a report
version_added: 0.1.0
description:
  - Puts together what the host should have, from the variables of the role P(twca.ssl.report#role), and asks
    M(twca.ssl.twca_certificate_info) about it, once for all certificates that are served in one place.
  - It looks where the role P(twca.ssl.certificate#role) proves what is served. A host that cannot be looked at does not fail the task.
  - It is a part of the role P(twca.ssl.report#role).
options: {}
extends_documentation_fragment:
  - twca.ssl.attributes.step
attributes:
  platform:
    details:
      - For a Windows host, delegate it to the host that keeps its keys.
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Look at the certificates and what is served
  twca.ssl.twca_fleet_look:
  register: look
"""

RETURN = r"""
host:
  description: The host's name.
  returned: always
  type: str
claims:
  description:
    - For each entry of C(twca_certificates) its C(common_name), C(directory), C(renew_within), C(served), whether a server is looked at,
      and C(endpoint), where; or C(problem), why it cannot be meant.
  returned: always
  type: list
  elements: dict
looks:
  description:
    - For each call its C(directories), C(certificates), as M(twca.ssl.twca_certificate_info) returns them, and C(error), why there are none.
  returned: always
  type: list
  elements: dict
"""
