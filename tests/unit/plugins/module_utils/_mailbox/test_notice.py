# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import binascii
import datetime
import email.policy
import quopri
import zipfile
from email.message import EmailMessage

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import MissingLibraryError
from ansible_collections.twca.ssl.plugins.module_utils._intake import message
from ansible_collections.twca.ssl.plugins.module_utils._mailbox import maildir, notice
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mail import samples

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
PLACED = samples.order()
LEAF = samples.pem(PLACED.leaf)
KEY = PLACED.public_key_sha256
TOKENS = [
    b"\r\n",
    b"\n",
    b"--m",
    b"--",
    b"Content-Type: ",
    b"multipart/mixed; boundary=m",
    b"message/rfc822",
    b"text/html",
    b"Content-Transfer-Encoding: ",
    b"base64",
    b"x-uuencode",
    b"begin 644 a\n",
    b"end",
    b"PK\x03\x04",
    b"-----BEGIN ",
    b"Content-Disposition: a; filename*=big5''%ff",
]


def find(monkeypatch: pytest.MonkeyPatch, *mails: bytes, **options: object) -> notice.Notice | None:
    """Search a mailbox that holds these mails, newest first."""
    monkeypatch.setattr(maildir, "messages", lambda *_: (mail for mail in mails))
    return notice.find({"maildir": "x"}, KEY, **options)


def holds_leaf(raw: bytes) -> bool:
    found = notice._read(raw, KEY)
    return found is not None and found.certificates[0] == PLACED.leaf


def text_part(text: str, charset: str = "utf-8", kind: str = "plain") -> bytes:
    return f"Content-Type: text/{kind}; charset={charset}\r\n\r\n".encode() + text.encode(charset)


def test_the_notice_of_the_manual():
    found = notice._read(bytes(samples.notice(PLACED)), KEY)
    assert found == notice.Notice(
        certificates=PLACED.chain,
        seals=samples.SEALS,
        subject="伺服器憑證下載通知",
        date=datetime.datetime(2026, 11, 23, 3, tzinfo=datetime.timezone.utc),
    )


def test_another_key_is_not_found():
    assert notice._read(bytes(samples.notice(PLACED)), "0" * 64) is None


@pytest.mark.parametrize(
    "data",
    [
        LEAF,
        LEAF.replace(b"\n", b"\r\n"),
        b"subject=CN = www\nissuer=CN = x\n" + LEAF + b"trailing words\n",
        b"\xef\xbb\xbf" + LEAF,
        samples.pem(*PLACED.chain),
        samples.der(PLACED.leaf),
        samples.p7(*PLACED.chain),
        samples.p7(*PLACED.chain, encoding=Encoding.PEM),
        base64.encodebytes(samples.der(PLACED.leaf)),
        samples.zipped({"a/readme.txt": b"hello", "ServerCert.cer": samples.der(PLACED.leaf)}),
        samples.zipped({"all.p7b": samples.p7(*PLACED.chain)}, zipfile.ZIP_STORED),
        bytes(samples.notice(PLACED)),
    ],
    ids=["pem", "crlf", "text-around", "bom", "chain", "der", "p7", "p7-pem", "base64", "zip", "zip-stored", "mail"],
)
@pytest.mark.parametrize("name", ["ServerCert.cer", "mark1.gif", "憑證.txt", "x"])
def test_formats_told_apart_by_content(data, name):
    assert holds_leaf(bytes(samples.mail((name, data))))


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit", "7bit", "x-uuencode", "BASE64 ", "binary"])
@pytest.mark.parametrize("kind", ["application/x-x509-user-cert", "application/pkix-cert", "text/plain", "image/gif"])
def test_transfer_encodings(encoding, kind):
    body = LEAF
    if "base64" in encoding.lower():
        body = base64.encodebytes(LEAF)
    elif encoding == "quoted-printable":
        body = quopri.encodestring(LEAF)
    elif encoding == "x-uuencode":
        body = uuencoded("ServerCert.cer", LEAF)
    head = f'Content-Type: {kind}; name="ServerCert.cer"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    assert holds_leaf(samples.multipart(head.encode() + body))


def uuencoded(name: str, data: bytes, padding: bytes = b"") -> bytes:
    lines = [binascii.b2a_uu(data[start : start + 45]).rstrip(b"\n") + padding for start in range(0, len(data), 45)]
    return f"begin 644 {name}\n".encode() + b"\n".join(lines) + b"\n`\nend\n"


