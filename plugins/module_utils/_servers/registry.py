# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which kinds of servers there are."""

from __future__ import annotations

import importlib
import pathlib
import re

from .._errors import InputError
from .contract import Kind

#: Values of ``twca_server`` that are no kind of this package: no server at all, and the one that is configured without Python.
OTHERS = ("none", "iis")
_HERE = pathlib.Path(__file__).parent / "kinds"


def kinds() -> list[str]:
    """The names of all kinds."""
    return sorted(path.stem for path in _HERE.glob("*.py") if path.stem != "__init__")


def find(name: str) -> Kind:
    """The kind of this name.

    :raises InputError: there is none.
    """
    if not re.fullmatch("[a-z][a-z0-9]*", name) or name not in kinds():
        raise InputError(
            f"twca_server: there is no kind of server {name!r}: write one of {', '.join([*kinds(), *OTHERS])}."
        )
    kind: Kind = importlib.import_module(f"{__package__}.kinds.{name}").KIND
    return kind
