# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses

import pki_factory
import pytest
from windows.certificates import StoredCertificate, Stores
from windows.iis import Binding, CertificateReference, Site

READING = {"slurp", "website_info", "win_certificate_info", "win_file"}


def state(world, host="web01"):
    """All of a host that may change, as text."""
    host = world.host(host)
    return repr((host.stores.locations, host.iis.sites, host.iis.certificates, host.disk.files()))


@pytest.fixture
def installed(world, live):
    """A host as the role leaves it after the first certificate."""
    host = world.host()
    host.stores.machine("My")[live.thumbprint] = dataclasses.replace(live.stored(), exportable=False)
    for certificate in pki_factory.authority().chain:
        stored = StoredCertificate(pki_factory.pem(certificate))
        host.stores.machine("CA")[stored.thumbprint] = stored
    binding = Binding("https", world.binding, 1)
    world.site.bindings.append(binding)
    host.iis.certificates[binding.certificate_key] = CertificateReference(live.thumbprint, "My")
    world.note({live.thumbprint: None})
    world.fleet.machine("web01").frontend.follow()
    return live


@pytest.fixture
def renewed(world, installed, second):
    """Where the keys are kept the second certificate is live; the host still has the first."""
    second.make_live(world.keys / "www.example.com.tw")
    return second


def test_a_fresh_host_and_again(world, live):
    roots = {"own": StoredCertificate(pki_factory.pem(pki_factory.authority().root.certificate))}
    world.host().stores.machine("Root").update(roots)
    run = world.run()
    assert run.rc == 0, run.output
    assert world.bindings() == {"*:80:": "", world.binding: live.thumbprint}
    assert world.served() == pki_factory.der(live.leaf)

    stores = world.host().stores
    assert list(stores.machine("My")) == [live.thumbprint]
    stored = stores.machine("My")[live.thumbprint]
    assert (stored.key_storage, stored.exportable) == ("machine", False)
    assert [entry.certificate for entry in stores.machine("CA").values()] == pki_factory.authority().chain
    assert stores.machine("Root") == roots
    assert world.leftovers() == []
    assert world.record() == {live.thumbprint: None}

    world.modules()
    run = world.run()
    assert (run.rc, run.changed) == (0, 0), run.output
    assert world.modules() == READING
    assert stores.key_containers == 1


def test_a_renewal(world, installed, renewed):
    run = world.run()
    assert run.rc == 0, run.output
    assert world.bindings()[world.binding] == renewed.thumbprint
    assert world.served() == pki_factory.der(renewed.leaf)
    assert set(world.host().stores.machine("My")) == {installed.thumbprint, renewed.thumbprint}
    noted = world.record()
    assert noted[renewed.thumbprint] is None
    assert noted[installed.thumbprint]
    assert world.leftovers() == []
    assert world.host().stores.machine("Root") == {}
    assert world.run().changed == 0


def test_a_replaced_certificate_goes_after_its_days_and_nobody_elses_does(world, installed, renewed):
    assert world.run().rc == 0
    my = world.host().stores.machine("My")
    by_hand = type(installed)()
    my[by_hand.thumbprint] = my[installed.thumbprint]
    world.note({installed.thumbprint: "2026-01-01T00:00:00Z", renewed.thumbprint: None})

    world.host().iis.sites["Old"] = Site(2, "C:\\inetpub", state="Stopped", bindings=[Binding("https", "*:1:x", 1)])
    world.host().iis.certificates["x:1"] = CertificateReference(installed.thumbprint, "My")
    assert world.run().changed == 0
    assert installed.thumbprint in my

    del world.host().iis.sites["Old"]
    run = world.run("--check")
    assert (run.rc, installed.thumbprint in my) == (0, True), run.output
    assert world.run().rc == 0
    assert set(my) == {renewed.thumbprint, by_hand.thumbprint}
    assert world.record() == {renewed.thumbprint: None}
    assert world.run().changed == 0


