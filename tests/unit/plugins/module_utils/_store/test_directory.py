# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import stat

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import LockedError, StoreError
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, csr, keys
from ansible_collections.twca.ssl.plugins.module_utils._store import atomic
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory

CA = pki.authority()
KEY = pki.new_key()
PEM = pki.key_pem(KEY)
LEAF = CA.leaf(KEY)
SUBJECT = csr.Subject("www.example.com.tw", "TW", "Taiwan", "Taipei", "Example Ltd.", "IT")
REQUEST = csr.build(PEM, SUBJECT, ["DNS:www.example.com.tw"])


@pytest.fixture
def place(tmp_path):
    path = tmp_path / "*.example.com.tw"
    path.mkdir()
    return CertificateDirectory(path)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def listing(path):
    return sorted(each.name for each in path.iterdir())


def test_an_empty_or_missing_directory_holds_nothing(place, tmp_path):
    for each in (place, CertificateDirectory(tmp_path / "none")):
        assert (each.pending, each.live, each.versions) == (None, None, [])


class TestPending:
    def test_key_and_request_become_visible_together(self, place, monkeypatch):
        seen = []
        monkeypatch.setattr(
            atomic.os, "rename", lambda *a, real=os.rename, **where: (seen.append(place.pending), real(*a, **where))
        )
        pair = place.add_pending(PEM, REQUEST)
        assert seen == [None, None, None]
        assert (pair.privatekey, pair.request) == (PEM, csr.load(REQUEST))
        assert (mode(pair.privatekey_path), mode(pair.request_path)) == (0o600, 0o644)
        assert listing(place.path) == ["pending"]

    def test_it_is_never_replaced(self, place):
        place.add_pending(PEM, REQUEST)
        other = keys.generate("ECC")
        with pytest.raises(StoreError, match="holds a pair already, which may still become a certificate"):
            place.add_pending(other, csr.build(other, SUBJECT, ["DNS:www.example.com.tw"]))
        assert place.pending.privatekey == PEM

    def test_it_is_removed_whatever_its_state(self, place):
        place.pending_path.mkdir()
        (place.pending_path / "privkey.pem").write_text("half")
        place.remove_pending()
        place.remove_pending()
        assert listing(place.path) == []

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("privkey.pem", b"no", "is broken: the private key cannot be read"),
            ("privkey.pem", pki.key_pem(pki.new_key()), "is broken: request.csr is not of privkey.pem"),
            ("request.csr", b"no", "is broken: the CSR must be PEM"),
            ("request.csr", None, "cannot read .*request.csr: No such file"),
            ("privkey.pem", None, "cannot read .*privkey.pem: No such file"),
        ],
    )
    def test_a_broken_one_is_a_sentence(self, place, name, content, sentence):
        path = place.add_pending(PEM, REQUEST).path / name
        path.unlink() if content is None else path.write_bytes(content)
        with pytest.raises(StoreError, match=sentence):
            place.pending.request  # noqa: B018

    def test_files_have_the_owner_and_the_subdirectories_the_mode_of_the_directory(self, place):
        place.path.chmod(0o750)
        if os.geteuid() == 0:
            os.chown(place.path, 1234, 4321)
        place.add_pending(PEM, REQUEST)
        version = place.add_version(PEM, LEAF, CA.chain)
        place.add_private(version, {"bundle.p12": b"bundle", "combined.pem": b"combined"})
        owner = (place.path.stat().st_uid, place.path.stat().st_gid)
        for path in (place.pending_path, place.versions_path, version.path):
            assert mode(path) == 0o750
        for path in place.path.rglob("*"):
            assert (path.stat().st_uid, path.stat().st_gid) == owner


