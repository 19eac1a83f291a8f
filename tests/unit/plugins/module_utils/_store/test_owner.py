# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the owner of a certificate directory tries while root's modules work in it.

Where this does not run as root, the directory's group plays the owner: it can write there, too.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess

import module_runner
import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._pki import csr
from ansible_collections.twca.ssl.plugins.module_utils._store import atomic
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory
from ansible_collections.twca.ssl.plugins.module_utils._store.locks import lock

ROOT = os.geteuid() == 0
OWNER = (1234, 4321)
NAME = "www.example.com.tw"
CA = pki.authority()
KEY = pki.new_key()
LEAF = CA.leaf(KEY)
REQUEST = csr.build(pki.key_pem(KEY), csr.Subject(NAME, "TW", "Taiwan", "Taipei", "Example Ltd."), [f"DNS:{NAME}"])
as_root = pytest.mark.skipif(not ROOT, reason="only root gives files away")


@pytest.fixture(autouse=True)
def patience():
    """What hangs ends."""

    def end(_signal, _frame):
        raise AssertionError("it hangs")

    signal.signal(signal.SIGALRM, end)
    signal.alarm(60)
    yield
    signal.alarm(0)


@pytest.fixture
def home(tmp_path):
    """Root's directory, with the certificate directory in it."""
    path = tmp_path / "etc"
    path.mkdir(0o755)
    return path


@pytest.fixture
def place(home):
    """The owner's certificate directory, with a live version and the key's pair."""
    path = home / NAME
    path.mkdir()
    directory = CertificateDirectory(path)
    directory.switch(directory.add_version(pki.key_pem(KEY), LEAF, CA.chain, request_pem=REQUEST))
    give(path)
    return path


@pytest.fixture
def victim(home):
    """Somebody else's: a directory with secrets, which the owner can name and nothing more."""
    path = home / "victim"
    (path / "inner").mkdir(parents=True, mode=0o700)
    path.chmod(0o700)
    for file in (path / "secret", path / "inner/secret", path / f".a.b{atomic.SUFFIX}"):
        file.write_bytes(b"secret")
        file.chmod(0o600)
    before = looks(path)
    yield path
    assert looks(path) == before


def looks(path):
    """Everything below a path: kind, owner, mode and content."""
    found = {}
    for each in [path, *path.rglob("*")]:
        status = each.lstat()
        content = each.read_bytes() if stat.S_ISREG(status.st_mode) else None
        found[str(each)] = (status.st_mode, status.st_uid, status.st_gid, content)
    return found


def give(path):
    """To the owner, with what is in it."""
    for each in [path, *path.rglob("*")]:
        if ROOT:
            os.chown(each, *OWNER, follow_symlinks=False)
        elif each.is_dir() and not each.is_symlink():
            each.chmod(0o775)


def link(path, target):
    """As the owner."""
    path.symlink_to(target)
    if ROOT:
        os.chown(path, *OWNER, follow_symlinks=False)


def make(place, **options):
    subject = {"state_or_province": "Taiwan", "locality": "Taipei", "organization": "Example Ltd."}
    return module_runner.run("twca_csr", directory=str(place), common_name=NAME, key_type="ECC", **subject, **options)


def install(place, leaf=None, **options):
    leaf = leaf or CA.leaf(KEY, days=300)
    options = {"chain": [pki.pem(each) for each in CA.chain], **options}
    return module_runner.run("twca_install", directory=str(place), certificate=pki.pem(leaf), **options)


def look(place, **options):
    asked = {"directory": str(place), "wanted": {"common_name": NAME, "key_type": "ECC"}, **options}
    return module_runner.run("twca_due_info", certificates=[asked])["certificates"][0]


def info(place):
    return module_runner.run("twca_certificate_info", directory=str(place))["certificates"][0]


def attempt(module, *arguments, **options):
    """Run a module that may refuse; returns its sentence."""
    try:
        module(*arguments, **options)
    except module_runner.Failed as failure:
        assert "Traceback" not in str(failure)
        return str(failure)
    return ""


