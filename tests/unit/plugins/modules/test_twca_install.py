# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import json
import os
import stat

import module_runner
import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._deploy import server as server_module
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, csr, pkcs12
from ansible_collections.twca.ssl.plugins.module_utils._store import atomic
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory
from mail_server import SCRIPTS, MailServer
from modules import Modules
from tls_server import TlsServer

CA = pki.authority()
NAME = "www.example.com.tw"
CHAIN = [pki.pem(each) for each in CA.chain]
PFX = base64.b64encode(pkcs12.bundle(pki.key_pem(KEY := pki.new_key()), CA.leaf(KEY), [], "secret")).decode()
SUBJECT = csr.Subject(NAME, "TW", "Taiwan", "Taipei", "Example Ltd.")


class Order:
    """A pending pair and the certificate that came for it."""

    def __init__(self, place, **options):
        key = pki.new_key()
        self.key_pem = pki.key_pem(key)
        self.leaf = CA.leaf(key, **options)
        self.request = csr.build(self.key_pem, SUBJECT, [f"DNS:{NAME}"])
        place.mkdir(parents=True, exist_ok=True)
        CertificateDirectory(place).add_pending(self.key_pem, self.request)

    @property
    def options(self):
        return {"certificate": pki.pem(self.leaf), "chain": CHAIN}


@pytest.fixture
def place(tmp_path):
    return tmp_path / "etc" / NAME


@pytest.fixture
def run(place):
    return lambda **options: module_runner.run("twca_install", **{"directory": str(place), **options})


@pytest.fixture
def web(place, tmp_path):
    server = TlsServer(place / "live", tmp_path / "reload")
    yield server
    server.close()


@pytest.fixture
def served(web):
    """Options that have the web server reloaded and looked at."""
    return {"reload": web.reload, "verify": {"host": "127.0.0.1", "port": web.port, "timeout": 5}}


def contents(place):
    return sorted(path.name for path in place.iterdir())


def live_leaf(place):
    live = CertificateDirectory(place).live
    return live and live.leaf


def installed(run, place, **options):
    order = Order(place)
    run(**order.options, **options)
    return order


def tree(path):
    return {
        str(each.relative_to(path)): each.read_bytes() if each.is_file() else None
        for each in path.rglob("*")
        if each.name != ".lock"
    }


