# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of TWCA: the requests of a host, and the requests of all hosts in batches, each with its owner beside it."""

from __future__ import annotations

import json
import typing as t

from .. import _masking, _portal_options
from .._certificate_options import argument_spec
from .._errors import InputError
from .preflight import listed
from .written import as_written

# What an entry may say of itself; the rest is the role's to say.
_BY_ROLE = {"csr_content", "csr_path", "path", "chain_path", "fullchain_path", "allow_order", "holder"}
_REQUEST = {**argument_spec(), "passphrase": {"type": "str", "no_log": True}}
_OWN = set(_REQUEST) - _BY_ROLE
#: What the role's variables, twca_<option>, may say for all entries; an entry's own contacts and operation are no variables.
_SHARED = sorted(
    _OWN - {"operation", "on_uncertain", "passphrase", "technical_contact", "business_contact", "billing_contact"}
)
_PORTAL = sorted(set(_portal_options.argument_spec()) - {"passphrase"})
_REQUESTS: dict[str, t.Any] = {"requests": {"type": "list", "elements": "dict", "options": _REQUEST}}

_Asked = tuple[dict[str, t.Any], dict[str, t.Any]]  # a host and one of its requests
_OWNER = ("common_name", "shown", "reason", "renewal", "public_key_sha256", "source")


def due(
    claims: t.Sequence[dict[str, t.Any]],
    fleet: dict[str, t.Any],
    host: str,
    abandoned: t.Sequence[dict[str, t.Any]] = (),
) -> list[dict[str, t.Any]]:
    """The claims of a host for which twca_csr is to be asked; ``discard`` holds the whole hashes of keys to discard first.

    :param abandoned: the results of twca_order for the orders of these keys, in a loop. Where it refused, nothing is discarded, and
        twca_csr is not asked.
    """
    refused = {result["item"]["common_name"] for result in abandoned if "order" not in result}
    names = set(fleet["due"].get(host, ())) - refused
    discards = {one["common_name"]: one["public_key_sha256"] for one in fleet["discards"].get(host, ())}
    return [
        {**claim, "discard": [discards[claim["common_name"]]] if claim["common_name"] in discards else []}
        for claim in claims
        if claim["common_name"] in names
    ]


def ask(
    host: str,
    made: t.Sequence[dict[str, t.Any]],
    read: t.Callable[[str], t.Any],
    abandoned: t.Sequence[dict[str, t.Any]] = (),
) -> dict[str, t.Any]:
    """What a host asks of TWCA, from the values of the roles' variables.

    Returns ``host``; ``counter``, what must be the same for what goes together; ``requests``, for each CSR ``common_name``, ``shown``,
    ``reason``, ``public_key_sha256``, and ``request``, a module's options; and ``unmade``, what needs a certificate and has no CSR, as
    in check mode, which makes no key; ``refused``, what needs a person, each with ``shown`` and ``msg``; and ``roots``, for each
    variable that names roots for what is to be ordered ``variable`` and ``trusted_roots``. It holds passphrases.

    :param made: the results of twca_csr, in a loop over claims.
    :param abandoned: the results of twca_order for keys to discard, in a loop.
    :param read: gives the value of a variable, or ``None``.
    """
    needed = [result for result in made if result.get("needed")]
    entries, shared = read("twca_certificates"), _shared(read)
    return {
        "host": host,
        "counter": {
            "portal_host": read("twca_portal_host"),
            "become": bool(read("twca_portal_become")),
            "concurrency": read("twca_portal_concurrency"),
            "portal": _given({option: read(f"twca_{option}") for option in _PORTAL}),
        },
        "unmade": [_owner(result["item"], result) for result in needed if not result.get("csr")],
        "refused": [*_refused(abandoned, "order"), *_refused(made, "needed")],
        "requests": [_request(result, entries, shared) for result in needed if result.get("csr")],
        "roots": _roots([result["item"] for result in needed if result["reason"] != "pending"], entries, shared),
    }


def _roots(
    claims: t.Iterable[dict[str, t.Any]], entries: t.Sequence[dict[str, t.Any]], shared: dict[str, t.Any]
) -> list[dict[str, t.Any]]:
    """The roots of what has no key yet, so that it cannot be on order, by the variables that name them."""
    found: dict[str, t.Any] = {}
    for claim in claims:
        own = entries[claim["number"]].get("trusted_roots")
        if own:
            found[f"twca_certificates[{claim['number']}].trusted_roots"] = own
        else:
            found["twca_trusted_roots"] = shared["trusted_roots"] or None
    return [{"variable": variable, "trusted_roots": paths} for variable, paths in found.items()]


