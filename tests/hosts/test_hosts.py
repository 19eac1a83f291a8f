# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts are real, apart from each other, and gone afterwards. Run as ``PYTHONPATH=tests pytest tests/hosts``."""

from __future__ import annotations

import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from hosts import Fleet, HostsError, fleet, machine, rootfs

pytestmark = pytest.mark.skipif(bool(machine.problems()), reason="; ".join(machine.problems()))


def traces(number: int) -> list[str]:
    """What the kernel and the disk still hold of a fleet."""
    links = subprocess.run(["ip", "-brief", "link"], capture_output=True, text=True, check=True).stdout
    routes = subprocess.run(["ip", "route"], capture_output=True, text=True, check=True).stdout
    return [
        *(line for line in links.splitlines() if line.startswith((f"twca{number} ", f"twv-{number}-"))),
        *(line for line in routes.splitlines() if f"10.213.{number}.0/24" in line),
        *(str(path) for path in Path("/run/netns").glob(f"twca-{number}-*")),
        *fleet._mounts_below(fleet.FLEETS / str(number)),
        *map(str, fleet._nspawns(f"twca-{number}-")),
        *map(str, fleet.FLEETS.glob(str(number))),
    ]


@pytest.fixture(scope="module")
def two() -> t.Iterator[Fleet]:
    with Fleet.start(["web1", "web2"], name="test-two") as started:
        yield started


def test_a_host_is_a_machine_of_its_own(two: Fleet) -> None:
    assert two.run("web1", "hostname").strip() == "web1"
    assert two.run("web1", "cat", "/proc/1/comm").strip() == "systemd"
    two.run("web1", "systemctl", "start", "nginx")
    address = two.hosts["web1"].address
    assert "Server: nginx" in two.run("web2", "curl", "--silent", "--show-error", "--head", f"http://{address}/")
    with pytest.raises(HostsError, match="curl"):
        two.run("web1", "curl", "--silent", "--show-error", f"http://{two.hosts['web2'].address}/")


def test_what_one_host_writes_no_other_sees(two: Fleet) -> None:
    two.run("web1", "touch", "/etc/mark")
    with pytest.raises(HostsError):
        two.run("web2", "test", "-e", "/etc/mark")
    assert not (rootfs.path() / "etc/mark").exists()


def test_a_host_reaches_nothing_outside(two: Fleet) -> None:
    assert "default" not in two.run("web1", "ip", "route")


def test_the_administrator_becomes_root_with_sudo(two: Fleet) -> None:
    who = subprocess.run(
        [*two.ssh("web1", user=rootfs.ADMIN), "whoami; sudo whoami"], capture_output=True, text=True, check=True
    )
    assert who.stdout.split() == [rootfs.ADMIN, "root"]


def test_fleets_do_not_disturb_each_other(two: Fleet) -> None:
    with Fleet.start(1, name="test-other") as other:
        assert other.number != two.number
    assert not traces(other.number)
    assert two.run("web1", "true") == ""


def test_a_name_is_taken_once(two: Fleet) -> None:
    with pytest.raises(HostsError, match="test-two is up already"):
        Fleet.start(1, name=two.name)
    assert two.run("web2", "true") == ""


def test_what_a_killed_run_left_is_taken_down() -> None:
    script = "import os, hosts; print(hosts.Fleet.start(2, name='test-killed').number, flush=True); os.abort()"
    above = Path(__file__).parents[1]
    killed = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, check=False, cwd=above)
    number = int(killed.stdout)
    assert killed.returncode < 0 and traces(number)
    fleet.take_down(lambda _there: False)
    assert not traces(number)


def test_a_host_that_does_not_boot_is_an_error_that_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "etc/ssh").mkdir(parents=True)
    for home in ("root", f"home/{rootfs.ADMIN}"):
        (tmp_path / home).mkdir(parents=True)
    monkeypatch.setattr(rootfs, "build", lambda: tmp_path)
    with pytest.raises(HostsError, match=r"host1 stopped while it booted: \S"):
        Fleet.start(1, name="test-broken")
    assert "test-broken" not in [there.name for there in fleet.fleets()]


@pytest.mark.parametrize(
    "names, why", [(0, "1 to 250"), (["Web"], "'Web' is no host name"), (["a", "a"], "two hosts have one name")]
)
def test_names_that_cannot_be(names: t.Any, why: str) -> None:
    with pytest.raises(HostsError, match=why):
        Fleet.start(names)


def test_a_machine_that_cannot_make_hosts_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(HostsError, match=r"cannot make hosts: .*apt-get install .*mmdebstrap .*systemd-container"):
        Fleet.start(1)
