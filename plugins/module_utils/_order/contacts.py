# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules on contacts and the passphrase, checked before the portal is asked anything (manual §4.3.6).

Only what cannot change a meaning is put right, and said: full-width digits, letters and spaces where a number or an
address is written. Names keep every character, since they must equal the signed paper form.
"""

from __future__ import annotations

import re
import typing as t
import unicodedata

from .._certificate_options import CONTACT_FIELDS
from .._errors import InputError

BILLING_FIELDS = tuple(field for field in CONTACT_FIELDS if field != "tax_id")
SAME_AS = ("technical", "business")
PASSPHRASE_MINIMUM = 6

_TAX_ID_WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)
_HALF_WIDTH = {0x3000: " "}
_HALF_WIDTH.update((code, chr(code - 0xFEE0)) for code in range(0xFF10, 0xFF5B) if chr(code).isalnum())
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_EXTENSION = re.compile(r"\s*(?:#|\*|ext\.?|x|分機|轉|转)\s*:?\s*(.*)", re.IGNORECASE | re.DOTALL)
_BRACKETED = re.compile(r"\(([+0-9 -]+)\)")
_CHINESE_NUMBER = re.compile(r"[〇零一二三四五六七八九十百]+(?=[號号樓楼])")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?=.{{1,253}}$)(?:{_LABEL}\.)+(?=[^.]*[A-Za-z]){_LABEL}")

Contact = dict[str, str]


class _WrongError(Exception):
    """What is wrong with one value, and what to do about it: the end of a sentence that begins with the field."""


def check(
    technical: dict[str, t.Any] | None,
    business: dict[str, t.Any] | None,
    billing: dict[str, t.Any] | None,
) -> tuple[Contact, Contact, Contact, list[str]]:
    """Return cleaned copies of the three contacts, and a notice for each thing that was put right.

    ``billing`` has no ``tax_id``, or is ``{"same_as": "technical" | "business"}``. Values that are ``None`` count as
    not given. Raises :class:`InputError` with one sentence for every field that is missing or wrong, all at once.
    """
    problems: list[str] = []
    notices: list[str] = []
    clean_technical = _check_contact("technical_contact", technical, CONTACT_FIELDS, problems, notices)
    clean_business = _check_contact("business_contact", business, CONTACT_FIELDS, problems, notices)
    clean_billing = _check_billing(billing, problems, notices)
    _check_different_persons(clean_technical, clean_business, problems, notices)
    if problems:
        raise InputError(" ".join(problems))
    return clean_technical, clean_business, clean_billing, notices


def check_passphrase(passphrase: str | None) -> None:
    """Raise :class:`InputError` unless the portal can take this passphrase and a person can type it again (§4.3.6.1).

    White space at the ends and control characters mostly come from reading a file, and would be part of a passphrase
    that nobody knows when it is needed again for renewal or revocation. The passphrase is never part of the error.
    """
    if not passphrase:
        raise InputError("passphrase is missing: give the one that renewal and revocation will need again.")
    if passphrase != passphrase.strip():
        raise InputError(
            "passphrase begins or ends with white space (a line end of a file?): remove it, or it would be part of it."
        )
    if any(unicodedata.category(character) == "Cc" for character in passphrase):
        raise InputError("passphrase holds a control character (a tab or line end?): use characters a person can type.")
    if len(passphrase) < PASSPHRASE_MINIMUM:
        raise InputError(f"passphrase is too short: the portal wants at least {PASSPHRASE_MINIMUM} characters.")


def tax_id_is_valid(tax_id: str) -> bool:
    """Whether eight digits are a company number (公司統一編號) by its check digit.

    The digits' products with their weights, each taken as the sum of its own digits, are added up. That sum was a
    multiple of 10 in every number given out before April 2023 and is a multiple of 5 in later ones (Ministry of
    Finance), so one rule covers both. A seventh digit of 7 gives 28, whose digits give 10, which counts as 1 or as 0.
    """
    total = sum(sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(tax_id, _TAX_ID_WEIGHTS))
    return total % 5 == 0 or (tax_id[6] == "7" and (total + 1) % 5 == 0)


def _check_contact(
    contact: str, given: dict[str, t.Any] | None, fields: tuple[str, ...], problems: list[str], notices: list[str]
) -> Contact:
    """The contact's cleaned fields, less those that are wrong, for which ``problems`` gets a sentence each."""
    values = {key: value for key, value in (given or {}).items() if value is not None}
    if not values:
        problems.append(f"{contact} is missing: give its {', '.join(fields)}.")
        return {}
    for key in sorted(set(values) - set(fields)):
        problems.append(f"{contact} has no field {key!r}: its fields are {', '.join(fields)}.")
    clean: Contact = {}
    for field in fields:
        try:
            text = _text(values.get(field))
            clean[field] = _CHECKS.get(field, _keep)(text)
        except _WrongError as wrong:
            problems.append(f"{contact}.{field} {wrong}.")
            continue
        if clean[field] != text:
            notices.append(f"{contact}.{field} was put right: {text!r} is sent as {clean[field]!r}.")
        if field == "address" and _CHINESE_NUMBER.search(clean[field]):
            notices.append(f"{contact}.address writes a number in Chinese; the portal asks for Arabic digits.")
    return clean


