# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The look at a host, from the variables of its roles."""

from __future__ import annotations

import hashlib

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan import look
from ansible_collections.twca.ssl.plugins.module_utils._servers import contract, registry

NAME = "www.example.com.tw"
VARIABLES = {
    "twca_certificates": [{"common_name": NAME}],
    "twca_config_directory": "/etc/twca-config",
    "twca_directory": "/etc/twca",
    "twca_key_directory": "/keys",
    "twca_organization": {"locality": "Taipei"},
    "twca_proof": True,
}


def looked(*, defined=(), entry=None, **variables):
    given = {**VARIABLES, **{f"twca_{name}": value for name, value in variables.items()}}
    if entry is not None:
        given["twca_certificates"] = [{"common_name": NAME, **entry}]
    return look.Look("web1", given.get, defined)


def claim(probed=None, **variables):
    (found,) = looked(**variables).outcome(probed)
    return found


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


class TestQuestion:
    def test_what_the_host_is_asked(self):
        (asked,) = looked(server="nginx").question["certificates"]
        (file,) = claim(server="nginx")["files"]
        assert asked == {
            "directory": f"/etc/twca/{NAME}",
            "files": [{"paths": [f"/etc/twca-config/{NAME}/nginx.conf"], "sha256": sha256(file["content"])}],
            "stamp": f"/etc/twca-config/{NAME}/nginx.proven",
            "wanted": {"common_name": NAME, "locality": "Taipei"},
        }

    def test_a_server_that_nothing_is_known_of_needs_no_directory_of_roots(self):
        (asked,) = looked().question["certificates"]
        assert (asked["files"], asked["stamp"]) == ([], f"/etc/twca/{NAME}/none.proven")

    def test_a_key_of_another_host_is_not_judged_here(self):
        (asked,) = looked(key_host="keys").question["certificates"]
        assert "wanted" not in asked

    def test_how_the_host_is_laid_out_is_asked_where_it_matters(self):
        assert looked(server="apache").question["probes"] == ["/etc/apache2"]
        assert "probes" not in looked(server="nginx").question

    def test_both_places_of_a_virtual_host_are_looked_at(self):
        (asked,) = looked(server="apache", apache_server=True).question["certificates"]
        assert [len(file["paths"]) for file in asked["files"]] == [1, 2]

    @pytest.mark.parametrize("variables", [{"certificates": []}, {"certificates": None}, {"server": "iis"}])
    def test_nothing_to_ask_or_nobody_to_answer(self, variables):
        assert looked(**variables).question is None

    def test_an_entry_that_cannot_be_meant_is_not_asked_about(self):
        asked = looked(certificates=[{"common_name": "a_"}, {"common_name": NAME}]).question
        assert [one["directory"] for one in asked["certificates"]] == [f"/etc/twca/{NAME}"]


class TestClaims:
    def test_options_of_all_entries(self):
        found = claim(keep=5, renew_within="30d", key_type="ECC")
        assert (found["keep"], found["wanted"]["renew_within"], found["key_type"]) == (5, "30d", "ECC")

    def test_the_key_is_the_hosts_own_by_default(self):
        assert claim()["key_host"] == "web1"
        assert claim(key_host="keys")["directory"] == f"/keys/{NAME}"

    @pytest.mark.parametrize("organization", [None, ""])
    def test_no_organization(self, organization):
        assert claim(organization=organization)["wanted"] == {"common_name": NAME}

    def test_what_is_discarded(self):
        assert claim(discard=["ab12cd34"])["discard"] == ["ab12cd34"]

    @pytest.mark.parametrize(
        ("variables", "said"),
        [
            ({"server": "nginxx"}, "web1: twca_server: there is no kind of server 'nginxx'"),
            ({"server": "nginx", "nginx_server": "perhaps"}, "web1: twca_nginx_server is text ('perhaps')"),
            (
                {"server": "nginx", "entry": {"nginx_server": "perhaps"}},
                "web1: twca_certificates[0].nginx_server is text ('perhaps')",
            ),
            ({"defined": ["twca_force_renew"]}, "web1: twca_force_renew would"),
        ],
    )
    def test_what_cannot_be_meant_is_told(self, variables, said):
        found = claim(**variables)
        assert set(found) == {"host", "common_name", "problem"}
        assert found["problem"].startswith(said)

    def test_files_follow_the_layout_once_it_is_known(self):
        unknown, redhat = (
            claim(probed, server="apache", apache_server="yes") for probed in (None, {"/etc/apache2": False})
        )
        assert unknown["files"][1]["path"].startswith("/etc/apache2/sites-available/")
        assert redhat["files"][1]["path"].startswith("/etc/httpd/conf.d/")
        assert all("elsewhere" not in file for file in [*unknown["files"], *redhat["files"]])
        assert unknown["digest"] == redhat["digest"]

    def test_the_digest_tells_what_the_files_hold(self):
        first, same, other = (claim(server="nginx", nginx_curves=curves) for curves in ("A", "A", "B"))
        assert first["digest"] == same["digest"] != other["digest"]


