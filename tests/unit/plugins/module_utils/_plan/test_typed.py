# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values as their types want them."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan.typed import Place, Reader

CONTACT = {"type": "dict", "options": {"name": {"type": "str"}, "tax_id": {"type": "str"}}}
ENTRIES = {
    "type": "list",
    "elements": "dict",
    "options": {
        "common_name": {"type": "str", "required": True},
        "subject_alt_name": {"type": "list", "elements": "str"},
        "proof": {"type": "bool"},
        "contact": CONTACT,
        "passphrase": {"type": "str", "no_log": True},
    },
}


def read(value, spec, **options):
    """The value, and what is wrong with it."""
    reader = Reader(**options)
    return reader.read(value, spec, Place("twca_x")), [problem.sentence for problem in reader.problems]


@pytest.mark.parametrize(
    "no", ["no", "No", "NO", "n", "off", "OFF", "false", "False", "f", "0", " false ", 0, 0.0, False]
)
@pytest.mark.parametrize("yes", ["yes", "Yes", "y", "on", "On", "true", "TRUE", "t", "1", 1, 1.0, True])
def test_a_boolean_in_each_spelling_that_ansible_takes(no, yes):
    assert (read(no, {"type": "bool"}), read(yes, {"type": "bool"})) == ((False, []), (True, []))


@pytest.mark.parametrize(
    ("value", "shown"),
    [("ture", "text ('ture')"), ("", "text ('')"), (2, "a number (2)"), ([], "a list"), ({}, "a dictionary")],
)
def test_what_is_neither_true_nor_false(value, shown):
    assert read(value, {"type": "bool"}) == (
        None,
        [f"twca_x is {shown}, which is neither true nor false: write true or false."],
    )


@pytest.mark.parametrize(
    ("value", "spec", "expected"),
    [
        (" 12", {"type": "int"}, 12),
        ("-1", {"type": "int"}, -1),
        (3.0, {"type": "int"}, 3),
        (70759028, {"type": "str"}, "70759028"),
        (datetime.date(2026, 12, 1), {"type": "str"}, datetime.date(2026, 12, 1)),
        ("~/x", {"type": "path"}, "~/x"),
        ("", {"type": "str"}, ""),
        ("", {"type": "list", "elements": "str"}, None),
        ("", {"type": "dict"}, None),
        ("", {"type": "int"}, None),
        (None, {"type": "bool"}, None),
        ((1, "a"), {"type": "list", "elements": "str"}, ["1", "a"]),
        ({"free": "of form"}, {"type": "dict"}, {"free": "of form"}),
        ("ab,cd", {"type": "raw"}, "ab,cd"),
    ],
)
def test_what_can_be_meant(value, spec, expected):
    assert read(value, spec) == (expected, [])


