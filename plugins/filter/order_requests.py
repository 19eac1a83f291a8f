# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of the portal for a host's certificates, for the role certificate."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.twca.ssl.plugins.module_utils._certificate_options import argument_spec

# What an entry of the role's list may say of itself; the rest is the role's to say.
_BY_ROLE = {"csr_content", "csr_path", "path", "chain_path", "fullchain_path", "allow_order"}
_OWN = {*argument_spec(), "passphrase"} - _BY_ROLE


def order_requests(
    due: t.Sequence[dict[str, t.Any]], entries: t.Sequence[dict[str, t.Any]], shared: dict[str, t.Any]
) -> list[dict[str, t.Any]]:
    """The filter, documented in ``order_requests.yml``."""
    try:
        by_name = {entry["common_name"]: entry for entry in entries}
        asked = []
        for one in due:
            if not one["csr"]:
                continue
            entry = by_name[one["common_name"]]
            request = {**shared, **{key: entry[key] for key in _OWN if key in entry}, "csr_content": one["csr"]}
            asked.append(
                {
                    "common_name": one["common_name"],
                    "reason": one["reason"],
                    "request": {key: value for key, value in request.items() if value is not None},
                }
            )
    except (KeyError, TypeError) as exc:
        raise AnsibleFilterError(f"These are not what is due for twca_certificates: {exc!r}") from exc
    return asked


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"order_requests": order_requests}
