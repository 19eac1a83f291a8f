# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan import iis_bindings

NAME, THUMBPRINT = "www.example.com.tw", "AB12"
SITE = "Default Web Site"
REFERENCE = {"certificate_hash": THUMBPRINT, "certificate_store_name": "My"}


def bound(**more):
    """A binding as website_info tells it, with the certificate."""
    flags = {"protocol": "https", "use_sni": True, "use_ccs": False}
    return {"ip": "*", "port": 443, "hostname": NAME, **flags, **REFERENCE, **more}


def changes(*found, state="Started", site=SITE, use_sni=True, hostname=NAME):
    binding = {"site": SITE, "port": 443, "hostname": hostname, "use_sni": use_sni}
    sites = {site.lower(): {"name": site, "state": state, "bindings": list(found)}}
    return iis_bindings.changes({"bindings": [binding], "thumbprint": THUMBPRINT}, sites)


def nothing(found):
    return not any(found.values())


def test_a_binding_that_has_the_certificate_stays():
    assert nothing(changes(bound()))


@pytest.mark.parametrize(
    "more", [{"certificate_hash": "ab12"}, {"certificate_store_name": "MY"}, {"hostname": NAME.upper()}]
)
def test_case_does_not_matter_to_windows(more):
    assert nothing(changes(bound(**more)))


def test_a_port_may_be_text_there():
    assert nothing(changes(bound(port="443")))


def test_a_first_binding_is_added_and_would_be_removed_again():
    found = changes()
    address = {"ip": "*", "port": 443, "hostname": NAME}
    put = {**address, "protocol": "https", "use_sni": True, "use_ccs": False, **REFERENCE}
    call = {"site": SITE, "state": "started", "shown": f"{SITE} *:443:{NAME}"}
    assert found["bind"] == [{**call, "bindings": {"add": [put]}}]
    assert found["take_back"] == [{**call, "bindings": {"remove": [address]}}]
    assert found["forecast"] == [f"{SITE}: https *:443:{NAME} would be bound to {THUMBPRINT} for the first time."]
    assert (found["refusals"], found["resets"]) == ([], [])


@pytest.mark.parametrize("more", [{"ip": "10.0.0.1"}, {"port": 444}, {"hostname": "other.tw"}, {"hostname": None}])
def test_another_binding_is_left_alone(more):
    found = changes(bound(**more))
    assert found["take_back"][0]["bindings"].keys() == {"remove"}


def test_a_binding_without_a_name():
    assert nothing(changes(bound(hostname=None), hostname=""))
    assert nothing(changes(bound(hostname=""), hostname=""))


def test_an_old_certificate_is_replaced_and_would_be_put_back():
    found = changes(bound(certificate_hash="CD34", certificate_store_name="WebHosting"))
    (put,), (back,) = found["bind"], found["take_back"]
    assert put["bindings"]["add"][0]["certificate_hash"] == THUMBPRINT
    old = {"certificate_hash": "CD34", "certificate_store_name": "WebHosting"}
    assert back["bindings"] == {"add": [{**put["bindings"]["add"][0], **old}]}
    assert found["forecast"] == [f"{SITE}: https *:443:{NAME} would be bound to {THUMBPRINT} instead of CD34."]
    assert found["resets"] == [
        f"{SITE}: microsoft.iis.website sets a binding's sslFlags to SNI and CCS alone. If *:443:{NAME} had others "
        "(HTTP/2, TLS 1.3, QUIC or OCSP stapling turned off), set them again."
    ]


def test_the_certificate_in_another_store_is_not_it():
    assert changes(bound(certificate_store_name="WebHosting"))["bind"]
    assert changes(bound(certificate_store_name=None))["bind"]


def test_a_binding_that_had_no_certificate_gets_none_back():
    found = changes(bound(certificate_hash="", certificate_store_name=None))
    (restored,) = found["take_back"][0]["bindings"]["add"]
    assert set(restored) == {"ip", "port", "hostname", "protocol", "use_sni", "use_ccs"}
    assert "for the first time" in found["forecast"][0]


@pytest.mark.parametrize(
    ("flags", "use_sni"),
    [
        ({"use_sni": False}, True),
        ({"use_sni": True}, False),
        ({"use_ccs": True}, True),
    ],
)
def test_flags_that_change_take_two_calls_there_and_back(flags, use_sni):
    found = changes(bound(**flags), use_sni=use_sni)
    assert found["bind"][0] == found["bind"][1]
    assert found["bind"][0]["bindings"]["add"][0]["use_sni"] is use_sni
    assert found["bind"][0]["bindings"]["add"][0]["use_ccs"] is False
    assert len(found["bind"]) == 2
    assert found["take_back"] == [found["take_back"][0]] * 2
    (restored,) = found["take_back"][0]["bindings"]["add"]
    assert {key: restored[key] for key in flags} == flags
    assert found["refusals"] == []


def test_all_go_before_any_goes_twice_and_new_ones_are_removed_last():
    bindings = [{"site": SITE, "port": port, "hostname": NAME, "use_sni": True} for port in (1, 2, 3)]
    there = [bound(port=1, use_sni=False), bound(port=3, certificate_hash="CD")]
    sites = {SITE.lower(): {"name": SITE, "state": "Started", "bindings": there}}
    found = iis_bindings.changes({"bindings": bindings, "thumbprint": THUMBPRINT}, sites)
    ports = {verb: [call["shown"].split(":")[1] for call in found[verb]] for verb in ("bind", "take_back")}
    assert ports == {"bind": ["1", "2", "3", "1"], "take_back": ["1", "3", "1", "2"]}
    assert [next(iter(call["bindings"])) for call in found["take_back"]] == ["add", "add", "add", "remove"]
    assert len(found["resets"]) == 2


@pytest.mark.parametrize(
    ("state", "kept"), [("Started", "started"), ("Starting", "started"), ("Stopped", "stopped"), ("Unknown", "stopped")]
)
def test_a_site_is_neither_started_nor_stopped(state, kept):
    found = changes(state=state)
    assert found["bind"][0]["state"] == found["take_back"][0]["state"] == kept


def test_a_site_that_is_not_there():
    found = changes(site="Other")
    refusal = f"IIS has no site {SITE}: make it first, or name another as site in iis_bindings or twca_iis_binding."
    assert found["refusals"] == [refusal]
    assert found["forecast"][0].endswith(f"for the first time. {refusal}")
    assert found["bind"][0]["state"] == "stopped"


def test_a_sites_name_is_not_its_case():
    assert nothing(changes(bound(), site=SITE.upper()))


def test_a_binding_for_http_is_refused():
    (refusal,) = changes(bound(protocol="http"))["refusals"]
    assert refusal == f"The binding *:443:{NAME} of {SITE} is one for http: remove it, or choose another port."


@pytest.mark.parametrize("protocol", ["net.pipe", "ftp"])
def test_a_flag_that_the_module_would_change_elsewhere_is_refused(protocol):
    other = bound(ip="", port=0, hostname="", protocol=protocol)
    (refusal,) = changes(other, bound(use_sni=False))["refusals"]
    assert (
        f"The SNI flag of *:443:{NAME} cannot be changed, since {SITE} has bindings other than http before it"
        in refusal
    )


def test_bindings_after_it_or_for_the_web_do_no_harm():
    other = bound(port=0, protocol="net.pipe")
    assert changes(bound(use_sni=False), other)["refusals"] == []
    for protocol in ("http", "https"):
        assert changes(bound(port=80, protocol=protocol), bound(use_sni=False))["refusals"] == []
    assert changes(other, bound(certificate_hash="CD"))["refusals"] == []
