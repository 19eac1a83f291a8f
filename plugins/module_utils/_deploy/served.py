# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a TLS server sends: its certificate and the chain after it, whether or not anybody trusts them.

The standard library has a public call for the chain as it was sent since Python 3.13 only, but its inner object has had the
same one since 3.10. Python 3.9 has none; there ``openssl s_client`` looks.
"""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import ssl
import subprocess
import time
import typing as t

from .._errors import DeployError
from .._pki import certificates, names
from . import proxy
from . import starttls as plain

if t.TYPE_CHECKING:
    from cryptography import x509

# The kind of message with which a server asks for a certificate (RFC 8446, 4).
_CERTIFICATE_REQUEST = 13


@dataclasses.dataclass(frozen=True)
class Served:
    """What was sent: the leaf, what came after it in the order in which it came, and the protocol's name."""

    leaf: x509.Certificate
    chain: list[x509.Certificate]
    protocol: str

    def is_just(self, leaf: x509.Certificate, chain: t.Sequence[x509.Certificate]) -> bool:
        """Whether this very certificate was sent with this very chain."""
        return self.leaf == leaf and self.chain == list(chain)

    def describe(self) -> dict[str, t.Any]:
        """As plain data; ``chain`` has the subjects of what came after the leaf."""
        return {
            **certificates.describe(self.leaf),
            "chain": [certificate.subject.rfc4514_string() for certificate in self.chain],
            "protocol": self.protocol,
        }


class _Listener:
    """What is heard of a handshake: whether the server asks for a certificate of the client, and in which protocol."""

    def __init__(self) -> None:
        self.protocol = ""

    def __call__(
        self, _connection: t.Any, direction: str, version: t.Any, _content: t.Any, kind: t.Any, _data: bytes
    ) -> None:
        if direction == "read" and kind == _CERTIFICATE_REQUEST:
            self.protocol = str(getattr(version, "name", "")).replace("_", ".")

    def explains(self, error: OSError) -> bool:
        """Whether the server ended the handshake after it had asked for a certificate, as those do that insist on one in TLS 1.2.

        By then its own certificate was received, and seen to be of its key. What is wrong at this end explains nothing.
        """
        ended = isinstance(error, (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError))
        return bool(self.protocol) and (ended or "ALERT" in str(getattr(error, "reason", "")))


def peek(
    host: str,
    port: int,
    server_name: str | None = None,
    timeout: float = 10.0,
    starttls: str | None = None,
    proxy_protocol: str | None = None,
) -> Served:
    """Shake hands with a server and take down what it sends; nothing is verified.

    A server that insists on a certificate of the client gets none: what it sent until it said no is taken down.

    :param server_name: the name to ask for (SNI, RFC 6066, 3); ``None`` asks for none.
    :param timeout: seconds for all of it.
    :param starttls: the protocol in which the server is asked to begin TLS, one of ``starttls.PROTOCOLS``; ``None``: it begins at once.
    :param proxy_protocol: the version of the PROXY protocol that the server awaits, one of ``proxy.VERSIONS``.
    :raises DeployError: no handshake came about.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # To compare what is sent with what was installed needs no trust, and must work for a broken certificate as well.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    heard = _Listener()
    # There since Python 3.8, for debugging; a public way to be told of the request there is none.
    context._msg_callback = heard  # type: ignore[attr-defined]
    deadline = time.monotonic() + timeout
    try:
        with socket.create_connection((host, port), timeout) as raw:
            if proxy_protocol:
                proxy.announce(raw, proxy_protocol)
            if starttls:
                plain.ask(raw, starttls, deadline)
            raw.settimeout(plain.left(deadline))
            with context.wrap_socket(raw, server_hostname=server_name, do_handshake_on_connect=False) as connection:
                try:
                    connection.do_handshake()
                except OSError as error:
                    if not heard.explains(error):
                        raise
                protocol = connection.version() or heard.protocol
                sent = _sent_over(connection)
        if sent is None:
            left = plain.left(deadline)
            with contextlib.ExitStack() as stack:
                near = (host, port)
                if proxy_protocol:
                    near = ("127.0.0.1", stack.enter_context(proxy.relay(host, port, proxy_protocol, left)))
                sent = _ask_openssl(*near, server_name, left, starttls)
    except (OSError, subprocess.TimeoutExpired) as error:
        # An SSLError's reason is short; its text is made for programmers.
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        raise DeployError(f"no TLS handshake with {host}:{port}: {reason}") from None
    found = certificates.load_any(sent)
    if not found:
        raise DeployError(f"no TLS handshake with {host}:{port}: no certificate came")
    return Served(found[0], found[1:], protocol)


def server_name_for(leaf: x509.Certificate) -> str | None:
    """The name to ask a server for: the certificate's first DNS name, with ``www`` for a wildcard."""
    hosts = (names.host(name).replace("*", "www", 1) for name in certificates.names(leaf) if name.startswith("DNS:"))
    return next(hosts, None)


def _sent_over(connection: ssl.SSLSocket) -> bytes | None:
    """All certificates that the server sent, in PEM; ``None`` where Python cannot tell."""
    inner = connection._sslobj  # type: ignore[attr-defined]
    if not hasattr(inner, "get_unverified_chain"):
        return None
    return "".join(certificate.public_bytes() for certificate in inner.get_unverified_chain() or ()).encode("ascii")


def _ask_openssl(host: str, port: int, server_name: str | None, timeout: float, starttls: str | None = None) -> bytes:
    """What ``openssl s_client`` shows, which has all certificates in PEM, the leaf once more at the end."""
    name = ["-servername", server_name] if server_name else ["-noservername"]
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = ["openssl", "s_client", "-connect", target, *name, "-showcerts"]
    if starttls:
        command += ["-starttls", starttls]
    try:
        # No AnsibleModule is known here, whose run_command knows no time limit either.
        # pylint: disable-next=ansible-bad-function
        done = subprocess.run(  # noqa: S603 - no shell
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False
        )
    except FileNotFoundError:
        raise DeployError("to see what a server serves, Python 3.9 needs the program openssl: install it") from None
    return done.stdout
