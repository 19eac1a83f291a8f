# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Revocation: asked for once, by serial number, for a certificate that is no longer served (manual §4.5).

The portal is told a name, and a name may have several certificates. So before anything is sent the portal's list must show
the very serial number, and the journal notes what was asked. It is confirmed by the portal's list or, where that lags behind,
by the certificate's own authority.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import time
import typing as t
from pathlib import Path

from .._errors import CertificateError, DeployError, InputError, PortalError, PortalRefusedError, TwcaError
from .._intake import reader
from .._pki import armour, nature
from .._store import atomic
from . import confirmation, delivery, records
from .journal import Journal, folder_name

if t.TYPE_CHECKING:
    from cryptography import x509

    from .._portal.model import Entry
    from .._portal.portal import Portal

SUBMITTING, REQUESTED, REVOKED = "submitting", "requested", "revoked"
_STATES = (SUBMITTING, REQUESTED, REVOKED)
_POLL_INTERVAL = 60.0  # seconds; people at TWCA confirm
_LOCK_TIMEOUT = 600.0  # seconds


@dataclasses.dataclass(frozen=True)
class Record:
    """What the journal knows of one revocation."""

    common_name: str
    serial_number: str  # hex
    state: str
    history: tuple[tuple[str, str], ...] = ()  # (state, ISO 8601 UTC), oldest first
    portal_message: str = ""
    page: str = ""  # the confirmation page's HTML
    confirmed_by: str | None = None  # portal, ocsp or crl

    def moved(self, state: str, **changes: t.Any) -> Record:
        return dataclasses.replace(self, state=state, history=(*self.history, (state, records.now())), **changes)


