# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP to one origin: bounded in time and size, redirects checked, a POST never sent twice.

Every failure says whether the request may have reached the portal: it has, from the moment its first byte is handed to a
connection that stands (TCP, proxy and TLS handshake done).
"""

from __future__ import annotations

import dataclasses
import os
import random
import re
import socket
import ssl
import time
import typing as t
import urllib.parse

from .._addresses import NOWHERE, join, origin, origin_text, plain, reaches
from .._errors import InputError, PortalUnknownPageError, PortalUnreachableError
from .._exchange import OverdueError, within
from .wire import Attempt, Client

_BODY_LIMIT = 8 * 1024 * 1024  # bytes, decompressed
_CHUNK = 16 * 1024
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_MAX_REDIRECTS = 8
_BUSY = frozenset((429, 502, 503, 504))
_ATTEMPTS = 3
_BACKOFF = 0.5  # seconds, doubled each time
_RETRY_AFTER_LIMIT = 10.0  # seconds
_QUERY = re.compile(r"(/[^\s?;]*)[?;]\S*")  # of an address that a library quotes
_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; ansible-collection twca.ssl)",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-TW,zh;q=0.9,en;q=0.5",
}


@dataclasses.dataclass(frozen=True)
class Request:
    """What to send. ``body`` None: nothing (GET)."""

    url: str
    method: str = "GET"
    body: bytes | None = None
    content_type: str = ""
    referer: str = ""


@dataclasses.dataclass(frozen=True)
class Response:
    """A whole answer; ``url`` is the address it came from, after redirects."""

    url: str
    status: int
    headers: t.Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")


class Session:
    """Speaks to the portal at ``base_url``.

    :param base_url: the home page; only its origin (and the https one of the same host) is ever spoken to.
    :param ca_path: PEM file or directory of the certificates to trust instead of the system's and certifi's.
    :param timeout: seconds, for each request as a whole.
    :raises InputError: an option is wrong.
    :raises MissingLibraryError: requests is not installed.
    """

    def __init__(
        self,
        base_url: str,
        ca_path: str | None = None,
        validate_certs: bool = True,
        timeout: float = 30,
        *,
        body_limit: int = _BODY_LIMIT,
        sleep: t.Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = _checked_base(base_url)
        self.requests = 0
        self.last: Response | None = None  # the answer that came last
        self.sleep = sleep
        self._timeout = timeout
        self._body_limit = body_limit
        self._origin = origin(self.base_url)
        verify = ca_path if validate_certs and ca_path else validate_certs
        self._client = Client(_tls_context(ca_path, validate_certs), verify, _HEADERS)

    def send(self, request: Request, before: t.Callable[[], None] | None = None) -> Response:
        """Sends a request and follows its redirects within the origin; no address gets the same body twice.

        :param before: called before each request; with it nothing is sent a second time, not even a GET.
        :raises PortalUnreachableError: no usable answer.
        :raises PortalUnknownPageError: the portal points to another origin, or its answer is larger than any page.
        """
        posted: set[str] = set()
        for _hop in range(_MAX_REDIRECTS + 1):
            self._check_origin(request)
            if request.body is not None:
                if request.url in posted:
                    break
                posted.add(request.url)
            response = self._send_once(request, before) if before or request.body is not None else self._get(request)
            self.last = response
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or not location:
                return response
            request = _redirected(request, response, location)
        raise PortalUnreachableError(f"The portal redirects in a circle at {plain(request.url)}.", sent=True)

    def close(self) -> None:
        self._client.close()

    # -- one request ---------------------------------------------------------------------------------------------

    def _get(self, request: Request) -> Response:
        """A GET, tried again while the portal is busy or does not answer."""
        for attempt in range(1, _ATTEMPTS + 1):
            wait = _BACKOFF * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311 - jitter, not a secret
            try:
                response = self._send_once(request, None)
            except PortalUnreachableError:
                if attempt == _ATTEMPTS:
                    raise
            else:
                if response.status not in _BUSY or attempt == _ATTEMPTS:
                    return response
                wait = _retry_after(response.headers.get("Retry-After", ""), wait)
            self.sleep(wait)
        raise AssertionError("unreachable")

    def _send_once(self, request: Request, before: t.Callable[[], None] | None) -> Response:
        if request.body is not None or before is not None:
            # On a fresh connection: one that the portal has closed meanwhile would look like a lost answer.
            self._client.close()
        if before is not None:
            before()
        self.requests += 1
        attempt = Attempt(origin(request.url))

        def work() -> Response:
            self._client.attempt = attempt
            return self._exchange(request)

        try:
            return within(self._timeout, attempt, work, "twca portal request")
        except PortalUnknownPageError:
            raise
        except OverdueError:
            raise self._silent(request, attempt.sent, before is not None) from None
        except Exception as exc:
            raise self._unreachable(request, exc, attempt.sent, before is not None) from exc

    def _exchange(self, request: Request) -> Response:
        headers = {}
        if request.referer:
            headers["Referer"] = request.referer
        if request.body is not None:
            headers["Content-Type"] = request.content_type
            headers["Origin"] = origin_text(request.url)
        with self._client.request(
            request.method, request.url, data=request.body, headers=headers, timeout=self._timeout
        ) as answer:
            body = bytearray()
            for chunk in answer.iter_content(_CHUNK):
                body += chunk
                if len(body) > self._body_limit:
                    raise PortalUnknownPageError(
                        f"The portal's answer at {plain(request.url)} is larger than {self._body_limit // 1024} KiB, which no page of it is; "
                        "it was not read further."
                    )
            return Response(request.url, answer.status_code, answer.headers, bytes(body))

    def _silent(self, request: Request, sent: bool, committing: bool) -> PortalUnreachableError:
        return PortalUnreachableError(
            f"The portal did not answer within {self._timeout:g} seconds at {plain(request.url)}; see portal_timeout."
            + _what_next(sent and committing),
            sent=sent,
        )

    def _unreachable(self, request: Request, cause: Exception, sent: bool, committing: bool) -> PortalUnreachableError:
        # A socket's own limit may end a moment before that of the whole.
        if _find(cause, socket.timeout) is not None:
            return self._silent(request, sent, committing)
        where = plain(request.url)
        certificate = _find(cause, ssl.SSLCertVerificationError)
        if certificate is not None:
            reason = getattr(certificate, "verify_message", "") or str(certificate)
            return PortalUnreachableError(
                f"The portal's certificate at {where} is not trusted ({reason}); if it is of a private authority, give portal_ca_path.",
                sent=sent,
            )
        reason = _innermost(cause)
        what = "The connection to the portal broke" if sent else "The portal cannot be reached"
        return PortalUnreachableError(f"{what} at {where} ({reason}).{_what_next(sent and committing)}", sent=sent)

    def _check_origin(self, request: Request) -> None:
        """Refuses another origin; https of the same host is taken for good."""
        target = origin(request.url)
        if reaches(self._origin, target):
            self._origin = target
            return
        if target == NOWHERE:
            raise PortalUnknownPageError(
                f"The portal gives an address that cannot be used, {plain(request.url)!r}: its host is not written plainly; nothing was sent there."
            )
        raise PortalUnknownPageError(
            f"The portal points to another site, {origin_text(request.url)}; nothing was sent there. "
            "If the portal has moved, give its new address as portal_url."
        )


def _checked_base(base_url: str) -> str:
    if "@" in urllib.parse.unquote(re.split("[/?#]", base_url.partition("://")[2], maxsplit=1)[0]):
        raise InputError("portal_url holds a user name or password; the portal knows neither. Leave them out.")
    if origin(base_url) == NOWHERE:
        raise InputError(
            f"portal_url is {base_url!r}; give the address of the portal's home page, such as https://www.twca.com.tw/, its host in ASCII."
        )
    return base_url if urllib.parse.urlsplit(base_url).path else base_url + "/"


def _tls_context(ca_path: str | None, validate_certs: bool) -> ssl.SSLContext:
    try:
        if ca_path is None:
            context = ssl.create_default_context()
        elif os.path.isdir(ca_path):
            context = ssl.create_default_context(capath=ca_path)
        else:
            context = ssl.create_default_context(cafile=ca_path)
    except ssl.SSLError as exc:
        raise InputError(f"portal_ca_path: {ca_path} holds no certificate in PEM.") from exc
    except OSError as exc:
        raise InputError(f"portal_ca_path: {ca_path} cannot be read ({exc.strerror}).") from exc
    # Python 3.13 sets this flag, which refuses roots without a subject key identifier, the TWCA Global Root CA's among them.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _what_next(may_have_committed: bool) -> str:
    """What follows where the portal is down; nothing, where a person may have to look first."""
    return "" if may_have_committed else " The next run goes on."


def _redirected(request: Request, response: Response, location: str) -> Request:
    target = join(request.url, urllib.parse.quote(_latin1_as_utf8(location), safe="%/:=&?~#+!$,;'@()*[]\\"))
    if response.status in (307, 308):
        return dataclasses.replace(request, url=target)
    return Request(target, referer=request.url)


def _latin1_as_utf8(header: str) -> str:
    """Headers arrive as ISO-8859-1; an address in one that is not ASCII is UTF-8 in truth."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _retry_after(value: str, default: float) -> float:
    seconds = value.strip()
    return min(float(seconds), _RETRY_AFTER_LIMIT) if seconds.isascii() and seconds.isdigit() else default


def _causes(exc: BaseException) -> t.Iterator[BaseException]:
    """The exception and all it was made from."""
    seen: set[int] = set()
    stack: list[BaseException] = [exc]
    while stack:
        one = stack.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        more = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        stack.extend(item for item in reversed(more) if isinstance(item, BaseException))


def _find(exc: BaseException, kind: type[BaseException]) -> BaseException | None:
    return next((one for one in _causes(exc) if isinstance(one, kind)), None)


def _innermost(exc: BaseException) -> str:
    """The plainest words for a failure: those of the operating system, else of the innermost library."""
    causes = list(_causes(exc))
    system = [one for one in causes if isinstance(one, OSError)]
    words = [str(one.strerror) for one in system if one.strerror] or [str(one) for one in reversed(causes)]
    return _QUERY.sub(r"\1", " ".join(words[0].split()))[:200]
