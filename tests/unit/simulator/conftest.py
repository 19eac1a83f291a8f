# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A person at the simulator's pages. Unlike the collection's client, this one may know the markup."""

from __future__ import annotations

import typing as t
import warnings
from pathlib import Path
from urllib.parse import quote_plus, urljoin

import pytest
import requests
from bs4 import BeautifulSoup, Tag
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from simulator import Simulator
from simulator.catalogue import CONTACTS, contact_fields
from simulator.office import hashed
from simulator.rules import read_request
from simulator.skins import SKINS

NAME = "www.example.com.tw"
PASSPHRASE = "Passw0rd許功蓋"
_PERSON = {
    "title": "專員", "company": "範例股份有限公司", "tax_id": "70759028", "city": "台北市",
    "address": "延平南路85號10樓", "postal_code": "100", "phone": "(02)23708886#9", "fax": "(02)23700728",
}  # fmt: skip
PEOPLE: dict[str, dict[str, str]] = {
    "technical": {**_PERSON, "name": "許功蓋", "email": "tech@example.com.tw"},
    "business": {**_PERSON, "name": "王裏恒", "email": "biz@example.com.tw"},
    "billing": {**_PERSON, "name": "堃喆", "email": "bill@example.com.tw"},
}
del PEOPLE["billing"]["tax_id"]


