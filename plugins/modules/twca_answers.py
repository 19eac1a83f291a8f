# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the action of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_answers
short_description: Take from what TWCA answered to all hosts what is one host's
version_added: 0.1.0
description:
  - One host asks TWCA for all; here each of them gets its own certificates, and has changed if one was ordered or collected for it.
  - It is a part of the role P(twca.ssl.certificate#role).
extends_documentation_fragment:
  - twca.ssl.attributes.step
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Take what is this host's
  twca.ssl.twca_answers:
  register: mine
"""

RETURN = r"""
issued:
  description: By common name, the answer with a certificate.
  returned: success
  type: dict
person_needed:
  description: What needs a person, each with C(shown) and C(msg).
  returned: success
  type: list
  elements: dict
"""
