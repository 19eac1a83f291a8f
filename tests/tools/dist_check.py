# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the archive as a release does, look into it, install it into an empty place, and run it from there.

Also: licences (REUSE), changelog fragments, what Galaxy would say, and the execution environment's build context. ``nox -s dist``
provides the tools.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import guides
import sanity

ROOT = sanity.ROOT
DIST = ROOT / "build/dist"
LARGEST = 1024 * 1024  # bytes
SHIPPED = {
    "CHANGELOG.md", "CODE_OF_CONDUCT.md", "COPYING", "FILES.json", "LICENSES", "MANIFEST.json", "README.md", "README.zh-TW.md",
    "changelogs", "docs", "extensions", "meta", "playbooks", "plugins", "requirements.txt", "roles", "tests",
}  # fmt: skip


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> str:
    """Run a step, and end here if it fails; returns what it printed."""
    print(f"--- {' '.join(str(one) for one in command[:4])}", flush=True)
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, "ANSIBLE_NOCOLOR": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\n{command[0]} ended with status {done.returncode}")
    return done.stdout


def build(tree: Path) -> Path:
    """The archive, from what git tracks."""
    run("ansible-galaxy", "collection", "build", "--force", "--output-path", DIST, cwd=tree)
    (archive,) = DIST.glob("*.tar.gz")
    return archive


def look_into(archive: Path) -> None:
    """The archive holds what ships, and nothing else."""
    size = archive.stat().st_size
    with tarfile.open(archive) as opened:
        names = opened.getnames()
    print(f"{archive.name}: {size // 1024} KiB, {len(names)} files")
    if size >= LARGEST:
        sys.exit(f"the archive is larger than {LARGEST // 1024} KiB")
    foreign = {name.split("/")[0] for name in names} - SHIPPED
    unwanted = ("extensions/molecule", "docs/docsite/rst/images")
    foreign |= {name for name in names if name.startswith(unwanted) or name.endswith(".pyc")}
    foreign |= {name for name in names if name.startswith("tests/") and not name.startswith("tests/simulator")}
    if foreign:
        sys.exit(f"this is in the archive and should not be: {', '.join(sorted(foreign))}")


def ask_galaxy(archive: Path) -> None:
    """Galaxy's importer has nothing to say; sanity tests and linters run on their own."""
    with tempfile.TemporaryDirectory() as directory:
        settings = Path(directory, "galaxy-importer.cfg")
        settings.write_text(
            "[galaxy-importer]\nRUN_ANSIBLE_TEST = False\nRUN_ANSIBLE_LINT = False\nCHECK_REQUIRED_TAGS = True\nCHECK_CHANGELOG = False\n",
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "galaxy_importer.main", archive]
        said = run(*command, cwd=Path(directory), GALAXY_IMPORTER_CONFIG=str(settings))
    complaints = [line for line in said.splitlines() if line.startswith(("WARNING", "ERROR"))]
    if complaints:
        sys.exit("\n".join(complaints))


def install(archive: Path) -> Path:
    """Install the archive where nothing else is; returns the collections path."""
    collections = DIST / "collections"
    # A twca.ssl found elsewhere, as the one under test, would count as installed.
    nowhere = {"ANSIBLE_COLLECTIONS_PATH": str(collections)}
    command = ["ansible-galaxy", "collection", "install", "--offline", "--collections-path", collections, archive]
    run(*command, cwd=DIST, **nowhere)
    return collections


def build_context(collections: Path) -> None:
    """An execution environment, defined as the guide has it, gets what the portal host needs."""
    definition = DIST / "execution-environment.yml"
    examples = guides.of_file(guides.GUIDES / "guide_fleet.rst")
    definition.write_text(next(one.text for one in examples if one.name == definition.name), encoding="utf-8")
    run("ansible-builder", "create", "--file", definition, "--context", DIST / "context")
    found = run("ansible-builder", "introspect", collections)
    wanted = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for library in [line.partition(">")[0] for line in wanted.splitlines() if not line.startswith("#")]:
        # PyYAML comes with ansible-core, so the builder leaves it out.
        if library != "PyYAML" and library not in found:
            sys.exit(f"an execution environment would lack {library}:\n{found}")


def run_from(collections: Path, tree: Path) -> None:
    """Try what is installed, with nothing else at hand, and follow the first guide with it."""
    run("ansible-doc", "twca.ssl.twca_certificate", cwd=DIST, ANSIBLE_COLLECTIONS_PATH=str(collections))
    said = run("ansible-playbook", "twca.ssl.try", cwd=DIST, ANSIBLE_COLLECTIONS_PATH=str(collections), PYTHONPATH="")
    if "was proven" not in said:
        sys.exit(said)
    test = "tests/integration/docs/test_guides.py::test_first_certificate"
    environment = {"TWCA_COLLECTIONS": str(collections), "PYTHONPATH": str(tree / "tests")}
    run(sys.executable, "-m", "pytest", test, cwd=tree, **environment)


def main() -> None:
    """Run everything."""
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="twca-dist-") as directory:
        tree = Path(directory) / "twca.ssl"
        sanity.copy_tree(tree)
        run("reuse", "--root", tree, "lint")
        run("antsibull-changelog", "lint", cwd=tree)
        archive = build(tree)
        look_into(archive)
        ask_galaxy(archive)
        collections = install(archive)
        build_context(collections)
        run_from(collections, tree)
    print(f"{archive.relative_to(ROOT)} can be published")


if __name__ == "__main__":
    main()
