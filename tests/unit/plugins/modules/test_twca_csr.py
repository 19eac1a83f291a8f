# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import module_runner
import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, csr, keys
from ansible_collections.twca.ssl.plugins.module_utils._store import atomic
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory
from modules import Modules

NAME = "www.example.com.tw"
SUBJECT = {"state_or_province": "Taiwan", "locality": "Taipei", "organization": "Example Ltd."}
# Keys of this kind are made at once.
FAST = {"key_type": "ECC"}


@pytest.fixture
def place(tmp_path):
    return tmp_path / "etc" / NAME


@pytest.fixture
def run(place):
    def run(**options):
        return module_runner.run(
            "twca_csr", **{"directory": str(place), "common_name": NAME, **SUBJECT, **FAST, **options}
        )

    return run


def tree(path):
    return {
        str(each.relative_to(path)): (each.lstat().st_mode, each.read_bytes() if each.is_file() else None)
        for each in path.rglob("*")
    }


def make_live(place, names=(NAME,), *, key=None, request=False, start=None, **options):
    key = key or pki.new_key()
    place.mkdir(parents=True, exist_ok=True)
    directory = CertificateDirectory(place)
    leaf = pki.authority().leaf(key, names, common_name=NAME, start=start, **options)
    request_pem = None
    if request:
        subject = csr.Subject(NAME, "TW", *SUBJECT.values())
        request_pem = csr.build(pki.key_pem(key), subject, [f"DNS:{name}" for name in request])
    version = directory.add_version(pki.key_pem(key), leaf, pki.authority().chain, request_pem=request_pem)
    directory.switch(version)
    return leaf


def promote_pending(place, leaf):
    directory = CertificateDirectory(place)
    pair = directory.pending
    version = directory.add_version(pair.privatekey, leaf, pki.authority().chain, request_pem=pair.request.pem)
    directory.switch(version)
    directory.remove_pending()


class TestFirst:
    def test_a_missing_directory_gets_a_pair(self, run, place):
        result = run(subject_alt_name=["example.com.tw"], organizational_unit="IT")
        assert (result["changed"], result["needed"], result["reason"], result["live"]) == (True, True, "missing", None)
        assert result["csr_path"] == str(place / "pending" / "request.csr")
        assert result["privatekey_path"] == str(place / "pending" / "privkey.pem")
        assert Path(result["csr_path"]).read_text() == result["csr"]
        request = csr.load(result["csr"])
        assert request.subject == {"common_name": NAME, "country": "TW", **SUBJECT, "organizational_unit": "IT"}
        assert request.names == ("DNS:example.com.tw", f"DNS:{NAME}")
        key = keys.load(Path(result["privatekey_path"]).read_bytes())
        assert keys.public_key_sha256(key) == request.public_key_sha256 == result["public_key_sha256"]
        assert stat.S_IMODE(Path(result["privatekey_path"]).stat().st_mode) == 0o600
        assert stat.S_IMODE(place.stat().st_mode) == 0o755

    def test_the_default_key_is_rsa_of_2048_bits(self, run):
        assert csr.load(run(key_type="RSA")["csr"]).key == keys.Kind("RSA", 2048)

    def test_a_second_run_changes_nothing(self, run, place):
        first = run()
        before = tree(place)
        second = run()
        assert (second["changed"], second["reason"], second["needed"]) == (False, "pending", True)
        assert [second[key] for key in ("csr", "public_key_sha256")] == [
            first[key] for key in ("csr", "public_key_sha256")
        ]
        assert tree(place) == before
        assert second["warnings"] == []
        assert second["diff"]["before"] == second["diff"]["after"]

    def test_check_mode_predicts_and_writes_nothing(self, run, place):
        result = run(check=True)
        assert (result["changed"], result["needed"], result["reason"]) == (True, True, "missing")
        assert (result["csr"], result["public_key_sha256"]) == (None, None)
        assert result["csr_path"] == str(place / "pending" / "request.csr")
        assert not place.parent.exists()
        assert result["diff"]["before"] == {"pending": None}
        assert result["diff"]["after"]["pending"]["key"] == "ECC secp256r1"

    def test_no_key_material_is_in_the_result(self, run, place):
        text = json.dumps(run())
        secret = (place / "pending" / "privkey.pem").read_text().splitlines()[1]
        assert secret not in text
        assert "PRIVATE" not in text

    def test_the_directorys_mode_and_owner(self, run, place):
        options = {"mode": "0750"}
        if os.geteuid() == 0:
            options.update(owner="1234", group="4321")
        assert run(**options)["changed"]
        assert stat.S_IMODE(place.stat().st_mode) == 0o750
        assert not run(**options)["changed"]
        assert run(mode="0700", check=True)["changed"]
        assert stat.S_IMODE(place.stat().st_mode) == 0o750
        if os.geteuid() == 0:
            key = (place / "pending" / "privkey.pem").stat()
            assert (key.st_uid, key.st_gid) == (1234, 4321)

    def test_parts_of_the_subject_are_left_to_the_portal(self, run):
        bare = dict.fromkeys(SUBJECT)
        assert csr.load(run(**bare)["csr"]).subject == {
            **bare,
            "common_name": NAME,
            "country": "TW",
            "organizational_unit": None,
        }

    def test_a_name_in_another_script_is_written_in_its_ascii_form(self, run):
        request = csr.load(run(common_name="例子.tw")["csr"])
        assert (request.common_name, request.names) == ("xn--fsqu00a.tw", ("DNS:xn--fsqu00a.tw",))


