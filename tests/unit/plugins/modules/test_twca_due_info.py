# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is called settled, twca_csr finds in order; and what is in order is called settled."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import typing as t

import module_runner
import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, csr, renewal
from ansible_collections.twca.ssl.plugins.module_utils._store import atomic
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

NAME = "www.example.com.tw"
WANTED = {"common_name": NAME, "state_or_province": "Taiwan", "key_type": "ECC"}


def look(directory, *, wanted=None, **options):
    """What is said of one directory."""
    asked = {"directory": str(directory), "wanted": wanted, **options}
    result = module_runner.run("twca_due_info", certificates=[asked])
    assert not result["changed"]
    (found,) = result["certificates"]
    return found


def promote(directory, leaf, key, **options):
    directory.switch(directory.add_version(pki.key_pem(key), leaf, pki.authority().chain, **options))


class Place:
    """A directory with a live pair that is in order."""

    def __init__(self, path):
        self.path = path
        path.mkdir()
        self.directory = CertificateDirectory(path)
        self.wanted = dict(WANTED)
        self.key = pki.new_key()
        self.promote()

    def promote(self, names=(NAME,), key=None, request=None, **options):
        self.key = key or self.key
        request_pem = None
        if request:
            subject = csr.Subject(NAME, "TW", "Taiwan")
            request_pem = csr.build(pki.key_pem(self.key), subject, [f"DNS:{name}" for name in request])
        leaf = pki.authority().leaf(self.key, names, common_name=NAME, **options)
        promote(self.directory, leaf, self.key, request_pem=request_pem)

    def put(self, name, data):
        (self.path / "live" / name).write_bytes(data)

    def settled(self):
        return look(self.path, wanted=self.wanted)["settled"]

    def csr(self):
        """What twca_csr would do; why it fails."""
        try:
            return module_runner.run("twca_csr", check=True, directory=str(self.path), **self.wanted)
        except module_runner.Failed as failure:
            return failure.result


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / NAME)


def nothing(place):
    pass


def rsa(place):
    place.promote(key=pki.new_key("RSA"))
    place.wanted.update(key_type="RSA")


def names_in_another_order(place):
    place.promote(names=[NAME.upper(), "example.com.tw", "192.0.2.1"])
    place.wanted.update(subject_alt_name=["IP:192.0.2.1", "DNS:EXAMPLE.com.tw"])


def names_that_the_authority_added(place):
    place.promote(names=[NAME, "example.com.tw"], request=[NAME])


def a_directory_of_its_own_kind(place):
    """As somebody made it by hand: no versions, a real directory."""
    live = place.path / "live"
    files = {name: (live / name).read_bytes() for name in ("privkey.pem", "cert.pem", "chain.pem", "fullchain.pem")}
    live.unlink()
    live.mkdir()
    for name, data in files.items():
        place.put(name, data)


def text_around_the_certificate(place):
    place.put("cert.pem", b"Subject: CN=www\n" + (place.path / "live/cert.pem").read_bytes())


def own_attributes(place):
    place.path.chmod(0o750)
    place.wanted.update(mode="0750", owner=str(os.geteuid()))


def strings_from_an_inventory(place):
    place.wanted.update(
        key_size="2048", force_renew="no", renew_within="1d", discard_pending="false", discard="0123abcd"
    )


def issued_since(place):
    place.wanted.update(renew_before="2026-01-01T00:00:00Z")


def made_since(place):
    """Its validity starts earlier, but its pair was made later."""
    now = certificates.isoformat(pki.now())
    place.promote(start=pki.now() - pki.DAY, request=[NAME])
    place.wanted.update(renew_before=now)


IN_ORDER = [
    nothing,
    rsa,
    names_in_another_order,
    names_that_the_authority_added,
    a_directory_of_its_own_kind,
    text_around_the_certificate,
    own_attributes,
    strings_from_an_inventory,
    issued_since,
    made_since,
]


@pytest.mark.parametrize("prepare", IN_ORDER)
def test_settled(place, prepare):
    prepare(place)
    found = place.csr()
    assert (found.get("needed"), found["changed"], found["warnings"]) == (False, False, [])
    assert place.settled() is True


def wish(**options):
    def prepare(place):
        place.wanted.update(options)

    prepare.__name__ = f"wish {options}"
    return prepare


def obtained_too_early(place):
    place.wanted.update(renew_before=certificates.isoformat(pki.now()))


def live(**options):
    def prepare(place):
        place.promote(**options)

    prepare.__name__ = f"live {sorted(options)}"
    return prepare


def another_key(place):
    place.put("privkey.pem", pki.key_pem(pki.new_key()))


def another_certificate(place):
    place.put("cert.pem", pki.pem(pki.authority().leaf(pki.new_key(), [NAME])).encode())


def no_key(place):
    (place.path / "live/privkey.pem").unlink()


def no_certificate(place):
    (place.path / "live/cert.pem").unlink()


def half_a_key(place):
    place.put("privkey.pem", pki.key_pem(place.key)[:100])


