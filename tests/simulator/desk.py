# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The officer's desk: a page for people, and the same as JSON for programs, under /desk on the portal's own address."""

from __future__ import annotations

import dataclasses
import typing as t

import flask
from werkzeug.wrappers import Response

from .answers import office
from .faults import KINDS
from .office import Office, OfficeError

desk = flask.Blueprint("desk", __name__)


def _approve(values: dict[str, t.Any]) -> t.Any:
    return office().approve(values["name"], lifetime=values.get("lifetime") or None, age=values.get("age") or "0s")


def _reject(values: dict[str, t.Any]) -> t.Any:
    return office().reject(values["name"], values["reason"])


def _confirm_revocation(values: dict[str, t.Any]) -> t.Any:
    serial = values.get("serial")
    return office().confirm_revocation(values["name"], int(serial) if serial else None)


def _fault(values: dict[str, t.Any]) -> t.Any:
    return office().faults.set(**values)


def _clear_faults(values: dict[str, t.Any]) -> t.Any:
    office().faults.clear()


def _settings(values: dict[str, t.Any]) -> t.Any:
    return dataclasses.asdict(office().configure(**values))


_ACTIONS: dict[str, t.Callable[[dict[str, t.Any]], t.Any]] = {
    "approve": _approve,
    "reject": _reject,
    "confirm-revocation": _confirm_revocation,
    "fault": _fault,
    "clear-faults": _clear_faults,
    "settings": _settings,
}
_QUESTIONS: dict[str, t.Callable[[Office], t.Any]] = {
    "counts": lambda it: it.counts(),
    "orders": lambda it: it.orders(),
    "revocations": lambda it: it.store.rows("revocations"),
    "requests": lambda it: it.store.rows("requests"),
    "mails": lambda it: it.store.rows("mails"),
    "leaks": lambda it: it.store.rows("leaks"),
    "faults": lambda it: it.store.rows("faults"),
    "settings": lambda it: dataclasses.asdict(it.settings),
}


@desk.get("/", strict_slashes=False)
def show() -> str:
    here = office()
    return flask.render_template(
        "desk/desk.html",
        orders=here.orders()[::-1],
        revocations=here.store.rows("revocations")[::-1],
        faults=here.store.rows("faults"),
        kinds=KINDS,
        counts=here.counts(),
        settings=here.settings,
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
    return flask.jsonify(_QUESTIONS[question](office()))


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
