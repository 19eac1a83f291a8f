# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the action of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_look
short_description: Look at what a host of the roles has and what is due there
version_added: 0.1.0
description:
  - Puts together what the host claims, from the variables of the role P(twca.ssl.certificate#role) and of the role of its server, and asks
    M(twca.ssl.twca_due_info) on the host about it.
  - It is a part of the role P(twca.ssl.certificate#role), and the one task that a host costs on a day on which nothing is due.
options:
  only_claims:
    description: Do not ask the host, and fail where a variable cannot be meant. Otherwise M(twca.ssl.twca_plan) does, for all hosts together.
    type: bool
    default: false
extends_documentation_fragment:
  - twca.ssl.attributes.step
attributes:
  platform:
    details:
      - Windows hosts are not asked.
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Look at what is there and what is due
  twca.ssl.twca_look:
  register: look
"""

RETURN = r"""
claims:
  description:
    - One dictionary for each entry of C(twca_certificates), with all that follows from the other variables, without secrets.
    - An entry or a variable that cannot be meant, since its name or its type is wrong, has C(problem), a sentence.
  returned: always
  type: list
  elements: dict
certificates:
  description: What M(twca.ssl.twca_due_info) returns, for each claim without a problem.
  returned: when the host was asked
  type: list
  elements: dict
unknown:
  description: Names of variables that begin with C(twca_), that no role reads, and that are like none that a role reads.
  returned: when there are any
  type: list
  elements: str
"""
