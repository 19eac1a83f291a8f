# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import sys

import module_runner
import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._deploy import fetch, served
from ansible_collections.twca.ssl.plugins.module_utils._errors import TwcaError
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, keys, pkcs12
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from mail import samples
from mail_server import SCRIPTS, MailServer
from modules import Modules
from tls_server import TlsServer

try:
    from cryptography.x509.verification import ExtensionPolicy
except ImportError:
    ExtensionPolicy = None
needs_policies = pytest.mark.skipif(ExtensionPolicy is None, reason="only hosts with roots need cryptography >= 45")

CA = pki.authority()
KEY = pki.new_key()
NAME = "www.example.com.tw"


def make(place, *, key=KEY, chain=None, **options):
    place.mkdir(parents=True, exist_ok=True)
    leaf = CA.leaf(key, **options)
    directory = CertificateDirectory(place)
    directory.switch(directory.add_version(pki.key_pem(key), leaf, CA.chain if chain is None else chain))
    return leaf


def run(**options):
    result = module_runner.run("twca_certificate_info", **options)
    assert result["changed"] is False
    return result["certificates"]


@pytest.fixture
def place(tmp_path):
    return tmp_path / "etc" / NAME


@pytest.fixture
def web(place, tmp_path):
    server = TlsServer(place / "live", tmp_path / "reload")
    yield server
    server.close()


@pytest.fixture
def root(tmp_path):
    path = tmp_path / "root.pem"
    path.write_text(pki.pem(CA.root.certificate))
    return str(path)


class TestDirectories:
    def test_a_good_one(self, place):
        leaf = make(place)
        (found,) = run(directory=str(place))
        assert found == {
            **certificates.describe(leaf),
            "days_left": 197,
            "source": str(place),
            "chain": [each.subject.rfc4514_string() for each in CA.chain],
            "key_matches": True,
            "pending": False,
            "due": False,
            "revocation": None,
            "served": None,
            "problems": [],
            "problem_kinds": [],
        }

    def test_many_in_one_call_each_with_its_own_troubles(self, tmp_path):
        places = {
            name: tmp_path / name for name in "good none mismatch expired due disordered unreadable pending".split()
        }
        for name, place in places.items():
            if name != "none":
                make(place)
        (places["mismatch"] / "live" / "privkey.pem").write_bytes(pki.key_pem(pki.new_key()))
        make(places["expired"], start=pki.now() - 300 * pki.DAY)
        make(places["due"], start=pki.now() - 150 * pki.DAY)
        make(places["disordered"], chain=CA.chain[::-1])
        (places["unreadable"] / "live" / "cert.pem").write_text("half")
        (places["pending"] / "pending").mkdir()
        found = run(directories=[str(place) for place in places.values()])
        assert [each["source"] for each in found] == [str(place) for place in places.values()]
        problems = {each["source"].rsplit("/", 1)[1]: " ".join(each["problems"]) for each in found}
        assert problems["good"] == problems["due"] == problems["pending"] == ""
        kinds = {each["source"].rsplit("/", 1)[1]: each["problem_kinds"] for each in found}
        for name, (kind, sentence) in {
            "none": ("missing", "nothing is live in"),
            "mismatch": ("key_mismatch", "is not the certificate of privkey.pem"),
            "expired": ("expired", "expired on"),
            "disordered": ("chain", "the chain is not in order"),
            "unreadable": ("unreadable", "cert.pem is broken"),
        }.items():
            assert sentence in problems[name]
            assert kinds[name] == [kind]
        flags = [(each["key_matches"], each["due"], each["pending"]) for each in found]
        assert flags == [
            (True, False, False),
            (None, None, False),
            (False, False, False),
            (True, True, False),
            (True, True, False),
            (True, False, False),
            (None, None, False),
            (True, False, True),
        ]

    def test_a_broken_link(self, place):
        place.mkdir(parents=True)
        (place / "live").symlink_to("versions/none")
        assert "leads to no directory" in run(directory=str(place))[0]["problems"][0]

    def test_no_directories_are_none(self):
        assert run(directories=[]) == []

    def test_the_window(self, place):
        make(place)
        assert run(directory=str(place), renew_within="198d")[0]["due"]
        with pytest.raises(module_runner.Failed, match="renew_within must be"):
            run(directory=str(place), renew_within="soon")