class TestInstall:
    def test_the_pending_pair_is_promoted(self, run, place):
        order = Order(place)
        result = run(**order.options)
        assert result["changed"]
        assert result["live"] == str(place / "live")
        assert result["serial_number"] == f"{order.leaf.serial_number:X}"
        assert result["fingerprint_sha256"] == certificates.fingerprint_sha256(order.leaf)
        assert result["not_after"] == certificates.isoformat(certificates.not_after(order.leaf))
        assert (result["reloaded"], result["served"]) == (False, None)
        version = CertificateDirectory(place).live
        assert result["version"] == version.path.name
        assert (version.leaf, version.chain, version.privatekey) == (order.leaf, CA.chain, order.key_pem)
        assert version.request.pem == order.request
        assert contents(place) == [".lock", "live", "versions"]
        assert stat.S_IMODE((place / "live" / "privkey.pem").stat().st_mode) == 0o600

    def test_a_second_run_changes_nothing(self, run, place):
        order = installed(run, place)
        before = tree(place)
        result = run(**order.options)
        assert not result["changed"]
        assert tree(place) == before
        assert result["diff"]["before"] == result["diff"]["after"]

    def test_check_mode_predicts_and_writes_nothing(self, run, place, served):
        order = Order(place)
        before = tree(place)
        result = run(check=True, **order.options, **served)
        assert (result["changed"], result["reloaded"], result["version"]) == (True, True, None)
        assert result["diff"]["before"] == {"live": None}
        assert result["diff"]["after"]["live"]["serial_number"] == f"{order.leaf.serial_number:X}"
        assert tree(place) == before

    def test_no_key_material_is_in_the_result(self, run, place):
        order = Order(place)
        text = json.dumps(run(**order.options, privatekey=order.key_pem.decode(), pkcs12_passphrase="hush-hush"))
        assert order.key_pem.decode().splitlines()[1] not in text
        assert "hush" not in text

    def test_a_hand_made_pair_is_taken_in_whatever_the_form_of_its_key(self, run, place):
        key = pki.new_key("RSA")
        traditional = key.private_bytes(
            pki.serialization.Encoding.PEM,
            pki.serialization.PrivateFormat.TraditionalOpenSSL,
            pki.serialization.NoEncryption(),
        ).decode()
        leaf = CA.leaf(key)
        options = {"certificate": pki.pem(leaf), "chain": [*CHAIN, pki.pem(CA.root.certificate)]}
        assert run(**options, privatekey=traditional.strip())["changed"]
        live = CertificateDirectory(place).live
        assert (live.privatekey, live.chain, live.request) == (pki.key_pem(key), CA.chain, None)
        assert not run(**options, privatekey=pki.key_pem(key).decode())["changed"]
        assert not run(**options)["changed"]

    def test_the_daily_run_leaves_a_pending_renewal_alone(self, run, place):
        order = installed(run, place)
        renewal = Order(place)
        before = tree(place)
        assert not run(**order.options)["changed"]
        assert tree(place) == before
        assert run(**renewal.options)["changed"]
        assert live_leaf(place) == renewal.leaf

    def test_a_new_chain_makes_a_new_version_that_keeps_the_request(self, run, place):
        order = installed(run, place)
        result = run(certificate=pki.pem(order.leaf), chain=CHAIN[:1])
        assert result["changed"]
        live = CertificateDirectory(place).live
        assert (live.chain, live.request.pem) == (CA.chain[:1], order.request)
        assert len(CertificateDirectory(place).versions) == 2

    def test_old_versions_are_removed(self, run, place):
        orders = [installed(run, place) for _number in range(5)]
        leaves = {version.leaf for version in CertificateDirectory(place).versions}
        assert leaves == {order.leaf for order in orders[-3:]}
        assert run(**orders[-1].options, keep=1)["changed"]
        assert [version.leaf for version in CertificateDirectory(place).versions] == [orders[-1].leaf]

    def test_it_writes_json_as_a_process(self, place, tmp_path):
        order = Order(place)
        modules = Modules(tmp_path)
        result = modules.run("twca_install", **{"directory": str(place), **order.options})
        assert result["changed"]
        failed = modules.run("twca_install", **{"directory": str(place), **order.options, "validate": ["false"]})
        assert not failed["changed"]


