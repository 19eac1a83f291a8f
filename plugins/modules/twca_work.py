# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the action of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_work
short_description: Tell what is to be installed on a host of the roles
version_added: 0.1.0
description:
  - Tells which certificates are at hand for a host, and are not yet proven to be in use there.
  - It is a part of the role P(twca.ssl.certificate#role).
options:
  ask:
    description:
      - V(install) asks what is to be installed.
      - V(promote) asks what of it this host shall have promoted where the key is, now that all its servers have it.
      - V(forgotten) fails if the run forgot something that it must not leave behind.
    type: str
    choices: [install, promote, forgotten]
    default: install
extends_documentation_fragment:
  - twca.ssl.attributes.step
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Find out what is to be done here
  twca.ssl.twca_work:
  register: found
"""

RETURN = r"""
work:
  description:
    - The host's claims with something to do, each with C(leader), the host that asked for it; C(issued), whether the certificate has just
      come, then with C(certificate), C(chain) and C(public_key_sha256); C(shared), whether the key is another host's; C(stamp), what is to be noted once it is
      proven; and C(drifted), whether files differ.
  returned: with O(ask=install) and O(ask=promote)
  type: list
  elements: dict
shares:
  description: Whether one of them has just come for a key that another host holds.
  returned: with O(ask=install) and O(ask=promote)
  type: bool
"""
