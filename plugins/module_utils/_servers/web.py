# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the configuration files of nginx and Apache have in common."""

from __future__ import annotations

import ipaddress
import posixpath
import typing as t

from .contract import Claim, File, Kind, Seen, Settings, live


class WebServer(Kind):
    """A server whose own configuration includes a snippet for each certificate, and that can be given a whole block.

    The snippet lies in root's directory. A kind says what it, the seal's and the block's file say, and where the block belongs.
    """

    has_role = True
    seals = True
    entry_options = ("server", "listen", "extra")

    def snippet(self, claim: Claim, settings: Settings) -> list[str]:
        """The lines of the snippet."""
        raise NotImplementedError

    def seal(self, claim: Claim) -> list[str]:
        """The lines that publish the site's seal."""
        raise NotImplementedError

    def block(self, claim: Claim, settings: Settings) -> list[str]:
        """The lines of the server's whole block."""
        raise NotImplementedError

    def place(self, file_name: str, settings: Settings, seen: Seen) -> dict[str, t.Any]:
        """Where a block of this name belongs, as arguments of :class:`File`."""
        raise NotImplementedError

    def uses(self, claim: Claim, settings: Settings) -> list[str]:
        # A block of the user's own may name the certificate without the snippet.
        return [live(claim, "fullchain.pem"), live(claim, "cert.pem")]

    def files(self, claim: Claim, settings: Settings, seen: Seen) -> list[File]:
        found = [
            File(
                f"{claim['config_directory']}/{self.name}.conf",
                _text(self.snippet(claim, settings)),
                formerly=f"{claim['server_directory']}/{self.name}.conf",
            )
        ]
        if claim.get("seal") is not None:
            found.append(File(f"{claim['config_directory']}/{self.name}-seal.conf", _text(self.seal(claim))))
        if settings["server"]:
            file_name = f"twca-{posixpath.basename(claim['server_directory'])}.conf"
            block = _text(self.block(claim, settings))
            found.append(File(content=block, **self.place(file_name, settings, seen)))
        return found


def host_names(claim: Claim) -> list[str]:
    """The names that the server answers to, as blocks write them, each once; IPv6 addresses in brackets.

    They are the certificate's: the claim's ``server_names`` while another certificate is awaited, else the entry's.
    """
    given = claim.get("server_names") or [claim["common_name"], *claim.get("subject_alt_name", ())]
    return list(dict.fromkeys(_host(name) for name in given))


def indented(text: str) -> list[str]:
    """The lines of what the user wants in a block."""
    return [f"    {line}" if line.strip() else "" for line in text.strip().splitlines()]


def _host(name: str) -> str:
    try:
        return f"[{name}]" if ipaddress.ip_address(name).version == 6 else name
    except ValueError:
        return name


def _text(lines: t.Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
