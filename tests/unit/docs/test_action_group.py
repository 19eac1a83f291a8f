# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action group holds the modules that take the portal's options, each says so in its documentation, and no other does."""

from __future__ import annotations

import ast

import yaml
from guides import ROOT

GROUP = "portal"
MODULES = sorted((ROOT / "plugins/modules").glob("*.py"))


def documentation(path):
    """A module's DOCUMENTATION."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DOCUMENTATION":
            return yaml.safe_load(ast.literal_eval(node.value))
    raise AssertionError(f"{path} has no DOCUMENTATION")


def modules_with(fragment):
    return [path.stem for path in MODULES if fragment in documentation(path)["extends_documentation_fragment"]]


def test_the_group_is_the_modules_with_the_portals_options():
    groups = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))["action_groups"]
    assert groups == {GROUP: modules_with(f"twca.ssl.{GROUP}")}


def test_each_of_them_says_so():
    assert modules_with("twca.ssl.attributes.portal_host") == modules_with(f"twca.ssl.{GROUP}")
    source = (ROOT / "plugins/doc_fragments/attributes.py").read_text(encoding="utf-8")
    (fragment,) = (
        yaml.safe_load(ast.literal_eval(node.value))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PORTAL_HOST"
    )
    assert fragment["attributes"]["action_group"]["membership"] == [f"twca.ssl.{GROUP}"]
