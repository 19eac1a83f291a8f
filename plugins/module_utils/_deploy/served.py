# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a TLS server sends: its certificate and the chain after it, whether or not anybody trusts them.

The standard library has a public call for the chain as it was sent since Python 3.13 only, but its inner object has had the
same one since 3.10. Python 3.9 has none; there ``openssl s_client`` looks.
"""

from __future__ import annotations

import dataclasses
import socket
import ssl
import subprocess
import time
import typing as t

from .._errors import DeployError
from .._pki import certificates, names
from . import starttls as plain

if t.TYPE_CHECKING:
    from cryptography import x509


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


def peek(
    host: str, port: int, server_name: str | None = None, timeout: float = 10.0, starttls: str | None = None
) -> Served:
    """Shake hands with a server and take down what it sends; nothing is verified.

    :param server_name: the name to ask for (SNI, RFC 6066, 3); ``None`` asks for none.
    :param timeout: seconds for all of it.
    :param starttls: the protocol in which the server is asked to begin TLS, one of ``starttls.PROTOCOLS``; ``None``: it begins at once.
    :raises DeployError: no handshake came about.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # To compare what is sent with what was installed needs no trust, and must work for a broken certificate as well.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    deadline = time.monotonic() + timeout
    try:
        with socket.create_connection((host, port), timeout) as raw:
            if starttls:
                plain.ask(raw, starttls, deadline)
            raw.settimeout(plain.left(deadline))
            with context.wrap_socket(raw, server_hostname=server_name) as connection:
                protocol = connection.version() or ""
                sent = _sent_over(connection)
        if sent is None:
            sent = _ask_openssl(host, port, server_name, plain.left(deadline), starttls)
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
