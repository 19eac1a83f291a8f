#!/usr/bin/env python3
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts ``ansible.windows`` and ``microsoft.iis``, or others, into a collections folder, out of the ``ansible`` package of PyPI.

For machines that reach PyPI but not Galaxy; elsewhere ``ansible-galaxy collection install`` does the same. Only those
collections are unpacked. Usage: ``fetch_collections.py FOLDER [NAME ...]``, where FOLDER is an entry of
``ANSIBLE_COLLECTIONS_PATH``. Does nothing when they are there already.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

BUNDLE = "ansible==14.5.0"
BUNDLE_PYTHON = "3.13"  # the bundle is never installed, so this need not be the Python that runs here
VERSIONS = {"ansible.windows": "3.8.0", "microsoft.iis": "1.3.0", "community.crypto": "3.5.0"}
USUAL = ("ansible.windows", "microsoft.iis")


def main() -> int:
    names = sys.argv[2:] or USUAL
    if len(sys.argv) < 2 or not set(names) <= set(VERSIONS):
        print(__doc__, file=sys.stderr)
        return 2
    folder, versions = Path(sys.argv[1]), {name: VERSIONS[name] for name in names}
    if all(_version(folder, name) == version for name, version in versions.items()):
        return 0
    with tempfile.TemporaryDirectory() as download:
        pip = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
            f"--python-version={BUNDLE_PYTHON}",
        ]
        subprocess.run([*pip, f"--dest={download}", BUNDLE], check=True)
        (wheel,) = Path(download).glob("*.whl")
        wanted = tuple(f"ansible_collections/{name.replace('.', '/')}/" for name in versions)
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder, [name for name in archive.namelist() if name.startswith(wanted)])
    return 0


def _version(folder: Path, collection: str) -> str | None:
    manifest = folder / "ansible_collections" / collection.replace(".", "/") / "MANIFEST.json"
    try:
        version: str = json.loads(manifest.read_text(encoding="utf-8"))["collection_info"]["version"]
    except FileNotFoundError:
        return None
    return version


if __name__ == "__main__":
    sys.exit(main())
