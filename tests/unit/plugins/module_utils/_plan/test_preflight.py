# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What TWCA would refuse is told before the first order of any host, of the variables as they were written."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan import claims, fleet, preflight

NAME = "www.example.com.tw"
SEEN = {"settled": False, "serial_number": None, "stamp": None, "files": []}
ORGANIZATION = {"organization": "Example Corp.", "locality": "Taipei", "state_or_province": "Taiwan"}


def found(entry, organization=ORGANIZATION, host="web1", key_host=None):
    role = {
        "host": host,
        "key_host": key_host or host,
        "directory": "/etc/twca",
        "key_directory": "/etc/twca",
        "config_directory": "/etc/twca-config",
        "organization": organization,
        "shared": {},
        "owner": {},
        "discard": [],
    }
    (claim,) = claims.claims([{"common_name": NAME, **entry}], role)
    return claim


def refused(claim, key_looks=(), **seen):
    looks = {claim["host"]: {"claims": [{**claim, "digest": "D"}], "certificates": [{**SEEN, **seen}]}}
    return fleet.refusal(fleet.plan(looks, list(looks), list(key_looks)))


@pytest.mark.parametrize(
    ("entry", "organization", "sentences"),
    [
        ({}, {}, ["TWCA wants twca_organization.organization, twca_organization.locality, twca_organization.state_or_province"]),
        ({"locality": ""}, ORGANIZATION, ["TWCA wants twca_certificates[0].locality in each CSR, which is missing: give it in English"]),
        ({"state_or_province": "TPE"}, ORGANIZATION, ["twca_certificates[0].state_or_province must not be abbreviated", "'TPE'"]),
        ({}, {**ORGANIZATION, "state_or_province": "TW-TPE"}, ["twca_organization.state_or_province must not be abbreviated"]),
        ({}, {**ORGANIZATION, "organization": "範例公司"}, ["twca_organization.organization must be written in English"]),
        ({"common_name": "intranet"}, ORGANIZATION, ["twca_certificates[0].common_name: intranet has no dot"]),
        (
            {"subject_alt_name": ["a.corp.local", "10.0.0.1", "b.example.com.tw"]},
            {},
            [
                "twca_certificates[0].subject_alt_name: a.corp.local ends in .local",
                "twca_certificates[0].subject_alt_name: 10.0.0.1 is an address of a private network",
                "TWCA wants",
            ],
        ),
    ],
)  # fmt: skip
def test_one_sentence_names_host_entry_and_variable(entry, organization, sentences):
    claim = found(entry, organization)
    said = refused(claim)
    assert said.startswith(f"web1: twca_certificates[0] ({claim['shown']}): ")
    assert said.endswith(" Nothing was ordered.")
    for sentence in sentences:
        assert sentence in said
    assert said.count("twca_certificates[0] (") == 1


def test_nothing_is_said_of_what_can_be_ordered_is_settled_or_has_a_key_that_may_be_on_order():
    assert "unfit" not in found({"subject_alt_name": ["*.example.com.tw", "8.8.8.8"]})
    bad = found({}, {})
    assert refused(bad, settled=True) is None
    assert refused(bad, pending_public_key_sha256="ab" * 32) is None


def test_a_key_that_is_discarded_gives_way_to_a_new_order():
    assert "TWCA wants" in refused(found({"discard": ["abababab"]}, {}), pending_public_key_sha256="ab" * 32)


def test_what_nobody_looked_at_is_not_judged():
    looks = {"web1": {"claims": [{**found({}, {}), "digest": "D"}]}}
    assert fleet.refusal(fleet.plan(looks, ["web1"])) is None
    shared = found({}, {}, key_host="keys")
    assert refused(shared) is None
    key_look = {"item": {"host": "keys", "names": [NAME]}, "certificates": [SEEN]}
    assert "TWCA wants" in refused(shared, [key_look])


def test_what_many_hosts_have_in_common_is_said_once_and_a_long_list_is_cut():
    sentences = {f"twca_certificates[{n}] (x): no.": ["web1"] for n in range(14)}
    told = preflight.told({"alike.": [f"web{n}" for n in range(5)], **sentences})
    assert told[0] == "web0, web1, web2 and 2 more: alike."
    assert told[-2:] == ["5 more entries cannot be ordered either.", "Nothing was ordered."]
    assert len(told) == 12
    assert preflight.told({}) == []