class TestWrongOptions:
    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            ({"organization": "範例"}, "organization must be written in English"),
            ({"key_type": "RSA", "key_size": 1024}, "key_size must be 2048 to 8192 bits"),
            ({"country": "TWN"}, "country must be the two letters"),
            ({"state_or_province": "TW"}, "state_or_province must not be abbreviated"),
            ({"common_name": "www..tw"}, "common_name: 'www..tw' is not a DNS name"),
            ({"subject_alt_name": ["a b"]}, "subject_alt_name: 'a b' is not a DNS name"),
            ({"common_name": "a" * 60 + ".example.tw"}, "common_name must be at most 64 characters"),
            ({"renew_within": "soon"}, "renew_within must be a share of the lifetime, days or hours"),
            ({"renew_within": "100%"}, "renew_within must be less than 100%"),
            ({"organization": ""}, "organization must not be empty"),
            ({"key_type": "DSA"}, "value of key_type must be one of"),
            ({"renew_before": "2026-12-01"}, "renew_before must be a moment with its time zone, such as 2026-12-01T00"),
            ({"renew_before": "2026-12-01T00:00:00"}, "renew_before must be a moment with its time zone"),
            ({"renew_before": "2026-13-01T00:00:00Z"}, "renew_before must be a moment with its time zone"),
            ({"renew_before": ""}, "renew_before must be a moment with its time zone"),
            (
                {"renew_before": "2999-01-01T00:00:00Z"},
                "renew_before must not be in the future, or every run would renew",
            ),
            ({"discard": ["9f86d08"]}, "discard must list the beginnings of .* not '9f86d08'"),
            ({"discard": ["9f86d081", "9f86d08x"]}, "discard must list the beginnings of .* not '9f86d08x'"),
            ({"discard": [""]}, "discard must list the beginnings of .* not ''"),
            ({"discard": ["0" * 65]}, "discard must list the beginnings of"),
        ],
    )
    @pytest.mark.parametrize("check", [True, False])
    def test_each_is_one_sentence_and_nothing_is_written(self, run, place, options, sentence, check):
        with pytest.raises(module_runner.Failed, match=sentence):
            run(check=check, **options)
        assert not place.parent.exists()

    def test_a_pending_pair_stays_too(self, run, place):
        run()
        before = tree(place)
        with pytest.raises(module_runner.Failed):
            run(country="TWN", discard_pending=True)
        assert tree(place) == before


