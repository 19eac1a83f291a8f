# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The owner of a certificate directory attacks root, who works in it: something is swapped before one call of the system or another.

Whatever the owner swaps, nothing outside the directory changes, nothing of root's is read into it or told, and no run hangs. The
attack is carried out in the module's own process, since only that hits a moment; it does what the owner could do, no more.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
import stat
import sys
import time
import typing as t
from pathlib import Path

from .bench import Bench
from .child import run
from .scenes import DiscardNamed, InstallNext, MakeNextPair, RollBack, Scene
from .verdict import HANGS, LEAKS, TRESPASSES, Verdict
from .workers import Job

_OWNER = 54321  # a uid and gid that nobody has
_MARK = "for root only\n"
_ATTACKED = re.compile(r"\.module_utils\.(_store|_deploy)\.")
_LONGEST = 15.0  # seconds of a run
_POINTS = 6  # moments at which one thing is swapped in one task, evenly spread
_ENDLESS = 1 << 40  # bytes of a file, of which the disk holds none
_FILES = ("cert.pem", "chain.pem", "privkey.pem", "request.csr", "bundle.p12")
_SCENES: tuple[type[Scene], ...] = (MakeNextPair, DiscardNamed, InstallNext, RollBack)

Swap = t.Callable[[Path, "Outside"], None]


class Outside:
    """What is root's: a file, and a directory just like a version, with a key."""

    def __init__(self, bench: Bench, place: Path) -> None:
        self.place = place
        self.file = place / "file"
        self.version = place / "versions" / "20200101T000000Z-5F3A"
        other = bench.site()
        bench.install(bench.simulator("modern"), other)
        shutil.copytree(other.certificate_directory.live_path.resolve(), self.version)
        shutil.copy(self.version / "privkey.pem", self.version / "bundle.p12")
        self.file.write_text(_MARK)
        self.file.chmod(0o600)
        key = (self.version / "privkey.pem").read_text()
        self.secrets = (_MARK.strip(), max(key.splitlines(), key=len))
        self._before = self._now()

    def changes(self) -> list[str]:
        """What is no longer as it was."""
        now = self._now()
        return sorted(str(one) for one in now.keys() | self._before.keys() if now.get(one) != self._before.get(one))

    def _now(self) -> dict[Path, tuple[t.Any, ...]]:
        found: dict[Path, tuple[t.Any, ...]] = {}
        for path in [self.place, *self.place.rglob("*")]:
            status = path.lstat()
            content = path.read_bytes() if stat.S_ISREG(status.st_mode) else None
            found[path] = (status.st_mode, status.st_uid, status.st_gid, status.st_nlink, content)
        return found


# -- what an owner can do -------------------------------------------------------------------------------------------


def _put(path: Path, make: t.Callable[[Path], None]) -> None:
    """Put something in place of what is there, if anything is."""
    if os.path.lexists(path):
        numbers = itertools.count()
        os.rename(path, next(one for n in numbers if not os.path.lexists(one := path.with_name(f"aside{n}"))))
    make(path)
    os.chown(path, _OWNER, _OWNER, follow_symlinks=False)


def _link(path: Path, target: Path) -> None:
    _put(path, lambda one: one.symlink_to(target))


def _places(directory: Path) -> list[Path]:
    """Real directories that hold a pair or a version, finished or not."""
    found = [directory / "pending", *directory.glob("versions/*"), *directory.glob(".*.twca-tmp")]
    return [one for one in found if one.is_dir() and not one.is_symlink()]


def _link_files(directory: Path, outside: Outside) -> None:
    for place in _places(directory):
        for name in _FILES:
            _link(place / name, outside.version / name)


def _pipe_files(directory: Path, _outside: Outside) -> None:
    for place in _places(directory):
        for name in _FILES:
            _put(place / name, os.mkfifo)


def _grow_files(directory: Path, _outside: Outside) -> None:
    for place in _places(directory):
        for name in _FILES:
            if (place / name).is_file():
                os.truncate(place / name, _ENDLESS)


def _add_impossible_version(directory: Path, _outside: Outside) -> None:
    (directory / "versions").mkdir(exist_ok=True)
    _put(directory / "versions" / "20261399T256199Z-5F3A", Path.mkdir)


def _link_temporary(directory: Path, outside: Outside) -> None:
    for path in sorted(directory.rglob("*"), reverse=True):  # what is in one of them first
        if ".twca-" in path.name and not path.is_symlink():
            _link(path, outside.version if path.is_dir() else outside.file)


def _link_versions(directory: Path, outside: Outside) -> None:
    for path in directory.glob("versions/*"):
        _link(path, outside.version)


def _add_version(directory: Path, outside: Outside) -> None:
    """Many that sort before all others, so that they are surplus."""
    (directory / "versions").mkdir(exist_ok=True)
    for number in range(3):
        _link(directory / "versions" / f"2019010{number + 1}T000000Z-5F3A", outside.version)


def _give_all_modes(directory: Path, _outside: Outside) -> None:
    for path in (directory, directory / "versions"):
        with contextlib.suppress(FileNotFoundError):
            path.chmod(0o6777)