@pytest.mark.parametrize("padding", [b"", b"X", b" "])
def test_uuencoded_in_the_text(padding):
    body = (
        b"Dear customer,\n\n" + uuencoded("a.gif", samples.GIF) + uuencoded("b.cer", samples.der(PLACED.leaf), padding)
    )
    raw = b"Subject: old mailer\n\n" + body + b"regards\n"
    assert holds_leaf(raw)
    assert notice._read(raw, KEY).seals == {"a.gif": samples.GIF}


def test_base64_with_what_gateways_and_lists_add():
    body = (
        base64.encodebytes(LEAF + b"\n" * (1 - len(LEAF) % 3)).rstrip()
        + b"==\r\n\r\n______\r\nThis list is run by us\r\n"
    )
    head = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert holds_leaf(samples.multipart(head + body.replace(b"\n", b" \r\n!")))


@pytest.mark.parametrize("charset", ["utf-8", "big5", "us-ascii", "utf-16", "iso-8859-1"])
def test_pasted_into_the_text(charset):
    assert holds_leaf(text_part(f"Hello,\r\n{LEAF.decode()}\r\nbye", charset))


@pytest.mark.parametrize("mark", ["> ", ">> ", "  ", "> > "])
def test_pasted_and_quoted_by_a_reply(mark):
    quoted = "".join(f"{mark}{line}\r\n" for line in LEAF.decode().splitlines())
    assert holds_leaf(text_part(f"On Monday the CA wrote:\r\n{quoted}\r\nThanks!"))


def test_pasted_into_html():
    pasted = LEAF.decode().replace("\n", "<br>\r\n").replace("+", "&#43;")
    assert holds_leaf(text_part(f"<html><p>Your certificate:</p><pre>{pasted}</pre></html>", kind="html"))


def test_pasted_far_down_a_long_text():
    assert holds_leaf(text_part("blah blah\r\n" * 100000 + LEAF.decode()))


def test_nested_and_forwarded():
    inner = samples.multipart(samples.base64_part(LEAF))
    forwarded = b"Content-Type: message/rfc822\r\n\r\n" + inner
    encoded = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(inner)
    saved = samples.base64_part(inner, b'Content-Type: application/octet-stream; name="notice.eml"\r\n')
    for part in (forwarded, encoded, saved, samples.multipart(samples.multipart(forwarded))):
        assert holds_leaf(samples.multipart(b"Content-Type: text/plain\r\n\r\nsee below", part))


def test_an_outer_boundary_that_begins_like_an_inner_one():
    inner = samples.multipart(samples.base64_part(LEAF), boundary=b"mark-2")
    assert holds_leaf(samples.multipart(inner, b"\r\nlast", boundary=b"mark"))


@pytest.mark.parametrize("end", [1, 3])
def test_a_mail_cut_off_after_the_certificate(end):
    raw = samples.multipart(samples.base64_part(LEAF))
    assert holds_leaf(raw[: -len(samples.BOUNDARY) - 4 - end])


def test_a_forward_by_a_real_mail_program():
    outer = EmailMessage(policy=email.policy.SMTP)
    outer["Subject"] = "Fwd: 您的憑證"
    outer.set_content("FYI")
    outer.add_attachment(samples.notice(PLACED))
    found = notice._read(bytes(outer), KEY)
    assert found.certificates[0] == PLACED.leaf
    assert found.seals == samples.SEALS
    assert found.subject == "Fwd: 您的憑證"


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("=?Big5?B?" + base64.b64encode("許功蓋 裏碁恒".encode("cp950")).decode() + "?=", "許功蓋 裏碁恒"),
        ("=?big5?Q?=BE=CC=C3=D2?= (SSL)", "憑證 (SSL)"),
        ("=?utf-8?B?5oaR?=\r\n =?utf-8?B?6K2J?=", "憑證"),
        ("=?x-unknown?B?YWJj?=", "abc"),
        ("=?big5?B?a?=", "=?big5?B?a?="),
        ("plain", "plain"),
    ],
)
def test_subjects(header, subject):
    assert message.read(f"Subject: {header}\r\n\r\n".encode()).subject == subject


