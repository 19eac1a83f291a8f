# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a play through the real ``ansible-playbook``, with this checkout as the collection."""

from __future__ import annotations

import os
import re
import subprocess
import typing as t
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]


class Run(t.NamedTuple):
    """How a play ended. ``changed`` counts over all hosts."""

    rc: int
    output: str
    changed: int


def play(directory: Path, content: dict[str, t.Any], *arguments: str) -> Run:
    """Run one play on localhost from ``directory``.

    :param content: the play's keys beyond hosts and gather_facts.
    :param arguments: further arguments of ansible-playbook.
    """
    book = directory / "play.yml"
    plays = [{"hosts": "localhost", "gather_facts": False, **content}]
    book.write_text(yaml.safe_dump(plays, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return run_playbook(directory, str(book), *arguments)


def run_playbook(directory: Path, *arguments: str) -> Run:
    """Run ansible-playbook in ``directory``."""
    collections = directory / "collections" / "ansible_collections" / "twca"
    if not collections.exists():
        collections.mkdir(parents=True)
        (collections / "ssl").symlink_to(ROOT)
    done = subprocess.run(
        ["ansible-playbook", *arguments],
        cwd=directory,
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(directory / "collections"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "LC_ALL": "C.UTF-8",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Run(done.returncode, done.stdout, sum(map(int, re.findall(r"changed=(\d+)", done.stdout))))