class TestPending:
    def test_it_is_kept_when_options_change_and_a_warning_says_what_differs(self, run):
        first = run()
        second = run(
            subject_alt_name=["b.tw"], organization="Other Ltd.", organizational_unit="IT", key_curve="secp384r1"
        )
        assert second["csr"] == first["csr"]
        assert not second["changed"]
        (warning,) = second["warnings"]
        for part in (
            "'Example Ltd.'",
            "organizational_unit None",
            f"names DNS:{NAME}",
            "key ECC secp256r1",
            f"discard: ['{first['public_key_sha256'][:8]}'] makes a new one",
            f"-e twca_discard={first['public_key_sha256'][:8]}",
            "then another certificate is ordered for what is wanted now, and paid as well",
            "-e twca_discard_accepted=true if TWCA had the order",
        ):
            assert part in warning

    def test_it_outranks_force(self, run):
        first = run()
        assert run(force_renew=True)["public_key_sha256"] == first["public_key_sha256"]

    def test_it_is_discarded_only_when_told_to(self, run, place):
        first = run()
        predicted = run(discard_pending=True, check=True)
        assert (predicted["changed"], predicted["reason"]) == (True, "missing")
        assert run()["public_key_sha256"] == first["public_key_sha256"]
        second = run(discard_pending=True)
        assert second["changed"]
        assert second["public_key_sha256"] != first["public_key_sha256"]
        assert second["diff"]["before"]["pending"]["public_key_sha256"] == first["public_key_sha256"]
        assert second["diff"]["after"]["pending"]["public_key_sha256"] == second["public_key_sha256"]

    @pytest.mark.parametrize(
        "shape", [lambda digest: digest, lambda digest: digest[:8], lambda digest: digest.upper()[:20]]
    )
    def test_one_that_is_named_is_discarded_once(self, run, place, shape):
        first = run()
        named = {"discard": [shape(first["public_key_sha256"]), "0" * 64]}
        predicted = run(**named, check=True)
        assert (predicted["changed"], predicted["reason"], predicted["csr"]) == (True, "missing", None)
        second = run(**named)
        assert (second["changed"], second["reason"]) == (True, "missing")
        assert second["public_key_sha256"] != first["public_key_sha256"]
        assert second["diff"]["before"]["pending"]["public_key_sha256"] == first["public_key_sha256"]
        before = tree(place)
        third = run(**named)
        assert (third["changed"], third["reason"], third["csr"]) == (False, "pending", second["csr"])
        assert tree(place) == before

    def test_one_that_is_not_named_is_kept(self, run, place):
        first = run()
        before = tree(place)
        digest = first["public_key_sha256"]
        another = digest[:7] + ("1" if digest[7] == "0" else "0")
        assert run(discard=[another])["csr"] == first["csr"]
        assert run(discard=[digest[1:]])["csr"] == first["csr"]
        assert run(discard=[])["csr"] == first["csr"]
        assert tree(place) == before

    def test_a_named_one_goes_and_none_is_made_for_a_good_certificate(self, run, place):
        digest = run()["public_key_sha256"]
        make_live(place)
        result = run(discard=[digest])
        assert (result["changed"], result["reason"], result["needed"]) == (True, "none", False)
        assert not (place / "pending").exists()
        assert not run(discard=[digest])["changed"]

    def test_naming_nothing_that_is_there_makes_no_directory_twice(self, run):
        assert run(discard=["0" * 8])["reason"] == "missing"
        assert not run(discard=["0" * 8])["changed"]

    def test_a_live_pair_is_never_discarded(self, run, place):
        leaf = make_live(place)
        before = tree(place / "versions")
        result = run(discard=[keys.public_key_sha256(leaf)])
        assert (result["changed"], result["reason"]) == (False, "none")
        assert tree(place / "versions") == before

    def test_a_broken_one_is_named_by_its_key(self, run, place):
        run()
        request = place / "pending" / "request.csr"
        request.write_bytes(request.read_bytes()[:100])
        digest = keys.public_key_sha256(keys.load((place / "pending" / "privkey.pem").read_bytes()))
        with pytest.raises(module_runner.Failed, match="is broken"):
            run(discard=["0" * 8])
        assert run(discard=[digest[:8]])["reason"] == "missing"
        (place / "pending" / "privkey.pem").write_bytes(b"")
        with pytest.raises(module_runner.Failed, match="is broken"):
            run(discard=[digest[:8]])

    def test_discarded_with_a_good_certificate_live_none_is_made(self, run, place):
        run()
        make_live(place)
        result = run(discard_pending=True)
        assert (result["changed"], result["reason"], result["needed"]) == (True, "none", False)
        assert not (place / "pending").exists()
        assert not run(discard_pending=True)["changed"]

    def test_a_broken_one_stops_the_run_until_it_is_discarded(self, run, place):
        run()
        (place / "pending" / "privkey.pem").write_bytes(pki.key_pem(pki.new_key()))
        with pytest.raises(
            module_runner.Failed, match="request.csr is not of privkey.pem; if nothing is on order with its key, remove"
        ):
            run()
        result = run(discard_pending=True)
        assert result["diff"]["before"] == {"pending": {"broken": True}}
        assert result["reason"] == "missing"

    def test_broken_live_files_do_not_hide_it(self, run, place):
        run()
        make_live(place)
        (place / "live" / "cert.pem").unlink()
        result = run()
        assert (result["reason"], result["live"]) == ("pending", None)
        assert "cannot read" in result["warnings"][0]


