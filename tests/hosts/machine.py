# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What this machine must have to make hosts, and how commands are run on it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

#: program -> the Debian package that brings it
TOOLS = {
    "apt-get": "apt",
    "ip": "iproute2",
    "mmdebstrap": "mmdebstrap",
    "mount": "mount",
    "setsid": "util-linux",
    "ssh": "openssh-client",
    "systemd-nspawn": "systemd-container",
}

#: systemd in a host takes about 30 inotify instances; the usual limit of 128 stops the fortieth host, silently.
INOTIFY_INSTANCES = 8192


class HostsError(Exception):
    """Hosts cannot be made, or one did not come up; the message says why."""


def run(*argv: str, input: str | None = None) -> str:
    """Run a command and return what it printed; :class:`HostsError` with its own words if it fails."""
    done = subprocess.run(argv, input=input, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()
        raise HostsError(f"{' '.join(argv[:4])} failed ({done.returncode}): {' / '.join(said[-5:])}")
    return done.stdout


def problems() -> list[str]:
    """Why this machine cannot make hosts, as sentences; empty if it can."""
    found = []
    absent = sorted({package for tool, package in TOOLS.items() if not shutil.which(tool)})
    if absent:
        found.append(f"programs are missing: apt-get install {' '.join(absent)}")
    if os.geteuid():
        found.append("hosts need root (mounts, network namespaces), and this user is not root")
    elif not _may_make_namespaces():
        found.append("root may not make namespaces here (a container without CAP_SYS_ADMIN?)")
    try:
        file_systems = Path("/proc/filesystems").read_text(encoding="ascii").split()
    except OSError:
        file_systems = []
    if "overlay" not in file_systems:
        found.append("the kernel has no overlay file system (modprobe overlay)")
    return found


def _may_make_namespaces() -> bool:
    unshare = shutil.which("unshare")
    return not unshare or not subprocess.run([unshare, "-mn", "true"], capture_output=True, check=False).returncode


def require() -> None:
    """Raise :class:`HostsError` with everything that is missing, if anything is."""
    found = problems()
    if found:
        raise HostsError("this machine cannot make hosts: " + "; ".join(found))


def raise_inotify_limit() -> None:
    """Raise the machine's limit if it is lower; it is a ceiling, so nobody else is disturbed."""
    limit = Path("/proc/sys/fs/inotify/max_user_instances")
    if int(limit.read_text(encoding="ascii")) < INOTIFY_INSTANCES:
        limit.write_text(str(INOTIFY_INSTANCES), encoding="ascii")


def cache_directory() -> Path:
    """Where what is built once is kept, outside the repository."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    directory = Path(base) / "twca-ssl"
    directory.mkdir(parents=True, exist_ok=True)
    return directory