class Revocation:
    """Revokes one certificate.

    :param params: the options of ``twca_revoke``.
    :param open_portal: opens the portal.
    :param peek: the serial number, as an integer, of what an endpoint serves for the name.
    :param fetch: gets a small file from the web, or posts to it: what OCSP responders and CRLs say.
    """

    def __init__(
        self,
        params: dict[str, t.Any],
        state_dir: Path,
        *,
        open_portal: t.Callable[[], Portal],
        peek: t.Callable[[str, int, str], int],
        fetch: t.Callable[..., bytes],
        sleep: t.Callable[[float], None] = time.sleep,
    ) -> None:
        self._params = params
        self._name: str = params["common_name"]
        self._known = _certificates(params)  # the certificate, if it is at hand, and those that came with it
        self._serials = {self._known[0].serial_number} if self._known else serial_numbers(params["serial_number"])
        self._state_dir = state_dir
        self._journal = Journal(state_dir)
        self._open_portal = open_portal
        self._peek = peek
        self._fetch = fetch
        self._sleep = sleep
        self._opened: Portal | None = None
        self.warnings: list[str] = []

    @property
    def portal_requests(self) -> int:
        """HTTP requests made so far."""
        return self._opened.requests if self._opened else 0

    def run(self, *, check_mode: bool) -> dict[str, t.Any]:
        """Ask for the revocation, unless that was done, and see how far it is.

        :raises InputError: an option is wrong, or the portal's form leaves open which certificate it would revoke.
        :raises PortalError: the portal lists another certificate than the one meant, or said no.
        :raises DeployError: an endpoint still serves the certificate.
        """
        if self._params["wait_timeout"] < 0:
            raise InputError(f"wait_timeout is {self._params['wait_timeout']}; give it in seconds.")
        deadline = time.monotonic() + self._params["wait_timeout"]
        if check_mode:
            return self._look(check_mode=True)
        with self._journal.locked(self._name, timeout=_LOCK_TIMEOUT):
            result = self._look(check_mode=False)
        while result["status"] == REQUESTED and time.monotonic() < deadline:
            self._sleep(min(_POLL_INTERVAL, max(0.0, deadline - time.monotonic())))
            with self._journal.locked(self._name, timeout=_LOCK_TIMEOUT):
                result = {**self._look(check_mode=False), "changed": result["changed"]}
        return result

    def _look(self, *, check_mode: bool) -> dict[str, t.Any]:
        entries = self._portal().search(self._name)
        entry = self._meant(entries)
        if entry is not None:
            self._serials = {t.cast(int, entry.serial_number)}
        record = self._record()
        said = (entry.message or entry.status_text) if entry is not None else ""
        if entry is not None and entry.status == "revoked":
            return self._settled(record, REVOKED, check_mode, portal_message=said, confirmed_by="portal")
        if record is not None and record.state == REVOKED:
            return self._settled(record, REVOKED, check_mode)
        if entry is not None and entry.status == "expired":
            raise InputError(
                f"The certificate {entry.serial_number:X} of {self._name} has expired; there is nothing to revoke any more."
            )
        listed = entry is not None and entry.revocation_requested
        requested = listed or (record is not None and record.state == REQUESTED)
        source = self._confirmed_by(entry, download=requested)
        if source is not None:
            return self._settled(record, REVOKED, check_mode, confirmed_by=source)
        if requested:
            return self._settled(record, REQUESTED, check_mode, portal_message=said if listed else "")
        if entry is None:
            return self._not_listed(entries)
        self._stop_if_served(t.cast(int, entry.serial_number))
        return self._request(t.cast(int, entry.serial_number), check_mode, begun=record is not None)

    def _confirmed_by(self, entry: Entry | None, *, download: bool) -> str | None:
        """Who else says that it is revoked: ``ocsp`` or ``crl``; no answer is none."""
        self._find_certificate(entry if download else None)
        if not self._known:
            return None
        status = confirmation.ask(self._known[0], self._known[1:], self._fetch)
        if status.status == "unknown":
            self.warnings.append(
                f"Neither OCSP nor a CRL told whether {self._known[0].serial_number:X} is revoked: {'; '.join(status.problems)}."
            )
        return status.source if status.status == "revoked" else None

    def _find_certificate(self, entry: Entry | None) -> None:
        """Have the certificate at hand: given, else from the journal, else from the portal's download of ``entry``."""
        sources: list[t.Callable[[], list[x509.Certificate]]] = [
            lambda: confirmation.of_journal(self._journal, self._name, self._serials)
        ]
        if entry is not None:
            sources.append(lambda: delivery.parse(self._portal().download(entry)))
        for source in sources:
            if self._known:
                return
            # What is not at hand cannot be asked about, and that is all.
            with contextlib.suppress(TwcaError):
                found = source()
                mine = [one for one in confirmation.of_name(found, self._name) if one.serial_number in self._serials]
                if len(set(mine)) == 1:
                    self._known = [mine[0], *found]
                    self._serials = {mine[0].serial_number}

    def _request(self, serial: int, check_mode: bool, *, begun: bool) -> dict[str, t.Any]:
        """Ask for it. ``begun``: an earlier run may have done so, and never read the answer."""
        record = Record(self._name, f"{serial:X}", SUBMITTING)
        if check_mode:
            return self._result(record.moved(REQUESTED), changed=True)

        def committing() -> None:
            nonlocal record
            record = record.moved(SUBMITTING)
            self._write(record)

        try:
            answer = self._portal().revoke(
                self._name,
                self._params["passphrase"],
                serial,
                self._params["reason"],
                committing,
                by_paper=self._params["by_paper"],
            )
            if answer.repeated and not begun:
                raise PortalRefusedError(
                    f"The portal has a request to revoke a certificate of {self._name} already, which this journal does not know; "
                    f"it may be of another certificate than {serial:X}. Ask TWCA. The portal says: {self._clean(answer.message)}",
                    self._clean(answer.message),
                )
        except PortalRefusedError:
            if not begun:
                atomic.remove(_path(self._state_dir, self._name, serial))
            raise
        record = record.moved(REQUESTED, portal_message=self._clean(answer.message), page=self._clean(answer.page_html))
        self._write(record)
        return self._result(record, changed=not answer.repeated)

    def _settled(self, record: Record | None, state: str, check_mode: bool, **learnt: t.Any) -> dict[str, t.Any]:
        """Nothing is to be asked for any more. ``learnt``: what the record takes on with its state, where that is something."""
        known = record or Record(self._name, f"{min(self._serials):X}", state)
        if known.state != state or record is None:
            known = known.moved(state, **{name: value for name, value in learnt.items() if value})
            if not check_mode:
                self._write(known)
        return self._result(known, changed=False)

    def _not_listed(self, entries: t.Sequence[Entry]) -> dict[str, t.Any]:
        others = [f"{one.serial_number:X}" for one in entries if one.serial_number is not None]
        wanted = " or ".join(f"{one:X} (decimal {one})" for one in sorted(self._serials))
        if others:
            raise PortalError(
                f"The portal lists {', '.join(others)} for {self._name}, but not the serial number {wanted}; nothing was sent. "
                "Check serial_number and common_name."
            )
        self.warnings.append(
            f"The portal lists no certificate of {self._name}; nothing was sent. It tells upper from lower case in names."
        )
        result = self._result(Record(self._name, f"{min(self._serials):X}", REQUESTED), changed=False)
        return {**result, "status": "not_found"}

    def _meant(self, entries: t.Sequence[Entry]) -> Entry | None:
        found = [one for one in entries if one.serial_number in self._serials]
        if len({one.serial_number for one in found}) > 1:
            raise InputError(
                f"serial_number {self._params['serial_number']} fits two certificates of {self._name}, one read as hexadecimal and one as decimal; "
                "give certificate_path or certificate_content instead."
            )
        return found[0] if found else None

    def _stop_if_served(self, serial: int) -> None:
        serving = []
        for endpoint in self._params["still_served"] or []:
            host, port = parse_endpoint(endpoint)
            try:
                served = self._peek(host, port, self._name)
            except DeployError as exc:
                self.warnings.append(f"{endpoint} could not be asked what it serves: {exc.message}")
                continue
            if served == serial:
                serving.append(endpoint)
        if not serving:
            return
        message = f"{', '.join(serving)} still serves the certificate {serial:X} of {self._name}"
        if not self._params["force"]:
            raise DeployError(
                f"{message}: revoking it would be an outage. Replace it there first, or give force: true.",
                still_serving=serving,
            )
        self.warnings.append(f"{message}, and force is given.")

    def _portal(self) -> Portal:
        if self._opened is None:
            self._opened = self._open_portal()
        return self._opened

    def _record(self) -> Record | None:
        paths = [_path(self._state_dir, self._name, one) for one in sorted(self._serials)]
        found = (records.read(path, Record, _STATES) for path in paths)
        return next((record for record in found if record is not None), None)

    def _write(self, record: Record) -> None:
        path = _path(self._state_dir, self._name, int(record.serial_number, 16))
        for folder in (self._state_dir, path.parent.parent, path.parent):
            atomic.make_directory(folder, mode=0o700)
        records.write(path, record)

    def _clean(self, text: str) -> str:
        passphrase = self._params["passphrase"]
        return text.replace(passphrase, "********") if passphrase else text

    def _result(self, record: Record, *, changed: bool) -> dict[str, t.Any]:
        header = f"certificate {record.serial_number} of {self._name}"
        return {
            "changed": changed,
            "status": record.state,
            "serial_number": record.serial_number,
            "portal_message": record.portal_message,
            "page": record.page,
            "confirmed_by": record.confirmed_by,
            "diff": {
                "before_header": header,
                "after_header": header,
                "before": "valid\n" if changed else f"{record.state}\n",
                "after": f"{record.state}\n",
            },
        }


