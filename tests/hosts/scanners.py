# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""sslyze and pkilint, in a virtual environment of their own: sslyze holds cryptography back."""

from __future__ import annotations

import hashlib
import sys
import tempfile
import venv
from pathlib import Path

from . import machine

REQUIREMENTS = Path(__file__).with_name("scanners.txt")


def build() -> Path:
    """The interpreter of the environment that holds the scanners, made once."""
    digest = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:16]
    target = machine.cache_directory() / f"scanners-{digest}"
    if not target.is_dir():
        print("hosts: installing the scanners (once) ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="scanners-build-", dir=machine.cache_directory()) as scratch:
            # Entry points are of no use here, so the environment may be moved once it is whole.
            made = Path(scratch, "venv")
            venv.create(made, with_pip=True)
            machine.run(str(made / "bin/python"), "-m", "pip", "install", "--quiet", "--requirement", str(REQUIREMENTS))
            made.rename(target)
    return target / "bin/python"