class TestRefusals:
    @pytest.mark.parametrize("check", [True, False])
    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            ({"certificate": pki.pem(CA.leaf(pki.new_key()))}, "is neither that of the pending nor of the live key in"),
            ({"privatekey": pki.key_pem(pki.new_key()).decode()}, "is not that of the private key given"),
            ({"privatekey": "no key"}, "the private key cannot be read"),
            ({"chain": CHAIN[::-1]}, "the chain is not in order"),
            ({"chain": [CHAIN[1]]}, "the chain is not in order"),
            ({"chain": [CHAIN[0], "no"]}, r"chain\[1\] must hold one certificate, but it holds none"),
            ({"privatekey": ""}, "the private key is empty"),
            ({"certificate": "no"}, "certificate must hold one certificate, but it holds none"),
            ({"certificate": " "}, "it holds none: this is empty"),
            ({"certificate": "".join(CHAIN)}, f"but it holds {len(CHAIN)}"),
            ({"certificate": PFX}, "this is a PKCS#12 file .*openssl pkcs12 -in FILE -nokeys"),
            ({"privatekey": PFX}, "this is a PKCS#12 file .*openssl pkcs12 -in FILE -nocerts"),
            ({"privatekey": CHAIN[0]}, "it must be a PEM block of a private key: this is a certificate"),
            ({"keep": 0}, "keep must be at least 1"),
        ],
    )
    def test_what_does_not_belong_together(self, run, place, options, sentence, check):
        order = Order(place)
        before = tree(place)
        with pytest.raises(module_runner.Failed, match=sentence):
            run(check=check, **{**order.options, **options})
        assert tree(place) == before

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            ({"start": pki.now() - 300 * pki.DAY}, "expired on"),
            ({"start": pki.now() + pki.DAY}, "is not valid before"),
        ],
    )
    def test_wrong_dates(self, run, place, options, sentence):
        order = Order(place, **options)
        before = tree(place)
        with pytest.raises(module_runner.Failed, match=sentence):
            run(**order.options)
        assert tree(place) == before

    def test_a_directory_without_a_key_is_not_made(self, run, place):
        with pytest.raises(module_runner.Failed, match="holds no private key: give privatekey, or make a pair"):
            run(certificate=pki.pem(CA.leaf(pki.new_key())), chain=CHAIN)
        assert not place.parent.exists()

    def test_a_hand_made_live_directory_is_not_replaced(self, run, place):
        order = Order(place)
        (place / "live").mkdir()
        with pytest.raises(module_runner.Failed, match="must be a symbolic link"):
            run(**order.options)
        assert contents(place) == [".lock", "live", "pending"]

    def test_broken_pending_files_are_no_key(self, run, place):
        order = Order(place)
        (place / "pending" / "privkey.pem").write_text("half")
        with pytest.raises(module_runner.Failed, match="is neither that of the pending"):
            run(**order.options)
        assert run(**order.options, privatekey=order.key_pem.decode())["changed"]


class TestProof:
    def test_the_server_takes_it_up_and_serves_it(self, run, place, web, served):
        order = Order(place)
        result = run(**order.options, **served)
        assert result["reloaded"]
        seen = result["served"]
        assert seen["serial_number"] == result["serial_number"]
        assert seen["chain"] == [each.subject.rfc4514_string() for each in CA.chain]
        assert seen["protocol"].startswith("TLSv1.")
        assert set(web.names) == {NAME}
        assert not run(**order.options, **served)["changed"]

    def test_a_mail_server_is_asked_to_begin_tls(self, run, place, tmp_path):
        installed(run, place)
        with MailServer(SCRIPTS["smtp"], place / "live") as server:
            result = run(verify={"host": "127.0.0.1", "port": server.port, "starttls": "smtp"})
        assert (result["changed"], result["served"]["common_name"]) == (False, NAME)

    def test_the_name_to_ask_for(self, run, place, web, served):
        order = Order(place, names=["*.example.com.tw"], common_name="*.example.com.tw")
        run(**order.options, **served)
        served["verify"]["server_name"] = "other.tw"
        run(**order.options, **served)
        assert (web.names[0], web.names[-1]) == (NAME, "other.tw")

    def test_a_server_that_goes_on_serving_the_old_one_is_reloaded(self, run, place, served):
        order = installed(run, place)
        predicted = run(check=True, **order.options, **served)
        assert (predicted["changed"], predicted["reloaded"]) == (True, True)
        result = run(**order.options, **served)
        assert (result["changed"], result["reloaded"]) == (True, True)
        assert result["served"]["serial_number"] == result["serial_number"]

    def test_a_live_certificate_that_cannot_be_proven_stays(self, run, place, served):
        order = installed(run, place)
        served.update(reload=["true"], verify={**served["verify"], "timeout": 0})
        before = tree(place)
        with pytest.raises(module_runner.Failed, match="no TLS handshake with 127.0.0.1") as caught:
            run(**order.options, **served)
        assert caught.value.result["rolled_back"] is False
        assert tree(place) == before