def half_a_certificate(place):
    place.put("cert.pem", (place.path / "live/cert.pem").read_bytes()[:300])


def an_empty_certificate(place):
    place.put("cert.pem", b"")


def two_certificates(place):
    place.put("cert.pem", (place.path / "live/fullchain.pem").read_bytes())


def a_huge_certificate(place):
    place.put("cert.pem", (place.path / "live/cert.pem").read_bytes() + b"\n" * (1 << 20))


def a_directory_for_a_key(place):
    no_key(place)
    (place.path / "live/privkey.pem").mkdir()


def an_encrypted_key(place):
    encryption = serialization.BestAvailableEncryption(b"secret")
    encoded = place.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    place.put("privkey.pem", encoded)


def live_leads_nowhere(place):
    (place.path / "live").unlink()
    (place.path / "live").symlink_to("versions/gone")


def nothing_live(place):
    (place.path / "live").unlink()


def no_directory(place):
    place.path = place.path.with_name("other")


def pending(place):
    key = pki.key_pem(pki.new_key())
    place.directory.add_pending(key, csr.build(key, csr.Subject(NAME, "TW", "Taiwan"), [f"DNS:{NAME}"]))


def broken_pending(place):
    (place.path / "pending").mkdir()


def pending_to_be_thrown_away(place):
    pending(place)
    place.wanted.update(discard_pending=True)


def added_names_of_another_request(place):
    place.promote(names=[NAME, "example.com.tw"], request=[NAME, "example.com.tw"])


def added_names_without_a_request(place):
    place.promote(names=[NAME, "example.com.tw"])


def made_before(place):
    """Installed lately, but its pair was made before."""
    place.promote(start=pki.now() - 3 * pki.DAY, request=[NAME])
    made = (pki.now() - 2 * pki.DAY).timestamp()
    os.utime(place.path / "live/request.csr", (made, made))
    place.wanted.update(renew_before=certificates.isoformat(pki.now() - pki.DAY))


YEAR = 365 * pki.DAY
NOT_IN_ORDER = [
    live(start=pki.now() - YEAR, end=pki.now() - pki.HOUR),
    live(start=pki.now() - YEAR, end=pki.now() + 100 * pki.DAY),
    live(names=["example.com.tw"]),
    live(key=pki.new_key("RSA")),
    live(key=ec.generate_private_key(ec.SECP384R1())),
    wish(renew_within="198d"),
    wish(subject_alt_name=["example.com.tw"]),
    wish(common_name="example.com.tw"),
    wish(key_type="RSA"),
    wish(key_curve="secp384r1"),
    wish(force_renew=True),
    obtained_too_early,
    wish(renew_before="2999-01-01T00:00:00Z"),
    wish(renew_before="2026-01-01"),
    wish(discard=["0123abc"]),
    made_before,
    wish(mode="0700"),
    wish(owner="nobody"),
    wish(organization="公司"),
    wish(state_or_province="TW."),
    wish(renew_within="soon"),
    wish(key_type="DSA"),
    wish(key_size="big"),
    wish(common_name="no name"),
    wish(colour="red"),
    another_key,
    another_certificate,
    no_key,
    no_certificate,
    half_a_key,
    half_a_certificate,
    an_empty_certificate,
    two_certificates,
    a_directory_for_a_key,
    an_encrypted_key,
    live_leads_nowhere,
    nothing_live,
    no_directory,
    pending,
    broken_pending,
    pending_to_be_thrown_away,
    added_names_of_another_request,
    added_names_without_a_request,
]


@pytest.mark.parametrize("prepare", NOT_IN_ORDER, ids=lambda prepare: prepare.__name__)
def test_never_settled_where_twca_csr_has_something_to_do_or_say(place, prepare):
    prepare(place)
    if "colour" not in place.wanted:
        found = place.csr()
        assert found.get("failed") or found["needed"] or found["changed"] or found["warnings"]
    assert place.settled() is False


def test_an_owner_that_is_not_there(place):
    place.wanted.update(owner="no-such-user")
    with pytest.raises(module_runner.Failed, match="no-such-user"):
        place.settled()


@pytest.mark.parametrize("where", ["", "versions", "live"])
def test_what_a_killed_run_left_is_cleared_by_twca_csr(place, where):
    (place.path / where / f".a.0{atomic.SUFFIX}").touch()
    assert place.settled() is False
    module_runner.run("twca_csr", directory=str(place.path), **place.wanted)
    assert place.settled() is True


def test_a_huge_file_is_not_read(place):
    a_huge_certificate(place)
    assert place.settled() is False


def test_what_is_live(place):
    found = look(place.path)
    number = place.directory.live.leaf.serial_number
    assert (found["settled"], found["live"], found["serial_number"]) == (None, True, f"{number:X}")
    nothing_live(place)
    found = look(place.path)
    assert (found["live"], found["serial_number"]) == (False, None)
    half_a_certificate_alone = place.path / "live"
    half_a_certificate_alone.mkdir()
    place.put("cert.pem", b"half")
    found = look(place.path)
    assert (found["live"], found["serial_number"]) == (True, None)


