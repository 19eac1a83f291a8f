# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A form as it is filled in, and the request that a browser makes of it."""

from __future__ import annotations

import re
import typing as t
import urllib.parse

from .._addresses import with_query
from . import charsets, dom
from .page import Control, Option, Page
from .session import Request

_BOUNDARY = "----twca-ssl-form-boundary-7f3c9a51d2e84b06"


class Filling:
    """What the controls of a page hold, beginning with what the page put there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._values: dict[int, str] = {}
        self._checked: dict[int, bool] = {}
        self._chosen: dict[int, Option] = {}
        self._actions: dict[int, str] = {}
        self._added: dict[int, dict[str, str]] = {}

    def type(self, control: Control, value: str) -> None:
        self._values[id(control)] = value

    def choose(self, control: Control, option: Option) -> None:
        """Chooses an entry of a select."""
        self._chosen[id(control)] = option

    def check(self, control: Control, checked: bool = True) -> None:
        """Ticks a box, or presses a radio button and so releases the others of its group."""
        if control.kind == "radio":
            for other in self.page.controls:
                if other.kind == "radio" and other.name == control.name and other.form is control.form:
                    self._checked[id(other)] = False
        self._checked[id(control)] = checked

    def is_checked(self, control: Control) -> bool:
        return self._checked.get(id(control), control.checked)

    def value(self, control: Control) -> str:
        """What the control holds now."""
        if id(control) in self._chosen:
            return self._chosen[id(control)].value
        return self._values.get(id(control), control.value)

    def add(self, form: dom.Node, name: str, value: str) -> None:
        """A field that a script puts into the form."""
        self._added.setdefault(id(form), {})[name] = value

    def redirect(self, form: dom.Node, action: str) -> None:
        """Another address for the form, as a script sets it."""
        self._actions[id(form)] = action

    def request(self, form: dom.Node, button: Control | None) -> tuple[Request, str]:
        """The request that pressing the button makes, and the frame its answer is for."""
        pressed = button.node.attrs if button is not None else {}
        action = self._actions.get(id(form)) or pressed.get("formaction") or form.get("action")
        url = self.page.resolve(action) if action.strip() else self.page.url
        url = url.split("#", 1)[0]
        method = (pressed.get("formmethod") or form.get("method") or "get").strip().lower()
        enctype = (pressed.get("formenctype") or form.get("enctype")).strip().lower()
        target = pressed.get("formtarget") or form.get("target") or self.page.base_target
        charset = charsets.accepted(form.get("accept-charset"), self.page.charset)
        pairs = list(self._successful(form, button, charset))
        if method != "post":
            query = _urlencoded(pairs, charset)
            return Request(with_query(url, query), referer=self.page.url), target
        if enctype == "multipart/form-data":
            body = _multipart(pairs, charset)
            content_type = f"multipart/form-data; boundary={_BOUNDARY}"
        else:
            body = _urlencoded(pairs, charset).encode("ascii")
            content_type = "application/x-www-form-urlencoded"
        return Request(url, "POST", body, content_type, self.page.url), target

    def _successful(self, form: dom.Node, button: Control | None, charset: str) -> t.Iterator[tuple[str, str, bool]]:
        """Name, value and whether it is a file, of all that a browser sends, in document order."""
        for control in self.page.controls_of(form):
            if control is button and control.kind == "image":
                prefix = f"{control.name}." if control.name else ""
                yield f"{prefix}x", "1", False
                yield f"{prefix}y", "1", False
            elif control.disabled or not control.name or (control.is_button and control is not button):
                continue
            elif control.kind in ("radio", "checkbox"):
                if self.is_checked(control):
                    yield control.name, control.value, False
            elif control.kind == "select":
                yield from ((control.name, value, False) for value in self._selected(control))
            elif control.kind == "hidden" and control.name == "_charset_":
                yield control.name, charset, False
            else:
                yield control.name, self.value(control), control.kind == "file"
        yield from ((name, value, False) for name, value in self._added.get(id(form), {}).items())

    def _selected(self, control: Control) -> list[str]:
        if id(control) in self._chosen:
            return [self._chosen[id(control)].value]
        return [option.value for option in control.options if option.selected and not option.disabled]


def _lines(value: str) -> str:
    return re.sub(r"\r\n|\r|\n", "\r\n", value)


def _urlencoded(pairs: list[tuple[str, str, bool]], charset: str) -> str:
    def quoted(text: str) -> str:
        return urllib.parse.quote_plus(charsets.encode(_lines(text), charset), safe="*")

    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value, _file in pairs)


def _multipart(pairs: list[tuple[str, str, bool]], charset: str) -> bytes:
    parts = []
    for name, value, is_file in pairs:
        escaped = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{escaped}"'
        if is_file:
            filename = "request.csr" if value else ""
            head += f'; filename="{filename}"\r\nContent-Type: application/octet-stream'
        parts.append(
            charsets.encode(head, charset) + b"\r\n\r\n" + charsets.encode(value if is_file else _lines(value), charset)
        )
    return b"\r\n".join(parts) + f"\r\n--{_BOUNDARY}--\r\n".encode("ascii")
