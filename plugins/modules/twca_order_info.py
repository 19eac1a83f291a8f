#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: twca_order_info
short_description: List the orders in the journal
version_added: 0.1.0
description:
  - Lists what the journal of M(twca.ssl.twca_certificate) knows of the orders that were placed from this host. The portal is not asked.
options:
  state_dir:
    description:
      - Directory of the journal, as in M(twca.ssl.twca_certificate).
      - Can be set by the environment variable E(TWCA_STATE_DIR) too.
    type: path
    default: ~/.local/state/twca
  common_name:
    description: Only the orders for this name.
    type: str
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    support: full
    platforms: posix
author:
  - The twca.ssl contributors (@twca-ssl)
seealso:
  - module: twca.ssl.twca_certificate
  - module: twca.ssl.twca_order
"""

EXAMPLES = r"""
- name: Look at the journal
  twca.ssl.twca_order_info:
  register: journal

- name: Say what is awaited
  ansible.builtin.debug:
    msg: "{{ item.common_name }} since {{ item.submitted_at }}"
  loop: "{{ journal.orders | selectattr('state', 'in', ['submitting', 'uncertain', 'accepted', 'placed']) }}"
"""

RETURN = r"""
orders:
  description: The orders, by name and in the order in which they last moved.
  returned: success
  type: list
  elements: dict
  contains:
    common_name:
      description: The name that was ordered for.
      type: str
      returned: always
    public_key_sha256:
      description: SHA-256 of the public key's SubjectPublicKeyInfo, lower-case hex.
      type: str
      returned: always
    state:
      description:
        - V(prepared), V(submitting), V(uncertain), V(accepted), V(placed) (by a person), V(issued), V(rejected) or V(abandoned).
      type: str
      returned: always
    operation:
      description: V(apply) or V(renew).
      type: str
      returned: always
    changed_at:
      description: When the order entered this state, in UTC (ISO 8601).
      type: str
      returned: always
    submitted_at:
      description: When the committing request was announced.
      type: str
      returned: always
    accepted_at:
      description: When the portal accepted the order, or first listed it.
      type: str
      returned: always
    placed_at:
      description: When a person said that the order was placed.
      type: str
      returned: always
    holder:
      description: Who holds the key, as the task that ordered said.
      type: str
      returned: always
    issued_at:
      description: When the certificate came.
      type: str
      returned: always
    portal_message:
      description: What the portal last said of the order.
      type: str
      returned: always
    serial_number:
      description: The certificate's serial number in hex, once it is issued.
      type: str
      returned: always
"""

import typing as t

from ansible.module_utils.basic import env_fallback
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import (
    ACCEPTED,
    ISSUED,
    PLACED,
    SUBMITTING,
    Journal,
    Record,
)
from ansible_collections.twca.ssl.plugins.module_utils._portal_options import state_directory


def _order(record: Record) -> dict[str, t.Any]:
    return {
        "common_name": record.common_name,
        "public_key_sha256": record.public_key_sha256,
        "state": record.state,
        "operation": record.operation,
        "changed_at": record.reached(record.state),
        "submitted_at": record.reached(SUBMITTING),
        "accepted_at": record.reached(ACCEPTED),
        "placed_at": record.reached(PLACED),
        "holder": record.holder,
        "issued_at": record.reached(ISSUED),
        "portal_message": record.portal_message,
        "serial_number": record.serial_number,
    }


def main() -> None:
    module = DiscreetModule(
        argument_spec={
            "state_dir": {
                "type": "path",
                "default": "~/.local/state/twca",
                "fallback": (env_fallback, ["TWCA_STATE_DIR"]),
            },
            "common_name": {"type": "str"},
        },
        supports_check_mode=True,
    )
    with reported(module):
        journal = Journal(state_directory(module.params))
        name = module.params["common_name"]
        orders = [_order(record) for record in (journal.of_name(name) if name else journal.every())]
        orders.sort(key=lambda order: (order["common_name"], order["changed_at"]))
        module.exit_json(changed=False, orders=orders)


if __name__ == "__main__":
    main()