class TestRollback:
    @pytest.fixture
    def old(self, run, place, served):
        return installed(run, place, **served)

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            ({"validate": ["sh", "-c", "echo 'bad line 3' >&2; exit 3"]}, r"the config test \(sh .* status 3: bad line 3; "),
            ({"validate": ["/no/such/command"]}, r"the config test \(/no/such/command\) cannot be run: No such file"),
            ({"reload": ["false"]}, r"the reload \(false\) failed with status 1; the certificate that was live before was put "
             r"back, but then the reload \(false\) failed"),
            ({"reload": ["true"]}, "does not serve the certificate .* but .* of www.example.com.tw, which expires on 20"),
            ({"reload": None}, "does not serve the certificate"),
        ],
    )  # fmt: skip
    def test_the_old_one_is_put_back_and_the_pending_pair_kept(self, run, place, served, old, options, sentence):
        renewal = Order(place)
        before = tree(place)
        served["verify"]["timeout"] = 0
        with pytest.raises(module_runner.Failed, match=sentence) as caught:
            run(**renewal.options, **{**served, **options})
        assert caught.value.result["rolled_back"] is True
        assert "put back" in caught.value.result["msg"]
        assert tree(place) == before
        assert live_leaf(place) == old.leaf
        served["verify"]["timeout"] = 5
        assert not run(**old.options, **served)["reloaded"]

    def test_the_server_is_reloaded_after_the_old_one_was_put_back(self, run, place, served, old, tmp_path):
        log = tmp_path / "log"
        Order(place)
        command = ["sh", "-c", f"readlink {place}/live >> {log}; test $(wc -l < {log}) -gt 1"]
        renewal = CA.leaf(pki.new_key())
        del renewal
        order_leaf = CA.leaf(_key_of_pending(place))
        with pytest.raises(module_runner.Failed):
            run(certificate=pki.pem(order_leaf), chain=CHAIN, reload=command)
        new, back = log.read_text().splitlines()
        assert new.endswith(f"{order_leaf.serial_number:X}")
        assert back.endswith(f"{old.leaf.serial_number:X}")

    def test_the_first_one_is_taken_away_again(self, run, place):
        order = Order(place)
        with pytest.raises(module_runner.Failed, match="nothing was live before, and nothing is now") as caught:
            run(**order.options, validate=["false"])
        assert caught.value.result["rolled_back"] is True
        assert contents(place) == [".lock", "pending", "versions"]
        assert list((place / "versions").iterdir()) == []
        assert run(**order.options)["changed"]

    def test_another_chain_than_was_installed_is_no_proof(self, run, place, served, old, web, monkeypatch):
        renewal = Order(place)
        real = web.load

        def leaf_only():
            (place / "live" / "fullchain.pem").write_text(pki.pem(renewal.leaf))
            real()

        monkeypatch.setattr(web, "load", leaf_only)
        served["verify"]["timeout"] = 1
        with pytest.raises(module_runner.Failed, match="with another chain than was installed: none") as caught:
            run(**renewal.options, **served)
        assert caught.value.result["served"]["chain"] == []
        assert live_leaf(place) == old.leaf

    def test_a_hanging_command_is_ended(self, run, place, monkeypatch):
        monkeypatch.setattr(server_module, "COMMAND_TIMEOUT", 0.2)
        order = Order(place)
        with pytest.raises(module_runner.Failed, match="did not end within 0.2 s: working"):
            run(**order.options, reload=["sh", "-c", "echo working; sleep 60"])
        assert live_leaf(place) is None

    def test_what_a_command_says_is_bounded_and_its_end_kept(self, run, place):
        order = Order(place)
        with pytest.raises(module_runner.Failed) as caught:
            run(**order.options, validate=["sh", "-c", "seq 100000; echo the end; exit 1"])
        message = caught.value.result["msg"]
        assert "| the end;" in message
        assert len(message) < 1000

    def test_on_a_full_disk_nothing_changes(self, run, place, old, monkeypatch):
        renewal = Order(place)
        before = tree(place)

        class Full:
            def __getattr__(self, name):
                if name == "write":
                    raise OSError(28, "No space left on device")
                return getattr(os, name)

        monkeypatch.setattr(atomic, "os", Full())
        with pytest.raises(module_runner.Failed, match="No space left on device"):
            run(**renewal.options)
        assert tree(place) == before

    def test_a_way_back_that_is_barred_is_said(self, run, place, old, monkeypatch):
        renewal = Order(place)
        switches = []

        class Barred:
            def __getattr__(self, name):
                if name == "symlink":
                    switches.append(name)
                    if len(switches) > 1:
                        raise OSError(28, "No space left on device")
                return getattr(os, name)

        monkeypatch.setattr(atomic, "os", Barred())
        with pytest.raises(
            module_runner.Failed, match="could not be put back either: cannot link .*/live: No space"
        ) as caught:
            run(**renewal.options, validate=["false"])
        assert caught.value.result["rolled_back"] is False
        assert live_leaf(place) == renewal.leaf

    def test_a_defect_of_our_own_puts_the_old_one_back_too(self, run, place, old, monkeypatch):
        renewal = Order(place)

        def broken(_self):
            raise KeyError("defect")

        monkeypatch.setattr(server_module.Server, "test_configuration", broken)
        with pytest.raises(KeyError):
            run(**renewal.options)
        assert live_leaf(place) == old.leaf


