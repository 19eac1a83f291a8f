# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The server that uses a certificate: its config test, its reload, and the proof of what it serves."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shlex
import signal
import subprocess
import tempfile
import time
import typing as t

from .._errors import DeployError
from .._pki import certificates
from . import served

if t.TYPE_CHECKING:
    from cryptography import x509

COMMAND_TIMEOUT = 120.0
_TAIL = 600
# A server may print its whole configuration.
_MOST_OUTPUT = 1 << 26
_POLL = 0.25
# Seconds for one answer; a longer wait is for the reload.
_ANSWER = 5.0
# Mail servers make strangers wait before they greet them: Postfix' postscreen 6 seconds.
_ANSWER_IN_TEXT = 15.0


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """Where the certificate is to be seen.

    :param timeout: seconds for the reload to take effect.
    :param starttls: the protocol in which TLS is begun; ``None``: it begins at once.
    :param proxy_protocol: the version of the PROXY protocol that the server awaits; ``None``: it awaits none.
    """

    host: str
    port: int
    server_name: str | None
    timeout: float
    starttls: str | None = None
    proxy_protocol: str | None = None

    def look(self) -> served.Served:
        """What is served right now.

        :raises DeployError: no handshake came about.
        """
        timeout = _ANSWER_IN_TEXT if self.starttls else _ANSWER
        return served.peek(self.host, self.port, self.server_name, timeout, self.starttls, self.proxy_protocol)


@dataclasses.dataclass(frozen=True)
class Server:
    """How to have a server take up its files; each part may be missing."""

    validate: t.Sequence[str] | None = None
    reload: t.Sequence[str] | None = None
    endpoint: Endpoint | None = None

    def test_configuration(self) -> None:
        """:raises DeployError: the config test says no."""
        if self.validate:
            run(self.validate, "the config test")

    def take_up(self) -> None:
        """:raises DeployError: the reload fails."""
        if self.reload:
            run(self.reload, "the reload")

    def serves(self, leaf: x509.Certificate, chain: t.Sequence[x509.Certificate]) -> served.Served | None:
        """What is served right now if it is just this, else ``None``."""
        if self.endpoint:
            with contextlib.suppress(DeployError):
                seen = self.endpoint.look()
                return seen if seen.is_just(leaf, chain) else None
        return None

    def prove(self, leaf: x509.Certificate, chain: t.Sequence[x509.Certificate]) -> served.Served | None:
        """See this very certificate and chain served; a graceful reload takes a moment, so look until the time is up.

        :raises DeployError: something else is served, or nothing.
        """
        if not self.endpoint:
            return None
        end = time.monotonic() + self.endpoint.timeout
        while True:
            last = time.monotonic() >= end
            try:
                seen = self.endpoint.look()
                if seen.is_just(leaf, chain):
                    return seen
                if last:
                    raise self._difference(seen, leaf)
            except DeployError:
                if last:
                    raise
            time.sleep(_POLL)

    def _difference(self, seen: served.Served, leaf: x509.Certificate) -> DeployError:
        """What is wrong with what was seen, as an error."""
        endpoint = t.cast(Endpoint, self.endpoint)
        where = f"{endpoint.host}:{endpoint.port}"
        if seen.leaf != leaf:
            return DeployError(
                f"{where} does not serve the certificate {certificates.serial_number(leaf)} but "
                f"{certificates.serial_number(seen.leaf)} of {certificates.common_name(seen.leaf)}, which expires on "
                f"{certificates.isoformat(certificates.not_after(seen.leaf))}",
                served=seen.describe(),
            )
        return DeployError(
            f"{where} serves the certificate with another chain than was installed: "
            f"{', '.join(certificates.common_name(each) or '?' for each in seen.chain) or 'none'}",
            served=seen.describe(),
        )


def run(command: t.Sequence[str], purpose: str) -> str:
    """Run a command and wait for it, without a shell and without input. Returns what it printed, up to a size.

    Its output goes to a file, since a daemon that it starts may keep a pipe open for good.

    :raises DeployError: it does not exist, fails, or takes longer than :data:`COMMAND_TIMEOUT` seconds.
    """
    called = f"{purpose} ({shlex.join(command)})"
    with tempfile.TemporaryFile() as output:
        try:
            # No AnsibleModule is known here, whose run_command knows no time limit either, and reads pipes to their end.
            # pylint: disable-next=ansible-bad-function
            process = subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
                list(command), stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        except OSError as error:
            raise DeployError(f"{called} cannot be run: {error.strerror}") from None
        try:
            status = process.wait(COMMAND_TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise DeployError(f"{called} did not end within {COMMAND_TIMEOUT:g} s{_said(output)}") from None
        if status:
            raise DeployError(f"{called} failed with status {status}{_said(output)}")
        output.seek(0)
        return output.read(_MOST_OUTPUT).decode("utf-8", "replace")


def _said(output: t.IO[bytes]) -> str:
    """The end of what a command printed, on one line."""
    output.seek(0)
    lines = output.read().decode("utf-8", "replace").split("\n")
    text = " | ".join(line.strip() for line in lines if line.strip())
    return f": {'…' if len(text) > _TAIL else ''}{text[-_TAIL:]}" if text else ""
