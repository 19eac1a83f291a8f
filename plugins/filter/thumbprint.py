# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A certificate's thumbprint, by which Windows knows it."""

from __future__ import annotations

import typing as t

from ansible_collections.twca.ssl.plugins.module_utils._pki import thumbprint
from ansible_collections.twca.ssl.plugins.plugin_utils._filters import with_clear_errors


class FilterModule:
    """Ansible's way to find the filter, documented in ``thumbprint.yml``."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"thumbprint": with_clear_errors(thumbprint.thumbprint)}
