#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: twca_order
short_description: Tell the journal what a person decided about an order
version_added: 0.1.0
description:
  - Some things only a person can know or decide. Was an order placed whose answer was lost? Is a key given up? This module writes the
    answer into the journal of M(twca.ssl.twca_certificate). Nothing is sent to TWCA.
  - Each decision names the key that it is about, so it acts once, however often it is repeated.
options:
  common_name:
    description: The name that the order is for, as in the CSR.
    type: str
    required: true
  public_key_sha256:
    description:
      - The beginning of the SHA-256 of the key's SubjectPublicKeyInfo, in hexadecimal, at least 8 characters. Messages print it.
      - For a key that the journal does not know yet, all 64 characters.
    type: str
    required: true
  state:
    description:
      - V(placed) says that the order was placed. It is awaited from now on.
      - V(not_placed) says that it was not placed. The next run may order.
      - V(abandoned) says that the key is given up. Nothing is ordered for it any more, and it is no longer awaited. A key that the
        journal does not know stays unknown.
    type: str
    choices: [placed, not_placed, abandoned]
    required: true
  discard_accepted:
    description:
      - With O(state=abandoned), give up an order that may still become a certificate too. That certificate cannot be used then, and
        a new order is paid, or costs the people of TWCA days, again.
    type: bool
    default: false
  state_dir:
    description:
      - Directory of the journal, as in M(twca.ssl.twca_certificate).
      - Can be set by the environment variable E(TWCA_STATE_DIR) too.
    type: path
    default: ~/.local/state/twca
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  platform:
    support: full
    platforms: posix
author:
  - The twca.ssl contributors (@twca-ssl)
seealso:
  - module: twca.ssl.twca_certificate
  - module: twca.ssl.twca_order_info
"""

EXAMPLES = r"""
- name: TWCA says that they have the order
  twca.ssl.twca_order:
    common_name: www.example.com.tw
    public_key_sha256: 5f3a09c1
    state: placed

- name: TWCA says that they do not have it, so the next run orders
  twca.ssl.twca_order:
    common_name: www.example.com.tw
    public_key_sha256: 5f3a09c1
    state: not_placed
"""

RETURN = r"""
order:
  description: What the journal knows of the order now, with the return values of RV(twca.ssl.twca_certificate#module:order); empty if nothing.
  returned: success
  type: dict
"""

import re
import typing as t

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._order import records
from ansible_collections.twca.ssl.plugins.module_utils._order.book import Applicant
from ansible_collections.twca.ssl.plugins.module_utils._order.journal import ABANDONED, Journal, Record
from ansible_collections.twca.ssl.plugins.module_utils._order.manual import told
from ansible_collections.twca.ssl.plugins.module_utils._order.sentences import describe
from ansible_collections.twca.ssl.plugins.module_utils._portal_options import state_directory

_LOCK_TIMEOUT = 600  # seconds; a run may be ordering for the name


def _find(journal: Journal, common_name: str, beginning: str) -> tuple[str, Record | None]:
    """The whole hash of the key, and what the journal knows of it."""
    if not re.fullmatch(r"[0-9a-f]{8,64}", beginning):
        raise InputError(
            f"public_key_sha256 is {beginning!r}; give at least the first 8 hexadecimal characters, as the message printed them."
        )
    found = [one for one in journal.of_name(common_name) if one.public_key_sha256.startswith(beginning)]
    if len(found) > 1:
        raise InputError(
            f"public_key_sha256: {len(found)} keys of {common_name} begin with {beginning}; give more of it."
        )
    if found:
        return found[0].public_key_sha256, found[0]
    return beginning, None


def _decide(module: AnsibleModule) -> tuple[Record | None, Record | None]:
    """The record before and after."""
    params = module.params
    journal, name, state = Journal(state_directory(params)), params["common_name"], params["state"]
    with journal.locked(name, timeout=_LOCK_TIMEOUT):
        key, before = _find(journal, name, params["public_key_sha256"].lower())
        if before is None and state == ABANDONED:
            return None, None
        if before is None and len(key) < 64:
            raise InputError(
                f"public_key_sha256: the journal knows no key of {name} that begins with {key}. "
                "Check both; for a key that it does not know yet, give all 64 characters."
            )
        after = told(
            before,
            Applicant(name, (name,), key, ""),
            state,
            records.now(),
            discard_accepted=params["discard_accepted"],
        )
        if after != before and not module.check_mode:
            journal.write(after)
    return before, after


def main() -> None:
    module = DiscreetModule(
        argument_spec={
            "common_name": {"type": "str", "required": True},
            "public_key_sha256": {"type": "str", "required": True, "no_log": False},
            "state": {"type": "str", "choices": ["placed", "not_placed", "abandoned"], "required": True},
            "discard_accepted": {"type": "bool", "default": False},
            "state_dir": {
                "type": "path",
                "default": "~/.local/state/twca",
                "fallback": (env_fallback, ["TWCA_STATE_DIR"]),
            },
        },
        supports_check_mode=True,
    )
    with reported(module):
        before, after = _decide(module)
    shown: list[dict[str, t.Any]] = [{"state": one.state} if one else {} for one in (before, after)]
    module.exit_json(
        changed=after != before,
        order=describe(after) if after else {},
        diff={"before": shown[0], "after": shown[1]},
    )


if __name__ == "__main__":
    main()
