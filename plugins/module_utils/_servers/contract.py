# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The contract for kinds of servers: what a kind says of itself, so that the roles can serve it as any other.

A kind is one file in :mod:`.kinds` with a constant ``KIND``. It names its options, the files that make the server use a
certificate, and the commands that test, reload and question the server. It runs on the control node and touches nothing.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .quotes import quoted

#: The argument spec of a command, or of any other list of text.
WORDS: t.Mapping[str, t.Any] = {"type": "list", "elements": "str"}

Claim = t.Mapping[str, t.Any]
Settings = t.Mapping[str, t.Any]
#: Which of a kind's :attr:`Kind.probes` are on the host; ``None`` until it was asked.
Seen = t.Optional[t.Mapping[str, bool]]


@dataclasses.dataclass(frozen=True)
class File:
    """A configuration file.

    :param path: where it belongs.
    :param elsewhere: where else it may belong, until the host was asked how it is laid out.
    :param formerly: where it was in former releases.
    :param link: a link to it that makes it active.
    """

    path: str
    content: str
    elsewhere: t.Sequence[str] = ()
    formerly: str | None = None
    link: str | None = None

    def describe(self) -> dict[str, t.Any]:
        """As plain data, without what is empty."""
        return {name: value for name, value in dataclasses.asdict(self).items() if value or name == "content"}


@dataclasses.dataclass(frozen=True)
class Commands:
    """A server's commands, each as a list of arguments; an empty one is not run.

    :param validate: the test of its configuration.
    :param reload: makes it take up new files.
    :param included: prints the paths that it reads.
    :param prepare: what is to be done before its first configuration; a command that has nothing to do prints "already".
    """

    validate: t.Sequence[str] = ()
    reload: t.Sequence[str] = ()
    included: t.Sequence[str] = ()
    prepare: t.Sequence[t.Sequence[str]] = ()


def live(claim: Claim, name: str) -> str:
    """The path of a file of the live version."""
    return f"{claim['server_directory']}/live/{name}"


class Kind:
    """What a kind of server says of itself; what does not fit a kind, it overrides."""

    #: The value of ``twca_server``.
    name: str = ""
    #: The options: for each, an argument spec as modules have it, with ``type``, ``default`` and the like.
    options: t.Mapping[str, t.Mapping[str, t.Any]] = {}
    #: The options that an entry of ``twca_certificates`` may have for itself, as ``<name>_<option>``.
    entry_options: t.Sequence[str] = ()
    #: Whether the kind has a role of its own, whose variables are ``twca_<name>_<option>``. Others have ``twca_server_options``.
    has_role: bool = False
    #: Whether its files publish the site's seal.
    seals: bool = False
    #: Whose a certificate directory is, unless the entry says so.
    owner: str | None = None
    group: str | None = None
    #: Where the proof looks, unless ``twca_verify`` or the entry says so; ``starttls`` is the protocol that TLS is begun in, as in twca_install.
    port: int = 443
    starttls: str | None = None
    #: Paths whose presence tells how the host is laid out.
    probes: t.Sequence[str] = ()

    def files(self, claim: Claim, settings: Settings, seen: Seen) -> list[File]:
        """The files that make the server use a claim's certificate. The first is the one that its own configuration refers to."""
        return []

    def commands(self, settings: Settings, seen: Seen) -> Commands:
        """The server's commands."""
        return Commands()

    def wants(self, settings: Settings) -> frozenset[str]:
        """What it reads of the certificate directory besides PEM files of their own: ``combined`` (live/combined.pem), ``pkcs12``."""
        return frozenset()

    def uses(self, claim: Claim, settings: Settings) -> list[str]:
        """Paths of which the server's configuration names one if it uses the certificate; or it loads the first of :meth:`files`."""
        return []

    def advice(self, claim: Claim, settings: Settings, seen: Seen) -> str:
        """What a person is to do for the server to use a claim's certificate, as the end of a sentence."""
        files, uses = self.files(claim, settings, seen), self.uses(claim, settings)
        if files:
            return f"include {quoted(files[0].path)} in the server's own block"
        return f"name {quoted(uses[0])} in its configuration" if uses else ""

    def check(self, claim: Claim, settings: Settings, where: str) -> None:
        """See that a claim has what the kind needs.

        :param where: its entry, as messages name it.
        :raises InputError: it has not.
        """