def _key_of_pending(place):
    return pki.serialization.load_pem_private_key((place / "pending" / "privkey.pem").read_bytes(), None)


class TestCutShort:
    """A run was killed somewhere between the first and the last step."""

    @pytest.fixture
    def order(self, place):
        return Order(place)

    @pytest.fixture
    def switched(self, place, order):
        """Killed after the switch: the pending key is the live one's."""
        directory = CertificateDirectory(place)
        directory.switch(directory.add_version(order.key_pem, order.leaf, CA.chain, request_pem=order.request))
        return order

    def test_a_version_that_was_not_yet_live_is_used(self, run, place, order):
        directory = CertificateDirectory(place)
        version = directory.add_version(order.key_pem, order.leaf, CA.chain)
        assert run(**order.options, pkcs12_passphrase="secret")["version"] == version.path.name
        assert len(directory.versions) == 1
        assert directory.live.private("bundle.p12")

    def test_the_next_run_completes_it(self, run, place, switched, served):
        assert run(check=True, **switched.options, **served)["changed"]
        result = run(**switched.options, **served)
        assert (result["changed"], result["reloaded"]) == (True, True)
        assert result["served"]["serial_number"] == result["serial_number"]
        assert contents(place) == [".lock", "live", "versions"]
        assert not run(**switched.options, **served)["changed"]

    def test_without_a_proof_it_is_reloaded_to_be_sure(self, run, place, switched, web):
        assert run(**switched.options, reload=web.reload)["reloaded"]
        assert web.flag.exists()
        assert not (place / "pending").exists()

    def test_what_is_served_already_is_not_reloaded(self, run, place, switched, web, served):
        web.load()
        result = run(**switched.options, **served)
        assert (result["changed"], result["reloaded"]) == (True, False)
        assert not (place / "pending").exists()

    def test_its_failure_goes_back_to_the_newest_other_version(self, run, place, switched):
        key = pki.new_key()
        older = CA.leaf(key)
        CertificateDirectory(place).add_version(pki.key_pem(key), older, CA.chain)
        with pytest.raises(module_runner.Failed) as caught:
            run(**switched.options, validate=["false"])
        assert caught.value.result["rolled_back"] is True
        assert live_leaf(place) == older
        assert (place / "pending").exists()
        assert len(CertificateDirectory(place).versions) == 1

    def test_its_failure_with_no_other_version_leaves_nothing_live(self, run, place, switched):
        with pytest.raises(module_runner.Failed, match="nothing was live before"):
            run(**switched.options, validate=["false"])
        assert live_leaf(place) is None
        assert (place / "pending").exists()