def test_what_is_pending(place):
    assert look(place.path)["pending_public_key_sha256"] is None
    pending(place)
    expected = place.directory.pending.request.public_key_sha256
    assert look(place.path)["pending_public_key_sha256"] == expected
    assert place.csr()["public_key_sha256"] == expected
    request = place.path / "pending/request.csr"
    request.write_bytes(request.read_bytes()[:100])
    assert look(place.path)["pending_public_key_sha256"] is None
    request.unlink()
    assert look(place.path)["pending_public_key_sha256"] is None


def test_files_and_stamp(place, tmp_path):
    content = "ssl_certificate 憑證;\n".encode()
    digest = hashlib.sha256(content).hexdigest()
    (tmp_path / "here").mkdir()
    paths = [str(tmp_path / "there/a.conf"), str(tmp_path / "here/a.conf")]
    asked = {"files": [{"paths": paths, "sha256": digest}, {"paths": paths[:1], "sha256": digest}], "stamp": paths[1]}

    found = look(place.path, **asked)
    assert found["files"] == [{"path": path, "state": "absent", "sha256": None} for path in (paths[1], paths[0])]
    assert found["stamp"] is None

    (tmp_path / "here/a.conf").write_bytes(content)
    found = look(place.path, **asked)
    assert found["files"][0] == {"path": paths[1], "state": "same", "sha256": digest}
    assert found["stamp"] == content.decode()

    for damage in (
        lambda path: path.write_bytes(content[:-1]),
        lambda path: (path.unlink(), path.symlink_to("nowhere")),
    ):
        damage(tmp_path / "here/a.conf")
        assert look(place.path, **asked)["files"][0]["state"] == "different"


def test_many_at_once_in_their_order(place, tmp_path):
    asked = [{"directory": str(tmp_path / f"none{n}"), "wanted": WANTED} for n in range(5)]
    asked.insert(2, {"directory": str(place.path), "wanted": WANTED})
    found = module_runner.run("twca_due_info", certificates=asked)["certificates"]
    assert [each["directory"] for each in found] == [each["directory"] for each in asked]
    assert [each["settled"] for each in found] == [False, False, True, False, False, False]


def test_cryptography_is_not_needed(place):
    code = f"""
import sys
sys.modules["cryptography"] = None
import conftest, module_runner
asked = [{{"directory": {str(place.path)!r}, "wanted": {WANTED!r}}}]
print(module_runner.run("twca_due_info", certificates=asked)["certificates"][0]["settled"])
"""
    here = os.path.dirname(module_runner.__file__)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([here, *sys.path])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


class TestNames:
    """The names of what is live, for a server to answer to until the next certificate comes."""

    MORE: t.ClassVar = {**WANTED, "subject_alt_name": [NAME, "new.example.com.tw"]}

    def names(self, place, **asked):
        return look(place.path, **asked)["names"]

    def test_what_is_settled_needs_none(self, place):
        assert look(place.path, wanted=WANTED)["settled"]
        assert self.names(place, wanted=WANTED) is None

    def test_nothing_live(self, tmp_path):
        assert look(tmp_path, wanted=self.MORE)["names"] is None

    def test_a_new_name_is_not_there_yet(self, place):
        place.promote()
        assert self.names(place, wanted=self.MORE) == [f"DNS:{NAME}"]

    def test_names_that_the_authority_added_were_not_asked_for(self, place):
        place.promote(names=[NAME, "example.com.tw"], request=[NAME])
        assert self.names(place, wanted=self.MORE) == [f"DNS:{NAME}"]
        assert self.names(place) == ["DNS:example.com.tw", f"DNS:{NAME}"]

    def test_a_request_for_more_than_came_says_nothing(self, place):
        place.promote(request=[NAME, "other.example.com.tw"])
        assert self.names(place, wanted=self.MORE) == [f"DNS:{NAME}"]

    @pytest.mark.parametrize("wanted", [{}, {"common_name": "not a name"}])
    def test_what_is_wanted_may_be_malformed(self, place, wanted):
        place.promote()
        assert self.names(place, wanted=wanted) == [f"DNS:{NAME}"]


@pytest.mark.parametrize("within", ["33%", "30d"])
def test_when_it_is_going_to_be_due(place, within):
    leaf = place.directory.live.leaf
    begin, end = certificates.not_before(leaf), certificates.not_after(leaf)
    moment = renewal.due_from(begin, end, renewal.parse_renew_within(within))
    found = look(place.path, wanted={**WANTED, "renew_within": within})
    assert (found["settled"], found["renews_at"]) == (True, certificates.isoformat(moment))


def test_when_something_is_due_that_nobody_can_tell(place, tmp_path):
    assert look(place.path)["renews_at"] is None
    assert look(place.path, wanted={**WANTED, "renew_within": "soon"})["renews_at"] is None
    assert look(tmp_path / "nothing", wanted=WANTED)["renews_at"] is None
