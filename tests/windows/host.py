# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One Windows host: its disk, stores and IIS, written to its folder after every call, under one lock."""

from __future__ import annotations

import dataclasses
import json
import threading
import typing as t
from pathlib import Path

from .certificates import StoredCertificate, Stores
from .disk import Disk
from .iis import Binding, CertificateReference, Iis, Site

FAULTS = {
    "keeps-serving-old": "TLS goes on with the certificates it had when the fault was set",
    "sends-no-intermediates": "TLS sends the leaf alone",
    "refuses-import": "win_certificate_store fails after it has read the file",
    "refuses-binding": "website fails when it changes a binding",
}


@dataclasses.dataclass
class LoggedCall:
    """A module as it was run; secrets are masked."""

    module: str
    arguments: dict[str, t.Any]
    check_mode: bool


class Host:
    """``windows``: the year of the Windows Server played, which decides what PKCS#12 it reads."""

    def __init__(self, name: str, address: str, folder: Path, *, windows: int = 2022) -> None:
        self.name, self.address, self.windows = name, address, windows
        self.folder = folder
        self.disk = Disk(folder / "C")
        self.stores, self.iis = Stores(), Iis()
        self.calls: list[LoggedCall] = []
        self.faults: set[str] = set()
        self.frozen: dict[str, CertificateReference] = {}
        self.lock = threading.RLock()
        self._state = folder / "state.json"
        if self._state.exists():
            self._read()

    def set_faults(self, faults: t.Iterable[str]) -> None:
        with self.lock:
            self.faults = set(faults)
            if unknown := self.faults - FAULTS.keys():
                raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
            self.frozen = dict(self.iis.certificates)

    def served(self, port: int, server_name: str | None) -> tuple[StoredCertificate, list[str]] | None:
        """The leaf (with its key) and the PEM intermediates of a handshake; nothing where http.sys hangs up."""
        with self.lock:
            live = self.iis.certificates
            if "keeps-serving-old" in self.faults:
                self.iis.certificates = self.frozen
            try:
                reference = self.iis.certificate_for(port, server_name)
            finally:
                self.iis.certificates = live
            leaf = self.stores.machine(reference.store).get(reference.hash.upper()) if reference else None
            if leaf is None or leaf.private_key is None:
                return None
            chain = [] if "sends-no-intermediates" in self.faults else self.stores.chain(leaf.certificate)
            pems = {stored.certificate: stored.pem for stored in self.stores.machine("CA").values()}
            return leaf, [pems[certificate] for certificate in chain]

    def save(self) -> None:
        state = {
            "windows": self.windows,
            "stores": {
                location: {
                    name: {key: dataclasses.asdict(stored) for key, stored in store.items()}
                    for name, store in stores.items()
                }
                for location, stores in self.stores.locations.items()
            },
            "key_containers": self.stores.key_containers,
            "sites": {name: dataclasses.asdict(site) for name, site in self.iis.sites.items()},
            "certificates": {key: dataclasses.asdict(reference) for key, reference in self.iis.certificates.items()},
            "calls": [dataclasses.asdict(call) for call in self.calls],
        }
        temporary = self._state.with_suffix(".new")
        temporary.touch(mode=0o600)
        temporary.write_text(json.dumps(state, indent=1), encoding="utf-8")
        temporary.replace(self._state)

    def _read(self) -> None:
        state = json.loads(self._state.read_text(encoding="utf-8"))
        self.windows = state["windows"]
        self.stores.key_containers = state["key_containers"]
        for location, stores in state["stores"].items():
            for name, store in stores.items():
                self.stores.locations[location][name] = {
                    key: StoredCertificate(**stored) for key, stored in store.items()
                }
        self.iis.sites = {
            name: Site(**{**site, "bindings": [Binding(**binding) for binding in site["bindings"]]})
            for name, site in state["sites"].items()
        }
        self.iis.certificates = {
            key: CertificateReference(**reference) for key, reference in state["certificates"].items()
        }
        self.calls = [LoggedCall(**call) for call in state["calls"]]
