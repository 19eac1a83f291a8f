# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the two faces of the portal differ: addresses, field names, character sets, page boundaries, habits."""

from __future__ import annotations

import dataclasses
import typing as t
from types import MappingProxyType

from . import catalogue
from .settings import Settings

FIELDS = (
    "session_token", "draft", "page", "certificate", "site", "csr", "software", "passphrase", "passphrase_again",
    *(f"{contact}.{field}" for contact in catalogue.CONTACTS for field in catalogue.contact_fields(contact)),
    "billing.same_as", "payment", "choice", "reason", "file",
)  # fmt: skip

Pages = tuple[tuple[str, tuple[str, ...]], ...]


@dataclasses.dataclass(frozen=True)
class Skin:
    """``pages`` maps a task to its pages (name, sections); ``paths`` an endpoint to its address."""

    name: str
    codec: str
    content_type: str
    cookie: str
    modern: bool  # redirects after POST, guards forms with a token, repeats a refused form instead of an error page
    cities: tuple[str, ...]
    strength: str
    pages: t.Mapping[str, Pages]
    paths: t.Mapping[str, str]
    wires: t.Mapping[str, str]

    def wire(self, field: str) -> str:
        """The HTML name of a field."""
        return self.wires[field]

    def choices(self, field: str) -> tuple[str, ...]:
        """The texts of a list whose options carry their number as value; empty for any other field."""
        if not self.modern:
            return ()
        if field.endswith(".city"):
            return self.cities
        return {"software": catalogue.SOFTWARE, "payment": catalogue.PAYMENTS, "reason": catalogue.REASONS}.get(
            field, ()
        )

    def task_pages(self, kind: str, settings: Settings) -> Pages:
        pages = self.pages[kind]
        if kind == "revoke":
            if settings.revocation_choice:
                pages = (*pages, ("choice", ("choice",))) if not self.modern else (pages[0], _CHOICE, *pages[1:])
            return pages
        if settings.flow == "one_page":
            pages = ((pages[0][0], tuple(section for _name, sections in pages for section in sections)),)
        return (*pages, ("review", ("review",))) if settings.review else pages

    def committing_page(self, kind: str, settings: Settings) -> str:
        """The page whose answers place the order: the last one, or, where the portal asks after it accepted, that before the payment."""
        pages = [name for name, _sections in self.task_pages(kind, settings)]
        if kind != "revoke" and settings.flow == "asks_after":
            return pages[pages.index("payment") - 1]
        return pages[-1]


_CHOICE = ("choice", ("choice",))
_CONTACTS = ("technical", "business", "billing")

CLASSIC = Skin(
    name="classic",
    codec="cp950",
    content_type="text/html",
    cookie="ASPSESSIONIDQQGQGBAC",
    modern=False,
    cities=catalogue.CITIES_2008,
    strength="128",
    pages=MappingProxyType(
        {
            "apply": (("csr", ("csr",)), ("details", ("check", *_CONTACTS)), ("payment", ("payment",))),
            "renew": (("renewal", ("csr", "secret")), ("details", _CONTACTS), ("payment", ("payment",))),
            "revoke": (("site", ("site", "secret")),),
        }
    ),
    paths=MappingProxyType(
        {
            "home": "/",
            "service": "/service.asp",
            "certificates": "/cert_service.asp",
            "forms": "/download.asp",
            "support": "/Portal/service/ssl_1.asp",
            "product": "/Portal/cert/ssl_2.asp",
            "apply_steps": "/Portal/service/ssl_1_2.asp",
            "apply": "/Portal/service/ssl_1_2_4.asp",
            "renew": "/Portal/service/ssl_1_3.asp",
            "revoke": "/Portal/service/ssl_1_5.asp",
            "order": "/Portal/service/ssl_prc.asp",
            "search": "/Portal/cert/ssl_qry.asp",
            "detail": "/Portal/cert/ssl_dtl.asp",
            "download": "/Portal/cert/ssl_get.asp",
            "authorities": "/pro_sslser.asp",
            "authority": "/pro_sslget.asp",
            "seals": "/Portal/service/ssl_1_6.html",
            "info": "/servlet/ShowServerCertInfo",
        }
    ),
    wires=MappingProxyType({field: f"T{101 + 7 * number}" for number, field in enumerate(FIELDS)}),
)

MODERN = Skin(
    name="modern",
    codec="utf-8",
    content_type="text/html; charset=utf-8",
    cookie="twca_session",
    modern=True,
    cities=catalogue.CITIES_TODAY,
    strength="256",
    pages=MappingProxyType(
        {
            "apply": (
                ("csr", ("csr",)),
                ("check", ("check",)),
                *((contact, (contact,)) for contact in _CONTACTS),
                ("payment", ("payment",)),
            ),
            "renew": (
                ("renewal", ("csr", "secret")),
                *((contact, (contact,)) for contact in _CONTACTS),
                ("payment", ("payment",)),
            ),
            "revoke": (("site", ("site",)), ("reason", ("secret", "reason"))),
        }
    ),
    paths=MappingProxyType(
        {
            "home": "/",
            "service": "/customer-service",
            "certificates": "/certificate-services",
            "forms": "/downloads",
            "support": "/customer-service/ssl",
            "product": "/certificate-services/ssl",
            "apply_steps": "/customer-service/ssl/apply",
            "apply": "/customer-service/ssl/apply/new",
            "renew": "/customer-service/ssl/renew/<int:certificate>",
            "revoke": "/customer-service/ssl/revoke",
            "order": "/customer-service/ssl/wizard/<draft>/<page>",
            "search": "/certificate-services/ssl/search",
            "detail": "/certificate-services/ssl/entries/<certificate>",
            "download": "/certificate-services/ssl/certificates/<int:certificate>/download",
            "authorities": "/certificate-services/ssl/authorities",
            "authority": "/certificate-services/ssl/authorities/<file>",
            "seals": "/customer-service/ssl/seals",
            "info": "/servlet/ShowServerCertInfo",
        }
    ),
    wires=MappingProxyType(
        {field: "_token" if field == "session_token" else "order[" + field.replace(".", "][") + "]" for field in FIELDS}
    ),
)

SKINS = {skin.name: skin for skin in (CLASSIC, MODERN)}