def roots(asked: t.Sequence[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """The roots that are to be checked before the first order of any host, each once for the host that speaks to the portal.

    :param asked: for each host ``host``, ``counter`` and ``roots``.
    :returns: the keys of a counter, with ``trusted_roots`` and ``shown_as``, which names hosts and variables.
    """
    groups: dict[str, dict[str, t.Any]] = {}
    for host in asked:
        for one in host.get("roots") or ():
            key = json.dumps([host["counter"], one["trusted_roots"]], sort_keys=True, default=str)
            group = groups.setdefault(key, {**host["counter"], "trusted_roots": one["trusted_roots"], "where": {}})
            group["where"].setdefault(one["variable"], []).append(host["host"])
    return [
        {
            **{key: value for key, value in group.items() if key != "where"},
            "shown_as": "; ".join(f"{listed(hosts)}: {variable}" for variable, hosts in group["where"].items()),
        }
        for group in groups.values()
    ]


def _refused(results: t.Sequence[dict[str, t.Any]], mark: str) -> list[dict[str, t.Any]]:
    """Of a module's results in a loop those without what it returns when all is well."""
    found = []
    for result in results:
        if mark not in result:
            item = result["item"]
            shown = item.get("shown", item["common_name"])
            told = str(result.get("msg", "see above"))
            if "given" in item:
                told = as_written(told, item)
            found.append({"shown": shown, "msg": f"{shown}: {told}"})
    return found


def _shared(read: t.Callable[[str], t.Any]) -> dict[str, t.Any]:
    """The options that hold where an entry has none of its own."""
    contacts = read("twca_contacts") or {}
    people = {f"{role}_contact": contacts.get(role) for role in ("technical", "business", "billing")}
    return {**{option: read(f"twca_{option}") for option in (*_SHARED, "passphrase", "allow_order")}, **people}


def _request(
    result: dict[str, t.Any], entries: t.Sequence[dict[str, t.Any]], shared: dict[str, t.Any]
) -> dict[str, t.Any]:
    claim = result["item"]
    entry = entries[claim["number"]]
    request = {
        **shared,
        **{option: entry[option] for option in _OWN if option in entry},
        "csr_content": result["csr"],
        "holder": claim["key_host"],
    }
    return {**_owner(claim, result), "request": _given(request)}


def _given(options: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options that are set: a template of none is empty text in ansible-core 2.16."""
    return {option: value for option, value in options.items() if value is not None and value != ""}


def batches(asked: t.Sequence[dict[str, t.Any]], most: int | None = None) -> list[dict[str, t.Any]]:
    """What the hosts ask for, in runs of a module: what goes to one counter goes together, ``most`` at a time.

    Where a module would refuse them together, since a secret of one is part of a name of another, each goes alone.

    :param asked: for each host ``host``, ``counter`` and ``requests``.
    """
    by_counter: dict[str, list[_Asked]] = {}
    for host in asked:
        for request in host["requests"]:
            counter = json.dumps(host["counter"], sort_keys=True, default=str)
            by_counter.setdefault(counter, []).append((host, request))
    total = sum(map(len, by_counter.values()))
    found: list[dict[str, t.Any]] = []
    before = 0
    for group in by_counter.values():
        for part in _parts(group, most or len(group)):
            first, last = before + 1, before + len(part)
            span = f"{first} to {last} of {total}" if len(part) > 1 else f"{first} of {total}"
            found.append(
                {
                    **part[0][0]["counter"],
                    "span": part[0][1]["shown"] if total == 1 else span,
                    "first": first,
                    "total": total,
                    "requests": [request["request"] for _host, request in part],
                    "owners": [
                        {"host": host["host"], **{key: request[key] for key in _OWNER}} for host, request in part
                    ],
                }
            )
            before = last
    return found


def _parts(group: list[_Asked], most: int) -> t.Iterator[list[_Asked]]:
    for start in range(0, len(group), most):
        part = group[start : start + most]
        try:
            _masking.check(_REQUESTS, {"requests": [request["request"] for _host, request in part]})
        except InputError:
            yield from ([one] for one in part)
        else:
            yield part


def _owner(claim: dict[str, t.Any], result: dict[str, t.Any]) -> dict[str, t.Any]:
    return {
        "common_name": claim["common_name"],
        "shown": claim["shown"],
        "reason": result["reason"],
        "renewal": bool(result.get("live")),
        "public_key_sha256": result.get("public_key_sha256"),
        "source": {"number": claim["number"], "given": claim["given"]},
    }