class TestServer:
    def test_a_kind(self):
        assert claim(server="nginx")["server"] == {
            "name": "nginx",
            "validate": ["/usr/sbin/nginx", "-t"],
            "reload": ["systemctl", "reload-or-restart", "nginx"],
            "included": ["/usr/sbin/nginx", "-T", "-q"],
            "prepare": [],
            "seals": True,
            "wants": [],
            "uses": [f"/etc/twca/{NAME}/live/fullchain.pem", f"/etc/twca/{NAME}/live/cert.pem"],
            "advice": f"include /etc/twca-config/{NAME}/nginx.conf in the server's own block",
            "verify": {"host": "127.0.0.1", "port": 443, "server_name": NAME},
        }

    def test_commands_follow_the_layout(self):
        server = claim({"/etc/apache2": True}, server="apache")["server"]
        assert server["prepare"] == [["/usr/sbin/a2enmod", "ssl"]]
        assert claim({"/etc/apache2": False}, server="apache")["server"]["validate"] == ["/usr/sbin/httpd", "-t"]

    def test_one_that_nothing_is_known_of(self):
        server = claim(validate=["test"], reload=["reload"])["server"]
        assert (server["name"], server["validate"], server["reload"]) == ("none", ["test"], ["reload"])
        assert (server["included"], server["verify"], server["seals"]) == ([], None, False)
        assert (claim()["server"]["validate"], claim()["server"]["reload"]) == ([], [])

    def test_an_entrys_own_commands(self):
        server = claim(server="nginx", entry={"validate": ["mine"], "reload": ["too"]})["server"]
        assert (server["validate"], server["reload"]) == (["mine"], ["too"])

    @pytest.mark.parametrize(
        ("variables", "proven"),
        [
            ({"server": "nginx"}, True),
            ({"server": "nginx", "proof": False}, False),
            ({"server": "nginx", "proof": False, "entry": {"proof": True}}, True),
            ({"server": "nginx", "entry": {"proof": False}}, False),
            ({"server": "nginx", "entry": {"proof": None}}, True),
            ({}, False),
            ({"entry": {"proof": True}}, True),
        ],
    )
    def test_whether_it_is_proven(self, variables, proven):
        assert (claim(**variables)["server"]["verify"] is not None) is proven

    def test_where_it_is_proven(self):
        found = claim(server="nginx", verify={"port": 8443, "timeout": 5}, entry={"verify": {"host": "a", "port": 1}})
        assert found["server"]["verify"] == {"host": "a", "port": 1, "server_name": NAME, "timeout": 5}

    def test_a_wildcard_is_asked_for_as_one_of_its_names(self):
        found = claim(server="nginx", entry={"common_name": "*.example.com.tw"})
        assert found["server"]["verify"]["server_name"] == "www.example.com.tw"


class Mail(contract.Kind):
    """A kind with all that nginx has not."""

    name = "mail"
    owner = "mail"
    port = 25
    starttls = "smtp"

    def wants(self, settings):
        return frozenset(["pkcs12", "combined"])

    def uses(self, claim, settings):
        return [f"{claim['server_directory']}/live/combined.pem"]


def test_a_kind_without_files_of_its_own(monkeypatch):
    monkeypatch.setattr(registry, "find", lambda _name: Mail())
    found = claim(server="mail", server_reload=["again"])
    assert found["files"] == []
    assert found["wanted"]["owner"] == "mail"
    server = found["server"]
    assert server["verify"] == {"host": "127.0.0.1", "port": 25, "server_name": NAME, "starttls": "smtp"}
    assert (server["wants"], server["uses"]) == (["combined", "pkcs12"], [f"/etc/twca/{NAME}/live/combined.pem"])
    assert server["advice"] == f"name /etc/twca/{NAME}/live/combined.pem in its configuration"


def test_what_a_kind_needs_and_does_not_get_is_told():
    found = claim(server="tomcat")
    assert found["problem"].startswith("web1: twca_certificates[0] has no pkcs12_passphrase")
    assert "problem" not in claim(server="tomcat", entry={"pkcs12_passphrase": "Sesame-27"})
