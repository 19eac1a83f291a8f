# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether other machines can have a directory mounted, too.

Between the processes of one machine, containers included, ``flock`` and renames are all that is needed. Between two machines
they are not: a network file system's locks may be each machine's own, and what one has just written the other may not see
for a minute, since it keeps the directory in a cache. The kernel says what a directory lies on; what it says cannot go out
of date as a host's name noted in a file does, and is the same in every container.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_KINDS = Path("/proc/filesystems")
# One machine's, although on no block device: in its memory, or laid over other file systems, or a pool of its disks.
_OWN = frozenset({"tmpfs", "ramfs", "rootfs", "overlay", "aufs", "fuse.fuse-overlayfs", "ecryptfs", "zfs"})


def shared_kind(path: Path) -> str | None:
    """The kind of file system below ``path``, which need not exist yet, if other machines can have it mounted as well.

    None: they cannot, or this system does not tell (only Linux does).
    """
    real = os.path.realpath(path)  # also makes an automounter mount it
    try:
        mounts, kinds = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape"), _KINDS.read_text()
    except OSError:
        return None
    kind = _kind_at(real, mounts)
    on_block_devices = {line.strip() for line in kinds.splitlines() if not line.startswith("nodev")}
    return None if kind is None or kind in _OWN or kind in on_block_devices else kind


def _kind_at(path: str, mounts: str) -> str | None:
    """Of the mounts above ``path`` the innermost, and of several in one place the last (proc_pid_mountinfo(5))."""
    innermost, kind = "", None
    for line in mounts.splitlines():
        about, _dash, source = line.partition(" - ")
        place = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), about.split()[4])
        if len(place) >= len(innermost) and (path == place or path.startswith(place.rstrip("/") + "/")):
            innermost, kind = place, source.split()[0]
    return kind