class TestFilesAndTexts:
    def test_a_file_in_any_form(self, tmp_path):
        leaf = CA.leaf(KEY)
        path = tmp_path / "any.crt"
        pem = pki.pem(leaf) + pki.pem(CA.chain[0])
        placed = samples.order()
        forms = (
            pki.der(leaf),
            pem.encode(),
            pem.encode("utf-16"),
            samples.tnef({"cert.cer": pki.der(leaf)}),
            samples.zipped({"cert.cer": pki.der(leaf)}),
            samples.signed(placed, bytes(samples.mail(("cert.cer", pem.encode())))),
        )
        for data in forms:
            path.write_bytes(data)
            (found,) = run(path=str(path))
            assert (found["source"], found["serial_number"]) == (str(path), f"{leaf.serial_number:X}")
            assert (found["key_matches"], found["problems"]) == (None, [])

    def test_a_text(self):
        leaf = CA.leaf(KEY)
        (found,) = run(content=pki.pem(leaf))
        assert (found["source"], found["public_key_sha256"]) == ("content", keys.public_key_sha256(KEY))

    def test_what_holds_none_is_a_problem_and_what_cannot_be_read_a_failure(self, tmp_path):
        bundle = tmp_path / "www.pfx"
        bundle.write_bytes(pkcs12.bundle(pki.key_pem(KEY), CA.leaf(KEY), [], "secret"))
        (found,) = run(path=str(bundle))
        assert f"{bundle} holds no certificate: this is a PKCS#12 file (.pfx, .p12)" in found["problems"][0]
        with pytest.raises(
            module_runner.Failed, match="trusted_roots: .*www.pfx holds no certificate: this is a PKCS#12"
        ):
            run(path=str(bundle), trusted_roots=[str(bundle)])
        assert run(content="no")[0]["problems"] == ["content holds no certificate"]
        with pytest.raises(module_runner.Failed, match="cannot read .*none: No such file"):
            run(path=str(tmp_path / "none"))

    def test_something_must_be_asked_and_one_thing_only(self):
        for options in ({}, {"path": "/a", "content": "b"}):
            with pytest.raises(module_runner.Failed):
                run(**options)


class TestRoots:
    @needs_policies
    def test_a_chain_must_lead_to_a_trusted_root(self, place, root, tmp_path):
        make(place)
        assert run(directory=str(place), trusted_roots=[root])[0]["problems"] == []
        other = tmp_path / "other.pem"
        other.write_text(pki.pem(pki.Issuer("Other").self_sign().certificate))
        (found,) = run(directory=str(place), trusted_roots=[str(other)])
        assert "does not lead to a trusted root" in found["problems"][0]

    def test_files_that_hold_none_or_are_missing_are_failures(self, place, tmp_path):
        empty = tmp_path / "empty"
        empty.touch()
        for path, sentence in ((empty, "trusted_roots: .* holds no certificate"), (tmp_path / "none", "cannot read")):
            with pytest.raises(module_runner.Failed, match=sentence):
                run(directory=str(place), trusted_roots=[str(path)])


