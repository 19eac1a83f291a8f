# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan import claims

ROLE = {
    "host": "web1",
    "key_host": "web1",
    "directory": "/etc/twca",
    "key_directory": "/keys",
    "config_directory": "/etc/twca-config",
    "organization": {"locality": "Taipei", "organization": "Example Corp."},
    "shared": {"key_type": None, "renew_within": "30d"},
    "owner": {"owner": None, "group": None},
    "discard": [],
    "defined": [],
}


def claim(entry=None, **role):
    (found,) = claims.claims([{"common_name": "www.example.com.tw", **(entry or {})}], {**ROLE, **role})
    return found


def test_a_claim_has_all_that_follows():
    found = claim({"locality": "Tainan", "passphrase": "secret", "keep": 2, "validate": ["true"]})
    assert "twca_organization.state_or_province" in found.pop("unfit")
    assert found == {
        "locality": "Tainan",
        "organization": "Example Corp.",
        "renew_within": "30d",
        "keep": 2,
        "validate": ["true"],
        "common_name": "www.example.com.tw",
        "shown": "www.example.com.tw",
        "number": 0,
        "given": ["common_name", "locality", "passphrase", "keep", "validate"],
        "host": "web1",
        "key_host": "web1",
        "directory": "/etc/twca/www.example.com.tw",
        "server_directory": "/etc/twca/www.example.com.tw",
        "config_directory": "/etc/twca-config/www.example.com.tw",
        "discard": [],
        "wanted": {
            "common_name": "www.example.com.tw",
            "locality": "Tainan",
            "organization": "Example Corp.",
            "renew_within": "30d",
        },
    }


def test_an_entry_without_an_option_takes_what_is_shared():
    shared = {"renew_before": "2026-12-01T00:00:00Z", "key_type": "ECC"}
    assert claim(shared=shared)["wanted"]["renew_before"] == "2026-12-01T00:00:00Z"
    assert claim({"key_type": "RSA"}, shared=shared)["wanted"]["key_type"] == "RSA"


def test_a_key_that_another_host_holds():
    found = claim(key_host="keys")
    assert (found["key_host"], found["directory"]) == ("keys", "/keys/www.example.com.tw")
    assert found["server_directory"] == "/etc/twca/www.example.com.tw"
    found = claim({"key_host": "keys", "key_directory": "/there", "directory": "/here"})
    assert (found["directory"], found["server_directory"]) == ("/there", "/here")


def test_canonical_names_everywhere_and_readable_ones_for_people():
    found = claim({"common_name": "台灣.example.com.tw", "subject_alt_name": ["IP:2001:DB8::17"]})
    name = "xn--kpry57d.example.com.tw"
    assert found["common_name"] == found["wanted"]["common_name"] == name
    assert found["subject_alt_name"] == found["wanted"]["subject_alt_name"] == [name, "2001:db8::17"]
    assert found["shown"] == f"{name} (台灣.example.com.tw)"
    assert found["server_directory"] == f"/etc/twca/{name}"
    assert found["config_directory"] == f"/etc/twca-config/{name}"


def test_where_the_directory_was_before_names_were_canonical():
    entry = {"common_name": "DNS:www.example.com.tw"}
    assert claim(entry)["former_directory"] == "/etc/twca/DNS:www.example.com.tw"
    assert claim(entry, key_host="keys")["former_directory"] == "/keys/DNS:www.example.com.tw"
    assert "former_directory" not in claim({**entry, "directory": "/here"})
    assert "former_directory" in claim({**entry, "directory": "/here"}, key_host="keys")
    assert "former_directory" not in claim()


def test_the_kind_of_server_may_say_whose_the_directory_is():
    found = claim(owner={"owner": "tomcat", "group": None})
    assert (found["wanted"]["owner"], "group" in found["wanted"]) == ("tomcat", False)
    assert claim({"owner": "me"}, owner={"owner": "tomcat"})["wanted"]["owner"] == "me"


def test_what_is_to_be_discarded():
    found = claim({"discard": ["AB12CD34"]}, discard="00112233,ab12cd34")
    assert found["discard"] == ["ab12cd34", "00112233"]
    assert "discard" not in found["wanted"]


@pytest.mark.parametrize(
    ("entries", "role", "said"),
    [
        ([{"common_name": "a.tw"}], {"discard": "ab"}, "web1: twca_discard: 'ab' is not"),
        (
            [{"common_name": "a.tw"}],
            {"defined": ["twca_force_renew"]},
            "web1: twca_force_renew would .* write twca_renew_before",
        ),
        (
            [{"common_name": "a.tw"}],
            {"defined": ["twca_discard_pending"]},
            "web1: twca_discard_pending would .* write twca_discard",
        ),
        (
            [{"common_name": "a.tw", "key_size": 1024}],
            {},
            r"web1: twca_certificates\[0\] \(a.tw\): twca_certificates\[0\].key_size must be 2048 to 8192 bits and a multiple of 8, not 1024\.$",
        ),
        (
            [{"common_name": "a.tw"}],
            {"shared": {"renew_within": "30 days"}},
            r"web1: twca_renew_within must be a share of the lifetime, days or hours \(33%, 30d, 12h\), not '30 days'\.$",
        ),
        ([{"common_name": "a_"}], {}, r"web1: twca_certificates\[0\].common_name: "),
        (["a.tw"], {}, r"web1: twca_certificates\[0\] is no dictionary"),
    ],
)
def test_what_cannot_be_meant_is_told(entries, role, said):
    (found,) = claims.claims(entries, {**ROLE, **role})
    assert set(found) == {"host", "common_name", "problem"}
    assert re.match(said, found["problem"])


def test_claims_are_found_by_name_however_it_is_written():
    found = [claim({"common_name": name}) for name in ("a.tw", "B.tw", "a_")]
    assert claims.named(found, "dns:b.TW") == found[1:2]
    assert claims.named(found, "a_") == []


def test_slashes_that_are_doubled_or_at_the_end_make_no_other_path():
    found = claim(
        directory="/etc//twca/", key_host="keys", key_directory="/keys/", config_directory="/etc/twca-config//"
    )
    assert (found["server_directory"], found["directory"], found["config_directory"]) == (
        "/etc/twca/www.example.com.tw",
        "/keys/www.example.com.tw",
        "/etc/twca-config/www.example.com.tw",
    )
    assert claim({"directory": "/srv/tls/"})["directory"] == "/srv/tls"
