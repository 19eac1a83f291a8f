# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificate that is wanted, from the options of twca_csr; checked without loading ``cryptography``."""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing as t

from .._errors import InputError
from .._pki import kinds, names, renewal
from .._pki.subject import Subject

_SUBJECT = ("country", "state_or_province", "locality", "organization", "organizational_unit")
_BEGINNING = re.compile(r"[0-9a-f]{8,64}")
_KEY = ("key_type", "key_size", "key_curve", "renew_within")

#: The options that say what is wanted, as an argument spec.
OPTIONS: dict[str, dict[str, t.Any]] = {
    "common_name": {"type": "str", "required": True},
    "subject_alt_name": {"type": "list", "elements": "str"},
    "country": {"type": "str", "default": "TW"},
    "state_or_province": {"type": "str"},
    "locality": {"type": "str"},
    "organization": {"type": "str"},
    "organizational_unit": {"type": "str"},
    "key_type": {"type": "str", "choices": ["RSA", "ECC"], "default": "RSA"},
    "key_size": {"type": "int", "default": 2048},
    "key_curve": {"type": "str", "choices": ["secp256r1", "secp384r1"], "default": "secp256r1"},
    "renew_within": {"type": "str", "default": renewal.USUAL},
    "renew_before": {"type": "str"},
    "force_renew": {"type": "bool", "default": False},
    "discard": {"type": "list", "elements": "str"},
    "discard_pending": {"type": "bool", "default": False},
}


@dataclasses.dataclass(frozen=True)
class Wish:
    """The certificate that is wanted. ``names`` are canonical; sizes in bits.

    ``renew_before``: one that was obtained earlier (see :mod:`.age`) is not wanted any more.
    ``discard``: beginnings of the hashes of public keys whose pending pairs are not wanted any more.
    """

    subject: Subject
    names: tuple[str, ...]
    key_type: str = "RSA"
    key_size: int = 2048
    key_curve: str = "secp256r1"
    renew_within: str = renewal.USUAL
    renew_before: datetime.datetime | None = None
    discard: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        kinds.check_parameters(self.key_type, size=self.key_size, curve=self.key_curve)
        renewal.parse_renew_within(self.renew_within)

    @classmethod
    def of(cls, options: dict[str, t.Any]) -> Wish:
        """What :data:`OPTIONS` say, all of it checked.

        :raises InputError: one of them is wrong.
        """
        common_name = names.host(names.normalise(options["common_name"], None)[0])
        return cls(
            subject=Subject(common_name, **{part: options[part] for part in _SUBJECT}),
            names=names.normalise(options["common_name"], options["subject_alt_name"]),
            **{option: options[option] for option in _KEY},
            renew_before=_moment(options["renew_before"]),
            discard=tuple(map(_beginning, options["discard"] or ())),
        )

    @property
    def kind(self) -> kinds.Kind:
        """The kind of key that is wanted."""
        if self.key_type == "RSA":
            return kinds.Kind("RSA", self.key_size)
        return kinds.Kind("ECC", kinds.CURVE_BITS[self.key_curve], self.key_curve)

    @property
    def window(self) -> renewal.RenewWithin:
        """How long before its end the certificate is due."""
        return renewal.parse_renew_within(self.renew_within)


def _moment(text: str | None) -> datetime.datetime | None:
    now = datetime.datetime.now(datetime.timezone.utc)
    return None if text is None else renewal.parse_renew_before(text, now)


def _beginning(text: str) -> str:
    beginning = text.strip().lower()
    if not _BEGINNING.fullmatch(beginning):
        raise InputError(
            "discard must list the beginnings of public_key_sha256 of pending pairs, each of 8 to 64 of the characters 0-9 "
            f"and a-f, in quotes, not {text!r}"
        )
    return beginning