class TestServed:
    def options(self, web):
        return {"host": "127.0.0.1", "port": web.port}

    def test_a_server_alone(self, place, web):
        leaf = make(place)
        web.load()
        (found,) = run(**self.options(web))
        assert (found["source"], found["serial_number"]) == (f"127.0.0.1:{web.port}", f"{leaf.serial_number:X}")
        assert found["served"]["matches"]
        assert found["served"]["protocol"].startswith("TLS")
        assert found["problems"] == []
        (found,) = run(**self.options(web), server_name="other.tw")
        assert found["problems"] == ["what is served is not for other.tw"]

    def test_a_mail_server_is_asked_to_begin_tls(self, place):
        make(place)
        with MailServer(SCRIPTS["imap"], place / "live") as server:
            options = {"host": "127.0.0.1", "port": server.port, "starttls": "imap", "server_name": "mail.tw"}
            (found,) = run(**options)
        assert found["source"] == f"127.0.0.1:{server.port}"

    def test_a_directory_is_compared_with_what_is_served_under_its_name(self, place, web):
        make(place)
        web.load()
        (found,) = run(directory=str(place), **self.options(web))
        assert (found["served"]["matches"], found["problems"]) == (True, [])
        assert set(web.names) == {NAME}
        newer = make(place)
        (found,) = run(directory=str(place), **self.options(web))
        assert found["serial_number"] == f"{newer.serial_number:X}"
        assert found["served"]["matches"] is False
        assert found["problems"] == [f"another certificate is served: {found['served']['serial_number']}"]

    def test_another_chain(self, place, web):
        leaf = make(place)
        (place / "live" / "fullchain.pem").write_text(pki.pem(leaf))
        web.load()
        (found,) = run(directory=str(place), **self.options(web))
        assert found["problems"] == ["it is served with another chain than the one that is stored"]

    def test_no_server(self, place, web):
        make(place)
        for options in ({}, {"directory": str(place)}):
            (found,) = run(**self.options(web), **options)
            assert "no TLS handshake with" in found["problems"][0]
            assert (found["served"], found["problem_kinds"]) == (None, ["not_served"])

    def test_names_to_ask_for(self):
        assert served.server_name_for(CA.leaf(KEY, ("*.example.tw",))) == "www.example.tw"
        assert served.server_name_for(CA.leaf(KEY, ("10.0.0.1",))) is None


class TestRevocation:
    CRL = "http://crl.test/ca.crl"

    def crl(self, *serials):
        now = pki.now().replace(tzinfo=None)
        builder = x509.CertificateRevocationListBuilder().issuer_name(CA.issuing.name)
        builder = builder.last_update(now).next_update(now + pki.DAY)
        for serial in serials:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(CA.issuing.key, hashes.SHA256()).public_bytes(pki.serialization.Encoding.DER)

    @pytest.fixture
    def asked(self, monkeypatch):
        asked, answers = [], {}

        def answer(url, body=None, content_type=""):
            asked.append(url)
            if url not in answers:
                raise TwcaError("no answer")
            return answers[url]

        monkeypatch.setattr(fetch, "fetch", answer)
        asked_and_answers = (asked, answers)
        return asked_and_answers

    def test_one_list_is_fetched_once_for_many(self, tmp_path, asked):
        places = [tmp_path / str(number) for number in range(3)]
        leaves = [make(place, crl=self.CRL) for place in places]
        asked[1][self.CRL] = self.crl(leaves[1].serial_number)
        found = run(directories=[str(place) for place in places], check_revocation=True)
        assert [each["revocation"]["status"] for each in found] == ["good", "revoked", "good"]
        assert "the certificate was revoked on 20" in found[1]["problems"][0]
        assert "(no reason given)" in found[1]["problems"][0]
        assert found[1]["problem_kinds"] == ["revoked"]
        assert asked[0] == [self.CRL]

    def test_no_answer_is_a_problem(self, place, asked):
        make(place, crl=self.CRL)
        (found,) = run(directory=str(place), check_revocation=True)
        assert found["revocation"]["status"] == "unknown"
        assert found["problems"] == [f"whether it was revoked is not known: {self.CRL}: no answer"]
        assert found["problem_kinds"] == ["revocation_unknown"]

    def test_without_the_issuer_nothing_can_be_asked(self, asked):
        (found,) = run(content=pki.pem(CA.leaf(KEY, crl=self.CRL)), check_revocation=True)
        assert found["revocation"] is None
        assert "its issuer's certificate is not at hand" in found["problems"][0]


def test_the_answer_is_json(tmp_path, place):
    make(place)
    result = Modules(tmp_path).run(
        "twca_certificate_info", python=sys.executable, path=str(place / "live" / "cert.pem")
    )
    assert result["certificates"][0]["common_name"] == NAME
    assert not result.stderr