@pytest.mark.parametrize(
    ("value", "spec", "sentence"),
    [
        ("many", {"type": "int"}, "twca_x is text ('many'), and must be a whole number."),
        (True, {"type": "int"}, "twca_x is a truth value (True), and must be a whole number."),
        (3.5, {"type": "int"}, "twca_x is a number (3.5), and must be a whole number."),
        (False, {"type": "str"}, "twca_x is a truth value (False), and must be text: put what is meant in quotes."),
        (["a"], {"type": "path"}, "twca_x is a list, and must be text."),
        (
            443,
            {"type": "dict"},
            "twca_x is a number (443), and must be a dictionary: write its options below it, each with a colon.",
        ),
        (
            "a, b",
            {"type": "list", "elements": "str"},
            "twca_x is text ('a, b'), and must be a list: write each item after a dash, or [a, b].",
        ),
        ({"a": 1}, {"type": "list"}, "twca_x is a dictionary, and must be a list: write each item after a dash."),
        (
            "nginxx",
            {"type": "str", "choices": ["nginx", "none"]},
            "twca_x is text ('nginxx'), and must be one of nginx, none; did you mean nginx?",
        ),
        (
            "rsa",
            {"type": "str", "choices": ["RSA", "ECC"]},
            "twca_x is text ('rsa'), and must be one of RSA, ECC; did you mean RSA?",
        ),
        ("lots", {"type": "str", "choices": ["a"]}, "twca_x is text ('lots'), and must be one of a."),
        (
            "s3cret",
            {"type": "dict", "no_log": True},
            "twca_x is text, and must be a dictionary: write its options below it, each with a colon.",
        ),
        (
            "s3cret",
            {"type": "list", "no_log": True},
            "twca_x is text, and must be a list: write each item after a dash.",
        ),
        ({"taxid": 1}, CONTACT, "twca_x.taxid: there is no such option; did you mean tax_id?"),
        ({"zzz": 1}, CONTACT, "twca_x.zzz: there is no such option; there are name, tax_id."),
        ([{}], ENTRIES, "twca_x[0] has no common_name: give it."),
        (["a", None], {"type": "list", "elements": "str"}, "twca_x[1] has no value: write one, or leave the item out."),
        (
            [{"common_nmae": "a.tw"}],
            ENTRIES,
            "twca_x[0].common_nmae: there is no such option; did you mean common_name?",
        ),
        (
            [{"common_name": "a.tw"}, {"common_name": "b.tw", "subject_alt_name": "a,b"}],
            ENTRIES,
            "twca_x[1].subject_alt_name (b.tw) is text ('a,b'), and must be a list: write each item after a dash, or [a, b].",
        ),
        (
            [{"common_name": "a.tw", "contact": {"tax_idd": 1}}],
            ENTRIES,
            "twca_x[0].contact.tax_idd (a.tw): there is no such option; did you mean tax_id?",
        ),
        (
            [{"common_name": "a.tw", "subject_alt_name": ["b", True]}],
            ENTRIES,
            "twca_x[0].subject_alt_name[1] (a.tw) is a truth value (True), and must be text: put what is meant in quotes.",
        ),
        (
            ["a.tw"],
            ENTRIES,
            "twca_x[0] is text ('a.tw'), and must be a dictionary: write its options below it, each with a colon.",
        ),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(value, spec, sentence):
    assert read(value, spec)[1] == [sentence]


def test_a_problem_names_its_variable_and_its_entry():
    reader = Reader()
    reader.read([{"common_name": "a.tw", "proof": "ture"}, {"proof": "ture"}], ENTRIES, Place("twca_x"))
    assert [(one.variable, one.entry, one.name) for one in reader.problems] == [
        ("twca_x", 0, "a.tw"),
        ("twca_x", 1, None),
        ("twca_x", 1, None),
    ]


def test_a_long_text_is_cut():
    (sentence,) = read("x" * 300, {"type": "bool"})[1]
    assert len(sentence) < 150


def test_of_a_template_that_is_to_be_filled_in_nothing_is_known():
    value = [
        {"common_name": "{{ name }}", "proof": "{% if a %}yes{% endif %}", "contact": "{{ contact }}"},
        "{{ entry }}",
    ]
    assert read(value, ENTRIES, templates=True)[1] == []
    assert read(object(), {"type": "int"}, templates=True)[1] == []  # an encrypted value
    (sentence,) = read([{"common_name": "{{ name }}", "proof": "ture"}], ENTRIES, templates=True)[1]
    assert sentence.startswith("twca_x[0].proof is text ('ture')")


def test_without_secrets_none_is_read():
    class Vault(dict):
        def __getitem__(self, key):
            assert key != "passphrase"
            return super().__getitem__(key)

    entry = Vault(common_name="a.tw", passphrase="secret")
    assert read([entry], ENTRIES, secrets=False) == ([{"common_name": "a.tw", "passphrase": None}], [])
    assert read([dict(entry)], ENTRIES)[0][0]["passphrase"] == "secret"
