# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time

import pki_factory as pki
import pytest
from ansible_collections.twca.ssl.plugins.module_utils._pki import armour, certificates, csr, keys
from ansible_collections.twca.ssl.plugins.module_utils._pki.subject import Subject

KEY = pki.new_key()
LEAF = pki.authority().leaf(KEY)
PEM = pki.pem(LEAF)


def each_line(text, mark):
    return "".join(f"{mark}{line}\n" for line in text.splitlines())


FORMS = {
    "plain": PEM.encode(),
    "utf-8-bom": PEM.encode("utf-8-sig"),
    "utf-16": PEM.encode("utf-16"),
    "utf-16-le": PEM.encode("utf-16-le"),
    "utf-16-be": PEM.encode("utf-16-be"),
    "utf-16-le-bom": b"\xff\xfe" + PEM.encode("utf-16-le"),
    "utf-16-be-bom": b"\xfe\xff" + PEM.encode("utf-16-be"),
    "utf-16-after-words": ("您的憑證\r\n" + PEM).encode("utf-16-le"),
    "utf-16-cut-within-a-character": b"x" + PEM.encode("utf-16-le"),
    "crlf": PEM.replace("\n", "\r\n").encode(),
    "cr": PEM.replace("\n", "\r").encode(),
    "line-separators": PEM.replace("\n", "\u2028").encode(),
    "nbsp": PEM.replace("BEGIN CERT", "BEGIN\xa0CERT").replace("\n", "\xa0\n\xa0").encode(),
    "nbsp-latin-1": PEM.replace("\n", "\xa0\r\n").encode("latin-1"),
    "nbsp-utf-16": PEM.replace("\n", "\xa0\r\n").encode("utf-16"),
    "zero-width": PEM.replace("\n", "\u200b\n\ufeff").encode(),
    "quoted": each_line(PEM, "> ").encode(),
    "quoted-twice": each_line(PEM, "> >> ").encode(),
    "barred": each_line(PEM, "| ").encode(),
    "both": each_line(PEM, " | > ").encode(),
    "indented": each_line(PEM, "    ").encode(),
    "quoted-crlf-utf-16": each_line(PEM, "> ").replace("\n", "\r\n").encode("utf-16"),
}
BARE = "".join(PEM.splitlines()[1:-1])


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS.keys())
def test_a_certificate_as_people_have_it(data):
    assert certificates.load_any(data) == [LEAF]
    ((label, content),) = armour.blocks(data)
    assert armour.pem(label, content) == PEM


@pytest.mark.parametrize("encoding", ["ascii", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_bare_base64(encoding):
    assert certificates.load_any(f"{BARE}\r\n".encode(encoding)) == [LEAF]


@pytest.mark.parametrize("form", ["quoted", "nbsp", "cr", "utf-8-bom"])
def test_an_option_is_read_as_a_file_is(form):
    assert certificates.load_pem(FORMS[form].decode()) == LEAF


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-16-be"])
def test_keys_and_requests_are_read_alike(encoding):
    key_pem = pki.key_pem(KEY)
    request = csr.build(key_pem, Subject("a.tw", "TW", "Taiwan", "Taipei", "Example Ltd."), ["DNS:a.tw"])
    quoted = each_line(request, "> ").replace("\n", "\r\n").encode(encoding)
    assert csr.load(quoted).pem == request
    quoted = each_line(key_pem.decode(), "| ").encode(encoding)
    assert keys.public_key_sha256(keys.load(quoted)) == keys.public_key_sha256(KEY)


def test_a_request_keeps_its_label():
    request = csr.build(pki.key_pem(KEY), Subject("a.tw", "TW", "Taiwan", "Taipei", "Example Ltd."), ["DNS:a.tw"])
    new = request.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")
    assert csr.load(new).pem == new


def test_text_that_is_none():
    for given in (b"", b"\xff", b"\xff\xfe", b"\xfe\xff\xd8", bytes(range(256)), "\ud800", b"\0", b"\0\0", b"a\0"):
        assert armour.blocks(given) == []
    assert armour.octets("a\udcff") == b"a\xff"
    assert armour.octets("a\ud800") == b"a?"


@pytest.mark.parametrize(
    "data", [b"-----BEGIN CERTIFICATE-----\n" * 40_000, b"> " * 500_000, b"-----BEGIN " * 90_000, b" " * 1_000_000]
)
def test_time_grows_with_the_size_only(data):
    begin = time.process_time()
    assert certificates.load_any(data) == []
    assert time.process_time() - begin < 3
