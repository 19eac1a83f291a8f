# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tests against other versions, and of the archive: ``nox -s host``, ``matrix``, ``dist``, ``eda`` (``make host test-matrix dist-check``)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).parent / "tests/tools"))
import interpreters

os.environ["PATH"] = interpreters.search_path()
nox.options.default_venv_backend = "venv"
# In CI a version that is not there is a failure, elsewhere it is said and passed over.
nox.options.error_on_missing_interpreters = bool(os.environ.get("CI"))

TREE = Path(__file__).parent
UNIT = "tests/unit/plugins"
# What runs on the hosts that hold the keys.
HOST_SIDE = [
    f"{UNIT}/module_utils/_pki",
    f"{UNIT}/module_utils/_intake",
    f"{UNIT}/module_utils/_store",
    f"{UNIT}/module_utils/_deploy",
    f"{UNIT}/modules/test_twca_csr.py",
    f"{UNIT}/modules/test_twca_due_info.py",
    f"{UNIT}/modules/test_twca_install.py",
    f"{UNIT}/modules/test_twca_certificate_info.py",
]


@nox.session(tags=["host"])
@nox.parametrize(
    ("python", "cryptography", "ansible_core"),
    [("3.9", "36", "2.15"), ("3.11", "38", "2.16")],
    ids=["el9", "debian12"],
)
def host(session: nox.Session, cryptography: str, ansible_core: str) -> None:
    """Host-side code with the cryptography that distributions package, on their Python.

    ansible-core 2.15 is the last one whose module_utils can be imported by a test runner on Python 3.9; modules run there under
    every later release.
    """
    session.install(
        f"cryptography=={cryptography}.*",
        f"ansible-core=={ansible_core}.*",
        "pytest>=8",
        "pytest-xdist>=3.6",
        "hypothesis>=6",
    )
    session.run("pytest", "-n", "2", *HOST_SIDE, *session.posargs)


@nox.session(tags=["matrix"])
@nox.parametrize(
    ("python", "ansible_core"),
    [("3.11", "==2.16.*"), ("3.12", "==2.19.*"), ("3.13", ">=2.21")],
    ids=["2.16", "2.19", "newest"],
)
def matrix(session: nox.Session, ansible_core: str) -> None:
    """Sanity, unit and integration tests with each ansible-core that counts: what AAP ships, one between, the newest."""
    session.install(f"ansible-core{ansible_core}", "-r", "requirements-test.txt")
    collections = Path(session.virtualenv.location) / "collections"
    place = collections / "ansible_collections/twca/ssl"
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.is_symlink():
        place.symlink_to(TREE)
    session.run("python", "tests/windows/fetch_collections.py", str(collections))
    environment = {
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_HOME": str(Path(session.virtualenv.location) / "ansible"),
        "PYTHONPATH": str(TREE / "tests"),
    }
    session.run("python", "tests/tools/sanity.py", env=environment)
    session.run("pytest", "-n", "2", "tests/unit", *session.posargs, env=environment)
    session.run("pytest", "-n", "2", "--dist", "loadfile", "tests/integration", *session.posargs, env=environment)


@nox.session
def dist(session: nox.Session) -> None:
    """The archive, looked at with the tools that Galaxy and others use, whose versions are not those of the tests."""
    tools = ["galaxy-importer>=0.4", "ansible-builder>=3", "antsibull-changelog>=0.30", "reuse>=5"]
    session.install(*tools, "-r", "requirements-test.txt")
    session.run("python", "tests/tools/dist_check.py", env={"PYTHONPATH": str(TREE / "tests")})


@nox.session(tags=["matrix"])
def eda(session: nox.Session) -> None:
    """The rulebook in the real ansible-rulebook, which needs Java 17 or newer."""
    session.install("ansible-core>=2.16", "ansible-rulebook>=1.1", "-r", "requirements-test.txt")
    session.run("pytest", "tests/integration/eda", env={"PYTHONPATH": str(TREE / "tests")})
