# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m simulator``: see ``--help``."""

from __future__ import annotations

import argparse
import dataclasses
import json
import signal
import sys
import threading
import typing as t
from datetime import datetime, timezone
from pathlib import Path

from . import faults
from .office import Office, OfficeError
from .server import Service
from .settings import FLOWS, FORMATS, ISSUERS, SKINS, Files, Settings, duration
from .store import Row

_DESCRIPTION = """\
Plays TWCA: the portal as its manual shows it (over TLS), the officer who approves, and the certification authority
(CRL, OCSP and AIA on a second, plain HTTP port). All state is in one directory and survives a restart."""
_EXAMPLES = """\
examples:
  PYTHONPATH=tests python -m simulator serve --skin classic --port 8443
  PYTHONPATH=tests python -m simulator serve --approve-after 5 --lifetime 30m --smtp 127.0.0.1:10025
  PYTHONPATH=tests python -m simulator desk list
  PYTHONPATH=tests python -m simulator desk approve www.example.com.tw
  PYTHONPATH=tests python -m simulator desk reject www.example.com.tw --reason 申請單未用印
  PYTHONPATH=tests python -m simulator desk revoke-confirm www.example.com.tw --serial 1033716735
  PYTHONPATH=tests python -m simulator desk fault lost_after --step commit

faults (task: apply, renew, revoke, search, download, authority, seal, info, navigate, mail; step: csr, secret, check,
technical, business, billing, payment, review, site, choice, reason, commit):
"""
_DEFAULTS = Settings()


def main() -> int:
    arguments = _parser().parse_args()
    return t.cast(int, arguments.run(arguments))


