# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of keys, and which of them public authorities certify."""

from __future__ import annotations

import typing as t

from .._errors import InputError

KEY_TYPES = ("RSA", "ECC")
CURVE_BITS = {"secp256r1": 256, "secp384r1": 384}
CURVES = tuple(CURVE_BITS)
MIN_RSA_BITS = 2048
# Beyond this, making a key takes minutes and no authority issues for it.
MAX_RSA_BITS = 8192


def check_parameters(key_type: str, *, size: int = MIN_RSA_BITS, curve: str = CURVES[0]) -> None:
    """Refuse what public authorities do not certify (CA/Browser Forum Baseline Requirements 6.1.5).

    :param size: RSA modulus in bits; not looked at for ``ECC``.
    :param curve: one of :data:`CURVES`; not looked at for ``RSA``.
    :raises InputError: with one sentence that names the option.
    """
    if key_type not in KEY_TYPES:
        raise InputError(f"key_type must be one of {', '.join(KEY_TYPES)}, not {key_type!r}")
    if key_type == "RSA" and not (MIN_RSA_BITS <= size <= MAX_RSA_BITS and size % 8 == 0):
        raise InputError(f"key_size must be {MIN_RSA_BITS} to {MAX_RSA_BITS} bits and a multiple of 8, not {size}")
    if key_type == "ECC" and curve not in CURVES:
        raise InputError(f"key_curve must be one of {', '.join(CURVES)}, not {curve!r}")


class Kind(t.NamedTuple):
    """What sort of key: ``type`` (``RSA``, ``ECC``, or another's class name), ``bits``, ``curve`` (ECC only)."""

    type: str
    bits: int
    curve: str | None = None

    def __str__(self) -> str:
        return f"{self.type} {self.curve or self.bits}"