class TestLive:
    def test_a_good_one_needs_nothing(self, run, place):
        leaf = make_live(place)
        run()
        before = tree(place)
        result = run()
        assert (result["changed"], result["needed"], result["reason"]) == (False, False, "none")
        assert [result[key] for key in ("csr", "csr_path", "privatekey_path", "public_key_sha256")] == [None] * 4
        assert result["live"] == {**certificates.describe(leaf), "days_left": result["live"]["days_left"]}
        assert result["live"]["days_left"] == 197
        assert tree(place) == before

    @pytest.mark.parametrize(
        ("age", "options", "reason"),
        [
            (131, {}, "none"),
            (133, {}, "due"),
            (199, {}, "expired"),
            (199, {"renew_within": "1h", "subject_alt_name": ["b.tw"]}, "expired"),
            (160, {"renew_within": "30d"}, "none"),
            (170, {"renew_within": "30d"}, "due"),
            (197, {"renew_within": "12h"}, "none"),
            (0, {"subject_alt_name": ["b.tw"]}, "names_changed"),
            (150, {"subject_alt_name": ["b.tw"], "key_curve": "secp384r1"}, "names_changed"),
            (0, {"common_name": "WWW.Example.com.tw"}, "none"),
            (0, {"key_curve": "secp384r1"}, "key_changed"),
            (150, {"key_type": "RSA", "force_renew": True}, "key_changed"),
            (150, {"force_renew": True}, "due"),
            (0, {"force_renew": True}, "forced"),
        ],
    )
    def test_reasons_in_their_order(self, run, place, age, options, reason):
        make_live(place, start=pki.now() - age * pki.DAY)
        assert run(check=True, **options)["reason"] == reason
        result = run(**options)
        assert (result["reason"], result["needed"], result["changed"]) == (reason, reason != "none", reason != "none")

    @pytest.mark.parametrize(
        ("age", "renew_before", "reason"),
        [
            (10, 9, "forced"),
            (10, 11, "none"),
            (10, 10, "none"),
            (150, 149, "due"),
            (199, 1, "expired"),
        ],
    )
    def test_one_that_was_issued_before_a_moment_is_renewed(self, run, place, age, renew_before, reason):
        make_live(place, start=pki.now() - age * pki.DAY)
        moment = certificates.isoformat(pki.now() - renew_before * pki.DAY)
        assert run(renew_before=moment, check=True)["reason"] == reason
        result = run(renew_before=moment)
        assert (result["reason"], result["changed"]) == (reason, reason != "none")

    @pytest.mark.parametrize(
        "text",
        [
            "2026-01-01T08:00:00+08:00",
            "2026-01-01 00:00:00+00:00",  # as Ansible writes a YAML timestamp
            "2026-01-01t00:00z",
            "2025-12-31T19:00:00.000000-0500",
            " 2026-01-01T00:00:00 Z ",
        ],
    )
    def test_a_moment_in_any_zone(self, run, place, text):
        moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
        for seconds, reason in ((-1, "forced"), (0, "none")):
            start = moment + datetime.timedelta(seconds=seconds)
            make_live(place, start=start, end=pki.now() + 3000 * pki.DAY)
            assert run(renew_before=text, check=True)["reason"] == reason

    @pytest.mark.parametrize("backdated", [pki.HOUR, 30 * pki.DAY])
    def test_a_moment_renews_once_though_the_authority_sets_dates_back(self, run, place, backdated):
        make_live(place, start=pki.now() - 40 * pki.DAY)
        moment = certificates.isoformat(pki.now())
        first = run(renew_before=moment)
        assert first["reason"] == "forced"
        assert run(renew_before=moment)["csr"] == first["csr"]
        key = keys.load((place / "pending" / "privkey.pem").read_bytes())
        promote_pending(place, pki.authority().leaf(key, [NAME], common_name=NAME, start=pki.now() - backdated))
        result = run(renew_before=moment)
        assert (result["changed"], result["reason"], result["needed"]) == (False, "none", False)

    def test_a_pair_that_was_made_before_the_moment_is_too_old_though_it_was_installed_later(self, run, place):
        run()
        key = keys.load((place / "pending" / "privkey.pem").read_bytes())
        made = (pki.now() - 2 * pki.DAY).timestamp()
        os.utime(place / "pending" / "request.csr", (made, made))
        promote_pending(place, pki.authority().leaf(key, [NAME], common_name=NAME, start=pki.now() - 2 * pki.DAY))
        assert run(check=True)["reason"] == "none"
        assert run(renew_before=certificates.isoformat(pki.now() - pki.DAY), check=True)["reason"] == "forced"
        # A version that is made anew, with another chain, was made no later for that.
        directory = CertificateDirectory(place)
        live = directory.live
        again = directory.add_version(live.privatekey, live.leaf, [], request_pem=live.request.pem)
        directory.switch(again)
        assert run(renew_before=certificates.isoformat(pki.now() - pki.DAY), check=True)["reason"] == "forced"

    def test_times_that_a_copy_lost_do_not_hide_when_it_was_installed(self, run, place):
        make_live(place, start=pki.now() - 40 * pki.DAY, request=[NAME])
        version = place / "live"
        old = version.resolve()
        new = old.with_name("20260101T000000Z-" + old.name.split("-")[1])
        old.rename(new)
        version.unlink()
        version.symlink_to(f"versions/{new.name}")
        assert run(renew_before=certificates.isoformat(pki.now() - pki.DAY), check=True)["reason"] == "forced"

    def test_a_pair_of_the_future_says_nothing(self, run, place):
        make_live(place, start=pki.now() - 40 * pki.DAY, request=[NAME])
        version = (place / "live").resolve()
        new = version.with_name("29990101T000000Z-" + version.name.split("-")[1])
        version.rename(new)
        os.utime(new / "request.csr", (32472144000, 32472144000))
        (place / "live").unlink()
        (place / "live").symlink_to(f"versions/{new.name}")
        assert run(renew_before=certificates.isoformat(pki.now()), check=True)["reason"] == "forced"

    def test_neither_key_nor_certificate_is_touched(self, run, place):
        make_live(place)
        before = tree(place / "versions")
        target = (place / "live").readlink()
        run(force_renew=True)
        assert tree(place / "versions") == before
        assert (place / "live").readlink() == target

    def test_names_that_the_authority_added_do_not_cost_another_order(self, run, place):
        make_live(place, (NAME, "example.com.tw"), request=(NAME,))
        assert run()["reason"] == "none"
        assert run(subject_alt_name=["b.tw"], check=True)["reason"] == "names_changed"

    def test_a_name_that_is_wanted_no_more_is_a_change(self, run, place):
        make_live(place, (NAME, "example.com.tw"), request=(NAME, "example.com.tw"))
        assert run(check=True)["reason"] == "names_changed"

    def test_names_that_the_authority_left_out_are_a_change(self, run, place):
        make_live(place, (NAME,), request=(NAME, "example.com.tw"))
        assert run(subject_alt_name=["example.com.tw"], check=True)["reason"] == "names_changed"

    def test_a_window_as_long_as_the_lifetime_is_warned_of(self, run, place):
        make_live(place)
        result = run(renew_within="198d", check=True)
        assert result["reason"] == "due"
        assert "every run wants a new one" in result["warnings"][0]
        assert run(renew_within="197d", check=True)["warnings"] == []

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("privkey.pem", pki.key_pem(pki.new_key()), "cert.pem is not the certificate of privkey.pem"),
            ("privkey.pem", None, "cannot read"),
            ("cert.pem", b"", "cert.pem is broken"),
        ],
    )
    def test_a_broken_one_is_for_a_person_to_look_at(self, run, place, name, content, sentence):
        make_live(place)
        path = place / "live" / name
        path.unlink() if content is None else path.write_bytes(content)
        with pytest.raises(module_runner.Failed, match=f"{sentence}.*; mend it, or remove .*/live to apply for a new"):
            run()
        assert not (place / "pending").exists()

    def test_a_link_that_leads_nowhere_is_for_a_person_to_look_at(self, run, place):
        place.mkdir(parents=True)
        (place / "live").symlink_to("versions/none")
        with pytest.raises(module_runner.Failed, match="leads to no directory; mend it"):
            run()


