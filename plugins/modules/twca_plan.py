# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the action of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_plan
short_description: Compare what all hosts of a play claim
version_added: 0.1.0
description:
  - Tells, from what M(twca.ssl.twca_look) returned for all hosts of the play, which of them have something to do.
  - Fails where a variable or an entry cannot be meant, and where one name would be ordered for two keys.
  - It is a part of the role P(twca.ssl.certificate#role), which runs it once for all hosts.
options:
  key_looks:
    description: The results of M(twca.ssl.twca_due_info) in a loop over RV(key_hosts).
    type: list
    elements: dict
extends_documentation_fragment:
  - twca.ssl.attributes.step
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Compare what all hosts claim
  twca.ssl.twca_plan:
  run_once: true
  register: fleet
"""

RETURN = r"""
claimed:
  description: How many claims there are.
  returned: success
  type: int
problems:
  description: Sentences on entries that cannot be meant.
  returned: success
  type: list
  elements: str
clashes:
  description: Names that are claimed with more than one key.
  returned: success
  type: list
  elements: str
leaders:
  description: By name, the host that asks for a certificate that servers share.
  returned: success
  type: dict
servers:
  description: By name, the hosts that share a certificate.
  returned: success
  type: dict
serial_numbers:
  description: By name, the serial number of what is live where a shared key is.
  returned: success
  type: dict
key_hosts:
  description: Hosts that hold keys for others, with what is to be asked of them.
  returned: success
  type: list
  elements: dict
due:
  description: By host, the names for which a key pair may have to be made there.
  returned: success
  type: dict
pending:
  description: Those of these names that a key waits for already.
  returned: success
  type: list
  elements: str
discards:
  description: By host, the keys that are to be discarded first.
  returned: success
  type: dict
busy:
  description: The hosts that have something to do.
  returned: success
  type: list
  elements: str
run:
  description: What is known of the whole run, for M(twca.ssl.twca_summary).
  returned: always
  type: dict
may_order:
  description: Whether the tags that the run is limited to allow orders.
  returned: always
  type: bool
"""
