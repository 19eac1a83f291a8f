# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages that show or find something; those of the tasks that take several steps are in ``steps.py``."""

from __future__ import annotations

import typing as t

import flask
from cryptography import x509
from werkzeug.wrappers import Response

from .answers import attachment, message, office, page, skin
from .authority import packed
from .office import certificate_status
from .store import Row

STATUS = {"valid": "有效", "revoked": "已廢止", "expired": "已過期", "pending": "審核中", "rejected": "已退件"}
AUTHORITIES = {
    "issuing": ("中繼憑證", "TWCA Secure SSL Certification Authority", "TaiCASecureCA_Prod_SSLServerCA"),
    "cyber-cross": (
        "中繼憑證(交互簽章)",
        "TWCA CYBER Root CA，由 TWCA Global Root CA 簽發",
        "TWCACyberRoot_CrossSigned",
    ),
    "root": ("根憑證", "TWCA Global Root CA", "GTECyberTrustGlobalRootProd"),
    "cyber-root": ("根憑證(新)", "TWCA CYBER Root CA", "TWCACyberRoot"),
}
SEALS = ("mark1", "mark2", "mark3")


def show_home() -> Response:
    return page("home")


def show_service() -> Response:
    return page("service")


def show_certificates() -> Response:
    return page("certificates")


def show_forms() -> Response:
    return page("forms")


def show_support() -> Response:
    return page("support")


def show_product() -> Response:
    return page("product")


def show_apply_steps() -> Response:
    return page("apply_steps")


def show_authorities() -> Response:
    return page("authorities")


def show_seals() -> Response:
    return page("seals")


def show_decoy() -> Response:
    return page("decoy")


def show_authority() -> Response:
    name = flask.g.entered.get("file", "")
    if name not in AUTHORITIES:
        flask.abort(404)
    content, kind, extension = packed([office().authority.certificate(name)], office().settings.format)
    return attachment(content, kind, f"{AUTHORITIES[name][2]}.{extension}")


# Search, details, download (§4.4.3, §4.6.2.1)


def show_search() -> Response:
    site = flask.g.entered.get("site")
    if site is None:
        return page("search", site="")
    if not site.strip():
        return _search_failed(site, "請輸入網站名稱。")
    entries = _entries(site.strip())
    if not entries:
        return _search_failed(site, f"查無「{site.strip()}」之憑證資料，請注意網站名稱之大小寫需一致。")
    if len(entries) == 1 or not skin().modern:
        return page("detail", entries=entries)
    return page("results", entries=entries, site=site.strip())


def _search_failed(site: str, text: str) -> Response:
    return page("search", site=site, message=text) if skin().modern else message(text)


def show_detail() -> Response:
    reference = flask.g.entered.get("certificate", "")
    kind, number = reference[:1], reference[1:]
    table = {"c": "certificates", "o": "orders"}.get(kind)
    row = office().store.row(table, id=int(number)) if table and number.isdigit() else None
    entry = next((entry for entry in _entries(row["name"]) if entry["reference"] == reference), None) if row else None
    if entry is None:
        return message("查無憑證資料。")
    return page("detail", entries=[entry])


def _entries(name: str) -> list[dict[str, t.Any]]:
    """What the portal lists under a name, spelled exactly so; newest first."""
    here = office()
    entries = [_certificate_entry(row) for row in here.store.rows("certificates", name=name)]
    for order in here.store.rows("orders", name=name):
        if order["status"] == "rejected" or (order["status"] == "pending" and here.settings.show_pending):
            entries.append(_order_entry(order))
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


def _certificate_entry(row: Row) -> dict[str, t.Any]:
    order = office().order_of(row)
    status = certificate_status(row if office().settings.show_revoked else {**row, "revoked": None})
    return {
        "reference": f"c{row['id']}",
        "id": row["id"],
        "at": order["at"],
        "status": status,
        "status_text": STATUS[status],
        "name": row["name"],
        "not_before": row["not_before"],
        "not_after": row["not_after"],
        "serial": row["serial"],
        "level": office().authority.level,
        "content": _content(x509.load_pem_x509_certificate(row["pem"].encode()).subject),
        "owner": order["business"]["company"],
        "revocation": office().open_revocation(row) if status == "valid" else None,
    }


def _order_entry(order: Row) -> dict[str, t.Any]:
    return {
        "reference": f"o{order['id']}",
        "at": order["at"],
        "status": order["status"],
        "status_text": STATUS[order["status"]],
        "name": order["name"],
        "content": _content(x509.load_pem_x509_csr(order["csr"].encode()).subject),
        "owner": order["business"]["company"],
        "reason": order["reason"],
    }


def _content(subject: x509.Name) -> list[str]:
    """憑證內容 as the manual shows it, one line each."""
    labels = {
        "C": "Country", "ST": "State", "L": "Locality", "O": "Organization", "OU": "Organizational Unit",
        "CN": "Common Name",
    }  # fmt: skip
    attributes = {attribute.rfc4514_attribute_name: str(attribute.value) for attribute in subject}
    return [f"{label} = {attributes[short]}" for short, label in labels.items() if short in attributes]


def show_download() -> Response:
    here = office()
    number = flask.g.entered.get("certificate", "")
    row = here.store.row("certificates", id=int(number)) if number.isdigit() else None
    if row is None:
        return message("查無憑證資料。")
    delivered = here.delivered(row, flask.g.fault)
    form = here.settings.format
    content, kind, extension = packed(delivered, form)
    if form == "page":
        return page("text", name=row["name"], text=content.decode())
    return attachment(content, kind, f"ServerCert.{extension}")


def show_info() -> Response:
    """The page behind the seal: public, about the newest certificate of a name."""
    name = flask.request.args.get("DNS", "")
    certificates = office().store.rows("certificates", name=name)
    if not certificates:
        return message(f"查無「{name}」之憑證資料。")
    return page("info", entry=_certificate_entry(certificates[-1]))
