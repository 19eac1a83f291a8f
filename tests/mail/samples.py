# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates and mails as the authority, forwarding mailers and attackers make them."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import email.policy
import io
import random
import struct
import typing as t
import zipfile
from email.message import EmailMessage

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7
from cryptography.x509.oid import NameOID

SUBJECT = "伺服器憑證下載通知"
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
SEALS = {f"mark{number}.gif": GIF + bytes([number]) for number in (1, 2, 3)}
BOUNDARY = b"=_of_all_parts"


class Authority:
    """A root and an intermediate, which issue certificates for public keys."""

    def __init__(self, name: str = "Test CA") -> None:
        root_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.root = _certificate(f"{name} root", root_key.public_key(), f"{name} root", root_key, authority=True)
        self.intermediate = _certificate(name, self.key.public_key(), f"{name} root", root_key, authority=True)
        self._name = name

    def issue(self, common_name: str, public_key: ec.EllipticCurvePublicKey, days: int = 198) -> x509.Certificate:
        return _certificate(common_name, public_key, self._name, self.key, days=days)


@dataclasses.dataclass
class Order:
    """A certificate as it was asked for and delivered."""

    key: ec.EllipticCurvePrivateKey
    leaf: x509.Certificate
    authority: Authority

    @property
    def chain(self) -> list[x509.Certificate]:
        return [self.leaf, self.authority.intermediate, self.authority.root]

    @property
    def public_key_sha256(self) -> str:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(self.leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
        return digest.finalize().hex()


def order(common_name: str = "www.example.com.tw", authority: Authority | None = None) -> Order:
    authority = authority or Authority()
    key = ec.generate_private_key(ec.SECP256R1())
    return Order(key, authority.issue(common_name, key.public_key()), authority)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def p7(*certificates: x509.Certificate, encoding: Encoding = Encoding.DER) -> bytes:
    return pkcs7.serialize_certificates(list(certificates), encoding)


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tnef(files: dict[str, bytes], *attached: bytes) -> bytes:
    """A winmail.dat with files, and with mails that are TNEF themselves, as Outlook makes it."""

    def attribute(level: int, number: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    found = struct.pack("<IH", 0x223E9F78, 1)
    found += attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    found += attribute(1, 0x00069003, b"\x01\0\0\0" + bytes(20))
    for name, data in files.items():
        found += attribute(2, 0x00069002, bytes(14))
        found += attribute(2, 0x0006800F, data)
        found += attribute(2, 0x00018010, name.encode("cp950") + b"\0")
        found += attribute(2, 0x00069005, b"\x01\0\0\0" + bytes(12))
    for data in attached:
        found += attribute(2, 0x00069002, bytes(14))
        found += attribute(2, 0x00069005, b"\x0d\0\x01\x37" + bytes(24) + data)
    return found


def signed(placed: Order, content: bytes) -> bytes:
    """A smime.p7m, opaque: the mail is in it, not beside it. Whoever signs is nobody that matters here."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(placed.authority.intermediate, placed.authority.key, hashes.SHA256())
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def streamed(content: bytes, size: int = 1000) -> bytes:
    """The same as a program writes it that does not know how long it will be: BER, in pieces, without a signer."""
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    octets = b"".join(b"\x04\x82" + len(piece).to_bytes(2, "big") + piece for piece in pieces)
    oid = bytes.fromhex("06092a864886f70d0107")
    begin = b"\x30\x80" + oid + b"\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x80\x30\x80\x06\x01\x2a\0\0\0\0"
    return begin + b"\x30\x80" + oid + b"\x01\xa0\x80\x24\x80" + octets + b"\0\0" * 3 + b"\x31\0" + b"\0\0" * 3


def mail(*files: tuple[str, bytes], subject: str = SUBJECT, text: str = "") -> EmailMessage:
    """A mail with attachments; what they are called decides how they are labelled, as mailers do it."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = "ssl@ca.example.test"
    message["To"] = "twca@example.test"
    message["Date"] = "Mon, 23 Nov 2026 11:00:00 +0800"
    message["Subject"] = subject
    message.set_content(text or "您好:\r\n附件為貴公司之伺服器憑證。\r\n")
    for name, data in files:
        kind = "image/gif" if name.endswith(".gif") else "application/octet-stream"
        message.add_attachment(data, *kind.split("/"), filename=name)
    return message


def notice(placed: Order, **options: t.Any) -> EmailMessage:
    """The notice of the manual's §4.6.1, as the technical contact gets it."""
    return mail(
        ("ServerCert.cer", pem(placed.leaf)),
        ("TaiCASecureCA_Prod_SSLServerCA.cer", der(placed.authority.intermediate)),
        ("GTECyberTrustGlobalRootProd.cer", der(placed.authority.root)),
        *SEALS.items(),
        **options,
    )


def multipart(*parts: bytes, boundary: bytes = BOUNDARY) -> bytes:
    """A mail put together by hand; each part has its own header."""
    mark = b"--" + boundary
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts)
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="%s"\r\n\r\n' % boundary
    return head + body + mark + b"--\r\n"


def base64_part(data: bytes, head: bytes = b"Content-Type: application/octet-stream\r\n") -> bytes:
    return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(data)


def everyday(number: int) -> bytes:
    """One of the mails that fill a mailbox."""
    chance = random.Random(number)
    words = " ".join(chance.choice(["report", "會議", "invoice", "憑證", "lunch", "ticket"]) for _ in range(200))
    files = [(f"scan{number}.gif", GIF + chance.randbytes(2000))] if number % 10 == 0 else []
    return bytes(mail(*files, subject=f"Re: {words[:30]} {number}", text=words))


def hostile(placed: Order) -> list[bytes]:
    """Fifty mails that try to pass for the notice, or to break whoever reads them."""
    stranger, fake = order("www.example.com.tw"), Authority("Test CA")
    forged = Order(placed.key, fake.issue("www.example.com.tw", stranger.key.public_key(), days=9999), fake)
    megabyte = bytes(1024 * 1024)
    bomb = zipped({"ServerCert.cer": bytes(200 * 1024 * 1024)})
    traversal = ("../../../../etc/cron.d/x", "..\\..\\windows\\x", "/etc/passwd", "C:\\x.cer", "a\x00b\u202egif.cer")
    leaf = pem(stranger.leaf)
    ten_thousand = multipart(*[b"Content-Type: text/plain\r\n\r\nx"] * 10000)
    nested = leaf
    for depth in range(2000):
        mark = b"b%d" % depth
        nested = b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n%s\r\n--%s--' % (
            mark,
            mark,
            nested,
            mark,
        )
    truncated = bytes(notice(placed))
    kinds: list[list[bytes]] = [
        # the wrong key, with everything else right
        [bytes(notice(one)) for one in (stranger, forged, order(), order(), order())],
        # huge
        [bytes(mail(("ServerCert.cer", megabyte * size))) for size in (5, 8, 8, 10, 12)],
        [
            ten_thousand,
            nested,
            b"Content-Type: message/rfc822\r\n\r\n" * 20000 + leaf,
            multipart(*[base64_part(leaf)] * 3000),
            multipart(multipart(*[multipart(leaf, boundary=b"c")] * 100, boundary=b"b")),
        ],
        # names that lead elsewhere
        [bytes(mail((name.replace("\x00", ""), leaf), (name.replace("\x00", "") + ".gif", GIF))) for name in traversal],
        # archives
        [
            bytes(mail(("cert.zip", bomb))),
            bytes(mail(("cert.zip", zipped({"a.zip": bomb, "b.zip": bomb})))),
            bytes(mail(("cert.zip", zipped({"x": bytes(50 * 1024 * 1024)}, zipfile.ZIP_BZIP2)))),
            bytes(mail(("cert.zip", zipped({"x": bytes(50 * 1024 * 1024)}, zipfile.ZIP_LZMA)))),
            bytes(mail(("cert.zip", zipped({f"../{number}": leaf for number in range(5000)})))),
        ],
        # not a certificate
        [
            bytes(mail(("ServerCert.cer", data)))
            for data in (
                b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                der(placed.leaf)[:-1],
                b"\x30\x84\xff\xff\xff\xff" + megabyte[:1000],
                b"\x30\x80" * 60000,
                b"-----BEGIN CERTIFICATE-----\n" * 8000,
            )
        ],
        # broken
        [b"", b"\r\n", b"\x00" * 5000, random.Random(1).randbytes(50000), truncated[: len(truncated) // 8]],
        [
            b"Content-Type: multipart/mixed; boundary*=zip''%00\r\n\r\n" + leaf,
            b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"-----BEGIN " * 90000,
            b"Content-Type: text/html; charset=utf-16\r\n\r\n" + b"<" * 900000,
            b"Content-Type: text/plain" + b'; a="' * 3000 + b"\r\n\r\n" + leaf,
            b"Subject: " + b"=?big5?b?" * 1500 + b"\r\nDate: Mon, 99 Foo 99999 99:99:99 +9999\r\n\r\nx",
        ],
        [b"Content-Transfer-Encoding: x-uuencode\r\n\r\n" + b"begin 644 a\n" * 100000]
        + [
            b"Content-Type: text/plain\r\n\r\n" + line * (1000000 // len(line))
            for line in (b"begin 644 a\n", b"> ", b"\r\n")
        ]
        + [b"X-Header: " + b"a" * 3000000 + b"\r\n\r\n" + leaf],
        # pictures that are none, and too many
        [
            multipart(*([base64_part(GIF + bytes(200000))] * 12)),
            bytes(mail(*([("mark1.gif", leaf)] * 5))),
            bytes(mail(("mark1.gif", b"GIF89a" + megabyte))),
            bytes(mail(("mark1.svg", b"<svg onload='x'/>"))),
            bytes(mail(("a" * 5000 + ".gif", GIF))),
        ],
    ]
    return [one for kind in kinds for one in kind]


def _certificate(
    subject: str,
    public_key: ec.EllipticCurvePublicKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool = False,
    days: int = 198,
) -> x509.Certificate:
    start = datetime.datetime(2026, 11, 23, tzinfo=datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
