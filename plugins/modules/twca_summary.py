# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the action of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_summary
short_description: Tell at the end of a run what it did
version_added: 0.1.0
description:
  - Tells what was ordered, what is awaited and since when, what was installed and proven, and what needs a person, in a line for each certificate with news.
  - Tells in one line how many there are of each kind, how many are in order, and when the next renewal is due.
  - It is a part of the role P(twca.ssl.certificate#role), which runs it once for all hosts.
extends_documentation_fragment:
  - twca.ssl.attributes.step
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Put together what this run did
  twca.ssl.twca_summary:
  run_once: true
  register: summary
"""

RETURN = r"""
lines:
  description: The lines.
  returned: always
  type: list
  elements: str
"""
