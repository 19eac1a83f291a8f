# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration files that make a server use a certificate: tried in their places, kept or put back.

Root's servers read them, so they lie in a directory of root's, never in a certificate directory, which may belong to
somebody else. Before the first of them is changed, all that they were is written to a record in that directory. The record
goes when the server has proven the new files; a run that is killed leaves it, and the next run puts the old files back first.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import difflib
import errno
import hashlib
import json
import os
import pwd
import re
import signal
import stat
import typing as t
from pathlib import Path

from .._errors import DeployError, InputError, StoreError, TwcaError
from .._store import atomic
from .._store.folder import Folder
from .._store.locks import lock
from . import look
from .server import run

_RECORD, _LOCK = ".trial.json", ".lock"
_MODE, _DIRECTORY_MODE, _PRIVATE = 0o644, 0o755, 0o600
# As an install may take: a config test, a reload, the proof, and all of it once more for the way back.
_LOCK_TIMEOUT = 600.0
# How nginx (-T) and Apache (-D DUMP_INCLUDES) print the path of a file that they load; others print it alone.
_LOADED = re.compile(r"(?:# configuration file |\s*\([*\d]+\) )?(/.*?):?\s*")
_MOST_BYTES = 1 << 18


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
class _Present:
    """What is in the place of a file."""

    content: bytes
    mode: int
    uid: int
    gid: int

    @classmethod
    def at(cls, path: Path) -> _Present | None:
        """``None``: nothing is there.

        :raises StoreError: it is something else than a regular file of a reasonable size; no link is followed.
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
            if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
                raise StoreError(f"{path} is no regular file of at most {_MOST_BYTES} bytes: move it away")
            content = os.read(descriptor, _MOST_BYTES)
        finally:
            os.close(descriptor)
        return cls(content, stat.S_IMODE(status.st_mode) & 0o777, status.st_uid, status.st_gid)


@dataclasses.dataclass(frozen=True)
class Configuration:
    """What is to be in place. The first file is the one that the server's own configuration refers to.

    :param directory: root's own; files below it have their folders made.
    :param included: a command that prints the paths of the files that the server loads; empty: it has no such command.
    """

    directory: Path
    files: t.Sequence[File]
    included: t.Sequence[str] = ()


@dataclasses.dataclass(frozen=True)
class Stamp:
    """A note of what the server has taken up and proven, for the next run."""

    path: Path
    content: bytes

    @property
    def is_there(self) -> bool:
        """Whether it says just this."""
        return look.stamp(str(self.path)) == self.content.decode("utf-8")

    def write(self) -> None:
        """Write it, be it into a directory of somebody else: no link of his is followed."""
        with atomic.told("write", self.path), Folder.reach(self.path.parent) as folder:
            atomic.put(folder, self.path.name, self.content, mode=_MODE)


@contextlib.contextmanager
def tried(configuration: Configuration | None, stamp: Stamp | None) -> t.Iterator[Trial]:
    """Hold the lock of the configuration's directory, and put back what a killed run left there.

    :raises StoreError: the directory, or what is in the place of a file, is not what it must be.
    """
    if configuration is None:
        yield Trial(None, stamp)
        return
    directory = configuration.directory
    atomic.make_directory(directory, mode=_DIRECTORY_MODE)
    check_firm(directory)
    with lock(directory / _LOCK, timeout=_LOCK_TIMEOUT), _interruptible():
        record = _Record(directory / _RECORD)
        recovered = record.put_back()
        yield Trial(configuration, stamp, record, recovered)


class Trial:
    """One try of a configuration; without one, there is nothing to try and the server is taken to use what it shall.

    It also keeps the stamp, which goes with the configuration.
    """

    def __init__(
        self,
        configuration: Configuration | None = None,
        stamp: Stamp | None = None,
        record: _Record | None = None,
        recovered: bool = False,
    ) -> None:
        self._configuration = configuration
        self._stamp = stamp
        self._record = record
        self._is_put = False
        self._loaded: set[Path] | None = None
        files = configuration.files if configuration else []
        present = {file.path: _Present.at(file.path) for file in files}
        self._before = {path: one.content if one else None for path, one in present.items()}
        #: The files that are not in place as they shall be.
        self.drifted = [file for file in files if self._before[file.path] != file.content]
        self._recovered = recovered
        self._is_stamped = stamp is None or stamp.is_there

    @property
    def awaits_reload(self) -> bool:
        """Whether the server uses files that it may not have taken up as they are."""
        return (self._recovered or not self._is_stamped) and self._uses_current

    @property
    def _uses_current(self) -> bool:
        """Whether the server loads the first file from its present place."""
        return self._loaded is None or t.cast(Configuration, self._configuration).files[0].path in self._loaded

    @property
    def in_use(self) -> bool:
        """Whether the server loads the first file, or the one that it was; taken for granted until it was asked."""
        return self._loaded is None or bool(self._loaded)

    @property
    def former(self) -> list[Path]:
        """The files of former runs that the server loads still."""
        files = self._configuration.files[:1] if self._configuration else []
        return [file.formerly for file in files if file.formerly and file.formerly in (self._loaded or ())]

    def put(self) -> None:
        """Put the files in place.

        :raises StoreError: they cannot be written; call :meth:`take_back`.
        """
        if not self.drifted:
            return
        record = t.cast(_Record, self._record)
        for file in self.drifted:
            self._make_folder(file.path.parent)
        record.write(self.drifted)
        self._is_put = True
        for file in self.drifted:
            atomic.write(file.path, file.content, mode=_MODE, uid=os.geteuid(), gid=os.getegid())
            # One that an administrator took away from a file that was there is left away.
            if file.link and self._before[file.path] is None and not os.path.lexists(file.link):
                atomic.symlink(str(file.path), file.link)

    def ask(self) -> None:
        """Ask the server which of the files it loads. One that cannot answer is one that loads none."""
        configuration = self._configuration
        if not configuration or not configuration.included or not configuration.files:
            return
        try:
            said = run(configuration.included, "the look at the server's configuration")
        except DeployError:
            said = ""
        first = configuration.files[0]
        wanted = [path for path in (first.path, first.formerly) if path]
        self._loaded = {path for path in wanted if _is_loaded(path, said)}

    def settle(self) -> None:
        """Keep what is in place."""
        if self._is_put:
            t.cast(_Record, self._record).remove()
            self._is_put = False

    def stamp(self) -> None:
        """Note that the server has taken up all of it; one that still loads a file of a former run has not."""
        if self._stamp and not self._is_stamped and self._uses_current and not self.former:
            self._stamp.write()

    def take_back(self) -> str:
        """Put back what was there before; returns what to add to the error."""
        if not self._is_put:
            return ""
        self._is_put = False
        try:
            t.cast(_Record, self._record).put_back()
        except TwcaError as error:
            return f"; the configuration could not be put back: {error.message}"
        return "; the configuration was put back"

    def describe(self) -> dict[str, t.Any]:
        """As plain data."""
        return {
            "changed": [str(file.path) for file in self.drifted],
            "in_use": self.in_use,
            "former": [str(path) for path in self.former],
        }

    @property
    def diffs(self) -> list[dict[str, str]]:
        """What changes in which file, for people."""
        return [{"prepared": _difference(self._before[file.path], file)} for file in self.drifted]

    def advice(self, certificate_directory: Path) -> list[str]:
        """What a person should change by hand, as sentences."""
        if not self._configuration or not self._configuration.files or not self._configuration.files[0].formerly:
            return []
        first = self._configuration.files[0]
        if self.former:
            owner = _owner(certificate_directory)
            danger = f", and its directory belongs to {owner}, who can configure the server through it" if owner else ""
            return [
                f"The server still includes {first.formerly}, which is not kept up to date any more{danger}: "
                f"include {first.path} instead."
            ]
        is_new = first in self.drifted and self._before[first.path] is None
        left = _others(t.cast(Path, first.formerly)) if is_new else []
        if left:
            return [
                f"Not included any more from {certificate_directory}, which may belong to somebody who is not root: "
                f"{', '.join(left)}. What you want of it, move to {first.path.parent}."
            ]
        return []

    def _make_folder(self, folder: Path) -> None:
        configuration = t.cast(Configuration, self._configuration)
        if configuration.directory in (folder, *folder.parents):
            atomic.make_directory(folder, mode=_DIRECTORY_MODE)
            check_firm(folder)
        elif not folder.is_dir():
            raise InputError(f"there is no directory {folder} for the server's configuration: is the server installed?")


class _Record:
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
        present = _Present.at(self._path)
        if present is None:
            return False
        for entry in reversed(json.loads(present.content)):
            _put_back(entry)
        self.remove()
        return True


def _entry(file: File) -> dict[str, t.Any]:
    present = _Present.at(file.path)
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
    present = _Present.at(path)
    if present is None or hashlib.sha256(present.content).hexdigest() != entry["new"]:
        return
    if old is None:
        atomic.remove(path)
    else:
        atomic.write(path, base64.b64decode(old["content"]), mode=old["mode"], uid=old["uid"], gid=old["gid"])


@contextlib.contextmanager
def _interruptible() -> t.Iterator[None]:
    """Let signals that end the program end it by way of its exception handlers, which put things back."""

    def end(number: int, _frame: t.Any) -> t.NoReturn:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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


def _is_loaded(path: Path, said: str) -> bool:
    """Whether a server says that it loads a file, be it by another path to the same directory."""
    wanted = _real(path)
    for line in said.splitlines():
        if line.rstrip().rstrip(":").endswith(f"/{path.name}"):
            match = _LOADED.fullmatch(line)
            if match and _real(Path(match[1])) == wanted:
                return True
    return False


def _real(path: Path) -> str:
    return os.path.join(os.path.realpath(path.parent), path.name)


def _difference(before: bytes | None, file: File) -> str:
    old = (before or b"").decode("utf-8", "replace").splitlines(keepends=True)
    new = file.content.decode("utf-8", "replace").splitlines(keepends=True)
    name = str(file.path)
    return "".join(difflib.unified_diff(old, new, "/dev/null" if before is None else f"{name} (before)", name))


def _owner(directory: Path) -> str:
    """Who else than root owns a directory; empty: nobody else does."""
    try:
        uid = os.lstat(directory).st_uid
    except OSError:
        return ""
    if uid in (0, os.geteuid()):
        return ""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the user {uid}"


def _others(former: Path) -> list[str]:
    """The names of files beside ``former`` that it included, but those that the roles made."""
    try:
        names = os.listdir(former.parent)
    except OSError:
        return []
    included = re.compile(rf"{re.escape(former.stem)}-(?!seal\.conf$)[A-Za-z0-9._-]{{1,100}}\.conf")
    return sorted(filter(included.fullmatch, names))
