# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands on a report's page, in its words; every text is plain, for the template to escape."""

from __future__ import annotations

import typing as t

from .fleet import STATES
from .timeline import timeline

Document = dict[str, t.Any]
Row = dict[str, t.Any]

_WORDS = {"broken": "Broken", "due": "Due", "pending": "Pending", "ok": "In order"}
_SIGNS = {"broken": "✕", "due": "▲", "pending": "…", "ok": "✓"}
_KINDS = {
    "new": "New",
    "gone": "Gone",
    "renewed": "Renewed",
    "state": "State",
    "problem": "Problem",
    "solved": "Solved",
}
# More changes than these are folded away.
_MOST_CHANGES = 20


def page(document: Document) -> dict[str, t.Any]:
    """The page of a report of :func:`.fleet.build`. What is empty is left out of the page.

    ``news`` tells whether there is anything that the report before it did not tell, and ``sentence`` how the fleet is.
    """
    summary = document["summary"]
    line = timeline(document)
    changes = document["changes"]
    grid = [f"linear-gradient(var(--line) 0 0) {tick['at']}% 0 / 1px 100% no-repeat" for tick in line["ticks"]]
    return {
        "news": document["previous_at"] is None or bool(changes),
        "sentence": (
            f"{summary['total']} certificates: {summary['broken']} broken, {summary['due']} due, {summary['pending']} pending, "
            f"{summary['ok']} ok."
        ),
        "summary": f"{summary['broken']} broken, {summary['due']} due, {summary['pending']} pending",
        "generated": _moment(document["generated_at"]),
        "tiles": [_tile(state, summary[state]) for state in STATES],
        "total": summary["total"],
        "urgent": _urgent(summary),
        "lead": _lead(summary),
        "now": line["now"],
        "grid": ", ".join([*grid, "none"]),
        "ticks": line["ticks"],
        "rows": [_row(row, drawn) for row, drawn in zip(document["certificates"], line["bars"])],
        "changes": _changes(document["previous_at"], changes) if document["previous_at"] else {},
    }


def _tile(state: str, count: int) -> dict[str, t.Any]:
    css = state if count else f"{state} none"
    return {"state": state, "css": css, "count": count, "sign": _SIGNS[state], "word": _WORDS[state]}


def _urgent(summary: dict[str, int]) -> str:
    """Whom the report concerns now; empty if nobody."""
    broken = summary["broken"]
    return f"{broken} {'needs' if broken == 1 else 'need'} somebody." if broken else ""


def _lead(summary: dict[str, int]) -> str:
    due, pending = summary["due"], summary["pending"]
    sentences = [
        *([] if summary["broken"] else ["Nothing needs anybody."]),
        *([f"{due} will be ordered by the next run."] if due else []),
        *([f"{pending} {'is' if pending == 1 else 'are'} awaited from TWCA."] if pending else []),
    ]
    return " ".join(sentences)


def _row(row: Row, drawn: dict[str, float] | None) -> dict[str, t.Any]:
    more = len(row["subject_alt_name"]) - 1
    order = row["order"] or {}
    notes = list(row["notes"])
    if order and order["awaited"] not in row["problems"]:
        notes.append(order["awaited"])
    return {
        "state": row["state"],
        "sign": _SIGNS[row["state"]],
        "word": _WORDS[row["state"]],
        "since": _moment(order["since"]) if order else {},
        "name": _breakable(row["common_name"]),
        "more": f"and {more} more" if more > 0 else "",
        "host": row["host"] or "–",
        "bar": {**drawn, **_validity(row)} if drawn else {},
        "problems": row["problems"],
        "notes": notes,
        "message": order.get("portal_message") or "",
        "issuer": row["issuer"],
        "issuer_name": row["issuer_name"],
        "serial_number": row["serial_number"],
    }


def _validity(row: Row) -> dict[str, t.Any]:
    begin, end, due = (_moment(row[field]) for field in ("not_before", "not_after", "renew_from"))
    return {
        "end": end,
        "left_over": _days(row["days_left"]),
        "label": f"Valid from {begin['day']} to {end['day']}, to be renewed from {due['day']}",
    }


def _days(left: int) -> str:
    """How long there is to the end of validity: ``left`` whole days, rounded down."""
    expired = left < 0
    days = -1 - left if expired else left
    text = f"{days} {'day' if days == 1 else 'days'}"
    return f"expired {text} ago" if expired else f"{text} left"


def _changes(previous_at: str, changes: t.Sequence[dict[str, str]]) -> dict[str, t.Any]:
    count = len(changes)
    return {
        "since": _moment(previous_at),
        "count": f"{count or 'No'} {'change' if count == 1 else 'changes'}",
        "few": count <= _MOST_CHANGES,
        "rows": [{**change, "word": _KINDS[change["kind"]]} for change in changes],
    }


def _breakable(name: str) -> list[str]:
    """A name in pieces, between which a line may end."""
    labels = name.split(".")
    return [*(f"{label}." for label in labels[:-1]), labels[-1]]


def _moment(text: str) -> dict[str, str]:
    """A time as a machine reads it, as people do, and its day."""
    return {"at": text, "text": f"{text[:16].replace('T', ' ')} UTC", "day": text[:10]}
