# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import types

from ansible_collections.twca.ssl.plugins.plugin_utils._variables import Variables

VARIABLES = Variables(types.SimpleNamespace(template=str.upper), {"one": "a", "empty": ""})


def test_a_value_is_its_template_filled_in():
    assert (VARIABLES.read("one"), VARIABLES.read("empty")) == ("A", "")


def test_what_is_not_set_has_none():
    assert VARIABLES.read("two") is None
    assert VARIABLES.those_set(["one", "two", "empty"]) == {"one": "A", "empty": ""}
