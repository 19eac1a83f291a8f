# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a host should have and where to look for it: what a report begins with."""

from __future__ import annotations

import json
import typing as t

from .._deploy.wish import OPTIONS
from .._plan import claims as plan
from .._plan.place import place
from .._plan.typed import Problem
from .._servers import registry
from .._servers.contract import Kind

#: The variables that a look for the report needs.
VARIABLES = (
    "twca_certificates",
    "twca_directory",
    "twca_key_directory",
    "twca_key_host",
    "twca_portal_host",
    "twca_proof",
    "twca_renew_within",
    "twca_report_check_revocation",
    "twca_report_served",
    "twca_server",
    "twca_trusted_roots",
    "twca_verify",
)

Claim = dict[str, t.Any]
Values = t.Mapping[str, t.Any]


def claims(host: str, given: Values, problems: t.Sequence[Problem] = ()) -> list[Claim]:
    """A claim for each entry of ``twca_certificates``: ``common_name``, ``directory``, ``renew_within``, ``served`` and ``endpoint``.

    No secret of an entry is taken over. An entry that cannot be meant becomes a claim with ``problem``, a sentence.
    A Windows host has no Python: its certificate directories are on the key's host, and what it serves is not looked at.

    :param given: the values of :data:`VARIABLES` that are set.
    :param problems: what is wrong with the roles' variables. Where that is more than some entries, nothing else can be told.
    """
    if any(problem.variable != "twca_certificates" or problem.entry is None for problem in problems):
        return [_refused(problem.name, problem.sentence) for problem in problems]
    server = str(given.get("twca_server") or "")
    windows = server == "iis"
    kind = registry.find(server) if server in registry.kinds() else Kind()
    directory = given["twca_directory"]
    role = {
        "host": host,
        "key_host": given.get("twca_key_host") or given["twca_portal_host"] if windows else host,
        "directory": directory,
        "key_directory": given.get("twca_key_directory") or directory,
        "config_directory": directory,
        "organization": {},
        "owner": {},
        "shared": {"renew_within": given.get("twca_renew_within")},
    }
    # As when it was installed: without a server role, an entry itself must say that its certificate is served.
    proof = given["twca_proof"] if server != "none" else False
    found: list[Claim] = []
    for number, claim in enumerate(plan.claims(given.get("twca_certificates") or [], role)):
        name = claim["common_name"]
        wrong = [_refused(problem.name, problem.sentence) for problem in problems if problem.entry == number]
        if "problem" in claim and not wrong:
            # Each line of the report names its host.
            wrong = [_refused(name, claim["problem"][len(f"{host}: ") :])]
        if wrong:
            found += wrong
            continue
        own = claim.get("proof")
        asked = bool(not windows and given["twca_report_served"] and (proof if own is None else own))
        found.append(
            {
                "common_name": name,
                "directory": claim["directory" if windows else "server_directory"],
                "renew_within": claim.get("renew_within") or OPTIONS["renew_within"]["default"],
                "served": asked,
                "endpoint": place(kind, given.get("twca_verify"), claim) if asked else {},
            }
        )
    return found


def questions(found: t.Iterable[Claim], given: Values) -> list[dict[str, t.Any]]:
    """The options of twca_certificate_info, once for all claims that are served in one place."""
    shared = {"check_revocation": bool(given["twca_report_check_revocation"])}
    if given.get("twca_trusted_roots"):
        shared["trusted_roots"] = given["twca_trusted_roots"]
    together: dict[str, dict[str, t.Any]] = {}
    for claim in found:
        if "problem" not in claim:
            endpoint = claim["endpoint"]
            key = json.dumps(endpoint, sort_keys=True)
            together.setdefault(key, {**endpoint, **shared, "directories": []})["directories"].append(
                claim["directory"]
            )
    return list(together.values())


def _refused(name: str | None, problem: str) -> Claim:
    return {"common_name": name or "?", "directory": None, "problem": problem}
