# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What people are told of an order: each sentence says what is the matter, and the exact words to go on with."""

from __future__ import annotations

import typing as t

from .._errors import CertificateError, InputError, PortalRefusedError, TwcaError, UncertainOrderError
from .journal import ABANDONED, ACCEPTED, ISSUED, PLACED, SUBMITTING, Record

if t.TYPE_CHECKING:
    from .._portal.model import Entry
    from .book import Applicant

_SHORT = 8  # characters of a key's hash that name it

UNKNOWN_TO_JOURNAL = (
    "The journal does not know this key's order, but the portal has its certificate: nothing was ordered."
)
NOT_IN_MAILBOX = "The notice is not in the mailbox; the certificate was downloaded from the portal (manual §4.6.2)."


def describe(record: Record) -> dict[str, t.Any]:
    """The return value ``order``."""
    return {
        "state": record.state,
        "operation": record.operation,
        "public_key_sha256": record.public_key_sha256,
        "holder": record.holder,
        "submitted_at": record.reached(SUBMITTING),
        "accepted_at": record.reached(ACCEPTED),
        "placed_at": record.reached(PLACED),
        "issued_at": record.reached(ISSUED),
        "abandoned_at": record.reached(ABANDONED),
        "portal_message": record.portal_message,
        "contact_changes": list(record.contact_changes),
    }


def short(public_key_sha256: str) -> str:
    """The beginning of a key's hash, by which messages name the key."""
    return public_key_sha256[:_SHORT]


def discard(record: Record) -> str:
    """The words that discard a key."""
    return f"-e twca_discard={short(record.public_key_sha256)}"


def decision(record: Record, state: str, *, whole: bool = False) -> str:
    """The task that tells the journal a person's decision."""
    key = record.public_key_sha256 if whole else short(record.public_key_sha256)
    return f"twca.ssl.twca_order: common_name={record.common_name} public_key_sha256={key} state={state}"


def rejected(record: Record) -> PortalRefusedError:
    return PortalRefusedError(
        f"TWCA rejected the order for {record.common_name}: {record.portal_message} "
        f"Put right what it names, then run once with {discard(record)}; this key is not sent again.",
        record.portal_message or "",
        status="rejected",
        order=describe(record),
    )


def abandoned(record: Record) -> TwcaError:
    return TwcaError(
        f"The key {short(record.public_key_sha256)} of {record.common_name} was discarded on {record.reached(ABANDONED)}, so nothing is ordered for it, "
        f"but its pair is still pending. Run with {discard(record)} to make a new pair.",
        order=describe(record),
    )


def uncertain(
    record: Record, listed: t.Sequence[Entry], cause: TwcaError | None, *, searched: bool
) -> UncertainOrderError:
    """Nobody but TWCA can tell whether the order was placed."""
    why = f" ({cause.message})" if cause else ""
    if listed:
        found = "The portal lists " + ", ".join(f"{one.name} ({one.status_text or one.status})" for one in listed)
        found += " since then, and does not say whether this is the order."
    elif searched:
        found = "The portal does not list it, which proves nothing."
    else:
        found = "The portal could not be searched afterwards."
    return UncertainOrderError(
        f"An order for {record.common_name} was being sent to the portal at {record.reached(SUBMITTING)}, and no answer tells whether it was placed{why}. "
        f"{found} Ask TWCA. If it was placed, run this on the portal host: {decision(record, 'placed')}. "
        f"If it was not: {decision(record, 'not_placed')}; the next run orders then.",
        order=describe(record),
    )


def unexplained_order(applicant: Applicant) -> UncertainOrderError:
    return UncertainOrderError(
        f"The portal lists an order for {applicant.common_name} that is being processed and that this journal does not know; "
        "it may be this key's. Wait until it is issued or rejected. If it certainly is another one, run this on the portal host: "
        f"twca.ssl.twca_order: common_name={applicant.common_name} public_key_sha256={applicant.public_key_sha256} state=not_placed; "
        "the next run orders then."
    )


