# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a configuration refers to, beyond what a command prints of it: lists, tables, directories, and where relative paths begin."""

from __future__ import annotations

import contextlib
import os
import re

from .._store.folder import read_file
from . import words

# Lines with the path of a main file, near which relative paths begin: nginx -T, Apache, doveconf -n, tail -v.
_MAIN = re.compile(
    r"^(?:# configuration file (/.*):|  \(\*\) (/.*)|# \d\S* \(\w+\): (/.*)|==> (/.*) <==)$", re.MULTILINE
)
# Directories that relative paths begin from: Apache's and HAProxy's.
_BASE = re.compile(r"""^\s*(?:ServerRoot|crt-base)\s+(?:"([^"]+)"|(\S+))""", re.MULTILINE)
_WORD = r"""(?:"([^"]+)"|'([^']+)'|((?:\\.|[^\s;\\])+))"""
# HAProxy's lists and directories of certificates; "crt" may name a file, too.
_CRT = re.compile(rf"(?:^|\s)crt(-list)?\s+{_WORD}", re.MULTILINE)
# Postfix' tables, whose source lies beside what postmap makes of it.
_TABLE = re.compile(r"\b(?:texthash|hash|btree|lmdb|cdb|dbm|sdbm):(/[^\s,]+)")
_APACHE_FILE = re.compile(r"^\s*\([*\d]+\) (/.*)$", re.MULTILINE)
_APACHE_CERTIFICATES = "Server certificates:"
_CATALINA = re.compile(r"^(?:\$\{catalina\.(?:base|home)\}/)?conf/")
_RELATIVE = re.compile(r"[^:;<>{}\"']*[./][^:;<>{}\"']*")
_MOST_FILES = 10_000
_MOST_BYTES = 1 << 24


class References:
    """What a text refers to.

    :param said: what a command printed of a configuration.
    """

    def __init__(self, said: str) -> None:
        mains = [next(filter(None, match.groups())) for match in _MAIN.finditer(said)]
        serving = words.serving(said)
        texts = [serving, *map(words.serving, self._apache(said))]
        # Apache prints its main file's path alone, which says where relative paths begin.
        roots = [_read(main) for main in mains[:1] if f"(*) {main}" in said]
        bases = [os.path.dirname(main) for main in mains]
        for text in [*roots, *texts]:
            bases += [match[1] or match[2] for match in _BASE.finditer(text)]
        self._bases = list(dict.fromkeys(bases))
        self._paths: set[str] = set()
        for match in _CRT.finditer(serving):
            given = re.sub(r"\\(.)", r"\1", match[2] or match[3] or match[4])
            for place in [given] if given.startswith("/") else [os.path.join(base, given) for base in self._bases]:
                if match[1]:
                    texts.append(words.serving(_read(place)))
                else:
                    self._paths |= {place, *_entries(place)}
        texts += [words.serving(_read(match[1])) for match in _TABLE.finditer(serving)]
        for text in texts:
            self._paths |= words.paths(text)

    @property
    def paths(self) -> set[str]:
        """All absolute paths that may be meant."""
        return {place for given in self._paths for place in self._places(given)}

    def _places(self, given: str) -> list[str]:
        """Where a path may lead, be it relative."""
        if given.startswith("/"):
            return [given]
        # Tomcat's "conf" is the directory that server.xml is in.
        ways = [way for way in dict.fromkeys((given, _CATALINA.sub("", given))) if _RELATIVE.fullmatch(way)]
        return [os.path.join(base, way) for base in self._bases for way in ways]

    @staticmethod
    def _apache(said: str) -> list[str]:
        """The files that Apache loads, where it is too old to print which certificates it uses."""
        if _APACHE_CERTIFICATES in said:
            return []
        return [_read(match[1]) for _number, match in zip(range(_MOST_FILES), _APACHE_FILE.finditer(said))]


def _read(path: str) -> str:
    try:
        return read_file(path, _MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _entries(path: str) -> list[str]:
    """The paths of what is in a directory; none, if it is no directory."""
    with contextlib.suppress(OSError):
        return [os.path.join(path, name) for name in os.listdir(path)[:_MOST_FILES]]
    return []
