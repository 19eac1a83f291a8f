# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the documentation and build it as HTML into ``build/docs``; every warning is a failure, and no network is used."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/docs"


def main() -> int:
    """Run the steps; return the exit status of the first that fails."""
    shutil.rmtree(BUILD, ignore_errors=True)
    pages, html = BUILD / "rst", BUILD / "html"
    pages.mkdir(parents=True)
    pages.chmod(0o755)  # antsibull-docs insists that nobody else may write there
    collection = ["--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", pages, "twca.ssl"]
    steps: list[list[str | Path]] = [
        ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--check-extra-docs-refs", "--skip-rstcheck", ROOT],
        ["antsibull-docs", "collection", *collection],
        ["sphinx-build", "-q", "-W", "--keep-going", "-b", "html", "-c", ROOT / "docs", pages, html],
    ]
    for step in steps:
        status = subprocess.run(step, env={**os.environ, "ANSIBLE_NOCOLOR": "1"}, check=False).returncode
        if status:
            return status
        shutil.copytree(ROOT / "docs/images", pages / "docsite/images", dirs_exist_ok=True)
    print(f"The documentation is in {html.relative_to(Path.cwd()) / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