def _check_billing(given: dict[str, t.Any] | None, problems: list[str], notices: list[str]) -> Contact:
    values = {key: value for key, value in (given or {}).items() if value is not None}
    same_as = values.pop("same_as", None)
    if same_as is not None:
        if same_as not in SAME_AS:
            problems.append(f"billing_contact.same_as is {same_as!r}: give {' or '.join(SAME_AS)}.")
        if values:
            problems.append(
                f"billing_contact has same_as and {', '.join(sorted(values))}: give same_as alone or leave it out."
            )
        return {"same_as": same_as}
    if values.pop("tax_id", None) is not None:
        notices.append("billing_contact.tax_id is left out: the portal does not ask for it.")
    return _check_contact("billing_contact", values, BILLING_FIELDS, problems, notices)


def _check_different_persons(technical: Contact, business: Contact, problems: list[str], notices: list[str]) -> None:
    """Two persons have two names (§4.3.6.2). They may share a mailbox, though a notice then may reach only one."""
    if not (technical and business):
        return

    def same(field: str) -> bool:
        one, other = (_comparable(contact.get(field, "")) for contact in (technical, business))
        return one == other != ""

    if same("name"):
        problems.append(
            "business_contact.name is the technical contact's too: the portal wants two persons, so name another."
        )
    elif same("email"):
        notices.append("business_contact.email is the technical contact's too: make sure that both persons read it.")


def _comparable(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _text(value: t.Any) -> str:
    """The value as text on one line, white space around it dropped; YAML turns unquoted numbers into integers."""
    if value is None:
        raise _WrongError("is missing: the portal lets no field be left empty")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise _WrongError(f"is not text but {type(value).__name__}: give one text in quotes")
    text = str(value).strip()
    if not text:
        raise _WrongError("is empty: the portal lets no field be left empty")
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
        raise _WrongError("holds a line end or another control character: write it on one line")
    return text


def _keep(text: str) -> str:
    return text


def _number(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_HYPHENS).strip()


def _digits(text: str) -> str:
    digits = re.sub(r"[\s-]", "", _number(text))
    if not re.fullmatch(r"[0-9]+", digits):
        raise _WrongError(f"is {text!r}: write it in digits only")
    return digits


def _tax_id(text: str) -> str:
    digits = _digits(text)
    if len(digits) != 8:
        raise _WrongError(
            f"has {len(digits)} digits: give the company number's eight, in quotes to keep a leading zero"
        )
    if not tax_id_is_valid(digits):
        raise _WrongError(f"is {digits}, whose check digit is wrong: compare it with the company's registration")
    return digits


def _postal_code(text: str) -> str:
    digits = _digits(text)
    if len(digits) not in (3, 5, 6) or digits[0] == "0":
        raise _WrongError(f"is {digits}: give a postal code of 3, 5 or 6 digits, not beginning with 0")
    return digits


def _phone(text: str) -> str:
    """The number as it was written, in half-width characters; its area code, length and extension are checked."""
    number = _number(text)
    extension = _EXTENSION.search(number)
    main = number[: extension.start()] if extension else number
    if extension and not re.fullmatch(r"[0-9]{1,6}", extension.group(1)):
        raise _WrongError(f"is {text!r}, whose extension is not a number of up to six digits: write (02)23708886#9")
    digits = re.sub(r"[\s.-]", "", _BRACKETED.sub(r"\1", main))
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise _WrongError(f"is {text!r}: write one number, like (02)23708886 or (02)23708886#9")
    home = re.fullmatch(r"(?:\+|00)?886(0?)([0-9]{8,10})", digits)
    if home:
        digits = "0" + home.group(2)
    if digits.startswith("+"):
        if not 8 <= len(digits) - 1 <= 15:
            raise _WrongError(
                f"is {text!r}, which is no international number: it has 8 to 15 digits after the plus sign"
            )
    elif not digits.startswith("0"):
        raise _WrongError(f"is {text!r}, which has no area code: write (02)23708886, in quotes to keep the zero")
    elif len(digits) not in ((11,) if digits.startswith("070") else (9, 10)):
        raise _WrongError(f"is {text!r}, which has {len(digits)} digits: with its area code a number has 9 or 10")
    return number


def _email(text: str) -> str:
    address = unicodedata.normalize("NFKC", text).strip()
    if not _EMAIL.fullmatch(address):
        raise _WrongError(f"is {text!r}: give one plain address, like name@example.com.tw")
    return address


def _address(text: str) -> str:
    return text.translate(_HALF_WIDTH).strip()


_CHECKS: dict[str, t.Callable[[str], str]] = {
    "tax_id": _tax_id,
    "address": _address,
    "postal_code": _postal_code,
    "phone": _phone,
    "fax": _phone,
    "email": _email,
}
