# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a server's configuration mentions a file, from what a command prints of it."""

from __future__ import annotations

import os
import re
import typing as t
from pathlib import Path

# How nginx (-T) and Apache (-D DUMP_INCLUDES) print the path of a file that they load; others print it alone.
_LOADED = re.compile(r"(?:# configuration file |\s*\([*\d]+\) )?(/.*?):?\s*")
# A path among the words of a configuration: after "</" (Dovecot), "crt " (HAProxy), a comma (Postfix), a quote (XML).
_WORD = re.compile(r"""[^\s,;=<>"'(){}\[\]]+""")
_COMMENT = re.compile(r"(?:^|\s)#.*")


def is_loaded(path: Path, said: str) -> bool:
    """Whether a server says that it loads a file, be it by another path to the same directory."""
    wanted = _placed(path)
    for line in said.splitlines():
        if line.rstrip().rstrip(":").endswith(f"/{path.name}"):
            match = _LOADED.fullmatch(line)
            if match and _placed(Path(match[1])) == wanted:
                return True
    return False


def named(paths: t.Iterable[Path], said: str) -> set[Path]:
    """Which of the paths a configuration names, be it by a link to the file or to a directory above it. Comments do not count."""
    wanted = {path: os.path.realpath(path) for path in paths}
    words = {word for line in _without_blocks(said).splitlines() for word in _WORD.findall(_COMMENT.sub("", line))}
    real = {os.path.realpath(word) for word in words if word.startswith("/")}
    return {path for path, place in wanted.items() if place in real}


def _placed(path: Path) -> str:
    return os.path.join(os.path.realpath(path.parent), path.name)


def _without_blocks(said: str) -> str:
    """Without comments as XML has them, which may be many lines long."""
    kept, at = [], 0
    while (begin := said.find("<!--", at)) >= 0:
        kept.append(said[at:begin])
        end = said.find("-->", begin)
        if end < 0:
            return "".join(kept)
        at = end + len("-->")
    return "".join([*kept, said[at:]])