@pytest.mark.parametrize("charset", ["cp950", "utf-8"])
def test_a_subject_that_does_not_say_its_character_set(charset):
    assert message.read("Subject: 伺服器憑證下載通知\r\n\r\n".encode(charset)).subject == "伺服器憑證下載通知"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="mark1.gif"', "mark1.gif"),
        ("attachment; filename*=Big5''%BC%D0%B3%B9.gif", "標章.gif"),
        ("attachment; filename*0*=utf-8''%E6%A8%99; filename*1*=%E7%AB%A0; filename*2=.gif", "標章.gif"),
        ("attachment; filename==?Big5?B?vNCzuQ==?=.gif", "標章.gif"),
        ('attachment; filename="../../etc/mark1.gif"', "mark1.gif"),
        ('attachment; filename="C:\\\\temp\\\\mark1.gif"', "mark1.gif"),
        ('attachment; filename="a\u202egif.exe"', "agif.exe"),
        ('attachment; filename=".."', "image1.gif"),
        ("attachment", "image1.gif"),
        ("attachment; filename*=no-such''%FF", "ÿ"),
        ("attachment; filename*=\x00''x.gif", None),
    ],
)
def test_names_of_seals(header, name):
    part = samples.base64_part(samples.GIF, f"Content-Type: image/gif\r\nContent-Disposition: {header}\r\n".encode())
    images = message.read(samples.multipart(part)).images
    assert list(images.values()) == [samples.GIF]
    assert name in (None, *images)


@pytest.mark.parametrize(
    "data",
    [b"GIF87a.", samples.GIF, b"\x89PNG\r\n\x1a\n...", b"\xff\xd8\xff\xe0..."],
    ids=["gif87", "gif89", "png", "jpeg"],
)
def test_pictures_are_seals_by_content(data):
    assert message.read(bytes(samples.mail(("mark", data)))).images == {"mark": data}


def test_what_only_claims_to_be_a_picture_is_no_seal():
    assert message.read(bytes(samples.mail(("mark1.gif", b"<svg onload='alert(1)'/>")))).images == {}


def test_the_first_picture_of_a_name_stays():
    raw = bytes(samples.mail(("mark1.gif", samples.GIF), ("x/mark1.gif", samples.GIF + b"2")))
    assert message.read(raw).images == {"mark1.gif": samples.GIF}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Mon, 23 Nov 2026 11:00:00 +0800", datetime.datetime(2026, 11, 23, 3, tzinfo=datetime.timezone.utc)),
        ("Mon, 23 Nov 2026 11:00:00 -0000", datetime.datetime(2026, 11, 23, 11, tzinfo=datetime.timezone.utc)),
        ("Mon, 99 Nov 2026 11:00:00 +0800", None),
        ("Fri, 31 Dec 9999 23:59:59 -0100", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(header, expected):
    assert message.read(f"Date: {header}\r\n\r\n".encode()).date == expected


def test_bounds_hold(monkeypatch):
    raw = samples.multipart(*[samples.base64_part(b"%d" % number) for number in range(10)])
    monkeypatch.setattr(message, "MAX_PARTS", 5)
    assert message.read(raw).files == [b"0", b"1", b"2", b"3"]
    monkeypatch.setattr(message, "MAX_FILES", 2)
    assert message.read(raw).files == [b"0", b"1"]
    monkeypatch.setattr(message, "MAX_SIZE", 100)
    assert message.read(raw).files == []


def test_depth_is_bounded():
    raw = samples.base64_part(LEAF)
    for depth in range(message.MAX_DEPTH):
        raw = samples.multipart(raw, boundary=b"mark-%d" % depth)
    assert holds_leaf(raw)
    assert not holds_leaf(samples.multipart(raw))


def test_archives_are_bounded():
    members = {f"{number}.cer": b"%d" % number for number in range(100)}
    assert len(message.read(bytes(samples.mail(("a.zip", samples.zipped(members))))).files) == message.MAX_ZIP_MEMBERS
    bomb = samples.zipped({"a": bytes(message.MAX_FILE * 100), "b": b"b"})
    assert message.read(bytes(samples.mail(("a.zip", bomb)))).files == [b"b"]
    for compression in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert message.read(bytes(samples.mail(("a.zip", samples.zipped({"a": b"a"}, compression))))).files == []
    matryoshka = samples.zipped({"b.zip": samples.zipped({"a": b"a"})})
    assert message.read(bytes(samples.mail(("a.zip", matryoshka)))).files == []


SMALL = samples.multipart(
    samples.base64_part(samples.zipped({"a": b"a"})),
    b"Content-Type: message/rfc822\r\n\r\n" + samples.multipart(text_part("憑證", "big5")),
    b"Content-Type: text/plain\r\n\r\n" + uuencoded("a", b"data"),
    b"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E6=86=91",
    samples.base64_part(samples.GIF, b"Content-Disposition: attachment; filename*=Big5''%BC%D0.gif\r\n"),
)


@patient
@given(st.binary(max_size=300), st.integers(0, 3000), st.integers(0, 200))
def test_damage_never_raises(junk, position, length):
    raw = SMALL[:position] + junk + SMALL[position + length :]
    message.read(raw)


@patient
@given(st.lists(st.sampled_from(TOKENS), max_size=40))
def test_any_sequence_of_mail_tokens_never_raises(tokens):
    message.read(b"".join(tokens))


@patient
@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 30))
def test_damaged_archives_never_raise(junk, position, length):
    archive = samples.zipped({"a.cer": b"a" * 50, "b.cer": b"b" * 50, "c/": b""})
    message._Reader()._file("a.zip", b"PK\x03\x04" + archive[4:position] + junk + archive[position + length :], 0)


