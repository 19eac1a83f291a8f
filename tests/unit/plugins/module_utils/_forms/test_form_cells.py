# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._forms import cells


def attributes(cell):
    return cells.plain(cell)["attributes"]


def test_a_cell_as_plain_data():
    assert cells.plain(cells.Cell("td", {"class": None, "colspan": 3, "rowspan": 1}, lines=["a"])) == {
        "tag": "td",
        "attributes": {"colspan": "3"},
        "lines": ["a"],
        "digits": (),
        "choices": (),
        "reasons": (),
    }


def test_labels():
    assert attributes(cells.label("a")) == {"scope": "row"}
    assert attributes(cells.label("a", "b", columns=2, css="group")) == {
        "class": "group",
        "scope": "row",
        "colspan": "2",
    }
    assert cells.label("a", "b").lines == ("a", "b")
    group = cells.group("a", rows=5)
    assert (group.tag, attributes(group)) == ("th", {"class": "group", "scope": "rowgroup", "rowspan": "5"})


@pytest.mark.parametrize(("length", "span", "is_long"), [(40, 1, False), (41, 1, True), (80, 3, False), (81, 3, True)])
def test_a_value_that_is_long_is_set_smaller(length, span, is_long):
    head, value = cells.pair("a", "v" * length, head=2, span=span)
    assert (head.tag, attributes(head)["colspan"], value.tag) == ("th", "2", "td")
    assert (attributes(value).get("class") == "long") is is_long
    assert attributes(value).get("colspan", "1") == str(span)


def test_digits_stand_in_groups():
    cell = cells.digits("123456789", columns=3)
    assert (cell.digits, attributes(cell)) == (["1234", "5678", "9"], {"class": "mono digits", "colspan": "3"})


def test_boxes():
    cell = cells.choices([(True, "a"), (False, "b")], columns=3)
    assert (cell.choices, attributes(cell)) == (["■a", "□b"], {"colspan": "3"})
    cell = cells.reasons([(False, "a", ""), (True, "b", "c")], columns=4)
    assert cell.reasons == [{"text": "□a", "after": ""}, {"text": "■b", "after": "c"}]
    assert attributes(cell) == {"class": "reasons", "colspan": "4"}
