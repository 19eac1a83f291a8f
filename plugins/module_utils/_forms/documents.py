# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the paper forms of the manual's §5 tell, made from the variables that fill in the portal."""

from __future__ import annotations

import contextlib
import datetime
import re
import typing as t

from .._errors import InputError
from .._order import contacts
from .._pki import names
from .._pki.subject import Subject
from .._plan.written import Source, as_written

# The modules' own defaults; a test holds them equal.
MODULE_DEFAULTS: dict[str, t.Any] = {
    "country": "TW",
    "key_type": "RSA",
    "key_size": 2048,
    "key_curve": "secp256r1",
    "server_software": "其他",
    "operation": "auto",
}
FORMS = ("application", "test", "authorization")
OWNER_FIELDS = ("company", "tax_id", "address", "phone")

_SUBJECT = ("country", "state_or_province", "locality", "organization", "organizational_unit")
#: What a certificate that has no entry goes by.
_SHARED: Source = {"number": 0, "given": []}
_TAIPEI = datetime.timezone(datetime.timedelta(hours=8))
_DAY = "%Y-%m-%d"
_UTC_SECOND = "%Y-%m-%dT%H:%M:%SZ"

Document = dict[str, t.Any]


def documents(
    entries: t.Sequence[dict[str, t.Any]],
    shared: dict[str, t.Any],
    *,
    forms: t.Sequence[str] = ("application",),
    revocations: t.Sequence[dict[str, t.Any]] = (),
    domain_owners: dict[str, dict[str, t.Any]] | None = None,
    date: str | datetime.date | None = None,
) -> list[Document]:
    """One document per form. Nothing but what belongs on paper is taken over; a passphrase never is.

    Names, subject and contacts go through the checks of the modules, so that what is on paper equals what is uploaded.

    :param entries: of ``twca_certificates``.
    :param shared: options that all entries share; an entry's own wins.
    :param forms: of :data:`FORMS`, made for each entry.
    :param revocations: of ``twca_forms_revocations``, each with a serial number, or with the ``certificates`` that were read.
    :param domain_owners: by common name, with :data:`OWNER_FIELDS`.
    :param date: the date on the forms; without, there is room for it.
    :raises InputError: a mistake in the variables; the message names the certificate that has it.
    """
    for form in forms:
        if form not in FORMS:
            raise InputError(f"There is no form {form!r}: choose from {', '.join(FORMS)}.")
    printed_date = _calendar_date(date)
    common = {**MODULE_DEFAULTS, **_given(shared)}
    options_of = {_common_name(entry): {**common, **_given(entry)} for entry in entries}
    sources = {
        _common_name(entry): {"number": number, "given": list(_given(entry))} for number, entry in enumerate(entries)
    }
    made: list[Document] = []
    for common_name, options in options_of.items():
        owner = _owner(common_name, (domain_owners or {}).get(common_name) or {})
        with _as_written(sources[common_name]):
            made += [_request(form, common_name, options, owner) for form in forms]
    for revocation in revocations:
        common_name = _common_name(revocation)
        with _as_written(sources.get(common_name, _SHARED)):
            made.append(_revocation(common_name, options_of.get(common_name) or common, _given(revocation)))
    for document in made:
        source = sources.get(document["common_name"], _SHARED)
        document["notices"] = [as_written(notice, source) for notice in document["notices"]]
    return [{**document, "date": printed_date} for document in made]


@contextlib.contextmanager
def _as_written(source: Source) -> t.Iterator[None]:
    """Within it, what is wrong is told of the variables that the user wrote."""
    try:
        yield
    except InputError as exc:
        raise InputError(as_written(exc.message, source)) from exc


def _request(form: str, common_name: str, options: dict[str, t.Any], owner: dict[str, str]) -> Document:
    """The application, test or authorization form of one certificate."""
    document = _frame(form, form, common_name, options, with_billing=form == "application")
    document["names"] = _names(common_name, options.get("subject_alt_name"))
    document["owner"] = owner
    document["subject"] = _subject(common_name, options)
    key_type = options["key_type"]
    document["key"] = f"{key_type} {options['key_size'] if key_type == 'RSA' else options['key_curve']}"
    for option in ("operation", "server_software", "payment_method"):
        document[option] = str(options.get(option, ""))
    return document


def _revocation(common_name: str, options: dict[str, t.Any], revocation: dict[str, t.Any]) -> Document:
    revocation = _read(common_name, revocation)
    number = _serial_number(common_name, revocation.get("serial_number"))
    document = _frame("revocation", f"revocation-{number:X}", common_name, options, with_billing=False)
    document["serial_number"] = {"decimal": str(number), "hexadecimal": f"{number:X}"}
    document["reason"] = str(revocation.get("reason", ""))
    for moment in ("not_before", "not_after"):
        document[moment] = _taipei_time(common_name, moment, revocation.get(moment))
    return document