def test_a_server_that_goes_on_with_the_old_certificate(world, installed, renewed):
    world.host().set_faults(["keeps-serving-old"])
    run = world.run()
    assert run.rc != 0
    assert "was not installed, and the bindings are as they were" in run.output
    assert f"another certificate for www.example.com.tw: {installed.leaf.serial_number:X}" in run.output
    assert world.bindings()[world.binding] == installed.thumbprint
    assert world.leftovers() == []

    world.host().set_faults([])
    assert world.served() == pki_factory.der(installed.leaf)
    assert world.run().rc == 0
    assert world.served() == pki_factory.der(renewed.leaf)


def test_a_first_install_that_is_not_proven_leaves_no_binding(world, live):
    world.host().set_faults(["sends-no-intermediates"])
    run = world.run()
    assert run.rc != 0
    assert "serves the certificate without its issuers" in run.output
    assert world.bindings() == {"*:80:": ""}
    assert world.leftovers() == []


@pytest.mark.parametrize("fault", ["refuses-import", "refuses-binding"])
def test_a_module_that_fails_leaves_everything_served_as_it_was(world, installed, renewed, fault):
    world.host().set_faults([fault])
    run = world.run()
    assert run.rc != 0
    assert world.bindings()[world.binding] == installed.thumbprint
    assert world.leftovers() == []
    world.host().set_faults([])
    assert world.served() == pki_factory.der(installed.leaf)


def test_trap_7_check_mode_on_a_fresh_host_foretells_and_changes_nothing(world, live):
    before = state(world)
    run = world.run("--check", "--diff")
    assert run.rc == 0, run.output
    assert run.changed > 0
    assert f"would be bound to {live.thumbprint} for the first time" in run.output
    assert state(world) == before
    assert world.modules() == READING


def test_trap_1_check_mode_does_not_rebind(world, installed, renewed):
    before = state(world)
    run = world.run("--check", "--diff")
    assert run.rc == 0, run.output
    assert f"would be bound to {renewed.thumbprint} instead of {installed.thumbprint}" in run.output
    assert state(world) == before
    assert "website" not in world.modules()


def test_check_mode_where_there_is_no_certificate_yet(world):
    run = world.run("--check", "--diff", twca_portal_url="https://portal.test/")  # whose roots are not TWCA's
    assert run.rc == 0, run.output
    assert "would be ordered" in run.output


def test_trap_2_a_stopped_site_stays_stopped(world, live):
    world.site.state = "Stopped"
    run = world.run()
    assert run.rc == 0, run.output
    assert world.site.state == "Stopped"
    assert world.bindings()[world.binding] == live.thumbprint


def test_trap_2_a_missing_site_is_not_made(world, live):
    world.variables["twca_iis_binding"]["site"] = "Shop"
    assert world.run("--check").rc == 0
    run = world.run()
    assert run.rc != 0
    assert "IIS has no site Shop" in run.output
    assert list(world.host().iis.sites) == ["Default Web Site"]
    assert not world.host().stores.machine("My")


def test_trap_3_other_bindings_are_left_alone(world, live):
    others = [Binding("https", f"*:{world.port}:other.example.com.tw", 1), Binding("http", "10.0.0.1:80:")]
    world.site.bindings.extend(others)
    world.site.bindings.insert(0, Binding("net.pipe", "*"))
    assert world.run().rc == 0
    assert world.site.bindings[2:4] == others
    assert world.site.bindings[4] == Binding("https", world.binding, 1)


@pytest.mark.parametrize("flags", [0, 5])
def test_trap_4_a_binding_with_other_flags(world, live, second, flags):
    host = world.host()
    host.stores.machine("My")[second.thumbprint] = second.stored()
    world.site.bindings.append(Binding("https", world.binding, flags))
    key = world.site.bindings[-1].certificate_key
    host.iis.certificates[key] = CertificateReference(second.thumbprint, "My")
    run = world.run()
    assert run.rc == 0, run.output
    assert world.site.bindings[-1].ssl_flags == 1
    assert "sslFlags" in run.output
    assert world.served() == pki_factory.der(live.leaf)
    assert world.run().changed == 0


