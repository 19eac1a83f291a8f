# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The claims of a host: its entries with all that follows from the role's variables, complete but for their secrets."""

from __future__ import annotations

import hashlib
import json
import typing as t

from .._errors import InputError
from .._pki import names
from .spec import CSR_OPTIONS, ONE_OFFS, CertificateSpec, beginnings, same_name

Claim = dict[str, t.Any]


def claims(entries: t.Sequence[t.Any], role: dict[str, t.Any]) -> list[Claim]:
    """A claim for each entry, in their order.

    A claim has what the entry and the role's variables say of the certificate, and ``directory`` on the key's host,
    ``server_directory`` and ``config_directory`` on this one; ``wanted``, options of twca_csr; ``number``, its entry's; and ``shown``,
    its name as people read it. An entry that cannot be meant becomes a claim with ``problem``, a sentence, and nothing else of use.

    :param role: ``host``, ``key_host``, ``directory``, ``key_directory`` and ``config_directory``; ``organization`` and ``shared``,
        options that hold where an entry has none of its own; ``discard``; and ``defined``, names of variables that the user set.
    """
    if not isinstance(entries, (list, tuple)):
        return [_refused(role, None, "twca_certificates is no list: write each certificate as an entry, after a dash.")]
    try:
        discard = _of_role(role)
    except InputError as exc:
        return [_refused(role, None, exc.message)]
    found = []
    for number, entry in enumerate(entries):
        try:
            found.append(_claim(CertificateSpec.of(number, entry), list(entry), discard, role))
        except InputError as exc:
            name = entry.get("common_name") if isinstance(entry, dict) else None
            found.append(_refused(role, name, exc.message))
    return found


def with_files(found: t.Sequence[Claim], files: str | list[list[dict[str, t.Any]]], server: str) -> list[Claim]:
    """The claims with the files that make the server use their certificates, and ``look``, what twca_due_info is asked.

    :param files: those of each claim that has no problem, in their order: ``path``, ``content``, and ``elsewhere``,
        if there is any; what else they have is the install's.
    :param server: the name of the server's kind.
    """
    rest = iter(json.loads(files) if isinstance(files, str) else files)
    return [claim if "problem" in claim else _with_files(claim, next(rest, []), server) for claim in found]


def named(found: t.Iterable[Claim], name: str) -> list[Claim]:
    """The claims for a name, however it is written."""
    return [claim for claim in found if "problem" not in claim and same_name(claim["common_name"], name)]


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
    options = {**role["organization"], **_given(role["shared"]), **spec.options}
    host = role["host"]
    key_host = options.get("key_host") or role["key_host"]
    own = key_host == host
    server_directory = options.get("directory") or f"{role['directory']}/{spec.place}"
    key_directory = server_directory if own else options.get("key_directory") or f"{role['key_directory']}/{spec.place}"
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
        "config_directory": f"{role['config_directory']}/{spec.place}",
        "discard": [*dict.fromkeys((*spec.discard, *discard))],
    }
    if spec.alternative_names:
        claim["subject_alt_name"] = list(spec.alternative_names)
    claim["wanted"] = {option: claim[option] for option in CSR_OPTIONS if claim.get(option) is not None}
    if spec.former_place and not options.get("directory" if own else "key_directory"):
        claim["former_directory"] = f"{role['directory' if own else 'key_directory']}/{spec.former_place}"
    return claim


def _with_files(claim: Claim, files: list[dict[str, t.Any]], server: str) -> Claim:
    looked: list[dict[str, t.Any]] = [
        {"paths": [file["path"], *file.get("elsewhere", ())], "sha256": _sha256(file["content"])} for file in files
    ]
    # What no configuration of root's refers to needs no directory of root's.
    place = claim["config_directory"] if files else claim["server_directory"]
    look: dict[str, t.Any] = {
        "directory": claim["server_directory"],
        "files": looked,
        "stamp": f"{place}/{server}.proven",
    }
    if claim["key_host"] == claim["host"]:
        look["wanted"] = claim["wanted"]
    return {**claim, "files": files, "look": look, "digest": _sha256("".join(one["sha256"] for one in looked))}


def _refused(role: dict[str, t.Any], name: t.Any, problem: str) -> Claim:
    return {"host": role["host"], "common_name": str(name or "?"), "problem": f"{role['host']}: {problem}"}


def _given(options: dict[str, t.Any]) -> dict[str, t.Any]:
    return {name: value for name, value in options.items() if value is not None}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