class TestLinks:
    @pytest.mark.parametrize("name", ["20000101T000000Z-FF", "20990101T000000Z-FF", f".x{atomic.SUFFIX}"])
    def test_a_link_among_the_versions_never_has_another_directory_cleared_or_removed(self, place, victim, name):
        link(place / "versions" / name, victim)
        install(place, keep=1)
        assert len(CertificateDirectory(place).versions) == 1
        attempt(make, place, force_renew=True)
        attempt(install, place, keep=1)

    def test_nor_does_one_in_place_of_the_versions(self, place, victim):
        shutil.rmtree(place / "versions")
        (victim / "20000101T000000Z-FF").mkdir()
        try:
            link(place / "versions", victim)
            for module in (install, make):
                assert "versions must be a directory, and is a link" in attempt(module, place)
        finally:
            (victim / "20000101T000000Z-FF").rmdir()

    def test_the_key_of_another_is_neither_used_nor_copied(self, place, home):
        other = CertificateDirectory(home / "other.example.com.tw")
        other.path.mkdir()
        other.add_pending(pki.key_pem(KEY), REQUEST)
        other.switch(other.add_version(pki.key_pem(KEY), LEAF, CA.chain))
        before = looks(other.path)
        shutil.rmtree(place / "versions")
        (place / "live").unlink()
        for name, target in (("pending", other.pending_path), ("live", other.versions[0].path)):
            link(place / name, target)
            said = attempt(install, place, LEAF)
            assert "is neither that of the pending" in said or "it leads out of versions/" in said
            assert not (place / "versions").exists()
            assert "cannot read" in attempt(make, place) or name == "live"
            (place / name).unlink()
        assert looks(other.path) == before

    @pytest.mark.parametrize("name", ["pending", "live"])
    def test_a_link_is_removed_and_not_what_it_leads_to(self, place, victim, name):
        (place / "live").unlink()
        link(place / name, victim)
        attempt(make, place, discard_pending=True)
        attempt(make, place, state="absent")
        CertificateDirectory(place).switch(None)
        assert not (place / "live").exists()

    @pytest.mark.parametrize("name", ["privkey.pem", "cert.pem", "chain.pem", "request.csr"])
    def test_a_link_in_place_of_a_file_is_not_read(self, place, victim, name):
        file = next((place / "versions").iterdir()) / name
        content = file.read_bytes()
        file.unlink()
        (victim.parent / "content").write_bytes(content)
        link(file, victim.parent / "content")
        sentence = "is a link that somebody else than root may have put there"
        if name == "request.csr":
            assert sentence in attempt(make, place, subject_alt_name=["another.example.com.tw"])
        else:
            assert sentence in " ".join(info(place)["problems"])
        if name in ("privkey.pem", "cert.pem"):
            assert not look(place)["settled"]

    def test_live_leads_into_versions_only(self, place, home):
        elsewhere = home / "elsewhere"
        shutil.copytree(next((place / "versions").iterdir()), elsewhere)
        (place / "live").unlink()
        link(place / "live", elsewhere)
        assert "live is broken: it leads out of versions/" in attempt(make, place)
        assert "live is broken: it leads out of versions/" in attempt(install, place)
        assert not look(place)["live"]

    def test_where_root_alone_can_have_made_it_live_may_lead_elsewhere_and_the_way_back_is_that_link(self, place, home):
        if ROOT:
            os.chown(place, 0, 0)
            os.chown(place / "live", 0, 0, follow_symlinks=False)
        place.chmod(0o755)
        elsewhere = home / "elsewhere"
        shutil.copytree(next((place / "versions").iterdir()), elsewhere)
        if ROOT:
            os.chown(elsewhere, 0, 0)
        elsewhere.chmod(0o755)
        shutil.move(elsewhere / "cert.pem", home / "cert.pem")
        (elsewhere / "cert.pem").symlink_to("../cert.pem")
        shutil.rmtree(place / "versions")
        (place / "live").unlink()
        (place / "live").symlink_to("../elsewhere")
        assert info(place)["problems"] == []
        assert look(place)["live"]
        assert "was put back" in attempt(install, place, validate=["false"])
        assert os.readlink(place / "live") == "../elsewhere"
        install(place, keep=1)
        assert (elsewhere / "privkey.pem").exists()

    def test_live_may_be_any_directory_in_versions(self, place):
        version = next((place / "versions").iterdir())
        (place / "live").unlink()
        version.rename(version.with_name("mine\udcff"))
        link(place / "live", str(place / "versions/mine\udcff"))
        assert info(place)["key_matches"]
        assert look(place)["live"]
        install(place)
        assert os.readlink(place / "live").startswith("versions/2")

    def test_on_the_way_to_the_directory_links_of_others_are_not_followed(self, place, tmp_path):
        theirs, roots = tmp_path / "theirs", tmp_path / "roots"
        for path in (theirs, roots):
            path.mkdir(0o755)
            (path / "etc").symlink_to(place.parent)
        give(theirs)
        for module in (make, install):
            assert "etc is a link that somebody else than root may have put there" in attempt(
                module, theirs / "etc" / NAME
            )
        assert not look(theirs / "etc" / NAME)["live"]
        both = module_runner.run("twca_certificate_info", directories=[str(theirs / "etc" / NAME), str(place)])
        assert [len(one["problems"]) for one in both["certificates"]] == [1, 0]
        assert look(roots / "etc" / NAME)["live"]
        install(roots / "etc" / NAME)


