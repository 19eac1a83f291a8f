# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which parts of a task's options are secret, and which may be shown.

``spec`` is an argument specification, ``given`` the options of the task.
"""

from __future__ import annotations

import typing as t

Spec = dict[str, dict[str, t.Any]]

#: What stands for an option that is not shown.
HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def plain(spec: Spec, given: t.Mapping[str, t.Any], aliases: t.Mapping[str, str] | None = None) -> dict[str, t.Any]:
    """The options as they may be shown: a value only where the specification says that it is no secret."""
    return {name: _plain(spec.get((aliases or {}).get(name, name)), value) for name, value in given.items()}


def _plain(option: dict[str, t.Any] | None, value: t.Any) -> t.Any:
    if value is None:
        return None
    if option is None or option.get("no_log"):
        return HIDDEN
    inner = option.get("options")
    if not inner:
        return value
    if isinstance(value, list):
        return [_plain(option, part) for part in value]
    # Where a text stands for a dictionary, nobody knows what is in it.
    return plain(inner, value) if isinstance(value, dict) else HIDDEN


def holds_secrets(option: dict[str, t.Any]) -> bool:
    """Whether an option is secret, or has an option of its own that is."""
    return bool(option.get("no_log")) or any(map(holds_secrets, (option.get("options") or {}).values()))


def secrets(spec: Spec, given: t.Mapping[str, t.Any]) -> set[str]:
    """The values of options that must not be seen, and all that stands where a dictionary with such options should."""
    found: set[str] = set()
    for name, option in spec.items():
        value, inner = given.get(name), option.get("options") or {}
        parts = value if isinstance(value, list) else [value]
        dictionaries = [part for part in parts if isinstance(part, dict)]
        if inner and len(dictionaries) == len(parts):
            found.update(*(secrets(inner, part) for part in dictionaries))
        elif holds_secrets(option):
            found |= _texts(value)
    if not found:
        return found
    from ._masking import forms  # noqa: PLC0415 - most modules have no secret

    return found | {form for text in found for form in forms(text)}


def _texts(value: t.Any) -> set[str]:
    """All that a value of any shape says, in its parts and as errors quote it."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {text for part in parts for text in _texts(part)} | ({str(value)} if value else set())
