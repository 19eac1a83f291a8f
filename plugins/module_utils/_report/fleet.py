# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet's certificates as one document: what each host has, what is due, awaited or broken, and what changed.

The document is plain data, the same that is written as JSON: times in UTC (ISO 8601), and what is relative to the time of
the report is so to its ``generated_at``.
"""

from __future__ import annotations

import datetime
import re
import typing as t

from .._pki import certificates, renewal
from . import changes, moments

FORMAT = 1
STATES = ("broken", "due", "pending", "ok")
# The kinds of what can be wrong: those of twca_certificate_info that are faults, and orders. A metric is made for each.
# A kind always comes with a sentence, so that page, data and metrics tell the same.
KINDS = ("unreadable", "expired", "revoked", "key_mismatch", "chain", "not_served", "order")

# States of the order journal in which an order may still become a certificate, and what then is awaited.
_AWAITED = {
    "accepted": "TWCA has the application. Its approval, which takes about two working days, and the certificate are awaited.",
    "placed": "A person ordered it from TWCA. Its approval, which takes about two working days, and the certificate are awaited.",
    "submitting": "The application is being sent, or a run broke off while it was; the next run asks the portal what came of it.",
}
_NEEDS_A_PERSON = {
    "uncertain": "No answer tells whether the order was placed. Ask TWCA, then tell the journal with twca_order.",
    "rejected": "TWCA rejected the order. Put right what it names, then run with the twca_discard that the last run's message names.",
}
Row = dict[str, t.Any]
Document = dict[str, t.Any]


def build(
    hosts: t.Sequence[dict[str, t.Any]],
    orders: t.Sequence[dict[str, t.Any]],
    now: datetime.datetime,
    previous: Document | None = None,
) -> Document:
    """The report.

    :param hosts: what :mod:`twca_fleet_look` returned for each: its ``host``, ``claims`` (dictionaries with ``common_name``,
        ``directory``, ``renew_within`` and ``served``, whether a server was looked at, or ``problem``) and ``looks``
        (dictionaries with ``directories``, ``certificates`` and ``error``, why there are none).
    :param orders: as :mod:`twca_order_info` returns them.
    :param now: aware.
    :param previous: the report before this one.
    :raises InputError: a ``renew_within`` cannot be read.
    """
    latest = _latest_orders(orders)
    rows = [_row(host, claim, latest, now) for host in hosts for claim in host["claims"]]
    claimed = {row["common_name"] for row in rows}
    rows += [_unclaimed(order) for name, order in latest.items() if name not in claimed and _is_open(order)]
    rows.sort(key=lambda row: (STATES.index(row["state"]), row["not_after"] or "", row["common_name"], row["host"]))
    return {
        "format": FORMAT,
        "generated_at": certificates.isoformat(now),
        "previous_at": previous["generated_at"] if previous else None,
        "summary": {"total": len(rows), **{state: sum(row["state"] == state for row in rows) for state in STATES}},
        "certificates": rows,
        "changes": changes.between(previous["certificates"], rows) if previous else [],
    }


def _row(
    host: dict[str, t.Any], claim: dict[str, t.Any], latest: dict[str, dict[str, t.Any]], now: datetime.datetime
) -> Row:
    """One certificate on one host."""
    row = _blank(host["host"], claim["common_name"])
    row["directory"] = claim["directory"]
    if "problem" in claim:
        _note(row, "unreadable", claim["problem"])
        row["state"] = _state(row, now)
        return row
    look = next((look for look in host["looks"] if claim["directory"] in look["directories"]), None)
    info = next((one for one in (look or {}).get("certificates", ()) if one["source"] == claim["directory"]), None)
    if info is None:
        _note(row, "unreadable", look["error"] if look else "it was not looked at")
    elif info["serial_number"] is None:
        _take_problems(row, info)
    else:
        _describe(row, info, claim, now)
    order = latest.get(claim["common_name"])
    if order is not None and _concerns(order, row):
        _take_order(row, order)
    row["state"] = _state(row, now)
    return row


def _describe(row: Row, info: dict[str, t.Any], claim: dict[str, t.Any], now: datetime.datetime) -> None:
    """Take over what :mod:`twca_certificate_info` found."""
    row |= {field: info[field] for field in ("subject_alt_name", "serial_number", "issuer", "not_before", "not_after")}
    start, end = moments.parse(info["not_before"]), moments.parse(info["not_after"])
    within = renewal.parse_renew_within(claim["renew_within"])
    due = renewal.due_from(start, end, within)
    row["issuer_name"] = _issuer_name(info["issuer"])
    row["renew_from"] = certificates.isoformat(due)
    row["days_left"] = (end - now).days
    _take_problems(row, info)
    if claim["served"] and info["served"] is None and "not_served" not in row["kinds"]:
        _note(row, "not_served", "what is served was not looked at")


def _take_problems(row: Row, info: dict[str, t.Any]) -> None:
    """The faults as problems, and what is no fault of a certificate as notes."""
    for kind, sentence in zip(info["problem_kinds"], info["problems"]):
        if kind == "missing":
            row["notes"].append("There is no certificate yet.")
        elif kind in KINDS:
            _note(row, kind, sentence)
        else:
            row["notes"].append(_sentence(sentence))


def _note(row: Row, kind: str, sentence: str) -> None:
    if kind not in row["kinds"]:
        row["kinds"].append(kind)
    row["problems"].append(_sentence(sentence))


def _sentence(text: str) -> str:
    """A sentence with its first letter and its period; a variable at its beginning stays as the user wrote it."""
    text = text.strip()
    first = text[:1] if text.startswith("twca_") else text[:1].upper()
    return first + text[1:] + ("" if text.endswith((".", "!", "?", "。")) else ".")


def _issuer_name(distinguished_name: str) -> str:
    """The common name in an issuer's name (RFC 4514), else all of it."""
    found = re.search(r"(?:^|,)CN=((?:\\.|[^,\\])+)", distinguished_name)
    # What RFC 4514 escapes, but not the backslash of a control character that was written out.
    return re.sub(r'\\([ "#+,;<=>\\])', r"\1", found[1]) if found else distinguished_name


