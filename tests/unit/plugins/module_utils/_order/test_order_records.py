# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file that is no record is a sentence: it neither crashes nor stops the program, and it stays as it is."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import stat
import time

import module_runner
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import StoreError
from ansible_collections.twca.ssl.plugins.module_utils._order import journal, records, revocation
from hypothesis import given
from hypothesis import strategies as st

AT = "2026-11-23T03:00:00Z"
ORDER = journal.Record(
    common_name="www.example.com.tw",
    public_key_sha256="ab" * 32,
    state="issued",
    operation="renew",
    csr="a CSR",
    baseline=("serial:1",),
    history=(("prepared", AT), ("accepted", AT)),
    portal_message="作業成功",
    contact_changes=({"contact": "technical", "field": "phone", "before": None, "after": "02-1234"},),
    certificate="PEM",
    chain=("PEM", "PEM"),
    serial_number="5F",
    seals=(("mark1.gif", "R0lG"),),
)
REVOCATION = revocation.Record("www.example.com.tw", "5F", "revoked", (("revoked", AT),), "OK", "<html>", "ocsp")
KINDS = [(ORDER, journal.STATES), (REVOCATION, ("submitting", "requested", "revoked"))]


def read(path, record=ORDER, states=journal.STATES):
    return records.read(path, type(record), states)


@pytest.mark.parametrize(("record", "states"), KINDS)
def test_all_of_a_record_is_read_again(tmp_path, record, states):
    records.write(tmp_path / "x.json", record)
    assert read(tmp_path / "x.json", record, states) == record


@pytest.mark.parametrize(("record", "states"), KINDS)
def test_a_record_without_the_fields_that_came_later_is_read(tmp_path, record, states):
    needed = [
        field.name
        for field in dataclasses.fields(record)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]
    content = {"format": 1, **{name: getattr(record, name) for name in needed}}
    (tmp_path / "x.json").write_text(json.dumps(content))
    assert read(tmp_path / "x.json", record, states) is not None


WRONG = [
    None,
    1,
    1.5,
    True,
    "text",
    [],
    ["text"],
    [1],
    [["text", 1]],
    {},
    {"a": 1},
    [{"a": {"b": 1}}],
    [None],
    [[]],
    "\ud800",
]


@pytest.mark.parametrize(("record", "states"), KINDS)
def test_no_field_may_be_of_another_kind(tmp_path, record, states):
    path = tmp_path / "x.json"
    records.write(path, record)
    content = json.loads(path.read_text("utf-8"))
    refused = 0
    for name in content:
        for value in WRONG:
            path.write_text(json.dumps({**content, name: value}))
            try:
                found = read(path, record, states)
            except StoreError as error:
                assert "may be all that is known of a paid order" in error.message
                refused += 1
                continue
            # What is read can be written, shown and gone on with.
            records.write(path, found)
            assert isinstance(getattr(found, name, None), (str, tuple, bool, type(None)))
    assert refused > len(content) * 8


def fifo(path):
    os.mkfifo(path)


def folder(path):
    path.mkdir()


def link(path):
    other = path.with_name("other")
    records.write(other, ORDER)
    path.symlink_to(other)


def plug(path):
    os.mknod(path, stat.S_IFSOCK)


def sparse(path):
    with path.open("wb") as file:
        file.truncate(1 << 42)


def containing(data):
    def prepare(path):
        path.write_bytes(data)

    return prepare


DAMAGE = {
    "FIFO": fifo,
    "folder": folder,
    "link": link,
    "socket": plug,
    "huge": sparse,
    "empty": containing(b""),
    "nested lists": containing(b"[" * 200_000),
    "nested lists, closed": containing(b"[" * 100_000 + b"]" * 100_000),
    "nested objects": containing(b'{"a":' * 200_000),
    "nested in a field": containing(
        json.dumps({"format": 1, "state": "issued"})[:-1].encode() + b',"csr":' + b"[" * 900 + b"]" * 900 + b"}"
    ),
    "no UTF-8": containing(b'{"format": 1, "state": "issued\xff"}'),
    "UTF-16": containing(json.dumps({"format": 1}).encode("utf-16")),
    "NaN": containing(b'{"format": NaN}'),
    "Infinity": containing(b'{"format": 1, "state": "issued", "csr": -Infinity}'),
    "a long number": containing(b'{"format": ' + b"9" * 5_000_000 + b"}"),
    "a list": containing(b"[]"),
    "a text": containing(b'"text"'),
    "null": containing(b"null"),
    "a list for a state": containing(b'{"format": 1, "state": []}'),
    "an unknown field": containing(b'{"format": 1, "state": "issued", "x\\u001b[2J": 1}'),
    "no fields": containing(b'{"format": 1, "state": "issued"}'),
    "no time": containing(
        json.dumps({"format": 1, **dataclasses.asdict(ORDER), "history": [["issued", "soon"]]}).encode()
    ),
}


@pytest.mark.parametrize("prepare", DAMAGE.values(), ids=DAMAGE)
def test_damage_is_a_sentence_at_once(tmp_path, prepare):
    state_dir = tmp_path / "state"
    kept = journal.Journal(state_dir)
    kept.write(ORDER)
    path = next(state_dir.glob("orders/*/*.json"))
    path.unlink()
    prepare(path)
    before = path.lstat()
    begun = time.monotonic()
    with pytest.raises(StoreError, match="may be all that is known of a paid order") as failure:
        kept.read(ORDER.common_name, ORDER.public_key_sha256)
    with pytest.raises(module_runner.Failed, match="The journal file .* cannot be read"):
        module_runner.run("twca_order_info", state_dir=str(state_dir))
    assert time.monotonic() - begun < 10
    assert "\x1b" not in failure.value.message
    assert len(failure.value.message) < 1000
    after = path.lstat()
    assert (after.st_ino, after.st_size, after.st_mtime_ns) == (before.st_ino, before.st_size, before.st_mtime_ns)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)
    )
)
def test_any_json_is_a_record_or_a_sentence(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("records") / "x.json"
    for content in (value, {"format": 1, **dataclasses.asdict(ORDER), "contact_changes": value, "seals": value}):
        path.write_text(json.dumps(content))
        with contextlib.suppress(StoreError):
            records.write(path, read(path))


def test_half_a_character_stops_no_record(tmp_path):
    record = dataclasses.replace(ORDER, portal_message="half \ud800")
    records.write(tmp_path / "x.json", record)
    assert read(tmp_path / "x.json").portal_message == "half ?"


def test_what_may_not_be_read_is_said_to_be_so(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied", "x.json")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError):
        read(tmp_path / "x.json")
