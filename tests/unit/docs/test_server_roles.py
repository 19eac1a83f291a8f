# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of a server's role are documented as its kind has them."""

from __future__ import annotations

import re
import textwrap

import pytest
import yaml
from ansible_collections.twca.ssl.plugins.module_utils._servers import registry, service, settings
from guides import ROOT
from kind_facts import LIVE, Facts

ALL = [registry.find(name) for name in registry.kinds()]
KINDS = [kind for kind in ALL if kind.has_role]
OTHERS = [kind for kind in ALL if not kind.has_role]


def documented(role):
    specs = yaml.safe_load((ROOT / "roles" / role / "meta/argument_specs.yml").read_text(encoding="utf-8"))
    return specs["argument_specs"]["variables"]["options"]


def facts(option):
    """What of an option both must say; a path is text to a kind, which does not look at the control node's files."""
    return {
        "type": option["type"].replace("path", "str"),
        **{key: option[key] for key in ("elements", "choices", "default") if key in option},
        **({"options": {name: facts(one) for name, one in option["options"].items()}} if "options" in option else {}),
    }


def test_there_are_such_kinds():
    assert {kind.name for kind in KINDS} >= {"nginx", "apache"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_roles_documentation_says_what_its_kind_has(kind):
    found = {name: facts(option) for name, option in documented(kind.name).items()}
    assert found == {f"twca_{kind.name}_{name}": facts(option) for name, option in kind.options.items()}


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
def test_an_entrys_own_options_are_documented(kind):
    entry = documented("certificate")["twca_certificates"]["options"]
    for option in kind.entry_options:
        assert facts(entry[f"{kind.name}_{option}"]) == {
            key: value for key, value in facts(kind.options[option]).items() if key != "default"
        }


def test_the_role_for_all_names_each_kind_and_its_variables():
    options = documented("server")
    assert options["twca_server"]["choices"] == registry.kinds()
    assert set(options) == {"twca_server", *settings.variables(OTHERS[0])}


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.name)
def test_the_readme_explains_each_option(kind):
    readme = (ROOT / "roles/server/README.md").read_text(encoding="utf-8")
    of_all, *sections = readme.split("\n## ")
    (section,) = (one for one in sections if one.startswith(f"{kind.name}\n"))
    for option in kind.options:
        assert f"`{option}`" in (of_all if option in service.OPTIONS else section)
        assert f"C({option})" in " ".join(documented("server")["twca_server_options"]["description"])


def test_a_ninth_kind_is_the_file_that_contributing_shows():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("\n## A ninth kind of server\n")[2]
    source = textwrap.dedent(re.search(r"^ *```python\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)[1])
    module = {"__name__": f"{registry.__package__}.kinds.slapd", "__package__": f"{registry.__package__}.kinds"}
    exec(compile(source, "slapd.py", "exec"), module)
    found = Facts(module["KIND"], reload=["mine"])
    assert (module["KIND"].name, found.uses[0]) == ("slapd", f"{LIVE}/fullchain.pem")
    assert (found.commands.reload, found.commands.included[0]) == (["mine"], "/usr/sbin/slapcat")
