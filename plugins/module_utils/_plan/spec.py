# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One entry of ``twca_certificates``, read once: what is wanted, under canonical names, its secrets apart."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._deploy.wish import OPTIONS
from .._errors import InputError
from .._pki import names

#: An entry's secrets stay in ``twca_certificates``: what loops show as their item must not hold them.
SECRETS = ("passphrase", "mailbox", "pkcs12_passphrase")
#: What acts once and does not name what it acts on, with what to write instead.
ONE_OFFS = {
    "force_renew": (
        "would order again after each delivery: write renew_before with a moment, such as 2026-12-01T00:00:00Z; "
        "what was issued earlier is renewed then, once"
    ),
    "discard_pending": (
        "would discard every key and order again in each run: write discard with the first 8 characters of "
        "the public_key_sha256 of the key to discard, as the messages print it"
    ),
}
#: What of a claim concerns twca_csr, less its directory and what it is to discard.
CSR_OPTIONS = (*(option for option in OPTIONS if option not in (*ONE_OFFS, "discard")), "owner", "group", "mode")

_READ = ("common_name", "subject_alt_name", "discard")
_BEGINNING = re.compile("[0-9a-fA-F]{8,64}")


@dataclasses.dataclass(frozen=True)
class CertificateSpec:
    """What one entry wants. Names are canonical and bare (``www.example.com.tw``, ``2001:db8::17``), in the case they were given in.

    ``former_place`` is the name that the certificate directory had before names were made canonical, if it was another.
    ``discard`` holds the beginnings of hashes of public keys. ``options`` is all else that the entry says, without secrets.
    """

    number: int
    name: str
    alternative_names: tuple[str, ...]
    place: str
    former_place: str | None
    discard: tuple[str, ...]
    options: dict[str, t.Any]

    @classmethod
    def of(cls, number: int, entry: t.Any) -> CertificateSpec:
        """The entry ``number`` of the list.

        :raises InputError: it cannot be meant; the message names the entry and its option.
        """
        where = f"twca_certificates[{number}]"
        if not isinstance(entry, dict):
            raise InputError(f"{where} is no dictionary: write an entry as options, with common_name first.")
        given = str(entry.get("common_name") or "")
        if not given:
            raise InputError(f"{where} has no common_name: give the name that its certificate is for.")
        for option, instead in ONE_OFFS.items():
            if option in entry:
                raise InputError(f"{where} ({given}): {option} {instead}.")
        if entry.get("on_uncertain") == "resubmit":
            raise InputError(
                f"{where} ({given}): on_uncertain: resubmit would order again whenever an answer is lost: "
                "tell the journal what TWCA says instead, by the task twca.ssl.twca_order that the message prints."
            )
        name = names.canonical_host(given, f"{where}.common_name")
        alternative = _alternative_names(name, entry.get("subject_alt_name"), f"{where}.subject_alt_name")
        place, former = _place(name), _place(given)
        return cls(
            number=number,
            name=name,
            alternative_names=alternative,
            place=place,
            former_place=None if former == place else former,
            discard=beginnings(entry.get("discard"), f"{where}.discard"),
            options={option: entry[option] for option in entry if option not in (*SECRETS, *_READ)},
        )


def beginnings(given: t.Any, where: str) -> tuple[str, ...]:
    """The beginnings of key hashes, from a list or from text with commas; in lower case, each once.

    :raises InputError: one of them is none.
    """
    if given is None:
        return ()
    parts = given.split(",") if isinstance(given, str) else given if isinstance(given, (list, tuple)) else [given]
    found = [str(part).strip() for part in parts]
    for one in found:
        if one and not _BEGINNING.fullmatch(one):
            raise InputError(
                f"{where}: {one!r} is not the beginning of a key's SHA-256: give at least 8 of its hexadecimal characters, in quotes."
            )
    return tuple(dict.fromkeys(one.lower() for one in found if one))


def canonical_name(given: t.Any) -> str:
    """The canonical form of a name, bare; one that is malformed stays as it is."""
    try:
        return names.canonical_host(str(given), "name")
    except InputError:
        return str(given)


def same_name(first: str, second: str) -> bool:
    """Whether two names, however they are written, are one; a malformed one is no other's."""
    return canonical_name(first).lower() == canonical_name(second).lower()


def renewed_before(entries: t.Sequence[dict[str, t.Any]], name: str, moment: str) -> list[dict[str, t.Any]]:
    """The entries, that for ``name`` with ``renew_before``."""
    return [
        {**entry, "renew_before": moment} if same_name(str(entry["common_name"]), name) else entry for entry in entries
    ]


def _alternative_names(name: str, given: t.Any, where: str) -> tuple[str, ...]:
    if given is None:
        return ()
    found = {name.lower(): name}
    for one in given:
        canonical = names.canonical_host(one, where)
        found.setdefault(canonical.lower(), canonical)
    return tuple(found.values())


def _place(name: str) -> str:
    return name.replace("*", "_")
