# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all fake portals of these tests share: an office behind the pages, and a session that needs no network.

The pages themselves are written by hand, each portal's in a markup of its own.
"""

from __future__ import annotations

import dataclasses
import email
import html
import typing as t
import urllib.parse

from ansible_collections.twca.ssl.plugins.module_utils._addresses import origin
from ansible_collections.twca.ssl.plugins.module_utils._portal.model import Application
from ansible_collections.twca.ssl.plugins.module_utils._portal.portal import Portal
from ansible_collections.twca.ssl.plugins.module_utils._portal.profile import load
from ansible_collections.twca.ssl.plugins.module_utils._portal.session import Request, Response, Session

NAME = "www.example.com.tw"
CSR = "-----BEGIN CERTIFICATE REQUEST-----\nTUlJQ3NSIGZvciB0ZXN0cyBvbmx5\nU2Vjb25kIGxpbmU=\n-----END CERTIFICATE REQUEST-----\n"
PASSPHRASE = "Secret#許功蓋1"
SUBJECT = {
    "common_name": NAME,
    "country": "TW",
    "state_or_province": "Taiwan",
    "locality": "Taipei",
    "organization": "Example Co., Ltd.",
    "organizational_unit": None,
}
PEM = "-----BEGIN CERTIFICATE-----\n" + "\n".join(["MIIB" + "A" * 60] * 6) + "\n-----END CERTIFICATE-----\n"
FIELDS = ("name", "title", "company", "tax_id", "city", "address", "postal_code", "phone", "fax", "email")


def contact(name: str, email: str) -> dict[str, str]:
    return {
        "name": name,
        "title": "專員",
        "company": "許功蓋股份有限公司",
        "tax_id": "70759028",
        "city": "台北市",
        "address": "延平南路85號10樓",
        "postal_code": "100",
        "phone": "02-23708886#9",
        "fax": "02-23700728",
        "email": email,
    }


TECHNICAL = contact("王堃", "tech@example.com.tw")
BUSINESS = contact("陳小明", "sales@example.com.tw")
BILLING = {key: value for key, value in contact("林會計", "bill@example.com.tw").items() if key != "tax_id"}


def application(**changes: t.Any) -> Application:
    values: dict[str, t.Any] = {
        "csr": CSR,
        "subject": SUBJECT,
        "common_name": NAME,
        "server_software": "nginx",
        "passphrase": PASSPHRASE,
        "technical": TECHNICAL,
        "business": BUSINESS,
        "billing": BILLING,
        "payment_method": "ATM",
    }
    values.update(changes)
    return Application(**values)


@dataclasses.dataclass
class Asking:
    """A request as a fake portal sees it."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    pairs: list[tuple[str, str]]
    referer: str


class Office:
    """A fake portal: what was sent to it, what it committed. Subclasses answer with pages."""

    charset = "utf-8"
    content_type = "text/html"

    def __init__(self) -> None:
        self.asked: list[Asking] = []
        self.orders: list[dict[str, t.Any]] = []
        self.kept: dict[str, t.Any] = {}  # one customer's session

    def answer(self, asking: Asking) -> str | bytes | tuple[int, dict[str, str], str | bytes]:
        raise NotImplementedError

    def commit(self, **order: t.Any) -> None:
        self.orders.append(order)

    def _pairs(self, request: Request) -> t.Iterator[tuple[str, str]]:
        if request.content_type.startswith("multipart/"):
            head = f"Content-Type: {request.content_type}\r\n\r\n".encode()
            for part in email.message_from_bytes(head + (request.body or b"")).get_payload():
                content = part.get_payload(decode=True).decode(self.charset)
                yield str(part.get_param("name", header="Content-Disposition")), html.unescape(content)
            return
        body = (request.body or b"").decode("ascii")
        for name, value in urllib.parse.parse_qsl(body, keep_blank_values=True, encoding=self.charset, errors="strict"):
            yield html.unescape(name), html.unescape(value)

    def handle(self, request: Request) -> Response:
        parts = urllib.parse.urlsplit(request.url)
        pairs = list(self._pairs(request))
        query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True, encoding=self.charset))
        asking = Asking(request.method, parts.path, query, dict(pairs), pairs, request.referer)
        self.asked.append(asking)
        answer = self.answer(asking)
        if isinstance(answer, tuple):
            status, headers, content = answer
        else:
            status, headers, content = 200, {}, answer
        if isinstance(content, str):
            content = content.encode(self.charset, "xmlcharrefreplace")
            headers = {"Content-Type": self.content_type, **headers}
        return Response(request.url, status, headers, content)


class LocalSession(Session):
    """A session whose requests go to a fake portal in the same process."""

    def __init__(self, office: Office, base_url: str = "https://portal.test/") -> None:
        super().__init__(base_url, sleep=lambda _seconds: None)
        self.office = office

    def _exchange(self, request: Request) -> Response:
        self._client.attempt.send_to(origin(request.url))
        return self.office.handle(request)


class Committing:
    """Counts calls; the first must come before the office has committed anything."""

    def __init__(self, office: Office) -> None:
        self.calls = 0
        self.office = office

    def __call__(self) -> None:
        assert self.calls or not self.office.orders, "announced after the fact"
        self.calls += 1


def portal(office: Office, **overrides: t.Any) -> Portal:
    return Portal(LocalSession(office), load(overrides))
