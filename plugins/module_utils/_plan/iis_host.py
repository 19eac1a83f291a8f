# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be changed on a Windows host for one certificate, from what was seen there."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
import re
import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

from .._errors import InputError
from .._pki.thumbprint import thumbprint
from .iis import Item
from .iis_bindings import changes

_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
#: By thumbprint, the certificates that the role imported, with the time since when another one is in their place.
Record = dict[str, t.Optional[str]]


def plan(
    this: Item,
    *,
    sites: Item,
    leaf: Item,
    authorities: Item,
    record: Item,
    proof: t.Any,
    keep_days: t.Any,
    now: datetime.datetime | None = None,
) -> Item:
    """What is to be done: ``work`` (whether anything is) and the following.

    ``has_leaf``, whether the certificate is there with its key; ``missing``, the intermediates that are not, each with ``pem`` and
    ``thumbprint``; ``bind``, ``take_back``, ``refusals`` and ``resets``, as :func:`.iis_bindings.changes` tells them; ``forecast``,
    sentences on all that would change; ``provable``, the bindings that clients are served; ``site_paths``, the directories of the
    sites; ``known`` and ``ours``, the record as it is and as it is before an import; ``noted``, as it is once the certificate is in
    use; and ``expired``, what it says was replaced long ago.

    :param this: the certificate, as :func:`.iis.certificate` returns it.
    :param sites: the results of microsoft.iis.website_info for each of its sites.
    :param leaf: the result of ansible.windows.win_certificate_info for the certificate in the store My.
    :param authorities: the same for all in the store CA.
    :param record: the result of reading the record in base64, be it a failure.
    :param proof: ``twca_proof``, which holds where the entry says nothing.
    :param keep_days: ``twca_iis_keep_days``.
    :raises InputError: what was read is not what the role wrote.
    """
    now = now or datetime.datetime.now(datetime.timezone.utc)
    present = {str(one["thumbprint"]).upper() for one in authorities["certificates"]}
    chain = [{"pem": pem, "thumbprint": thumbprint(pem)} for pem in this["fullchain"][1:]]
    missing = [one for one in chain if one["thumbprint"] not in present]
    has_leaf = any(one["has_private_key"] for one in leaf["certificates"])
    found = [site for result in sites["results"] for site in result.get("site") or ()]
    by_name = {str(site["name"]).lower(): site for site in found}
    known = _record(record)
    ours: Record = dict(known) if has_leaf else {**known, this["thumbprint"]: None}
    noted = {one: None if one == this["thumbprint"] else since or now.strftime(_MOMENT) for one, since in ours.items()}
    changed = changes(this, by_name)
    days = _number(keep_days)
    imports = (
        [] if has_leaf else [f"{this['thumbprint']} ({this['common_name']}) would be imported into LocalMachine\\My."]
    )
    imports += [f"{one['thumbprint']} would be imported into LocalMachine\\CA." for one in missing]
    return {
        **changed,
        "has_leaf": has_leaf,
        "missing": missing,
        "work": bool(not has_leaf or missing or changed["bind"]),
        "forecast": imports + changed["forecast"],
        "provable": _provable(this, by_name, proof),
        "site_paths": list(dict.fromkeys(str(site["physical_path"]) for site in found)),
        "known": known,
        "ours": ours,
        "noted": noted,
        "expired": [one for one, since in noted.items() if since and _days(since, now) >= days],
    }


def retirement(found: Item, bound: Item) -> Item:
    """Which certificates go: ``removable``; ``left``, the record without them; and ``rewritten``, whether that is another record.

    :param found: the plan.
    :param bound: the result of microsoft.iis.website_info for all sites. What cannot be known is not removed.
    """
    bindings = [one for site in bound.get("site") or () for one in site["bindings"] or ()]
    used = {str(one.get("certificate_hash") or "").upper() for one in bindings}
    removable = [one for one in found["expired"] if bound.get("exists") and one.upper() not in used]
    left = {one: since for one, since in found["noted"].items() if one not in removable}
    return {"removable": removable, "left": left, "rewritten": left != found["known"]}


def unproven(result: Item, fingerprint: str) -> list[str]:
    """Sentences on what clients are served instead of a certificate; none: they are served it, with a chain that they accept.

    :param result: that of twca_certificate_info for one of the plan's ``provable``, or for all of them in a loop.
    :param fingerprint: the certificate's.
    """
    told = (_unproven(one, fingerprint) for one in result.get("results", [result]) if not one.get("skipped"))
    return [one for one in told if one]


def _provable(this: Item, sites: dict[str, Item], proof: t.Any) -> list[Item]:
    """The bindings to prove: a site that is stopped serves nobody."""
    own = this.get("proof")
    if not boolean(proof if own is None else own, strict=False):
        return []
    return [one for one in this["bindings"] if sites.get(one["site"].lower(), {}).get("state") == "Started"]


def _unproven(result: Item, fingerprint: str) -> str | None:
    seen = next(iter(result.get("certificates") or ()), None)
    unseen = str(result.get("msg") or "It could not be seen what clients are served.")
    if seen is None:
        return unseen
    problems = "; ".join(map(str, seen["problems"]))
    if not seen["fingerprint_sha256"]:
        return problems or unseen
    verify = (result.get("item") or {}).get("verify") or {}
    where = f"{verify.get('host')}:{verify.get('port')}"
    if seen["fingerprint_sha256"] != fingerprint:
        return (
            f"{where} serves another certificate for {verify.get('server_name')}: {seen['serial_number']} of {seen['common_name']}, "
            f"until {seen['not_after']}"
        )
    if seen["chain"] and not problems:
        return unseen if result.get("failed") else None
    chain = f"with this chain: {', then '.join(seen['chain'])}" if seen["chain"] else "without its issuers"
    return "; ".join(filter(None, [f"{where} serves the certificate {chain}", problems]))


def _record(read: Item) -> Record:
    if not read.get("content"):
        return {}
    try:
        found = json.loads(base64.b64decode(read["content"]))
        for since in found.values():
            if since is not None:
                _days(since, datetime.datetime.now(datetime.timezone.utc))
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise InputError(
            "The record of the certificates that were imported (a file in twca_iis_record_directory on the Windows host) is damaged: "
            "delete it; what it named is then never removed from the store My."
        ) from None
    return t.cast("Record", found)


def _days(since: str, now: datetime.datetime) -> int:
    moment = datetime.datetime.strptime(since, _MOMENT).replace(tzinfo=datetime.timezone.utc)
    return (now - moment).days


def _number(keep_days: t.Any) -> int:
    if not re.fullmatch("[0-9]{1,5}", str(keep_days).strip()):
        raise InputError(f"twca_iis_keep_days is {keep_days!r}: write a number of days.")
    return int(keep_days)