def _blank(host: str, common_name: str) -> Row:
    return {
        "host": host,
        "common_name": common_name,
        "directory": None,
        "subject_alt_name": [],
        "serial_number": None,
        "issuer": None,
        "issuer_name": None,
        "not_before": None,
        "not_after": None,
        "renew_from": None,
        "days_left": None,
        "state": "ok",
        "kinds": [],
        "problems": [],
        "notes": [],
        "order": None,
    }


def _unclaimed(order: dict[str, t.Any]) -> Row:
    """An open order for a name that no host of this report has."""
    row = _blank("", order["common_name"])
    _take_order(row, order)
    row["state"] = "broken" if row["problems"] else "pending"
    return row


def _state(row: Row, now: datetime.datetime) -> str:
    if row["problems"]:
        return "broken"
    if row["order"]:
        return "pending"
    if row["not_after"] is None or now >= moments.parse(row["renew_from"]):
        return "due"
    return "ok"


def _latest_orders(orders: t.Iterable[dict[str, t.Any]]) -> dict[str, dict[str, t.Any]]:
    """The order of each name that matters most: one that is open, else the one that moved last."""
    told = (order for order in orders if order["state"] != "prepared")  # nothing was sent yet
    return {
        order["common_name"]: order
        for order in sorted(told, key=lambda order: (_is_open(order), order["changed_at"]))
        if order["state"] != "abandoned"
    }


def _concerns(order: dict[str, t.Any], row: Row) -> bool:
    """Whether the last order still matters: it is open, or was turned down since this certificate was issued."""
    if order["state"] == "rejected":
        return row["not_before"] is None or order["changed_at"] > row["not_before"]
    return _is_open(order)


def _is_open(order: dict[str, t.Any]) -> bool:
    return order["state"] in _AWAITED or order["state"] == "uncertain"


def _take_order(row: Row, order: dict[str, t.Any]) -> None:
    row["order"] = {
        "state": order["state"],
        "operation": order["operation"],
        "since": order["submitted_at"] or order["changed_at"],
        "awaited": {**_AWAITED, **_NEEDS_A_PERSON}[order["state"]],
        "portal_message": order["portal_message"] or "",
    }
    if order["state"] in _NEEDS_A_PERSON:
        _note(row, "order", row["order"]["awaited"])
