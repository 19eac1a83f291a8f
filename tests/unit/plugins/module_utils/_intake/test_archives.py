# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import io
import zipfile

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._intake import archives


def packed(*members, method=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


def files(data, most=10, limit=100):
    return list(archives.files(data, most=most, limit=limit))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_files_with_their_names(method):
    data = packed(("a.crt", b"one"), ("folder/", b""), ("folder/b.crt", b"two"), method=method)
    assert files(data) == [("a.crt", b"one"), ("folder/b.crt", b"two")]


def test_a_long_file_is_cut_after_one_byte_more():
    assert [len(content) for _name, content in files(packed(("a", b"x" * 100), ("b", b"x" * 5000)))] == [100, 101]


def test_so_many_members_are_looked_at():
    data = packed(*((str(number), b"x") for number in range(12)))
    assert len(files(data)) == 10
    assert len(files(data, most=3)) == 3


def test_what_is_packed_in_another_way_is_left_out():
    assert files(packed(("a", b"one"), method=zipfile.ZIP_BZIP2)) == []


def test_what_is_encrypted_is_left_out():
    data = bytearray(packed(("a", b"one"), ("b", b"two")))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    assert files(bytes(data)) == [("b", b"two")]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"nothing", packed(("a", b"one"))[:-10]])
def test_what_is_no_archive_has_none(data):
    assert files(data) == []


def test_a_broken_archive_ends_where_it_breaks():
    data = packed(("a", b"one"), ("b", b"two" * 100))
    place = data.index(b"two", data.index(b"PK\x03\x04", 5)) if b"two" in data else data.index(b"PK\x03\x04", 5) + 33
    broken = data[:place] + b"\xff\xff\xff" + data[place + 3 :]
    assert files(broken, limit=1000)[:1] == [("a", b"one")]
    assert len(files(broken, limit=1000)) == 1
