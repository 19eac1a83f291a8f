# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The portal's pages: every address of portal.md's table, for either skin."""

from __future__ import annotations

import hashlib
import hmac
import html
import re
import secrets
import typing as t
import urllib.parse
from datetime import datetime, timedelta, timezone

import flask
import jinja2
from cryptography import x509
from jinja2.bccache import Bucket
from werkzeug.wrappers import Response

from . import catalogue, effects
from .authority import packed
from .desk import desk
from .faults import CERTIFICATE, ECHO, WIRE
from .office import Office, certificate_status
from .rules import Refusal
from .skins import SKINS, Skin
from .store import Row, now
from .wizard import Expired, Wizard

TAIPEI = timezone(timedelta(hours=8))
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
_DECOYS = {
    "decoy_search": "/site-search",
    "decoy_newsletter": "/newsletter",
    "decoy_login": "/member/login",
    "decoy_language": "/language",
}
_TASKS = {
    "search": "search",
    "detail": "search",
    "download": "download",
    "authorities": "authority",
    "authority": "authority",
    "seals": "seal",
    "info": "info",
    "apply": "apply",
    "renew": "renew",
    "revoke": "revoke",
}


class _CompiledTemplates(jinja2.BytecodeCache):
    """Shared by all simulators of a process: tests start many."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


class Portal(flask.Flask):
    """The web application of one office."""

    jinja_options: t.ClassVar[dict[str, t.Any]] = {"bytecode_cache": _CompiledTemplates()}  # type: ignore[misc]

    def __init__(self, office: Office) -> None:
        super().__init__(__package__)
        self.office = office
        self.skin = SKINS[office.settings.skin]
        self.secret = office.store.secret()
        self.jinja_env.trim_blocks = self.jinja_env.lstrip_blocks = True
        self.jinja_env.globals.update(
            skin=self.skin, catalogue=catalogue, link=link, wire=self.skin.wire, authorities=AUTHORITIES, seals=SEALS
        )
        self.jinja_env.filters["taipei"] = taipei
        for endpoint, path in self.skin.paths.items():
            self.add_url_rule(path, endpoint, _view(globals()[f"show_{endpoint}"]), methods=["GET", "POST"])
        for endpoint, path in _DECOYS.items():
            self.add_url_rule(path, endpoint, show_decoy, methods=["GET", "POST"])
        for path, endpoint in (("/pro_sslser.asp", "authorities"), ("/Portal/service/ssl_1_6.html", "seals")):
            if self.skin.paths[endpoint] != path:
                self.add_url_rule(path, f"old_{endpoint}", _moved(endpoint))
        self.register_blueprint(desk, url_prefix="/desk")
        self.before_request(_arrive)
        self.after_request(_leave)
        self.register_error_handler(Expired, _expired)
        self.register_error_handler(404, _not_found)


def _view(show: t.Callable[[], Response]) -> t.Callable[..., Response]:
    """What the address holds is read with all else that was entered."""
    return lambda **_in_path: show()


def _office() -> Office:
    return t.cast(Portal, flask.current_app).office


def _skin() -> Skin:
    return t.cast(Portal, flask.current_app).skin


# Every request


def _uncounted() -> bool:
    return flask.request.endpoint == "static" or (flask.request.endpoint or "").startswith("desk.")


def _arrive() -> t.Any:
    """Reads what came in the skin's character set, finds out what it is about, counts it, and lets faults strike."""
    flask.g.fault = None
    if _uncounted():
        return None
    skin = _skin()
    flask.g.entered = _entered(skin)
    flask.g.sid = flask.request.cookies.get(skin.cookie) or secrets.token_hex(12)
    task, steps = _classify()
    kinds = {**WIRE, **CERTIFICATE} if task == "download" else WIRE
    fault = _office().faults.take(kinds, task, steps, flask.request.method)
    flask.g.fault = fault
    _office().store.insert(
        "requests", at=now(), method=flask.request.method, path=flask.request.full_path.rstrip("?"), task=task,
        steps=steps, fault=fault.kind if fault else None,
    )  # fmt: skip
    if fault is not None and fault.kind == "session_expired":
        flask.g.sid = secrets.token_hex(12)
    elif fault is not None and not fault.after:
        answer = effects.strike(fault, _office())
        if answer is not None:
            return answer
    guarded = skin.modern and flask.request.method == "POST" and flask.request.endpoint in skin.paths
    if guarded and not hmac.compare_digest(flask.g.entered.get("session_token", ""), session_token()):
        raise Expired
    return None


def _leave(response: flask.Response) -> Response:
    if _uncounted():
        return response
    skin, fault = _skin(), flask.g.fault
    if flask.g.sid != flask.request.cookies.get(skin.cookie):
        response.set_cookie(skin.cookie, flask.g.sid, secure=True, httponly=True, samesite="Lax")
    if fault is None:
        return response
    return effects.spoil(fault, response, skin, _office())