SWAPS: dict[str, Swap] = {
    "versions is a link": lambda directory, outside: _link(directory / "versions", outside.version.parent),
    "each version is a link": _link_versions,
    "old versions are links": _add_version,
    "pending is a link": lambda directory, outside: _link(directory / "pending", outside.version),
    "live is a link elsewhere": lambda directory, outside: _link(directory / "live", outside.version),
    "live is a link to a link": lambda directory, outside: (
        _link(directory / "versions" / "20300101T000000Z-5F3A", outside.version)
        if (directory / "versions").is_dir()
        else None,
        _link(directory / "live", Path("versions/20300101T000000Z-5F3A")),
    )[1],
    "files are links": _link_files,
    "files are pipes": _pipe_files,
    "files have no end": _grow_files,
    "a version of no day": _add_impossible_version,
    "the lock is a link": lambda directory, outside: _link(directory / ".lock", outside.file),
    "the lock is a pipe": lambda directory, _outside: _put(directory / ".lock", os.mkfifo),
    "temporary files are links": _link_temporary,
    "modes are copied": _give_all_modes,
}


# -- the attack -----------------------------------------------------------------------------------------------------


class Attack:
    """Swaps before one call of the system by what works in the directory.

    :param point: which, from 1; 0: before the module begins.
    """

    def __init__(self, point: int, swap: t.Callable[[], None], log: Path) -> None:
        self._point = point
        self._swap = swap
        self._log = log
        self._count = 0
        log.write_text("0")

    @property
    def calls(self) -> int:
        """How many there were."""
        return int(self._log.read_text())

    def __call__(self) -> None:
        exposed = Exposed(self)
        for name, module in list(sys.modules.items()):
            if _ATTACKED.search(name) and getattr(module, "os", None) is os:
                t.cast(t.Any, module).os = exposed
        if self._point == 0:
            self._swap()

    def reach(self) -> None:
        """A call is about to be made."""
        self._count += 1
        if self._count == self._point:
            self._swap()

    def end(self) -> None:
        """The module is done."""
        self._log.write_text(str(self._count))


class Exposed:
    """``os``, whose calls can be preceded by an attack."""

    def __init__(self, attack: Attack) -> None:
        self._attack = attack

    def __getattr__(self, name: str) -> t.Any:
        found = getattr(os, name)
        if isinstance(found, type) or not callable(found):
            return found

        def call(*arguments: t.Any, **options: t.Any) -> t.Any:
            self._attack.reach()
            return found(*arguments, **options)

        return call


def jobs(_workers: int) -> list[Job]:
    """Each swap in each task, at some moments of it."""
    if os.geteuid() != 0:
        print("owner: not tried, since only root can be attacked by an owner", flush=True)
        return []
    return [(attack, (kind, name)) for kind in _SCENES for name in SWAPS]


def attack(bench: Bench, kind: type[Scene], name: str, points: int = _POINTS) -> Verdict:
    """One swap in one task, before it begins and at moments between its first call and its last."""
    verdict = Verdict()
    outside = Outside(bench, bench.place / "outside" / f"{kind.__name__}-{time.monotonic_ns()}")
    calls = _attacked(bench, verdict, kind, name, 0, outside)
    for number in range(points):
        _attacked(bench, verdict, kind, name, 1 + number * max(calls, 1) // points, outside)
        if outside.changes():
            break  # one is enough, and what follows would be told for the same reason
    return verdict


def _attacked(bench: Bench, verdict: Verdict, kind: type[Scene], name: str, point: int, outside: Outside) -> int:
    """One run, and what must hold after it; how many calls it made."""
    scene = kind(bench, verdict, bench.simulator("modern"))
    directory = scene.site.directory
    for path in [directory, *directory.rglob("*")]:
        os.chown(path, _OWNER, _OWNER, follow_symlinks=False)
    watch = Attack(point, lambda: SWAPS[name](directory, outside), bench.place / "calls")
    result = run(scene.module, scene.options, watch, timeout=_LONGEST)
    verdict.count("swaps")
    scene.story.append(f"{name} from call {point} on: {result}"[:700])
    scene.demand(not result.hung, "it hung", HANGS)
    told = result.stdout + result.stderr
    scene.demand("Traceback" not in told, f"a traceback: {told[-900:]}")
    changes = outside.changes()
    scene.demand(not changes, f"outside the directory changed: {', '.join(changes[:3])}", TRESPASSES)
    scene.demand(not any(one in told for one in outside.secrets), "what is root's was told", LEAKS)
    for path in directory.rglob("*"):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_size < _ENDLESS:
            content = path.read_bytes().decode("utf-8", "replace")
            scene.demand(not any(one in content for one in outside.secrets), f"what is root's is in {path.name}", LEAKS)
        if not stat.S_ISLNK(status.st_mode) and path.parent != directory:
            scene.demand(not status.st_mode & 0o6000, f"{path.name} runs as somebody else", TRESPASSES)
    return watch.calls
