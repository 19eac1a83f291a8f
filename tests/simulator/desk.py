# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The officer's desk: a page for people, and the same as JSON for programs, under /desk on the portal's own address."""

from __future__ import annotations

import dataclasses
import typing as t

import flask
from werkzeug.wrappers import Response

from .faults import KINDS
from .office import Office, OfficeError

desk = flask.Blueprint("desk", __name__)


def _office() -> Office:
    return t.cast(Office, flask.current_app.office)  # type: ignore[attr-defined]


def _approve(values: dict[str, t.Any]) -> t.Any:
    return _office().approve(values["name"], lifetime=values.get("lifetime") or None, age=values.get("age") or "0s")


def _reject(values: dict[str, t.Any]) -> t.Any:
    return _office().reject(values["name"], values["reason"])


def _confirm_revocation(values: dict[str, t.Any]) -> t.Any:
    serial = values.get("serial")
    return _office().confirm_revocation(values["name"], int(serial) if serial else None)


def _fault(values: dict[str, t.Any]) -> t.Any:
    return _office().faults.set(**values)


def _clear_faults(values: dict[str, t.Any]) -> t.Any:
    _office().faults.clear()


def _settings(values: dict[str, t.Any]) -> t.Any:
    return dataclasses.asdict(_office().configure(**values))


_ACTIONS: dict[str, t.Callable[[dict[str, t.Any]], t.Any]] = {
    "approve": _approve,
    "reject": _reject,
    "confirm-revocation": _confirm_revocation,
    "fault": _fault,
    "clear-faults": _clear_faults,
    "settings": _settings,
}
_QUESTIONS: dict[str, t.Callable[[Office], t.Any]] = {
    "counts": lambda office: office.counts(),
    "orders": lambda office: office.orders(),
    "revocations": lambda office: office.store.rows("revocations"),
    "requests": lambda office: office.store.rows("requests"),
    "mails": lambda office: office.store.rows("mails"),
    "leaks": lambda office: office.store.rows("leaks"),
    "faults": lambda office: office.store.rows("faults"),
    "settings": lambda office: dataclasses.asdict(office.settings),
}


@desk.get("/", strict_slashes=False)
def show() -> str:
    office = _office()
    return flask.render_template(
        "desk/desk.html",
        orders=office.orders()[::-1],
        revocations=office.store.rows("revocations")[::-1],
        faults=office.store.rows("faults"),
        kinds=KINDS,
        counts=office.counts(),
        settings=office.settings,
    )


@desk.post("/<action>")
def act(action: str) -> t.Any:
    """A button on the page."""
    if action not in ("approve", "reject", "confirm-revocation", "fault", "clear-faults"):
        flask.abort(404)
    _perform(action, {name: value for name, value in flask.request.form.items() if value})
    return flask.redirect(flask.url_for("desk.show"), 303)


@desk.get("/api/<question>")
def answer(question: str) -> t.Any:
    if question not in _QUESTIONS:
        flask.abort(404)
    return flask.jsonify(_QUESTIONS[question](_office()))


@desk.post("/api/<action>")
def call(action: str) -> t.Any:
    """The arguments are one JSON object; the answer is ``{"result": …}``."""
    if action not in _ACTIONS:
        flask.abort(404)
    return flask.jsonify({"result": _perform(action, flask.request.get_json(silent=True) or {})})


def _perform(action: str, values: dict[str, t.Any]) -> t.Any:
    try:
        return _ACTIONS[action](values)
    except (OfficeError, KeyError, TypeError, ValueError) as error:
        flask.abort(Response(f"{type(error).__name__}: {error}\n", 400, mimetype="text/plain"))
