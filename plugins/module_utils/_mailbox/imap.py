# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mails of an IMAP folder (RFC 3501), read and left as they are: EXAMINE and BODY.PEEK mark and move nothing."""

from __future__ import annotations

import base64
import contextlib
import datetime
import imaplib
import re
import socket
import ssl
import threading
import time
import typing as t

from .._errors import InputError, PortalError
from .._exchange import Exchange
from .._intake import message
from .._visible import visible

if t.TYPE_CHECKING:
    from .options import Imap

TIMEOUT = 30.0
"""Seconds without an answer."""
SESSION = 300.0
"""Seconds for all that is done in one session."""
PAGE = 500
"""Mails whose size and date are asked for at once."""
BATCH = message.MAX_SIZE
"""Bytes of mails that are fetched at once."""

MAX_ANSWER = BATCH + message.MAX_SIZE + 1024 * 1024
"""Bytes that the server may send in answer to one command: a batch of mails, the last of them in full, and what is said around them."""

_BROKEN = (imaplib.IMAP4.error, OSError, EOFError, ValueError)
"""What the standard library raises when a server goes away, or answers what it must not."""
_MIN_SIZE = 512  # bytes; not even the smallest certificate fits into less
_ATOM = re.compile(r"[\w.@+-]+", re.ASCII)
_SUMMARY = re.compile(rb"UID (\d+)|RFC822\.SIZE (\d+)|(INTERNALDATE \"[^\"]+\")")
_LOGIN_CODES = re.compile(
    r"\[(AUTHENTICATIONFAILED|AUTHORIZATIONFAILED|EXPIRED|PRIVACYREQUIRED|UNAVAILABLE|CONTACTADMIN)\]"
)


def messages(options: Imap, since: datetime.datetime | None) -> t.Generator[bytes, None, None]:
    """The mails that came at or after ``since``, newest first, without those that are too big to be a notice.

    Sizes and dates come first, so that nothing too big or too old is fetched; memory stays at a few mails.

    :raises PortalError: with one sentence that names the server and what to check.
    """
    exchange = Exchange()
    clock = threading.Timer(SESSION, exchange.end)
    clock.daemon = True
    clock.start()
    try:
        with _connected(options, exchange) as connection:
            _log_in(connection, options)
            for uids in _batches(connection, _examine(connection, options), since):
                yield from _fetch(connection, uids)
    except _BROKEN as exc:
        if exchange.is_over:
            raise _too_slow(options) from None
        reason = _reason(exc).replace(options.password, "********")
        raise PortalError(f"The mail server {options} broke off ({reason}): try again, or look at its log.") from None
    finally:
        clock.cancel()
        exchange.finish()


