# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import errno
import fcntl
import multiprocessing
import os
import stat

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import StoreError
from ansible_collections.twca.ssl.plugins.module_utils._store import atomic
from ansible_collections.twca.ssl.plugins.module_utils._store.folder import Folder


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


class Recorder:
    """Stands for ``os``: tells each step before it is taken, and may fail or die there."""

    def __init__(self, at=None, error=None):
        self.steps, self.at, self.error = [], at, error

    def __getattr__(self, name):
        real = getattr(os, name)
        if name not in ("write", "fsync", "rename", "unlink", "mkdir", "rmdir", "symlink", "fchmod", "fchown", "open"):
            return real

        def step(*args, **options):
            self.steps.append(name)
            if name == self.at or len(self.steps) == self.at:
                raise self.error or OSError(errno.ENOSPC, "No space left on device")
            return real(*args, **options)

        return step


@pytest.fixture
def folder(tmp_path):
    with Folder.at(tmp_path) as opened:
        yield opened


@pytest.fixture
def umask():
    old = os.umask(0o077)
    yield
    os.umask(old)


class TestWrite:
    def test_content_and_mode_whatever_the_umask(self, tmp_path, umask):
        for bits in (0o600, 0o644):
            atomic.write(tmp_path / "a", b"content", mode=bits)
            assert (tmp_path / "a").read_bytes() == b"content"
            assert mode(tmp_path / "a") == bits
        assert names(tmp_path) == ["a"]

    def test_a_path_may_be_text(self, tmp_path):
        atomic.write(str(tmp_path / "a"), b"", mode=0o600)
        assert (tmp_path / "a").read_bytes() == b""

    def test_owner_and_mode_stand_before_the_content_and_all_is_flushed(self, tmp_path, monkeypatch):
        recorder = Recorder()
        monkeypatch.setattr(atomic, "os", recorder)
        atomic.write(tmp_path / "a", b"x", mode=0o640, uid=os.getuid(), gid=os.getgid())
        assert recorder.steps == ["open", "fchmod", "write", "fsync", "rename", "fsync"]

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
    def test_the_owner_is_set(self, tmp_path, monkeypatch):
        recorder = Recorder()
        monkeypatch.setattr(atomic, "os", recorder)
        atomic.write(tmp_path / "a", b"x", mode=0o4750, uid=1234, gid=4321)
        status = (tmp_path / "a").stat()
        assert (status.st_uid, status.st_gid, mode(tmp_path / "a")) == (1234, 4321, 0o4750)
        assert recorder.steps.index("fchown") < recorder.steps.index("fchmod") < recorder.steps.index("write")

    def test_a_short_write_is_gone_on_with(self, tmp_path, monkeypatch):
        class Short(Recorder):
            def __getattr__(self, name):
                return (lambda fd, data: os.write(fd, data[:3])) if name == "write" else getattr(os, name)

        monkeypatch.setattr(atomic, "os", Short())
        atomic.write(tmp_path / "a", b"0123456789", mode=0o600)
        assert (tmp_path / "a").read_bytes() == b"0123456789"

    @pytest.mark.parametrize("step", ["open", "fchmod", "write", "fsync", "rename"])
    def test_on_a_full_disk_the_old_file_stays_and_nothing_is_left(self, tmp_path, monkeypatch, step):
        (tmp_path / "a").write_bytes(b"old")
        monkeypatch.setattr(atomic, "os", Recorder(step))
        with pytest.raises(StoreError, match=f"^cannot write {tmp_path}/a: No space left on device$"):
            atomic.write(tmp_path / "a", b"new", mode=0o600)
        assert names(tmp_path) == ["a"]
        assert (tmp_path / "a").read_bytes() == b"old"

    def test_a_link_in_its_place_is_replaced_and_not_followed(self, tmp_path):
        (tmp_path / "target").write_bytes(b"target")
        (tmp_path / "a").symlink_to("target")
        atomic.write(tmp_path / "a", b"new", mode=0o600)
        assert not (tmp_path / "a").is_symlink()
        assert (tmp_path / "target").read_bytes() == b"target"

    def test_leftovers_of_the_dead_are_cleared_and_files_of_the_living_are_not(self, tmp_path):
        for name in ("*.tw", "b"):
            (tmp_path / f".{name}.0{atomic.SUFFIX}").write_bytes(b"half")
        living = tmp_path / f".*.tw.1{atomic.SUFFIX}"
        with living.open("wb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            atomic.write(tmp_path / "*.tw", b"new", mode=0o600)
        assert names(tmp_path) == sorted(["*.tw", living.name, f".b.0{atomic.SUFFIX}"])

    def test_a_temporary_file_that_is_cleared_before_it_was_locked_is_made_anew(self, tmp_path, monkeypatch):
        cleared = []

        def flock(descriptor, operation):
            if not cleared:
                cleared.extend(tmp_path.iterdir())
                cleared[0].unlink()
            fcntl.flock(descriptor, operation)

        class Fcntl:
            LOCK_EX, LOCK_NB = fcntl.LOCK_EX, fcntl.LOCK_NB

        Fcntl.flock = staticmethod(flock)
        monkeypatch.setattr(atomic, "fcntl", Fcntl)
        atomic.write(tmp_path / "a", b"x", mode=0o600)
        assert cleared
        assert names(tmp_path) == ["a"]

    def test_a_missing_directory_is_a_sentence(self, tmp_path):
        with pytest.raises(StoreError, match="cannot write .*/none/a: No such file or directory"):
            atomic.write(tmp_path / "none" / "a", b"", mode=0o600)


class TestLinks:
    def test_one_rename_replaces_a_link(self, tmp_path, monkeypatch):
        recorder = Recorder()
        monkeypatch.setattr(atomic, "os", recorder)
        for target in ("one", "two"):
            atomic.symlink(target, tmp_path / "live")
            assert (tmp_path / "live").readlink().name == target
        assert recorder.steps == ["symlink", "rename", "fsync"] * 2
        assert names(tmp_path) == ["live"]

    @pytest.mark.parametrize("make", ["mkdir", "touch"])
    def test_what_is_no_link_is_left_alone(self, tmp_path, make):
        getattr(tmp_path / "live", make)()
        with pytest.raises(
            StoreError, match="must be a symbolic link, but something else is in its place: move it away"
        ):
            atomic.symlink("one", tmp_path / "live")
        assert names(tmp_path) == ["live"]

    @pytest.mark.parametrize("step", ["symlink", "rename"])
    def test_on_a_full_disk_the_old_link_stays(self, tmp_path, monkeypatch, step):
        atomic.symlink("one", tmp_path / "live")
        monkeypatch.setattr(atomic, "os", Recorder(step))
        with pytest.raises(StoreError, match="cannot link"):
            atomic.symlink("two", tmp_path / "live")
        assert (tmp_path / "live").readlink().name == "one"
        assert names(tmp_path) == ["live"]

    def test_removal_is_of_the_link_and_flushed(self, tmp_path, monkeypatch):
        (tmp_path / "one").mkdir()
        atomic.symlink("one", tmp_path / "live")
        recorder = Recorder()
        monkeypatch.setattr(atomic, "os", recorder)
        atomic.remove(tmp_path / "live")
        atomic.remove(tmp_path / "live")
        assert recorder.steps == ["unlink", "fsync", "unlink"]
        assert names(tmp_path) == ["one"]


class TestDirectories:
    def test_those_above_are_made_too(self, tmp_path, umask):
        assert atomic.make_directory(tmp_path / "a" / "b" / "c", mode=0o750)
        assert [mode(tmp_path / path) for path in ("a", "a/b", "a/b/c")] == [0o755, 0o755, 0o750]
        assert not atomic.make_directory(tmp_path / "a" / "b", mode=0o700)
        assert mode(tmp_path / "a" / "b") == 0o755

    def test_another_may_make_it_in_the_meantime(self, tmp_path, monkeypatch):
        class Late(Recorder):
            def __getattr__(self, name):
                if name == "mkdir":
                    return lambda *place, **where: (os.mkdir(*place, **where), os.mkdir(*place, **where))
                return getattr(os, name)

        monkeypatch.setattr(atomic, "os", Late())
        assert not atomic.make_directory(tmp_path / "a", mode=0o755)

    def test_a_file_in_its_place_is_a_sentence(self, tmp_path):
        (tmp_path / "a").touch()
        for path in (tmp_path / "a", tmp_path / "a" / "b"):
            with pytest.raises(StoreError, match=f"cannot make the directory {tmp_path}/a"):
                atomic.make_directory(path, mode=0o755)

    def test_a_new_one_appears_with_its_content(self, folder, tmp_path):
        with atomic.new_directory(folder, "a", mode=0o750) as inside:
            atomic.put(inside, "file", b"", mode=0o600)
            assert not (tmp_path / "a").exists()
        assert names(tmp_path) == ["a"]
        assert names(tmp_path / "a") == ["file"]
        assert mode(tmp_path / "a") == 0o750

    @pytest.mark.parametrize("step", ["mkdir", "fchmod", "rename", "fsync"])
    def test_on_a_full_disk_nothing_of_it_is_left(self, folder, tmp_path, monkeypatch, step):
        monkeypatch.setattr(atomic, "os", Recorder(step))
        with pytest.raises(StoreError), atomic.new_directory(folder, "a", mode=0o755) as inside:
            atomic.put(inside, "file", b"", mode=0o600)
        assert names(tmp_path) == []

    def test_what_the_body_raises_is_passed_on(self, folder, tmp_path):
        with pytest.raises(KeyError), atomic.new_directory(folder, "a", mode=0o755) as inside:
            atomic.put(inside, "file", b"", mode=0o600)
            raise KeyError
        assert names(tmp_path) == []

    def test_one_that_is_there_is_not_replaced(self, folder, tmp_path):
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "precious").touch()
        with pytest.raises(StoreError, match="cannot make"), atomic.new_directory(folder, "a", mode=0o755):
            pass
        assert names(tmp_path / "a") == ["precious"]

    def test_a_tree_is_gone_by_one_rename_before_it_is_deleted(self, folder, tmp_path, monkeypatch):
        (tmp_path / "a" / "b").mkdir(parents=True)
        (tmp_path / "a" / "b" / "file").touch()
        (tmp_path / "outside").mkdir()
        (tmp_path / "outside" / "file").touch()
        (tmp_path / "a" / "link").symlink_to("../outside")
        recorder = Recorder()
        monkeypatch.setattr(atomic, "os", recorder)
        atomic.remove_tree(folder, "a")
        atomic.remove_tree(folder, "a")
        assert recorder.steps[:3] == ["rename", "fsync", "unlink"]
        assert names(tmp_path) == ["outside"]
        assert names(tmp_path / "outside") == ["file"]

    def test_leftovers_are_cleared_and_nothing_else(self, folder, tmp_path):
        (tmp_path / f".a.0{atomic.SUFFIX}" / "b").mkdir(parents=True)
        (tmp_path / f".c.0{atomic.SUFFIX}").touch()
        (tmp_path / f".d.0{atomic.SUFFIX}").symlink_to("nowhere")
        for name in (".lock", "live", f"e{atomic.SUFFIX}"):
            (tmp_path / name).touch()
        atomic.clear_leftovers(folder)
        assert names(tmp_path) == [".lock", f"e{atomic.SUFFIX}", "live"]

    @pytest.mark.parametrize("number", range(1, 9))
    def test_a_program_killed_at_any_step_leaves_only_what_is_cleared(self, folder, tmp_path, number):
        child = multiprocessing.get_context("fork").Process(target=die_at_step, args=(number, tmp_path))
        child.start()
        child.join(30)
        assert child.exitcode == 9
        assert not (tmp_path / "a").exists() or (tmp_path / "a" / "file").read_bytes() == b"whole"
        atomic.clear_leftovers(folder)
        assert names(tmp_path) in ([], ["a"])