def another_is_open(name: str, other: Record) -> UncertainOrderError:
    since = other.reached(other.state)
    held = f" of {other.holder}" if other.holder else ""
    return UncertainOrderError(
        f"Nothing was ordered for {name}: the order of another key, {short(other.public_key_sha256)}{held}, is {other.state} since {since}. "
        f"Wait for it. If that key is gone, run this on the portal host: {decision(other, 'abandoned')} discard_accepted=true; "
        "its certificate, if it is issued, cannot be used then.",
        order=describe(other),
    )


def another_holds_it(name: str, other: Record, holder: str) -> UncertainOrderError:
    return UncertainOrderError(
        f"Nothing was ordered for {name} on {holder}: {other.holder} holds a certificate of that name, valid until {other.not_after}, "
        f"and each key is an order of its own. Let the hosts share one key (twca_key_host). If {other.holder} no longer needs it, "
        f"run this on the portal host: {decision(other, 'abandoned')}.",
        order=describe(other),
    )


def nothing_to_renew(name: str) -> InputError:
    return InputError(
        f"The portal lists no valid certificate of {name} to renew; "
        "check the spelling (the portal tells upper from lower case), or use operation: apply."
    )


def not_allowed(operation: str, names: t.Sequence[str]) -> TwcaError:
    return TwcaError(
        f"allow_order is false, and a certificate would have to be ordered ({operation}) for {', '.join(names)}.",
        would_order={"operation": operation, "names": list(names)},
    )


def certificate_of_another_key(record: Record, serial_number: str) -> CertificateError:
    return CertificateError(
        f"Since the order for {record.common_name} the portal lists a certificate of another key (serial number {serial_number}); it is not used. "
        "If nobody else ordered it, TWCA issued it for a wrong CSR: ask them. "
        f"If TWCA says that nothing will come for this key, run once with {discard(record)} -e twca_discard_accepted=true.",
        order=describe(record),
    )


def somebody_was_rejected(record: Record, entry: Entry) -> str:
    return (
        f"The portal lists a rejected order for {entry.name} ({entry.message or entry.status_text}), of this key or of another one. "
        f"Ask TWCA. If it is this key's, run with {discard(record)} -e twca_discard_accepted=true."
    )


def issued_though_abandoned(record: Record, serial_number: str) -> str:
    return (
        f"TWCA issued a certificate (serial number {serial_number}) for the key {short(record.public_key_sha256)} of {record.common_name}, "
        "which was discarded. It cannot be used; revoke it if the key may be in other hands."
    )


def not_used(record: Record, serial_number: str, why: CertificateError) -> CertificateError:
    return CertificateError(
        f"The certificate that came for {record.common_name} (serial number {serial_number}) is not used: {why.message} "
        "The server keeps what it has; ask TWCA for a correct one.",
        **why.details,
    )


def no_longer_usable(record: Record, why: CertificateError) -> CertificateError:
    return CertificateError(
        f"This key has had its certificate for {record.common_name} (serial number {record.serial_number}), which can no longer be used: "
        f"{why.message} Make a new pair with {discard(record)} if this one is still pending.",
        **why.details,
    )


def has_its_certificate(record: Record, state: str) -> str:
    return (
        f"state: the order of the key {short(record.public_key_sha256)} for {record.common_name} has its certificate "
        f"(serial number {record.serial_number}); it cannot be {state}."
    )


def cannot_become(record: Record, state: str) -> str:
    since = record.reached(record.state)
    return f"state: the order of the key {short(record.public_key_sha256)} for {record.common_name} is {record.state} since {since}; it cannot be {state}."


def may_still_come(record: Record) -> str:
    return (
        f"The order for {record.common_name} of the key {short(record.public_key_sha256)} is {record.state} since {record.reached(record.state)} "
        "and may still become a certificate. "
        "If the key is discarded, that certificate can never be used, and a new order is paid or costs TWCA's people days again. "
        f"Cancel it with TWCA first; then run with {discard(record)} -e twca_discard_accepted=true."
    )