class _Connection(imaplib.IMAP4):
    """The standard library's, which would believe whatever size the server tells, with bounds.

    :param context: for TLS from the first byte on; None: without.
    """

    def __init__(self, options: Imap, context: ssl.SSLContext | None, exchange: Exchange) -> None:
        self._context = context
        self._exchange = exchange
        self._room = MAX_ANSWER
        super().__init__(options.host, options.port, timeout=TIMEOUT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        connection = socket.create_connection((self.host, self.port), timeout)
        try:
            self._exchange.hold(connection)
            return self._context.wrap_socket(connection, server_hostname=self.host) if self._context else connection
        except BaseException:
            connection.close()
            raise

    def send(self, data: t.Any) -> None:
        self._room = MAX_ANSWER
        super().send(data)

    def read(self, size: int) -> bytes:
        self._take(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._take(len(line))
        return line

    def _take(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise self.abort(f"its answer is larger than {MAX_ANSWER // 1024} KiB")


@contextlib.contextmanager
def _connected(options: Imap, exchange: Exchange) -> t.Iterator[imaplib.IMAP4]:
    context = None if options.security == "none" else _tls(options)
    try:
        connection = _Connection(options, context if options.security == "tls" else None, exchange)
    except _BROKEN as exc:
        if exchange.is_over:
            raise _too_slow(options) from None
        raise _unreachable(options, exc) from None
    farewell: t.Callable[[], t.Any] = connection.logout
    try:
        if context and options.security == "starttls":
            try:
                connection.starttls(context)
            except _BROKEN as exc:
                if exchange.is_over:
                    raise
                raise _unreachable(options, exc) from None
        yield connection
    except Exception:
        farewell = connection.shutdown  # an answer may never come
        raise
    finally:
        with contextlib.suppress(*_BROKEN):
            farewell()


def _too_slow(options: Imap) -> PortalError:
    return PortalError(
        f"The mail server {options} was not through after {SESSION:g} seconds: look at its log, or give a folder with fewer mails as mailbox.folder."
    )


def _tls(options: Imap) -> ssl.SSLContext:
    try:
        if options.ca_path is None:
            context = ssl.create_default_context()
        elif options.ca_path.is_dir():
            context = ssl.create_default_context(capath=options.ca_path)
        else:
            context = ssl.create_default_context(cafile=options.ca_path)
    except OSError as exc:
        raise InputError(
            f"mailbox.ca_path: {options.ca_path} cannot be read as PEM certificates ({_reason(exc)})."
        ) from None
    # Python 3.13 turns this on, and it refuses roots without a key identifier: TWCA's own, and those of many companies.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _unreachable(options: Imap, exc: Exception) -> PortalError:
    if isinstance(exc, ssl.SSLCertVerificationError):
        return PortalError(
            f"The mail server {options} shows a certificate that cannot be trusted ({exc.verify_message}): "
            "check mailbox.host, or give the authority that issued it in mailbox.ca_path."
        )
    if isinstance(exc, socket.gaierror):
        return PortalError(f"The mail server {options} cannot be found ({_reason(exc)}): check mailbox.host.")
    if isinstance(exc, ConnectionRefusedError):
        return PortalError(
            f"The mail server {options} refuses connections: check mailbox.host, mailbox.port and the firewall."
        )
    return PortalError(
        f"The mail server {options} does not speak IMAP with security {options.security} ({_reason(exc)}): "
        "check mailbox.port, mailbox.security and the firewall."
    )


def _log_in(connection: imaplib.IMAP4, options: Imap) -> None:
    """Log in; no error tells what the server said, which may repeat what was sent."""
    username, password = options.username, options.password
    plain = f"\0{username}\0{password}".encode()
    try:
        if "AUTH=PLAIN" in connection.capabilities:
            connection.authenticate("PLAIN", lambda _challenge: plain)
        elif username.isascii() and password.isascii():
            # The standard library puts quotes around the password alone.
            connection.login(username if _ATOM.fullmatch(username) else _quoted(username), password)
    except imaplib.IMAP4.abort:
        raise PortalError(
            f"The mail server {options} broke off while {username} logged in: try again, or look at its log."
        ) from None
    except imaplib.IMAP4.error as exc:
        code = _LOGIN_CODES.search(str(exc))
        raise PortalError(
            f"The mail server {options} refuses the login of {username}{f' ({code.group(1)})' if code else ''}: "
            "check mailbox.username and mailbox.password."
        ) from None
    if connection.state != "AUTH":
        raise PortalError(
            f"The mail server {options} offers no AUTH=PLAIN, which a name or password beyond ASCII needs: use others."
        )


def _examine(connection: imaplib.IMAP4, options: Imap) -> int:
    """Open the folder for reading only; returns how many mails it holds."""
    status, count = connection.select(_quoted(_utf7(options.folder)), readonly=True)
    if status != "OK":
        raise PortalError(
            f"The mail server {options} has no folder {options.folder!r} for {options.username}: check mailbox.folder."
        )
    return int(count[0] or 0)


def _batches(connection: imaplib.IMAP4, count: int, since: datetime.datetime | None) -> t.Iterator[list[int]]:
    """UIDs of the mails worth fetching, newest first, in batches of bounded size."""
    batch: list[int] = []
    size = 0
    for high in range(count, 0, -PAGE):
        for uid, length in _summaries(connection, max(1, high - PAGE + 1), high, since):
            if batch and size + length > BATCH:
                yield batch
                batch, size = [], 0
            batch.append(uid)
            size += length
    if batch:
        yield batch


def _summaries(
    connection: imaplib.IMAP4, low: int, high: int, since: datetime.datetime | None
) -> list[tuple[int, int]]:
    """UID and size of a page's mails that are worth fetching, newest first."""
    found = []
    for line in _data(connection.fetch(f"{low}:{high}", "(UID RFC822.SIZE INTERNALDATE)")):
        if not isinstance(line, bytes):
            continue
        values = {
            index: group for match in _SUMMARY.finditer(line) for index, group in enumerate(match.groups()) if group
        }
        if len(values) == 3 and _MIN_SIZE <= int(values[1]) <= message.MAX_SIZE and not _is_older(values[2], since):
            found.append((int(values[0]), int(values[1])))
    return sorted(found, reverse=True)


def _is_older(internal_date: bytes, since: datetime.datetime | None) -> bool:
    if since is None:
        return False
    arrived = imaplib.Internaldate2tuple(internal_date)
    return arrived is not None and time.mktime(arrived) < since.timestamp()


def _fetch(connection: imaplib.IMAP4, uids: list[int]) -> t.Iterator[bytes]:
    """The mails, newest first. Servers answer in the order of their numbers, which is that of arrival."""
    wanted = ",".join(map(str, sorted(uids)))
    items = _data(connection.uid("FETCH", wanted, f"(BODY.PEEK[]<0.{message.MAX_SIZE}>)"))
    mails = [item[1] for item in items if isinstance(item, tuple) and b"BODY[]" in item[0]]
    while mails:
        yield mails.pop()


def _data(response: tuple[str, list[t.Any]]) -> list[t.Any]:
    status, data = response
    if status != "OK":
        raise imaplib.IMAP4.error(f"it answered {status} to FETCH")
    return data


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _utf7(folder: str) -> str:
    """A folder's name as IMAP spells it (RFC 3501, 5.1.3)."""

    def encoded(match: re.Match[str]) -> str:
        if match.group() == "&":
            return "&-"
        return "&" + base64.b64encode(match.group().encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"

    return re.sub(r"&|[^\x20-\x7e]+", encoded, folder)


def _reason(exc: Exception) -> str:
    """An error's text on one line, without the line end that servers send."""
    text = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
    return visible(" ".join(text.split()))[:200] or type(exc).__name__
