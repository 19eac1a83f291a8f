# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specs, read out of the real modules."""

from __future__ import annotations

import pytest
from windows import argspec
from windows.errors import ModuleFailure

_MODULES = {"win": "ansible/windows", "slurp": "ansible/windows", "website": "microsoft/iis"}


@pytest.fixture
def spec(upstream):
    def read(name):
        return argspec.read((upstream / _MODULES[name.split("_")[0]] / "plugins/modules" / f"{name}.ps1").read_bytes())

    return read


def test_a_spec_over_ansible_basic(spec):
    store = spec("win_certificate_store")
    assert store.options["key_storage"] == {
        "type": "str",
        "default": "default",
        "choices": ["default", "machine", "user"],
    }
    assert store.rules["required_if"][0] == ["state", "absent", ["path", "thumbprint"], True]
    assert store.secret == {"password"}
    assert store.supports_check_mode


def test_a_spec_that_refers_to_a_variable(spec):
    bindings = spec("website").options["bindings"]
    assert bindings["options"]["add"]["options"]["protocol"]["default"] == "http"
    assert bindings["mutually_exclusive"] == [["set", "add"], ["set", "remove"]]


def test_a_spec_with_names_of_the_runtime(spec):
    assert spec("win_certificate_info").options["store_location"]["choices"] == ["CurrentUser", "LocalMachine"]


def test_a_legacy_spec_is_gathered_from_its_calls(spec):
    file = spec("win_file")
    assert file.legacy and file.supports_check_mode
    assert file.options["state"]["choices"] == ["absent", "directory", "file", "touch"]
    assert file.options["path"] == {"type": "path", "aliases": ["dest", "name"], "required": True}


def test_paths_are_expanded_as_windows_does_and_not_as_posix_does(spec):
    checked = spec("win_certificate_store").check({"path": r"%ProgramData%\twca\$HOME~.p12"})
    assert checked["path"] == r"C:\ProgramData\twca\$HOME~.p12"


@pytest.mark.parametrize(
    ("module", "arguments", "message"),
    [
        ("win_certificate_store", {"paht": "C:\\x"}, "Unsupported parameters: paht"),
        ("win_certificate_store", {"state": "present"}, "path"),
        ("win_certificate_store", {"path": "C:\\x", "file_type": "pfx"}, "file_type"),
        ("website", {"name": "x", "bindings": {"add": [{"hostnam": "x"}]}}, "hostnam"),
        ("website", {"name": "x", "bindings": {"add": [], "set": []}}, "mutually exclusive"),
        ("win_file", {"path": "C:\\x", "state": "gone"}, "state"),
    ],
)
def test_wrong_arguments_are_refused(spec, module, arguments, message):
    with pytest.raises(ModuleFailure, match=message):
        spec(module).check(arguments)


def test_a_legacy_module_ignores_what_it_does_not_ask_for(spec):
    assert spec("slurp").check({"src": "C:\\x", "unknown": 1})["src"] == "C:\\x"
