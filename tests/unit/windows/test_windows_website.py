# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``website`` and ``website_info``, with the traps that were read in them."""

from __future__ import annotations

import pytest
from windows.errors import ModuleFailure
from windows.iis import Binding, CertificateReference

SITE = "Default Web Site"
INFORMATION = "*:443:www.example.com.tw"


def binding(thumbprint, **options):
    return {
        "ip": "*",
        "port": 443,
        "hostname": "www.example.com.tw",
        "protocol": "https",
        "use_sni": True,
        "use_ccs": False,
        "certificate_hash": thumbprint,
        "certificate_store_name": "My",
        **options,
    }


@pytest.fixture
def website(run):
    def call(check_mode=False, **options):
        return run("microsoft.iis.website", check_mode, **{"name": SITE, **options})["changed"]

    return call


@pytest.fixture
def bind(website):
    def call(*bindings, check_mode=False, **options):
        return website(check_mode, bindings={"add": list(bindings)}, **options)

    return call


@pytest.fixture
def bound(serving, bind, material):
    """A host whose site has the https binding; what it is bound to is asked with ``bound()``."""
    bind(binding(material.thumbprint))

    def thumbprint():
        return serving.iis.reference(serving.iis.sites[SITE].bindings[-1]).hash

    return thumbprint


@pytest.fixture
def both(serving, successor):
    """``My`` holds the next certificate too."""
    serving.stores.machine("My")[successor.thumbprint] = successor.stored()
    return successor.thumbprint


def test_a_new_binding_and_nothing_more_the_second_time(serving, bind, bound, material):
    assert serving.iis.sites[SITE].bindings[-1] == Binding("https", INFORMATION, 1)
    assert bound() == material.thumbprint
    assert not bind(binding(material.thumbprint.lower(), certificate_store_name="my"))


def test_check_mode_adds_no_binding(serving, bind, material):
    assert bind(binding(material.thumbprint), check_mode=True)
    assert len(serving.iis.sites[SITE].bindings) == 1


def test_trap_1_check_mode_changes_the_certificate_of_a_binding_that_is_there(bind, bound, both):
    assert bind(binding(both), check_mode=True)
    assert bound() == both


def test_trap_2_the_default_state_starts_a_stopped_site(serving, website):
    serving.iis.sites[SITE].state = "Stopped"
    assert website()
    assert serving.iis.sites[SITE].state == "Started"
    assert website(state="stopped")


def test_trap_2_a_missing_site_is_made_or_fails(host, website):
    with pytest.raises(ModuleFailure, match="physical_path"):
        website(name="Shop")
    assert website(name="Shop", physical_path=r"C:\inetpub\wwwroot")
    assert host.iis.sites["Shop"].bindings == []


def test_trap_3_without_an_address_the_binding_is_not_recognised(bind, bound, material):
    with pytest.raises(ModuleFailure, match="duplicate collection entry"):
        bind(binding(material.thumbprint, ip=None))


def test_trap_3_the_default_protocol_turns_a_binding_into_http(serving, bind, bound):
    assert bind({"ip": "*", "port": 443, "hostname": "www.example.com.tw", "use_sni": False, "use_ccs": False})
    assert serving.iis.sites[SITE].bindings[-1].protocol == "http"


def test_trap_3_set_removes_what_is_not_listed(serving, website, bound, material):
    assert website(bindings={"set": [binding(material.thumbprint)]})
    assert [entry.information for entry in serving.iis.sites[SITE].bindings] == [INFORMATION]


def test_trap_4_flags_above_sni_count_as_the_central_store_when_it_is_left_out(serving, bind, bound, material):
    serving.iis.sites[SITE].bindings[-1].ssl_flags = 5  # SNI, and HTTP/2 disabled
    with pytest.raises(ModuleFailure, match="Central Certificate Store"):
        bind(binding(material.thumbprint, use_ccs=None))
    assert bind(binding(material.thumbprint))
    assert serving.iis.sites[SITE].bindings[-1].ssl_flags == 1


def test_trap_7_a_certificate_that_was_not_imported(bind, successor):
    with pytest.raises(ModuleFailure, match="Unable to locate certificate"):
        bind(binding(successor.thumbprint), check_mode=True)


@pytest.mark.parametrize("options", [{"key_storage": "user"}, {"private_key": None, "key_storage": None}])
def test_a_key_that_the_machine_cannot_reach(serving, bind, successor, options):
    stored = successor.stored()
    for name, value in options.items():
        setattr(stored, name, value)
    serving.stores.machine("My")[successor.thumbprint] = stored
    with pytest.raises(ModuleFailure, match="0x80070520"):
        bind(binding(successor.thumbprint))


def test_a_binding_that_turns_to_sni_loses_its_certificate_until_it_is_given_again(serving, bind, material):
    bind(binding(material.thumbprint, use_sni=False))
    assert bind(binding(material.thumbprint))
    current = serving.iis.sites[SITE].bindings[-1]
    assert serving.iis.reference(current).hash == ""
    assert bind(binding(material.thumbprint))
    assert serving.iis.reference(current).hash == material.thumbprint


def test_the_index_of_a_web_binding_is_used_on_all_bindings(serving, bind, bound, material):
    bindings = serving.iis.sites[SITE].bindings
    bindings.insert(0, Binding("net.pipe", "*"))
    assert bind(binding(material.thumbprint, use_sni=False))
    assert bindings[-1].ssl_flags == 1


def test_removal_of_one_binding(serving, website, bound):
    gone = {"ip": "*", "port": 443, "hostname": "www.example.com.tw"}
    assert website(bindings={"remove": [gone]})
    assert [entry.information for entry in serving.iis.sites[SITE].bindings] == ["*:80:"]


def test_the_info_module_shows_sites_and_bindings(run, bound, material):
    info = run("microsoft.iis.website_info", name=SITE.lower())
    assert info["exists"] and info["site"][0]["state"] == "Started"
    shown = info["site"][0]["bindings"][-1]
    assert shown == binding(material.thumbprint)
    assert run("microsoft.iis.website_info", name="Shop") == {"changed": False, "exists": False, "site": []}
    assert len(run("microsoft.iis.website_info")["site"]) == 1


def test_the_info_module_breaks_on_net_tcp(serving, run):
    serving.iis.sites[SITE].bindings.append(Binding("net.tcp", "808:*"))
    with pytest.raises(ModuleFailure, match="Cannot convert value"):
        run("microsoft.iis.website_info", name=SITE)


def test_http_sys_prefers_the_exact_name_then_a_wildcard_then_the_address(host):
    host.iis.certificates = {
        key: CertificateReference(key, "My")
        for key in ("www.example.com.tw:443", "*.example.com.tw:443", "0.0.0.0:443")
    }
    names = {"WWW.example.com.tw": "www", "shop.example.com.tw": "*", "a.b.example.com.tw": "0", None: "0"}
    for name, expected in names.items():
        assert host.iis.certificate_for(443, name).hash.startswith(expected)
    assert host.iis.certificate_for(8443, "www.example.com.tw") is None