class TestBundle:
    def bundle(self, place):
        return (place / "live" / "bundle.p12").read_bytes()

    def holds(self, place, order, passphrase):
        return pkcs12.holds(self.bundle(place), order.key_pem, order.leaf, CA.chain, passphrase)

    def test_it_is_part_of_the_version_and_rewritten_only_when_it_differs(self, run, place):
        order = installed(run, place, pkcs12_passphrase="first one")
        first = self.bundle(place)
        assert self.holds(place, order, "first one")
        assert stat.S_IMODE((place / "live" / "bundle.p12").stat().st_mode) == 0o600
        assert not run(**order.options, pkcs12_passphrase="first one")["changed"]
        assert not run(**order.options)["changed"]
        assert self.bundle(place) == first
        assert run(check=True, **order.options, pkcs12_passphrase="second one")["changed"]
        assert self.bundle(place) == first
        assert run(**order.options, pkcs12_passphrase="second one")["changed"]
        assert self.holds(place, order, "second one")

    def test_one_is_added_to_a_live_version(self, run, place):
        order = installed(run, place)
        assert run(**order.options, pkcs12_passphrase="first one")["changed"]
        assert self.holds(place, order, "first one")


class TestCombined:
    def combined(self, place):
        return (place / "live" / "combined.pem").read_text()

    def text(self, order):
        return "".join([order.key_pem.decode(), pki.pem(order.leaf), *CHAIN])

    def test_it_is_part_of_the_version_and_for_nobody_else(self, run, place):
        order = installed(run, place, combined=True)
        assert self.combined(place) == self.text(order)
        assert stat.S_IMODE((place / "live" / "combined.pem").stat().st_mode) == 0o600
        assert not run(**order.options, combined=True)["changed"]
        assert not run(**order.options)["changed"]
        assert self.combined(place) == self.text(order)

    @pytest.mark.parametrize("damage", [None, "half"])
    def test_a_live_version_gets_it_before_the_server_is_asked(self, run, place, damage, tmp_path):
        order = installed(run, place)
        path = place / "live" / "combined.pem"
        if damage:
            path.write_text(damage)
        assert run(check=True, **order.options, combined=True)["changed"]
        assert path.exists() == bool(damage)
        assert run(**order.options, combined=True)["changed"]
        assert self.combined(place) == self.text(order)

    def test_a_version_that_was_not_live_yet_gets_it(self, run, place):
        order = Order(place)
        CertificateDirectory(place).add_version(order.key_pem, order.leaf, CA.chain)
        run(**order.options, combined=True)
        assert self.combined(place) == self.text(order)

    def test_on_a_full_disk_nothing_is_half_written(self, run, place, monkeypatch):
        order = installed(run, place)
        before = tree(place)

        class Full:
            def __getattr__(self, name):
                return getattr(os, name)

            def write(self, *_args):
                raise OSError(28, "No space left on device")

        monkeypatch.setattr(atomic, "os", Full())
        with pytest.raises(module_runner.Failed, match="combined.pem: No space left"):
            run(**order.options, combined=True)
        assert tree(place) == before

    def test_it_is_in_no_result(self, run, place):
        assert "PRIVATE KEY" not in json.dumps(run(**Order(place).options, combined=True))


