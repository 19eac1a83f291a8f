# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an answer is made: the skin's template, character set and addresses."""

from __future__ import annotations

import hashlib
import hmac
import re
import typing as t
import urllib.parse
from datetime import datetime, timedelta, timezone

import flask
from werkzeug.wrappers import Response

from .office import Office
from .skins import Skin

TAIPEI = timezone(timedelta(hours=8))


def office() -> Office:
    """The office whose portal this is."""
    return t.cast(Office, flask.current_app.config["OFFICE"])


def skin() -> Skin:
    return t.cast(Skin, flask.current_app.config["SKIN"])


def session_token() -> str:
    """What a form of this session must bring back."""
    secret = str(flask.current_app.config["TOKEN_SECRET"])
    return hmac.new(secret.encode(), flask.g.sid.encode(), hashlib.sha256).hexdigest()


def page(template: str, *, status: int = 200, **values: t.Any) -> Response:
    """A page of the skin, in its character set; what that lacks goes out as references."""
    face = skin()
    values.setdefault("session_token", session_token() if face.modern else "")
    text = flask.render_template(f"{face.name}/{template}.html", **values)
    return Response(text.encode(face.codec, "xmlcharrefreplace"), status, content_type=face.content_type)


def message(*messages: str, good: bool = False, status: int = 200) -> Response:
    return page("message", messages=messages, good=good, status=status)


def link(endpoint: str, **identifiers: t.Any) -> str:
    """An address of this skin: what its path does not hold goes into the query, under the skin's names."""
    face = skin()
    in_path = {name: value for name, value in identifiers.items() if re.search(rf"[<:]{name}>", face.paths[endpoint])}
    query = {face.wire(name): value for name, value in identifiers.items() if name not in in_path}
    address = flask.url_for(endpoint, **in_path)
    return f"{address}?{urllib.parse.urlencode(query)}" if query else address


def taipei(moment: float) -> str:
    """Times as the manual shows them: ``2002-10-04 15:32:13.0``, Taipei."""
    return f"{datetime.fromtimestamp(moment, TAIPEI):%Y-%m-%d %H:%M:%S}.0"


def redirect(endpoint: str, **identifiers: t.Any) -> Response:
    return flask.redirect(link(endpoint, **identifiers), 303)


def attachment(content: bytes, kind: str, file_name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(content, content_type=kind, headers=headers)
