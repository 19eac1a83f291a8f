# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run ``ansible-test sanity`` on a copy of what ships, in the directory layout it demands.

Arguments are handed on: ``python tests/tools/sanity.py --test validate-modules``. Uses every supported Python that is found.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import ansible_test
import interpreters

ROOT = Path(__file__).resolve().parents[2]


def provide_pip() -> None:
    """Put the pip that ansible-test wants into its cache, from the package index.

    ansible-test itself downloads it from a site of its own, which machines that only reach a package index do not.
    """
    source = Path(ansible_test.__path__[0]) / "_internal/python_requirements.py"
    cache = Path.home() / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in set(re.findall(r"pip='([0-9.]+)'", source.read_text(encoding="utf-8"))):
        script = cache / f"get_pip_{version.replace('.', '_')}.py"
        if script.exists():
            continue
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", cache, f"pip=={version}"]
        if subprocess.run(command, check=False).returncode:
            continue  # ansible-test will try its own way
        script.write_text(
            "import os, sys\n"
            f"sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'pip-{version}-py3-none-any.whl'))\n"
            "from pip._internal.cli.main import main\n"
            "options = [one for one in sys.argv[1:] if one not in ('--no-setuptools', '--no-wheel')]\n"
            "sys.exit(main(['install', '--upgrade', *options]))\n",
            encoding="utf-8",
        )


# What ships, as Galaxy's importer checks it, and ansible-test's own files. Everything else is held to ruff.
CHECKED = (
    "changelogs/",
    "extensions/eda/",
    "galaxy.yml",
    "meta/",
    "playbooks/",
    "plugins/",
    "roles/",
    "tests/config.yml",
)


def copy_tree(target: Path, beginning: str | tuple[str, ...] = "") -> None:
    """Copy the files that git tracks and the new ones it does not ignore, if their names begin so."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        source, copy = ROOT / name, target / name
        if name.startswith(beginning) and source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy, follow_symlinks=False)


def main() -> int:
    """Run; return the exit status."""
    provide_pip()
    with tempfile.TemporaryDirectory(prefix="twca-sanity-") as directory:
        collection = Path(directory) / "ansible_collections/twca/ssl"
        copy_tree(collection, CHECKED)
        environment = {**os.environ, "PATH": interpreters.search_path()}
        environment.pop("PYTHONPATH", None)
        command = ["ansible-test", "sanity", "--local", "--color", "no", *sys.argv[1:]]
        return subprocess.run(command, cwd=collection, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
