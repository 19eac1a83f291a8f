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
import ssl
import threading
import time
import typing as t
import urllib.parse

from .._errors import InputError, MissingLibraryError, PortalUnknownPageError, PortalUnreachableError

if t.TYPE_CHECKING:
    import requests

_BODY_LIMIT = 8 * 1024 * 1024  # bytes, decompressed
_CHUNK = 16 * 1024
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_MAX_REDIRECTS = 8
_BUSY = frozenset((429, 502, 503, 504))
_ATTEMPTS = 3
_BACKOFF = 0.5  # seconds, doubled each time
_RETRY_AFTER_LIMIT = 10.0  # seconds
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


class _Progress:
    """Whether a request got as far as the wire."""

    def __init__(self) -> None:
        self.sent = False


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
        self.sleep = sleep
        self._timeout = timeout
        self._body_limit = body_limit
        self._origin = origin(self.base_url)
        self._progress = _Progress()
        self._http = self._open(ca_path, validate_certs)

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
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or not location:
                return response
            request = _redirected(request, response, location)
        raise PortalUnreachableError(f"The portal redirects in a circle at {plain(request.url)}.", sent=True)

    def close(self) -> None:
        self._http.close()

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
            self._http.close()
        if before is not None:
            before()
        self.requests += 1
        progress = _Progress()
        self._progress = progress
        outcome: list[t.Any] = []

        def work() -> None:
            try:
                outcome.append(self._exchange(request))
            except Exception as exc:
                outcome.append(exc)

        # A thread, since only that bounds the whole: name resolution, slow headers and a body that drips included.
        worker = threading.Thread(target=work, daemon=True)
        worker.start()
        worker.join(self._timeout)
        if not outcome:
            raise PortalUnreachableError(
                f"The portal did not answer within {self._timeout:g} seconds at {plain(request.url)}; see portal_timeout.",
                sent=progress.sent,
            )
        result = outcome[0]
        if isinstance(result, Response):
            return result
        if isinstance(result, PortalUnknownPageError):
            raise result
        raise self._unreachable(request, result, progress.sent) from result

    def _exchange(self, request: Request) -> Response:
        headers = {}
        if request.referer:
            headers["Referer"] = request.referer
        if request.body is not None:
            headers["Content-Type"] = request.content_type
            headers["Origin"] = origin_text(request.url)
        with self._http.request(
            request.method,
            request.url,
            data=request.body,
            headers=headers,
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
            verify=self._http.verify,
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

    def _unreachable(self, request: Request, cause: Exception, sent: bool) -> PortalUnreachableError:
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
        return PortalUnreachableError(f"{what} at {where} ({reason}).", sent=sent)

    def _check_origin(self, request: Request) -> None:
        """Refuses another origin; https of the same host is taken for good."""
        target = origin(request.url)
        if target == self._origin:
            return
        if self._origin[0] == "http" and target[0] == "https" and target[1] == self._origin[1]:
            self._origin = target
            return
        raise PortalUnknownPageError(
            f"The portal points to another site, {origin_text(request.url) or plain(request.url)}; nothing was sent there. "
            "If the portal has moved, give its new address as portal_url."
        )

    # -- the library ---------------------------------------------------------------------------------------------

    def _open(self, ca_path: str | None, validate_certs: bool) -> requests.Session:
        try:
            import requests  # noqa: PLC0415 - paid for only where the portal is spoken to
            import requests.adapters  # noqa: PLC0415
            import urllib3  # noqa: PLC0415
        except ImportError as exc:
            raise MissingLibraryError("requests", str(exc)) from exc
        context = _tls_context(ca_path, validate_certs)
        if not validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        pools = self._pools()

        class Adapter(requests.adapters.HTTPAdapter):
            """Our TLS context, and connections that note what was sent."""

            def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
                super().init_poolmanager(*args, ssl_context=context, **kwargs)
                self.poolmanager.pool_classes_by_scheme = pools

            def proxy_manager_for(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
                manager = super().proxy_manager_for(*args, ssl_context=context, **kwargs)
                manager.pool_classes_by_scheme = pools
                return manager

        http = requests.Session()
        http.headers.update(_HEADERS)
        http.verify = ca_path if validate_certs and ca_path else validate_certs
        for scheme in ("http://", "https://"):
            http.mount(scheme, Adapter(max_retries=0))
        return http

    def _pools(self) -> dict[str, t.Any]:
        import urllib3.connection  # noqa: PLC0415
        import urllib3.connectionpool  # noqa: PLC0415

        session = self

        class Noting:
            """Notes when the first byte of a request goes to a connection that stands; a proxy's CONNECT is none."""

            stands = False
            sock: t.Any

            def connect(self) -> None:
                super().connect()  # type: ignore[misc]
                self.stands = True

            def send(self, data: t.Any) -> None:
                if self.sock is None:
                    self.connect()
                if self.stands:
                    session._progress.sent = True
                super().send(data)  # type: ignore[misc]

        plain_connection = type("PlainConnection", (Noting, urllib3.connection.HTTPConnection), {})
        tls_connection = type("TLSConnection", (Noting, urllib3.connection.HTTPSConnection), {})
        return {
            "http": type(
                "PlainPool", (urllib3.connectionpool.HTTPConnectionPool,), {"ConnectionCls": plain_connection}
            ),
            "https": type("TLSPool", (urllib3.connectionpool.HTTPSConnectionPool,), {"ConnectionCls": tls_connection}),
        }


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address; empty ones for an address that is none."""
    try:
        parts = urllib.parse.urlsplit(url)
        return parts.scheme, (parts.hostname or ""), parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return "", "", 0


def origin_text(url: str) -> str:
    parts = urllib.parse.urlsplit(url) if origin(url)[1] else None
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts else ""


def plain(url: str) -> str:
    """An address as errors show it: without query, fragment and credentials."""
    if not origin(url)[1]:
        return url.split("?", 1)[0][:200]
    return (origin_text(url) + urllib.parse.urlsplit(url).path)[:200]


def _checked_base(base_url: str) -> str:
    scheme, host, _port = origin(base_url)
    if scheme not in ("http", "https") or not host:
        raise InputError(
            f"portal_url is {base_url!r}; give the address of the portal's home page, such as https://www.twca.com.tw/."
        )
    parts = urllib.parse.urlsplit(base_url)
    if parts.username or parts.password:
        raise InputError("portal_url holds a user name or password; the portal knows neither. Leave them out.")
    return base_url if parts.path else base_url + "/"


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


def _redirected(request: Request, response: Response, location: str) -> Request:
    try:
        target = urllib.parse.urljoin(
            request.url, urllib.parse.quote(_latin1_as_utf8(location), safe="%/:=&?~#+!$,;'@()*[]")
        )
    except ValueError:
        target = ""
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
    return " ".join(words[0].split())[:200]
