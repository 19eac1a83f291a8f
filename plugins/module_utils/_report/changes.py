# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is different between two reports, in sentences."""

from __future__ import annotations

import typing as t

Row = dict[str, t.Any]

_KEY = ("host", "common_name")


def between(before: t.Iterable[Row], after: t.Iterable[Row]) -> list[dict[str, str]]:
    """The changes, each with ``host``, ``common_name``, ``kind`` and ``sentence``; sorted by name and host.

    Kinds are ``new``, ``gone``, ``renewed``, ``problem``, ``solved`` and, where none of these says why, ``state``.
    """
    old = {tuple(row[field] for field in _KEY): row for row in before}
    new = {tuple(row[field] for field in _KEY): row for row in after}
    found = []
    for key in sorted(old.keys() | new.keys(), key=lambda key: (key[1], key[0])):
        for kind, sentence in _of_one(old.get(key), new.get(key)):
            found.append({**dict(zip(_KEY, key)), "kind": kind, "sentence": sentence})
    return found


def _of_one(old: Row | None, new: Row | None) -> t.Iterator[tuple[str, str]]:
    if old is None or new is None:
        yield ("new", "New in this report.") if new else ("gone", "No longer in this report.")
        return
    told = False
    for kind, sentence in (*_of_certificate(old, new), *_of_problems(old, new)):
        told = True
        yield kind, sentence
    if old["state"] != new["state"] and not told:
        yield "state", f"From {old['state']} to {new['state']}."


def _of_certificate(old: Row, new: Row) -> t.Iterator[tuple[str, str]]:
    if old["serial_number"] == new["serial_number"]:
        return
    if new["serial_number"] is None:
        yield "gone", f"The certificate {old['serial_number']} is no longer seen."
    else:
        yield "renewed", f"The certificate {new['serial_number']}, valid until {new['not_after'][:10]}, was installed."


def _of_problems(old: Row, new: Row) -> t.Iterator[tuple[str, str]]:
    was, now = (set(row["problems"]) for row in (old, new))
    yield from (("problem", sentence) for sentence in sorted(now - was))
    yield from (("solved", f"No longer: {sentence}") for sentence in sorted(was - now))
