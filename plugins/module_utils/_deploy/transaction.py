# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The install transaction: a certificate is made live, proven to be served, or the old one is put back."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import DeployError, StoreError, TwcaError
from .._pki import certificates, chains, keys
from .._store.directory import CertificateDirectory
from .._store.holdings import Version
from .configuration import Trial
from .material import Forms, Material, key_of
from .served import Served
from .server import Server


@dataclasses.dataclass
class Result:
    """What came of it.

    :param served: what the proof saw, as plain data; ``None`` if there was no proof.
    :param served_by_others: whether the server serves the certificate although its configuration names none of these files.
    """

    changed: bool
    version: str | None = None
    reloaded: bool = False
    served: dict[str, t.Any] | None = None
    served_by_others: bool = False
    before: dict[str, t.Any] | None = None


def install(
    directory: CertificateDirectory,
    material: Material,
    server: Server,
    *,
    forms: Forms | None = None,
    keep: int = 3,
    trial: Trial | None = None,
    check: bool = False,
) -> Result:
    """Make a certificate live. The caller holds the directory's lock, unless ``check``.

    The pending pair is removed last: while it is there, an install that was cut short is completed by the next one.

    :param forms: in which further files the version is to hold the certificate with its key.
    :param keep: how many versions to keep, the live one among them.
    :param trial: the server's configuration, which is put in place together with the certificate, or neither is.
    :param check: predict only.
    :raises DeployError: it cannot be used; ``rolled_back`` says whether the old one was put back.
    """
    live = directory.live
    same = live is not None and live.holds(material.leaf, material.chain)
    pending = directory.pending
    finishing = pending is not None and key_of(pending) == keys.public_key_sha256(material.leaf)
    forms = forms or Forms()
    trial = trial or Trial()
    missing = material.missing(t.cast(Version, live), forms) if same else {}
    result = Result(changed=not same or finishing or bool(trial.drifted or missing), before=_described(live))
    if missing and not check:
        directory.add_private(t.cast(Version, live), missing)
    if same and not trial.drifted:
        trial.ask()
    seen = server.serves(material.leaf, material.chain) if same and trial.in_use else None
    if not same:
        chains.check_dates(material.leaf, certificates.utcnow())
        directory.check_switchable()
    unseen = seen is None and (finishing or (trial.in_use and server.endpoint is not None))
    if not same or unseen or trial.drifted or trial.awaits_reload:
        result.changed = True
        if check:
            result.reloaded = bool(server.reload)
        else:
            present = live if same else None
            seen, result.reloaded = _activate(directory, material, server, forms, trial, present, finishing)
    result.served = seen.describe() if seen else None
    result.served_by_others = not trial.in_use and server.serves(material.leaf, material.chain) is not None
    if check:
        return result
    surplus = directory.surplus(keep, replaced=None if same else live)
    for version in surplus:
        directory.remove_version(version)
    result.changed |= bool(surplus)
    result.version = t.cast(Version, directory.live).path.name
    if finishing:
        directory.remove_pending()
    trial.stamp()
    return result


def _activate(
    directory: CertificateDirectory,
    material: Material,
    server: Server,
    forms: Forms,
    trial: Trial,
    present: Version | None,
    finishing: bool,
) -> tuple[Served | None, bool]:
    """Switch to the certificate, unless it is ``present``, put the configuration in place, have the server take both up, and
    prove that it did. Returns what the proof saw, and whether the server was reloaded.

    On failure the way back leads to what was live before: of an install that was cut short, to the newest other version.
    One that was live all along stays: there is nothing to go back to.
    """
    previous = directory.live
    if present and finishing:
        previous = next((each for each in directory.versions if not each.holds(material.leaf, material.chain)), None)
    version, stored = (present, finishing) if present else _stored(directory, material, forms)
    reloading = False
    try:
        if not present:
            directory.switch(version)
        trial.put()
        server.test_configuration()
        trial.ask()
        if not present or finishing or trial.in_use:
            reloading = True
            server.take_up()
        seen = server.prove(material.leaf, material.chain) if trial.in_use else None
        trial.settle()
        return seen, reloading and bool(server.reload)
    except BaseException as error:
        way_back = trial.take_back()
        rolled_back = not present or finishing
        if rolled_back:
            rolled_back, sequel = _switch_back(directory, previous)
            way_back += sequel
            if rolled_back and stored:
                directory.remove_version(version)
        if reloading and (trial.drifted or (rolled_back and previous is not None)):
            way_back += _reload_back(server)
        if not isinstance(error, TwcaError):
            raise
        raise DeployError(error.message + way_back, rolled_back=rolled_back, **error.details) from None


def _switch_back(directory: CertificateDirectory, previous: Version | None) -> tuple[bool, str]:
    """Make ``previous`` live again; returns whether that came about, and what to add to the error."""
    try:
        directory.switch(previous)
    except StoreError as error:
        return False, f"; the certificate that was live before could not be put back either: {error.message}"
    if previous is None:
        return True, "; nothing was live before, and nothing is now"
    return True, "; the certificate that was live before was put back"


def _reload_back(server: Server) -> str:
    """Have the server take up what was put back; returns what to add to the error."""
    try:
        server.take_up()
    except DeployError as error:
        return f", but then {error.message}"
    return ""


def _stored(directory: CertificateDirectory, material: Material, forms: Forms) -> tuple[Version, bool]:
    """A version of it, and whether it was made now: one may be left of a run that was killed before the switch."""
    for version in directory.versions:
        if version.holds(material.leaf, material.chain):
            directory.add_private(version, material.missing(version, forms))
            return version, False
    version = directory.add_version(
        material.privatekey,
        material.leaf,
        material.chain,
        request_pem=material.request_pem,
        private=material.files(forms),
    )
    return version, True


def _described(version: Version | None) -> dict[str, t.Any] | None:
    try:
        return certificates.describe(version.leaf) if version else None
    except StoreError:
        return None
