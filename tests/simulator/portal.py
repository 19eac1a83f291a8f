# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The portal as a web application: its addresses for either skin, and what happens at every request."""

from __future__ import annotations

import hmac
import html
import re
import secrets
import typing as t
import urllib.parse

import flask
import jinja2
from jinja2.bccache import Bucket
from werkzeug.wrappers import Response

from . import catalogue, effects, pages, steps
from .answers import link, message, office, session_token, skin, taipei
from .desk import desk
from .faults import CERTIFICATE, WIRE
from .office import Office
from .skins import SKINS, Skin
from .store import now
from .wizard import Expired

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
        face = SKINS[office.settings.skin]
        self.config.update(OFFICE=office, SKIN=face, TOKEN_SECRET=office.store.secret())
        self.jinja_env.trim_blocks = self.jinja_env.lstrip_blocks = True
        self.jinja_env.globals.update(
            skin=face,
            catalogue=catalogue,
            link=link,
            wire=face.wire,
            authorities=pages.AUTHORITIES,
            seals=pages.SEALS,
        )
        self.jinja_env.filters["taipei"] = taipei
        for endpoint, path in face.paths.items():
            self.add_url_rule(path, endpoint, _view(endpoint), methods=["GET", "POST"])
        for endpoint, path in _DECOYS.items():
            self.add_url_rule(path, endpoint, pages.show_decoy, methods=["GET", "POST"])
        for path, endpoint in (("/pro_sslser.asp", "authorities"), ("/Portal/service/ssl_1_6.html", "seals")):
            if face.paths[endpoint] != path:
                self.add_url_rule(path, f"old_{endpoint}", _moved(endpoint))
        self.register_blueprint(desk, url_prefix="/desk")
        self.before_request(_arrive)
        self.after_request(_leave)
        self.register_error_handler(Expired, _expired)
        self.register_error_handler(404, _not_found)


def _view(endpoint: str) -> t.Callable[..., Response]:
    """What the address holds is read with all else that was entered."""
    show = getattr(pages, f"show_{endpoint}", None) or getattr(steps, f"show_{endpoint}")
    return lambda **_in_path: show()


# Every request


def _uncounted() -> bool:
    return flask.request.endpoint == "static" or (flask.request.endpoint or "").startswith("desk.")


def _arrive() -> t.Any:
    """Reads what came in the skin's character set, finds out what it is about, counts it, and lets faults strike."""
    flask.g.fault = None
    if _uncounted():
        return None
    face = skin()
    flask.g.entered = _entered(face)
    flask.g.sid = flask.request.cookies.get(face.cookie) or secrets.token_hex(12)
    task, sections = _classify()
    kinds = {**WIRE, **CERTIFICATE} if task == "download" else WIRE
    fault = office().faults.take(kinds, task, sections, flask.request.method)
    flask.g.fault = fault
    office().store.insert(
        "requests", at=now(), method=flask.request.method, path=flask.request.full_path.rstrip("?"), task=task,
        steps=sections, fault=fault.kind if fault else None,
    )  # fmt: skip
    if fault is not None and fault.kind == "session_expired":
        flask.g.sid = secrets.token_hex(12)
    elif fault is not None and not fault.after:
        answer = effects.strike(fault, office())
        if answer is not None:
            return answer
    guarded = face.modern and flask.request.method == "POST" and flask.request.endpoint in face.paths
    if guarded and not hmac.compare_digest(flask.g.entered.get("session_token", ""), session_token()):
        raise Expired
    return None


def _leave(response: flask.Response) -> Response:
    if _uncounted():
        return response
    face, fault = skin(), flask.g.fault
    if flask.g.sid != flask.request.cookies.get(face.cookie):
        response.set_cookie(face.cookie, flask.g.sid, secure=True, httponly=True, samesite="Lax")
    if fault is None:
        return response
    return effects.spoil(fault, response, face, office())


def _entered(face: Skin) -> dict[str, str]:
    """Form and query under their meaning, decoded as a server of the page's character set does."""
    meanings = {wire: field for field, wire in face.wires.items()}
    parts = [flask.request.query_string]
    if flask.request.mimetype == "application/x-www-form-urlencoded":
        parts.append(flask.request.get_data())
    entered = {}
    for part in parts:
        text = part.decode("latin-1")
        pairs = urllib.parse.parse_qsl(text, keep_blank_values=True, encoding=face.codec, errors="replace")
        for wire, value in pairs:
            field = meanings.get(wire, wire)
            entered[field] = _meant(face.choices(field), value)
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
            wizard = steps.current()
        except Expired:
            return "order", ()
        page = flask.g.entered.get("page", "")
        sections = wizard.sections(page) if page in dict(wizard.pages) else (page,)
        if flask.request.method == "POST" and page in dict(wizard.pages) and wizard.commits(page):
            sections = (*sections, "commit")
        return wizard.kind, sections
    return _TASKS.get(endpoint.removeprefix("old_"), "navigate"), (endpoint,)


def _moved(endpoint: str) -> t.Callable[[], Response]:
    return lambda: flask.redirect(link(endpoint), 301)


def _expired(_error: Expired) -> Response:
    return message("連線逾時，請重新操作。")


def _not_found(_error: Exception) -> Response:
    if _uncounted():
        return Response("not found", 404)
    return message("找不到您所要求的網頁。", status=404)
