# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module's sentence about its options, as one about the variables that the user wrote."""

from __future__ import annotations

import re
import typing as t

from .. import _portal_options
from .._certificate_options import argument_spec
from .spec import CSR_OPTIONS

_ORGANIZATION = ("country", "state_or_province", "locality", "organization", "organizational_unit")
_CONTACT = "_contact"
#: What no variable gives, so that it keeps its name.
_OTHERS = {"csr_content", "csr_path", "path", "chain_path", "fullchain_path", "holder"}
_OPTIONS = {*argument_spec(), *_portal_options.argument_spec(), *CSR_OPTIONS} - _OTHERS
_ANY = "|".join(sorted(_OPTIONS, key=len, reverse=True))
# An option of one request among many; one whose name is no word; and one at a sentence's beginning, followed by what is wrong with it.
_OPTION = re.compile(
    rf"requests\[(?P<number>[0-9]+)\]\.(?P<of>{_ANY})\b"
    rf"|(?<![\w.=/])(?P<name>(?=[a-z]+_)(?:{_ANY}))\b(?!=)"
    rf"|(?:(?<=^)|(?<=[.:;] ))(?P<word>{_ANY})(?=\.[a-z]|: | (?:is|must|has|holds|begins|lies)\b)"
)

#: What tells where an option was written: ``number``, the entry's, and ``given``, the options that the entry has.
Source = t.Mapping[str, t.Any]


def as_written(text: str, source: Source, batch: t.Sequence[Source] = ()) -> str:
    """The sentence with each option as the user wrote it.

    :param source: of the entry that the sentence is about.
    :param batch: the entries of all requests of the module's run.
    """

    def replaced(found: re.Match[str]) -> str:
        number = found["number"]
        if number is None:
            return variable(found["name"] or found["word"], source)
        return variable(found["of"], batch[int(number)] if int(number) < len(batch) else source)

    return _OPTION.sub(replaced, text)


def variable(option: str, source: Source) -> str:
    """The variable that an option was, or is to be, written in."""
    if option in source["given"] or option in ("common_name", "subject_alt_name"):
        return f"twca_certificates[{source['number']}].{option}"
    if option.endswith(_CONTACT):
        return f"twca_contacts.{option[: -len(_CONTACT)]}"
    return f"twca_organization.{option}" if option in _ORGANIZATION else f"twca_{option}"
