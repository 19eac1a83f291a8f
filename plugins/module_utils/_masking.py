# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible masks, and which secrets it cannot mask without making results useless.

``spec`` is an argument specification, ``given`` the options of the task.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import stat
import typing as t
import unicodedata

from . import _secrets
from ._errors import InputError

# Ansible masks a secret wherever it occurs in a result. A shorter one occurs by chance, in a serial number for example.
SHORTEST = 6
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


def forms(secret: str) -> t.Iterator[str]:
    """A secret as a message may write it: quoted by Python or JSON, or its spaces and letters made regular."""
    regular = unicodedata.normalize("NFKC", secret)
    found = (repr(secret)[1:-1], ascii(secret)[1:-1], json.dumps(secret)[1:-1], secret.replace("'", "\\'"))
    for form in (*found, regular, " ".join(secret.split()), " ".join(regular.split())):
        if len(form) >= SHORTEST:
            yield form


def check(spec: _secrets.Spec, given: t.Mapping[str, t.Any]) -> None:
    """Refuse a secret that Ansible could not mask without making the results useless.

    :raises InputError: one is too short, or is part of a name, an organization, a path or a word of the results.
    """
    options = list(_walk(spec, given, ""))
    held = {where: shown for option, where, text in options if (shown := _shown(option, where, text))}
    held["a word that results use"] = "\n".join(_WORDS)
    # Many requests may share one secret.
    secrets = {text: where for option, where, text in reversed(options) if option.get("no_log") and text}
    for secret, where in reversed(secrets.items()):
        if len(secret) < SHORTEST:
            raise InputError(
                f"{where} must have at least {SHORTEST} characters: Ansible masks a secret wherever it occurs in a result, and "
                "so short a one occurs by chance. Nothing was done."
            )
        masked = {secret, *forms(secret)}
        masked |= {form.encode("utf-8", "surrogatepass").decode("latin-1") for form in masked}
        place = next((place for place, text in held.items() if any(form in text for form in masked)), None)
        if place is not None:
            raise InputError(
                f"{where} is part of {place}: Ansible masks a secret wherever it occurs in a result, so what the result is "
                "about could not be found again. Nothing was done. Use another one; a passphrase that TWCA knows has to be "
                "changed there first."
            )


def _walk(
    spec: _secrets.Spec, given: t.Mapping[str, t.Any], above: str
) -> t.Iterator[tuple[dict[str, t.Any], str, str]]:
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


def _shown(option: dict[str, t.Any], where: str, text: str) -> str:
    """What of an option people and programs find things again by: a name, a path, a certificate, and names within that.

    DER is read as Latin-1, in which each byte is a character.
    """
    if option.get("no_log"):
        return ""
    parts = []
    name = where.rpartition(".")[2].partition("[")[0]
    if name in _NAMES or "path" in (option.get("type"), option.get("elements")):
        parts += [text, text.lower()]
        text = _content(text) if name in _FILES else ""
    for body in _PEM.findall(text):
        parts.append(body)
        with contextlib.suppress(ValueError):
            parts.append(base64.b64decode("".join(body.split())).decode("latin-1"))
    return "\n".join(parts)


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
