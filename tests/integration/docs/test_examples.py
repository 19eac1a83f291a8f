# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example in the documentation is right: its syntax, and each option and variable of this collection in it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import typing as t
from pathlib import Path

import guides
import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from guides import Example
from plays import ROOT, run_playbook

PREFIX = "twca.ssl."
EXAMPLES = guides.everything()
YAML = [one for one in EXAMPLES if one.language == "yaml"]
KINDS = sorted(path.stem for path in (ROOT / "plugins/module_utils/_servers/kinds").glob("[a-z]*.py"))
# Other programs' files.
FOREIGN = (".gitlab-ci.yml", ".github/", "execution-environment.yml", "rulebook.yml", "endpoints.yml")


def role_specs() -> dict[str, dict[str, t.Any]]:
    """The variables of all roles; one that several have is described in full by the role certificate."""
    specs: dict[str, dict[str, t.Any]] = {}
    paths = sorted(ROOT.glob("roles/*/meta/argument_specs.yml"), key=lambda path: "/certificate/" not in str(path))
    for path in paths:
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values():
            specs = {**entry.get("options", {}), **specs}
    return specs


ROLES = role_specs()


def collections(directory: Path) -> Path:
    """A collections path with this checkout in it."""
    place = directory / "collections/ansible_collections/twca"
    place.mkdir(parents=True)
    (place / "ssl").symlink_to(ROOT)
    return directory / "collections"


@pytest.fixture(scope="module")
def modules(tmp_path_factory) -> dict[str, dict[str, t.Any]]:
    """The documented options of this collection's modules."""
    names = [PREFIX + path.stem for path in sorted((ROOT / "plugins/modules").glob("*.py"))]
    done = subprocess.run(
        ["ansible-doc", "--json", *names],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections(tmp_path_factory.mktemp("doc")))},
        capture_output=True,
        text=True,
        check=True,
    )
    return {name: doc["doc"]["options"] for name, doc in json.loads(done.stdout).items()}


def kind_of(example: Example) -> str:
    content = yaml.safe_load(example.text)
    if example.name.startswith(FOREIGN):
        return "foreign"
    if isinstance(content, list):
        return "playbook" if "hosts" in content[0] else "tasks"
    if "all" in content:
        return "inventory"
    return "variables" if all(re.match("_?_?(twca|vault)_", name) for name in content) else "profile"


def of_kind(*kinds: str) -> t.Any:
    return pytest.mark.parametrize("example", [one for one in YAML if kind_of(one) in kinds], ids=str)


def playbook_of(example: Example) -> list[dict[str, t.Any]]:
    content = yaml.safe_load(example.text)
    return content if "hosts" in content[0] else [{"hosts": "localhost", "gather_facts": False, "tasks": content}]


def test_playbooks_have_no_error_of_syntax(tmp_path):
    books = []
    for number, example in enumerate(one for one in YAML if kind_of(one) in ("playbook", "tasks")):
        books.append(tmp_path / f"{number}-{Path(example.source).stem}.yml")
        text = yaml.safe_dump(playbook_of(example), allow_unicode=True, sort_keys=False)
        books[-1].write_text(text, encoding="utf-8")
    done = run_playbook(tmp_path, "--syntax-check", "-i", "localhost,", *map(str, books))
    assert done.rc == 0, done.output


def tasks_of(play: dict[str, t.Any]) -> t.Iterator[tuple[str, dict[str, t.Any]]]:
    for task in play.get("tasks", []):
        yield from ((key, value) for key, value in task.items() if key.startswith(PREFIX))


@of_kind("playbook", "tasks")
def test_options_and_variables_of_a_playbook_exist(example, modules):
    for play in playbook_of(example):
        check_variables(play.get("vars", {}))
        for module, options in tasks_of(play):
            documented = modules[module]
            assert set(options or {}) <= set(documented), module
            required = {name for name, spec in documented.items() if spec.get("required")}
            assert required <= set(options or {}), module
            for name, value in (options or {}).items():
                choices = documented[name].get("choices")
                assert not choices or "{{" in str(value) or value in choices, f"{module}: {name}"


def known(value: t.Any) -> t.Any:
    """A value without what templates will put into it."""
    if isinstance(value, dict):
        return {name: known(one) for name, one in value.items() if not (isinstance(one, str) and "{{" in one)}
    return [known(one) for one in value] if isinstance(value, list) else value


def check_variables(variables: dict[str, t.Any]) -> None:
    """Their names and types are those of the roles' argument specs; what a template makes of them cannot be known."""
    ours = {name: value for name, value in variables.items() if name.startswith("twca_")}
    # twca_server chooses the role in twca.ssl.site.
    specs = {**ROLES, "twca_server": {"type": "str", "choices": [*KINDS, "none", "iis"]}}
    assert set(ours) <= set(specs)
    given = known(ours)
    result = ArgumentSpecValidator({name: specs[name] for name in given}).validate(given)
    # A required one may be among what is not known yet.
    assert [one for one in result.error_messages if "missing required" not in one] == []


@of_kind("variables")
def test_variables_exist_and_are_of_their_type(example):
    check_variables(yaml.safe_load(example.text))


def groups_of(group: dict[str, t.Any]) -> t.Iterator[dict[str, t.Any]]:
    yield group.get("vars", {})
    yield from (variables or {} for variables in group.get("hosts", {}).values())
    for child in group.get("children", {}).values():
        yield from groups_of(child)


@of_kind("inventory")
def test_variables_of_an_inventory_exist(example):
    for variables in groups_of(yaml.safe_load(example.text)["all"]):
        check_variables(variables)


@of_kind("profile")
def test_a_profile_is_accepted(example, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(collections(tmp_path)))
    from ansible_collections.twca.ssl.plugins.module_utils._portal import profile

    profile.load(yaml.safe_load(example.text))


def test_the_rulebook_is_the_one_that_ships():
    shown = next(one for one in YAML if one.name == "rulebook.yml")
    shipped = ROOT / "extensions/eda/rulebooks/renew.yml"
    assert yaml.safe_load(shown.text) == yaml.safe_load(shipped.read_text(encoding="utf-8"))


def test_commands_name_playbooks_and_variables_that_exist():
    playbooks = {f"{PREFIX}{path.stem}" for path in ROOT.glob("playbooks/*.yml")}
    inside = {name for path in ROOT.glob("playbooks/*.yml") for name in re.findall(r"twca_\w+", path.read_text())}
    for example in EXAMPLES:
        for line in re.findall(r"^.*ansible-playbook .*$", example.text, re.MULTILINE):
            assert set(re.findall(r"twca\.ssl\.\w+", line)) <= playbooks, line
            assert set(re.findall(r"-e [\"']?(twca_\w+)", line)) <= set(ROLES) | inside, line


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.language == "sh"], ids=str)
def test_a_script_passes_shellcheck(example, tmp_path):
    script = tmp_path / "script.sh"
    script.write_text(example.text, encoding="utf-8")
    done = subprocess.run(["shellcheck", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_accepts_the_units(tmp_path):
    units = [one for one in EXAMPLES if one.language == "ini"]
    assert len(units) == 2
    for unit in units:
        text = unit.text.replace("/srv/ansible/renew.sh", "/bin/true")
        (tmp_path / unit.name.rpartition("/")[2]).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", tmp_path / "twca.timer", tmp_path / "twca.service"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "twca" in line]
    assert ours == []