def _entered(skin: Skin) -> dict[str, str]:
    """Form and query under their meaning, decoded as a server of the page's character set does."""
    meanings = {wire: field for field, wire in skin.wires.items()}
    parts = [flask.request.query_string]
    if flask.request.mimetype == "application/x-www-form-urlencoded":
        parts.append(flask.request.get_data())
    entered = {}
    for part in parts:
        text = part.decode("latin-1")
        pairs = urllib.parse.parse_qsl(text, keep_blank_values=True, encoding=skin.codec, errors="replace")
        for wire, value in pairs:
            field = meanings.get(wire, wire)
            entered[field] = _meant(skin.choices(field), value)
    entered.update({name: str(value) for name, value in (flask.request.view_args or {}).items()})
    return entered


def _meant(choices: tuple[str, ...], value: str) -> str:
    """The text behind a list's number; what the character set lacks comes as references, as browsers send it."""
    if value.isdecimal() and 1 <= int(value) <= len(choices):
        return choices[int(value) - 1]
    return re.sub(r"&#\d+;", lambda match: html.unescape(match.group()), value)


def _classify() -> tuple[str, tuple[str, ...]]:
    """Task and steps of a request, in the words faults are matched with."""
    endpoint = flask.request.endpoint or "unknown"
    if endpoint.startswith("decoy_"):
        return "decoy", (endpoint,)
    if endpoint == "order":
        try:
            wizard = _wizard()
        except Expired:
            return "order", ()
        page = flask.g.entered.get("page", "")
        steps = wizard.sections(page) if page in dict(wizard.pages) else (page,)
        if flask.request.method == "POST" and page in dict(wizard.pages) and wizard.commits(page):
            steps = (*steps, "commit")
        return wizard.kind, steps
    return _TASKS.get(endpoint.removeprefix("old_"), "navigate"), (endpoint,)


def session_token() -> str:
    secret = t.cast(Portal, flask.current_app).secret
    return hmac.new(secret.encode(), flask.g.sid.encode(), hashlib.sha256).hexdigest()


# Making answers


def page(template: str, *, status: int = 200, **values: t.Any) -> Response:
    """A page of the skin, in its character set; what that lacks goes out as references."""
    skin = _skin()
    values.setdefault("session_token", session_token() if skin.modern else "")
    text = flask.render_template(f"{skin.name}/{template}.html", **values)
    return Response(text.encode(skin.codec, "xmlcharrefreplace"), status, content_type=skin.content_type)


def message(*messages: str, good: bool = False, status: int = 200) -> Response:
    return page("message", messages=messages, good=good, status=status)


def link(endpoint: str, **identifiers: t.Any) -> str:
    """An address of this skin: what its path does not hold goes into the query, under the skin's names."""
    skin = _skin()
    in_path = {name: value for name, value in identifiers.items() if re.search(rf"[<:]{name}>", skin.paths[endpoint])}
    query = {skin.wire(name): value for name, value in identifiers.items() if name not in in_path}
    address = flask.url_for(endpoint, **in_path)
    return f"{address}?{urllib.parse.urlencode(query)}" if query else address


def taipei(moment: float) -> str:
    """Times as the manual shows them: ``2002-10-04 15:32:13.0``, Taipei."""
    return f"{datetime.fromtimestamp(moment, TAIPEI):%Y-%m-%d %H:%M:%S}.0"


def _redirect(endpoint: str, **identifiers: t.Any) -> Response:
    return flask.redirect(link(endpoint, **identifiers), 303)


def _moved(endpoint: str) -> t.Callable[[], Response]:
    return lambda: flask.redirect(link(endpoint), 301)


def _expired(_error: Expired) -> Response:
    return message("連線逾時，請重新操作。")


def _not_found(_error: Exception) -> Response:
    if _uncounted():
        return Response("not found", 404)
    return message("找不到您所要求的網頁。", status=404)


# Pages that only show something


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
    content, kind, extension = packed([_office().authority.certificate(name)], _office().settings.format)
    return _file(content, kind, f"{AUTHORITIES[name][2]}.{extension}")


