# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every stranger's portal has in common: a web server on loopback, sessions, orders and certificates. No markup."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import email
import html
import http.server
import secrets
import threading
import urllib.parse

import pki_factory
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

FIELDS = ("name", "title", "company", "tax_id", "city", "address", "postal_code", "phone", "fax", "email")
PERSONS = ("technical", "business", "billing")
TAIPEI = datetime.timezone(datetime.timedelta(hours=8))
OLD_PASSPHRASE = "Chu-Ci 1999"
OLD_CONTACTS = {
    person: {
        "name": f"舊人{number}",
        "title": "前課長",
        "company": "舊公司",
        "tax_id": f"1234567{number}",
        "city": "高雄市",
        "address": f"中山路{number}號",
        "postal_code": f"80{number}",
        "phone": f"(07)555000{number}",
        "fax": f"(07)555100{number}",
        "email": f"old{number}@shop.com.tw",
    }
    for number, person in enumerate(PERSONS, 1)
}
esc = html.escape


class Form(dict):
    """What was sent; a field that was not is empty."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclasses.dataclass
class Request:
    method: str
    path: str
    query: Form
    form: Form
    session: dict
    index: int


@dataclasses.dataclass
class Reply:
    body: bytes
    content_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass
class Record:
    """A line of the portal's books."""

    name: str
    status: str
    leaf: x509.Certificate | None = None
    remark: str = ""
    passphrase: str = OLD_PASSPHRASE
    contacts: dict[str, dict[str, str]] = dataclasses.field(default_factory=lambda: OLD_CONTACTS)
    number: str = "S20261101001"

    @property
    def serial(self) -> int | None:
        return self.leaf.serial_number if self.leaf else None

    @property
    def start(self) -> datetime.datetime | None:
        return self.leaf.not_valid_before_utc.astimezone(TAIPEI) if self.leaf else None

    @property
    def end(self) -> datetime.datetime | None:
        return self.leaf.not_valid_after_utc.astimezone(TAIPEI) if self.leaf else None


@dataclasses.dataclass
class Order:
    """What was received, and with which request it was committed."""

    kind: str
    index: int
    csr: str = ""
    software: str = ""
    passphrase: str = ""
    payment: str = ""
    same_as: str = ""
    contacts: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)


def at(*paths):
    """The method answers requests for these paths."""

    def mark(method):
        method.paths = paths
        return method

    return mark