class TestAbsent:
    def test_it_removes_the_pending_pair_and_nothing_else(self, run, place):
        run()
        make_live(place)
        assert run(state="absent", check=True)["changed"]
        assert (place / "pending").exists()
        result = run(state="absent", organization=None)
        assert (result["changed"], result["needed"], result["reason"]) == (True, False, "none")
        assert result["diff"]["after"] == {"pending": None}
        assert not (place / "pending").exists()
        assert (place / "live" / "privkey.pem").exists()
        assert not run(state="absent")["changed"]

    def test_a_missing_directory_stays_missing(self, run, place):
        assert not run(state="absent")["changed"]
        assert not place.parent.exists()


class TestFaults:
    @pytest.mark.parametrize("step", ["mkdir", "write", "fsync", "rename"])
    def test_on_a_full_disk_nothing_is_half_written(self, run, place, monkeypatch, step):
        place.mkdir(parents=True)

        class Full:
            def __getattr__(self, name):
                if name == step:
                    raise OSError(28, "No space left on device")
                return getattr(os, name)

        monkeypatch.setattr(atomic, "os", Full())
        with pytest.raises(module_runner.Failed, match="No space left on device"):
            run()
        assert set(tree(place)) <= {".lock"}

    def test_what_a_killed_run_left_is_cleared(self, run, place):
        (place / f".pending.0{atomic.SUFFIX}").mkdir(parents=True)
        run()
        assert sorted(path.name for path in place.iterdir()) == [".lock", "pending"]