class TestOtherKinds:
    @pytest.mark.parametrize(
        "name", ["pending", "live", "versions", ".lock", "cert.pem", "privkey.pem", "chain.pem", "request.csr"]
    )
    def test_a_pipe_holds_nothing_up(self, place, name):
        path = next((place / "versions").iterdir()) / name if "." in name[1:] else place / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.exists() or path.is_symlink():
            path.unlink()
        os.mkfifo(path)
        look(place)
        info(place)
        for module in (make, install):
            attempt(module, place)

    def test_nor_does_one_that_the_user_names(self, place, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        asked = {"directory": str(place), "stamp": str(tmp_path / "pipe")}
        asked["files"] = [{"paths": [str(tmp_path / "pipe")], "sha256": "00"}]
        found = module_runner.run("twca_due_info", certificates=[asked])["certificates"][0]
        assert (found["stamp"], found["files"][0]["state"]) == (None, "different")
        with pytest.raises(module_runner.Failed, match="it is no regular file"):
            module_runner.run("twca_certificate_info", path=str(tmp_path / "pipe"))

    def test_a_file_without_an_end_is_not_read_to_its_end(self, place):
        file = next((place / "versions").iterdir()) / "cert.pem"
        os.truncate(file, 1 << 40)
        assert "is larger than" in info(place)["problems"][0]
        assert look(place)["live"] is False

    def test_the_stamp_is_no_way_to_read_a_file_of_root(self, place, victim):
        (place / "stamp").write_text("proven")
        assert look(place, stamp=str(place / "stamp"))["stamp"] == "proven"
        (place / "stamp").unlink()
        link(place / "stamp", victim / "secret")
        assert look(place, stamp=str(place / "stamp"))["stamp"] is None

    @as_root
    def test_the_second_name_of_a_file_of_root_is_not_read(self, place, tmp_path):
        secret = tmp_path / "secret"
        secret.write_bytes(pki.key_pem(KEY))
        secret.chmod(0o600)
        (place / "pending").mkdir()
        give(place / "pending")
        os.link(secret, place / "pending/privkey.pem")
        (place / "pending/request.csr").write_text(REQUEST)
        assert "it has a second name (a hard link)" in attempt(make, place)

    @as_root
    def test_the_lock_is_no_way_to_get_a_file_of_root(self, place, tmp_path):
        secret = tmp_path / "secret"
        secret.write_bytes(b"secret")
        os.link(secret, place / ".lock")
        make(place, force_renew=True)
        with lock(place / ".lock", timeout=0):
            pass
        assert secret.stat().st_uid == 0

    @pytest.mark.parametrize("name", ["99999999T999999Z-F", "99991231T235959Z-F", "20260230T000000Z-F"])
    def test_a_version_of_no_moment_is_left_alone(self, place, name):
        (place / "versions" / name).mkdir()
        install(place, keep=1)
        assert (place / "versions" / name).exists()

    def test_directories_in_directories_without_an_end_are_a_sentence(self, place):
        place.joinpath(f".x{atomic.SUFFIX}").mkdir()
        here = os.open(place / f".x{atomic.SUFFIX}", os.O_RDONLY)
        for _number in range(1500):
            os.mkdir("a", dir_fd=here)
            inner = os.open("a", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
        os.close(here)
        try:
            assert "it holds directories in directories, more than 16 deep" in attempt(make, place)
        finally:
            subprocess.run(["rm", "-rf", place], check=True)  # what deletes the test's directory cannot either


class TestModes:
    @as_root
    def test_what_is_made_gets_no_rights_but_the_owners(self, place):
        shutil.rmtree(place / "versions")
        (place / "live").unlink()
        os.chmod(place, 0o7755)
        install(place, privatekey=pki.key_pem(KEY).decode())
        make(place, force_renew=True)
        for path in place.rglob("*"):
            assert not path.stat().st_mode & 0o7000
            assert path.is_symlink() or (path.stat().st_uid, path.stat().st_gid) == OWNER


class Race:
    """The owner acts once, after a system call that fits."""

    def __init__(self, monkeypatch, call, fits, act):
        self.done = False
        real = getattr(os, call)

        def hooked(*arguments, **options):
            result = real(*arguments, **options)
            if not self.done and fits(*arguments):
                self.done = True
                act(*arguments)
            return result

        monkeypatch.setattr(os, call, hooked)


def temporary(path, *_rest):
    return str(path).endswith(atomic.SUFFIX)


class TestRaces:
    def swap(self, place, victim):
        """Put a link in place of a new directory."""

        def act(path, *_rest):
            found = next(place.rglob(os.path.basename(path)))
            found.rename(place / "aside")
            link(found, victim)

        return act

    def test_a_link_in_place_of_a_new_directory_gets_neither_owner_nor_mode_nor_files(self, place, victim, monkeypatch):
        race = Race(monkeypatch, "mkdir", temporary, self.swap(place, victim))
        attempt(make, place, force_renew=True)
        assert race.done

    @pytest.mark.parametrize("call", ["open", "rename", "fsync", "write", "fchmod"])
    def test_nor_later(self, place, victim, monkeypatch, call):
        made = []
        Race(monkeypatch, "mkdir", temporary, lambda path, *_rest: made.append(path))

        race = Race(monkeypatch, call, lambda *_any: bool(made), lambda *_any: self.swap(place, victim)(made[0]))
        attempt(make, place, force_renew=True)
        assert race.done

    def test_a_link_in_place_of_a_directory_that_is_being_removed_is_not_followed(self, place, victim, monkeypatch):
        leftover = place / f".x{atomic.SUFFIX}"
        (leftover / "inner").mkdir(parents=True)
        (leftover / "inner/file").touch()
        real = os.stat

        def act(path, *_rest):
            shutil.rmtree(leftover / "inner")
            link(leftover / "inner", victim)

        def fits(path, *_rest):
            return os.path.basename(path) == "inner" and (leftover / "inner/file").exists()

        races = [Race(monkeypatch, call, fits, act) for call in ("stat", "lstat")]
        attempt(make, place)
        assert any(race.done for race in races)
        assert real(victim)

    @as_root
    def test_owner_and_mode_are_those_of_the_directory_that_was_opened(self, place, victim, monkeypatch):
        """Here somebody can swap the whole directory: the one above it is his, too."""
        basic = module_runner.basic.AnsibleModule
        real = basic.set_fs_attributes_if_different

        def swap(module, *arguments):
            place.rename(place.with_name("aside"))
            victim.rename(place)
            try:
                return real(module, *arguments)
            finally:
                place.rename(victim)
                place.with_name("aside").rename(place)

        monkeypatch.setattr(basic, "set_fs_attributes_if_different", swap)
        assert make(place, owner="2345", group="2346", mode="u=rwx,g=x,o=x")["changed"]
        status = place.stat()
        assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (2345, 2346, 0o711)
        monkeypatch.undo()
        assert not make(place, owner="2345", group="2346", mode="0711")["changed"]
        assert make(place, owner="2345", mode="0755", check=True)["changed"]
