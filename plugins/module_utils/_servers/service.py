# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What servers have in common whose own configuration names the certificate's files."""

from __future__ import annotations

import dataclasses
import typing as t

from .contract import WORDS, Claim, Commands, Kind, Seen, Settings, live

#: An option of all such kinds.
OPTIONS: dict[str, t.Mapping[str, t.Any]] = {"included": WORDS}


class Service(Kind):
    """A server whose own configuration names the certificate's files. Each of its commands is the user's, or the kind's default."""

    #: The files of ``live/`` that its configuration may name for the certificate, the one that is recommended first.
    reads: t.Sequence[str] = ("fullchain.pem", "cert.pem")

    def defaults(self, settings: Settings, seen: Seen) -> Commands:
        """The commands that are not the user's."""
        raise NotImplementedError

    def commands(self, settings: Settings, seen: Seen) -> Commands:
        given = {name: settings[name] for name in ("validate", "reload", "included") if settings[name] is not None}
        return dataclasses.replace(self.defaults(settings, seen), **given)

    def uses(self, claim: Claim, settings: Settings) -> list[str]:
        return [live(claim, name) for name in self.reads]
