# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The look at a host: its claims, what it is asked, and what becomes of the answer.

It works on the values of the roles' variables and runs on the control node, once per host and run.
"""

from __future__ import annotations

import hashlib
import typing as t

from .._errors import InputError
from .._servers import registry, settings
from .._servers.contract import Commands, File, Kind, Seen
from . import claims, installed
from .claims import Claim
from .place import place

#: The variables that a look needs, besides those of the kind of server. The roles' defaults have most of them.
VARIABLES = (
    "twca_certificates",
    "twca_config_directory",
    "twca_directory",
    "twca_discard",
    "twca_key_directory",
    "twca_key_host",
    "twca_organization",
    "twca_proof",
    "twca_reload",
    "twca_server",
    "twca_validate",
    "twca_verify",
    *(f"twca_{option}" for option in claims.SHARED),
)
#: Variables that are refused, so that it matters whether they are there.
REFUSED = ("twca_force_renew", "twca_discard_pending")


class Look:
    """The look at one host.

    :param host: its name in the inventory.
    :param read: gives the value of a variable, or ``None``.
    :param defined: those of :data:`REFUSED` that are set.
    """

    def __init__(self, host: str, read: t.Callable[[str], t.Any], defined: t.Sequence[str] = ()) -> None:
        self._host = host
        self._values = {name: read(name) for name in VARIABLES}
        self._server = str(self._values["twca_server"] or "none")
        self._kind: Kind = Kind()
        self._settings: dict[str, t.Any] = {}
        try:
            if self._server not in registry.OTHERS:
                self._kind = registry.find(self._server)
                self._settings = settings.of_role(
                    self._kind,
                    {name: value for name in settings.variables(self._kind) if (value := read(name)) is not None},
                )
            self._claims = claims.claims(self._values["twca_certificates"] or [], self._role(defined))
        except InputError as exc:
            self._claims = [claims.refused(host, None, exc.message)]
        self._claims = [self._checked(claim) for claim in self._claims]
        self._unprobed = self._with_files(None)

    @property
    def question(self) -> dict[str, t.Any] | None:
        """The options of twca_due_info; ``None`` if there is nothing to ask, or no Python to answer."""
        if self._server == "iis":
            return None
        looks = [claim["look"] for claim in self._unprobed if "look" in claim]
        if not looks:
            return None
        probes = list(self._kind.probes)
        return {"certificates": looks, **({"probes": probes} if probes else {})}

    def outcome(self, probed: Seen, certificates: t.Sequence[dict[str, t.Any]] | None = None) -> list[Claim]:
        """The claims, complete: with ``files``, ``look``, ``digest`` and ``server``, which is how its server is dealt with.

        :param probed: which of the kind's probes are there; ``None`` if it was not asked.
        :param certificates: what twca_due_info returned for the claims. Where a certificate for other names is live, the files are for these;
            ``renewed`` then holds ``files`` and ``digest`` for those of the entry.
        """
        seen = iter(certificates or ())
        commands = self._kind.commands(self._settings, probed) if self._settings else self._own_commands()
        return [
            claim
            if "problem" in claim
            else {**self._for_live(claim, next(seen, {}), probed), "server": self._dealing(claim, commands, probed)}
            for claim in (self._with_files(probed) if probed and self._kind.probes else self._unprobed)
        ]

    def _role(self, defined: t.Sequence[str]) -> dict[str, t.Any]:
        values = self._values
        return {
            "host": self._host,
            "key_host": values["twca_key_host"] or self._host,
            "directory": values["twca_directory"],
            "key_directory": values["twca_key_directory"],
            "config_directory": values["twca_config_directory"],
            "organization": values["twca_organization"] or {},
            "discard": values["twca_discard"],
            "defined": defined,
            "shared": {option: values[f"twca_{option}"] for option in claims.SHARED},
            "owner": {"owner": self._kind.owner, "group": self._kind.group},
        }

    def _checked(self, claim: Claim) -> Claim:
        """The claim, or why its options for the server cannot be meant."""
        if "problem" in claim or not self._settings:
            return claim
        try:
            self._kind.check(claim, self._settings_for(claim), _where(claim))
        except InputError as exc:
            return claims.refused(self._host, claim["shown"], exc.message)
        return claim

    def _settings_for(self, claim: Claim) -> dict[str, t.Any]:
        return settings.of_entry(self._kind, self._settings, claim, _where(claim))

    def _with_files(self, probed: Seen) -> list[Claim]:
        return [claim if "problem" in claim else self._with_files_of(claim, probed) for claim in self._claims]

    def _for_live(self, claim: Claim, seen: dict[str, t.Any], probed: Seen) -> Claim:
        """The claim with the files for the names of what is live."""
        server_names = installed.server_names(claim, seen) if self._settings else None
        if not server_names:
            return claim
        present = self._with_files_of({**claim, "server_names": server_names}, probed)
        if present["digest"] == claim["digest"]:
            return claim
        return {**present, "renewed": {part: claim[part] for part in ("files", "digest")}}

    def _with_files_of(self, claim: Claim, probed: Seen) -> Claim:
        files = self._kind.files(claim, self._settings_for(claim), probed) if self._settings else []
        looked: list[dict[str, t.Any]] = [
            {"paths": [file.path, *file.elsewhere], "sha256": _sha256(file.content)} for file in files
        ]
        # What no configuration of root's refers to needs no directory of root's.
        folder = claim["config_directory"] if files else claim["server_directory"]
        look = {"directory": claim["server_directory"], "files": looked, "stamp": f"{folder}/{self._server}.proven"}
        if claim["key_host"] == claim["host"]:
            look["wanted"] = claim["wanted"]
        digest = _sha256("".join(one["sha256"] for one in looked))
        return {**claim, "files": [_as_option(file) for file in files], "look": look, "digest": digest}

    def _own_commands(self) -> Commands:
        """Those of a server that no kind describes."""
        return Commands(validate=self._values["twca_validate"] or [], reload=self._values["twca_reload"] or [])

    def _dealing(self, claim: Claim, commands: Commands, probed: Seen) -> dict[str, t.Any]:
        kind = self._kind
        own = self._settings_for(claim) if self._settings else {}
        proof = claim.get("proof")
        if proof is None:
            proof = self._settings and self._values["twca_proof"]
        verify = {
            "server_name": claim["common_name"].replace("*", "www", 1),
            **place(kind, self._values["twca_verify"], claim),
        }
        return {
            "name": self._server,
            "validate": list(claim.get("validate", commands.validate)),
            "reload": list(claim.get("reload", commands.reload)),
            "included": list(commands.included),
            "prepare": [list(command) for command in commands.prepare],
            "seals": kind.seals,
            "wants": sorted(kind.wants(own)) if own else [],
            "uses": kind.uses(claim, own) if own else [],
            "advice": kind.advice(claim, own, probed) if own else "",
            "verify": verify if proof else None,
        }


def _where(claim: Claim) -> str:
    """The claim's entry, as messages name it."""
    return f"twca_certificates[{claim['number']}]"


def _as_option(file: File) -> dict[str, t.Any]:
    """A file as twca_install takes it."""
    return {name: value for name, value in file.describe().items() if name != "elsewhere"}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
