# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a decision needs to know of a certificate, its key and its request, read with the standard library alone.

Loading ``cryptography`` costs a host more than everything else on a day on which nothing is due. This reads what authorities
issue and what we write, strictly: at anything else it raises :class:`UnreadableError`, and ``cryptography`` has to be asked.
No signature is checked, and nothing is trusted for being readable here.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import datetime
import hashlib
import ipaddress
import re
import typing as t

from .kinds import Kind

_SEQUENCE, _INTEGER, _BITS, _OCTETS, _OID, _SET = b"\x30\x02\x03\x04\x06\x31"
_UTC_TIME, _GENERALIZED_TIME = b"\x17\x18"
_VERSION, _REQUEST_ATTRIBUTES, _EXTENSIONS, _EC_PUBLIC = b"\xa0\xa0\xa3\xa1"
_DNS_NAME, _IP_ADDRESS = b"\x82\x87"
_RSA, _EC = bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a8648ce3d0201")
_CURVES = {
    bytes.fromhex("2a8648ce3d030107"): Kind("ECC", 256, "secp256r1"),
    bytes.fromhex("2b81040022"): Kind("ECC", 384, "secp384r1"),
}
_SUBJECT_ALT_NAME, _EXTENSION_REQUEST = bytes.fromhex("551d11"), bytes.fromhex("2a864886f70d01090e")


class UnreadableError(Exception):
    """It is not as plain as this reader wants it; it may be in order all the same."""


class PublicKey(t.NamedTuple):
    """A public key: its numbers or its point, as they are encoded."""

    kind: Kind
    value: bytes


class Certificate(t.NamedTuple):
    """Dates are aware, in UTC; ``names`` as ``names.from_extension`` has them; ``public_key``: ``None`` for other kinds."""

    serial_number: str
    not_before: datetime.datetime
    not_after: datetime.datetime
    names: tuple[str, ...]
    public_key: PublicKey | None


class _Reader:
    """Goes through the elements of a constructed one; :meth:`end` must be reached."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def next(self, *tags: int) -> bytes:
        """The content of the next element, whose tag must be one of these (any, if none is given)."""
        tag, content = self.element()
        if tags and tag not in tags:
            raise ValueError
        return content

    def element(self) -> tuple[int, bytes]:
        """Tag and content of the next element, of definite and shortest length (X.690, 10.1)."""
        tag, length = self._data[self._at], self._data[self._at + 1]
        begin = self._at + 2
        if length > 0x80:
            size = length & 0x7F
            length = int.from_bytes(self._data[begin : begin + size], "big")
            begin += size
            if size > 4 or length < 0x80 or length >> 8 * (size - 1) == 0:
                raise ValueError
        elif length == 0x80:
            raise ValueError
        self._at = begin + length
        if self._at > len(self._data) or tag & 0x1F == 0x1F:
            raise ValueError
        return tag, self._data[begin : self._at]

    def whole(self, tag: int) -> bytes:
        """The next element, which must have this tag, with its header."""
        begin = self._at
        self.next(tag)
        return self._data[begin : self._at]

    def optional(self, tag: int) -> bytes | None:
        """The content of the next element, if it has this tag."""
        return self.next() if self.more and self._data[self._at] == tag else None

    @property
    def more(self) -> bool:
        return self._at < len(self._data)

    def end(self) -> None:
        """Nothing may follow."""
        if self.more:
            raise ValueError


@contextlib.contextmanager
def _plain() -> t.Iterator[None]:
    try:
        yield
    except (ValueError, IndexError, KeyError, binascii.Error) as error:
        raise UnreadableError from error


def certificate(pem: bytes) -> Certificate:
    """The one certificate in a PEM text (RFC 5280, 4.1)."""
    with _plain():
        signed = _Reader(_only(_pem(pem, b"CERTIFICATE"), _SEQUENCE))
        body = _Reader(signed.next(_SEQUENCE))
        body.optional(_VERSION)
        serial_number = _number(body.next(_INTEGER))
        for _algorithm_and_issuer in range(2):
            body.next(_SEQUENCE)
        validity = _Reader(body.next(_SEQUENCE))
        not_before, not_after = _time(validity), _time(validity)
        validity.end()
        body.next(_SEQUENCE)
        public_key = _public_key(body.next(_SEQUENCE))
        extensions = b""
        while body.more:
            tag, content = body.element()
            if tag == _EXTENSIONS:
                extensions = _only(content, _SEQUENCE)
        return Certificate(f"{serial_number:X}", not_before, not_after, _names(extensions), public_key)


def certificate_key_sha256(pem: bytes) -> str:
    """The SHA-256 of a certificate's public key (its SubjectPublicKeyInfo), in hex."""
    with _plain():
        body = _Reader(_Reader(_only(_pem(pem, b"CERTIFICATE"), _SEQUENCE)).next(_SEQUENCE))
        body.optional(_VERSION)
        body.next(_INTEGER)
        for _before_the_key in range(4):  # algorithm, issuer, validity and subject
            body.next(_SEQUENCE)
        return hashlib.sha256(body.whole(_SEQUENCE)).hexdigest()