def _parser() -> argparse.ArgumentParser:
    kinds = "\n".join(f"  {kind:18}{text}" for kind, text in faults.KINDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description=_DESCRIPTION,
        epilog=_EXAMPLES + kinds,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shown = argparse.ArgumentDefaultsHelpFormatter
    _add_serve(commands.add_parser("serve", help="run until interrupted", formatter_class=shown))
    _add_desk(commands.add_parser("desk", help="be the officer; works beside a running simulator, or without one"))
    return parser


def _add_directory(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--directory", type=Path, default=Path(".cache/simulator"), help="where the state is kept")


def _add_serve(parser: argparse.ArgumentParser) -> None:
    _add_directory(parser)
    add = parser.add_argument
    add("--skin", choices=SKINS, default=_DEFAULTS.skin, help="the portal of 2008 (Big5) or a modern one")
    add("--host", default=_DEFAULTS.host, help="address to listen on")
    add("--name", default=_DEFAULTS.name, help="host name in addresses and in the portal's certificate")
    add("--port", type=int, default=0, help="TLS port; 0: that of last time if it is free, else any")
    add("--http-port", type=int, default=0, help="port of CRL, OCSP and AIA; 0 as above")
    add("--portal-issuer", choices=ISSUERS, default="private", help="who issues the portal's own certificate")
    add("--lifetime", type=_duration, default=_DEFAULTS.lifetime, help="of certificates: 198d, 12h, 10m, 90s")
    add("--client-auth", action="store_true", help="put clientAuth into certificates too")
    add("--format", choices=FORMATS, default="pem", help="of certificates downloaded or mailed")
    add("--approve-after", type=float, metavar="SECONDS", help="the officer approves by himself after so long")
    add("--hide-pending", action="store_true", help="keep pending orders out of search results")
    add("--hide-revoked", action="store_true", help="go on listing as valid what was revoked")
    add(
        "--flow",
        choices=FLOWS,
        default="manual",
        help="what is asked where, and when an order is placed; see the README",
    )
    add("--review", action="store_true", help="a last page that repeats the order and asks for 確認")
    add("--revocation-choice", action="store_true", help="ask which certificate of the name to revoke")
    add("--smtp", metavar="HOST:PORT", help="send the notices there")
    add("--fault", action="append", default=[], metavar="KIND[,NAME=VALUE…]", help="as `desk fault`; may be repeated")
    add("--settings", type=json.loads, default=None, help=argparse.SUPPRESS)
    parser.set_defaults(run=_serve)


def _add_desk(parser: argparse.ArgumentParser) -> None:
    _add_directory(parser)
    actions = parser.add_subparsers(required=True, metavar="ACTION")

    def action(name: str, run: t.Callable[[Office, argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        found = actions.add_parser(name, help=text)
        found.set_defaults(run=_desk, action=run)
        return found

    action("list", _list, "orders and revocations")
    action("counts", _counts, "requests and committed orders, as JSON")
    approve = action("approve", _approve, "issue what is pending for a name")
    approve.add_argument("name")
    approve.add_argument("--lifetime", type=_duration, help="other than the usual")
    approve.add_argument("--age", type=_duration, default="0s", help="as if it had been issued so long ago")
    reject = action("reject", _reject, "turn down what is pending")
    reject.add_argument("name")
    reject.add_argument("--reason", required=True)
    confirm = action("revoke-confirm", _confirm, "revoke what was asked to be")
    confirm.add_argument("name")
    confirm.add_argument("--serial", type=int, help="decimal; needed where more than one valid certificate fits")
    fault = action("fault", _fault, "switch a fault on")
    fault.add_argument("kind", choices=faults.KINDS)
    for option in ("task", "step", "method"):
        fault.add_argument(f"--{option}", help=f"only requests of this {option}")
    fault.add_argument("--nth", type=int, default=1, help="begin with the nth matching request")
    fault.add_argument("--times", type=int, default=1, help="for so many requests; 0: always")
    fault.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="parameters: after=true …")
    action("clear-faults", _clear_faults, "switch all faults off")


def _serve(arguments: argparse.Namespace) -> int:
    given = vars(arguments)
    names = {field.name for field in dataclasses.fields(Settings)}
    settings = {name: value for name, value in given.items() if name in names}
    settings["show_pending"] = not arguments.hide_pending
    settings["show_revoked"] = not arguments.hide_revoked
    try:
        service = Service(arguments.directory, **(settings if arguments.settings is None else arguments.settings))
    except OSError as exc:
        sys.exit(f"the simulator cannot listen ({exc.strerror}); give another --port, or stop what uses it")
    for text in arguments.fault:
        kind, *options = text.split(",")
        service.office.faults.set(kind, **_parameters(options))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    service.start()
    addresses = service.addresses
    print(f"portal          {addresses['url']}  (skin: {service.office.settings.skin})")
    print(f"officer's desk  {addresses['url']}desk")
    print(f"CRL, OCSP, AIA  {addresses['http_url']}")
    print(f"portal_ca_path  {addresses['portal_ca']}")
    print(f"trusted_roots   {addresses['roots']}", flush=True)
    stop.wait()
    service.stop()
    return 0


def _desk(arguments: argparse.Namespace) -> int:
    files = Files(arguments.directory)
    if not files.database.exists():
        print(f"there is no simulator's state in {arguments.directory}", file=sys.stderr)
        return 1
    try:
        arguments.action(Office(files), arguments)
    except (OfficeError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _list(office: Office, _arguments: argparse.Namespace) -> None:
    for order in office.orders():
        issued = ", ".join(f"{row['serial']} ({row['status']})" for row in order["certificates"])
        print(f"order {order['id']}  {order['kind']:6} {order['name']}  {order['status']}  {issued or order['reason']}")
    for row in office.store.rows("revocations"):
        print(f"revocation {row['id']}  {row['name']}  {'confirmed' if row['confirmed'] else 'requested'}")


def _counts(office: Office, _arguments: argparse.Namespace) -> None:
    print(json.dumps(office.counts(), ensure_ascii=False, indent=2))


def _approve(office: Office, arguments: argparse.Namespace) -> None:
    for number in office.approve(arguments.name, lifetime=arguments.lifetime, age=arguments.age):
        certificate = t.cast(Row, office.store.row("certificates", id=number))
        order = office.order_of(certificate)
        contact = order["technical"]
        end = datetime.fromtimestamp(certificate["not_after"], timezone.utc)
        print(
            f"approved: order {order['id']} ({order['kind']}) for {order['name']}, sent by {contact['name']} of {contact['company']}; "
            f"issued: serial number {int(certificate['serial']):X}, valid until {end:%Y-%m-%d %H:%M} UTC. "
            "The next run of the playbook collects it."
        )


def _reject(office: Office, arguments: argparse.Namespace) -> None:
    for number in office.reject(arguments.name, arguments.reason):
        print(f"rejected: order {number} for {arguments.name}, {arguments.reason}")


def _confirm(office: Office, arguments: argparse.Namespace) -> None:
    number = office.confirm_revocation(arguments.name, arguments.serial)
    certificate = t.cast(Row, office.store.row("certificates", id=number))
    print(f"revoked: {certificate['name']}, serial number {int(certificate['serial']):X}")


def _clear_faults(office: Office, _arguments: argparse.Namespace) -> None:
    office.faults.clear()


def _fault(office: Office, arguments: argparse.Namespace) -> None:
    office.faults.set(
        arguments.kind,
        task=arguments.task,
        step=arguments.step,
        method=arguments.method,
        nth=arguments.nth,
        times=arguments.times or None,
        **_parameters(arguments.set),
    )


def _parameters(options: t.Iterable[str]) -> dict[str, t.Any]:
    """``name=value`` pairs; a value is JSON where it can be, else text."""
    parameters = {}
    for option in options:
        name, _equals, value = option.partition("=")
        try:
            parameters[name] = json.loads(value)
        except ValueError:
            parameters[name] = value
    return parameters


def _duration(text: str) -> str:
    try:
        duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


if __name__ == "__main__":
    sys.exit(main())
