# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of the tasks that take several steps: apply (§4.3), renew (§4.4), revoke (§4.5)."""

from __future__ import annotations

import flask
from werkzeug.wrappers import Response

from . import catalogue
from .answers import message, office, page, redirect, skin
from .faults import ECHO
from .rules import Refusal
from .wizard import Expired, Wizard


def show_apply() -> Response:
    return _begin("apply")


def show_renew() -> Response:
    number = flask.g.entered.get("certificate", "")
    return _begin("renew", int(number) if number.isdigit() else -1)


def show_revoke() -> Response:
    return _begin("revoke")


def _begin(kind: str, certificate: int | None = None) -> Response:
    wizard = Wizard.start(office(), skin(), flask.g.sid, kind, certificate)
    if skin().modern:
        return redirect("order", draft=wizard.id, page=wizard.reached)
    return _form(wizard, wizard.reached)


def current() -> Wizard:
    return Wizard.resume(office(), skin(), flask.g.sid, flask.g.entered.get("draft", ""))


def show_order() -> Response:
    wizard, name = current(), flask.g.entered.get("page", "")
    if name == "done" and "committed" in wizard.data and wizard.reached in wizard.data["done"]:
        return _done(wizard)
    if name not in dict(wizard.pages) or not wizard.allowed(name):
        raise Expired
    if flask.request.method == "GET":
        return _form(wizard, name)
    if "cancel" in flask.g.entered:
        wizard.discard()
        return redirect("support")
    if skin().modern and "committed" in wizard.data and name in wizard.data["done"]:
        raise Expired
    return _submit(wizard, name)


def _submit(wizard: Wizard, name: str) -> Response:
    face = skin()
    fault = flask.g.fault
    try:
        if fault is not None and fault.kind == "complaint":
            raise Refusal(fault.parameters.get("message", "輸入資料有誤，請重新輸入。"))
        wizard.submit(name, flask.g.entered)
    except Refusal as refusal:
        if not face.modern:
            return message(*refusal.messages)
        wizard = current()
        secret = ("passphrase", "passphrase_again")
        wizard.data["entered"] = {
            field: value for field, value in flask.g.entered.items() if field in face.wires and field not in secret
        }
        wizard.data["messages"] = refusal.messages
        wizard.save()
        return redirect("order", draft=wizard.id, page=name)
    following = wizard.neighbour(name, 1) or "done"
    if face.modern:
        return redirect("order", draft=wizard.id, page=following)
    return _done(wizard) if following == "done" else _form(wizard, following)


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
        echo=_echo(wizard) if "check" in wizard.sections(name) and "request" in wizard.data else {},
    )


def _echo(wizard: Wizard) -> dict[str, str]:
    """What the portal read from the CSR; a fault may make it read wrongly."""
    echo = {short: wizard.request.subject.get(short, "") for short, _label, _note in catalogue.ECHO}
    fault = office().faults.take(ECHO, wizard.kind, ("check",), flask.request.method)
    if fault is not None:
        echo[fault.parameters.get("attribute", "O")] = fault.parameters.get("value", "Somebody Else Ltd.")
    return echo


def _done(wizard: Wizard) -> Response:
    if wizard.kind != "revoke":
        return page("accepted")
    revocation = wizard.revocation()
    certificates = office().store.rows("certificates", name=revocation["name"])
    certificate = next((row for row in certificates if row["id"] == revocation["certificate"]), None)
    return page("revoked", revocation=revocation, certificate=certificate)
