# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the bytes of a mail, or of a file that holds others, to what may be certificates and seals (RFC 2045 to 2047, RFC 2231; manual §4.6.1).

Anybody can write to a mailbox. So every step is bounded and takes time in proportion to the mail's size, and nothing is
believed of a name. That is why parts are cut out here: the standard library's parser has no bounds, and its time grows
with the size times the depth. The headers, which are short, are left to it.
"""

from __future__ import annotations

import binascii
import contextlib
import dataclasses
import datetime
import email.errors
import email.header
import email.parser
import email.utils
import html
import re
import typing as t

from .._pki import armour
from . import archives, signed, tnef

if t.TYPE_CHECKING:
    from email.message import Message

MAX_SIZE = 4 * 1024 * 1024
"""Bytes of a mail. A notice with four certificates and three seals has a tenth of it."""
MAX_HEADER = 16 * 1024
MAX_PARTS = 256
MAX_DEPTH = 8
MAX_FILE = 256 * 1024
"""Bytes of one file that is kept: a few certificates or a picture."""
MAX_FILES = 4 * 1024 * 1024
"""Bytes of all files that are kept; only those from archives can be more than the mail."""
MAX_ZIP = 1024 * 1024
MAX_ZIP_MEMBERS = 32

_IMAGES = {b"GIF87a": "gif", b"GIF89a": "gif", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
_CHARSETS = {"big5": "cp950", "gb2312": "gb18030", "gbk": "gb18030"}
"""What mailers mean by these names: more characters than the standard has."""
_END_OF_HEADER = re.compile(rb"(?:\A|\n)\r?\n")
_MAIL = re.compile(
    rb"(?:Received|Return-Path|Delivered-To|From|To|Date|Subject|Message-ID|MIME-Version|X-[\w-]+):", re.I
)
_UU_BEGIN = re.compile(r"^begin [0-7]{3,4} ([^\r\n]+)\r?\n", re.MULTILINE)
_TAG = re.compile(r"<[^<>]*>")
_FIELD = re.compile(rb"[!-9;-~]{1,76}:")


@dataclasses.dataclass
class Content:
    """What one mail holds. Each of ``files`` may be certificates in any format; ``images`` has pictures by name."""

    subject: str = ""
    date: datetime.datetime | None = None
    files: list[bytes] = dataclasses.field(default_factory=list)
    images: dict[str, bytes] = dataclasses.field(default_factory=dict)


def read(raw: bytes) -> Content:
    """Take a mail apart. What is broken or beyond the bounds is left out; nothing is raised."""
    reader = _Reader()
    if len(raw) <= MAX_SIZE:
        reader.mail(raw)
    return reader.content


def files(data: bytes) -> list[bytes]:
    """The same of a file: what a saved mail, an archive, a winmail.dat or a signed message holds; else the file itself."""
    reader = _Reader()
    if len(data) <= MAX_SIZE:
        reader.file(data)
    return reader.content.files


class _Reader:
    """One walk through one mail, and what is left of its bounds."""

    def __init__(self) -> None:
        self.content = Content()
        self._parts = MAX_PARTS
        self._room = MAX_FILES

    def mail(self, raw: bytes) -> None:
        head, _body = _cut(raw)
        self.content.subject = " ".join(_words(head.get("subject", "")).split())
        self.content.date = _date(head.get("date", ""))
        self._part(raw, 0)

    def file(self, data: bytes) -> None:
        self._file("", data, 0)

    def _may_go_on(self) -> bool:
        self._parts -= 1
        return self._parts >= 0

    def _part(self, raw: bytes, depth: int) -> None:
        if depth > MAX_DEPTH or not self._may_go_on():
            return
        head, body = _cut(raw)
        kind = head.get_content_type()
        boundary = _parameter(head.get_boundary) if kind.startswith("multipart/") else ""
        if boundary:
            for piece in _pieces(body, boundary):
                self._part(piece, depth + 1)
                if self._parts <= 0:
                    return
            return
        data = _decoded(body, head.get("content-transfer-encoding", ""))
        if kind.startswith("message/"):
            self._part(data, depth + 1)
            return
        name = _base_name(_words(_parameter(head.get_filename)))
        if name or not kind.startswith("text/"):
            self._file(name, data, depth)
        if kind.startswith("text/"):
            self._text(data, _parameter(head.get_content_charset), kind == "text/html", depth)

    def _file(self, name: str, data: bytes, depth: int) -> None:
        """Told apart by how it begins: mailers call a certificate anything, and others call anything a certificate."""
        if data.startswith(b"PK\x03\x04"):
            self._zip(data, depth)
        elif data.startswith(tnef.SIGNATURE):
            self._tnef(data, depth)
        elif content := signed.content(data):
            self._signed(content, data, depth)
        elif _MAIL.match(data):
            self._part(data, depth + 1)
        else:
            self._keep(name, data)

    def _keep(self, name: str, data: bytes) -> None:
        if 0 < len(data) <= min(MAX_FILE, self._room):
            self._room -= len(data)
            extension = next((extension for magic, extension in _IMAGES.items() if data.startswith(magic)), None)
            if extension:
                images = self.content.images
                images.setdefault(name or f"image{len(images) + 1}.{extension}", data)
            else:
                self.content.files.append(data)

    def _zip(self, data: bytes, depth: int) -> None:
        if depth > MAX_DEPTH or len(data) > MAX_ZIP:
            return
        for name, content in archives.files(data, most=MAX_ZIP_MEMBERS, limit=MAX_FILE):
            if not self._may_go_on():
                return
            self._file(_base_name(name), content, MAX_DEPTH + 1)

    def _tnef(self, data: bytes, depth: int) -> None:
        if depth > MAX_DEPTH:
            return
        for name, content in tnef.files(data):
            if not self._may_go_on():
                return
            self._file(_base_name(_unlabelled(name)), content, depth + 1)

    def _signed(self, content: bytes, data: bytes, depth: int) -> None:
        """What was signed. If that is no mail, the certificates beside it may be what matters."""
        if depth > MAX_DEPTH or not self._may_go_on():
            return
        if _FIELD.match(content):
            self._part(content, depth + 1)
        else:
            self._file("", content, depth + 1)
            self._keep("", data)

    def _text(self, data: bytes, charset: str, is_html: bool, depth: int) -> None:
        """Certificates pasted into a text, quoted or not, and uuencoded files."""
        wide = charset.startswith(("utf-16", "utf-32", "utf16", "utf32"))
        text = _decode(data, charset) if wide else armour.text(data)
        start = text.find("-----BEGIN")
        if start >= 0:
            pasted = text[start : start + MAX_FILE]
            if is_html:
                pasted = html.unescape(_TAG.sub("\n", pasted))
            self._file("", armour.text(pasted).encode("ascii", "replace"), depth)
        for name, uuencoded in _uu_files(text):
            if not self._may_go_on():
                return
            self._file(_base_name(name), uuencoded, depth + 1)


def _cut(raw: bytes) -> tuple[Message, bytes]:
    """A part's header and body; a header longer than anybody writes counts as none."""
    end = _END_OF_HEADER.search(raw, 0, MAX_HEADER)
    if end:
        head, body = raw[: end.start()], raw[end.end() :]
    else:
        head, body = (raw if len(raw) <= MAX_HEADER else b""), b""
    return email.parser.HeaderParser().parsestr(_unlabelled(head)), body


