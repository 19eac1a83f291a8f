# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of a server's role are documented as its kind has them."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.twca.ssl.plugins.module_utils._servers import registry
from guides import ROOT

KINDS = [kind for kind in map(registry.find, registry.kinds()) if kind.has_role]


def documented(role):
    specs = yaml.safe_load((ROOT / "roles" / role / "meta/argument_specs.yml").read_text(encoding="utf-8"))
    return specs["argument_specs"]["main"]["options"]


def facts(option):
    """What of an option both must say; a path is text to a kind, which does not look at the control node's files."""
    return {
        "type": option["type"].replace("path", "str"),
        **{key: option[key] for key in ("elements", "choices", "default") if key in option},
    }


def test_there_are_such_kinds():
    assert {kind.name for kind in KINDS} >= {"nginx", "apache"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_roles_documentation_says_what_its_kind_has(kind):
    found = {name: facts(option) for name, option in documented(kind.name).items()}
    assert found == {f"twca_{kind.name}_{name}": facts(option) for name, option in kind.options.items()}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_entrys_own_options_are_documented(kind):
    entry = documented("certificate")["twca_certificates"]["options"]
    for option in kind.entry_options:
        assert facts(entry[f"{kind.name}_{option}"]) == {
            key: value for key, value in facts(kind.options[option]).items() if key != "default"
        }
