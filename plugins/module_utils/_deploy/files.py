# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that a server reads, as they are and as they were: a record of them outlives a run that is killed."""

from __future__ import annotations

import base64
import dataclasses
import errno
import hashlib
import json
import os
import stat
import typing as t
from pathlib import Path

from .._errors import StoreError
from .._store import atomic

_PRIVATE = 0o600
_MOST_BYTES = 1 << 18
# The record holds many such files.
_MOST_RECORDED = 1 << 26


@dataclasses.dataclass(frozen=True)
class File:
    """A file that a server reads. ``link``: a link to it that makes it active, made with it.

    ``formerly``: where it was before it had a directory of root's.
    """

    path: Path
    content: bytes
    link: Path | None = None
    formerly: Path | None = None


@dataclasses.dataclass(frozen=True)
class Present:
    """What is in the place of a file."""

    content: bytes
    mode: int
    uid: int
    gid: int

    @classmethod
    def at(cls, path: Path, most: int = _MOST_BYTES) -> Present | None:
        """``None``: nothing is there.

        :raises StoreError: it is something else than a regular file of at most ``most`` bytes; no link is followed.
        """
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            reason = "it is a link" if error.errno == errno.ELOOP else error.strerror
            raise StoreError(f"cannot read {path}: {reason}; it must be a regular file, so move it away") from None
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > most:
                raise StoreError(f"{path} is no regular file of at most {most} bytes: move it away")
            content = os.read(descriptor, most)
        finally:
            os.close(descriptor)
        return cls(content, stat.S_IMODE(status.st_mode) & 0o777, status.st_uid, status.st_gid)


class Record:
    """What was in the places of files before they were changed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, files: t.Sequence[File]) -> None:
        """Remember what is there now."""
        entries = [_entry(file) for file in files]
        atomic.write(self._path, json.dumps(entries).encode("ascii"), mode=_PRIVATE)

    def remove(self) -> None:
        """Forget it."""
        atomic.remove(self._path)

    def put_back(self) -> bool:
        """Put back what is remembered, then forget it; a file that somebody else has changed since is left.

        :returns: whether there was anything to put back.
        """
        present = Present.at(self._path, _MOST_RECORDED)
        if present is None:
            return False
        for entry in reversed(json.loads(present.content)):
            _put_back(entry)
        self.remove()
        return True


def _entry(file: File) -> dict[str, t.Any]:
    present = Present.at(file.path)
    link = file.link if present is None and file.link and not os.path.lexists(file.link) else None
    old = dataclasses.asdict(present) if present else None
    if present and old:
        old["content"] = base64.b64encode(present.content).decode("ascii")
    return {
        "path": str(file.path),
        "new": hashlib.sha256(file.content).hexdigest(),
        "link": link and str(link),
        "old": old,
    }


def _put_back(entry: dict[str, t.Any]) -> None:
    path, link, old = Path(entry["path"]), entry["link"], entry["old"]
    if link and os.path.islink(link) and os.readlink(link) == entry["path"]:
        atomic.remove(Path(link))
    present = Present.at(path)
    if present is None or hashlib.sha256(present.content).hexdigest() != entry["new"]:
        return
    if old is None:
        atomic.remove(path)
    else:
        atomic.write(path, base64.b64decode(old["content"]), mode=old["mode"], uid=old["uid"], gid=old["gid"])


def check_firm(path: Path) -> None:
    """See that nobody but root, and the user that runs this, can change what a path leads to.

    :raises StoreError: somebody else can.
    """
    for place in {each for one in (Path(os.path.abspath(path)), path.resolve()) for each in (one, *one.parents)}:
        status = os.lstat(place)
        open_to_others = status.st_mode & 0o022 and not status.st_mode & stat.S_ISVTX
        if status.st_uid not in (0, os.geteuid()) or (not stat.S_ISLNK(status.st_mode) and open_to_others):
            raise StoreError(
                f"{path} is to hold what root's servers read, but others than root can change {place}: name another "
                "directory, as twca_config_directory where a role is used"
            )