def _pieces(body: bytes, boundary: str) -> t.Iterator[bytes]:
    """The parts of a multipart body, one at a time; the last may lack its end."""
    mark = re.escape(boundary.encode("utf-8", "replace"))
    start = None
    for line in re.finditer(rb"(?:\A|\r?\n)--" + mark + rb"(--)?[ \t]*(?=\r?\n|\Z)", body):
        if start is not None:
            yield body[start : line.start()]
        if line.group(1):
            return
        start = body.find(b"\n", line.end()) + 1 or len(body)
    yield body[start or 0 :]


def _decoded(body: bytes, encoding: str) -> bytes:
    encoding = encoding.strip().lower()
    if encoding == "base64":
        return _base64_decoded(body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return next((data for _name, data in _uu_files(body.decode("ascii", "replace"))), b"")
    return body


def _base64_decoded(body: bytes) -> bytes:
    """Decode up to the padding, forgiving what gateways insert and mailing lists add below."""
    digits = re.sub(rb"[^A-Za-z0-9+/]", b"", body.partition(b"=")[0])
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def _uu_files(text: str) -> t.Iterator[tuple[str, bytes]]:
    position = 0
    while True:
        begin = _UU_BEGIN.search(text, position)
        end = text.find("\nend", begin.end() - 1) if begin else -1
        if not begin or end < 0:
            return
        lines = text[begin.end() : end].encode("ascii", "replace").splitlines()
        with contextlib.suppress(binascii.Error):
            yield begin.group(1), b"".join(_uu_line(line) for line in lines if line)
        position = end


def _uu_line(line: bytes) -> bytes:
    """Some encoders leave more on a line than its length byte tells, which the standard library refuses."""
    length = (line[0] - 32) & 63
    return binascii.a2b_uu(line[: 1 + (length + 2) // 3 * 4])


def _parameter(get: t.Callable[[], str | None]) -> str:
    """A header's parameter; nothing if it is broken in one of the ways that the standard library raises for."""
    try:
        return get() or ""
    except (ValueError, LookupError, TypeError, AttributeError, email.errors.MessageError):
        return ""


def _words(value: str) -> str:
    """Decode a header's encoded words, also where they must not stand but do: in file names."""
    try:
        words = email.header.decode_header(value)
    except (ValueError, email.errors.MessageError):
        return value
    return "".join(word if isinstance(word, str) else _decode(word, charset or "ascii") for word, charset in words)


def _decode(data: bytes, charset: str) -> str:
    try:
        return data.decode(_CHARSETS.get(charset.lower(), charset), "replace")
    except (LookupError, ValueError):
        return data.decode("ascii", "replace")


def _unlabelled(data: bytes) -> str:
    """Text that does not say its character set: UTF-8 if it can be, else the Big5 of old mailers."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp950", "replace")


def _date(value: str) -> datetime.datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(value)
        return (date if date.tzinfo else date.replace(tzinfo=datetime.timezone.utc)).astimezone(datetime.timezone.utc)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _base_name(name: str) -> str:
    """A name's last component, without what could make it more than a name."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(character for character in last if character.isprintable()).strip(" .")[:255]
