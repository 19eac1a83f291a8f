# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the action of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_variables
short_description: Check the variables that an order is made from
version_added: 0.1.0
description:
  - Fails with a sentence for each variable of the roles, and each option in one, that is misspelled or is not of its type.
  - M(twca.ssl.twca_look) has done so before with what is no template. Here the templates are filled in, those of secrets too.
  - It is a part of the role P(twca.ssl.certificate#role), which runs it for the hosts on which something is due, before anything is written.
extends_documentation_fragment:
  - twca.ssl.attributes.step
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Check the variables
  twca.ssl.twca_variables:
"""

RETURN = r""" # """