class Office:
    """One portal's state. A stranger's class adds the pages."""

    codec = "utf-8"
    content_type = "text/html; charset=utf-8"

    def __init__(self):
        self.routes = {
            path: getattr(self, name) for name in dir(self) for path in getattr(getattr(self, name), "paths", ())
        }
        self.requests: list[str] = []
        self.sessions: dict[str, dict] = {}
        self.orders: list[Order] = []
        self.revocations: list[dict[str, str]] = []
        self.refuse_csr = ""  # the portal's complaint about any CSR; and so on
        self.refuse_contacts = ""
        authority = pki_factory.authority()
        day = pki_factory.DAY
        now = pki_factory.now()

        def leaf(name, **options):
            return authority.leaf(pki_factory.new_key(), (name,), serial=secrets.randbits(60) + 1000, **options)

        self.records = [
            Record("www.shop.com.tw", "valid", leaf("www.shop.com.tw", start=now - 190 * day)),
            Record("wait.shop.com.tw", "pending"),
            Record("bad.shop.com.tw", "rejected", remark="申請單未蓋公司大小章"),
            Record("gone.shop.com.tw", "revoked", leaf("gone.shop.com.tw")),
            Record("two.shop.com.tw", "expired", leaf("two.shop.com.tw", start=now - 300 * day, end=now - 102 * day)),
            Record("two.shop.com.tw", "valid", leaf("two.shop.com.tw", start=now - 110 * day)),
        ]

    def found(self, name: str) -> list[Record]:
        return [record for record in self.records if record.name == name.strip()]

    def by_serial(self, serial: str) -> Record:
        return next(record for record in self.records if record.leaf and str(record.serial) == serial)

    def position(self, record: Record) -> int:
        return next(number for number, other in enumerate(self.records) if other is record)

    def csr_complaint(self, text: str) -> str:
        """What is wrong with a CSR, or an empty string."""
        if self.refuse_csr:
            return self.refuse_csr
        try:
            load_csr(text)
        except ValueError:
            return "憑證申請檔(CSR)內容有誤"
        return ""

    def contact_complaint(self, contact: dict[str, str], *, tax_id: bool = True) -> str:
        wanted = [field for field in FIELDS if tax_id or field != "tax_id"]
        if any(not contact.get(field, "").strip() for field in wanted):
            return "聯絡人資料不可留空白"
        return self.refuse_contacts

    # Answers

    def page(self, text: str, status: int = 200, **headers: str) -> Reply:
        head = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return Reply(text.encode(self.codec, "xmlcharrefreplace"), self.content_type, status, head)

    @staticmethod
    def redirect(target: str, status: int = 302) -> Reply:
        return Reply(b"", "text/html", status, (("Location", target),))

    @staticmethod
    def attachment(data: bytes, name: str, content_type: str = "application/octet-stream") -> Reply:
        return Reply(data, content_type, headers=(("Content-Disposition", f'attachment; filename="{name}"'),))

    def missing(self) -> Reply:
        return self.page("<html><title>404</title><h1>404 Not Found</h1>找不到網頁</html>", 404)

    # Serving

    def answer(self, method: str, target: str, body: bytes, headers) -> tuple[Reply, str]:
        parts = urllib.parse.urlsplit(target)
        path = parts.path.split(";")[0]
        lists = self.decode(parts.query.encode())
        query = Form({name: values[-1] for name, values in lists.items()})
        form = Form()
        if method == "POST":
            lists = self.decode(body, headers.get("Content-Type", ""))
            form = Form({name: values[-1] for name, values in lists.items()})
        cookie = headers.get("Cookie", "").partition("SID=")[2].partition(";")[0]
        if cookie not in self.sessions:
            cookie = secrets.token_hex(8)
            self.sessions[cookie] = {}
        index = len(self.requests)
        self.requests.append(f"{method} {target}")
        handler = self.routes.get(path)
        if not handler:
            return self.missing(), cookie
        return handler(Request(method, path, query, form, self.sessions[cookie], index)), cookie

    def decode(self, body: bytes, content_type: str = "") -> dict[str, list[str]]:
        if not content_type.startswith("multipart/"):
            return urllib.parse.parse_qs(body.decode("ascii"), keep_blank_values=True, encoding=self.codec)
        message = email.message_from_bytes(b"Content-Type: " + content_type.encode() + b"\n\n" + body)
        lists: dict[str, list[str]] = {}
        for part in message.get_payload():
            value = part.get_payload(decode=True).decode(self.codec)
            lists.setdefault(part.get_param("name", header="content-disposition"), []).append(value)
        return lists


@contextlib.contextmanager
def serving(office: Office):
    """The office on loopback; yields its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def serve(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            reply, cookie = office.answer(self.command, self.path, body, self.headers)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.send_header("Set-Cookie", f"SID={cookie}; path=/")
            for name, value in reply.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = serve

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def load_csr(text: str) -> x509.CertificateSigningRequest:
    return x509.load_pem_x509_csr(text.strip().replace("NEW CERTIFICATE", "CERTIFICATE").encode())


def subject(text: str) -> dict[str, str]:
    """What the portal reads from a CSR: CN, O, OU, L, ST, C and bits."""
    csr = load_csr(text)
    kinds = {
        "CN": NameOID.COMMON_NAME,
        "O": NameOID.ORGANIZATION_NAME,
        "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
        "L": NameOID.LOCALITY_NAME,
        "ST": NameOID.STATE_OR_PROVINCE_NAME,
        "C": NameOID.COUNTRY_NAME,
    }
    found = {key: csr.subject.get_attributes_for_oid(oid) for key, oid in kinds.items()}
    parts = {key: str(values[0].value) if values else "" for key, values in found.items()}
    key = csr.public_key()
    return {**parts, "bits": str(key.key_size if isinstance(key, rsa.RSAPublicKey) else 256)}


def gather(form: dict[str, str], prefix: str, names: dict[str, str]) -> dict[str, str]:
    """A contact from the fields ``prefix + names[...]`` of a form."""
    return {field: form.get(prefix + name, "") for field, name in names.items()}
