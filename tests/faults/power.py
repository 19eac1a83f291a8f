# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a disk holds after the power failed: only what was flushed to it, and of the rest whatever the disk got to.

A file's content is safe once the file was flushed, a name once its directory was (fsync(2)). What was not may be there or
not, each by itself and in any order.
"""

from __future__ import annotations

import dataclasses
import itertools
import os
import shutil
import stat
import typing as t
from pathlib import Path

from .steps import Event

_ALL_SUBSETS = 3  # unflushed changes up to which every combination of them is tried


@dataclasses.dataclass
class _Inode:
    kind: str  # file, directory, link
    mode: int = 0o644
    data: bytes = b""
    flushed: bytes = b""
    target: str = ""
    names: dict[str, _Inode] = dataclasses.field(default_factory=dict)  # as programs see them
    safe: dict[str, _Inode] = dataclasses.field(default_factory=dict)  # as they are on the disk


@dataclasses.dataclass(frozen=True)
class _Change:
    """A name given or taken that is not on the disk yet."""

    parent: _Inode
    name: str
    inode: _Inode | None  # None: taken
    left: str = ""  # the name of the same directory that it had before (rename)

    def apply(self, names: dict[int, dict[str, _Inode]]) -> None:
        own = names.setdefault(id(self.parent), dict(self.parent.safe))
        if self.left:
            own.pop(self.left, None)
        if self.inode is None:
            own.pop(self.name, None)
        else:
            own[self.name] = self.inode


class Disk:
    """A directory tree whose changes are followed, from before a run."""

    def __init__(self, root: Path) -> None:
        self._place = root
        self._inodes: dict[int, _Inode] = {}
        self._root = self._read(root)
        self._pending: list[_Change] = []

    def _read(self, path: Path) -> _Inode:
        status = os.lstat(path)
        if path.is_symlink():
            inode = _Inode("link", target=os.readlink(path))
        elif path.is_dir():
            inode = _Inode("directory", stat.S_IMODE(status.st_mode))
            inode.names = {one.name: self._read(one) for one in path.iterdir()}
            inode.safe = dict(inode.names)
        else:
            data = path.read_bytes()
            inode = _Inode("file", stat.S_IMODE(status.st_mode), data, data)
        self._inodes[status.st_ino] = inode
        return inode

    def follow(self, events: t.Iterable[Event]) -> None:
        """Take the steps that a run noted."""
        for event in events:
            path = Path(event.get("path", self._place))
            if self._place not in (path, *path.parents):
                continue
            follow = getattr(self, f"_{event['operation']}", None)
            if follow is not None:
                follow(event)

    def _locate(self, path: str) -> tuple[_Inode, str]:
        *above, name = Path(path).relative_to(self._place).parts
        parent = self._root
        for part in above:
            parent = parent.names[part]
        return parent, name

    def _change(self, path: str, inode: _Inode | None, *, left: str = "") -> None:
        parent, name = self._locate(path)
        if left:
            parent.names.pop(left)
        if inode is None:
            parent.names.pop(name)
        else:
            parent.names[name] = inode
        self._pending.append(_Change(parent, name, inode, left))

    def _create(self, event: Event) -> None:
        inode = self._inodes[event["inode"]] = _Inode("file", event["mode"])
        self._change(event["path"], inode)

    def _mkdir(self, event: Event) -> None:
        inode = self._inodes[event["inode"]] = _Inode("directory", event["mode"])
        self._change(event["path"], inode)

    def _symlink(self, event: Event) -> None:
        inode = self._inodes[event["inode"]] = _Inode("link", target=event["target"])
        self._change(event["path"], inode)

    def _remove(self, event: Event) -> None:
        self._change(event["path"], None)

    def _rename(self, event: Event) -> None:
        parent, name = self._locate(event["path"])
        assert parent is self._locate(event["target"])[0], "a rename from one directory to another"
        self._change(event["target"], parent.names[name], left=name)

    def _write(self, event: Event) -> None:
        if event["inode"] in self._inodes:
            self._inodes[event["inode"]].data += bytes.fromhex(event["data"])

    def _chmod(self, event: Event) -> None:
        if event["inode"] in self._inodes:
            self._inodes[event["inode"]].mode = event["mode"]

    def _fsync(self, event: Event) -> None:
        inode = self._inodes.get(event["inode"])
        if inode is None:
            return
        inode.flushed = inode.data
        mine = [change for change in self._pending if change.parent is inode]
        names: dict[int, dict[str, _Inode]] = {}
        for change in mine:
            change.apply(names)
        inode.safe = names.get(id(inode), inode.safe)
        self._pending = [change for change in self._pending if change.parent is not inode]

    def after_power_loss(self) -> list[_Tree]:
        """What may be found; each possibility once."""
        pending = [change for change in self._pending if not change.name.endswith(".lock")]
        if len(pending) <= _ALL_SUBSETS:
            kept = [subset for size in range(len(pending) + 1) for subset in itertools.combinations(pending, size)]
        else:
            kept = [tuple(pending[:cut]) for cut in range(len(pending) + 1)]
            kept += [tuple(pending[cut:]) for cut in range(1, len(pending))]
        trees: list[_Tree] = []
        for changes in kept:
            names: dict[int, dict[str, _Inode]] = {}
            for change in changes:
                change.apply(names)
            tree = _tree(self._root, lambda one, names=names: names.get(id(one), one.safe), lambda one: one.flushed)
            if tree not in trees:
                trees.append(tree)
        return trees

    def now(self) -> _Tree:
        """As programs see it."""
        return _tree(self._root, lambda one: one.names, lambda one: one.data)

    def put(self, tree: _Tree) -> None:
        """Make the real directory hold just this."""
        for one in self._place.iterdir():
            if one.is_dir() and not one.is_symlink():
                shutil.rmtree(one)
            else:
                one.unlink()
        _put(self._place, tree)


_Tree = dict[str, t.Any]  # name: (kind, mode, content)


def _tree(inode: _Inode, names: t.Callable[[_Inode], dict[str, _Inode]], data: t.Callable[[_Inode], bytes]) -> _Tree:
    found: _Tree = {}
    for name, one in sorted(names(inode).items()):
        if one.kind == "directory":
            found[name] = ("directory", one.mode, _tree(one, names, data))
        elif one.kind == "link":
            found[name] = ("link", 0, one.target)
        else:
            found[name] = ("file", one.mode, data(one))
    return found


def _put(place: Path, tree: _Tree) -> None:
    for name, (kind, mode, content) in tree.items():
        path = place / name
        if kind == "directory":
            path.mkdir()
            _put(path, content)
            path.chmod(mode)
        elif kind == "link":
            path.symlink_to(content)
        else:
            path.write_bytes(content)
            path.chmod(mode)