class Fatal(Recorder):
    """Ends the process, without a word, instead of the n-th step."""

    def __getattr__(self, name):
        if name in ("write", "fsync", "rename", "mkdir", "fchmod"):
            self.steps.append(name)
            if len(self.steps) == self.at:
                os._exit(9)
        return getattr(os, name)


def die_at_step(number, directory):
    atomic.os = Fatal(number)
    with Folder.at(directory) as folder, atomic.new_directory(folder, "a", mode=0o755) as inside:
        atomic.put(inside, "file", b"whole", mode=0o600)


def test_a_file_is_private_new_and_no_link_from_its_first_moment(tmp_path, monkeypatch):
    """Whatever the umask, nobody else can open what will hold a key, before its final mode is set."""
    born = []
    real = os.open

    def spy(path, flags, *mode, **where):
        descriptor = real(path, flags, *mode, **where)
        if flags & os.O_CREAT:
            born.append(
                (stat.S_IMODE(os.fstat(descriptor).st_mode), bool(flags & os.O_EXCL), bool(flags & os.O_NOFOLLOW))
            )
        return descriptor

    monkeypatch.setattr(os, "open", spy)
    umask = os.umask(0)
    try:
        atomic.write(tmp_path / "file", b"secret", mode=0o644)
    finally:
        os.umask(umask)
    assert born == [(0o600, True, True)]


def test_what_could_not_be_done_is_told_with_its_place(tmp_path):
    (tmp_path / "directory/inner").mkdir(parents=True)
    (tmp_path / "file").touch()
    for action, verb, path in (
        (atomic.remove, "remove", tmp_path / "directory"),
        (lambda path: atomic.symlink("target", path), "link", tmp_path / "file/link"),
    ):
        with pytest.raises(StoreError, match=f"^cannot {verb} {path}: "):
            action(path)
