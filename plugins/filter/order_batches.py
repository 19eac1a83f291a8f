# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which certificates are asked for in one run of a module, for the role certificate."""

from __future__ import annotations

import json
import typing as t

from ansible.errors import AnsibleFilterError


def order_batches(asked: t.Sequence[dict[str, t.Any]], most: int | None = None) -> list[dict[str, t.Any]]:
    """The filter, documented in ``order_batches.yml``."""
    try:
        by_counter: dict[str, list[tuple[dict[str, t.Any], dict[str, t.Any]]]] = {}
        for host in asked:
            for request in host["requests"]:
                counter = json.dumps(host["counter"], sort_keys=True, default=str)
                by_counter.setdefault(counter, []).append((host, request))
    except (KeyError, TypeError) as exc:
        raise AnsibleFilterError(f"These are not the requests of hosts: {exc!r}") from exc
    total = sum(map(len, by_counter.values()))
    batches: list[dict[str, t.Any]] = []
    before = 0
    for group in by_counter.values():
        step = most or len(group)
        for start in range(0, len(group), step):
            part = group[start : start + step]
            first, last = before + 1, before + len(part)
            batches.append(
                {
                    **part[0][0]["counter"],
                    "span": part[0][1]["common_name"] if total == 1 else f"{first} to {last} of {total}",
                    "first": first,
                    "total": total,
                    "requests": [request["request"] for _host, request in part],
                    "owners": [
                        {"host": host["host"], "common_name": request["common_name"], "reason": request["reason"]}
                        for host, request in part
                    ],
                }
            )
            before = last
    return batches


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"order_batches": order_batches}
