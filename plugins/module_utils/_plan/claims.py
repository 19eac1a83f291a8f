# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The claims of a host: its entries with all that follows from the role's variables, complete but for their secrets."""

from __future__ import annotations

import re
import typing as t

from .._deploy.wish import OPTIONS
from .._errors import InputError
from .._pki import kinds, names, renewal
from . import preflight
from .spec import CSR_OPTIONS, ONE_OFFS, CertificateSpec, beginnings, same_name
from .written import as_written

Claim = dict[str, t.Any]
#: Options that the role's variables may give for all entries, as ``twca_<option>``.
SHARED = ("key_type", "key_size", "key_curve", "renew_within", "renew_before", "keep")
_CHECKED = ("key_type", "key_size", "key_curve", "renew_within")


def claims(entries: t.Sequence[t.Any], role: dict[str, t.Any]) -> list[Claim]:
    """A claim for each entry, in their order.

    A claim has what the entry and the role's variables say of the certificate, and ``directory`` on the key's host,
    ``server_directory`` and ``config_directory`` on this one; ``wanted``, options of twca_csr; ``number``, its entry's; and ``shown``,
    its name as people read it; and ``unfit``, a sentence, if TWCA would not certify it.
    An entry that cannot be meant becomes a claim with ``problem``, a sentence, and nothing else of use.

    :param role: ``host``, ``key_host``, ``directory``, ``key_directory`` and ``config_directory``; ``organization``, ``shared``
        and ``owner``, options that hold where an entry has none of its own; ``discard``; and ``defined``, names of variables that
        the user set.
    """
    try:
        discard = _of_role(role)
    except InputError as exc:
        return [refused(role["host"], None, exc.message)]
    found = []
    for number, entry in enumerate(entries):
        try:
            found.append(_claim(CertificateSpec.of(number, entry), list(entry), discard, role))
        except InputError as exc:
            name = entry.get("common_name") if isinstance(entry, dict) else None
            found.append(refused(role["host"], name, exc.message))
    return found


def named(found: t.Iterable[Claim], name: str) -> list[Claim]:
    """The claims for a name, however it is written."""
    return [claim for claim in found if "problem" not in claim and same_name(claim["common_name"], name)]


def refused(host: str, name: t.Any, problem: str) -> Claim:
    """The claim of an entry that cannot be meant."""
    return {"host": host, "common_name": str(name or "?"), "problem": f"{host}: {problem}"}


def _of_role(role: dict[str, t.Any]) -> tuple[str, ...]:
    for option, instead in ONE_OFFS.items():
        if f"twca_{option}" in role.get("defined", ()):
            raise InputError(f"twca_{option} {_with_prefix(instead)}.")
    return beginnings(role.get("discard"), "twca_discard")


def _with_prefix(instead: str) -> str:
    return instead.replace("write renew_before", "write twca_renew_before").replace(
        "write discard", "write twca_discard"
    )


def _claim(spec: CertificateSpec, given: list[str], discard: tuple[str, ...], role: dict[str, t.Any]) -> Claim:
    options = {**role["organization"], **_given(role["owner"]), **_given(role["shared"]), **spec.options}
    host = role["host"]
    key_host = options.get("key_host") or role["key_host"]
    own = key_host == host
    server_directory = _tidy(options.get("directory") or f"{role['directory']}/{spec.place}")
    key_directory = _tidy(options.get("key_directory") or f"{role['key_directory']}/{spec.place}")
    key_directory = server_directory if own else key_directory
    claim = {
        **options,
        "common_name": spec.name,
        "shown": names.shown(spec.name),
        "number": spec.number,
        "given": given,
        "host": host,
        "key_host": key_host,
        "directory": key_directory,
        "server_directory": server_directory,
        "config_directory": _tidy(f"{role['config_directory']}/{spec.place}"),
        "discard": [*dict.fromkeys((*spec.discard, *discard))],
    }
    if spec.alternative_names:
        claim["subject_alt_name"] = list(spec.alternative_names)
    claim["wanted"] = {option: claim[option] for option in CSR_OPTIONS if claim.get(option) is not None}
    if spec.former_place and not options.get("directory" if own else "key_directory"):
        claim["former_directory"] = _tidy(f"{role['directory' if own else 'key_directory']}/{spec.former_place}")
    _check(claim)
    unfit = preflight.problem(claim)
    if unfit is not None:
        claim["unfit"] = unfit
    return claim


def _check(claim: Claim) -> None:
    """See that key and renewal window can be meant; twca_csr would say so only once it is due."""
    wanted = {option: claim["wanted"].get(option, OPTIONS[option]["default"]) for option in _CHECKED}
    try:
        kinds.check_parameters(wanted["key_type"], size=wanted["key_size"], curve=wanted["key_curve"])
        renewal.parse_renew_within(wanted["renew_within"])
    except InputError as exc:
        said, entry = as_written(exc.message, claim), f"twca_certificates[{claim['number']}]"
        raise InputError(f"{entry} ({claim['shown']}): {said}." if said.startswith(entry) else f"{said}.") from exc


def _tidy(path: str) -> str:
    """The path with single slashes, and none at its end."""
    return re.sub("/+", "/", path).rstrip("/") or "/"


def _given(options: dict[str, t.Any]) -> dict[str, t.Any]:
    return {name: value for name, value in options.items() if value is not None}