class TestConfiguration:
    """The files that make the server use the certificate: one transaction with it."""

    @pytest.fixture
    def snippet(self, tmp_path):
        return tmp_path / "config" / NAME / "nginx.conf"

    @pytest.fixture
    def wanted(self, snippet, tmp_path):
        """Options for a snippet that the server loads, and its stamp."""
        return {
            "configuration": {
                "directory": str(tmp_path / "config"),
                "files": [{"path": str(snippet), "content": "a line\n", "formerly": str(tmp_path / "etc/nginx.conf")}],
                "included": ["echo", str(snippet)],
            },
            "stamp": {"path": str(snippet.with_name("nginx.proven")), "content": "5F3A09 abc\n"},
        }

    def test_all_of_it_comes_at_once(self, run, place, served, snippet, wanted):
        order = Order(place)
        test = ["sh", "-c", f"test -f {snippet} && test -f {place}/live/fullchain.pem"]
        result = run(**order.options, **served, **wanted, validate=test)
        assert result["configuration"] == {"changed": [str(snippet)], "in_use": True, "former": []}
        assert result["reloaded"]
        assert result["served"]["serial_number"] == result["serial_number"]
        assert [line for line in result["diff"][1]["prepared"].splitlines() if line.startswith("+")][1:] == ["+a line"]
        assert snippet.with_name("nginx.proven").read_text() == "5F3A09 abc\n"
        again = run(**order.options, **served, **wanted, validate=test)
        assert (again["changed"], again["reloaded"], again["warnings"]) == (False, False, [])

    def test_all_of_it_goes_at_once(self, run, place, served, snippet, wanted):
        order = Order(place)
        with pytest.raises(
            module_runner.Failed,
            match="status 1; the configuration was put back; nothing was live before, and nothing is now",
        ):
            run(**order.options, **served, **wanted, validate=["false"])
        assert live_leaf(place) is None
        assert not snippet.exists()
        assert not snippet.with_name("nginx.proven").exists()
        assert run(**order.options, **served, **wanted)["changed"]

    def test_a_change_that_is_refused_leaves_the_certificate(self, run, place, served, snippet, wanted):
        old = installed(run, place, **served, **wanted)
        wanted["configuration"]["files"][0]["content"] = "nonsense\n"
        with pytest.raises(module_runner.Failed, match="status 1; the configuration was put back$") as caught:
            run(**old.options, **served, **wanted, validate=["false"])
        assert caught.value.result["rolled_back"] is False
        assert snippet.read_text() == "a line\n"
        assert live_leaf(place) == old.leaf

    def test_what_cannot_be_proven_is_taken_back_and_the_server_told(
        self, run, place, served, snippet, wanted, tmp_path
    ):
        old = installed(run, place, **served, **wanted)
        log = tmp_path / "log"
        wanted["configuration"]["files"][0]["content"] = "another\n"
        served.update(
            reload=["sh", "-c", f"cat {snippet} >> {log}"], verify={**served["verify"], "port": 1, "timeout": 0}
        )
        with pytest.raises(module_runner.Failed, match="no TLS handshake.*; the configuration was put back$"):
            run(**old.options, **served, **wanted)
        assert log.read_text() == "another\na line\n"

    def test_a_server_that_does_not_include_it_proves_nothing(self, run, place, served, snippet, wanted):
        wanted["configuration"]["included"] = ["echo", "/etc/nginx/nginx.conf"]
        order = Order(place)
        result = run(**order.options, **served, **wanted)
        assert (result["configuration"]["in_use"], result["served"]) == (False, None)
        assert snippet.exists()
        assert not snippet.with_name("nginx.proven").exists()
        again = run(**order.options, **served, **wanted)
        assert (again["changed"], again["reloaded"]) == (False, False)

    def test_one_that_includes_the_former_place_is_proven_and_told(self, run, place, served, snippet, wanted, tmp_path):
        wanted["configuration"]["included"] = ["echo", str(tmp_path / "etc/nginx.conf")]
        order = Order(place)
        result = run(**order.options, **served, **wanted)
        assert result["served"]["serial_number"] == result["serial_number"]
        assert result["configuration"]["former"] == [str(tmp_path / "etc/nginx.conf")]
        (said,) = result["warnings"]
        assert said.endswith(f"include {snippet} instead.")
        again = run(**order.options, **served, **wanted)
        assert (again["changed"], again["reloaded"], again["warnings"]) == (False, False, [said])
        wanted["configuration"]["included"] = ["echo", str(snippet)]
        mended = run(**order.options, **served, **wanted)
        assert (mended["changed"], mended["reloaded"], mended["warnings"]) == (True, True, [])

    def test_check_mode_predicts_and_writes_nothing(self, run, place, served, snippet, wanted, tmp_path):
        order = Order(place)
        before = tree(tmp_path)
        result = run(check=True, **order.options, **served, **wanted, validate=["touch", str(tmp_path / "ran")])
        assert (result["changed"], result["reloaded"]) == (True, True)
        assert result["configuration"]["changed"] == [str(snippet)]
        assert tree(tmp_path) == before

    def test_the_content_is_in_no_log(self, run, place, wanted):
        result = run(**Order(place).options, **wanted)
        assert "a line" not in json.dumps({**result, "diff": None})

    def test_it_is_for_what_is_live_where_no_certificate_is_given(self, run, place, served, snippet, wanted):
        with pytest.raises(module_runner.Failed, match=f"nothing is live in {place}: give certificate and chain"):
            run(**wanted)
        order = installed(run, place, **served)
        result = run(**served, **wanted)
        assert result["serial_number"] == f"{order.leaf.serial_number:X}"
        assert result["configuration"]["changed"] == [str(snippet)]
        assert not run(**served, **wanted)["changed"]
        with pytest.raises(module_runner.Failed, match="certificate"):
            run(chain=CHAIN)


