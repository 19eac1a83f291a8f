# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a fault does to an answer."""

from __future__ import annotations

import gzip
import os
import time
import typing as t

import flask
from werkzeug.wrappers import Response

from . import wire
from .faults import WORDING, Fault
from .office import Office
from .skins import Skin

_PROXY = (
    '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body bgcolor="white">\r\n<center><h1>502 Bad Gateway</h1>'
    "</center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
)
_MAINTENANCE = (
    '<!DOCTYPE html><html lang="zh-Hant"><head><meta charset="utf-8"><title>系統維護中</title></head><body><h1>系統維護中</h1>'
    "<p>本網站進行例行維護，暫停服務，造成不便敬請見諒。</p></body></html>"
)
_MEBIBYTE = 1 << 20


def strike(fault: Fault, office: Office) -> Response | None:
    """The answer in place of the true one; None lets the request go on."""
    parameters = fault.parameters
    if fault.kind in ("lost_before", "lost_after", "reset"):
        wire.lose(flask.request.environ, "reset" if fault.kind == "reset" else "all")
        return Response()
    if fault.kind == "error_500":
        return Response(
            "<html><body><h1>HTTP 500 - Internal server error</h1></body></html>", 500, mimetype="text/html"
        )
    if fault.kind == "proxy_502":
        return Response(_PROXY, 502, mimetype="text/html")
    if fault.kind == "maintenance":
        headers = {"Retry-After": str(parameters.get("retry_after", 1))}
        return Response(_MAINTENANCE, 503, headers=headers, mimetype="text/html")
    if fault.kind == "garbage":
        return Response(os.urandom(4096), content_type="text/html")
    if fault.kind == "endless":
        return Response(_endless(), content_type="text/html")
    if fault.kind == "gzip_bomb":
        block = gzip.compress(b" " * (16 * _MEBIBYTE))  # members of a gzip file may simply follow each other
        headers = {"Content-Encoding": "gzip"}
        return Response(block * (parameters.get("megabytes", 1024) // 16), headers=headers, content_type="text/html")
    if fault.kind == "offsite_redirect":
        location = parameters.get("location", f"{office.http_url}offsite")
        return flask.redirect(location, parameters.get("status", 307))
    if fault.kind == "redirect_loop":
        return flask.redirect(flask.request.full_path, 307)
    if fault.kind == "slow":
        time.sleep(parameters.get("seconds", 10))
    return None


def spoil(fault: Fault, response: Response, skin: Skin, office: Office) -> Response:
    """The true answer, or what is left of it."""
    if fault.kind == "wording" and response.mimetype == "text/html":
        text = response.get_data().decode(skin.codec)
        for old, new in fault.parameters.get("replace", WORDING).items():
            text = text.replace(old, new)
        response.set_data(text.encode(skin.codec, "xmlcharrefreplace"))
    elif fault.kind == "wrong_charset" and response.mimetype == "text/html":
        response.headers["Content-Type"] = f"text/html; charset={'utf-8' if skin.codec == 'cp950' else 'big5'}"
    elif fault.kind == "truncated":
        wire.lose(flask.request.environ, "half")
    elif fault.after:
        return strike(fault, office) or response
    return response


def _endless() -> t.Iterator[bytes]:
    while True:
        yield b"<!-- " + b"x" * 65536 + b" -->\n"