def test_a_binding_that_already_has_the_certificate_but_no_sni(world, installed):
    binding = world.site.bindings[-1]
    held = world.host().iis.certificates.pop(binding.certificate_key)
    binding.ssl_flags = 0
    world.host().iis.certificates[binding.certificate_key] = held
    run = world.run()
    assert run.rc == 0, run.output
    assert world.bindings()[world.binding] == installed.thumbprint
    assert binding.ssl_flags == 1


def test_a_flag_that_the_module_would_change_on_another_binding(world, live):
    world.site.bindings += [Binding("net.pipe", "*"), Binding("https", world.binding, 0)]
    run = world.run()
    assert run.rc != 0
    assert "bindings other than http before it" in run.output
    assert [binding.ssl_flags for binding in world.site.bindings] == [0, 0, 0]


def test_trap_6_older_windows_gets_the_older_encryption(world, live):
    world.host().windows = 2016
    run = world.run()
    assert run.rc != 0
    assert "password is not correct" in run.output
    assert world.leftovers() == []
    assert world.run(twca_iis_pkcs12_legacy=True).rc == 0
    assert world.served() == pki_factory.der(live.leaf)


def test_booleans_may_be_text(world, live):
    world.host().windows = 2016
    world.variables["twca_certificates"][0]["iis_bindings"] = [{"use_sni": "no", "port": str(world.port)}]
    run = world.run(twca_iis_pkcs12_legacy="yes", twca_proof="false")
    assert run.rc == 0, run.output
    assert world.site.bindings[-1].ssl_flags == 0
    assert run.modules("twca.ssl.twca_certificate_info") == []
    run = world.run("-e", "twca_iis_pkcs12_legacy=false")
    assert (run.rc, run.changed) == (0, 0), run.output


def test_what_a_run_that_was_cut_off_left_is_removed(world, installed):
    left = world.host().disk.locate(r"%TEMP%\twca-www.example.com.tw\bundle.p12")
    left.parent.mkdir()
    left.write_bytes(b"key")
    assert world.run().changed == 1
    assert world.leftovers() == []


def test_no_secret_is_shown_sent_on_a_command_line_or_left(world, live, monkeypatch):
    passwords = []
    load = Stores.load

    def spy(self, data, password, **options):
        passwords.append(password)
        return load(self, data, password, **options)

    monkeypatch.setattr(Stores, "load", spy)
    run = world.run("-vvv", "--diff")
    assert run.rc == 0, run.output
    secrets = [*filter(None, passwords), *live.files["privkey.pem"].splitlines()[1:-1]]
    assert len(passwords[0]) == 40
    calls = (world.fleet.folder / "web01/state.json").read_text().partition('"calls"')[2]
    for text in (run.output, repr(world.fleet.command_lines), calls):
        assert not [secret for secret in secrets if secret in text]


def test_several_bindings_of_one_certificate(world, live):
    world.host().iis.sites["Shop"] = Site(2, "C:\\inetpub", state="Started")
    bindings = [{}, {"site": "shop", "hostname": "shop.example.com.tw"}]
    world.variables["twca_certificates"][0]["iis_bindings"] = bindings
    assert world.run().rc == 0
    assert world.bindings()[world.binding] == live.thumbprint
    (shop,) = world.host().iis.sites["Shop"].bindings
    assert shop == Binding("https", f"*:{world.port}:shop.example.com.tw", 1)
    assert world.host().iis.reference(shop).hash == live.thumbprint
    assert world.run().changed == 0


def test_two_hosts_with_one_certificate_side_by_side(world, live):
    run = world.run(hosts=("web01", "web02"))
    assert run.rc == 0, run.output
    for host in ("web01", "web02"):
        assert world.bindings(host)[world.binding] == live.thumbprint
        assert world.served(host=host) == pki_factory.der(live.leaf)
        assert world.leftovers(host) == []