def request_names(pem: bytes) -> tuple[str, ...]:
    """The names that a request lists (RFC 2986, 4.1)."""
    with _plain():
        body = _Reader(_Reader(_only(_pem(pem, b"CERTIFICATE REQUEST"), _SEQUENCE)).next(_SEQUENCE))
        body.next(_INTEGER)
        for _subject_and_key in range(2):
            body.next(_SEQUENCE)
        attributes = _Reader(body.next(_REQUEST_ATTRIBUTES))
        while attributes.more:
            attribute = _Reader(attributes.next(_SEQUENCE))
            if attribute.next(_OID) == _EXTENSION_REQUEST:
                return _names(_only(attribute.next(_SET), _SEQUENCE))
        return ()


def request_key_sha256(pem: bytes) -> str:
    """The SHA-256 of a request's public key (its SubjectPublicKeyInfo), in hex."""
    with _plain():
        body = _Reader(_Reader(_only(_pem(pem, b"CERTIFICATE REQUEST"), _SEQUENCE)).next(_SEQUENCE))
        body.next(_INTEGER)
        body.next(_SEQUENCE)
        return hashlib.sha256(body.whole(_SEQUENCE)).hexdigest()


def public_half(pem: bytes) -> PublicKey:
    """The public key in a private one (PKCS#8, RFC 5958), as :func:`certificate` has it.

    Whether the secret numbers belong to it is looked at as far as that is cheap.
    """
    with _plain():
        body = _Reader(_only(_pem(pem, b"PRIVATE KEY"), _SEQUENCE))
        body.next(_INTEGER)
        algorithm = _Reader(body.next(_SEQUENCE))
        kind = algorithm.next(_OID)
        inner = _Reader(_only(body.next(_OCTETS), _SEQUENCE))
        inner.next(_INTEGER)
        if kind == _RSA:
            modulus, exponent, _secret, p, q = (inner.next(_INTEGER) for _each in range(5))
            if _number(p) * _number(q) != _number(modulus):
                raise ValueError
            return PublicKey(Kind("RSA", _number(modulus).bit_length()), modulus + exponent)
        if kind != _EC:
            raise ValueError
        curve = _CURVES[algorithm.next(_OID)]
        if not int.from_bytes(inner.next(_OCTETS), "big"):
            raise ValueError
        inner.optional(_VERSION)
        return PublicKey(curve, _bits(_only(inner.next(_EC_PUBLIC), _BITS)))


def _pem(text: bytes, label: bytes) -> bytes:
    """The one block of a PEM text (RFC 7468); no other may be there."""
    blocks = re.findall(rb"-----BEGIN ([^-]*)-----([A-Za-z0-9+/=\s]+)-----END ([^-]*)-----", text)
    if len(blocks) != 1 or text.count(b"-----BEGIN ") != 1 or (blocks[0][0], blocks[0][2]) != (label, label):
        raise ValueError
    return base64.b64decode(b"".join(blocks[0][1].split()), validate=True)


def _only(data: bytes, tag: int) -> bytes:
    """The content of the one element that ``data`` is."""
    reader = _Reader(data)
    content = reader.next(tag)
    reader.end()
    return content


def _number(content: bytes) -> int:
    """An INTEGER, which must be positive."""
    number = int.from_bytes(content, "big", signed=True)
    if number <= 0:
        raise ValueError
    return number


def _bits(content: bytes) -> bytes:
    if content[0]:
        raise ValueError
    return content[1:]


def _time(reader: _Reader) -> datetime.datetime:
    tag, content = reader.element()
    text = content.decode("ascii")
    if tag == _UTC_TIME:  # RFC 5280, 4.1.2.5.1: from 50 on, the last century
        text = ("19" if text[:2] >= "50" else "20") + text
    elif tag != _GENERALIZED_TIME:
        raise ValueError
    if not re.fullmatch("[0-9]{14}Z", text):
        raise ValueError
    parts = text[:4], *(text[i : i + 2] for i in range(4, 14, 2))
    return datetime.datetime.fromisoformat("{}-{}-{}T{}:{}:{}+00:00".format(*parts))


def _public_key(content: bytes) -> PublicKey | None:
    reader = _Reader(content)
    algorithm = _Reader(reader.next(_SEQUENCE))
    kind = algorithm.next(_OID)
    value = _bits(reader.next(_BITS))
    if kind == _RSA:
        numbers = _Reader(_only(value, _SEQUENCE))
        modulus, exponent = numbers.next(_INTEGER), numbers.next(_INTEGER)
        return PublicKey(Kind("RSA", _number(modulus).bit_length()), modulus + exponent)
    curve = _CURVES.get(algorithm.next(_OID)) if kind == _EC else None
    return PublicKey(curve, value) if curve else None


def _names(extensions: bytes) -> tuple[str, ...]:
    """The DNS names and addresses of the subjectAltName (RFC 5280, 4.2.1.6), which may be there once."""
    found: list[tuple[str, ...]] = []
    reader = _Reader(extensions)
    while reader.more:
        extension = _Reader(reader.next(_SEQUENCE))
        if extension.next(_OID) == _SUBJECT_ALT_NAME:
            tag, content = extension.element()
            if tag != _OCTETS:  # whether it is critical
                content = extension.next(_OCTETS)
            found.append(_general_names(_only(content, _SEQUENCE)))
    if len(found) > 1:
        raise ValueError
    return found[0] if found else ()


def _general_names(content: bytes) -> tuple[str, ...]:
    names = set()
    reader = _Reader(content)
    while reader.more:
        tag, value = reader.element()
        if tag == _DNS_NAME:
            names.add(f"DNS:{value.decode('ascii')}")
        elif tag == _IP_ADDRESS:
            names.add(f"IP:{ipaddress.ip_address(value)}")
    return tuple(sorted(names, key=str.lower))
