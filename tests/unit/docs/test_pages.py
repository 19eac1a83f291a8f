# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation's pages hang together: links lead somewhere, pictures are small and shown, both README files say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from guides import GUIDES, ROOT, of_file

PAGES = [*sorted(GUIDES.glob("*.rst")), *sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("roles/*/README.md"))]


def texts() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.suffix == ".md"], ids=lambda page: str(page.relative_to(ROOT))
)
def test_links_between_files_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [one for one in targets if not (page.parent / one).exists()] == []


@pytest.mark.parametrize("page", sorted(GUIDES.glob("*.rst")), ids=lambda page: page.name)
def test_pictures_are_where_their_page_says(page):
    """GitHub shows the pages as they lie there."""
    targets = re.findall(r"^ *\.\. (?:image|figure):: (\S+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert [one for one in targets if not (page.parent / one).is_file()] == []


def test_every_guide_is_in_the_contents():
    contents = yaml.safe_load((ROOT / "docs/docsite/extra-docs.yml").read_text(encoding="utf-8"))
    listed = [name for section in contents["sections"] for name in section["toctree"]]
    assert sorted(listed) == sorted(page.stem for page in GUIDES.glob("*.rst"))


@pytest.mark.parametrize(
    "picture", sorted((ROOT / "docs/docsite/rst/images").iterdir()), ids=lambda picture: picture.name
)
def test_pictures_are_small_and_shown(picture: Path):
    assert picture.stat().st_size <= 100 * 1024
    assert f"images/{picture.name}" in texts()


def test_the_playbooks_guide_names_all_playbooks_and_their_variables():
    guide = (GUIDES / "guide_playbooks.rst").read_text(encoding="utf-8")
    for playbook in ROOT.glob("playbooks/*.yml"):
        assert f"twca.ssl.{playbook.stem}\n---" in guide
        for variable in re.findall(r"^#\s+(?:By extra variables: )?(twca_\w+)", playbook.read_text(), re.MULTILINE):
            assert variable in guide


def test_both_readme_files_say_the_same():
    english, chinese = ROOT / "README.md", ROOT / "README.zh-TW.md"
    headings = [re.findall("^(#+) ", page.read_text(encoding="utf-8"), re.MULTILINE) for page in (english, chinese)]
    links = [
        sorted(set(re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8"))) - {"README.md", "README.zh-TW.md"})
        for page in (english, chinese)
    ]
    examples = [[(one.name, yaml.safe_load(one.text)) for one in of_file(page)] for page in (english, chinese)]
    examples[1][0][1][0]["name"] = examples[0][0][1][0]["name"]
    assert headings[0] == headings[1]
    assert links[0] == links[1]
    assert examples[0] == examples[1]
