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


def complete(pages: Path) -> None:
    """Add what antsibull-docs does not know: the pictures, and the threat model, which is in Markdown."""
    shutil.copytree(ROOT / "docs/docsite/rst/images", pages / "docsite/images")
    shutil.copy(ROOT / "docs/threat-model.md", pages / "docsite")
    index = pages / "index.rst"
    text = index.read_text(encoding="utf-8")
    last = "    docsite/guide_migrating\n"
    if last not in text:
        sys.exit(f"{last.strip()} is not in the contents, after which the threat model would stand")
    index.write_text(text.replace(last, f"{last}    docsite/threat-model\n"), encoding="utf-8")


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
        if step[0] == "sphinx-build":
            complete(pages)
        status = subprocess.run(step, env={**os.environ, "ANSIBLE_NOCOLOR": "1"}, check=False).returncode
        if status:
            return status
    print(f"The documentation is in {html.relative_to(Path.cwd()) / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
