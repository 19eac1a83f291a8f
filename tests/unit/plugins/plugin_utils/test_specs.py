# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the roles' variables are is written down once, and is complete."""

from __future__ import annotations

import re

import pytest
import yaml
from ansible_collections.twca.ssl.plugins.module_utils import _certificate_options, _portal_options
from ansible_collections.twca.ssl.plugins.module_utils._deploy import starttls, wish
from ansible_collections.twca.ssl.plugins.module_utils._plan import claims, look, requests, spec
from ansible_collections.twca.ssl.plugins.module_utils._report import claims as report
from ansible_collections.twca.ssl.plugins.module_utils._servers import registry
from ansible_collections.twca.ssl.plugins.plugin_utils import _specs
from guides import ROOT

ENTRY = _specs.ALL["twca_certificates"]["options"]
MODULES = {path.stem for path in (ROOT / "plugins/modules").glob("*.py")}


def used():
    """What roles and playbooks call ``twca_<something>``, less modules, comments and what is the roles' own."""
    places = (
        "playbooks/*.yml",
        "roles/*/tasks/*.yml",
        "roles/*/vars/*.yml",
        "roles/*/defaults/*.yml",
        "roles/*/templates/*.j2",
    )
    for place in places:
        for path in ROOT.glob(place):
            text = re.sub(r"(?m)^\s*#.*$|twca\.ssl\.\w+|'twca_busy'|'twca_told'", "", path.read_text(encoding="utf-8"))
            yield from re.findall(r"(?<![\w/])twca_\w+", text)


def test_each_variable_that_roles_and_playbooks_read_is_known():
    assert set(used()) - set(_specs.ALL) - MODULES == set()


def test_each_variable_that_actions_read_is_known():
    names = {*look.VARIABLES, *look.REFUSED, *report.VARIABLES, *(f"twca_{option}" for option in claims.SHARED)}
    assert names - set(_specs.ALL) == set()


def facts(option):
    """What of an option a module and the role must both say."""
    return {
        "type": option.get("type", "str"),
        **{key: option[key] for key in ("elements", "choices", "no_log") if key in option},
        **({"options": {name: facts(one) for name, one in option["options"].items()}} if "options" in option else {}),
    }


@pytest.mark.parametrize("option", sorted(requests._OWN - {"passphrase"}))
def test_an_entrys_option_is_as_the_module_has_it(option):
    module, role = facts(_certificate_options.argument_spec()[option]), facts(ENTRY[option])
    assert {**role, "no_log": None, "choices": None} == {**module, "no_log": None, "choices": None}
    assert role.get("choices") == module.get("choices")


@pytest.mark.parametrize("option", spec.CSR_OPTIONS)
def test_an_entrys_option_is_as_twca_csr_has_it(option):
    if option in wish.OPTIONS:
        assert facts(ENTRY[option]) == facts(wish.OPTIONS[option])
    assert option in ENTRY


@pytest.mark.parametrize("option", claims.SHARED)
def test_what_all_entries_may_share_of_a_key_is_a_variable(option):
    assert facts(_specs.ALL[f"twca_{option}"]) == facts(ENTRY[option])


@pytest.mark.parametrize("option", requests._SHARED)
def test_what_all_entries_may_share_is_a_variable(option):
    assert facts(_specs.ALL[f"twca_{option}"]) == facts(ENTRY[option])


@pytest.mark.parametrize("option", sorted(_portal_options.argument_spec()))
def test_the_portals_options_are_variables(option):
    assert facts(_specs.ALL[f"twca_{option}"]) == facts(_portal_options.argument_spec()[option])


def test_what_is_checked_of_servers():
    assert _specs.ALL["twca_server"]["choices"] == [*registry.kinds(), *registry.OTHERS]
    for verify in (_specs.ALL["twca_verify"], ENTRY["verify"]):
        assert verify["options"]["starttls"]["choices"] == starttls.OPTION["choices"]


def test_a_variable_of_several_roles_is_of_one_type():
    for specs in _specs.ROLES.values():
        for name, one in specs.items():
            assert one["type"] == _specs.ALL[name]["type"], name


def test_each_role_says_what_its_variables_are():
    assert set(_specs.ROLES) == {path.parent.name for path in (ROOT / "roles").glob("*/tasks")}


@pytest.mark.parametrize("role", _specs.ROLES)
def test_ansible_does_not_check_by_itself_and_print_all_it_knows(role):
    """It does so for each entry point that is described; no entry point is called ``variables``."""
    place = ROOT / "roles" / role
    entries = yaml.safe_load((place / "meta/argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    assert list(entries) == ["variables"]
    assert not (place / "tasks/variables.yml").exists()
