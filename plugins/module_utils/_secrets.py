# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which parts of a task's options are secret, which may be shown, and which secrets cannot be hidden without harm.

``spec`` is an argument specification, ``given`` the options of the task.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import stat
import typing as t
import unicodedata

from ._errors import InputError

Spec = dict[str, dict[str, t.Any]]

#: What stands for an option that is not shown.
HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
# Ansible masks a secret wherever it occurs in a result. A shorter one occurs by chance, in a serial number for example.
_SHORTEST = 6
_NAMES = frozenset(
    "common_name subject_alt_name organization organizational_unit state_or_province locality company".split()
)
# Files that hold a CSR or a certificate, and more than any of them has.
_FILES = frozenset(("csr_path", "certificate_path"))
_LIMIT = 1 << 16
# What our results say, and what others read in them.
_WORDS = (
    *(f"-----{side} {what}-----" for side in ("BEGIN", "END") for what in ("CERTIFICATE", "CERTIFICATE REQUEST")),
    *"prepared submitting uncertain accepted placed issued rejected abandoned pending action_required".split(),
    *"download requested revoked not_found".split(),
)
_PEM = re.compile(r"-----BEGIN [A-Z ]+-----([A-Za-z0-9+/=\s]+)-----END")


def plain(spec: Spec, given: t.Mapping[str, t.Any], aliases: t.Mapping[str, str] | None = None) -> dict[str, t.Any]:
    """The options as they may be shown: a value only where the specification says that it is no secret."""
    return {name: _plain(spec.get((aliases or {}).get(name, name)), value) for name, value in given.items()}


def _plain(option: dict[str, t.Any] | None, value: t.Any) -> t.Any:
    if value is None:
        return None
    if option is None or option.get("no_log"):
        return HIDDEN
    inner = option.get("options")
    if not inner:
        return value
    if isinstance(value, list):
        return [_plain(option, part) for part in value]
    # Where a text stands for a dictionary, nobody knows what is in it.
    return plain(inner, value) if isinstance(value, dict) else HIDDEN


def holds_secrets(option: dict[str, t.Any]) -> bool:
    """Whether an option is secret, or has an option of its own that is."""
    return bool(option.get("no_log")) or any(map(holds_secrets, (option.get("options") or {}).values()))


def secrets(spec: Spec, given: t.Mapping[str, t.Any]) -> set[str]:
    """The values of options that must not be seen, and all that stands where a dictionary with such options should."""
    found: set[str] = set()
    for name, option in spec.items():
        value, inner = given.get(name), option.get("options") or {}
        parts = value if isinstance(value, list) else [value]
        dictionaries = [part for part in parts if isinstance(part, dict)]
        if inner and len(dictionaries) == len(parts):
            found.update(*(secrets(inner, part) for part in dictionaries))
        elif holds_secrets(option):
            found |= _texts(value)
    return found | {form for text in found for form in _forms(text)}


def _texts(value: t.Any) -> set[str]:
    """All that a value of any shape says, in its parts and as errors quote it."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {text for part in parts for text in _texts(part)} | ({str(value)} if value else set())


def _forms(secret: str) -> t.Iterator[str]:
    """A secret as a message may write it: quoted by Python or JSON, or its spaces and letters made regular."""
    regular = unicodedata.normalize("NFKC", secret)
    forms = (repr(secret)[1:-1], ascii(secret)[1:-1], json.dumps(secret)[1:-1], secret.replace("'", "\\'"))
    for form in (*forms, regular, " ".join(secret.split()), " ".join(regular.split())):
        if len(form) >= _SHORTEST:
            yield form


def check(spec: Spec, given: t.Mapping[str, t.Any]) -> None:
    """Refuse a secret that Ansible could not mask without making the results useless.

    :raises InputError: one is too short, or is part of a name, an organization, a path or a word of the results.
    """
    if not any(map(holds_secrets, spec.values())):
        return
    options = list(_walk(spec, given, ""))
    for option, where, secret in options:
        if not option.get("no_log") or not secret:
            continue
        if len(secret) < _SHORTEST:
            raise InputError(
                f"{where} must have at least {_SHORTEST} characters: Ansible masks a secret wherever it occurs in a result, and "
                "so short a one occurs by chance. Nothing was done."
            )
        forms = {secret, *_forms(secret)}
        place = next((other for kind, other, text in options if _is_masked(forms, kind, other, text)), None)
        if place is None and any(form in word for form in forms for word in _WORDS):
            place = "a word that results use"
        if place is not None:
            raise InputError(
                f"{where} is part of {place}: Ansible masks a secret wherever it occurs in a result, so what the result is "
                "about could not be found again. Nothing was done. Use another one; a passphrase that TWCA knows has to be "
                "changed there first."
            )


def _walk(spec: Spec, given: t.Mapping[str, t.Any], above: str) -> t.Iterator[tuple[dict[str, t.Any], str, str]]:
    """Each text of the options, with the option and its name as the user wrote it."""
    for name, option in spec.items():
        value = given.get(name)
        parts = value if isinstance(value, list) else [value]
        for number, part in enumerate(parts):
            where = f"{above}{name}[{number}]" if parts is value else above + name
            if isinstance(part, dict):
                yield from _walk(option.get("options") or {}, part, f"{where}.")
            elif isinstance(part, str):
                yield option, where, part


def _is_masked(forms: set[str], option: dict[str, t.Any], where: str, text: str) -> bool:
    """Whether a secret occurs in an option by which people and programs find things again."""
    if option.get("no_log"):
        return False
    name = where.rpartition(".")[2].partition("[")[0]
    if name in _NAMES or "path" in (option.get("type"), option.get("elements")):
        if any(form in text or form in text.lower() for form in forms):
            return True
        text = _content(text) if name in _FILES else ""
    return any(_is_in_pem(form, match[1]) for match in _PEM.finditer(text) for form in forms)


def _content(path: str) -> str:
    """The beginning of a file, if it is one that can be read; whoever needs it says what is wrong with it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except (OSError, ValueError):
        return ""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return ""
    with open(descriptor, "rb") as file:
        return file.read(_LIMIT).decode("ascii", "replace")


def _is_in_pem(secret: str, body: str) -> bool:
    """Whether it is part of the text of a CSR or certificate, or of a name that stands in it."""
    try:
        return secret in body or secret.encode("utf-8") in base64.b64decode("".join(body.split()))
    except (ValueError, binascii.Error):
        return False
