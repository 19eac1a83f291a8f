# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task of ``twca_certificate`` asks for, turned into one run of the workflow and its result."""

from __future__ import annotations

import functools
import typing as t
from pathlib import Path

from .._deploy.fetch import fetch
from .._errors import InputError, TwcaError
from .._pki import certificates, csr
from .._store import atomic
from . import contacts, delivery, preflight, revocation, roots
from .decisions import OrderPolicy
from .evidence import ReceivedFiles
from .journal import Journal
from .sentences import describe
from .workflow import Outcome, Patience, Workflow

if t.TYPE_CHECKING:
    import datetime

    from .._portal.model import Application
    from .._portal.portal import Portal
    from .journal import Record

_FILE_MODE = 0o644  # certificates are public
_PEOPLE = ("technical_contact", "business_contact", "billing_contact")


def obtain(
    params: dict[str, t.Any],
    *,
    check_mode: bool,
    state_dir: Path,
    open_portal: t.Callable[[], Portal],
) -> dict[str, t.Any]:
    """Run the workflow for one certificate.

    :param params: the options of ``twca_certificate``.
    :returns: the module's result; ``warnings`` apart from it are for the module to show.
    :raises TwcaError: what a person can act on; ``details`` hold ``common_name``, ``public_key_sha256`` and ``warnings``.
    """
    request = csr.load(params["csr_content"] or _read(params["csr_path"]))
    request.check()
    for option in ("wait_timeout", "poll_interval"):
        if params[option] < (1 if option == "poll_interval" else 0):
            raise InputError(f"{option} is {params[option]}; give it in seconds.")
    notices: list[str] = []

    opened = functools.lru_cache(maxsize=None)(open_portal)

    def application(complete: bool) -> Application | None:
        if complete:
            preflight.check_request(request)
            notice = preflight.check_roots(params["trusted_roots"], params["portal_url"], opened, ask=not check_mode)
            notices.extend([notice] if notice else [])
        return _application(params, request, complete, notices)

    workflow = Workflow(
        request,
        OrderPolicy(
            operation=params["operation"],
            on_uncertain=params["on_uncertain"],
            allow_order=params["allow_order"],
            holder=params["holder"],
        ),
        Journal(state_dir),
        portal=opened,
        application=application,
        roots=lambda: roots.load(params["trusted_roots"]),
        fetch=fetch,
        mailbox=_mailbox(params, request),
        patience=Patience(
            wait_timeout=params["wait_timeout"],
            poll_interval=params["poll_interval"],
            request_timeout=params["portal_timeout"],
        ),
    )
    try:
        outcome = workflow.predict() if check_mode else workflow.run()
    except TwcaError as exc:
        whose = {"common_name": request.common_name, "public_key_sha256": request.public_key_sha256}
        exc.details = {**exc.details, **whose, "warnings": [*dict.fromkeys(notices), *workflow.warnings]}
        raise
    files = _write(params, outcome, check_mode)
    result = _result(request, outcome, files)
    result["superseded"] = _superseded(workflow.book.others, state_dir, request.common_name)
    result["portal_requests"] = workflow.portal_requests
    result["warnings"] = [*dict.fromkeys(notices), *outcome.warnings]
    return result


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as exc:
        raise InputError(f"csr_path: {path} cannot be read ({exc.strerror}).") from exc


def _application(
    params: dict[str, t.Any], request: csr.Request, complete: bool, notices: list[str]
) -> Application | None:
    """The order's data, checked; None where some of it is not given and need not be yet."""
    given = [params[option] for option in _PEOPLE]
    if not complete and not all(given):
        return None
    technical, business, billing, found = contacts.check(*given)
    notices.extend(found)
    if complete or params["passphrase"] is not None:
        contacts.check_passphrase(params["passphrase"])
    if not complete:
        return None
    from .._portal.model import Application  # noqa: PLC0415 - only an order needs the portal's data

    return Application(
        csr=request.pem,
        subject=request.subject,
        common_name=request.common_name,
        server_software=params["server_software"],
        passphrase=params["passphrase"],
        technical=technical,
        business=business,
        billing=billing,
        payment_method=params["payment_method"],
    )


