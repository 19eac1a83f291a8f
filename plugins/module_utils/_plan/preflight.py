# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What TWCA would refuse, told before the first order of any host: of what is due, and of no order that TWCA already has."""

from __future__ import annotations

import typing as t

from .._errors import InputError
from .._pki import eligible
from .._pki.subject import Subject
from . import written

_PARTS = ("country", *eligible.SUBJECT, "organizational_unit")
_MOST = 10  # sentences
_MOST_HOSTS = 3  # that a sentence names


def problem(claim: t.Mapping[str, t.Any]) -> str | None:
    """Why TWCA would not certify what a claim wants, as one sentence that names the entry and the variables as they were written.

    The host is left for the caller to name. ``None``: nothing is known against it.
    """
    where = f"twca_certificates[{claim['number']}]"
    parts = [*_of_names(claim, where), *_of_subject(claim)]
    return f"{where} ({claim['shown']}): {'; '.join(parts)}." if parts else None


def told(problems: t.Mapping[str, t.Sequence[str]]) -> list[str]:
    """The sentences as a message tells them: each with its hosts, and not more than a person reads.

    :param problems: by sentence, the hosts.
    """
    lines = [f"{listed(hosts)}: {sentence}" for sentence, hosts in problems.items()]
    more = len(lines) - _MOST
    if more > 0:
        lines = [*lines[:_MOST], f"{more} more entries cannot be ordered either."]
    return [*lines, "Nothing was ordered."] if lines else []


def listed(hosts: t.Sequence[str]) -> str:
    """Some hosts, and how many more there are."""
    more = len(hosts) - _MOST_HOSTS
    return ", ".join(hosts[:_MOST_HOSTS]) + (f" and {more} more" if more > 0 else "")


def _of_names(claim: t.Mapping[str, t.Any], where: str) -> t.Iterator[str]:
    found = {}
    for option in ("common_name", "subject_alt_name"):
        given = claim.get(option) or ()
        for name in [given] if isinstance(given, str) else given:
            why = eligible.obstacle(name)
            if why is not None and name.lower() not in found:
                found[name.lower()] = f"{where}.{option}: {name} {why}, so TWCA cannot certify it"
    return iter(found.values())


def _of_subject(claim: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    missing = eligible.gaps(claim)
    if missing:
        wanted = ", ".join(written.variable(part, claim) for part in missing)
        yield f"TWCA wants {wanted} in each CSR, which {'is' if len(missing) == 1 else 'are'} missing: give {'it' if len(missing) == 1 else 'them'} in English"
    given = {part: claim[part] for part in _PARTS if claim.get(part) is not None and part not in missing}
    try:
        Subject("example.com.tw", **given)
    except InputError as exc:
        part, _blank, rest = exc.message.partition(" ")
        yield f"{written.variable(part, claim)} {rest}"
