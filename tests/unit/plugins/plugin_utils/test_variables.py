# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How actions read the roles' variables."""

from __future__ import annotations

import types

import pytest
from ansible.errors import AnsibleUndefinedVariable
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.plugin_utils import _specs
from ansible_collections.twca.ssl.plugins.plugin_utils._variables import Variables

FILLED_IN = {"{{ title }}": "Title", "{{ no }}": "no", "{{ ture }}": "ture"}


def variables(**given):
    """The variables of a host, and the templates that were filled in."""
    seen = []

    def template(value):
        seen.append(value)
        if value == "{{ nothing }}":
            raise AnsibleUndefinedVariable("'nothing' is undefined.")
        return FILLED_IN.get(value, value) if isinstance(value, str) else value

    return Variables(types.SimpleNamespace(template=template), given), seen


def test_a_value_is_its_template_filled_in_and_of_its_type():
    found, seen = variables(twca_report_title="{{ title }}", twca_proof="{{ no }}")
    assert (found.read("twca_report_title"), found.read("twca_proof"), found.read("twca_proof")) == (
        "Title",
        False,
        False,
    )
    assert seen == ["{{ title }}", "{{ no }}"]


def test_what_is_not_set_has_none():
    found, _seen = variables(twca_report_title="a", twca_apache_sites_enabled="")
    assert found.read("twca_server") is None
    assert found.those_set(["twca_report_title", "twca_server", "twca_apache_sites_enabled"]) == {
        "twca_report_title": "a",
        "twca_apache_sites_enabled": "",
    }


def test_a_variable_of_ansibles_own_is_read_as_it_is():
    assert variables(ansible_become="no")[0].read("ansible_become") == "no"


def booleans(specs, before=()):
    """The paths of all booleans: names and, for each item of a list, 0."""
    for name, spec in specs.items():
        path = (*before, name)
        if spec.get("type") == "bool":
            yield path
        inner = (*path, 0) if spec.get("type") == "list" else path
        yield from booleans(spec.get("options", {}), inner)


BOOLEANS = [path for specs in _specs.ROLES.values() for path in booleans(specs)]


def test_all_booleans_are_found():
    names = {path[-1] for path in BOOLEANS}
    assert names >= {
        "twca_proof",
        "proof",
        "twca_nginx_server",
        "nginx_server",
        "twca_apache_server",
        "twca_apache_split_chain",
        "twca_portal_become",
        "twca_revoke_force",
        "twca_report_served",
        "use_sni",
    }


@pytest.mark.parametrize("path", BOOLEANS, ids=lambda path: ".".join(map(str, path)))
@pytest.mark.parametrize(
    ("text", "meant"),
    [("no", False), ("False", False), ("0", False), ("off", False), (0, False), ("on", True), ("1", True)],
)
def test_each_boolean_in_each_spelling(path, text, meant):
    found, _seen = variables(**{path[0]: nested(path[1:], text)})
    assert at(found.read(path[0]), path[1:]) is meant


@pytest.mark.parametrize("path", BOOLEANS, ids=lambda path: ".".join(map(str, path)))
def test_a_text_that_is_no_boolean(path):
    found, _seen = variables(**{path[0]: nested(path[1:], "ture")})
    with pytest.raises(InputError, match=r"is text \('ture'\), which is neither true nor false"):
        found.read(path[0])


def nested(path, value):
    """The value of a variable with this value at the path below it."""
    if not path:
        return value
    inner = nested(path[1:], value)
    if path[0] == 0:
        return [inner if "use_sni" in inner else {"common_name": "a.tw", **inner}]
    return {path[0]: inner}


def at(value, path):
    for part in path:
        value = value[part]
    return value


class TestProblems:
    def test_what_is_needed_is_filled_in_and_the_rest_is_looked_at_as_it_is(self):
        found, seen = variables(twca_proof="{{ ture }}", twca_passphrase="{{ lookup('vault') }}", twca_verify=443)
        problems = found.problems(["twca_proof"])
        assert [problem.variable for problem in problems] == ["twca_proof", "twca_verify"]
        assert seen == ["{{ ture }}"]
        assert found.read("twca_proof") is None

    def test_a_template_that_cannot_be_filled_in(self):
        (problem,) = variables(twca_passphrase="{{ nothing }}")[0].problems(["twca_passphrase"])
        assert problem.sentence == "twca_passphrase has a template that cannot be filled in: 'nothing' is undefined."

    def test_none(self):
        found, _seen = variables(
            ansible_host="web1", __twca_look={}, twca_hosts="all", twca_issued={}, twca_serial="10%"
        )
        assert (found.problems([]), found.unknown) == ([], [])

    @pytest.mark.parametrize(
        ("name", "near"),
        [
            ("twca_max_order", "twca_max_orders"),
            ("twca_certificate", "twca_certificates"),
            ("twca_nginx_listn", "twca_nginx_listen"),
            ("twca_revoke_nmae", "twca_revoke_name"),
        ],
    )
    def test_a_name_that_is_like_a_known_one_is_a_mistake(self, name, near):
        (problem,) = variables(**{name: 0})[0].problems([])
        assert problem.sentence == (
            f"{name}: there is no such variable; did you mean {near}? One of your own needs another name."
        )

    def test_any_other_name_may_be_the_users_own(self):
        found, _seen = variables(twca_dry_run=True, twca_our_datacenter="a")
        assert found.problems([]) == []
        assert found.unknown == ["twca_dry_run", "twca_our_datacenter"]

    def test_what_is_refused_elsewhere_is_not_told_here(self):
        entry = {"common_name": "a.tw", "force_renew": True, "discard_pending": True, "on_uncertain": "resubmit"}
        found, _seen = variables(twca_force_renew=True, twca_discard_pending=True, twca_certificates=[entry])
        assert found.problems(["twca_certificates"]) == []

    def test_what_a_role_needs(self):
        role = {"ansible_role_name": "twca.ssl.certificate", "ansible_parent_role_names": ["twca.ssl.server"]}
        (problem,) = variables(**role)[0].problems([])
        assert problem.sentence == "twca_server is missing: the role twca.ssl.server needs it."
        (problem,) = variables(**role, twca_server="none")[0].problems([])
        assert problem.sentence.startswith("twca_server is text ('none'), and must be one of apache,")
        assert variables(**role, twca_server="haproxy")[0].problems([]) == []
        assert variables(ansible_role_name="twca.ssl.certificate", twca_server="none")[0].problems([]) == []
        assert variables(ansible_role_name="someone.elses.server")[0].problems([]) == []