class TestUse:
    """Whether a server uses the certificate is told by the paths that its configuration names."""

    @pytest.fixture
    def paths(self, place):
        return [str(place / "live" / name) for name in ("combined.pem", "fullchain.pem")]

    def wanted(self, paths, printed, tmp_path):
        return {
            "configuration": {"uses": paths, "included": ["echo", printed]},
            "stamp": {"path": str(tmp_path / "etc" / "haproxy.proven"), "content": "5F3A09 abc\n"},
        }

    def test_a_server_that_names_one_is_reloaded_and_proven(self, run, place, served, paths, tmp_path):
        wanted = self.wanted(paths, f"bind :443 ssl crt {paths[0]} alpn h2", tmp_path)
        result = run(**Order(place).options, **served, **wanted, combined=True)
        assert result["configuration"] == {"changed": [], "in_use": True, "former": []}
        assert result["served"]["serial_number"] == result["serial_number"]
        assert (tmp_path / "etc" / "haproxy.proven").exists()
        again = run(**served, **wanted, combined=True)
        assert (again["changed"], again["reloaded"]) == (False, False)
        assert sorted(os.listdir(tmp_path)) == ["etc"]

    def test_one_that_names_none_proves_nothing(self, run, place, served, paths, tmp_path):
        wanted = self.wanted(paths, "bind :443 ssl crt /etc/ssl/old.pem", tmp_path)
        result = run(**Order(place).options, **served, **wanted)
        assert (result["configuration"]["in_use"], result["served"]) == (False, None)
        assert not (tmp_path / "etc" / "haproxy.proven").exists()
        assert not run(**served, **wanted)["changed"]
        named = run(**served, **self.wanted(paths, paths[1], tmp_path))
        assert (named["changed"], named["reloaded"]) == (True, True)

    def test_one_that_serves_it_from_elsewhere_is_told(self, run, place, served, paths, tmp_path):
        """It may have a copy, which the next renewal does not reach."""
        wanted = self.wanted(paths, f"crt {place}/versions/1/combined.pem", tmp_path)
        wanted["configuration"]["included"].append("# a b")
        result = run(**Order(place).options, **served, **wanted)
        port = served["verify"]["port"]
        (said,) = result["warnings"]
        assert said.startswith(
            f"127.0.0.1:{port} serves this certificate, but not from {place} as far as echo 'crt {place}/"
        )
        assert (result["configuration"]["in_use"], result["served"]) == (False, None)

    def test_a_command_that_cannot_tell_leaves_no_proof_out(self, run, place, served, paths, tmp_path):
        wanted = self.wanted(paths, "", tmp_path)
        wanted["configuration"]["included"] = ["sh", "-c", "echo no such file >&2; exit 1"]
        with pytest.raises(
            module_runner.Failed, match=r"the look at the server's configuration .* status 1: no such file"
        ) as error:
            run(**Order(place).options, **served, **wanted)
        assert error.value.result["rolled_back"]

    def test_files_need_a_directory(self, run, place):
        files = [{"path": "/etc/x", "content": ""}]
        with pytest.raises(module_runner.Failed, match="configuration.directory is missing"):
            run(**Order(place).options, configuration={"files": files})
