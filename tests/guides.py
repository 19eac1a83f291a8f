# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the documentation: guides (reStructuredText), README files (Markdown) and the modules' EXAMPLES."""

from __future__ import annotations

import ast
import re
import textwrap
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ROOT / "docs/docsite/rst"

_RST = re.compile(
    r"^(?P<indent> *)\.\. code-block:: (?P<language>\w+)\n(?:(?P=indent)   :name: (?P<name>.+)\n)?\n"
    r"(?P<text>(?:(?P=indent)   .*\n|\n)+)",
    re.MULTILINE,
)
_MARKDOWN = re.compile(
    r"(?:^`(?P<name>[^`\n]+)`:\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


class Example(t.NamedTuple):
    """A block of code in the documentation. ``name`` is the file it is to be written to, if it has one."""

    source: str
    language: str
    name: str
    text: str

    def __str__(self) -> str:
        first = next(iter(self.text.replace("---", "").split()), "")
        return f"{Path(self.source).stem}:{self.name or first}"


def of_file(path: Path) -> list[Example]:
    """The examples of one guide or README."""
    pattern = _RST if path.suffix == ".rst" else _MARKDOWN
    return [
        Example(
            str(path.relative_to(ROOT)), one["language"], one["name"] or "", textwrap.dedent(one["text"]).strip() + "\n"
        )
        for one in pattern.finditer(path.read_text(encoding="utf-8"))
    ]


def of_modules() -> list[Example]:
    """The EXAMPLES of all modules."""
    found = []
    for path in sorted((ROOT / "plugins/modules").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and node.targets[0].id == "EXAMPLES"
            ):
                found.append(Example(str(path.relative_to(ROOT)), "yaml", "", ast.literal_eval(node.value)))
    return found


def everything() -> list[Example]:
    """All examples that a user may copy."""
    pages = [*GUIDES.glob("*.rst"), *ROOT.glob("README*.md"), *ROOT.glob("roles/*/README.md")]
    return [example for page in sorted(pages) for example in of_file(page)] + of_modules()
