# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What TWCA answered, matched with what was asked: answer n is of request n.

Ansible masks a secret wherever it occurs in a module's result, also where it is a part of a name. So names, hosts and hashes are
taken from what was asked; and what became of an order is told by the shape of its result, never by a word in it.
"""

from __future__ import annotations

import contextlib
import typing as t

from .._pki import der
from .written import as_written

_MASK = "********"
_ORDERS_NOTHING = ("none", "download")
_NAMED = 20  # how many names a sentence lists

Answer = dict[str, t.Any]


def answers(owners: t.Sequence[dict[str, t.Any]], obtained: dict[str, t.Any]) -> list[Answer]:
    """An answer for each owner, with the owner's name and hash, ``status`` (``issued``, ``pending`` or ``failed``) and ``warnings``.

    ``unknown`` is there where nothing is known of what became of it. What is wrong is told of the variables that the user wrote.

    :param owners: those of a batch; ``source`` tells where each one's options were written.
    :param obtained: what twca_certificates returned for its requests, be it a failure.
    """
    batch = [owner["source"] for owner in owners]
    return [
        {
            **{key: value for key, value in answer.items() if key != "source"},
            "warnings": [as_written(str(one), source, batch) for one in answer["warnings"]],
            **({"msg": as_written(answer["msg"], source, batch)} if "msg" in answer else {}),
        }
        for source, answer in zip(batch, _answers(owners, obtained))
    ]


def _answers(owners: t.Sequence[dict[str, t.Any]], obtained: dict[str, t.Any]) -> list[Answer]:
    results = obtained.get("results")
    if not isinstance(results, list):
        msg = str(obtained.get("msg") or "The portal host did not answer.")
        return [{**_failed(owner, msg), "unknown": True} for owner in owners]
    if len(results) != len(owners):
        msg = (
            f"twca_certificates returned {len(results)} results for {len(owners)} requests, so none of them can be told whose it is; "
            "the journal on the portal host has kept the orders. Run this playbook again."
        )
        return [{**_failed(owner, msg), "unknown": True} for owner in owners]
    return [_answer(owner, result) for owner, result in zip(owners, results)]


def of_host(host: str, spokesman: str, asked: dict[str, t.Any], found: t.Sequence[Answer]) -> dict[str, t.Any]:
    """A host's own: ``issued`` by name, ``person_needed``, ``changed`` and ``diff``; with ``failed`` and ``msg`` where nobody asked.

    :param spokesman: the host that asks for all.
    :param asked: what the host asked for.
    :param found: the answers to all hosts.
    """
    mine = [answer for answer in found if answer["host"] == host]
    if len(mine) != len(asked["requests"]):
        return {
            "failed": True,
            "msg": f"{spokesman}, which asks TWCA for this host as well, failed. See there, and run this playbook again.",
        }
    return {
        "issued": {answer["common_name"]: answer for answer in mine if answer["status"] == "issued"},
        "person_needed": [*asked["refused"], *(_needed(answer) for answer in mine if answer["status"] == "failed")],
        "changed": any(answer.get("changed") for answer in mine),
        "diff": [one for answer in mine for one in answer.get("diff") or ()],
    }


def _needed(answer: Answer) -> dict[str, t.Any]:
    """What a host fails with; what would be ordered is told by the run's end, certificate by certificate."""
    needed = {"shown": answer["shown"], "msg": answer["msg"]}
    if "would_order" not in answer:
        return needed
    msg = "twca_allow_order is false, and certificates would have to be ordered for this host: see above."
    return {**needed, "msg": msg, "would_order": answer["would_order"]}


def news(found: t.Sequence[Answer], first: int, total: int) -> list[str]:
    """What came of a batch: a line for each certificate, and one for each warning. Of the only batch the run's end tells, less the warnings.

    :param first: the number of the first of them.
    :param total: how many there are in all batches.
    """
    lines = []
    for number, answer in enumerate(found, first):
        if len(found) < total:
            lines.append(f"{number} of {total}: {answer['shown']} {_told(answer)}")
        lines.extend(f"{answer['shown']}: {warning}" for warning in answer["warnings"])
    return lines


