# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which root certificates are checked before the first order of any host."""

from __future__ import annotations

import typing as t

from ansible_collections.twca.ssl.plugins.module_utils._plan import requests


class FilterModule:
    """Ansible's way to find the filter, documented in ``order_roots.yml``."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"order_roots": requests.roots}
