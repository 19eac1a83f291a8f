# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How well the unit tests bite: small faults are put into a floor's code, one at a time, and its tests must notice each.

``python tests/tools/mutation.py [floor ...]`` with mutmut; what a run left undone, the next one goes on with. Fails below
:data:`BOUND`. ``build/mutation/<floor>`` keeps the results, to be looked at there with ``mutmut show`` and ``mutmut browse``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/mutation"
FLOORS = ("_pki", "_store", "_order", "_plan", "_servers")
BOUND = 80  # percent
# mutmut names a module by its path, so the tree must lie as it is imported.
COLLECTION = "ansible_collections/twca/ssl"
SURVIVED, UNTESTED = 0, 33  # exit codes, as mutmut keeps them; all others are of tests that failed, or went on for ever
CONFIGURATION = """
[tool.mutmut]
source_paths = ["{collection}/plugins/module_utils/{floor}"]
also_copy = ["ansible_collections"]
pytest_add_cli_args = ["-k", "not any_input"] # which takes seconds to make some up
pytest_add_cli_args_test_selection = ["{collection}/tests/unit/plugins/module_utils/{floor}"]

[tool.pytest.ini_options]
addopts = "-q -p no:cacheprovider"
pythonpath = [".", "{collection}/tests", "{collection}/tests/unit"]
"""


def prepare(floor: str) -> Path:
    """The place where a floor's faults are tried, with the tree as it is now."""
    place = BUILD / floor
    collection = place / COLLECTION
    shutil.rmtree(place / "ansible_collections", ignore_errors=True)
    for part in ("plugins", "tests"):
        shutil.copytree(
            ROOT / part, collection / part, ignore=shutil.ignore_patterns("__pycache__", "output", "integration")
        )
    (place / "pyproject.toml").write_text(CONFIGURATION.format(collection=COLLECTION, floor=floor), encoding="utf-8")
    return place


def results(place: Path) -> dict[str, int | None]:
    """How each fault ended; None: not tried."""
    found: dict[str, int | None] = {}
    for path in sorted((place / "mutants").rglob("*.py.meta")):
        found.update(json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"])
    return found


def figures(codes: t.Collection[int | None]) -> tuple[int, int]:
    """How many were tried, and how many of these were noticed: by a test that failed or went on for ever."""
    tried = [code for code in codes if code is not None]
    return len(tried), sum(code not in (SURVIVED, UNTESTED) for code in tried)


def main() -> int:
    """Run; return the exit status."""
    enough = True
    for floor in sys.argv[1:] or FLOORS:
        place = prepare(floor)
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        log = place / "run.log"
        with log.open("w", encoding="utf-8") as output:
            status = subprocess.run(
                ["mutmut", "run", "--max-children", "2"],
                cwd=place,
                env=environment,
                stdout=output,
                stderr=output,
                check=False,
            ).returncode
        if status:
            print(f"mutmut failed in {place}; its output is in {log}")
            return status
        found = results(place)
        tried, noticed = figures(found.values())
        share = 100 * noticed / max(tried, 1)
        enough = enough and share >= BOUND
        print(f"{floor}: {noticed} of {tried} noticed ({share:.1f} %), {len(found) - tried} not tried")
        for name, code in found.items():
            if code in (SURVIVED, UNTESTED):
                print(f"  {name.removeprefix(COLLECTION.replace('/', '.') + '.plugins.module_utils.')}")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
