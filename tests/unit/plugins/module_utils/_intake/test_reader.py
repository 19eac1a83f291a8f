# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import time

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import CertificateError
from ansible_collections.twca.ssl.plugins.module_utils._intake import message, reader, signed, tnef
from ansible_collections.twca.ssl.plugins.module_utils._mailbox import notice
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mail import samples

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PLACED = samples.order()
LEAF = samples.pem(PLACED.leaf)
DER = samples.der(PLACED.leaf)
NOTICE = bytes(samples.notice(PLACED))


def sealed(content):
    head = b"MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n"
    return samples.base64_part(content, head)


CONTAINERS = {
    "tnef": samples.tnef({"logo.gif": samples.GIF, "憑證.cer": DER}),
    "tnef-pem-utf-16": samples.tnef({"cert.txt": LEAF.decode().encode("utf-16")}),
    "tnef-forwarded": samples.tnef({}, samples.tnef({"cert.cer": DER})),
    "zip-in-tnef": samples.tnef({"cert.zip": samples.zipped({"cert.cer": DER})}),
    "signed": samples.signed(PLACED, NOTICE),
    "signed-crlf-part": samples.signed(PLACED, samples.base64_part(DER)),
    "signed-text": samples.signed(PLACED, LEAF),
    "signed-twice": samples.signed(PLACED, sealed(samples.signed(PLACED, NOTICE))),
    "streamed": samples.streamed(NOTICE),
    "tnef-in-signed": samples.signed(PLACED, samples.base64_part(samples.tnef({"cert.cer": DER}))),
    "a-saved-mail": NOTICE,
    "a-saved-signed-mail": sealed(samples.signed(PLACED, NOTICE)),
    "zip": samples.zipped({"a.cer": DER, "b/winmail.dat": samples.tnef({"x": DER})}),
}


@pytest.mark.parametrize("data", CONTAINERS.values(), ids=CONTAINERS.keys())
def test_what_is_wrapped_up_is_found_in_files_and_in_mails_alike(data):
    assert reader.certificates(data)[0] == PLACED.leaf
    for mail in (bytes(samples.mail(("winmail.dat", data))), samples.multipart(samples.base64_part(data))):
        found = notice._read(mail, PLACED.public_key_sha256)
        assert found is not None
        assert found.certificates[0] == PLACED.leaf


def test_a_signed_mail_whole_and_its_seals():
    found = notice._read(sealed(samples.signed(PLACED, NOTICE)), PLACED.public_key_sha256)
    assert found.seals == samples.SEALS
    assert found.certificates == PLACED.chain


def test_names_of_attachments_are_the_senders():
    assert message.read(bytes(samples.mail(("winmail.dat", samples.tnef({"標章.gif": samples.GIF}))))).images == {
        "標章.gif": samples.GIF
    }


def test_a_signers_certificates_count_where_nothing_else_is_signed():
    assert PLACED.authority.intermediate in reader.certificates(samples.signed(PLACED, b"hello"))


@pytest.mark.parametrize("mark", ["> ", "| ", "\xa0", ">\xa0"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "iso-8859-1"])
def test_pasted_into_a_mail(mark, charset):
    text = "".join(f"{mark}{line}\xa0\r\n" for line in LEAF.decode().splitlines())
    raw = f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + text.encode(charset)
    assert notice._read(raw, PLACED.public_key_sha256).certificates == [PLACED.leaf]


def test_pasted_into_a_mail_in_html():
    pasted = LEAF.decode().replace("BEGIN CERT", "BEGIN&nbsp;CERT").replace("\n", "&nbsp;<br>\r\n&gt;&nbsp;")
    raw = f"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hello</p><p>{pasted}</p>".encode()
    assert notice._read(raw, PLACED.public_key_sha256).certificates == [PLACED.leaf]


def test_an_option_holds_one():
    assert reader.one(LEAF.decode(), "certificate") == PLACED.leaf
    assert reader.one(base64.b64encode(DER).decode(), "certificate") == PLACED.leaf
    for given_, told in (("no", "none"), ("", "none: this is empty"), (samples.pem(*PLACED.chain), "3")):
        with pytest.raises(CertificateError, match=rf"^chain\[1\] must hold one certificate, but it holds {told}$"):
            reader.one(given_, "chain[1]")


@pytest.mark.parametrize("cut", range(0, 60, 7))
def test_what_is_cut_off_is_not_there(cut):
    for data in (samples.streamed(NOTICE), samples.signed(PLACED, NOTICE)):
        assert signed.content(data[:cut]) == b""
    assert list(tnef.files(samples.tnef({"a": DER})[:cut])) == []


SMALL = [samples.tnef({"a": b"a" * 40}, samples.tnef({"b": b"b"})), samples.streamed(b"a: b\r\n\r\n" * 9, 20)]


@patient
@given(st.sampled_from(SMALL), st.binary(max_size=40), st.integers(0, 400), st.integers(0, 40))
def test_damage_never_raises(data, junk, position, length):
    reader.certificates(data[:position] + junk + data[position + length :])


def test_hostile_nesting_is_bounded():
    deep = DER
    for _ in range(60):
        deep = samples.tnef({}, deep) if deep is not DER else samples.tnef({"a": DER})
    wide = samples.tnef({f"{number}.gif": b"x" for number in range(20_000)})
    nested = b"\x30\x80" * 500_000
    pieces = bytes.fromhex("308006092a864886f70d010702a080308002010131003080") + b"\x06\x09" + signed._DATA
    for data in (
        deep,
        wide,
        nested,
        pieces + b"\xa0\x80" + b"\x24\x80" * 500_000,
        pieces + b"\xa0\x84\xff\xff\xff\xff",
    ):
        begin = time.process_time()
        assert reader.certificates(data) == []
        assert time.process_time() - begin < 3