def state_of(state_dir: Path, common_name: str, serial: int) -> str | None:
    """How far the journal knows a certificate's revocation to be; None: nobody asked for it here."""
    record = records.read(_path(state_dir, common_name, serial), Record, _STATES)
    return record.state if record else None


def _path(state_dir: Path, common_name: str, serial: int) -> Path:
    return state_dir / "revocations" / folder_name(common_name) / f"{serial:X}.json"


def serial_numbers(option: str) -> set[int]:
    """What a number may mean that is written in hexadecimal or decimal.

    :raises InputError: it is none.
    """
    text = option.strip().replace(":", "").replace(" ", "")
    meanings = set()
    for base in (16, 10):
        try:
            meanings.add(int(text, base))
        except ValueError:
            continue
    meanings = {one for one in meanings if one > 0}
    if not meanings:
        raise InputError(
            f"serial_number is {option!r}; give it as twca_certificate returns it, in hexadecimal, or in decimal as the portal shows it."
        )
    return meanings


def _certificates(params: dict[str, t.Any]) -> list[x509.Certificate]:
    """The certificate that the options give, then all that came with it; nothing if they give a number."""
    if params["serial_number"] is not None:
        return []
    if params["certificate_content"] is not None:
        option, content = "certificate_content", armour.octets(params["certificate_content"])
    else:
        option = "certificate_path"
        try:
            content = Path(params["certificate_path"]).expanduser().read_bytes()
        except OSError as exc:
            raise InputError(
                f"certificate_path: {params['certificate_path']} cannot be read ({exc.strerror})."
            ) from exc
    found = reader.certificates(content)
    mine = confirmation.of_name(found, params["common_name"])
    if not mine:
        told = "" if found else nature.instead(content)
        raise CertificateError(
            f"{option} holds no certificate of {params['common_name']}{told}; give that one, in PEM."
        )
    return [mine[0], *found]


def parse_endpoint(text: str) -> tuple[str, int]:
    """``host:port`` or ``[address]:port``.

    :raises InputError: it is neither.
    """
    host, _colon, port = text.rpartition(":")
    host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not host or not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise InputError(f"still_served holds {text!r}; give host:port, such as www.example.com.tw:443.")
    return host, int(port)
