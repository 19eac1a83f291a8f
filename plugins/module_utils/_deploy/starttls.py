# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said before TLS begins: SMTP (RFC 3207), IMAP (RFC 3501, 6.2.1) and POP3 (RFC 2595, 4)."""

from __future__ import annotations

import socket
import time
import typing as t

_MOST_LINE = 4096
_MOST_LINES = 200
_MOST_SHOWN = 100
_TAG = "twca"


class Talk:
    """A conversation in lines of text with a server that may say anything.

    :param deadline: the moment of :func:`time.monotonic` at which it must be over.
    """

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline
        self._rest = b""
        self._lines = 0

    @property
    def own_address(self) -> str:
        """This end's address as SMTP writes it (RFC 5321, 4.1.3): servers may refuse a bare host name."""
        address = self._connection.getsockname()[0]
        return f"[IPv6:{address}]" if ":" in address else f"[{address}]"

    def line(self) -> str:
        """The next line that the server says.

        :raises ConnectionError: it is too long, or one too many, or the server hangs up.
        :raises OSError: it does not come in time.
        """
        self._lines += 1
        if self._lines > _MOST_LINES:
            raise ConnectionError(f"the server said more than {_MOST_LINES} lines before TLS")
        while b"\n" not in self._rest:
            if len(self._rest) > _MOST_LINE:
                break
            self._hurry()
            more = self._connection.recv(_MOST_LINE)
            if not more:
                raise ConnectionError("the server hung up before TLS")
            self._rest += more
        line, _end, self._rest = self._rest.partition(b"\n")
        if len(line) > _MOST_LINE:
            raise ConnectionError(f"the server said a line of more than {_MOST_LINE} bytes before TLS")
        return line.decode("ascii", "replace").rstrip("\r")

    def say(self, line: str) -> None:
        """Say a line."""
        self._hurry()
        self._connection.sendall(f"{line}\r\n".encode("ascii"))

    def end(self) -> None:
        """Leave the rest to TLS.

        :raises ConnectionError: the server has said more, which would be taken for a part of what TLS protects (RFC 3207, 6).
        """
        if self._rest:
            raise ConnectionError("the server said more before TLS than it was asked")

    def _hurry(self) -> None:
        self._connection.settimeout(left(self._deadline))


def left(deadline: float) -> float:
    """The seconds until a moment of :func:`time.monotonic`.

    :raises TimeoutError: it is over.
    """
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("timed out")
    return seconds


def ask(connection: socket.socket, protocol: str, deadline: float) -> None:
    """Ask a server to begin TLS on a connection; afterwards it awaits the handshake.

    :param protocol: one of :data:`PROTOCOLS`.
    :param deadline: the moment of :func:`time.monotonic` at which it must be done.
    :raises ConnectionError: the server does not want to, or says what it must not.
    :raises OSError: the connection breaks, or the time is up.
    """
    talk = Talk(connection, deadline)
    _ASKS[protocol](talk)
    talk.end()


def _smtp(talk: Talk) -> None:
    _smtp_answer(talk, "220")
    talk.say(f"EHLO {talk.own_address}")
    offered = [line[4:].split(" ", 1)[0].upper() for line in _smtp_answer(talk, "250")]
    if "STARTTLS" not in offered:
        raise ConnectionError("the SMTP server does not offer STARTTLS")
    talk.say("STARTTLS")
    _smtp_answer(talk, "220")


def _smtp_answer(talk: Talk, wanted: str) -> list[str]:
    """The lines of an answer, which may be many."""
    lines = [talk.line()]
    while lines[-1][3:4] == "-" and lines[-1].startswith(wanted):
        lines.append(talk.line())
    if lines[-1][:3] != wanted:
        raise _refused("SMTP", lines[-1])
    return lines


def _imap(talk: Talk) -> None:
    greeting = talk.line()
    if not greeting.upper().startswith("* OK"):
        raise _refused("IMAP", greeting)
    talk.say(f"{_TAG} STARTTLS")
    answer = talk.line()
    while answer.startswith("* "):
        answer = talk.line()
    if not answer.upper().startswith(f"{_TAG.upper()} OK"):
        raise _refused("IMAP", answer)


def _pop3(talk: Talk) -> None:
    for command in (None, "STLS"):
        if command:
            talk.say(command)
        answer = talk.line()
        if not answer.upper().startswith("+OK"):
            raise _refused("POP3", answer)


def _refused(protocol: str, answer: str) -> ConnectionError:
    shown = "".join(letter if letter.isprintable() else "?" for letter in answer[:_MOST_SHOWN])
    return ConnectionError(f"the {protocol} server does not begin TLS but answers {shown!r}")


_ASKS: dict[str, t.Callable[[Talk], None]] = {"smtp": _smtp, "imap": _imap, "pop3": _pop3}
#: The protocols that TLS can begin in.
PROTOCOLS = tuple(_ASKS)

#: The option of modules: one of these, or that TLS begins at once.
OPTION: dict[str, t.Any] = {"type": "str", "choices": ["none", *PROTOCOLS], "default": "none"}


def chosen(option: str) -> str | None:
    """The protocol that :data:`OPTION` names; ``None``: TLS begins at once."""
    return None if option == "none" else option