def _file(content: bytes, kind: str, file_name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(content, content_type=kind, headers=headers)


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
    if len(entries) == 1 or not _skin().modern:
        return page("detail", entries=entries)
    return page("results", entries=entries, site=site.strip())


def _search_failed(site: str, text: str) -> Response:
    return page("search", site=site, message=text) if _skin().modern else message(text)


def show_detail() -> Response:
    reference = flask.g.entered.get("certificate", "")
    kind, number = reference[:1], reference[1:]
    table = {"c": "certificates", "o": "orders"}.get(kind)
    row = _office().store.row(table, id=int(number)) if table and number.isdigit() else None
    entry = next((entry for entry in _entries(row["name"]) if entry["reference"] == reference), None) if row else None
    if entry is None:
        return message("查無憑證資料。")
    return page("detail", entries=[entry])


def _entries(name: str) -> list[dict[str, t.Any]]:
    """What the portal lists under a name, spelled exactly so; newest first."""
    office = _office()
    entries = [_certificate_entry(row) for row in office.store.rows("certificates", name=name)]
    for order in office.store.rows("orders", name=name):
        if order["status"] == "rejected" or (order["status"] == "pending" and office.settings.show_pending):
            entries.append(_order_entry(order))
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


def _certificate_entry(row: Row) -> dict[str, t.Any]:
    order = _office().order_of(row)
    status = certificate_status(row)
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
        "level": _office().authority.level,
        "content": _content(x509.load_pem_x509_certificate(row["pem"].encode()).subject),
        "owner": order["business"]["company"],
        "revocation": _office().open_revocation(row) if status == "valid" else None,
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
    office = _office()
    number = flask.g.entered.get("certificate", "")
    row = office.store.row("certificates", id=int(number)) if number.isdigit() else None
    if row is None:
        return message("查無憑證資料。")
    delivered = office.delivered(row, flask.g.fault)
    form = office.settings.format
    content, kind, extension = packed(delivered, form)
    if form == "page":
        return page("text", name=row["name"], text=content.decode())
    return _file(content, kind, f"ServerCert.{extension}")


def show_info() -> Response:
    """The page behind the seal: public, about the newest certificate of a name."""
    name = flask.request.args.get("DNS", "")
    certificates = _office().store.rows("certificates", name=name)
    if not certificates:
        return message(f"查無「{name}」之憑證資料。")
    return page("info", entry=_certificate_entry(certificates[-1]))


# The wizard: apply (§4.3), renew (§4.4), revoke (§4.5)


def show_apply() -> Response:
    return _begin("apply")


def show_renew() -> Response:
    number = flask.g.entered.get("certificate", "")
    return _begin("renew", int(number) if number.isdigit() else -1)


def show_revoke() -> Response:
    return _begin("revoke")


def _begin(kind: str, certificate: int | None = None) -> Response:
    wizard = Wizard.start(_office(), _skin(), flask.g.sid, kind, certificate)
    if _skin().modern:
        return _redirect("order", draft=wizard.id, page=wizard.reached)
    return _form(wizard, wizard.reached)


def _wizard() -> Wizard:
    return Wizard.resume(_office(), _skin(), flask.g.sid, flask.g.entered.get("draft", ""))


def show_order() -> Response:
    wizard, name = _wizard(), flask.g.entered.get("page", "")
    if name == "done" and "committed" in wizard.data:
        return _done(wizard)
    if name not in dict(wizard.pages) or not wizard.allowed(name):
        raise Expired
    if flask.request.method == "GET":
        return _form(wizard, name)
    if "cancel" in flask.g.entered:
        wizard.discard()
        return _redirect("support")
    if _skin().modern and "committed" in wizard.data:
        raise Expired
    return _submit(wizard, name)


def _submit(wizard: Wizard, name: str) -> Response:
    skin = _skin()
    try:
        wizard.submit(name, flask.g.entered)
    except Refusal as refusal:
        if not skin.modern:
            return message(*refusal.messages)
        wizard = _wizard()
        secret = ("passphrase", "passphrase_again")
        wizard.data["entered"] = {
            field: value for field, value in flask.g.entered.items() if field in skin.wires and field not in secret
        }
        wizard.data["messages"] = refusal.messages
        wizard.save()
        return _redirect("order", draft=wizard.id, page=name)
    following = "done" if wizard.commits(name) else wizard.neighbour(name, 1)
    if skin.modern:
        return _redirect("order", draft=wizard.id, page=following)
    return _done(wizard) if following == "done" else _form(wizard, t.cast(str, following))


def _form(wizard: Wizard, name: str) -> Response:
    messages = wizard.data.pop("messages", ())
    values = wizard.prefilled()
    wizard.data.pop("entered", None)
    if messages:
        wizard.save()
    return page(
        "wizard",
        wizard=wizard,
        name=name,
        sections=wizard.sections(name),
        values=values,
        messages=messages,
        back=wizard.neighbour(name, -1),
        echo=_echo(wizard) if "check" in wizard.sections(name) else {},
    )


def _echo(wizard: Wizard) -> dict[str, str]:
    """What the portal read from the CSR; a fault may make it read wrongly."""
    echo = {short: wizard.request.subject.get(short, "") for short, _label, _note in catalogue.ECHO}
    fault = _office().faults.take(ECHO, wizard.kind, ("check",), flask.request.method)
    if fault is not None:
        echo[fault.parameters.get("attribute", "O")] = fault.parameters.get("value", "Somebody Else Ltd.")
    return echo


def _done(wizard: Wizard) -> Response:
    if wizard.kind != "revoke":
        return page("accepted")
    revocation = wizard.revocation()
    certificates = _office().store.rows("certificates", name=revocation["name"])
    certificate = next((row for row in certificates if row["id"] == revocation["certificate"]), None)
    return page("revoked", revocation=revocation, certificate=certificate)