class TestProcesses:
    @pytest.fixture
    def modules(self, tmp_path, place):
        modules = Modules(tmp_path, common_name=NAME, **SUBJECT, **FAST)
        modules.defaults["directory"] = str(place)
        return modules

    def test_the_answer_is_json(self, modules):
        result = modules.run("twca_csr")
        assert (result["changed"], result["reason"]) == (True, "missing")
        failed = modules.run("twca_csr", country="TWN")
        assert failed.failed
        assert failed["msg"].startswith("country must be")
        assert not failed.stderr

    def test_six_at_once_make_one_pair(self, modules):
        processes = [modules.start("twca_csr") for _number in range(6)]
        results = [modules.finish(process) for process in processes]
        assert len({result["csr"] for result in results}) == 1
        assert sorted(result["reason"] for result in results) == ["missing"] + ["pending"] * 5

    def test_a_run_with_nothing_to_do_imports_only_what_it_needs(self):
        code = (
            f"import sys; sys.path.insert(0, {str(Path(module_runner.__file__).parent)!r}); import conftest\n"
            "import ansible_collections.twca.ssl.plugins.modules.twca_csr\nprint(*sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        loaded = set(done.stdout.split())
        utils = "ansible_collections.twca.ssl.plugins.module_utils."
        assert utils + "_deploy.need" in loaded
        parts = ["_pki.chains", "_pki.pkcs12", "_deploy.served", "_deploy.transaction", "_portal", "_order"]
        heavy = {
            "requests",
            "bs4",
            "cryptography.hazmat.primitives.serialization.pkcs12",
            *(utils + part for part in parts),
        }
        assert not loaded & heavy


def test_dates_are_compared_in_utc(run, place):
    start = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))) - 131 * pki.DAY
    make_live(place, start=start.astimezone(datetime.timezone.utc))
    assert run()["reason"] == "none"