def _mailbox(
    params: dict[str, t.Any], request: csr.Request
) -> t.Callable[[datetime.datetime | None], ReceivedFiles] | None:
    if params["delivery"] != "mailbox":
        return None

    def look(since: datetime.datetime | None) -> ReceivedFiles:
        from .._mailbox import notice  # noqa: PLC0415 - only this delivery needs it

        trusted = roots.load(params["trusted_roots"])
        found = notice.find(
            params["mailbox"],
            request.public_key_sha256,
            since=since,
            accept=lambda mail: delivery.is_proven(mail.certificates, request, trusted),
        )
        return ReceivedFiles(found.certificates, found.seals) if found else ReceivedFiles()

    return look


def _write(params: dict[str, t.Any], outcome: Outcome, check_mode: bool) -> list[dict[str, str]]:
    """Write the files asked for that differ; return a diff of each."""
    if outcome.certificate is None:
        return []
    leaf = certificates.to_pem(outcome.certificate)
    chain = "".join(certificates.to_pem(one) for one in outcome.chain)
    wanted = {"path": leaf, "chain_path": chain, "fullchain_path": leaf + chain}
    changed = []
    for option, text in wanted.items():
        if params[option] is None:
            continue
        path = Path(params[option])
        before = path.read_text(encoding="ascii", errors="replace") if path.exists() else ""
        if before == text:
            continue
        if not check_mode:
            atomic.write(path, text.encode("ascii"), mode=_FILE_MODE)
        changed.append(
            {"before_header": str(path), "after_header": str(path), "before": _summary(before), "after": _summary(text)}
        )
    return changed


def _summary(pem: str) -> str:
    lines = []
    for one in certificates.load_any(pem.encode("ascii", "replace")):
        described = certificates.describe(one)
        lines.append(
            f"{described['common_name']}, serial number {described['serial_number']}, until {described['not_after']}\n"
        )
    return "".join(lines)


def _result(request: csr.Request, outcome: Outcome, files: list[dict[str, str]]) -> dict[str, t.Any]:
    record = outcome.record
    result: dict[str, t.Any] = {
        "changed": outcome.operation != "none" or bool(files),
        "common_name": request.common_name,
        "public_key_sha256": request.public_key_sha256,
        "status": outcome.status,
        "operation": outcome.operation,
        "order": describe(record) if record else {},
        "diff": [*_order_diff(request, outcome), *files],
    }
    if outcome.certificate is not None:
        described = certificates.describe(outcome.certificate)
        leaf = certificates.to_pem(outcome.certificate)
        chain = [certificates.to_pem(one) for one in outcome.chain]
        result.update(
            certificate=leaf,
            chain=chain,
            fullchain=leaf + "".join(chain),
            seals=dict(record.seals) if record else {},
            **{key: described[key] for key in ("serial_number", "not_before", "not_after", "days_left")},
        )
    return result


def _superseded(others: t.Iterable[Record], state_dir: Path, common_name: str) -> list[dict[str, t.Any]]:
    """The other certificates of the name that are still valid: each can be misused until it is revoked or expires."""
    now = certificates.utcnow()
    found = []
    for record in others:
        if record.certificate is None:
            continue
        leaf = certificates.load_pem(record.certificate)
        state = revocation.state_of(state_dir, common_name, leaf.serial_number)
        if certificates.not_after(leaf) > now and state != revocation.REVOKED:
            found.append(
                {
                    "serial_number": certificates.serial_number(leaf),
                    "not_after": certificates.isoformat(certificates.not_after(leaf)),
                    "revocation": state,
                }
            )
    return found


def _order_diff(request: csr.Request, outcome: Outcome) -> list[dict[str, str]]:
    if outcome.operation == "none":
        return []
    header = f"certificate of {request.common_name}"
    after = (
        f"{outcome.operation}: {outcome.status}, names {', '.join(request.names)}, key {request.public_key_sha256}\n"
    )
    changes = outcome.record.contact_changes if outcome.record and outcome.operation == "renew" else ()
    before = "".join(f"{change['contact']}.{change['field']}: {change['before']}\n" for change in changes)
    after += "".join(f"{change['contact']}.{change['field']}: {change['after']}\n" for change in changes)
    return [{"before_header": header, "after_header": header, "before": before, "after": after}]
