# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The subject of a CSR, and the rules it must keep."""

from __future__ import annotations

import dataclasses
import re

from .._errors import InputError

# Upper bounds of X.520 (RFC 5280, appendix A.1), in characters.
# ISO 3166-2:TW, less its TW-.
_COUNTIES = frozenset("CHA CYI CYQ HSQ HSZ HUA ILA KEE KHH KIN LIE MIA NAN NWT PEN PIF TAO TNN TPE TTT TXG YUN".split())
_LIMITS = {
    "common_name": 64,
    "state_or_province": 128,
    "locality": 128,
    "organization": 64,
    "organizational_unit": 64,
}


@dataclasses.dataclass(frozen=True)
class Subject:
    """The subject of a CSR, checked by the portal's rules (manual §4.1.2, §4.3.6.1).

    Which of the optional parts it wants is the portal's to say: it refuses a CSR without them before anything is ordered.

    :raises InputError: a part is empty, not in printable ASCII, too long, or abbreviated.
    """

    common_name: str
    country: str = "TW"
    state_or_province: str | None = None
    locality: str | None = None
    organization: str | None = None
    organizational_unit: str | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-Za-z]{2}", self.country or ""):
            raise InputError(f"country must be the two letters of ISO 3166, such as TW, not {self.country!r}")
        object.__setattr__(self, "country", self.country.upper())
        for field, limit in _LIMITS.items():
            value = getattr(self, field)
            if value is None and field != "common_name":
                continue
            if not value or value != value.strip():
                raise InputError(f"{field} must not be empty, nor begin or end with white space")
            if not re.fullmatch("[ -~]+", value):
                raise InputError(f"{field} must be written in English (printable ASCII), not {value!r}")
            if len(value) > limit:
                raise InputError(f"{field} must be at most {limit} characters long, not {len(value)}")
        state = self.state_or_province
        if state is not None and _is_abbreviated(state, self.country):
            raise InputError(f"state_or_province must not be abbreviated (such as Taiwan), but it is {state!r}")


def _is_abbreviated(state: str, country: str) -> bool:
    """Whether a province is given as a code: ``TW``, ``TPE``, ``TW-TPE``, ``N.T.P.C.``, ``NTPC``."""
    return (
        len(state) < 3
        or state.endswith(".")
        or bool(
            re.fullmatch(
                r"[A-Za-z]{2}-[A-Za-z0-9]{1,3}|[A-Z]{3}|[B-DF-HJ-NP-TV-XZ]{4,6}|(?:[A-Za-z]\.){2,}[A-Za-z]?", state
            )
        )
        or (country == "TW" and state.upper() in _COUNTIES)
    )
