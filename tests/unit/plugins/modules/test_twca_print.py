# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import stat

import module_runner
import pytest

PRINTER = """#!/bin/sh
if [ "$1" = --version ]; then exit {version}; fi
[ "$1" = --quiet ] || exit 9
echo "PDF of $(cat "$2")" > "$3"
echo broken >&2
exit {code}
"""


@pytest.fixture
def place(tmp_path):
    """A directory with the pages a and b, and a command that prints."""
    for name in "ab":
        (tmp_path / f"{name}.html").write_text(name)
    return tmp_path


def printed(place, *pages, version=0, code=0, **options):
    command = place / "printer"
    command.write_text(PRINTER.format(version=version, code=code))
    command.chmod(0o755)
    given = {"directory": str(place), "pages": list(pages), "command": str(command), **options}
    return module_runner.run("twca_print", **given)


def test_each_page_has_its_pdf_beside_it(place):
    result = printed(place, "a", "b")
    assert (result["changed"], result["available"]) == (True, True)
    assert result["printed"] == [str(place / "a.pdf"), str(place / "b.pdf")]
    assert (place / "a.pdf").read_text() == "PDF of a\n"
    assert stat.S_IMODE((place / "a.pdf").stat().st_mode) == 0o600
    assert sorted(path.name for path in place.iterdir()) == ["a.html", "a.pdf", "b.html", "b.pdf", "printer"]


def test_only_what_is_missing_or_older(place):
    printed(place, "a", "b")
    assert printed(place, "a", "b")["printed"] == []
    assert not printed(place, "a", "b")["changed"]
    os.utime(place / "b.pdf", (0, 0))
    assert printed(place, "a", "b")["printed"] == [str(place / "b.pdf")]
    (place / "a.pdf").unlink()
    assert printed(place, "a", "b")["printed"] == [str(place / "a.pdf")]


def test_check_mode_foresees_pages_that_it_did_not_write(place):
    result = printed(place, "a", "new/c", check=True)
    assert result["printed"] == [str(place / "a.pdf"), str(place / "new/c.pdf")]
    assert result["changed"]
    assert not list(place.glob("*.pdf"))


def test_a_pdf_that_failed_leaves_the_former_one_and_nothing_else(place):
    (place / "a.pdf").write_text("former")
    os.utime(place / "a.pdf", (0, 0))
    with pytest.raises(module_runner.Failed, match=r"printer made no PDF of .*/a\.html: broken"):
        printed(place, "a", code=1)
    assert (place / "a.pdf").read_text() == "former"
    assert sorted(path.name for path in place.iterdir()) == ["a.html", "a.pdf", "b.html", "printer"]


@pytest.mark.parametrize("given", [{"version": 1}, {"command": "no-such-printer"}])
def test_a_command_that_does_not_run(place, given):
    result = printed(place, "a", **given)
    assert (result["changed"], result["available"], result["printed"]) == (False, False, [])
    with pytest.raises(module_runner.Failed, match="does not run: install it"):
        printed(place, "a", required=True, **given)
