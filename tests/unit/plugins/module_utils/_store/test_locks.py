# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import multiprocessing
import os
import signal
import stat

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import LockedError, StoreError
from ansible_collections.twca.ssl.plugins.module_utils._store.locks import lock

fork = multiprocessing.get_context("fork")


def hold(path, end):
    with lock(path, timeout=1):
        end.send("held")
        end.recv()


@pytest.fixture
def holder(tmp_path):
    ours, theirs = fork.Pipe()
    process = fork.Process(target=hold, args=(tmp_path / ".lock", theirs))
    process.start()
    assert ours.poll(20)
    yield process, ours
    process.kill()
    process.join(20)


def test_one_at_a_time(tmp_path, holder):
    _process, ours = holder
    sentence = r"another process has held the lock .*/.lock for 0.1 s"
    with pytest.raises(LockedError, match=sentence), lock(tmp_path / ".lock", timeout=0.1):
        pass
    ours.send("release")
    with lock(tmp_path / ".lock", timeout=20):
        pass
    assert (tmp_path / ".lock").exists()


def test_the_lock_of_a_dead_process_is_free(tmp_path, holder):
    process, _ours = holder
    os.kill(process.pid, signal.SIGKILL)
    with lock(str(tmp_path / ".lock"), timeout=20):
        pass


def test_it_is_released_when_the_body_fails(tmp_path):
    for _turn in range(2):
        with pytest.raises(KeyError), lock(tmp_path / ".lock", timeout=0):
            raise KeyError


def test_the_file_is_private(tmp_path):
    with lock(tmp_path / ".lock", timeout=0):
        assert stat.S_IMODE((tmp_path / ".lock").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_directorys_owner_can_lock_after_root_did(tmp_path):
    os.chown(tmp_path, 1234, 4321)
    with lock(tmp_path / ".lock", timeout=0):
        status = (tmp_path / ".lock").stat()
    assert (status.st_uid, status.st_gid) == (1234, 4321)


def test_a_link_in_its_place_is_not_followed(tmp_path):
    (tmp_path / ".lock").symlink_to("victim")
    with pytest.raises(StoreError, match="cannot lock"), lock(tmp_path / ".lock", timeout=0):
        pass
    assert not (tmp_path / "victim").exists()


def test_a_missing_directory_is_a_sentence(tmp_path):
    with (
        pytest.raises(StoreError, match=r"cannot lock .*: No such file or directory"),
        lock(tmp_path / "a" / "b", timeout=0),
    ):
        pass