def orders(predicted: t.Sequence[Answer], unmade: t.Sequence[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """What a run would order: those of the predicted answers that order, or of which that is not known, and what has no key yet."""
    keys = ("common_name", "shown", "reason", "renewal")
    return [*({key: answer[key] for key in keys} for answer in predicted if orders_one(answer)), *unmade]


def orders_one(answer: Answer) -> bool:
    """Whether it is of an order that is placed, or would be; also where nobody knows."""
    failed = answer["status"] == "failed"
    return bool(answer.get("unknown")) or not (failed or answer.get("operation") in _ORDERS_NOTHING)


def total(ordered: t.Sequence[dict[str, t.Any]]) -> str:
    """How many certificates would be ordered, and how many of them are renewals."""
    if not ordered:
        return "Nothing would be ordered."
    renewals = sum(bool(order["renewal"]) for order in ordered)
    return f"{_count(len(ordered), 'certificate')} would be ordered: {kinds(renewals, len(ordered) - renewals)}."


def kinds(renewals: int, new: int) -> str:
    """Such as ``3 renewals, 1 new``."""
    return ", ".join([*([_count(renewals, "renewal")] if renewals else []), *([f"{new} new"] if new else [])])


def excess(ordered: t.Sequence[dict[str, t.Any]], most: int) -> str:
    """Why a run that would order more than ``twca_max_orders`` orders nothing."""
    named = [order["shown"] for order in ordered]
    renewals = sum(bool(order["renewal"]) for order in ordered)
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return (
        f"This run would order {_count(len(named), 'certificate')}, and twca_max_orders is {most}. Nothing was ordered. "
        f"If they are all meant ({kinds(renewals, len(named) - renewals)}), raise twca_max_orders for this run: "
        f"{', '.join(named[:_NAMED])}{more}."
    )


def since(answer: Answer) -> str:
    """The moment at which TWCA took the order, or else at which it was sent, in UTC; empty where nobody knows."""
    order = answer.get("order") or {}
    return str(order.get("accepted_at") or order.get("submitted_at") or "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _answer(owner: dict[str, t.Any], result: dict[str, t.Any]) -> Answer:
    answer = {**result, **owner, "warnings": list(result.get("warnings") or ())}
    if result.get("failed"):
        return {**answer, "status": "failed", "msg": str(result.get("msg") or "It failed without a message.")}
    certificate = str(result.get("certificate") or "")
    if not certificate:
        return {**answer, "status": "pending"}
    shown = owner["shown"]
    if any(_MASK in str(one) for one in (certificate, *(result.get("chain") or ()))):
        return _failed(
            owner,
            f"The certificate of {shown} is here, but a passphrase or password occurs in its text by chance, and Ansible masked it. "
            "Fetch it into files on the portal host, with path and chain_path of twca_certificate, and install it with twca_install.",
        )
    with contextlib.suppress(der.UnreadableError):
        pem = certificate.encode()
        if der.certificate_key_sha256(pem) != owner["public_key_sha256"]:
            return _failed(owner, f"What was answered for {shown} is a certificate of another key. It is not used.")
        answer["serial_number"] = der.certificate(pem).serial_number
    return {**answer, "status": "issued"}


def _failed(owner: dict[str, t.Any], msg: str) -> Answer:
    return {**owner, "failed": True, "status": "failed", "msg": msg, "warnings": []}


def _told(answer: Answer) -> str:
    if "would_order" in answer:
        return "would be ordered."
    if answer["status"] == "failed":
        return "needs a person: see below."
    if answer["status"] == "issued":
        return f"is here, valid until {answer['not_after'][:10]}."
    begun = since(answer)[:16].replace("T", " ")
    awaited = f"is awaited from TWCA since {begun} UTC" if begun else "is awaited from TWCA"
    return f"{awaited}; run this playbook again to collect and install it."
