# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the action of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_tags
short_description: Refuse tags that a playbook of the collection does not have
version_added: 0.1.0
description:
  - Fails where C(--tags) or C(--skip-tags) name a tag that the playbook does not have, since Ansible would end well without having done anything.
  - It looks only where a playbook of this collection is on the command line; in a playbook that imports one, the tags are that one's.
  - It is a part of the playbooks.
options:
  known:
    description: The tags that the playbook has.
    type: list
    elements: str
    required: true
extends_documentation_fragment:
  - twca.ssl.attributes.step
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Refuse unknown tags
  twca.ssl.twca_tags:
    known: [look, order, install, report]
  run_once: true
  tags: [always]
"""

RETURN = r""" # """
