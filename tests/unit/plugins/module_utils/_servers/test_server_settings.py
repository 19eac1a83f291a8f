# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of a kind of server."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._servers import contract, registry, settings


class Plain(contract.Kind):
    name = "plain"
    options: t.ClassVar = {
        "place": {"type": "str", "default": "/etc/plain"},
        "loud": {"type": "bool", "default": False},
    }
    entry_options = ("loud",)


class WithRole(Plain):
    has_role = True


class TestWithARoleOfItsOwn:
    def test_the_variables_bear_the_kinds_name(self):
        assert settings.variables(WithRole()) == ["twca_plain_place", "twca_plain_loud"]

    def test_what_is_not_set_has_its_default(self):
        assert settings.of_role(WithRole(), {"twca_plain_place": "/x"}) == {"place": "/x", "loud": False}

    @pytest.mark.parametrize("text", ["false", "no", "off", "0", "False"])
    def test_a_boolean_may_be_text(self, text):
        assert settings.of_role(WithRole(), {"twca_plain_loud": text})["loud"] is False

    def test_a_wrong_type_names_the_variable(self):
        with pytest.raises(InputError, match="^twca_plain_loud is text .*neither true nor false"):
            settings.of_role(WithRole(), {"twca_plain_loud": "perhaps"})


class TestWithoutARole:
    def test_the_variables_are_those_of_the_role_server(self):
        assert settings.variables(Plain()) == ["twca_server_options", "twca_server_validate", "twca_server_reload"]

    def test_options_commands_and_defaults_come_together(self):
        given = {"twca_server_options": {"loud": "yes"}, "twca_server_reload": ["run", "it"]}
        assert settings.of_role(Plain(), given) == {
            "place": "/etc/plain",
            "loud": True,
            "validate": None,
            "reload": ["run", "it"],
        }

    def test_an_unknown_option_is_told_with_those_that_there_are(self):
        with pytest.raises(InputError, match="^twca_server_options: plain has no option lod; it has place, loud.$"):
            settings.of_role(Plain(), {"twca_server_options": {"lod": True}})

    def test_options_must_be_a_dictionary(self):
        with pytest.raises(InputError, match="^twca_server_options is no dictionary"):
            settings.of_role(Plain(), {"twca_server_options": ["loud"]})

    @pytest.mark.parametrize(
        ("given", "where"),
        [
            ({"twca_server_options": {"loud": "perhaps"}}, "twca_server_options.loud"),
            ({"twca_server_validate": {"a": 1}}, "twca_server_validate"),
            ({"twca_server_reload": "systemctl reload a,b"}, "twca_server_reload"),
        ],
    )
    def test_a_wrong_type_names_the_variable(self, given, where):
        with pytest.raises(InputError, match=f"^{where} is "):
            settings.of_role(Plain(), given)


class TestOfAnEntry:
    role: t.ClassVar = {"place": "/etc/plain", "loud": False}

    def test_the_entry_comes_first(self):
        assert settings.of_entry(Plain(), self.role, {"plain_loud": "true"}, "here") == {
            "place": "/etc/plain",
            "loud": True,
        }

    def test_without_options_of_its_own_the_roles_hold(self):
        assert settings.of_entry(Plain(), self.role, {"plain_place": "/elsewhere"}, "here") == self.role

    def test_a_wrong_type_names_the_entry(self):
        with pytest.raises(InputError, match=r"^twca_certificates\[3\]\.plain_loud is text"):
            settings.of_entry(Plain(), self.role, {"plain_loud": "perhaps"}, "twca_certificates[3]")


class TestRegistry:
    def test_each_file_is_a_kind_of_its_name(self):
        assert {"nginx", "apache"} <= set(registry.kinds())
        assert [registry.find(name).name for name in registry.kinds()] == registry.kinds()

    @pytest.mark.parametrize("name", ["nginxx", "", "__init__", "../tls", "Nginx"])
    def test_an_unknown_kind_is_told_with_those_that_there_are(self, name):
        with pytest.raises(InputError, match="write one of .*apache.*nginx.*none, iis"):
            registry.find(name)

    @pytest.mark.parametrize("name", registry.kinds())
    def test_defaults_are_of_their_types_and_entry_options_are_options(self, name):
        kind = registry.find(name)
        given = settings.of_role(kind, {})
        assert set(given) >= set(kind.options)
        assert set(kind.entry_options) <= set(kind.options)

    def test_a_kind_that_says_nothing_asks_for_nothing(self):
        kind = contract.Kind()
        assert (kind.files({}, {}, None), kind.commands({}, None), kind.uses({}, {})) == ([], contract.Commands(), [])
        assert (kind.wants({}), kind.advice({}, {}, None)) == (frozenset(), "")
        kind.check({}, {}, "here")

    def test_a_file_is_described_without_what_is_empty(self):
        assert contract.File("/a", "").describe() == {"path": "/a", "content": ""}
        assert contract.File("/a", "b", ("/c",), "/d", "/e").describe() == {
            "path": "/a",
            "content": "b",
            "elsewhere": ("/c",),
            "formerly": "/d",
            "link": "/e",
        }