def test_the_newest_notice_wins(monkeypatch):
    older = samples.notice(PLACED, subject="older")
    assert (
        find(monkeypatch, samples.everyday(1), bytes(samples.notice(PLACED)), bytes(older)).subject == samples.SUBJECT
    )


def test_no_notice(monkeypatch):
    assert find(monkeypatch) is None
    assert find(monkeypatch, samples.everyday(1), bytes(samples.notice(samples.order()))) is None


def test_the_search_goes_on_after_a_mail_that_will_not_do(monkeypatch):
    forger = samples.Authority("Forger")
    forged = samples.Order(PLACED.key, forger.issue("www.example.com.tw", PLACED.key.public_key(), days=9999), forger)
    mails = [bytes(samples.notice(forged)), bytes(samples.notice(PLACED))]
    found = find(monkeypatch, *mails, accept=lambda candidate: PLACED.authority.root in candidate.certificates)
    assert found.certificates[0] == PLACED.leaf
    assert find(monkeypatch, *mails, accept=lambda candidate: False) is None


def test_of_two_certificates_of_the_key_the_longer_one_leads():
    longer = PLACED.authority.issue("www.example.com.tw", PLACED.key.public_key(), days=300)
    found = notice._read(bytes(samples.mail(("a", LEAF), ("b", samples.pem(longer)))), KEY)
    assert found.certificates == [longer, PLACED.leaf]


def test_a_certificate_whose_key_cannot_be_read_is_passed_by():
    strange = samples.der(PLACED.authority.root)
    curve, unknown = bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d030177")
    assert strange.count(curve) == 1
    raw = bytes(samples.mail(("root.cer", strange.replace(curve, unknown)), ("ServerCert.cer", LEAF)))
    found = notice._read(raw, KEY)
    assert found.certificates == [PLACED.leaf]


def test_a_mail_that_a_library_chokes_on_does_not_hide_the_right_one(monkeypatch):
    read = message.read

    def choking(raw: bytes) -> message.Content:
        if raw == b"choke":
            raise RuntimeError
        return read(raw)

    monkeypatch.setattr(message, "read", choking)
    assert find(monkeypatch, b"choke", bytes(samples.notice(PLACED))).certificates[0] == PLACED.leaf


def test_a_missing_library_is_told(monkeypatch):
    def missing(raw: bytes) -> message.Content:
        raise MissingLibraryError("cryptography")

    monkeypatch.setattr(message, "read", missing)
    with pytest.raises(MissingLibraryError):
        find(monkeypatch, b"x")


@pytest.mark.parametrize("since", [None, datetime.datetime(2026, 11, 23, tzinfo=datetime.timezone.utc)])
def test_mails_of_the_day_before_are_looked_at_too(monkeypatch, since):
    asked = []
    monkeypatch.setattr(maildir, "messages", lambda options, oldest: (asked.append(oldest) for _ in [0]))
    monkeypatch.setattr(message, "read", lambda raw: message.Content())
    notice.find({"maildir": "x"}, KEY, since=since)
    assert asked == [since and since - datetime.timedelta(days=1)]
