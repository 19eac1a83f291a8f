# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pathlib

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._store import mounts

KINDS = """\
nodev\tsysfs
nodev\ttmpfs
nodev\toverlay
nodev\tautofs
nodev\tfuse
nodev\tnfs
nodev\tnfs4
nodev\tcifs
nodev\t9p
nodev\tzfs
\tfuseblk
\text4
\txfs
\tbtrfs
"""
# As the kernel writes it: an automounter's place below the mount it made, a blank in a name, a container's volumes.
MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
23 22 0:21 / /proc rw,nosuid - proc proc rw
24 22 0:22 / /tmp rw - tmpfs tmpfs rw
30 22 0:30 / /home rw,relatime shared:5 - autofs auto.home rw,fd=6
31 30 0:31 /wang /home/wang rw,relatime shared:6 - nfs4 files.example.com.tw:/home/wang rw,vers=4.2
32 22 0:32 / /srv rw - autofs systemd-1 rw
33 32 8:2 / /srv rw - xfs /dev/vdb rw
34 22 0:34 / /mnt/two\\040words rw - cifs //files/share rw
35 22 0:35 / /var/lib/containers/merged rw - overlay overlay rw
36 35 0:36 / /var/lib/containers/merged/volume rw - fuse.glusterfs gluster:/volume rw
37 22 0:37 /sub /var/lib/pool rw - zfs rpool/pool rw
38 22 0:38 / /var/lib/snap rw - btrfs /dev/vdc rw
39 22 0:39 / /mnt/c rw - 9p drvfs rw
40 22 0:40 / /media/stick rw - fuseblk /dev/sda1 rw
"""


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """What the kernel says, in files; paths are taken as they stand."""
    (tmp_path / "mountinfo").write_text(MOUNTS)
    (tmp_path / "filesystems").write_text(KINDS)
    monkeypatch.setattr(mounts, "_MOUNTS", tmp_path / "mountinfo")
    monkeypatch.setattr(mounts, "_KINDS", tmp_path / "filesystems")
    monkeypatch.setattr(mounts.os.path, "realpath", str)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/twca", None),
        ("/tmp/twca", None),
        ("/home/wang/.local/state/twca", "nfs4"),
        ("/home/chen/.local/state/twca", "autofs"),
        ("/homes/wang", None),
        ("/srv/twca", None),
        ("/mnt/two words", "cifs"),
        ("/mnt/two words/twca", "cifs"),
        ("/mnt/two", None),
        ("/var/lib/containers/merged/state", None),
        ("/var/lib/containers/merged/volume/state", "fuse.glusterfs"),
        ("/var/lib/pool/state", None),
        ("/var/lib/snap/state", None),
        ("/mnt/c/Users/wang", "9p"),
        ("/media/stick", None),
        ("/", None),
    ],
)
def test_what_other_machines_can_mount_is_told(kernel, path, kind):
    assert mounts.shared_kind(path) == kind


def test_a_system_that_does_not_tell_is_let_be(kernel):
    (kernel / "mountinfo").unlink()
    assert mounts.shared_kind(pathlib.Path("/home/wang")) is None


def test_a_link_is_followed_to_where_it_leads(tmp_path, monkeypatch):
    real = tmp_path / "real"
    real.mkdir()
    (tmp_path / "link").symlink_to(real)
    (tmp_path / "mountinfo").write_text(f"1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 0:9 / {real} rw - nfs4 a:/b rw\n")
    monkeypatch.setattr(mounts, "_MOUNTS", tmp_path / "mountinfo")
    assert mounts.shared_kind(tmp_path / "link" / "not" / "yet") == "nfs4"


def test_this_machines_disks_are_its_own(tmp_path):
    assert mounts.shared_kind(tmp_path) is None
