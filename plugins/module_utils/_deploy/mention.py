# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a server's configuration mentions a file, from what a command prints of it. Paths are compared as they really are."""

from __future__ import annotations

import os
import re
import typing as t
from pathlib import Path

from .references import References

# How nginx (-T) and Apache (-D DUMP_INCLUDES) print the path of a file that they load; others print it alone.
_LOADED = re.compile(r"(?:# configuration file |\s*\([*\d]+\) )?(/.*?):?\s*")
_MOST_LINKS = 40


def is_loaded(path: Path, said: str) -> bool:
    """Whether a server says that it loads a file, be it by a link to it or by another path to its directory."""
    wanted = {_placed(str(path)), os.path.realpath(path)}
    loaded = {match[1] for match in map(_LOADED.fullmatch, said.splitlines()) if match}
    return any(not wanted.isdisjoint((_placed(one), os.path.realpath(one))) for one in loaded)


def named(paths: t.Iterable[Path], said: str) -> set[Path]:
    """Which of the paths a configuration names, be it by a link to the file or to a directory above it.

    If the file's directory is a link, as ``live`` is, the way must lead by that link: what names a version stays with it when
    the next one comes. Comments do not count, nor what is for connections that the server itself makes.
    """
    wanted = {path: (os.path.realpath(path), _by_link(path)) for path in paths}
    ends = {end for end, _way in wanted.values()}
    found: set[Path] = set()
    for place in References(said).paths:
        real = os.path.realpath(place)
        if real in ends:
            found.update(
                path for path, (end, way) in wanted.items() if real == end and (way is None or _leads_by(place, way))
            )
    return found


def _placed(path: str) -> str:
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


def _by_link(path: Path) -> str | None:
    """The path, with all links followed but that to its directory; ``None``: its directory is no link."""
    return os.path.join(_placed(str(path.parent)), path.name) if path.parent.is_symlink() else None


def _leads_by(place: str, way: str) -> bool:
    """Whether one comes by a path while the links of another are followed, one after the other."""
    at, ahead, links = "/", _parts(place), 0
    while ahead:
        if os.path.join(at, *reversed(ahead)) == way:
            return True
        part = ahead.pop()
        if part == "..":
            at = os.path.dirname(at)
            continue
        try:
            target = os.readlink(os.path.join(at, part))
        except OSError:
            at = os.path.join(at, part)
            continue
        links += 1
        if links > _MOST_LINKS:
            break
        at = "/" if target.startswith("/") else at
        ahead += _parts(target)
    return False


def _parts(path: str) -> list[str]:
    """The names on a path, the last one first."""
    return [part for part in path.split("/") if part not in ("", ".")][::-1]