class TestVersions:
    def test_a_version_holds_what_servers_read(self, place):
        version = place.add_version(PEM, LEAF, CA.chain, request_pem=REQUEST, private={"bundle.p12": b"bundle"})
        pems = [pki.pem(each) for each in [LEAF, *CA.chain]]
        content = {
            "privkey.pem": PEM.decode(),
            "cert.pem": pems[0],
            "chain.pem": "".join(pems[1:]),
            "fullchain.pem": "".join(pems),
            "request.csr": REQUEST,
            "bundle.p12": "bundle",
        }
        assert {path.name: path.read_text() for path in version.path.iterdir()} == content
        private = {path.name for path in version.path.iterdir() if mode(path) == 0o600}
        assert private == {"privkey.pem", "bundle.p12"}
        assert version.path.name.endswith(f"Z-{LEAF.serial_number:X}")
        assert (version.leaf, version.chain, version.request.names) == (LEAF, CA.chain, ("DNS:www.example.com.tw",))
        assert version.private("bundle.p12") == b"bundle"
        assert version.matches
        version.check()

    def test_nothing_is_live_until_the_switch_which_is_one_rename_of_a_relative_link(self, place):
        first = place.add_version(PEM, LEAF, [])
        assert place.live is None
        place.switch(first)
        assert str(place.live_path.readlink()) == f"versions/{first.path.name}"
        assert place.live.path == first.path
        assert (place.live.request, place.live.private("bundle.p12"), place.live.chain) == (None, None, [])
        place.switch(None)
        assert place.live is None
        assert [version.path for version in place.versions] == [first.path]

    def test_the_newest_comes_first_within_one_second_and_when_the_clock_was_set_back(self, place, monkeypatch):
        moment = pki.now()
        monkeypatch.setattr(certificates, "utcnow", lambda: moment)
        made = [place.add_version(PEM, CA.leaf(KEY), []).path for _number in range(3)]
        moment -= pki.DAY
        made += [place.add_version(PEM, LEAF, []).path]
        assert [version.path for version in place.versions] == made[::-1]

    def test_what_is_no_version_is_left_out(self, place):
        place.add_version(PEM, LEAF, [])
        for name in ("backup", ".x.twca-tmp", "20261122T103000Z"):
            (place.versions_path / name).mkdir()
        assert len(place.versions) == 1

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("cert.pem", b"no", "cert.pem is broken: a PEM text must hold one certificate"),
            ("cert.pem", None, "cannot read .*cert.pem: No such file"),
            ("privkey.pem", b"no", "privkey.pem is broken: the private key cannot be read"),
            ("privkey.pem", pki.key_pem(pki.new_key()), "cert.pem is not the certificate of privkey.pem"),
        ],
    )
    def test_a_broken_one_is_a_sentence(self, place, name, content, sentence):
        version = place.add_version(PEM, LEAF, [])
        path = version.path / name
        path.unlink() if content is None else path.write_bytes(content)
        place.switch(version)
        with pytest.raises(StoreError, match=sentence):
            place.live.check()
        assert not place.live.holds(LEAF, [])

    def test_a_broken_request_of_a_version_is_a_sentence(self, place):
        version = place.add_version(PEM, LEAF, [], request_pem="half")
        with pytest.raises(StoreError, match="request.csr is broken: the CSR must be PEM"):
            version.request  # noqa: B018

    def test_sameness_is_of_key_leaf_and_chain(self, place):
        version = place.add_version(PEM, LEAF, CA.chain)
        assert version.holds(LEAF, tuple(CA.chain))
        assert not version.holds(LEAF, CA.chain[:1])
        assert not version.holds(CA.leaf(KEY), CA.chain)
        version.privatekey_path.write_bytes(pki.key_pem(pki.new_key()))
        assert not place.versions[0].holds(LEAF, CA.chain)

    def test_a_live_link_that_leads_nowhere_is_a_sentence(self, place):
        place.live_path.symlink_to("versions/none")
        with pytest.raises(StoreError, match="live is broken: it leads to no directory"):
            place.live  # noqa: B018

    def test_a_hand_made_live_directory_is_read_but_never_replaced(self, place):
        place.live_path.mkdir()
        (place.live_path / "cert.pem").write_text(pki.pem(LEAF))
        assert place.live.leaf == LEAF
        version = place.add_version(PEM, LEAF, [])
        with pytest.raises(StoreError, match="must be a symbolic link"):
            place.check_switchable()
        with pytest.raises(StoreError, match="must be a symbolic link"):
            place.switch(version)

    def test_a_bundle_is_added_to_a_version(self, place):
        version = place.add_version(PEM, LEAF, [])
        assert version.private("bundle.p12") is None
        place.add_private(version, {"bundle.p12": b"one"})
        place.add_private(version, {"bundle.p12": b"two"})
        assert version.private("bundle.p12") == b"two"
        assert mode(version.path / "bundle.p12") == 0o600

    def test_on_a_full_disk_no_version_is_left(self, place, monkeypatch):
        def full(descriptor, data):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(atomic.os, "write", full)
        with pytest.raises(StoreError, match="No space left on device"):
            place.add_version(PEM, LEAF, [])
        assert listing(place.versions_path) == []


class TestPrune:
    @pytest.fixture
    def five(self, place):
        for day in range(5):
            (place.versions_path / f"2026111{day}T000000Z-{day}").mkdir(parents=True)
        return place.versions[::-1]

    def surplus(self, place, keep, replaced=None):
        return [version.path.name[7] for version in place.surplus(keep, replaced=replaced)]

    def test_the_newest_are_kept(self, place, five):
        place.switch(five[4])
        assert self.surplus(place, 3) == ["1", "0"]
        assert self.surplus(place, 5) == []

    def test_live_and_the_way_back_are_kept_however_old(self, place, five):
        place.switch(five[0])
        assert self.surplus(place, 3, replaced=five[1]) == ["3", "2"]
        assert self.surplus(place, 2, replaced=five[1]) == ["4", "3", "2"]
        assert self.surplus(place, 1, replaced=five[1]) == ["1", "4", "3", "2"]
        assert self.surplus(place, 0) == ["4", "3", "2", "1"]

    def test_what_lies_elsewhere_is_never_among_them(self, place, five, tmp_path):
        (tmp_path / "elsewhere").mkdir()
        place.live_path.symlink_to("../elsewhere")
        elsewhere = place.live
        assert elsewhere.path == tmp_path / "elsewhere"
        assert self.surplus(place, 1, replaced=elsewhere) == ["3", "2", "1", "0"]

    def test_a_version_is_removed(self, place, five):
        place.remove_version(five[4])
        assert [version.path.name[7] for version in place.versions] == ["3", "2", "1", "0"]


class TestLock:
    def test_leftovers_are_cleared_under_the_lock(self, place):
        (place.path / ".pending.0.twca-tmp").mkdir()
        place.versions_path.mkdir()
        (place.versions_path / ".x.0.twca-tmp").mkdir()
        version = place.add_version(PEM, LEAF, [])
        (version.path / ".bundle.p12.0.twca-tmp").touch()
        with place.locked():
            assert listing(place.path) == [".lock", "versions"]
            assert listing(place.versions_path) == [version.path.name]
            assert ".bundle.p12.0.twca-tmp" not in listing(version.path)
            with pytest.raises(LockedError), place.locked(timeout=0):
                pass
