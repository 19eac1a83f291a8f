# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-core starts as ``ssh`` and ``sftp``: hands the call to the running stand-in.

Standard library only, since it starts often.

Usage: ``client.py ssh|sftp|fault SOCKET [arguments as ssh, sftp or fault have them]``
"""

from __future__ import annotations

import base64
import json
import shlex
import socket
import sys
import typing as t
from pathlib import Path


def ask(rendezvous: str, **request: t.Any) -> dict[str, t.Any]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(rendezvous)
        with connection.makefile("rwb") as stream:
            stream.write(json.dumps(request).encode() + b"\n")
            stream.flush()
            answer: dict[str, t.Any] = json.loads(stream.readline())
    return answer


def ssh(rendezvous: str, arguments: list[str]) -> int:
    """The last two arguments are the host and its command line."""
    stdin = b"" if sys.stdin.isatty() else sys.stdin.buffer.read()
    answer = ask(
        rendezvous,
        do="execute",
        host=arguments[-2],
        argv=arguments,
        command=arguments[-1],
        stdin=base64.b64encode(stdin).decode(),
    )
    sys.stdout.write(answer["stdout"])
    sys.stderr.write(answer["stderr"])
    return int(answer["code"])


def sftp(rendezvous: str, arguments: list[str]) -> int:
    """A batch of ``put LOCAL REMOTE`` and ``get REMOTE LOCAL`` on standard input."""
    host = arguments[-1].strip("[]")
    for line in filter(None, map(shlex.split, sys.stdin)):
        verb, source, target = line
        if verb == "put":
            content = base64.b64encode(Path(source).read_bytes()).decode()
            answer = ask(rendezvous, do="put", host=host, path=target, content=content)
        else:
            answer = ask(rendezvous, do="get", host=host, path=source)
            if not answer["code"]:
                Path(target).write_bytes(base64.b64decode(answer["content"]))
        if answer["code"]:
            sys.stderr.write(answer["stderr"])
            return 1
    return 0


def fault(rendezvous: str, arguments: list[str]) -> int:
    """``HOST [NAME ...]``: sets exactly these faults."""
    answer = ask(rendezvous, do="fault", host=arguments[0], faults=arguments[1:])
    sys.stderr.write(answer["stderr"])
    return int(answer["code"])


if __name__ == "__main__":
    sys.exit({"ssh": ssh, "sftp": sftp, "fault": fault}[sys.argv[1]](sys.argv[2], sys.argv[3:]))
