# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where certificates may be served."""

from __future__ import annotations

import typing as t

from ansible_collections.twca.ssl.plugins.module_utils._plan import endpoints
from ansible_collections.twca.ssl.plugins.plugin_utils._filters import with_clear_errors


class FilterModule:
    """Ansible's way to find the filter, documented in ``claims_endpoints.yml``."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"claims_endpoints": with_clear_errors(endpoints.endpoints)}