def make_csr(
    name: str = NAME,
    names: t.Sequence[str] = (),
    key: t.Any = None,
    **subject: str,
) -> str:
    values = {"C": "TW", "ST": "Taiwan", "L": "Taipei", "O": "Example Ltd.", "OU": "IT", "CN": name, **subject}
    oids = {
        "C": NameOID.COUNTRY_NAME, "ST": NameOID.STATE_OR_PROVINCE_NAME, "L": NameOID.LOCALITY_NAME,
        "O": NameOID.ORGANIZATION_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME, "CN": NameOID.COMMON_NAME,
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of them are wrong on purpose
        attributes = [
            x509.NameAttribute(oids[short], value, _validate=False) for short, value in values.items() if value
        ]
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(attributes))
    alternatives = [x509.DNSName(alternative) for alternative in (name, *names)]
    builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    csr = builder.sign(key or ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return csr.public_bytes(serialization.Encoding.PEM).decode()


class Page:
    """What a request brought, read in its own character set."""

    def __init__(self, response: requests.Response) -> None:
        self.response = response
        self.charset = "cp950" if b"charset=big5" in response.content[:600] else "utf-8"
        self.soup = BeautifulSoup(response.content.decode(self.charset, "replace"), "html.parser")

    @property
    def text(self) -> str:
        return " ".join(self.soup.get_text(" ").split())

    def form(self) -> Tag:
        found = self.soup.select_one("form[name=F1], form.panel[method=post]")
        assert found is not None, self.text
        return found


class Person:
    """Follows links by their words and fills in forms."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.skin = SKINS[simulator.office.settings.skin]
        self.browser = requests.Session()
        self.browser.verify = simulator.portal_ca
        self.browser.trust_env = False

    def get(self, address: str = "") -> Page:
        return Page(self.browser.get(urljoin(self.simulator.url, address), timeout=10))

    def click(self, page: Page, words: str) -> Page:
        for link in page.soup.find_all("a"):
            image = link.find("img")
            label = (link.get_text() + (image.get("alt", "") if image else "")).replace(" ", "").replace("\xa0", "")
            if label.strip() == words.replace(" ", ""):
                return Page(self.browser.get(urljoin(page.response.url, link["href"]), timeout=10))
        for button in page.soup.find_all("button"):
            if button.get_text().strip() == words:
                return self.send(page, {}, button.find_parent("form"))
        raise AssertionError(f"no {words} on: {page.text}")

    def walk(self, *words: str) -> Page:
        page = self.get()
        for step in words:
            page = self.click(page, step)
        return page

    def send(self, page: Page, values: t.Mapping[str, str], form: Tag | None = None) -> Page:
        """Sends a form with what is in it already, laid over with ``values`` (by meaning)."""
        form = form or page.form()
        data: dict[str, str] = {}
        for field in form.select("input[name], textarea[name]"):
            kind = str(field.get("type", "text")).lower()
            if (kind in ("radio", "checkbox") and not field.has_attr("checked")) or kind == "image":
                continue
            data[str(field["name"])] = str(field.get("value", "")) if field.name == "input" else field.get_text()
        for field in form.select("select[name]"):
            option = field.select_one("option[selected]")
            if option is not None:
                text = next(option.stripped_strings)  # the 2008 pages do not close their options
                data[str(field["name"])] = str(option.get("value", text))
        for meaning, value in values.items():
            choices = self.skin.choices(meaning)
            if form.find(attrs={"name": self.skin.wire(meaning)}):
                data[self.skin.wire(meaning)] = str(choices.index(value) + 1) if value in choices else value
        body = "&".join(f"{quote_plus(name)}={self._quoted(value, page.charset)}" for name, value in data.items())
        address = urljoin(page.response.url, str(form["action"]))
        if str(form["method"]).lower() == "get":
            return Page(self.browser.get(f"{address}?{body}", timeout=10))
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return Page(self.browser.post(address, body, headers=headers, timeout=10))

    @staticmethod
    def _quoted(value: str, charset: str) -> str:
        return quote_plus(value.encode(charset, "xmlcharrefreplace"))

    def search(self, name: str) -> Page:
        page = self.walk("憑證服務", "SSL伺服器憑證", "憑證搜尋")
        form = page.soup.select_one("form[name=F9], main form.panel")
        assert form is not None
        return self.send(page, {"site": name}, form)

    def fill(self, page: Page, values: t.Mapping[str, str]) -> Page:
        """Goes on through the pages of a task until one has no form."""
        while page.soup.select_one("form[name=F1], form.panel[method=post]") and not page.soup.select_one(".alert"):
            page = self.send(page, values)
        return page

    def apply(self, csr: str, **changes: str) -> Page:
        page = self.walk("客服專區", "SSL 伺服器憑證", "憑證申請", "步驟 4 傳送憑證申請檔與線上填寫註冊資料")
        return self.fill(page, order_values(csr, **changes))

    def renew(self, name: str, csr: str, **changes: str) -> Page:
        page = self.walk("客服專區", "SSL 伺服器憑證")
        form = page.soup.select_one("form[name=F9], main form.panel")
        assert form is not None
        page = self.click(self.send(page, {"site": name}, form), "更新憑證")
        return self.fill(page, {"csr": csr, "passphrase": PASSPHRASE, "payment": "匯款", **changes})

    def revoke(self, name: str, passphrase: str = PASSPHRASE, **values: str) -> Page:
        page = self.walk("SSL 伺服器憑證", "憑證廢止")
        return self.fill(page, {"site": name, "passphrase": passphrase, "reason": "其他", **values})

    def download(self, name: str) -> bytes:
        return self.click(self.search(name), "下載憑證").response.content


def order_values(csr: str, **changes: str) -> dict[str, str]:
    values = {
        "csr": csr,
        "software": "nginx",
        "passphrase": PASSPHRASE,
        "passphrase_again": PASSPHRASE,
        "payment": "匯款",
    }
    for contact in CONTACTS:
        values.update({f"{contact}.{field}": PEOPLE[contact][field] for field in contact_fields(contact)})
    values.update({field.replace("__", "."): value for field, value in changes.items()})
    return values


def order(simulator: Simulator, csr: str | None = None) -> int:
    """An order as the portal commits it, without the clicks."""
    data = {**PEOPLE, "software": "nginx", "payment": "匯款"}
    request = read_request(csr or make_csr())
    return simulator.office.commit_order(request, data, kind="apply", passphrase=hashed(PASSPHRASE), renews=None)


@pytest.fixture(params=["classic", "modern"])
def skin(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def start(tmp_path: Path) -> t.Iterator[t.Callable[..., Simulator]]:
    """Starts simulators that end with the test."""
    running: list[Simulator] = []

    def _start(**settings: t.Any) -> Simulator:
        simulator = Simulator(tmp_path / f"simulator{len(running)}", **settings).start()
        running.append(simulator)
        return simulator

    yield _start
    for simulator in running:
        simulator.stop()


@pytest.fixture
def simulator(start: t.Callable[..., Simulator], skin: str) -> Simulator:
    return start(skin=skin)


@pytest.fixture
def person(simulator: Simulator) -> Person:
    return Person(simulator)


@pytest.fixture(scope="session")
def small_rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 1024)
