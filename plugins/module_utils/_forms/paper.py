# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All paper forms of a run, from the variables of the role forms."""

from __future__ import annotations

import posixpath
import typing as t

from . import documents, layout

#: What all certificates share, by the role's variable; the option is the variable's name without ``twca_``.
_SHARED = ("twca_key_type", "twca_key_size", "twca_key_curve", "twca_server_software", "twca_payment_method")
_CONTACTS = ("technical", "business", "billing")
#: The variables that the forms are made from.
VARIABLES = (
    "twca_certificates",
    "twca_contacts",
    "twca_forms",
    "twca_forms_authority",
    "twca_forms_date",
    "twca_forms_domain_owners",
    "twca_forms_revocations",
    "twca_organization",
    *_SHARED,
)

Values = t.Mapping[str, t.Any]


def question(revocation: Values) -> dict[str, t.Any] | None:
    """The options of twca_certificate_info that tell a revocation's serial number; ``None`` if it is given."""
    if revocation.get("serial_number"):
        return None
    found = {option: revocation.get(f"certificate_{option}") for option in ("path", "content")}
    return {option: value for option, value in found.items() if value}


def paper(given: Values, read: t.Sequence[Values]) -> dict[str, t.Any]:
    """``forms`` as :func:`.layout.page` describes them, the ``directories`` that they go to, and ``notices`` of what was put right.

    :param given: the values of :data:`VARIABLES` that are set.
    :param read: for each revocation the answer to its :func:`question`, if there was one.
    :raises InputError: a mistake in the variables.
    """
    contacts = given.get("twca_contacts") or {}
    shared = {
        **(given.get("twca_organization") or {}),
        **{f"{person}_contact": contacts.get(person) for person in _CONTACTS},
        **{name[len("twca_") :]: given.get(name) for name in _SHARED},
    }
    revocations = given.get("twca_forms_revocations") or []
    made = documents.documents(
        given.get("twca_certificates") or [],
        shared,
        forms=given["twca_forms"],
        revocations=[{**revocation, **answer} for revocation, answer in zip(revocations, read)],
        domain_owners=given.get("twca_forms_domain_owners"),
        date=given.get("twca_forms_date"),
    )
    pages = [layout.page(document, given["twca_forms_authority"]) for document in made]
    folders = dict.fromkeys(posixpath.dirname(page["path"]) for page in pages)
    return {
        "forms": pages,
        "directories": ["", *folders],
        "notices": [*dict.fromkeys(notice for document in made for notice in document["notices"])],
    }
