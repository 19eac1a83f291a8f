# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connections under the session: they ask before the first byte of a request, and note that it was sent.

An :class:`Attempt` is one request. Whoever waits for it may end it at any moment; what it then says, sent or not sent, stays true:
the sender asks under the same lock, and a connection that stands only later sends nothing.
"""

from __future__ import annotations

import ssl
import threading
import typing as t

from .._addresses import NOWHERE, Origin, origin
from .._errors import MissingLibraryError, PortalUnknownPageError
from .._exchange import Exchange

if t.TYPE_CHECKING:
    import requests


class Attempt(Exchange):
    """One request to one origin.

    :param target: the only origin that it may be sent to.
    """

    def __init__(self, target: Origin) -> None:
        super().__init__()
        self._target = _comparable(target)
        self._sent = False

    @property
    def sent(self) -> bool:
        """Whether the portal may have it. Once the attempt has ended, this does not change any more."""
        with self._lock:
            return self._sent

    def send_to(self, reached: Origin) -> None:
        """To be called before each part of the request goes to a connection that stands.

        :param reached: where that connection leads.
        :raises EndedError: the request was given up.
        :raises PortalUnknownPageError: it leads elsewhere.
        """
        with self._lock:
            self._stop_if_ended()
            if self._target == NOWHERE or _comparable(reached) != self._target:
                raise PortalUnknownPageError("The portal points to another site; nothing was sent there.")
            self._sent = True


class Client:
    """The library's client with our TLS context and our connections.

    :raises MissingLibraryError: requests is not installed.
    """

    def __init__(self, context: ssl.SSLContext, verify: bool | str, headers: t.Mapping[str, str]) -> None:
        self._running = threading.local()
        self._http = self._open(context, verify, headers)

    @property
    def attempt(self) -> Attempt:
        """What this thread is to send."""
        return t.cast(Attempt, self._running.attempt)

    @attempt.setter
    def attempt(self, attempt: Attempt) -> None:
        self._running.attempt = attempt

    def request(self, method: str, url: str, **options: t.Any) -> requests.Response:
        """Sends this thread's attempt, without following redirects; the body is read by the caller."""
        return self._http.request(method, url, allow_redirects=False, stream=True, verify=self._http.verify, **options)

    def close(self) -> None:
        """Closes all connections that wait for their next use."""
        self._http.close()

    def _open(self, context: ssl.SSLContext, verify: bool | str, headers: t.Mapping[str, str]) -> requests.Session:
        try:
            import requests  # noqa: PLC0415 - paid for only where the portal is spoken to
            import requests.adapters  # noqa: PLC0415
            import urllib3  # noqa: PLC0415
        except ImportError as exc:
            raise MissingLibraryError("requests", str(exc)) from exc
        if not verify:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        pools = self._pools()

        class Adapter(requests.adapters.HTTPAdapter):
            """Our TLS context and our connections, proxies' included."""

            def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
                super().init_poolmanager(*args, ssl_context=context, **kwargs)
                self.poolmanager.pool_classes_by_scheme = pools

            def proxy_manager_for(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
                manager = super().proxy_manager_for(*args, ssl_context=context, **kwargs)
                manager.pool_classes_by_scheme = pools
                return manager

        class Library(requests.Session):
            def get_redirect_target(self, resp: requests.Response) -> None:
                """None: it would read the whole body, whatever its size, to prepare a request that we do not send."""

        http = Library()
        http.headers.update(headers)
        http.verify = verify
        for scheme in ("http://", "https://"):
            http.mount(scheme, Adapter(max_retries=0))
        return http

    def _pools(self) -> dict[str, t.Any]:
        import urllib3.connection  # noqa: PLC0415
        import urllib3.connectionpool  # noqa: PLC0415

        running = self._running

        class Asking:
            """Asks the attempt of its thread before it sends."""

            kind = ""
            stands = False
            sock: t.Any
            _asked = ""

            def _new_conn(self) -> t.Any:
                connection = super()._new_conn()  # type: ignore[misc]
                try:
                    running.attempt.hold(connection)
                except BaseException:
                    connection.close()
                    raise
                return connection

            def connect(self) -> None:
                self.stands = False
                running.attempt.check()
                super().connect()  # type: ignore[misc]
                self.stands = True

            def close(self) -> None:
                self.stands = False
                super().close()  # type: ignore[misc]

            def putrequest(self, method: str, url: str, *args: t.Any, **kwargs: t.Any) -> None:
                self._asked = url
                if self.sock is not None:
                    running.attempt.hold(self.sock)  # in use again
                super().putrequest(method, url, *args, **kwargs)  # type: ignore[misc]

            def send(self, data: t.Any) -> None:
                if self.sock is None:
                    self.connect()
                if self.stands:
                    running.attempt.send_to(_leads_to(self))
                else:
                    running.attempt.check()
                super().send(data)  # type: ignore[misc]

        def pool(name: str, scheme: str, connection: type, base: type) -> type:
            own = type(f"{name}Connection", (Asking, connection), {"kind": scheme})
            return type(f"{name}Pool", (base,), {"ConnectionCls": own})

        library, pools = urllib3.connection, urllib3.connectionpool
        return {
            "http": pool("Plain", "http", library.HTTPConnection, pools.HTTPConnectionPool),
            "https": pool("TLS", "https", library.HTTPSConnection, pools.HTTPSConnectionPool),
        }


def _leads_to(connection: t.Any) -> Origin:
    """Where the library's connection leads, through whatever proxy."""
    if connection._tunnel_host:
        return connection.kind, connection._tunnel_host.strip("[]"), connection._tunnel_port
    if connection.proxy is not None:
        return origin(connection._asked)  # the proxy goes where the request's line says
    return connection.kind, connection.host.strip("[]"), connection.port


def _comparable(one: Origin) -> Origin:
    return one[0], one[1].lower().rstrip("."), one[2]
