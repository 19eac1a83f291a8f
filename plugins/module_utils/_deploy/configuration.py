# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration files that make a server use a certificate: tried in their places, kept or put back.

Root's servers read them, so they lie in a directory of root's, never in a certificate directory, which may belong to
somebody else. Before the first of them is changed, all that they were is written to a record in that directory. The record
goes when the server has proven the new files; a run that is killed leaves it, and the next run puts the old files back first.
"""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import os
import pwd
import re
import signal
import typing as t
from pathlib import Path

from .._errors import InputError, TwcaError
from .._store import atomic
from .._store.folder import Folder
from .._store.locks import lock
from . import look, mention
from .files import File, Present, Record, check_firm
from .server import run

_TRIAL, _LOCK = ".trial.json", ".lock"
_MODE, _DIRECTORY_MODE = 0o644, 0o755
# As an install may take: a config test, a reload, the proof, and all of it once more for the way back.
_LOCK_TIMEOUT = 600.0


@dataclasses.dataclass(frozen=True)
class Configuration:
    """What is to be in place.

    :param directory: root's own; files below it have their folders made.
    :param included: a command that prints the paths of the files that the server loads, or its configuration; empty: it has no
        such command.
    :param uses: paths of which the server's configuration names one if it uses the certificate without loading the first file.
    """

    directory: Path
    files: t.Sequence[File]
    included: t.Sequence[str] = ()
    uses: t.Sequence[Path] = ()


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
    if configuration is None or not configuration.files:
        yield Trial(configuration, stamp)
        return
    directory = configuration.directory
    atomic.make_directory(directory, mode=_DIRECTORY_MODE)
    check_firm(directory)
    with lock(directory / _LOCK, timeout=_LOCK_TIMEOUT), _interruptible():
        record = Record(directory / _TRIAL)
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
        record: Record | None = None,
        recovered: bool = False,
    ) -> None:
        self._configuration = configuration
        self._stamp = stamp
        self._record = record
        self._is_put = False
        self._loaded: set[Path] | None = None
        files = configuration.files if configuration else []
        present = {file.path: Present.at(file.path) for file in files}
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
        """Whether the server loads the first file from its present place, or names the certificate by itself."""
        if self._loaded is None:
            return True
        files = t.cast(Configuration, self._configuration).files[:1]
        # A file of a former run names the certificate, too, in what the server prints of it.
        return any(file.path in self._loaded for file in files) or (bool(self._loaded) and not self.former)

    @property
    def in_use(self) -> bool:
        """Whether the server names the certificate, or loads the first file, or the one that it was.

        It is taken for granted until the server was asked.
        """
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
        record = t.cast(Record, self._record)
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
        """Ask the server what it loads.

        :raises DeployError: it cannot answer.
        """
        configuration = self._configuration
        if not configuration or not configuration.included or not (configuration.files or configuration.uses):
            return
        said = run(configuration.included, "the look at the server's configuration")
        files = [path for file in configuration.files[:1] for path in (file.path, file.formerly) if path]
        self._loaded = {path for path in files if mention.is_loaded(path, said)}
        self._loaded |= mention.named(configuration.uses, said)

    def settle(self) -> None:
        """Keep what is in place."""
        if self._is_put:
            t.cast(Record, self._record).remove()
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
            t.cast(Record, self._record).put_back()
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
