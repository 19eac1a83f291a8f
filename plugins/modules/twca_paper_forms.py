# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the action of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_paper_forms
short_description: Put together what stands on TWCA's paper forms
version_added: 0.1.0
description:
  - Makes one dictionary per paper form from the variables of the role P(twca.ssl.forms#role), for its template to lay out.
  - Names, subject and contacts go through the checks of the modules, so that what is on paper equals what is uploaded.
  - Only what belongs on paper is taken over. A passphrase in an entry never is.
  - It is a part of the role P(twca.ssl.forms#role), and reads the certificates that are to be revoked with
    M(twca.ssl.twca_certificate_info) on the host that it is delegated to.
options: {}
extends_documentation_fragment:
  - twca.ssl.attributes
attributes:
  check_mode:
    support: full
    details:
      - It changes nothing, with or without.
  diff_mode:
    support: N/A
  idempotent:
    support: full
  platform:
    support: full
    platforms: posix
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Put together what stands on the forms
  twca.ssl.twca_paper_forms:
  delegate_to: "{{ twca_portal_host }}"
  register: paper
"""

RETURN = r"""
forms:
  description: For each form its C(path), relative and without its ending, and what stands on it.
  returned: success
  type: list
  elements: dict
directories:
  description: The directories of the forms, relative; the first is empty, for the one above them.
  returned: success
  type: list
  elements: str
notices:
  description: Sentences on what was put right in the contacts.
  returned: success
  type: list
  elements: str
"""
