# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where this machine's Python interpreters are."""

from __future__ import annotations

import os
import shutil
import sysconfig
from pathlib import Path


def search_path() -> str:
    """A PATH with real interpreters only: the shims that version managers put there fail for versions not chosen."""
    own = sysconfig.get_path("scripts")
    managed = [str(one) for one in sorted(Path.home().glob(".pyenv/versions/3.*/bin"))]
    others = [one for one in os.environ["PATH"].split(os.pathsep) if "shims" not in one]
    return os.pathsep.join([own, *managed, *others])


def find(version: str) -> str | None:
    """Path of an interpreter of this version (``3.9``), or None."""
    return shutil.which(f"python{version}", path=search_path())
