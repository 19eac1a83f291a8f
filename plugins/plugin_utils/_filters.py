# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the filters share."""

from __future__ import annotations

import functools
import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError


def with_clear_errors(function: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
    """The function, whose errors about what a user gave are a filter's."""

    @functools.wraps(function)
    def filtered(*arguments: t.Any, **options: t.Any) -> t.Any:
        try:
            return function(*arguments, **options)
        except InputError as exc:
            raise AnsibleFilterError(exc.message) from exc

    return filtered
