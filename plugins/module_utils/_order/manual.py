# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person decides about an order."""

from __future__ import annotations

from .._errors import InputError, UncertainOrderError
from . import sentences
from .book import Applicant
from .journal import (
    ABANDONED,
    ACCEPTED,
    ISSUED,
    NOT_PLACED,
    OPEN_STATES,
    PLACED,
    PREPARED,
    REJECTED,
    SUBMITTING,
    UNCERTAIN,
    Record,
)


def told(
    record: Record | None, applicant: Applicant, state: str, now: str, *, discard_accepted: bool = False
) -> Record:
    """The record after a person's decision (module ``twca_order``).

    :param record: what the journal knows of the key; None if nothing.
    :param state: ``placed``, ``abandoned`` or ``not_placed``.
    :raises InputError: the journal knows better.
    :raises UncertainOrderError: the order may still become a certificate, and ``discard_accepted`` is not given.
    """
    known = record or Record(
        applicant.common_name, applicant.public_key_sha256, PREPARED, "apply", applicant.csr, history=()
    )
    if record is not None and record.state == state:
        return record
    if known.state == ISSUED and state != ABANDONED:
        raise InputError(sentences.has_its_certificate(known, state))
    if state == PLACED:
        if known.state in (ACCEPTED, REJECTED, ABANDONED):
            raise InputError(sentences.cannot_become(known, state))
        return known.moved(PLACED, at=now)
    if state == NOT_PLACED:
        if known.state not in (PREPARED, SUBMITTING, UNCERTAIN, PLACED):
            raise InputError(sentences.cannot_become(known, state))
        if known.is_cleared:
            return known
        return known.moved(NOT_PLACED, at=now).moved(PREPARED, at=now)
    if known.state in OPEN_STATES and not discard_accepted:
        raise UncertainOrderError(sentences.may_still_come(known))
    return known.moved(ABANDONED, at=now, settled=known.state == REJECTED)
