# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one root file system that all hosts share, built once with mmdebstrap from the machine's own apt sources."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import shutil
import sys
import tempfile
import typing as t
from pathlib import Path

from .machine import HostsError, cache_directory, run

#: The administrator with sudo, for plays that log in as somebody other than root.
ADMIN = "admin"

PACKAGES = (
    "systemd",
    "systemd-sysv",
    "dbus",
    "openssh-server",
    "sudo",
    "iproute2",
    "procps",
    "sysvinit-utils",
    "python3",
    "python3-apt",
    "python3-cryptography",
    "ca-certificates",
    "openssl",
    "curl",
    "nginx-light",
    "apache2",
    "haproxy",
    "postfix",
    "dovecot-imapd",
    "tomcat10",
    "tomcat10-admin",
)

# Hosts have no way out, so they need no sources, no resolver and no timers; no server starts by itself, since each host has
# its own; every host gets a host key and a machine id of its own.
CUSTOMISE = f"""
set -eu
root=$1
chroot "$root" systemctl disable nginx.service apache2.service haproxy.service postfix.service dovecot.service tomcat10.service
chroot "$root" systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
    fstrim.timer apache-htcacheclean.service console-getty.service getty.target systemd-logind.service \
    systemd-update-utmp.service systemd-update-utmp-runlevel.service
chroot "$root" useradd --create-home --shell /bin/bash {ADMIN}
echo '{ADMIN} ALL=(ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/{ADMIN}"
chmod 0440 "$root/etc/sudoers.d/{ADMIN}"
cat > "$root/etc/ssh/sshd_config.d/hosts.conf" <<'SSHD'
HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
UseDNS no
SSHD
rm -f "$root"/etc/ssh/ssh_host_*_key* "$root/etc/apt/sources.list" "$root"/etc/apt/sources.list.d/*
: > "$root/etc/resolv.conf"
: > "$root/etc/machine-id"
"""

# Without documentation and translations the tree is a third smaller.
DPKG_OPTIONS = tuple(f"path-exclude=/usr/share/{name}/*" for name in ("doc", "man", "locale", "info"))

# The only settings of the machine's apt that its sources may depend on.
APT_SETTINGS = ("Acquire::Check-Valid-Until", "Acquire::Check-Date", "Acquire::http::Proxy", "Acquire::https::Proxy")


def path() -> Path:
    """Where the root file system is, or would be, for this package list on this release."""
    content = "\n".join([release(), *PACKAGES, CUSTOMISE, *DPKG_OPTIONS])
    return cache_directory() / f"rootfs-{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def release() -> str:
    """The machine's own release (``bookworm``), which the hosts will be too."""
    for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines():
        name, _equals, value = line.partition("=")
        if name == "VERSION_CODENAME":
            return value.strip('"')
    raise HostsError("/etc/os-release has no VERSION_CODENAME; hosts are made on Debian and its relatives only")


def sources() -> str:
    """The machine's apt sources for its own release, as one-line entries; those of other vendors are left out."""
    wanted = "$(REPO_URI) $(RELEASE) $(COMPONENT)"
    codename = release()
    lines = [
        f"deb {line}"
        for line in run("apt-get", "indextargets", "--format", wanted, "Created-By: Packages").splitlines()
        if line.split()[1].split("-")[0] == codename
    ]
    if not lines:
        raise HostsError(f"apt has no source for {codename}: run apt-get update, or add one to /etc/apt")
    return "\n".join(dict.fromkeys(lines)) + "\n"


@contextlib.contextmanager
def _building() -> t.Iterator[None]:
    """One builder at a time; the others wait and then find it built."""
    with (cache_directory() / "rootfs.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build() -> Path:
    """Return the root file system's path; build it first if it is not there (half a minute)."""
    target = path()
    if target.is_dir():
        return target
    with _building():
        if target.is_dir():
            return target
        print("hosts: building the root file system (once) ...", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="build-", dir=cache_directory()) as scratch:
            hook = Path(scratch, "customise")
            hook.write_text("#!/bin/sh\n" + CUSTOMISE, encoding="utf-8")
            hook.chmod(0o755)
            run(
                "mmdebstrap",
                "--mode=root",
                "--variant=minbase",
                f"--include={','.join(PACKAGES)}",
                # Java's packages make links among the manual pages.
                '--essential-hook=mkdir -p "$1/usr/share/man/man1"',
                f"--customize-hook={hook}",
                *(f"--dpkgopt={option}" for option in DPKG_OPTIONS),
                *(f"--aptopt={setting}" for setting in _apt_settings()),
                release(),
                f"{scratch}/root",
                "-",
                input=sources(),
            )
            Path(scratch, "root").rename(target)
        _remove_others(target)
    return target


def _apt_settings() -> t.Iterator[str]:
    for setting in APT_SETTINGS:
        value = run("apt-config", "dump", "--format=%v", setting)
        if value:
            yield f'{setting} "{value}"'


def _remove_others(current: Path) -> None:
    """Remove root file systems of former package lists and of builds that were cut off, unless one is mounted."""
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8")
    for former in [*cache_directory().glob("rootfs-*"), *cache_directory().glob("build-*")]:
        if former != current and str(former) not in mounts:
            shutil.rmtree(former)