def _frame(form: str, file: str, common_name: str, options: dict[str, t.Any], *, with_billing: bool) -> Document:
    """What every form bears: its name, its file, and the contacts, who also name the applicant (§4.3.6.2)."""
    billing = options.get("billing_contact") if with_billing else {"same_as": "technical"}
    try:
        technical, business, billing, notices = contacts.check(
            options.get("technical_contact"), options.get("business_contact"), billing
        )
    except InputError as exc:
        raise InputError(f"{common_name}: {exc.message}") from exc
    same_as = billing.get("same_as", "")
    people = {"technical": technical, "business": business, "billing": billing}
    if same_as:
        people["billing"] = {field: people[same_as][field] for field in contacts.BILLING_FIELDS}
    return {
        "form": form,
        "path": f"{common_name.replace('*', '_')}/{file}",
        "common_name": common_name,
        "contacts": people,
        "billing_same_as": same_as,
        "notices": [f"{common_name}: {notice}" for notice in notices],
    }


def _common_name(entry: dict[str, t.Any]) -> str:
    common_name = entry.get("common_name")
    if not isinstance(common_name, str) or not common_name:
        raise InputError("An entry without a common_name: give the name that the certificate is for.")
    _names(common_name, None)
    return common_name


def _names(common_name: str, subject_alt_name: list[str] | None) -> list[str]:
    """The certificate's names as a person reads them, the common name first, each checked as for the CSR."""
    try:
        (first,) = names.normalise(common_name, None)
        others = [name for name in names.normalise(common_name, subject_alt_name) if name != first]
    except InputError as exc:
        raise InputError(f"{common_name}: {exc.message}") from exc
    return [names.host(name) for name in (first, *others)]


def _subject(common_name: str, options: dict[str, t.Any]) -> dict[str, str]:
    parts: dict[str, t.Any] = {field: options.get(field) for field in _SUBJECT}
    try:
        subject = Subject(common_name, **parts)
    except InputError as exc:
        raise InputError(f"{common_name}: {exc.message}") from exc
    return {field: getattr(subject, field) or "" for field in _SUBJECT}


def _read(common_name: str, revocation: dict[str, t.Any]) -> dict[str, t.Any]:
    """The revocation with what :mod:`twca_certificate_info` read of its certificate, if it did."""
    if revocation.get("serial_number") or not revocation.get("certificates"):
        return revocation
    certificate = revocation["certificates"][0]
    if certificate["common_name"] != common_name:
        raise InputError(
            f"{common_name}: the certificate to revoke is for {certificate['common_name']}; name the right one."
        )
    return {
        **revocation,
        "serial_number": f"0x{certificate['serial_number']}",
        "not_before": certificate["not_before"],
        "not_after": certificate["not_after"],
    }


def _serial_number(common_name: str, given: t.Any) -> int:
    """The number of a hexadecimal serial number. The portal shows decimal ones, which must not be taken for it."""
    if isinstance(given, int):
        raise InputError(f"{common_name}: write the serial number in quotes, or YAML reads it its own way.")
    text = re.sub(r"[\s:]", "", str(given or ""))
    prefixed = text.lower().startswith("0x")
    if not re.fullmatch(r"(0[xX])?[0-9A-Fa-f]{1,40}", text):
        raise InputError(
            f"{common_name}: the serial number is {given!r}; give it in hexadecimal, as the modules return it."
        )
    if text.isdigit() and not prefixed:
        raise InputError(
            f"{common_name}: the serial number {text} may be decimal, as the portal shows it, or hexadecimal. "
            f"Write 0x{text} if it is hexadecimal, or name the certificate by certificate_path."
        )
    return int(text, 16)


def _owner(common_name: str, given: dict[str, t.Any]) -> dict[str, str]:
    unknown = sorted(set(given) - set(OWNER_FIELDS))
    if unknown:
        raise InputError(
            f"{common_name}: a domain's owner has no field {unknown[0]!r}: its fields are {', '.join(OWNER_FIELDS)}."
        )
    return {field: str(given.get(field) or "") for field in OWNER_FIELDS}


def _calendar_date(given: str | datetime.date | None) -> dict[str, int] | None:
    """Year, year of the Republic, month and day; the Republic's year 1 is 1912."""
    if not given:
        return None
    try:
        date = datetime.datetime.strptime(str(given), _DAY)
    except ValueError:
        raise InputError(f"The date on the forms is {str(given)!r}; write it as YYYY-MM-DD.") from None
    return {"year": date.year, "roc_year": date.year - 1911, "month": date.month, "day": date.day}


def _taipei_time(common_name: str, what: str, given: t.Any) -> str:
    """A UTC time as the modules return it, in Taipei's time as the portal shows it (§4.4)."""
    if not given:
        return ""
    try:
        # Unquoted, YAML makes a time of it.
        text = given.strftime(_UTC_SECOND) if isinstance(given, datetime.datetime) else str(given)
        moment = datetime.datetime.strptime(text, _UTC_SECOND).replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        raise InputError(f"{common_name}: {what} is {given!r}; write it like 2026-11-23T03:00:00Z.") from None
    return moment.astimezone(_TAIPEI).strftime("%Y-%m-%d %H:%M:%S")


def _given(options: dict[str, t.Any]) -> dict[str, t.Any]:
    return {name: value for name, value in options.items() if value is not None}
