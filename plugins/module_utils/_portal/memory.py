# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a walk through the portal teaches the next one: where tasks begin, and the certificates of the authorities.

Nothing in it is secret, and nothing is trusted: an address is good only if the page there is the one that is sought, and a
certificate only proves itself.
"""

from __future__ import annotations

import base64
import typing as t
import urllib.parse


class Memory:
    """What is known of one portal.

    :param known: what :attr:`known` was in an earlier run; anything that is not of its form is left out.
    """

    def __init__(self, known: t.Any = None) -> None:
        known = known if isinstance(known, dict) else {}
        addresses, files = known.get("addresses"), known.get("authorities")
        self._addresses: dict[str, str] = {}
        for task, address in addresses.items() if isinstance(addresses, dict) else ():
            if isinstance(address, str) and address.startswith("/") and not address.startswith("//"):
                self._addresses[task] = address
        self._authorities = [file for file in files if isinstance(file, str)] if isinstance(files, list) else []

    @property
    def known(self) -> dict[str, t.Any]:
        """As plain data."""
        return {"addresses": self._addresses, "authorities": self._authorities}

    def address(self, task: str) -> str | None:
        """Where a task began last time, from the root of the portal's site."""
        return self._addresses.get(task)

    def learn(self, task: str, url: str) -> None:
        """Remember where a task begins, if the address is one that is the same for everybody: a path alone."""
        parts = urllib.parse.urlsplit(url)
        if parts.path.startswith("/") and not parts.path.startswith("//") and not (parts.query or ";" in parts.path):
            self._addresses[task] = parts.path

    def forget(self, task: str) -> None:
        """It begins elsewhere now."""
        self._addresses.pop(task, None)

    @property
    def authorities(self) -> list[bytes]:
        """The certificates that the portal offered of its authorities, as files in any format."""
        found = []
        for file in self._authorities:
            try:
                found.append(base64.b64decode(file, validate=True))
            except ValueError:
                continue
        return found

    @authorities.setter
    def authorities(self, files: t.Sequence[bytes]) -> None:
        self._authorities = [base64.b64encode(file).decode("ascii") for file in files]
