# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report as metrics for the textfile collector of Prometheus' node exporter (exposition format 0.0.4)."""

from __future__ import annotations

import typing as t

from . import fleet, moments

_PREFIX = "twca_"
_TIMES = {
    "certificate_not_before_timestamp_seconds": ("not_before", "Start of the certificate's validity."),
    "certificate_not_after_timestamp_seconds": ("not_after", "End of the certificate's validity."),
    "certificate_renew_from_timestamp_seconds": ("renew_from", "When the certificate is due for renewal."),
}


def render(document: dict[str, t.Any]) -> str:
    """All metrics. Series come and go with certificates and orders only, never with what they are like at the moment."""
    rows = document["certificates"]
    on_hosts = [row for row in rows if row["host"]]
    lines = _family("report_timestamp_seconds", "When the report was made.", [({}, _seconds(document["generated_at"]))])
    for name, (field, explanation) in _TIMES.items():
        samples = [(_labels(row), _seconds(row[field])) for row in on_hosts if row[field]]
        lines += _family(name, explanation, samples)
    lines += _family(
        "certificate_problem",
        "1 where the certificate has this problem.",
        [({**_labels(row), "problem": kind}, int(kind in row["kinds"])) for row in on_hosts for kind in fleet.KINDS],
    )
    lines += _family(
        "certificate_state",
        "1 for the state that the certificate is in.",
        [({**_labels(row), "state": state}, int(row["state"] == state)) for row in on_hosts for state in fleet.STATES],
    )
    waiting = {row["common_name"]: row["order"] for row in rows if row["order"]}
    lines += _family(
        "order_pending_since_timestamp_seconds",
        "When an order was sent that is not settled yet.",
        [({"common_name": name, "state": order["state"]}, _seconds(order["since"])) for name, order in waiting.items()],
    )
    return "\n".join(lines) + "\n"


def _family(name: str, explanation: str, samples: t.Iterable[tuple[dict[str, str], int]]) -> list[str]:
    name = _PREFIX + name
    return [
        f"# HELP {name} {explanation}",
        f"# TYPE {name} gauge",
        *(f"{name}{_written(labels)} {value}" for labels, value in samples),
    ]


def _labels(row: dict[str, t.Any]) -> dict[str, str]:
    # Not instance, which Prometheus sets to where it scraped.
    return {"certificate_host": row["host"], "common_name": row["common_name"]}


def _written(labels: dict[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{label}="{_escaped(value)}"' for label, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _seconds(text: str) -> int:
    return int(moments.parse(text).timestamp())
