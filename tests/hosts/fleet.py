# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet: some hosts on a network of their own, which come up together and go together.

Every fleet has a number, and everything in the kernel that belongs to it bears that number: the bridge ``twca7``, the
namespaces ``twca-7-1`` ..., the network 10.213.7.0/24. So a fleet can be taken down whole by anybody, also after the
process that started it was killed half way, and no fleet can touch another's.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import typing as t
from pathlib import Path

from . import machine, rootfs
from .machine import HostsError, run

#: Where fleets live: one place for the whole machine, on disk, so that runs of different checkouts see each other.
FLEETS = Path("/var/tmp/twca-ssl-hosts")
MOST_FLEETS = 254
MOST_HOSTS = 250
UP_TIMEOUT = 120.0
NAME = re.compile(r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclasses.dataclass(frozen=True)
class Host:
    """One host: ``machine`` is its name in the kernel, ``directory`` holds its disk and its console's log."""

    name: str
    address: str
    machine: str
    directory: Path

    @property
    def root(self) -> Path:
        """The host's root directory, as this machine sees it."""
        return self.directory / "root"

    @property
    def log(self) -> Path:
        """What its console said."""
        return self.directory / "console.log"


class Fleet:
    """Hosts that were started together; a context manager that takes them down at its end."""

    def __init__(self, number: int, name: str, host_names: t.Sequence[str], owner: str | None) -> None:
        self.number = number
        self.name = name
        self.owner = owner
        self.directory = FLEETS / str(number)
        self.hosts = {
            host: Host(host, f"10.213.{number}.{i + 1}", f"twca-{number}-{i}", self.directory / host)
            for i, host in enumerate(host_names, 1)
        }

    @property
    def key(self) -> Path:
        """The private SSH key that opens every host of the fleet."""
        return self.directory / "key"

    @property
    def known_hosts(self) -> Path:
        """The hosts' own keys, for strict host key checking."""
        return self.directory / "known_hosts"

    @property
    def bridge(self) -> str:
        return f"twca{self.number}"

    @property
    def network(self) -> str:
        return f"10.213.{self.number}.0/24"

    @classmethod
    def start(cls, names: int | t.Sequence[str], *, name: str = "hosts", owner: int | None = None) -> Fleet:
        """Start hosts and return once every sshd answers.

        ``names`` are their names, or how many (``host1`` ...). ``owner`` is the process that the fleet is for (default:
        this one; 0: nobody, it stays until it is taken down): once it is gone, the next use of this package takes the
        fleet down. :class:`HostsError` says which host did not come up, and why; nothing is left then.
        """
        machine.require()
        wanted = [f"host{i}" for i in range(1, names + 1)] if isinstance(names, int) else list(names)
        _check_names(wanted)
        base = rootfs.build()
        fleet = cls._claim(name, wanted, _process(os.getpid() if owner is None else owner))
        try:
            fleet._come_up(base)
        except BaseException:
            fleet.down()
            raise
        return fleet

    def __enter__(self) -> Fleet:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.down()

    def ssh(self, host: str, *, user: str = "root") -> list[str]:
        """The command line that opens a session on ``host``; append the command to run there."""
        return ["ssh", "-q", "-i", str(self.key), *self._ssh_options(), f"{user}@{self.hosts[host].address}"]

    def run(self, host: str, *argv: str) -> str:
        """Run a command on ``host`` as root over SSH; :class:`HostsError` with its words if it fails."""
        return run(*self.ssh(host), *argv)

    def inventory(self) -> dict[str, t.Any]:
        """An Ansible inventory of the hosts."""
        common = {
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(self.key),
            "ansible_ssh_common_args": " ".join(self._ssh_options()),
            "ansible_python_interpreter": "/usr/bin/python3",
        }
        return {"all": {"hosts": {host.name: {"ansible_host": host.address, **common} for host in self.hosts.values()}}}

    def _ssh_options(self) -> list[str]:
        return ["-o", f"UserKnownHostsFile={self.known_hosts}", "-o", "StrictHostKeyChecking=yes"]

    @classmethod
    def _claim(cls, name: str, host_names: t.Sequence[str], owner: str | None) -> Fleet:
        with _fleets_locked():
            taken = {}
            for fleet in _recorded():
                if fleet.orphaned:
                    fleet.down()
                else:
                    taken[fleet.number] = fleet.name
            if name in taken.values():
                raise HostsError(f"a fleet named {name} is up already: take it down first, or give another --name")
            free = next((number for number in range(1, MOST_FLEETS + 1) if number not in taken), None)
            if free is None:
                raise HostsError(f"{MOST_FLEETS} fleets are up, and there is no address left for another")
            fleet = cls(free, name, host_names, owner)
            fleet.directory.mkdir(mode=0o700)
            record = {"name": name, "hosts": list(host_names), "owner": owner}
            (fleet.directory / "fleet.json").write_text(json.dumps(record), encoding="utf-8")
            return fleet

    @property
    def orphaned(self) -> bool:
        """Whether the process that the fleet was for has gone."""
        return self.owner is not None and not self.belongs_to(int(self.owner.partition("@")[0]))

    def belongs_to(self, pid: int) -> bool:
        """Whether the fleet was started for this process."""
        return self.owner == _process(pid)

    def _come_up(self, base: Path) -> None:
        machine.raise_inotify_limit()
        Path("/run/systemd/nspawn").mkdir(parents=True, exist_ok=True)
        _make_key(self.key)
        # The second route catches what has no host behind it, so that no packet for this network leaves the machine.
        _ip(
            f"link add {self.bridge} type bridge",
            f"addr add 10.213.{self.number}.1/24 dev {self.bridge}",
            f"link set {self.bridge} up",
            f"route add unreachable {self.network} metric 9999",
        )
        for host in self.hosts.values():
            self._lay_disk(host, base)
            self._connect(host)
            _boot(host)
        self._wait()

    def _lay_disk(self, host: Host, base: Path) -> None:
        upper, work = host.directory / "upper", host.directory / "work"
        for directory in (upper, work, host.root):
            directory.mkdir(parents=True)
        upper.chmod(0o755)
        layers = f"lowerdir={base},upperdir={upper},workdir={work}"
        run("mount", "-t", "overlay", "overlay", "-o", layers, str(host.root))
        etc = host.root / "etc"
        (etc / "hostname").write_text(host.name + "\n", encoding="ascii")
        (etc / "hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {host.name}\n", encoding="ascii")
        host_key = etc / "ssh/ssh_host_ed25519_key"
        _make_key(host_key)
        with self.known_hosts.open("a", encoding="ascii") as known:
            known.write(f"{host.address} {_public(host_key)}\n")
        for home in (host.root / "root", host.root / "home" / rootfs.ADMIN):
            _authorise(home, _public(self.key))

    def _connect(self, host: Host) -> None:
        veth = f"twv{host.machine.removeprefix('twca')}"
        run("ip", "netns", "add", host.machine)
        _ip(
            f"link add {veth} type veth peer name eth0 netns {host.machine}",
            f"link set {veth} master {self.bridge} up",
        )
        _ip("link set lo up", f"addr add {host.address}/24 dev eth0", "link set eth0 up", namespace=host.machine)

    def _wait(self) -> None:
        deadline = time.monotonic() + UP_TIMEOUT
        for host in self.hosts.values():
            while not answers(host):
                if not _nspawns(host.machine):
                    raise HostsError(f"{host.name} stopped while it booted: {_last_words(host)}")
                if time.monotonic() > deadline:
                    raise HostsError(f"{host.name} has no sshd after {UP_TIMEOUT:.0f} s: {_last_words(host)}")
                time.sleep(0.05)

    def down(self) -> None:
        """Take everything away that bears the fleet's number; harmless where there is nothing any more."""
        namespaces = [entry.name for entry in _namespaces() if entry.name.startswith(f"twca-{self.number}-")]
        # Killing nspawn alone would leave the host's processes behind, which hold namespace and mounts.
        for namespace in namespaces:
            _kill(map(int, run("ip", "netns", "pids", namespace).split()))
        self._wait_for_end()
        for mount in _mounts_below(self.directory):
            run("umount", "--lazy", mount)
        # Links go one by one: those of a namespace would go with it, but only some time later.
        for link in Path("/sys/class/net").iterdir():
            if link.name == self.bridge or link.name.startswith(f"twv-{self.number}-"):
                run("ip", "link", "del", link.name)
        for namespace in namespaces:
            run("ip", "netns", "del", namespace)
        if run("ip", "route", "show", "type", "unreachable", self.network):
            run("ip", "route", "del", "unreachable", self.network, "metric", "9999")
        if _mounts_below(self.directory):
            raise HostsError(f"something is still mounted below {self.directory}; nothing is removed there")
        shutil.rmtree(self.directory, ignore_errors=True)

    def _wait_for_end(self) -> None:
        deadline = time.monotonic() + 10
        while remaining := _nspawns(f"twca-{self.number}-"):
            if time.monotonic() > deadline:
                _kill(remaining)
                deadline += 10
            time.sleep(0.05)


def fleets() -> list[Fleet]:
    """The fleets that are there, whether anybody still wants them or not."""
    with _fleets_locked():
        return list(_recorded())


def take_down(wanted: t.Callable[[Fleet], bool]) -> list[Fleet]:
    """Take down the fleets that ``wanted`` picks, and those whose owner has gone. Returns what was taken down."""
    with _fleets_locked():
        doomed = [fleet for fleet in _recorded() if wanted(fleet) or fleet.orphaned]
        for fleet in doomed:
            fleet.down()
    return doomed


@contextlib.contextmanager
def _fleets_locked() -> t.Iterator[None]:
    FLEETS.mkdir(mode=0o700, exist_ok=True)
    if FLEETS.is_symlink() or FLEETS.stat().st_uid != os.geteuid():
        raise HostsError(f"{FLEETS} is somebody else's; remove it")
    with (FLEETS / "lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _recorded() -> t.Iterator[Fleet]:
    for directory in sorted(FLEETS.glob("[0-9]*")):
        try:
            record = json.loads((directory / "fleet.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):  # its maker died between two lines, with the lock in its hand
            record = {"name": "(cut off)", "hosts": [], "owner": "0@0"}
        yield Fleet(int(directory.name), record["name"], record["hosts"], record["owner"])


def _check_names(names: t.Sequence[str]) -> None:
    if not 1 <= len(names) <= MOST_HOSTS:
        raise HostsError(f"a fleet has 1 to {MOST_HOSTS} hosts, not {len(names)}")
    for name in names:
        if not NAME.fullmatch(name):
            raise HostsError(f"{name!r} is no host name: lower-case letters, digits and hyphens, a letter first")
    if len(set(names)) != len(names):
        raise HostsError("two hosts have one name")


def _process(pid: int) -> str | None:
    """``pid@start time``, which names one process for good; None for pid 0, ``pid@`` for one that is not there."""
    if not pid:
        return None
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return f"{pid}@"
    return f"{pid}@{stat.rpartition(')')[2].split()[19]}"


def _ip(*commands: str, namespace: str | None = None) -> None:
    run("ip", *(["-n", namespace] if namespace else []), "-batch", "-", input="\n".join(commands) + "\n")


def _namespaces() -> list[Path]:
    directory = Path("/run/netns")
    return list(directory.iterdir()) if directory.is_dir() else []


def _mounts_below(directory: Path) -> list[str]:
    points = (line.split()[4] for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines())
    return [point for point in points if point.startswith(f"{directory}/")]


def _make_key(path: Path) -> None:
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path))


def _public(key: Path) -> str:
    return key.with_suffix(".pub").read_text(encoding="ascii").strip()


def _authorise(home: Path, public_key: str) -> None:
    directory = home / ".ssh"
    directory.mkdir(mode=0o700, exist_ok=True)
    (directory / "authorized_keys").write_text(public_key + "\n", encoding="ascii")
    owner = home.stat()
    for path in (directory, directory / "authorized_keys"):
        os.chown(path, owner.st_uid, owner.st_gid)


def _boot(host: Host) -> None:
    with host.log.open("wb") as log:
        subprocess.run(
            [
                "setsid",
                "--fork",
                "systemd-nspawn",
                "--quiet",
                f"--directory={host.root}",
                "--boot",
                "--register=no",
                "--keep-unit",
                f"--network-namespace-path=/run/netns/{host.machine}",
                f"--machine={host.machine}",
                f"--hostname={host.name}",
                "--resolv-conf=off",
                "--timezone=off",
                "--link-journal=no",
                "--settings=no",
                "--console=pipe",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=True,
        )


def _nspawns(machine_prefix: str) -> list[int]:
    """Process ids of the systemd-nspawn that run a machine of this name, or of a name that begins so."""
    wanted = f"--machine={machine_prefix}"
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            argv = entry.read_text(encoding="utf-8", errors="replace").split("\0")
        except OSError:
            continue
        if Path(argv[0]).name == "systemd-nspawn" and any(
            argument == wanted or (wanted.endswith("-") and argument.startswith(wanted)) for argument in argv
        ):
            found.append(int(entry.parent.name))
    return found


def _kill(pids: t.Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def answers(host: Host) -> bool:
    """Whether its sshd greets."""
    try:
        with socket.create_connection((host.address, 22), timeout=1) as connection:
            connection.settimeout(2)
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def _last_words(host: Host) -> str:
    lines = [line.strip() for line in host.log.read_text(encoding="utf-8", errors="replace").splitlines()]
    return " / ".join(line for line in lines[-6:] if line) or "its console said nothing"
