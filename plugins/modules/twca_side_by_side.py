# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the action of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_side_by_side
short_description: Go on only where the hosts of a play go side by side
version_added: 0.1.0
description:
  - Fails in a play whose strategy lets a host begin a task before all others have ended the one before it, such as P(ansible.builtin.free#strategy).
    There, what concerns all hosts of a play, such as how many orders they place, cannot be checked before the first order.
  - It is a part of the role P(twca.ssl.certificate#role).
extends_documentation_fragment:
  - twca.ssl.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: N/A
  idempotent:
    support: full
  platform:
    support: full
    platforms: all
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Go on only where all hosts are compared
  twca.ssl.twca_side_by_side:
"""

RETURN = r""" # """
